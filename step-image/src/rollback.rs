//! `rollback`: the previous successful revision of a deployment group, deployed again.

mod choice;
mod create;
mod plan;

use std::cell::RefCell;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use aws_calls::codedeploy::{
    DeploymentFilter, NewDeployment, appspec_of, batch_get_deployments, deployable, get_deployment,
    get_deployment_group, list_deployments,
};
use aws_calls::config::Aws;
use aws_calls::ecs::describe_service;
use aws_calls::error::Why;
use clap::{Arg, ArgAction, ArgMatches, Command};
use codedeploy_artifact::deployment::{Deployment, DeploymentStatus, Group, TrafficRouting};
use codedeploy_artifact::error::{Error, Explain, Kind, shown};
use serde_json::json;

use crate::abort::{self, OnAbort, Stage};
use crate::account::{self, Account, Use};
use crate::clock::{self, Clock};
use crate::progress::Talk;
use crate::wait::{self, ReportFile};
use crate::{cli, follow, print};

use choice::{Choice, ChoiceError, MARK, named, previous};
use create::create;
use plan::Plan;

/// The verb and its flags.
pub(crate) fn command() -> Command {
    let flag = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("rollback")
        .about("Deploys the previous successful revision of a deployment group again, after it has shown it")
        .arg(flag("application", "NAME", "CodeDeploy application").required(true))
        .arg(flag("deployment-group", "NAME", "Its deployment group").required(true))
        .arg(flag("to", "ID", "Go back to the revision of this deployment [default: the previous successful one]"))
        .arg(
            Arg::new("yes")
                .long("yes")
                .action(ArgAction::SetTrue)
                .help("Do not ask; needed where nobody can be asked"),
        )
        .arg(
            Arg::new("no-wait").long("no-wait").action(ArgAction::SetTrue).help("Leave once the deployment is created"),
        )
        .args(wait::flags(OnAbort::Leave))
        .args(account::flags(USES))
        .after_help(
            "A deployment under way is not touched (exit code 14): stop it with `codedeploy-artifact stop ID --rollback`.",
        )
}

/// Shows first, asks, and deploys then.
pub(crate) async fn run(flags: &ArgMatches) -> Result<print::Result, Error> {
    let stage = RefCell::new(Stage::Before);
    let done = Box::pin(work(flags, &stage)).await;
    done.map_err(|error| crate::deploy::before_any_deployment(error, &stage.borrow()))
}

async fn work(flags: &ArgMatches, stage: &RefCell<Stage>) -> Result<print::Result, Error> {
    let value = |name: &str| flags.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let report = ReportFile::of(flags)?;
    let account = account::open(flags, USES).await?;
    let group = get_deployment_group(&account.read, value("application"), value("deployment-group")).await?;
    check_service(&account.read, &group).await?;
    check_idle(&account.read, &group).await?;
    let choice = choose(&account.read, &group, flags.get_one::<String>("to").map(String::as_str)).await?;
    let plan = plan(&account.read, choice).await?;
    let routing = wait::routing(&account.read, &group.config_name, flags).await?;
    print::talk(plan.text().trim_end());
    // Before the signals are taken over: whoever is asked can leave with Ctrl-C.
    confirm(flags.get_flag("yes"))?;
    let work = Box::pin(deploy(flags, &account, &group, &plan, routing, &report, stage));
    abort::guarded(abort::policy(flags), stage, work).await
}

async fn deploy(
    flags: &ArgMatches,
    account: &Account,
    group: &Group,
    plan: &Plan,
    routing: TrafficRouting,
    report: &ReportFile,
    stage: &RefCell<Stage>,
) -> Result<print::Result, Error> {
    let talk = Talk::new(cli::output(flags), Clock::start());
    let token = token();
    let new = NewDeployment {
        application: group.application.clone(),
        group: group.name.clone(),
        revision: plan.revision.clone(),
        config_name: None,
        description: format!("{token} {MARK}{}", plan.choice.to.id),
        auto_rollback: None,
        alarms: None,
    };
    let id = create(account, &new, &token, talk, stage).await?;
    let mut result = if flags.get_flag("no-wait") {
        let json = json!({ "verdict": null, "deployment": { "id": id } });
        let id = shown(&id);
        let text = format!("deployment {id} created; follow it with `codedeploy-artifact wait {id}`\n");
        print::Result { json, text, line: true, ..print::Result::default() }
    } else {
        let (waits, hooks) = (&group.blue_green, plan.hooks.clone());
        let wait = wait::Plan::new(waits, routing, hooks, group.auto_rollback.clone(), flags);
        account.warn_of_expiry(wait.longest()).await;
        follow::finish(&Box::pin(wait.follow(&id, account, talk, stage)).await?, report)
    };
    if let Some(members) = result.json.as_object_mut() {
        members.insert("rollback_plan".to_owned(), plan.to_json());
    }
    Ok(result)
}

const USES: &[Use] = &[Use::Read, Use::Deploy, Use::Stop];

/// How many successful deployments are looked through.
const LOOKED_THROUGH: usize = 100;

