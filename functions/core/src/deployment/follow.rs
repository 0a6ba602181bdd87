//! The state machine: observations in, events and the next step out.

mod advance;
mod deadline;
mod doubt;
mod last_look;
mod problems;
mod state;
mod stop;
mod view;
mod watch;

use std::time::Duration;

use super::event::{Event, Missed, What};
use super::observation::Observation;
use super::schedule::millis;

pub use doubt::{Doubt, Refusal};
pub use last_look::LastLook;
pub use state::Follow;
use state::Phase;
pub use stop::AFTER_STOP;
pub use view::HEARTBEAT;
pub use watch::{Next, OnTimeout, ROLLBACK_GRACE, SHORT_GRACE, Watch};

/// Polls without an answer before they are reported.
const MISSED_POLLS: u32 = 3;

impl Follow {
    /// Records an answer of AWS. An answer about another deployment than [`Self::following`] is ignored.
    pub fn observe(&mut self, observation: Observation, now_ms: u64) -> Vec<Event> {
        self.began_ms = self.poll_at_ms.take();
        if matches!(self.phase, Phase::Done(_)) {
            return Vec::new();
        }
        if observation.deployment.id != self.following() {
            let mut events = Vec::new();
            self.check_deadline(now_ms, &mut events);
            return self.speak(now_ms, events);
        }
        self.missed = 0;
        self.doubt.answered();
        let of_rollback = matches!(self.phase, Phase::RollingBack { .. });
        let track = if of_rollback { &mut self.rollback } else { &mut self.original };
        let news = track.take(observation, now_ms);
        self.pace.answered(!news.is_empty());
        let mut events: Vec<Event> = news.into_iter().map(|what| self.event(what)).collect();
        self.advance(now_ms, &mut events);
        self.speak(now_ms, events)
    }

    /// Records a poll without an answer. It does not end the wait, unless the wait has timed out.
    pub fn missed(&mut self, missed: Missed, now_ms: u64) -> Vec<Event> {
        self.began_ms = self.poll_at_ms.take();
        if matches!(self.phase, Phase::Done(_)) {
            return Vec::new();
        }
        self.pace.throttled();
        self.missed = self.missed.saturating_add(1);
        let mut events = Vec::new();
        if self.missed == MISSED_POLLS {
            events.push(self.event(What::NoAnswer(missed)));
        }
        self.check_deadline(now_ms, &mut events);
        self.speak(now_ms, events)
    }

    /// Records a poll that was denied. Returns `None` once the denial is final (see [`Doubt`]).
    pub fn refused(&mut self, refusal: Refusal, now_ms: u64) -> Option<Vec<Event>> {
        self.began_ms = self.poll_at_ms.take();
        if matches!(self.phase, Phase::Done(_)) {
            return Some(Vec::new());
        }
        if self.doubt.believes(refusal, now_ms) {
            return None;
        }
        let mut events = Vec::new();
        self.check_deadline(now_ms, &mut events);
        Some(self.speak(now_ms, events))
    }

    /// Adds a heartbeat if one is due. A time-out is handled by the poll that [`Self::next`] plans for it.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Event> {
        self.speak(now_ms, Vec::new())
    }

    /// What to do next. `chance` is a random number from the whole range; see
    /// [`Pace::pause`](crate::deployment::schedule::Pace::pause).
    pub fn next(&mut self, now_ms: u64, chance: u32) -> Next {
        match &mut self.phase {
            Phase::Done(verdict) => return Next::Done(verdict.clone()),
            Phase::RollingBack { id, announced } => {
                if !std::mem::replace(announced, true) {
                    self.poll_at_ms = Some(now_ms);
                    return Next::FollowRollback(id.clone());
                }
            }
            Phase::Stopping => return Next::Stop { rollback: self.watch.on_timeout == OnTimeout::StopAndRollback },
            Phase::Original | Phase::Grace { .. } => {}
        }
        let planned = self.poll_at_ms.unwrap_or_else(|| {
            let at = now_ms.saturating_add(millis(self.pace.pause(now_ms, chance)));
            // One poll when the wait times out: the deployment may have ended since the last one.
            if self.deadline_ms > now_ms { at.min(self.deadline_ms) } else { at }
        });
        self.poll_at_ms = Some(planned);
        let heartbeat = self.spoke_ms.saturating_add(millis(HEARTBEAT));
        if heartbeat < planned && heartbeat > now_ms {
            return Next::Tick(Duration::from_millis(heartbeat - now_ms));
        }
        Next::Poll(Duration::from_millis(planned.saturating_sub(now_ms)))
    }
}
