//! What a service runs, as the old side of a comparison.

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_task_definition;
use codedeploy_core::artifact::appspec::AppSpec;
use codedeploy_core::artifact::diff::Side;
use codedeploy_core::artifact::service::{Service, no_task_definition};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::Fault;

/// A revision as ECS has it.
pub(crate) async fn described(read: &Aws, name: &str) -> Result<TaskDefinition, Fault> {
    TaskDefinition::described(&describe_task_definition(read, name).await?, name)
}

/// What the service runs, and the AppSpec with the values that a deployment to this service implies; see
/// [`Service::deployed`].
pub(crate) async fn running(
    read: &Aws,
    service: &Service,
    appspec: Option<&AppSpec>,
) -> Result<(Side, Option<AppSpec>), Fault> {
    let name = service.full_name();
    let arn = service.task_definition.as_deref().ok_or_else(|| no_task_definition(&name))?;
    let task_definition = described(read, arn).await?;
    let (appspec, deployed) = appspec.map(|appspec| service.deployed(appspec)).unzip();
    let name = format!("{name} ({})", task_definition.name());
    Ok((Side { name, task_definition: Some(task_definition), appspec }, deployed))
}
