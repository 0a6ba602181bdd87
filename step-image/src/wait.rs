//! `wait`: follows a deployment to its true end, the rollback included.

mod report_file;

use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use codedeploy_aws::codedeploy::{get_deployment_config, get_deployment_group};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::AwsError;
use codedeploy_core::artifact::appspec::Hook;
use codedeploy_core::deployment::schedule::{Budget, predefined};
use codedeploy_core::deployment::{
    AFTER_STOP, AutoRollback, BlueGreen, Deployment, OnTimeout, TrafficRouting, Until, Watch,
};
use codedeploy_core::fault::{Fault, shown};
use serde_json::json;

use crate::abort::{self, Begun, OnAbort, Stage};
use crate::account::{self, Account, Use};
use crate::clock::Clock;
use crate::follow::StopAsked;
use crate::progress::Talk;
use crate::{cli, evidence, follow, print, timeout};

pub(crate) use report_file::ReportFile;

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("wait")
        .about("Follows a deployment to its true end; the rollback that follows a failure included")
        .arg(Arg::new("id").value_name("ID").required(true).help("The deployment, d-…"))
        .args(flags(OnAbort::Leave))
        .args(account::flags(USES))
}

/// The flags of a wait, which `deploy` has as well.
pub(crate) fn flags(on_abort: OnAbort) -> [Arg; 5] {
    [
        Arg::new("until")
            .long("until")
            .value_name("POINT")
            .value_parser(|text: &str| text.parse::<Until>())
            .default_value("succeeded")
            .help("Point that ends the wait: ready, traffic-shifted or succeeded"),
        Arg::new("timeout")
            .long("timeout")
            .value_name("LENGTH")
            .value_parser(timeout::parse)
            .help("Longest wait, such as 90s, 45m or 2h [default: computed from group, config and hooks]"),
        Arg::new("on-timeout")
            .long("on-timeout")
            .value_name("POLICY")
            .value_parser(PossibleValuesParser::new(ON_TIMEOUT.map(|(name, _)| name)))
            .hide_possible_values(true)
            .default_value("leave")
            .help(
                "When the wait times out: leave the deployment in progress, stop it, or stop-and-rollback. A rollback, and \
                 a deployment whose traffic is all on the new version, is never stopped. After a stop, keep waiting \
                 for up to 15 minutes and exit by the final state",
            ),
        abort::flag(on_abort),
        ReportFile::flag(),
    ]
}

const ON_TIMEOUT: [(&str, OnTimeout); 3] =
    [("leave", OnTimeout::Leave), ("stop", OnTimeout::Stop), ("stop-and-rollback", OnTimeout::StopAndRollback)];

/// Waits.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    begun.on_abort(abort::policy(flags));
    let id = flags.get_one::<String>("id").cloned().unwrap_or_default();
    begun.set(Stage::Named(id.clone()));
    let report = ReportFile::of(flags)?;
    let talk = Talk::new(cli::output(flags), Clock::start());
    let account = account::open(flags, USES).await?;
    begun.set(Stage::Made { id: id.clone(), stop: account.stop.clone() });
    let deployment = follow::first_look(&account.read, &id, talk).await?;
    let plan = Box::pin(Plan::of(&account.read, &deployment, flags)).await?;
    account.warn_of_expiry(plan.longest()).await;
    let followed = Box::pin(plan.follow(&id, &account, talk, begun)).await?;
    Ok(follow::finish(&followed, &report))
}

const USES: &[Use] = &[Use::Read, Use::Stop];

/// All that a wait needs to know beforehand.
#[derive(Debug)]
pub(crate) struct Plan {
    watch: Watch,
    hooks: Vec<(Hook, String)>,
    stopped: Option<StopAsked>,
}

