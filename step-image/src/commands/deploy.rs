//! `deploy`: creates a deployment from an artifact, an AppSpec or an S3 revision, and waits for it to finish.
//!
//! ```text
//!  source ──► resolve ──► register ──► create ──► wait
//!  offline    group and   only if      once, and adopted
//!  checks     service     it differs   if its answer was lost
//! ```

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

mod foreseen;
mod overrides;
mod resolve;
mod scaling;
mod source;
mod verified;

use std::time::Duration;

use clap::Args;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::Deployment;
use codedeploy_core::fault::{Fault, Form, finding, shown};
use codedeploy_core::faults;
use serde_json::{Value, json};

use crate::steps::account::{self, Deployer};
use crate::steps::alarms;
use crate::steps::begun::{Begun, OnAbort};
use crate::steps::conflict::OnConflict;
use crate::steps::create::{Creation, Made, before_any_deployment};
use crate::steps::finish;
use crate::steps::group::{GroupFlags, Wanted};
use crate::steps::label::{Label, build_number};
use crate::steps::register::{self, Registered};
use crate::steps::waiting::{Plan, Waiting, routing};
use crate::terminal::clock::Clock;
use crate::terminal::output::Output;
use crate::terminal::print;
use crate::terminal::progress::Reporter;
use crate::terminal::values::Refused;

use overrides::Overrides;
use resolve::Resolved;
use source::{Source, SourceFlags};

/// The faults of this command.
pub(super) const FORMS: &[&[Form]] = &[BUSY, overrides::FORMS, source::FORMS];

/// Create a deployment and wait for it to finish, including any rollback
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
pub(crate) struct Deploy {
    /// Check everything and print the plan; change nothing, exit like the real run
    #[arg(long)]
    dry_run: bool,
    /// Check all of the account first, not only the listeners, and create nothing if the check finds an error
    #[arg(long)]
    verify: bool,
    /// Also create nothing if part of the check was not possible
    #[arg(long, requires = "verify")]
    strict: bool,
    /// Action if another deployment is active: fail, wait for it, or stop it
    #[arg(long, value_name = "POLICY", default_value = "fail", hide_possible_values = true)]
    on_conflict: OnConflict,
    /// Description of the deployment
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
    #[command(flatten)]
    source: SourceFlags,
    #[command(flatten)]
    group: GroupFlags,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    ci: CiFlags,
    /// Exit as soon as the deployment is created
    #[arg(long, help_heading = "Waiting")]
    no_wait: bool,
    /// Suspend auto scaling of the service until this command ends
    #[arg(long, conflicts_with = "no_wait", help_heading = "Waiting")]
    suspend_scaling: bool,
    #[command(flatten)]
    waiting: Waiting,
    /// Action on SIGTERM, SIGINT or SIGHUP: stop-and-rollback, stop or leave
    #[arg(
        long,
        value_name = "POLICY",
        default_value = "stop-and-rollback",
        hide_possible_values = true,
        help_heading = "Waiting"
    )]
    on_abort: OnAbort,
    #[command(flatten)]
    account: Deployer,
}

/// The flags for builds.
#[derive(Debug, Args)]
#[command(next_help_heading = "CI")]
struct CiFlags {
    /// Number of this build; an older build of the job never overtakes a newer one [env: BUILD_NUMBER, with JOB_NAME]
    #[arg(long, value_name = "NUMBER", value_parser = |text: &str| build_number(text).map_err(Refused::from))]
    build_number: Option<u64>,
    /// Resume the deployment this build created, even if it has finished
    #[arg(long)]
    resume: bool,
}

/// How long to wait for another deployment without `--timeout`: the longest waits of CodeDeploy.
const LONGEST_CONFLICT: Duration = Duration::from_hours(6);

faults! {
    /// The faults of a busy group.
    const BUSY;

    /// The group runs another deployment.
    fn active(group: &str, active: &str) [group = shown(group), active = shown(active)] =>
        "DEP01" Unavailable "deployment group {group} already runs {active}",
        "wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`";
    /// The group runs a rollback, which is never stopped.
    fn rolls_back(group: &str, active: &str) [group = shown(group), active = shown(active)] =>
        "DEP01" Unavailable "deployment group {group} already runs {active}",
        "wait for this rollback: `--on-conflict wait`";
}

fn busy(group: &str, active: &Deployment) -> Fault {
    if active.is_rollback() { rolls_back(group, &active.id) } else { self::active(group, &active.id) }
}

impl Deploy {
    pub(crate) async fn run(self, output: Output, begun: &Begun) -> Result<print::Result, Fault> {
        if !self.dry_run {
            begun.on_abort(self.on_abort);
        }
        let done = Box::pin(self.deploy(Reporter::new(output, Clock::start()), begun)).await;
        done.map_err(|fault| before_any_deployment(fault, begun))
    }

