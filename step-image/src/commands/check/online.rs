//! `--online`: the files against the account.

use clap::{Args, Command};
use codedeploy_aws::account::verify;
use codedeploy_core::account::{self, Outcome, State, Subject};
use codedeploy_core::artifact::appspec::{self, AppSpec};
use codedeploy_core::artifact::inspect::Inspection;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::document;
use codedeploy_core::fault::Fault;
use codedeploy_core::text::lines;
use serde_json::Value;

use super::Files;
use super::look_up::look_up;
use crate::steps::account::{Reader, open_for};
use crate::steps::group::{GroupFlags, Wanted};
use crate::steps::source::SourceFile;
use crate::steps::verify::named;

/// The flags for the account.
#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub(super) struct OnlineFlags {
    /// Check the account too, read-only: service, deployment group, and everything that the files refer to
    #[arg(long)]
    pub(super) online: bool,
    #[command(flatten)]
    group: GroupFlags,
    #[command(flatten)]
    access: Reader,
}

/// The flags that mean nothing without `--online`.
const NEED_ONLINE: [&str; 7] =
    ["application", "deployment_group", "service", "cluster", "region", "role_arn", "external_id"];

/// The whole command line, whose `check` takes the flags for the account only with `--online`.
pub(in crate::commands) fn with_requirements(command: Command) -> Command {
    command.mut_subcommand("check", |check| {
        NEED_ONLINE.into_iter().fold(check, |check, flag| check.mut_arg(flag, |arg| arg.requires("online")))
    })
}

/// What came of the rules on the account.
pub(super) struct Online(Vec<Outcome>);

impl OnlineFlags {
    /// Checks the account, except for the rules that are skipped.
    pub(super) async fn check(self, files: &Files, skip: &dyn Fn(&str) -> bool) -> Result<Online, Fault> {
        let wanted = Wanted::of(self.group)?;
        let account = open_for(self.access.access()?.verifying(), wanted.service.as_ref()).await?;
        let read = &account.read;
        let appspec = files.appspec.as_ref().and_then(|file| Some((appspec_of(file)?, &*file.name)));
        let given =
            files.task_definition.as_ref().and_then(|file| Some((task_definition_of(file)?, file.name.clone())));
        let described = match (&given, &appspec, &files.task_definition) {
            (None, Some((appspec, _)), None) => named(read, appspec).await.map(|it| (it.name(), it)),
            _ => None,
        };
        let described = described.map(|(name, task_definition)| (task_definition, name));
        let task_definition = given.or(described);
        let subject = Subject {
            appspec: appspec.as_ref().map(|(appspec, name)| (appspec, *name)),
            task_definition: task_definition.as_ref().map(|(task_definition, name)| (task_definition, name.as_str())),
        };
        let (service, group) = look_up(read, &wanted).await?;
        Ok(Online(verify(read, &subject, service, group, skip, None).await))
    }
}

impl Online {
    /// Adds the findings and the rules to those of the offline check.
    pub(super) fn add_to(&self, inspection: &mut Inspection) {
        for outcome in self.0.iter().filter(|outcome| !outcome.skipped) {
            inspection.findings.extend(outcome.findings.iter().cloned());
            let whys: Vec<String> = outcome.not_checked.iter().map(ToString::to_string).collect();
            let checked = if whys.is_empty() { Ok(()) } else { Err(whys.join("; ")) };
            inspection.add(&[outcome.rule.code], &checked);
        }
        inspection.sort();
    }

    /// Whether a rule was not checked, which `--strict` does not accept.
    pub(super) fn is_incomplete(&self) -> bool {
        self.0.iter().any(|outcome| outcome.state() == State::NotChecked)
    }

    /// For `--output json`.
    pub(super) fn to_json(&self) -> Value {
        account::to_json(&self.0)
    }

    /// One line for each rule, and what came of all.
    pub(super) fn text(&self) -> String {
        let rules = account::lines(&self.0).join("\n");
        lines(&format!("\naccount:\n{rules}\naccount: {}\n", account::summary(&self.0)))
    }
}

fn appspec_of(file: &SourceFile) -> Option<AppSpec> {
    appspec::examine(appspec::decode(&file.bytes, &file.name).ok()?, &file.name).0
}

fn task_definition_of(file: &SourceFile) -> Option<TaskDefinition> {
    TaskDefinition::read(document::text(&file.bytes).ok()?, &file.name).ok().map(|(task_definition, _)| task_definition)
}
