//! Every answer of CodePipeline to a report, and how the function reacts.

use super::*;

fn refuse(code: &str) -> Fault {
    Fault::Refuse { status: 400, code: code.to_owned(), message: format!("{code} of the test") }
}

/// The outcome for Lambda, the state of the job, and the reports that were sent, `S` or `F`, refused ones included.
fn play(parameters: &Value, faults: &[(&str, &str)]) -> (bool, JobState, String, FakeAws, JobEvent) {
    let stage = Stage::new();
    for (action, code) in faults {
        stage.aws.fail_next(action, [refuse(code)]);
    }
    let event = stage.event(parameters);
    let done = stage.invoke(&event);
    let sent = stage
        .aws
        .all_calls()
        .iter()
        .filter_map(|call| match call.operation.as_str() {
            "PutJobSuccessResult" => Some('S'),
            "PutJobFailureResult" => Some('F'),
            _ => None,
        })
        .collect();
    (matches!(done.outcome, Outcome::Response(_)), stage.aws.job(event.id()).state, sent, stage.aws, event)
}

const SUCCESS: &str = "codepipeline:PutJobSuccessResult";
const FAILURE: &str = "codepipeline:PutJobFailureResult";

#[test]
fn each_answer_to_a_success_has_its_consequence() {
    let parameters = json!({"task_definition": "app"});
    let check = |faults: &[(&str, &str)], handled: bool, state: JobState, sent: &str| {
        let (was_handled, was, reports, ..) = play(&parameters, faults);
        assert_eq!((was_handled, was, reports.as_str()), (handled, state, sent), "{faults:?}");
    };
    check(&[], true, JobState::Succeeded, "S");
    check(&[(SUCCESS, "ThrottlingException")], true, JobState::Succeeded, "SS");
    // Somebody else ended the job: nothing more is said, least of all the opposite.
    check(&[(SUCCESS, "InvalidJobStateException")], true, JobState::InProgress, "S");
    check(&[(SUCCESS, "JobNotFoundException")], true, JobState::InProgress, "S");
    check(&[(SUCCESS, "ValidationException")], true, JobState::Failed, "SF");
    check(&[(SUCCESS, "OutputVariablesSizeExceededException")], true, JobState::Succeeded, "SS");
    check(&[(SUCCESS, "AccessDeniedException")], false, JobState::InProgress, "S");
}

#[test]
fn each_answer_to_a_failure_has_its_consequence() {
    let parameters = json!({"task_definition": "none"});
    let check = |faults: &[(&str, &str)], handled: bool, state: JobState, sent: &str| {
        let (was_handled, was, reports, ..) = play(&parameters, faults);
        assert_eq!((was_handled, was, reports.as_str()), (handled, state, sent), "{faults:?}");
    };
    check(&[], true, JobState::Failed, "F");
    check(&[(FAILURE, "ThrottlingException")], true, JobState::Failed, "FF");
    check(&[(FAILURE, "InvalidJobStateException")], true, JobState::InProgress, "F");
    check(&[(FAILURE, "JobNotFoundException")], true, JobState::InProgress, "F");
    check(&[(FAILURE, "ValidationException")], true, JobState::Failed, "FF");
    check(&[(FAILURE, "AccessDeniedException")], false, JobState::InProgress, "F");
}

#[test]
fn output_variables_that_are_too_large_lose_the_images_only() {
    let (.., aws, event) =
        play(&json!({"task_definition": "app"}), &[(SUCCESS, "OutputVariablesSizeExceededException")]);
    let variables = aws.job(event.id()).results[0]["outputVariables"].clone();
    assert!(variables["artifact_sha256"].is_string() && variables["task_definition_arn"].is_string(), "{variables}");
    assert!(variables.get("image_app").is_none(), "{variables}");
}

#[test]
fn a_failure_that_is_not_accepted_is_said_again_in_plain_words() {
    let (.., aws, event) = play(&json!({"task_definition": "none"}), &[(FAILURE, "ValidationException")]);
    let message = aws.job(event.id()).results[0]["failureDetails"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("TD01") && message.len() <= 500 && message.is_ascii(), "{message}");
}
