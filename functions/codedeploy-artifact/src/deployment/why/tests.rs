//! The failure block.

use std::time::Duration;

use expect_test::{Expect, expect};

use super::cause::MESSAGES;
use super::*;
use crate::appspec::Hook;
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
                },
                ContainerExit { name: "proxy".to_owned(), exit_code: None, reason: None },
            ],
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
    followed.evidence.alarms =
        vec![FiredAlarm { name: "web-5xx".to_owned(), reason: Some("Threshold Crossed: 1 datapoint".to_owned()) }];
    followed.evidence.skipped =
        vec![Skipped { what: "service events".to_owned(), why: "ecs:DescribeServices is denied".to_owned() }];
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
        deployment d-1 failed; rollback d-2 succeeded: the previous version serves
          error: HOOK_EXECUTION_FAILURE: A lifecycle event hook failed
          lifecycle event: AfterInstall failed after 30 s, function web-smoke-test
            ScriptFailed: The function answered Failed
            | GET /health
            | 502 Bad Gateway
          rollback: Rolled back by d-2
          serving now: the previous version
          next: read the log of function web-smoke-test: within one hour it must call PutLifecycleEventHookExecutionStatus with Succeeded
    "#]],
    );
}

#[test]
fn everything_that_can_be_known() {
    check(
        &unhealthy(),
        &expect![[r#"
        deployment d-1 failed and was not rolled back
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
          not looked at:
            service events: ecs:DescribeServices is denied
          serving now: the previous version
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
        deployment d-1 goes on; the wait is over
          serving now: both versions: 70% previous, 30% new
          next: go on waiting with `codedeploy-artifact wait d-1`, and give --timeout more time
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
fn every_known_code_and_message_has_its_own_next_step() {
    let step = |code: &str, message: &str| why(&failed(code, message)).unwrap().next_step;
    let fallback = step("NEVER_SEEN", "x");
    let mut lines = vec![format!("NEVER_SEEN: {fallback}")];
    for code in CODES {
        let found = step(code, "x");
        assert_ne!(found, fallback, "{code}");
        lines.push(format!("{code}: {found}"));
    }
    for (part, expected) in MESSAGES {
        assert_eq!(step("ECS_UPDATE_ERROR", &format!("Some words {} more", part.to_uppercase())), *expected, "{part}");
        assert!(!expected.ends_with('.') && !expected.contains('\n'), "{part}");
    }
    let mut distinct: Vec<&String> = lines.iter().collect();
    distinct.dedup();
    assert_eq!(distinct.len(), CODES.len() + 1);
    expect![[r#"
        NEVER_SEEN: look at the events of the ECS service, and at `aws deploy get-deployment --deployment-id d-1`
        ALARM_ACTIVE: look at the alarms of the group at the time of the deployment, fix the new version, deploy again
        ECS_UPDATE_ERROR: compare container, port and revision of the AppSpec with the task definition, then look at the events of the ECS service
        ELASTIC_LOAD_BALANCING_INVALID: check that both target groups of the deployment group exist, have target type ip, and belong to its listeners
        HOOK_EXECUTION_FAILURE: read the log of the function behind the lifecycle event: within one hour it must call PutLifecycleEventHookExecutionStatus with Succeeded
        IAM_ROLE_MISSING: give the deployment group a service role that exists
        IAM_ROLE_PERMISSIONS: attach AWSCodeDeployRoleForECS to the service role of the group, with iam:PassRole for the task roles and lambda:InvokeFunction for the hooks
        INVALID_ECS_SERVICE: check that the service of the group exists, is ACTIVE, and has deployment controller CODE_DEPLOY
        INVALID_REVISION: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and give it as bare YAML or JSON
        MANUAL_STOP: ask who stopped it (StopDeployment in CloudTrail), and deploy again when that is settled
        MISSING_ELB_INFORMATION: give the deployment group two target groups and a production listener
        REVISION_MISSING: upload the AppSpec again: the object or its version is gone
        RESOURCE_LIMIT_EXCEEDED: raise the quota that the message names, or remove what is no longer needed
        CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND: check that application, deployment group and deployment config still exist in this region
        CUSTOMER_APPLICATION_UNHEALTHY: look at the stopped tasks and target health of the green task set: the new version does not get healthy
        THROTTLED: deploy again later, and have fewer tools poll this account at once
        TIMEOUT: look at what the last lifecycle event under way waits for: it took longer than CodeDeploy allows
        INTERNAL_ERROR: deploy again; if it comes back, give AWS Support the deployment id
        CLOUDFORMATION_STACK_FAILURE: look at the events of the CloudFormation stack that made this deployment
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn sentences_of_aws_find_their_cause() {
    let cases = [
        (
            "ECS_UPDATE_ERROR",
            "The ECS service cannot be updated due to an unexpected error: The container web does not exist in the task \
             definition. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException)",
            "set ContainerName",
        ),
        (
            "INVALID_REVISION",
            "The deployment specifies that the revision is a null file, but it is a zip file.",
            "bare",
        ),
        ("INVALID_REVISION", "The AppSpec file cannot be located in the specified S3 bucket.", "check bucket"),
        ("", "Primary taskset target group must be behind listener arn:aws:…", "point the production listener"),
        ("TIMEOUT", "The deployment timed out while waiting for a notification to continue.", "continue the next one"),
    ];
    for (code, message, expected) in cases {
        let step = why(&failed(code, message)).unwrap().next_step;
        assert!(step.contains(expected), "{message}: {step}");
    }
}

#[test]
fn stopped_tasks_say_more_than_the_code() {
    let task = |reason: &str, exit_code| {
        let mut followed = failed("TIMEOUT", "timed out");
        let container = ContainerExit { name: "app".to_owned(), exit_code, reason: Some(reason.to_owned()) };
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
        ("", Some(0), "longer than CodeDeploy allows"),
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
