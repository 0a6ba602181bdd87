//! One look at a deployment, its target and its rollback.

use std::time::Duration;

use codedeploy_aws::codedeploy::{deployment_target, get_deployment};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::schedule::millis;
use codedeploy_core::deployment::{
    Deployment, DeploymentStatus, Evidence, Followed, FollowedRollback, History, ROLLBACK_GRACE, Rollback, Target,
    Verdict, decide, rollback_event,
};

use crate::terminal::print;

/// The current state. The verdict is `None` while the deployment, or a rollback that is due, has not ended.
///
/// `waited` is the age of the deployment: from its creation to its end, or until now.
pub(crate) async fn look(read: &Aws, id: &str, now_ms: u64) -> Result<Followed, AwsError> {
    let deployment = get_deployment(read, id).await?;
    let target = target(read, &deployment).await?;
    let rollback = match rollback_id(&deployment) {
        None => None,
        Some(id) => match get_deployment(read, &id).await {
            Ok(deployment) => Some(FollowedRollback { target: self::target(read, &deployment).await?, deployment }),
            // It is named some moments before it can be asked for.
            Err(error) if matches!(error.why(), Why::DeploymentMissing) => None,
            Err(error) => return Err(error),
        },
    };
    let verdict = verdict(&deployment, rollback.as_ref(), now_ms);
    let waited = age(&deployment, now_ms);
    let (evidence, history) = (Evidence::default(), History::default());
    Ok(Followed { deployment, target, rollback, verdict, waited, evidence, stopped_by: None, history })
}

/// The target, where this call is not the only one that fails.
async fn target(read: &Aws, deployment: &Deployment) -> Result<Option<Target>, AwsError> {
    match deployment_target(read, &deployment.id, None).await {
        Err(error) if matches!(error.why(), Why::Denied { .. } | Why::Throttled) => {
            print::message(&format!("note: lifecycle events and task sets cannot be read: {error}"));
            Ok(None)
        }
        other => Ok(other?.map(|target| target.labelled(deployment))),
    }
}

fn rollback_id(deployment: &Deployment) -> Option<String> {
    let id = deployment.rollback.as_ref()?.rollback_deployment_id.clone()?;
    (!id.is_empty() && id != deployment.id).then_some(id)
}

fn verdict(deployment: &Deployment, rollback: Option<&FollowedRollback>, now_ms: u64) -> Option<Verdict> {
    let known = match rollback {
        Some(rollback) => Rollback::Seen { id: &rollback.deployment.id, status: &rollback.deployment.status },
        None if rollback_id(deployment).is_some() || may_still_begin(deployment, now_ms) => Rollback::Expected,
        None => Rollback::None,
    };
    decide(deployment, &known)
}

/// A rollback appears some moments after the end of the deployment that it rolls back.
fn may_still_begin(deployment: &Deployment, now_ms: u64) -> bool {
    let config = deployment.auto_rollback.as_ref();
    let configured = config.is_some_and(|config| config.covers(&rollback_event(deployment)));
    let ended =
        deployment.completed_ms.is_some_and(|ended_ms| now_ms < ended_ms.saturating_add(millis(ROLLBACK_GRACE)));
    matches!(deployment.status, DeploymentStatus::Failed | DeploymentStatus::Stopped) && configured && ended
}

/// How old a deployment is: from its creation to its end, or until now.
pub(crate) fn age(deployment: &Deployment, now_ms: u64) -> Duration {
    let end = if deployment.status.is_final() { deployment.completed_ms.unwrap_or(now_ms) } else { now_ms };
    Duration::from_millis(deployment.created_ms.map_or(0, |created| end.saturating_sub(created)))
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::{AutoRollback, RollbackEvent, RollbackInfo};
    use expect_test::{Expect, expect};

    use super::*;

    const END: u64 = 1_700_000_000_000;

    fn failed() -> Deployment {
        let auto_rollback = Some(AutoRollback { enabled: true, events: vec![RollbackEvent::Failure] });
        Deployment {
            auto_rollback,
            created_ms: Some(END - 60_000),
            completed_ms: Some(END),
            ..Deployment::new("d-1", DeploymentStatus::Failed)
        }
    }

    fn check(deployment: &Deployment, rollback: Option<DeploymentStatus>, now_ms: u64, expect: &Expect) {
        let rollback =
            rollback.map(|status| FollowedRollback { deployment: Deployment::new("d-2", status), target: None });
        let verdict = verdict(deployment, rollback.as_ref(), now_ms);
        expect.assert_eq(&verdict.map_or("none yet".to_owned(), |verdict| verdict.to_string()));
    }

    #[test]
    fn a_rollback_that_is_due_keeps_the_verdict_open() {
        check(&failed(), None, END + 1_000, &expect!["none yet"]);
        check(&failed(), None, END + 120_000, &expect!["failed and was not rolled back"]);
        check(&failed(), Some(DeploymentStatus::InProgress), END + 1_000, &expect!["none yet"]);
        check(
            &failed(),
            Some(DeploymentStatus::Succeeded),
            END + 1_000,
            &expect!["failed; rollback d-2 succeeded: the previous version serves"],
        );
        check(
            &Deployment { auto_rollback: None, ..failed() },
            None,
            END + 1_000,
            &expect!["failed and was not rolled back"],
        );
        let info = RollbackInfo { rollback_deployment_id: Some("d-2".to_owned()), ..RollbackInfo::default() };
        check(&Deployment { rollback: Some(info), ..failed() }, None, END + 999_000, &expect!["none yet"]);
        check(&Deployment::new("d-1", DeploymentStatus::InProgress), None, END, &expect!["none yet"]);
        check(&Deployment::new("d-1", DeploymentStatus::Succeeded), None, END, &expect!["succeeded"]);
    }

    #[test]
    fn the_age_ends_with_the_deployment() {
        assert_eq!(age(&failed(), END + 500_000), Duration::from_mins(1));
        let goes_on = Deployment { status: DeploymentStatus::InProgress, completed_ms: None, ..failed() };
        assert_eq!(age(&goes_on, END), Duration::from_mins(1));
        assert_eq!(age(&Deployment::new("d-1", DeploymentStatus::InProgress), END), Duration::ZERO);
    }
}
