//! Which earlier deployment a rollback goes back to.

use codedeploy_artifact::deployment::{Deployment, DeploymentStatus, Revision};
use codedeploy_artifact::error::{Explain, Kind, shown};

/// How the description of a rollback that this program made begins, behind its token. What follows is the deployment
/// whose revision it deploys again.
pub(super) const MARK: &str = "rollback to ";

/// What creators a rollback of CodeDeploy itself has.
const CODEDEPLOY_ROLLBACK: &str = "codeDeployRollback";

/// From which deployment to which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// The newest deployment that succeeded: its revision serves.
    pub(super) serving: Option<Deployment>,
    /// The deployment whose revision comes back.
    pub(super) to: Deployment,
}

impl Choice {
    /// Whether the revision that comes back is the one that serves.
    pub(super) fn changes_nothing(&self) -> bool {
        self.serving.as_ref().is_some_and(|serving| same_revision(serving, &self.to))
    }
}

/// The newest deployment before the serving one that has another revision. `succeeded` are deployments of one group
/// that succeeded, newest first; `None` where they do not reach back far enough.
///
/// Where a rollback serves, the search begins before the deployment that it went back to: two rollbacks in a row go
/// back two revisions and do not bring the first faulty one back.
pub(super) fn previous(succeeded: &[Deployment]) -> Option<Choice> {
    let (serving, earlier) = succeeded.split_first()?;
    let original = if is_rollback(serving) {
        earlier
            .iter()
            .position(|one| same_revision(one, serving) && !is_rollback(one))
            .map_or(earlier.len(), |at| at + 1)
    } else {
        0
    };
    let to = earlier.iter().skip(original).find(|one| is_deployable(one) && !same_revision(one, serving))?;
    Some(Choice { serving: Some(serving.clone()), to: to.clone() })
}

/// The deployment that `--to` names, where its revision can come back in this group.
pub(super) fn named(to: Deployment, application: &str, group: &str) -> Result<Deployment, ChoiceError> {
    if to.application != application || to.group != group {
        return Err(ChoiceError::Elsewhere { id: to.id, application: to.application, group: to.group });
    }
    if to.status != DeploymentStatus::Succeeded {
        return Err(ChoiceError::NeverServed { id: to.id, status: to.status });
    }
    if !is_deployable(&to) {
        return Err(ChoiceError::NoRevision { id: to.id });
    }
    Ok(to)
}

fn is_rollback(deployment: &Deployment) -> bool {
    let triggered = deployment.rollback.as_ref().and_then(|info| info.rollback_triggering_deployment_id.as_ref());
    deployment.creator.as_deref() == Some(CODEDEPLOY_ROLLBACK)
        || triggered.is_some_and(|id| !id.is_empty())
        || deployment.description.as_deref().is_some_and(is_marked)
}

/// Whether a description is one that a rollback of this program has: its parts in brackets, the token first, then
/// [`MARK`] and a deployment. Words of a user may speak of a rollback as well.
fn is_marked(description: &str) -> bool {
    if !description.starts_with("[token:") {
        return false;
    }
    let mut rest = description;
    while let Some((_, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once("] ")) {
        rest = after;
    }
    rest.strip_prefix(MARK).is_some_and(|to| to.starts_with("d-"))
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
        // The digest is always there; CodeDeploy may leave the content out.
        (Some(Inline { sha256: Some(one), .. }), Some(Inline { sha256: Some(other), .. })) => one == other,
        (one, other) => one.is_some() && one == other,
    }
}

