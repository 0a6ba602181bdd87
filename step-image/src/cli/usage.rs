//! A wrong command line as an error like every other: code, message, hint, and JSON for programs.

use std::error::Error as _;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use codedeploy_core::fault::{Explain, Kind, shown};
use codedeploy_core::text::{LINE, safe};

use super::Output;

/// What clap did not accept.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct UsageError {
    mistake: Mistake,
    message: String,
    hint: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    Flag,
    Verb,
    NoVerb,
    NoValue,
    Value,
    Missing,
    Conflict,
    Surplus,
    NotText,
    Other,
}

impl UsageError {
    /// From clap's error. `verb` is the command that the line names, if it names one.
    pub(super) fn new(error: &clap::Error, verb: Option<&Command>) -> UsageError {
        let called = verb.map_or_else(|| NAME.to_owned(), |verb| format!("{NAME} {}", verb.get_name()));
        let (arg, value) = (one(error, ContextKind::InvalidArg), one(error, ContextKind::InvalidValue));
        let (mistake, message, hint) = match error.kind() {
            ErrorKind::UnknownArgument if arg.starts_with('-') => {
                (Mistake::Flag, format!("{called} has no flag {arg}"), None)
            }
            ErrorKind::UnknownArgument => (Mistake::Surplus, format!("unexpected argument \"{arg}\""), None),
            ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
                (Mistake::Surplus, format!("{arg} takes no value here, got \"{value}\""), None)
            }
            ErrorKind::InvalidSubcommand => {
                (Mistake::Verb, format!("\"{}\" is not a command", one(error, ContextKind::InvalidSubcommand)), None)
            }
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                (Mistake::NoVerb, "no command is given".to_owned(), None)
            }
            ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::NoEquals if value.is_empty() => {
                (Mistake::NoValue, format!("{arg} requires a value"), Some(format!("write {arg}")))
            }
            ErrorKind::InvalidValue => {
                let of = all(error, ContextKind::ValidValue).join(", ");
                (Mistake::Value, format!("invalid value \"{value}\" for {arg}: must be one of {of}"), None)
            }
            ErrorKind::ValueValidation => {
                let why = error.source().map_or_else(String::new, |why| format!(": {}", safe(&why.to_string(), LINE)));
                (Mistake::Value, format!("invalid value \"{value}\" for {arg}{why}"), None)
            }
            ErrorKind::MissingRequiredArgument => {
                let missing: Vec<String> = all(error, ContextKind::InvalidArg).iter().map(|arg| choice(arg)).collect();
                let verb = if missing.len() == 1 { "is" } else { "are" };
                let hint = format!("add {}", missing.join(" "));
                (Mistake::Missing, format!("{} {verb} required", missing.join(", ")), Some(hint))
            }
            ErrorKind::ArgumentConflict => {
                let others: Vec<String> =
                    all(error, ContextKind::PriorArg).into_iter().filter(|it| *it != arg).collect();
                if others.is_empty() {
                    let hint = format!("write {arg} once");
                    (Mistake::Conflict, format!("{arg} is given more than once"), Some(hint))
                } else {
                    let others = others.join(", ");
                    let hint = format!("remove {arg} or {others}");
                    (Mistake::Conflict, format!("{arg} cannot be used together with {others}"), Some(hint))
                }
            }
            ErrorKind::InvalidUtf8 => {
                (Mistake::NotText, "an argument is not UTF-8 text".to_owned(), Some("write it in UTF-8".to_owned()))
            }
            other => (Mistake::Other, other.to_string(), None),
        };
        let suggested = suggested(error, verb);
        let hint = suggested.or(hint).unwrap_or_else(|| match mistake {
            Mistake::Value => format!("see {} in `{called} --help`", arg.split(' ').next().unwrap_or_default()),
            Mistake::NoVerb | Mistake::Verb => format!("choose one of the commands in `{NAME} --help`"),
            _ => format!("see `{called} --help`"),
        });
        UsageError { mistake, message, hint }
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

/// A flag, or the flags of a group of which clap writes `<--artifact <PATH>|--appspec <FILE>>`.
fn choice(arg: &str) -> String {
    let group = arg.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).filter(|group| group.starts_with("--"));
    group.map_or_else(|| arg.to_owned(), |group| format!("one of {}", group.replace('|', ", ")))
}

/// What clap knows of it, each made safe to print.
fn all(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![shown(text)],
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| shown(text)).collect(),
        Some(ContextValue::StyledStr(text)) => vec![safe(&text.to_string(), LINE)],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(|text| safe(&text.to_string(), LINE)).collect(),
        _ => Vec::new(),
    }
}

fn one(error: &clap::Error, kind: ContextKind) -> String {
    all(error, kind).into_iter().next().unwrap_or_default()
}

/// The form of the result that a line asks for that could not be parsed: its errors are JSON, too.
pub(super) fn output(args: impl Iterator<Item = String>) -> Output {
    let mut json = false;
    let mut before = String::new();
    for arg in args.take_while(|arg| arg != "--") {
        json |= arg == "--output=json" || (before == "--output" && arg == "json");
        before = arg;
    }
    if json { Output::Json } else { Output::Text }
}

impl Explain for UsageError {
    fn code(&self) -> &'static str {
        match self.mistake {
            Mistake::Flag => "USE01",
            Mistake::Verb => "USE02",
            Mistake::NoVerb => "USE03",
            Mistake::NoValue => "USE04",
            Mistake::Value => "USE05",
            Mistake::Missing => "USE06",
            Mistake::Conflict => "USE07",
            Mistake::Surplus => "USE08",
            Mistake::NotText => "USE09",
            Mistake::Other => "USE10",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        self.hint.clone()
    }
}
