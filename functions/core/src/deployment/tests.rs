//! Timelines of deployments, from the first answer to the verdict.

mod grace;
mod last_look;
mod odd;
mod on_timeout;
mod random;
mod verdicts;
pub(super) mod world;

use expect_test::{Expect, expect};

use super::*;
use world::{World, auto, play, waits, watch};

const CANARY: TrafficRouting = TrafficRouting::Canary { percentage: 10, interval_minutes: 5 };
const LINEAR: TrafficRouting = TrafficRouting::Linear { percentage: 50, interval_minutes: 1 };

/// No chance: every pause as it is.
fn even() -> u32 {
    200
}

/// What is said about a deployment, the lines of [`LAUNCH`] as one.
fn check(world: &World, watch: Watch, expect: &Expect) {
    expect.assert_eq(&play(world, watch, even).talk().replacen(LAUNCHED, "launched\n", 1));
}

const LAUNCH: &str = "
    0   Created notarget
    20  InProgress BeforeInstall. Install. AfterInstall. AllowTraffic. blue=100:2/2
    30  BeforeInstall> notarget
    40  BeforeInstall+ Install>
    60  green=0:0/2+2
    120 green=0:2/2
    130 Install+ AfterInstall+
";

/// What is said about it.
const LAUNCHED: &str = "\
0 s         deployment d-1: Created
23 s        deployment d-1: Created -> InProgress
23 s        blue task set: 2 of 2 running
23 s        traffic: blue 100%, green -
47 s        BeforeInstall succeeded after 10 s
47 s        Install started
1 min       green task set: 0 of 2 running, 2 pending
1 min       traffic: blue 100%, green 0%
2 min 5 s   green task set: 2 of 2 running
2 min 10 s  Install succeeded after 1 min 30 s
2 min 10 s  AfterInstall succeeded after 0 s
";

fn world(waits: BlueGreen, rolls_back: bool, rest: &str) -> World {
    World::default().with("d-1", waits, auto(rolls_back), &format!("{LAUNCH}{rest}"))
}

