//! The course of a deployment, selected by the test for each deployment group.

/// How a health check of a load balancer fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The target answers with this status code.
    Code(u16),
    /// The target does not answer.
    Timeout,
}

impl Check {
    /// `Reason` and `Description` of `DescribeTargetHealth`.
    pub(in super::super) fn reason(self) -> (&'static str, String) {
        match self {
            Check::Code(code) => {
                ("Target.ResponseCodeMismatch", format!("Health checks failed with these codes: [{code}]"))
            }
            Check::Timeout => ("Target.Timeout", "Request timed out".to_owned()),
        }
    }
}

/// The course of deployments of a group created from now on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scenario {
    /// Each step ends well.
    #[default]
    Succeeds,
    /// The hook of that lifecycle event reports `Failed`.
    HookFails(&'static str),
    /// The hook of that lifecycle event never reports: CodeDeploy gives up after 60 minutes.
    HookNeverReports(&'static str),
    /// The new tasks exit again and again: CodeDeploy gives up after 60 minutes.
    NeverHealthy,
    /// The new tasks run and fail the health checks of the load balancer: CodeDeploy gives up after 60 minutes.
    UnhealthyTargets,
    /// The new tasks run and fail the health checks of the load balancer in that way: CodeDeploy gives up after 60 minutes.
    FailsChecks(Check),
    /// There is no capacity for the new tasks: CodeDeploy gives up after 60 minutes.
    NoCapacity,
    /// The new tasks stop for the first reason, those after them for the next one, the last one again and again:
    /// CodeDeploy gives up after 60 minutes.
    TasksStop(Vec<Stop>),
    /// It succeeds although none of the new tasks runs.
    SucceedsWithoutTasks,
    /// ECS refuses the new task set with that message.
    CannotUpdateService(String),
    /// An alarm of the group fires 20 seconds after so many percent of the traffic reached the new tasks.
    AlarmAt(u8),
    /// As the inner scenario, and its rollback fails as well.
    RollbackFails(Box<Scenario>),
    /// As the inner scenario, but no rollback follows although one is due.
    RollbackNeverComes(Box<Scenario>),
}

/// Why a task stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// `stopCode`
    pub code: &'static str,
    /// `stoppedReason`
    pub reason: String,
    /// Exit code and `reason` of its first container.
    pub container: (Option<i32>, Option<String>),
}

impl Stop {
    /// A task that never started, as recorded.
    pub fn cannot_pull(image: &str) -> Stop {
        let reason = format!(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: \
             {image}: not found"
        );
        Stop { code: "TaskFailedToStart", reason, container: (None, None) }
    }

    /// A task whose essential container exited.
    pub fn exited(exit_code: i32, reason: Option<&str>) -> Stop {
        let container = (Some(exit_code), reason.map(str::to_owned));
        Stop { code: "EssentialContainerExited", reason: "Essential container in task exited".to_owned(), container }
    }
}

impl Scenario {
    /// The course of the deployment itself, without its rollback.
    pub(super) fn outcome(&self) -> &Scenario {
        match self {
            Scenario::RollbackFails(outcome) | Scenario::RollbackNeverComes(outcome) => outcome.outcome(),
            outcome => outcome,
        }
    }

    pub(super) fn rollback_never_comes(&self) -> bool {
        matches!(self, Scenario::RollbackNeverComes(_))
    }

    pub(super) fn rollback_fails(&self) -> bool {
        matches!(self, Scenario::RollbackFails(_))
    }
}
