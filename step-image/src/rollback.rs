//! `rollback`: the previous successful revision of a deployment group, deployed again.

mod choice;
mod content;
mod create;
mod error;
mod plan;
mod search;

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use codedeploy_aws::codedeploy::{Alarms, NewDeployment, get_deployment, get_deployment_group};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_service;
use codedeploy_aws::error::Why;
use codedeploy_core::deployment::{DeploymentStatus, Group, TrafficRouting};
use codedeploy_core::fault::{Fault, shown};
use serde_json::json;

use crate::abort::{self, Begun, OnAbort};
use crate::account::{self, Account, Use};
use crate::clock::{self, Clock};
use crate::progress::Talk;
use crate::wait::{self, ReportFile};
use crate::{alarms, cli, follow, print};

use content::Reader;
use create::create;
use error::RollbackError;
use plan::{AlarmPlan, Plan};
use search::{choose, list};

/// The verb and its flags.
pub(crate) fn command() -> Command {
    let flag = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    // An empty one is a variable of a build that is not set.
    let name = |name: &'static str, help: &'static str| {
        flag(name, "NAME", help).required(true).value_parser(NonEmptyStringValueParser::new())
    };
    Command::new("rollback")
        .about("Deploys the previous successful revision of a deployment group again, after it has shown it")
        .arg(name("application", "CodeDeploy application"))
        .arg(name("deployment-group", "Its deployment group"))
        .arg(flag("to", "ID", "Go back to the revision of this deployment [default: the previous successful one]"))
        .arg(
            Arg::new("yes")
                .long("yes")
                .action(ArgAction::SetTrue)
                .help("Do not ask; needed where nobody can be asked"),
        )
        .arg(
            Arg::new("register")
                .long("register")
                .action(ArgAction::SetTrue)
                .help("Register the task definition again if its revision is no longer ACTIVE"),
        )
        .arg(flag("deployment-config", "NAME", "Deployment config").default_value(AT_ONCE))
        .arg(
            Arg::new("keep-alarms")
                .long("keep-alarms")
                .action(ArgAction::SetTrue)
                .help("Let the alarms of the deployment group stop this deployment too"),
        )
        .arg(
            Arg::new("no-wait").long("no-wait").action(ArgAction::SetTrue).help("Leave once the deployment is created"),
        )
        .args(wait::flags(OnAbort::Leave))
        .args(account::flags(USES))
        .after_help(
            "The alarms of the deployment group are turned off for this deployment: the alarm that made the rollback \
             necessary would stop it at once. That requires codedeploy:UpdateDeploymentGroup.\n\
             Versions are compared by what they run (AppSpec and task definition), not by their revision.\n\
             An active deployment is left alone (exit code 14): stop it with `codedeploy-artifact stop ID --rollback`. If \
             the rollback itself fails and CodeDeploy restores the version before it, the exit code is 11.",
        )
}

/// Shows first, asks, and deploys then.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    begun.on_abort(abort::policy(flags));
    let done = Box::pin(work(flags, begun)).await;
    done.map_err(|error| crate::deploy::before_any_deployment(error, &begun.stage()))
}

async fn work(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let value = |name: &str| flags.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let report = ReportFile::of(flags)?;
    let account = account::open(flags, USES).await?;
    let group = get_deployment_group(&account.read, value("application"), value("deployment-group")).await?;
    check_service(&account.read, &group).await?;
    check_idle(&account.read, &group).await?;
    let reader = Reader::new(&account.read);
    let to = flags.get_one::<String>("to").map(String::as_str);
    let choice = Box::pin(choose(&reader, &account.read, &group, to)).await?;
    let alarms = AlarmPlan {
        fired: alarms::fired(&account.read, group.alarms.watched()).await,
        watched: group.alarms.watched().to_vec(),
        kept: flags.get_flag("keep-alarms"),
    };
    let config_name = flags.get_one::<String>("deployment-config").cloned().unwrap_or_else(|| AT_ONCE.to_owned());
    let plan = Plan::new(choice, config_name, alarms)?;
    let routing = wait::routing(&account.read, &plan.config_name, flags).await?;
    print::talk(plan.text().trim_end());
    let registers = plan.registers();
    if let Some(arn) = registers.filter(|_| !flags.get_flag("register") && !can_ask(flags.get_flag("yes"))) {
        return Err(RollbackError::Inactive { arn: arn.to_owned() }.into());
    }
    confirm(flags.get_flag("yes"), registers.is_some())?;
    Box::pin(deploy(flags, &account, &group, &plan, routing, &report, begun)).await
}

