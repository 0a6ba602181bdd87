//! `upload`: the AppSpec to S3, as a revision that CodeDeploy can deploy.

mod revision;

use std::fmt::Write as _;

use clap::{Arg, ArgMatches, Command};
use codedeploy_aws::error::Caller;
use codedeploy_aws::s3::{self, Encryption, Upload, Uploaded};
use codedeploy_core::artifact::archive::{sha256, sha256_hex};
use codedeploy_core::fault::{Explain, Fault, Kind, shown};
use codedeploy_core::names::{KmsKey, NameError, S3Uri};
use serde_json::json;

use crate::abort::Begun;
use crate::account::{self, Use};
use crate::appspec_file::{self, AppSpecFile};
use crate::print;

use revision::S3Revision;

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("upload")
        .about("Uploads the AppSpec to S3 as a revision, and prints how create-deployment refers to it")
        .arg(appspec_file::path_argument())
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("s3://BUCKET/KEY")
                .required(true)
                .help("Where to; the bucket must be in the region of the deployment"),
        )
        .arg(
            Arg::new("kms-key")
                .long("kms-key")
                .value_name("KEY")
                .help("Encrypt with this KMS key (id, ARN or alias) [default: as the bucket is set up]"),
        )
        .args(appspec_file::flags())
        .args(account::flags(USES))
}

/// Reads and checks everything before anything is sent.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let to = flags.get_one::<String>("to").map(String::as_str).unwrap_or_default();
    let place = S3Uri::destination(to).map_err(|error| UploadError::To { got: to.to_owned(), error })?;
    let key = kms_key(flags)?;
    let encryption = key.as_ref().map_or(Encryption::BucketDefault, |key| Encryption::Kms(Some(key.as_str())));
    let appspec = appspec_file::read(flags)?;
    let aws = account::open(flags, USES).await?.deploy;
    let (bundle_type, content_type) =
        if appspec.is_json() { ("JSON", "application/json") } else { ("YAML", "application/yaml") };
    let upload = Upload {
        bucket: &place.bucket,
        key: &place.key,
        body: appspec.text.clone().into_bytes(),
        sha256: sha256(appspec.text.as_bytes()),
        encryption,
        content_type,
        caller: Caller::Own,
    };
    let name = shown(&place.to_string());
    let (call, done) = (format!("PutObject {name}"), format!("{name} was uploaded"));
    let Uploaded { version_id, e_tag } = begun.change(call, done, s3::upload(&aws, upload)).await?;
    Ok(report(&appspec, &S3Revision { place, bundle_type, version: version_id, e_tag }))
}

const USES: &[Use] = &[Use::Read, Use::Deploy];

/// The value of `--kms-key`, which `deploy` has as well.
pub(crate) fn kms_key(flags: &ArgMatches) -> Result<Option<KmsKey>, Fault> {
    let Some(got) = flags.get_one::<String>("kms-key") else { return Ok(None) };
    Ok(Some(got.parse().map_err(|error| UploadError::KmsKey { got: got.clone(), error })?))
}

fn report(appspec: &AppSpecFile, revision: &S3Revision) -> print::Result {
    let S3Uri { bucket, key, .. } = &revision.place;
    let sha256 = sha256_hex(appspec.text.as_bytes());
    let argument = revision.argument();
    if revision.version.is_none() {
        print::talk("note: the bucket keeps no versions; a later upload to the same key replaces this revision");
    }
    let mut text = format!("s3://{bucket}/{key}  {} bytes  sha256 {sha256}\n", appspec.text.len());
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "bundleType {}  versionId {}  eTag {}",
        revision.bundle_type,
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
        "bundle_type": revision.bundle_type,
        "sha256": sha256,
        "bytes": appspec.text.len(),
        "task_definition": appspec.spec.task_definition,
        "revision": revision.to_json(),
        "create_deployment_argument": argument,
    });
    print::Result { json, text, ..print::Result::default() }
}

/// A flag whose value cannot be used.
#[derive(Debug, thiserror::Error)]
enum UploadError {
    /// Not a place in S3.
    #[error("--to \"{}\" {error}", shown(got))]
    To {
        /// As given.
        got: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// Not a key.
    #[error("--kms-key \"{}\" {error}", shown(got))]
    KmsKey {
        /// As given.
        got: String,
        /// What is wrong with it.
        error: NameError,
    },
}

impl Explain for UploadError {
    fn code(&self) -> &'static str {
        match self {
            UploadError::To { .. } => "UPL06",
            UploadError::KmsKey { .. } => "UPL07",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        let (UploadError::To { error, .. } | UploadError::KmsKey { error, .. }) = self;
        error.hint.clone()
    }
}
