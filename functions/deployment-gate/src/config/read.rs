//! Reads a plan strictly: unknown keys are refused with a suggestion.

use std::ops::RangeInclusive;
use std::time::Duration;

use codedeploy_core::document::{self, Limits};
use codedeploy_core::fault::Fault;
use codedeploy_core::text::suggest::{did_you_mean, or_did_you_mean};
use hyper::Uri;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::fields::{Fields, number, text, texts};
use super::{Check, Method, Plan, Target, authority};
use crate::faults;

/// The longest text of the checks, in bytes: all variables of a function have 4 KiB together.
pub const TEXT_LIMIT: usize = 4 << 10;

const CHECKS: &str = "CHECKS";
const URL: &str = "CHECKS_URL";
const HOST_HEADER: &str = "CHECKS_HOST_HEADER";
const ALARMS: &str = "CHECKS_ALARMS";
const CA_FILE: &str = "CHECKS_CA_FILE";
const NAMES: [&str; 5] = [CHECKS, URL, HOST_HEADER, ALARMS, CA_FILE];

const MOST_CHECKS: usize = 20;
const MOST_ALARMS: usize = 100;

/// Reads the plan from the environment of the function. `CHECKS_URL` and `CHECKS_HOST_HEADER` win over the text in
/// `CHECKS`; the alarms in `CHECKS_ALARMS`, a list in JSON, are added to it. `CHECKS_CA_FILE` is the path of a PEM file.
///
/// # Errors
/// `GAT01` to `GAT03`, all of them at once.
pub fn environment(variables: impl IntoIterator<Item = (String, String)>) -> Result<Plan, Fault> {
    let (mut given, mut faults) = (std::collections::BTreeMap::new(), Vec::new());
    for (name, value) in variables {
        if NAMES.contains(&name.as_str()) {
            given.insert(name, value);
        } else if name.starts_with("CHECKS_") || name == "CHECK" {
            let near = or_did_you_mean(did_you_mean(&name, NAMES.into_iter()));
            faults.push(faults::unknown_variable(&name, &near));
        }
    }
    let given = |name: &str| given.get(name).map(String::as_str).filter(|value| !value.trim().is_empty());
    let alarms = given(ALARMS).map(|list| value(ALARMS, list)).transpose();
    let checks = given(CHECKS).map(|checks| value(CHECKS, checks)).transpose();
    let (alarms, checks) = match (alarms, checks) {
        (Ok(None), Ok(None)) if faults.is_empty() => return Err(faults::no_checks()),
        (Ok(alarms), Ok(checks)) => (alarms, checks),
        (Err(fault), _) | (_, Err(fault)) => return Err(fault),
    };
    let mut plan =
        plan(checks.unwrap_or(Value::Object(serde_json::Map::new())), given(URL), given(HOST_HEADER), &mut faults);
    if let Some(target) = &mut plan.target {
        target.ca_file = given(CA_FILE).map(str::to_owned);
    }
    match alarms.as_ref().map(texts) {
        Some(Some(alarms)) => plan.alarms.extend(alarms),
        Some(None) => faults.push(faults::wrong_value(ALARMS, "a list of alarm names", "this value")),
        None => {}
    }
    if plan.alarms.len() > MOST_ALARMS {
        let got = format!("{} of them", plan.alarms.len());
        faults.push(faults::wrong_value("alarms", &format!("at most {MOST_ALARMS} names"), &got));
    }
    if plan.checks.is_empty() && plan.alarms.is_empty() && faults.is_empty() {
        faults.push(faults::nothing_to_check());
    }
    Fault::all(&faults).map_or(Ok(plan), Err)
}

fn value(source: &str, written: &str) -> Result<Value, Fault> {
    let is_json = written.trim_start().starts_with(['{', '[']);
    let read = if is_json { document::json } else { document::yaml };
    read(written, Limits::of(TEXT_LIMIT)).map_err(|error| faults::unreadable(source, &error.to_string()))
}

