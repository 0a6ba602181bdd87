//! The progress, heartbeat and result so far of a wait, available at any time.

use std::time::Duration;

use super::state::{Follow, Phase};
use crate::deployment::event::{Event, What};
use crate::deployment::evidence::Evidence;
use crate::deployment::followed::{Followed, FollowedRollback};
use crate::deployment::history::History;
use crate::deployment::observation::{Deployment, DeploymentStatus};
use crate::deployment::schedule::millis;
use crate::deployment::schedule::{Forecast, Progress};
use crate::deployment::target::{Label, Target};

/// The longest silence: build systems stop steps that print nothing for ten minutes.
pub const HEARTBEAT: Duration = Duration::from_mins(1);

impl Follow {
    /// The share of the deployment that is done, for a progress bar; it never decreases. `None` before the first answer
    /// and after a failure.
    pub fn progress(&mut self, now_ms: u64) -> Option<Progress> {
        let deployment = self.original.deployment.as_ref()?;
        if deployment.status.is_failure() {
            return None;
        }
        let mut progress = self.forecast.progress(deployment, self.original.target.as_ref(), now_ms);
        self.shown_permille = self.shown_permille.max(progress.permille);
        progress.permille = self.shown_permille;
        Some(progress)
    }

    /// The forecast, for the traffic plan.
    pub fn forecast(&self) -> &Forecast {
        &self.forecast
    }

    /// Whether the rollback is followed, and not the deployment itself.
    pub fn rolls_back(&self) -> bool {
        matches!(self.phase, Phase::RollingBack { .. })
    }

    /// The target of the deployment that is followed, as observed last.
    pub fn target(&self) -> Option<&Target> {
        if self.rolls_back() { self.rollback.target.as_ref() } else { self.original.target.as_ref() }
    }

    /// What is known so far, for reports, without the history, which the caller keeps.
    pub fn followed(&self, now_ms: u64) -> Followed {
        let ended_ms = if self.verdict().is_some() { self.ended_ms } else { now_ms };
        let unseen = || Deployment::new(&self.watch.deployment, DeploymentStatus::Other("not seen".to_owned()));
        let rollback = |deployment: &Deployment| FollowedRollback {
            deployment: deployment.clone(),
            target: self.rollback.target.clone(),
        };
        Followed {
            deployment: self.original.deployment.clone().unwrap_or_else(unseen),
            target: self.original.target.clone(),
            rollback: self.rollback.deployment.as_ref().map(rollback),
            verdict: self.verdict().cloned(),
            waited: Duration::from_millis(ended_ms.saturating_sub(self.started_ms)),
            evidence: self.problems.seen.clone(),
            stopped_by: self.stopped_by,
            history: History::default(),
        }
    }

    /// The deployment and its target, as long as ECS and the load balancer may explain a problem: until the replacement
    /// task set has all its tasks.
    pub fn in_trouble(&self) -> Option<(&Deployment, &Target)> {
        let (deployment, target) = (self.original.deployment.as_ref()?, self.original.target.as_ref()?);
        let begun = !matches!(deployment.status, DeploymentStatus::Created | DeploymentStatus::Queued);
        let open = self.phase == Phase::Original && begun && !deployment.status.is_final();
        (open && !Followed::is_installed(target)).then_some((deployment, target))
    }

    /// Records what ECS and the load balancer reported during the wait, and returns the problems that are new.
    pub fn found(&mut self, evidence: Evidence, now_ms: u64) -> Vec<Event> {
        let news = self.problems.take(evidence);
        let wanted = matches!(self.phase, Phase::Original | Phase::Stopping);
        let events = if wanted { news.into_iter().map(|what| self.event(what)).collect() } else { Vec::new() };
        self.speak(now_ms, events)
    }

    fn heartbeat(&mut self, now_ms: u64) -> Event {
        let progress = self.progress(now_ms);
        let of_rollback = self.rolls_back();
        let times_out = match &self.phase {
            Phase::Original | Phase::RollingBack { .. } => {
                Some(Duration::from_millis(self.deadline_ms.saturating_sub(now_ms)))
            }
            Phase::Stopping | Phase::Grace { .. } | Phase::Done(_) => None,
        };
        // No forecast is shown beyond the end of the wait.
        let fits = |left: &Duration| times_out.is_none_or(|times_out| *left <= times_out);
        let problem = self.in_trouble().and(self.problems.newest.clone());
        let track = if of_rollback { &self.rollback } else { &self.original };
        let green = track.target.as_ref().and_then(|target| target.task_set(&Label::Green));
        self.event(What::Heartbeat {
            status: track.deployment.as_ref().map(|deployment| deployment.status.clone()),
            waited: Duration::from_millis(now_ms.saturating_sub(self.started_ms)),
            lifecycle: track.under_way().map(|event| event.name.clone()),
            green: green.map(|set| set.traffic_weight),
            remaining: progress.filter(|_| !of_rollback).and_then(|progress| progress.remaining).filter(fits),
            times_out,
            problem,
        })
    }

    /// Adds a heartbeat if no event was reported for too long.
    pub(super) fn speak(&mut self, now_ms: u64, mut events: Vec<Event>) -> Vec<Event> {
        let silent = now_ms.saturating_sub(self.spoke_ms) >= millis(HEARTBEAT);
        if events.is_empty() && silent && self.verdict().is_none() {
            events.push(self.heartbeat(now_ms));
        }
        if !events.is_empty() {
            self.spoke_ms = now_ms;
        }
        events
    }
}
