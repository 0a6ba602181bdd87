//! `continue`: skips the current wait of a deployment. `continue` is a keyword of Rust, so the module is `resume`.

use clap::Args;
use codedeploy_aws::codedeploy::{Continued, Wait, continue_deployment, deployment_target, get_deployment};
use codedeploy_core::deployment::{Deployment, DeploymentStatus, LifecycleStatus, Target, TargetStatus, Until};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use serde_json::json;

use crate::steps::account::{self, Changer};
use crate::steps::begun::Begun;
use crate::steps::chosen::{DeploymentFlags, InProgress};
use crate::terminal::{print, values};

/// The words of `--wait-type`.
const WAITS: &[(&str, Wait)] = &[("ready", Wait::Ready), ("termination", Wait::Termination)];

/// Skip the current wait: before traffic shifts, or before the blue tasks are terminated
#[derive(Debug, Args)]
#[command(after_help = "Without ID, the newest deployment of the group that is in progress is continued.\n\
    If the deployment has succeeded, there is nothing to continue, and the exit code is 0.\n\
    If it failed, was stopped or is not waiting yet, nothing is continued, and the command fails.")]
pub(crate) struct Continue {
    /// Wait to skip: ready (before traffic shifts) or termination (of the blue tasks) [default: the current one]
    #[arg(long, value_name = "WAIT", value_parser = values::one_of(WAITS), hide_possible_values = true)]
    wait_type: Option<Wait>,
    #[command(flatten)]
    deployment: DeploymentFlags,
    #[command(flatten)]
    account: Changer,
}

impl Continue {
    /// Finds the wait that the deployment is in, unless one was given, and skips it.
    pub(crate) async fn run(self, begun: &Begun) -> Result<print::Result, Fault> {
        let Continue { deployment, wait_type, account } = self;
        let named = deployment.named(begun)?;
        let account = account::open_for(account.access()?, named.service()).await?;
        let id = match named.in_progress(&account.read, begun, |_| Ok(())).await? {
            InProgress::Id(id) => id,
            InProgress::None { newest } => return Err(none_in_progress(&newest)),
        };
        let wait = if wait_type.is_some() {
            wait_type
        } else {
            let deployment = get_deployment(&account.read, &id).await?;
            let target =
                if deployment.status.is_final() { None } else { deployment_target(&account.read, &id, None).await? };
            wait_of(&deployment, target.as_ref())?
        };
        let Some(wait) = wait else { return Ok(nothing_to_do(&id)) };
        let then = match wait {
            Wait::Ready => "production traffic shifts to green now",
            Wait::Termination => "the blue task set is terminated now; a fast rollback is no longer possible",
        };
        let done = format!("deployment {} resumed: {then}", shown(&id));
        let request = continue_deployment(&account.deploy, &id, wait);
        match begun.change(format!("ContinueDeployment {}", shown(&id)), done.clone(), request).await? {
            Continued::Yes => Ok(print::Result {
                json: json!({ "deployment": id, "continued": true, "wait": name(wait) }),
                text: format!("{done}\n"),
                ..print::Result::default()
            }),
            // It may have succeeded, failed or been stopped since. Only success is the expected result.
            Continued::AlreadyFinished => match get_deployment(&account.read, &id).await?.status {
                DeploymentStatus::Succeeded => Ok(nothing_to_do(&id)),
                status => Err(ended(&id, &status)),
            },
        }
    }
}

/// The word of a wait.
fn name(wait: Wait) -> Option<&'static str> {
    WAITS.iter().find(|(_, it)| *it == wait).map(|(name, _)| *name)
}

fn nothing_to_do(id: &str) -> print::Result {
    print::Result {
        json: json!({ "deployment": id, "continued": false, "status": "Succeeded" }),
        text: format!("deployment {} has already succeeded; nothing to continue\n", shown(id)),
        ..print::Result::default()
    }
}

