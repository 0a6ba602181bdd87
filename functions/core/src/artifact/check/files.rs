//! The two files as they are, without a request that says what they are for: what CodeDeploy and `CodeDeployToECS` need of
//! them.
//!
//! [CodeDeployToECS](https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html)

use std::str::FromStr as _;

use super::target;
use crate::artifact::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::artifact::image::MOST_PLACEHOLDERS;
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::fault::finding::{Finding, findings};
use crate::names::RevisionArn;
use crate::text::list;

/// The names under which the action looks for the files if it is not told.
const DEFAULT_NAMES: [(&str, &str, &str); 2] = [
    ("AppSpec", "appspec.yaml", "AppSpecTemplatePath"),
    ("task definition", "taskdef.json", "TaskDefinitionTemplatePath"),
];

findings! {
    /// What can be wrong with the two files of an artifact.
    pub(super) const FORMS;

    fn too_many_placeholders(count, most) =>
        "IMG03" Error Input "has {count} different image placeholders; CodeDeployToECS fills at most {most}",
        "write the other images into the task definition";
    fn to_be_filled(name, number) =>
        "IMG04" Note Input "is <{name}>, which the CodeDeployToECS action must fill in",
        "set Image{number}ContainerName to {name}, and Image{number}ArtifactName, in the action";
    fn not_filled(name; filled) =>
        "IMG05" Error Input "is <{name}>, which the action does not fill in (it fills: {filled})",
        "set ImageNContainerName to {name} in the action, or write the image into the task definition";
    fn unused_placeholder(name) =>
        "IMG06" Warning Input "has no container with the image <{name}>, which the action fills in",
        "write <{name}> as the image of a container, or remove it from the action";
    fn not_a_revision(named) =>
        "CHK05" Error Input "\"{named}\" is neither <TASK_DEFINITION> nor the ARN of a revision",
        "write <TASK_DEFINITION> for CodePipeline or `codedeploy-artifact deploy --register`, or \
         arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION";
    fn other_family(named, family) =>
        "CHK06" Warning Input "names {named}, but the task definition is of family {family}",
        "write <TASK_DEFINITION> to have that task definition registered and deployed, or name a revision of its family";
    fn file_is_not_deployed(named) =>
        "CHK06" Note Input "names {named}; the task definition beside it is not deployed",
        "write <TASK_DEFINITION> to have that task definition registered and deployed";
    fn other_name(; what, default, setting, name) =>
        "CHK07" Note Input "the {what} is not named {default}, the default of CodeDeployToECS",
        "set {setting}: {name} in the action";
    pub(crate) fn unused_ignore(; code) =>
        "CHK10" Note Configuration "{code} is ignored, but there is no such finding", "remove it from the codes to ignore";
    pub(crate) fn no_appspec(; names) =>
        "CHK08" Error Input "has no AppSpec ({names})",
        "add one, or name it with --appspec-path; `codedeploy-artifact generate` writes one";
    pub(crate) fn no_taskdef(; name) =>
        "CHK08" Warning Input "has no task definition ({name}), which CodeDeployToECS requires",
        "add one, or name it with --taskdef-path; `codedeploy-artifact generate` writes one";
}

/// The AppSpec alone: what it names as task definition.
pub(crate) fn of_appspec(appspec: &AppSpec, file: &str) -> Option<Finding> {
    let named = appspec.task_definition.as_str();
    let known = named == TASK_DEFINITION_PLACEHOLDER || RevisionArn::from_str(named).is_ok();
    (!known).then(|| not_a_revision(named).at(file, in_properties(appspec, "TaskDefinition")))
}

/// The AppSpec against the task definition beside it.
pub(crate) fn pair(task_definition: &TaskDefinition, appspec: &AppSpec, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(finding) = target::check(task_definition, appspec) {
        let (member, hint) = match finding.code {
            "PAR13" => ("ContainerName", "set ContainerName in the AppSpec to one of these"),
            "PAR14" => ("ContainerPort", "set ContainerPort in the AppSpec to a mapped port, or add the port mapping"),
            _ => ("ContainerPort", finding.hint.as_str()),
        };
        let (path, hint) = (in_properties(appspec, &format!("LoadBalancerInfo.{member}")), hint.to_owned());
        findings.push(Finding { hint, ..finding }.apart_at(file, path, None));
    }
    let named = appspec.task_definition.as_str();
    if let Ok(arn) = RevisionArn::from_str(named) {
        let family = task_definition.family();
        let finding = if arn.family() == family { file_is_not_deployed(named) } else { other_family(named, family) };
        findings.push(finding.at(file, in_properties(appspec, "TaskDefinition")));
    }
    findings
}

/// The image placeholders of a task definition. `filled` are the names that the action fills, if they are known.
pub(crate) fn placeholders(task_definition: &TaskDefinition, file: &str, filled: &[String]) -> Vec<Finding> {
    let mut names: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for (index, container) in task_definition.containers().enumerate() {
        let Some(name) = Container::image_placeholder(container) else { continue };
        let first = !names.contains(&name);
        if first {
            names.push(name);
        }
        let finding = match filled {
            [] if first => to_be_filled(name, names.len()),
            [_, ..] if !filled.iter().any(|it| it == name) => not_filled(name, list(filled)),
            _ => continue,
        };
        findings.push(finding.at(file, format!("containerDefinitions[{index}].image")));
    }
    let unused = filled.iter().filter(|name| !names.contains(&name.as_str()));
    findings.extend(unused.map(|name| unused_placeholder(name).at(file, "containerDefinitions")));
    if names.len() > MOST_PLACEHOLDERS {
        findings.push(too_many_placeholders(names.len(), MOST_PLACEHOLDERS).at(file, "containerDefinitions"));
    }
    findings
}

/// The names of the two files in an artifact.
pub(crate) fn names_in_artifact(artifact: &str, appspec: Option<&str>, taskdef: Option<&str>) -> Vec<Finding> {
    let names = DEFAULT_NAMES.into_iter().zip([appspec, taskdef]);
    let others = names.filter_map(|((what, default, setting), name)| {
        let name = name.filter(|name| *name != default)?;
        Some(other_name(what, default, setting, crate::fault::shown(name)).apart_at(artifact, "", None))
    });
    others.collect()
}

/// The path of a member of the properties.
fn in_properties(appspec: &AppSpec, member: &str) -> String {
    format!("Resources[0].{}.Properties.{member}", appspec.resource_name)
}
