//! The last observation of one deployment, and what a new one changes.
//!
//! An answer of AWS may be older than the one before it, or repeat it, so an event that has ended never starts again
//! here. Only the last state is kept: a wait of a day needs no more memory than a wait of a minute.

use std::time::Duration;

use super::changes::{message_changes, target_changes};
use super::event::What;
use super::group::{ReadyAction, TerminationAction};
use super::observation::{Deployment, DeploymentStatus, Observation};
use super::target::{LifecycleEvent, LifecycleStatus, Target};
use super::until::Until;

/// The maximum number of each that is kept. An ECS deployment has 8 lifecycle events and 2 task sets.
const MOST_LIFECYCLE_EVENTS: usize = 32;
const MOST_TASK_SETS: usize = 8;
const MOST_MESSAGES: usize = 16;

/// The longest text that is kept, in characters; `logTail` has at most 4 KiB.
const LONGEST_TEXT: usize = 4096;

/// One deployment as last observed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) deployment: Option<Deployment>,
    pub(crate) target: Option<Target>,
    said: Said,
}

/// What is reported only once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Said {
    unknown_status: bool,
    ready: bool,
    termination: bool,
}

impl Track {
    /// Records an observation and returns the events that are new.
    pub(crate) fn take(&mut self, observation: Observation, now_ms: u64) -> Vec<What> {
        let Observation { mut deployment, target } = observation;
        let old = self.deployment.as_ref();
        if old.is_some_and(|old| is_older(&deployment.status, &old.status)) {
            return Vec::new();
        }
        bound_deployment(&mut deployment);
        let changed = old.is_none_or(|old| old.status != deployment.status);
        let status = changed.then(|| What::Status {
            from: old.map(|old| old.status.clone()),
            to: deployment.status.clone(),
            error: deployment.error.clone().filter(|_| deployment.status.is_final()),
        });
        let mut news = message_changes(old, &deployment);
        if let Some(target) = target {
            let target = merge(self.target.as_ref(), target.labelled(&deployment));
            news.extend(target_changes(self.target.as_ref(), &target));
            self.target = Some(target);
        }
        // A start is reported before what follows from it, an end after what led to it.
        let at = if deployment.status.is_final() { news.len() } else { 0 };
        news.splice(at..at, status);
        if let DeploymentStatus::Other(name) = &deployment.status
            && !std::mem::replace(&mut self.said.unknown_status, true)
        {
            news.push(What::UnknownStatus(name.clone()));
        }
        news.extend(self.waits(&deployment, now_ms));
        self.deployment = Some(deployment);
        news
    }

    /// The wait for a person or for the termination of the blue task set, if one has begun.
    fn waits(&mut self, deployment: &Deployment, now_ms: u64) -> Option<What> {
        let target = self.target.as_ref();
        let newest_end = |target: &Target| target.lifecycle_events.iter().filter_map(|event| event.end_ms).max();
        let since = target.and_then(newest_end).unwrap_or(now_ms);
        let ends = |minutes: u32| {
            let ends_ms = since.saturating_add(u64::from(minutes) * 60_000);
            (ends_ms, Duration::from_millis(ends_ms.saturating_sub(now_ms)))
        };
        if deployment.status == DeploymentStatus::Ready {
            let stops = deployment.blue_green.ready.filter(|ready| ready.action == ReadyAction::StopDeployment);
            let end = stops.map(|ready| ends(ready.wait_minutes));
            let said = std::mem::replace(&mut self.said.ready, true);
            return (!said).then(|| What::WaitsForContinue {
                stops_ms: end.map(|(ends_ms, _)| ends_ms),
                left: end.map(|(_, left)| left),
            });
        }
        let waits = !deployment.status.is_final() && Until::TrafficShifted.is_reached(deployment, target);
        let termination = deployment.blue_green.termination;
        let terminates =
            termination.filter(|wait| wait.action == TerminationAction::Terminate && wait.wait_minutes > 0);
        if waits && (deployment.termination_wait_started || terminates.is_some() && all_ended(target)) {
            let end = terminates.map(|wait| ends(wait.wait_minutes));
            let said = std::mem::replace(&mut self.said.termination, true);
            return (!said).then(|| What::WaitsForTermination {
                ends_ms: end.map(|(ends_ms, _)| ends_ms),
                left: end.map(|(_, left)| left),
            });
        }
        None
    }