/// Refuses a service that CodeDeploy no longer deploys, such as one that was moved to ECS's own blue/green.
async fn check_service(read: &Aws, group: &Group) -> Result<(), Error> {
    let Some(service) = group.ecs_services.first() else { return Ok(()) };
    match describe_service(read, &service.cluster, &service.service).await {
        Ok(service) => Ok(service.check_deployable()?),
        // It only tells earlier what CodeDeploy would tell, so the permission is not asked for.
        Err(error) if matches!(error.why(), Why::Denied { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn check_idle(read: &Aws, group: &Group) -> Result<(), Error> {
    match list(read, group, DeploymentStatus::ACTIVE, 1).await?.first() {
        None => Ok(()),
        Some(active) => Err(RollbackError::Active { id: active.clone() }.into()),
    }
}

async fn choose(read: &Aws, group: &Group, to: Option<&str>) -> Result<Choice, Error> {
    let (application, name) = (group.application.clone(), group.name.clone());
    if let Some(to) = to {
        let to = named(get_deployment(read, to).await?, &application, &name)?;
        let serving = match &group.last_successful {
            Some(id) => Some(get_deployment(read, id).await?),
            None => None,
        };
        return Ok(Choice { serving, to });
    }
    let ids = list(read, group, &[DeploymentStatus::Succeeded], LOOKED_THROUGH).await?;
    let mut seen: Vec<Deployment> = Vec::new();
    // Nearly always the first few are enough.
    for ids in ids.chunks(25) {
        seen.extend(batch_get_deployments(read, ids).await?);
        if let Some(choice) = previous(&seen) {
            return Ok(choice);
        }
    }
    Err(match seen.len() {
        0 => ChoiceError::NothingServed { application, group: name },
        looked_at => ChoiceError::NoEarlier { application, group: name, looked_at },
    }
    .into())
}

async fn list(read: &Aws, group: &Group, statuses: &[DeploymentStatus], limit: usize) -> Result<Vec<String>, Error> {
    let filter = DeploymentFilter {
        application: &group.application,
        group: &group.name,
        statuses,
        created_after_ms: None,
        limit,
    };
    Ok(list_deployments(read, &filter).await?)
}

async fn plan(read: &Aws, choice: Choice) -> Result<Plan, Error> {
    let Some(revision) = &choice.to.revision else {
        return Err(ChoiceError::NoRevision { id: choice.to.id }.into());
    };
    let revision = deployable(read, &choice.to.application, revision).await?;
    let text = match appspec_of(read, &revision).await {
        Ok(text) => Some(text),
        // CodeDeploy reads the object with other credentials; only what is shown suffers.
        Err(error) if matches!(error.why(), Why::ReadDenied { .. }) => {
            print::talk(&format!("note: {error}"));
            None
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Plan::new(choice, revision, text.as_deref()))
}

/// Asks on a terminal. Where nobody can be asked, `--yes` has to be given.
fn confirm(yes: bool) -> Result<(), RollbackError> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(RollbackError::NotConfirmed);
    }
    // Nobody is left to ask where standard error is closed, and then nobody answers yes.
    let _ = write!(io::stderr().lock(), "Deploy it? [y/N] ");
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    if is_yes(&answer) { Ok(()) } else { Err(RollbackError::Declined) }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Tells this deployment from all others, in the form of those of `deploy`.
fn token() -> String {
    let parts = [clock::chance(), clock::chance(), std::process::id()].map(|part| format!("{part:08x}"));
    let digits = parts.concat();
    format!("[token:{}]", digits.get(..20).unwrap_or(&digits))
}

/// Why no rollback was made.
#[derive(Debug, thiserror::Error)]
enum RollbackError {
    /// The group is busy. `DEP01`, as when CodeDeploy says it.
    #[error("deployment {} is under way in this group", shown(id))]
    Active {
        /// The deployment.
        id: String,
    },
    /// Nobody was asked, because nobody could be.
    #[error("a rollback needs --yes where nobody can be asked; nothing was deployed")]
    NotConfirmed,
    /// The answer was not yes.
    #[error("not confirmed; nothing was deployed")]
    Declined,
}

impl Explain for RollbackError {
    fn code(&self) -> &'static str {
        match self {
            RollbackError::Active { .. } => "DEP01",
            RollbackError::NotConfirmed => "RBK05",
            RollbackError::Declined => "RBK06",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            RollbackError::Active { .. } => Kind::Unavailable,
            RollbackError::NotConfirmed | RollbackError::Declined => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            RollbackError::Active { id } => {
                format!("stop it and go back in one step with `codedeploy-artifact stop {} --rollback`", shown(id))
            }
            RollbackError::NotConfirmed => "check what is shown above, then add --yes".to_owned(),
            RollbackError::Declined => "answer y, or name another deployment with --to".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        for (answer, expect) in [("y\n", true), ("YES", true), ("", false), ("\n", false), ("n", false), ("yep", false)]
        {
            assert_eq!(is_yes(answer), expect, "{answer:?}");
        }
    }

    #[test]
    fn a_confirmed_rollback_asks_nobody() {
        assert!(confirm(true).is_ok());
    }

    #[test]
    fn no_two_tokens_are_the_same() {
        assert_ne!(token(), token());
        assert_eq!(token().len(), "[token:]".len() + 20);
    }
}
