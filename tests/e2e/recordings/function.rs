//! What CodePipeline and Lambda send to the function and to its watchdog.

use std::time::Duration;

use e2e::{
    environment::Environment,
    fake_aws::{Credentials, FakeAws, codepipeline::JobState, faults::Fault, s3::Bucket},
    programs,
    runtime_api::{Lambda, Outcome},
    samples, unique,
};

use super::*;

const TIMEOUT: Duration = Duration::from_secs(10);
const OWNER: &str = "123456789012";

/// The account of the recorded job.
fn account() -> (FakeAws, Credentials) {
    let aws = FakeAws::start();
    aws.add_bucket(Bucket::new("codepipeline-eu-west-1-123456789012", OWNER, REGION));
    aws.add_task_definition(&samples::task_definition(OWNER, REGION, "app", 7, "x").to_string());
    let action = aws.session(OWNER, "action", &["s3:*", "kms:*"]);
    (aws, action)
}

/// The recorded event with an id of its own, credentials that the fake knows, and these UserParameters.
fn event(aws: &FakeAws, action: &Credentials, parameters: &Value) -> (String, Value) {
    let mut event = recorded("job-event")["event"].clone();
    let (id, job) = (unique::job_id(), &mut event["CodePipeline.job"]);
    aws.add_job(OWNER, &id);
    job["id"] = json!(id);
    job["data"]["actionConfiguration"]["configuration"]["UserParameters"] = json!(parameters.to_string());
    let keys = &mut job["data"]["artifactCredentials"];
    keys["accessKeyId"] = json!(action.access_key_id);
    keys["secretAccessKey"] = json!(action.secret_access_key);
    keys["sessionToken"] = json!(action.session_token);
    keys["expirationTime"] = json!(4_102_444_800_000_u64);
    (id, event)
}

fn function(aws: &FakeAws, allow: &[&str]) -> Lambda {
    let environment = Environment::of_lambda(&aws.url(), REGION, &aws.session(OWNER, "function", allow));
    Lambda::start(programs::lambda(), environment)
}

#[test]
fn the_recorded_job_is_done() {
    let (aws, action) = account();
    let (id, event) = event(&aws, &action, &json!({"task_definition": "app"}));
    let done = function(&aws, &["ecs:*", "codepipeline:PutJob*"]).invoke(&event.to_string(), TIMEOUT);
    assert!(matches!(done.outcome, Outcome::Response(_)), "{done:?}");
    let job = aws.job(&id);
    assert_eq!((job.state, job.results.len()), (JobState::Succeeded, 1), "{:?}", job.results);
    let made = aws.object("codepipeline-eu-west-1-123456789012", "pipeline-name-first20/codedeploy/HiJkLmN");
    assert!(made.is_some_and(|object| object.kms_key.is_some()), "the pipeline names no key: that of the account");
}

#[test]
fn the_recorded_failure_of_an_invocation_is_reported_by_the_watchdog() {
    let (aws, action) = account();
    let mut watchdog = function(&aws, &["codepipeline:PutJobFailureResult"]);
    let mut record = recorded("destination-record")["record"].clone();
    let done = watchdog.invoke(&record.to_string(), TIMEOUT);
    assert!(matches!(done.outcome, Outcome::Response(_)), "{done:?}");
    assert_eq!(aws.all_calls().len(), 0, "what was recorded is no job");
    let (id, event) = event(&aws, &action, &json!({"task_definition": "app"}));
    record["requestPayload"] = event;
    watchdog.invoke(&record.to_string(), TIMEOUT);
    let job = aws.job(&id);
    assert_eq!((job.state, job.results.len()), (JobState::Failed, 1), "{:?}", job.results);
    let message = job.results[0]["failureDetails"]["message"].as_str().expect("a message");
    contains(message, &["JOB07", "function generate", "RetriesExhausted", "Test exception (this is intentional)"]);
}

/// The same errors of S3 that an upload meets, of the key that the pipeline names.
#[test]
fn a_key_that_cannot_be_used_fails_the_job_as_a_configuration() {
    let errors = recorded("s3-kms-errors")["errors"].clone();
    for error in errors.as_array().expect("errors") {
        let (aws, action) = account();
        let (id, event) = event(&aws, &action, &json!({"task_definition": "app"}));
        let text = |name: &str| error[name].as_str().expect("a text").to_owned();
        aws.fail_always("s3:PutObject", Fault::Refuse { status: 400, code: text("Code"), message: text("Message") });
        function(&aws, &["ecs:*", "codepipeline:PutJob*"]).invoke(&event.to_string(), TIMEOUT);
        let job = aws.job(&id);
        assert_eq!((job.state, job.results.len()), (JobState::Failed, 1), "{:?}", job.results);
        let details = &job.results[0]["failureDetails"];
        assert_eq!(details["type"], "ConfigurationError", "{details}");
        let message = details["message"].as_str().expect("a message");
        contains(message, &["S3-09", text("Message").trim_end_matches('.'), "artifact store"]);
    }
}

/// A function that is entered as a hook of ECS by mistake does nothing, and fails nothing.
#[test]
fn events_of_deployments_by_ecs_are_no_jobs() {
    let (aws, _) = account();
    let mut function = function(&aws, &["ecs:*", "codepipeline:PutJob*"]);
    for event in recorded("native-events")["events"].as_array().expect("events") {
        let done = function.invoke(&event.to_string(), TIMEOUT);
        assert!(matches!(done.outcome, Outcome::Response(_)), "{event}: {done:?}");
    }
    assert_eq!(aws.all_calls().len(), 0);
}
