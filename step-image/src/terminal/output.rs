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
}
