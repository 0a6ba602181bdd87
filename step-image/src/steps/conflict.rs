//! Another active deployment of the group.

use std::time::Duration;

use clap::ValueEnum;
use codedeploy_aws::codedeploy::get_deployment;
use codedeploy_core::deployment::Deployment;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use serde_json::json;

use super::account::Account;
use super::begun::Begun;
use super::poll::{Heartbeat, missed};
use super::stop::stop;
use crate::terminal::progress::Reporter;

/// What to do about another active deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OnConflict {
    #[default]
    Fail,
    Wait,
    Stop,
}

/// Between two looks at another deployment.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

faults! {
    /// The faults of a busy deployment group.
    pub(crate) const FORMS;

    /// The group was busy for too long.
    fn still_active(group: &str, active: &str) [group = shown(group), active = shown(active)] =>
        "DEP01" Unavailable "deployment group {group} still runs {active}; the wait for it timed out",
        "check it with `codedeploy-artifact status {active}`, or set a longer --timeout";
}

/// Other deployments that were met on the way.
pub(crate) struct Conflict<'a> {
    policy: OnConflict,
    account: &'a Account,
    group: &'a str,
    reporter: Reporter,
    begun: &'a Begun,
    end_ms: u64,
    stopped: Option<String>,
}

impl<'a> Conflict<'a> {
    pub(crate) fn new(
        policy: OnConflict,
        patience: Duration,
        account: &'a Account,
        group: &'a str,
        reporter: Reporter,
        begun: &'a Begun,
    ) -> Conflict<'a> {
        let end_ms = reporter.clock().after(patience);
        Conflict { policy, account, group, reporter, begun, end_ms, stopped: None }
    }

    /// Waits for the other deployment to end, and stops it first if the policy says so. The group must be surveyed again
    /// after this.
    pub(crate) async fn resolve(&mut self, active: &Deployment) -> Result<(), Fault> {
        let id = &active.id;
        if self.reporter.clock().now_ms() >= self.end_ms {
            return Err(still_active(self.group, id));
        }
        let is_rollback = active.is_rollback();
        // A rollback restores the service, so it is never stopped for another deployment.
        if self.policy == OnConflict::Stop && !is_rollback && self.stopped.as_ref() != Some(id) {
            let line = format!("stopping deployment {}, which is active", shown(id));
            self.reporter.line(&line, "stops-other", json!({ "deployment": id }));
            // Its rollback would only delay the next deployment.
            stop(&self.account.stop, id, Some(false), self.begun).await?;
            self.stopped = Some(id.clone());
        } else {
            let what = if is_rollback { "a rollback, which is not stopped" } else { "which is active" };
            let line = format!("waiting for deployment {}, {what} ({})", shown(id), active.status);
            self.reporter.line(&line, "waits-for-other", json!({ "deployment": id, "rollback": is_rollback }));
        }
        self.until_ended(id).await
    }

    async fn until_ended(&self, id: &str) -> Result<(), Fault> {
        let clock = self.reporter.clock();
        let mut heartbeat = Heartbeat::new(clock);
        loop {
            match get_deployment(&self.account.read, id).await {
                Ok(deployment) if deployment.status.is_final() => return Ok(()),
                Err(error) if missed(&error, false).is_none() => return Err(error.into()),
                Ok(_) | Err(_) => {}
            }
            if clock.now_ms() >= self.end_ms {
                return Err(still_active(self.group, id));
            }
            let still = |waited| {
                let line = format!("still waiting for deployment {} after {}", shown(id), span(waited));
                self.reporter.line(&line, "waits-for-other", json!({ "deployment": id }));
            };
            heartbeat.sleep_until(clock.after(LOOK_AGAIN), still).await;
        }
    }
}
