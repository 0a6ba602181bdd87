//! One result, before the deadline, whoever asks and whatever is wrong.

use super::*;

#[test]
fn amazon_ecs_gets_its_answer_and_no_call_is_made() {
    let stage = Stage::new();
    let ask = |path: &str, event: &Value| {
        let mut lambda = stage.lambda(&json!({"checks": [{"path": path}]}));
        answer(&lambda.invoke(&event.to_string(), TIMEOUT))
    };
    assert_eq!(ask("/ok", &ecs_event("POST_TEST_TRAFFIC_SHIFT", 100)), json!({"hookStatus": "SUCCEEDED"}));
    assert_eq!(ask("/error", &ecs_event("POST_TEST_TRAFFIC_SHIFT", 100)), json!({"hookStatus": "FAILED"}));
    assert_eq!(stage.target.requests().len(), 2);
    // In a rollback the green tasks no longer have test traffic: a check would test the blue ones, and stop the rollback.
    assert_eq!(ask("/error", &ecs_event("TEST_TRAFFIC_SHIFT", 0)), json!({"hookStatus": "SUCCEEDED"}));
    assert_eq!(stage.target.requests().len(), 2);
    // Whoever sends this waits for an answer of either kind.
    assert_eq!(ask("/ok", &json!({"DeploymentId": "d-1"})), json!({"hookStatus": "FAILED"}));
    assert_eq!((stage.aws.all_calls().len(), stage.target.requests().len()), (0, 2));
}

#[test]
fn alarms_are_looked_at_and_must_exist() {
    let stage = Stage::new();
    let test = |alarms: &[&str]| {
        let checks = json!({"checks": [{"path": "/ok"}], "alarms": alarms[..1]});
        let more = json!(alarms[1..]).to_string();
        stage.invoke(stage.environment(&checks).with("CHECKS_ALARMS", &more), TIMEOUT)
    };
    stage.aws.set_alarm("calm", "OK");
    stage.aws.set_alarm("new", "INSUFFICIENT_DATA");
    stage.aws.set_alarm("5xx", "ALARM");
    stage.aws.set_composite_alarm("all", "ALARM");
    let tested = test(&["calm", "new"]);
    assert!(tested.passed, "{}", tested.log);
    let tested = test(&["calm", "5xx", "all"]);
    assert!(!tested.passed);
    for part in ["GAT12: ", "alarm 5xx is in ALARM: Threshold Crossed: 1 datapoint [12.0]", "; alarm all is in ALARM: "]
    {
        assert!(tested.error.contains(part), "{part}: {}", tested.error);
    }
    let tested = test(&["calm", "gone"]);
    assert!(!tested.passed && tested.error.contains("no such alarm in eu-west-1: gone"), "{}", tested.error);

    let denied = stage.aws.session(ACCOUNT, "gate", &[PUT]);
    let stage = Stage { function: denied, ..stage };
    let tested = stage.test(&json!({"alarms": ["calm"]}));
    let action = "cloudwatch:DescribeAlarms";
    assert!(!tested.passed && tested.error.contains("AWS01: ") && tested.error.contains(action), "{}", tested.error);
}

#[test]
fn alarms_are_watched_after_the_requests() {
    let stage = Stage::new();
    stage.aws.set_alarm("5xx", "OK");
    let checks = json!({"checks": [{"path": "/ok"}], "alarms": "5xx", "watch_seconds": 30});
    let tested = std::thread::scope(|scope| {
        scope.spawn(|| {
            while stage.aws.calls("cloudwatch:DescribeAlarms").is_empty() {
                std::thread::sleep(Duration::from_millis(10));
            }
            stage.aws.set_alarm("5xx", "ALARM");
        });
        stage.test(&checks)
    });
    assert!(!tested.passed && tested.error.contains("alarm 5xx is in ALARM"), "{}", tested.log);
    assert_eq!(stage.aws.calls("cloudwatch:DescribeAlarms").len(), 2);
}

