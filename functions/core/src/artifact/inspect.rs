//! An AppSpec and a task definition as they are: every finding of both, with its place in the file, and which rules were
//! checked.

mod github;
mod ignore;
mod inspection;
mod junit;
mod locate;
pub mod rules;
mod sarif;
mod text;

pub use ignore::{Ignore, Ignored};
pub use inspection::{Inspection, NotChecked};

use crate::artifact::task_definition::{self, TaskDefinition};
use crate::artifact::{appspec, archive, check};
use crate::document;
use crate::fault::finding::Finding;
use appspec::AppSpec;

/// What is inspected. At least one of the files should be there.
#[derive(Debug, Default)]
pub struct Given<'a> {
    /// The AppSpec.
    pub appspec: Option<Source<'a>>,
    /// The task definition.
    pub task_definition: Option<Source<'a>>,
    /// The artifact that has the two files in it, if they come from one.
    pub artifact: Option<Artifact<'a>>,
    /// The names of the image placeholders that the `CodeDeployToECS` action fills; empty if they are not known.
    pub placeholders: &'a [String],
}

/// A file.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// What findings call it.
    pub name: &'a str,
    /// Its name in the artifact, if it comes from one.
    pub member: Option<&'a str>,
    /// Its content.
    pub bytes: &'a [u8],
}

impl std::fmt::Debug for Source<'_> {
    /// Without its content, which may have environment values in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// An artifact: a zip or a folder.
#[derive(Debug, Clone, Copy)]
pub struct Artifact<'a> {
    /// What findings call it.
    pub name: &'a str,
    /// The size of the zip in bytes; `None` for a folder.
    pub size: Option<u64>,
}

/// Inspects the files. A file that cannot be read does not keep the other one from being inspected.
pub fn inspect(given: &Given<'_>) -> Inspection {
    let mut inspection = Inspection::default();
    let appspec = given.appspec.and_then(|source| examine_appspec(source, &mut inspection));
    let task_definition = given.task_definition.and_then(|source| examine_task_definition(source, &mut inspection));
    if let (Some(appspec), Some(source)) = (&appspec, given.appspec) {
        inspection.findings.extend(appspec.version_warning(source.name));
        inspection.findings.extend(check::of_appspec(appspec, source.name));
        if let Some(task_definition) = &task_definition {
            inspection.findings.extend(check::pair(task_definition, appspec, source.name));
        }
    }
    if let (Some(task_definition), Some(source)) = (&task_definition, given.task_definition) {
        inspection.findings.extend(check::placeholders(task_definition, source.name, given.placeholders));
        inspection.findings.extend(check::advice(task_definition, source.name));
    }
    markers(given, &mut inspection);
    if let Some(artifact) = given.artifact {
        examine_artifact(artifact, given, &mut inspection);
    }
    inspection.locate(given);
    let document = |text| appspec::document(text).is_ok();
    let is_document = appspec.is_some() || given.appspec.is_some_and(|it| document::text(it.bytes).is_ok_and(document));
    let state = |file: Option<Source<'_>>, read: bool, what: &str| match (file, read) {
        (None, _) => Err(format!("no {what} is given")),
        (Some(_), false) => Err(format!("the {what} cannot be read")),
        (Some(_), true) => Ok(()),
    };
    inspection.settle(
        &state(given.appspec, is_document, "AppSpec"),
        &state(given.task_definition, task_definition.is_some(), "task definition"),
        if appspec.is_some() { Ok(()) } else { Err("the AppSpec has errors".to_owned()) },
        given,
    );
    inspection
}

impl Inspection {
    /// Looks up the lines and columns of the findings that have none.
    pub fn locate(&mut self, given: &Given<'_>) {
        for (source, is_appspec) in [(given.appspec, true), (given.task_definition, false)] {
            if let Some(source) = source
                && let Ok(text) = document::text(source.bytes)
            {
                locate::locate(&mut self.findings, source.name, text, is_appspec);
            }
        }
    }
}

fn examine_appspec(source: Source<'_>, inspection: &mut Inspection) -> Option<AppSpec> {
    inspection.files.push(source.name.to_owned());
    let (appspec, findings) = match appspec::decode(source.bytes, source.name) {
        Ok(text) => appspec::examine(text, source.name),
        Err(fault) => (None, vec![Finding::of(&fault, source.name, "")]),
    };
    inspection.findings.extend(findings);
    appspec
}

fn examine_task_definition(source: Source<'_>, inspection: &mut Inspection) -> Option<TaskDefinition> {
    inspection.files.push(source.name.to_owned());
    let text = document::text(source.bytes).map_err(|error| task_definition::not_text(source.name, &error));
    match text.and_then(|text| TaskDefinition::read(text, source.name)) {
        Ok((task_definition, findings)) => {
            let own = findings.into_iter().map(|finding| match (&finding.place, finding.code) {
                (None, "TD03") => finding.apart_at(source.name, "requiresCompatibilities", None),
                (None, _) => finding.apart_at(source.name, "networkMode", None),
                (Some(_), _) => finding,
            });
            let of_rules = check::task_definition(&task_definition, source.name);
            // ECS has accepted this one once.
            let known = task_definition.arn().is_some();
            let all = own.chain(of_rules);
            inspection.findings.extend(all.map(|finding| if known { finding.into_warning() } else { finding }));
            Some(task_definition)
        }
        Err(fault) => {
            inspection.findings.push(Finding::of(&fault, source.name, ""));
            None
        }
    }
}

/// Text that was not replaced, unless a rule has found it already.
fn markers(given: &Given<'_>, inspection: &mut Inspection) {
    for (source, is_appspec) in [(given.appspec, true), (given.task_definition, false)] {
        let Some(source) = source else { continue };
        let Ok(text) = document::text(source.bytes) else { continue };
        let read = if is_appspec { appspec::document(text) } else { task_definition::document(text) };
        let Ok(document) = read else { continue };
        if !is_appspec && document.value.get("taskDefinition").is_some_and(serde_json::Value::is_object) {
            inspection.findings.push(check::wrapped().at(source.name, "taskDefinition"));
        }
        let at = |finding: &Finding, path: &str| {
            finding.place.as_ref().is_some_and(|at| at.file == source.name && at.path == path)
        };
        let known = |path: &str| inspection.findings.iter().any(|finding| at(finding, path));
        let found = check::unfilled(&document.value, is_appspec, source.name, known);
        inspection.findings.extend(found);
    }
}

fn examine_artifact(artifact: Artifact<'_>, given: &Given<'_>, inspection: &mut Inspection) {
    let member = |source: Option<Source<'_>>| source.and_then(|source| source.member.map(str::to_owned));
    let (appspec, taskdef) = (member(given.appspec), member(given.task_definition));
    let mut findings = check::names_in_artifact(artifact.name, appspec.as_deref(), taskdef.as_deref());
    if given.appspec.is_none() {
        findings.push(check::no_appspec("appspec.yml, appspec.yaml or appspec.json").at(artifact.name, ""));
    }
    if given.task_definition.is_none() {
        findings.push(check::no_taskdef("taskdef.json").at(artifact.name, ""));
    }
    if let Some(fault) = artifact.size.and_then(|size| archive::check_for_action(size).err()) {
        findings.push(Finding::of(&fault, artifact.name, ""));
    }
    inspection.findings.extend(findings);
}

#[cfg(test)]
mod tests;
