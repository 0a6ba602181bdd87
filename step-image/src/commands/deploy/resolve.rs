//! Application, deployment group and service: they must exist, be for ECS, and belong together.

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{describe_service, describe_task_definition};
use codedeploy_aws::error::Why;
use codedeploy_core::artifact::appspec::{Hook, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::artifact::check::{CheckError, not_active};
use codedeploy_core::artifact::service::Service;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::Group;
use codedeploy_core::fault::finding::Finding;
use codedeploy_core::fault::{Fault, shown};

use super::source::Source;
use crate::steps::fit::fits;
use crate::steps::group::{Wanted, find};
use crate::terminal::print;

/// The group and the service as AWS has them.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) group: Group,
    pub(super) service: Service,
    /// What the deployment would change in the service unintentionally.
    pub(super) warnings: Vec<Finding>,
}

/// Looks all three up.
pub(super) async fn resolve(read: &Aws, wanted: &Wanted, source: &Source) -> Result<Resolved, Fault> {
    let group = find::group(read, wanted).await?;
    let application = &group.application;
    let deploys = wanted.deployed(&group)?;
    let service = describe_service(read, &deploys.cluster, &deploys.service).await?;
    if let Some(name) = &wanted.service {
        service.check_account(name)?;
    }
    service.check_deployable()?;
    service.check_target_groups(&format!("{application}/{}", group.name), &group.target_groups)?;
    if group.test_routes.is_empty()
        && source.appspec.spec.hooks.iter().any(|(hook, _)| *hook == Hook::AfterAllowTestTraffic)
    {
        print::message("note: the group has no test listener, so CodeDeploy ignores the hook AfterAllowTestTraffic");
    }
    check_named(read, source).await?;
    let warnings = service.compare(&source.appspec.spec);
    Ok(Resolved { group, service, warnings })
}

/// The revision that the AppSpec names must exist, and have the container and port.
async fn check_named(read: &Aws, source: &Source) -> Result<(), Fault> {
    let named = &source.appspec.spec.task_definition;
    if named == TASK_DEFINITION_PLACEHOLDER || source.task_definition.is_some() {
        return Ok(());
    }
    match describe_task_definition(read, named).await {
        Ok(answer) => {
            let task_definition = TaskDefinition::described(&answer, named)?;
            let hint = "name an ACTIVE revision with --task-definition, or register this one again";
            if let Some(finding) = not_active(&task_definition, hint) {
                return Err(CheckError::from(finding).into());
            }
            fits(&source.appspec.name, &source.appspec.spec, &task_definition).map(|_| ())
        }
        Err(error) if matches!(error.why(), Why::Denied { .. }) => {
            print::message(&format!("note: container and port were not checked against {}: {error}", shown(named)));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
