//! One deployment as lines for people.

use std::fmt::Write as _;

use codedeploy_core::deployment::schedule::span;
use codedeploy_core::deployment::why::why;
use codedeploy_core::deployment::{
    Deployment, DeploymentStatus, Followed, LifecycleEvent, LifecycleStatus, ReadyAction, Target, TerminationAction,
    Until,
};
use codedeploy_core::fault::shown;
use std::time::Duration;

use crate::terminal::clock::date;

/// Everything that was observed and, after a failure, the block with the reason.
pub(super) fn text(followed: &Followed) -> String {
    let mut text = String::new();
    one(&mut text, "deployment", &followed.deployment, followed.target.as_ref());
    if let Some(rollback) = &followed.rollback {
        one(&mut text, "rollback", &rollback.deployment, rollback.target.as_ref());
    }
    // Writing to a String cannot fail.
    if let Some(waits) = waits(&followed.deployment, followed.target.as_ref()) {
        let _ = writeln!(text, "{waits}");
    }
    let _ = match (&followed.verdict, why(followed)) {
        (_, Some(why)) => writeln!(text, "{why}"),
        (Some(verdict), None) => {
            let (said, age) = (verdict.about(&followed.deployment.id), span(followed.waited));
            writeln!(text, "{said} after {age}; now serving: {}", followed.serving())
        }
        (None, None) => {
            writeln!(text, "in progress for {}; now serving: {}", span(followed.waited), followed.serving())
        }
    };
    text
}

fn one(text: &mut String, kind: &str, deployment: &Deployment, target: Option<&Target>) {
    let at = |ms: Option<u64>| ms.map_or_else(|| "-".to_owned(), date);
    let Deployment { id, application, group, status, .. } = deployment;
    let _ = writeln!(text, "{kind} {}: {status} ({}/{})", shown(id), shown(application), shown(group));
    let creator = deployment.creator.as_deref().map(|who| format!(" by {}", shown(who))).unwrap_or_default();
    let _ = writeln!(text, "  created {}{creator}, ended {}", at(deployment.created_ms), at(deployment.completed_ms));
    if let Some(config) = &deployment.config_name {
        let _ = writeln!(text, "  config {}", shown(config));
    }
    let rolled_back = deployment.rollback.as_ref().and_then(|info| info.rollback_triggering_deployment_id.as_deref());
    if let Some(other) = rolled_back.filter(|other| !other.is_empty()) {
        let _ = writeln!(text, "  rolls back {}", shown(other));
    }
    let Some(target) = target else { return };
    let events: Vec<&LifecycleEvent> =
        target.lifecycle_events.iter().filter(|event| event.status != LifecycleStatus::Pending).collect();
    for event in events {
        let took = event.start_ms.zip(event.end_ms).map(|(start, end)| end.saturating_sub(start));
        let took = took.map(|ms| format!("  {}", span(Duration::from_millis(ms)))).unwrap_or_default();
        let _ = writeln!(text, "  {:<22} {}{took}", shown(&event.name), event.status);
    }
    for set in &target.task_sets {
        let pending = if set.pending > 0 { format!(", {} pending", set.pending) } else { String::new() };
        let _ = writeln!(
            text,
            "  {:<5} {:<8} {} of {} running{pending}, traffic {}{}",
            set.label.to_string(),
            set.status.to_string(),
            set.running,
            set.desired,
            set.traffic_weight,
            set.target_group.as_deref().map(|group| format!(", {}", shown(group))).unwrap_or_default()
        );
    }
}

