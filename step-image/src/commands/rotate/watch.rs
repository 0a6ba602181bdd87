//! The wait for a rotation: polls, lines and heartbeats.

use std::time::Duration;

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{ServiceState, service_state};
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::schedule::{Pace, span};
use codedeploy_core::deployment::{Doubt, LastLook};
use codedeploy_core::fault::{Explain as _, Kind};
use codedeploy_core::names::ServiceName;
use codedeploy_core::text::{LINE, safe};

use super::settle::{Outcome, Settle};
use crate::steps::poll::{Heartbeat, refusal};
use crate::terminal::clock::{Clock, chance, date};
use crate::terminal::print;

/// Polls without an answer before that is reported.
const MISSED: u32 = 3;

/// Polls until there is an outcome or the wait times out. A poll without an answer is not an outcome.
pub(super) async fn watch(
    read: &Aws,
    named: &ServiceName,
    settle: &mut Settle,
    after: &ServiceState,
    budget: Duration,
    clock: Clock,
) -> Result<Outcome, AwsError> {
    let deadline_ms = clock.after(budget);
    let mut pace = Pace::new(clock.now_ms());
    let mut heartbeat = Heartbeat::new(clock);
    let say = |line: &str| print::message(&format!("{} {}", date(clock.now_ms()), safe(line, LINE)));
    let still = |waited| say(&format!("still waiting after {}", span(waited)));
    let (mut missed, mut doubt, mut last_look) = (0, Doubt::default(), LastLook::default());
    let mut began_ms = clock.now_ms();
    let (mut lines, mut outcome) = settle.look(after);
    loop {
        for line in &lines {
            say(line);
            heartbeat.spoke();
        }
        if let Some(outcome) = outcome {
            return Ok(outcome);
        }
        let now_ms = clock.now_ms();
        let next_ms = if now_ms < deadline_ms {
            deadline_ms.min(clock.after(pace.pause(now_ms, chance())))
        } else {
            let settled = missed == 0 && doubt == Doubt::default();
            let next_ms = if settle.has_failed() {
                // A rollback shows some moments after the failure.
                last_look.more(now_ms)
            } else {
                last_look.again(deadline_ms, began_ms, settled, now_ms)
            };
            match next_ms {
                Some(next_ms) => next_ms,
                None => return Ok(Outcome::TimedOut),
            }
        };
        heartbeat.sleep_until(next_ms, still).await;
        began_ms = clock.now_ms();
        (lines, outcome) = match service_state(read, &named.cluster, &named.service).await {
            Ok(state) => {
                missed = 0;
                doubt.answered();
                let found = settle.look(&state);
                pace.answered(!found.0.is_empty());
                found
            }
            Err(error) if error.kind() == Kind::Unavailable => {
                missed += 1;
                pace.throttled();
                let what = if matches!(error.why(), Why::Throttled) { "throttles" } else { "does not answer" };
                let line = (missed == MISSED).then(|| format!("AWS {what} the polls; polling less often"));
                (line.into_iter().collect(), None)
            }
            Err(error) if refusal(&error).is_some_and(|by| !doubt.believes(by, clock.now_ms())) => {
                (vec![format!("a poll was refused: {}: {error}; asking again", error.code())], None)
            }
            Err(error) => {
                say("the rotation was started and is still in progress");
                return Err(error);
            }
        };
    }
}