faults! {
    /// The faults of deployments that are not waiting.
    pub(super) const FORMS;

    /// It failed or was stopped.
    fn ended(id: &str, status: &DeploymentStatus) [id = shown(id)] =>
        "CON01" Configuration "deployment {id} is {status}: there is nothing to continue",
        "see the cause with `codedeploy-artifact status {id}`";
    /// All deployments of the group have ended.
    fn none_in_progress(newest: &Deployment) [
        id = shown(&newest.id), application = shown(&newest.application), group = shown(&newest.group), status = &newest.status,
    ] => "CON03" Configuration
        "no deployment of {application}/{group} is in progress: the newest, {id}, is {status}",
        "look at it with `codedeploy-artifact status {id}`, or give the ID of another deployment";
    /// It is in progress, at a lifecycle event.
    fn not_yet(id: &str, status: &DeploymentStatus, event: Option<&str>) [
        id = shown(id),
        at = event.map(|event| format!(" at {}", shown(event))).unwrap_or_default(),
    ] => "CON02" Configuration "deployment {id} is {status}{at}: it is not waiting to be continued",
        "wait until it is ready: `codedeploy-artifact wait {id} --until ready`";
}

/// The wait that a deployment is in; `None` if it has succeeded.
fn wait_of(deployment: &Deployment, target: Option<&Target>) -> Result<Option<Wait>, Fault> {
    let id = &deployment.id;
    match &deployment.status {
        DeploymentStatus::Succeeded => Ok(None),
        DeploymentStatus::Failed | DeploymentStatus::Stopped => Err(ended(id, &deployment.status)),
        DeploymentStatus::Ready => Ok(Some(Wait::Ready)),
        _ if Until::TrafficShifted.is_reached(deployment, target) => Ok(Some(Wait::Termination)),
        _ if target.is_some_and(|target| target.status == TargetStatus::Ready) => Ok(Some(Wait::Ready)),
        status => {
            let mut events = target.into_iter().flat_map(|target| &target.lifecycle_events);
            let running = events.find(|event| event.status == LifecycleStatus::InProgress);
            Err(not_yet(id, status, running.map(|event| event.name.as_str())))
        }
    }
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::{Label, LifecycleEvent, TaskSet, TaskSetStatus, Weight};
    use expect_test::{Expect, expect};

    use super::*;

    fn target(status: TargetStatus, event: &str, green: Weight) -> Target {
        let events = [(event, LifecycleStatus::InProgress)].into_iter().filter(|(name, _)| !name.is_empty());
        Target {
            id: "shop:web".to_owned(),
            status,
            lifecycle_events: events
                .map(|(name, status)| LifecycleEvent {
                    name: name.to_owned(),
                    status,
                    start_ms: None,
                    end_ms: None,
                    diagnostics: None,
                })
                .collect(),
            task_sets: vec![TaskSet {
                id: "ecs-svc/1".to_owned(),
                label: Label::Green,
                status: TaskSetStatus::Active,
                desired: 1,
                pending: 0,
                running: 1,
                traffic_weight: green,
                target_group: None,
            }],
        }
    }

    fn check(status: DeploymentStatus, target: Option<&Target>, expect: &Expect) {
        let shown = match wait_of(&Deployment::new("d-1", status), target) {
            Ok(wait) => format!("{wait:?}"),
            Err(fault) => fault.report(),
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn the_wait_is_guessed_from_the_state() {
        let launching = target(TargetStatus::InProgress, "Install", Weight::NONE);
        let ready = target(TargetStatus::Ready, "", Weight::NONE);
        let shifted = target(TargetStatus::InProgress, "", Weight::ALL);
        check(DeploymentStatus::Ready, None, &expect!["Some(Ready)"]);
        check(DeploymentStatus::InProgress, Some(&ready), &expect!["Some(Ready)"]);
        check(DeploymentStatus::InProgress, Some(&shifted), &expect!["Some(Termination)"]);
        check(DeploymentStatus::Succeeded, None, &expect!["None"]);
        check(
            DeploymentStatus::Failed,
            None,
            &expect![[r#"
                CON01: deployment d-1 is Failed: there is nothing to continue
                hint: see the cause with `codedeploy-artifact status d-1`"#]],
        );
        check(
            DeploymentStatus::InProgress,
            Some(&launching),
            &expect![[r#"
                CON02: deployment d-1 is InProgress at Install: it is not waiting to be continued
                hint: wait until it is ready: `codedeploy-artifact wait d-1 --until ready`"#]],
        );
        check(
            DeploymentStatus::Created,
            None,
            &expect![[r#"
                CON02: deployment d-1 is Created: it is not waiting to be continued
                hint: wait until it is ready: `codedeploy-artifact wait d-1 --until ready`"#]],
        );
    }
}
