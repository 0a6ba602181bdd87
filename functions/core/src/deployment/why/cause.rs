//! Causes and their next steps, found in what AWS reports.
//!
//! The most concrete source wins: the reasons of stopped tasks, then those of unhealthy targets, then the sentences of
//! AWS, then the error code. A denied request goes through [`Denial`], a known sentence through [`known`], and an
//! unknown one is repeated.

mod task;

use super::sentence::innermost;
use super::sentences::Step::{self, HookFailed, HookSilent};
use super::{CauseKind, known};
use crate::deployment::evidence::Evidence;
use crate::deployment::observation::ErrorInfo;
use crate::deployment::target::LifecycleEvent;
use crate::fault::denial::Denial;
use crate::fault::{safe, shown};

pub(super) use task::{by_target, by_task, telling};

/// The maximum number of characters of a message in a next step; the report shows the whole message above it.
const QUOTED: usize = 500;

/// What the next step is chosen from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) deployment: &'a str,
    pub(crate) error: Option<&'a ErrorInfo>,
    pub(crate) event: Option<&'a LifecycleEvent>,
    pub(crate) function: Option<&'a str>,
    pub(crate) evidence: &'a Evidence,
    /// Every other sentence of CodeDeploy.
    pub(crate) messages: &'a [String],
}

/// A cause that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: CauseKind,
    /// What it is about, if the text names it.
    pub(super) about: Option<String>,
    /// One next step, as an imperative sentence without a full stop.
    pub(super) next_step: String,
}

impl Found {
    fn of(kind: CauseKind, next_step: impl Into<String>) -> Found {
        Found { kind, about: None, next_step: next_step.into() }
    }

    fn about(self, about: impl Into<String>) -> Found {
        Found { about: Some(about.into()), ..self }
    }
}

/// The next step if no cause was found.
pub(crate) fn next_step(seen: Seen<'_>) -> String {
    format!("check the ECS service events and `aws deploy get-deployment --deployment-id {}`", shown(seen.deployment))
}

/// What CodeDeploy reports as the cause.
pub(super) fn of_codedeploy(seen: Seen<'_>) -> Option<Found> {
    let code = seen.error.map_or("", |error| error.code.as_str());
    let message = seen.error.map_or("", |error| error.message.as_str());
    by_messages(seen)
        .or_else(|| by_code(code, seen))
        .or_else(|| repeated(code, message))
        .or_else(|| seen.function.map(|function| hook_step(Some(function), "", HookFailed)))
}

/// Whether the deployment ended for a reason that has nothing to do with its tasks: they are stopped afterwards.
pub(super) fn stopped_from_outside(code: &str, message: &str) -> bool {
    matches!(code, "MANUAL_STOP" | "ALARM_ACTIVE" | "HOOK_EXECUTION_FAILURE" | "IAM_ROLE_PERMISSIONS")
        || matches!(known::step_for(message), Some(HookFailed | HookSilent))
}

/// The next step from the messages of CodeDeploy, the most specific one first; a denied request before all others.
fn by_messages(seen: Seen<'_>) -> Option<Found> {
    let diagnostics = seen.event.and_then(|event| event.diagnostics.as_ref());
    let told = diagnostics.and_then(|diagnostics| diagnostics.message.as_deref());
    let log = diagnostics.and_then(|diagnostics| diagnostics.log_tail.as_deref());
    let error = seen.error.map(|error| error.message.as_str());
    let sentences = || error.into_iter().chain(told).chain(seen.messages.iter().map(String::as_str));
    let known = |sentence| match known::step_for(sentence) {
        Some(kind @ (HookFailed | HookSilent)) => {
            Some(hook_step(seen.function, seen.event.map_or("the lifecycle event", |event| &event.name), kind))
        }
        _ => by_sentence(sentence),
    };
    sentences().chain(log).find_map(|sentence| denied(sentence, seen.function)).or_else(|| sentences().find_map(known))
}

