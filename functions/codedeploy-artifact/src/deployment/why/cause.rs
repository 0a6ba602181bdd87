//! Known causes: from what was seen to one next step.
//!
//! The most concrete source wins: what a stopped task says of itself, then the sentence of AWS, then its error code.

use super::evidence::Evidence;
use crate::deployment::observation::ErrorInfo;
use crate::deployment::target::LifecycleEvent;
use crate::error::shown;

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
    let stopped_by_choice = matches!(code, "MANUAL_STOP" | "ALARM_ACTIVE" | "HOOK_EXECUTION_FAILURE");
    let of_tasks = if stopped_by_choice { None } else { by_tasks(seen.evidence) };
    of_tasks
        .or_else(|| by_message(seen))
        .map(str::to_owned)
        .or_else(|| by_code(code, seen))
        .or_else(|| seen.event.map(|event| hook_step(seen.function, &event.name)))
        .unwrap_or_else(|| {
            format!(
                "look at the events of the ECS service, and at `aws deploy get-deployment --deployment-id {}`",
                shown(seen.deployment)
            )
        })
}

fn by_tasks(evidence: &Evidence) -> Option<&'static str> {
    let texts: Vec<String> = evidence
        .tasks
        .iter()
        .flat_map(|task| {
            let reasons = task.containers.iter().filter_map(|container| container.reason.as_deref());
            task.stopped_reason.as_deref().into_iter().chain(reasons)
        })
        .map(str::to_lowercase)
        .collect();
    let known = TASKS.iter().find(|(part, _)| texts.iter().any(|text| text.contains(part)));
    let exit_codes = || evidence.tasks.iter().flat_map(|task| task.containers.iter().filter_map(|one| one.exit_code));
    match known {
        Some((_, step)) => Some(step),
        None if exit_codes().any(|code| code == 137) => Some(OUT_OF_MEMORY),
        None if exit_codes().any(|code| code != 0) => Some("read the log of the container that exited"),
        None if !evidence.targets.is_empty() => Some(UNHEALTHY),
        None => None,
    }
}

const OUT_OF_MEMORY: &str = "give the container more memory: it was killed (exit code 137 is SIGKILL)";
const UNHEALTHY: &str = "check that the container answers the health check path and port of the target group with the \
                         expected code in time, and that its security group lets the load balancer in";

/// Parts of what ECS says of a stopped task, in lower case.
const TASKS: &[(&str, &str)] = &[
    ("exec format error", "build the image for the CPU architecture of the task definition (runtimePlatform)"),
    (
        "cannotpullcontainererror",
        "check that the image and its tag exist, that the execution role may pull it, and that the subnets reach the \
         registry (NAT, or endpoints for ECR and S3)",
    ),
    ("outofmemory", OUT_OF_MEMORY),
    (
        "resourceinitializationerror",
        "check that the execution role may read the secrets, parameters and log group that the task definition names, \
         and that the subnets reach their endpoints",
    ),
    ("failed elb health checks", UNHEALTHY),
    ("failed container health checks", "run the health check command of the container in its image"),
    ("capacity is unavailable", "wait, or add FARGATE to the capacity provider strategy"),
];

