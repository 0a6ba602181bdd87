//! The task definition: registered only if asked, and only if it differs from the newest revision of its family.

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{describe_task_definition, register_task_definition};
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::first;
use serde_json::json;

use super::begun::Begun;
use crate::terminal::progress::Reporter;

/// A revision that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registered {
    /// Its ARN.
    pub(crate) arn: String,
    /// Whether it was registered for this deployment.
    pub(crate) new: bool,
}

/// What has to be done about the task definition.
#[derive(Debug)]
pub(crate) enum Comparison {
    /// Nothing: the AppSpec names a revision.
    Named,
    /// Nothing: the newest revision of the family is the same.
    Same(Registered),
    /// It has to be registered.
    New {
        wanted: Box<TaskDefinition>,
        /// Paths that differ from the newest ACTIVE revision; empty if there is none to compare with.
        differs: Vec<String>,
    },
}

/// Compares the task definition that is to be registered, if there is one, with the newest revision of its family.
pub(crate) async fn compare(read: &Aws, wanted: Option<&TaskDefinition>) -> Result<Comparison, Fault> {
    let Some(wanted) = wanted else { return Ok(Comparison::Named) };
    let new = |differs| Ok(Comparison::New { wanted: Box::new(wanted.clone()), differs });
    let newest = match describe_task_definition(read, wanted.family()).await {
        Ok(answer) => TaskDefinition::described(&answer, wanted.family())?,
        Err(error) if matches!(error.why(), Why::TaskDefinitionMissing) => return new(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let Some(arn) = newest.arn().filter(|_| newest.inactive().is_none()) else { return new(Vec::new()) };
    let differs = wanted.differences(&newest);
    if differs.is_empty() {
        return Ok(Comparison::Same(Registered { arn: arn.to_owned(), new: false }));
    }
    new(differs)
}

impl Comparison {
    /// Registers the task definition if it is needed.
    pub(crate) async fn register(
        &self,
        deploy: &Aws,
        reporter: Reporter,
        begun: &Begun,
    ) -> Result<Option<Registered>, Fault> {
        match self {
            Comparison::Named => Ok(None),
            Comparison::Same(registered) => {
                let line = format!("task definition {} has not changed; nothing to register", shown(&registered.arn));
                reporter.line(&line, "task-definition", json!({ "arn": registered.arn, "registered": false }));
                Ok(Some(registered.clone()))
            }
            Comparison::New { wanted, differs } => {
                let arn = register(deploy, wanted, begun).await?;
                let line = format!("task definition {} registered{}", shown(&arn), listed(differs));
                reporter.line(&line, "task-definition", json!({ "arn": arn, "registered": true }));
                Ok(Some(Registered { arn, new: true }))
            }
        }
    }

    /// What would be done. `named` is the task definition that the AppSpec names.
    pub(crate) fn describe(&self, named: &str) -> String {
        match self {
            Comparison::Named => shown(named),
            Comparison::Same(registered) => format!("{} (unchanged)", shown(&registered.arn)),
            Comparison::New { wanted, differs } => {
                format!("a new revision of {}{}", shown(wanted.family()), listed(differs))
            }
        }
    }
}

/// Registers a task definition; its ARN.
pub(crate) async fn register(deploy: &Aws, wanted: &TaskDefinition, begun: &Begun) -> Result<String, AwsError> {
    let family = shown(wanted.family());
    let call = format!("RegisterTaskDefinition of {family}");
    let done = format!("a new revision of {family} was registered");
    begun.change(call, done, register_task_definition(deploy, wanted.family(), &wanted.to_json())).await
}

/// ` (changed: …)` with at most ten paths.
fn listed(differs: &[String]) -> String {
    if differs.is_empty() {
        return String::new();
    }
    format!(" (changed: {})", first(differs, 10))
}
