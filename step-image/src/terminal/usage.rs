//! A wrong command line as a fault like every other: code, message, hint, and JSON for programs.

use std::error::Error as _;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::text::{LINE, safe};

use super::output::Output;
use super::values::Refused;

faults! {
    /// What clap does not accept.
    pub(crate) const FORMS;

    fn no_flag(called: &str, arg: &str, hint: &str) => "USE01" Configuration "{called} has no flag {arg}", "{hint}";
    fn no_command(name: &str, hint: &str) => "USE02" Configuration "\"{name}\" is not a command", "{hint}";
    fn nothing(hint: &str) => "USE03" Configuration "no command is given", "{hint}";
    fn no_value(arg: &str, hint: &str) => "USE04" Configuration "{arg} requires a value", "{hint}";
    fn wrong_value(arg: &str, value: &str, why: &str, hint: &str) =>
        "USE05" Configuration "invalid value \"{value}\" for {arg}{why}", "{hint}";
    fn missing(args: &str, verb: &str, hint: &str) => "USE06" Configuration "{args} {verb} required", "{hint}";
    fn conflict(arg: &str, why: &str, hint: &str) => "USE07" Configuration "{arg} {why}", "{hint}";
    fn surplus(problem: &str, hint: &str) => "USE08" Configuration "{problem}", "{hint}";
    fn not_text() => "USE09" Configuration "an argument is not UTF-8 text", "write it in UTF-8";
    fn other(problem: &str, hint: &str) => "USE10" Configuration "{problem}", "{hint}";
}

/// The fault of clap's error, or that of a value as its parser reports it. `verb` is the command that the line names, if it
/// names one.
pub(crate) fn fault(error: &clap::Error, verb: Option<&Command>) -> Fault {
    if let Some(Refused(fault)) = error.source().and_then(|source| source.downcast_ref()) {
        return fault.clone();
    }
    let called = verb.map_or_else(|| NAME.to_owned(), |verb| format!("{NAME} {}", verb.get_name()));
    let (arg, value) = (one(error, ContextKind::InvalidArg), one(error, ContextKind::InvalidValue));
    let suggested = suggested(error, verb);
    let or = |hint: String| suggested.clone().unwrap_or(hint);
    let see_help = || or(format!("see `{called} --help`"));
    let see_flag = || or(format!("see {} in `{called} --help`", arg.split(' ').next().unwrap_or_default()));
    let see_commands = || or(format!("choose one of the commands in `{NAME} --help`"));
    match error.kind() {
        ErrorKind::UnknownArgument if arg.starts_with('-') => no_flag(&called, &arg, &see_help()),
        ErrorKind::UnknownArgument => surplus(&format!("unexpected argument \"{arg}\""), &see_help()),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            surplus(&format!("{arg} takes no value here, got \"{value}\""), &see_help())
        }
        ErrorKind::InvalidSubcommand => no_command(&one(error, ContextKind::InvalidSubcommand), &see_commands()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => nothing(&see_commands()),
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::NoEquals if value.is_empty() => {
            no_value(&arg, &or(format!("write {arg}")))
        }
        ErrorKind::InvalidValue => {
            let of = all(error, ContextKind::ValidValue).join(", ");
            wrong_value(&arg, &value, &format!(": must be one of {of}"), &see_flag())
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map_or_else(String::new, |why| format!(": {}", safe(&why.to_string(), LINE)));
            wrong_value(&arg, &value, &why, &see_flag())
        }
        ErrorKind::MissingRequiredArgument => {
            let args: Vec<String> = all(error, ContextKind::InvalidArg).iter().map(|arg| choice(arg)).collect();
            let verb = if args.len() == 1 { "is" } else { "are" };
            missing(&args.join(", "), verb, &or(format!("add {}", args.join(" "))))
        }
        ErrorKind::ArgumentConflict => {
            let others: Vec<String> = all(error, ContextKind::PriorArg).into_iter().filter(|it| *it != arg).collect();
            if others.is_empty() {
                conflict(&arg, "is given more than once", &or(format!("write {arg} once")))
            } else {
                let others = others.join(", ");
                let hint = or(format!("remove {arg} or {others}"));
                conflict(&arg, &format!("cannot be used together with {others}"), &hint)
            }
        }
        ErrorKind::InvalidUtf8 => not_text(),
        kind => other(&kind.to_string(), &see_help()),
    }
}

const NAME: &str = "codedeploy-artifact";

/// What clap, or the table of tips, takes for what was meant.
fn suggested(error: &clap::Error, verb: Option<&Command>) -> Option<String> {
    let flag = all(error, ContextKind::SuggestedArg);
    if let Some(flag) = flag.first() {
        let known = verb.is_none_or(|verb| {
            verb.get_arguments().any(|arg| arg.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long)))
        });
        return Some(match all(error, ContextKind::SuggestedSubcommand).first() {
            Some(other) if !known => format!("write {flag} after `{NAME} {other}`"),
            _ => format!("write {flag} instead"),
        });
    }
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        // The likeliest comes last.
        if let Some(word) = all(error, kind).last() {
            return Some(format!("write {word} instead"));
        }
    }
    // Clap's own sentence says how a dash can begin a value; no value of this program does.
    let sentence = all(error, ContextKind::Suggested).into_iter().next()?;
    (!sentence.starts_with("to pass ")).then_some(sentence)
}

/// An argument, or the arguments of a group of which clap writes `<PATH|--appspec <FILE>>`.
fn choice(arg: &str) -> String {
    let group = arg.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or_default();
    let mut depth = 0;
    // The name of a value may have alternatives too: `--task-definition <FAMILY|ARN>`.
    let between = |character: char| {
        depth += i32::from(character == '<') - i32::from(character == '>');
        character == '|' && depth == 0
    };
    let all: Vec<&str> = group.split(between).collect();
    if all.iter().any(|arg| arg.starts_with("--")) { format!("one of {}", all.join(", ")) } else { arg.to_owned() }
}

/// What clap knows of it, each made safe to print. What the user wrote is one text; several are names of ours.
fn all(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![shown(text)],
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| safe(text, LINE)).collect(),
        Some(ContextValue::StyledStr(text)) => vec![safe(&text.to_string(), LINE)],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(|text| safe(&text.to_string(), LINE)).collect(),
        _ => Vec::new(),
    }
}

fn one(error: &clap::Error, kind: ContextKind) -> String {
    all(error, kind).into_iter().next().unwrap_or_default()
}

/// The form of the result that a line asks for that could not be parsed: its errors are JSON, too.
pub(crate) fn output(args: impl Iterator<Item = String>) -> Output {
    let mut json = false;
    let mut before = String::new();
    for arg in args.take_while(|arg| arg != "--") {
        json |= ["--output=json", "-o=json", "-ojson"].contains(&&*arg);
        json |= ["--output", "-o"].contains(&&*before) && arg == "json";
        before = arg;
    }
    if json { Output::Json } else { Output::Text }
}
