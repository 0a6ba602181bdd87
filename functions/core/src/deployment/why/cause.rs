//! The next step, chosen from the observations.
//!
//! The most concrete source wins: the reasons of stopped tasks, then those of unhealthy targets, then the sentences of
//! AWS, then the error code. A denied request goes through [`Denial`], a known sentence through [`known`], and an
//! unknown one is repeated.

use super::known;
use super::sentence::innermost;
use super::sentences::Step::{self, HookFailed, HookSilent};
use super::sentences::{ENDED, OUT_OF_MEMORY, UNHEALTHY};
use crate::deployment::evidence::{Evidence, StoppedTask};
use crate::deployment::observation::ErrorInfo;
use crate::deployment::target::LifecycleEvent;
use crate::fault::denial::Denial;
use crate::fault::{safe, shown};

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

/// One next step, as an imperative sentence without a full stop.
pub(crate) fn next_step(seen: Seen<'_>) -> String {
    let code = seen.error.map_or("", |error| error.code.as_str());
    let message = seen.error.map_or("", |error| error.message.as_str());
    let of_tasks = if stopped_from_outside(code, message) { None } else { seen.evidence.next_step() };
    of_tasks
        .or_else(|| by_messages(seen))
        .or_else(|| by_code(code, seen))
        .or_else(|| repeated(code, message))
        .or_else(|| seen.function.map(|function| hook_step(Some(function), "", HookFailed)))
        .unwrap_or_else(|| {
            format!(
                "check the ECS service events and `aws deploy get-deployment --deployment-id {}`",
                shown(seen.deployment)
            )
        })
}

/// Whether the deployment ended for a reason that has nothing to do with its tasks: they are stopped afterwards.
fn stopped_from_outside(code: &str, message: &str) -> bool {
    matches!(code, "MANUAL_STOP" | "ALARM_ACTIVE" | "HOOK_EXECUTION_FAILURE" | "IAM_ROLE_PERMISSIONS")
        || matches!(known::step_for(message), Some(HookFailed | HookSilent))
}

impl Evidence {
    /// One next step from stopped tasks, the newest first, then from unhealthy targets, then from events of the service.
    pub fn next_step(&self) -> Option<String> {
        let unhealthy = || {
            let mut targets = self.targets.iter().filter(|target| target.is_problem()).peekable();
            targets.peek()?;
            let known = targets.find_map(|target| say(target.reason.as_deref()?));
            Some(known.unwrap_or_else(|| UNHEALTHY.to_owned()))
        };
        let of_events = || self.events.iter().find_map(|event| by_sentence(event));
        self.tasks.iter().filter(|task| task.is_problem()).find_map(by_task).or_else(unhealthy).or_else(of_events)
    }
}

fn by_task(task: &StoppedTask) -> Option<String> {
    let of_containers = task.containers.iter().filter_map(|container| container.reason.as_deref());
    let reasons = || of_containers.clone().chain(task.stopped_reason.as_deref());
    let known = |reason| Some(with_image(by_sentence(reason)?, reason));
    if let Some(step) = reasons().find_map(known).or_else(|| reasons().find_map(of_ecs)) {
        return Some(step);
    }
    let codes = || task.containers.iter().filter_map(|container| container.exit_code);
    match codes().find(|code| *code != 0) {
        Some(137) => Some(OUT_OF_MEMORY.to_owned()),
        Some(_) => Some("read the log of the container that exited".to_owned()),
        None => (task.stop_code.as_deref() == Some("EssentialContainerExited") && codes().next().is_some())
            .then(|| ENDED.to_owned()),
    }
}

/// The step with the image that a `CannotPullContainerError` names.
fn with_image(step: String, reason: &str) -> String {
    let after = ["failed to resolve ref ", "failed to resolve reference ", "pull access denied for ", "manifest for "];
    let rest = after.iter().find_map(|before| reason.split_once(before)).map(|(_, rest)| rest);
    let image = rest.filter(|_| reason.contains("CannotPull")).and_then(|rest| rest.split([' ', ',']).next());
    let image = image.map(|image| image.trim_end_matches(':').trim_matches('"')).filter(|image| !image.is_empty());
    match image {
        Some(image) => format!("{step} (image {})", safe(image, QUOTED)),
        None => step,
    }
}

/// An ECS error without a step of its own, such as `CannotCreateVolumeError: …`.
fn of_ecs(reason: &str) -> Option<String> {
    reason.split_once(':').filter(|(name, _)| name.ends_with("Error") && !name.contains(' '))?;
    Some(format!("check the stopped task; Amazon ECS reported: \"{}\"", safe(reason, QUOTED)))
}

