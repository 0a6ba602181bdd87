//! Why a deployment did not succeed, in one block with one next step.

mod cause;
mod causes;
mod known;
mod sentence;
mod sentences;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::time::Duration;

use super::evidence::{Evidence, StoppedTask};
use super::followed::{Followed, Serving, StoppedBy};
use super::group::RollbackEvent;
use super::observation::{Deployment, ErrorInfo};
use super::target::{Diagnostics, LifecycleEvent, LifecycleStatus, Target};
use super::verdict::{NotRolledBack, Pending, Verdict, rollback_event};
use crate::artifact::appspec::Hook;
use crate::deployment::schedule::span;
use crate::fault::shown;
use crate::text::mask::Mask;
use crate::text::{LINE, safe, word};

pub use causes::{Cause, CauseKind};

/// The lines of a hook's log that are shown, from its end.
pub const LOG_LINES: usize = 20;

/// Why a deployment did not succeed. `Display` is the block, several lines without one at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The deployment.
    pub deployment: String,
    /// What caused it, the most probable cause first.
    pub causes: Vec<Cause>,
    /// Its outcome.
    pub verdict: Option<Verdict>,
    /// `errorInformation`.
    pub error: Option<ErrorInfo>,
    /// The lifecycle event that failed.
    pub event: Option<FailedEvent>,
    /// Why CodeDeploy rolled back, or why it did not.
    pub rollback_message: Option<String>,
    /// Which version serves now.
    pub serving: Serving,
    /// What other services report.
    pub evidence: Evidence,
    /// One next step, as an imperative sentence without a full stop.
    pub next_step: String,
}

/// A lifecycle event that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedEvent {
    /// Such as `AfterInstall`.
    pub name: String,
    /// How long it took.
    pub took: Option<Duration>,
    /// The Lambda function behind it, if the AppSpec or the diagnostics name it.
    pub function: Option<String>,
    /// What it logged.
    pub diagnostics: Diagnostics,
}

/// The block for a deployment that failed, was stopped or timed out; `None` if nothing has failed so far.
pub fn why(followed: &Followed) -> Option<Why> {
    let deployment = &followed.deployment;
    let failed = followed.target.as_ref().and_then(first_failed);
    let bad_verdict = followed.verdict.as_ref().is_some_and(|verdict| verdict.exit_code() != 0);
    let still_failing = followed.verdict.is_none() && failed.is_some();
    if !bad_verdict && !deployment.status.is_failure() && !still_failing {
        return None;
    }
    let function = failed_hook(followed, &followed.evidence.hooks).map(|(_, function)| function);
    let rollback_message = deployment.rollback_message().map(str::to_owned);
    let mut messages = deployment.messages.clone();
    messages.extend(deployment.additional.clone());
    messages.extend(rollback_message.clone());
    let seen = cause::Seen {
        deployment: &deployment.id,
        error: deployment.error.as_ref(),
        event: failed,
        function: function.as_deref(),
        evidence: &followed.evidence,
        messages: &messages,
    };
    let causes = causes::ranked(followed, seen);
    let next_step = next_step(followed, seen, &causes);
    Some(Why {
        deployment: deployment.id.clone(),
        causes,
        verdict: followed.verdict.clone(),
        error: deployment.error.clone(),
        event: failed.map(|event| FailedEvent {
            name: event.name.clone(),
            took: event.took(),
            function,
            diagnostics: masked(event.diagnostics.clone().unwrap_or_default()),
        }),
        rollback_message,
        serving: followed.serving(),
        evidence: followed.evidence.clone(),
        next_step,
    })
}

/// The end of a log without credentials.
fn masked(diagnostics: Diagnostics) -> Diagnostics {
    let log_tail = diagnostics.log_tail.map(|log| Mask::default().text(&log));
    Diagnostics { log_tail, ..diagnostics }
}

/// Observed problems take precedence over general advice, such as a longer time-out.
fn next_step(followed: &Followed, seen: cause::Seen<'_>, causes: &[Cause]) -> String {
    let deployment = &followed.deployment;
    let id = shown(&deployment.id);
    let installed = followed.target.as_ref().is_some_and(Followed::is_installed);
    let unknown = || {
        let task = seen.evidence.tasks.iter().find(|task| task.is_problem()).map(StoppedTask::reason);
        let reason = task.or_else(|| seen.evidence.events.first().cloned())?;
        Some(format!("find out why the green tasks do not start: {}", safe(reason.trim_end_matches('.'), LINE)))
    };
    let of_evidence = || if installed { None } else { seen.evidence.next_step().or_else(unknown) };
    match (&followed.verdict, followed.stopped_by) {
        (Some(Verdict::TimedOut(Pending::Deployment)), stopped) => match of_evidence() {
            Some(step) if stopped.is_none() => format!(
                "{step}; the deployment is still in progress: stop it with `codedeploy-artifact stop {id} --rollback`"
            ),
            Some(step) => step,
            None => re_attach(&deployment.id, &Pending::Deployment),
        },
        (Some(Verdict::FailedNotRolledBack(NotRolledBack::NoRollback)), Some(StoppedBy::Timeout))
        | (
            Some(Verdict::Stopped { rollback: None } | Verdict::TimedOut(Pending::RollbackUnknown)),
            Some(StoppedBy::Request { rollback: true }),
        ) if deployment.rollback_message().is_none() => format!(
            "no rollback started; run `codedeploy-artifact rollback --application {} --deployment-group {}`{}",
            word(&deployment.application),
            word(&deployment.group),
            match followed.serving() {
                Serving::Previous => " only to go back further: the previous version serves",
                _ => "",
            }
        ),
        (Some(Verdict::TimedOut(pending)), _) => re_attach(&deployment.id, pending),
        // `rollback` disables the alarms itself.
        _ if deployment.requested_rollback().is_some() && is_stopped_by_alarm(deployment) => format!(
            "run `codedeploy-artifact rollback --application {} --deployment-group {}` again, without --keep-alarms",
            word(&deployment.application),
            word(&deployment.group)
        ),
        (Some(Verdict::Stopped { .. }), Some(StoppedBy::Timeout)) => of_evidence().unwrap_or_else(|| {
            "find out why the deployment did not finish in time, or raise --timeout, then deploy again".to_owned()
        }),
        (Some(Verdict::Stopped { .. }), Some(StoppedBy::Request { .. })) if seen.messages.is_empty() => {
            "resolve the reason for the stop, then deploy again".to_owned()
        }
        _ => causes.first().map_or_else(|| cause::next_step(seen), |cause| cause.next_step.clone()),
    }
}

