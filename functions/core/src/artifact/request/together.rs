//! Checks that combine several parameters.

use super::error::{self, conflict};
use super::model::{AppSpecTaskDefinition, Request};
use crate::fault::Fault;

/// Faults of combinations of values.
pub(super) fn check(request: &Request) -> Result<(), Fault> {
    if request.task_definition.is_none() && request.service.is_none() && request.taskdef_template.is_none() {
        return Err(error::no_task_definition());
    }
    if request.external_id.is_some() && request.role_arn.is_none() {
        return Err(error::needs("`external_id`", "`role_arn`"));
    }
    if request.appspec_template.is_some() {
        for (given, name) in [
            (request.platform_version.is_some(), "`platform_version`"),
            (request.network.is_some(), "`network`"),
            (!request.capacity_provider_strategy.is_empty(), "`capacity_provider_strategy`"),
            (!request.hooks.is_empty(), "`hooks`"),
        ] {
            if given {
                let hint = format!("remove {name} and write it into the template, or remove `appspec_template`");
                return Err(conflict(name, "`appspec_template`", "the template says it", &hint));
            }
        }
    }
    if request.appspec_task_definition == AppSpecTaskDefinition::Arn {
        for (given, name) in
            [(!request.images.is_empty(), "`images`"), (request.taskdef_template.is_some(), "`taskdef_template`")]
        {
            if given {
                let hint = format!(
                    "remove {ARN}, which leaves <TASK_DEFINITION> for CodeDeployToECS or `codedeploy-artifact deploy \
                     --register` to fill, or remove {name}"
                );
                return Err(conflict(name, ARN, "the AppSpec would name a revision without them", &hint));
            }
        }
    }
    if !request.variables.is_empty() && request.appspec_template.is_none() && request.taskdef_template.is_none() {
        return Err(error::needs("`variables`", "`appspec_template` or `taskdef_template`"));
    }
    check_group(request)?;
    check_regions(request)?;
    if request.appspec_path == request.taskdef_path {
        let hint = "give `appspec_path` and `taskdef_path` two different values";
        return Err(conflict("`appspec_path`", "the same `taskdef_path`", "the artifact holds two files", hint));
    }
    Ok(())
}

/// What only `verify` uses, and what names the half of a group.
fn check_group(request: &Request) -> Result<(), Fault> {
    let (application, group) = (&request.application, &request.deployment_group);
    for (given, name) in [(application, "`application`"), (group, "`deployment_group`")] {
        if given.is_some() && request.verify.is_none() {
            return Err(error::needs(name, "`verify`"));
        }
    }
    match (application, group, &request.service) {
        (Some(_), None, None) => Err(error::needs("`application`", "`deployment_group` or `service`")),
        (None, Some(_), None) => Err(error::needs("`deployment_group`", "`application` or `service`")),
        _ => Ok(()),
    }
}

/// The parameter that writes an ARN into the AppSpec, as messages name it.
const ARN: &str = r#"`"appspec_task_definition": "arn"`"#;

/// The given Region and those of ARNs must be the same, because all calls go to one Region.
fn check_regions(request: &Request) -> Result<(), Fault> {
    let (described, service) = (request.task_definition_region(), request.service_region());
    if let Some(given) = request.given_region() {
        for (of_the_arn, other) in [(described, "`task_definition`"), (service, "`service`")] {
            if let Some(of_the_arn) = of_the_arn.filter(|region| *region != given) {
                return Err(error::other_region(given, other, of_the_arn));
            }
        }
    }
    match (described, service) {
        (Some(described), Some(service)) if described != service => Err(error::two_regions(described, service)),
        _ => Ok(()),
    }
}
