//! Deployments as CodeDeploy reports them, one or many.

use aws_sdk_codedeploy::types::{self, DeploymentInfo, TimeRange};
use codedeploy_core::deployment::{Deployment, DeploymentStatus, ErrorInfo, RollbackInfo};

use super::group::{auto_rollback, blue_green};
use super::revision;
use super::shared::{cause, client};
use crate::config::Aws;
use crate::error::AwsError;
use crate::time::millis;

/// The most deployments that one `BatchGetDeployments` takes.
const BATCH: usize = 25;

/// Which deployments to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentFilter<'a> {
    /// CodeDeploy application.
    pub application: &'a str,
    /// Deployment group.
    pub group: &'a str,
    /// Only deployments in one of these states; all if empty.
    pub statuses: &'a [DeploymentStatus],
    /// Only deployments created at or after this time, in milliseconds since 1970.
    pub created_after_ms: Option<u64>,
    /// The maximum number of deployments to return. CodeDeploy returns about a hundred per call.
    pub limit: usize,
}

/// `GetDeployment`.
pub async fn get_deployment(aws: &Aws, id: &str) -> Result<Deployment, AwsError> {
    let call = aws.call("codedeploy:GetDeployment", id)?;
    let answer = call.answer(client(aws).get_deployment().deployment_id(id).send().await, cause)?;
    Ok(read(call.part(answer.deployment_info())?))
}

/// Returns the IDs of the deployments of a group in CodeDeploy's order, which the API reference does not define. Asks
/// for page after page until [`DeploymentFilter::limit`].
/// <https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html>
pub async fn list_deployments(aws: &Aws, filter: &DeploymentFilter<'_>) -> Result<Vec<String>, AwsError> {
    let call = aws.call("codedeploy:ListDeployments", format!("{}/{}", filter.application, filter.group))?;
    let statuses = filter.statuses.iter().map(|status| types::DeploymentStatus::from(status.name())).collect();
    let range = filter.created_after_ms.and_then(|millis| i64::try_from(millis).ok()).map(|millis| {
        TimeRange::builder().start(aws_sdk_codedeploy::primitives::DateTime::from_millis(millis)).build()
    });
    let request = client(aws)
        .list_deployments()
        .application_name(filter.application)
        .deployment_group_name(filter.group)
        .set_include_only_statuses((!filter.statuses.is_empty()).then_some(statuses))
        .set_create_time_range(range);
    let mut found = request.into_paginator().items().send();
    let mut ids = Vec::new();
    while ids.len() < filter.limit
        && let Some(id) = found.next().await
    {
        ids.push(call.answer(id, cause)?);
    }
    Ok(ids)
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

#[cfg(test)]
mod tests;