/// What it waits for, and how to end the wait.
fn waits(deployment: &Deployment, target: Option<&Target>) -> Option<String> {
    let id = shown(&deployment.id);
    if deployment.status == DeploymentStatus::Ready {
        let stops = deployment.blue_green.ready.filter(|wait| wait.action == ReadyAction::StopDeployment);
        let stops =
            stops.map(|wait| format!("; otherwise it stops after {} min", wait.wait_minutes)).unwrap_or_default();
        return Some(format!(
            "waiting before traffic shifts: skip the wait with `codedeploy-artifact continue {id}`{stops}"
        ));
    }
    let shifted = !deployment.status.is_final() && Until::TrafficShifted.is_reached(deployment, target);
    let blue = deployment.blue_green.termination.filter(|wait| wait.action == TerminationAction::Terminate);
    let blue = blue.filter(|wait| shifted && wait.wait_minutes > 0)?;
    Some(format!(
        "all traffic is on green; the blue task set is terminated {} min after the shift: skip the wait with \
         `codedeploy-artifact continue {id}`",
        blue.wait_minutes
    ))
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::Evidence;
    use codedeploy_core::deployment::{
        BlueGreen, Diagnostics, ErrorInfo, FollowedRollback, History, Label, ReadyWait, RollbackInfo, TargetStatus,
        TaskSet, TaskSetStatus, Verdict, Weight,
    };
    use expect_test::{Expect, expect};

    use super::*;

    const START: u64 = 1_700_000_000_000;

    fn event(name: &str, status: LifecycleStatus) -> LifecycleEvent {
        let diagnostics = (status == LifecycleStatus::Failed)
            .then(|| Diagnostics { error_code: Some("ScriptFailed".to_owned()), ..Diagnostics::default() });
        LifecycleEvent {
            name: name.to_owned(),
            status,
            start_ms: Some(START),
            end_ms: Some(START + 20_000),
            diagnostics,
        }
    }

    fn set(label: Label, status: TaskSetStatus, weight: Weight) -> TaskSet {
        TaskSet {
            id: "ecs-svc/1".to_owned(),
            label,
            status,
            desired: 2,
            pending: 1,
            running: 1,
            traffic_weight: weight,
            target_group: Some("tg-1".to_owned()),
        }
    }

    fn followed(status: DeploymentStatus) -> Followed {
        let mut target = Target {
            id: "shop:web".to_owned(),
            status: TargetStatus::InProgress,
            lifecycle_events: vec![event("Install", LifecycleStatus::Succeeded)],
            task_sets: vec![
                set(Label::Blue, TaskSetStatus::Primary, Weight::ALL),
                set(Label::Green, TaskSetStatus::Active, Weight::NONE),
            ],
        };
        target.lifecycle_events.push(event("AllowTraffic", LifecycleStatus::Pending));
        Followed {
            deployment: Deployment {
                application: "shop".to_owned(),
                group: "web".to_owned(),
                creator: Some("user".to_owned()),
                created_ms: Some(START),
                config_name: Some("CodeDeployDefault.ECSAllAtOnce".to_owned()),
                ..Deployment::new("d-1", status)
            },
            target: Some(target),
            rollback: None,
            verdict: None,
            waited: Duration::from_secs(75),
            evidence: Evidence::default(),
            stopped_by: None,
            history: History::default(),
        }
    }

    fn check(followed: &Followed, expect: &Expect) {
        expect.assert_eq(&text(followed));
    }

    #[test]
    fn a_deployment_that_goes_on_says_what_it_waits_for() {
        check(
            &followed(DeploymentStatus::InProgress),
            &expect![[r#"
            deployment d-1: InProgress (shop/web)
              created 2023-11-14T22:13:20Z by user, ended -
              config CodeDeployDefault.ECSAllAtOnce
              Install                Succeeded  20 s
              Blue  PRIMARY  1 of 2 running, 1 pending, traffic 100%, tg-1
              Green ACTIVE   1 of 2 running, 1 pending, traffic 0%, tg-1
            in progress for 1 min 15 s; now serving: the previous version
        "#]],
        );
        let mut ready = followed(DeploymentStatus::Ready);
        let wait = ReadyWait { action: ReadyAction::StopDeployment, wait_minutes: 60 };
        ready.deployment.blue_green = BlueGreen { ready: Some(wait), termination: None };
        ready.target = None;
        check(
            &ready,
            &expect![[r#"
            deployment d-1: Ready (shop/web)
              created 2023-11-14T22:13:20Z by user, ended -
              config CodeDeployDefault.ECSAllAtOnce
            waiting before traffic shifts: skip the wait with `codedeploy-artifact continue d-1`; otherwise it stops after 60 min
            in progress for 1 min 15 s; now serving: unknown
        "#]],
        );
    }

    #[test]
    fn a_failure_ends_with_the_reason_and_the_rollback() {
        let mut failed = followed(DeploymentStatus::Failed);
        failed.deployment.completed_ms = Some(START + 75_000);
        failed.deployment.error = Some(ErrorInfo {
            code: "HOOK_EXECUTION_FAILURE".to_owned(),
            message: "The hook failed.\u{1b}[2J".to_owned(),
        });
        if let Some(target) = &mut failed.target {
            target.lifecycle_events.push(event("AfterInstall", LifecycleStatus::Failed));
        }
        let triggering = Some("d-1".to_owned());
        failed.rollback = Some(FollowedRollback {
            deployment: Deployment {
                rollback: Some(RollbackInfo { rollback_triggering_deployment_id: triggering, ..Default::default() }),
                ..Deployment::new("d-2", DeploymentStatus::Succeeded)
            },
            target: None,
        });
        failed.verdict = Some(Verdict::FailedAndRolledBack { rollback: "d-2".to_owned() });
        check(
            &failed,
            &expect![[r#"
                deployment d-1: Failed (shop/web)
                  created 2023-11-14T22:13:20Z by user, ended 2023-11-14T22:14:35Z
                  config CodeDeployDefault.ECSAllAtOnce
                  Install                Succeeded  20 s
                  AfterInstall           Failed  20 s
                  Blue  PRIMARY  1 of 2 running, 1 pending, traffic 100%, tg-1
                  Green ACTIVE   1 of 2 running, 1 pending, traffic 0%, tg-1
                rollback d-2: Succeeded (/)
                  created -, ended -
                  rolls back d-1
                deployment d-1 failed; rollback d-2 succeeded: the previous version serves; probable cause: hook function failed: AfterInstall
                  error: HOOK_EXECUTION_FAILURE: The hook failed.\u{1b}[2J
                  lifecycle event: AfterInstall failed after 20 s
                    ScriptFailed
                  now serving: the previous version
                  next: read the log of the hook function of AfterInstall: it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded
            "#]],
        );
    }

    #[test]
    fn a_success_is_short_at_its_end() {
        let mut done = followed(DeploymentStatus::Succeeded);
        done.verdict = Some(Verdict::Succeeded);
        done.target = None;
        check(
            &done,
            &expect![[r#"
            deployment d-1: Succeeded (shop/web)
              created 2023-11-14T22:13:20Z by user, ended -
              config CodeDeployDefault.ECSAllAtOnce
            deployment d-1 succeeded after 1 min 15 s; now serving: the new version
        "#]],
        );
    }
}
