//! The deployments of a group: which one is active, which one is ours, and which build was first.

use std::collections::HashSet;

use codedeploy_aws::codedeploy::{DeploymentFilter, batch_get_deployments, list_deployments};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::AwsError;
use codedeploy_core::deployment::{Deployment, DeploymentStatus, Group};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use super::begun::Look;
use super::label::{Label, build_in};

faults! {
    /// The faults of the order of builds.
    pub(crate) const FORMS;

    /// A newer build deployed first.
    fn overtaken(ours: u64, newer: u64, deployment: &str) [deployment = shown(deployment)] =>
        "DEP22" Unavailable "build {ours} is older than build {newer}, which deployment {deployment} deployed",
        "run the newest build, or go back with `codedeploy-artifact rollback`";
}

/// Deployments of a group, newest first: every active one, and the newest ones.
#[derive(Debug)]
pub(crate) struct Survey(Vec<Deployment>);

/// Which deployments to look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) application: &'a str,
    pub(crate) group: &'a str,
    /// Deployments that the group names as its newest ones.
    pub(crate) newest: &'a [String],
    /// The deployment that CodeDeploy named as the active one when it refused another. It counts as active even if it
    /// cannot be described yet.
    pub(crate) refused_for: Option<&'a str>,
}

/// How many of the newest deployments are read: one call returns the details of 25.
const LATELY: usize = 25;

/// How many deployments are read if CodeDeploy does not list the newest first. Older ones are then not found, except
/// for those that are active or that the group names.
const MOST: usize = 500;

/// Lists and describes deployments.
///
/// The active ones are listed by status, so that neither the order of the list nor its length matters. The others are
/// the first ones listed, if these prove to be the newest; the API reference does not promise an order.
pub(crate) async fn survey(read: &Aws, wanted: &Wanted<'_>) -> Result<Survey, AwsError> {
    let Wanted { application, group, newest, refused_for } = *wanted;
    let list = List { read, application, group };
    let (active, listed) = tokio::try_join!(list.ids(DeploymentStatus::ACTIVE, LATELY), list.ids(&[], LATELY + 1))?;
    let also = active.iter().chain(newest).map(String::as_str).chain(refused_for);
    let mut found = list.described(&[], &listed, LATELY, also).await?;
    if let Some(id) = refused_for.filter(|id| found.iter().all(|deployment| deployment.id != *id)) {
        found.insert(0, Deployment::new(id, DeploymentStatus::Created));
    }
    Ok(Survey(found))
}

/// The newest deployments of a group, newest first: those in one of these states, or in any state if none is given.
pub(crate) async fn newest(
    read: &Aws,
    group: &Group,
    statuses: &[DeploymentStatus],
    limit: usize,
) -> Result<Vec<Deployment>, AwsError> {
    let list = List { read, application: &group.application, group: &group.name };
    // Describing these takes one call in any case, and shows the order of the list.
    let count = limit.max(LATELY);
    let listed = list.ids(statuses, count + 1).await?;
    let mut found = list.described(statuses, &listed, count, group.last_attempted.as_deref().into_iter()).await?;
    found.truncate(limit);
    Ok(found)
}

/// The deployments of one group.
struct List<'a> {
    read: &'a Aws,
    application: &'a str,
    group: &'a str,
}

impl List<'_> {
    async fn ids(&self, statuses: &[DeploymentStatus], limit: usize) -> Result<Vec<String>, AwsError> {
        let List { read, application, group } = *self;
        let filter = DeploymentFilter { application, group, statuses, created_after_ms: None, limit };
        list_deployments(read, &filter).await
    }

    /// Describes the first `count` that are listed, and `also`, as far as they are in one of these states. If the first prove not to be the newest, describes all that
    /// can be listed, up to [`MOST`].
    async fn described<'i>(
        &self,
        statuses: &[DeploymentStatus],
        listed: &'i [String],
        count: usize,
        also: impl Iterator<Item = &'i str>,
    ) -> Result<Vec<Deployment>, AwsError> {
        let mut seen = HashSet::new();
        let first = listed.iter().take(count).map(String::as_str).chain(also);
        let first: Vec<String> = first.filter(|id| seen.insert(*id)).map(str::to_owned).collect();
        // A status may have changed since it was listed.
        let is_wanted = |one: &Deployment| statuses.is_empty() || statuses.contains(&one.status);
        let mut found = batch_get_deployments(self.read, &first).await?;
        found.retain(is_wanted);
        if listed.len() > count && !newest_first(listed, &found) {
            let rest = self.ids(statuses, MOST).await?;
            let rest: Vec<String> = rest.into_iter().filter(|id| !seen.contains(id.as_str())).collect();
            found.extend(batch_get_deployments(self.read, &rest).await?.into_iter().filter(is_wanted));
            found.sort_by_key(|deployment| std::cmp::Reverse(deployment.created_ms));
        }
        Ok(found)
    }
}

