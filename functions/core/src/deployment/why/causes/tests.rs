//! The order of the causes.

use std::time::Duration;

use super::*;
use crate::deployment::evidence::{ContainerExit, FiredAlarm, LogLine, LogOf, LogTail};
use crate::deployment::why::why;
use crate::deployment::{Deployment, DeploymentStatus, History};

/// When the deployment ended.
const END: u64 = 1_000_000;

fn failed(code: &str, message: &str) -> Followed {
    let mut deployment = Deployment::new("d-1", DeploymentStatus::Failed);
    deployment.error = Some(ErrorInfo { code: code.to_owned(), message: message.to_owned() });
    deployment.completed_ms = Some(END);
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

fn exited(id: &str, code: i32, reason: Option<&str>, stopped_ms: Option<u64>) -> StoppedTask {
    StoppedTask {
        id: id.to_owned(),
        stop_code: Some("EssentialContainerExited".to_owned()),
        stopped_reason: Some("Essential container in task exited".to_owned()),
        stopped_ms,
        containers: vec![ContainerExit {
            name: "web".to_owned(),
            exit_code: Some(code),
            reason: reason.map(str::to_owned),
            ..ContainerExit::default()
        }],
        ..StoppedTask::default()
    }
}

fn unhealthy(reason: &str, description: &str) -> UnhealthyTarget {
    UnhealthyTarget {
        target_group: "green".to_owned(),
        id: "10.0.0.7".to_owned(),
        port: 80,
        state: "unhealthy".to_owned(),
        reason: Some(reason.to_owned()),
        description: Some(description.to_owned()),
    }
}

fn log(task: &str, lines: &[&str]) -> LogTail {
    let line = |text: &&str| LogLine { at_ms: None, text: (*text).to_owned() };
    LogTail {
        of: LogOf::Container { task: task.to_owned(), container: "web".to_owned() },
        group: "g".to_owned(),
        stream: None,
        lines: lines.iter().map(line).collect(),
    }
}

fn check(followed: &Followed, expected: &[&str]) {
    let causes = why(followed).unwrap().causes;
    assert_eq!(causes.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

const TIMEOUT: &str = "The deployment timed out while waiting for the replacement task set to become healthy.";

#[test]
fn tasks_that_are_killed_make_their_targets_unhealthy() {
    let mut followed = failed("TIMEOUT", TIMEOUT);
    followed.evidence.targets = vec![unhealthy("Target.Timeout", "Request timed out")];
    check(&followed, &["load balancer cannot reach the tasks: Request timed out"]);
    followed.evidence.tasks =
        vec![exited("t", 137, Some("OutOfMemoryError: Container killed due to memory usage"), None)];
    check(&followed, &["out of memory: container web", "load balancer cannot reach the tasks: Request timed out"]);
}

/// ECS ends a task whose target is unhealthy: how it is unhealthy, only the target and the event say.
#[test]
fn the_target_says_more_than_the_task_that_ecs_ended() {
    let ended = StoppedTask {
        id: "t".to_owned(),
        stop_code: Some("ServiceSchedulerInitiated".to_owned()),
        stopped_reason: Some("Task failed ELB health checks in (target-group arn:x)".to_owned()),
        containers: vec![ContainerExit { name: "web".to_owned(), exit_code: Some(137), ..ContainerExit::default() }],
        ..StoppedTask::default()
    };
    let mut followed = failed("TIMEOUT", TIMEOUT);
    followed.evidence.tasks = vec![ended];
    check(&followed, &["health check fails"]);
    let event = "(service web) (port 80) is unhealthy in (target-group green) due to (reason Request timed out).";
    followed.evidence.events = vec![event.to_owned()];
    check(&followed, &["load balancer cannot reach the tasks"]);
    followed.evidence.targets =
        vec![unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]")];
    check(&followed, &["health check fails: Health checks failed with these codes: [404]"]);
    let evidence = &why(&followed).unwrap().causes[0].evidence;
    assert!(evidence.iter().any(|line| line.contains("ELB health checks")), "{evidence:?}");
}

#[test]
fn tasks_that_stop_before_the_alarm_cause_it_and_those_after_it_do_not() {
    let alarm = "One or more alarms have been activated. Activated alarms: <5xx>";
    let mut followed = failed("ALARM_ACTIVE", alarm);
    followed.evidence.alarms =
        vec![FiredAlarm { name: "5xx".to_owned(), reason: Some("Threshold".to_owned()), ..FiredAlarm::default() }];
    for (stopped_ms, expected) in [
        (Some(END - 1), &["container exits: container web with exit code 1", "alarm fired: 5xx"][..]),
        (Some(END + 1), &["alarm fired: 5xx"]),
        (None, &["alarm fired: 5xx"]),
    ] {
        followed.evidence.tasks = vec![exited("t", 1, None, stopped_ms)];
        check(&followed, expected);
    }
}

#[test]
fn the_newest_reason_of_tasks_ranks_first_and_each_counts_its_tasks() {
    let mut followed = failed("TIMEOUT", TIMEOUT);
    followed.evidence.tasks = vec![
        exited("t3", 1, None, None),
        exited("t2", 1, None, None),
        exited("t1", 137, Some("OutOfMemoryError: x"), None),
    ];
    check(&followed, &["container exits: container web with exit code 1", "out of memory: container web"]);
    let first = why(&followed).unwrap().causes[0].evidence[0].clone();
    assert!(first.starts_with("2 stopped tasks, the newest green task t3 stopped: "), "{first}");
}

#[test]
fn a_log_says_more_than_an_exit_code() {
    let denied = "AccessDenied: User: arn:aws:sts::1:assumed-role/web/t is not authorized to perform: s3:GetObject on resource: \
                  arn:aws:s3:::shop/x because no identity-based policy allows the s3:GetObject action";
    for (line, expected) in [
        ("exec /app: exec format error", "image for another CPU architecture: container web"),
        (
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
            "out of memory: container web",
        ),
        ("exec /app: no such file or directory", "program cannot be started: container web"),
        (denied, "permission denied: s3:GetObject"),
        ("Error: no table", "container exits: container web with exit code 3"),
    ] {
        let mut followed = failed("TIMEOUT", TIMEOUT);
        followed.evidence.tasks = vec![exited("t", 3, None, None)];
        followed.evidence.logs = vec![log("t", &["start", line, "bye"])];
        check(&followed, &[expected]);
        let evidence = why(&followed).unwrap().causes[0].evidence.join("\n");
        assert!(evidence.contains(line), "{evidence}");
    }
}

#[test]
fn a_stop_after_a_timeout_is_a_consequence_and_a_stop_by_a_user_is_not() {
    let mut followed = failed("MANUAL_STOP", "The deployment was manually stopped by a user.");
    followed.evidence.tasks = vec![exited("t", 3, None, Some(END - 5))];
    check(&followed, &["stopped by request", "container exits: container web with exit code 3"]);
    followed.stopped_by = Some(StoppedBy::Timeout);
    check(&followed, &["container exits: container web with exit code 3"]);
}
