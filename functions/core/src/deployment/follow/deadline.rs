//! Time-outs of a wait.

use super::doubt::Doubt;
use super::last_look::LastLook;
use super::state::{Follow, Phase};
use super::watch::ROLLBACK_GRACE;
use crate::deployment::event::Event;
use crate::deployment::schedule::millis;
use crate::deployment::verdict::{Pending, Verdict};

impl Follow {
    /// When the wait times out, and what is still unknown at that point.
    fn due(&self) -> Option<(u64, Pending)> {
        Some(match &self.phase {
            Phase::Done(_) | Phase::Stopping => return None,
            Phase::Original => (self.deadline_ms, Pending::Deployment),
            Phase::Grace { until_ms, .. } if self.watch.budget.timeout().is_some() => {
                (self.deadline_ms.max(*until_ms), Pending::RollbackUnknown)
            }
            // The poll at the end of the grace period decides. The time alone decides only if AWS does not answer that
            // poll.
            Phase::Grace { until_ms, .. } => {
                (self.deadline_ms.max(until_ms.saturating_add(millis(ROLLBACK_GRACE))), Pending::RollbackUnknown)
            }
            Phase::RollingBack { id, .. } => (self.deadline_ms, Pending::Rollback { rollback: id.clone() }),
        })
    }

    /// Ends the wait if it has timed out: after a last poll, and after a stop if one was requested.
    pub(super) fn check_deadline(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        let Some((deadline, pending)) = self.due() else { return };
        if now_ms < deadline {
            self.last_look = LastLook::default();
            return;
        }
        if self.looks_again(deadline, now_ms) {
            return;
        }
        if pending == Pending::Deployment && self.is_to_be_stopped(events) {
            self.phase = Phase::Stopping;
            return;
        }
        self.end(Verdict::TimedOut(pending), now_ms, events);
    }

    /// Whether to poll again before the time-out is reported. If so, plans that poll.
    fn looks_again(&mut self, due_ms: u64, now_ms: u64) -> bool {
        let answered = self.missed == 0 && self.doubt == Doubt::default();
        let again = self.last_look.again(due_ms, self.began_ms.unwrap_or_default(), answered, now_ms);
        if again.is_some() {
            self.poll_at_ms = again;
        }
        again.is_some()
    }
}
