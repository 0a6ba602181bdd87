//! A source of credentials that gave none.

use codedeploy_core::fault::safe;

/// What is wrong with a source of credentials, and what to do. It names variables, profiles and files, and never repeats
/// the output of a program or the value of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct BadSource {
    /// One line, without a full stop.
    pub(crate) problem: String,
    /// One next step, as an imperative sentence without a full stop.
    pub(crate) hint: String,
    /// Whether nothing was found there at all (`AWS04`), instead of something that failed (`AWS05`).
    pub(crate) absent: bool,
}

impl BadSource {
    /// A source that was found and failed.
    pub(crate) fn failed(problem: impl AsRef<str>, hint: impl Into<String>) -> BadSource {
        BadSource { problem: safe(problem.as_ref(), 600), hint: hint.into(), absent: false }
    }

    /// A source that is named and not there.
    pub(crate) fn absent(problem: impl AsRef<str>, hint: impl Into<String>) -> BadSource {
        BadSource { absent: true, ..BadSource::failed(problem, hint) }
    }
}
