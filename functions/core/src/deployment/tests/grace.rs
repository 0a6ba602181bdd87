//! How long a rollback is looked for, and what is made of what is found.

use super::super::*;
use super::even;
use super::world::{START, World, auto, play, waits, watch};
use crate::deployment::schedule::span;

fn follow() -> Follow {
    Follow::new(watch(&waits(0, 0), TrafficRouting::AllAtOnce, Until::Succeeded), START)
}

fn ended(status: DeploymentStatus, code: &str, config: Option<AutoRollback>) -> Deployment {
    let mut deployment = Deployment::new("d-1", status);
    deployment.error = Some(ErrorInfo { code: code.to_owned(), message: "m".to_owned() });
    deployment.auto_rollback = config;
    deployment
}

#[test]
fn a_rollback_is_looked_for_as_long_as_one_can_be_expected() {
    let only = |event| Some(AutoRollback { enabled: true, events: vec![event] });
    let (failed, stopped) = (DeploymentStatus::Failed, DeploymentStatus::Stopped);
    let rows = [
        (&failed, "X", auto(true), false, None, "2 min"),
        (&failed, "X", auto(true), false, Some("none is possible"), "15 s"),
        (&failed, "X", auto(false), false, None, "none"),
        (&failed, "X", auto(false), true, None, "2 min"),
        (&failed, "X", None, false, None, "15 s"),
        (&failed, "X", only(RollbackEvent::StopOnAlarm), false, None, "none"),
        (&failed, "ALARM_ACTIVE", only(RollbackEvent::StopOnAlarm), false, None, "2 min"),
        (&stopped, "ALARM_ACTIVE", only(RollbackEvent::StopOnAlarm), false, None, "2 min"),
        (&stopped, "MANUAL_STOP", only(RollbackEvent::StopOnRequest), false, None, "2 min"),
        (&stopped, "MANUAL_STOP", only(RollbackEvent::Failure), false, None, "15 s"),
        (&stopped, "MANUAL_STOP", auto(false), true, None, "2 min"),
    ];
    for (status, code, config, asked, message, expected) in rows {
        let mut follow = follow();
        if asked {
            follow.stopped_on_request(true);
        }
        let mut deployment = ended(status.clone(), code, config.clone());
        deployment.rollback =
            message.map(|message: &str| RollbackInfo { message: Some(message.to_owned()), ..RollbackInfo::default() });
        let events = follow.observe(Observation { deployment, target: None }, START);
        let grace = events.iter().find_map(|event| match &event.what {
            What::RollbackExpected(grace) => Some(span(*grace)),
            _ => None,
        });
        let row = format!("{status} {code} {config:?} {asked} {message:?}");
        assert_eq!(grace.as_deref().unwrap_or("none"), expected, "{row}");
        assert_eq!(follow.verdict().is_some(), expected == "none", "{row}");
    }
}

#[test]
fn the_configuration_of_the_group_counts_where_the_deployment_has_none() {
    let mut watch = watch(&waits(0, 0), TrafficRouting::AllAtOnce, Until::Succeeded);
    watch.auto_rollback = auto(false);
    let mut follow = Follow::new(watch, START);
    follow.observe(Observation { deployment: ended(DeploymentStatus::Failed, "X", None), target: None }, START);
    assert_eq!(follow.verdict(), Some(&Verdict::FailedNotRolledBack(NotRolledBack::NoRollback)));
}

#[test]
fn a_deployment_cannot_be_its_own_rollback() {
    for id in ["d-1", ""] {
        let mut follow = follow();
        let mut deployment = ended(DeploymentStatus::Failed, "X", auto(true));
        let rollback = RollbackInfo { rollback_deployment_id: Some(id.to_owned()), ..RollbackInfo::default() };
        deployment.rollback = Some(rollback);
        follow.observe(Observation { deployment, target: None }, START);
        assert_eq!(follow.following(), "d-1");
        assert!(!matches!(follow.next(START, 200), Next::FollowRollback(_)), "{id}");
    }
}

#[test]
fn who_serves_is_not_guessed_after_a_rollback_that_failed() {
    let group = waits(0, 0);
    let with = |rollback: &str| {
        World::default()
            .with("d-1", group, auto(true), "0 InProgress blue=90:2/2 green=10:2/2\n 9 Failed rollback=d-2 error=X:m")
            .with("d-2", group, None, rollback)
    };
    for (rollback, expected) in
        [("0 Failed", Serving::Unknown), ("0 Stopped", Serving::Unknown), ("0 Succeeded", Serving::Previous)]
    {
        let played = play(&with(rollback), watch(&group, TrafficRouting::AllAtOnce, Until::Succeeded), even);
        assert_eq!(played.follow.followed(played.now_ms).serving(), expected, "{rollback}");
    }
}

#[test]
fn the_sentence_of_the_error_is_said_once() {
    let mut deployment = ended(DeploymentStatus::Failed, "X", auto(false));
    deployment.additional = Some("m".to_owned());
    let events = follow().observe(Observation { deployment, target: None }, START);
    assert_eq!(events.iter().filter(|event| matches!(event.what, What::Message(_))).count(), 0, "{events:?}");
}

#[test]
fn the_bar_never_goes_back_and_ends_with_a_failure() {
    let mut follow = follow();
    assert_eq!(follow.progress(START), None);
    let mut deployment = Deployment::new("d-1", DeploymentStatus::InProgress);
    deployment.started_ms = Some(START);
    follow.observe(Observation { deployment: deployment.clone(), target: None }, START);
    let far = follow.progress(START + 120_000).unwrap().permille;
    assert!(far > 0);
    assert_eq!(follow.progress(START + 1000).unwrap().permille, far);
    deployment.status = DeploymentStatus::Failed;
    follow.observe(Observation { deployment, target: None }, START + 130_000);
    assert_eq!(follow.progress(START + 130_000), None);
}
