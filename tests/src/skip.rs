//! What this machine lacks: said loudly and skipped, or an error where `CI=true`.

use std::io::Write;

/// Says that a check is skipped, past the test runner's capture.
///
/// # Panics
/// Under `CI=true`, where everything has to be there.
pub fn missing(what: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{what} is needed under CI=true: {why}");
    let _ = writeln!(std::io::stderr(), "SKIPPED for want of {what}: {why}");
}
