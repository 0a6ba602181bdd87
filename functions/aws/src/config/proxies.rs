//! The proxies in the environment, and the requests that bypass them.
//!
//! The SDK's own reading of the same variables ignores a value that is not a URL, lets an empty `HTTPS_PROXY` hide
//! `https_proxy`, and sends the requests for credentials of the instance or task to the proxy.

use std::sync::Arc;

use aws_smithy_http_client::proxy::ProxyConfig;
use codedeploy_core::fault::Fault;
use hyper_util::client::proxy::matcher::Matcher;

use crate::faults::bad_proxy;

/// Addresses on this machine, or reachable only from it: instance metadata, credentials of ECS tasks and EKS pods
/// (169.254.169.254, 169.254.170.2, 169.254.170.23 and their IPv6 twins). A proxy cannot reach them.
const NEVER: &str = "localhost,127.0.0.0/8,::1,169.254.0.0/16,fe80::/10,fd00:ec2::/32";

/// As curl and Python have it, the lower case comes first.
const HTTP: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
const HTTPS: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Of a request, not of the connection to its proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Sent to the proxy as it is.
    Http,
    /// Sent through a tunnel that the proxy opens (`CONNECT`).
    Https,
}

/// The proxies, by scheme of the request.
#[derive(Clone, Default)]
pub(super) struct Proxies {
    http: Option<ProxyConfig>,
    https: Option<ProxyConfig>,
    matcher: Option<Arc<Matcher>>,
}

impl Proxies {
    pub(super) fn read(variable: &impl Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let first = |names: &[&'static str]| first(names, variable);
        let no = entries(&first(&NO).unwrap_or_default().1);
        if no.split(',').any(|entry| entry == "*") {
            // The SDK's matcher takes it for every name, and not for addresses.
            return Ok(Proxies::default());
        }
        let proxy = |names: &[&'static str]| first(names).map(|(name, value)| url(name, &value)).transpose();
        let (http, https) = (proxy(&HTTP)?, proxy(&HTTPS)?);
        let matcher = Matcher::builder().no(format!("{NEVER},{no}"));
        let matcher = matcher.http(http.clone().unwrap_or_default()).https(https.clone().unwrap_or_default());
        // The SDK takes what `url` has let through.
        Ok(Proxies {
            http: http.and_then(|url| ProxyConfig::http(url).ok()),
            https: https.and_then(|url| ProxyConfig::https(url).ok()),
            matcher: Some(Arc::new(matcher.build())),
        })
    }

    /// The proxy for requests of that scheme, as the SDK takes it.
    pub(super) fn config(&self, scheme: Scheme) -> Option<ProxyConfig> {
        match scheme {
            Scheme::Http => self.http.clone(),
            Scheme::Https => self.https.clone(),
        }
    }

    /// The proxy that a request goes through, as `HOST:PORT`; `None` for one that goes directly.
    pub(super) fn intercept(&self, url: &str) -> Option<(Scheme, String)> {
        let scheme = if url.starts_with("https:") { Scheme::Https } else { Scheme::Http };
        let proxy = self.matcher.as_ref()?.intercept(&url.parse().ok()?)?;
        Some((scheme, proxy.uri().authority()?.to_string()))
    }
}

/// The variables, each with the scheme that it is for. Their values may hold passwords.
#[cfg(feature = "command-line")]
pub(super) fn chosen(variable: &impl Fn(&str) -> Option<String>) -> Vec<(&'static str, &'static str)> {
    let all = [("proxy for HTTPS", &HTTPS[..]), ("proxy for HTTP", &HTTP), ("hosts without a proxy", &NO)];
    all.into_iter().filter_map(|(what, names)| Some((what, first(names, variable)?.0))).collect()
}

/// The first of the variables that is not empty, and its value.
fn first(names: &[&'static str], variable: &impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let mut set = names.iter().filter_map(|name| Some((*name, variable(name)?.trim().to_owned())));
    set.find(|(_, value)| !value.is_empty())
}

/// Without the configurations, which hold passwords.
impl std::fmt::Debug for Proxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Proxies").field(&self.matcher).finish()
    }
}

/// Reads `[http://][USER:PASSWORD@]HOST[:PORT][/]` strictly: with a `/`, `#` or `@` in a password, a lenient parser
/// would take part of the password for a host name, which would appear in logs and in DNS queries.
fn url(variable: &'static str, value: &str) -> Result<String, Fault> {
    let bad = |problem| Err(bad_proxy(variable, problem));
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (user, name) = rest.rsplit_once('@').unwrap_or(("", rest));
    let url = format!("{}://{rest}", scheme.to_ascii_lowercase());
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        bad("has another scheme than http and https")
    } else if user.contains(['@', '/', '?', '#']) || user.matches(':').count() > 1 {
        bad("has characters in its password that must be percent-encoded")
    } else if !is_authority(name) || ProxyConfig::all(url.as_str()).is_err() {
        bad("is not a URL")
    } else {
        Ok(url)
    }
}

