//! Rows 1 to 13: what CodePipeline sends, or somebody in its name.

use super::*;

#[test]
fn an_event_without_a_job_is_logged_and_makes_no_call() {
    let world = World::new();
    let id = e2e::unique::job_id();
    let (not_a_job, no_id, bad_id) = (
        "EVT01: not a CodePipeline job event: key \"CodePipeline.job\" is missing",
        "EVT02: CodePipeline.job.id is missing; the job cannot be reported",
        "EVT03: CodePipeline.job.id is not a UUID",
    );
    for (number, event, expect) in [
        (1, json!({}), not_a_job),
        (1, json!([]), not_a_job),
        (1, json!(null), not_a_job),
        (1, json!({"Records": [{"s3": {}}]}), not_a_job),
        (2, json!({"CodePipeline.job": {}}), no_id),
        (2, json!({"CodePipeline.job": null}), no_id),
        (2, json!({"CodePipeline.job": {"id": null, "data": {}}}), no_id),
        (3, json!({"CodePipeline.job": {"id": "../../x"}}), bad_id),
        (3, json!({"CodePipeline.job": {"id": ""}}), bad_id),
        (3, json!({"CodePipeline.job": {"id": 7}}), bad_id),
        (3, json!({"CodePipeline.job": {"id": id.to_uppercase()}}), bad_id),
        (3, json!({"CodePipeline.job": {"id": format!("{id} ")}}), bad_id),
    ] {
        let mut lambda = world.lambda(&[]);
        let done = lambda.invoke(&event.to_string(), TIMEOUT);
        assert!(matches!(done.outcome, Outcome::Response(_)), "row {number}: {done:?}");
        let log = lambda.log();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert!(lines.len() == 1 && lines[0].contains(&format!("{expect}; ")), "row {number}: {log}");
    }
    assert!(world.aws.all_calls().is_empty());
}

#[test]
fn an_odd_job_is_reported_by_the_member_that_is_odd() {
    let world = World::new();
    let artifact = |name: &str, kind: &str| {
        let location = json!({"bucketName": "artifacts", "objectKey": "k"});
        json!({"name": name, "location": {"type": kind, "s3Location": location}})
    };
    let data = |number, name: &'static str, value: Value| {
        event_row(number, move |event| event.data(name, value.clone())).asks_nobody()
    };
    let secret = secrets::planted("a secret in the wrong place");
    let seven_minutes_ago = (time::OffsetDateTime::now_utc().unix_timestamp() - 7 * 60 - 5) * 1000;
    let two = json!([artifact("a", "S3"), artifact("b", "S3")]);
    let chosen = json!({"task_definition": "app", "output_artifact": "c"}).to_string();
    world.play(
        &[],
        &[
            data(4, "inputArtifacts", json!(secret)).says("EVT04: data.inputArtifacts must be a list", CONFIGURATION),
            data(4, "outputArtifacts", json!([{"name": 1}]))
                .says("EVT04: data.outputArtifacts[0].name must be text", CONFIGURATION),
            data(4, "artifactCredentials", json!({"accessKeyId": secret}))
                .says("EVT04: data.artifactCredentials.sessionToken is missing", CONFIGURATION),
            data(4, "actionConfiguration", json!([secret]))
                .says("EVT04: data.actionConfiguration must be a map", CONFIGURATION),
            data(5, "outputArtifacts", json!([])).says("EVT05: this action has no output artifact", CONFIGURATION),
            data(6, "outputArtifacts", two.clone()).says(
                "EVT06: this action has 2 output artifacts (a, b), but `output_artifact` is not set",
                CONFIGURATION,
            ),
            Row { parameters: chosen, ..data(6, "outputArtifacts", two) }.says(
                "EVT06: `output_artifact`: \"c\" is not an output artifact of this action (has: a, b)",
                CONFIGURATION,
            ),
            data(7, "artifactCredentials", Value::Null)
                .says("EVT07: the event has no artifactCredentials", CONFIGURATION),
            event_row(8, move |event| event.keys_expire_at(Some(seven_minutes_ago)))
                .says("EVT08: the event was delivered late: its artifact credentials expired 7 min ago", DENIED)
                .asks_nobody(),
            data(11, "inputArtifacts", json!([artifact("Source", "GITHUB")]))
                .says("EVT11: artifact location type \"GITHUB\" is not supported; only S3 is", CONFIGURATION),
            data(12, "encryptionKey", json!({"id": "k", "type": "AES"}))
                .says("EVT12: encryption key type \"AES\" is not supported; only KMS is", CONFIGURATION),
        ],
    );
}

#[test]
fn a_job_of_an_account_or_bucket_that_is_not_allowed_is_refused() {
    let world = World::new();
    let foreign = event_row(9, |event| event)
        .says("EVT09: the job is from account 111111111111, but this function accepts only 222222222222", DENIED);
    world.play(&[("ALLOWED_ACCOUNTS", "222222222222")], &[foreign.asks_nobody()]);
    let elsewhere = event_row(10, |event| event)
        .says("EVT10: bucket \"artifacts\" is not allowed (allowed: codepipeline-eu-*, builds)", DENIED);
    world.play(&[("ALLOWED_BUCKETS", "codepipeline-eu-*,builds")], &[elsewhere.asks_nobody()]);
}

#[test]
fn an_event_beyond_all_limits_is_reported_all_the_same() {
    let world = World::new();
    let mut lambda = world.lambda(&[]);
    let mut check = |member: &str, expect: &str| {
        // In front of the job, and inside it: its id is found behind both.
        for before in ["{\"CodePipeline.job\"", "\"data\":{\""] {
            let event = JobEvent::new(TOOLS, &world.action);
            world.aws.add_job(TOOLS, event.id());
            let (text, after) = (event.text(), before.rfind('{').unwrap() + 1);
            let at = text.find(before).unwrap() + after;
            let text = format!("{}{member},{}", &text[..at], &text[at..]);
            let found = world.reported(&mut lambda, event.id(), &text);
            let message = found.lines().next().unwrap_or_default();
            assert!(
                message.starts_with("ConfigurationError EVT13: the event cannot be parsed: ")
                    && message.ends_with(expect),
                "{found}"
            );
            assert!(found.contains("\nhint: "), "{found}");
        }
    };
    let deep = format!("\"x\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check(&deep, "nested deeper than 64 levels");
    check(&format!("\"x\":\"{}\"", "x".repeat(6 * 1024 * 1024)), "bytes; the limit is 6291456");
    check(&format!("\"x\":[{}0]", "0,".repeat(30_000)), "more than 20000 values and keys");
    check(r#""x":"\ud800""#, "unexpected end of hex escape");
}

/// Lambda's own runtime refuses what is not JSON before this function sees it; the process goes on.
#[test]
fn a_body_that_is_not_json_makes_no_call_and_the_next_job_is_done() {
    let world = World::new();
    let mut lambda = world.lambda(&[]);
    for body in ["not json", "{\"CodePipeline.job\":{\"id\":\"", "[1,"] {
        let done = lambda.invoke(body, TIMEOUT);
        assert!(matches!(done.outcome, Outcome::Error { .. }), "{body}: {done:?}");
    }
    assert!(world.aws.all_calls().is_empty());
    let event = world.event(&event_row(13, |event| event));
    world.aws.add_job(TOOLS, event.id());
    lambda.invoke(&event.text(), TIMEOUT);
    assert_eq!(world.aws.job(event.id()).state, JobState::Succeeded);
}
