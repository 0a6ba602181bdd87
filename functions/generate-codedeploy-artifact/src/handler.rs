//! One event: its job, the work on it, and the report.

use std::pin::pin;

use codedeploy_aws::Aws;
use codedeploy_aws::codepipeline::open_connection;
use codedeploy_core::fault::Fault;
use codedeploy_lambda::clock::Clock;
use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;

use crate::connection::LastUse;
use crate::outcome::{Failed, Made};
use crate::report::{ATTEMPT, Reporter};
use crate::workers::Workers;
use crate::{job, lost};

/// What all invocations of this process share.
#[derive(Debug)]
pub struct Function {
    /// The function's own role, for the reports.
    pub aws: Aws,
    /// The processes that do the work.
    pub workers: Workers,
    /// The last report.
    pub reported: LastUse,
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
        None => work(function, payload.get(), deadline_ms, clock).await,
    };
    if let Err(failed) = &outcome {
        tracing::error!(job = %id, "{}", failed.report.replace('\n', "; "));
    }
    let reporter = Reporter { aws: &function.aws, job: &id, request_id: &event.context.request_id, clock };
    let result = reporter.report(outcome.as_ref()).await;
    function.reported.note();
    result
}

/// Runs the work, and opens the connection for the report in the meantime. The report never waits for that.
async fn work(function: &Function, event: &str, deadline_ms: u64, clock: Clock) -> Result<Made, Failed> {
    let mut work = pin!(function.workers.run(event, deadline_ms, clock.work()));
    if function.reported.is_over() {
        tokio::select! {
            made = &mut work => return made,
            () = open_connection(&function.aws, ATTEMPT) => {}
        }
    }
    work.await
}