/// `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.
pub(super) fn is_authority(text: &str) -> bool {
    let bracket = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port) = match bracket {
        Some((host, port)) => (host, port.strip_prefix(':').or((!port.is_empty()).then_some("no port"))),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte) || bracket.is_some() && byte == b':';
    !host.is_empty() && host.bytes().all(fits) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// `NO_PROXY` as the SDK's matcher takes it: separated by commas, with the common form `*.example.com` as
/// `.example.com`.
fn entries(list: &str) -> String {
    let entries = list.split(|c: char| c == ',' || c.is_whitespace());
    entries.map(|entry| if entry.starts_with("*.") { &entry[1..] } else { entry }).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};

    fn read(variables: &[(&str, &str)]) -> Result<Proxies, Fault> {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Proxies::read(&value)
    }

    /// Which proxy each of these requests goes through.
    fn check(variables: &[(&str, &str)], expect: &Expect) {
        let proxies = read(variables).unwrap();
        let way = |url: &str| {
            let way = proxies.intercept(url).map_or("direct".to_owned(), |(_, proxy)| proxy);
            format!("{} {way}\n", url.split('/').nth(2).unwrap())
        };
        let urls =
            ["https://ecs.eu-west-1.amazonaws.com/", "https://b.s3.eu-west-1.amazonaws.com/k", "http://aws.test/"];
        let ways: String = urls.into_iter().map(way).collect();
        expect.assert_eq(&ways);
        assert!(!format!("{proxies:?}").contains("planted"));
    }

    #[test]
    fn the_scheme_of_the_request_chooses_the_proxy() {
        check(
            &[],
            &expect![[r#"
            ecs.eu-west-1.amazonaws.com direct
            b.s3.eu-west-1.amazonaws.com direct
            aws.test direct
        "#]],
        );
        check(
            &[("HTTPS_PROXY", "http://proxy:3128")],
            &expect![[r#"
            ecs.eu-west-1.amazonaws.com proxy:3128
            b.s3.eu-west-1.amazonaws.com proxy:3128
            aws.test direct
        "#]],
        );
        let both =
            [("HTTPS_PROXY", ""), ("https_proxy", "https://u:planted@a.example"), ("HTTP_PROXY", "b.example:80")];
        check(
            &both,
            &expect![[r#"
            ecs.eu-west-1.amazonaws.com a.example
            b.s3.eu-west-1.amazonaws.com a.example
            aws.test b.example:80
        "#]],
        );
        let all = [("ALL_PROXY", "http://u:planted@[fd00::1]:8080/"), ("http_proxy", "http://10.0.0.1:81")];
        check(
            &all,
            &expect![[r#"
            ecs.eu-west-1.amazonaws.com [fd00::1]:8080
            b.s3.eu-west-1.amazonaws.com [fd00::1]:8080
            aws.test 10.0.0.1:81
        "#]],
        );
    }

    #[test]
    fn the_lower_case_comes_first_as_for_curl_and_python() {
        let both = [
            ("HTTPS_PROXY", "http://upper:1"),
            ("https_proxy", "http://lower:2"),
            ("NO_PROXY", "amazonaws.com"),
            ("no_proxy", "b.s3.eu-west-1.amazonaws.com"),
        ];
        check(
            &both,
            &expect![[r#"
            ecs.eu-west-1.amazonaws.com lower:2
            b.s3.eu-west-1.amazonaws.com direct
            aws.test direct
        "#]],
        );
    }

    #[test]
    fn no_proxy_takes_hosts_suffixes_addresses_and_everything() {
        let past = |no: &str, url: &str| {
            let proxies = read(&[("ALL_PROXY", "http://proxy:3128"), ("no_proxy", no)]).unwrap();
            proxies.intercept(url).is_none()
        };
        let ecs = "https://ecs.eu-west-1.amazonaws.com/";
        let cases = [
            ("", ecs, false),
            ("*", ecs, true),
            ("x.example,*", "https://10.2.2.3/", true),
            ("ecs.eu-west-1.amazonaws.com", ecs, true),
            ("amazonaws.com", ecs, true),
            (".amazonaws.com", ecs, true),
            ("*.amazonaws.com", ecs, true),
            ("x.example, *.amazonaws.com", ecs, true),
            ("x.example amazonaws.com", ecs, true),
            ("AMAZONAWS.COM", ecs, true),
            ("aws.com", ecs, false),
            ("10.1.0.0/16", "https://10.1.2.3/", true),
            ("10.1.0.0/16", "https://10.2.2.3/", false),
            ("10.1.2.3", "http://10.1.2.3:8080/", true),
            ("fd00::/8", "https://[fd00::7]/", true),
        ];
        for (no, url, expect) in cases {
            assert_eq!(past(no, url), expect, "NO_PROXY={no} {url}");
        }
        // A proxy that no request uses may be invalid.
        assert!(read(&[("ALL_PROXY", "socks5h://proxy:1080"), ("NO_PROXY", "*")]).is_ok());
    }

    #[test]
    fn credentials_of_the_machine_never_go_through_a_proxy() {
        let proxies = read(&[("ALL_PROXY", "http://proxy:3128"), ("NO_PROXY", "amazonaws.com")]).unwrap();
        for url in [
            "http://169.254.169.254/latest/api/token",
            "http://169.254.170.2/v2/credentials",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::254]/latest/api/token",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
            "http://[::1]:8080/",
            "http://localhost:4566/",
        ] {
            assert_eq!(proxies.intercept(url), None, "{url}");
        }
        assert!(proxies.intercept("http://169.255.0.1/").is_some());
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_repeating_it() {
        let cases = [
            ("socks5://proxy:1080", "scheme"),
            ("planted:secret://proxy", "scheme"),
            ("http://u:planted@2@proxy:3128", "percent-encoded"),
            ("http://u:planted/2@proxy:3128", "percent-encoded"),
            ("http://u:planted#2@proxy:3128", "percent-encoded"),
            ("http://u:planted:2@proxy:3128", "percent-encoded"),
            ("http://u:planted\"2@proxy:3128", "not a URL"),
            ("http://proxy:port", "not a URL"),
            ("http://proxy:3128/planted", "not a URL"),
            ("http://proxy:99999", "not a URL"),
            ("http://", "not a URL"),
            ("http://u:planted@", "not a URL"),
            ("http://[::1", "not a URL"),
            ("http://[::1]3128", "not a URL"),
        ];
        for (url, expect) in cases {
            let report = read(&[("https_proxy", url)]).expect_err(url).report();
            assert!(report.starts_with("NET02: https_proxy ") && report.contains(expect), "{url}: {report}");
            assert!(!report.contains("planted"), "{report}");
        }
    }
}
