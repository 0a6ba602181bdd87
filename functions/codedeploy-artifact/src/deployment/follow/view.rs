//! What can be seen of a wait at any time: its progress, its heartbeat, its result so far.

use std::time::Duration;

use super::{Follow, Phase};
use crate::deployment::event::{Event, What};
use crate::deployment::followed::{Followed, FollowedRollback};
use crate::deployment::observation::{Deployment, DeploymentStatus};
use crate::deployment::target::Label;
use crate::deployment::why::Evidence;
use crate::schedule::{Forecast, Progress};

impl Follow {
    /// How far the deployment is, for a bar: it never goes back. `None` before the first answer, and once it failed.
    pub fn progress(&mut self, now_ms: u64) -> Option<Progress> {
        let deployment = self.original.deployment.as_ref()?;
        if matches!(deployment.status, DeploymentStatus::Failed | DeploymentStatus::Stopped) {
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

    /// What is known so far, for reports.
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
            evidence: Evidence::default(),
        }
    }

    pub(super) fn heartbeat(&mut self, now_ms: u64) -> Event {
        let progress = self.progress(now_ms);
        let of_rollback = matches!(self.phase, Phase::RollingBack { .. });
        let track = if of_rollback { &self.rollback } else { &self.original };
        let green = track.target.as_ref().and_then(|target| target.task_set(&Label::Green));
        self.event(What::Heartbeat {
            status: track.deployment.as_ref().map(|deployment| deployment.status.clone()),
            waited: Duration::from_millis(now_ms.saturating_sub(self.started_ms)),
            lifecycle: track.under_way().map(|event| event.name.clone()),
            green: green.map(|set| set.traffic_weight),
            remaining: progress.filter(|_| !of_rollback).and_then(|progress| progress.remaining),
        })
    }
}
