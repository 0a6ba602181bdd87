use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;
use crate::deployment::Event;
use crate::deployment::evidence::{ContainerExit, Skipped};
use crate::deployment::problem::tells_of_trouble;

fn task(id: &str, code: &str, reason: &str, containers: &[(&str, Option<i32>, &str)]) -> StoppedTask {
    let container = |(name, exit_code, reason): &(&str, Option<i32>, &str)| ContainerExit {
        name: (*name).to_owned(),
        exit_code: *exit_code,
        reason: (!reason.is_empty()).then(|| (*reason).to_owned()),
        ..ContainerExit::default()
    };
    StoppedTask {
        id: id.to_owned(),
        stop_code: Some(code.to_owned()),
        stopped_reason: (!reason.is_empty()).then(|| reason.to_owned()),
        containers: containers.iter().map(container).collect(),
        ..StoppedTask::default()
    }
}

fn target(id: &str, state: &str, description: &str) -> UnhealthyTarget {
    UnhealthyTarget {
        target_group: "web-green".to_owned(),
        id: id.to_owned(),
        port: 8080,
        state: state.to_owned(),
        reason: Some("Target.ResponseCodeMismatch".to_owned()),
        description: Some(description.to_owned()),
    }
}

fn tasks(tasks: Vec<StoppedTask>) -> Evidence {
    Evidence { tasks, ..Evidence::default() }
}

/// What each look adds, a line each; a look without news is `-`.
fn check(looks: Vec<Evidence>, expect: &Expect) -> Problems {
    let mut problems = Problems::default();
    let mut lines = String::new();
    for look in looks {
        let news = problems.take(look);
        if news.is_empty() {
            lines.push_str("-\n");
        }
        for what in news {
            let event = Event { deployment: "d-1".to_owned(), of_rollback: false, what };
            let _ = writeln!(lines, "{event}\n{}", event.to_json());
        }
    }
    expect.assert_eq(&lines);
    problems
}

const PULL: &str = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref \
                    111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found";

