//! The task definition that the AppSpec names.

use super::Finding;
use crate::artifact::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::artifact::request::{AppSpecTaskDefinition, Request};
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::{Kind, shown};

pub(super) fn check(request: &Request, task_definition: &TaskDefinition, appspec: &AppSpec) -> Option<Finding> {
    let named = appspec.task_definition.as_str();
    match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder if named != TASK_DEFINITION_PLACEHOLDER => Some(not_placeholder(named)),
        AppSpecTaskDefinition::Arn => match task_definition.arn() {
            None => Some(no_arn(task_definition)),
            Some(arn) if arn != named => Some(other_arn(named, arn)),
            Some(_) => not_active(
                task_definition,
                "name an ACTIVE revision, or remove `appspec_task_definition` to have this one registered again",
            ),
        },
        AppSpecTaskDefinition::Placeholder => registered_again(task_definition),
    }
}

/// A revision that ECS does not run. `hint` says what to do about it.
pub fn not_active(task_definition: &TaskDefinition, hint: &str) -> Option<Finding> {
    let status = task_definition.inactive()?;
    let message = format!("{} is {}", shown(&task_definition.name()), shown(status));
    Some(Finding::error("TD02", Kind::Input, message, hint))
}

/// What CodeDeployToECS and `deploy --register` do with such a revision behind the placeholder.
fn registered_again(task_definition: &TaskDefinition) -> Option<Finding> {
    let status = task_definition.inactive()?;
    let message = format!(
        "{} is {}; the deployment registers its content as a new revision",
        shown(&task_definition.name()),
        shown(status)
    );
    Some(Finding::note("TD02", message, "if another revision was meant, name it with `task_definition`"))
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
