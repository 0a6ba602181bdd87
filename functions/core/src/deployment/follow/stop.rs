//! `--on-timeout`: what happens to a deployment if the wait times out.

use std::time::Duration;

use super::state::{Follow, Phase};
use super::watch::OnTimeout;
use crate::deployment::event::{Event, What};
use crate::deployment::followed::StoppedBy;
use crate::deployment::observation::Deployment;
use crate::deployment::schedule::millis;
use crate::deployment::until::Until;
use crate::deployment::verdict::{Pending, Verdict};

/// How much longer the wait lasts after it has stopped the deployment: time for the stop and for a rollback. Traffic
/// returns immediately as long as the blue tasks run.
pub const AFTER_STOP: Duration = Duration::from_mins(15);

impl Follow {
    /// Whether the deployment must be stopped now; adds an event with what is done, or why it is not.
    ///
    /// Two are never stopped: a rollback, and a deployment whose traffic is all on green. The first restores the
    /// service; of the second, only the termination of the blue task set is left.
    pub(super) fn is_to_be_stopped(&self, events: &mut Vec<Event>) -> bool {
        let rollback = match self.watch.on_timeout {
            OnTimeout::Leave => return false,
            // The deployment did not end within the extra time.
            _ if self.stopped_by.is_some() => return false,
            OnTimeout::Stop => false,
            OnTimeout::StopAndRollback => true,
        };
        let deployment = self.original.deployment.as_ref();
        let target = self.original.target.as_ref();
        let rolls_back = deployment.is_some_and(Deployment::is_automatic_rollback);
        let shifted = deployment.is_some_and(|deployment| Until::TrafficShifted.is_reached(deployment, target));
        let why = if rolls_back {
            "it is a rollback"
        } else if shifted {
            "all traffic is on the new version"
        } else {
            events.push(self.event(What::TimedOutStopping { rollback }));
            return true;
        };
        events.push(self.event(What::NotStopped { why: why.to_owned() }));
        false
    }

    /// Records the result of [`super::Next::Stop`]: the deployment is stopped or has already ended, or why it could not
    /// be stopped.
    pub fn stop_answered(&mut self, answer: Result<(), String>, now_ms: u64) -> Vec<Event> {
        if self.phase != Phase::Stopping {
            return Vec::new();
        }
        self.phase = Phase::Original;
        let mut events = Vec::new();
        match answer {
            Ok(()) => {
                self.stopped_by = Some(StoppedBy::Timeout);
                self.deadline_ms = now_ms.saturating_add(millis(AFTER_STOP));
                self.poll_at_ms = Some(now_ms);
                self.pace.answered(true);
            }
            Err(why) => {
                events.push(self.event(What::NotStopped { why }));
                self.end(Verdict::TimedOut(Pending::Deployment), now_ms, &mut events);
            }
        }
        self.speak(now_ms, events)
    }
}
