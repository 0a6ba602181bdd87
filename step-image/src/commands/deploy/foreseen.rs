//! What `--dry-run` prints.

use codedeploy_aws::config::Aws;
use codedeploy_core::artifact::diff::{Diff, Side, Values, diff};
use codedeploy_core::artifact::service::Service;
use codedeploy_core::fault::{Fault, finding, shown};
use serde_json::json;

use super::resolve::Resolved;
use super::source::Source;
use crate::steps::register::Comparison;
use crate::steps::running::{described, running};
use crate::terminal::paint::Colours;
use crate::terminal::print;

/// What the deployment would change in the running service.
pub(super) async fn changes(read: &Aws, service: &Service, source: &Source) -> Result<Diff, Fault> {
    let appspec = &source.appspec.spec;
    let (before, deployed) = running(read, service, Some(appspec)).await?;
    let task_definition = match source.to_register() {
        Some(task_definition) => task_definition.clone(),
        None => described(read, &appspec.task_definition).await?,
    };
    let after = Side { name: source.appspec.name.clone(), task_definition: Some(task_definition), appspec: deployed };
    Ok(diff(&before, &after, Values::Hidden))
}

/// The result of `--dry-run`.
pub(super) fn foreseen(
    resolved: &Resolved,
    source: &Source,
    comparison: &Comparison,
    conflict: &str,
    config: &str,
    fired: &[String],
    changes: &Result<Diff, Fault>,
) -> print::Result {
    let Resolved { group, service, .. } = resolved;
    let task_definition = comparison.describe(&source.appspec.spec.task_definition);
    let difference = match changes {
        Ok(diff) => format!("\n{}\n", diff.text()),
        // The deployment needs none of it.
        Err(fault) => {
            print::message(&format!("note: what the deployment would change is not known: {fault}"));
            String::new()
        }
    };
    let text = format!(
        "would deploy {} to {}\ndeployment group: {}/{}\ndeployment config: {}\ntask definition: {task_definition}\nother \
         deployments: {conflict}\n{difference}nothing was changed\n",
        shown(&source.appspec.name),
        shown(&service.full_name()),
        shown(&group.application),
        shown(&group.name),
        shown(config)
    );
    let json = json!({
        "dry_run": true,
        "source": source.appspec.name,
        "application": group.application,
        "deployment_group": group.name,
        "service": service.full_name(),
        "deployment_config": config,
        "task_definition": task_definition,
        "other_deployments": conflict,
        "warnings": finding::to_json(&source.warnings),
        "alarms_in_alarm": fired,
        "diff": changes.as_ref().ok().map(Diff::to_json),
    });
    print::Result { json, text, line: true, colours: Colours::Marks, ..print::Result::default() }
}
