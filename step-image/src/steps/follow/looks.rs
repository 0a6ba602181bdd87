//! Queries stopped tasks, unhealthy targets and service events in parallel with the polls of a wait.
//!
//! Each query runs in its own task: an unanswered one delays neither a poll, nor an abort, nor the other queries.

use std::time::Duration;

use codedeploy_aws::config::Aws;
use codedeploy_core::deployment::schedule::millis;
use codedeploy_core::deployment::{Event, Evidence, Follow};
use tokio::task::JoinSet;

use crate::steps::evidence::{Question, Subject, ask};

/// The interval between two queries, for the first [`OFTEN`] of them; twice as long after that.
const AGAIN: Duration = Duration::from_mins(1);

/// The number of queries at the short interval: problems from the start have been seen by then.
const OFTEN: u32 = 10;

/// The interval between two denied queries: a permission may be added in the meantime.
const DENIED_AGAIN: Duration = Duration::from_mins(10);

/// The queries in progress and the next ones. Dropping it ends them.
#[derive(Default)]
pub(super) struct Looks {
    running: JoinSet<(Question, Evidence)>,
    plans: [Plan; Question::ALL.len()],
}

#[derive(Default)]
struct Plan {
    due_ms: u64,
    asked: bool,
    looks: u32,
    /// Whether the last question got no answer.
    silent: bool,
}

impl Looks {
    /// Starts the questions that are due.
    pub(super) fn start(&mut self, read: &Aws, follow: &Follow, now_ms: u64) {
        let Some(subject) = follow.in_trouble().and_then(|(deployment, target)| Subject::of(deployment, target)) else {
            return;
        };
        for (question, plan) in Question::ALL.into_iter().zip(&mut self.plans) {
            if !plan.asked && now_ms >= plan.due_ms {
                let again = if plan.looks < OFTEN { AGAIN } else { AGAIN.saturating_mul(2) };
                (plan.due_ms, plan.asked) = (now_ms.saturating_add(millis(again)), true);
                plan.looks = plan.looks.saturating_add(1);
                let (read, subject) = (read.clone(), subject.clone());
                self.running.spawn(async move { (question, ask(read, question, subject).await) });
            }
        }
    }

    /// The queries that got no answer last time: repeating them would only delay the result.
    pub(super) fn silent(&self) -> Vec<Question> {
        let plans = Question::ALL.into_iter().zip(&self.plans);
        plans.filter(|(_, plan)| plan.silent).map(|(question, _)| question).collect()
    }

    /// Passes on the answers so far, and returns what is new in them.
    pub(super) fn collect(&mut self, follow: &mut Follow, now_ms: u64) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(Ok((question, evidence))) = self.running.try_join_next() {
            let at = Question::ALL.iter().position(|other| *other == question);
            if let Some(plan) = at.and_then(|at| self.plans.get_mut(at)) {
                plan.asked = false;
                plan.silent = evidence.skipped.iter().any(|skipped| !skipped.denied);
                if evidence.skipped.iter().any(|skipped| skipped.denied) {
                    plan.due_ms = now_ms.saturating_add(millis(DENIED_AGAIN));
                }
            }
            events.extend(follow.found(evidence, now_ms));
        }
        events
    }
}
