//! The faults that every call to AWS can have. Those of one service are beside its calls.

use codedeploy_core::fault::denial::Denial;
use codedeploy_core::fault::{safe, shown};
use codedeploy_core::faults;

faults! {
    /// The faults that every call to AWS can have.
    pub(crate) const FORMS;

    /// The caller lacks a permission, or a policy denies the call.
    pub(crate) fn denied(action: &str, denial: &Denial, text: &str) [
        who = denial.principal.as_deref().map(|who| format!(" for {}", long(who))).unwrap_or_default(),
        reason = after_colon(&long(denial.reason.as_deref().unwrap_or(text))),
        step = denial.next_step(action),
    ] => "AWS01" Denied "access denied{who}{reason}", "{step}";

    /// The session has expired.
    pub(crate) fn expired() => "AWS02" Denied
        "the credentials have expired",
        "run it again with fresh credentials; those of a CodePipeline job last 15 minutes";

    /// AWS does not know the key or the signature, or the clock is wrong.
    pub(crate) fn rejected(code: &str, text: &str) [told = told(code, text)] => "AWS03" Denied
        "the credentials are not accepted: {told}",
        "check that key, secret and session token belong together, and the clock of this machine";

    /// No source of the default chain has credentials.
    pub(crate) fn no_credentials() => "AWS04" Configuration
        "no AWS credentials found",
        "provide credentials: a role of the function, task or instance, AWS_PROFILE with the name of a profile that exists, or \
         AWS_ACCESS_KEY_ID and its secret";

    /// A source of credentials is named and does not exist.
    pub(crate) fn source_absent(problem: &str, step: &str) => "AWS04" Configuration
        "no AWS credentials found: {problem}", "{step}";

    /// A source of credentials was found and failed.
    pub(crate) fn source_failed(problem: &str, step: &str) => "AWS05" Denied
        "the source of the AWS credentials failed: {problem}", "{step}";

    /// Too many requests.
    pub(crate) fn throttled(action: &str, region: &str) => "AWS06" Unavailable
        "too many requests (throttled)", "retry later, and check what else calls {action} in {region}";

    /// A server error.
    pub(crate) fn server_error(status: u16) => "AWS07" Unavailable
        "AWS returned a server error (HTTP {status})", "retry later";

    /// No answer in time.
    pub(crate) fn timed_out(action: &str, region: &str) [service = service(action)] => "AWS08" Unavailable
        "no answer in time",
        "check the network path to {service} in {region} (VPC endpoint, proxy, security group), then retry";

    /// No connection, or a broken one.
    pub(crate) fn unreachable(action: &str, region: &str, text: &str) [service = service(action), text = long(text)] =>
        "AWS09" Unavailable
        "no connection: {text}",
        "check the network path to {service} in {region} (VPC endpoint, proxy, security group), then retry";

    /// A response that AWS would not send.
    pub(crate) fn unreadable(status: u16) => "AWS10" Unavailable
        "the response is not readable (HTTP {status})",
        "check the endpoint and the proxy settings: the response is not from AWS";

    /// Any other error of a service.
    pub(crate) fn refused(text: &str) => "AWS11" Configuration
        "{text}", "change what AWS names in its message";

    /// There is no host to send a call to.
    pub(crate) fn no_region() => "AWS12" Configuration
        "no region is set", "set `region` or the environment variable AWS_REGION";

    /// The SDK cannot build the request.
    pub(crate) fn not_built(text: &str) [text = long(text)] => "AWS13" Bug
        "the request could not be built: {text}", "report this as a defect";

    /// Credentials that do not fit into a request.
    pub(crate) fn unfit_credentials() => "AWS14" Configuration
        "the AWS credentials contain whitespace or control characters",
        "remove them: a secret that was stored with `echo` ends with a line break, one stored with `printf %s` does not";

    /// A variable that should name certificates, and names none.
    pub(crate) fn no_certificates(variable: &str, path: &str, problem: Option<&str>) [
        path = if path.is_empty() { "it is empty".to_owned() } else { shown(path) },
        problem = after_colon(&long(problem.unwrap_or_default())),
        wanted = if variable == "SSL_CERT_DIR" { "directories of PEM files" } else { "a PEM file" },
    ] => "NET01" Configuration
        "{variable} names no certificates: {path}{problem}",
        "set {variable} to {wanted} with the root certificates of this network, or unset it to use those of the system";

    /// A variable that should name a proxy. Its value may hold a password and is not repeated.
    pub(crate) fn bad_proxy(variable: &str, problem: &str) => "NET02" Configuration
        "{variable} {problem}",
        "set {variable} to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters percent-encoded, or unset it";

    /// A certificate of a CA that is not trusted here.
    pub(crate) fn unknown_issuer(text: &str) [text = long(text)] => "NET03" Configuration
        "TLS certificate not trusted: {text}",
        "set AWS_CA_BUNDLE to a PEM file with the CA certificate of this network (a proxy that inspects TLS has one), or \
         install ca-certificates";

    /// A certificate that no CA would make valid.
    pub(crate) fn bad_certificate(text: &str) [text = long(text)] => "NET03" Configuration
        "TLS certificate not trusted: {text}",
        "check the endpoint and the proxy: the server there has no valid certificate for the requested host name";

    /// The proxy, or the connection through it, failed.
    pub(crate) fn proxy_failed(host: &str, proxy: &str, text: &str) [host = shown(host), said = of_proxy(text)] =>
        "NET04" Unavailable
        "no connection to {host} through the proxy {proxy}: {said}",
        "check the proxy, its user name and password, that it allows {host}, and that it speaks HTTP/1.1, or add {host} to \
         NO_PROXY";

    /// The service has no such endpoint (FIPS, dual-stack) in the Region.
    pub(crate) fn no_endpoint(text: &str) [text = long(text)] => "NET05" Configuration
        "no endpoint: {text}",
        "unset AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT, or set AWS_ENDPOINT_URL";

    /// An endpoint that is not a URL, of one service or of all. Its value may hold a password and is not repeated.
    pub(crate) fn bad_endpoint(service: Option<&str>) [
        whose = service.map(|service| format!(" for {service}")).unwrap_or_default(),
        suffix = service.map(|name| format!("_{}", name.to_uppercase().replace(' ', "_"))).unwrap_or_default(),
    ] => "NET06" Configuration
        "the endpoint that is set{whose} is not a URL",
        "set AWS_ENDPOINT_URL{suffix} (or endpoint_url of the profile) to http://HOST:PORT or https://HOST:PORT, or unset it";
}

/// Foreign text with room for an ARN or a sentence: 320 characters.
pub(crate) fn long(text: &str) -> String {
    safe(text, 320)
}

/// AWS's sentence as the end of a message of ours.
pub(crate) fn sentence(text: &str) -> String {
    long(text.trim().trim_end_matches('.'))
}

/// AWS's error code and sentence.
pub(crate) fn told(code: &str, text: &str) -> String {
    format!("{}{}", shown(code), after_colon(&sentence(text)))
}

/// `: TEXT`, or nothing.
fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

/// The service prefix of an IAM action.
fn service(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

/// The SDK's text for a proxy that opens no tunnel says little.
fn of_proxy(text: &str) -> String {
    match text {
        "tunnel error: proxy authorization required" => "it rejected the user name and password (407)".to_owned(),
        "tunnel error: unsuccessful" => "it refused to connect".to_owned(),
        other => long(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_has_room_for_a_sentence_and_cannot_forge_lines() {
        assert_eq!(long(&"ü".repeat(320)), "ü".repeat(320));
        assert_eq!(long(&"ü".repeat(321)), format!("{}…", "ü".repeat(320)));
        assert_eq!(long("a\n\u{1b}[31mb"), r"a\n\u{1b}[31mb");
    }
}
