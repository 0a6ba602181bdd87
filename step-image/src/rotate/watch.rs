//! The wait for a rotation: polls, lines and heartbeats.

use std::time::Duration;

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{ServiceState, service_state};
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::schedule::{Pace, span};
use codedeploy_core::deployment::{Doubt, HEARTBEAT};
use codedeploy_core::fault::{Explain as _, Kind};

use super::settle::{Outcome, Settle};
use crate::clock::{Clock, chance, date};
use crate::{follow, print};
use codedeploy_core::names::ServiceName;
use codedeploy_core::text::{LINE, safe};

/// Polls without an answer before that is said.
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
    let started_ms = clock.now_ms();
    let deadline_ms = started_ms.saturating_add(millis(budget));
    let mut pace = Pace::new(started_ms);
    let mut talk = Talk { clock, started_ms, spoke_ms: started_ms };
    let (mut missed, mut doubt) = (0, Doubt::default());
    let (lines, mut outcome) = settle.look(after);
    talk.say(&lines);
    while outcome.is_none() {
        let now_ms = clock.now_ms();
        if now_ms >= deadline_ms {
            return Ok(Outcome::TimedOut);
        }
        let pause = pace.pause(now_ms, chance());
        talk.sleep_until(deadline_ms.min(now_ms.saturating_add(millis(pause)))).await;
        match service_state(read, &named.cluster, &named.service).await {
            Ok(state) => {
                missed = 0;
                doubt.answered();
                let (lines, found) = settle.look(&state);
                pace.answered(!lines.is_empty());
                talk.say(&lines);
                outcome = found;
            }
            Err(error) if error.kind() == Kind::Unavailable => {
                missed += 1;
                pace.throttled();
                if missed == MISSED {
                    let what = if matches!(error.why(), Why::Throttled) { "throttles" } else { "does not answer" };
                    talk.say(&[format!("AWS {what} the polls; asking less often")]);
                }
            }
            Err(error) if follow::refusal(&error).is_some_and(|by| !doubt.believes(by, clock.now_ms())) => {
                talk.say(&[format!("a poll was refused: {}: {error}; asking again", error.code())]);
            }
            Err(error) => {
                talk.say(&["the rotation was started and is still in progress".to_owned()]);
                return Err(error);
            }
        }
    }
    Ok(outcome.unwrap_or(Outcome::TimedOut))
}

/// What is said, and when something was said last: build systems end steps that say nothing for ten minutes.
struct Talk {
    clock: Clock,
    started_ms: u64,
    spoke_ms: u64,
}

impl Talk {
    fn say(&mut self, lines: &[String]) {
        let now_ms = self.clock.now_ms();
        for line in lines {
            print::talk(&format!("{} {}", date(now_ms), safe(line, LINE)));
            self.spoke_ms = now_ms;
        }
    }

    async fn sleep_until(&mut self, wake_ms: u64) {
        loop {
            let now_ms = self.clock.now_ms();
            let heartbeat_ms = self.spoke_ms.saturating_add(millis(HEARTBEAT));
            if now_ms >= heartbeat_ms {
                let waited = Duration::from_millis(now_ms.saturating_sub(self.started_ms));
                self.say(&[format!("still waiting after {}", span(waited))]);
                continue;
            }
            if now_ms >= wake_ms {
                return;
            }
            self.clock.sleep(Duration::from_millis(wake_ms.min(heartbeat_ms).saturating_sub(now_ms))).await;
        }
    }
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