fn by_message(seen: Seen<'_>) -> Option<&'static str> {
    let diagnostics = seen.event.and_then(|event| event.diagnostics.as_ref()?.message.as_deref());
    let sentences = seen.error.map(|error| error.message.as_str()).into_iter().chain(diagnostics);
    let sentences: Vec<String> =
        sentences.chain(seen.messages.iter().map(String::as_str)).map(str::to_lowercase).collect();
    let known = MESSAGES.iter().find(|(part, _)| sentences.iter().any(|sentence| sentence.contains(part)));
    known.map(|(_, step)| *step)
}

/// Parts of what CodeDeploy, CodePipeline and the AWS CLI say, in lower case; the most special ones first.
pub(super) const MESSAGES: &[(&str, &str)] = &[
    (
        "revision is a null file",
        "give the AppSpec as a bare file with bundleType YAML or JSON: a zip is for CodePipeline only",
    ),
    (
        "appspec file cannot be located",
        "check bucket, key and version of the revision; the bucket must be in the region of the deployment",
    ),
    ("not a well-formed yaml", "write the AppSpec as YAML or JSON; LoadBalancerInfo must be a map, not a list"),
    (
        "missing or has an invalid configuration",
        "compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide",
    ),
    ("an appspec file is required", "name the AppSpec in the artifact as the action expects it (AppSpecTemplatePath)"),
    ("does not exist in the task definition", "set ContainerName of the AppSpec to a container of the task definition"),
    ("did not have a container port", "set ContainerPort of the AppSpec to a port that the container maps"),
    ("invalid revision number", "name the task definition by an ARN that ends in a number"),
    (
        "must be behind listener",
        "point the production listener at the target group of the primary task set; infrastructure code must ignore \
         changes of the listener's default action",
    ),
    (
        "only alb supports gradual traffic",
        "use CodeDeployDefault.ECSAllAtOnce: a Network Load Balancer cannot shift traffic in steps",
    ),
    (
        "replacement task set to become healthy",
        "look at the stopped tasks and unhealthy targets of the green task set: `aws ecs describe-tasks`, target health",
    ),
    (
        "waiting for a notification to continue",
        "continue the next one in time (`codedeploy-artifact continue ID`), or raise waitTimeInMinutes of the group",
    ),
    (
        "exception while trying to read the task definition artifact file",
        "set TaskDefinitionTemplatePath to the name in the artifact, and keep the artifact below 3 MB",
    ),
    ("exception while trying to read the image artifact file", "name the file imageDetail.json in the image artifact"),
    (
        "failed to return a result",
        "check that the Lambda function may call codepipeline:PutJobSuccessResult, and read its log",
    ),
    ("unknown parameter in input", "remove the response-only members: `codedeploy-artifact generate` does"),
    ("rollback is not possible", "fix the cause and deploy again: nothing was installed, so nothing is to undo"),
];

fn by_code(code: &str, seen: Seen<'_>) -> Option<String> {
    let step = match code {
        "ALARM_ACTIVE" => {
            let names: Vec<String> = seen.evidence.alarms.iter().take(3).map(|alarm| shown(&alarm.name)).collect();
            let which = if names.is_empty() { "the alarms of the group".to_owned() } else { names.join(", ") };
            return Some(format!("look at {which} at the time of the deployment, fix the new version, deploy again"));
        }
        "HOOK_EXECUTION_FAILURE" => {
            return Some(hook_step(seen.function, seen.event.map_or("the lifecycle event", |event| &event.name)));
        }
        "ECS_UPDATE_ERROR" => {
            "compare container, port and revision of the AppSpec with the task definition, then look at the events of \
             the ECS service"
        }
        "ELASTIC_LOAD_BALANCING_INVALID" => {
            "check that both target groups of the deployment group exist, have target type ip, and belong to its \
             listeners"
        }
        "MISSING_ELB_INFORMATION" => "give the deployment group two target groups and a production listener",
        "IAM_ROLE_MISSING" => "give the deployment group a service role that exists",
        "IAM_ROLE_PERMISSIONS" => {
            "attach AWSCodeDeployRoleForECS to the service role of the group, with iam:PassRole for the task roles and \
             lambda:InvokeFunction for the hooks"
        }
        "INVALID_ECS_SERVICE" => {
            "check that the service of the group exists, is ACTIVE, and has deployment controller CODE_DEPLOY"
        }
        "INVALID_REVISION" => {
            "compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and give it as bare \
             YAML or JSON"
        }
        "REVISION_MISSING" => "upload the AppSpec again: the object or its version is gone",
        "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND" => {
            "check that application, deployment group and deployment config still exist in this region"
        }
        "CUSTOMER_APPLICATION_UNHEALTHY" => {
            "look at the stopped tasks and target health of the green task set: the new version does not get healthy"
        }
        "MANUAL_STOP" => "ask who stopped it (StopDeployment in CloudTrail), and deploy again when that is settled",
        "TIMEOUT" => "look at what the last lifecycle event under way waits for: it took longer than CodeDeploy allows",
        "RESOURCE_LIMIT_EXCEEDED" => "raise the quota that the message names, or remove what is no longer needed",
        "THROTTLED" => "deploy again later, and have fewer tools poll this account at once",
        "INTERNAL_ERROR" => "deploy again; if it comes back, give AWS Support the deployment id",
        "CLOUDFORMATION_STACK_FAILURE" => "look at the events of the CloudFormation stack that made this deployment",
        _ => return None,
    };
    Some(step.to_owned())
}

fn hook_step(function: Option<&str>, event: &str) -> String {
    match function {
        Some(function) => format!(
            "read the log of function {}: within one hour it must call PutLifecycleEventHookExecutionStatus with \
             Succeeded",
            shown(function)
        ),
        None => format!(
            "read the log of the function behind {}: within one hour it must call \
             PutLifecycleEventHookExecutionStatus with Succeeded",
            shown(event)
        ),
    }
}
