//! Repeats calls to AWS: which answers may change, for how long, and what is printed in the meantime.

use std::time::Duration;

use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::schedule::millis;
use codedeploy_core::deployment::{HEARTBEAT, Missed, Refusal};

use crate::terminal::clock::Clock;

/// How long an unanswered call is repeated.
const PATIENCE: Duration = Duration::from_mins(2);

/// Between two attempts.
const AGAIN: Duration = Duration::from_secs(5);

/// Repeats an unanswered call: brief throttling must not fail a command at its start.
pub(crate) async fn patiently<T>(
    clock: Clock,
    mut ask: impl AsyncFnMut() -> Result<T, AwsError>,
) -> Result<T, AwsError> {
    let end_ms = clock.after(PATIENCE);
    loop {
        match ask().await {
            Err(error) if may_pass(&error) && clock.now_ms() < end_ms => clock.sleep(AGAIN).await,
            answer => return answer,
        }
    }
}

/// Whether a later poll may succeed. A `young` deployment was created a moment ago.
pub(crate) fn missed(error: &AwsError, young: bool) -> Option<Missed> {
    match error.why() {
        Why::Throttled => Some(Missed::Throttled),
        Why::ServerFault
        | Why::TimedOut
        | Why::Unreachable
        | Why::Unreadable { .. }
        | Why::Proxy
        // Such as an instance whose metadata service is busy.
        | Why::CredentialsFailed => Some(Missed::Unavailable),
        // CodeDeploy returns the ID of a deployment, above all of a rollback, some moments before it can be read.
        Why::DeploymentMissing if young => Some(Missed::Unavailable),
        _ => None,
    }
}

/// Whether the first call of a command is worth repeating. A proxy that blocks everything will not change; in the
/// middle of a wait, its page is a temporary fault.
pub(crate) fn may_pass(error: &AwsError) -> bool {
    missed(error, false).is_some() && !matches!(error.why(), Why::Unreadable { status: 401 | 403 })
}

/// Whether an error is a denial that may be temporary: after a role was changed, with a key of the previous session,
/// with a wrong clock after a suspension, or with an overloaded metadata service.
pub(crate) fn refusal(error: &AwsError) -> Option<Refusal> {
    match error.why() {
        Why::Expired | Why::Rejected | Why::Denied { .. } => Some(Refusal::Aws),
        Why::CredentialsFailed | Why::NoCredentials | Why::UnfitCredentials => Some(Refusal::Source),
        _ => None,
    }
}

/// The heartbeats of a wait: build systems end steps that print nothing for ten minutes.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    clock: Clock,
    begun_ms: u64,
    spoke_ms: u64,
}

impl Heartbeat {
    /// A wait that begins now.
    pub(crate) fn new(clock: Clock) -> Heartbeat {
        let now_ms = clock.now_ms();
        Heartbeat { clock, begun_ms: now_ms, spoke_ms: now_ms }
    }

    /// Something was printed.
    pub(crate) fn spoke(&mut self) {
        self.spoke_ms = self.clock.now_ms();
    }

    /// Sleeps until then, and calls `still` with the elapsed time whenever nothing was printed for too long.
    pub(crate) async fn sleep_until(&mut self, wake_ms: u64, still: impl Fn(Duration)) {
        loop {
            let now_ms = self.clock.now_ms();
            let next_ms = self.spoke_ms.saturating_add(millis(HEARTBEAT));
            if now_ms >= next_ms {
                still(self.clock.since(self.begun_ms));
                self.spoke();
                continue;
            }
            if now_ms >= wake_ms {
                return;
            }
            self.clock.sleep(Duration::from_millis(wake_ms.min(next_ms).saturating_sub(now_ms))).await;
        }
    }
}
