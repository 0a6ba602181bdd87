//! The source of a deployment, read and checked before anything is sent.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueHint};
use codedeploy_aws::codedeploy::RevisionToDeploy;
use codedeploy_aws::config::Aws;
use codedeploy_aws::s3;
use codedeploy_core::artifact::check;
use codedeploy_core::artifact::task_definition::{self, TaskDefinition};
use codedeploy_core::document;
use codedeploy_core::fault::finding::Finding;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::{KmsKey, NameError, RevisionArn, S3Uri};

use crate::steps::account::Account;
use crate::steps::appspec_file::{AppSpecFile, Names};
use crate::steps::begun::Begun;
use crate::steps::fit::{fits, for_files};
use crate::steps::register::Registered;
use crate::steps::revision::{self, S3Revision, bundle_type, kms_key};
use crate::steps::source::{Artifact, SourceFile, advised, file, nothing_to_deploy};
use crate::terminal::values::Refused;

/// The flags of the revision.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Revision",
    group(ArgGroup::new("source").args(["artifact", "appspec", "revision"]).required(true))
)]
pub(super) struct SourceFlags {
    /// Deploy an artifact: a zip or folder with AppSpec and taskdef.json
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    artifact: Option<PathBuf>,
    /// Deploy an AppSpec file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    appspec: Option<PathBuf>,
    /// Task definition file that goes with --appspec
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "appspec")]
    taskdef: Option<PathBuf>,
    /// Name of the AppSpec in the artifact [default: appspec.yml, appspec.yaml or appspec.json]
    #[arg(long, value_name = "NAME", requires = "artifact")]
    appspec_path: Option<String>,
    /// Name of the task definition in the artifact [default: taskdef.json]
    #[arg(long, value_name = "NAME", requires = "artifact")]
    taskdef_path: Option<String>,
    /// Deploy an AppSpec from S3; ?versionId=ID selects a version
    #[arg(long, value_name = "s3://BUCKET/KEY", value_parser = |text: &str| place("--revision", text, text.parse()))]
    revision: Option<S3Uri>,
    /// Upload the AppSpec to S3 and deploy that object [default: send the AppSpec inline]
    #[arg(
        long,
        value_name = "s3://BUCKET/KEY",
        value_parser = |text: &str| place("--upload", text, S3Uri::destination(text)),
        conflicts_with = "revision"
    )]
    upload: Option<S3Uri>,
    /// Encrypt the upload with this KMS key [default: the encryption of the bucket]
    #[arg(
        long,
        value_name = "KEY",
        value_parser = |text: &str| kms_key(text).map_err(Refused::from),
        requires = "upload"
    )]
    kms_key: Option<KmsKey>,
    /// Register the task definition of the artifact, unless the newest revision is the same
    #[arg(long)]
    register: bool,
    /// Task definition revision to put into the AppSpec
    #[arg(long, value_name = "ARN", value_parser = task_definition, conflicts_with = "register")]
    task_definition: Option<RevisionArn>,
}

faults! {
    /// The faults of what is deployed.
    pub(super) const FORMS;

    /// A placeholder without a task definition to replace it.
    fn placeholder(appspec: &str) [appspec = shown(appspec)] =>
        "DEP21" Input "{appspec} has the placeholder <TASK_DEFINITION>, which CodeDeploy does not replace",
        "add --register to register the task definition of the artifact, or --task-definition ARN to name one";
    /// `--register` without a task definition.
    fn nothing_to_register(source: &str) [source = shown(source)] =>
        "DEP24" Configuration "--register requires a task definition, but {source} has none",
        "use an --artifact with taskdef.json, or add --taskdef FILE";
    /// Not the URI of an object in S3.
    fn bad_place(flag: &str, got: &str, problem: &str) [got = shown(got)] =>
        "DEP25" Configuration "{flag} \"{got}\" {problem}",
        "write the bucket and the key, such as s3://my-bucket/web/appspec.yml";
    /// Not the ARN of a task definition revision. `appspec` is the file or the flag.
    fn not_a_revision(appspec: &str, named: &str) [appspec = shown(appspec), named = shown(named)] =>
        "DEP28" Input "{appspec}: TaskDefinition \"{named}\" is not the ARN of a revision",
        "write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION";
}

fn place(flag: &str, text: &str, parsed: Result<S3Uri, NameError>) -> Result<S3Uri, Refused> {
    parsed.map_err(|error| bad_place(flag, text, error.problem).with_hint(error.hint).into())
}

fn task_definition(text: &str) -> Result<RevisionArn, Refused> {
    text.parse().map_err(|_| not_a_revision("--task-definition", text).into())
}

/// What is deployed.
#[derive(Debug)]
pub(super) struct Source {
    /// The AppSpec. Its text is sent unchanged unless the ARN of a registered revision must be inserted.
    pub(super) appspec: AppSpecFile,
    /// The task definition that comes with it.
    pub(super) task_definition: Option<TaskDefinition>,
    pub(super) register: bool,
    /// Warnings and notes.
    pub(super) warnings: Vec<Finding>,
    /// The object, if it is in S3 already.
    place: Option<S3Uri>,
    /// Where the AppSpec is to be uploaded.
    upload: Option<S3Uri>,
    kms_key: Option<KmsKey>,
}

