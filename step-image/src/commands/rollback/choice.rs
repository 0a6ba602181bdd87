//! Which earlier deployment a rollback goes back to.

use codedeploy_core::deployment::{Deployment, DeploymentStatus, Revision};
use codedeploy_core::fault::Fault;

use super::content::Content;
use super::faults::{elsewhere, never_served, no_revision};

/// From which deployment to which.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The deployment whose revision serves: the newest one that succeeded, or a later one that was not rolled back.
    pub(super) serving: Option<Side>,
    /// The deployment whose revision comes back.
    pub(super) to: Side,
    /// Deployments before it, newest first, that `--to` could name instead.
    pub(super) older: Vec<String>,
}

/// A deployment, and what it runs.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) deployment: Deployment,
    /// `None` if the revision of the serving deployment cannot be read.
    pub(super) content: Option<Content>,
}

impl Choice {
    /// Whether what comes back is what serves.
    pub(super) fn changes_nothing(&self) -> bool {
        self.serving.as_ref().is_some_and(|serving| {
            same_revision(&serving.deployment, &self.to.deployment) || serving.runs_the_same_as(&self.to)
        })
    }
}

impl Side {
    fn runs_the_same_as(&self, other: &Side) -> bool {
        matches!((&self.content, &other.content), (Some(one), Some(two)) if one.runs_the_same_as(two))
    }
}

/// The deployments that can be redeployed, newest first: those before the serving one with another revision. Two
/// revisions may still run the same, which only their content shows. `succeeded` are deployments of one group that
/// succeeded, newest first; the first one may be a later one that serves although it did not succeed.
///
/// If a rollback serves, the search begins before the deployment that it went back to: two rollbacks in a row go back
/// two revisions and do not bring the first faulty one back.
pub(super) fn candidates(succeeded: &[Deployment]) -> Vec<&Deployment> {
    let Some((serving, earlier)) = succeeded.split_first() else { return Vec::new() };
    let Some(from) = origin(serving, earlier) else { return Vec::new() };
    earlier.iter().skip(from).filter(|one| is_deployable(one) && !same_revision(one, serving)).collect()
}

/// Where the search begins among the earlier deployments: after the one that first deployed the serving revision,
/// through any number of rollbacks. `None` if that one is not among them.
fn origin(serving: &Deployment, earlier: &[Deployment]) -> Option<usize> {
    let (mut of, mut from) = (serving, 0);
    while of.is_rollback() {
        let is_origin = |one: &Deployment| match of.requested_rollback() {
            // Its task definition may have been registered again, so its revision may be another one.
            Some(requested) => one.id == requested.to,
            None => same_revision(one, of),
        };
        let at = from + earlier.iter().skip(from).position(is_origin)?;
        (of, from) = (earlier.get(at)?, at + 1);
    }
    Some(from)
}

/// The deployment that `--to` names, if its revision can be redeployed in this group.
pub(super) fn named(to: Deployment, application: &str, group: &str) -> Result<Deployment, Fault> {
    if to.application != application || to.group != group {
        return Err(elsewhere(&to.id, &to.application, &to.group));
    }
    if to.status != DeploymentStatus::Succeeded {
        return Err(never_served(&to.id, &to.status));
    }
    if !is_deployable(&to) {
        return Err(no_revision(&to.id));
    }
    Ok(to)
}

fn is_deployable(deployment: &Deployment) -> bool {
    match &deployment.revision {
        Some(Revision::S3 { .. }) => true,
        Some(Revision::AppSpecContent { content, sha256 }) => content.is_some() || sha256.is_some(),
        Some(Revision::Other(_)) | None => false,
    }
}

