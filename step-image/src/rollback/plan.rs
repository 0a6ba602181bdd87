//! A rollback as it is shown before it is done.

use std::fmt::Write as _;

use aws_calls::codedeploy::RevisionToDeploy;
use codedeploy_artifact::appspec::{self, Hook};
use codedeploy_artifact::archive::sha256_hex;
use codedeploy_artifact::deployment::Deployment;
use codedeploy_artifact::error::shown;
use serde_json::{Value, json};

use super::choice::Choice;
use crate::clock::date;

/// What is about to be deployed.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) choice: Choice,
    pub(super) revision: RevisionToDeploy,
    /// Task definition of the AppSpec, where that could be read.
    pub(super) task_definition: Option<String>,
    /// Its hook functions, for the wait budget.
    pub(super) hooks: Option<Vec<(Hook, String)>>,
}

impl Plan {
    /// Reads what there is to read in the AppSpec; CodeDeploy took it once, so what we do not understand is no error.
    pub(super) fn new(choice: Choice, revision: RevisionToDeploy, text: Option<&str>) -> Plan {
        let spec = text.and_then(|text| appspec::read(text, "the AppSpec").ok());
        let (task_definition, hooks) = spec.map(|spec| (spec.task_definition, spec.hooks)).unzip();
        Plan { choice, revision, task_definition, hooks }
    }

    /// Lines for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let to = &self.choice.to;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "rollback of {}/{}", shown(&to.application), shown(&to.group));
        if let Some(serving) = &self.choice.serving {
            let _ = writeln!(text, "  serves now       {}", one(serving));
        }
        let _ = writeln!(text, "  goes back to     {}", one(to));
        let _ = writeln!(text, "  revision         {}", self.revision_text());
        let arn = self.task_definition.as_deref().map_or_else(|| "not readable".to_owned(), shown);
        let _ = writeln!(text, "  task definition  {arn}");
        if self.choice.changes_nothing() {
            text.push_str("  note: this is the revision that serves now\n");
        }
        if matches!(&self.revision, RevisionToDeploy::S3 { version: None, e_tag: None, .. }) {
            text.push_str("  note: the revision names no version of the object: what is there now is deployed\n");
        }
        text
    }

    /// The same for programs.
    pub(super) fn to_json(&self) -> Value {
        let one = |deployment: &Deployment| {
            json!({
                "deployment": deployment.id,
                "created_ms": deployment.created_ms,
                "completed_ms": deployment.completed_ms,
                "description": deployment.description,
            })
        };
        json!({
            "application": self.choice.to.application,
            "deployment_group": self.choice.to.group,
            "from": self.choice.serving.as_ref().map(one),
            "to": one(&self.choice.to),
            "revision": self.revision_text(),
            "task_definition": self.task_definition,
        })
    }

    fn revision_text(&self) -> String {
        match &self.revision {
            RevisionToDeploy::Inline { content } => format!("AppSpec sha256 {}", sha256_hex(content.as_bytes())),
            RevisionToDeploy::S3 { bucket, key, version, e_tag, .. } => {
                let version = version.as_deref().map(|version| format!(" version {}", shown(version)));
                let e_tag = e_tag.as_deref().map(|e_tag| format!(" eTag {}", shown(e_tag)));
                let [version, e_tag] = [version, e_tag].map(Option::unwrap_or_default);
                format!("s3://{}/{}{version}{e_tag}", shown(bucket), shown(key))
            }
        }
    }
}

fn one(deployment: &Deployment) -> String {
    let at = deployment.completed_ms.or(deployment.created_ms).map_or_else(|| "-".to_owned(), date);
    let said = deployment.description.as_deref().filter(|text| !text.trim().is_empty());
    let said = said.map(|text| format!("  {}", shown(text.trim()))).unwrap_or_default();
    format!("{}  {at}{said}", shown(&deployment.id))
}

#[cfg(test)]
mod tests {
    use codedeploy_artifact::appspec::AppSpec;
    use codedeploy_artifact::deployment::{DeploymentStatus, Revision};
    use expect_test::{Expect, expect};

    use super::*;

    fn deployment(id: &str, sha256: &str) -> Deployment {
        Deployment {
            application: "shop".to_owned(),
            group: "web".to_owned(),
            completed_ms: Some(1_700_000_000_000),
            description: Some("build 7\n".to_owned()),
            revision: Some(Revision::AppSpecContent { content: None, sha256: Some(sha256.to_owned()) }),
            ..Deployment::new(id, DeploymentStatus::Succeeded)
        }
    }

    fn check(revision: RevisionToDeploy, text: Option<&str>, serving: &str, expect: &Expect) {
        let choice = Choice { serving: Some(deployment("d-2", serving)), to: deployment("d-1", "a") };
        expect.assert_eq(&Plan::new(choice, revision, text).text());
    }

    #[test]
    fn what_comes_back_is_shown() {
        let content =
            appspec::write(&AppSpec::new("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7", "web", 80));
        check(
            RevisionToDeploy::Inline { content: content.clone() },
            Some(&content),
            "b",
            &expect![[r#"
            rollback of shop/web
              serves now       d-2  2023-11-14T22:13:20Z  build 7
              goes back to     d-1  2023-11-14T22:13:20Z  build 7
              revision         AppSpec sha256 7f5a16bd95a3d03b857231967958a565e9ce96aa300786b4460739abedc5789e
              task definition  arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7
        "#]],
        );
        let s3 = |version: Option<&str>| RevisionToDeploy::S3 {
            bucket: "my-bucket".to_owned(),
            key: "web/appspec.yml".to_owned(),
            bundle_type: aws_calls::codedeploy::BundleType::Yaml,
            version: version.map(str::to_owned),
            e_tag: None,
        };
        check(
            s3(Some("v1")),
            Some("what nobody understands"),
            "a",
            &expect![[r#"
            rollback of shop/web
              serves now       d-2  2023-11-14T22:13:20Z  build 7
              goes back to     d-1  2023-11-14T22:13:20Z  build 7
              revision         s3://my-bucket/web/appspec.yml version v1
              task definition  not readable
              note: this is the revision that serves now
        "#]],
        );
        check(
            s3(None),
            None,
            "b",
            &expect![[r#"
            rollback of shop/web
              serves now       d-2  2023-11-14T22:13:20Z  build 7
              goes back to     d-1  2023-11-14T22:13:20Z  build 7
              revision         s3://my-bucket/web/appspec.yml
              task definition  not readable
              note: the revision names no version of the object: what is there now is deployed
        "#]],
        );
    }
}
