//! `upload`: the AppSpec to S3, as a revision that CodeDeploy can deploy.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use codedeploy_core::artifact::archive::sha256_hex;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::{KmsKey, RevisionArn, S3Uri};
use serde_json::json;

use crate::steps::account::{self, Changer};
use crate::steps::appspec_file::{AppSpecFile, Names};
use crate::steps::begun::Begun;
use crate::steps::files;
use crate::steps::revision::{self, S3Revision, kms_key};
use crate::steps::source::{Artifact, advised, file, nothing_to_upload};
use crate::terminal::print;
use crate::terminal::values::Refused;

/// Upload the AppSpec to S3 as a revision, and print how create-deployment refers to it
#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// AppSpec in YAML or JSON, or an artifact (zip or folder) that contains one
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    path: PathBuf,
    /// Destination; the bucket must be in the deployment's region
    #[arg(long, value_name = "s3://BUCKET/KEY", value_parser = destination)]
    to: S3Uri,
    /// Encrypt with this KMS key (ID, ARN or alias) [default: the encryption of the bucket]
    #[arg(long, value_name = "KEY", value_parser = |text: &str| kms_key(text).map_err(Refused::from))]
    kms_key: Option<KmsKey>,
    /// Name of the AppSpec in the artifact [default: appspec.yml, appspec.yaml or appspec.json]
    #[arg(long, value_name = "NAME")]
    appspec_path: Option<String>,
    /// Task definition revision to put into the AppSpec
    #[arg(long, value_name = "ARN", value_parser = task_definition)]
    task_definition: Option<RevisionArn>,
    #[command(flatten)]
    account: Changer,
}

faults! {
    /// The faults of uploads.
    pub(super) const FORMS;

    /// The placeholder, which only CodePipeline replaces.
    fn placeholder(file: &str) [file = shown(file)] =>
        "UPL01" Input "{file}: TaskDefinition is <TASK_DEFINITION>, which CodeDeploy does not replace",
        "add --task-definition ARN, or generate the artifact again with `codedeploy-artifact generate \
         --appspec-task-definition arn`";
    /// A family, or an ARN without a revision.
    fn not_a_revision(file: &str, named: &str) [file = shown(file), named = shown(named)] =>
        "UPL02" Input "{file}: TaskDefinition \"{named}\" is not the ARN of a revision",
        "write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION, or add --task-definition ARN";
    /// The same for the flag.
    fn flag_not_a_revision(got: &str) [got = shown(got)] =>
        "UPL03" Configuration "--task-definition \"{got}\" is not the ARN of a revision",
        "use arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION";
    /// `--appspec-path` with a plain file.
    fn no_artifact(path: &Path) [path = files::named(path)] =>
        "UPL05" Configuration "--appspec-path requires a zip or a folder, but {path} is neither",
        "remove --appspec-path, or use the path of the artifact";
    /// Not the URI of an object in S3.
    fn bad_destination(got: &str, problem: &str) [got = shown(got)] =>
        "UPL06" Configuration "--to \"{got}\" {problem}",
        "write the bucket and the key, such as s3://my-bucket/web/appspec.yml";
}

fn destination(text: &str) -> Result<S3Uri, Refused> {
    S3Uri::destination(text).map_err(|error| bad_destination(text, error.problem).with_hint(error.hint).into())
}

fn task_definition(text: &str) -> Result<RevisionArn, Refused> {
    text.parse().map_err(|_| flag_not_a_revision(text).into())
}

impl Upload {
    /// Reads and checks everything before anything is sent.
    pub(crate) async fn run(self, begun: &Begun) -> Result<print::Result, Fault> {
        let appspec = self.appspec()?;
        print::warnings(appspec.spec.version_warning(&appspec.name).as_slice());
        let account = account::open(self.account.access()?).await?;
        let upload = revision::upload(&account.deploy, &appspec.text, self.to, self.kms_key.as_ref(), begun);
        Ok(report(&appspec, &upload.await?))
    }

    fn appspec(&self) -> Result<AppSpecFile, Fault> {
        let file = match (Artifact::detect(&self.path), &self.appspec_path) {
            (Some(artifact), name) => {
                artifact.appspec(name.as_deref())?.ok_or_else(|| nothing_to_upload(&self.path))?
            }
            (None, Some(_)) => return Err(no_artifact(&self.path)),
            (None, None) => file(&self.path)?,
        };
        let appspec = AppSpecFile::read(&file)?.naming(self.task_definition.as_ref().map(RevisionArn::as_str));
        advised(&appspec.name, &appspec.text, "appspec_template", || match appspec.names() {
            Names::Revision => Ok(()),
            Names::Placeholder => Err(placeholder(&appspec.name)),
            Names::Other(named) => Err(not_a_revision(&appspec.name, named)),
        })?;
        Ok(appspec)
    }
}

fn report(appspec: &AppSpecFile, revision: &S3Revision) -> print::Result {
    let S3Uri { bucket, key, .. } = &revision.place;
    let sha256 = sha256_hex(appspec.text.as_bytes());
    let argument = revision.argument();
    if revision.version.is_none() {
        print::message("note: the bucket keeps no versions; a later upload to the same key replaces this revision");
    }
    let mut text = format!("s3://{bucket}/{key}  {} bytes  sha256 {sha256}\n", appspec.text.len());
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "bundleType {}  versionId {}  eTag {}",
        revision.bundle_type.name(),
        shown(&revision.version),
        shown(&revision.e_tag)
    );
    let _ = writeln!(text, "task definition {}", appspec.spec.task_definition);
    let _ = writeln!(
        text,
        "deploy it with:\naws deploy create-deployment --application-name APPLICATION --deployment-group-name GROUP \
         {argument}"
    );
    let json = json!({
        "bucket": bucket,
        "key": key,
        "version_id": revision.version,
        "e_tag": revision.e_tag,
        "bundle_type": revision.bundle_type.name(),
        "sha256": sha256,
        "bytes": appspec.text.len(),
        "task_definition": appspec.spec.task_definition,
        "revision": revision.to_json(),
        "create_deployment_argument": argument,
    });
    print::Result { json, text, ..print::Result::default() }
}