impl Plan {
    /// For a deployment that somebody made. What cannot be read makes the plan less exact, and is said.
    async fn of(read: &Aws, deployment: &Deployment, flags: &ArgMatches) -> Result<Plan, Fault> {
        let config = deployment.config_name.as_deref().unwrap_or_default();
        let group = get_deployment_group(read, &deployment.application, &deployment.group);
        let (routing, group, hooks) =
            tokio::join!(routing(read, config, flags), group, evidence::hooks(read, deployment));
        let group = noted(group, "the deployment group");
        let hooks = noted(hooks, "the AppSpec of the deployment, which may have hooks,");
        let of_deployment = deployment.blue_green;
        let waits = match &group {
            Some(group) if of_deployment == BlueGreen::default() => group.blue_green,
            _ => of_deployment,
        };
        let auto_rollback = group.and_then(|group| group.auto_rollback);
        Ok(Plan::new(&waits, routing?, hooks, auto_rollback, flags))
    }

    /// From what is known of the deployment, which may not be there yet; `hooks` is `None` where its AppSpec cannot be
    /// read.
    pub(crate) fn new(
        waits: &BlueGreen,
        routing: TrafficRouting,
        hooks: Option<Vec<(Hook, String)>>,
        auto_rollback: Option<AutoRollback>,
        flags: &ArgMatches,
    ) -> Plan {
        let until = flags.get_one("until").copied().unwrap_or_default();
        let events: Option<Vec<Hook>> = hooks.as_ref().map(|hooks| hooks.iter().map(|(hook, _)| *hook).collect());
        let given = flags.get_one::<String>("on-timeout");
        let on_timeout = ON_TIMEOUT.into_iter().find(|(name, _)| given.is_some_and(|given| given == name));
        let on_timeout = on_timeout.map(|(_, policy)| policy).unwrap_or_default();
        let mut budget = Budget::new(waits, routing, events.as_deref(), until);
        if let Some(timeout) = flags.get_one::<Duration>("timeout") {
            budget = budget.limited_to(*timeout);
        }
        Plan {
            watch: Watch { deployment: String::new(), until, budget, routing, auto_rollback, on_timeout },
            hooks: hooks.unwrap_or_default(),
            stopped: None,
        }
    }

    /// The caller has stopped the deployment. A rollback that was asked for is looked for, whatever the deployment is set
    /// up for.
    #[must_use]
    pub(crate) fn after_stop(self, rollback: bool) -> Plan {
        Plan { stopped: Some(StopAsked { rollback }), ..self }
    }

    /// How long it may take.
    pub(crate) fn longest(&self) -> Duration {
        let after = if self.watch.on_timeout == OnTimeout::Leave { Duration::ZERO } else { AFTER_STOP };
        self.watch.budget.total().saturating_add(after)
    }

    /// Says how long it may take, then follows the deployment.
    pub(crate) async fn follow(
        self,
        deployment: &str,
        account: &Account,
        talk: Talk,
        begun: &Begun,
    ) -> Result<codedeploy_core::deployment::Followed, Fault> {
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
        talk.line(&format!("deployment {}: {budget}", shown(deployment)), "budget", members);
        Box::pin(follow::to_the_end(account, watch, self.stopped, &self.hooks, talk, begun)).await
    }
}

/// How a deployment config shifts traffic. Without that knowledge there is no wait budget, unless the user sets one.
pub(crate) async fn routing(read: &Aws, config: &str, flags: &ArgMatches) -> Result<TrafficRouting, AwsError> {
    if config.is_empty() {
        print::talk("note: no deployment config is named; the traffic is assumed to shift all at once");
        return Ok(TrafficRouting::AllAtOnce);
    }
    if let Some(routing) = predefined(config) {
        return Ok(routing);
    }
    match get_deployment_config(read, config).await {
        Err(error) if flags.contains_id("timeout") => {
            print::talk(&format!("note: the deployment config cannot be read: {error}"));
            Ok(TrafficRouting::AllAtOnce)
        }
        other => other,
    }
}

fn noted<T, E: Into<Fault>>(answer: Result<T, E>, what: &str) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(error) => {
            print::talk(&format!("note: {what} cannot be read: {}", error.into()));
            None
        }
    }
}