/// Why there is nothing to go back to.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChoiceError {
    /// No deployment of the group has ever succeeded.
    #[error("no deployment of {}/{} has succeeded yet", shown(application), shown(group))]
    NothingServed {
        /// The application.
        application: String,
        /// The group.
        group: String,
    },
    /// All that succeeded have the revision that serves.
    #[error(
        "no earlier revision in the {looked_at} newest successful deployments of {}/{}",
        shown(application),
        shown(group)
    )]
    NoEarlier {
        /// The application.
        application: String,
        /// The group.
        group: String,
        /// How many were looked at.
        looked_at: usize,
    },
    /// It deploys something else.
    #[error("deployment {} belongs to {}/{}", shown(id), shown(application), shown(group))]
    Elsewhere {
        /// The deployment.
        id: String,
        /// Its application.
        application: String,
        /// Its group.
        group: String,
    },
    /// Nobody knows whether it works.
    #[error("deployment {} is {status}, it has not succeeded", shown(id))]
    NeverServed {
        /// The deployment.
        id: String,
        /// Where it stands.
        status: DeploymentStatus,
    },
    /// What it deployed is not an AppSpec, or not known any more.
    #[error("deployment {} has no revision that can be deployed again", shown(id))]
    NoRevision {
        /// The deployment.
        id: String,
    },
}

impl Explain for ChoiceError {
    fn code(&self) -> &'static str {
        match self {
            ChoiceError::NothingServed { .. } | ChoiceError::NoEarlier { .. } => "RBK01",
            ChoiceError::Elsewhere { .. } => "RBK02",
            ChoiceError::NeverServed { .. } => "RBK03",
            ChoiceError::NoRevision { .. } => "RBK04",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            ChoiceError::NothingServed { .. } | ChoiceError::NoEarlier { .. } => Kind::NotFound,
            ChoiceError::Elsewhere { .. } => Kind::Configuration,
            ChoiceError::NeverServed { .. } | ChoiceError::NoRevision { .. } => Kind::Input,
        }
    }

    fn hint(&self) -> String {
        match self {
            ChoiceError::NothingServed { .. } => "deploy a revision with `codedeploy-artifact deploy`",
            ChoiceError::NoEarlier { .. } => {
                "name an older deployment with --to, or deploy an artifact of the old version"
            }
            ChoiceError::Elsewhere { .. } => "give --application and --deployment-group of that deployment",
            ChoiceError::NeverServed { .. } => "name a deployment that succeeded, or use `codedeploy-artifact deploy`",
            ChoiceError::NoRevision { .. } => "name another deployment, or deploy an artifact of that version",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use codedeploy_artifact::deployment::RollbackInfo;
    use codedeploy_artifact::error::Error;

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
        Deployment { description: Some(format!("[token:00] {MARK}{to}")), ..succeeded(id, revision) }
    }

    /// The deployment that is gone back to, `-` for none.
    fn check(newest_first: &[Deployment], expect: &str) {
        let choice = previous(newest_first);
        assert_eq!(choice.map_or("-".to_owned(), |choice| choice.to.id), expect, "{newest_first:#?}");
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
    fn words_about_a_rollback_make_none() {
        for (description, expect) in [
            ("[token:00] rollback to d-1", true),
            ("[token:00] [build:web#7] rollback to d-1", true),
            ("rollback to d-1", false),
            ("[build:web#7] rollback to d-1", false),
            ("[token:00] no rollback to d-1", false),
            ("[token:00] rollback to version 4", false),
            ("[token:00]rollback to d-1", false),
            ("[token:00]", false),
            ("", false),
        ] {
            assert_eq!(is_marked(description), expect, "{description}");
        }
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
        let code = |to: Deployment| named(to, "shop", "web").map_err(|error| Error::from(error).code());
        assert!(code(succeeded("d-1", "a")).is_ok());
        assert_eq!(code(Deployment { group: "api".to_owned(), ..succeeded("d-1", "a") }), Err("RBK02"));
        let failed = Deployment { status: DeploymentStatus::Failed, ..succeeded("d-1", "a") };
        assert_eq!(code(failed), Err("RBK03"));
        assert_eq!(code(Deployment { revision: None, ..succeeded("d-1", "a") }), Err("RBK04"));
    }
}
