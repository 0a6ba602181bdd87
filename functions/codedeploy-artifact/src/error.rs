//! What an error of this product can say: a stable code, who has to act, one line and one hint.
//!
//! Each module owns the enum of what can go wrong in it and implements [`Explain`] for it; `?` turns any of them
//! into the one [`Error`] that the Lambda reports and the command line prints.

use std::fmt;

use crate::finding::MOST_SHOWN;
use crate::text;
pub use crate::text::{safe, shown};

/// Who has to act. Decides the CodePipeline failure type and the exit code of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// A defect of this product.
    Bug,
    /// The request is wrong: event, UserParameters, configuration file or flags.
    Configuration,
    /// A file that the request names is wrong: task definition, AppSpec, template or archive.
    Input,
    /// What the request names does not exist (yet): a task definition revision, an S3 object.
    NotFound,
    /// AWS, or an allow-list of this product, refused the caller.
    Denied,
    /// AWS did not answer in time, or answered that it cannot serve now.
    Unavailable,
}

/// What every error says of itself beside its one-line message (`Display`, a lowercase fragment without a full stop).
pub trait Explain: std::error::Error + Send + Sync + 'static {
    /// The stable code that users search for, such as `PAR03`. Codes are never reused.
    fn code(&self) -> &'static str;
    /// Who has to act.
    fn kind(&self) -> Kind;
    /// One next step, as an imperative sentence without a full stop.
    ///
    /// Parameters of the request stand in backquotes, here and in the message: see [`crate::request::with_flags`].
    fn hint(&self) -> String;
}

/// Any error of this product. `Display` is `CODE: message`, its causes included.
pub struct Error(Box<dyn Explain>);

impl Error {
    /// The stable code, such as `PAR03`.
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// Who has to act.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// One next step, on one line.
    pub fn hint(&self) -> String {
        text::line(&self.0.hint())
    }

    /// The same error with another hint, where more is known about its cause.
    #[must_use]
    pub fn with_hint(self, hint: String) -> Error {
        Error(Box::new(Hinted { error: self, hint }))
    }

    /// The message without the code, its causes included, on one line: whatever it repeats cannot forge another one.
    pub fn message(&self) -> String {
        text::line(&with_causes(&*self.0))
    }

    /// The whole report: `CODE: message`, and on the next line `hint: …`.
    pub fn report(&self) -> String {
        format!("{self}\nhint: {}", self.hint())
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
    let mut text = String::new();
    let mut last = None;
    for (code, message) in errors.take(MOST_SHOWN) {
        match last {
            None => {}
            Some(last) if last == code => text.push_str("; "),
            Some(_) => text.extend(["; ", code, ": "]),
        }
        text.push_str(&message);
        last = Some(code);
    }
    if more > 0 { format!("{text}; and {more} more") } else { text }
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

/// An error with another hint.
#[derive(Debug)]
struct Hinted {
    error: Error,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message())
    }
}

impl std::error::Error for Hinted {}

impl Explain for Hinted {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn kind(&self) -> Kind {
        self.error.kind()
    }

    fn hint(&self) -> String {
        self.hint.clone()
    }
}

impl<E: Explain> From<E> for Error {
    fn from(error: E) -> Self {
        Error(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl fmt::Debug for Error {
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
    fn a_report_is_code_message_causes_and_hint() {
        let cause = "x".parse::<u8>().unwrap_err();
        let error = Error::from(Unreadable("port", cause));
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
        let report = Error::from(Hostile).report();
        assert_eq!(report, "TST02: no file a\\n::error::forged\\u{2028}\\u{9b}2J\nhint: rename b\\r\\nc");
    }
}
