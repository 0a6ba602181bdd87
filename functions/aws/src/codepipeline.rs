//! The final result of a CodePipeline job. Each call is sent once: whether to send it again depends on the deadline of
//! the job and on earlier attempts, which the caller knows.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_codepipeline::Client;
use aws_sdk_codepipeline::types::{ExecutionDetails, FailureDetails, FailureType};
use codedeploy_core::artifact::bundle::OUTPUT_VARIABLES_LIMIT;
use codedeploy_core::fault::{Explain, Fault, Kind, shown};
use codedeploy_core::faults;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::{Aws, OpenOnly, Timeouts};
use crate::error::{AwsError, Cause, Why};
use crate::faults::not_built;
use crate::text::cut;

/// The longest failure message, in characters. Longer ones are cut.
pub const MESSAGE_CHARACTERS: usize = 5_000;
/// The longest summary, in characters. Longer ones are cut.
pub const SUMMARY_CHARACTERS: usize = 2_048;
/// The maximum length of an external execution ID, in characters; longer ones are cut.
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
    /// The kind of fault, which determines the failure type.
    pub kind: Kind,
    /// What the user reads in the console.
    pub message: String,
    /// Such as the id of the Lambda request; empty for none.
    pub external_execution_id: String,
}

/// Why a report was not accepted: one variant for each way to continue.
#[derive(Debug)]
pub enum PutError {
    /// A temporary fault: 5xx, throttling, a broken connection, a timeout.
    Retryable {
        /// Whether CodePipeline may have accepted the report nevertheless: true for everything but throttling.
        ambiguous: bool,
        /// What happened.
        error: AwsError,
    },
    /// The job has its final result already (`JOB01`), or does not exist (`JOB02`).
    Final(Fault),
    /// CodePipeline, or this crate, does not accept a member of the report (`JOB03`).
    Invalid(Fault),
    /// The output variables have more than [`OUTPUT_VARIABLES_LIMIT`] bytes (`JOB04`).
    TooManyVariables(Fault),
    /// Any other reason, such as a missing permission.
    Other(AwsError),
}

faults! {
    /// The faults of reporting a job.
    pub(crate) const FORMS;

    /// The job has its final result already.
    fn already_final() => "JOB01" NotFound
        "the job already has its final result (InvalidJobStateException)",
        "no action is needed: the job was already reported, stopped or timed out";

    /// CodePipeline does not know the job, or no longer.
    fn job_not_found() => "JOB02" NotFound
        "CodePipeline cannot find the job (JobNotFoundException)",
        "check that the function runs in the Region and account of the pipeline";

    /// CodePipeline does not accept a member of the report.
    fn invalid_report(problem: &str) => "JOB03" Bug "the report is not valid: {problem}", "report this as a bug";

    /// The output variables are too large.
    fn too_many_variables(limit: usize) => "JOB04" Bug
        "the output variables exceed the {limit} bytes that CodePipeline allows", "remove optional output variables";
}

impl From<PutError> for Fault {
    fn from(error: PutError) -> Fault {
        match error {
            PutError::Final(fault) | PutError::Invalid(fault) | PutError::TooManyVariables(fault) => fault,
            PutError::Retryable { error, .. } | PutError::Other(error) => error.into(),
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
    call.answer(answer, cause).map(drop).map_err(put_error)
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
        Err(error) => return Err(PutError::Other(not_built(&error.to_string()).within(call).into())),
    };
    let request = client(aws, attempt).put_job_failure_result().job_id(&failure.job_id).failure_details(details);
    call.answer(request.send().await, cause).map(drop).map_err(put_error)
}

/// Begins to open a connection, for a report that follows.
pub async fn open_connection(aws: &Aws, attempt: Duration) {
    let report = client(aws, attempt).put_job_success_result().job_id("-").customize().interceptor(OpenOnly);
    // An error in any case; what is in the way of a connection is reported by the report.
    drop(report.send().await);
}

/// The failure type of each kind, as the console shows it.
pub fn failure_type(kind: Kind) -> FailureType {
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

fn cause(call: &Call, facts: &Facts) -> Cause {
    match facts.code.as_str() {
        "InvalidJobStateException" => already_final().into(),
        "JobNotFoundException" => job_not_found().into(),
        "ValidationException" | "SerializationException" => invalid_report(&facts.message).into(),
        "OutputVariablesSizeExceededException" => too_many_variables(OUTPUT_VARIABLES_LIMIT).into(),
        _ => refused(call, facts),
    }
}

fn put_error(error: AwsError) -> PutError {
    match error.code() {
        "JOB01" | "JOB02" => PutError::Final(error.into()),
        "JOB03" => PutError::Invalid(error.into()),
        "JOB04" => PutError::TooManyVariables(error.into()),
        _ if error.kind() == Kind::Unavailable => {
            PutError::Retryable { ambiguous: *error.why() != Why::Throttled, error }
        }
        _ => PutError::Other(error),
    }
}

fn variables(pairs: &[(String, String)]) -> Result<Option<HashMap<String, String>>, PutError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"@-_".contains(&byte);
    if let Some((name, _)) = pairs.iter().find(|(name, _)| name.is_empty() || !name.bytes().all(fits)) {
        let problem = format!("output variable \"{}\" may only have letters, digits, @, - and _", shown(name));
        return Err(PutError::Invalid(invalid_report(&problem)));
    }
    if pairs.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > OUTPUT_VARIABLES_LIMIT {
        return Err(PutError::TooManyVariables(too_many_variables(OUTPUT_VARIABLES_LIMIT)));
    }
    Ok((!pairs.is_empty()).then(|| pairs.iter().cloned().collect()))
}

#[cfg(test)]
mod tests;