/// From a denial that names its action, a known sentence, or any denial.
pub(super) fn by_sentence(text: &str) -> Option<Found> {
    let inner = innermost(text).text;
    denied(text, None).or_else(|| say(inner)).or_else(|| say(text)).or_else(|| {
        let denial = Denial::find(text)?;
        let found = if denial.encoded {
            "find the denied action with `aws sts decode-authorization-message` and allow it"
        } else {
            "find the denied action in CloudTrail and allow it"
        };
        let step = format!("{found}; AWS reported: \"{}\"", safe(inner, QUOTED));
        Some(Found::of(kind_of(text, None), step))
    })
}

/// What is denied, by the text around it and the action.
fn kind_of(text: &str, action: Option<&str>) -> CauseKind {
    let of = |service: &str| action.is_some_and(|action| action.starts_with(service));
    if text.contains("CannotPull") || of("ecr:") {
        CauseKind::ImagePull
    } else if text.contains("ResourceInitializationError") || of("secretsmanager:") || of("ssm:") {
        CauseKind::Secret
    } else {
        CauseKind::Permission
    }
}

fn denied(text: &str, function: Option<&str>) -> Option<Found> {
    let mut denial = Denial::find(text).filter(Denial::is_precise)?;
    if denial.action.as_deref() == Some("lambda:InvokeFunction") && denial.resource.is_none() {
        denial.resource = Some(function.map_or_else(|| "the hook function".to_owned(), str::to_owned));
    }
    let found = Found::of(kind_of(text, denial.action.as_deref()), denial.next_step(""));
    Some(match denial.action {
        Some(action) => found.about(action),
        None => found,
    })
}

fn say(text: &str) -> Option<Found> {
    match known::find(text)? {
        (kind, Step::Say(step)) => Some(Found::of(kind, step)),
        (_, HookFailed | HookSilent) => None,
    }
}

/// The message of AWS, if it is not known here: a guess could send the reader to the wrong place.
fn repeated(code: &str, message: &str) -> Option<Found> {
    let inner = innermost(message);
    if inner.text.is_empty() {
        return None;
    }
    let place = match code {
        "ECS_UPDATE_ERROR" | "INVALID_ECS_SERVICE" | "TIMEOUT" => "check the ECS service events",
        "ELASTIC_LOAD_BALANCING_INVALID" => "check the listeners and target groups of the deployment group",
        "INVALID_REVISION" => "check the AppSpec and its revision",
        "IAM_ROLE_PERMISSIONS" => "check the policies of the service role of the deployment group",
        "RESOURCE_LIMIT_EXCEEDED" => "check the quota named in the message",
        _ => "check the deployment in the CodeDeploy console and the ECS service events",
    };
    let beside = inner.code.map(|code| format!(" ({})", shown(code))).unwrap_or_default();
    let step = format!("{place}; AWS reported: \"{}\"{beside}", safe(inner.text, QUOTED));
    let kind = match code {
        "INVALID_REVISION" | "INVALID_ECS_SERVICE" | "ELASTIC_LOAD_BALANCING_INVALID" | "ECS_UPDATE_ERROR" => {
            CauseKind::Configuration
        }
        "IAM_ROLE_PERMISSIONS" => CauseKind::Permission,
        _ => CauseKind::Other,
    };
    // The whole message is beside it.
    Some(Found::of(kind, step).about(if kind == CauseKind::Other { code } else { inner.text }))
}

