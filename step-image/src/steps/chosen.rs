//! The deployment that a command is about: the one whose ID is given, or the newest one of a group.

use clap::Args;
use codedeploy_aws::config::Aws;
use codedeploy_core::deployment::{Deployment, DeploymentStatus, Group};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::ServiceName;
use serde_json::json;

use super::begun::{Begun, Stage};
use super::group::{GroupFlags, Wanted, find};
use super::survey;
use crate::terminal::clock::date;
use crate::terminal::print;
use crate::terminal::progress::Reporter;

/// The flags that name a deployment.
#[derive(Debug, Args)]
pub(crate) struct DeploymentFlags {
    /// Deployment ID, such as d-ABCDEF123 [default: the newest deployment of --service or --deployment-group]
    #[arg(value_name = "ID", conflicts_with_all = ["application", "deployment_group", "service"])]
    id: Option<String>,
    #[command(flatten)]
    group: GroupFlags,
}

/// What the flags name.
#[derive(Debug)]
pub(crate) enum Named {
    /// One deployment.
    Id(String),
    /// The newest deployment of a group.
    Newest(Wanted),
}

/// A deployment to stop or to continue.
#[derive(Debug)]
pub(crate) enum InProgress {
    /// The one whose ID is given, whatever its status, or the newest one of the group that is in progress.
    Id(String),
    /// No deployment of the group is in progress. Its newest one has ended.
    None { newest: Box<Deployment> },
}

faults! {
    /// The faults of naming a deployment.
    pub(crate) const FORMS;

    /// Nothing names one.
    fn no_deployment() => "DEP37" Configuration "no deployment is named",
        "give the ID of a deployment, or --service CLUSTER/SERVICE or --application and --deployment-group for the newest \
            one";
    /// The group has none.
    fn none_yet(group: &str) [group = shown(group)] =>
        "DEP35" NotFound "deployment group {group} has no deployments",
        "create one with `codedeploy-artifact deploy`";
}

impl DeploymentFlags {
    /// The selected deployment or group. A given ID is named by an abort from now on.
    pub(crate) fn named(self, begun: &Begun) -> Result<Named, Fault> {
        match self.id {
            Some(id) => {
                begun.set(Stage::Named(id.clone()));
                Ok(Named::Id(id))
            }
            None if self.group.is_empty() => Err(no_deployment()),
            None => Ok(Named::Newest(Wanted::of(self.group)?)),
        }
    }
}

impl Named {
    /// The service that names the group, if one does.
    pub(crate) fn service(&self) -> Option<&ServiceName> {
        match self {
            Named::Id(_) => None,
            Named::Newest(wanted) => wanted.service.as_ref(),
        }
    }

    /// The ID of the deployment. If it was not given, it is printed, and the command acts only on it even if a newer
    /// deployment is created.
    pub(crate) async fn id(self, read: &Aws, begun: &Begun, reporter: Option<Reporter>) -> Result<String, Fault> {
        match self {
            Named::Id(id) => Ok(id),
            Named::Newest(wanted) => {
                let group = find::group(read, &wanted).await?;
                let newest = newest(read, &group, &[]).await?.ok_or_else(|| none_yet(&full(&group)))?;
                Ok(chosen(&newest, begun, reporter))
            }
        }
    }

    /// The same for a command that acts only on a deployment in progress, and only if `check` accepts it.
    pub(crate) async fn in_progress(
        self,
        read: &Aws,
        begun: &Begun,
        check: impl Fn(&Deployment) -> Result<(), Fault>,
    ) -> Result<InProgress, Fault> {
        let wanted = match self {
            Named::Id(id) => return Ok(InProgress::Id(id)),
            Named::Newest(wanted) => wanted,
        };
        let group = find::group(read, &wanted).await?;
        let found = match newest(read, &group, DeploymentStatus::ACTIVE).await? {
            // It may not be listed by its status yet, or have a status that this version does not know.
            None => newest(read, &group, &[]).await?,
            active => active,
        };
        let found = found.ok_or_else(|| none_yet(&full(&group)))?;
        if found.status.is_final() {
            return Ok(InProgress::None { newest: Box::new(found) });
        }
        check(&found)?;
        Ok(InProgress::Id(chosen(&found, begun, None)))
    }
}

async fn newest(read: &Aws, group: &Group, statuses: &[DeploymentStatus]) -> Result<Option<Deployment>, Fault> {
    Ok(survey::newest(read, group, statuses, 1).await?.into_iter().next())
}

/// `APPLICATION/GROUP`
fn full(group: &Group) -> String {
    format!("{}/{}", group.application, group.name)
}

/// Prints which deployment was selected. `reporter` is that of a wait, whose output is events.
fn chosen(deployment: &Deployment, begun: &Begun, reporter: Option<Reporter>) -> String {
    let sentence = sentence(deployment);
    match reporter {
        Some(reporter) => reporter.line(&sentence, "chosen", json!({ "deployment": deployment.id })),
        None => print::message(&sentence),
    }
    begun.set(Stage::Named(deployment.id.clone()));
    deployment.id.clone()
}

fn sentence(deployment: &Deployment) -> String {
    let Deployment { id, application, group, status, .. } = deployment;
    let created = deployment.created_ms.map(|ms| format!(", created {}", date(ms))).unwrap_or_default();
    let by = deployment.creator.as_deref().map(|who| format!(" by {}", shown(who))).unwrap_or_default();
    let rolls_back = deployment.rollback.as_ref().and_then(|info| info.rollback_triggering_deployment_id.as_deref());
    let rolls_back = rolls_back.filter(|other| !other.is_empty());
    let rolls_back = rolls_back.map(|other| format!(", rolls back {}", shown(other))).unwrap_or_default();
    format!("deployment {} of {}/{}{created}{by}: {status}{rolls_back}", shown(id), shown(application), shown(group))
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::RollbackInfo;
    use expect_test::expect;

    use super::*;

    #[test]
    fn what_was_chosen_is_one_line() {
        let mut deployment = Deployment {
            application: "shop".to_owned(),
            group: "web".to_owned(),
            created_ms: Some(1_700_000_000_000),
            creator: Some("user".to_owned()),
            ..Deployment::new("d-1", DeploymentStatus::InProgress)
        };
        expect!["deployment d-1 of shop/web, created 2023-11-14T22:13:20Z by user: InProgress"]
            .assert_eq(&sentence(&deployment));
        deployment.creator = Some("codeDeployRollback\n\u{1b}[2J".to_owned());
        deployment.rollback =
            Some(RollbackInfo { rollback_triggering_deployment_id: Some("d-0".to_owned()), ..RollbackInfo::default() });
        expect![[r"deployment d-1 of shop/web, created 2023-11-14T22:13:20Z by codeDeployRollback\n\u{1b}[2J: InProgress, rolls back d-0"]]
            .assert_eq(&sentence(&deployment));
    }
}
