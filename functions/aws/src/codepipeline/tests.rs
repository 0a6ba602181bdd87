use super::*;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws};
use serde_json::json;

const JOB: &str = "11111111-abcd-1111-abcd-111111abcdef";
/// Longer than a loaded machine takes for an answer.
const ATTEMPT: Duration = Duration::from_secs(30);

fn success() -> Success {
    Success {
        job_id: JOB.to_owned(),
        output_variables: vec![("ArtifactSha256".to_owned(), "ab".to_owned()), ("Empty".to_owned(), String::new())],
        summary: "app:7".to_owned(),
        external_execution_id: "rid".to_owned(),
    }
}

fn failure(kind: Kind, message: &str) -> Failure {
    Failure { job_id: JOB.to_owned(), kind, message: message.to_owned(), external_execution_id: String::new() }
}

/// Plays one answer to both reports and names the variants that come back; each must be sent exactly once.
async fn check(answer: fn() -> Answer, expect: &str) {
    let fake = FakeAws::start(vec![answer(), answer()]);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let attempt = if matches!(answer(), Answer::Hang) { Duration::from_millis(300) } else { ATTEMPT };
    let first = put_success(&aws, &success(), attempt).await;
    let second = put_failure(&aws, &failure(Kind::Input, "no"), attempt).await;
    for result in [first, second] {
        let variant = match &result {
            Ok(()) => "done".to_owned(),
            Err(PutError::Retryable { ambiguous, error }) => {
                format!("retry {} ambiguous={ambiguous}", error.code())
            }
            Err(PutError::Other(error)) => format!("other {error}"),
            Err(PutError::Final(fault) | PutError::Invalid(fault) | PutError::TooManyVariables(fault)) => {
                fault.to_string()
            }
        };
        assert!(variant.contains(expect), "{variant}\nexpected: {expect}");
        assert!(!format!("{result:?}").contains("planted"));
    }
    assert_eq!(fake.requests().len(), 2);
}

fn typed(code: &str, message: &str) -> Answer {
    Answer::json(400, &format!(r#"{{"__type":"{code}","message":"{message}"}}"#))
}

#[tokio::test]
async fn every_answer_says_how_to_go_on() {
    check(|| Answer::json(200, ""), "done").await;
    check(|| Answer::json(500, "{}"), "retry AWS07 ambiguous=true").await;
    check(|| Answer::text(503, "<html>"), "retry AWS07 ambiguous=true").await;
    check(|| typed("ThrottlingException", "Rate exceeded"), "retry AWS06 ambiguous=false").await;
    check(|| Answer::Close, "retry AWS09 ambiguous=true").await;
    check(|| Answer::Hang, "retry AWS08 ambiguous=true").await;
    check(|| typed("InvalidJobStateException", "x"), "JOB01").await;
    check(|| typed("JobNotFoundException", "x"), "JOB02").await;
    check(|| typed("ValidationException", "1 validation error"), "JOB03: the report is not valid: 1 validation").await;
    check(|| typed("OutputVariablesSizeExceededException", "x"), "JOB04").await;
    let denied = || typed("AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized to perform: a:B");
    check(denied, "access denied for arn:aws:iam::1:user/x").await;
    check(|| typed("ExpiredTokenException", "x"), "other codepipeline:PutJob").await;
    check(|| typed("ActionNotFoundException", "x"), "other").await;
}

#[tokio::test]
async fn success_carries_variables_and_leaves_empty_members_out() {
    let fake = FakeAws::start(vec![Answer::json(200, ""), Answer::json(200, "")]);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    put_success(&aws, &success(), ATTEMPT).await.unwrap();
    put_success(&aws, &Success { job_id: JOB.to_owned(), ..Success::default() }, ATTEMPT).await.unwrap();
    let [first, second] = &fake.requests()[..] else { panic!("two requests") };
    assert_eq!(first.header("x-amz-target"), Some("CodePipeline_20150709.PutJobSuccessResult"));
    let expect = json!({"jobId": JOB, "outputVariables": {"ArtifactSha256": "ab", "Empty": ""},
        "executionDetails": {"summary": "app:7", "externalExecutionId": "rid"}});
    assert_eq!(first.body_json(), expect);
    assert_eq!(second.body_json(), json!({"jobId": JOB}));
}

#[tokio::test]
async fn variables_that_cannot_be_accepted_are_not_sent() {
    let fake = FakeAws::start(Vec::new());
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    for (name, bytes, expect) in [("a b", 1, "JOB03"), ("", 1, "JOB03"), ("Big", OUTPUT_VARIABLES_LIMIT - 2, "JOB04")] {
        let output_variables = vec![(name.to_owned(), "x".repeat(bytes))];
        let error = put_success(&aws, &Success { output_variables, ..success() }, ATTEMPT).await.unwrap_err();
        assert_eq!(Fault::from(error).code(), expect, "{name}");
    }
    assert!(variables(&[("Big".to_owned(), "x".repeat(OUTPUT_VARIABLES_LIMIT - 3))]).is_ok());
    assert_eq!(fake.requests().len(), 0);
}

#[tokio::test]
async fn failure_always_has_a_type_and_a_message() {
    let cases = [
        (Kind::Configuration, "m", "ConfigurationError", "m"),
        (Kind::Denied, "m", "PermissionError", "m"),
        (Kind::NotFound, "m", "RevisionUnavailable", "m"),
        (Kind::Unavailable, "m", "SystemUnavailable", "m"),
        (Kind::Input, "m", "JobFailed", "m"),
        (Kind::Bug, " \n", "JobFailed", "failed without a message"),
    ];
    let fake = FakeAws::start(cases.iter().map(|_| Answer::json(200, "")).collect());
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    for (kind, message, expect_type, expect_message) in cases {
        put_failure(&aws, &failure(kind, message), ATTEMPT).await.unwrap();
        let requests = fake.requests();
        let request = requests.last().unwrap();
        assert_eq!(request.header("x-amz-target"), Some("CodePipeline_20150709.PutJobFailureResult"));
        let details = json!({"type": expect_type, "message": expect_message});
        assert_eq!(request.body_json(), json!({"jobId": JOB, "failureDetails": details}));
    }
}

#[tokio::test]
async fn a_connection_that_was_opened_before_serves_the_report() {
    let fake = FakeAws::start(vec![Answer::json(200, "")]);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    open_connection(&aws, ATTEMPT).await;
    assert_eq!(fake.accepted(1).await, 1);
    assert!(fake.requests().is_empty(), "nothing is sent");
    put_success(&aws, &success(), ATTEMPT).await.unwrap();
    assert_eq!((fake.requests().len(), fake.connections(), fake.accepted(1).await), (1, 1, 1));
}
