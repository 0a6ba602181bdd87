//! What other services report about a failure. The caller queries them as far as it is permitted; this is plain data.

mod alarm;
mod image;
mod invocation;
mod log;
pub(crate) mod report;

use std::collections::HashSet;

use super::observation::Deployment;
use super::problem::{Problem, Source};
use crate::artifact::appspec::Hook;

pub use image::PushedImage;
pub use invocation::invocation;
pub use log::{LogLine, LogOf, LogPlace, LogTail, Logged, masking};

/// Everything that services other than CodeDeploy report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The hook functions of the AppSpec.
    pub hooks: Vec<(Hook, String)>,
    /// Stopped tasks of the green task set, the newest first.
    pub tasks: Vec<StoppedTask>,
    /// Targets of the green target group that are not healthy.
    pub targets: Vec<UnhealthyTarget>,
    /// Events of the ECS service since the deployment began that report a problem, the newest first.
    pub events: Vec<String>,
    /// Alarms of the deployment group in state `ALARM`.
    pub alarms: Vec<FiredAlarm>,
    /// The ends of the logs of containers that stopped, and of the hook function that failed.
    pub logs: Vec<LogTail>,
    /// The images of containers that stopped, as their registry has them.
    pub images: Vec<PushedImage>,
    /// The deployments of the group before this one, the newest first.
    pub earlier: Vec<Deployment>,
    /// What could not be queried.
    pub skipped: Vec<Skipped>,
}

/// A stopped task, from `DescribeTasks`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoppedTask {
    /// Id or ARN.
    pub id: String,
    /// ARN of its task definition.
    pub task_definition: Option<String>,
    /// `stoppedAt`, in milliseconds since 1970.
    pub stopped_ms: Option<u64>,
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
    /// Image, as the task definition names it.
    pub image: Option<String>,
    /// `imageDigest` of the image that ran.
    pub digest: Option<String>,
    /// `exitCode`; `None` if it never ran.
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
    /// `StateReasonData`: JSON with the data points, or with the alarms that triggered a composite one.
    pub data: Option<String>,
    /// `StateTransitionedTimestamp`: since when it is in that state, in milliseconds since 1970.
    pub since_ms: Option<u64>,
}

/// A source that could not be queried. Reports name it: a missing permission must not look like "nothing found".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What is missing, such as `stopped tasks`.
    pub what: String,
    /// Why, such as `ecs:DescribeTasks is denied`.
    pub why: String,
    /// Whether a permission is missing.
    pub denied: bool,
}

impl Evidence {
    /// This evidence and that of another query.
    #[must_use]
    pub fn with(mut self, other: Evidence) -> Evidence {
        let Evidence { hooks, tasks, targets, events, alarms, logs, images, earlier, skipped } = other;
        self.hooks.extend(hooks);
        self.tasks.extend(tasks);
        self.targets.extend(targets);
        self.events.extend(events);
        self.alarms.extend(alarms);
        self.logs.extend(logs);
        self.images.extend(images);
        self.earlier.extend(earlier);
        self.skipped.extend(skipped);
        self
    }

    /// Adds earlier evidence, except for reasons that are already listed.
    pub fn add_seen(&mut self, earlier: Evidence) {
        let tasks = self.tasks.iter().map(StoppedTask::problem);
        let problems = tasks.chain(self.targets.iter().map(UnhealthyTarget::problem));
        let mut known: HashSet<String> = problems.map(|problem| problem.key()).collect();
        self.tasks.extend(earlier.tasks.into_iter().filter(|task| !known.contains(&task.problem().key())));
        self.targets.extend(earlier.targets.into_iter().filter(|target| !known.contains(&target.problem().key())));
        self.events.extend(earlier.events);
        self.events.retain(|event| known.insert(Problem::of_event(event).key()));
    }
}

impl StoppedTask {
    /// The stop as a problem.
    pub(crate) fn problem(&self) -> Problem {
        Problem { source: Source::StoppedTask, id: Some(self.id.clone()), reason: self.reason() }
    }

    /// Everything that ECS reports about the stop, in one line.
    pub(crate) fn reason(&self) -> String {
        let said = [&self.stopped_reason, &self.stop_code].into_iter().flatten().find(|text| !text.trim().is_empty());
        let whole = said.map_or("no reason given", String::as_str);
        let mut containers: Vec<String> =
            self.containers.iter().filter_map(|container| self.container_reason(whole, container)).collect();
        containers.sort();
        std::iter::once(whole.trim().to_owned()).chain(containers).collect::<Vec<_>>().join("; ")
    }

    fn container_reason(&self, whole: &str, container: &ContainerExit) -> Option<String> {
        let reason = container.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let reason = reason.filter(|reason| !whole.contains(reason));
        // If ECS stops a task, its containers are ended by a signal.
        let by_ecs = self.stop_code.as_deref() == Some("ServiceSchedulerInitiated");
        let exit = container.exit_code.filter(|code| *code != 0 && !(by_ecs && matches!(code, 137 | 143)));
        let exit = exit.map(|code| format!("exit code {code}"));
        let parts: Vec<&str> = [exit.as_deref(), reason].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("container {}: {}", container.name, parts.join(": ")))
    }

    /// Whether the stop is a problem: scaling in and a stop by a user are not.
    pub(crate) fn is_problem(&self) -> bool {
        let reason = self.stopped_reason.as_deref().unwrap_or_default();
        self.stop_code.as_deref() != Some("UserInitiated") && !reason.starts_with("Scaling activity initiated by")
    }
}

impl UnhealthyTarget {
    /// The target as a problem: `10.0.0.7:8080 in tg-green`, and `STATE: REASON: DESCRIPTION`.
    pub(crate) fn problem(&self) -> Problem {
        let parts = [Some(&self.state), self.reason.as_ref(), self.description.as_ref()];
        Problem {
            source: Source::UnhealthyTarget,
            id: Some(format!("{}:{} in {}", self.id, self.port, self.target_group)),
            reason: parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(": "),
        }
    }

    /// Whether health checks failed. A target that is still being registered is `initial`.
    pub(crate) fn is_problem(&self) -> bool {
        self.state.starts_with("unhealthy") || self.state == "unavailable"
    }
}
