//! `stop`: ends a deployment, with or without a rollback.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

use std::fmt::Write as _;

use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, ValueHint};
use codedeploy_aws::codedeploy::{Stopped, get_deployment};
use codedeploy_aws::config::Aws;
use codedeploy_core::deployment::{
    Deployment, DeploymentStatus, EXIT_NOT_ROLLED_BACK, RollbackEvent, TrafficRouting, Verdict,
};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::{LINE, safe};
use serde_json::json;

use crate::steps::account::{self, Account, Stopper};
use crate::steps::begun::{Begun, Stage};
use crate::steps::finish::finish;
use crate::steps::report_file::ReportFile;
use crate::steps::stop::stop;
use crate::steps::waiting::{Plan, Waiting, first_look, routing};
use crate::terminal::clock::Clock;
use crate::terminal::output::Output;
use crate::terminal::progress::Reporter;
use crate::terminal::values::Refused;
use crate::terminal::{duration, exit, print};

/// Stop a deployment, with or without a rollback
#[derive(Debug, Args)]
#[command(
    after_help = "The stop is sent before anything is read. A deployment that has already finished is left as it is, and \
    the exit code is 0.\nWith --wait the exit code is 0 if the deployment ended as requested, and otherwise that of `wait`: 10, \
    11 or 13."
)]
pub(crate) struct Stop {
    /// Deployment ID, such as d-ABCDEF123
    #[arg(value_name = "ID")]
    id: String,
    /// Roll back to the last successful revision [default: the automatic rollback of the deployment decides]
    #[arg(long)]
    rollback: bool,
    /// Wait for the deployment, and its rollback, to finish
    #[arg(long, help_heading = "Waiting")]
    wait: bool,
    /// Longest wait, such as 90s, 45m or 2h [default: computed from deployment and config]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration::parse,
        requires = "wait",
        help_heading = "Waiting"
    )]
    timeout: Option<Duration>,
    /// Write a report of the deployment: Markdown to FILE.md, JUnit to FILE.xml (repeatable)
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        value_parser = PathBufValueParser::new().try_map(|path| ReportFile::of(path).map_err(Refused::from)),
        requires = "wait",
        help_heading = "Waiting"
    )]
    report: Vec<ReportFile>,
    #[command(flatten)]
    account: Stopper,
}

impl Stop {
    /// Stops first: failed reads must not delay a stop.
    pub(crate) async fn run(self, output: Output, begun: &Begun) -> Result<print::Result, Fault> {
        let Stop { id, rollback, wait, timeout, report, account } = self;
        begun.set(Stage::Named(id.clone()));
        let account = account::open(account.access()?).await?;
        let stopped = stop(&account.stop, &id, rollback.then_some(true), begun).await?;
        let seen = look(&account.read, &id).await;
        let result = self::report(&id, rollback, &stopped, seen.as_ref());
        if !wait || stopped == Stopped::AlreadyFinished {
            return Ok(result);
        }
        print::message(result.text.trim_end());
        let waiting = Waiting { timeout, report, ..Waiting::default() };
        let reporter = Reporter::new(output, Clock::start());
        // What is being stopped needs no second stop: an abort leaves it as it is.
        Box::pin(follow_to_the_end(&account, &id, rollback, &waiting, reporter, begun)).await
    }
}

async fn follow_to_the_end(
    account: &Account,
    id: &str,
    rollback: bool,
    waiting: &Waiting,
    reporter: Reporter,
    begun: &Begun,
) -> Result<print::Result, Fault> {
    let deployment = first_look(&account.read, id, reporter).await?;
    let config = deployment.config_name.clone().unwrap_or_default();
    let routing = routing(&account.read, &config, waiting).await.unwrap_or_else(|error| {
        // The stop has been sent; this only makes the wait budget less exact.
        print::message(&format!("note: the deployment config cannot be read, so the wait may be too short: {error}"));
        TrafficRouting::AllAtOnce
    });
    let plan = Plan::new(&deployment.blue_green, routing, None, None, waiting).after_stop(rollback);
    account.warn_of_expiry(plan.longest()).await;
    let followed = plan.follow(id, account, reporter, begun).await?;
    let mut result = finish(&followed, &waiting.report, reporter);
    if followed.verdict == Some(Verdict::Succeeded) {
        let serves = format!("deployment {} succeeded before the stop took effect: its revision serves", shown(id));
        print::message(&serves);
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

/// What the deployment looks like now. The stop is done, so nothing here may fail it.
async fn look(read: &Aws, id: &str) -> Option<Deployment> {
    match get_deployment(read, id).await {
        Ok(deployment) => Some(deployment),
        Err(error) => {
            print::message(&format!("note: the state of the deployment cannot be read: {}", Fault::from(error)));
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
