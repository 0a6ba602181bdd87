//! `upload`: the AppSpec to S3, as a revision that CodeDeploy can deploy.

mod revision;

use std::fmt::Write as _;

use aws_calls::error::Caller;
use aws_calls::s3::{self, Encryption, Upload, Uploaded};
use clap::{Arg, ArgMatches, Command};
use codedeploy_artifact::archive::{sha256, sha256_hex};
use codedeploy_artifact::error::{Error, Explain, Kind};
use serde_json::json;

use crate::account::{self, Use};
use crate::appspec_file::{self, AppSpecFile};
use crate::print;

use revision::{Place, S3Revision};

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
pub(crate) async fn run(flags: &ArgMatches) -> Result<print::Result, Error> {
    let to = flags.get_one::<String>("to").map(String::as_str).unwrap_or_default();
    let place = Place::parse(to)?;
    let encryption = encryption(flags.get_one::<String>("kms-key").map(String::as_str))?;
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
    let Uploaded { version_id, e_tag } = s3::upload(&aws, upload).await?;
    Ok(report(&appspec, &S3Revision { place, bundle_type, version: version_id, e_tag }))
}

const USES: &[Use] = &[Use::Read, Use::Deploy];

fn encryption(key: Option<&str>) -> Result<Encryption<'_>, UploadError> {
    match key {
        None => Ok(Encryption::BucketDefault),
        Some(key) if key.is_empty() || key.chars().any(|c| c.is_control() || c.is_whitespace()) => {
            Err(UploadError::KmsKey)
        }
        Some(key) => Ok(Encryption::Kms(Some(key))),
    }
}

fn report(appspec: &AppSpecFile, revision: &S3Revision) -> print::Result {
    let Place { bucket, key } = &revision.place;
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

/// A flag that cannot be meant so.
#[derive(Debug, thiserror::Error)]
enum UploadError {
    /// Empty, or with blanks in it.
    #[error("--kms-key is not the id, ARN or alias of a key")]
    KmsKey,
}

impl Explain for UploadError {
    fn code(&self) -> &'static str {
        "UPL07"
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        "give a key id, a key ARN or alias/NAME, or leave the flag out for the key of the bucket".to_owned()
    }
}
