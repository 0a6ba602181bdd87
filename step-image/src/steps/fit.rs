//! The offline rules for files that are deployed without a request.

use codedeploy_core::artifact::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::artifact::check::{Finding, check, settle};
use codedeploy_core::artifact::request::{Parameters, Request};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::{Fault, shown};

/// Checks the two files against each other, or an AppSpec against the revision that it names. Returns the warnings.
///
/// `appspec` is the name of the AppSpec in messages.
pub(crate) fn fits(appspec: &str, spec: &AppSpec, task_definition: &TaskDefinition) -> Result<Vec<Finding>, Fault> {
    // The task definition that the AppSpec names is not checked here, because it is filled in.
    let spec = AppSpec { task_definition: TASK_DEFINITION_PLACEHOLDER.to_owned(), ..spec.clone() };
    let parameters = Parameters::from_flags([("task_definition_file", vec!["taskdef.json".to_owned()])])?;
    let findings = check(&Request::new(parameters)?, task_definition, &spec, &[]);
    let findings = findings.into_iter().map(|finding| for_files(finding, &shown(appspec), task_definition)).collect();
    Ok(settle(findings)?)
}

/// The finding with a hint that changes a file: `deploy` has none of the flags of `generate`.
pub(crate) fn for_files(finding: Finding, appspec: &str, task_definition: &TaskDefinition) -> Finding {
    match finding.code {
        "PAR13" => Finding { hint: format!("set ContainerName in {appspec} to one of these"), ..finding },
        "PAR14" => {
            let hint = format!("set ContainerPort in {appspec} to a mapped port, or map it in the task definition");
            Finding { hint, ..finding }
        }
        "TD06" | "TD11" => {
            let hint = format!(
                "write the image into the task definition, or generate the artifact again with `codedeploy-artifact \
                 generate {}`",
                images(task_definition)
            );
            let message = match finding.code {
                "TD06" => format!("{}; only CodePipeline fills it in", finding.message),
                _ => finding.message,
            };
            Finding { message, hint, ..finding }
        }
        _ => finding,
    }
}

/// The flags that set every missing image.
fn images(task_definition: &TaskDefinition) -> String {
    let open = |image: &str| image.trim().is_empty() || image.contains(['<', '$', '{']);
    let flags = task_definition
        .containers()
        .filter(|container| open(container.image()))
        .take(10)
        .map(|container| format!("--images {}=repo/app:1.4.2", container.name()));
    flags.collect::<Vec<_>>().join(" ")
}
