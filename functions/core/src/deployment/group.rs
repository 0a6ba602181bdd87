//! What AWS reports about a deployment group and a deployment config, as plain data: one to one with `GetDeploymentGroup`
//! and `GetDeploymentConfig`.
//!
//! Members and limits: the service model of AWS CodeDeploy, `DeploymentGroupInfo` and `DeploymentConfigInfo`.

use super::open_enum::open_enum;
use crate::names::account_of;

/// `DeploymentGroupInfo`, as far as an ECS group uses it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// CodeDeploy application.
    pub application: String,
    /// Name of the group.
    pub name: String,
    /// `ECS`, `Server` or `Lambda`.
    pub compute_platform: String,
    /// `deploymentConfigName`, which a deployment may override.
    pub config_name: String,
    /// `ecsServices`; an ECS group has one.
    pub ecs_services: Vec<EcsService>,
    /// Its waits.
    pub blue_green: BlueGreen,
    /// The alarms that stop a deployment.
    pub alarms: Alarms,
    /// What starts a rollback; `None` if the group has no setting.
    pub auto_rollback: Option<AutoRollback>,
    /// Names of the two target groups.
    pub target_groups: Vec<String>,
    /// ARNs of the production listeners.
    pub production_routes: Vec<String>,
    /// ARNs of the test listeners; empty if there is none, and then `AfterAllowTestTraffic` is ignored.
    pub test_routes: Vec<String>,
    /// ARN of the role that CodeDeploy uses.
    pub service_role: Option<String>,
    /// Id of the newest deployment that succeeded.
    pub last_successful: Option<String>,
    /// Id of the newest deployment.
    pub last_attempted: Option<String>,
}

impl Group {
    /// The account of the group: that of its service role, which CodeDeploy takes from the same account only.
    pub fn account(&self) -> Option<&str> {
        self.service_role.as_deref().and_then(account_of)
    }
}

/// An item of `ecsServices`; names or ARNs, as the group stores them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcsService {
    /// `clusterName`.
    pub cluster: String,
    /// `serviceName`.
    pub service: String,
}

/// `blueGreenDeploymentConfiguration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlueGreen {
    /// `deploymentReadyOption`: before production traffic is shifted.
    pub ready: Option<ReadyWait>,
    /// `terminateBlueInstancesOnDeploymentSuccess`: after it.
    pub termination: Option<TerminationWait>,
}

/// `deploymentReadyOption`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadyWait {
    /// What happens if the deployment is not continued in time.
    pub action: ReadyAction,
    /// `waitTimeInMinutes`; 0 with [`ReadyAction::ContinueDeployment`].
    pub wait_minutes: u32,
}

/// `deploymentReadyOption.actionOnTimeout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadyAction {
    /// `CONTINUE_DEPLOYMENT`: traffic is shifted immediately, without a wait.
    ContinueDeployment,
    /// `STOP_DEPLOYMENT`: the deployment stops unless `ContinueDeployment` comes in time.
    StopDeployment,
}

/// `terminateBlueInstancesOnDeploymentSuccess`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminationWait {
    /// What happens to the blue task set.
    pub action: TerminationAction,
    /// `terminationWaitTimeInMinutes`, 0-2880.
    pub wait_minutes: u32,
}

/// `terminateBlueInstancesOnDeploymentSuccess.action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminationAction {
    /// `TERMINATE`.
    Terminate,
    /// `KEEP_ALIVE`.
    KeepAlive,
}

/// `alarmConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alarms {
    /// `enabled`.
    pub enabled: bool,
    /// Whether a deployment continues when the alarms cannot be read.
    pub ignore_poll_failure: bool,
    /// Names of CloudWatch alarms; the quota is 50 and can be raised.
    pub names: Vec<String>,
}

impl Alarms {
    /// The alarms that stop a deployment; empty if they are turned off.
    pub fn watched(&self) -> &[String] {
        if self.enabled { &self.names } else { &[] }
    }
}

/// `autoRollbackConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AutoRollback {
    /// `enabled`.
    pub enabled: bool,
    /// `events`: what starts a rollback.
    pub events: Vec<RollbackEvent>,
}

impl AutoRollback {
    /// Whether that event starts a rollback.
    pub fn covers(&self, event: &RollbackEvent) -> bool {
        self.enabled && self.events.contains(event)
    }
}

open_enum! {
    /// `AutoRollbackEvent`.
    pub enum RollbackEvent {
        /// The deployment failed.
        Failure = "DEPLOYMENT_FAILURE",
        /// An alarm stopped it.
        StopOnAlarm = "DEPLOYMENT_STOP_ON_ALARM",
        /// It was stopped on request.
        StopOnRequest = "DEPLOYMENT_STOP_ON_REQUEST",
    }
}

/// `trafficRoutingConfig` of a deployment config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrafficRouting {
    /// `AllAtOnce`.
    AllAtOnce,
    /// `TimeBasedCanary`: one part first, the rest later.
    Canary {
        /// The first part, 1-99.
        percentage: u32,
        /// Minutes until the rest.
        interval_minutes: u32,
    },
    /// `TimeBasedLinear`: equal parts at equal intervals.
    Linear {
        /// Each part, 1-99.
        percentage: u32,
        /// Minutes between two parts.
        interval_minutes: u32,
    },
}
