//! The causes of a failure, ranked: what came first is the cause of what came after it.
//!
//! A task that does not start makes its target unhealthy, the health check of the load balancer ends a task, a hook or an
//! alarm notices both. So stopped tasks rank before targets, targets before events of the service, and these before what
//! CodeDeploy reports. Tasks that stopped after the deployment had ended are its consequence, not its cause.

use std::fmt;

use super::cause::{self, Found, Seen};
use crate::deployment::evidence::{Evidence, StoppedTask, UnhealthyTarget};
use crate::deployment::followed::{Followed, StoppedBy};
use crate::deployment::observation::ErrorInfo;
use crate::fault::shown;
use crate::text::{LINE, counted, safe};

/// The most causes of a report.
const MOST: usize = 4;

/// What probably caused a failure. `Display` is one line: the kind, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Its kind.
    pub kind: CauseKind,
    /// What it is about: an image, a container, a code, an alarm. Text of AWS.
    pub about: Option<String>,
    /// What speaks for it, one line each. Text of AWS.
    pub evidence: Vec<String>,
    /// One next step, as an imperative sentence without a full stop.
    pub next_step: String,
}

macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident = $name:literal $title:literal,)*) => {
        /// The kind of a cause.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CauseKind {
            $($(#[$about])* $kind,)*
        }

        impl CauseKind {
            /// The name in JSON.
            pub fn name(self) -> &'static str {
                match self {
                    $(CauseKind::$kind => $name,)*
                }
            }

            /// The name in reports.
            pub fn title(self) -> &'static str {
                match self {
                    $(CauseKind::$kind => $title,)*
                }
            }
        }
    };
}

kinds! {
    /// The registry does not have the image.
    ImageNotFound = "image-not-found" "image not found",
    /// The image cannot be pulled for another reason.
    ImagePull = "image-pull" "image cannot be pulled",
    /// The image is for another CPU architecture.
    Architecture = "architecture" "image for another CPU architecture",
    /// A secret or parameter cannot be read, or does not exist.
    Secret = "secret" "secret cannot be read",
    /// Another permission is missing.
    Permission = "permission" "permission denied",
    /// The subnets have no route to a service of AWS.
    Network = "network" "no route to an AWS service",
    /// The log group does not exist.
    LogGroup = "log-group" "log group not found",
    /// A volume cannot be mounted.
    Volume = "volume" "volume cannot be mounted",
    /// There is no place for the tasks.
    Capacity = "capacity" "no capacity",
    /// A container was killed for its memory.
    OutOfMemory = "out-of-memory" "out of memory",
    /// The program of a container cannot be started.
    Command = "command" "program cannot be started",
    /// A container exits.
    Crash = "crash" "container exits",
    /// A task stopped for a reason that is not known here.
    TaskStopped = "task-stopped" "task stopped",
    /// The health check of a container fails.
    ContainerHealthCheck = "container-health-check" "container health check fails",
    /// The health check of the load balancer gets the wrong answer.
    HealthCheck = "health-check" "health check fails",
    /// The load balancer gets no answer: a security group, mostly.
    Unreachable = "unreachable" "load balancer cannot reach the tasks",
    /// Nothing listens on the port.
    NotListening = "not-listening" "nothing listens on the health check port",
    /// AWS refuses the AppSpec, the service, the deployment group or the load balancer.
    Configuration = "configuration" "configuration refused",
    /// The hook function reported `Failed`, or failed.
    Hook = "hook" "hook function failed",
    /// The hook function did not report.
    HookSilent = "hook-silent" "hook function did not report",
    /// An alarm fired.
    Alarm = "alarm" "alarm fired",
    /// It was stopped by request.
    Stopped = "stopped" "stopped by request",
    /// It was not continued in time.
    NotContinued = "not-continued" "not continued in time",
    /// The new tasks do not become healthy; nothing else is known.
    NotHealthy = "not-healthy" "new tasks do not become healthy",
    /// Another error of CodeDeploy.
    Other = "other" "error of CodeDeploy",
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.title())?;
        match &self.about {
            Some(about) => write!(f, ": {}", safe(about, LINE)),
            None => Ok(()),
        }
    }
}

/// The causes, the most probable first.
pub(super) fn ranked(followed: &Followed, seen: Seen<'_>) -> Vec<Cause> {
    let inside = seen.evidence.causes(|task| is_consequence(followed, seen, task));
    let outside = cause::of_codedeploy(seen).map(|found| of_codedeploy(seen, found));
    let mut causes = match outside {
        // This run stopped it, because its tasks did not become healthy in time.
        Some(outside)
            if outside.kind == CauseKind::Stopped
                && followed.stopped_by == Some(StoppedBy::Timeout)
                && !inside.is_empty() =>
        {
            inside
        }
        // Who stopped it, or what a role may not do, does not follow from the tasks.
        Some(outside) if matches!(outside.kind, CauseKind::Stopped | CauseKind::Permission) => {
            std::iter::once(outside).chain(inside).collect()
        }
        // That the tasks are not healthy is a consequence of any cause of theirs.
        Some(outside) if outside.kind == CauseKind::NotHealthy && !inside.is_empty() => inside,
        Some(outside) => inside.into_iter().chain([outside]).collect(),
        None => inside,
    };
    causes.truncate(MOST);
    causes
}

