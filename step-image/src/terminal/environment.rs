//! The environment as AWS's own tools see it.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Restarts this process, with the same process ID, if a variable of AWS or TLS is empty; it does not return then.
///
/// Build systems pass on variables that they do not have. AWS's tools take them for unset ones; the SDK takes them for
/// a region, a profile, a file or an endpoint without a name, also deep in its sources of credentials. Rust cannot take
/// a variable out of a running process safely.
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
    // Where that is not allowed, what the variables mean is said later.
    let _ = again.exec();
}

fn counts(name: &OsStr) -> bool {
    name == "SSL_CERT_FILE" || name == "SSL_CERT_DIR" || name.as_encoded_bytes().starts_with(b"AWS_")
}
