//! The failure block.

use std::time::Duration;

use expect_test::{Expect, expect};

use super::*;
use crate::artifact::appspec::Hook;
use crate::deployment::evidence::{ContainerExit, FiredAlarm, Skipped, UnhealthyTarget};
use crate::deployment::history::History;
use crate::deployment::tests::world::{START, World, auto, play, waits, watch};
use crate::deployment::{
    Deployment, DeploymentStatus, Diagnostics, ErrorInfo, LifecycleEvent, LifecycleStatus, TrafficRouting, Until,
};

/// A failed hook, rolled back.
pub(crate) fn failed_hook() -> Followed {
    let group = waits(0, 5);
    let world = World::default()
        .with(
            "d-1",
            group,
            auto(true),
            "0   InProgress BeforeInstall+ Install> AfterInstall. AllowTraffic. blue=100:2/2 green=0:1/2+1
             20  Install+ AfterInstall> green=0:2/2
             50  AfterInstall! AllowTraffic~ Failed rollback=d-2 refuses=Rolled_back_by_d-2
             50  error=HOOK_EXECUTION_FAILURE:A_lifecycle_event_hook_failed",
        )
        .with("d-2", group, None, "0 InProgress Install>\n 90 Succeeded Install+");
    let played = play(&world, watch(&group, TrafficRouting::AllAtOnce, Until::Succeeded), || 200);
    let mut followed = played.follow.followed(played.now_ms + 5);
    followed.evidence.hooks = vec![(Hook::AfterInstall, "web-smoke-test".to_owned())];
    followed
}

/// Tasks that never get healthy, with everything that can be known.
pub(crate) fn unhealthy() -> Followed {
    let group = waits(0, 5);
    let world = World::default().with(
        "d-1",
        group,
        auto(false),
        "0    InProgress BeforeInstall~ Install> AllowTraffic. blue=100:2/2 green=0:0/2+2
         3600 Install~ AllowTraffic~ Failed error=TIMEOUT:The_deployment_timed_out_while_waiting_for_the_replacement\
         _task_set_to_become_healthy.",
    );
    let played = play(&world, watch(&group, TrafficRouting::AllAtOnce, Until::Succeeded), || 200);
    let mut followed = played.follow.followed(played.now_ms);
    followed.evidence.tasks = (0..7)
        .map(|number| StoppedTask {
            id: format!("task-{number}"),
            stop_code: Some("EssentialContainerExited".to_owned()),
            stopped_reason: Some("Essential container in task exited".to_owned()),
            containers: vec![
                ContainerExit {
                    name: "app".to_owned(),
                    exit_code: Some(137),
                    reason: Some("OutOfMemoryError: Container killed due to memory usage".to_owned()),
                    ..ContainerExit::default()
                },
                ContainerExit { name: "proxy".to_owned(), ..ContainerExit::default() },
            ],
            ..StoppedTask::default()
        })
        .collect();
    followed.evidence.tasks.truncate(6);
    followed.evidence.targets = vec![UnhealthyTarget {
        target_group: "tg-green".to_owned(),
        id: "10.0.0.7".to_owned(),
        port: 8080,
        state: "unhealthy".to_owned(),
        reason: Some("Target.ResponseCodeMismatch".to_owned()),
        description: Some("Health checks failed with these codes: [502]".to_owned()),
    }];
    followed.evidence.alarms = vec![FiredAlarm {
        name: "web-5xx".to_owned(),
        reason: Some("Threshold Crossed: 1 datapoint".to_owned()),
        data: None,
        ..FiredAlarm::default()
    }];
    followed.evidence.skipped = vec![Skipped {
        what: "service events".to_owned(),
        why: "ecs:DescribeServices is denied".to_owned(),
        denied: true,
    }];
    followed
}

fn check(followed: &Followed, expect: &Expect) {
    expect.assert_eq(&format!("{}\n", why(followed).unwrap()));
}

