//! Jobs that fail: each is reported once, with the failure type of its fault.

use super::*;

/// The failure of a job with these parameters, as `TYPE: message`.
fn failure(stage: &Stage, event: &JobEvent) -> String {
    let done = stage.invoke(event);
    assert!(matches!(done.outcome, Outcome::Response(_)), "a reported failure is a handled event: {done:?}");
    let job = stage.aws.job(event.id());
    assert_eq!((job.state, job.results.len()), (JobState::Failed, 1), "{:?}", job.results);
    let details = &job.results[0]["failureDetails"];
    let text = |name: &str| details[name].as_str().unwrap_or_default().to_owned();
    secrets::capture("a failure message", job.results[0].to_string().as_bytes());
    format!("{}: {}", text("type"), text("message"))
}

#[test]
fn each_failure_says_who_has_to_act() {
    let check = |spoil: &dyn Fn(&Stage), parameters: Value, expect: &[&str]| {
        let stage = Stage::new();
        spoil(&stage);
        let said = failure(&stage, &stage.event(&parameters));
        assert!(said.starts_with(expect[0]), "{parameters}: {said}");
        for part in &expect[1..] {
            assert!(said.contains(part), "{parameters}: no {part} in {said}");
        }
        assert_eq!(said.lines().count(), 2, "one line and one hint: {said}");
    };
    let nothing = |_: &Stage| ();
    let app = || json!({"task_definition": "app"});
    check(&nothing, json!({"task_definition": "none"}), &["RevisionUnavailable: ", "none"]);
    check(&nothing, json!({"task_definiton": "app"}), &["ConfigurationError: ", "task_definition"]);
    check(&nothing, json!({}), &["ConfigurationError: "]);
    check(&nothing, json!({"task_definition": "app", "container_name": "web"}), &["", "web", "app"]);
    let foreign = "arn:aws:iam::333333333333:role/other";
    check(&nothing, json!({"task_definition": "app", "role_arn": foreign}), &["PermissionError: ", foreign]);
    let wrong = secrets::planted("wrong external id");
    let parameters = json!({"task_definition": "far", "role_arn": READER, "external_id": wrong});
    check(&nothing, parameters, &["PermissionError: ", "sts:AssumeRole"]);
    let deny = |action: &'static str| {
        move |stage: &Stage| {
            let message = format!("User: x is not authorized to perform: {action} on resource: *");
            stage.aws.fail_always(action, Fault::Refuse { status: 403, code: "AccessDenied".to_owned(), message });
        }
    };
    check(&deny("ecs:DescribeTaskDefinition"), app(), &["PermissionError: ", "ecs:DescribeTaskDefinition"]);
    check(&deny("s3:PutObject"), app(), &["PermissionError: ", "s3:PutObject"]);
    let throttled = |stage: &Stage| stage.aws.fail_always("ecs:*", Fault::Throttled);
    check(&throttled, app(), &["SystemUnavailable: "]);
    let down = |stage: &Stage| stage.aws.fail_always("s3:*", Fault::Unavailable);
    check(&down, app(), &["SystemUnavailable: "]);
}

#[test]
fn an_odd_event_is_reported_wherever_the_job_can_be_told() {
    let stage = Stage::new();
    let event = || stage.event(&json!({"task_definition": "app"}));
    let secret = secrets::planted("a secret in the wrong place");
    for (name, value) in [
        ("inputArtifacts", json!("none")),
        ("outputArtifacts", json!([])),
        ("outputArtifacts", json!([{"name": 1}])),
        ("artifactCredentials", json!(secret)),
        ("artifactCredentials", json!({"accessKeyId": secret})),
        ("artifactCredentials", Value::Null),
        ("actionConfiguration", json!([1, 2])),
        ("encryptionKey", json!({"id": 5, "type": "KMS"})),
    ] {
        let said = failure(&stage, &event().data(name, value.clone()));
        assert!(!said.is_empty(), "{name}: {value}");
    }
    let said = failure(&stage, &event().keys_expire_at(Some(1_575_493_418_000)));
    assert!(said.contains("expired"), "{said}");
}

#[test]
fn an_event_without_a_job_makes_no_call_and_no_retry() {
    let stage = Stage::new();
    let mut lambda = stage.lambda();
    for event in [json!({}), json!([]), json!({"CodePipeline.job": {}}), json!({"CodePipeline.job": {"id": "../x"}})] {
        let done = lambda.invoke(&event.to_string(), TIMEOUT);
        assert!(matches!(done.outcome, Outcome::Response(_)), "{event}: {done:?}");
    }
    assert!(stage.aws.all_calls().is_empty());
}
