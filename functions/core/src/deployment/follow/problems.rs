//! Problems of a deployment in progress. Each reason is reported once, however often it recurs.

use std::collections::HashSet;

use crate::deployment::event::What;
use crate::deployment::evidence::{Evidence, StoppedTask, UnhealthyTarget};
use crate::deployment::problem::{Problem, Source};

/// The maximum number of reasons that one wait keeps and shows.
const MOST: usize = 20;

/// The problems of one wait, and the evidence for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Problems {
    known: HashSet<String>,
    /// One task, target or event for each reason, the newest first.
    pub(crate) seen: Evidence,
    /// The newest reason.
    pub(crate) newest: Option<String>,
    told: HashSet<String>,
}

impl Problems {
    /// Records evidence and returns the problems that are new in it.
    pub(crate) fn take(&mut self, found: Evidence) -> Vec<What> {
        let mut news = Vec::new();
        // The oldest first, as they happened.
        for task in found.tasks.into_iter().rev().filter(StoppedTask::is_problem) {
            if self.is_new(task.problem(), &mut news) {
                self.seen.tasks.insert(0, task);
            }
        }
        for target in found.targets.into_iter().filter(UnhealthyTarget::is_problem) {
            if self.is_new(target.problem(), &mut news) {
                self.seen.targets.insert(0, target);
            }
        }
        for event in found.events.into_iter().rev() {
            if self.is_new(Problem::of_event(&event), &mut news) {
                self.seen.events.insert(0, event);
            }
        }
        // Tasks and targets are more specific than events of the service.
        let newest = news.iter().rev().find(|problem| problem.source != Source::ServiceEvent).cloned();
        if let Some(newest) = newest.or(news.last().filter(|_| self.newest.is_none()).cloned()) {
            self.newest = Some(newest.reason);
        }
        let mut news: Vec<What> = news.into_iter().map(What::Problem).collect();
        for skipped in found.skipped.into_iter().filter(|skipped| skipped.denied) {
            if self.told.len() < MOST && self.told.insert(skipped.what.clone()) {
                news.push(What::CouldNotCheck { what: skipped.what, why: skipped.why });
            }
        }
        news
    }

    /// Adds a problem to the new ones if it counts as a problem.
    fn is_new(&mut self, problem: Problem, news: &mut Vec<Problem>) -> bool {
        let is_new = self.known.len() < MOST && self.known.insert(problem.key());
        if is_new {
            news.push(problem);
        }
        is_new
    }
}

#[cfg(test)]
mod tests;
