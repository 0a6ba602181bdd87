//! Faults: errors with a stable code, a kind, a message of one line and a hint.
//!
//! A module defines its faults with [`faults!`](crate::faults), as one constructor each. It has an enum, which
//! implements [`Explain`], only if a caller decides by its variants. `?` turns either into the one [`Fault`] that the
//! function reports and the command line prints.

pub mod denial;
pub mod finding;
mod form;

use std::fmt;

use crate::text;
use crate::text::place::Place;
pub use crate::text::{safe, shown};
pub use form::Form;

/// The maximum number of errors or findings in one message; the rest is counted.
pub const MOST_SHOWN: usize = 25;

/// The kind of a fault, which says whose action it needs. It determines the CodePipeline failure type and the exit code
/// of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// A defect of this product.
    Bug,
    /// The request is wrong: event, UserParameters, configuration file or flags.
    Configuration,
    /// A file that the request names is wrong: task definition, AppSpec, template or archive.
    Input,
    /// Something that the request names does not exist (yet): a task definition revision, an S3 object.
    NotFound,
    /// AWS, or an allow-list of this product, refused the caller.
    Denied,
    /// AWS did not respond in time, or is temporarily unable to.
    Unavailable,
}

/// How bad a fault or a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// AWS refuses this, or the deployment cannot work.
    Error,
    /// Probably a mistake; AWS may accept it.
    Warning,
    /// Information.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// An error with variants that callers distinguish. Its message (`Display`) is a lowercase fragment without a full
/// stop.
pub trait Explain: std::error::Error + Send + Sync + 'static {
    /// The stable code that users search for, such as `PAR03`. Codes are never reused.
    fn code(&self) -> &'static str;
    /// The kind of fault.
    fn kind(&self) -> Kind;
    /// One next step, as an imperative sentence without a full stop.
    ///
    /// Parameters of the request stand in backquotes, here and in the message: see
    /// [`with_flags`](crate::artifact::request::with_flags).
    fn hint(&self) -> String;
    /// What it consists of, if it is several findings.
    fn parts(&self) -> Vec<Part> {
        Vec::new()
    }
}

/// Any error of this product. `Display` is `CODE: message`, including its causes.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    code: &'static str,
    kind: Kind,
    message: String,
    /// The start of its own words in the message, after those of [`Fault::within`].
    own: usize,
    hint: String,
    place: Option<Place>,
    /// What it consists of, if it is several faults or findings. Boxed, so that results stay small.
    parts: Box<[Part]>,
}

/// One of the faults or findings that a [`Fault`] consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its words in the message of the whole.
    pub message: String,
    /// Its hint.
    pub hint: String,
}

impl Fault {
    /// A fault with a message that is a lowercase fragment and a hint that is an imperative sentence, both without a full stop.
    ///
    /// Parameters of the request stand in backquotes: see [`with_flags`](crate::artifact::request::with_flags).
    pub fn new(code: &'static str, kind: Kind, message: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault { code, kind, message: message.into(), own: 0, hint: hint.into(), place: None, parts: Box::default() }
    }

    /// The stable code, such as `PAR03`. Codes are never reused.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The kind of fault.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// One next step, on one line.
    pub fn hint(&self) -> String {
        text::line(&self.hint)
    }

    /// The same fault with another hint, if more is known about its cause.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Fault {
        Fault { hint: hint.into(), ..self }
    }

    /// The same fault with another kind, for example for a part of a file that is in the request.
    #[must_use]
    pub fn of_kind(self, kind: Kind) -> Fault {
        Fault { kind, ..self }
    }

    /// Several faults as one, with the code and kind of the first; `None` if there are none.
    ///
    /// At most [`MOST_SHOWN`] are shown, each with its code if that differs from the one before, and each hint once.
    pub fn all(faults: &[Fault]) -> Option<Fault> {
        let first = faults.first()?;
        let messages = faults.iter().map(|fault| (fault.code, fault.message.clone()));
        let hints = hints(faults.iter().map(|fault| fault.hint.clone()));
        let parts = faults.iter().zip(fragments(messages.clone())).flat_map(|(fault, message)| {
            let one = || vec![Part { message, hint: fault.hint.clone() }];
            if fault.parts.is_empty() { one() } else { fault.parts.to_vec() }
        });
        let parts = parts.collect();
        Some(Fault { parts, ..Fault::new(first.code, first.kind, joined(messages), hints) })
    }

    /// The same fault with words before its message: its place, or what was attempted.
    #[must_use]
    pub fn within(self, context: impl fmt::Display) -> Fault {
        let context = format!("{context}: ");
        Fault { own: self.own + context.len(), message: context + &self.message, ..self }
    }

    /// The same fault with the subject of its sentence before it: `artifact Build` and `is empty`.
    #[must_use]
    pub fn about(self, subject: impl fmt::Display) -> Fault {
        Fault { message: format!("{subject} {}", self.message), own: 0, ..self }
    }

    /// The same fault with its place in the file that it is about.
    #[must_use]
    pub fn at(self, place: Option<Place>) -> Fault {
        Fault { place, ..self }
    }

    /// Its place in the file that it is about, if that is known.
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// The message without the words of [`Fault::within`].
    pub fn own_message(&self) -> String {
        text::line(self.message.get(self.own..).unwrap_or(&self.message))
    }

    /// The message without the code, including its causes, on one line, so that text in it cannot forge another line.
    pub fn message(&self) -> String {
        text::line(&self.message)
    }

    /// The whole report: `CODE: message`, and on the next line `hint: …`.
    pub fn report(&self) -> String {
        format!("{self}\nhint: {}", self.hint())
    }

    /// The whole report, or as many of its parts as fit into that many characters, the first ones, with the number of
    /// those that are left out.
    pub fn report_within(&self, characters: usize) -> String {
        let whole = self.report();
        if whole.chars().count() <= characters {
            return whole;
        }
        let shorter = (1..self.parts.len().min(MOST_SHOWN)).rev().map(|most| self.first_parts(most));
        shorter.into_iter().find(|report| report.chars().count() <= characters).unwrap_or(whole)
    }

    fn first_parts(&self, most: usize) -> String {
        let shown = self.parts.iter().take(most);
        let messages: Vec<&str> = shown.clone().map(|part| part.message.as_str()).collect();
        let hints = hints(shown.map(|part| part.hint.clone()));
        let more = self.parts.len() - messages.len();
        let message = format!("{}; and {more} more", messages.join("; "));
        format!("{}: {}\nhint: {}", self.code, text::line(&message), text::line(&hints))
    }
}