fn plan(value: Value, url: Option<&str>, host_header: Option<&str>, faults: &mut Vec<Fault>) -> Plan {
    let mut checks = Vec::new();
    let mut of_checks = Vec::new();
    let mut fields = Fields::new(value, "", faults);
    let own = (fields.text("url"), fields.text("host_header"), fields.text("server_name"));
    if let Some(list) = fields.read("checks", "a list of maps", |list| list.as_array().cloned()) {
        for (number, item) in (1..).zip(list.into_iter().take(MOST_CHECKS + 1)) {
            checks.push(check(item, number, &mut of_checks));
        }
    }
    if checks.len() > MOST_CHECKS {
        of_checks.push(faults::wrong_value("checks", &format!("a list of at most {MOST_CHECKS} maps"), "a longer one"));
    }
    let alarms = fields.texts("alarms");
    let delay = fields.seconds("delay_seconds", 0.0, 600.0).unwrap_or_default();
    let watch = fields.seconds("watch_seconds", 0.0, 840.0).unwrap_or_default();
    fields.end(CHECKS);
    faults.append(&mut of_checks);
    let url = url.map(|url| (URL, url)).or(own.0.as_deref().map(|url| ("url", url)));
    let host_header = host_header.or(own.1.as_deref());
    let target = match url {
        Some((name, url)) => target(name, url, host_header, own.2, faults),
        None if checks.is_empty() => None,
        None => {
            faults.push(faults::missing("url", "the URL of the test listener, such as https://shop.example.com:9001"));
            None
        }
    };
    Plan { target, delay, checks, alarms, watch }
}

fn target(
    name: &str,
    url: &str,
    host_header: Option<&str>,
    server_name: Option<String>,
    faults: &mut Vec<Fault>,
) -> Option<Target> {
    let expected = "http:// or https://, a host, and optionally a port and a path";
    let parsed: Option<Uri> = url.parse().ok();
    let parts = parsed.as_ref().and_then(|uri| {
        let https = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let has_user = uri.authority()?.as_str().contains('@');
        let host = uri.host().filter(|host| !host.is_empty() && !has_user && uri.query().is_none())?;
        // `Uri` drops a port that does not fit into 16 bits.
        let port = match uri.authority()?.as_str().get(host.len()..)? {
            "" => {
                if https {
                    443
                } else {
                    80
                }
            }
            port => port.strip_prefix(':')?.parse().ok().filter(|port| *port > 0)?,
        };
        Some((https, host.trim_matches(['[', ']']).to_owned(), port, uri.path().trim_end_matches('/').to_owned()))
    });
    let Some((https, host, port, prefix)) = parts else {
        faults.push(faults::wrong_value(name, expected, &format!("\"{}\"", codedeploy_core::fault::shown(url))));
        return None;
    };
    let host_header = host_header.map_or_else(|| authority(&host, port, https), str::to_owned);
    let is_host = host_header.parse::<hyper::http::uri::Authority>().is_ok_and(|it| !it.as_str().contains('@'));
    if !is_host {
        let got = format!("\"{}\"", codedeploy_core::fault::shown(&host_header));
        faults.push(faults::wrong_value("host_header", "a host name, with a port if it is not the default one", &got));
        return None;
    }
    let named = host_header.parse::<hyper::http::uri::Authority>().ok()?.host().trim_matches(['[', ']']).to_owned();
    let server_name = server_name.unwrap_or(named);
    if rustls::pki_types::ServerName::try_from(server_name.as_str()).is_err() {
        let got = format!("\"{}\"", codedeploy_core::fault::shown(&server_name));
        faults.push(faults::wrong_value("server_name", "a host name", &got));
        return None;
    }
    Some(Target { https, host, port, prefix, host_header, server_name, ca_file: None })
}

