//! The exit codes. Those of a finished deployment are in [`codedeploy_core::deployment::Verdict::exit_code`].

use codedeploy_core::fault::{Fault, Kind};

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
/// Another deployment is active in the group, or a newer build has already deployed.
pub(crate) const ACTIVE: u8 = 14;
/// The credentials expired during a wait, or before the answer to `CreateDeployment` arrived. The deployment, if it was
/// created, is still in progress; follow it with new credentials.
pub(crate) const EXPIRED: u8 = 15;
/// The credentials of `deploy` or `rollback` expired before a deployment was created. Run it again with new ones. In
/// the other commands, expired credentials are [`DENIED`].
pub(crate) const EXPIRED_BEFORE: u8 = 16;
/// `diff` found changes.
pub(crate) const CHANGES: u8 = 20;
/// `check` has found an error, or with `--strict` a warning.
pub(crate) const FINDINGS: u8 = 21;
/// Interrupted by SIGINT: 128 plus the number of the signal, as in shells.
pub(crate) const INTERRUPTED: u8 = 130;
/// Ended by SIGTERM, or by SIGHUP when the terminal or the connection was lost.
pub(crate) const TERMINATED: u8 = 143;

/// For `--help`.
pub(crate) const HELP: &str = "Exit codes: 0 done, 1 internal error, 2 usage or configuration, 3 bad input, \
     4 AWS denied, 5 AWS unavailable, 10 failed and rolled back, 11 failed and not rolled back, 12 stopped, \
     13 wait timed out, 14 another deployment is active, 15 credentials expired during the wait, \
     16 credentials expired before a deployment was created, 20 changes (diff), 21 check found errors, 130 interrupted (SIGINT), 143 terminated (SIGTERM or SIGHUP)";

/// The exit code of an error.
pub(crate) fn code(error: &Fault) -> u8 {
    match (error.code(), error.kind()) {
        // A script can react to a busy group; both codes are documented for that.
        ("DEP01" | "DEP22", _) => ACTIVE,
        ("DEP20" | "DEP31", _) => EXPIRED,
        ("DEP30", _) => EXPIRED_BEFORE,
        (_, Kind::Bug) => BUG,
        (_, Kind::Configuration) => USAGE,
        (_, Kind::Input | Kind::NotFound) => INPUT,
        (_, Kind::Denied) => DENIED,
        (_, Kind::Unavailable) => UNAVAILABLE,
    }
}
