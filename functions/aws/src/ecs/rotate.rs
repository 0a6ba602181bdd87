//! New tasks for a service with the ECS deployment controller, and their progress.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{self, DeploymentRolloutState};
use codedeploy_core::artifact::service::Controller;

use codedeploy_core::faults;
use codedeploy_core::names::short_name;

use super::find_service::{cause, controller, find, full_name};
use crate::config::Aws;
use crate::error::AwsError;
use crate::faults::sentence;
use crate::time::millis;

/// The state of a service, from `DescribeServices`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceState {
    /// Short name of the cluster.
    pub cluster: String,
    /// Short name of the service.
    pub name: String,
    /// Its deployment controller.
    pub controller: Controller,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks that start.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// The rollouts that have tasks, the primary one first. More than one: ECS has not finished. Empty for `CODE_DEPLOY`.
    pub rollouts: Vec<Rollout>,
    /// Its events, newest first; at most one hundred.
    pub events: Vec<ServiceEvent>,
}

/// An item of `deployments`: tasks of one revision. ECS calls it a deployment too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// `ecs-svc/…`.
    pub id: String,
    /// `PRIMARY`, `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// `COMPLETED`, `FAILED` or `IN_PROGRESS`; absent if ECS has no such state, for example without a rolling update.
    pub state: Option<String>,
    /// Why it is in this state.
    pub state_reason: Option<String>,
    /// ARN of its task definition.
    pub task_definition: Option<String>,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks that start.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// Tasks that failed to start, or to become healthy.
    pub failed: u32,
    /// When it began, in milliseconds since 1970.
    pub created_ms: Option<u64>,
}

/// An event of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEvent {
    /// Its ID.
    pub id: String,
    /// Its time, in milliseconds since 1970.
    pub created_ms: Option<u64>,
    /// Its text.
    pub message: String,
}

/// `DescribeServices`; cluster and service are names or ARNs.
pub async fn service_state(aws: &Aws, cluster: &str, service: &str) -> Result<ServiceState, AwsError> {
    Ok(read(&find(aws, cluster, service).await?, cluster, service))
}

/// `UpdateService` with `forceNewDeployment`: new tasks of the same task definition.
///
/// ECS refuses it for a service that CodeDeploy deploys (`SVC07`). The response has the new rollout as the primary one.
pub async fn force_new_deployment(aws: &Aws, cluster: &str, service: &str) -> Result<ServiceState, AwsError> {
    let call = aws.call("ecs:UpdateService", full_name(cluster, service))?;
    let request = Client::new(aws.sdk()).update_service().cluster(cluster).service(short_name(service));
    let answer = request.force_new_deployment(true).send().await;
    let answer = call.answer(answer, |call, facts| {
        if facts.code == "InvalidParameterException" && facts.message.contains("deployment controller") {
            controller_forbids(&call.name(), &call.region, &facts.message).into()
        } else {
            cause(call, facts)
        }
    })?;
    Ok(read(call.part(answer.service())?, cluster, service))
}

faults! {
    /// The faults of a rotation.
    pub(crate) const FORMS;

    /// The deployment controller of the service does not allow it.
    fn controller_forbids(name: &str, region: &str, text: &str) [text = sentence(text)] => "SVC07" Configuration
        "service \"{name}\" in {region} does not allow a forced new deployment: {text}",
        "deploy it through CodeDeploy: `codedeploy-artifact deploy`";
}

fn read(found: &types::Service, cluster: &str, service: &str) -> ServiceState {
    let mut rollouts: Vec<Rollout> = found.deployments().iter().map(rollout).collect();
    rollouts.sort_by_key(|rollout| rollout.status != "PRIMARY");
    ServiceState {
        cluster: short_name(found.cluster_arn().unwrap_or(cluster)).to_owned(),
        name: found.service_name().unwrap_or(short_name(service)).to_owned(),
        controller: controller(found),
        desired: count(found.desired_count()),
        pending: count(found.pending_count()),
        running: count(found.running_count()),
        rollouts,
        events: found.events().iter().map(event).collect(),
    }
}

fn rollout(deployment: &types::Deployment) -> Rollout {
    Rollout {
        id: deployment.id().unwrap_or_default().to_owned(),
        status: deployment.status().unwrap_or_default().to_owned(),
        state: deployment.rollout_state().map(DeploymentRolloutState::as_str).map(str::to_owned),
        state_reason: deployment.rollout_state_reason().map(str::to_owned),
        task_definition: deployment.task_definition().map(str::to_owned),
        desired: count(deployment.desired_count()),
        pending: count(deployment.pending_count()),
        running: count(deployment.running_count()),
        failed: count(deployment.failed_tasks()),
        created_ms: millis(deployment.created_at()),
    }
}

fn event(event: &types::ServiceEvent) -> ServiceEvent {
    ServiceEvent {
        id: event.id().unwrap_or_default().to_owned(),
        created_ms: millis(event.created_at()),
        message: event.message().unwrap_or_default().to_owned(),
    }
}

fn count(count: i32) -> u32 {
    count.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests;
