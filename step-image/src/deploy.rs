//! `deploy`: from an artifact, an AppSpec or an S3 revision to a deployment, and on to its true end.
//!
//! ```text
//!  source ──► resolve ──► register ──► create ──► wait
//!  offline    group and   only if      once, and adopted
//!  checks     service     it differs   where its answer was lost
//! ```

mod create;
mod error;
mod find_group;
mod label;
mod overrides;
mod register;
mod resolve;
mod source;
mod survey;

use clap::{Arg, ArgAction, ArgMatches, Command};
use codedeploy_aws::codedeploy::NewDeployment;
use codedeploy_core::fault::finding;
use codedeploy_core::fault::{Fault, shown};
use serde_json::{Value, json};

use crate::abort::{self, Begun, OnAbort};
use crate::account::{self, Use};
use crate::clock::Clock;
use crate::progress::Talk;
use crate::wait::{self, Plan, ReportFile};
use crate::{alarms, cli, follow, print};

use create::Creation;
use label::Label;
use register::Registered;
use resolve::Resolved;
use source::Source;

pub(crate) use create::{before_any_deployment, is_expiry, look_for, tell_of_lost, tell_of_made, unanswered};
pub(crate) use register::register;
pub(crate) use source::written;
pub(crate) use survey::find;

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("deploy")
        .about("Creates a deployment and follows it to its true end; the rollback that follows a failure included")
        .args(source::flags())
        .group(source::group())
        .args(resolve::flags())
        .args(register::flags())
        .args(overrides::flags())
        .args(label::flags())
        .args(create::flags())
        .arg(switch("dry-run", "Check everything and print the plan; change nothing, exit as the real run would"))
        .arg(switch("no-wait", "Leave once the deployment is created"))
        .args(wait::flags(OnAbort::StopAndRollback))
        .args(account::flags(USES))
}

/// Deploys.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    begun.on_abort(abort::policy(flags));
    let done = Box::pin(work(flags, begun)).await;
    done.map_err(|error| before_any_deployment(error, &begun.stage()))
}

const USES: &[Use] = &[Use::Read, Use::Deploy, Use::Stop];

async fn work(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let report = ReportFile::of(flags)?;
    let wanted = resolve::Wanted::of(flags)?;
    let overrides = overrides::Overrides::of(flags)?;
    let source = source::read(flags)?;
    let talk = Talk::new(cli::output(flags), Clock::start());
    let account = account::open_for(flags, USES, wanted.service.as_ref()).await?;
    let mut source = source.fetched(&account.read, flags).await?;
    if let Some(task_definition) = &source.task_definition {
        print::left_out(task_definition.family(), &task_definition.left_out());
    }
    print::warnings(&source.warnings);
    let resolved = resolve::resolve(&account.read, &wanted, &source).await?;
    print::warnings(&resolved.warnings);
    source.warnings.extend_from_slice(&resolved.warnings);
    let config = overrides.config_name.as_deref().unwrap_or(&resolved.group.config_name);
    let routing = wait::routing(&account.read, config, flags).await?;
    let comparison = register::compare(&account.read, &source, flags).await?;
    let label = Label::new(flags, &resolved, &source)?;
    let auto_rollback = overrides.group_auto_rollback().or_else(|| resolved.group.auto_rollback.clone());
    let watched = overrides.watched(&resolved.group);
    let hooks = Some(source.hooks());
    let plan = Plan::new(&resolved.group.blue_green, routing, hooks, auto_rollback, flags);
    let creation = Creation { account: &account, label: &label, resolved: &resolved, flags, talk, begun };
    if flags.get_flag("dry-run") {
        let (others, end) = creation.foresee().await?;
        let fired = alarms::warn_of_fired(&account.read, watched).await;
        return Ok(dry_run(&resolved, &source, &comparison, &others, config, &fired).ending(end));
    }

    if !flags.get_flag("no-wait") {
        account.warn_of_expiry(create::patience(flags) + plan.longest()).await;
    }
    let before = creation.check().await?;
    let (made, registered) = if let Some(id) = before.ours {
        // What it needs is registered and uploaded.
        (creation.adopt(id), None)
    } else {
        alarms::warn_of_fired(&account.read, watched).await;
        let registered = comparison.register(&account.deploy, talk, begun).await?;
        let new = NewDeployment {
            application: resolved.application.clone(),
            group: resolved.group.name.clone(),
            revision: source.revision(&account, registered.as_ref(), flags, begun).await?,
            config_name: overrides.config_name.clone(),
            description: label.description(),
            auto_rollback: overrides.auto_rollback.clone(),
            alarms: overrides.alarms.clone(),
        };
        (creation.create(&new, before).await?, registered)
    };
    if flags.get_flag("no-wait") {
        return Ok(created(&made, registered.as_ref(), &source));
    }
    let followed = Box::pin(plan.follow(&made.id, &account, talk, begun)).await?;
    let mut result = follow::finish(&followed, &report);
    add(&mut result.json, &made, registered.as_ref(), &source);
    Ok(result)
}

fn created(made: &create::Made, registered: Option<&Registered>, source: &Source) -> print::Result {
    let mut json = json!({ "verdict": null, "deployment": { "id": made.id } });
    add(&mut json, made, registered, source);
    let id = shown(&made.id);
    let how = if made.adopted { "was made already" } else { "created" };
    let text = format!("deployment {id} {how}; follow it with `codedeploy-artifact wait {id}`\n");
    print::Result { json, text, line: true, ..print::Result::default() }
}

/// What only `deploy` knows.
fn add(json: &mut Value, made: &create::Made, registered: Option<&Registered>, source: &Source) {
    if let Some(members) = json.as_object_mut() {
        members.insert("adopted".to_owned(), made.adopted.into());
        let task_definition = registered.map(|it| json!({ "arn": it.arn, "registered": it.new }));
        members.insert("task_definition".to_owned(), task_definition.unwrap_or_default());
        members.insert("warnings".to_owned(), finding::to_json(&source.warnings));
    }
}

fn dry_run(
    resolved: &Resolved,
    source: &Source,
    comparison: &register::Comparison,
    conflict: &str,
    config: &str,
    fired: &[String],
) -> print::Result {
    let group = format!("{}/{}", shown(&resolved.application), shown(&resolved.group.name));
    let service = shown(&resolved.service.full_name());
    let task_definition = comparison.describe(source);
    let text = format!(
        "would deploy {} to {service}\ndeployment group: {group}\ndeployment config: {}\ntask definition: \
         {task_definition}\nother deployments: {conflict}\nnothing was changed\n",
        shown(&source.name),
        shown(config)
    );
    let json = json!({
        "dry_run": true,
        "source": source.name,
        "application": resolved.application,
        "deployment_group": resolved.group.name,
        "service": resolved.service.full_name(),
        "deployment_config": config,
        "task_definition": task_definition,
        "other_deployments": conflict,
        "warnings": finding::to_json(&source.warnings),
        "alarms_in_alarm": fired,
    });
    print::Result { json, text, line: true, ..print::Result::default() }
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn text<'a>(flags: &'a ArgMatches, name: &str) -> Option<&'a str> {
    flags.get_one::<String>(name).map(String::as_str)
}
