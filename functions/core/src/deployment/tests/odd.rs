//! Waits for a person, waits that are over, answers that are late, missing or unknown, and events as JSON.

use std::time::Duration;

use expect_test::expect;

use super::super::*;
use super::world::{START, World, auto, play, waits, watch};
use super::{CANARY, check, even, world};
use crate::deployment::schedule::Budget;

#[test]
fn a_person_is_waited_for() {
    let group = waits(30, 0);
    let continued = world(
        group,
        true,
        "140 Ready
         900 InProgress AllowTraffic+ blue=0:2/2 green=100:2/2
         960 Succeeded",
    );
    check(
        &continued,
        watch(&group, CANARY, Until::Succeeded),
        &expect![[r#"
            launched
            2 min 23 s  deployment d-1: InProgress -> Ready
            2 min 23 s  waiting for ContinueDeployment: run `codedeploy-artifact continue d-1`; stops automatically in 29 min
            15 min      deployment d-1: Ready -> InProgress
            15 min      AllowTraffic succeeded after 0 s
            15 min      traffic: blue 0%, green 100%
            16 min      deployment d-1: InProgress -> Succeeded
            16 min      deployment d-1 succeeded
        "#]],
    );
    check(
        &continued,
        watch(&group, CANARY, Until::Ready),
        &expect![[r#"
            launched
            2 min 23 s  deployment d-1: InProgress -> Ready
            2 min 23 s  waiting for ContinueDeployment: run `codedeploy-artifact continue d-1`; stops automatically in 29 min
            2 min 23 s  deployment d-1 reached ready
        "#]],
    );
    let nobody = world(group, false, "140 Ready\n 1940 Stopped error=TIMEOUT:The_deployment_timed_out");
    check(
        &nobody,
        watch(&group, CANARY, Until::Succeeded),
        &expect![[r#"
            launched
            2 min 23 s  deployment d-1: InProgress -> Ready
            2 min 23 s  waiting for ContinueDeployment: run `codedeploy-artifact continue d-1`; stops automatically in 29 min
            32 min      deployment d-1: Ready -> Stopped: TIMEOUT: The deployment timed out
            32 min      waiting for a rollback deployment, up to 15 s
            32 min      deployment d-1 stopped, not rolled back
        "#]],
    );
}

#[test]
fn the_wait_times_out_after_one_last_look() {
    let group = waits(0, 5);
    let running = World::default().with("d-1", group, auto(true), "0 InProgress Install>");
    let limited = |seconds| {
        let mut watch = watch(&group, CANARY, Until::Succeeded);
        watch.budget = watch.budget.limited_to(Duration::from_secs(seconds));
        watch
    };
    check(
        &running,
        limited(100),
        &expect![[r#"
            0 s         deployment d-1: InProgress
            0 s         Install started
            1 min 40 s  wait for deployment d-1 timed out; the deployment is still in progress
        "#]],
    );
    // The end comes with the last look.
    let just = World::default().with("d-1", group, auto(true), "0 InProgress Install>\n 99 Succeeded");
    check(
        &just,
        limited(100),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         Install started
        1 min 40 s  deployment d-1: InProgress -> Succeeded
        1 min 40 s  deployment d-1 succeeded
    "#]],
    );
    let rolling = World::default().with("d-1", group, auto(true), "0 Failed rollback=d-2 error=TIMEOUT:t").with(
        "d-2",
        group,
        None,
        "0 InProgress",
    );
    check(
        &rolling,
        limited(100),
        &expect![[r#"
            0 s         deployment d-1: Failed: TIMEOUT: t
            0 s         rollback d-2 started; waiting for it to finish
            0 s         rollback: deployment d-2: InProgress
            1 min 40 s  wait for deployment d-1 timed out; it did not succeed, and its rollback d-2 is still in progress
        "#]],
    );
    // Never a word from AWS.
    check(
        &World::default().with("d-1", group, None, ""),
        limited(300),
        &expect![[r#"
            30 s        AWS is not responding; polling less often
            1 min 30 s  no answer yet after 1 min 30 s, times out in 3 min 30 s
            2 min 30 s  no answer yet after 2 min 30 s, times out in 2 min 30 s
            3 min 30 s  no answer yet after 3 min 30 s, times out in 1 min 30 s
            4 min 30 s  no answer yet after 4 min 30 s, times out in 30 s
            5 min       wait for deployment d-1 timed out; the deployment is still in progress
        "#]],
    );
}

#[test]
fn unknown_statuses_and_messages_are_said_once() {
    let group = waits(0, 5);
    let world = World::default().with(
        "d-1",
        group,
        auto(true),
        "0   Created says=Queued_behind_d-0
         20  Resting
         60  InProgress says=Tasks_start
         100 Resting
         140 Succeeded",
    );
    check(
        &world,
        watch(&group, CANARY, Until::Succeeded),
        &expect![[r#"
            0 s         deployment d-1: Created
            0 s         CodeDeploy: Queued behind d-0
            23 s        deployment d-1: Created -> Resting
            23 s        deployment status Resting is not known to this version; still waiting
            1 min 4 s   deployment d-1: Resting -> InProgress
            1 min 4 s   CodeDeploy: Tasks start
            1 min 45 s  deployment d-1: InProgress -> Resting
            2 min 25 s  deployment d-1: Resting -> Succeeded
            2 min 25 s  deployment d-1 succeeded
        "#]],
    );
}

#[test]
fn late_and_repeated_answers_change_nothing() {
    let group = waits(0, 5);
    let world = World::default().with(
        "d-1",
        group,
        auto(true),
        "0  InProgress Install> AllowTraffic.
         10 Install+ AllowTraffic>
         20 Created Install> AllowTraffic.
         30 InProgress
         40 AllowTraffic>
         60 Succeeded Install+ AllowTraffic+",
    );
    check(
        &world,
        watch(&group, CANARY, Until::Succeeded),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         Install started
        12 s        Install succeeded after 10 s
        12 s        AllowTraffic started
        1 min 18 s  AllowTraffic succeeded after 20 s
        1 min 18 s  deployment d-1: InProgress -> Succeeded
        1 min 18 s  deployment d-1 succeeded
    "#]],
    );
    let mut follow = Follow::new(watch(&group, CANARY, Until::Succeeded), START);
    let other = Observation { deployment: Deployment::new("d-9", DeploymentStatus::Succeeded), target: None };
    assert_eq!(follow.observe(other, START), [], "another deployment is ignored");
}

#[test]
fn throttling_is_said_and_heartbeats_go_on() {
    let group = waits(0, 5);
    let world = World::default().with("d-1", group, auto(true), "0 InProgress Install>\n 9 throttled\n 400 Succeeded");
    let played = play(&world, watch(&group, CANARY, Until::Succeeded), even);
    expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         Install started
        57 s        AWS is throttling requests; polling less often
        1 min 57 s  still InProgress after 1 min 57 s, Install under way, about 12 min left
        2 min 57 s  still InProgress after 2 min 57 s, Install under way, about 11 min left
        3 min 57 s  still InProgress after 3 min 57 s, Install under way, about 10 min left
        4 min 57 s  still InProgress after 4 min 57 s, Install under way, about 10 min left
        5 min 57 s  still InProgress after 5 min 57 s, Install under way, times out in 1 h 14 min
        6 min 57 s  deployment d-1: InProgress -> Succeeded
        6 min 57 s  deployment d-1 succeeded
    "#]]
    .assert_eq(&(played.lines.join("\n") + "\n"));
}

#[test]
fn events_as_json_lines() {
    let waits = waits(0, 5);
    let mut follow = Follow::new(watch(&waits, CANARY, Until::Succeeded), START);
    let mut deployment = Deployment::new("d-1", DeploymentStatus::InProgress);
    deployment.messages.push("\"quoted\"\nline".to_owned());
    let event = LifecycleEvent {
        name: "AllowTraffic".to_owned(),
        status: LifecycleStatus::Succeeded,
        start_ms: Some(START),
        end_ms: Some(START + 1500),
        diagnostics: None,
    };
    let green = TaskSet {
        id: "1".to_owned(),
        label: Label::Green,
        status: TaskSetStatus::Active,
        desired: 2,
        pending: 0,
        running: 2,
        traffic_weight: Weight::from_percent(12.5),
        target_group: None,
    };
    let target = Target {
        id: "c:s".to_owned(),
        status: TargetStatus::InProgress,
        lifecycle_events: vec![event],
        task_sets: vec![green],
    };
    let mut events = follow.observe(Observation { deployment, target: Some(target) }, START);
    events.extend(follow.tick(START + 60_000));
    let lines: Vec<String> = events.iter().map(|event| event.to_json().to_string()).collect();
    expect![[r#"
        {"event":"status","deployment":"d-1","to":"InProgress"}
        {"event":"message","deployment":"d-1","text":"\"quoted\"\nline"}
        {"event":"lifecycle","deployment":"d-1","name":"AllowTraffic","status":"Succeeded","seconds":1}
        {"event":"tasks","deployment":"d-1","label":"Green","desired":2,"pending":0,"running":2}
        {"event":"traffic","deployment":"d-1","green":12.5}
        {"event":"heartbeat","deployment":"d-1","status":"InProgress","waited_seconds":60,"green":12.5,"remaining_seconds":241,"times_out_seconds":4740}
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn a_budget_that_is_over_still_gives_a_rollback_its_time() {
    let group = waits(0, 0);
    let plan = TrafficRouting::AllAtOnce;
    let late = 70 * 60 - 20;
    let world = World::default()
        .with("d-1", group, auto(true), &format!("0 InProgress\n {late} Failed rollback=d-2 error=TIMEOUT:t"))
        .with("d-2", group, None, &format!("0 InProgress\n {} Succeeded", late + 600));
    let watch = watch(&group, plan, Until::Succeeded);
    assert_eq!(watch.budget, Budget::new(&group, plan, Some(&[]), Until::Succeeded));
    let played = play(&world, watch, even);
    assert_eq!(played.follow.verdict(), Some(&Verdict::FailedAndRolledBack { rollback: "d-2".to_owned() }));
}
