use codedeploy_aws::ecs::ServiceEvent;
use codedeploy_core::artifact::service::Controller;
use expect_test::{Expect, expect};

use super::*;

/// `id status state desired/running/pending/failed`, `-` for no state; the reason of a failure stands behind `:`.
fn rollout(text: &str) -> Rollout {
    let (head, reason) = text.split_once(": ").map_or((text, None), |(head, reason)| (head, Some(reason)));
    let parts: Vec<&str> = head.split(' ').collect();
    let counts: Vec<u32> = parts[3].split('/').map(|count| count.parse().unwrap()).collect();
    Rollout {
        id: parts[0].to_owned(),
        status: parts[1].to_owned(),
        state: (parts[2] != "-").then(|| parts[2].to_owned()),
        state_reason: reason.map(str::to_owned),
        task_definition: None,
        desired: counts[0],
        running: counts[1],
        pending: counts[2],
        failed: counts[3],
        created_ms: None,
    }
}

fn state(rollouts: &[&str], events: &[&str]) -> ServiceState {
    let event = |(at, message): (usize, &&str)| ServiceEvent {
        id: format!("e{at}"),
        created_ms: None,
        message: (*message).to_owned(),
    };
    let mut events: Vec<ServiceEvent> = events.iter().enumerate().map(event).collect();
    events.reverse();
    ServiceState {
        cluster: "shop".to_owned(),
        name: "web".to_owned(),
        controller: Controller::EcsRolling,
        desired: 2,
        pending: 0,
        running: 2,
        rollouts: rollouts.iter().map(|text| rollout(text)).collect(),
        events,
    }
}

const OLD: &str = "ecs-svc/1 PRIMARY COMPLETED 2/2/0/0";
const OLD_GOES: &str = "ecs-svc/1 ACTIVE COMPLETED 2/2/0/0";

/// Plays looks after a service that ran [`OLD`]; what is said, and the first outcome with its number.
fn check(looks: &[(&[&str], &[&str])], expect: &Expect) {
    let mut settle = Settle::new(&state(&[OLD], &[]));
    let mut said = String::new();
    for (number, (rollouts, events)) in looks.iter().enumerate() {
        let (lines, outcome) = settle.look(&state(rollouts, events));
        for line in lines {
            let _ = writeln!(said, "{line}");
        }
        if let Some(outcome) = outcome {
            let (name, exit, reason) = (outcome.name(), outcome.exit_code(), outcome.reason());
            let _ = writeln!(said, "look {number}: {name} ({exit}) {reason:?}");
            break;
        }
    }
    for problem in &settle.problems {
        let _ = writeln!(said, "problem: {problem}");
    }
    expect.assert_eq(&said);
}