/// Whether the first ones listed are the newest: they are in that order, and none that was found otherwise is newer.
/// `found` is in that order.
fn newest_first(listed: &[String], found: &[Deployment]) -> bool {
    let created = |id: &String| found.iter().find(|deployment| deployment.id == *id).map(|it| it.created_ms);
    let listed: Vec<_> = listed.iter().filter_map(created).collect();
    listed.is_sorted_by(|one, next| one >= next) && listed.first().copied() == found.first().map(|it| it.created_ms)
}

/// The deployment whose answer was lost, if it was created.
pub(crate) async fn find(look: &Look) -> Result<Option<String>, AwsError> {
    let wanted = Wanted { application: &look.application, group: &look.group, newest: &[], refused_for: None };
    Ok(survey(&look.read, &wanted).await?.ours(&look.token, &look.known))
}

impl Survey {
    /// The active deployment.
    pub(crate) fn active(&self) -> Option<&Deployment> {
        self.0.iter().find(|deployment| !deployment.status.is_final())
    }

    /// Every finished deployment with that token: created by an earlier run of the same step.
    fn ended(&self, token: &str) -> Vec<String> {
        let ended = self.0.iter().filter(|deployment| deployment.status.is_final() && has(deployment, token));
        ended.map(|deployment| deployment.id.clone()).collect()
    }

    /// The deployment with that token that was not there before.
    pub(crate) fn ours(&self, token: &str, known: &[String]) -> Option<String> {
        let ours = self.0.iter().find(|deployment| has(deployment, token) && !known.contains(&deployment.id));
        ours.map(|deployment| deployment.id.clone())
    }

    /// Refuses if a newer build of the same job is deploying or has succeeded.
    pub(crate) fn check_order(&self, label: &Label) -> Result<(), Fault> {
        let Some(ours) = &label.build else { return Ok(()) };
        for deployment in &self.0 {
            // A deployment that failed or was stopped cannot be overtaken.
            let brought = !matches!(deployment.status, DeploymentStatus::Failed | DeploymentStatus::Stopped);
            if !brought || deployment.is_automatic_rollback() {
                continue;
            }
            let theirs = deployment.description.as_deref().and_then(build_in);
            if let Some(theirs) = theirs.filter(|theirs| theirs.job == ours.job && theirs.number > ours.number) {
                return Err(overtaken(ours.number, theirs.number, &deployment.id));
            }
        }
        Ok(())
    }

    /// Deployments of this build that are not resumed: a step that is retried creates a new one.
    pub(crate) fn passed_over(&self, label: &Label, resume: bool) -> Vec<String> {
        if resume { Vec::new() } else { self.ended(&label.token) }
    }

    /// The text for `--dry-run`. `then` is what would be done about the active deployment.
    pub(crate) fn describe(&self, label: &Label, resume: bool, then: &str) -> String {
        if let Some(ours) = self.ours(&label.token, &self.passed_over(label, resume)) {
            return format!("{} belongs to this build: it would be resumed, and no other one created", shown(&ours));
        }
        match (self.check_order(label), self.active()) {
            (Err(fault), _) => fault.message(),
            (Ok(()), Some(active)) => format!("{} is active ({}){then}", shown(&active.id), active.status),
            (Ok(()), None) => "none is active".to_owned(),
        }
    }
}

fn has(deployment: &Deployment, token: &str) -> bool {
    // A rollback may have the description of the deployment that it rolls back.
    !deployment.is_automatic_rollback() && deployment.description.as_deref().is_some_and(|it| it.contains(token))
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
    fn a_list_is_trusted_only_if_its_first_are_the_newest() {
        let found = |ids: &[(&str, u64)]| -> Vec<Deployment> {
            let deployment = |(id, created): &(&str, u64)| Deployment {
                created_ms: Some(*created),
                ..Deployment::new(id, DeploymentStatus::Succeeded)
            };
            ids.iter().map(deployment).collect()
        };
        let check = |listed: &[&str], ids: &[(&str, u64)], expect: bool| {
            let listed: Vec<String> = listed.iter().map(|id| (*id).to_owned()).collect();
            assert_eq!(newest_first(&listed, &found(ids)), expect, "{listed:?}");
        };
        let three = [("d-3", 3), ("d-2", 2), ("d-1", 1)];
        check(&["d-3", "d-2", "d-1", "d-0"], &three, true);
        check(&["d-1", "d-2", "d-3", "d-4"], &three, false);
        check(&["d-3", "d-1", "d-2", "d-0"], &three, false);
        // The group names a newer one than the first that is listed.
        check(&["d-2", "d-1", "d-0"], &three, false);
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
