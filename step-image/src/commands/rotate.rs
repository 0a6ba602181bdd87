//! `rotate`: replaces the tasks of a service that ECS itself deploys, and waits for a success or a rollback.

mod refusal;
mod report;
mod settle;
mod watch;

use std::time::Duration;

use clap::Args;
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{force_new_deployment, service_state, stopped_tasks};
use codedeploy_core::artifact::service::Controller;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::deployment::{Evidence, StoppedTask};
use codedeploy_core::fault::Fault;
use codedeploy_core::names::ServiceName;

use crate::steps::account::{self, Changer};
use crate::steps::begun::Begun;
use crate::steps::service::{ClusterFlag, NAMED};
use crate::terminal::clock::Clock;
use crate::terminal::{duration, print};

pub(super) use refusal::FORMS;
use refusal::{check, parse};
use report::Rotated;
use settle::{Outcome, Settle};

/// For a rolling update: new tasks start and get healthy, old ones drain, batch by batch.
const ROLLING: Duration = Duration::from_mins(30);

/// For blue/green, linear or canary by ECS itself: traffic shifts in steps, and the old tasks stay for a bake time.
const SHIFTING: Duration = Duration::from_hours(2);

/// Replace the tasks of a service that ECS itself deploys, and wait for the new ones
#[derive(Debug, Args)]
#[command(
    after_help = "For services with the ECS deployment controller; returns an error for CODE_DEPLOY and EXTERNAL before \
    anything is changed.\nExit codes: 0 all tasks are new, 10 failed and rolled back by ECS, 11 failed and not rolled back, 13 \
    wait timed out (the rotation is still in progress)"
)]
pub(crate) struct Rotate {
    /// Service, by name or ARN
    #[arg(value_name = "CLUSTER/SERVICE", group = NAMED, required_unless_present = "service")]
    name: Option<String>,
    /// The same as a flag
    #[arg(long, value_name = "CLUSTER/SERVICE", group = NAMED)]
    service: Option<String>,
    #[command(flatten)]
    cluster: ClusterFlag,
    /// Longest wait, such as 45m [default: 30m, or 2h if ECS shifts traffic in steps]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    timeout: Option<Duration>,
    #[command(flatten)]
    account: Changer,
}

impl Rotate {
    /// Reads the service before it changes anything.
    pub(crate) async fn run(self, begun: &Begun) -> Result<print::Result, Fault> {
        let Rotate { name, service, cluster, timeout, account } = self;
        let service = parse(&cluster.with(&name.or(service).unwrap_or_default())?)?;
        let account = account::open_for(account.access()?, Some(&service)).await?;
        let before = service_state(&account.read, &service.cluster, &service.service).await?;
        check(&service, before.controller)?;
        let budget = timeout.unwrap_or(match before.controller {
            Controller::EcsBlueGreen => SHIFTING,
            _ => ROLLING,
        });
        account.warn_of_expiry(budget).await;
        let clock = Clock::start();
        let started_ms = clock.now_ms();
        let mut settle = Settle::new(&before);
        let request = force_new_deployment(&account.deploy, &service.cluster, &service.service);
        let call = format!("UpdateService of {}", service.full());
        let done = format!("the rotation of {} was started, and ECS continues it", service.full());
        let after = begun.change(call, done, request).await?;
        if before.controller == Controller::EcsBlueGreen {
            print::message(
                "note: ECS itself deploys this service blue/green: it shifts the traffic and runs the hooks",
            );
        }
        print::message(&format!("waiting up to {} for the new tasks of {}", span(budget), service.full()));
        let outcome = watch::watch(&account.read, &service, &mut settle, &after, budget, clock).await?;
        let tasks = if outcome == Outcome::Done { Vec::new() } else { tasks(&account.read, &service, &settle).await };
        let rotated = Rotated {
            service: service.full(),
            rollout: settle.rollout,
            outcome,
            took: clock.since(started_ms),
            evidence: Evidence { tasks, events: settle.problems, ..Evidence::default() },
        };
        let exit = rotated.outcome.exit_code();
        Ok(print::Result { json: rotated.to_json(), text: rotated.text(), exit, ..print::Result::default() })
    }
}

/// Stopped tasks of the new rollout. They explain a failure and must not hide it, so an error here is only printed.
async fn tasks(read: &Aws, named: &ServiceName, settle: &Settle) -> Vec<StoppedTask> {
    match stopped_tasks(read, &named.cluster, &named.service, settle.rollout.as_deref()).await {
        Ok(tasks) => tasks,
        Err(error) => {
            print::message(&format!("note: the stopped tasks cannot be read: {}", Fault::from(error)));
            Vec::new()
        }
    }
}
