//! The environment as AWS's own tools see it.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Restarts this process, with the same process ID, if a variable of AWS or TLS is empty; it does not return then.
///
/// Build systems set variables to empty values. AWS tools treat these as unset; the SDK treats them as the name of a
/// Region, a profile, a file or an endpoint, even inside its credentials providers. Rust cannot safely remove a
/// variable from a running process.
pub(crate) fn without_empty_variables() {
    let empty: Vec<OsString> =
        std::env::vars_os().filter(|(name, value)| value.is_empty() && counts(name)).map(|(name, _)| name).collect();
    let (Ok(program), false) = (std::env::current_exe(), empty.is_empty()) else { return };
    let mut args = std::env::args_os();
    let mut again = Command::new(program);
    again.arg0(args.next().unwrap_or_default()).args(args);
    for name in empty {
        again.env_remove(name);
    }
    // If that is not allowed, the variables cause an error later.
    let _ = again.exec();
}

fn counts(name: &OsStr) -> bool {
    name == "SSL_CERT_FILE" || name == "SSL_CERT_DIR" || name.as_encoded_bytes().starts_with(b"AWS_")
}
