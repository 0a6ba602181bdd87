//! The task definition that the AppSpec names.

use crate::artifact::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::artifact::request::{AppSpecTaskDefinition, Request};
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::finding::{Finding, findings};

findings! {
    /// What can be wrong with the revision that the AppSpec names.
    pub(super) const FORMS;

    fn inactive(revision, status) =>
        "TD02" Error Input "{revision} is {status}",
        "name an ACTIVE revision";
    fn inactive_template(revision, status) =>
        "TD02" Note Input "{revision} is {status}; the deployment registers its content as a new revision",
        "if you meant another revision, name it with `task_definition`";
    fn not_placeholder(named) =>
        "CHK01" Error Configuration
        "the AppSpec names {named}, but CodeDeployToECS registers a new revision, which would not be deployed",
        "write TaskDefinition: <TASK_DEFINITION> in the AppSpec template; `codedeploy-artifact deploy --register` also \
         replaces it";
    fn not_registered(task_definition) =>
        "CHK02" Error Configuration "the AppSpec needs the ARN of a task definition, but {task_definition} has none",
        "name a registered revision with `task_definition` instead of the file, or remove \
         `\"appspec_task_definition\": \"arn\"`";
    fn other_arn(named, described) =>
        "CHK03" Error Configuration "the AppSpec names {named}, but the task definition is {described}",
        "write TaskDefinition: ${{TASK_DEFINITION_ARN}} in the AppSpec template";
}

pub(super) fn check(request: &Request, task_definition: &TaskDefinition, appspec: &AppSpec) -> Option<Finding> {
    let named = appspec.task_definition.as_str();
    match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder if named != TASK_DEFINITION_PLACEHOLDER => Some(not_placeholder(named)),
        AppSpecTaskDefinition::Arn => match task_definition.arn() {
            None => Some(no_arn(task_definition)),
            Some(arn) if arn != named => Some(other_arn(named, arn)),
            Some(_) => not_active(
                task_definition,
                "name an ACTIVE revision, or remove `appspec_task_definition` to register this revision again",
            ),
        },
        AppSpecTaskDefinition::Placeholder => {
            let status = task_definition.inactive()?;
            // CodeDeployToECS and `deploy --register` register such a revision again when they replace the placeholder.
            Some(inactive_template(task_definition.name(), status))
        }
    }
}

/// A finding if ECS does not start tasks from the revision. `hint` is the next step.
pub fn not_active(task_definition: &TaskDefinition, hint: &str) -> Option<Finding> {
    let status = task_definition.inactive()?;
    Some(Finding { hint: hint.to_owned(), ..inactive(task_definition.name(), status) })
}

/// The finding for a task definition from a file, which has no ARN, if the AppSpec needs one.
pub(crate) fn no_arn(task_definition: &TaskDefinition) -> Finding {
    not_registered(task_definition.name())
}
