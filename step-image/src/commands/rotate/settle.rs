//! The state of a rotation, from answers of `DescribeServices`: a pure state machine.
//!
//! No waiter of ECS knows the rollout: `services-stable` waits for any single rollout with enough tasks, and treats a
//! rollback by the circuit breaker as stable. Here, only the rollout that was started counts, and a rollback is
//! recognized.

mod replaced;

use std::fmt::Write as _;

use codedeploy_aws::ecs::{Rollout, ServiceState};
use codedeploy_core::deployment::{
    EXIT_NOT_ROLLED_BACK, EXIT_ROLLED_BACK, EXIT_SUCCEEDED, EXIT_TIMED_OUT, tells_of_trouble,
};

/// Polls after which a failed rollout is final: its rollback may be about to appear.
const LOOKS: u32 = 3;

/// Polls after which a rollout with failing tasks is given up, with twice as many failures as the circuit breaker
/// allows. If there is a circuit breaker, it has acted by then.
const FAILING_LOOKS: u32 = 10;

/// The most problems that are kept for the end.
const MOST_PROBLEMS: usize = 5;

/// The outcome of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All tasks are new.
    Done,
    /// The rollout failed, and ECS restored the tasks of an earlier one.
    RolledBack {
        /// The sentence of ECS.
        reason: Option<String>,
    },
    /// The rollout failed; old and new tasks run, or ECS keeps trying.
    Failed {
        /// The sentence of ECS, or ours.
        reason: Option<String>,
    },
    /// The wait timed out; ECS continues.
    TimedOut,
}

impl Outcome {
    /// The exit code, as of a deployment.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Outcome::Done => EXIT_SUCCEEDED,
            Outcome::RolledBack { .. } => EXIT_ROLLED_BACK,
            Outcome::Failed { .. } => EXIT_NOT_ROLLED_BACK,
            Outcome::TimedOut => EXIT_TIMED_OUT,
        }
    }

    /// The name in JSON.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::RolledBack { .. } => "failed-and-rolled-back",
            Outcome::Failed { .. } => "failed-and-not-rolled-back",
            Outcome::TimedOut => "timed-out",
        }
    }

    /// The reason, if ECS reports it.
    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Outcome::RolledBack { reason } | Outcome::Failed { reason } => reason.as_deref(),
            Outcome::Done | Outcome::TimedOut => None,
        }
    }
}

/// A rollout that ECS calls failed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failure {
    /// The sentence of ECS.
    reason: Option<String>,
}

/// A rotation under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settle {
    /// Rollouts that were there before.
    before: Vec<Rollout>,
    /// The rollout that was started, once ECS shows it.
    pub(super) rollout: Option<String>,
    /// The followed rollout as it was listed last.
    last: Option<Rollout>,
    /// The rollout that was followed until another one replaced it.
    overtaken: Option<String>,
    /// Whether an event says that ECS rolls back.
    announced: bool,
    /// The newest event of the service that is already said.
    newest_event: Option<String>,
    counts: Option<[u32; 4]>,
    failure: Option<Failure>,
    failed_looks: u32,
    failing_looks: u32,
    /// What went wrong on the way, the newest last.
    pub(super) problems: Vec<String>,
}

impl Settle {
    /// Before the new rollout is asked for.
    pub(super) fn new(before: &ServiceState) -> Settle {
        Settle {
            before: before.rollouts.clone(),
            rollout: None,
            last: None,
            overtaken: None,
            announced: false,
            newest_event: before.events.first().map(|event| event.id.clone()),
            counts: None,
            failure: None,
            failed_looks: 0,
            failing_looks: 0,
            problems: Vec::new(),
        }
    }

    /// The changes, one line each, and the outcome once it is known.
    pub(super) fn look(&mut self, state: &ServiceState) -> (Vec<String>, Option<Outcome>) {
        let mut lines = Vec::new();
        if self.rollout.is_none()
            && let Some(new) = state.rollouts.iter().find(|rollout| !self.was_before(&rollout.id))
        {
            lines.push(format!("rollout {} started", new.id));
            self.rollout = Some(new.id.clone());
        }
        let failed_before = self.failure.is_some();
        let events = self.events(state);
        lines.extend(events.iter().cloned());
        self.heed(&events);
        let Some(id) = self.rollout.clone() else { return (lines, None) };
        let ours = state.rollouts.iter().find(|rollout| rollout.id == id);
        if let Some(ours) = ours {
            lines.extend(self.count(ours));
            if ours.state.as_deref() == Some("FAILED") {
                self.failed_as_listed(ours);
            }
        }
        let replaced = ours.is_none_or(|ours| self.is_replaced(state, ours));
        if replaced && self.failure.is_none() {
            self.failure = self.unseen_failure(state);
        }
        if !failed_before && self.failure.is_some() {
            lines.push(format!("rollout {id} failed"));
        }
        if let Some(ours) = ours {
            self.last = Some(ours.clone());
        }
        let outcome = match &self.failure {
            Some(failure) => {
                let reason = failure.reason.clone();
                self.after_failure(state, &id, reason)
            }
            None => match ours {
                Some(ours) if !replaced => self.of_ours(state, ours),
                _ => self.without_ours(state, &mut lines),
            },
        };
        (lines, outcome)
    }

