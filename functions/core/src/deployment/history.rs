//! What was observed during a wait, for the time axis of a report. It is kept beside the state machine, whose size does not
//! depend on what happens.

use super::event::{Event, What};
use super::target::{Label, LifecycleStatus, Target, Weight};
use super::verdict::EXIT_SUCCEEDED;

/// The maximum number of samples. Above it, every second one is dropped: the shape of a long wait stays.
const MOST_SAMPLES: usize = 512;

/// The maximum number of happenings from the beginning, and of those up to now. Those between are counted.
const FIRST_HAPPENINGS: usize = 200;
const LAST_HAPPENINGS: usize = 600;

/// What happened during a wait, and when. Its size is bounded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Traffic and tasks, oldest first. Each holds until the next one.
    pub samples: Vec<Sample>,
    /// Events, oldest first.
    pub happenings: Vec<Happening>,
    /// How many happenings were dropped after the first ones.
    pub dropped: usize,
    /// When the last answer came, in milliseconds since 1970.
    pub last_ms: Option<u64>,
    /// What the deployment changes, as `diff` shows it; `None` if nobody asked.
    pub changes: Option<String>,
}

/// The task sets at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// In milliseconds since 1970.
    pub at_ms: u64,
    /// Blue, if it exists.
    pub blue: Option<Share>,
    /// Green, if it exists.
    pub green: Option<Share>,
}

/// What a task set has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Its share of the production traffic.
    pub traffic: Weight,
    /// Tasks that run.
    pub running: u32,
    /// Tasks wanted.
    pub desired: u32,
}

/// One event of the wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// In milliseconds since 1970.
    pub at_ms: u64,
    /// Whether it is a failure or a problem.
    pub bad: bool,
    /// The line that the console showed.
    pub text: String,
}

impl History {
    /// Records the task sets if they have changed.
    pub fn sample(&mut self, now_ms: u64, target: Option<&Target>) {
        self.last_ms = Some(now_ms);
        let Some(target) = target else { return };
        let share = |label| {
            let set = target.task_set(&label)?;
            Some(Share { traffic: set.traffic_weight, running: set.running, desired: set.desired })
        };
        let (blue, green) = (share(Label::Blue), share(Label::Green));
        let known = self.samples.last().is_some_and(|last| (last.blue, last.green) == (blue, green));
        if known || (blue, green) == (None, None) {
            return;
        }
        if self.samples.len() >= MOST_SAMPLES {
            let mut at = 0;
            self.samples.retain(|_| {
                at += 1;
                at % 2 == 1
            });
        }
        self.samples.push(Sample { at_ms: now_ms, blue, green });
    }

    /// Records events, without those that only say that the wait lasts.
    pub fn note(&mut self, now_ms: u64, events: &[Event]) {
        for event in events.iter().filter(|event| !matches!(event.what, What::Heartbeat { .. } | What::NoAnswer(_))) {
            if self.happenings.len() >= FIRST_HAPPENINGS + LAST_HAPPENINGS {
                self.happenings.remove(FIRST_HAPPENINGS);
                self.dropped += 1;
            }
            self.happenings.push(Happening { at_ms: now_ms, bad: is_bad(&event.what), text: event.to_string() });
        }
    }
}

fn is_bad(what: &What) -> bool {
    match what {
        What::Problem(_) | What::NotStopped { .. } | What::TimedOutStopping { .. } => true,
        What::Status { to, .. } => to.is_failure(),
        What::Lifecycle { status, .. } => *status == LifecycleStatus::Failed,
        What::End(verdict) => verdict.exit_code() != EXIT_SUCCEEDED,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::target::{TargetStatus, TaskSet, TaskSetStatus};

    fn target(green: u32) -> Target {
        let set = TaskSet {
            id: "ecs-svc/green".to_owned(),
            label: Label::Green,
            status: TaskSetStatus::Active,
            desired: 2,
            pending: 0,
            running: 2,
            traffic_weight: Weight::percent(green),
            target_group: None,
        };
        Target {
            id: "prod:web".to_owned(),
            status: TargetStatus::InProgress,
            lifecycle_events: Vec::new(),
            task_sets: vec![set],
        }
    }

    #[test]
    fn only_changes_are_kept_and_a_long_wait_keeps_its_ends() {
        let mut history = History::default();
        for at in 0..10_u64 {
            history.sample(at, Some(&target(10)));
        }
        history.sample(10, None);
        assert_eq!((history.samples.len(), history.last_ms), (1, Some(10)));
        for at in 10..100_000_u64 {
            history.sample(at, Some(&target(u32::try_from(at % 100).unwrap())));
        }
        assert!(history.samples.len() <= MOST_SAMPLES);
        assert_eq!(history.samples.first().map(|sample| sample.at_ms), Some(0));
        assert_eq!(history.samples.last().map(|sample| sample.at_ms), Some(99_999));
        assert!(history.samples.is_sorted_by_key(|sample| sample.at_ms));
    }

    #[test]
    fn the_first_and_the_newest_happenings_stay() {
        let mut history = History::default();
        for at in 0..5_000_u64 {
            let what = What::Message(format!("message {at}"));
            history.note(at, &[Event { deployment: "d-1".to_owned(), of_rollback: false, what }]);
        }
        assert_eq!(history.happenings.len() + history.dropped, 5_000);
        let at = |place: usize| history.happenings[place].at_ms;
        assert_eq!((at(0), at(FIRST_HAPPENINGS - 1)), (0, 199));
        assert_eq!((at(FIRST_HAPPENINGS), at(FIRST_HAPPENINGS + LAST_HAPPENINGS - 1)), (4_400, 4_999));
    }
}
