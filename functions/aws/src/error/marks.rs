//! Errors of this crate inside errors of the SDK, found in the chain of causes.

use std::error::Error as StdError;

use codedeploy_core::fault::safe;

/// Marks an error as one of a request that went through a proxy.
#[derive(Debug, thiserror::Error)]
#[error("through the proxy {proxy}")]
pub(crate) struct ThroughProxy {
    /// The host that the request was for.
    pub(crate) host: String,
    /// `HOST:PORT`.
    pub(crate) proxy: String,
    pub(crate) source: Box<dyn StdError + Send + Sync>,
}

/// Credentials with characters that no key or token has.
#[derive(Debug, thiserror::Error)]
#[error("whitespace or control characters")]
pub(crate) struct Unfit;

/// A source that returned no credentials: what is wrong with it, and what to do. It names variables, profiles and
/// files, and never repeats the output of a program or the value of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub(crate) struct BadSource {
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

    /// A source that is named and does not exist.
    pub(crate) fn absent(problem: impl AsRef<str>, hint: impl Into<String>) -> BadSource {
        BadSource { absent: true, ..BadSource::failed(problem, hint) }
    }
}
