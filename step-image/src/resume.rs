//! `continue`: ends a wait of a deployment before its time. The file is not `continue.rs`, which is a word of Rust.

use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, Command, ValueEnum};
use codedeploy_aws::codedeploy::{Continued, Wait, continue_deployment, deployment_target, get_deployment};
use codedeploy_core::deployment::{Deployment, DeploymentStatus, LifecycleStatus, Target, TargetStatus, Until};
use codedeploy_core::fault::{Explain, Fault, Kind, shown};
use serde_json::json;

use crate::abort::{Begun, Stage};
use crate::account::{self, Use};
use crate::print;

/// `--wait-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WaitType {
    /// The wait before production traffic is shifted.
    Ready,
    /// The wait before the blue task set ends.
    Termination,
}

impl WaitType {
    fn name(self) -> &'static str {
        match self {
            WaitType::Ready => "ready",
            WaitType::Termination => "termination",
        }
    }

    fn done(self) -> &'static str {
        match self {
            WaitType::Ready => "resumed: production traffic shifts to green now",
            WaitType::Termination => {
                "resumed: the blue task set is terminated now; a fast rollback is no longer possible"
            }
        }
    }
}

impl From<WaitType> for Wait {
    fn from(wait: WaitType) -> Wait {
        match wait {
            WaitType::Ready => Wait::Ready,
            WaitType::Termination => Wait::Termination,
        }
    }
}

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("continue")
        .about("Ends a wait of a deployment before its time: the one before traffic is shifted, or before blue ends")
        .arg(Arg::new("id").value_name("ID").required(true).help("The deployment, d-…"))
        .arg(
            Arg::new("wait-type")
                .long("wait-type")
                .value_name("WAIT")
                .value_parser(EnumValueParser::<WaitType>::new())
                .help("Which wait to end [default: the one that it is in]"),
        )
        .args(account::flags(USES))
        .after_help(
            "A deployment that has succeeded has nothing left to wait for: that is said, and the exit code is 0.\n\
             One that failed, was stopped or does not wait yet is an error: nothing was continued.",
        )
}

/// Looks which wait it is in, unless it was told, and ends it.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let id = flags.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    begun.set(Stage::Named(id.to_owned()));
    let account = account::open(flags, USES).await?;
    let wait = if let Some(wait) = flags.get_one::<WaitType>("wait-type") {
        Some(*wait)
    } else {
        let deployment = get_deployment(&account.read, id).await?;
        let target =
            if deployment.status.is_final() { None } else { deployment_target(&account.read, id, None).await? };
        wait_of(&deployment, target.as_ref())?
    };
    let Some(wait) = wait else { return Ok(nothing_to_do(id)) };
    let call = format!("ContinueDeployment {}", shown(id));
    let done = format!("deployment {} {}", shown(id), wait.done());
    let request = continue_deployment(&account.deploy, id, wait.into());
    match begun.change(call, done, request).await? {
        Continued::Yes => Ok(print::Result {
            json: json!({ "deployment": id, "continued": true, "wait": wait.name() }),
            text: format!("deployment {} {}\n", shown(id), wait.done()),
            ..print::Result::default()
        }),
        // It can have succeeded, failed or been stopped since: only the first of these is what was wanted.
        Continued::AlreadyFinished => {
            let deployment = get_deployment(&account.read, id).await?;
            match deployment.status {
                DeploymentStatus::Succeeded => Ok(nothing_to_do(id)),
                status => Err(ResumeError::Ended { id: id.to_owned(), status }.into()),
            }
        }
    }
}

const USES: &[Use] = &[Use::Read, Use::Deploy];

fn nothing_to_do(id: &str) -> print::Result {
    print::Result {
        json: json!({ "deployment": id, "continued": false, "status": "Succeeded" }),
        text: format!("deployment {} has already succeeded; nothing to continue\n", shown(id)),
        ..print::Result::default()
    }
}

/// The wait that a deployment is in; `None` where it has succeeded.
fn wait_of(deployment: &Deployment, target: Option<&Target>) -> Result<Option<WaitType>, ResumeError> {
    let id = deployment.id.clone();
    match &deployment.status {
        DeploymentStatus::Succeeded => Ok(None),
        DeploymentStatus::Failed | DeploymentStatus::Stopped => {
            Err(ResumeError::Ended { id, status: deployment.status.clone() })
        }
        DeploymentStatus::Ready => Ok(Some(WaitType::Ready)),
        _ if Until::TrafficShifted.is_reached(deployment, target) => Ok(Some(WaitType::Termination)),
        _ if target.is_some_and(|target| target.status == TargetStatus::Ready) => Ok(Some(WaitType::Ready)),
        status => {
            let running = |target: &Target| {
                let event = target.lifecycle_events.iter().find(|event| event.status == LifecycleStatus::InProgress);
                event.map(|event| event.name.clone())
            };
            Err(ResumeError::NotYet { id, status: status.clone(), event: target.and_then(running) })
        }
    }
}

/// A deployment that waits for nothing.
#[derive(Debug, thiserror::Error)]
enum ResumeError {
    /// It has ended, and not well.
    #[error("deployment {} is {status}: there is nothing to continue", shown(id))]
    Ended {
        /// The deployment.
        id: String,
        /// `Failed` or `Stopped`.
        status: DeploymentStatus,
    },
    /// It is on its way.
    #[error("deployment {} is {status}{}: it does not wait to be continued", shown(id), at(event.as_deref()))]
    NotYet {
        /// The deployment.
        id: String,
        /// Where it stands.
        status: DeploymentStatus,
        /// The lifecycle event under way.
        event: Option<String>,
    },
}

fn at(event: Option<&str>) -> String {
    event.map(|event| format!(" at {}", shown(event))).unwrap_or_default()
}

impl Explain for ResumeError {
    fn code(&self) -> &'static str {
        match self {
            ResumeError::Ended { .. } => "CON01",
            ResumeError::NotYet { .. } => "CON02",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        match self {
            ResumeError::Ended { id, .. } => format!("look why with `codedeploy-artifact status {}`", shown(id)),
            ResumeError::NotYet { id, .. } => {
                format!("wait for the point first: `codedeploy-artifact wait {} --until ready`", shown(id))
            }
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
            Err(error) => Fault::from(error).report(),
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
            hint: look why with `codedeploy-artifact status d-1`"#]],
        );
        check(
            DeploymentStatus::InProgress,
            Some(&launching),
            &expect![[r#"
            CON02: deployment d-1 is InProgress at Install: it does not wait to be continued
            hint: wait for the point first: `codedeploy-artifact wait d-1 --until ready`"#]],
        );
        check(
            DeploymentStatus::Created,
            None,
            &expect![[r#"
            CON02: deployment d-1 is Created: it does not wait to be continued
            hint: wait for the point first: `codedeploy-artifact wait d-1 --until ready`"#]],
        );
    }
}
