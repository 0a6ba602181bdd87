//! Delivers exactly one final result for a job, in every case.
//!
//! | answer | what is done |
//! |---|---|
//! | accepted | done |
//! | 5xx, throttling, reset, time-out | tried again with a pause until one second before the deadline |
//! | `InvalidJobState`, `JobNotFound` | done: the job is final, or no longer exists; the opposite result is never sent |
//! | `Validation` | a success becomes one failure report with the reason; a failure is sent once more, in plain ASCII |
//! | `OutputVariablesSizeExceeded` | a success is sent once more without the optional variables |
//! | access denied | `Err`, so that Lambda's metrics show it |

use std::time::Duration;

use codedeploy_aws::Aws;
use codedeploy_aws::codepipeline::{Failure, PutError, Success, put_failure, put_success};
use codedeploy_core::fault::{Fault, Kind};
use codedeploy_lambda::clock::{Clock, jittered};

use crate::job::JobId;
use crate::outcome::{Failed, Made};

/// The longest that one attempt may take.
pub const ATTEMPT: Duration = Duration::from_secs(5);
/// Time for a handshake and an answer.
const LEAST_ATTEMPT: Duration = Duration::from_millis(500);
/// The pause before the second attempt; doubled for each further one.
const PAUSE: Duration = Duration::from_millis(200);

/// The client and the job of a report.
pub struct Reporter<'a> {
    /// The function's own role: CodePipeline refuses the job's credentials for this.
    pub aws: &'a Aws,
    /// The job.
    pub job: &'a JobId,
    /// ID of the Lambda request, to find its log.
    pub request_id: &'a str,
    /// Until when.
    pub clock: Clock,
}

impl Reporter<'_> {
    /// Reports the result of the work.
    ///
    /// # Errors
    /// If CodePipeline did not take the report. Lambda then delivers the event again.
    pub async fn report(&self, outcome: Result<&Made, &Failed>) -> Result<(), Fault> {
        let delivered = match outcome {
            Ok(made) => self.success(made).await,
            Err(failed) => self.failure(failed.kind, &failed.report).await,
        };
        match delivered {
            Err(PutError::Final(_)) => {
                tracing::warn!(job = %self.job, "the job already has its final result; nothing was changed");
                Ok(())
            }
            other => Ok(other?),
        }
    }

    async fn success(&self, made: &Made) -> Result<(), PutError> {
        let mut success = Success {
            job_id: self.job.to_string(),
            output_variables: made.output_variables.clone(),
            summary: made.summary.clone(),
            external_execution_id: self.request_id.to_owned(),
        };
        let mut answer = self.patiently(|attempt| put_success(self.aws, &success, attempt)).await;
        if let Err(PutError::TooManyVariables(_)) = answer {
            success.output_variables.retain(|(name, _)| !name.starts_with("image_"));
            answer = self.patiently(|attempt| put_success(self.aws, &success, attempt)).await;
        }
        match answer {
            Err(PutError::Invalid(fault) | PutError::TooManyVariables(fault)) => {
                tracing::error!(job = %self.job, "{fault}");
                self.failure(Kind::Bug, &fault.report()).await
            }
            other => other,
        }
    }

    async fn failure(&self, kind: Kind, message: &str) -> Result<(), PutError> {
        let failure = |message: &str| Failure {
            job_id: self.job.to_string(),
            kind,
            message: message.to_owned(),
            external_execution_id: self.request_id.to_owned(),
        };
        let whole = failure(message);
        match self.patiently(|attempt| put_failure(self.aws, &whole, attempt)).await {
            Err(PutError::Invalid(_)) => {
                let plain: String =
                    message.chars().filter(|character| (' '..='~').contains(character)).take(500).collect();
                let plain = failure(&plain);
                self.patiently(|attempt| put_failure(self.aws, &plain, attempt)).await
            }
            other => other,
        }
    }

    /// Retries until the answer is final or the time is over.
    async fn patiently<F: Future<Output = Result<(), PutError>>>(
        &self,
        put: impl Fn(Duration) -> F,
    ) -> Result<(), PutError> {
        let mut pause = PAUSE;
        loop {
            // An attempt without an answer leaves half of the time for the next ones.
            let left = self.clock.report();
            let attempt = (left / 2).max(LEAST_ATTEMPT).min(left).min(ATTEMPT);
            match put(attempt).await {
                Err(PutError::Retryable { error, ambiguous }) if self.clock.report() > pause => {
                    tracing::warn!(job = %self.job, ambiguous, "retrying the report: {}", Fault::from(error));
                    tokio::time::sleep(jittered(pause)).await;
                    pause *= 2;
                }
                answer => return answer,
            }
        }
    }
}
