//! `rollback`: redeploys the previous successful revision of a deployment group.

mod choice;
mod content;
mod faults;
mod plan;
mod search;

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::Duration;

use clap::Args;
use codedeploy_aws::codedeploy::{Alarms, CreateError, NewDeployment};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_service;
use codedeploy_aws::error::Why;
use codedeploy_core::deployment::{Deployment, Group};
use codedeploy_core::fault::{Explain as _, Fault, Form};

use crate::steps::account::{self, Deployer};
use crate::steps::begun::{Begun, OnAbort};
use crate::steps::conflict::OnConflict;
use crate::steps::create::{Creation, before_any_deployment};
use crate::steps::group::{GroupFlags, Wanted, find};
use crate::steps::label::Label;
use crate::steps::waiting::{self, Waiting, routing};
use crate::steps::{alarms, finish};
use crate::terminal::clock::Clock;
use crate::terminal::output::Output;
use crate::terminal::print;
use crate::terminal::progress::Reporter;

use content::Reader;
use faults::{active, alarms_denied, declined, inactive, not_confirmed, rolls_back};
use plan::{AlarmPlan, Plan};
use search::choose;

/// The faults of this command.
pub(super) const FORMS: &[&[Form]] = &[faults::FORMS];

/// Redeploy the previous successful revision (shows the plan and asks first)
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
#[command(
    after_help = "The alarms of the deployment group are turned off for this deployment: the alarm that made the rollback \
    necessary would stop it at once. This requires codedeploy:UpdateDeploymentGroup.\n\
    Versions are compared by what they run (AppSpec and task definition), not by their revision.\n\
    An active deployment is left alone (exit code 14): stop it with `codedeploy-artifact stop ID --rollback`. If the rollback \
    itself fails and CodeDeploy restores the version before it, the exit code is 11."
)]
pub(crate) struct Rollback {
    /// Roll back to the revision of this deployment [default: the previous successful one]
    #[arg(long, value_name = "ID")]
    to: Option<String>,
    /// Skip the confirmation prompt (required without a terminal)
    #[arg(long)]
    yes: bool,
    /// Register the task definition again if its revision is no longer ACTIVE
    #[arg(long)]
    register: bool,
    /// Deployment config
    #[arg(long, value_name = "NAME", default_value = AT_ONCE)]
    deployment_config: String,
    /// Let the alarms of the deployment group stop this deployment as well
    #[arg(long)]
    keep_alarms: bool,
    #[command(flatten)]
    group: GroupFlags,
    /// Exit as soon as the deployment is created
    #[arg(long, help_heading = "Waiting")]
    no_wait: bool,
    #[command(flatten)]
    waiting: Waiting,
    /// Action on SIGTERM, SIGINT or SIGHUP: stop-and-rollback, stop or leave
    #[arg(long, value_name = "POLICY", default_value = "leave", hide_possible_values = true, help_heading = "Waiting")]
    on_abort: OnAbort,
    #[command(flatten)]
    account: Deployer,
}

/// The deployment config of CodeDeploy's own rollbacks: all traffic moves away from the faulty version at once.
const AT_ONCE: &str = "CodeDeployDefault.ECSAllAtOnce";

impl Rollback {
    pub(crate) async fn run(self, output: Output, begun: &Begun) -> Result<print::Result, Fault> {
        begun.on_abort(self.on_abort);
        let done = Box::pin(self.roll_back(Reporter::new(output, Clock::start()), begun)).await;
        done.map_err(|fault| before_any_deployment(fault, begun))
    }

