//! The task definition that the AppSpec names.

use super::Finding;
use crate::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::error::{Kind, shown};
use crate::request::{AppSpecTaskDefinition, Request};
use crate::task_definition::TaskDefinition;

pub(super) fn check(request: &Request, task_definition: &TaskDefinition, appspec: &AppSpec) -> Option<Finding> {
    let named = appspec.task_definition.as_str();
    match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder if named != TASK_DEFINITION_PLACEHOLDER => Some(not_placeholder(named)),
        AppSpecTaskDefinition::Arn => match task_definition.arn() {
            None => Some(no_arn(task_definition)),
            Some(arn) if arn != named => Some(other_arn(named, arn)),
            Some(_) => None,
        },
        AppSpecTaskDefinition::Placeholder => None,
    }
}

/// An ARN where CodeDeployToECS expects its placeholder.
fn not_placeholder(named: &str) -> Finding {
    Finding::error(
        "CHK01",
        Kind::Configuration,
        format!(
            "the AppSpec names {}, but CodeDeployToECS registers a new revision and would not deploy it",
            shown(named)
        ),
        format!(
            "write TaskDefinition: {TASK_DEFINITION_PLACEHOLDER} into the AppSpec template; `codedeploy-artifact deploy \
             --register` fills it too"
        ),
    )
}

/// An ARN is wanted, and the task definition comes from a file that has none.
pub(crate) fn no_arn(task_definition: &TaskDefinition) -> Finding {
    Finding::error(
        "CHK02",
        Kind::Configuration,
        format!("the AppSpec must name an ARN, and {} has none", shown(&task_definition.name())),
        "name a registered revision with `task_definition` instead of the file, or remove \
         `\"appspec_task_definition\": \"arn\"`",
    )
}

/// The ARN of another revision than the one in the artifact.
fn other_arn(named: &str, described: &str) -> Finding {
    Finding::error(
        "CHK03",
        Kind::Configuration,
        format!("the AppSpec names {}, the task definition is {}", shown(named), shown(described)),
        "write TaskDefinition: ${TASK_DEFINITION_ARN} into the AppSpec template",
    )
}
