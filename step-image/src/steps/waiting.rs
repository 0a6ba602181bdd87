//! The flags of a wait, and its plan.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, ValueHint};
use codedeploy_aws::codedeploy::{get_deployment, get_deployment_config, get_deployment_group};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::AwsError;
use codedeploy_core::artifact::appspec::Hook;
use codedeploy_core::deployment::schedule::{Budget, predefined};
use codedeploy_core::deployment::{
    AFTER_STOP, AutoRollback, BlueGreen, Deployment, Followed, OnTimeout, TrafficRouting, Until, Watch,
};
use codedeploy_core::fault::{Fault, shown};
use serde_json::json;

use super::account::Account;
use super::begun::Begun;
use super::evidence::{self, LogLines};
use super::follow::{self, StopAsked, Told};
use super::notify::Notify;
use super::poll::patiently;
use super::report_file::ReportFile;
use super::versions;
use crate::terminal::progress::Reporter;
use crate::terminal::values::Refused;
use crate::terminal::{duration, print, values};

/// The flags of a wait.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct Waiting {
    /// Point to wait for: ready, traffic-shifted or succeeded
    #[arg(long, value_name = "POINT", default_value = "succeeded", value_parser = |text: &str| text.parse::<Until>())]
    pub(crate) until: Until,
    /// Longest wait, such as 90s, 45m or 2h [default: computed from deployment group, config and hooks]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub(crate) timeout: Option<Duration>,
    /// Action on timeout: leave the deployment in progress, stop it, or stop-and-rollback. A rollback, and a deployment whose
    /// traffic is all on the new version, is never stopped. After a stop, keep waiting for up to 15 minutes and exit by the
    /// final state
    #[arg(
        long,
        value_name = "POLICY",
        default_value = "leave",
        value_parser = values::one_of(ON_TIMEOUT),
        hide_possible_values = true
    )]
    pub(crate) on_timeout: OnTimeout,
    #[command(flatten)]
    pub(crate) logs: LogLines,
    #[command(flatten)]
    pub(crate) notify: Notify,
    /// Write a report of the deployment: a page to FILE.html, Markdown to FILE.md, JUnit to FILE.xml (repeatable)
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        value_parser = PathBufValueParser::new().try_map(|path| ReportFile::of(path).map_err(Refused::from))
    )]
    pub(crate) report: Vec<ReportFile>,
}

const ON_TIMEOUT: &[(&str, OnTimeout)] =
    &[("leave", OnTimeout::Leave), ("stop", OnTimeout::Stop), ("stop-and-rollback", OnTimeout::StopAndRollback)];

/// Everything that a wait needs to know beforehand.
#[derive(Debug)]
pub(crate) struct Plan {
    watch: Watch,
    stopped: Option<StopAsked>,
    told: Told,
    /// Whether to compare the version that is deployed with the one that is replaced.
    compares: bool,
}

impl Plan {
    /// The plan for a deployment that this run did not create. Values that cannot be read make the plan less exact, and
    /// are printed.
    pub(crate) async fn of(read: &Aws, deployment: &Deployment, waiting: &Waiting) -> Result<Plan, Fault> {
        let config = deployment.config_name.as_deref().unwrap_or_default();
        let group = get_deployment_group(read, &deployment.application, &deployment.group);
        let (routing, group, hooks) =
            tokio::join!(routing(read, config, waiting), group, evidence::hooks(read, deployment));
        let group = noted(group, "the deployment group");
        let hooks = noted(hooks, "the AppSpec of the deployment, which may have hooks,");
        let of_deployment = deployment.blue_green;
        let waits = match &group {
            Some(group) if of_deployment == BlueGreen::default() => group.blue_green,
            _ => of_deployment,
        };
        let auto_rollback = group.and_then(|group| group.auto_rollback);
        Ok(Plan::new(&waits, routing?, hooks, auto_rollback, waiting))
    }

