//! The next state of a wait after an answer: ended, looking for a rollback, or following a rollback.

use std::time::Duration;

use super::state::{Follow, Phase};
use super::watch::{ROLLBACK_GRACE, SHORT_GRACE};
use crate::deployment::event::{Event, What};
use crate::deployment::followed::StoppedBy;
use crate::deployment::group::RollbackEvent;
use crate::deployment::observation::{Deployment, DeploymentStatus};
use crate::deployment::schedule::millis;
use crate::deployment::until::Until;
use crate::deployment::verdict::{NotRolledBack, Pending, Rollback, Verdict, decide, rollback_event};

impl Follow {
    /// Updates the state from the newest answer.
    pub(super) fn advance(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        let Some(deployment) = &self.original.deployment else { return };
        let until = self.watch.until;
        if until < Until::Succeeded
            && deployment.status != DeploymentStatus::Succeeded
            && until.is_reached(deployment, self.original.target.as_ref())
        {
            return self.end(Verdict::ReachedPoint(until), now_ms, events);
        }
        let known = deployment.rollback.as_ref().and_then(|rollback| rollback.rollback_deployment_id.clone());
        let known = known.filter(|id| *id != deployment.id && !id.is_empty());
        let ended_badly = deployment.status.is_failure();
        match &self.phase {
            Phase::Done(_) | Phase::Stopping => {}
            Phase::RollingBack { id, .. } => {
                let status = self.rollback.deployment.as_ref().map(|rollback| &rollback.status);
                let seen = status.map_or(Rollback::Expected, |status| Rollback::Seen { id, status });
                match decide(deployment, &seen) {
                    Some(verdict) => self.end(verdict, now_ms, events),
                    None => self.check_deadline(now_ms, events),
                }
            }
            Phase::Original | Phase::Grace { .. } if ended_badly => match (known, &self.phase) {
                (Some(rollback), _) => {
                    let allowance = now_ms.saturating_add(millis(self.watch.budget.rollback()));
                    self.deadline_ms = self.deadline_ms.max(allowance);
                    self.pace.answered(true);
                    events.push(self.event(What::RollbackStarted { rollback: rollback.clone() }));
                    self.phase = Phase::RollingBack { id: rollback, announced: false };
                }
                (None, Phase::Grace { until_ms, cut: true }) if now_ms >= *until_ms => {
                    self.end(Verdict::TimedOut(Pending::RollbackUnknown), now_ms, events);
                }
                (None, Phase::Grace { until_ms, .. }) if now_ms >= *until_ms => {
                    if let Some(verdict) = self.without_rollback(deployment) {
                        self.end(verdict, now_ms, events);
                    }
                }
                (None, Phase::Grace { .. }) => self.pace.answered(true),
                (None, _) => self.begin_grace(now_ms, events),
            },
            Phase::Original | Phase::Grace { .. } => match decide(deployment, &Rollback::Expected) {
                Some(verdict) => self.end(verdict, now_ms, events),
                None => self.check_deadline(now_ms, events),
            },
        }
    }

    fn begin_grace(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        let Some(deployment) = &self.original.deployment else { return };
        let event = rollback_event(deployment);
        let config = deployment.auto_rollback.as_ref().or(self.watch.auto_rollback.as_ref());
        let configured = config.map(|config| config.covers(&event));
        let refused = deployment.rollback_message().is_some();
        let grace = match configured {
            // A message without a deployment says why there is none.
            _ if refused => SHORT_GRACE,
            _ if self.asked_for_rollback() => ROLLBACK_GRACE,
            Some(true) => ROLLBACK_GRACE,
            Some(false) if event == RollbackEvent::Failure => Duration::ZERO,
            Some(false) | None => SHORT_GRACE,
        };
        if grace.is_zero() {
            if let Some(verdict) = decide(deployment, &Rollback::None) {
                self.end(verdict, now_ms, events);
            }
            return;
        }
        let end_ms = now_ms.saturating_add(millis(grace));
        // A time-out set by the user is never exceeded. Whether a rollback follows later is then unknown, unless this
        // run requested one: it starts within seconds of the stop.
        let bound = self.watch.budget.timeout().is_some() && self.deadline_ms < end_ms;
        let until_ms = if bound { self.deadline_ms.max(now_ms) } else { end_ms };
        let grace = Duration::from_millis(until_ms - now_ms);
        // A rollback would have started by now. If the process was suspended in the meantime, the next poll decides.
        let over = deployment.completed_ms.is_some_and(|end| now_ms >= end.saturating_add(millis(ROLLBACK_GRACE)));
        self.phase = Phase::Grace { until_ms, cut: bound && !over && !self.asked_for_rollback() };
        events.push(self.event(What::RollbackExpected(grace)));
        self.pace.answered(true);
    }

    /// The verdict if no rollback began. If `--on-timeout` requested one and CodeDeploy accepted the request, the
    /// rollback is missing, which is worse than a stop.
    fn without_rollback(&self, deployment: &Deployment) -> Option<Verdict> {
        let refused = deployment.rollback_message().is_some();
        let missing = self.stopped_by == Some(StoppedBy::Timeout) && self.asked_for_rollback() && !refused;
        match decide(deployment, &Rollback::None) {
            Some(Verdict::Stopped { .. }) if missing => Some(Verdict::FailedNotRolledBack(NotRolledBack::NoRollback)),
            verdict => verdict,
        }
    }
}
