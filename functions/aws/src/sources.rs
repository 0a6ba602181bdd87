//! Reads what a request needs from ECS, with as few calls as possible.

use codedeploy_core::artifact::request::Request;
use codedeploy_core::artifact::sources::{Document, Sources, task_definition_to_describe};
use codedeploy_core::fault::Fault;
use codedeploy_core::names::RoleArn;

use crate::account::ACTIONS;
use crate::config::Aws;
use crate::ecs;
use crate::secret::Secret;
use crate::sts::{self, RoleToAssume};

/// Reads the resources of the request from ECS, as the [`reader`].
///
/// # Errors
/// Errors of AWS, and a service without what the request needs from it.
pub async fn from_ecs(aws: &Aws, request: &Request) -> Result<Sources, Fault> {
    let mut sources = Sources::default();
    if let Some(name) = request.service_to_ask() {
        let service = ecs::describe_service(aws, &name.cluster, &name.service).await?;
        service.check_account(name)?;
        sources.service = Some(service);
    }
    if let Some(name) = task_definition_to_describe(request, sources.service.as_ref())? {
        let text = ecs::describe_in(aws, name, request.role_arn.as_ref().map(RoleArn::account)).await?;
        sources.task_definition = Some(Document { name: name.to_owned(), text });
    }
    Ok(sources)
}

/// The role and the Region in which the request wants ECS to be read and the account to be checked. The caller itself, if
/// there is nothing to ask.
///
/// `session_name` shows up in `CloudTrail` of the account that owns the role.
///
/// # Errors
/// A role that cannot be assumed.
pub async fn reader(aws: &Aws, request: &Request, session_name: &str) -> Result<Aws, Fault> {
    if !request.asks_ecs() && !request.verifies() {
        return Ok(aws.clone());
    }
    let region = request.region_to_ask();
    let Some(role) = &request.role_arn else {
        return Ok(region.map_or_else(|| Ok(aws.clone()), |region| aws.with_region(region))?);
    };
    let mut actions = vec!["ecs:DescribeTaskDefinition"];
    if request.service_to_ask().is_some() {
        actions.push("ecs:DescribeServices");
    }
    if request.verifies() {
        actions.extend(ACTIONS);
        actions.sort_unstable();
        actions.dedup();
    }
    let role = RoleToAssume {
        arn: role.as_str().to_owned(),
        external_id: request.external_id.as_ref().map(|id| Secret::new(id.expose())),
        session_name: session_name.to_owned(),
        actions,
        region: region.map(str::to_owned),
    };
    Ok(sts::assume_role(aws, &role).await?)
}