/// The message of an error and of its causes.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    message
}

/// The messages of several errors as one: at most [`MOST_SHOWN`], each with its code if that differs from the one before.
/// The first code is left out, because it is that of the whole.
pub(crate) fn joined(errors: impl ExactSizeIterator<Item = (&'static str, String)>) -> String {
    let more = errors.len().saturating_sub(MOST_SHOWN);
    let text = fragments(errors.take(MOST_SHOWN)).collect::<Vec<_>>().join("; ");
    if more > 0 { format!("{text}; and {more} more") } else { text }
}

/// The messages, each after its code if that differs from the one before.
fn fragments(errors: impl Iterator<Item = (&'static str, String)>) -> impl Iterator<Item = String> {
    errors.scan(None, |last, (code, message)| {
        let before = last.replace(code);
        Some(if before.is_none_or(|before| before == code) { message } else { format!("{code}: {message}") })
    })
}

/// The hints of the errors that [`joined`] shows, each once.
pub(crate) fn hints(hints: impl Iterator<Item = String>) -> String {
    let mut each: Vec<String> = Vec::new();
    for hint in hints.take(MOST_SHOWN) {
        if !each.contains(&hint) {
            each.push(hint);
        }
    }
    each.join("; ")
}

impl<E: Explain> From<E> for Fault {
    fn from(error: E) -> Self {
        Fault {
            parts: error.parts().into(),
            ..Fault::new(error.code(), error.kind(), with_causes(&error), error.hint())
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message())
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read `{0}`")]
    struct Unreadable(&'static str, #[source] std::num::ParseIntError);

    impl Explain for Unreadable {
        fn code(&self) -> &'static str {
            "TST01"
        }
        fn kind(&self) -> Kind {
            Kind::Input
        }
        fn hint(&self) -> String {
            "write a number".to_owned()
        }
    }

    #[test]
    fn a_report_is_shortened_by_whole_parts() {
        let of = |number: u32, length: usize| {
            Fault::new("TST02", Kind::Input, format!("{number} {}", "x".repeat(length)), format!("hint {number}"))
        };
        let whole = Fault::all(&(0..40).map(|number| of(number, 100)).collect::<Vec<_>>()).unwrap();
        assert_eq!(whole.report_within(5_000), whole.report(), "it is short enough");
        assert!(whole.report().contains("; and 15 more"));
        let whole = Fault::all(&(0..40).map(|number| of(number, 400)).collect::<Vec<_>>()).unwrap();
        let report = whole.report_within(5_000);
        let length = report.chars().count();
        assert!((4_400..=5_000).contains(&length), "{length}");
        let shown = report.matches('x').count() / 400;
        assert!(report.contains(&format!("; and {} more\nhint: hint 0; hint 1", 40 - shown)), "{report}");
        assert!(report.ends_with(&format!("hint {}", shown - 1)), "only hints of what is shown");
        // Parts of parts are parts: none is counted as one.
        let other = Fault::new("TST03", Kind::Input, "last", "x");
        let nested = Fault::all(&[whole, other]).unwrap().report_within(1_000);
        assert!(nested.contains("; and 39 more"), "{nested}");
        // One that is too long in itself is cut by its caller.
        assert_eq!(of(1, 9_000).report_within(5_000), of(1, 9_000).report());
    }

    #[test]
    fn a_report_is_code_message_causes_and_hint() {
        let cause = "x".parse::<u8>().unwrap_err();
        let error = Fault::from(Unreadable("port", cause));
        assert_eq!(error.report(), "TST01: cannot read `port`: invalid digit found in string\nhint: write a number");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(error.to_string(), format!("{}: {}", error.code(), error.message()));
    }

    #[test]
    fn a_report_is_two_lines_whatever_it_repeats() {
        #[derive(Debug, thiserror::Error)]
        #[error("no file a\n::error::forged\u{2028}\u{9b}2J")]
        struct Hostile;
        impl Explain for Hostile {
            fn code(&self) -> &'static str {
                "TST02"
            }
            fn kind(&self) -> Kind {
                Kind::Input
            }
            fn hint(&self) -> String {
                "rename b\r\nc".to_owned()
            }
        }
        let report = Fault::from(Hostile).report();
        assert_eq!(report, "TST02: no file a\\n::error::forged\\u{2028}\\u{9b}2J\nhint: rename b\\r\\nc");
    }
}