fn same_revision(one: &Deployment, other: &Deployment) -> bool {
    use Revision::AppSpecContent as Inline;
    match (&one.revision, &other.revision) {
        // CodeDeploy always returns the digest, but may omit the content.
        (Some(Inline { sha256: Some(one), .. }), Some(Inline { sha256: Some(other), .. })) => one == other,
        (one, other) => one.is_some() && one == other,
    }
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::{RequestedRollback, RollbackInfo};

    use super::*;

    fn succeeded(id: &str, revision: &str) -> Deployment {
        Deployment {
            application: "shop".to_owned(),
            group: "web".to_owned(),
            revision: Some(Revision::AppSpecContent { content: None, sha256: Some(revision.to_owned()) }),
            ..Deployment::new(id, DeploymentStatus::Succeeded)
        }
    }

    fn rollback_of_ours(id: &str, revision: &str, to: &str) -> Deployment {
        let description = RequestedRollback { to, from: None }.description("[token:00]");
        Deployment { description: Some(description), ..succeeded(id, revision) }
    }

    /// The deployment that is gone back to, `-` for none.
    fn check(newest_first: &[Deployment], expect: &str) {
        let found = candidates(newest_first);
        assert_eq!(found.first().map_or("-", |found| &found.id), expect, "{newest_first:#?}");
    }

    #[test]
    fn the_newest_other_revision_comes_back() {
        check(&[], "-");
        check(&[succeeded("d-1", "a")], "-");
        check(&[succeeded("d-2", "a"), succeeded("d-1", "a")], "-");
        check(&[succeeded("d-3", "b"), succeeded("d-2", "b"), succeeded("d-1", "a")], "d-1");
        check(&[succeeded("d-3", "a"), succeeded("d-2", "b"), succeeded("d-1", "a")], "d-2");
    }

    #[test]
    fn a_second_rollback_goes_further_back_and_never_forward() {
        let history = [succeeded("d-3", "c"), succeeded("d-2", "b"), succeeded("d-1", "a")];
        let with = |newest: Deployment| [vec![newest], history.to_vec()].concat();
        check(&history, "d-2");
        check(&with(rollback_of_ours("d-4", "b", "d-2")), "d-1");
        check(&with(rollback_of_ours("d-4", "a", "d-1")), "-");
        check(&with(Deployment { creator: Some("codeDeployRollback".to_owned()), ..succeeded("d-4", "b") }), "d-1");
        let triggered =
            RollbackInfo { rollback_triggering_deployment_id: Some("d-9".to_owned()), ..Default::default() };
        check(&with(Deployment { rollback: Some(triggered), ..succeeded("d-4", "c") }), "d-2");
        // The deployment that it went back to is out of sight.
        check(&[rollback_of_ours("d-4", "x", "d-0"), succeeded("d-3", "c")], "-");
    }

    #[test]
    fn a_rollback_is_followed_to_the_deployment_that_it_repeats() {
        // Its task definition was registered again, so its revision is another one.
        let history =
            [rollback_of_ours("d-4", "a2", "d-2"), succeeded("d-3", "c"), succeeded("d-2", "b"), succeeded("d-1", "a")];
        check(&history, "d-1");
        // A rollback of a rollback.
        let history = [
            rollback_of_ours("d-5", "a3", "d-3"),
            succeeded("d-4", "c"),
            rollback_of_ours("d-3", "a2", "d-1"),
            succeeded("d-2", "b"),
            succeeded("d-1", "a"),
            succeeded("d-0", "z"),
        ];
        check(&history, "d-0");
        // CodeDeploy restored what a rollback had brought.
        let restored = Deployment { creator: Some("codeDeployRollback".to_owned()), ..succeeded("d-6", "a3") };
        check(&[vec![restored], history.to_vec()].concat(), "d-0");
    }

    #[test]
    fn revisions_without_an_appspec_are_passed_over() {
        let github = Deployment { revision: Some(Revision::Other("GitHub".to_owned())), ..succeeded("d-2", "") };
        let unknown = Deployment { revision: None, ..succeeded("d-2", "") };
        check(&[succeeded("d-3", "b"), github, succeeded("d-1", "a")], "d-1");
        check(&[succeeded("d-3", "b"), unknown, succeeded("d-1", "a")], "d-1");
    }

    #[test]
    fn a_named_deployment_must_have_served_this_group() {
        let code = |to: Deployment| named(to, "shop", "web").map_err(|fault| fault.code());
        assert!(code(succeeded("d-1", "a")).is_ok());
        assert_eq!(code(Deployment { group: "api".to_owned(), ..succeeded("d-1", "a") }), Err("RBK02"));
        let failed = Deployment { status: DeploymentStatus::Failed, ..succeeded("d-1", "a") };
        assert_eq!(code(failed), Err("RBK03"));
        assert_eq!(code(Deployment { revision: None, ..succeeded("d-1", "a") }), Err("RBK04"));
    }
}