fn by_code(code: &str, seen: Seen<'_>) -> Option<Found> {
    let (kind, step) = match code {
        "ALARM_ACTIVE" => {
            // By the time someone looks, these alarms may be OK again and others in ALARM.
            let mut names = activated(seen.error.map_or("", |error| &error.message));
            if names.is_empty() {
                names.extend(seen.evidence.alarms.iter().map(|alarm| alarm.name.as_str()));
            }
            let names: Vec<String> = names.into_iter().take(3).map(shown).collect();
            let which = if names.is_empty() { "the alarms of the group".to_owned() } else { names.join(", ") };
            let step = format!("look at {which} at the time of the deployment, fix the new version, then deploy again");
            let found = Found::of(CauseKind::Alarm, step);
            return Some(if names.is_empty() { found } else { found.about(names.join(", ")) });
        }
        "HOOK_EXECUTION_FAILURE" => {
            let event = seen.event.map_or("the lifecycle event", |event| &event.name);
            return Some(hook_step(seen.function, event, HookFailed));
        }
        "MISSING_ELB_INFORMATION" => {
            (CauseKind::Configuration, "give the deployment group two target groups and a production listener")
        }
        "IAM_ROLE_MISSING" => (CauseKind::Configuration, "give the deployment group a service role that exists"),
        "REVISION_MISSING" => {
            (CauseKind::Configuration, "upload the AppSpec again: the object or its version no longer exists")
        }
        "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND" => (
            CauseKind::Configuration,
            "check that application, deployment group and deployment config still exist in this region",
        ),
        "CUSTOMER_APPLICATION_UNHEALTHY" => (
            CauseKind::NotHealthy,
            "check the stopped tasks and target health of the green task set: the new version does not become healthy",
        ),
        "MANUAL_STOP" => {
            (CauseKind::Stopped, "find out who stopped it (StopDeployment in CloudTrail), then deploy again")
        }
        "THROTTLED" => (CauseKind::Other, "deploy again later, with fewer tools that call AWS in this account at once"),
        "INTERNAL_ERROR" => {
            (CauseKind::Other, "deploy again; if the error recurs, contact AWS Support with the deployment ID")
        }
        "CLOUDFORMATION_STACK_FAILURE" => {
            (CauseKind::Other, "check the events of the CloudFormation stack that created this deployment")
        }
        _ => return None,
    };
    let found = Found::of(kind, step);
    Some(if kind == CauseKind::Other { found.about(code) } else { found })
}

/// The alarms that stopped a deployment: `… Activated alarms: <NAME> <NAME>`.
fn activated(message: &str) -> Vec<&str> {
    let list = message.split_once("Activated alarms: ").map_or("", |(_, list)| list.trim());
    let names = list.strip_prefix('<').and_then(|list| list.strip_suffix('>'));
    names.map(|names| names.split("> <").collect()).unwrap_or_default()
}

/// What a hook function must do, and where it logs.
/// <https://docs.aws.amazon.com/codedeploy/latest/userguide/tutorial-ecs-with-hooks-create-hooks.html>
fn hook_step(function: Option<&str>, event: &str, kind: Step) -> Found {
    let (name, log) = match function.map(function_name) {
        Some(name) => (shown(name), format!(" (log group /aws/lambda/{})", shown(name))),
        None => (format!("of {}", shown(event)), String::new()),
    };
    let about = match function.map(function_name) {
        Some(name) if event.is_empty() => name.to_owned(),
        Some(name) => format!("{name} ({event})"),
        None => event.to_owned(),
    };
    let (kind, step) = if kind == HookSilent {
        let step = format!(
            "let the hook function {name} call PutLifecycleEventHookExecutionStatus with deploymentId and \
             lifecycleEventHookExecutionId within one hour: check its log{log}, its time-out, its permission \
             codedeploy:PutLifecycleEventHookExecutionStatus, and in a VPC its route to CodeDeploy"
        );
        (CauseKind::HookSilent, step)
    } else {
        let step = format!(
            "read the log of the hook function {name}{log}: it reported Failed or ended with an error; within one hour \
             it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status \
             Succeeded"
        );
        (CauseKind::Hook, step)
    };
    Found::of(kind, step).about(about)
}

/// The name in `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:ALIAS]`, and in `NAME[:ALIAS]`.
fn function_name(function: &str) -> &str {
    let name = function.split_once(":function:").map_or(function, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}
