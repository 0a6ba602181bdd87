//! One event: its caller, the verdict on the green tasks, and the result.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use codedeploy_aws::Aws;
use codedeploy_core::fault::Fault;
use codedeploy_lambda::clock::Clock;
use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::event::{self, Caller};
use crate::faults;
use crate::gate::Gate;
use crate::report::report;

/// What all invocations of this process share.
pub struct Function {
    /// For the report.
    pub aws: Aws,
    /// What is wrong with the network settings of the function, if anything is: it fails the look at the alarms.
    pub network: Result<Aws, Fault>,
    /// The checks, or what is wrong with their configuration.
    pub gate: Result<Gate, Fault>,
}

/// Handles one event. The answer is that which Amazon ECS expects; CodeDeploy ignores it.
///
/// # Errors
/// Only if CodeDeploy did not take the report.
pub async fn handle(function: &Function, event: LambdaEvent<Box<RawValue>>) -> Result<Value, Fault> {
    let clock = Clock::start(event.context.deadline);
    let caller = match event::read(event.payload.get()) {
        Ok(caller) => caller,
        Err(fault) => {
            tracing::error!("{fault}; {}", fault.hint());
            return Ok(status(false));
        }
    };
    let verdict = caught(judge(function, &caller, clock)).await;
    match &verdict {
        Ok(()) => tracing::info!("all checks passed"),
        // One line, the last one of its kind: reports of the deployment show it as the cause.
        Err(fault) => tracing::error!("{fault}; {}", fault.hint()),
    }
    if let Caller::CodeDeploy(hook) = &caller {
        let reported = report(&function.aws, hook, verdict.is_ok(), clock).await;
        reported.inspect_err(|fault| tracing::error!("the result was not reported: {fault}; {}", fault.hint()))?;
        tracing::info!("the result is reported to CodeDeploy");
    }
    Ok(status(verdict.is_ok()))
}

/// A panic is a failed check and not the end of the invocation: CodeDeploy would wait an hour for the result.
async fn caught(work: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
    let mut work = std::pin::pin!(work);
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(faults::panicked("the checks"))))
    })
    .await
}

async fn judge(function: &Function, caller: &Caller, clock: Clock) -> Result<(), Fault> {
    if let Caller::Ecs { rolls_back: true, .. } = caller {
        tracing::info!("{}: the traffic goes back to the blue tasks, so nothing is checked", caller.name());
        return Ok(());
    }
    let gate = function.gate.as_ref();
    // The report of a failed deployment finds the log by the ID in this line.
    tracing::info!("{}: {}", caller.name(), gate.map_or_else(|_| "no checks".to_owned(), Gate::summary));
    gate.map_err(Clone::clone)?.run(&function.network, clock.work()).await
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-lifecycle-hooks.html>
fn status(succeeded: bool) -> Value {
    json!({ "hookStatus": if succeeded { "SUCCEEDED" } else { "FAILED" } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failed_check() {
        let fault = caught(async { panic!("on purpose") }).await.unwrap_err();
        assert_eq!(fault.to_string(), "GAT15: the function failed during the checks");
        let late = caught(async {
            tokio::task::yield_now().await;
            panic!("after a pause")
        });
        assert_eq!(late.await.unwrap_err().code(), "GAT15");
        assert_eq!(caught(async { Ok(()) }).await, Ok(()));
    }
}
