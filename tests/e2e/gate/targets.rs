//! Green tasks that work, and tasks that hang, fail or lie.

use super::*;

#[test]
fn tasks_that_work_pass() {
    let stage = Stage::new();
    let checks = json!({"host_header": "shop.example.com", "checks": [
        {"path": "/ok", "status": [200, 204], "body_contains": ["ready", "state"], "response_headers": {"X-Version": 7},
            "request_headers": {"X-Canary": "yes"}, "requests": 20, "concurrency": 3, "warm_up": 2,
            "latency_ms": {"p50": 5000, "p95": 10000}},
        {"path": "/ok?x=1", "method": "HEAD"},
        {"path": "/flaky", "requests": 20, "success_ratio": 0.6, "body_contains": "ready"},
    ]});
    let tested = stage.test(&checks);
    assert!(tested.passed, "{}", tested.log);
    let requests = stage.target.requests();
    assert_eq!(requests.len(), 22 + 1 + 20);
    for request in &requests {
        assert!(request.headers.contains(&"host: shop.example.com".to_owned()), "{request:?}");
    }
    assert!(requests[0].headers.contains(&"x-canary: yes".to_owned()), "{:?}", requests[0]);
    assert!(requests.iter().any(|request| request.line == "HEAD /ok?x=1 HTTP/1.1"), "{requests:?}");
    // One connection for each sender of a check.
    assert_eq!(stage.target.connections(), 3 + 1 + 1);
    let called: Vec<String> = stage.aws.all_calls().iter().map(e2e::fake_aws::Call::action).collect();
    assert_eq!(called, [PUT]);
    e2e::botocore::check(&stage.aws.all_calls());
}

/// What is wrong, for each kind of bad task.
const BAD: [(&str, &str); 16] = [
    ("/error", "status 500 instead of 200"),
    ("/hang", "no answer within 0.4 s"),
    ("/slow?3000", "no answer within 0.4 s"),
    ("/hang-in-body", "the answer was not complete within 0.4 s"),
    ("/drip?20", "the answer was not complete within 0.4 s"),
    ("/short", "the connection was closed before the answer was complete"),
    ("/close", "the connection was closed before the answer was complete"),
    ("/endless", "the body is larger than 1024 KiB"),
    ("/endless-headers", "the headers of the answer are larger than 64 KiB, or too many"),
    ("/garbage", "the answer is not HTTP"),
    ("/two-lengths", "the answer is not HTTP"),
    ("/bad-chunk", "the answer is not HTTP: Invalid chunk size"),
    ("/ok", "the body does not contain \"more\""),
    ("/long", "the body does not contain \"more\""),
    ("/redirect", "status 302 to \"\" instead of 200"),
    ("/none", "status 404 instead of 200"),
];

#[test]
fn what_is_wrong_with_bad_tasks_is_said_in_the_last_line_of_the_log() {
    let check = |path: &str, said: &str| {
        let stage = Stage::new();
        // Only what hangs is given up soon: a busy machine is slow.
        let seconds = if said.contains("within 0.4 s") { 0.4 } else { 10.0 };
        let checks = json!({"checks": [{"path": path, "timeout_seconds": seconds, "body_contains": "more"}]});
        let tested = stage.test(&checks);
        let at = stage.url();
        let name = path.split('?').next().unwrap_or_default();
        assert!(tested.error.starts_with(&format!("GAT10: {at}: GET {name}")), "{}", tested.log);
        assert!(!tested.passed && tested.error.contains(said), "{path}: {said}: {}", tested.log);
        assert_eq!(tested.log.matches("ERROR").count(), 1, "{}", tested.log);
        assert!(tested.invocation.elapsed < Duration::from_secs(10), "{path}: {:?}", tested.invocation.elapsed);
    };
    std::thread::scope(|scope| {
        for row in BAD.chunks(4) {
            scope.spawn(move || row.iter().for_each(|(path, said)| check(path, said)));
        }
    });
}

#[test]
fn a_body_that_is_longer_than_it_says_does_not_reach_the_next_answer() {
    let stage = Stage::new();
    let checks = json!({"checks": [{"path": "/long", "requests": 5, "body_contains": "ready"}]});
    let tested = stage.test(&checks);
    // The rest of the first body is no second answer: each request is answered by a new connection.
    assert!(tested.passed, "{}", tested.log);
    assert_eq!(stage.target.requests().len(), 5);
}

#[test]
fn several_requests_are_counted_and_every_failed_check_is_named() {
    let stage = Stage::new();
    let checks = json!({"checks": [
        {"path": "/flaky", "requests": 8, "success_ratio": 0.9},
        {"path": "/ok"},
        {"path": "/slow?80", "requests": 4, "latency_ms": {"p50": 20}},
    ]});
    let tested = stage.test(&checks);
    assert!(!tested.passed);
    let parts = [
        "GET /flaky: 2 of 8 requests failed, 8 must succeed: status 502 instead of 200 (2 times)",
        "; GAT11: GET /slow?80: p50 of 4 requests is ",
        " ms, limit 20 ms",
    ];
    for part in parts {
        assert!(tested.error.contains(part), "{part}: {}", tested.error);
    }
    assert!(tested.log.contains("GET /ok: 1 of 1 request answered as expected"), "{}", tested.log);
}

#[test]
fn no_other_host_is_asked() {
    let stage = Stage::new();
    let elsewhere = Target::start(None);
    let other = format!("http://127.0.0.1:{}", elsewhere.port());
    let checks = |path: &str| json!({"checks": [{"path": path, "follow_redirects": true, "requests": 2}]});
    for location in [
        format!("{other}/ok"),
        format!("//127.0.0.1:{}/ok", elsewhere.port()),
        format!("{}@127.0.0.1:{}/ok", stage.url(), elsewhere.port()),
        format!("https://127.0.0.1:{}/ok", stage.target.port()),
    ] {
        stage.target.set_location(&location);
        let tested = stage.test(&checks("/redirect"));
        assert!(!tested.passed, "{location}");
        assert!(tested.error.contains(&format!("status 302 to \"{location}\" instead of 200")), "{}", tested.error);
    }
    for location in ["/ok".to_owned(), format!("{}/ok", stage.url())] {
        stage.target.set_location(&location);
        assert!(stage.test(&checks("/redirect")).passed, "{location}");
    }
    // For ever round in a circle.
    stage.target.set_location("/redirect");
    assert!(!stage.test(&checks("/redirect")).passed);

    // A proxy is for AWS. `localhost` is the same host under a name that NO_PROXY does not have.
    let mut environment = stage.environment(&checks("/ok")).with("NO_PROXY", "127.0.0.1");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"] {
        environment = environment.with(name, &other);
    }
    let url = format!("http://localhost:{}", stage.target.port());
    let tested = stage.invoke(environment.with("CHECKS_URL", &url), TIMEOUT);
    assert!(tested.passed, "{}", tested.log);
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_host_that_refuses_or_does_not_exist_is_named() {
    let stage = Stage::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let checks = json!({"checks": [{"path": "/"}]});
    for (url, said) in [
        (format!("http://127.0.0.1:{free}"), format!("cannot connect to http://127.0.0.1:{free}: connection refused")),
        ("http://no-such-host.invalid".to_owned(), "cannot connect to http://no-such-host.invalid: ".to_owned()),
    ] {
        let tested = stage.invoke(stage.environment(&checks).with("CHECKS_URL", &url), TIMEOUT);
        assert!(!tested.passed && tested.error.contains(&said), "{}", tested.log);
    }
}
