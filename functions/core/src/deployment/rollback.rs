//! Deployments that are rollbacks: CodeDeploy's own, and those of `codedeploy-artifact rollback`, which are recognized
//! by their description.

use super::observation::Deployment;

/// What follows the token in the description of a rollback by `codedeploy-artifact rollback`. The deployment whose
/// revision is deployed again comes next.
const TO: &str = "rollback to ";

/// What separates it from the deployment that served before.
const FROM: &str = " from ";

/// `creator` of a rollback by CodeDeploy.
const CODEDEPLOY: &str = "codeDeployRollback";

/// What the description of a rollback by `codedeploy-artifact rollback` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestedRollback<'a> {
    /// The deployment whose revision it deploys again.
    pub to: &'a str,
    /// The deployment that served when it was created.
    pub from: Option<&'a str>,
}

impl RequestedRollback<'_> {
    /// The description that [`Deployment::requested_rollback`] recognizes: about 60 characters, `token` first.
    pub fn description(&self, token: &str) -> String {
        let from = self.from.map(|from| format!("{FROM}{from}")).unwrap_or_default();
        format!("{token} {TO}{}{from}", self.to)
    }
}

/// A description without the token at its beginning, by which a deployment is found again and which has no meaning for people.
pub fn without_token(description: &str) -> &str {
    let after = description.strip_prefix("[token:").and_then(|rest| rest.split_once(']'));
    after.map_or(description, |(_, rest)| rest).trim()
}

impl Deployment {
    /// The description for people, if it says anything.
    pub fn said(&self) -> Option<&str> {
        self.description.as_deref().map(without_token).filter(|said| !said.is_empty())
    }

    /// Whether CodeDeploy created this deployment to roll another one back. Either of two signs is enough: `creator`,
    /// or the deployment that triggered it in `rollbackInfo`.
    pub fn is_automatic_rollback(&self) -> bool {
        let triggered = self.rollback.as_ref().and_then(|info| info.rollback_triggering_deployment_id.as_ref());
        self.creator.as_deref() == Some(CODEDEPLOY) || triggered.is_some_and(|id| !id.is_empty())
    }

    /// What `codedeploy-artifact rollback` wrote about this deployment, if it created it.
    ///
    /// Its description has its parts in brackets, the token first. Descriptions by users may mention rollbacks too, and
    /// a rollback by CodeDeploy may repeat the description of the deployment that it rolls back.
    pub fn requested_rollback(&self) -> Option<RequestedRollback<'_>> {
        let description = self.description.as_deref().filter(|text| text.starts_with("[token:"))?;
        if self.is_automatic_rollback() {
            return None;
        }
        let mut rest = description;
        while let Some((_, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once("] ")) {
            rest = after;
        }
        let ids = rest.strip_prefix(TO).filter(|ids| ids.starts_with("d-"))?;
        Some(match ids.split_once(FROM) {
            Some((to, from)) => RequestedRollback { to, from: Some(from).filter(|from| from.starts_with("d-")) },
            None => RequestedRollback { to: ids, from: None },
        })
    }

    /// Whether this deployment is a rollback, by CodeDeploy or by `codedeploy-artifact rollback`. A rollback is never
    /// stopped in favor of another deployment.
    pub fn is_rollback(&self) -> bool {
        self.is_automatic_rollback() || self.requested_rollback().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::{DeploymentStatus, RollbackInfo};

    fn deployment(creator: &str, description: &str, triggered_by: Option<&str>) -> Deployment {
        Deployment {
            creator: Some(creator.to_owned()),
            description: Some(description.to_owned()),
            rollback: Some(RollbackInfo {
                rollback_triggering_deployment_id: triggered_by.map(str::to_owned),
                ..RollbackInfo::default()
            }),
            ..Deployment::new("d-9", DeploymentStatus::InProgress)
        }
    }

    #[test]
    fn either_sign_makes_a_rollback_by_codedeploy() {
        for (creator, triggered_by, expect) in [
            ("user", None, false),
            ("user", Some(""), false),
            ("user", Some("d-1"), true),
            ("codeDeployRollback", None, true),
            ("codeDeployRollback", Some("d-1"), true),
            ("codeDeployAutoUpdate", None, false),
        ] {
            let found = deployment(creator, "", triggered_by);
            assert_eq!(found.is_automatic_rollback(), expect, "{creator} {triggered_by:?}");
            assert_eq!(found.is_rollback(), expect, "{creator} {triggered_by:?}");
        }
    }

    #[test]
    fn words_about_a_rollback_make_none() {
        let check = |description: &str, expect: Option<(&str, Option<&str>)>| {
            let found = deployment("user", description, None);
            let found = found.requested_rollback().map(|it| (it.to, it.from));
            assert_eq!(found, expect, "{description}");
        };
        check("[token:00] rollback to d-1", Some(("d-1", None)));
        check("[token:00] rollback to d-1 from d-2", Some(("d-1", Some("d-2"))));
        check("[token:00] rollback to d-1 from version 4", Some(("d-1", None)));
        check("[token:00] [build:web#7] rollback to d-1", Some(("d-1", None)));
        check("rollback to d-1", None);
        check("[build:web#7] rollback to d-1", None);
        check("[token:00] no rollback to d-1", None);
        check("[token:00] rollback to version 4", None);
        check("[token:00]rollback to d-1", None);
        check("[token:00]", None);
        check("", None);
    }

    #[test]
    fn what_is_written_is_read() {
        for from in [None, Some("d-2")] {
            let written = RequestedRollback { to: "d-1", from };
            let text = written.description("[token:00]");
            assert_eq!(deployment("user", &text, None).requested_rollback(), Some(written), "{text}");
            // CodeDeploy copies the description to its rollback of that deployment, where it means the opposite.
            assert_eq!(deployment("codeDeployRollback", &text, Some("d-3")).requested_rollback(), None, "{text}");
        }
    }
}
