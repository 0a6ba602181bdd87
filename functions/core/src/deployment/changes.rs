//! The differences between two observations of the same deployment.

use super::event::What;
use super::observation::Deployment;
use super::target::{Label, LifecycleEvent, LifecycleStatus, Target, TaskSet, Weight};

/// The messages that the earlier observation did not have.
pub(crate) fn message_changes(old: Option<&Deployment>, new: &Deployment) -> Vec<What> {
    let known = old.map(texts).unwrap_or_default();
    texts(new).into_iter().filter(|text| !known.contains(text)).map(|text| What::Message(text.to_owned())).collect()
}

fn texts(deployment: &Deployment) -> Vec<&str> {
    let error = deployment.error.as_ref().map(|error| error.message.as_str());
    let mut texts: Vec<&str> = deployment.messages.iter().map(String::as_str).collect();
    for text in [deployment.additional.as_deref(), deployment.rollback_message()].into_iter().flatten() {
        // The error message is reported together with the status.
        if !texts.contains(&text) && Some(text) != error {
            texts.push(text);
        }
    }
    texts.retain(|text| !text.trim().is_empty());
    texts
}

/// Lifecycle events that began or ended, task counts and traffic that changed.
pub(crate) fn target_changes(old: Option<&Target>, new: &Target) -> Vec<What> {
    let mut changes: Vec<What> = new.lifecycle_events.iter().filter_map(|event| lifecycle_change(old, event)).collect();
    for label in [Label::Blue, Label::Green] {
        changes.extend(task_change(old.and_then(|old| old.task_set(&label)), new.task_set(&label)));
    }
    let (before, now) = (old.map(shares), shares(new));
    if before != Some(now) && now != (None, None) {
        changes.push(What::Traffic { blue: now.0, green: now.1 });
    }
    changes
}

fn lifecycle_change(old: Option<&Target>, event: &LifecycleEvent) -> Option<What> {
    let before = old.and_then(|old| old.lifecycle_event(&event.name)).map(|event| &event.status);
    match event.status {
        LifecycleStatus::InProgress
        | LifecycleStatus::Succeeded
        | LifecycleStatus::Failed
        | LifecycleStatus::Skipped
            if before != Some(&event.status) =>
        {
            Some(What::Lifecycle {
                name: event.name.clone(),
                status: event.status.clone(),
                took: event.took().filter(|_| event.status != LifecycleStatus::Skipped),
                detail: if event.status == LifecycleStatus::Failed { event.detail() } else { None },
            })
        }
        _ => None,
    }
}

fn task_change(old: Option<&TaskSet>, new: Option<&TaskSet>) -> Option<What> {
    let counts = |set: &TaskSet| (set.desired, set.pending, set.running);
    let new = new?;
    (old.map(counts) != Some(counts(new))).then(|| What::Tasks {
        label: new.label.clone(),
        desired: new.desired,
        pending: new.pending,
        running: new.running,
    })
}

fn shares(target: &Target) -> (Option<Weight>, Option<Weight>) {
    let share = |label| target.task_set(label).map(|set| set.traffic_weight);
    (share(&Label::Blue), share(&Label::Green))
}
