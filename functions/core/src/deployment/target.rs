//! What AWS reports about the service under deployment, as plain data: one to one with `BatchGetDeploymentTargets`.
//!
//! Members, cases and limits: the service model of AWS CodeDeploy, `ECSTarget`. Times are milliseconds since 1970.

use std::time::Duration;

use serde_json::Value;

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
        /// A lifecycle event has failed.
        Failed = "Failed",
        /// Never begun.
        Skipped = "Skipped",
        /// AWS does not know.
        Unknown = "Unknown",
        /// Waits for `ContinueDeployment`.
        Ready = "Ready",
    }
}

/// `ECSTarget`: the service under this deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `cluster:service`.
    pub id: String,
    /// Its status.
    pub status: TargetStatus,
    /// In lifecycle order.
    pub lifecycle_events: Vec<LifecycleEvent>,
    /// Blue (the original) and green (the replacement), in any order; green is missing until it is created.
    pub task_sets: Vec<TaskSet>,
}

impl Target {
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
        /// Skipped: nothing to do, or an earlier event failed.
        Skipped = "Skipped",
        /// AWS does not know.
        Unknown = "Unknown",
    }
}

/// One lifecycle event, such as `Install` or `AllowTraffic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleEvent {
    /// Its name.
    pub name: String,
    /// Its status.
    pub status: LifecycleStatus,
    /// When it began.
    pub start_ms: Option<u64>,
    /// When it ended.
    pub end_ms: Option<u64>,
    /// `diagnostics` of its function.
    pub diagnostics: Option<Diagnostics>,
}

impl LifecycleEvent {
    /// How long it took.
    pub(crate) fn took(&self) -> Option<Duration> {
        Some(Duration::from_millis(self.end_ms?.saturating_sub(self.start_ms?)))
    }

    /// Error code and message of its diagnostics.
    pub(crate) fn detail(&self) -> Option<String> {
        let diagnostics = self.diagnostics.as_ref()?;
        let parts = [diagnostics.error_code.as_deref(), diagnostics.message.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(": "))
    }
}

/// `Diagnostics` of a lifecycle event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// `Success`, `ScriptMissing`, `ScriptNotExecutable`, `ScriptTimedOut`, `ScriptFailed` or `UnknownError`.
    pub error_code: Option<String>,
    /// The script or Lambda function.
    pub script_name: Option<String>,
    /// `message`.
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
        /// `PRIMARY`: the task set that serves production traffic.
        Primary = "PRIMARY",
        /// `ACTIVE`: not primary, may have traffic.
        Active = "ACTIVE",
        /// `DRAINING`.
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

    /// From the percentage that AWS sends as a double. NaN counts as no traffic; other values are limited to 0-100.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0-1000 before, and `as` turns a NaN into 0"
    )]
    pub fn from_percent(percent: f64) -> Weight {
        Weight((percent * 10.0).round().clamp(0.0, 1000.0) as u16)
    }

    /// From a whole percentage; values above 100 count as 100.
    pub fn percent(percent: u32) -> Weight {
        Weight(u16::try_from(percent.saturating_mul(10)).unwrap_or(1000).min(1000))
    }

    /// In permille, 0-1000.
    pub fn permille(self) -> u16 {
        self.0
    }

    /// In percent: a whole number if it is one.
    pub(crate) fn to_json(self) -> Value {
        if self.0.is_multiple_of(10) { (self.0 / 10).into() } else { (f64::from(self.0) / 10.0).into() }
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
