//! The final word on a CodePipeline job. Each call is sent once: whether to send it again depends on the deadline of
//! the job and on what was sent before, which its caller knows.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_codepipeline::Client;
use aws_sdk_codepipeline::types::{ExecutionDetails, FailureDetails, FailureType};
use codedeploy_core::artifact::bundle::OUTPUT_VARIABLES_LIMIT;
use codedeploy_core::fault::{Explain, Kind};

use crate::config::{Aws, Timeouts};
use crate::error::{AwsError, Facts, Why};
use crate::text::cut;

/// The longest failure message, in characters. Longer ones are cut.
pub const MESSAGE_CHARACTERS: usize = 5_000;
/// The longest summary, in characters. Longer ones are cut.
pub const SUMMARY_CHARACTERS: usize = 2_048;
/// The longest external execution id, in characters. Longer ones are cut.
pub const EXTERNAL_ID_CHARACTERS: usize = 1_500;

/// A job that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Success {
    /// Id of the job, a UUID in lower case.
    pub job_id: String,
    /// For `#{Namespace.Name}` in later actions. Names are `[A-Za-z0-9@\-_]+`; of equal names the last one counts.
    pub output_variables: Vec<(String, String)>,
    /// One line for the console; empty for none.
    pub summary: String,
    /// Such as the id of the Lambda request; empty for none.
    pub external_execution_id: String,
}

/// A job that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Id of the job, a UUID in lower case.
    pub job_id: String,
    /// Who has to act; gives the failure type.
    pub kind: Kind,
    /// What the user reads in the console.
    pub message: String,
    /// Such as the id of the Lambda request; empty for none.
    pub external_execution_id: String,
}

/// Why a report was not accepted: one variant for each way in which its sender has to go on.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// A fault that may pass: 5xx, throttling, a broken connection, no answer in time.
    #[error("{error}")]
    Retryable {
        /// Whether CodePipeline may have taken the report all the same: everything but throttling.
        ambiguous: bool,
        /// What happened.
        error: AwsError,
    },
    /// The job has its final result already.
    #[error("the job is final already (InvalidJobStateException)")]
    InvalidJobState,
    /// CodePipeline does not know the job, or not any more.
    #[error("CodePipeline does not know the job (JobNotFoundException)")]
    JobNotFound,
    /// CodePipeline, or this crate before it, does not accept a member of the report.
    #[error("the report is not valid: {0}")]
    Validation(String),
    /// The output variables have more than [`OUTPUT_VARIABLES_LIMIT`] bytes.
    #[error("the output variables are too large: CodePipeline takes {OUTPUT_VARIABLES_LIMIT} bytes")]
    OutputVariablesTooLarge,
    /// The role of the function lacks the permission, or its credentials are not accepted.
    #[error(transparent)]
    AccessDenied(AwsError),
    /// Anything else.
    #[error(transparent)]
    Other(AwsError),
}

impl Explain for PutError {
    fn code(&self) -> &'static str {
        match self {
            PutError::Retryable { error, .. } | PutError::AccessDenied(error) | PutError::Other(error) => error.code(),
            PutError::InvalidJobState => "JOB01",
            PutError::JobNotFound => "JOB02",
            PutError::Validation(_) => "JOB03",
            PutError::OutputVariablesTooLarge => "JOB04",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            PutError::Retryable { error, .. } | PutError::AccessDenied(error) | PutError::Other(error) => error.kind(),
            PutError::InvalidJobState | PutError::JobNotFound => Kind::NotFound,
            PutError::Validation(_) | PutError::OutputVariablesTooLarge => Kind::Bug,
        }
    }

    fn hint(&self) -> String {
        match self {
            PutError::Retryable { error, .. } | PutError::AccessDenied(error) | PutError::Other(error) => error.hint(),
            PutError::InvalidJobState => "nothing to do: the job was reported, stopped or timed out before".to_owned(),
            PutError::JobNotFound => "look in the same region and account as the pipeline".to_owned(),
            PutError::Validation(_) => "report this as a defect".to_owned(),
            PutError::OutputVariablesTooLarge => "leave the optional output variables out".to_owned(),
        }
    }
}

/// Reports success, in one attempt of at most `attempt`.
///
/// Names and size of the output variables are checked before anything is sent.
pub async fn put_success(aws: &Aws, success: &Success, attempt: Duration) -> Result<(), PutError> {
    let call = aws.call("codepipeline:PutJobSuccessResult", &success.job_id).map_err(PutError::Other)?;
    let variables = variables(&success.output_variables)?;
    let summary = cut(&success.summary, SUMMARY_CHARACTERS);
    let id = cut(&success.external_execution_id, EXTERNAL_ID_CHARACTERS);
    let details = (summary.is_some() || id.is_some())
        .then(|| ExecutionDetails::builder().set_summary(summary).set_external_execution_id(id).build());
    let answer = client(aws, attempt)
        .put_job_success_result()
        .job_id(&success.job_id)
        .set_execution_details(details)
        .set_output_variables(variables)
        .send()
        .await;
    answer.map(drop).map_err(|error| {
        let facts = Facts::of(&error);
        put_error(&facts, call.answered(facts.why(), &facts))
    })
}