    async fn deploy(self, reporter: Reporter, begun: &Begun) -> Result<print::Result, Fault> {
        let Deploy {
            dry_run,
            verify,
            strict,
            on_conflict,
            source,
            group,
            overrides,
            ci,
            no_wait,
            suspend_scaling,
            waiting,
            account,
            ..
        } = self;
        let wanted = Wanted::of(group)?;
        let source = source::read(source)?;
        let access = account.access()?;
        let access = if verify { access.verifying() } else { access };
        let account = account::open_for(access, wanted.service.as_ref()).await?;
        let mut source = source.fetched(&account.read).await?;
        if let Some(task_definition) = &source.task_definition {
            print::left_out(task_definition.family(), &task_definition.left_out());
        }
        print::warnings(&source.warnings);
        let resolved = resolve::resolve(&account.read, &wanted, &source).await?;
        print::warnings(&resolved.warnings);
        source.warnings.extend_from_slice(&resolved.warnings);
        let group = &resolved.group;
        let config = overrides.config_name.as_deref().unwrap_or(&group.config_name);
        let routing = routing(&account.read, config, &waiting).await?;
        if verify {
            verified::check(&account, &resolved, &source, &overrides, strict).await?;
        } else {
            verified::check_listeners(&account, &resolved).await?;
        }
        let comparison = register::compare(&account.read, source.to_register()).await?;
        let label = label(&ci, &self.description, &resolved, &source)?;
        let auto_rollback = overrides.group_auto_rollback().or_else(|| group.auto_rollback.clone());
        let hooks = Some(source.appspec.spec.hooks.clone());
        let plan = Plan::new(&group.blue_green, routing, hooks, auto_rollback, &waiting);
        let patience = match on_conflict {
            OnConflict::Fail => Duration::ZERO,
            OnConflict::Wait | OnConflict::Stop => waiting.timeout.unwrap_or(LONGEST_CONFLICT),
        };
        let creation = Creation {
            account: &account,
            group,
            label: &label,
            on_conflict,
            patience,
            busy,
            resume: Some(ci.resume),
            reporter,
            begun,
        };
        let watched = overrides.watched(group);
        let suspension = if suspend_scaling { scaling::suspendable(&account, &resolved.service).await? } else { None };
        if dry_run {
            if let Some(suspension) = &suspension {
                print::message(&format!("note: {} would be suspended", suspension.name()));
            }
            let (others, end) = creation.foresee(!no_wait).await?;
            let fired = alarms::warn_of_fired(&account.read, watched).await;
            let changes = foreseen::changes(&account.read, &resolved.service, &source).await;
            return Ok(
                foreseen::foreseen(&resolved, &source, &comparison, &others, config, &fired, &changes).ending(end)
            );
        }

        if !no_wait {
            account.warn_of_expiry(patience + plan.longest()).await;
        }
        let before = creation.check().await?;
        let work = async {
            let (made, registered) = if let Some(id) = before.ours {
                // What it needs is registered and uploaded.
                (creation.adopt(id), None)
            } else {
                alarms::warn_of_fired(&account.read, watched).await;
                let registered = comparison.register(&account.deploy, reporter, begun).await?;
                let revision = source.revision(&account, registered.as_ref(), begun).await?;
                let new = overrides.deployment(group, revision, label.description());
                (creation.create(&new, before, &Fault::from).await?, registered)
            };
            let mut result = if no_wait {
                finish::created(&made.id, made.adopted)
            } else {
                let followed = Box::pin(plan.follow(&made.id, &account, reporter, begun)).await?;
                finish::finish(&followed, &waiting.report, &account.read, reporter)
            };
            add(&mut result.json, &made, registered.as_ref(), &source);
            Ok(result)
        };
        match suspension {
            Some(suspension) => Box::pin(scaling::during(suspension, &account, reporter, begun, work)).await,
            None => Box::pin(work).await,
        }
    }
}

/// Within one build the same content has the same label.
fn label(ci: &CiFlags, description: &str, resolved: &Resolved, source: &Source) -> Result<Label, Fault> {
    let group = &resolved.group;
    let what = source.task_definition.as_ref().map(TaskDefinition::to_json).unwrap_or_default();
    let content = [&*group.application, &*group.name, &*source.appspec.text, &*what];
    Label::of_build(ci.build_number, ci.resume, description, &content)
}

/// Adds what only `deploy` knows.
fn add(json: &mut Value, made: &Made, registered: Option<&Registered>, source: &Source) {
    if let Some(members) = json.as_object_mut() {
        members.insert("adopted".to_owned(), made.adopted.into());
        let task_definition = registered.map(|it| json!({ "arn": it.arn, "registered": it.new }));
        members.insert("task_definition".to_owned(), task_definition.unwrap_or_default());
        members.insert("warnings".to_owned(), finding::to_json(&source.warnings));
    }
}
