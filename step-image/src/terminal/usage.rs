//! Converts usage errors to faults with a code, a message and a hint.

use std::error::Error as _;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::text::{LINE, safe};

use super::output::Output;
use super::values::Refused;

faults! {
    /// Errors that clap reports. A suggestion replaces the hint.
    pub(crate) const FORMS;

    fn no_flag(called: &str, arg: &str) =>
        "USE01" Configuration "{called} has no flag {arg}", "see `{called} --help`";
    fn no_command(name: &str) =>
        "USE02" Configuration "\"{name}\" is not a command", "use one of the commands in `codedeploy-artifact --help`";
    fn nothing() =>
        "USE03" Configuration "no command is given", "use one of the commands in `codedeploy-artifact --help`";
    fn no_value(arg: &str) => "USE04" Configuration "{arg} requires a value", "write {arg}";
    fn wrong_value(arg: &str, value: &str, why: &str, called: &str) [flag = arg.split(' ').next().unwrap_or_default()] =>
        "USE05" Configuration "invalid value \"{value}\" for {arg}{why}", "see {flag} in `{called} --help`";
    fn missing(args: &str, verb: &str, each: &str) =>
        "USE06" Configuration "{args} {verb} required", "add {each}";
    fn repeated(arg: &str) => "USE07" Configuration "{arg} is given more than once", "write {arg} only once";
    fn conflict(arg: &str, others: &str) =>
        "USE07" Configuration "{arg} cannot be used together with {others}", "remove {arg} or {others}";
    fn surplus(arg: &str, called: &str) => "USE08" Configuration "unexpected argument \"{arg}\"", "see `{called} --help`";
    fn surplus_value(arg: &str, value: &str, called: &str) =>
        "USE08" Configuration "{arg} does not take the value \"{value}\"", "see `{called} --help`";
    fn not_text() => "USE09" Configuration "an argument is not UTF-8 text", "write it in UTF-8";
    pub(crate) fn output_of_check() =>
        "USE11" Configuration "junit, sarif and github are formats of check only", "write --output text or --output json";
    fn other(problem: &str, called: &str) => "USE10" Configuration "usage error: {problem}", "see `{called} --help`";
}

/// The fault of a clap error, or of a value as its parser reports it. `verb` is the command on the command line, if any.
pub(crate) fn fault(error: &clap::Error, verb: Option<&Command>) -> Fault {
    if let Some(Refused(fault)) = error.source().and_then(|source| source.downcast_ref()) {
        return fault.clone();
    }
    let called = verb.map_or_else(|| NAME.to_owned(), |verb| format!("{NAME} {}", verb.get_name()));
    let (arg, value) = (one(error, ContextKind::InvalidArg), one(error, ContextKind::InvalidValue));
    let fault = match error.kind() {
        ErrorKind::UnknownArgument if arg.starts_with('-') => no_flag(&called, &arg),
        ErrorKind::UnknownArgument => surplus(&arg, &called),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => surplus_value(&arg, &value, &called),
        ErrorKind::InvalidSubcommand => no_command(&one(error, ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => nothing(),
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::NoEquals if value.is_empty() => no_value(&arg),
        ErrorKind::InvalidValue => {
            let of = all(error, ContextKind::ValidValue).join(", ");
            wrong_value(&arg, &value, &format!(": must be one of {of}"), &called)
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map_or_else(String::new, |why| format!(": {}", safe(&why.to_string(), LINE)));
            wrong_value(&arg, &value, &why, &called)
        }
        ErrorKind::MissingRequiredArgument => {
            let args: Vec<String> = all(error, ContextKind::InvalidArg).iter().map(|arg| choice(arg)).collect();
            missing(&args.join(", "), if args.len() == 1 { "is" } else { "are" }, &args.join(" "))
        }
        ErrorKind::ArgumentConflict => {
            let others: Vec<String> = all(error, ContextKind::PriorArg).into_iter().filter(|it| *it != arg).collect();
            if others.is_empty() { repeated(&arg) } else { conflict(&arg, &others.join(", ")) }
        }
        ErrorKind::InvalidUtf8 => return not_text(),
        kind => other(&kind.to_string(), &called),
    };
    match suggested(error, verb) {
        Some(hint) => fault.with_hint(hint),
        None => fault,
    }
}

const NAME: &str = "codedeploy-artifact";

/// The suggestion of clap or of the table of tips.
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
    // Clap's own message explains values that start with a dash, which no flag here accepts.
    let sentence = all(error, ContextKind::Suggested).into_iter().next()?;
    (!sentence.starts_with("to pass ")).then_some(sentence)
}

/// An argument, or the arguments of a group, which clap writes as `<PATH|--appspec <FILE>>`.
fn choice(arg: &str) -> String {
    let group = arg.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or_default();
    let mut depth = 0;
    // The name of a value may have alternatives as well: `--task-definition <FAMILY|ARN>`.
    let between = |character: char| {
        depth += i32::from(character == '<') - i32::from(character == '>');
        character == '|' && depth == 0
    };
    let all: Vec<&str> = group.split(between).collect();
    match all.as_slice() {
        [flag] if flag.starts_with("--") => (*flag).to_owned(),
        all if all.iter().any(|arg| arg.starts_with("--")) => format!("one of {}", all.join(", ")),
        _ => arg.to_owned(),
    }
}

/// The context of this kind in clap's error, safe to print. A single text is what the user wrote; several are our own names.
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

/// The output format that an invalid command line requests: its errors are JSON, too.
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
