//! The one report to AWS CodeDeploy, in every case.
//!
//! | answer | what is done |
//! |---|---|
//! | accepted | done |
//! | 5xx, throttling, reset, time-out | tried again with a pause until one second before the deadline |
//! | the event is already completed | done: the first report was accepted and its answer lost, or the deployment was stopped |
//! | anything else | an error of the function, so that the metrics of Lambda show it |

use std::time::Duration;

use codedeploy_aws::codedeploy::{HookExecution, put_hook_status};
use codedeploy_aws::{Aws, Timeouts};
use codedeploy_core::fault::{Explain as _, Fault, Kind};
use codedeploy_lambda::clock::{Clock, jittered};

/// The longest that all attempts of one call may take.
const ATTEMPTS: Duration = Duration::from_secs(8);
/// Time for a handshake and an answer.
const LEAST: Duration = Duration::from_millis(500);
/// The pause before the second call; doubled for each further one.
const PAUSE: Duration = Duration::from_millis(200);

/// Reports the result. The opposite is never sent afterwards.
///
/// # Errors
/// If CodeDeploy did not take the report in time.
pub async fn report(aws: &Aws, hook: &HookExecution, succeeded: bool, clock: Clock) -> Result<(), Fault> {
    let mut pause = PAUSE;
    loop {
        // A call without an answer leaves half of the time for the next ones.
        let left = clock.report();
        let timeouts = Timeouts::within((left / 2).max(LEAST).min(left).min(ATTEMPTS));
        match put_hook_status(aws, hook, succeeded, timeouts).await {
            Ok(true) => return Ok(()),
            Ok(false) => {
                tracing::warn!("the lifecycle event is already completed; nothing was changed");
                return Ok(());
            }
            Err(error) if error.kind() == Kind::Unavailable && clock.report() > pause => {
                tracing::warn!("retrying the report: {}", Fault::from(error));
                tokio::time::sleep(jittered(pause)).await;
                pause *= 2;
            }
            Err(error) => return Err(error.into()),
        }
    }
}
