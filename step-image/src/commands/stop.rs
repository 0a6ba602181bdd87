//! `stop`: ends a deployment, with or without a rollback.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

mod report;

use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, ValueHint};
use codedeploy_aws::codedeploy::{Stopped, get_deployment};
use codedeploy_aws::config::Aws;
use codedeploy_core::deployment::{Deployment, EXIT_NOT_ROLLED_BACK, TrafficRouting, Verdict};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use crate::steps::account::{self, Account, Stopper};
use crate::steps::begun::Begun;
use crate::steps::chosen::{DeploymentFlags, InProgress};
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
    after_help = "Without ID, the newest deployment of the group that is in progress is stopped, unless it is a \
    rollback. With ID, the stop is sent \
    before anything is read.\nA deployment that has already finished is left as it is, and the exit code is 0.\nWith --wait the exit code is 0 if the deployment ended as requested, and otherwise that of `wait`: 10, \
    11 or 13."
)]
pub(crate) struct Stop {
    /// Roll back to the last successful revision [default: the automatic rollback of the deployment decides]
    #[arg(long)]
    rollback: bool,
    #[command(flatten)]
    deployment: DeploymentFlags,
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
    /// Write a report of the deployment: a page to FILE.html, Markdown to FILE.md, JUnit to FILE.xml (repeatable)
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
    /// With an ID, the stop is sent first: failed reads must not delay it.
    pub(crate) async fn run(self, output: Output, begun: &Begun) -> Result<print::Result, Fault> {
        let Stop { deployment, rollback, wait, timeout, report, account } = self;
        let named = deployment.named(begun)?;
        let account = account::open_for(account.access()?, named.service()).await?;
        let id = match named.in_progress(&account.read, begun, refuse_rollback).await? {
            InProgress::Id(id) => id,
            InProgress::None { newest } => return Ok(report::nothing_in_progress(&newest)),
        };
        let stopped = stop(&account.stop, &id, rollback.then_some(true), begun).await?;
        let seen = look(&account.read, &id).await;
        let result = report::report(&id, rollback, &stopped, seen.as_ref());
        if !wait || stopped == Stopped::AlreadyFinished {
            return Ok(result);
        }
        print::message(result.text.trim_end());
        let waiting = Waiting { timeout, report, ..Waiting::default() };
        let reporter = Reporter::new(output, Clock::start());
        // The deployment is already being stopped, so an abort does not stop it again.
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
    let mut result = finish(&followed, &waiting.report, &account.read, reporter);
    if followed.verdict == Some(Verdict::Succeeded) {
        let serves = format!("deployment {} succeeded before the stop took effect: its revision serves", shown(id));
        print::message(&serves);
    }
    result.exit = exit_code(followed.verdict.as_ref(), rollback, result.exit);
    Ok(result)
}

/// The deployment was stopped as requested, which is not a failure here.
fn exit_code(verdict: Option<&Verdict>, rollback: bool, of_wait: u8) -> u8 {
    match verdict {
        Some(Verdict::Stopped { rollback: None }) if rollback => EXIT_NOT_ROLLED_BACK,
        Some(Verdict::Stopped { .. } | Verdict::RollbackUndone { on_request: true, .. }) => exit::DONE,
        // The deployment that should be stopped serves, and nothing was restored.
        Some(Verdict::Succeeded) => EXIT_NOT_ROLLED_BACK,
        _ => of_wait,
    }
}

/// The deployment after the stop. An error here must not fail the stop, which is done.
async fn look(read: &Aws, id: &str) -> Option<Deployment> {
    match get_deployment(read, id).await {
        Ok(deployment) => Some(deployment),
        Err(error) => {
            print::message(&format!("note: the state of the deployment cannot be read: {}", Fault::from(error)));
            None
        }
    }
}

faults! {
    /// The faults of stopping the newest deployment of a group.
    pub(super) const FORMS;

    /// It is the rollback of a deployment that was stopped or failed. To stop it, its ID must be given.
    fn rolls_back(id: &str, application: &str, group: &str) [
        id = shown(id), application = shown(application), group = shown(group),
    ] => "STP01" Configuration "deployment {id}, which is in progress in {application}/{group}, is a rollback; nothing was stopped",
        "wait for it with `codedeploy-artifact wait {id}`, or stop it by its ID with `codedeploy-artifact stop {id}`";
}

/// A group does not select a rollback: a stop that is sent twice would stop the rollback of the first.
fn refuse_rollback(found: &Deployment) -> Result<(), Fault> {
    if found.is_rollback() { Err(rolls_back(&found.id, &found.application, &found.group)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
