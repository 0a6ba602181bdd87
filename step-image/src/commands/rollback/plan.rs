//! The plan of a rollback, shown before it starts, and the report at its end.

use std::fmt::Write as _;

use codedeploy_aws::codedeploy::RevisionToDeploy;
use codedeploy_core::artifact::appspec::Hook;
use codedeploy_core::artifact::archive::sha256_hex;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::{
    Deployment, DeploymentStatus, Followed, RequestedRollback, Serving, Verdict, rfc3339,
};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::{LINE, first, safe};
use serde_json::{Value, json};

use super::choice::{Choice, Side};
use super::content::{Content, Described};
use super::faults::{deleted, no_revision};
use crate::steps::account::Account;
use crate::steps::alarms;
use crate::steps::appspec_file::AppSpecFile;
use crate::steps::begun::Begun;
use crate::steps::register::register;
use crate::terminal::clock::date;
use crate::terminal::print;
use crate::terminal::progress::Reporter;

/// What is about to be deployed.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) choice: Choice,
    content: Content,
    pub(super) config_name: String,
    pub(super) alarms: AlarmPlan,
}

/// The effect on the alarms of the group.
#[derive(Debug, Clone, Default)]
pub(super) struct AlarmPlan {
    /// Those that the group watches.
    pub(super) watched: Vec<String>,
    /// Those of them that are in ALARM.
    pub(super) fired: Vec<String>,
    /// `--keep-alarms`.
    pub(super) kept: bool,
}

/// How many differing settings are named.
const MOST_DIFFERENCES: usize = 8;

impl AlarmPlan {
    /// Whether the deployment has to turn them off.
    pub(super) fn are_turned_off(&self) -> bool {
        !self.kept && !self.watched.is_empty()
    }

    fn text(&self) -> String {
        let watched = first(&self.watched, usize::MAX);
        let fired = match self.fired.as_slice() {
            [] => String::new(),
            fired => format!(" (in ALARM: {})", first(fired, usize::MAX)),
        };
        match (self.watched.is_empty(), self.kept) {
            (true, _) => "none".to_owned(),
            (_, false) => format!("turned off for this deployment: {watched}{fired}"),
            (_, true) => format!("kept: {watched}{fired}"),
        }
    }
}

impl Plan {
    /// Refuses a deleted task definition.
    pub(super) fn new(choice: Choice, config_name: String, alarms: AlarmPlan) -> Result<Plan, Fault> {
        let id = choice.to.deployment.id.clone();
        let Some(content) = choice.to.content.clone() else { return Err(no_revision(&id)) };
        match (&content.task_definition, &content.spec) {
            (Described::Deleted, Some(spec)) => {
                let fault = deleted(&spec.task_definition, &id);
                Err(match choice.older.first() {
                    None => fault,
                    Some(older) => fault.with_hint(format!(
                        "go back further with `--to {}`, or deploy an artifact of that version",
                        shown(older)
                    )),
                })
            }
            _ => Ok(Plan { choice, content, config_name, alarms }),
        }
    }

    /// The hook functions of the AppSpec, for the wait budget.
    pub(super) fn hooks(&self) -> Option<Vec<(Hook, String)>> {
        self.content.spec.as_ref().map(|spec| spec.hooks.clone())
    }

    /// The task definition that has to be registered again, because ECS starts no tasks from it.
    pub(super) fn registers(&self) -> Option<&str> {
        self.content.inactive()?;
        self.content.spec.as_ref().map(|spec| spec.task_definition.as_str())
    }

    /// The description that identifies this deployment and marks it as a rollback.
    pub(super) fn description(&self, token: &str) -> String {
        let from = self.choice.serving.as_ref().map(|serving| serving.deployment.id.as_str());
        RequestedRollback { to: &self.choice.to.deployment.id, from }.description(token)
    }