#[test]
fn a_wrong_configuration_is_a_result_too() {
    let stage = Stage::new();
    let base = stage.environment(&json!({"checks": [{"path": "/ok"}]}));
    for (environment, said) in [
        (base.clone().with("CHECKS", "{}"), "GAT03: there is nothing to check"),
        (base.clone().without("CHECKS"), "GAT01: the environment variable CHECKS is not set"),
        (base.clone().with("CHECKS", "checks: ["), "GAT01: CHECKS is not valid: "),
        (base.clone().with("CHECKS", "cheks: []"), "there is no key \"cheks\"; did you mean \"checks\"?"),
        (base.clone().with("CHECKS_ALARM", "[]"), "did you mean \"CHECKS_ALARMS\"?"),
        (base.clone().with("CHECKS_URL", "ftp://x"), "GAT03: CHECKS_URL must be http:// or https://"),
        (base.clone().with("CHECKS_URL", "https://localhost:1").with("CHECKS_CA_FILE", "/none"), "GAT04: "),
    ] {
        let tested = stage.invoke(environment, TIMEOUT);
        assert!(!tested.passed && tested.error.contains(said), "{said}: {}", tested.log);
    }
    assert_eq!(stage.target.connections(), 0);
}

#[test]
fn tasks_that_hang_for_long_are_reported_well_before_the_deadline() {
    let check = |seconds: u64, checks: &Value, said: &str| {
        let stage = Stage::new();
        let tested = stage.invoke(stage.environment(checks), Duration::from_secs(seconds));
        assert!(!tested.passed && tested.error.contains(said), "{}", tested.log);
        assert!(tested.error.contains("GAT14: ") && tested.error.contains("not finished after "), "{}", tested.error);
        assert_eq!(tested.error.contains("status 500 instead of 200; "), checks["checks"][0]["path"] == "/error");
        let left = tested.invocation.before_deadline;
        assert!(left >= Duration::from_secs(2), "{left:?} left");
    };
    let hang = json!({"checks": [{"path": "/error"}, {"path": "/hang", "timeout_seconds": 60}]});
    std::thread::scope(|scope| {
        let said = "during check 2 (GET /hang); ";
        scope.spawn(move || check(10, &hang, said));
        let many = json!({"checks": [{"path": "/hang", "timeout_seconds": 1, "requests": 1000}]});
        scope.spawn(move || check(9, &many, "during check 1 (GET /hang); "));
        let delay = json!({"delay_seconds": 600, "checks": [{"path": "/ok"}]});
        scope.spawn(move || check(8, &delay, "during delay_seconds; "));
    });
}

#[test]
fn a_report_that_is_lost_or_hangs_is_sent_again_and_counts_once() {
    std::thread::scope(|scope| {
        for fault in [
            Fault::ResetBefore,
            Fault::ResetAfter,
            Fault::InternalError,
            Fault::Throttled,
            Fault::CutBody,
            Fault::Hang,
            Fault::HangAfter,
        ] {
            scope.spawn(move || {
                let stage = Stage::new();
                stage.aws.fail_next(PUT, [fault.clone(), fault.clone()]);
                let event = stage.aws.add_hook(ACCOUNT);
                let mut lambda = stage.lambda(&json!({"checks": [{"path": "/ok"}]}));
                let done = lambda.invoke(&event.to_string(), TIMEOUT);
                assert_eq!(answer(&done), json!({"hookStatus": "SUCCEEDED"}), "{fault:?}: {}", lambda.log());
                assert_eq!(stage.aws.hook(&event).results, ["Succeeded"], "{fault:?}");
                assert!(done.before_deadline >= Duration::from_secs(2), "{fault:?}: {done:?}");
            });
        }
    });
}

#[test]
fn a_report_that_is_denied_is_an_error_of_the_function() {
    let stage = Stage::new();
    let stage = Stage { function: stage.aws.session(ACCOUNT, "gate", &["logs:*"]), ..stage };
    let event = stage.aws.add_hook(ACCOUNT);
    let mut lambda = stage.lambda(&json!({"checks": [{"path": "/ok"}]}));
    let done = lambda.invoke(&event.to_string(), TIMEOUT);
    let Outcome::Error { kind, message } = done.outcome else { panic!("{done:?}") };
    assert_eq!(kind, "AWS01");
    assert!(message.contains(PUT), "{message}");
    let log = lambda.log();
    assert!(log.contains("ERROR the result was not reported: AWS01: codedeploy:Put"), "{log}");
}

#[test]
fn credentials_of_a_check_are_not_in_the_log() {
    let stage = Stage::new();
    let secret = e2e::secrets::planted("header of a check");
    for path in ["/ok", "/error"] {
        let authorization = format!("Bearer {secret}");
        let tested =
            stage.test(&json!({"checks": [{"path": path, "request_headers": {"Authorization": authorization}}]}));
        assert_eq!(tested.passed, path == "/ok");
    }
    assert!(stage.target.requests()[0].headers.iter().any(|header| header.contains(&secret)));
    assert_eq!(e2e::secrets::audit().1, Vec::<String>::new());
}
