//! Findings: errors, warnings and notes that the offline rules report about the files and the request.
//!
//! A rule returns a [`Finding`] and never stops at the first one, so that one run shows everything that is wrong with a
//! file. Errors end the run ([`CheckError`]); warnings and notes are reported beside the result.

use std::fmt;

use serde_json::{Value, json};

use crate::fault::{Explain, Fault, Kind, Part, hints, shown};
pub use crate::fault::{MOST_SHOWN, Severity};
use crate::text::place::Place;

/// One problem or doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code, such as `TD11`.
    pub code: &'static str,
    /// Whether it ends the run.
    pub severity: Severity,
    /// The kind of fault; only errors use it.
    pub kind: Kind,
    /// Where it is. `None` if it concerns the request or several files.
    pub place: Option<Location>,
    /// What is wrong. With a place it continues the sentence that the path begins (`must be text in quotes`).
    pub message: String,
    /// One next step, as an imperative sentence without a full stop.
    pub hint: String,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file as the request names it.
    pub file: String,
    /// The member in JSON notation, such as `containerDefinitions[0].image`; empty for the whole file.
    pub path: String,
    /// Line and column, if they were looked up.
    pub place: Option<Place>,
    /// Whether the message is a complete sentence that does not continue after the path.
    pub apart: bool,
}

impl Finding {
    /// The same finding with its place.
    #[must_use]
    pub fn at(self, file: &str, path: impl Into<String>) -> Finding {
        let place = Location { file: file.to_owned(), path: path.into(), place: None, apart: false };
        Finding { place: Some(place), ..self }
    }

    /// The same finding with its place, for a message that is a complete sentence.
    #[must_use]
    pub fn apart_at(self, file: &str, path: impl Into<String>, place: Option<Place>) -> Finding {
        let place = Location { file: file.to_owned(), path: path.into(), place, apart: true };
        Finding { place: Some(place), ..self }
    }

    /// A fault of a file as an error among other findings.
    pub fn of(fault: &Fault, file: &str, path: impl Into<String>) -> Finding {
        let (message, hint) = (fault.own_message(), fault.hint());
        let severity = Severity::Error;
        let finding = Finding { code: fault.code(), severity, kind: fault.kind(), place: None, message, hint };
        finding.apart_at(file, path, fault.place())
    }

    /// The same finding, no longer an error: AWS may accept what it is about.
    #[must_use]
    pub fn into_warning(self) -> Finding {
        Finding { severity: self.severity.max(Severity::Warning), ..self }
    }

    fn file(&self) -> Option<&str> {
        self.place.as_ref().map(|place| place.file.as_str())
    }

    /// `path message`.
    pub fn in_its_file(&self) -> String {
        match &self.place {
            Some(place) if place.apart && !place.path.is_empty() => format!("{}: {}", shown(&place.path), self.message),
            Some(place) if !place.path.is_empty() => format!("{} {}", shown(&place.path), self.message),
            _ => self.message.clone(),
        }
    }

    /// `CODE: message`, and on the next line `hint: …`.
    pub fn report(&self) -> String {
        format!("{}: {self}\nhint: {}", self.code, self.hint)
    }

    /// For `--output json`: code, severity, file, path, message (without the code) and hint.
    pub fn to_json(&self) -> Value {
        let place = self.place.as_ref();
        json!({
            "code": self.code,
            "severity": self.severity.name(),
            "file": place.map(|place| place.file.as_str()),
            "path": place.map(|place| place.path.as_str()).filter(|path| !path.is_empty()),
            "message": self.to_string(),
            "hint": self.hint,
        })
    }
}

/// `file: path message`, without the code.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.file() {
            Some(file) => write!(f, "{}: {}", shown(file), self.in_its_file()),
            None => f.write_str(&self.message),
        }
    }
}

