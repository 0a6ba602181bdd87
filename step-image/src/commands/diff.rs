//! `diff`: what a deployment would change.
//!
//! ```text
//!  new side ───────┐
//!  old side ───────┼──► diff ──► text, unified diff or JSON
//!  their revision ─┘
//! ```

mod side;
mod theirs;

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, ValueHint};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_service;
use codedeploy_core::artifact::diff::{Side, ThreeWay, Values, diff, unified};
use codedeploy_core::fault::{Fault, Form, shown};
use codedeploy_core::faults;
use codedeploy_core::names::ServiceName;

use crate::steps::account::{self, Reader};
use crate::steps::running::{described, running};
use crate::steps::service::{ClusterFlag, NAMED};
use crate::terminal::paint::Colours;
use crate::terminal::{exit, print};

use side::{New, NewFlags};
use theirs::Found;

/// The faults of this command.
pub(super) const FORMS: &[&[Form]] = &[OWN, side::FORMS];

faults! {
    /// The faults of comparing two sides.
    const OWN;

    /// One side has a task definition only, the other one an AppSpec only.
    fn nothing_in_common(before: &str, after: &str) [before = shown(before), after = shown(after)] =>
        "DIF02" Input "{before} and {after} have nothing in common to compare",
        "give a task definition with --taskdef, or an artifact with taskdef.json";
    /// `--three-way` without a task definition of ours.
    fn no_task_definition_of_ours(after: &str) [after = shown(after)] =>
        "DIF03" Input "--three-way compares task definitions, and {after} has none",
        "give a task definition with --taskdef, or leave out --three-way";
}

/// Show what a deployment of an artifact would change
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("old").args(["service", "task_definition", "against"]).required(true)),
    after_help = "Exit code 0 means no changes, 20 means changes. Environment values are hidden everywhere unless \
    --show-values is given."
)]
pub(crate) struct Diff {
    #[command(flatten)]
    new: NewFlags,
    /// Compare with the task definition and properties that this ECS service runs
    #[arg(
        long,
        value_name = "CLUSTER/SERVICE",
        group = NAMED,
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = "Compare with"
    )]
    service: Option<String>,
    #[command(flatten)]
    cluster: ClusterFlag,
    /// Compare with this task definition; a family stands for its newest ACTIVE revision
    #[arg(
        long,
        value_name = "FAMILY[:REVISION]|ARN",
        value_parser = NonEmptyStringValueParser::new(),
        help_heading = "Compare with"
    )]
    task_definition: Option<String>,
    /// Compare with another artifact or file, offline
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = "Compare with")]
    against: Option<PathBuf>,
    /// Also show what another principal, such as Terraform, registered since, and what this deployment would undo of it
    #[arg(long, conflicts_with_all = ["task_definition", "against"], help_heading = "Three-way comparison")]
    three_way: bool,
    /// Their revision [default: the newest ACTIVE one of the family that another principal registered]
    #[arg(
        long,
        value_name = "FAMILY[:REVISION]|ARN",
        value_parser = NonEmptyStringValueParser::new(),
        requires = "three_way",
        help_heading = "Three-way comparison"
    )]
    theirs: Option<String>,
    /// Print a unified diff instead of a list of changes
    #[arg(long)]
    unified: bool,
    /// Show environment values; secrets are shown as valueFrom
    #[arg(long)]
    show_values: bool,
    #[command(flatten)]
    account: Reader,
}

impl Diff {
    pub(crate) async fn run(self) -> Result<print::Result, Fault> {
        let Diff { new, service, cluster, task_definition, against, three_way, theirs, unified, show_values, account } =
            self;
        let service = service.map(|service| cluster.named(&service)).transpose()?;
        let new = side::read(new)?;
        if three_way && !new.has_task_definition() {
            return Err(no_task_definition_of_ours(&new.side.name));
        }
        let values = if show_values { Values::Shown } else { Values::Hidden };
        if let Some(path) = against {
            return report(&side::artifact(&path, None, None)?.side, &new, None, values, unified);
        }
        let read = account::open_for(account.access()?, service.as_ref()).await?.read;
        let mut new = new.described(&read).await?;
        let old = match (service, task_definition) {
            (Some(service), _) => of_service(&read, &service, &mut new).await?,
            (None, name) => {
                let task_definition = described(&read, &name.unwrap_or_default()).await?;
                Side { name: task_definition.name(), task_definition: Some(task_definition), appspec: None }
            }
        };
        let found = match (three_way, &old.task_definition, &new.side.task_definition) {
            (true, Some(running), Some(_)) => Some(theirs::find(&read, running, theirs.as_deref()).await?),
            _ => None,
        };
        report(&old, &new, found, values, unified)
    }
}

fn report(
    before: &Side,
    new: &New,
    found: Option<Found>,
    values: Values,
    as_unified: bool,
) -> Result<print::Result, Fault> {
    let after = &new.side;
    let common = (before.task_definition.is_some() && after.task_definition.is_some())
        || (before.appspec.is_some() && after.appspec.is_some());
    if !common {
        return Err(nothing_in_common(&before.name, &after.name));
    }
    let mut found_changes = diff(before, after, values);
    found_changes.notes.extend(new.notes.iter().cloned());
    match (found, &after.task_definition) {
        (Some(Found::Revision { base, theirs }), Some(ours)) => {
            found_changes.three_way = Some(ThreeWay::of(&base, &theirs, ours, values));
        }
        (Some(Found::Nothing(note)), _) => found_changes.notes.push(note),
        _ => {}
    }
    let text = found_changes.text();
    let text = if as_unified { side_notes(&found_changes.notes, unified(before, after, values)) } else { text };
    let exit = if found_changes.is_empty() { exit::DONE } else { exit::CHANGES };
    Ok(print::Result { json: found_changes.to_json(), text, colours: Colours::Marks, exit, ..print::Result::default() })
}

/// The unified diff. Its notes go to standard error, so that tools can read it.
fn side_notes(notes: &[String], text: String) -> String {
    for note in notes {
        print::message(&format!("note: {note}"));
    }
    text
}

/// What a service runs. The new side gets the values that its AppSpec implies for this service.
async fn of_service(read: &Aws, name: &ServiceName, new: &mut New) -> Result<Side, Fault> {
    let service = describe_service(read, &name.cluster, &name.service).await?;
    service.check_account(name)?;
    let appspec = new.side.appspec.take();
    if appspec.as_ref().is_some_and(|appspec| !appspec.hooks.is_empty()) {
        new.notes.push("hooks were not compared: ECS does not report those of the last deployment".to_owned());
    }
    let (old, deployed) = running(read, &service, appspec.as_ref()).await?;
    new.side.appspec = deployed;
    Ok(old)
}