#[test]
fn a_failed_hook_names_its_function_and_log() {
    check(
        &failed_hook(),
        &expect![[r#"
            deployment d-1 failed; rollback d-2 succeeded: the previous version serves; probable cause: hook function failed: web-smoke-test (AfterInstall)
              error: HOOK_EXECUTION_FAILURE: A lifecycle event hook failed
              lifecycle event: AfterInstall failed after 30 s, function web-smoke-test
                ScriptFailed: The function answered Failed
                | GET /health
                | 502 Bad Gateway
              rollback: Rolled back by d-2
              now serving: the previous version
              next: read the log of the hook function web-smoke-test (log group /aws/lambda/web-smoke-test): it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded
        "#]],
    );
}

#[test]
fn everything_that_can_be_known() {
    check(
        &unhealthy(),
        &expect![[r#"
            deployment d-1 failed and was not rolled back; probable cause: out of memory: container app
              causes, the most probable first:
                1. out of memory: container app
                   6 stopped tasks, the newest green task task-0 stopped: Essential container in task exited; container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
                2. health check fails: Health checks failed with these codes: [502]
                   target 10.0.0.7:8080 in tg-green: unhealthy: Target.ResponseCodeMismatch: Health checks failed with these codes: [502]
              error: TIMEOUT: The deployment timed out while waiting for the replacement task set to become healthy.
              stopped tasks of the green task set:
                task-0: Essential container in task exited (EssentialContainerExited)
                  container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
                  container proxy: never ran
                task-1: Essential container in task exited (EssentialContainerExited)
                  container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
                  container proxy: never ran
                task-2: Essential container in task exited (EssentialContainerExited)
                  container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
                  container proxy: never ran
                task-3: Essential container in task exited (EssentialContainerExited)
                  container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
                  container proxy: never ran
                task-4: Essential container in task exited (EssentialContainerExited)
                  container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
                  container proxy: never ran
                and 1 more
              unhealthy targets:
                10.0.0.7:8080 in tg-green: unhealthy, Target.ResponseCodeMismatch, Health checks failed with these codes: [502]
              alarms that fired:
                web-5xx: Threshold Crossed: 1 datapoint
              could not check:
                service events: ecs:DescribeServices is denied
              now serving: the previous version
              next: give the container more memory: it was killed (exit code 137 is SIGKILL)
        "#]],
    );
}

#[test]
fn a_wait_that_is_over_says_how_to_go_on() {
    let group = waits(0, 5);
    let world = World::default().with("d-1", group, auto(true), "0 InProgress Install> blue=70:2/2 green=30:2/2");
    let mut watch = watch(&group, TrafficRouting::AllAtOnce, Until::Succeeded);
    watch.budget = watch.budget.limited_to(Duration::from_mins(1));
    let played = play(&world, watch, || 200);
    check(
        &played.follow.followed(played.now_ms),
        &expect![[r#"
            wait for deployment d-1 timed out; the deployment is still in progress
              now serving: both versions: 70% the one before this deployment, 30% the one it deploys
              next: resume waiting with `codedeploy-artifact wait d-1` and a longer --timeout
        "#]],
    );
}

#[test]
fn nothing_to_say_while_all_is_well() {
    let group = waits(0, 0);
    let world = World::default().with("d-1", group, auto(true), "0 InProgress Install>\n 60 Succeeded");
    let played = play(&world, watch(&group, TrafficRouting::AllAtOnce, Until::Succeeded), || 200);
    assert_eq!(why(&played.follow.followed(played.now_ms)), None);
    let fresh = crate::deployment::Follow::new(watch(&group, TrafficRouting::AllAtOnce, Until::Ready), START);
    assert_eq!(why(&fresh.followed(START)), None);
}

/// A deployment that failed with nothing but this error.
fn failed(code: &str, message: &str) -> Followed {
    let mut deployment = Deployment::new("d-1", DeploymentStatus::Failed);
    deployment.error = Some(ErrorInfo { code: code.to_owned(), message: message.to_owned() });
    Followed {
        deployment,
        target: None,
        rollback: None,
        verdict: None,
        waited: Duration::ZERO,
        evidence: Evidence::default(),
        stopped_by: None,
        history: History::default(),
    }
}

/// The error codes that an ECS deployment can end with: `ErrorCode` in the service model of CodeDeploy.
const CODES: [&str; 18] = [
    "ALARM_ACTIVE",
    "ECS_UPDATE_ERROR",
    "ELASTIC_LOAD_BALANCING_INVALID",
    "HOOK_EXECUTION_FAILURE",
    "IAM_ROLE_MISSING",
    "IAM_ROLE_PERMISSIONS",
    "INVALID_ECS_SERVICE",
    "INVALID_REVISION",
    "MANUAL_STOP",
    "MISSING_ELB_INFORMATION",
    "REVISION_MISSING",
    "RESOURCE_LIMIT_EXCEEDED",
    "CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND",
    "CUSTOMER_APPLICATION_UNHEALTHY",
    "THROTTLED",
    "TIMEOUT",
    "INTERNAL_ERROR",
    "CLOUDFORMATION_STACK_FAILURE",
];

#[test]
fn every_code_has_its_own_next_step() {
    let step = |code: &str, message: &str| why(&failed(code, message)).unwrap().next_step;
    let fallback = step("NEVER_SEEN", "x");
    let mut lines = vec![format!("NEVER_SEEN: {fallback}")];
    for code in CODES {
        let found = step(code, "x");
        assert_ne!(found, fallback, "{code}");
        lines.push(format!("{code}: {found}"));
    }
    let mut distinct: Vec<&String> = lines.iter().collect();
    distinct.dedup();
    assert_eq!(distinct.len(), CODES.len() + 1);
    expect![[r#"
        NEVER_SEEN: check the deployment in the CodeDeploy console and the ECS service events; AWS reported: "x"
        ALARM_ACTIVE: look at the alarms of the group at the time of the deployment, fix the new version, then deploy again
        ECS_UPDATE_ERROR: check the ECS service events; AWS reported: "x"
        ELASTIC_LOAD_BALANCING_INVALID: check the listeners and target groups of the deployment group; AWS reported: "x"
        HOOK_EXECUTION_FAILURE: read the log of the hook function of the lifecycle event: it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded
        IAM_ROLE_MISSING: give the deployment group a service role that exists
        IAM_ROLE_PERMISSIONS: check the policies of the service role of the deployment group; AWS reported: "x"
        INVALID_ECS_SERVICE: check the ECS service events; AWS reported: "x"
        INVALID_REVISION: check the AppSpec and its revision; AWS reported: "x"
        MANUAL_STOP: find out who stopped it (StopDeployment in CloudTrail), then deploy again
        MISSING_ELB_INFORMATION: give the deployment group two target groups and a production listener
        REVISION_MISSING: upload the AppSpec again: the object or its version no longer exists
        RESOURCE_LIMIT_EXCEEDED: check the quota named in the message; AWS reported: "x"
        CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND: check that application, deployment group and deployment config still exist in this region
        CUSTOMER_APPLICATION_UNHEALTHY: check the stopped tasks and target health of the green task set: the new version does not become healthy
        THROTTLED: deploy again later, with fewer tools that call AWS in this account at once
        TIMEOUT: check the ECS service events; AWS reported: "x"
        INTERNAL_ERROR: deploy again; if the error recurs, contact AWS Support with the deployment ID
        CLOUDFORMATION_STACK_FAILURE: check the events of the CloudFormation stack that created this deployment
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}

/// As CodeDeploy wraps an answer of ECS.
fn of_ecs(code: &str, text: &str) -> String {
    format!(
        "The ECS service cannot be updated due to an unexpected error: {text} (Service: AmazonECS; Status Code: 400; Error \
         Code: {code}; Request ID: 01234567-89ab-cdef-0123-456789abcdef; Proxy: null). Check your ECS service status."
    )
}

#[test]
fn the_innermost_sentence_decides() {
    let role = "arn:aws:sts::123456789012:assumed-role/CodeDeployRole/s";
    let cases = [
        ("InvalidParameterException", "The container web does not exist in the task definition."),
        ("InvalidParameterException", "The container web did not have a container port 443 defined."),
        ("InvalidParameterException", "Invalid revision number. Number: latest"),
        ("ClientException", "TaskDefinition is inactive"),
        (
            "InvalidParameterException",
            "The target group with targetGroupArn arn:aws:x does not have an associated load balancer.",
        ),
        (
            "PlatformTaskDefinitionIncompatibilityException",
            "One or more of the requested capabilities are not supported.",
        ),
        ("InvalidParameterException", "Unable to create a task set because 5 deployments exist already."),
        (
            "InvalidParameterException",
            "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        ),
        (
            "InvalidParameterException",
            "Error retrieving security group information for [sg-1]: The security group 'sg-1' does not exist",
        ),
        (
            "InvalidParameterException",
            "Error retrieving subnet information for [subnet-1]: The subnet ID 'subnet-1' does not exist",
        ),
        ("PlatformUnknownException", "The specified platform version 1.9.0 is not valid"),
        ("InvalidParameterException", "No Container Instances were found in your cluster."),
        (
            "InvalidParameterException",
            "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster.",
        ),
    ];
    let mut lines: Vec<String> = Vec::new();
    for (code, text) in cases {
        lines.push(why(&failed("ECS_UPDATE_ERROR", &of_ecs(code, text))).unwrap().next_step);
    }
    let pass_role = format!(
        "User: {role} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/task because no \
         identity-based policy allows the iam:PassRole action"
    );
    lines.push(why(&failed("ECS_UPDATE_ERROR", &of_ecs("AccessDeniedException", &pass_role))).unwrap().next_step);
    lines.push(
        why(&failed("ECS_UPDATE_ERROR", &of_ecs("ServerException", "Something that nobody has seen.")))
            .unwrap()
            .next_step,
    );
    expect![[r#"
        set ContainerName in the AppSpec to a container of the task definition
        set ContainerPort in the AppSpec to a port that the container maps
        name the task definition by an ARN that ends in a number
        name an ACTIVE revision in the AppSpec, or register the task definition again: an INACTIVE revision starts no new tasks
        forward a listener rule of the load balancer to the target group: both target groups of the deployment group must be attached to its listeners
        set PlatformVersion in the AppSpec to LATEST: the task definition uses features that the requested platform version or launch type does not have
        wait until the earlier deployments of the service have ended, or delete its leftover task sets with `aws ecs delete-task-set --force` (`aws ecs describe-services` lists them)
        create the role with `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`, or restore its permissions
        name security groups of the VPC of the service in NetworkConfiguration of the AppSpec
        name subnets that exist in NetworkConfiguration of the AppSpec
        set PlatformVersion in the AppSpec to LATEST, or to a version that AWS Fargate has, such as 1.4.0
        register container instances with the cluster, or use FARGATE: set requiresCompatibilities in the task definition
        associate the capacity provider with the cluster (`aws ecs put-cluster-capacity-providers`), or name one of the cluster in CapacityProviderStrategy of the AppSpec
        allow iam:PassRole on arn:aws:iam::123456789012:role/task to role CodeDeployRole in an identity-based policy
        check the ECS service events; AWS reported: "Something that nobody has seen" (ServerException)
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn sentences_of_codedeploy_and_of_ecs_deployments() {
    let cases = [
        ("INVALID_REVISION", "The deployment specifies that the revision is a null file, but it is a zip file."),
        ("INVALID_REVISION", "The AppSpec file cannot be located in the specified S3 bucket."),
        (
            "ELASTIC_LOAD_BALANCING_INVALID",
            "The ELB could not be updated due to the following error: Primary taskset target group must be behind listener arn:aws:x",
        ),
        (
            "ELASTIC_LOAD_BALANCING_INVALID",
            "The ELB could not be updated due to the following error: A thing that is new",
        ),
        (
            "TIMEOUT",
            "The deployment timed out while waiting for a notification to continue. This time out period is 5 minutes.",
        ),
        (
            "TIMEOUT",
            "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.",
        ),
        (
            "TIMEOUT",
            "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.",
        ),
        (
            "HOOK_EXECUTION_FAILURE",
            "The deployment failed because one or more of the lifecycle event validation functions failed.",
        ),
        (
            "IAM_ROLE_PERMISSIONS",
            "The IAM role arn:aws:iam::123456789012:role/CodeDeployRole does not give you permission to perform operations in the following AWS service: AWSLambda. Contact your AWS administrator if you need help.",
        ),
        (
            "IAM_ROLE_PERMISSIONS",
            "The IAM role arn:aws:iam::123456789012:role/CodeDeployRole does not give you permission to perform operations in the following AWS service: AmazonECS.",
        ),
        ("NEW_CODE", "A sentence with a new code."),
        (
            "",
            "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:x returned FAILED status.",
        ),
        (
            "",
            "Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to assume role arn:aws:iam::1:role/hook",
        ),
        (
            "",
            "deployment failed: Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from arn:aws:lambda:x due to: HookStatus must not be null.",
        ),
        ("", "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out."),
        (
            "",
            "Service deployment rolled back because of invalid networking configuration. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role 'arn:aws:iam::1:role/infra'.",
        ),
        ("", "Service deployment rolled back because the circuit breaker threshold was exceeded."),
        ("", "The provided role does not have sufficient permissions to access CodeDeploy"),
        (
            "",
            "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0",
        ),
        ("", "Access Denied"),
        ("INVALID_ECS_SERVICE", "The ECS service does not exist in the cluster."),
    ];
    let lines: Vec<String> = cases.iter().map(|(code, text)| why(&failed(code, text)).unwrap().next_step).collect();
    expect![[r#"
        give the AppSpec as a bare file with bundleType YAML or JSON: a zip is for CodePipeline only
        check bucket, key and version of the revision; the bucket must be in the region of the deployment
        point the test listener, the production listener and their rules at the target group of the primary task set; `codedeploy-artifact check --online` prints the command for each that does not
        check the listeners and target groups of the deployment group; AWS reported: "A thing that is new"
        continue the next one in time (`codedeploy-artifact continue ID`), or raise waitTimeInMinutes of the group
        look at the stopped tasks and unhealthy targets of the green task set: `aws ecs describe-tasks`, target health
        let the hook function of the lifecycle event call PutLifecycleEventHookExecutionStatus with deploymentId and lifecycleEventHookExecutionId within one hour: check its log, its time-out, its permission codedeploy:PutLifecycleEventHookExecutionStatus, and in a VPC its route to CodeDeploy
        read the log of the hook function of the lifecycle event: it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded
        allow lambda:InvokeFunction on the hook function to role CodeDeployRole
        attach the managed policy AWSCodeDeployRoleForECS to role CodeDeployRole: it has no permission for AmazonECS
        check the deployment in the CodeDeploy console and the ECS service events; AWS reported: "A sentence with a new code"
        read the log of the lifecycle hook function that the message names: it returned hookStatus FAILED
        let ecs.amazonaws.com assume the role that the message names in its trust policy
        let the lifecycle hook function return {"hookStatus": "SUCCEEDED"}, FAILED or IN_PROGRESS
        continue the next one in time, or give the pause hook more time
        attach AmazonECSInfrastructureRolePolicyForLoadBalancers to the infrastructure role that the message names
        look at the stopped tasks of the new revision: they did not start or stay healthy
        allow the codedeploy actions of the CodeDeployToECS action to its role in CodePipeline; CloudTrail names the denied one
        find the denied action with `aws sts decode-authorization-message` and allow it; AWS reported: "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0"
        find the denied action in CloudTrail and allow it; AWS reported: "Access Denied"
        check that the service and the cluster of the deployment group exist, are ACTIVE, and that the service has the deployment controller CODE_DEPLOY
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn a_hook_is_named_with_its_log_group() {
    let mut followed = failed_hook();
    let function = "arn:aws:lambda:eu-west-1:123456789012:function:smoke:live";
    followed.evidence.hooks = vec![(Hook::AfterInstall, function.to_owned())];
    let step = |message: &str, followed: &mut Followed| {
        followed.deployment.error = Some(ErrorInfo { code: "TIMEOUT".to_owned(), message: message.to_owned() });
        why(followed).unwrap().next_step
    };
    let silent = "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within \
                  one hour after a deployment hook is invoked.";
    expect!["let the hook function smoke call PutLifecycleEventHookExecutionStatus with deploymentId and lifecycleEventHookExecutionId within one hour: check its log (log group /aws/lambda/smoke), its time-out, its permission codedeploy:PutLifecycleEventHookExecutionStatus, and in a VPC its route to CodeDeploy"].assert_eq(&step(silent, &mut followed));
    let denied = "The IAM role arn:aws:iam::123456789012:role/CodeDeployRole does not give you permission to perform \
                  operations in the following AWS service: AWSLambda.";
    expect!["allow lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:smoke:live to role CodeDeployRole"].assert_eq(&step(denied, &mut followed));
}

#[test]
fn denials_inside_stopped_tasks_name_action_and_policy() {
    let user = "User: arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/t is not authorized to perform:";
    let cases = [
        format!("CannotPullContainerError: pull image manifest has been retried 1 time(s): denied: {user} ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/shop because no resource-based policy allows the ecr:BatchGetImage action"),
        format!("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:db from secrets manager: operation error Secrets Manager: GetSecretValue, https response error StatusCode: 400, RequestID: 0, api error AccessDeniedException: {user} secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db because no identity-based policy allows the secretsmanager:GetSecretValue action"),
        "CannotPullContainerError: pull access denied for shop, repository does not exist or may require 'docker login'".to_owned(),
        "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: Access to KMS is not allowed".to_owned(),
        "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/task' that was provided for this task. Please verify that the role being passed has the proper trust relationship".to_owned(),
        "CannotCreateVolumeError: Get \"http://169.254.170.2/x\": something new".to_owned(),
    ];
    let steps: Vec<String> = cases
        .iter()
        .map(|reason| {
            let mut followed = failed("TIMEOUT", "timed out");
            followed.evidence.tasks =
                vec![StoppedTask { stopped_reason: Some(reason.clone()), ..StoppedTask::default() }];
            why(&followed).unwrap().next_step
        })
        .collect();
    expect![[r#"
        allow ecr:BatchGetImage to role ecsTaskExecutionRole in the repository policy of arn:aws:ecr:eu-west-1:123456789012:repository/shop
        allow secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:123456789012:secret:db to role ecsTaskExecutionRole in an identity-based policy
        correct the image, or set repositoryCredentials: the registry does not have it or does not show it without a login (image shop)
        check that the execution role may read the secrets, parameters and log group that the task definition names, and that the subnets reach their endpoints
        let ecs-tasks.amazonaws.com assume the task role and the execution role in their trust policies
        check the stopped task; Amazon ECS reported: "CannotCreateVolumeError: Get "http://169.254.170.2/x": something new"
    "#]].assert_eq(&(steps.join("\n") + "\n"));
}

#[test]
fn a_task_that_was_scaled_in_is_no_cause() {
    let mut followed = failed("ECS_UPDATE_ERROR", &of_ecs("ClientException", "TaskDefinition is inactive"));
    let container = ContainerExit { name: "app".to_owned(), exit_code: Some(137), ..ContainerExit::default() };
    let reason = Some("Scaling activity initiated by (deployment ecs-svc/1)".to_owned());
    followed.evidence.tasks =
        vec![StoppedTask { stopped_reason: reason, containers: vec![container], ..StoppedTask::default() }];
    assert!(why(&followed).unwrap().next_step.contains("ACTIVE revision"));
}

/// A command that ends is no fault of its own, but the task stops with it.
#[test]
fn an_essential_container_that_ends_well_is_a_cause() {
    let mut followed = failed("TIMEOUT", "timed out");
    let container = ContainerExit { name: "app".to_owned(), exit_code: Some(0), ..ContainerExit::default() };
    followed.evidence.tasks = vec![StoppedTask {
        stop_code: Some("EssentialContainerExited".to_owned()),
        stopped_reason: Some("Essential container in task exited".to_owned()),
        containers: vec![container],
        ..StoppedTask::default()
    }];
    let step = why(&followed).unwrap().next_step;
    assert!(step.contains("\"essential\": false") && step.contains("exit code 0"), "{step}");
}

#[test]
fn reasons_of_targets_are_read() {
    let mut followed =
        failed("TIMEOUT", "The deployment timed out while waiting for the replacement task set to become healthy.");
    let reason = Some("Target.Timeout".to_owned());
    followed.evidence.targets =
        vec![UnhealthyTarget { state: "unhealthy".to_owned(), reason, ..UnhealthyTarget::default() }];
    let step = why(&followed).unwrap().next_step;
    assert!(step.contains("security group of the tasks"), "{step}");
}

#[test]
fn stopped_tasks_say_more_than_the_code() {
    let task = |reason: &str, exit_code| {
        let mut followed = failed("TIMEOUT", "timed out");
        let container = ContainerExit {
            name: "app".to_owned(),
            exit_code,
            reason: Some(reason.to_owned()),
            ..ContainerExit::default()
        };
        followed.evidence.tasks = vec![StoppedTask { containers: vec![container], ..StoppedTask::default() }];
        why(&followed).unwrap().next_step
    };
    for (reason, code, expected) in [
        ("CannotPullContainerError: pull image manifest has been retried", None, "image and its tag exist"),
        ("CannotStartContainerError: exec format error", Some(1), "CPU architecture"),
        ("ResourceInitializationError: unable to pull secrets", None, "execution role"),
        ("Task failed ELB health checks in (target-group tg)", Some(0), "health check path"),
        ("", Some(137), "more memory"),
        ("", Some(3), "log of the container"),
        ("", Some(0), "timed out"),
    ] {
        assert!(task(reason, code).contains(expected), "{reason} {code:?}: {}", task(reason, code));
    }
}

#[test]
fn foreign_text_is_bounded_and_cannot_forge_lines() {
    let mut followed = failed("X\n\u{1b}[31m", &"long ".repeat(1000));
    let log = (0..50).map(|line| format!("line {line} \u{1b}[2J\r")).collect::<Vec<_>>().join("\n");
    followed.target = Some(crate::deployment::Target {
        id: "c:s".to_owned(),
        status: crate::deployment::TargetStatus::Failed,
        lifecycle_events: vec![LifecycleEvent {
            name: "After\nInstall".to_owned(),
            status: LifecycleStatus::Failed,
            start_ms: None,
            end_ms: None,
            diagnostics: Some(Diagnostics { log_tail: Some(log), ..Diagnostics::default() }),
        }],
        task_sets: Vec::new(),
    });
    let block = why(&followed).unwrap().to_string();
    assert!(!block.contains('\u{1b}') && !block.contains('\r'), "{block}");
    assert!(block.contains("line 49") && !block.contains("line 29 "), "{block}");
    assert_eq!(block.lines().count(), 5 + LOG_LINES, "{block}");
    assert!(block.lines().all(|line| line.chars().count() < 700));
}

/// As recorded, with one and two alarms.
#[test]
fn the_alarms_that_stopped_a_deployment_are_named_before_those_that_fire_now() {
    let step = |message: &str, fires_now: &str| {
        let mut followed = failed("ALARM_ACTIVE", message);
        followed.evidence.alarms = vec![FiredAlarm { name: fires_now.to_owned(), ..FiredAlarm::default() }];
        why(&followed).unwrap().next_step
    };
    let check = |message: &str, expect: &str| {
        let step = step(message, "web-cpu");
        assert!(step.starts_with(&format!("look at {expect} at the time of the deployment")), "{message}: {step}");
    };
    let begins = "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and \
                  the affected deployments have been stopped.";
    check(&format!("{begins} Activated alarms: <web-5xx>"), "web-5xx");
    check(&format!("{begins} Activated alarms: <web-5xx> <web errors>"), "web-5xx, web errors");
    check(&format!("{begins} Activated alarms:"), "web-cpu");
    check(begins, "web-cpu");
}
