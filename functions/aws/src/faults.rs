//! The faults that every call to AWS can have. Faults of a single service are defined beside its calls.

use codedeploy_core::fault::denial::Denial;
use codedeploy_core::fault::{Fault, safe, shown};
use codedeploy_core::faults;

faults! {
    /// The faults that every call to AWS can have.
    pub(crate) const FORMS;

    /// The caller lacks a permission, or a policy denies the call.
    fn access_denied(action: &str, denial: &Denial, text: &str) [
        who = denial.principal.as_deref().map(|who| format!(" for {}", long(who))).unwrap_or_default(),
        reason = after_colon(&long(denial.reason.as_deref().unwrap_or(text))),
    ] => "AWS01" Denied "access denied{who}{reason}", "allow {action} in the policies of the caller";

    /// The session has expired.
    pub(crate) fn expired() => "AWS02" Denied
        "the credentials have expired",
        "run it again with new credentials; the credentials of a CodePipeline job expire after 15 minutes";

    /// AWS rejects the key or the signature, or the clock is wrong.
    pub(crate) fn rejected(code: &str, text: &str) [told = told(code, text)] => "AWS03" Denied
        "AWS rejected the credentials: {told}",
        "check that access key, secret key and session token belong together, and that the system clock is correct";

    /// No source of the default chain has credentials.
    pub(crate) fn no_credentials() => "AWS04" Configuration
        "no AWS credentials found",
        "set AWS_PROFILE to an existing profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with a role (of a \
         Lambda function, ECS task or EC2 instance)";

    /// The configured source of credentials does not exist.
    pub(crate) fn source_absent(problem: &str) => "AWS04" Configuration
        "no AWS credentials found: {problem}", "correct the profile, variable or file that the message names";

    /// The source of credentials failed.
    pub(crate) fn source_failed(problem: &str) => "AWS05" Denied
        "cannot get AWS credentials: {problem}", "correct the profile, variable or file that the message names";

    /// Too many requests.
    pub(crate) fn throttled(action: &str, region: &str) => "AWS06" Unavailable
        "too many requests (throttled)", "retry later, and check what else calls {action} in {region}";

    /// A server error.
    pub(crate) fn server_error(status: u16) => "AWS07" Unavailable
        "AWS returned a server error (HTTP {status})", "retry later";

    /// The request timed out.
    pub(crate) fn timed_out(action: &str, region: &str) [service = service(action)] => "AWS08" Unavailable
        "the request timed out",
        "check the network path to {service} in {region} (VPC endpoint, proxy, security group), then retry";

    /// No connection, or a broken one.
    pub(crate) fn unreachable(action: &str, region: &str, text: &str) [service = service(action), text = long(text)] =>
        "AWS09" Unavailable
        "no connection: {text}",
        "check the network path to {service} in {region} (VPC endpoint, proxy, security group), then retry";

    /// A response that is not from AWS.
    pub(crate) fn unreadable(status: u16) => "AWS10" Unavailable
        "the response could not be read (HTTP {status})",
        "check the endpoint and the proxy settings: the response is not from AWS";

    /// Any other error of a service.
    pub(crate) fn refused(text: &str) => "AWS11" Configuration
        "AWS rejected the request: {text}", "correct the request as described in the message from AWS";

    /// Without a Region, there is no endpoint to call.
    pub(crate) fn no_region() => "AWS12" Configuration
        "no region is set", "set `region` or the environment variable AWS_REGION";

    /// The SDK cannot build the request.
    pub(crate) fn not_built(text: &str) [text = long(text)] => "AWS13" Bug
        "the request could not be built: {text}", "report this as a bug";

    /// Credentials that cannot be sent in a request.
    pub(crate) fn unfit_credentials() => "AWS14" Configuration
        "the AWS credentials contain whitespace or control characters",
        "remove them; `echo` adds a line break to a stored secret, `printf %s` does not";

    /// A variable that does not name any certificates.
    pub(crate) fn no_certificates(variable: &str, path: &str, problem: Option<&str>) [
        path = if path.is_empty() { "it is empty".to_owned() } else { shown(path) },
        problem = after_colon(&long(problem.unwrap_or_default())),
        wanted = if variable == "SSL_CERT_DIR" { "directories of PEM files" } else { "a PEM file" },
    ] => "NET01" Configuration
        "no certificates found in {variable}: {path}{problem}",
        "set {variable} to {wanted} with the root certificates of this network, or unset it to use those of the system";

    /// A variable that is not a valid proxy. The message does not repeat its value, which may contain a password.
    pub(crate) fn bad_proxy(variable: &str, problem: &str) => "NET02" Configuration
        "{variable} {problem}",
        "set {variable} to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters percent-encoded, or unset it";

    /// A certificate from a CA that is not trusted.
    pub(crate) fn unknown_issuer(text: &str) [text = long(text)] => "NET03" Configuration
        "TLS certificate not trusted: {text}",
        "set AWS_CA_BUNDLE to a PEM file with the CA certificate of this network (a proxy that inspects TLS has one), or \
         install ca-certificates";

    /// A certificate that is invalid, whatever CA is trusted.
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

    /// The endpoint of one service, or of all, is not a URL. The message does not repeat its value, which may contain a password.
    pub(crate) fn bad_endpoint(service: Option<&str>) [
        whose = service.map(|service| format!(" for {service}")).unwrap_or_default(),
        suffix = service.map(|name| format!("_{}", name.to_uppercase().replace(' ', "_"))).unwrap_or_default(),
    ] => "NET06" Configuration
        "the configured endpoint{whose} is not a URL",
        "set AWS_ENDPOINT_URL{suffix} (or endpoint_url of the profile) to http://HOST:PORT or https://HOST:PORT, or unset it";
}

/// The fault of a denied call, with the policy to change as its hint.
pub(crate) fn denied(action: &str, denial: &Denial, text: &str) -> Fault {
    access_denied(action, denial, text).with_hint(denial.next_step(action))
}

/// Untrusted text of at most 320 characters, enough for an ARN or a sentence.
pub(crate) fn long(text: &str) -> String {
    safe(text, 320)
}

/// The message of AWS without its full stop, for the end of one of our messages.
pub(crate) fn sentence(text: &str) -> String {
    long(text.trim().trim_end_matches('.'))
}

/// The error code and message of AWS.
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

/// The reason why a proxy failed, in clearer words than those of the SDK.
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