/// Whether a task stopped because the deployment ended: a rollback ends the new tasks. Without times, that is assumed of
/// deployments that ended for a reason outside of their tasks.
fn is_consequence(followed: &Followed, seen: Seen<'_>, task: &StoppedTask) -> bool {
    let Some(error) = seen.error else { return false };
    let failed_ms = seen.event.and_then(|event| event.end_ms).or(followed.deployment.completed_ms);
    let after = match task.stopped_ms.zip(failed_ms) {
        Some((stopped, failed)) => stopped > failed,
        None => followed.stopped_by != Some(StoppedBy::Timeout),
    };
    after && cause::stopped_from_outside(&error.code, &error.message)
}

impl Evidence {
    /// One next step from stopped tasks, the newest first, then from unhealthy targets, then from events of the service.
    pub fn next_step(&self) -> Option<String> {
        self.causes(|_| false).into_iter().next().map(|cause| cause.next_step)
    }

    /// The causes that tasks, targets and events of the service give.
    fn causes(&self, is_consequence: impl Fn(&StoppedTask) -> bool) -> Vec<Cause> {
        let mut counted_causes: Vec<(Cause, usize)> = Vec::new();
        let tasks = self.tasks.iter().filter(|task| task.is_problem() && !is_consequence(task));
        for task in tasks {
            let Some(found) = cause::by_task(self, task) else { continue };
            match counted_causes.iter_mut().find(|(cause, _)| cause.kind == found.kind) {
                Some((_, count)) => *count += 1,
                None => counted_causes.push((of_task(self, task, found), 1)),
            }
        }
        let with_count = |(mut cause, count): (Cause, usize)| {
            if let Some(first) = cause.evidence.first_mut().filter(|_| count > 1) {
                *first = format!("{}, the newest {first}", counted(count, "stopped task"));
            }
            cause
        };
        let mut causes: Vec<Cause> = counted_causes.into_iter().map(with_count).collect();
        let checks = self.targets.iter().filter(|target| target.is_problem()).map(of_target);
        let events = self.events.iter().filter_map(|event| {
            let Found { kind, about, next_step } = cause::by_sentence(event)?;
            Some(Cause { kind, about, evidence: vec![format!("ECS service event: {event}")], next_step })
        });
        for cause in checks.chain(events) {
            add(&mut causes, cause);
        }
        causes
    }
}

/// Adds a cause unless it is known. That a health check failed is all that ECS says of the task; the target and the event
/// say how.
fn add(causes: &mut Vec<Cause>, cause: Cause) {
    use CauseKind::{HealthCheck, NotListening, Unreachable};
    if causes.iter().any(|known| known.kind == cause.kind && known.about.is_some()) {
        return;
    }
    let checks = |kind| matches!(kind, HealthCheck | NotListening | Unreachable);
    let is_check = checks(cause.kind);
    let is_known = is_check && causes.iter().any(|known| checks(known.kind));
    match causes.iter_mut().find(|known| is_check && known.kind == HealthCheck && known.about.is_none()) {
        Some(general) => {
            let evidence = [cause.evidence, std::mem::take(&mut general.evidence)].concat();
            *general = Cause { evidence, ..cause };
        }
        // A target is unhealthy and an event reports the same check, in other words.
        None if is_known => {}
        None => causes.push(cause),
    }
}

fn of_task(evidence: &Evidence, task: &StoppedTask, found: Found) -> Cause {
    let Found { kind, about, next_step } = found;
    let mut lines = vec![task.problem().to_string()];
    for container in task.containers.iter().filter(|container| container.exit_code.is_some_and(|code| code != 0)) {
        let log = evidence.log_of(task, &container.name);
        lines.extend(cause::telling(log).map(|line| format!("log of container {}: {line}", shown(&container.name))));
    }
    Cause { kind, about, evidence: lines, next_step }
}

fn of_target(target: &UnhealthyTarget) -> Cause {
    let Found { kind, about, next_step } = cause::by_target(target);
    Cause { kind, about, evidence: vec![target.problem().to_string()], next_step }
}

/// The error of CodeDeploy as evidence.
pub(super) fn line_of(error: &ErrorInfo) -> String {
    format!("CodeDeploy: {}: {}", error.code, error.message)
}

fn of_codedeploy(seen: Seen<'_>, found: Found) -> Cause {
    let Found { kind, about, next_step } = found;
    let mut lines = Vec::new();
    lines.extend(seen.error.map(line_of));
    match kind {
        CauseKind::Alarm => {
            let fired = seen
                .evidence
                .alarms
                .iter()
                .filter(|alarm| about.as_ref().is_none_or(|about| about.contains(&alarm.name)));
            lines.extend(fired.filter_map(|alarm| {
                Some(format!("{}: {}", alarm.name, alarm.points().or_else(|| alarm.reason.clone())?))
            }));
        }
        CauseKind::Hook | CauseKind::HookSilent => {
            let log = seen.evidence.log_of_hook();
            lines.extend(cause::telling(log).map(|line| format!("log of the hook function: {line}")));
        }
        _ => {}
    }
    Cause { kind, about, evidence: lines, next_step }
}

#[cfg(test)]
mod tests;
