//! `check`: every finding of an AppSpec and a task definition, offline or against the account.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

mod look_up;
pub(super) mod online;

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, ValueHint};
use codedeploy_core::artifact::file_ref::FileRef;
use codedeploy_core::artifact::inspect::{self, Given, Ignore, Inspection, Source, inspect};
use codedeploy_core::artifact::request::{Parameters, Request};
use codedeploy_core::fault::Fault;

use super::explain::{self, Explain};
use crate::steps::files::InputArtifacts;
use crate::steps::source::{Artifact, SourceFile, file, one_of_the_two};
use crate::terminal::output::Output;
use crate::terminal::paint::Colours;
use crate::terminal::{exit, print};

use online::{Online, OnlineFlags};

/// Check an artifact, or an AppSpec and a task definition, before it is deployed
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").args(["path", "appspec", "taskdef", "explain"]).multiple(true).required(true)))]
pub(crate) struct Check {
    /// Artifact (zip or folder), or one of the two files
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with_all = ["appspec", "taskdef"])]
    path: Option<PathBuf>,
    /// AppSpec in YAML or JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    appspec: Option<PathBuf>,
    /// Task definition in JSON or YAML
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    taskdef: Option<PathBuf>,
    /// Name of the AppSpec in the artifact [default: appspec.yml, appspec.yaml or appspec.json]
    #[arg(long, value_name = "NAME", requires = "path")]
    appspec_path: Option<String>,
    /// Name of the task definition in the artifact [default: taskdef.json]
    #[arg(long, value_name = "NAME", requires = "path")]
    taskdef_path: Option<String>,
    /// Image placeholders that the CodeDeployToECS action fills (Image1ContainerName and so on), separated by commas
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    image_placeholders: Vec<String>,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// Findings to ignore, with a reason or not (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE[=REASON]", value_delimiter = ',', value_parser = Ignore::parse)]
    ignore: Vec<Ignore>,
    /// Configuration file of the request; its `ignore` and `strict` apply too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<String>,
    /// Explain a finding, as the command `explain` does
    #[arg(long, value_name = "CODE", value_parser = explain::code, conflicts_with_all = ["path", "appspec", "taskdef"])]
    explain: Option<String>,
    #[command(flatten)]
    online: OnlineFlags,
}

/// What was read.
#[derive(Default)]
struct Files {
    appspec: Option<SourceFile>,
    task_definition: Option<SourceFile>,
    /// The size of the artifact, if it is a zip.
    artifact: Option<(String, Option<u64>)>,
}

impl Check {
    pub(crate) async fn run(mut self, output: Output) -> Result<print::Result, Fault> {
        if self.explain.is_some() {
            return Ok(Explain { code: self.explain }.run());
        }
        self.configure()?;
        let files = self.files()?;
        let given = Given {
            appspec: files.appspec.as_ref().map(source),
            task_definition: files.task_definition.as_ref().map(source),
            artifact: files.artifact.as_ref().map(|(name, size)| inspect::Artifact { name, size: *size }),
            placeholders: &self.image_placeholders,
        };
        let mut inspection = inspect(&given);
        let skip = |code: &str| self.ignore.iter().any(|ignored| ignored.code == code);
        let online = if self.online.online { Some(self.online.check(&files, &skip).await?) } else { None };
        if let Some(online) = &online {
            online.add_to(&mut inspection);
            inspection.locate(&given);
        }
        let inspection = inspection.ignoring(&self.ignore).worded(&print::with_flags);
        Ok(report(&inspection, online.as_ref(), self.strict, output))
    }

    /// Adds the settings of the configuration file to those of the flags.
    fn configure(&mut self) -> Result<(), Fault> {
        let Some(path) = self.config.take() else { return Ok(()) };
        let file = FileRef::Local(path);
        let document = InputArtifacts::default().read(&file)?;
        let request = Request::partial(Parameters::from_config(&document.text, &file)?)?;
        self.strict |= request.strict;
        for ignore in Ignore::of(&request)? {
            if self.ignore.iter().all(|given| given.code != ignore.code) {
                self.ignore.push(ignore);
            }
        }
        Ok(())
    }

    fn files(&self) -> Result<Files, Fault> {
        let Some(path) = &self.path else {
            let appspec = self.appspec.as_deref().map(file).transpose()?;
            let task_definition = self.taskdef.as_deref().map(file).transpose()?;
            return Ok(Files { appspec, task_definition, artifact: None });
        };
        if let Some(artifact) = Artifact::detect(path) {
            return self.artifact(path, artifact);
        }
        let [appspec, task_definition] = one_of_the_two(path)?;
        Ok(Files { appspec, task_definition, artifact: None })
    }

    fn artifact(&self, path: &Path, artifact: Artifact<'_>) -> Result<Files, Fault> {
        let size = artifact.size()?;
        // A file that is not there is a finding.
        let found = |file: Result<Option<SourceFile>, Fault>| match file {
            Err(fault) if fault.code() == NOT_FOUND => Ok(None),
            other => other,
        };
        Ok(Files {
            appspec: found(artifact.appspec(self.appspec_path.as_deref()))?,
            task_definition: found(artifact.task_definition(self.taskdef_path.as_deref()))?,
            artifact: Some((path.display().to_string(), size)),
        })
    }
}

/// The code of a file that is not in a zip.
const NOT_FOUND: &str = "APP01";

fn source(file: &SourceFile) -> Source<'_> {
    Source { name: &file.name, member: file.member.as_deref(), bytes: &file.bytes }
}

fn report(inspection: &Inspection, online: Option<&Online>, strict: bool, output: Output) -> print::Result {
    let mut json = inspection.to_json();
    if let (Some(online), Some(members)) = (online, json.as_object_mut()) {
        members.insert("account".to_owned(), online.to_json());
    }
    let fails = inspection.fails(strict) || strict && online.is_some_and(Online::is_incomplete);
    let text = match output {
        Output::Text | Output::Json => inspection.text() + &online.map(Online::text).unwrap_or_default(),
        Output::Junit => inspection.junit(strict),
        Output::Sarif => inspection.sarif(env!("CARGO_PKG_VERSION")) + "\n",
        Output::Github => inspection.github(),
    };
    let exit = if fails { exit::FINDINGS } else { exit::DONE };
    print::Result { json, text, colours: Colours::Findings, exit, ..print::Result::default() }
}