    fn of_ours(&mut self, state: &ServiceState, ours: &Rollout) -> Option<Outcome> {
        if is_steady(ours, state) {
            return Some(Outcome::Done);
        }
        // Counts like the circuit breaker, for services without one: ECS would keep trying.
        let breaks = ours.desired.div_ceil(2).clamp(3, 200);
        let failing = ours.failed >= 2 * breaks && ours.running == 0;
        self.failing_looks = if failing { self.failing_looks + 1 } else { 0 };
        let reason = || format!("{} tasks failed in a row; ECS keeps retrying", ours.failed);
        (self.failing_looks >= FAILING_LOOKS).then(|| Outcome::Failed { reason: Some(reason()) })
    }

    /// It no longer exists: someone started a newer one, or it was rolled back between two polls.
    fn without_ours(&mut self, state: &ServiceState, lines: &mut Vec<String>) -> Option<Outcome> {
        let primary = primary(state)?;
        lines.push(format!("rollout {} took over; following it", primary.id));
        self.overtaken = self.rollout.replace(primary.id.clone());
        self.counts = None;
        self.last = None;
        None
    }

    /// Whether the rollout failed, whatever becomes of it.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    fn was_before(&self, id: &str) -> bool {
        self.before.iter().any(|rollout| rollout.id == id)
    }

    /// Reads a failure from the events: a failed rollout may leave the list before it is seen as failed, and its
    /// rollback must not count as a success.
    fn heed(&mut self, events: &[String]) {
        let Some(followed) = self.rollout.clone() else { return };
        for event in events {
            let (failed, rolls_back) = (event.contains("deployment failed"), event.contains("rolling back"));
            self.announced |= rolls_back;
            let named = names(event, &followed);
            // A rollback names the rollout that comes back.
            let of_followed = if failed { named } else { rolls_back && !named };
            let of_earlier = |id: &String| if failed { names(event, id) } else { rolls_back && named };
            if self.failure.is_some() {
                continue;
            }
            if self.overtaken.as_ref().is_some_and(of_earlier) {
                // The rollout that is now followed is its rollback: the event arrived late.
                self.rollout = self.overtaken.take();
            } else if !of_followed {
                continue;
            }
            self.failure = Some(Failure { reason: Some(event.clone()) });
        }
    }

    /// The reason of the rollout is more specific than an event.
    fn failed_as_listed(&mut self, ours: &Rollout) {
        let failure = self.failure.get_or_insert(Failure { reason: None });
        if ours.state_reason.is_some() {
            failure.reason.clone_from(&ours.state_reason);
        }
    }

    fn after_failure(&mut self, state: &ServiceState, id: &str, reason: Option<String>) -> Option<Outcome> {
        match primary(state) {
            Some(other) if other.id != id => match other.state.as_deref() {
                Some("FAILED") => Some(Outcome::Failed { reason }),
                _ if is_steady(other, state) => Some(Outcome::RolledBack { reason }),
                _ => None,
            },
            // A circuit breaker that rolls back starts another rollout a moment later.
            _ => {
                self.failed_looks += 1;
                let announced =
                    self.announced || reason.as_deref().is_some_and(|reason| reason.contains("rolling back"));
                (self.failed_looks >= LOOKS && !announced).then_some(Outcome::Failed { reason })
            }
        }
    }

    fn count(&mut self, ours: &Rollout) -> Option<String> {
        let counts = [ours.desired, ours.pending, ours.running, ours.failed];
        if self.counts.replace(counts) == Some(counts) {
            return None;
        }
        let mut line = format!("new tasks: {} of {} running", ours.running, ours.desired);
        for (count, name) in [(ours.pending, "pending"), (ours.failed, "failed")] {
            if count > 0 {
                // Writing to a String cannot fail.
                let _ = write!(line, ", {count} {name}");
            }
        }
        Some(line)
    }

    /// The events of the service that are new, oldest first.
    fn events(&mut self, state: &ServiceState) -> Vec<String> {
        let newest = self.newest_event.take();
        let new = state.events.iter().take_while(|event| Some(&event.id) != newest.as_ref());
        let mut lines: Vec<String> = new.map(|event| event.message.clone()).collect();
        lines.reverse();
        self.newest_event = state.events.first().map(|event| event.id.clone()).or(newest);
        for line in lines.iter().filter(|line| tells_of_trouble(line)) {
            if !self.problems.contains(line) {
                self.problems.push(line.clone());
            }
        }
        let more = self.problems.len().saturating_sub(MOST_PROBLEMS);
        self.problems.drain(..more);
        lines
    }
}

fn primary(state: &ServiceState) -> Option<&Rollout> {
    state.rollouts.iter().find(|rollout| rollout.status == "PRIMARY")
}

/// Whether ECS has completed a rollout: by its state, or, without a state, if no other rollout is left.
fn is_steady(rollout: &Rollout, state: &ServiceState) -> bool {
    match rollout.state.as_deref() {
        Some(name) => name == "COMPLETED" && rollout.status == "PRIMARY",
        None => state.rollouts.len() == 1 && rollout.running == rollout.desired && rollout.pending == 0,
    }
}

/// Whether an event names a rollout, not one whose number only begins with the same digits.
fn names(event: &str, id: &str) -> bool {
    event.split(id).skip(1).any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