/// The next step from the messages of CodeDeploy, the most specific one first; a denied request before all others.
fn by_messages(seen: Seen<'_>) -> Option<String> {
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
fn by_sentence(text: &str) -> Option<String> {
    let inner = innermost(text).text;
    denied(text, None).or_else(|| say(inner)).or_else(|| say(text)).or_else(|| {
        let denial = Denial::find(text)?;
        let found = if denial.encoded {
            "find the denied action with `aws sts decode-authorization-message` and allow it"
        } else {
            "find the denied action in CloudTrail and allow it"
        };
        Some(format!("{found}; AWS reported: \"{}\"", safe(inner, QUOTED)))
    })
}

fn denied(text: &str, function: Option<&str>) -> Option<String> {
    let mut denial = Denial::find(text).filter(Denial::is_precise)?;
    if denial.action.as_deref() == Some("lambda:InvokeFunction") && denial.resource.is_none() {
        denial.resource = Some(function.map_or_else(|| "the hook function".to_owned(), str::to_owned));
    }
    Some(denial.next_step(""))
}

fn say(text: &str) -> Option<String> {
    match known::step_for(text)? {
        Step::Say(step) => Some(step.to_owned()),
        HookFailed | HookSilent => None,
    }
}

/// The message of AWS, if it is not known here: a guess could send the reader to the wrong place.
fn repeated(code: &str, message: &str) -> Option<String> {
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
    Some(format!("{place}; AWS reported: \"{}\"{beside}", safe(inner.text, QUOTED)))
}

fn by_code(code: &str, seen: Seen<'_>) -> Option<String> {
    let step = match code {
        "ALARM_ACTIVE" => {
            // By the time someone looks, these alarms may be OK again and others in ALARM.
            let mut names = activated(seen.error.map_or("", |error| &error.message));
            if names.is_empty() {
                names.extend(seen.evidence.alarms.iter().map(|alarm| alarm.name.as_str()));
            }
            let names: Vec<String> = names.into_iter().take(3).map(shown).collect();
            let which = if names.is_empty() { "the alarms of the group".to_owned() } else { names.join(", ") };
            return Some(format!(
                "look at {which} at the time of the deployment, fix the new version, then deploy again"
            ));
        }
        "HOOK_EXECUTION_FAILURE" => {
            let event = seen.event.map_or("the lifecycle event", |event| &event.name);
            return Some(hook_step(seen.function, event, HookFailed));
        }
        "MISSING_ELB_INFORMATION" => "give the deployment group two target groups and a production listener",
        "IAM_ROLE_MISSING" => "give the deployment group a service role that exists",
        "REVISION_MISSING" => "upload the AppSpec again: the object or its version no longer exists",
        "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND" => {
            "check that application, deployment group and deployment config still exist in this region"
        }
        "CUSTOMER_APPLICATION_UNHEALTHY" => {
            "check the stopped tasks and target health of the green task set: the new version does not become healthy"
        }
        "MANUAL_STOP" => "find out who stopped it (StopDeployment in CloudTrail), then deploy again",
        "THROTTLED" => "deploy again later, with fewer tools that call AWS in this account at once",
        "INTERNAL_ERROR" => "deploy again; if the error recurs, contact AWS Support with the deployment ID",
        "CLOUDFORMATION_STACK_FAILURE" => "check the events of the CloudFormation stack that created this deployment",
        _ => return None,
    };
    Some(step.to_owned())
}

/// The alarms that stopped a deployment: `… Activated alarms: <NAME> <NAME>`.
fn activated(message: &str) -> Vec<&str> {
    let list = message.split_once("Activated alarms: ").map_or("", |(_, list)| list.trim());
    let names = list.strip_prefix('<').and_then(|list| list.strip_suffix('>'));
    names.map(|names| names.split("> <").collect()).unwrap_or_default()
}

/// What a hook function must do, and where it logs.
/// <https://docs.aws.amazon.com/codedeploy/latest/userguide/tutorial-ecs-with-hooks-create-hooks.html>
fn hook_step(function: Option<&str>, event: &str, kind: Step) -> String {
    let (name, log) = match function.map(function_name) {
        Some(name) => (shown(name), format!(" (log group /aws/lambda/{})", shown(name))),
        None => (format!("of {}", shown(event)), String::new()),
    };
    if kind == HookSilent {
        format!(
            "let the hook function {name} call PutLifecycleEventHookExecutionStatus with deploymentId and \
             lifecycleEventHookExecutionId within one hour: check its log{log}, its time-out, its permission \
             codedeploy:PutLifecycleEventHookExecutionStatus, and in a VPC its route to CodeDeploy"
        )
    } else {
        format!(
            "read the log of the hook function {name}{log}: it reported Failed or ended with an error; within one hour \
             it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status \
             Succeeded"
        )
    }
}

/// The name in `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:ALIAS]`, and in `NAME[:ALIAS]`.
fn function_name(function: &str) -> &str {
    let name = function.split_once(":function:").map_or(function, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}
