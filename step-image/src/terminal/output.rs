//! The form of the result on standard output.

use clap::ValueEnum;

/// The form of the result on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Output {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON document, or one JSON object per line for commands that report progress.
    Json,
    /// `JUnit` XML, of `check` only.
    Junit,
    /// SARIF 2.1.0, of `check` only.
    Sarif,
    /// Workflow commands of GitHub Actions, of `check` only.
    Github,
}

impl Output {
    /// Whether only `check` has it.
    pub(crate) fn is_of_check(self) -> bool {
        matches!(self, Output::Junit | Output::Sarif | Output::Github)
    }
}
