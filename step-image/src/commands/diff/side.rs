//! The side that is read from files: an artifact, an AppSpec, a task definition, or both.

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, ValueHint};
use codedeploy_aws::config::Aws;
use codedeploy_core::artifact::diff::Side;
use codedeploy_core::artifact::task_definition::{self, TaskDefinition};
use codedeploy_core::document;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use crate::steps::appspec_file::{AppSpecFile, Names};
use crate::steps::files::named;
use crate::steps::running::described;
use crate::steps::source::{Artifact, SourceFile, advised, file, one_of_the_two};

/// The flags of the new side.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("new").args(["path", "appspec", "taskdef"]).required(true).multiple(true)))]
pub(super) struct NewFlags {
    /// Artifact (zip or folder), or one of the two files
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with_all = ["appspec", "taskdef"])]
    path: Option<PathBuf>,
    /// AppSpec file, instead of an artifact
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Files")]
    appspec: Option<PathBuf>,
    /// Task definition file, instead of an artifact
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Files")]
    taskdef: Option<PathBuf>,
    /// Name of the AppSpec in the artifact [default: appspec.yml, appspec.yaml or appspec.json]
    #[arg(long, value_name = "NAME", requires = "path", help_heading = "Files")]
    appspec_path: Option<String>,
    /// Name of the task definition in the artifact [default: taskdef.json]
    #[arg(long, value_name = "NAME", requires = "path", help_heading = "Files")]
    taskdef_path: Option<String>,
}

faults! {
    /// The faults of reading a side.
    pub(super) const FORMS;

    /// A folder with neither of the two files.
    fn nothing_there(artifact: &Path) [artifact = named(artifact)] =>
        "DIF01" Input "there is no AppSpec and no taskdef.json in {artifact}",
        "generate the artifact with `codedeploy-artifact generate --artifact PATH`, or give the files with --appspec and \
         --taskdef";
}

/// A side that was read from files.
#[derive(Debug)]
pub(super) struct New {
    pub(super) side: Side,
    pub(super) notes: Vec<String>,
    /// The revision that the AppSpec names.
    revision: Option<String>,
}

/// Reads the new side.
pub(super) fn read(flags: NewFlags) -> Result<New, Fault> {
    let NewFlags { path, appspec, taskdef, appspec_path, taskdef_path } = flags;
    if let Some(path) = path {
        return artifact(&path, appspec_path.as_deref(), taskdef_path.as_deref());
    }
    let names = [&taskdef, &appspec].into_iter().flatten().map(|path| path.display().to_string());
    let name = names.collect::<Vec<_>>().join(" and ");
    let [appspec, taskdef] = [appspec, taskdef].map(|path| path.as_deref().map(file).transpose());
    parsed(name, appspec?.as_ref(), taskdef?.as_ref())
}

/// Reads an artifact, or one of its two files.
pub(super) fn artifact(path: &Path, appspec: Option<&str>, taskdef: Option<&str>) -> Result<New, Fault> {
    let name = path.display().to_string();
    let Some(artifact) = Artifact::detect(path) else {
        let [appspec, taskdef] = one_of_the_two(path)?;
        return parsed(name, appspec.as_ref(), taskdef.as_ref());
    };
    let (appspec, taskdef) = (artifact.appspec(appspec)?, artifact.task_definition(taskdef)?);
    if appspec.is_none() && taskdef.is_none() {
        return Err(nothing_there(path));
    }
    parsed(name, appspec.as_ref(), taskdef.as_ref())
}

fn parsed(name: String, appspec: Option<&SourceFile>, taskdef: Option<&SourceFile>) -> Result<New, Fault> {
    let appspec = appspec.map(AppSpecFile::read).transpose()?;
    let task_definition = taskdef.map(task_definition_in).transpose()?;
    let named = appspec.as_ref().filter(|appspec| appspec.names() != Names::Placeholder);
    let revision = named.map(|appspec| appspec.spec.task_definition.clone());
    let note = revision.as_ref().filter(|_| task_definition.is_some()).map(|revision| {
        format!(
            "the AppSpec names {}; `codedeploy-artifact deploy --register` deploys the task definition that was compared, \
             and without the flag that revision is deployed",
            shown(revision)
        )
    });
    let side = Side { name, task_definition, appspec: appspec.map(|appspec| appspec.spec) };
    Ok(New { side, notes: note.into_iter().collect(), revision })
}

fn task_definition_in(file: &SourceFile) -> Result<TaskDefinition, Fault> {
    let name = &file.name;
    let text = document::text(&file.bytes).map_err(|error| task_definition::not_text(name, &error))?;
    advised(name, text, "taskdef_template", || TaskDefinition::parse(text, name))
}

impl New {
    /// Whether it has a task definition, or names one.
    pub(super) fn has_task_definition(&self) -> bool {
        self.side.task_definition.is_some() || self.revision.is_some()
    }

    /// With the revision that its AppSpec names, if it has no task definition of its own.
    pub(super) async fn described(mut self, read: &Aws) -> Result<New, Fault> {
        if let (None, Some(revision)) = (&self.side.task_definition, &self.revision) {
            let task_definition = described(read, revision).await?;
            self.side.name = format!("{} ({})", self.side.name, task_definition.name());
            self.side.task_definition = Some(task_definition);
        }
        Ok(self)
    }
}