    /// Shows the plan first, asks, and deploys then.
    async fn roll_back(self, reporter: Reporter, begun: &Begun) -> Result<print::Result, Fault> {
        let wanted = Wanted::of(self.group)?;
        let account = account::open_for(self.account.access()?, wanted.service.as_ref()).await?;
        let group = find::group(&account.read, &wanted).await?;
        let deployed_by = check_service(&account.read, &group).await?;
        let label = Label::unique();
        let creation = Creation {
            account: &account,
            group: &group,
            label: &label,
            on_conflict: OnConflict::Fail,
            patience: Duration::ZERO,
            busy,
            resume: None,
            reporter,
            begun,
        };
        let before = creation.check().await?;
        let reader = Reader::new(&account.read);
        let choice = Box::pin(choose(&reader, &account.read, &group, self.to.as_deref(), deployed_by)).await?;
        let watched = group.alarms.watched().to_vec();
        let fired = alarms::fired(&account.read, &watched).await;
        let plan = Plan::new(choice, self.deployment_config, AlarmPlan { watched, fired, kept: self.keep_alarms })?;
        let routing = routing(&account.read, &plan.config_name, &self.waiting).await?;
        print::message(plan.text().trim_end());
        if let Some(arn) = plan.registers().filter(|_| !self.register && !can_ask(self.yes)) {
            return Err(inactive(arn));
        }
        confirm(self.yes, plan.registers().is_some())?;

        let new = NewDeployment {
            application: group.application.clone(),
            group: group.name.clone(),
            revision: plan.revision(&account, reporter, begun).await?,
            config_name: Some(plan.config_name.clone()),
            description: plan.description(&label.token),
            auto_rollback: None,
            alarms: plan.alarms.are_turned_off().then_some(Alarms::Off),
        };
        let made = creation.create(&new, before, &|error| refused(error, &plan.alarms)).await?;
        let mut result = if self.no_wait {
            finish::created(&made.id, made.adopted)
        } else {
            let auto_rollback = group.auto_rollback.clone();
            let wait = waiting::Plan::new(&group.blue_green, routing, plan.hooks(), auto_rollback, &self.waiting);
            account.warn_of_expiry(wait.longest()).await;
            let followed = Box::pin(wait.follow(&made.id, &account, reporter, begun)).await?;
            let mut result = finish::finish(&followed, &self.waiting.report, &account.read, reporter);
            plan.tell_what_serves(&followed, &mut result);
            result
        };
        if let Some(members) = result.json.as_object_mut() {
            members.insert("rollback_plan".to_owned(), plan.to_json());
        }
        Ok(result)
    }
}

/// Refuses a service that CodeDeploy no longer deploys, such as one that was moved to ECS's own blue/green. Returns the
/// deployment whose version serves, if ECS knows it.
async fn check_service(read: &Aws, group: &Group) -> Result<Option<String>, Fault> {
    let Some(service) = group.ecs_services.first() else { return Ok(None) };
    match describe_service(read, &service.cluster, &service.service).await {
        Ok(service) => {
            service.check_deployable()?;
            Ok(service.deployment)
        }
        // CodeDeploy would report the same later, so the permission is not required.
        Err(error) if matches!(error.why(), Why::Denied { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn busy(_: &str, deployment: &Deployment) -> Fault {
    if deployment.is_rollback() { rolls_back(&deployment.id) } else { active(&deployment.id) }
}

/// The fault of a refusal. If the alarms cannot be turned off for lack of a permission, it names the alternative.
fn refused(error: CreateError, alarms: &AlarmPlan) -> Fault {
    let action = match error.aws().why() {
        Why::Denied { denial, .. } => denial.action.as_deref(),
        _ => None,
    };
    if !alarms.are_turned_off() || action != Some("codedeploy:UpdateDeploymentGroup") {
        return error.into();
    }
    let allow = error.aws().hint();
    let fault = alarms_denied(&error.aws().to_string(), &allow);
    if alarms.fired.is_empty() {
        return fault;
    }
    let are = alarms::are(&alarms.fired);
    fault.with_hint(format!(
        "{allow}; or add --keep-alarms once {are} no longer in ALARM, which would stop the rollback"
    ))
}

/// Whether a person can be asked.
fn can_ask(yes: bool) -> bool {
    !yes && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on a terminal. Without one, `--yes` is required.
fn confirm(yes: bool, registers: bool) -> Result<(), Fault> {
    if yes {
        return Ok(());
    }
    if !can_ask(yes) {
        return Err(not_confirmed());
    }
    let question =
        if registers { "Register the task definition again and deploy it? [y/N] " } else { "Deploy it? [y/N] " };
    // If standard error is closed, nobody sees the question, so the answer is no.
    let _ = write!(io::stderr().lock(), "{question}");
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer).unwrap_or_default() == 0 {
        // If the terminal was closed, a signal follows, which ends the run.
        std::thread::sleep(Duration::from_millis(200));
    }
    if is_yes(&answer) { Ok(()) } else { Err(declined()) }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
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
}