/// The lifecycle event that failed and its function, if the AppSpec or the diagnostics name it.
pub fn failed_hook<'f>(followed: &'f Followed, hooks: &[(Hook, String)]) -> Option<(&'f LifecycleEvent, String)> {
    let event = followed.target.as_ref().and_then(first_failed)?;
    let named = hooks.iter().find(|(hook, _)| hook.name() == event.name).map(|(_, function)| function.clone());
    let script = event.diagnostics.as_ref().and_then(|diagnostics| diagnostics.script_name.clone());
    Some((event, named.or(script.filter(|script| !script.is_empty()))?))
}

fn is_stopped_by_alarm(deployment: &Deployment) -> bool {
    rollback_event(deployment) == RollbackEvent::StopOnAlarm
}

fn first_failed(target: &Target) -> Option<&LifecycleEvent> {
    target.lifecycle_events.iter().find(|event| event.status == LifecycleStatus::Failed)
}

fn re_attach(deployment: &str, pending: &Pending) -> String {
    let id = match pending {
        Pending::Rollback { rollback } => rollback,
        Pending::Deployment | Pending::RollbackUnknown => deployment,
    };
    format!("resume waiting with `codedeploy-artifact wait {}` and a longer --timeout", shown(id))
}

impl Why {
    /// The first line of the block: the outcome and the most probable cause.
    pub fn headline(&self) -> String {
        let outcome = match &self.verdict {
            Some(verdict) => verdict.about(&self.deployment),
            None => format!("deployment {} is failing", shown(&self.deployment)),
        };
        match self.causes.first() {
            Some(cause) => format!("{outcome}; probable cause: {cause}"),
            None => outcome,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        if !self.causes.is_empty() {
            let error = self.error.as_ref().map(causes::line_of);
            write_causes(f, &self.causes, error.as_deref())?;
        }
        if let Some(error) = &self.error {
            write!(f, "\n  error: {}: {}", shown(&error.code), safe(&error.message, LINE))?;
        }
        if let Some(event) = &self.event {
            write_event(f, event)?;
        }
        let evidence = self.evidence.sections();
        if !evidence.is_empty() {
            write!(f, "\n{}", evidence.trim_end())?;
        }
        if let Some(message) = &self.rollback_message {
            write!(f, "\n  rollback: {}", safe(message, LINE))?;
        }
        write!(f, "\n  now serving: {}", self.serving)?;
        write!(f, "\n  next: {}", self.next_step)
    }
}

/// What speaks for each cause, except for the error of CodeDeploy, which has a line of its own.
fn write_causes(f: &mut fmt::Formatter<'_>, causes: &[Cause], error: Option<&str>) -> fmt::Result {
    let evidence = |cause: &Cause| -> Vec<String> {
        let others = cause.evidence.iter().filter(|line| Some(line.as_str()) != error);
        others.map(|line| safe(line, LINE)).collect()
    };
    match causes {
        [one] => {
            let lines = evidence(one);
            if !lines.is_empty() {
                f.write_str("\n  evidence:")?;
            }
            lines.iter().try_for_each(|line| write!(f, "\n    {line}"))
        }
        many => {
            f.write_str("\n  causes, the most probable first:")?;
            for (place, cause) in (1..).zip(many) {
                write!(f, "\n    {place}. {cause}")?;
                evidence(cause).iter().try_for_each(|line| write!(f, "\n       {line}"))?;
            }
            Ok(())
        }
    }
}

fn write_event(f: &mut fmt::Formatter<'_>, event: &FailedEvent) -> fmt::Result {
    write!(f, "\n  lifecycle event: {} failed", shown(&event.name))?;
    if let Some(took) = event.took {
        write!(f, " after {}", span(took))?;
    }
    if let Some(function) = &event.function {
        write!(f, ", function {}", safe(function, LINE))?;
    }
    let diagnostics = &event.diagnostics;
    let parts = [diagnostics.error_code.as_deref(), diagnostics.message.as_deref()];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| safe(part, LINE)).collect();
    if !parts.is_empty() {
        write!(f, "\n    {}", parts.join(": "))?;
    }
    for line in diagnostics.log_tail.as_deref().map(|log| last_lines(log, LOG_LINES)).unwrap_or_default() {
        write!(f, "\n    | {line}")?;
    }
    Ok(())
}

/// The last `most` lines of a text, each made safe; blank lines at both ends are left out.
fn last_lines(text: &str, most: usize) -> Vec<String> {
    let lines: Vec<&str> = text.trim().lines().collect();
    lines.iter().skip(lines.len().saturating_sub(most)).map(|line| safe(line.trim_end(), LINE)).collect()
}