#[test]
fn a_reason_is_said_once_and_a_new_one_again() {
    let pull =
        |id: &str, times: &str| task(id, "TaskFailedToStart", &PULL.replace("1 time", times), &[("app", None, "")]);
    let oom = |id: &str| {
        let reason = "OutOfMemoryError: Container killed due to memory usage";
        task(id, "EssentialContainerExited", "Essential container in task exited", &[("app", Some(137), reason)])
    };
    let exits =
        |code| task("0a", "EssentialContainerExited", "Essential container in task exited", &[("app", Some(code), "")]);
    let problems = check(
        vec![
            tasks(vec![pull("1111", "1 time"), pull("2222", "5 time")]),
            tasks(vec![pull("3333", "7 time"), pull("1111", "1 time")]),
            tasks(vec![oom("4444"), pull("3333", "7 time")]),
            tasks(vec![exits(1), exits(2), exits(1)]),
            tasks(Vec::new()),
        ],
        &expect![[r#"
            problem: green task 2222 stopped: CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found
            {"event":"problem","deployment":"d-1","source":"stopped-task","id":"2222","reason":"CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found"}
            -
            problem: green task 4444 stopped: Essential container in task exited; container app: exit code 137: OutOfMemoryError: Container killed due to memory usage
            {"event":"problem","deployment":"d-1","source":"stopped-task","id":"4444","reason":"Essential container in task exited; container app: exit code 137: OutOfMemoryError: Container killed due to memory usage"}
            problem: green task 0a stopped: Essential container in task exited; container app: exit code 1
            {"event":"problem","deployment":"d-1","source":"stopped-task","id":"0a","reason":"Essential container in task exited; container app: exit code 1"}
            problem: green task 0a stopped: Essential container in task exited; container app: exit code 2
            {"event":"problem","deployment":"d-1","source":"stopped-task","id":"0a","reason":"Essential container in task exited; container app: exit code 2"}
            -
        "#]],
    );
    assert_eq!(problems.seen.tasks.len(), 4, "one task for each reason");
    assert_eq!(problems.newest.as_deref(), Some("Essential container in task exited; container app: exit code 2"));
}

#[test]
fn targets_events_and_missing_permissions() {
    let event = |text: &str| Evidence { events: vec![text.to_owned()], ..Evidence::default() };
    let targets = |targets| Evidence { targets, ..Evidence::default() };
    let denied = |denied| {
        let skipped = Skipped { what: "stopped tasks".to_owned(), why: "needs ecs:ListTasks".to_owned(), denied };
        Evidence { skipped: vec![skipped], ..Evidence::default() }
    };
    check(
        vec![
            targets(vec![
                target("10.0.0.7", "unhealthy", "Health checks failed with these codes: [502]"),
                target("10.0.1.8", "unhealthy", "Health checks failed with these codes: [502]"),
                target("10.0.1.9", "initial", "Target registration is in progress"),
            ]),
            targets(vec![target("10.0.1.8", "unhealthy", "Health checks failed with these codes: [503]")]),
            event("(service web) (task 1a2b3c4d5e6f70819293a4b5c6d7e8f9) failed container health checks."),
            event("(service web) (task ffffffffffffffffffffffffffffff11) failed container health checks."),
            event(
                "(service web) was unable to place a task because no container instance met all of its requirements.",
            ),
            denied(false),
            denied(true),
            denied(true),
        ],
        &expect![[r#"
            problem: target 10.0.0.7:8080 in web-green: unhealthy: Target.ResponseCodeMismatch: Health checks failed with these codes: [502]
            {"event":"problem","deployment":"d-1","source":"unhealthy-target","id":"10.0.0.7:8080 in web-green","reason":"unhealthy: Target.ResponseCodeMismatch: Health checks failed with these codes: [502]"}
            problem: target 10.0.1.8:8080 in web-green: unhealthy: Target.ResponseCodeMismatch: Health checks failed with these codes: [503]
            {"event":"problem","deployment":"d-1","source":"unhealthy-target","id":"10.0.1.8:8080 in web-green","reason":"unhealthy: Target.ResponseCodeMismatch: Health checks failed with these codes: [503]"}
            problem: ECS service event: (service web) (task 1a2b3c4d5e6f70819293a4b5c6d7e8f9) failed container health checks.
            {"event":"problem","deployment":"d-1","source":"service-event","reason":"(service web) (task 1a2b3c4d5e6f70819293a4b5c6d7e8f9) failed container health checks."}
            -
            problem: ECS service event: (service web) was unable to place a task because no container instance met all of its requirements.
            {"event":"problem","deployment":"d-1","source":"service-event","reason":"(service web) was unable to place a task because no container instance met all of its requirements."}
            -
            could not check stopped tasks: needs ecs:ListTasks
            {"event":"could-not-check","deployment":"d-1","what":"stopped tasks","why":"needs ecs:ListTasks"}
            -
        "#]],
    );
}

#[test]
fn what_is_no_trouble_is_not_said() {
    check(
        vec![
            tasks(vec![
                task("1", "ServiceSchedulerInitiated", "Scaling activity initiated by (taskset ecs-svc/1)", &[]),
                task("2", "UserInitiated", "stopped by hand", &[("app", Some(143), "")]),
            ]),
            tasks(vec![task(
                "3",
                "ServiceSchedulerInitiated",
                "Task failed ELB health checks in (target-group x)",
                &[("app", Some(143), "")],
            )]),
            tasks(vec![task("4", "", "", &[])]),
        ],
        &expect![[r#"
            -
            problem: green task 3 stopped: Task failed ELB health checks in (target-group x)
            {"event":"problem","deployment":"d-1","source":"stopped-task","id":"3","reason":"Task failed ELB health checks in (target-group x)"}
            problem: green task 4 stopped: no reason given
            {"event":"problem","deployment":"d-1","source":"stopped-task","id":"4","reason":"no reason given"}
        "#]],
    );
    for (event, expected) in [
        ("(service web) has started 2 tasks: (task 1) (task 2).", false),
        ("(service web) has reached a steady state.", false),
        ("(service web) has begun draining connections on 1 tasks.", false),
        ("(service web) is unable to consistently start tasks successfully.", true),
        ("(service web) (port 8080) is Unhealthy in (target-group x) due to (reason Request timed out)", true),
        ("(service web) operations are being throttled on elb. Will try again later.", true),
    ] {
        assert_eq!(tells_of_trouble(event), expected, "{event}");
    }
}

#[test]
fn many_reasons_are_bounded() {
    let mut problems = Problems::default();
    for number in 0..200_u32 {
        let word: String = number.to_string().bytes().map(|digit| char::from(digit + 49)).collect();
        problems.take(tasks(vec![task("1", "X", &format!("reason {word}"), &[])]));
        problems.take(Evidence { events: vec![format!("failed {word}")], ..Evidence::default() });
    }
    assert_eq!(problems.seen.tasks.len() + problems.seen.events.len(), MOST);
}

#[test]
fn what_was_seen_stays_once() {
    let pull = |id: &str| task(id, "TaskFailedToStart", PULL, &[]);
    let mut now = tasks(vec![pull("9")]);
    now.events.push("failed a".to_owned());
    let earlier = Evidence {
        tasks: vec![task("2", "X", "other", &[]), pull("1")],
        targets: vec![target("10.0.0.7", "unhealthy", "x")],
        events: vec!["failed a".to_owned(), "failed b".to_owned()],
        ..Evidence::default()
    };
    now.add_seen(earlier);
    let ids: Vec<&str> = now.tasks.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(
        (ids, now.targets.len(), now.events),
        (vec!["9", "2"], 1, vec!["failed a".to_owned(), "failed b".to_owned()])
    );
}
