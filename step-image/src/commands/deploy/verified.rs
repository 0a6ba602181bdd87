//! `--verify`: the account is checked before anything is created.

use codedeploy_aws::account::verify;
use codedeploy_core::account::{Fact, Subject};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::{Alarms, Group};
use codedeploy_core::fault::Fault;

use super::overrides::Overrides;
use super::resolve::Resolved;
use super::source::Source;
use crate::steps::account::Account;
use crate::steps::verify::{named, settle};

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