    /// The revision to deploy. A task definition that is not ACTIVE is registered again for it, and the AppSpec is sent
    /// with the new ARN.
    pub(super) async fn revision(
        &self,
        account: &Account,
        reporter: Reporter,
        begun: &Begun,
    ) -> Result<RevisionToDeploy, Fault> {
        let Content { revision, text: Some(text), spec: Some(spec), .. } = &self.content else {
            return Ok(self.content.revision.clone());
        };
        let Some(inactive) = self.content.inactive() else { return Ok(revision.clone()) };
        let arn = register(&account.deploy, inactive, begun).await?;
        let old = safe(&spec.task_definition, LINE);
        let line = format!("task definition {} registered with the content of {old}", safe(&arn, LINE));
        reporter.line(&line, "task-definition", json!({ "arn": arn, "registered": true }));
        let appspec = AppSpecFile { name: String::new(), text: text.clone(), spec: spec.clone() };
        Ok(RevisionToDeploy::Inline { content: appspec.naming(Some(&arn)).text })
    }

    /// Lines for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let to = &self.choice.to.deployment;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "rollback of {}/{}", shown(&to.application), shown(&to.group));
        if let Some(serving) = &self.choice.serving {
            let _ = writeln!(text, "  serves now         {}", one(&serving.deployment));
        }
        let _ = writeln!(text, "  goes back to       {}", one(to));
        let _ = writeln!(text, "  revision           {}", self.revision_text());
        let arn = self.content.spec.as_ref().map(|spec| safe(&spec.task_definition, LINE));
        let status = self.content.inactive().and_then(TaskDefinition::inactive);
        let status = status.map(|status| format!(" ({}: will be registered again)", shown(status))).unwrap_or_default();
        let _ = writeln!(text, "  task definition    {}{status}", arn.unwrap_or_else(|| "not readable".to_owned()));
        for (container, from, to) in self.images() {
            let _ = writeln!(text, "  image of {:<9} {}", shown(&container), change(from.as_deref(), to.as_deref()));
        }
        let _ = writeln!(text, "  deployment config  {}", shown(&self.config_name));
        let _ = writeln!(text, "  alarms             {}", self.alarms.text());
        self.notes(&mut text);
        text
    }

    fn notes(&self, text: &mut String) {
        let differences = self.differences();
        if self.choice.changes_nothing() {
            text.push_str("  note: this is what serves now\n");
        } else if !differences.is_empty() && self.images().iter().all(|(_, from, to)| from == to) {
            let named: Vec<String> = differences.iter().take(MOST_DIFFERENCES).map(|path| shown(path)).collect();
            let more = if differences.len() > MOST_DIFFERENCES { ", and more" } else { "" };
            let _ = writeln!(text, "  note: the images are the same; it differs in {}{more}", named.join(", "));
        }
        if matches!(&self.content.revision, RevisionToDeploy::S3 { version: None, e_tag: None, .. }) {
            text.push_str("  note: the revision names no version of the object: what is there now is deployed\n");
        }
        if self.alarms.kept && !self.alarms.fired.is_empty() {
            let are = alarms::are(&self.alarms.fired);
            let _ =
                writeln!(text, "  warning: {are} in ALARM, so CodeDeploy will stop this rollback; omit --keep-alarms");
        }
    }

    /// The same for programs.
    pub(super) fn to_json(&self) -> Value {
        let one = |deployment: &Deployment| {
            json!({
                "deployment": deployment.id,
                "created_at": deployment.created_ms.and_then(rfc3339),
                "completed_at": deployment.completed_ms.and_then(rfc3339),
                "description": deployment.description,
            })
        };
        let images = self.images().into_iter();
        let images = images.map(|(container, from, to)| json!({ "container": container, "from": from, "to": to }));
        let AlarmPlan { watched, fired, .. } = &self.alarms;
        json!({
            "application": self.choice.to.deployment.application,
            "deployment_group": self.choice.to.deployment.group,
            "from": self.choice.serving.as_ref().map(|serving| one(&serving.deployment)),
            "to": one(&self.choice.to.deployment),
            "revision": self.revision_text(),
            "task_definition": self.content.spec.as_ref().map(|spec| &spec.task_definition),
            "registers": self.registers().is_some(),
            "images": images.collect::<Vec<_>>(),
            "differences": self.differences(),
            "deployment_config": self.config_name,
            "alarms": { "watched": watched, "in_alarm": fired, "turned_off": self.alarms.are_turned_off() },
        })
    }

    /// Prints at the end which images serve: the verdict names only deployments.
    pub(super) fn tell_what_serves(&self, followed: &Followed, result: &mut print::Result) {
        let (side, failed) = match (followed.serving(), &self.choice.serving) {
            (Serving::RolledBackTo, _) => (&self.choice.to, false),
            (Serving::NotRolledBack, Some(serving)) => (serving, true),
            _ => return,
        };
        let what = named(side);
        let line = match &followed.verdict {
            Some(Verdict::RollbackUndone { on_request: true, .. }) => {
                format!("the rollback was stopped; {what} still serves")
            }
            Some(Verdict::TimedOut(_)) if failed => format!("{what} still serves"),
            _ if failed => format!("the rollback failed; {what} still serves"),
            _ => format!("now serving: {what}"),
        };
        let _ = writeln!(result.text, "{line}");
        if let Some(members) = result.json.as_object_mut() {
            let images = side.content.as_ref().map(Content::images).unwrap_or_default().into_iter();
            let images = images.map(|(container, image)| json!({ "container": container, "image": image }));
            members.insert("serving_images".to_owned(), images.collect());
        }
    }

    fn differences(&self) -> Vec<String> {
        let serving = self.choice.serving.as_ref().and_then(|serving| serving.content.as_ref());
        serving.map(|serving| serving.differences(&self.content)).unwrap_or_default()
    }

    /// Container, and its image before and after.
    fn images(&self) -> Vec<(String, Option<String>, Option<String>)> {
        let serving = self.choice.serving.as_ref().and_then(|serving| serving.content.as_ref());
        let mut before = serving.map(Content::images).unwrap_or_default();
        let mut images = Vec::new();
        for (container, image) in self.content.images() {
            let at = before.iter().position(|(name, _)| *name == container);
            let from = at.map(|at| before.remove(at).1);
            images.push((container, from, Some(image)));
        }
        // The new images are unknown, so no image can be said to be removed.
        if !images.is_empty() {
            images.extend(before.into_iter().map(|(container, image)| (container, Some(image), None)));
        }
        images
    }

    fn revision_text(&self) -> String {
        match &self.content.revision {
            RevisionToDeploy::Inline { content } => format!("AppSpec sha256 {}", sha256_hex(content.as_bytes())),
            RevisionToDeploy::S3 { bucket, key, version, e_tag, .. } => {
                let version = version.as_deref().map(|version| format!(" version {}", shown(version)));
                let e_tag = e_tag.as_deref().map(|e_tag| format!(" eTag {}", shown(e_tag)));
                let [version, e_tag] = [version, e_tag].map(Option::unwrap_or_default);
                format!("s3://{}/{}{version}{e_tag}", shown(bucket), shown(key))
            }
        }
    }
}

