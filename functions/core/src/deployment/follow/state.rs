//! The state of a wait.

use super::doubt::Doubt;
use super::last_look::LastLook;
use super::problems::Problems;
use super::watch::{OnTimeout, Watch};
use crate::deployment::event::{Event, What};
use crate::deployment::followed::StoppedBy;
use crate::deployment::schedule::{Forecast, Pace, millis};
use crate::deployment::track::Track;
use crate::deployment::verdict::Verdict;

/// A wait for a deployment, up to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    pub(super) watch: Watch,
    pub(super) forecast: Forecast,
    pub(super) started_ms: u64,
    pub(super) ended_ms: u64,
    pub(super) deadline_ms: u64,
    pub(super) original: Track,
    pub(super) rollback: Track,
    pub(super) phase: Phase,
    pub(super) stopped_by: Option<StoppedBy>,
    pub(super) problems: Problems,
    pub(super) pace: Pace,
    pub(super) poll_at_ms: Option<u64>,
    pub(super) spoke_ms: u64,
    pub(super) missed: u32,
    pub(super) doubt: Doubt,
    /// The time for which the last poll was planned.
    pub(super) began_ms: Option<u64>,
    /// Until when the last poll is retried after a time-out.
    pub(super) last_look: LastLook,
    pub(super) shown_permille: u16,
}

/// Where a wait is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    Original,
    /// The wait timed out, and the caller must stop the deployment.
    Stopping,
    /// The deployment did not succeed; its rollback is expected until this time.
    Grace {
        until_ms: u64,
        /// Whether the user's time-out is earlier than the usual end of the search.
        cut: bool,
    },
    RollingBack {
        id: String,
        announced: bool,
    },
    Done(Verdict),
}

impl Follow {
    /// Starts a wait. The budget counts from now.
    pub fn new(watch: Watch, now_ms: u64) -> Follow {
        Follow {
            forecast: Forecast::new(&watch.budget, watch.routing, watch.until),
            started_ms: now_ms,
            ended_ms: now_ms,
            deadline_ms: now_ms.saturating_add(millis(watch.budget.total())),
            original: Track::default(),
            rollback: Track::default(),
            phase: Phase::Original,
            stopped_by: None,
            problems: Problems::default(),
            pace: Pace::new(now_ms),
            poll_at_ms: Some(now_ms),
            spoke_ms: now_ms,
            missed: 0,
            doubt: Doubt::default(),
            began_ms: None,
            last_look: LastLook::default(),
            shown_permille: 0,
            watch,
        }
    }

    /// Records that the caller stopped the deployment before the wait. A requested rollback is then expected.
    pub fn stopped_on_request(&mut self, rollback: bool) {
        self.stopped_by = Some(StoppedBy::Request { rollback });
    }

    /// The deployment to poll.
    pub fn following(&self) -> &str {
        match &self.phase {
            Phase::RollingBack { id, .. } => id,
            Phase::Original | Phase::Stopping | Phase::Grace { .. } | Phase::Done(_) => &self.watch.deployment,
        }
    }

    /// The verdict, once there is one.
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.phase {
            Phase::Done(verdict) => Some(verdict),
            Phase::Original | Phase::Stopping | Phase::Grace { .. } | Phase::RollingBack { .. } => None,
        }
    }

    /// Ends the wait.
    pub(super) fn end(&mut self, verdict: Verdict, now_ms: u64, events: &mut Vec<Event>) {
        events.push(Event {
            deployment: self.watch.deployment.clone(),
            of_rollback: false,
            what: What::End(verdict.clone()),
        });
        self.phase = Phase::Done(verdict);
        self.ended_ms = now_ms;
    }

    pub(super) fn event(&self, what: What) -> Event {
        let of_rollback = matches!(self.phase, Phase::RollingBack { .. });
        Event { deployment: self.following().to_owned(), of_rollback, what }
    }

    /// Whether this run asked CodeDeploy for a rollback.
    pub(super) fn asked_for_rollback(&self) -> bool {
        match self.stopped_by {
            Some(StoppedBy::Request { rollback }) => rollback,
            Some(StoppedBy::Timeout) => self.watch.on_timeout == OnTimeout::StopAndRollback,
            None => false,
        }
    }
}
