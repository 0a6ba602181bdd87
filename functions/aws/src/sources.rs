//! Reads what a request needs from ECS, with as few calls as possible.

use codedeploy_core::artifact::request::Request;
use codedeploy_core::artifact::sources::{Document, Sources, task_definition_to_describe};
use codedeploy_core::fault::Fault;
use codedeploy_core::names::RoleArn;

use crate::config::Aws;
use crate::ecs;
use crate::secret::Secret;
use crate::sts::{self, RoleToAssume};

/// Reads the resources of the request from ECS, in its Region and with its role.
///
/// `session_name` shows up in `CloudTrail` of the account that owns the role.
///
/// # Errors
/// Errors of AWS, and a service without what the request needs from it.
pub async fn from_ecs(aws: &Aws, request: &Request, session_name: &str) -> Result<Sources, Fault> {
    let mut sources = Sources::default();
    if !request.asks_ecs() {
        return Ok(sources);
    }
    let aws = caller(aws, request, session_name).await?;
    if let Some(name) = request.service_to_ask() {
        let service = ecs::describe_service(&aws, &name.cluster, &name.service).await?;
        service.check_account(name)?;
        sources.service = Some(service);
    }
    if let Some(name) = task_definition_to_describe(request, sources.service.as_ref())? {
        let text = ecs::describe_in(&aws, name, request.role_arn.as_ref().map(RoleArn::account)).await?;
        sources.task_definition = Some(Document { name: name.to_owned(), text });
    }
    Ok(sources)
}

/// The role and the region in which the request wants ECS to be read.
async fn caller(aws: &Aws, request: &Request, session_name: &str) -> Result<Aws, Fault> {
    let region = request.region_to_ask();
    let Some(role) = &request.role_arn else {
        return Ok(region.map_or_else(|| Ok(aws.clone()), |region| aws.with_region(region))?);
    };
    let mut actions = vec!["ecs:DescribeTaskDefinition"];
    if request.service_to_ask().is_some() {
        actions.push("ecs:DescribeServices");
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
