//! The exit codes: one exhaustive match from who has to act to what a script sees.

use codedeploy_artifact::error::Kind;

/// Done.
pub(crate) const DONE: u8 = 0;
/// A defect of this product.
pub(crate) const BUG: u8 = 1;
/// The command line or the configuration is wrong. `clap` uses the same for flags it does not know.
pub(crate) const USAGE: u8 = 2;
/// A file, or what it names, is wrong or not there.
pub(crate) const INPUT: u8 = 3;
/// AWS refused the caller.
pub(crate) const DENIED: u8 = 4;
/// AWS did not answer in time, or cannot serve now.
pub(crate) const UNAVAILABLE: u8 = 5;

/// The exit code of an error.
pub(crate) fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Bug => BUG,
        Kind::Configuration => USAGE,
        Kind::Input | Kind::NotFound => INPUT,
        Kind::Denied => DENIED,
        Kind::Unavailable => UNAVAILABLE,
    }
}