#[test]
fn a_rolling_update_ends_when_ecs_says_so() {
    let first: &[&str] = &["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/2/0", OLD_GOES];
    let steady: &[&str] = &["ecs-svc/2 PRIMARY IN_PROGRESS 2/2/0/0", "ecs-svc/1 ACTIVE COMPLETED 0/0/0/0"];
    check(
        &[
            (&[OLD], &[]),
            (first, &["has started 2 tasks"]),
            (first, &["has started 2 tasks"]),
            (steady, &["has started 2 tasks", "has reached a steady state"]),
            (&["ecs-svc/2 PRIMARY COMPLETED 2/2/0/0"], &[]),
        ],
        &expect![[r#"
            rollout ecs-svc/2 started
            has started 2 tasks
            new tasks: 0 of 2 running, 2 pending
            has reached a steady state
            new tasks: 2 of 2 running
            look 4: done (0) None
        "#]],
    );
}

#[test]
fn without_a_rollout_state_the_last_rollout_with_all_tasks_ends_it() {
    check(
        &[
            (&["ecs-svc/2 PRIMARY - 2/2/0/0", "ecs-svc/1 ACTIVE - 0/1/0/0"], &[]),
            (&["ecs-svc/2 PRIMARY - 2/1/1/0"], &[]),
            (&["ecs-svc/2 PRIMARY - 2/2/0/0"], &[]),
        ],
        &expect![[r#"
            rollout ecs-svc/2 started
            new tasks: 2 of 2 running
            new tasks: 1 of 2 running, 1 pending
            new tasks: 2 of 2 running
            look 2: done (0) None
        "#]],
    );
}

#[test]
fn a_rollback_by_the_circuit_breaker_is_followed_to_its_end() {
    let failed =
        "ecs-svc/2 ACTIVE FAILED 0/0/0/3: ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/3.";
    check(
        &[
            (&["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/0/2", OLD_GOES], &["(task 1) failed container health checks"]),
            (&["ecs-svc/3 PRIMARY IN_PROGRESS 2/0/2/0", failed], &[]),
            (&["ecs-svc/3 PRIMARY IN_PROGRESS 2/2/0/0"], &[]),
            (&["ecs-svc/3 PRIMARY COMPLETED 2/2/0/0"], &[]),
        ],
        &expect![[r#"
            rollout ecs-svc/2 started
            (task 1) failed container health checks
            new tasks: 0 of 2 running, 2 failed
            new tasks: 0 of 0 running, 3 failed
            rollout ecs-svc/2 failed
            look 3: failed-and-rolled-back (10) Some("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/3.")
            problem: (task 1) failed container health checks
        "#]],
    );
}

/// The failed rollout is never seen as failed; the events tell of it with the takeover, or after it.
#[test]
fn a_rollback_between_two_looks_is_no_success() {
    const FAILED: &str = "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.";
    const BACK: &str = "(service web) rolling back to deployment ecs-svc/3.";
    let first: &[&str] = &["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/0/2", OLD_GOES];
    let back: &[&str] = &["ecs-svc/3 PRIMARY IN_PROGRESS 2/1/1/0"];
    let steady: &[&str] = &["ecs-svc/3 PRIMARY COMPLETED 2/2/0/0"];
    for (with_takeover, after) in
        [(&[FAILED, BACK][..], &[FAILED, BACK][..]), (&[BACK], &[BACK]), (&[], &[FAILED, BACK]), (&[], &[BACK])]
    {
        let mut settle = Settle::new(&state(&[OLD], &[]));
        let looks = [(first, &[][..]), (back, with_takeover), (steady, after)];
        let outcomes = looks.map(|(rollouts, events)| settle.look(&state(rollouts, events)).1.map(|one| one.name()));
        assert_eq!(outcomes, [None, None, Some("failed-and-rolled-back")], "{with_takeover:?} {after:?}");
    }
    // Another rollout failed, or a task of this one.
    let other = "(service web) (deployment ecs-svc/23) deployment failed: tasks failed to start.";
    let done: &[&str] = &["ecs-svc/2 PRIMARY COMPLETED 2/2/0/0"];
    let mut settle = Settle::new(&state(&[OLD], &[]));
    let events: &[&str] =
        &[other, "(service web, taskSet ecs-svc/2) is unhealthy due to (reason Health checks failed)"];
    assert_eq!(settle.look(&state(first, events)).1, None);
    assert_eq!(settle.look(&state(done, events)).1, Some(Outcome::Done));
}

/// No look sees `FAILED`, and no event tells of it.
#[test]
fn a_rollback_that_nothing_announces_is_no_success() {
    let with = |text: &str, definition: Option<&str>| Rollout {
        task_definition: definition.map(str::to_owned),
        ..rollout(text)
    };
    let check = |ours: Rollout, back: Rollout, expect: &Expect| {
        let before = ServiceState { rollouts: vec![with(OLD, Some("web:1"))], ..state(&[], &[]) };
        let mut settle = Settle::new(&before);
        let listed = |rollouts: Vec<Rollout>| ServiceState { rollouts, ..state(&[], &[]) };
        assert_eq!(settle.look(&listed(vec![ours, with(OLD_GOES, Some("web:1"))])).1, None);
        let outcomes = [settle.look(&listed(vec![back.clone()])).1, settle.look(&listed(vec![back])).1];
        let outcome = outcomes.into_iter().flatten().next();
        expect.assert_eq(&outcome.map_or("goes on".to_owned(), |it| format!("{} {:?}", it.name(), it.reason())));
    };
    let started = |definition| with("ecs-svc/2 PRIMARY IN_PROGRESS 2/0/2/0", definition);
    let failing = with("ecs-svc/2 PRIMARY IN_PROGRESS 2/0/0/2", None);
    let back = |definition| with("ecs-svc/3 PRIMARY COMPLETED 2/2/0/0", definition);
    check(
        started(None),
        with("ecs-svc/3 PRIMARY COMPLETED 2/2/0/0: ECS deployment circuit breaker: rolled back.", None),
        &expect![[r#"failed-and-rolled-back Some("ECS deployment circuit breaker: rolled back.")"#]],
    );
    check(
        started(None),
        with(OLD, Some("web:1")),
        &expect![[
            r#"failed-and-rolled-back Some("rollout ecs-svc/2 was replaced: rollout ecs-svc/1 is the primary one now")"#
        ]],
    );
    check(
        started(Some("web:2")),
        back(Some("web:1")),
        &expect![[
            r#"failed-and-rolled-back Some("rollout ecs-svc/2 was replaced: rollout ecs-svc/3 is the primary one now")"#
        ]],
    );
    check(
        failing,
        back(None),
        &expect![[
            r#"failed-and-rolled-back Some("2 tasks of rollout ecs-svc/2 failed, and rollout ecs-svc/3 replaced it")"#
        ]],
    );
    // Somebody else's newer revision.
    check(started(Some("web:2")), back(Some("web:3")), &expect![[r#"done None"#]]);
}

#[test]
fn a_circuit_breaker_that_does_not_roll_back_fails_it() {
    let failed: &[&str] = &["ecs-svc/2 PRIMARY FAILED 2/0/0/3: ECS deployment circuit breaker: tasks failed to start."];
    check(
        &[(failed, &[]), (failed, &[]), (failed, &[]), (failed, &[])],
        &expect![[r#"
        rollout ecs-svc/2 started
        new tasks: 0 of 2 running, 3 failed
        rollout ecs-svc/2 failed
        look 2: failed-and-not-rolled-back (11) Some("ECS deployment circuit breaker: tasks failed to start.")
    "#]],
    );
    let announced: &[&str] =
        &["ecs-svc/2 PRIMARY FAILED 2/0/0/3: circuit breaker: rolling back to deploymentId ecs-svc/3."];
    check(
        &[(announced, &[]), (announced, &[]), (announced, &[]), (announced, &[])],
        &expect![[r#"
        rollout ecs-svc/2 started
        new tasks: 0 of 2 running, 3 failed
        rollout ecs-svc/2 failed
    "#]],
    );
}

#[test]
fn a_rollback_that_fails_is_no_rollback() {
    let failed = "ecs-svc/2 ACTIVE FAILED 0/0/0/3: rolling back";
    let first: &[&str] = &["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/2/0", OLD_GOES];
    check(
        &[(first, &[]), (&["ecs-svc/3 PRIMARY FAILED 2/0/0/3", failed], &[])],
        &expect![[r#"
        rollout ecs-svc/2 started
        new tasks: 0 of 2 running, 2 pending
        new tasks: 0 of 0 running, 3 failed
        rollout ecs-svc/2 failed
        look 1: failed-and-not-rolled-back (11) Some("rolling back")
    "#]],
    );
}

#[test]
fn tasks_that_fail_for_ever_fail_it_without_a_circuit_breaker() {
    type Look = (&'static [&'static str], &'static [&'static str]);
    const BREAKS: Look = (&["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/1/3", OLD_GOES], &[]);
    const FAILING: Look = (&["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/1/6", OLD_GOES], &[]);
    const ONE_RUNS: Look = (&["ecs-svc/2 PRIMARY IN_PROGRESS 2/1/1/6", OLD_GOES], &[]);
    check(
        &[&[BREAKS; 20][..], &[FAILING; 9], &[ONE_RUNS], &[FAILING; 10]].concat(),
        &expect![[r#"
        rollout ecs-svc/2 started
        new tasks: 0 of 2 running, 1 pending, 3 failed
        new tasks: 0 of 2 running, 1 pending, 6 failed
        new tasks: 1 of 2 running, 1 pending, 6 failed
        new tasks: 0 of 2 running, 1 pending, 6 failed
        look 39: failed-and-not-rolled-back (11) Some("6 tasks failed in a row; ECS keeps retrying")
    "#]],
    );
}

#[test]
fn a_newer_rollout_of_somebody_else_is_followed() {
    check(
        &[
            (&["ecs-svc/2 PRIMARY IN_PROGRESS 2/1/1/0", OLD_GOES], &[]),
            (&["ecs-svc/9 PRIMARY IN_PROGRESS 2/0/2/0"], &[]),
            (&["ecs-svc/9 PRIMARY COMPLETED 2/2/0/0"], &[]),
        ],
        &expect![[r#"
            rollout ecs-svc/2 started
            new tasks: 1 of 2 running, 1 pending
            rollout ecs-svc/9 took over; following it
            new tasks: 2 of 2 running
            look 2: done (0) None
        "#]],
    );
}

#[test]
fn blue_green_by_ecs_keeps_the_old_one_primary_until_the_end() {
    let green = "ecs-svc/2 ACTIVE IN_PROGRESS 2/2/0/0";
    check(
        &[(&[OLD, green], &[]), (&["ecs-svc/2 PRIMARY COMPLETED 2/2/0/0"], &[])],
        &expect![[r#"
        rollout ecs-svc/2 started
        new tasks: 2 of 2 running
        look 1: done (0) None
    "#]],
    );
    check(
        &[(&[OLD, green], &[]), (&[OLD], &[])],
        &expect![[r#"
            rollout ecs-svc/2 started
            new tasks: 2 of 2 running
            rollout ecs-svc/2 failed
            look 1: failed-and-rolled-back (10) Some("rollout ecs-svc/2 was replaced: rollout ecs-svc/1 is the primary one now")
        "#]],
    );
}

#[test]
fn problems_are_kept_once_and_few() {
    let unable = "was unable to place a task because no container instance met all of its requirements";
    let first: &[&str] = &["ecs-svc/2 PRIMARY IN_PROGRESS 2/0/0/0", OLD_GOES];
    check(
        &[(first, &[unable, "x unhealthy"]), (first, &[unable, "x unhealthy", unable])],
        &expect![[r#"
        rollout ecs-svc/2 started
        was unable to place a task because no container instance met all of its requirements
        x unhealthy
        new tasks: 0 of 2 running
        was unable to place a task because no container instance met all of its requirements
        problem: was unable to place a task because no container instance met all of its requirements
        problem: x unhealthy
    "#]],
    );
}