/// `repo/web:2 -> repo/web:1`.
fn change(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => format!("{} (the same)", safe(to, LINE)),
        (from, to) => {
            let told = |text: Option<&str>| text.map_or("-".to_owned(), |text| safe(text, LINE));
            format!("{} -> {}", told(from), told(to))
        }
    }
}

/// A deployment with its images: `deployment d-1 (app: repo/web:1)`.
fn named(side: &Side) -> String {
    let images = side.content.as_ref().map(Content::images).unwrap_or_default();
    let images: Vec<String> = images.iter().map(|(name, at)| format!("{}: {}", shown(name), safe(at, LINE))).collect();
    let images = if images.is_empty() { String::new() } else { format!(" ({})", images.join(", ")) };
    format!("deployment {}{images}", shown(&side.deployment.id))
}

fn one(deployment: &Deployment) -> String {
    let at = deployment.completed_ms.or(deployment.created_ms).map_or_else(|| "-".to_owned(), date);
    let status = match &deployment.status {
        DeploymentStatus::Succeeded => String::new(),
        status => format!("  {status}"),
    };
    let said = deployment.said().map(|text| format!("  {}", shown(text))).unwrap_or_default();
    format!("{}  {at}{status}{said}", shown(&deployment.id))
}

#[cfg(test)]
mod tests;
