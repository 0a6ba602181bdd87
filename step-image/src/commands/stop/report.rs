//! The result of a stop.

use std::fmt::Write as _;

use codedeploy_aws::codedeploy::Stopped;
use codedeploy_core::deployment::{Deployment, DeploymentStatus, RollbackEvent};
use codedeploy_core::fault::shown;
use codedeploy_core::text::{LINE, safe};
use serde_json::json;

use crate::terminal::print;

/// The result for a group without a deployment in progress: that of its newest one, by name.
pub(super) fn nothing_in_progress(newest: &Deployment) -> print::Result {
    let result = report(&newest.id, false, &Stopped::AlreadyFinished, Some(newest));
    let group = format!("{}/{}", shown(&newest.application), shown(&newest.group));
    print::Result { text: format!("no deployment of {group} is in progress; the newest: {}", result.text), ..result }
}

/// What came of the stop.
pub(super) fn report(id: &str, rollback: bool, stopped: &Stopped, seen: Option<&Deployment>) -> print::Result {
    let status = seen.map(|deployment| &deployment.status);
    let name = shown(id);
    let (outcome, mut text) = match stopped {
        Stopped::AlreadyFinished => {
            let ended = match status {
                Some(DeploymentStatus::Succeeded) => "succeeded",
                Some(DeploymentStatus::Failed) => "failed",
                Some(DeploymentStatus::Stopped) => "been stopped",
                _ => "ended",
            };
            ("already-finished", format!("deployment {name} has already {ended}; nothing to stop\n"))
        }
        Stopped::Pending { message } | Stopped::Done { message } => {
            let outcome = if matches!(stopped, Stopped::Done { .. }) { "stopped" } else { "stopping" };
            let said = message.as_deref().map(|message| format!(" (CodeDeploy: {})", safe(message, LINE)));
            (outcome, format!("deployment {name} is {outcome}{}\n", said.unwrap_or_default()))
        }
    };
    let rolls_back = match stopped {
        Stopped::AlreadyFinished => None,
        _ if rollback => Some(true),
        _ => seen.and_then(|deployment| Some(deployment.auto_rollback.as_ref()?.covers(&RollbackEvent::StopOnRequest))),
    };
    match rolls_back {
        Some(true) => text.push_str("a rollback deployment follows\n"),
        Some(false) => text.push_str("no rollback follows: the version that serves now stays\n"),
        None => {}
    }
    if !matches!(stopped, Stopped::AlreadyFinished) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "follow it with `codedeploy-artifact wait {name}`");
    }
    let json = json!({
        "deployment": id,
        "outcome": outcome,
        "status": status.map(DeploymentStatus::name),
        "rollback": rolls_back,
        "rollback_deployment": seen.and_then(|seen| seen.rollback.as_ref()?.rollback_deployment_id.as_ref()),
    });
    print::Result { json, text, ..print::Result::default() }
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::AutoRollback;
    use expect_test::{Expect, expect};

    use super::*;

    fn seen(status: DeploymentStatus, events: &[RollbackEvent]) -> Deployment {
        let auto_rollback = Some(AutoRollback { enabled: true, events: events.to_vec() });
        Deployment { auto_rollback, ..Deployment::new("d-1", status) }
    }

    fn check(rollback: bool, stopped: &Stopped, seen: Option<&Deployment>, expect: &Expect) {
        let result = report("d-1", rollback, stopped, seen);
        expect.assert_eq(&format!("{}{}\n", result.text, result.json));
    }

    #[test]
    fn what_becomes_of_it_is_said() {
        let pending = Stopped::Pending { message: Some("No running tasks.".to_owned()) };
        let done = Stopped::Done { message: None };
        let on_request = seen(DeploymentStatus::InProgress, &[RollbackEvent::StopOnRequest]);
        let on_failure = seen(DeploymentStatus::Stopped, &[RollbackEvent::Failure]);
        let ended = seen(DeploymentStatus::Succeeded, &[RollbackEvent::StopOnRequest]);
        check(
            true,
            &pending,
            Some(&on_failure),
            &expect![[r#"
            deployment d-1 is stopping (CodeDeploy: No running tasks.)
            a rollback deployment follows
            follow it with `codedeploy-artifact wait d-1`
            {"deployment":"d-1","outcome":"stopping","status":"Stopped","rollback":true,"rollback_deployment":null}
        "#]],
        );
        check(
            false,
            &pending,
            Some(&on_request),
            &expect![[r#"
            deployment d-1 is stopping (CodeDeploy: No running tasks.)
            a rollback deployment follows
            follow it with `codedeploy-artifact wait d-1`
            {"deployment":"d-1","outcome":"stopping","status":"InProgress","rollback":true,"rollback_deployment":null}
        "#]],
        );
        check(
            false,
            &done,
            Some(&on_failure),
            &expect![[r#"
            deployment d-1 is stopped
            no rollback follows: the version that serves now stays
            follow it with `codedeploy-artifact wait d-1`
            {"deployment":"d-1","outcome":"stopped","status":"Stopped","rollback":false,"rollback_deployment":null}
        "#]],
        );
        check(
            false,
            &done,
            None,
            &expect![[r#"
            deployment d-1 is stopped
            follow it with `codedeploy-artifact wait d-1`
            {"deployment":"d-1","outcome":"stopped","status":null,"rollback":null,"rollback_deployment":null}
        "#]],
        );
        check(
            true,
            &Stopped::AlreadyFinished,
            Some(&ended),
            &expect![[r#"
            deployment d-1 has already succeeded; nothing to stop
            {"deployment":"d-1","outcome":"already-finished","status":"Succeeded","rollback":null,"rollback_deployment":null}
        "#]],
        );
        check(
            true,
            &Stopped::AlreadyFinished,
            None,
            &expect![[r#"
            deployment d-1 has already ended; nothing to stop
            {"deployment":"d-1","outcome":"already-finished","status":null,"rollback":null,"rollback_deployment":null}
        "#]],
        );
    }
}