    /// The plan from the known settings of the deployment, which may not exist yet. `hooks` is `None` if its AppSpec
    /// cannot be read.
    pub(crate) fn new(
        waits: &BlueGreen,
        routing: TrafficRouting,
        hooks: Option<Vec<(Hook, String)>>,
        auto_rollback: Option<AutoRollback>,
        waiting: &Waiting,
    ) -> Plan {
        let Waiting { until, timeout, on_timeout, .. } = *waiting;
        let events: Option<Vec<Hook>> = hooks.as_ref().map(|hooks| hooks.iter().map(|(hook, _)| *hook).collect());
        let mut budget = Budget::new(waits, routing, events.as_deref(), until);
        if let Some(timeout) = timeout {
            budget = budget.limited_to(timeout);
        }
        Plan {
            watch: Watch { deployment: String::new(), until, budget, routing, auto_rollback, on_timeout },
            stopped: None,
            told: Told { hooks: hooks.unwrap_or_default(), logs: waiting.logs, notify: waiting.notify.clone() },
            compares: waiting.report.iter().any(ReportFile::is_page),
        }
    }

    /// The plan after the caller has stopped the deployment. A requested rollback is expected, whatever the automatic
    /// rollback of the deployment is.
    #[must_use]
    pub(crate) fn after_stop(self, rollback: bool) -> Plan {
        Plan { stopped: Some(StopAsked { rollback }), ..self }
    }

    /// The longest time that it may take.
    pub(crate) fn longest(&self) -> Duration {
        let after = if self.watch.on_timeout == OnTimeout::Leave { Duration::ZERO } else { AFTER_STOP };
        self.watch.budget.total().saturating_add(after)
    }

    /// Reports how long the wait may take, then follows the deployment.
    pub(crate) async fn follow(
        self,
        deployment: &str,
        account: &Account,
        reporter: Reporter,
        begun: &Begun,
    ) -> Result<Followed, Fault> {
        let watch = Watch { deployment: deployment.to_owned(), ..self.watch };
        let Watch { budget, until, .. } = &watch;
        let members = json!({
            "deployment": deployment,
            "until": until.name(),
            "seconds": budget.total().as_secs(),
            "parts": budget.parts().iter()
                .map(|part| json!({ "name": part.name.to_string(), "seconds": part.duration.as_secs() }))
                .collect::<Vec<_>>(),
        });
        reporter.line(&format!("deployment {}: {budget}", shown(deployment)), "budget", members);
        // Beside the wait, as early as possible: at the end, the version that was replaced does not run anymore.
        let compared = async {
            if self.compares { Some(versions::compared(&account.read, deployment, reporter).await) } else { None }
        };
        let wait = follow::to_the_end(account, watch, self.stopped, &self.told, reporter, begun);
        let (followed, changes) = tokio::join!(Box::pin(wait), Box::pin(compared));
        let mut followed = followed?;
        followed.history.changes = changes;
        Ok(followed)
    }
}

/// `GetDeployment` before a wait.
pub(crate) async fn first_look(read: &Aws, id: &str, reporter: Reporter) -> Result<Deployment, AwsError> {
    patiently(reporter.clock(), async || get_deployment(read, id).await).await
}

/// How a deployment config shifts traffic. Without it there is no wait budget, unless the user sets one.
pub(crate) async fn routing(read: &Aws, config: &str, waiting: &Waiting) -> Result<TrafficRouting, AwsError> {
    if config.is_empty() {
        print::message("note: no deployment config is named; the traffic is assumed to shift all at once");
        return Ok(TrafficRouting::AllAtOnce);
    }
    if let Some(routing) = predefined(config) {
        return Ok(routing);
    }
    match get_deployment_config(read, config).await {
        Err(error) if waiting.timeout.is_some() => {
            print::message(&format!("note: the deployment config cannot be read: {error}"));
            Ok(TrafficRouting::AllAtOnce)
        }
        other => other,
    }
}

fn noted<T, E: Into<Fault>>(answer: Result<T, E>, what: &str) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(error) => {
            print::message(&format!("note: {what} cannot be read: {}", error.into()));
            None
        }
    }
}