/// A source whose files on disk have been read and checked.
#[derive(Debug)]
pub(super) enum Unfetched {
    Here(Box<Source>),
    There(S3Uri, Box<SourceFlags>),
}

/// Reads and checks whatever is on disk.
pub(super) fn read(flags: SourceFlags) -> Result<Unfetched, Fault> {
    let another = flags.task_definition.is_some();
    let (appspec, taskdef) = match (&flags.revision, &flags.artifact, &flags.appspec) {
        (Some(place), ..) => return Ok(Unfetched::There(place.clone(), Box::new(flags))),
        (None, Some(path), _) => {
            let artifact = Artifact::at(path);
            let appspec = artifact.appspec(flags.appspec_path.as_deref())?.ok_or_else(|| nothing_to_deploy(path))?;
            // --task-definition deploys another one, so that of the artifact is not read.
            let taskdef = if another { None } else { artifact.task_definition(flags.taskdef_path.as_deref())? };
            (appspec, taskdef)
        }
        (None, None, path) => {
            let appspec = file(&path.clone().unwrap_or_default())?;
            let taskdef = flags.taskdef.as_deref().filter(|_| !another).map(file).transpose()?;
            (appspec, taskdef)
        }
    };
    let appspec = AppSpecFile::read(&appspec)?;
    let taskdef = taskdef.map(|file| parse(&file)).transpose()?;
    Ok(Unfetched::Here(Box::new(Source::new(appspec, taskdef, None, flags)?)))
}

/// Reads a task definition and checks it unless ECS has accepted it already.
fn parse(file: &SourceFile) -> Result<(TaskDefinition, Vec<Finding>), Fault> {
    let name = &file.name;
    let text = document::text(&file.bytes).map_err(|error| task_definition::not_text(name, &error))?;
    advised(name, text, "taskdef_template", || {
        let (task_definition, mut findings) = TaskDefinition::read(text, name)?;
        if task_definition.arn().is_none() {
            let found = check::task_definition(&task_definition, name);
            findings.extend(found.into_iter().map(|finding| for_files(finding, "", &task_definition)));
        }
        let warnings = check::settle(findings)?;
        Ok((task_definition, warnings))
    })
}

impl Unfetched {
    /// Downloads and checks what is in S3.
    pub(super) async fn fetched(self, read: &Aws) -> Result<Source, Fault> {
        match self {
            Unfetched::Here(source) => Ok(*source),
            Unfetched::There(place, flags) => {
                let text = s3::download_text(read, &place.bucket, &place.key, place.version.as_deref()).await?;
                Source::new(AppSpecFile::parse(&place.to_string(), &text)?, None, Some(place), *flags)
            }
        }
    }
}

impl Source {
    fn new(
        appspec: AppSpecFile,
        task_definition: Option<(TaskDefinition, Vec<Finding>)>,
        place: Option<S3Uri>,
        flags: SourceFlags,
    ) -> Result<Source, Fault> {
        let (name, text) = (appspec.name.clone(), appspec.text.clone());
        let SourceFlags { register, upload, kms_key, .. } = flags;
        advised(&name, &text, "appspec_template", || {
            let (task_definition, mut warnings) = match task_definition {
                Some((task_definition, warnings)) => (Some(task_definition), warnings),
                None => (None, Vec::new()),
            };
            if let Some(task_definition) = &task_definition {
                warnings.extend(fits(&name, &appspec.spec, task_definition)?);
            }
            let appspec = appspec.naming(flags.task_definition.as_ref().map(RevisionArn::as_str));
            warnings.extend(appspec.spec.version_warning(&name));
            match appspec.names() {
                _ if register && task_definition.is_none() => return Err(nothing_to_register(&name)),
                _ if register => {}
                Names::Placeholder => return Err(placeholder(&name)),
                Names::Other(named) => return Err(not_a_revision(&name, named)),
                Names::Revision => {}
            }
            Ok(Source { appspec, task_definition, register, warnings, place, upload, kms_key })
        })
    }

    /// The task definition that is to be registered.
    pub(super) fn to_register(&self) -> Option<&TaskDefinition> {
        self.task_definition.as_ref().filter(|_| self.register)
    }

    /// The revision to deploy. With `--upload`, this writes the AppSpec to S3.
    pub(super) async fn revision(
        &self,
        account: &Account,
        registered: Option<&Registered>,
        begun: &Begun,
    ) -> Result<RevisionToDeploy, Fault> {
        let content = self.appspec.clone().naming(registered.map(|registered| registered.arn.as_str())).text;
        if let Some(place) = self.place.clone() {
            let version = place.version.clone();
            return Ok(S3Revision { place, bundle_type: bundle_type(&content), version, e_tag: None }.into());
        }
        let Some(place) = self.upload.clone() else { return Ok(RevisionToDeploy::Inline { content }) };
        let uploaded = revision::upload(&account.deploy, &content, place, self.kms_key.as_ref(), begun).await?;
        Ok(uploaded.into())
    }
}
