//! What a deployment group did lately: who is active, whose deployment is ours, and which build was there first.

use aws_calls::codedeploy::{DeploymentFilter, batch_get_deployments, list_deployments};
use aws_calls::config::Aws;
use aws_calls::error::AwsError;
use codedeploy_artifact::deployment::{Deployment, DeploymentStatus};
use codedeploy_artifact::error::shown;

use super::error::DeployError;
use super::label::{Label, build_in};
use crate::abort::Look;

/// The newest deployments of a group, newest first.
#[derive(Debug)]
pub(super) struct Survey(Vec<Deployment>);

/// How many deployments are looked at: one call gives the details of 25.
const LATELY: usize = 25;

/// Looks.
pub(super) async fn survey(read: &Aws, application: &str, group: &str) -> Result<Survey, AwsError> {
    let filter = DeploymentFilter { application, group, statuses: &[], created_after_ms: None, limit: LATELY };
    let ids = list_deployments(read, &filter).await?;
    Ok(Survey(batch_get_deployments(read, &ids).await?))
}

/// The deployment whose answer did not come, if it was made.
pub(crate) async fn find(look: &Look) -> Result<Option<String>, AwsError> {
    Ok(survey(&look.read, &look.application, &look.group).await?.ours(&look.token, &look.known))
}

impl Survey {
    /// The active deployment.
    pub(super) fn active(&self) -> Option<&Deployment> {
        self.0.iter().find(|deployment| !deployment.status.is_final())
    }

    /// Every deployment with that token that has ended: made by an earlier run of the same step.
    fn ended(&self, token: &str) -> Vec<String> {
        let ended = self.0.iter().filter(|deployment| deployment.status.is_final() && has(deployment, token));
        ended.map(|deployment| deployment.id.clone()).collect()
    }

    /// The deployment with that token that was not there before.
    pub(super) fn ours(&self, token: &str, known: &[String]) -> Option<String> {
        let ours = self.0.iter().find(|deployment| has(deployment, token) && !known.contains(&deployment.id));
        ours.map(|deployment| deployment.id.clone())
    }

    /// Refuses where a newer build of the same job is under way or has succeeded.
    pub(super) fn check_order(&self, label: &Label) -> Result<(), DeployError> {
        let Some(ours) = &label.build else { return Ok(()) };
        for deployment in &self.0 {
            // What failed or was stopped has brought nothing that could be overtaken.
            let brought = !matches!(deployment.status, DeploymentStatus::Failed | DeploymentStatus::Stopped);
            if !brought || rolls_back(deployment) {
                continue;
            }
            let theirs = deployment.description.as_deref().and_then(build_in);
            if let Some(theirs) = theirs.filter(|theirs| theirs.job == ours.job && theirs.number > ours.number) {
                let deployment = deployment.id.clone();
                return Err(DeployError::Overtaken { ours: ours.number, newer: theirs.number, deployment });
            }
        }
        Ok(())
    }

    /// Deployments of this build that are not gone on with: a step that is tried again makes a new one.
    pub(super) fn passed_over(&self, label: &Label, resume: bool) -> Vec<String> {
        if resume { Vec::new() } else { self.ended(&label.token) }
    }

    /// For `--dry-run`.
    pub(super) fn describe(&self, label: &Label, resume: bool) -> String {
        if let Some(ours) = self.ours(&label.token, &self.passed_over(label, resume)) {
            return format!("{} is of this build: it is gone on with, and no other one is made", shown(&ours));
        }
        match (self.check_order(label), self.active()) {
            (Err(error), _) => error.to_string(),
            (Ok(()), Some(active)) => format!("{} is active ({})", shown(&active.id), active.status),
            (Ok(()), None) => "none is active".to_owned(),
        }
    }
}

fn has(deployment: &Deployment, token: &str) -> bool {
    !rolls_back(deployment) && deployment.description.as_deref().is_some_and(|it| it.contains(token))
}

/// Whether CodeDeploy made it by itself: a rollback may repeat the description of what it rolls back.
fn rolls_back(deployment: &Deployment) -> bool {
    let triggered = deployment.rollback.as_ref().is_some_and(|it| it.rollback_triggering_deployment_id.is_some());
    triggered || deployment.creator.as_deref() == Some("codeDeployRollback")
}

#[cfg(test)]
mod tests {
    use super::super::label::Build;
    use super::*;

    fn survey(deployments: &[(&str, DeploymentStatus, &str)]) -> Survey {
        let deployment = |(id, status, description): &(&str, DeploymentStatus, &str)| Deployment {
            description: Some((*description).to_owned()),
            ..Deployment::new(id, status.clone())
        };
        Survey(deployments.iter().map(deployment).collect())
    }

    #[test]
    fn an_older_build_never_overtakes_a_newer_one() {
        use DeploymentStatus::{Failed, InProgress, Stopped, Succeeded};
        let label = |number| Label::for_tests("[token:00]", Some(Build { job: "web".to_owned(), number }));
        for (status, description, number, expect) in [
            (Succeeded, "[build:web#8]", 7, false),
            (InProgress, "[build:web#8]", 7, false),
            (Failed, "[build:web#8]", 7, true),
            (Stopped, "[build:web#8]", 7, true),
            (Succeeded, "[build:web#8]", 8, true),
            (Succeeded, "[build:web#10]", 9, false),
            (Succeeded, "[build:api#8]", 7, true),
            (Succeeded, "by hand", 7, true),
        ] {
            let found = survey(&[("d-2", Succeeded, "x"), ("d-1", status.clone(), description)]);
            assert_eq!(found.check_order(&label(number)).is_ok(), expect, "{status} {description} {number}");
        }
        let found = survey(&[("d-1", Succeeded, "[build:web#8]")]);
        assert!(found.check_order(&Label::for_tests("[token:00]", None)).is_ok());
    }

    #[test]
    fn a_rollback_by_codedeploy_is_no_build() {
        let build = Build { job: "web".to_owned(), number: 7 };
        let label = Label::for_tests("[token:aa]", Some(build));
        for (creator, order, ours) in [("user", false, true), ("codeDeployRollback", true, false)] {
            let mut found = survey(&[("d-1", DeploymentStatus::Succeeded, "[build:web#8] [token:aa]")]);
            found.0.iter_mut().for_each(|deployment| deployment.creator = Some(creator.to_owned()));
            assert_eq!(found.check_order(&label).is_ok(), order, "{creator}");
            assert_eq!(found.ours("[token:aa]", &[]).is_some(), ours, "{creator}");
        }
    }

    #[test]
    fn ours_is_found_by_its_token() {
        use DeploymentStatus::{Failed, InProgress};
        let found = survey(&[
            ("d-3", InProgress, "[token:aa] x"),
            ("d-2", InProgress, "[token:bb]"),
            ("d-1", Failed, "[token:aa]"),
        ]);
        assert_eq!(found.ended("[token:aa]"), ["d-1"]);
        assert_eq!(found.ours("[token:aa]", &["d-1".to_owned()]).as_deref(), Some("d-3"));
        assert_eq!(found.ours("[token:cc]", &[]), None);
        assert_eq!(found.active().map(|active| active.id.as_str()), Some("d-3"));
    }
}