/// Reports failure, in one attempt of at most `attempt`.
pub async fn put_failure(aws: &Aws, failure: &Failure, attempt: Duration) -> Result<(), PutError> {
    let call = aws.call("codepipeline:PutJobFailureResult", &failure.job_id).map_err(PutError::Other)?;
    let message = cut(&failure.message, MESSAGE_CHARACTERS).unwrap_or_else(|| "failed without a message".to_owned());
    let details = FailureDetails::builder()
        .r#type(failure_type(failure.kind))
        .message(message)
        .set_external_execution_id(cut(&failure.external_execution_id, EXTERNAL_ID_CHARACTERS))
        .build();
    let details = match details {
        Ok(details) => details,
        Err(error) => return Err(PutError::Other(call.failed(Why::NotBuilt(error.to_string())))),
    };
    let request = client(aws, attempt).put_job_failure_result().job_id(&failure.job_id).failure_details(details);
    request.send().await.map(drop).map_err(|error| {
        let facts = Facts::of(&error);
        put_error(&facts, call.answered(facts.why(), &facts))
    })
}

/// What CodePipeline calls each kind of failure in its console.
fn failure_type(kind: Kind) -> FailureType {
    match kind {
        Kind::Configuration => FailureType::ConfigurationError,
        Kind::Denied => FailureType::PermissionError,
        Kind::NotFound => FailureType::RevisionUnavailable,
        Kind::Unavailable => FailureType::SystemUnavailable,
        Kind::Input | Kind::Bug => FailureType::JobFailed,
    }
}

/// The SDK must not repeat a report by itself: after an attempt without an answer, "invalid job state" means success.
fn client(aws: &Aws, attempt: Duration) -> Client {
    let once = Timeouts { attempt, operation: attempt };
    let config = aws_sdk_codepipeline::config::Builder::from(aws.with_timeouts(once).sdk());
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

fn put_error(facts: &Facts, error: AwsError) -> PutError {
    match (facts.code(), error.kind()) {
        ("InvalidJobStateException", _) => PutError::InvalidJobState,
        ("JobNotFoundException", _) => PutError::JobNotFound,
        ("ValidationException" | "SerializationException", _) => {
            PutError::Validation(facts.message.clone().unwrap_or_default())
        }
        ("OutputVariablesSizeExceededException", _) => PutError::OutputVariablesTooLarge,
        (_, Kind::Unavailable) => PutError::Retryable { ambiguous: *error.why() != Why::Throttled, error },
        (_, Kind::Denied) => PutError::AccessDenied(error),
        _ => PutError::Other(error),
    }
}

fn variables(pairs: &[(String, String)]) -> Result<Option<HashMap<String, String>>, PutError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"@-_".contains(&byte);
    if let Some((name, _)) = pairs.iter().find(|(name, _)| name.is_empty() || !name.bytes().all(fits)) {
        let name = codedeploy_core::fault::shown(name);
        return Err(PutError::Validation(format!("output variable \"{name}\" is not of letters, digits, @, - and _")));
    }
    if pairs.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > OUTPUT_VARIABLES_LIMIT {
        return Err(PutError::OutputVariablesTooLarge);
    }
    Ok((!pairs.is_empty()).then(|| pairs.iter().cloned().collect()))
}

#[cfg(test)]
mod tests {
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
                Err(PutError::AccessDenied(error)) => format!("denied {error}"),
                Err(PutError::Other(error)) => format!("other {error}"),
                Err(error) => format!("{} {error}", error.code()),
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
        check(|| typed("ValidationException", "1 validation error"), "JOB03 the report is not valid: 1 validation")
            .await;
        check(|| typed("OutputVariablesSizeExceededException", "x"), "JOB04").await;
        let denied = || typed("AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized to perform: a:B");
        check(denied, "access denied for arn:aws:iam::1:user/x").await;
        check(|| typed("ExpiredTokenException", "x"), "denied").await;
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
        for (name, bytes, expect) in
            [("a b", 1, "JOB03"), ("", 1, "JOB03"), ("Big", OUTPUT_VARIABLES_LIMIT - 2, "JOB04")]
        {
            let output_variables = vec![(name.to_owned(), "x".repeat(bytes))];
            let error = put_success(&aws, &Success { output_variables, ..success() }, ATTEMPT).await.unwrap_err();
            assert_eq!(error.code(), expect, "{name}");
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
}
