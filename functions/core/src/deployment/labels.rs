//! Labels for task sets that AWS returns without one.

use super::observation::Deployment;
use super::target::{Label, LifecycleStatus, Target, TaskSetStatus};

impl Target {
    /// The same target with a label on each task set that has none: answers of 2018 do not have `taskSetLabel`.
    ///
    /// The primary task set is the blue one until `AllowTraffic` has succeeded, and the green one after that. In a
    /// rollback it is the blue one again. While traffic may be on its way back, nothing is assumed.
    #[must_use]
    pub fn labelled(mut self, deployment: &Deployment) -> Target {
        let shifted =
            self.lifecycle_event("AllowTraffic").is_some_and(|event| event.status == LifecycleStatus::Succeeded);
        let rollback = deployment.rollback.as_ref();
        let rolls_back = rollback.is_some_and(|info| info.rollback_triggering_deployment_id.is_some());
        let rolled_back = rollback.is_some_and(|info| info.rollback_deployment_id.is_some());
        let primary_is_blue = match (shifted, rolls_back) {
            (false, false) | (true, true) => true,
            (true, false) if !rolled_back => false,
            _ => return self,
        };
        for set in self.task_sets.iter_mut().filter(|set| set.label.name().is_empty()) {
            let is_primary = set.status == TaskSetStatus::Primary;
            set.label = if is_primary == primary_is_blue { Label::Blue } else { Label::Green };
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::observation::{DeploymentStatus, RollbackInfo};
    use crate::deployment::target::{LifecycleEvent, TargetStatus, TaskSet, Weight};

    #[test]
    fn task_sets_without_labels_are_told_apart_where_that_is_certain() {
        let set = |status, label: &str| TaskSet {
            id: String::new(),
            label: Label::from_name(label),
            status,
            desired: 1,
            pending: 0,
            running: 1,
            traffic_weight: Weight::NONE,
            target_group: None,
        };
        let check = |shift: LifecycleStatus, rollback: Option<RollbackInfo>, label: &str, expect: [&str; 2]| {
            let event = LifecycleEvent {
                name: "AllowTraffic".to_owned(),
                status: shift.clone(),
                start_ms: None,
                end_ms: None,
                diagnostics: None,
            };
            let target = Target {
                id: "c:s".to_owned(),
                status: TargetStatus::InProgress,
                lifecycle_events: vec![event],
                task_sets: vec![set(TaskSetStatus::Primary, label), set(TaskSetStatus::Active, "")],
            };
            let mut deployment = Deployment::new("d-1", DeploymentStatus::InProgress);
            deployment.rollback.clone_from(&rollback);
            let labelled = target.labelled(&deployment);
            let labels: Vec<&str> = labelled.task_sets.iter().map(|set| set.label.name()).collect();
            assert_eq!(labels, expect, "{shift} {rollback:?}");
        };
        let id = || Some("d-2".to_owned());
        let rolls_back = || Some(RollbackInfo { rollback_triggering_deployment_id: id(), ..RollbackInfo::default() });
        let rolled_back = || Some(RollbackInfo { rollback_deployment_id: id(), ..RollbackInfo::default() });
        check(LifecycleStatus::Pending, None, "", ["Blue", "Green"]);
        check(LifecycleStatus::Failed, rolled_back(), "", ["Blue", "Green"]);
        check(LifecycleStatus::Succeeded, None, "", ["Green", "Blue"]);
        check(LifecycleStatus::Succeeded, rolls_back(), "", ["Blue", "Green"]);
        check(LifecycleStatus::InProgress, rolls_back(), "", ["", ""]);
        check(LifecycleStatus::Succeeded, rolled_back(), "", ["", ""]);
        // A label from AWS is kept.
        check(LifecycleStatus::Succeeded, None, "Blue", ["Blue", "Blue"]);
    }
}
