//! What a deployment changes: the version that it replaces against the one that it deploys, as `diff` compares them.

use std::time::Duration;

use codedeploy_aws::codedeploy::{appspec_of, deployable, get_deployment, get_deployment_group};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_service;
use codedeploy_core::artifact::appspec::{self, AppSpec};
use codedeploy_core::artifact::diff::{Side, Values, diff};
use codedeploy_core::deployment::{Deployment, DeploymentStatus};
use codedeploy_core::fault::{Fault, shown};

use super::poll::patiently;
use super::running::{described, running};
use super::survey::newest;
use crate::terminal::progress::Reporter;

/// The time limit of all queries. They run beside the wait and never delay it.
const LONGEST: Duration = Duration::from_secs(30);

/// The text of `diff`, with the values of environment variables hidden, or a sentence that says why there is none.
pub(crate) async fn compared(read: &Aws, id: &str, reporter: Reporter) -> String {
    match tokio::time::timeout(LONGEST, compare(read, id, reporter)).await {
        Ok(Ok(Some(text))) => text,
        Ok(Ok(None)) => "The version before is unknown: no deployment of the group succeeded before.".to_owned(),
        Ok(Err(fault)) => format!("The versions could not be compared: {fault}"),
        Err(_) => "The versions could not be compared: the requests timed out".to_owned(),
    }
}

async fn compare(read: &Aws, id: &str, reporter: Reporter) -> Result<Option<String>, Fault> {
    let deployment = patiently(reporter.clock(), async || get_deployment(read, id).await).await?;
    let group = get_deployment_group(read, &deployment.application, &deployment.group).await?;
    let Some(mut after) = of_revision(read, &deployment).await? else { return Ok(None) };
    // Until the traffic has moved, the service runs what is replaced.
    if let Some(name) = group.ecs_services.first() {
        let service = describe_service(read, &name.cluster, &name.service).await?;
        if service.deployment.as_deref() != Some(id) {
            let (before, deployed) = running(read, &service, after.appspec.as_ref()).await?;
            after.appspec = deployed;
            return Ok(Some(text(&before, &after)));
        }
    }
    let earlier = newest(read, &group, &[DeploymentStatus::Succeeded], 2).await?;
    let earlier = earlier.iter().find(|one| one.id != deployment.id && one.created_ms < deployment.created_ms);
    let Some(earlier) = earlier else { return Ok(None) };
    Ok(of_revision(read, earlier).await?.map(|before| text(&before, &after)))
}

fn text(before: &Side, after: &Side) -> String {
    diff(before, after, Values::Hidden).text()
}

/// The AppSpec of a deployment and the task definition that it names.
async fn of_revision(read: &Aws, deployment: &Deployment) -> Result<Option<Side>, Fault> {
    let Some(revision) = &deployment.revision else { return Ok(None) };
    let revision = deployable(read, &deployment.application, revision).await?;
    let appspec: AppSpec = appspec::read(&appspec_of(read, &revision).await?, "the AppSpec of the deployment")?;
    let task_definition = described(read, &appspec.task_definition).await?;
    let name = format!("deployment {} ({})", shown(&deployment.id), task_definition.name());
    Ok(Some(Side { name, task_definition: Some(task_definition), appspec: Some(appspec) }))
}
