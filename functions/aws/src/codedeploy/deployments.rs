//! Deployments as CodeDeploy reports them, one or many.

use aws_sdk_codedeploy::types::{self, AutoRollbackConfiguration, BlueGreenDeploymentConfiguration, DeploymentInfo};
use codedeploy_core::deployment::{
    AutoRollback, BlueGreen, Deployment, DeploymentStatus, ErrorInfo, RollbackEvent, RollbackInfo,
};

use super::group::{ready_wait, termination_wait};
use super::revision;
use super::shared::{cause, client};
use crate::config::Aws;
use crate::error::AwsError;
use crate::time::millis;

/// The most deployments that one `BatchGetDeployments` takes.
const BATCH: usize = 25;

/// `GetDeployment`.
pub async fn get_deployment(aws: &Aws, id: &str) -> Result<Deployment, AwsError> {
    let call = aws.call("codedeploy:GetDeployment", id)?;
    let answer = call.answer(client(aws).get_deployment().deployment_id(id).send().await, cause)?;
    Ok(read(call.part(answer.deployment_info())?))
}

/// `BatchGetDeployments`, in calls of 25, newest first. Deployments that CodeDeploy does not know are left out.
pub async fn batch_get_deployments(aws: &Aws, ids: &[String]) -> Result<Vec<Deployment>, AwsError> {
    let mut deployments = Vec::new();
    for ids in ids.chunks(BATCH) {
        let call = aws.call("codedeploy:BatchGetDeployments", ids.join(", "))?;
        let answer = client(aws).batch_get_deployments().set_deployment_ids(Some(ids.to_vec())).send().await;
        deployments.extend(call.answer(answer, cause)?.deployments_info().iter().map(read));
    }
    deployments.sort_by_key(|deployment| std::cmp::Reverse(deployment.created_ms));
    Ok(deployments)
}

fn read(info: &DeploymentInfo) -> Deployment {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Deployment {
        application: info.application_name().unwrap_or_default().to_owned(),
        group: info.deployment_group_name().unwrap_or_default().to_owned(),
        error: info.error_information().map(|error| ErrorInfo {
            code: error.code().map_or("", types::ErrorCode::as_str).to_owned(),
            message: error.message().unwrap_or_default().to_owned(),
        }),
        creator: text(info.creator().map(types::DeploymentCreator::as_str)),
        description: text(info.description()),
        created_ms: millis(info.create_time()),
        started_ms: millis(info.start_time()),
        completed_ms: millis(info.complete_time()),
        rollback: info.rollback_info().map(|rollback| RollbackInfo {
            rollback_deployment_id: text(rollback.rollback_deployment_id()),
            rollback_triggering_deployment_id: text(rollback.rollback_triggering_deployment_id()),
            message: text(rollback.rollback_message()),
        }),
        messages: info.deployment_status_messages().to_vec(),
        additional: text(info.additional_deployment_status_info()),
        termination_wait_started: info.instance_termination_wait_time_started(),
        config_name: text(info.deployment_config_name()),
        revision: info.revision().map(revision::read),
        previous_revision: info.previous_revision().map(revision::read),
        auto_rollback: info.auto_rollback_configuration().map(auto_rollback),
        blue_green: blue_green(info.blue_green_deployment_configuration()),
        external_id: text(info.external_id()),
        ..Deployment::new(
            info.deployment_id().unwrap_or_default(),
            DeploymentStatus::from_name(info.status().map_or("", types::DeploymentStatus::as_str)),
        )
    }
}

fn auto_rollback(found: &AutoRollbackConfiguration) -> AutoRollback {
    let events = found.events().iter().map(|event| RollbackEvent::from_name(event.as_str())).collect();
    AutoRollback { enabled: found.enabled(), events }
}

fn blue_green(found: Option<&BlueGreenDeploymentConfiguration>) -> BlueGreen {
    let ready = found.and_then(BlueGreenDeploymentConfiguration::deployment_ready_option);
    let termination = found.and_then(BlueGreenDeploymentConfiguration::terminate_blue_instances_on_deployment_success);
    let positive = |number: i32| number.try_into().unwrap_or_default();
    BlueGreen {
        ready: ready.map(|ready| {
            let action = ready.action_on_timeout().map(types::DeploymentReadyAction::as_str);
            ready_wait(action, positive(ready.wait_time_in_minutes()))
        }),
        termination: termination.map(|termination| {
            let action = termination.action().map(types::InstanceAction::as_str);
            termination_wait(action, positive(termination.termination_wait_time_in_minutes()))
        }),
    }
}

#[cfg(test)]
mod tests;
