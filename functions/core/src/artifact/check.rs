//! The offline rules: what AWS would refuse, or what could not work, found before anything is sent.
//!
//! | file | rules |
//! |---|---|
//! | `target` | container and port of the AppSpec against the task definition |
//! | `images` | images and their placeholders |
//! | `revision` | the task definition that the AppSpec names |
//! | `advice`, `unfilled` | what is doubtful, and text that was not replaced; its notes are only reported by `check` |
//! | `files` | the two files without a request: names, revision, image placeholders |
//! | `task_definition` | all of the following, for a task definition that ECS has not accepted yet |
//! | `sizes` | CPU and memory of the task and of its containers |
//! | `containers` | the containers as a whole, commands of health checks |
//! | `ports`, `dependencies`, `variables` | what a container maps, waits for and sees |
//! | `ranges` | numbers with a least and a largest value |
//! | `volumes` | volumes, mounts, and other references between the parts |
//! | `roles`, `secrets`, `logs` | roles, where secrets come from, log drivers |
//! | `fargate`, `windows` | what Fargate does not support, at all or for Windows containers |
//! | `tags` | tags |
//! | `members` | members in the wrong place, texts of another spelling |
//! | `markers` | text that was not replaced |
//!
//! All findings are reported at once: a pipeline run that shows one fault at a time costs an hour for each.

mod advice;
mod checked;
mod containers;
mod dependencies;
mod fargate;
mod files;
mod images;
mod logs;
mod markers;
mod members;
mod ports;
mod ranges;
mod revision;
mod roles;
mod secrets;
mod sizes;
mod tags;
mod target;
mod task_definition;
mod unfilled;
mod variables;
mod volumes;
mod windows;

use serde_json::Value;

use crate::artifact::appspec::AppSpec;
use crate::artifact::request::Request;
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::Form;
pub use crate::fault::finding::{CheckError, Finding, Location, Severity, settle};

pub(crate) use advice::{advice, wrapped};
pub(crate) use files::{names_in_artifact, no_appspec, no_taskdef, of_appspec, pair, placeholders, unused_ignore};
pub(crate) use images::not_the_placeholder;
pub(crate) use revision::no_arn;
pub use revision::not_active;
pub(crate) use target::{no_container, nobody_maps, not_mapped, several_targets};
pub use task_definition::task_definition;
pub(crate) use unfilled::unfilled;

/// All findings that the rules can report, for the table of codes in the documentation.
pub const FORMS: &[&[Form]] =
    &[target::FORMS, images::FORMS, revision::FORMS, files::FORMS, advice::FORMS, unfilled::FORMS];

/// All findings of [`task_definition()`].
pub const OF_TASK_DEFINITION: &[&[Form]] = &[
    advice::SIZE_FORMS,
    sizes::FORMS,
    containers::FORMS,
    ports::FORMS,
    dependencies::FORMS,
    variables::FORMS,
    ranges::FORMS,
    volumes::FORMS,
    roles::FORMS,
    secrets::FORMS,
    logs::FORMS,
    fargate::FORMS,
    windows::FORMS,
    tags::FORMS,
    members::FORMS,
];

/// Checks the two files against each other and against the request. Empty if all is well.
///
/// `before` are earlier findings of the task definition: no member has two findings for text that was not replaced.
pub fn check(
    request: &Request,
    task_definition: &TaskDefinition,
    appspec: &AppSpec,
    before: &[Finding],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(target::check(task_definition, appspec));
    findings.extend(images::check(request, task_definition));
    findings.extend(revision::check(request, task_definition, appspec));
    findings.extend(advice::warnings(task_definition, &request.taskdef_path));
    let at = |finding: &Finding, path: &str| finding.place.as_ref().is_some_and(|at| at.path == path);
    let known = |path: &str| before.iter().chain(&findings).any(|finding| at(finding, path));
    let document = Value::Object(task_definition.members().clone());
    let not_replaced = unfilled(&document, false, &request.taskdef_path, known);
    findings.extend(not_replaced);
    findings
}

#[cfg(test)]
mod tests;
