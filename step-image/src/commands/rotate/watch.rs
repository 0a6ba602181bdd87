//! The wait for a rotation: polls, lines and heartbeats.

use std::time::Duration;

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{ServiceState, service_state};
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::Doubt;
use codedeploy_core::deployment::schedule::{Pace, span};
use codedeploy_core::fault::{Explain as _, Kind};
use codedeploy_core::names::ServiceName;
use codedeploy_core::text::{LINE, safe};

use super::settle::{Outcome, Settle};
use crate::steps::poll::{Heartbeat, refusal};
use crate::terminal::clock::{Clock, chance, date};
use crate::terminal::print;

/// Polls without an answer before that is reported.
const MISSED: u32 = 3;

/// Polls until there is an outcome or the time is over. A poll that AWS does not answer is no outcome.
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
    let (mut missed, mut doubt) = (0, Doubt::default());
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
        if now_ms >= deadline_ms {
            return Ok(Outcome::TimedOut);
        }
        let pause = pace.pause(now_ms, chance());
        heartbeat.sleep_until(deadline_ms.min(clock.after(pause)), still).await;
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
