//! One event: its job, the work on it, and the report.

use codedeploy_aws::Aws;
use codedeploy_core::fault::Fault;
use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;

use crate::clock::Clock;
use crate::outcome::Failed;
use crate::report::Reporter;
use crate::workers::Workers;
use crate::{job, lost};

/// What all invocations of this process share.
#[derive(Debug)]
pub struct Function {
    /// The function's own role, for the reports.
    pub aws: Aws,
    /// The processes that do the work.
    pub workers: Workers,
}

/// Handles one CodePipeline job and reports its result. A job whose own invocation was lost is reported as failed.
///
/// # Errors
/// Only if the report could not be delivered: a failed job that was reported is a handled event.
pub async fn handle(function: &Function, event: LambdaEvent<Box<RawValue>>) -> Result<(), Fault> {
    let (payload, ending) = match lost::read(&event.payload) {
        Some(lost) => (lost.event, Some(lost.ending)),
        None => (event.payload, None),
    };
    let id = match job::id(&payload) {
        Ok(id) => id,
        Err(error) => {
            tracing::error!("{error}; {}", error.hint());
            return Ok(());
        }
    };
    let deadline_ms = event.context.deadline;
    let clock = Clock::start(deadline_ms);
    let outcome = match ending {
        Some(ending) => Err(Failed::from(&ending)),
        None => function.workers.run(payload.get(), deadline_ms, clock.work()).await,
    };
    if let Err(failed) = &outcome {
        tracing::error!(job = %id, "{}", failed.report.replace('\n', "; "));
    }
    let reporter = Reporter { aws: &function.aws, job: &id, request_id: &event.context.request_id, clock };
    reporter.report(outcome.as_ref()).await
}
