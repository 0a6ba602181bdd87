//! `rotate`: new tasks for a service that ECS itself deploys, and a wait for them that tells a rollback from a success.

mod refusal;
mod report;
mod settle;
mod watch;

use std::time::Duration;

use clap::{Arg, ArgMatches, Command};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{force_new_deployment, service_state, stopped_tasks};
use codedeploy_core::artifact::service::Controller;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::ServiceName;

use crate::abort::Begun;
use crate::account::{self, Use};
use crate::clock::Clock;
use crate::{print, timeout};

use refusal::{check, parse};
use report::Rotated;
use settle::{Outcome, Settle};

/// For a rolling update: new tasks start and get healthy, old ones drain, batch by batch.
const ROLLING: Duration = Duration::from_mins(30);

/// For blue/green, linear or canary by ECS itself: traffic shifts in steps, and the old tasks stay for a bake time.
const SHIFTING: Duration = Duration::from_hours(2);

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("rotate")
        .about("Replaces the tasks of a service that ECS itself deploys, and waits until the new ones serve")
        .arg(Arg::new("service").value_name("CLUSTER/SERVICE").required(true).help("The service, or its ARN"))
        .arg(
            Arg::new("timeout")
                .long("timeout")
                .value_name("TIME")
                .value_parser(timeout::parse)
                .help("How long to wait, such as 45m [default: 30m; 2h where ECS shifts traffic in steps]"),
        )
        .args(account::flags(USES))
        .after_help(
            "Refused, before anything is changed, for a service with deployment controller CODE_DEPLOY or EXTERNAL.\n\
             Exit codes: 0 all tasks are new, 10 failed and rolled back by ECS, 11 failed and not rolled back, \
             13 wait timed out (the rotation is still in progress)",
        )
}

/// Looks before it changes anything.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let named = parse(flags.get_one::<String>("service").map(String::as_str).unwrap_or_default())?;
    let budget = flags.get_one::<Duration>("timeout").copied();
    let account = account::open_for(flags, USES, Some(&named)).await?;
    let before = service_state(&account.read, &named.cluster, &named.service).await?;
    check(&named, before.controller)?;
    let budget = budget.unwrap_or(match before.controller {
        Controller::EcsBlueGreen => SHIFTING,
        _ => ROLLING,
    });
    account.warn_of_expiry(budget).await;
    let clock = Clock::start();
    let started_ms = clock.now_ms();
    let mut settle = Settle::new(&before);
    let request = force_new_deployment(&account.deploy, &named.cluster, &named.service);
    let call = format!("UpdateService of {}", named.full());
    let done = format!("the rotation of {} was started, and ECS continues it", named.full());
    let after = begun.change(call, done, request).await?;
    if before.controller == Controller::EcsBlueGreen {
        print::talk(
            "note: ECS itself deploys this service blue/green: it shifts the traffic and runs the hooks itself",
        );
    }
    print::talk(&format!("waits up to {} for the new tasks of {}", span(budget), named.full()));
    let outcome = watch::watch(&account.read, &named, &mut settle, &after, budget, clock).await?;
    let tasks = if outcome == Outcome::Done { Vec::new() } else { tasks(&account.read, &named, &settle).await };
    let rotated = Rotated {
        service: named.full(),
        rollout: settle.rollout,
        outcome,
        took: Duration::from_millis(clock.now_ms().saturating_sub(started_ms)),
        problems: settle.problems,
        tasks,
    };
    let exit = rotated.outcome.exit_code();
    Ok(print::Result { json: rotated.to_json(), text: rotated.text(), exit, ..print::Result::default() })
}

const USES: &[Use] = &[Use::Read, Use::Deploy];

/// Tasks of the new rollout that stopped. They explain a failure and must not hide it, so an error here is only said.
async fn tasks(read: &Aws, named: &ServiceName, settle: &Settle) -> Vec<codedeploy_core::deployment::StoppedTask> {
    match stopped_tasks(read, &named.cluster, &named.service, settle.rollout.as_deref()).await {
        Ok(tasks) => tasks,
        Err(error) => {
            print::talk(&format!("note: the stopped tasks cannot be read: {}", Fault::from(error)));
            Vec::new()
        }
    }
}