async fn deploy(
    flags: &ArgMatches,
    account: &Account,
    group: &Group,
    plan: &Plan,
    routing: TrafficRouting,
    report: &ReportFile,
    begun: &Begun,
) -> Result<print::Result, Fault> {
    let talk = Talk::new(cli::output(flags), Clock::start());
    let token = token();
    let new = NewDeployment {
        application: group.application.clone(),
        group: group.name.clone(),
        revision: plan.revision(account, talk, begun).await?,
        config_name: Some(plan.config_name.clone()),
        description: plan.description(&token),
        auto_rollback: None,
        alarms: plan.alarms.are_turned_off().then_some(Alarms::Off),
    };
    let id = create(account, &new, &plan.alarms, &token, talk, begun).await?;
    let mut result = if flags.get_flag("no-wait") {
        let json = json!({ "verdict": null, "deployment": { "id": id } });
        let id = shown(&id);
        let text = format!("deployment {id} created; follow it with `codedeploy-artifact wait {id}`\n");
        print::Result { json, text, line: true, ..print::Result::default() }
    } else {
        let (waits, hooks) = (&group.blue_green, plan.hooks());
        let wait = wait::Plan::new(waits, routing, hooks, group.auto_rollback.clone(), flags);
        account.warn_of_expiry(wait.longest()).await;
        let followed = Box::pin(wait.follow(&id, account, talk, begun)).await?;
        let mut result = follow::finish(&followed, report);
        plan.tell_what_serves(&followed, &mut result);
        result
    };
    if let Some(members) = result.json.as_object_mut() {
        members.insert("rollback_plan".to_owned(), plan.to_json());
    }
    Ok(result)
}

/// What CodeDeploy's own rollbacks use: the faulty version gets no more traffic while it is replaced.
const AT_ONCE: &str = "CodeDeployDefault.ECSAllAtOnce";

const USES: &[Use] = &[Use::Read, Use::Deploy, Use::Stop];

/// Refuses a service that CodeDeploy no longer deploys, such as one that was moved to ECS's own blue/green.
async fn check_service(read: &Aws, group: &Group) -> Result<(), Fault> {
    let Some(service) = group.ecs_services.first() else { return Ok(()) };
    match describe_service(read, &service.cluster, &service.service).await {
        Ok(service) => Ok(service.check_deployable()?),
        // It only tells earlier what CodeDeploy would tell, so the permission is not asked for.
        Err(error) if matches!(error.why(), Why::Denied { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn check_idle(read: &Aws, group: &Group) -> Result<(), Fault> {
    let Some(id) = list(read, group, DeploymentStatus::ACTIVE, 1).await?.into_iter().next() else { return Ok(()) };
    let is_rollback = get_deployment(read, &id).await?.is_rollback();
    Err(RollbackError::Active { id, is_rollback }.into())
}

/// Whether a question would be put, and answered by a person.
fn can_ask(yes: bool) -> bool {
    !yes && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on a terminal. Without one, `--yes` is required.
fn confirm(yes: bool, registers: bool) -> Result<(), RollbackError> {
    if yes {
        return Ok(());
    }
    if !can_ask(yes) {
        return Err(RollbackError::NotConfirmed);
    }
    let question =
        if registers { "Register the task definition again and deploy it? [y/N] " } else { "Deploy it? [y/N] " };
    // Nobody is left to ask where standard error is closed, and then nobody answers yes.
    let _ = write!(io::stderr().lock(), "{question}");
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer).unwrap_or_default() == 0 {
        // A terminal that was closed is told of by a signal as well, which ends the run.
        std::thread::sleep(Duration::from_millis(200));
    }
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
        assert!(confirm(true, true).is_ok());
    }

    #[test]
    fn no_two_tokens_are_the_same() {
        assert_ne!(token(), token());
        assert_eq!(token().len(), "[token:]".len() + 20);
    }
}
