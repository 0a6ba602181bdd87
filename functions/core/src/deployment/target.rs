//! What AWS says of the service under deployment, as plain data: one to one with `BatchGetDeploymentTargets`.
//!
//! Members, cases and limits: the service model of AWS CodeDeploy, `ECSTarget`. Times are milliseconds since 1970.

use super::observation::Deployment;
use super::open_enum::open_enum;

open_enum! {
    /// `ECSTarget.status`.
    pub enum TargetStatus {
        /// Not begun.
        Pending = "Pending",
        /// Under way.
        InProgress = "InProgress",
        /// Done.
        Succeeded = "Succeeded",
        /// A lifecycle event failed.
        Failed = "Failed",
        /// Never begun.
        Skipped = "Skipped",
        /// AWS does not know.
        Unknown = "Unknown",
        /// Waits for `ContinueDeployment`.
        Ready = "Ready",
    }
}

/// `ECSTarget`: the service as this deployment sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `cluster:service`.
    pub id: String,
    /// Where it stands.
    pub status: TargetStatus,
    /// In lifecycle order.
    pub lifecycle_events: Vec<LifecycleEvent>,
    /// Blue (the original) and green (the replacement), in any order; green is missing until it is created.
    pub task_sets: Vec<TaskSet>,
}

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

    /// The task set of that label.
    pub fn task_set(&self, label: &Label) -> Option<&TaskSet> {
        self.task_sets.iter().find(|set| set.label == *label)
    }

    /// The lifecycle event of that name.
    pub fn lifecycle_event(&self, name: &str) -> Option<&LifecycleEvent> {
        self.lifecycle_events.iter().find(|event| event.name == name)
    }
}

open_enum! {
    /// `LifecycleEvent.status`.
    pub enum LifecycleStatus {
        /// Not begun.
        Pending = "Pending",
        /// Under way.
        InProgress = "InProgress",
        /// Done.
        Succeeded = "Succeeded",
        /// Failed; see its diagnostics.
        Failed = "Failed",
        /// Left out: nothing to do, or something before it failed.
        Skipped = "Skipped",
        /// AWS does not know.
        Unknown = "Unknown",
    }
}

/// One lifecycle event, such as `Install` or `AllowTraffic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleEvent {
    /// As AWS writes it.
    pub name: String,
    /// Where it stands.
    pub status: LifecycleStatus,
    /// When it began.
    pub start_ms: Option<u64>,
    /// When it ended.
    pub end_ms: Option<u64>,
    /// What its script or function left.
    pub diagnostics: Option<Diagnostics>,
}

/// `Diagnostics` of a lifecycle event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// `Success`, `ScriptMissing`, `ScriptNotExecutable`, `ScriptTimedOut`, `ScriptFailed` or `UnknownError`.
    pub error_code: Option<String>,
    /// The script or Lambda function.
    pub script_name: Option<String>,
    /// The sentence of AWS.
    pub message: Option<String>,
    /// The last 4 KiB of its log.
    pub log_tail: Option<String>,
}

open_enum! {
    /// `taskSetLabel`.
    pub enum Label {
        /// The original task set.
        Blue = "Blue",
        /// The replacement task set.
        Green = "Green",
    }
}

open_enum! {
    /// `ECSTaskSet.status`.
    pub enum TaskSetStatus {
        /// The one that the service counts as its own.
        Primary = "PRIMARY",
        /// Not primary, perhaps with traffic.
        Active = "ACTIVE",
        /// On its way out.
        Draining = "DRAINING",
    }
}

/// `ECSTaskSet`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSet {
    /// `identifer` (AWS spells it so).
    pub id: String,
    /// Blue or green.
    pub label: Label,
    /// Its role in the service.
    pub status: TaskSetStatus,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks that start.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// Its share of the production traffic.
    pub traffic_weight: Weight,
    /// Name of its target group.
    pub target_group: Option<String>,
}

/// A share of the traffic, in permille, 0-1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Weight(u16);

impl Weight {
    /// No traffic.
    pub const NONE: Weight = Weight(0);
    /// All traffic.
    pub const ALL: Weight = Weight(1000);

    /// From the percentage that AWS sends as a double. What is not a number is no traffic; the rest is cut to 0-100.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0-1000 before, and `as` turns a NaN into 0"
    )]
    pub fn from_percent(percent: f64) -> Weight {
        Weight((percent * 10.0).round().clamp(0.0, 1000.0) as u16)
    }

    /// From a whole percentage; what is above 100 is all traffic.
    pub fn percent(percent: u32) -> Weight {
        Weight(u16::try_from(percent.saturating_mul(10)).unwrap_or(1000).min(1000))
    }

    /// In permille, 0-1000.
    pub fn permille(self) -> u16 {
        self.0
    }
}

/// `10%`, or `2.5%`.
impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}%", self.0 / 10),
            tenth => write!(f, "{}.{tenth}%", self.0 / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{DeploymentStatus, RollbackInfo};

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
        // What AWS says is kept.
        check(LifecycleStatus::Succeeded, None, "Blue", ["Blue", "Blue"]);
    }
}
