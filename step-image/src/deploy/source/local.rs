//! AppSpec and task definition on disk: two files, a folder, or a zip.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, ValueHint, value_parser};
use codedeploy_core::artifact::check;
use codedeploy_core::artifact::task_definition::{self, TaskDefinition};
use codedeploy_core::artifact::template::{GivenFile, advise};
use codedeploy_core::artifact::{appspec, archive};
use codedeploy_core::fault::Fault;
use codedeploy_core::fault::finding::Finding;

use super::super::error::DeployError;
use super::super::{option, text};
use super::fit::for_files;
use crate::files;

/// The largest file that is read; each reader has a narrower limit of its own.
const LIMIT: u64 = task_definition::LIMIT as u64;

/// What an artifact of ours calls its AppSpec, and what people call it; the first one that is there is taken.
const APPSPECS: [&str; 3] = ["appspec.yml", "appspec.yaml", "appspec.json"];

/// What an artifact of ours calls its task definition.
const TASKDEF: &str = "taskdef.json";

pub(super) fn flags() -> Vec<Arg> {
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        option(name, value, help).value_hint(ValueHint::AnyPath).value_parser(value_parser!(PathBuf))
    };
    vec![
        path("artifact", "PATH", "Deploy an artifact: a zip or a folder with AppSpec and taskdef.json"),
        path("appspec", "FILE", "Deploy an AppSpec file"),
        path("taskdef", "FILE", "Task definition that goes with --appspec").requires("appspec"),
        option("appspec-path", "NAME", "Name of the AppSpec in the artifact [default: appspec.yml, .yaml or .json]")
            .requires("artifact"),
        option("taskdef-path", "NAME", "Name of the task definition in the artifact [default: taskdef.json]")
            .requires("artifact"),
    ]
}

/// Name and text of the AppSpec, and the task definition with its warnings where there is one. With `--task-definition`
/// another one is deployed, so that of the artifact is not read.
pub(super) fn read(flags: &ArgMatches) -> Result<(String, String, Option<Checked>), Fault> {
    let appspec = |name: String, bytes: &[u8]| -> Result<(String, String), Fault> {
        let text = appspec::decode(bytes, &name)?.to_owned();
        Ok((name, text))
    };
    let another = flags.contains_id("task-definition");
    let Some(artifact) = flags.get_one::<PathBuf>("artifact") else {
        let file = flags.get_one::<PathBuf>("appspec").cloned().unwrap_or_default();
        let (name, text) = appspec(file.display().to_string(), &files::read(&file, LIMIT)?)?;
        let taskdef = flags.get_one::<PathBuf>("taskdef").filter(|_| !another);
        let taskdef = taskdef.map(|file| parse(&file.display().to_string(), &files::read(file, LIMIT)?)).transpose()?;
        return Ok((name, text, taskdef));
    };
    let inside = Inside::of(artifact);
    let (name, bytes) = match text(flags, "appspec-path") {
        Some(name) => inside.read(name)?,
        None => inside.first(&APPSPECS)?,
    };
    let (name, text_of_appspec) = appspec(name, &bytes)?;
    let taskdef = match text(flags, "taskdef-path") {
        _ if another => None,
        Some(name) => Some(inside.read(name)?),
        None if inside.has(TASKDEF) => Some(inside.read(TASKDEF)?),
        None => None,
    };
    let taskdef = taskdef.map(|(name, bytes)| parse(&name, &bytes)).transpose()?;
    Ok((name, text_of_appspec, taskdef))
}

/// A task definition and its warnings.
pub(super) type Checked = (TaskDefinition, Vec<Finding>);

/// Reads a task definition and checks it unless ECS has accepted it already.
fn parse(name: &str, bytes: &[u8]) -> Result<Checked, Fault> {
    let text = codedeploy_core::document::text(bytes).map_err(|error| task_definition::not_text(name, &error))?;
    let file = GivenFile { name, text, parameter: "taskdef_template", is_template: false };
    checked(name, text).map_err(|error| advise(error, file))
}

fn checked(name: &str, text: &str) -> Result<(TaskDefinition, Vec<Finding>), Fault> {
    let (task_definition, mut findings) = TaskDefinition::read(text, name)?;
    if task_definition.arn().is_none() {
        let found = check::task_definition(&task_definition, name);
        findings.extend(found.into_iter().map(|finding| for_files(finding, "", &task_definition)));
    }
    let warnings = check::settle(findings)?;
    Ok((task_definition, warnings))
}

/// The inside of an artifact.
struct Inside<'a> {
    path: &'a Path,
    folder: bool,
}

impl Inside<'_> {
    fn of(path: &Path) -> Inside<'_> {
        Inside { path, folder: path.is_dir() }
    }

    fn read(&self, name: &str) -> Result<(String, Vec<u8>), Fault> {
        archive::check_name(name)?;
        let artifact = self.path.display().to_string();
        if self.folder {
            let file = self.path.join(name);
            return Ok((file.display().to_string(), files::read(&file, LIMIT)?));
        }
        let zip = files::open_zip(self.path)?;
        Ok((format!("{artifact}::{name}"), archive::file(zip, &artifact, name, LIMIT)?))
    }

    /// The first of these names that is there.
    fn first(&self, names: &[&str]) -> Result<(String, Vec<u8>), Fault> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => self.read(name),
            // A zip that cannot be read at all tells more than "it has none".
            None if !self.folder => self.read(names.first().unwrap_or(&"")),
            None => Err(DeployError::NoAppSpec { artifact: self.path.display().to_string() }.into()),
        }
    }

    fn has(&self, name: &str) -> bool {
        if self.folder { self.path.join(name).exists() } else { self.read(name).is_ok() }
    }
}
