//! Findings that the user has decided to ignore.

use std::fmt;

use super::Inspection;
use crate::artifact::check;
use crate::artifact::request::{Request, not_ignorable};
use crate::codes;
use crate::fault::Fault;
use crate::fault::finding::Finding;
use crate::text::line;
use crate::text::suggest::did_you_mean;

/// A code to ignore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The code of a finding.
    pub code: &'static str,
    /// Why, in the words of the user.
    pub reason: Option<String>,
}

/// What was ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The code.
    pub code: &'static str,
    /// Why, in the words of the user.
    pub reason: Option<String>,
    /// The findings that were left out.
    pub findings: Vec<Finding>,
}

/// `ignored: 2 TD15: one is on order`.
impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ignored: {} {}", self.findings.len(), self.code)?;
        self.reason.as_deref().map_or(Ok(()), |reason| write!(f, ": {}", line(reason)))
    }
}

/// Codes of what keeps a file from being read: no check could take their place.
const NEVER: [&str; 14] = [
    "APP02", "APP03", "APP04", "APP05", "APP06", "APP07", "APP15", "APP16", "APP17", "APP18", "APP28", "APP30", "TD05",
    "TD14",
];

impl Ignore {
    /// Reads those of a request.
    ///
    /// # Errors
    /// `PAR15`: the first that is unknown or cannot be ignored.
    pub fn of(request: &Request) -> Result<Vec<Ignore>, Fault> {
        let read = |entry: &String| Ignore::parse(entry).map_err(|problem| not_ignorable(entry, &problem));
        request.ignore.iter().map(read).collect()
    }

    /// Reads `CODE` or `CODE=REASON`.
    ///
    /// # Errors
    /// The code is unknown or cannot be ignored: a fragment that says so.
    pub fn parse(text: &str) -> Result<Ignore, String> {
        let (code, reason) = text.split_once('=').map_or((text, None), |(code, reason)| (code, Some(reason)));
        let wanted = code.trim().to_ascii_uppercase();
        if NEVER.contains(&wanted.as_str()) {
            return Err("a file that cannot be read cannot be ignored".to_owned());
        }
        let known = [codes::of_findings(), codes::of_the_account()].concat();
        let Some(code) = known.iter().find(|code| **code == wanted) else {
            let near = did_you_mean(&wanted, known.into_iter());
            return Err(near.map_or_else(
                || "no finding has this code".to_owned(),
                |near| format!("no finding has this code; did you mean {near}?"),
            ));
        };
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        Ok(Ignore { code, reason })
    }
}

impl Inspection {
    /// Takes out the findings with these codes. A note names a rule that found nothing; a rule that did not run has none.
    #[must_use]
    pub fn ignoring(mut self, ignore: &[Ignore]) -> Inspection {
        for Ignore { code, reason } in ignore {
            let (findings, rest): (Vec<_>, Vec<_>) =
                self.findings.into_iter().partition(|finding| finding.code == *code);
            self.findings = rest;
            if !findings.is_empty() {
                self.ignored.push(Ignored { code, reason: reason.clone(), findings });
            } else if self.rules.contains(code) && self.ignored.iter().all(|it| it.code != *code) {
                self.findings.push(check::unused_ignore(code));
            }
        }
        self
    }
}
