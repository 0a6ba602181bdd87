//! `list`: the newest deployments of a group.

mod table;

use clap::Args;
use codedeploy_core::deployment::{Deployment, DeploymentStatus, Group, Revision, report};
use codedeploy_core::fault::Fault;
use serde_json::{Value, json};

use crate::steps::account::{self, Reader};
use crate::steps::group::{GroupFlags, Wanted, find};
use crate::steps::look::age;
use crate::steps::survey::newest;
use crate::terminal::clock::Clock;
use crate::terminal::print;

/// List the newest deployments of a deployment group
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Most deployments to list, 1-100
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
    /// List only deployments with this status: active (all that have not finished), created, queued, in-progress, ready,
    /// baking, succeeded, failed or stopped (repeatable)
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<Statuses>,
    #[command(flatten)]
    group: GroupFlags,
    #[command(flatten)]
    account: Reader,
}

/// What one `--status` stands for.
type Statuses = &'static [DeploymentStatus];

/// The values of `--status`. AWS's own names, such as `InProgress`, are accepted as well.
const STATUSES: [(&str, Statuses); 9] = [
    ("active", DeploymentStatus::ACTIVE),
    ("created", &[DeploymentStatus::Created]),
    ("queued", &[DeploymentStatus::Queued]),
    ("in-progress", &[DeploymentStatus::InProgress]),
    ("ready", &[DeploymentStatus::Ready]),
    ("baking", &[DeploymentStatus::Baking]),
    ("succeeded", &[DeploymentStatus::Succeeded]),
    ("failed", &[DeploymentStatus::Failed]),
    ("stopped", &[DeploymentStatus::Stopped]),
];

fn status(text: &str) -> Result<Statuses, String> {
    let plain = |text: &str| text.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let found = STATUSES.iter().find(|(word, _)| plain(word) == plain(text));
    found.map(|(_, statuses)| *statuses).ok_or_else(|| {
        let words: Vec<&str> = STATUSES.iter().map(|(word, _)| *word).collect();
        format!("must be one of {}", words.join(", "))
    })
}

impl List {
    pub(crate) async fn run(self) -> Result<print::Result, Fault> {
        let wanted = Wanted::of(self.group)?;
        let read = account::open_for(self.account.access()?, wanted.service.as_ref()).await?.read;
        let group = find::group(&read, &wanted).await?;
        let statuses = self.status.concat();
        let deployments = newest(&read, &group, &statuses, usize::from(self.limit)).await?;
        let now_ms = Clock::start().now_ms();
        let text = if deployments.is_empty() {
            table::nothing(&group, !statuses.is_empty())
        } else {
            table::table(&deployments, now_ms)
        };
        Ok(print::Result { json: to_json(&group, &deployments, now_ms), text, ..print::Result::default() })
    }
}

fn to_json(group: &Group, deployments: &[Deployment], now_ms: u64) -> Value {
    let one = |deployment: &Deployment| {
        let mut one = report::summary(deployment);
        if let Some(members) = one.as_object_mut() {
            let rollback = deployment.rollback.as_ref().and_then(|info| info.rollback_deployment_id.as_deref());
            members.insert("rollback_deployment".to_owned(), rollback.into());
            members.insert("age_seconds".to_owned(), age(deployment, now_ms).as_secs().into());
            members.insert("revision".to_owned(), deployment.revision.as_ref().map_or(Value::Null, revision));
        }
        one
    };
    json!({
        "application": group.application,
        "deployment_group": group.name,
        "deployments": deployments.iter().map(one).collect::<Vec<_>>(),
    })
}

fn revision(revision: &Revision) -> Value {
    match revision {
        Revision::S3 { bucket, key, version, etag, .. } => {
            json!({ "type": "S3", "bucket": bucket, "key": key, "version": version, "etag": etag })
        }
        // CodeDeploy omits the content, which is as long as the AppSpec.
        Revision::AppSpecContent { sha256, .. } => json!({ "type": "AppSpecContent", "sha256": sha256 }),
        Revision::Other(name) => json!({ "type": name }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_known_in_every_spelling() {
        for text in ["in-progress", "InProgress", "in_progress", "IN PROGRESS"] {
            assert_eq!(status(text), Ok(&[DeploymentStatus::InProgress][..]), "{text}");
        }
        assert_eq!(status("active"), Ok(DeploymentStatus::ACTIVE));
        assert!(status("running").is_err_and(|error| error.contains("in-progress")));
        assert!(status("").is_err());
    }

    #[test]
    fn every_status_has_a_word() {
        for name in DeploymentStatus::KNOWN {
            assert_eq!(status(name).map(|it| it.iter().map(DeploymentStatus::name).collect()), Ok(vec![*name]));
        }
    }
}
