//! `stop`: ends a deployment, with or without a rollback.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, ArgMatches, Command};
use codedeploy_aws::codedeploy::{Stopped, get_deployment, stop_deployment};
use codedeploy_aws::config::Aws;
use codedeploy_core::deployment::{
    Deployment, DeploymentStatus, EXIT_NOT_ROLLED_BACK, RollbackEvent, TrafficRouting, Verdict,
};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::{LINE, safe};
use serde_json::json;

use crate::abort::{Begun, OnAbort, Stage};
use crate::account::{self, Account, Use};
use crate::clock::Clock;
use crate::progress::Talk;
use crate::wait::{self, ReportFile};
use crate::{cli, exit, follow, print};

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("stop")
        .about("Stops a deployment, with a rollback or as its automatic rollback is set up")
        .arg(Arg::new("id").value_name("ID").required(true).help("The deployment, d-…"))
        .arg(
            Arg::new("rollback")
                .long("rollback")
                .action(ArgAction::SetTrue)
                .help("Have CodeDeploy deploy the last good revision again [default: as the deployment is set up]"),
        )
        .arg(
            Arg::new("wait")
                .long("wait")
                .action(ArgAction::SetTrue)
                .help("Follow the deployment, and its rollback, to the end"),
        )
        // Nothing but the end can be reached any more.
        .args(wait::flags(OnAbort::Leave).map(|flag| flag.hide(true)))
        .mut_arg("timeout", |flag| flag.hide(false).requires("wait"))
        .mut_arg("report", |flag| flag.hide(false).requires("wait"))
        .args(account::flags(USES))
        .after_help(
            "The stop is sent before anything is read. A deployment that has already ended is left as it is: that is \
             said, and the exit code is 0.\nWith --wait the exit code is 0 where the deployment ended as asked, and that of `wait` \
             otherwise: 10, 11 or 13.",
        )
}

/// Stops first: whatever cannot be read must not hold a stop up.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let id = flags.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    let rollback = flags.get_flag("rollback");
    begun.set(Stage::Named(id.to_owned()));
    let account = account::open(flags, USES).await?;
    let (call, done) = asked(id, rollback);
    let request = stop_deployment(&account.stop, id, rollback.then_some(true));
    let stopped = begun.change(call, done, request).await?;
    let seen = look(&account.read, id).await;
    let result = report(id, rollback, &stopped, seen.as_ref());
    if !flags.get_flag("wait") || stopped == Stopped::AlreadyFinished {
        return Ok(result);
    }
    print::talk(result.text.trim_end());
    // What is being stopped needs no second stop: an abort leaves it as it is.
    Box::pin(follow_to_the_end(flags, &account, id, rollback, begun)).await
}

/// `StopDeployment` of that deployment, and what is true once it is answered.
pub(crate) fn asked(id: &str, rollback: bool) -> (String, String) {
    let id = shown(id);
    let then = if rollback { " and rolled back" } else { "" };
    (format!("StopDeployment {id}"), format!("deployment {id} is being stopped{then}"))
}

async fn follow_to_the_end(
    flags: &ArgMatches,
    account: &Account,
    id: &str,
    rollback: bool,
    begun: &Begun,
) -> Result<print::Result, Fault> {
    let report = ReportFile::of(flags)?;
    let talk = Talk::new(cli::output(flags), Clock::start());
    let deployment = follow::first_look(&account.read, id, talk).await?;
    let config = deployment.config_name.clone().unwrap_or_default();
    let routing = wait::routing(&account.read, &config, flags).await.unwrap_or_else(|error| {
        // The stop is sent: it only makes the wait budget less exact.
        print::talk(&format!("note: the deployment config cannot be read, so the wait may be too short: {error}"));
        TrafficRouting::AllAtOnce
    });
    let plan = wait::Plan::new(&deployment.blue_green, routing, None, None, flags).after_stop(rollback);
    account.warn_of_expiry(plan.longest()).await;
    let followed = plan.follow(id, account, talk, begun).await?;
    let mut result = follow::finish(&followed, &report);
    if followed.verdict == Some(Verdict::Succeeded) {
        print::talk(&format!("deployment {} succeeded before the stop took effect: its revision serves", shown(id)));
    }
    result.exit = exit_code(followed.verdict.as_ref(), rollback, result.exit);
    Ok(result)
}

/// The deployment was to be stopped, so that is no failure here.
fn exit_code(verdict: Option<&Verdict>, rollback: bool, of_wait: u8) -> u8 {
    match verdict {
        Some(Verdict::Stopped { rollback: None }) if rollback => EXIT_NOT_ROLLED_BACK,
        Some(Verdict::Stopped { .. } | Verdict::RollbackUndone { on_request: true, .. }) => exit::DONE,
        // What was to be stopped serves, and nothing was put back.
        Some(Verdict::Succeeded) => EXIT_NOT_ROLLED_BACK,
        _ => of_wait,
    }
}

const USES: &[Use] = &[Use::Read, Use::Stop];

/// What the deployment looks like now. The stop is done, so nothing here may fail it.
async fn look(read: &Aws, id: &str) -> Option<Deployment> {
    match get_deployment(read, id).await {
        Ok(deployment) => Some(deployment),
        Err(error) => {
            print::talk(&format!("note: what came of it cannot be read: {}", Fault::from(error)));
            None
        }
    }
}

fn report(id: &str, rollback: bool, stopped: &Stopped, seen: Option<&Deployment>) -> print::Result {
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
            let said = message.as_deref().map(|message| format!(" (CodeDeploy says: {})", safe(message, LINE)));
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
        Some(false) => text.push_str("no rollback follows: whatever serves now stays\n"),
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
    fn a_stop_that_came_about_is_no_failure() {
        let rolled_back = Verdict::Stopped { rollback: Some("d-2".to_owned()) };
        let stopped = Verdict::Stopped { rollback: None };
        for (verdict, rollback, expect) in [
            (Some(&rolled_back), true, 0),
            (Some(&rolled_back), false, 0),
            (Some(&stopped), false, 0),
            (Some(&stopped), true, 11),
            (Some(&Verdict::Succeeded), false, 11),
            (Some(&Verdict::Succeeded), true, 11),
            (None, true, 13),
        ] {
            assert_eq!(exit_code(verdict, rollback, 13), expect, "{verdict:?} {rollback}");
        }
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
            deployment d-1 is stopping (CodeDeploy says: No running tasks.)
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
            deployment d-1 is stopping (CodeDeploy says: No running tasks.)
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
            no rollback follows: whatever serves now stays
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
