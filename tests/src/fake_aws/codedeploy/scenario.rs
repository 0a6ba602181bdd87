//! How a deployment goes: chosen by the test for each deployment group.

/// What becomes of the deployments of a group that are created from now on.
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
    /// ECS refuses the new task set with that message.
    CannotUpdateService(String),
    /// An alarm of the group fires 20 seconds after so many percent of the traffic reached the new tasks.
    AlarmAt(u8),
    /// It goes that way, and the rollback that follows fails too.
    RollbackFails(Box<Scenario>),
}

impl Scenario {
    /// How the deployment itself goes, whatever its rollback does.
    pub(super) fn outcome(&self) -> &Scenario {
        match self {
            Scenario::RollbackFails(outcome) => outcome.outcome(),
            outcome => outcome,
        }
    }

    pub(super) fn rollback_fails(&self) -> bool {
        matches!(self, Scenario::RollbackFails(_))
    }
}
