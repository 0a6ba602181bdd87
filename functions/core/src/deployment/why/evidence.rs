//! What other services say of a failure. The caller asks them, each only where it may; this is plain data.

use crate::artifact::appspec::Hook;

/// The most of each kind that a report shows; the rest is counted.
pub const MOST_SHOWN: usize = 5;

/// Everything beside CodeDeploy's own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The hook functions of the AppSpec.
    pub hooks: Vec<(Hook, String)>,
    /// Stopped tasks of the green task set, the newest first.
    pub tasks: Vec<StoppedTask>,
    /// Targets of the green target group that are not healthy.
    pub targets: Vec<UnhealthyTarget>,
    /// Events of the ECS service since the deployment began that tell of trouble, the newest first.
    pub events: Vec<String>,
    /// Alarms of the deployment group in state `ALARM`.
    pub alarms: Vec<FiredAlarm>,
    /// What could not be asked.
    pub skipped: Vec<Skipped>,
}

/// A stopped task, from `DescribeTasks`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoppedTask {
    /// Id or ARN.
    pub id: String,
    /// `stopCode`, such as `EssentialContainerExited` or `TaskFailedToStart`.
    pub stop_code: Option<String>,
    /// `stoppedReason`.
    pub stopped_reason: Option<String>,
    /// Its containers.
    pub containers: Vec<ContainerExit>,
}

/// A container of a stopped task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerExit {
    /// Name.
    pub name: String,
    /// `exitCode`; `None` where it never ran.
    pub exit_code: Option<i32>,
    /// `reason`, such as `OutOfMemoryError: …` or `CannotPullContainerError: …`.
    pub reason: Option<String>,
}

/// A target that is not healthy, from `DescribeTargetHealth`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnhealthyTarget {
    /// Name of the target group.
    pub target_group: String,
    /// IP address or instance id.
    pub id: String,
    /// Port.
    pub port: u16,
    /// `State`, such as `unhealthy`.
    pub state: String,
    /// `Reason`, such as `Target.ResponseCodeMismatch`.
    pub reason: Option<String>,
    /// `Description`.
    pub description: Option<String>,
}

/// An alarm in state `ALARM`, from `DescribeAlarms`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FiredAlarm {
    /// Name.
    pub name: String,
    /// `StateReason`.
    pub reason: Option<String>,
}

/// A source that could not be asked. A report says so: a missing permission must not look like "nothing found".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What is missing, such as `stopped tasks`.
    pub what: String,
    /// Why, such as `ecs:DescribeTasks is denied`.
    pub why: String,
    /// Whether a permission is missing.
    pub denied: bool,
}
