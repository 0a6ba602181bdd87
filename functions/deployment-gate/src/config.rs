//! What to check: the environment variable `CHECKS`, in YAML or JSON, and variables that a deployment tool sets.

mod fields;
mod read;

use std::ops::RangeInclusive;
use std::time::Duration;

pub use read::{TEXT_LIMIT, environment};

/// All that is checked, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Where requests are sent; `None` if only alarms are checked.
    pub target: Option<Target>,
    /// Pause before the first request, for rules of the listener that take effect late.
    pub delay: Duration,
    /// The requests.
    pub checks: Vec<Check>,
    /// Names of alarms.
    pub alarms: Vec<String>,
    /// How long the alarms are watched after the requests.
    pub watch: Duration,
}

/// The one host that requests are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whether in TLS.
    pub https: bool,
    /// Name or address, an address of IPv6 without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Path in front of the paths of the checks, without a slash at its end.
    pub prefix: String,
    /// The `Host` header.
    pub host_header: String,
    /// The name that the certificate must have.
    pub server_name: String,
    /// A PEM file with the authorities that are trusted instead of those of the system.
    pub ca_file: Option<String>,
}

/// `GET` or `HEAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`: an answer without a body.
    Head,
}

impl Method {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
        }
    }
}

/// Requests to one path.
#[derive(Clone, PartialEq)]
pub struct Check {
    /// Path and query, with a slash at its beginning.
    pub path: String,
    /// Method.
    pub method: Method,
    /// Sent with each request.
    pub request_headers: Vec<(String, String)>,
    /// The status codes that are right.
    pub status: Vec<RangeInclusive<u16>>,
    /// Texts that the body has.
    pub body_contains: Vec<String>,
    /// Headers of the answer, and a text that the value of each has.
    pub response_headers: Vec<(String, String)>,
    /// Whether a redirect to a path of the same host is followed.
    pub follow_redirects: bool,
    /// Requests that are sent before those that count.
    pub warm_up: u32,
    /// Requests that count.
    pub requests: u32,
    /// How many of them are sent at once.
    pub concurrency: u32,
    /// The part of them that must succeed.
    pub success_ratio: f64,
    /// From the connection to the end of the answer.
    pub timeout: Duration,
    /// Percentiles, with the longest time of each.
    pub latency: Vec<(f64, Duration)>,
}

impl Check {
    /// Such as `GET /health`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method.name(), codedeploy_core::fault::shown(&self.path))
    }
}

impl std::fmt::Debug for Check {
    /// Without the headers, which may hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Check({})", self.name())
    }
}

impl Target {
    /// Scheme, host and port, for messages.
    pub fn url(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}{}", authority(&self.host, self.port, self.https), self.prefix)
    }

    /// The path of a redirect, if it leads to this host.
    pub fn path_of(&self, location: &str) -> Option<String> {
        if location.starts_with('/') && !location.starts_with("//") {
            return Some(location.split('#').next().unwrap_or_default().to_owned());
        }
        let scheme = if self.https { "https://" } else { "http://" };
        let rest = location.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme));
        let rest = rest.and_then(|_| location.get(scheme.len()..))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        let default = if self.https { ":443" } else { ":80" };
        let plain = |host: &str| host.strip_suffix(default).unwrap_or(host).to_ascii_lowercase();
        let own = [self.host_header.clone(), authority(&self.host, self.port, self.https)];
        if !own.iter().any(|own| plain(own) == plain(host)) {
            return None;
        }
        let path = path.split('#').next().unwrap_or_default();
        Some(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
    }
}

/// Host and port, the default port of the scheme left out.
fn authority(host: &str, port: u16, https: bool) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    if port == if https { 443 } else { 80 } { host } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests;