/// Splits findings into the errors that end the run and the rest.
///
/// # Errors
/// Every error among them, in their order.
pub fn settle(findings: Vec<Finding>) -> Result<Vec<Finding>, CheckError> {
    let (errors, rest): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    if errors.is_empty() { Ok(rest) } else { Err(CheckError { findings: errors }) }
}

/// For `--output json`: the first [`MOST_SHOWN`] findings.
pub fn to_json(findings: &[Finding]) -> Value {
    findings.iter().take(MOST_SHOWN).map(Finding::to_json).collect()
}

/// Every error of one run. Code and kind are those of the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    /// Never empty.
    pub findings: Vec<Finding>,
}

impl From<Finding> for CheckError {
    fn from(finding: Finding) -> Self {
        CheckError { findings: vec![finding] }
    }
}

impl CheckError {
    /// The errors among findings of which at least one is an error.
    pub fn errors_of(findings: Vec<Finding>) -> CheckError {
        CheckError { findings: findings.into_iter().filter(|it| it.severity == Severity::Error).collect() }
    }

    /// The words of each finding, with its code and its file where they differ from those of the one before.
    fn fragments(&self) -> impl Iterator<Item = String> {
        self.findings.iter().scan(None, |last: &mut Option<&Finding>, finding| {
            Some(match last.replace(finding) {
                None => finding.to_string(),
                Some(last) if last.file() != finding.file() => format!("{}: {finding}", finding.code),
                Some(last) if last.code != finding.code || last.file().is_none() => {
                    format!("{}: {}", finding.code, finding.in_its_file())
                }
                Some(_) => finding.in_its_file(),
            })
        })
    }
}

impl std::error::Error for CheckError {}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fragments().take(MOST_SHOWN).collect::<Vec<_>>().join("; "))?;
        match self.findings.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl Explain for CheckError {
    fn code(&self) -> &'static str {
        self.findings.first().map_or("CHK00", |finding| finding.code)
    }

    fn kind(&self) -> Kind {
        self.findings.first().map_or(Kind::Bug, |finding| finding.kind)
    }

    /// The hints of the findings that are shown, each once.
    fn hint(&self) -> String {
        hints(self.findings.iter().map(|finding| finding.hint.clone()))
    }

    fn parts(&self) -> Vec<Part> {
        let hints = self.findings.iter().map(|finding| finding.hint.clone());
        self.fragments().zip(hints).map(|(message, hint)| Part { message, hint }).collect()
    }
}

/// Defines the findings of some rules: one constructor each, and a table of their [`Form`](crate::fault::Form)s, as
/// [`faults!`](crate::faults) does for faults.
///
/// The arguments are text from outside, which goes through [`shown`]; those after a semicolon are our own words.
macro_rules! findings {
    (
        $(#[$table_doc:meta])*
        $table_vis:vis const $table:ident;
        $(
            $(#[$doc:meta])*
            $vis:vis fn $name:ident($($foreign:ident),* $(; $($own:ident),+ )?) =>
                $code:literal $severity:ident $kind:ident $message:literal, $hint:literal;
        )*
    ) => {
        $(#[$table_doc])*
        $table_vis const $table: &[$crate::fault::Form] = &[
            $($crate::fault::Form {
                code: $code,
                severity: $crate::fault::Severity::$severity,
                kind: $crate::fault::Kind::$kind,
                message: $message,
                hint: $hint,
            }),*
        ];
        $(
            $(#[$doc])*
            $vis fn $name(
                $($foreign: impl std::fmt::Display,)* $($($own: impl std::fmt::Display),+)?
            ) -> $crate::fault::finding::Finding {
                $(let $foreign = $crate::fault::shown(&$foreign.to_string());)*
                $crate::fault::finding::Finding {
                    code: $code,
                    severity: $crate::fault::Severity::$severity,
                    kind: $crate::fault::Kind::$kind,
                    place: None,
                    message: format!($message),
                    hint: format!($hint),
                }
            }
        )*
    };
}

pub(crate) use findings;
