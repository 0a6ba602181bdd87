use expect_test::{Expect, expect};

use super::*;

fn read(variables: &[(&str, &str)]) -> Result<Plan, codedeploy_core::fault::Fault> {
    environment(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn refused(checks: &str, expected: &Expect) {
    expected.assert_eq(&read(&[("CHECKS", checks)]).expect_err(checks).to_string());
}

#[test]
fn a_plan_has_defaults_and_every_key() {
    let plan = read(&[("CHECKS", "url: https://lb.example.com\nchecks:\n- path: /")]).expect("a plan");
    let target = plan.target.clone().expect("a target");
    assert_eq!((target.https, target.host.as_str(), target.port), (true, "lb.example.com", 443));
    assert_eq!((target.host_header.as_str(), target.server_name.as_str()), ("lb.example.com", "lb.example.com"));
    let check = &plan.checks[0];
    assert_eq!((check.method, check.requests, check.concurrency, check.warm_up), (Method::Get, 1, 1, 0));
    assert_eq!((check.timeout, check.status.as_slice()), (Duration::from_secs(5), &[200..=200][..]));
    assert_eq!((plan.delay, plan.watch, plan.alarms.len()), (Duration::ZERO, Duration::ZERO, 0));

    let all = r#"
url: http://internal-lb.example.com:9001/base/
host_header: shop.example.com
server_name: shop.example.com
delay_seconds: 2.5
watch_seconds: 60
alarms: [web-5xx, "web, slow"]
checks:
  - path: /health?deep=1
    method: HEAD
    status: [200, 300-399]
    request_headers: {X-Canary: "1"}
    response_headers: {X-Version: 42}
    follow_redirects: true
    warm_up: 3
    requests: 50
    concurrency: 4
    success_ratio: 0.98
    timeout_seconds: 0.5
    latency_ms: {p50: 100, p99.9: 900.5}
  - {path: /, body_contains: ready}
"#;
    let plan = read(&[("CHECKS", all)]).expect("a plan");
    let target = plan.target.as_ref().expect("a target");
    assert_eq!(target.url(), "http://internal-lb.example.com:9001/base");
    assert_eq!((target.host_header.as_str(), target.server_name.as_str()), ("shop.example.com", "shop.example.com"));
    let [first, second] = &plan.checks[..] else { panic!("two checks") };
    assert_eq!(first.status, [200..=200, 300..=399]);
    assert_eq!(first.response_headers, [("X-Version".to_owned(), "42".to_owned())]);
    let latency = [(50.0, Duration::from_millis(100)), (99.9, Duration::from_micros(900_500))];
    assert_eq!((first.latency.as_slice(), first.success_ratio), (&latency[..], 0.98));
    assert_eq!(second.body_contains, ["ready"]);
    assert_eq!(plan.alarms, ["web-5xx", "web, slow"]);
    assert_eq!((plan.delay.as_millis(), plan.watch.as_secs()), (2_500, 60));
}

#[test]
fn the_environment_wins_over_the_text() {
    let text = r#"{"url":"http://a","host_header":"a.example.com","alarms":["one"],"checks":[{"path":"/"}]}"#;
    let plan = read(&[
        ("CHECKS", text),
        ("CHECKS_URL", "https://b:8443"),
        ("CHECKS_HOST_HEADER", "b.example.com:8443"),
        ("CHECKS_ALARMS", r#"["two"]"#),
        ("PATH", "/bin"),
    ]);
    let plan = plan.expect("a plan");
    let target = plan.target.expect("a target");
    assert_eq!((target.url().as_str(), target.server_name.as_str()), ("https://b:8443", "b.example.com"));
    assert_eq!(plan.alarms, ["one", "two"]);
    let plan = read(&[("CHECKS_ALARMS", r#"["two"]"#)]).expect("alarms alone");
    assert!(plan.target.is_none() && plan.checks.is_empty());
}

#[test]
fn what_is_misspelt_has_a_suggestion() {
    refused(
        "url: http://a\ncheks: []",
        &expect![[r#"GAT02: CHECKS: there is no key "cheks"; did you mean "checks"?"#]],
    );
    refused(
        "url: http://a\nchecks: [{path: /, latency: {p95: 3}}, {path: /, retries: 1, request: 2}]",
        &expect![[
            r#"GAT02: CHECKS: there is no key "checks[1].latency"; did you mean "latency_ms"?; CHECKS: there is no key "checks[2].retries"; CHECKS: there is no key "checks[2].request"; did you mean "requests"?"#
        ]],
    );
    let fault = read(&[("CHECKS_HOSTHEADER", "a")]).expect_err("no setting");
    expect![[r#"GAT02: CHECKS_HOSTHEADER in the function's environment is not a known setting; did you mean "CHECKS_HOST_HEADER"?"#]]
        .assert_eq(&fault.to_string());
}

#[test]
fn values_that_do_not_fit_are_refused_all_at_once() {
    refused(
        "url: ftp://a\nchecks: [{path: health, method: POST, status: 99, requests: 0, timeout_seconds: 90}]",
        &expect![[
            r#"GAT03: checks[1].path must be a path that begins with /, not "health"; checks[1].method must be GET or HEAD, not "POST"; checks[1].status must be a status code, a range such as 200-299, or a list of them, not 99; checks[1].requests must be a whole number from 1 to 1000, not 0; checks[1].timeout_seconds must be a number of seconds from 0.1 to 60, not 90; url must be http:// or https://, a host, and optionally a port and a path, not "ftp://a""#
        ]],
    );
    refused("alarms: []", &expect!["GAT03: there is nothing to check"]);
    refused("checks: [{path: /}]", &expect!["GAT03: url is missing"]);
    refused("url: http://a\nchecks: [{}]", &expect!["GAT03: checks[1].path is missing"]);
    refused(
        "url: http://a\nchecks: [{path: /, method: HEAD, body_contains: x}]",
        &expect![
            "GAT03: checks[1].body_contains must be left out with the method HEAD, whose answers have no body, not set"
        ],
    );
    refused(
        "url: http://a\nchecks: [{path: /, request_headers: {Host: x}}]",
        &expect!["GAT03: checks[1].request_headers must be a map of headers; use host_header for Host, not this map"],
    );
    refused(
        "url: http://a\nchecks: [{path: /, request_headers: {Authorization: \"a\\nb\"}}]",
        &expect!["GAT03: checks[1].request_headers must be a map of headers; use host_header for Host, not this map"],
    );
    refused("- a", &expect!["GAT03: the checks must be a map, not this list"]);
    refused(
        "a: [",
        &expect![
            "GAT01: CHECKS is not valid: line 2 column 1: while parsing a node, did not find expected node content"
        ],
    );
    refused(
        "a: &a b\nc: !x d",
        &expect!["GAT01: CHECKS is not valid: line 2 column 4: YAML tags (!x) are not supported"],
    );
    refused(&"x".repeat(5_000), &expect!["GAT01: CHECKS is not valid: file has 5000 bytes; the limit is 4096"]);
    expect!["GAT01: the environment variable CHECKS is not set"]
        .assert_eq(&read(&[("CHECKS", " ")]).expect_err("nothing").to_string());
    for url in [
        "http://",
        "//a",
        "a",
        "http://u:p@a",
        "http://a?b",
        "http://a:0",
        "http://a:99999",
        "http://a:b",
        "https://a b",
    ] {
        let fault = read(&[("CHECKS_URL", url), ("CHECKS", "checks: [{path: /}]")]).expect_err(url);
        assert_eq!(fault.code(), "GAT03", "{url}: {fault}");
        assert!(fault.to_string().contains("CHECKS_URL"), "{fault}");
    }
    for ratio in ["-0.1", "1.1", "a"] {
        let checks = format!("url: http://a\nchecks: [{{path: /, success_ratio: {ratio}}}]");
        assert_eq!(read(&[("CHECKS", &checks)]).expect_err(ratio).code(), "GAT03", "{ratio}");
    }
    for latency in ["{x95: 1}", "{p0: 1}", "{p101: 1}", "{p95: -1}", "{p95: a}", "[1]"] {
        let checks = format!("url: http://a\nchecks: [{{path: /, latency_ms: {latency}}}]");
        assert_eq!(read(&[("CHECKS", &checks)]).expect_err(latency).code(), "GAT03", "{latency}");
    }
}

#[test]
fn a_credential_in_a_header_is_not_shown() {
    let checks = "url: http://a\nchecks: [{path: /, request_headers: {Authorization: Bearer hunter42}}]";
    let plan = read(&[("CHECKS", checks)]).expect("a plan");
    assert!(!format!("{plan:?}").contains("hunter42"), "{plan:?}");
}

#[test]
fn a_redirect_is_followed_on_the_same_host_only() {
    let plan = read(&[
        ("CHECKS", "checks: [{path: /}]"),
        ("CHECKS_URL", "https://lb.example.com:8443"),
        ("CHECKS_HOST_HEADER", "shop.example.com:8443"),
    ]);
    let target = plan.expect("a plan").target.expect("a target");
    for (location, path) in [
        ("/login?to=/", Some("/login?to=/")),
        ("/a#b", Some("/a")),
        ("https://shop.example.com:8443/x", Some("/x")),
        ("HTTPS://LB.example.com:8443", Some("/")),
        ("https://lb.example.com:8443?a", Some("/?a")),
        ("//evil.example.com/x", None),
        ("https://evil.example.com/x", None),
        ("https://lb.example.com/x", None),
        ("http://lb.example.com:8443/x", None),
        ("https://lb.example.com:8443@evil.example.com/", None),
        ("https://lb.example.com:8443.evil.example.com/", None),
        ("relative", None),
        ("", None),
        ("é", None),
    ] {
        assert_eq!(target.path_of(location).as_deref(), path, "{location}");
    }
}

#[test]
fn an_address_of_ipv6_keeps_its_brackets_in_the_header_only() {
    let plan = read(&[("CHECKS", "checks: [{path: /}]"), ("CHECKS_URL", "http://[::1]:8080/")]).expect("a plan");
    let target = plan.target.expect("a target");
    assert_eq!((target.host.as_str(), target.host_header.as_str()), ("::1", "[::1]:8080"));
}
