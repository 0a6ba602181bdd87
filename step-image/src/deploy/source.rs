//! What is deployed, read and checked before anything is sent.

mod fit;
mod local;

use clap::{Arg, ArgGroup, ArgMatches};
use codedeploy_aws::codedeploy::{BundleType, RevisionToDeploy};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::Caller;
use codedeploy_aws::s3::{self, Encryption, Upload};
use codedeploy_core::artifact::appspec::{self, AppSpec, Hook, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::artifact::archive::sha256;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::artifact::template::{GivenFile, advise};
use codedeploy_core::document::is_json;
use codedeploy_core::fault::finding::Finding;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::names::{RevisionArn, S3Uri};

use super::error::DeployError;
use super::register::Registered;
use super::{option, text};
use crate::abort::Begun;
use crate::account::Account;
use crate::upload::kms_key;

pub(super) use fit::fits;

/// What is deployed.
#[derive(Debug)]
pub(super) struct Source {
    /// For messages.
    pub(super) name: String,
    /// The AppSpec as it was written.
    pub(super) text: String,
    /// The AppSpec, understood.
    pub(super) spec: AppSpec,
    /// The task definition that comes with it.
    pub(super) task_definition: Option<TaskDefinition>,
    /// Findings that are no errors.
    pub(super) warnings: Vec<Finding>,
    /// The object, where it is in S3 already.
    place: Option<S3Uri>,
}

/// What the flags name, as far as it is there without AWS.
#[derive(Debug)]
pub(super) enum Unfetched {
    Here(Box<Source>),
    There(S3Uri),
}

/// The flags.
pub(super) fn flags() -> Vec<Arg> {
    let mut flags = local::flags();
    flags.extend([
        option("revision", "s3://BUCKET/KEY", "Deploy an AppSpec that is in S3; ?versionId=ID names its version"),
        option("upload", "s3://BUCKET/KEY", "Put the AppSpec there and deploy that object [default: inline]")
            .conflicts_with("revision"),
        option("kms-key", "KEY", "Encrypt the upload with this KMS key [default: as the bucket is set up]")
            .requires("upload"),
    ]);
    flags
}

/// Of the three kinds of source, one.
pub(super) fn group() -> ArgGroup {
    ArgGroup::new("source").args(["artifact", "appspec", "revision"]).required(true)
}

/// Reads and checks whatever is on this side.
pub(super) fn read(flags: &ArgMatches) -> Result<Unfetched, Fault> {
    // Read again when it is used: what is wrong with it has to be known now.
    destination(flags)?;
    kms_key(flags)?;
    if let Some(got) = text(flags, "revision") {
        let refused = |error| DeployError::Place { flag: "--revision", got: got.to_owned(), error };
        return Ok(Unfetched::There(got.parse().map_err(refused)?));
    }
    let (name, text, task_definition) = local::read(flags)?;
    let (task_definition, warnings) = task_definition.map_or((None, Vec::new()), |(it, warnings)| (Some(it), warnings));
    let mut source = Source::new(&name, &text, task_definition, None, flags)?;
    source.warnings.splice(0..0, warnings);
    Ok(Unfetched::Here(Box::new(source)))
}

impl Unfetched {
    /// Gets and checks what is in S3.
    pub(super) async fn fetched(self, read: &Aws, flags: &ArgMatches) -> Result<Source, Fault> {
        match self {
            Unfetched::Here(source) => Ok(*source),
            Unfetched::There(place) => {
                let text = s3::download_text(read, &place.bucket, &place.key, place.version.as_deref()).await?;
                Source::new(&place.to_string(), &text, None, Some(place), flags)
            }
        }
    }
}

impl Source {
    fn new(
        name: &str,
        text: &str,
        task_definition: Option<TaskDefinition>,
        place: Option<S3Uri>,
        flags: &ArgMatches,
    ) -> Result<Source, Fault> {
        let file = GivenFile { name, text, parameter: "appspec_template", is_template: false };
        Source::checked(name, text, task_definition, place, flags).map_err(|error| advise(error, file))
    }

    fn checked(
        name: &str,
        text: &str,
        task_definition: Option<TaskDefinition>,
        place: Option<S3Uri>,
        flags: &ArgMatches,
    ) -> Result<Source, Fault> {
        let (name, text) = (name.to_owned(), text.to_owned());
        let mut spec = appspec::read(&text, &name)?;
        let mut warnings = match &task_definition {
            Some(task_definition) => fits(&name, &spec, task_definition)?,
            None => Vec::new(),
        };
        warnings.extend(spec.version_warning(&name));
        let named = super::text(flags, "task-definition");
        if let Some(arn) = named {
            if arn.parse::<RevisionArn>().is_err() {
                let appspec = "--task-definition".to_owned();
                return Err(DeployError::NotArn { appspec, named: arn.to_owned() }.into());
            }
            arn.clone_into(&mut spec.task_definition);
        }
        let register = flags.get_flag("register");
        if register && task_definition.is_none() {
            return Err(DeployError::NoTaskDefinition { source_name: name }.into());
        }
        if !register && spec.task_definition == TASK_DEFINITION_PLACEHOLDER {
            return Err(DeployError::Placeholder { appspec: name }.into());
        }
        if !register && spec.task_definition.parse::<RevisionArn>().is_err() {
            return Err(DeployError::NotArn { appspec: name, named: spec.task_definition }.into());
        }
        let text = if named.is_some() { written(&spec, &text) } else { text };
        Ok(Source { name, text, spec, task_definition, warnings, place })
    }

    /// The hook functions.
    pub(super) fn hooks(&self) -> Vec<(Hook, String)> {
        self.spec.hooks.clone()
    }

    /// The AppSpec to send: as it was written, unless a registered revision has to be put in.
    pub(super) fn content(&self, registered: Option<&Registered>) -> String {
        match registered {
            None => self.text.clone(),
            Some(registered) => {
                written(&AppSpec { task_definition: registered.arn.clone(), ..self.spec.clone() }, &self.text)
            }
        }
    }

    /// The revision to deploy; with `--upload` the AppSpec is in S3 after this.
    pub(super) async fn revision(
        &self,
        account: &Account,
        registered: Option<&Registered>,
        flags: &ArgMatches,
        begun: &Begun,
    ) -> Result<RevisionToDeploy, Fault> {
        let content = self.content(registered);
        let bundle_type = if is_json(&content) { BundleType::Json } else { BundleType::Yaml };
        if let Some(S3Uri { bucket, key, version }) = self.place.clone() {
            return Ok(RevisionToDeploy::S3 { bucket, key, bundle_type, version, e_tag: None });
        }
        let Some(S3Uri { bucket, key, .. }) = destination(flags)? else {
            return Ok(RevisionToDeploy::Inline { content });
        };
        let kms_key = kms_key(flags)?;
        let request = s3::upload(
            &account.deploy,
            Upload {
                bucket: &bucket,
                key: &key,
                sha256: sha256(content.as_bytes()),
                body: content.into_bytes(),
                encryption: kms_key
                    .as_ref()
                    .map_or(Encryption::BucketDefault, |key| Encryption::Kms(Some(key.as_str()))),
                content_type: if bundle_type == BundleType::Json { "application/json" } else { "application/yaml" },
                caller: Caller::Own,
            },
        );
        let place = shown(&format!("s3://{bucket}/{key}"));
        let uploaded = begun.change(format!("PutObject {place}"), format!("{place} was uploaded"), request).await?;
        Ok(RevisionToDeploy::S3 { bucket, key, bundle_type, version: uploaded.version_id, e_tag: uploaded.e_tag })
    }
}

/// The value of `--upload`.
fn destination(flags: &ArgMatches) -> Result<Option<S3Uri>, DeployError> {
    let Some(got) = text(flags, "upload") else { return Ok(None) };
    let refused = |error| DeployError::Place { flag: "--upload", got: got.to_owned(), error };
    S3Uri::destination(got).map(Some).map_err(refused)
}

/// In the language that the user wrote it in.
pub(crate) fn written(spec: &AppSpec, like: &str) -> String {
    if is_json(like) { appspec::write_json(spec) } else { appspec::write(spec) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;
    use expect_test::{Expect, expect};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7";
    const TASKDEF: &str = r#"{"family":"web","networkMode":"awsvpc","containerDefinitions":[{"name":"app","image":"web:1","memory":512,
        "portMappings":[{"containerPort":8080}]}]}"#;

    fn check(task_definition: &str, container: &str, taskdef: Option<&str>, line: &[&str], expect: &Expect) {
        let command = Command::new("deploy").no_binary_name(true).args(flags()).args(super::super::register::flags());
        let flags = command.try_get_matches_from(line).unwrap();
        let text = appspec::write(&AppSpec::new(task_definition, container, 8080));
        let taskdef = taskdef.map(|text| TaskDefinition::parse(text, "taskdef.json").unwrap());
        let found = match Source::new("appspec.yml", &text, taskdef, None, &flags) {
            Err(error) => error.report(),
            Ok(source) => {
                let registered = flags.get_flag("register").then(|| Registered { arn: format!("{ARN}8"), new: true });
                let content = source.content(registered.as_ref());
                content.lines().find(|line| line.contains("TaskDefinition:")).unwrap().trim().to_owned()
            }
        };
        expect.assert_eq(&found);
    }

    #[test]
    fn an_arn_gets_into_the_appspec_or_is_there() {
        check(
            ARN,
            "app",
            None,
            &[],
            &expect![[r#"TaskDefinition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7""#]],
        );
        check(
            "<TASK_DEFINITION>",
            "app",
            Some(TASKDEF),
            &["--register"],
            &expect![[r#"TaskDefinition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:78""#]],
        );
        check(
            "<TASK_DEFINITION>",
            "app",
            None,
            &["--task-definition", ARN],
            &expect![[r#"TaskDefinition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7""#]],
        );
    }

    #[test]
    fn what_would_fail_later_is_refused_now() {
        check(
            "<TASK_DEFINITION>",
            "app",
            Some(TASKDEF),
            &[],
            &expect![[r#"
            DEP21: appspec.yml has the placeholder <TASK_DEFINITION>, which CodeDeploy itself does not fill
            hint: add --register to register the task definition of the artifact, or --task-definition ARN to name one"#]],
        );
        check(
            "web",
            "app",
            None,
            &[],
            &expect![[r#"
            DEP28: appspec.yml: TaskDefinition "web" is not the ARN of a revision
            hint: write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION"#]],
        );
        check(
            ARN,
            "app",
            None,
            &["--register"],
            &expect![[r#"
            DEP24: --register needs a task definition, and appspec.yml has none
            hint: give an --artifact with taskdef.json, or --taskdef FILE"#]],
        );
        check(
            "<TASK_DEFINITION>",
            "web",
            Some(TASKDEF),
            &["--register"],
            &expect![[r#"
                PAR13: no container "web" in web (has: app)
                hint: set ContainerName in appspec.yml to one of these"#]],
        );
    }
}
