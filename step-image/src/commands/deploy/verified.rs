//! The account is checked before anything is created: its listeners, and all of it with `--verify`.

use std::time::Duration;

use codedeploy_aws::account::{service, verify};
use codedeploy_core::account::{Fact, State, Subject};
use codedeploy_core::artifact::service::Service;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::{Alarms, Group};
use codedeploy_core::fault::Fault;
use codedeploy_core::fault::finding::Severity;
use tokio::time::Instant;

use super::overrides::Overrides;
use super::resolve::Resolved;
use super::source::Source;
use crate::steps::account::Account;
use crate::steps::verify::{named, refuse, settle};

/// The rules of listeners: they need few calls, and what they find fails a deployment only minutes after its start.
const LISTENERS: [&str; 2] = ["ACC04", "ACC05"];

/// How long a deployment waits for the answers about its listeners.
const PATIENCE: Duration = Duration::from_secs(10);

/// Checks the listeners of the deployment group. Without the permission, or an answer in time, they are not checked.
///
/// # Errors
/// A listener that does not forward to the tasks that run.
pub(super) async fn check_listeners(account: &Account, resolved: &Resolved) -> Result<(), Fault> {
    let others = |code: &str| !LISTENERS.contains(&code);
    let found = async |service: Fact<Service>| {
        let group = Fact::Known(resolved.group.clone());
        verify(&account.read, &Subject::default(), service, group, &others, Some(Instant::now() + PATIENCE)).await
    };
    let before = &resolved.service;
    let outcomes = found(Fact::Known(before.clone())).await;
    if outcomes.iter().all(|outcome| outcome.state() != State::Found(Severity::Error)) {
        return refuse(&outcomes);
    }
    // A deployment that no list has yet may have changed the service before its listeners were read.
    refuse(&found(service(&account.read, &before.cluster, &before.name).await?).await)
}

/// Checks the account for this deployment. Other deployments are handled by `--on-conflict`.
///
/// # Errors
/// What a rule found, or, if `strict`, that one could not be checked.
pub(super) async fn check(
    account: &Account,
    resolved: &Resolved,
    source: &Source,
    overrides: &Overrides,
    strict: bool,
) -> Result<(), Fault> {
    let appspec = &source.appspec.spec;
    let described = match &source.task_definition {
        Some(_) => None,
        None => named(&account.read, appspec).await,
    };
    let task_definition = source.task_definition.as_ref().or(described.as_ref());
    let name = task_definition.map(TaskDefinition::name).unwrap_or_default();
    let subject = Subject {
        appspec: Some((appspec, &source.appspec.name)),
        task_definition: task_definition.map(|it| (it, name.as_str())),
    };
    let watched = overrides.watched(&resolved.group).to_vec();
    let alarms = Alarms { enabled: !watched.is_empty(), names: watched, ..resolved.group.alarms.clone() };
    let group = Fact::Known(Group { alarms, ..resolved.group.clone() });
    let service = Fact::Known(resolved.service.clone());
    let outcomes = verify(&account.read, &subject, service, group, &|code| code == "ACC18", None).await;
    settle(&outcomes, strict)
}
