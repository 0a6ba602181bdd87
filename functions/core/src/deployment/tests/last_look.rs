//! Waits that were suspended past their time-out.

use std::time::Duration;

use super::super::*;
use super::world::{START, auto, waits, watch};

const MINUTE: u64 = 60_000;

/// A wait of ten minutes whose deployment was in progress when the process stood still.
fn suspended() -> Follow {
    let mut watch = watch(&waits(0, 5), TrafficRouting::AllAtOnce, Until::Succeeded);
    watch.budget = watch.budget.limited_to(Duration::from_mins(10));
    watch.auto_rollback = auto(true);
    let mut follow = Follow::new(watch, START);
    follow.observe(seen("d-1", DeploymentStatus::InProgress, None), START);
    assert!(matches!(follow.next(START, 0), Next::Poll(_)));
    follow
}

fn seen(id: &str, status: DeploymentStatus, rollback: Option<&str>) -> Observation {
    let rollback =
        rollback.map(|id| RollbackInfo { rollback_deployment_id: Some(id.to_owned()), ..RollbackInfo::default() });
    let completed_ms = status.is_final().then_some(START + 5 * MINUTE);
    Observation { deployment: Deployment { completed_ms, rollback, ..Deployment::new(id, status) }, target: None }
}

/// Plays from the moment of waking up: `answer` is what each poll brings, a second after it began.
fn woken(follow: &mut Follow, mut answer: impl FnMut(&str) -> Option<Observation>) -> (Verdict, Duration) {
    let woken_ms = START + 60 * MINUTE;
    let mut now_ms = woken_ms;
    for _ in 0..1000 {
        match follow.next(now_ms, 0) {
            Next::Done(verdict) => return (verdict, Duration::from_millis(now_ms - woken_ms)),
            Next::Poll(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap() + 1000;
                let id = follow.following().to_owned();
                match answer(&id) {
                    Some(observation) => follow.observe(observation, now_ms),
                    None => follow.missed(Missed::Unavailable, now_ms),
                };
            }
            Next::Tick(after) => now_ms += u64::try_from(after.as_millis()).unwrap(),
            other => assert!(matches!(other, Next::FollowRollback(_)), "{other:?}"),
        }
    }
    panic!("the wait does not end");
}

fn rolled_back(id: &str) -> Observation {
    match id {
        "d-1" => seen("d-1", DeploymentStatus::Failed, Some("d-2")),
        _ => seen("d-2", DeploymentStatus::Succeeded, None),
    }
}

#[test]
fn a_call_that_was_lost_meanwhile_is_followed_by_a_look_at_deployment_and_rollback() {
    let mut follow = suspended();
    follow.missed(Missed::Unavailable, START + 60 * MINUTE);
    let (verdict, _) = woken(&mut follow, |id| Some(rolled_back(id)));
    assert_eq!(verdict.exit_code(), 10, "{verdict}");
}

#[test]
fn an_answer_from_before_is_not_the_last_word() {
    let mut follow = suspended();
    follow.observe(seen("d-1", DeploymentStatus::InProgress, None), START + 60 * MINUTE);
    let (verdict, _) = woken(&mut follow, |id| Some(rolled_back(id)));
    assert_eq!(verdict.exit_code(), 10, "{verdict}");
    // One that is still in progress is looked at once.
    let mut follow = suspended();
    follow.observe(seen("d-1", DeploymentStatus::InProgress, None), START + 60 * MINUTE);
    let mut looks = 0;
    let (verdict, _) = woken(&mut follow, |_| {
        looks += 1;
        Some(seen("d-1", DeploymentStatus::InProgress, None))
    });
    assert_eq!((verdict, looks), (Verdict::TimedOut(Pending::Deployment), 1));
}

#[test]
fn a_network_that_wakes_up_late_is_waited_for_and_one_that_does_not_is_not() {
    let mut follow = suspended();
    follow.missed(Missed::Unavailable, START + 60 * MINUTE);
    let mut polls = 0;
    let (verdict, _) = woken(&mut follow, |id| {
        polls += 1;
        (polls >= 4).then(|| rolled_back(id))
    });
    assert_eq!(verdict.exit_code(), 10, "{verdict}");
    let mut follow = suspended();
    follow.missed(Missed::Unavailable, START + 60 * MINUTE);
    let (verdict, took) = woken(&mut follow, |_| None);
    assert_eq!(verdict, Verdict::TimedOut(Pending::Deployment));
    assert!(took < Duration::from_secs(40), "{took:?}");
}

#[test]
fn a_failure_without_a_rollback_is_told_as_that() {
    let mut follow = suspended();
    follow.missed(Missed::Unavailable, START + 60 * MINUTE);
    let (verdict, _) = woken(&mut follow, |_| Some(seen("d-1", DeploymentStatus::Failed, None)));
    assert_eq!(verdict.exit_code(), 11, "{verdict}");
}

#[test]
fn refusals_are_believed_by_the_wait_too() {
    let mut follow = suspended();
    let refused = |follow: &mut Follow, second: u64| follow.refused(Refusal::Aws, START + second * 1000).is_some();
    assert!(refused(&mut follow, 5) && refused(&mut follow, 10));
    follow.observe(seen("d-1", DeploymentStatus::InProgress, None), START + 15_000);
    assert!(refused(&mut follow, 20) && refused(&mut follow, 25) && !refused(&mut follow, 30));
}
