//! Plans, budgets, forecasts and the polling cadence.

use std::fmt::Write as _;
use std::time::Duration;

use expect_test::expect;

use super::*;
use crate::artifact::appspec::Hook;
use crate::deployment::{
    BlueGreen, Deployment, DeploymentStatus, LifecycleEvent, LifecycleStatus, ReadyAction, ReadyWait, Target,
    TargetStatus, TerminationAction, TerminationWait, TrafficRouting, Until, Weight,
};

const CANARY: TrafficRouting = TrafficRouting::Canary { percentage: 10, interval_minutes: 5 };

fn group(ready: u32, termination: u32) -> BlueGreen {
    BlueGreen {
        ready: Some(ReadyWait { action: ReadyAction::StopDeployment, wait_minutes: ready }),
        termination: Some(TerminationWait { action: TerminationAction::Terminate, wait_minutes: termination }),
    }
}

#[test]
fn lengths_of_time() {
    let cases = [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (605, "10 min"),
        (3600, "60 min"),
        (3660, "1 h 1 min"),
        (6720, "1 h 52 min"),
        (7200, "2 h"),
        (172_800, "48 h"),
    ];
    for (seconds, expected) in cases {
        assert_eq!(span(Duration::from_secs(seconds)), expected);
    }
}

#[test]
fn traffic_plans() {
    let mut table = String::new();
    let configs = ["ECSAllAtOnce", "ECSCanary10Percent5Minutes", "ECSCanary10Percent15Minutes"];
    let configs = configs.into_iter().chain(["ECSLinear10PercentEvery1Minutes", "ECSLinear10PercentEvery3Minutes"]);
    let mut plans: Vec<(String, TrafficRouting)> =
        configs.map(|name| (name.to_owned(), predefined(&format!("CodeDeployDefault.{name}")).unwrap())).collect();
    for (percentage, interval_minutes) in [(30, 2), (0, 1), (150, 7), (u32::MAX, u32::MAX)] {
        plans.push(("linear".to_owned(), TrafficRouting::Linear { percentage, interval_minutes }));
        plans.push(("canary".to_owned(), TrafficRouting::Canary { percentage, interval_minutes }));
    }
    for (name, routing) in plans {
        let plan = TrafficPlan::of(routing);
        let steps: Vec<String> =
            plan.steps().iter().take(4).map(|step| format!("{}@{}", step.weight, step.minute)).collect();
        let _ = writeln!(table, "{name}: {plan}: {} steps: {}", plan.steps().len(), steps.join(" "));
        assert_eq!(plan.steps().last().map(|step| step.weight), Some(Weight::ALL));
        assert!(plan.steps().len() <= 100);
    }
    expect![[r#"
        ECSAllAtOnce: all at once: 1 steps: 100%@0
        ECSCanary10Percent5Minutes: 10% at once, 100% after 5 min: 2 steps: 10%@0 100%@5
        ECSCanary10Percent15Minutes: 10% at once, 100% after 15 min: 2 steps: 10%@0 100%@15
        ECSLinear10PercentEvery1Minutes: 10% at once, then 10% every 1 min, 100% after 9 min: 10 steps: 10%@0 20%@1 30%@2 40%@3
        ECSLinear10PercentEvery3Minutes: 10% at once, then 10% every 3 min, 100% after 27 min: 10 steps: 10%@0 20%@3 30%@6 40%@9
        linear: 30% at once, then 30% every 2 min, 100% after 6 min: 4 steps: 30%@0 60%@2 90%@4 100%@6
        canary: 30% at once, 100% after 2 min: 2 steps: 30%@0 100%@2
        linear: 1% at once, then 1% every 1 min, 100% after 1 h 39 min: 100 steps: 1%@0 2%@1 3%@2 4%@3
        canary: 1% at once, 100% after 1 min: 2 steps: 1%@0 100%@1
        linear: all at once: 1 steps: 100%@0
        canary: 100% at once, 100% after 7 min: 2 steps: 100%@0 100%@7
        linear: all at once: 1 steps: 100%@0
        canary: 100% at once, 100% after 71582788 h 15 min: 2 steps: 100%@0 100%@4294967295
    "#]].assert_eq(&table);
    assert_eq!(predefined("CodeDeployDefault.ECSLinear10PercentEvery1Minute"), None, "it is spelled with an s");
}

#[test]
fn weights() {
    for (percent, expected) in [(10.0, "10%"), (0.0, "0%"), (33.34, "33.3%"), (250.0, "100%"), (-3.0, "0%")] {
        assert_eq!(Weight::from_percent(percent).to_string(), expected);
    }
    assert_eq!(Weight::from_percent(f64::NAN), Weight::NONE);
}

#[test]
fn budgets() {
    let all = Some(Hook::ALL.as_slice());
    let two = Some([Hook::BeforeAllowTraffic, Hook::AfterAllowTraffic].as_slice());
    let keep = BlueGreen {
        ready: Some(ReadyWait { action: ReadyAction::ContinueDeployment, wait_minutes: 5 }),
        termination: Some(TerminationWait { action: TerminationAction::KeepAlive, wait_minutes: 60 }),
    };
    let mut lines = Vec::new();
    for until in Until::ALL {
        for (waits, hooks) in [(group(30, 60), all), (group(0, 0), two), (keep, Some(&[][..]))] {
            lines.push(format!("{until}: {}", Budget::new(&waits, CANARY, hooks, until)));
        }
    }
    let at_once = Budget::new(&BlueGreen::default(), TrafficRouting::AllAtOnce, None, Until::Succeeded);
    lines.push(at_once.to_string());
    lines.push(at_once.clone().limited_to(Duration::from_mins(30)).to_string());
    lines.push(at_once.clone().limited_to(Duration::from_hours(25)).to_string());
    expect![[r#"
        ready: waits up to 4 h 10 min: launch 60 min, hooks 3 h, slack 10 min
        ready: waits up to 1 h 10 min: launch 60 min, slack 10 min
        ready: waits up to 1 h 10 min: launch 60 min, slack 10 min
        traffic-shifted: waits up to 5 h 45 min: launch 60 min, hooks 4 h, wait for ContinueDeployment 30 min, traffic shift 5 min, slack 10 min
        traffic-shifted: waits up to 2 h 15 min: launch 60 min, hooks 60 min, traffic shift 5 min, slack 10 min
        traffic-shifted: waits up to 1 h 15 min: launch 60 min, traffic shift 5 min, slack 10 min
        succeeded: waits up to 7 h 45 min: launch 60 min, hooks 5 h, wait for ContinueDeployment 30 min, traffic shift 5 min, termination wait 60 min, slack 10 min
        succeeded: waits up to 3 h 15 min: launch 60 min, hooks 2 h, traffic shift 5 min, slack 10 min
        succeeded: waits up to 1 h 15 min: launch 60 min, traffic shift 5 min, slack 10 min
        waits up to 2 h 10 min: launch 60 min, hooks 60 min, slack 10 min
        waits up to 30 min (--timeout); the deployment may take 2 h 10 min: launch 60 min, hooks 60 min, slack 10 min
        waits up to 25 h (--timeout)
    "#]].assert_eq(&(lines.join("\n") + "\n"));
    assert_eq!(at_once.rollback(), ROLLBACK);
    assert_eq!(at_once.limited_to(HOOK).rollback(), Duration::ZERO, "the limit of the user holds");
    assert_eq!(Budget::new(&group(0, 20), CANARY, all, Until::Ready).rollback(), ROLLBACK + Duration::from_mins(20));
    let huge = group(u32::MAX, u32::MAX);
    Budget::new(&huge, TrafficRouting::Linear { percentage: 1, interval_minutes: u32::MAX }, all, Until::Succeeded)
        .total();
}

#[test]
fn progress_never_promises_the_end() {
    let budget = Budget::new(&group(0, 5), CANARY, Some(&[]), Until::Succeeded);
    let forecast = Forecast::new(&budget, CANARY, Until::Succeeded);
    let event = |status, start: u64, end: Option<u64>| LifecycleEvent {
        name: "AllowTraffic".to_owned(),
        status,
        start_ms: Some(start * 1000),
        end_ms: end.map(|end| end * 1000),
        diagnostics: None,
    };
    let rows = [
        (0, DeploymentStatus::Created, None),
        (120, DeploymentStatus::InProgress, None),
        (5000, DeploymentStatus::InProgress, None),
        (180, DeploymentStatus::Ready, None),
        (300, DeploymentStatus::InProgress, Some(event(LifecycleStatus::InProgress, 240, None))),
        (540, DeploymentStatus::InProgress, Some(event(LifecycleStatus::Succeeded, 240, Some(540)))),
        (99_999, DeploymentStatus::InProgress, Some(event(LifecycleStatus::Succeeded, 240, Some(540)))),
        (0, DeploymentStatus::InProgress, Some(event(LifecycleStatus::Succeeded, u64::MAX / 1000, Some(0)))),
        (840, DeploymentStatus::Succeeded, None),
    ];
    let mut table = String::new();
    for (at, status, event) in rows {
        let mut deployment = Deployment::new("d-1", status);
        deployment.started_ms = Some(0);
        let target = Target {
            id: "c:s".to_owned(),
            status: TargetStatus::InProgress,
            lifecycle_events: event.into_iter().collect(),
            task_sets: Vec::new(),
        };
        let Progress { stage, permille, remaining } = forecast.progress(&deployment, Some(&target), at * 1000);
        let left = remaining.map_or_else(|| "unknown".to_owned(), span);
        let _ = writeln!(table, "{at:<5} {stage:?} {permille} {left}");
        assert_eq!(permille == 1000, stage == Stage::Done);
    }
    expect![[r#"
        0     Waiting 0 14 min
        120   Launching 142 12 min
        5000  Launching 271 unknown
        180   ReadyWait 285 unknown
        300   ShiftingTraffic 357 9 min
        540   TerminationWait 642 5 min
        99999 TerminationWait 982 unknown
        0     TerminationWait 642 5 min
        840   Done 1000 0 s
    "#]]
    .assert_eq(&table);
}

#[test]
fn polls_slow_down_and_speed_up_again() {
    let mut pace = Pace::new(0);
    let mut now_ms = 0;
    let mut seconds = |pace: &mut Pace, chance| {
        let pause = pace.pause(now_ms, chance);
        now_ms += u64::try_from(pause.as_millis()).unwrap();
        pause.as_millis()
    };
    let mut pauses = Vec::new();
    for _ in 0..6 {
        pace.answered(false);
        pauses.push(seconds(&mut pace, 200));
    }
    assert_eq!(pauses, [7500, 11_250, 16_875, 25_312, 30_000, 30_000]);
    pace.answered(true);
    assert_eq!((seconds(&mut pace, 0), seconds(&mut pace, 400), seconds(&mut pace, 401)), (4000, 6000, 4000));
    pace.throttled();
    assert_eq!(seconds(&mut pace, 200), 10_000);
    for _ in 0..80 {
        pace.throttled();
    }
    assert_eq!(seconds(&mut pace, 200), 60_000);
    pace.answered(true);
    assert_eq!(seconds(&mut pace, 200), 5000);
}

#[test]
fn constant_change_cannot_make_it_poll_too_often() {
    for chance in [0, 200, 400] {
        let (mut pace, mut now_ms, mut polls) = (Pace::new(0), 0_u64, 0_u64);
        while now_ms < 2 * 3_600_000 {
            pace.answered(true);
            now_ms += u64::try_from(pace.pause(now_ms, chance).as_millis()).unwrap();
            polls += 1;
        }
        assert!(polls * 15 <= now_ms / 1000, "{polls} polls in {now_ms} ms");
    }
}