    /// The lifecycle event under way.
    pub(crate) fn under_way(&self) -> Option<&LifecycleEvent> {
        let events = &self.target.as_ref()?.lifecycle_events;
        events.iter().find(|event| event.status == LifecycleStatus::InProgress)
    }
}

/// Whether no lifecycle event is left.
fn all_ended(target: Option<&Target>) -> bool {
    let ended = |event: &LifecycleEvent| event_rank(&event.status) == 3;
    target.is_some_and(|target| target.lifecycle_events.iter().all(ended))
}

/// Whether an answer with the one status must be older than one with the other.
fn is_older(status: &DeploymentStatus, than: &DeploymentStatus) -> bool {
    let rank = |status: &DeploymentStatus| match status {
        DeploymentStatus::Created => 0,
        DeploymentStatus::Queued => 1,
        // Ready goes back to InProgress when the deployment is continued.
        DeploymentStatus::InProgress
        | DeploymentStatus::Ready
        | DeploymentStatus::Baking
        | DeploymentStatus::Other(_) => 2,
        DeploymentStatus::Succeeded | DeploymentStatus::Failed | DeploymentStatus::Stopped => 3,
    };
    // A final status never changes.
    rank(status) < rank(than) || than.is_final() && status != than
}

/// The order of the statuses of a lifecycle event; it never goes back.
fn event_rank(status: &LifecycleStatus) -> u8 {
    match status {
        LifecycleStatus::Unknown | LifecycleStatus::Other(_) => 0,
        LifecycleStatus::Pending => 1,
        LifecycleStatus::InProgress => 2,
        LifecycleStatus::Succeeded | LifecycleStatus::Failed | LifecycleStatus::Skipped => 3,
    }
}

/// The newer target, with the lifecycle events of the older one where they have advanced further.
fn merge(old: Option<&Target>, mut new: Target) -> Target {
    new.lifecycle_events.truncate(MOST_LIFECYCLE_EVENTS);
    new.task_sets.truncate(MOST_TASK_SETS);
    for event in &mut new.lifecycle_events {
        bound_event(event);
        let further = old.and_then(|old| old.lifecycle_event(&event.name));
        if let Some(older) = further.filter(|older| {
            event_rank(&older.status) > event_rank(&event.status)
                || event_rank(&older.status) == 3 && older.status != event.status
        }) {
            *event = older.clone();
        }
    }
    // An answer without lifecycle events leaves them as they are.
    if let Some(old) = old.filter(|_| new.lifecycle_events.is_empty()) {
        new.lifecycle_events.clone_from(&old.lifecycle_events);
    }
    if let Some(old) = old.filter(|_| new.task_sets.is_empty()) {
        new.task_sets.clone_from(&old.task_sets);
    }
    new
}

fn bound_deployment(deployment: &mut Deployment) {
    deployment.messages.truncate(MOST_MESSAGES);
    deployment.messages.iter_mut().for_each(bound_text);
    let error = deployment.error.as_mut().map(|error| &mut error.message);
    let rollback = deployment.rollback.as_mut().and_then(|rollback| rollback.message.as_mut());
    [error, rollback, deployment.additional.as_mut(), deployment.description.as_mut()]
        .into_iter()
        .flatten()
        .for_each(bound_text);
}

fn bound_event(event: &mut LifecycleEvent) {
    if let Some(diagnostics) = &mut event.diagnostics {
        [&mut diagnostics.message, &mut diagnostics.log_tail, &mut diagnostics.script_name]
            .into_iter()
            .flatten()
            .for_each(bound_text);
    }
}

fn bound_text(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
        text.truncate(end);
    }
}