fn check(value: Value, number: usize, faults: &mut Vec<Fault>) -> Check {
    let has_path = !value.is_object() || value.get("path").is_some_and(|path| !path.is_null());
    let mut fields = Fields::new(value, &format!("checks[{number}]."), faults);
    let path = fields.read("path", "a path that begins with /", |value| {
        text(value).filter(|path| path.starts_with('/') && path.parse::<hyper::http::uri::PathAndQuery>().is_ok())
    });
    let method = fields.read("method", "GET or HEAD", |value| match value.as_str()? {
        "GET" => Some(Method::Get),
        "HEAD" => Some(Method::Head),
        _ => None,
    });
    let status = fields.read("status", "a status code, a range such as 200-299, or a list of them", statuses);
    let is_header = |name: &str| {
        let own = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "expect"];
        HeaderName::from_bytes(name.as_bytes()).is_ok_and(|name| !own.contains(&name.as_str()))
    };
    let check = Check {
        method: method.unwrap_or(Method::Get),
        request_headers: fields.pairs("request_headers", "a map of headers; use host_header for Host", is_header),
        status: status.unwrap_or_else(|| vec![200..=200]),
        body_contains: fields.texts("body_contains"),
        response_headers: fields
            .pairs("response_headers", "a map of headers", |name| HeaderName::from_bytes(name.as_bytes()).is_ok()),
        follow_redirects: fields.read("follow_redirects", "true or false", Value::as_bool).unwrap_or_default(),
        warm_up: fields.count("warm_up", 0, 100).unwrap_or_default(),
        requests: fields.count("requests", 1, 1_000).unwrap_or(1),
        concurrency: fields.count("concurrency", 1, 10).unwrap_or(1),
        success_ratio: fields
            .read("success_ratio", "a number from 0 to 1, such as 0.99", |value| {
                self::number(value).filter(|ratio| (0.0..=1.0).contains(ratio))
            })
            .unwrap_or(1.0),
        timeout: fields.seconds("timeout_seconds", 0.1, 60.0).unwrap_or(Duration::from_secs(5)),
        latency: fields
            .read("latency_ms", "a map of percentiles from p1 to p100 and milliseconds, such as {p95: 300}", latency)
            .unwrap_or_default(),
        path: path.unwrap_or_default(),
    };
    fields.end(CHECKS);
    let values = check.request_headers.iter().all(|(_, value)| HeaderValue::from_str(value).is_ok());
    if !values {
        faults.push(faults::wrong_value(&format!("checks[{number}].request_headers"), "a map of headers", "this map"));
    }
    if !has_path {
        faults.push(faults::missing(&format!("checks[{number}].path"), "a path, such as /health"));
    }
    if check.method == Method::Head && !check.body_contains.is_empty() {
        let key = format!("checks[{number}].body_contains");
        faults.push(faults::wrong_value(&key, "left out with the method HEAD, whose answers have no body", "set"));
    }
    check
}

fn statuses(value: &Value) -> Option<Vec<RangeInclusive<u16>>> {
    let code = |text: &str| text.trim().parse::<u16>().ok().filter(|code| (100..=599).contains(code));
    let one = |value: &Value| match value {
        Value::Number(number) => code(&number.to_string()).map(|code| code..=code),
        Value::String(text) => match text.split_once('-') {
            Some((from, to)) => Some(code(from)?..=code(to)?).filter(|range| !range.is_empty()),
            None => code(text).map(|code| code..=code),
        },
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().map(one).collect::<Option<Vec<_>>>().filter(|list| !list.is_empty()),
        value => one(value).map(|range| vec![range]),
    }
}

fn latency(value: &Value) -> Option<Vec<(f64, Duration)>> {
    let limit = |(name, value): (&String, &Value)| {
        let percentile: f64 = name.strip_prefix('p')?.parse().ok()?;
        let ms = number(value).filter(|ms| (0.0..=60_000.0).contains(ms))?;
        (1.0..=100.0).contains(&percentile).then(|| (percentile, Duration::from_secs_f64(ms / 1_000.0)))
    };
    value.as_object()?.iter().map(limit).collect()
}