#[test]
fn a_canary_is_followed_through_its_termination_wait() {
    let waits = waits(0, 5);
    let world = world(
        waits,
        true,
        "140 AllowTraffic> blue=90:2/2 green=10:2/2
         440 AllowTraffic+ blue=0:2/2 green=100:2/2
         450 term
         760 Succeeded blue=0:0/0",
    );
    check(
        &world,
        watch(&waits, CANARY, Until::Succeeded),
        &expect![[r#"
            launched
            2 min 23 s  AllowTraffic started
            2 min 23 s  traffic: blue 90%, green 10%
            7 min 29 s  AllowTraffic succeeded after 5 min
            7 min 29 s  traffic: blue 0%, green 100%
            7 min 29 s  all traffic is on green; the blue task set is terminated in 4 min 50 s
            13 min      blue task set: 0 of 0 running
            13 min      deployment d-1: InProgress -> Succeeded
            13 min      deployment d-1 succeeded
        "#]],
    );
    check(
        &world,
        watch(&waits, CANARY, Until::TrafficShifted),
        &expect![[r#"
            launched
            2 min 23 s  AllowTraffic started
            2 min 23 s  traffic: blue 90%, green 10%
            7 min 29 s  AllowTraffic succeeded after 5 min
            7 min 29 s  traffic: blue 0%, green 100%
            7 min 29 s  all traffic is on green; the blue task set is terminated in 4 min 50 s
            7 min 29 s  deployment d-1 reached traffic-shifted
        "#]],
    );
}

#[test]
fn linear_and_all_at_once() {
    let waits = waits(0, 0);
    let linear = world(
        waits,
        true,
        "140 AllowTraffic> blue=50:2/2 green=50:2/2
         200 AllowTraffic+ blue=0:2/2 green=100:2/2
         210 Succeeded",
    );
    check(
        &linear,
        watch(&waits, LINEAR, Until::Succeeded),
        &expect![[r#"
            launched
            2 min 23 s  AllowTraffic started
            2 min 23 s  traffic: blue 50%, green 50%
            3 min 29 s  AllowTraffic succeeded after 1 min
            3 min 29 s  traffic: blue 0%, green 100%
            3 min 34 s  deployment d-1: InProgress -> Succeeded
            3 min 34 s  deployment d-1 succeeded
        "#]],
    );
    let at_once = world(waits, true, "140 Succeeded AllowTraffic+ blue=0:2/2 green=100:2/2");
    check(
        &at_once,
        watch(&waits, TrafficRouting::AllAtOnce, Until::Succeeded),
        &expect![[r#"
            launched
            2 min 23 s  AllowTraffic succeeded after 0 s
            2 min 23 s  traffic: blue 0%, green 100%
            2 min 23 s  deployment d-1: InProgress -> Succeeded
            2 min 23 s  deployment d-1 succeeded
        "#]],
    );
}

#[test]
fn a_failing_hook_is_rolled_back() {
    let waits = waits(0, 5);
    let world = World::default()
        .with(
            "d-1",
            waits,
            auto(true),
            "0   InProgress BeforeInstall+ Install+ AfterInstall> AllowTraffic. blue=100:2/2 green=0:2/2
             30  AfterInstall! AllowTraffic~
             40  Failed error=HOOK_EXECUTION_FAILURE:A_hook_failed
             75  rollback=d-2 refuses=Deployment_d-2_rolls_back",
        )
        .with("d-2", waits, None, "75 Created notarget\n 90 InProgress Install>\n 110 Succeeded Install+");
    check(
        &world,
        watch(&waits, CANARY, Until::Succeeded),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         BeforeInstall succeeded after 0 s
        0 s         Install succeeded after 0 s
        0 s         AfterInstall started
        0 s         blue task set: 2 of 2 running
        0 s         green task set: 2 of 2 running
        0 s         traffic: blue 100%, green 0%
        40 s        AfterInstall failed after 30 s: ScriptFailed: The function answered Failed
        40 s        AllowTraffic skipped
        40 s        deployment d-1: InProgress -> Failed: HOOK_EXECUTION_FAILURE: A hook failed
        40 s        waiting for a rollback deployment, up to 2 min
        1 min 15 s  CodeDeploy: Deployment d-2 rolls back
        1 min 15 s  rollback d-2 started; waiting for it to finish
        1 min 15 s  rollback: deployment d-2: Created
        1 min 39 s  rollback: deployment d-2: Created -> InProgress
        1 min 39 s  rollback: Install started
        1 min 51 s  rollback: Install succeeded after 20 s
        1 min 51 s  rollback: deployment d-2: InProgress -> Succeeded
        1 min 51 s  deployment d-1 failed; rollback d-2 succeeded: the previous version serves
    "#]],
    );
}

#[test]
fn tasks_never_healthy_without_a_rollback() {
    let waits = waits(0, 5);
    let world = World::default().with(
        "d-1",
        waits,
        auto(false),
        "0    InProgress Install> blue=100:2/2 green=0:0/2+2
         300  green=0:1/2+1
         310  green=0:0/2+2
         3600 Install! Failed error=TIMEOUT:The_deployment_timed_out_while_waiting",
    );
    check(
        &world,
        watch(&waits, CANARY, Until::Succeeded),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         Install started
        0 s         blue task set: 2 of 2 running
        0 s         green task set: 0 of 2 running, 2 pending
        0 s         traffic: blue 100%, green 0%
        5 min 5 s   green task set: 1 of 2 running, 1 pending
        5 min 10 s  green task set: 0 of 2 running, 2 pending
        60 min      Install failed after 60 min: ScriptFailed: The function answered Failed
        60 min      deployment d-1: InProgress -> Failed: TIMEOUT: The deployment timed out while waiting
        60 min      deployment d-1 failed and was not rolled back
    "#]],
    );
}

#[test]
fn an_alarm_stops_it_and_the_rollback_decides() {
    let waits = waits(0, 5);
    let with = |rollback: &str| {
        World::default()
            .with(
                "d-1",
                waits,
                auto(true),
                "0  InProgress AllowTraffic> blue=90:2/2 green=10:2/2
                 50 Stopped rollback=d-2 error=ALARM_ACTIVE:One_or_more_alarms_have_been_activated",
            )
            .with("d-2", waits, None, rollback)
    };
    let until = || watch(&waits, CANARY, Until::Succeeded);
    check(
        &with("0 InProgress\n 90 Succeeded"),
        until(),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         AllowTraffic started
        0 s         blue task set: 2 of 2 running
        0 s         green task set: 2 of 2 running
        0 s         traffic: blue 90%, green 10%
        1 min 5 s   deployment d-1: InProgress -> Stopped: ALARM_ACTIVE: One or more alarms have been activated
        1 min 5 s   rollback d-2 started; waiting for it to finish
        1 min 5 s   rollback: deployment d-2: InProgress
        1 min 46 s  rollback: deployment d-2: InProgress -> Succeeded
        1 min 46 s  deployment d-1 failed; rollback d-2 succeeded: the previous version serves
    "#]],
    );
    check(
        &with("0 InProgress\n 90 Failed error=INTERNAL_ERROR:Try_again"),
        until(),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         AllowTraffic started
        0 s         blue task set: 2 of 2 running
        0 s         green task set: 2 of 2 running
        0 s         traffic: blue 90%, green 10%
        1 min 5 s   deployment d-1: InProgress -> Stopped: ALARM_ACTIVE: One or more alarms have been activated
        1 min 5 s   rollback d-2 started; waiting for it to finish
        1 min 5 s   rollback: deployment d-2: InProgress
        1 min 46 s  rollback: deployment d-2: InProgress -> Failed: INTERNAL_ERROR: Try again
        1 min 46 s  deployment d-1 did not succeed, and its rollback d-2 failed
    "#]],
    );
}

#[test]
fn stopped_by_somebody() {
    let waits = waits(0, 5);
    let stopped = "0 InProgress Install>\n 20 Stopped error=MANUAL_STOP:Stopped_by_root";
    let plain = World::default().with("d-1", waits, auto(false), stopped);
    check(
        &plain,
        watch(&waits, CANARY, Until::Succeeded),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         Install started
        23 s        deployment d-1: InProgress -> Stopped: MANUAL_STOP: Stopped by root
        23 s        waiting for a rollback deployment, up to 15 s
        38 s        deployment d-1 stopped, not rolled back
    "#]],
    );
    // "Stop and roll back" where the group has no automatic rollback.
    let rolled_back = World::default().with("d-1", waits, auto(false), &format!("{stopped}\n 25 rollback=d-2")).with(
        "d-2",
        waits,
        None,
        "0 Succeeded",
    );
    check(
        &rolled_back,
        watch(&waits, CANARY, Until::Succeeded),
        &expect![[r#"
        0 s         deployment d-1: InProgress
        0 s         Install started
        23 s        deployment d-1: InProgress -> Stopped: MANUAL_STOP: Stopped by root
        23 s        waiting for a rollback deployment, up to 15 s
        28 s        rollback d-2 started; waiting for it to finish
        28 s        rollback: deployment d-2: Succeeded
        28 s        deployment d-1 stopped; rollback d-2 succeeded: the previous version serves
    "#]],
    );
}
