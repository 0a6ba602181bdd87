//! What becomes of a deployment where the wait times out, and what was seen until then.

use std::time::Duration;

use expect_test::{Expect, expect};

use super::super::why::why;
use super::super::*;
use super::even;
use super::world::{START, World, auto, is_heartbeat, play, waits, watch};

fn limited(on_timeout: OnTimeout, seconds: u64) -> Watch {
    let mut watch = watch(&waits(0, 5), TrafficRouting::AllAtOnce, Until::Succeeded);
    watch.budget = watch.budget.limited_to(Duration::from_secs(seconds));
    Watch { on_timeout, ..watch }
}

/// An answer at once, and the same to a poll that began after the 100 seconds.
fn at_the_end(follow: &mut Follow, deployment: Deployment) -> Vec<Event> {
    let observation = Observation { deployment, target: None };
    follow.observe(observation.clone(), START);
    follow.next(START + 100_000, 0);
    follow.observe(observation, START + 106_000)
}

fn world(table: &str) -> World {
    let rollback = "0 InProgress\n 30 Succeeded";
    World::default().with("d-1", waits(0, 5), auto(true), table).with("d-2", waits(0, 5), None, rollback)
}

/// Everything from the time-out on, and the exit code.
fn check(world: &World, watch: Watch, expect: &Expect) {
    let played = play(world, watch, even);
    let from = played.lines.iter().position(|line| line.contains("timed out;"));
    let lines = played.lines[from.unwrap_or(0)..].iter().filter(|line| !is_heartbeat(line));
    let lines: Vec<&str> = lines.map(String::as_str).collect();
    let code = played.follow.verdict().map(Verdict::exit_code);
    expect.assert_eq(&format!("{}\nexit code {code:?}\n", lines.join("\n")));
}

const INSTALLING: &str = "0 InProgress Install> blue=100:2/2 green=0:0/2+2";

#[test]
fn it_is_left_stopped_or_rolled_back() {
    let stopped = world(&format!("{INSTALLING}\n 102 Stopped error=MANUAL_STOP:m rollback=d-2"));
    check(
        &stopped,
        limited(OnTimeout::Leave, 100),
        &expect![[r#"
            1 min 40 s  wait for deployment d-1 timed out; the deployment is still in progress
            exit code Some(13)
        "#]],
    );
    check(
        &stopped,
        limited(OnTimeout::Stop, 100),
        &expect![[r#"
        1 min 40 s  timed out; stopping deployment d-1
        stop, rollback false
        1 min 47 s  deployment d-1: InProgress -> Stopped: MANUAL_STOP: m
        1 min 47 s  rollback d-2 started; waiting for it to finish
        1 min 47 s  rollback: deployment d-2: Succeeded
        1 min 47 s  deployment d-1 stopped; rollback d-2 succeeded: the previous version serves
        exit code Some(12)
    "#]],
    );
    check(
        &stopped,
        limited(OnTimeout::StopAndRollback, 100),
        &expect![[r#"
        1 min 40 s  timed out; stopping deployment d-1 and rolling it back
        stop, rollback true
        1 min 47 s  deployment d-1: InProgress -> Stopped: MANUAL_STOP: m
        1 min 47 s  rollback d-2 started; waiting for it to finish
        1 min 47 s  rollback: deployment d-2: Succeeded
        1 min 47 s  deployment d-1 stopped; rollback d-2 succeeded: the previous version serves
        exit code Some(12)
    "#]],
    );
    // The stop does not come about.
    check(
        &world(INSTALLING),
        limited(OnTimeout::StopAndRollback, 100),
        &expect![[r#"
            1 min 40 s  timed out; stopping deployment d-1 and rolling it back
            stop, rollback true
            16 min      wait for deployment d-1 timed out; the deployment is still in progress
            exit code Some(13)
        "#]],
    );
    // The rollback does not.
    let alone = world(&format!("{INSTALLING}\n 102 Stopped error=MANUAL_STOP:m"));
    check(
        &alone,
        limited(OnTimeout::StopAndRollback, 100),
        &expect![[r#"
            1 min 40 s  timed out; stopping deployment d-1 and rolling it back
            stop, rollback true
            1 min 47 s  deployment d-1: InProgress -> Stopped: MANUAL_STOP: m
            1 min 47 s  waiting for a rollback deployment, up to 2 min
            3 min 47 s  deployment d-1 failed and was not rolled back
            exit code Some(11)
        "#]],
    );
}

#[test]
fn a_rollback_and_what_serves_are_never_stopped() {
    let shifted = world("0 InProgress Install+ AllowTraffic+ blue=0:2/2 green=100:2/2 term");
    check(
        &shifted,
        limited(OnTimeout::StopAndRollback, 100),
        &expect![[r#"
            1 min 40 s  timed out; deployment d-1 is not stopped: all traffic is on the new version
            1 min 40 s  wait for deployment d-1 timed out; the deployment is still in progress
            exit code Some(13)
        "#]],
    );
    let rolling = World::default().with("d-1", waits(0, 5), auto(true), "0 Failed rollback=d-2 error=TIMEOUT:t").with(
        "d-2",
        waits(0, 5),
        None,
        "0 InProgress",
    );
    check(
        &rolling,
        limited(OnTimeout::StopAndRollback, 100),
        &expect![[r#"
            1 min 40 s  wait for deployment d-1 timed out; it did not succeed, and its rollback d-2 is still in progress
            exit code Some(13)
        "#]],
    );
    let mut follow = Follow::new(limited(OnTimeout::Stop, 100), START);
    let deployment = Deployment {
        creator: Some("codeDeployRollback".to_owned()),
        ..Deployment::new("d-1", DeploymentStatus::InProgress)
    };
    let events = at_the_end(&mut follow, deployment);
    let lines: Vec<String> = events.iter().map(ToString::to_string).collect();
    assert!(lines.iter().any(|line| line.ends_with("not stopped: it is a rollback")), "{lines:?}");
    assert_eq!(follow.verdict(), Some(&Verdict::TimedOut(Pending::Deployment)));
}

#[test]
fn a_stop_that_fails_is_said_and_leaves_it() {
    let mut follow = Follow::new(limited(OnTimeout::StopAndRollback, 100), START);
    let deployment = Deployment::new("d-1", DeploymentStatus::InProgress);
    at_the_end(&mut follow, deployment);
    assert_eq!(follow.next(START + 110_000, 0), Next::Stop { rollback: true });
    let events = follow.stop_answered(Err("denied".to_owned()), START + 111_000);
    assert!(events[0].to_string().ends_with("d-1 is not stopped: denied"), "{events:?}");
    assert_eq!(follow.verdict(), Some(&Verdict::TimedOut(Pending::Deployment)));
    assert!(follow.stop_answered(Ok(()), START + 112_000).is_empty());
}

fn cannot_pull() -> Evidence {
    let reason = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref \
                  111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found";
    let container = ContainerExit { name: "app".to_owned(), ..ContainerExit::default() };
    let task = StoppedTask {
        id: "0a1b".to_owned(),
        stop_code: Some("TaskFailedToStart".to_owned()),
        stopped_reason: Some(reason.to_owned()),
        containers: vec![container],
        ..StoppedTask::default()
    };
    Evidence { tasks: vec![task], ..Evidence::default() }
}

/// The block at the end of a wait in which the tasks could not be started.
fn block(on_timeout: OnTimeout, table: &str, expect: &Expect) {
    let mut follow = Follow::new(limited(on_timeout, 100), START);
    let mut now_ms = START;
    let world = world(table);
    while follow.verdict().is_none() {
        match follow.next(now_ms, 200) {
            Next::Poll(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap();
                world.observe(&mut follow, now_ms);
                follow.found(if now_ms < START + 50_000 { cannot_pull() } else { Evidence::default() }, now_ms);
            }
            Next::Tick(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap();
                follow.tick(now_ms);
            }
            Next::Stop { .. } => {
                follow.stop_answered(Ok(()), now_ms);
            }
            Next::FollowRollback(_) | Next::Done(_) => {}
        }
    }
    expect.assert_eq(&format!("{}\n", why(&follow.followed(now_ms)).unwrap()));
}

#[test]
fn what_was_seen_wins_over_more_time() {
    block(
        OnTimeout::Leave,
        INSTALLING,
        &expect![[r#"
            wait for deployment d-1 timed out; the deployment is still in progress; probable cause: image not found: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7
              evidence:
                green task 0a1b stopped: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found
              stopped tasks of the green task set:
                0a1b: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found (TaskFailedToStart)
                  container app: never ran
              now serving: the previous version
              next: push the image with this tag, or correct the image in the task definition: the registry does not have it (image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7); the deployment is still in progress: stop it with `codedeploy-artifact stop d-1 --rollback`
        "#]],
    );
    let stopped = format!("{INSTALLING}\n 102 Stopped error=MANUAL_STOP:m rollback=d-2");
    block(
        OnTimeout::StopAndRollback,
        &stopped,
        &expect![[r#"
            deployment d-1 stopped; rollback d-2 succeeded: the previous version serves; probable cause: image not found: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7
              evidence:
                green task 0a1b stopped: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found
              error: MANUAL_STOP: m
              stopped tasks of the green task set:
                0a1b: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found (TaskFailedToStart)
                  container app: never ran
              now serving: the previous version
              next: push the image with this tag, or correct the image in the task definition: the registry does not have it (image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7)
        "#]],
    );
    // The tasks came up in the end: more time is the right advice.
    let healthy = format!("{INSTALLING}\n 60 Install+ BeforeAllowTraffic> green=0:2/2");
    block(
        OnTimeout::Leave,
        &healthy,
        &expect![[r#"
            wait for deployment d-1 timed out; the deployment is still in progress; probable cause: image not found: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7
              evidence:
                green task 0a1b stopped: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found
              stopped tasks of the green task set:
                0a1b: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7: not found (TaskFailedToStart)
                  container app: never ran
              now serving: the previous version
              next: resume waiting with `codedeploy-artifact wait d-1` and a longer --timeout
        "#]],
    );
}

#[test]
fn problems_are_looked_for_until_the_tasks_run_and_stand_in_heartbeats() {
    let mut follow = Follow::new(limited(OnTimeout::Leave, 1000), START);
    let table = format!("{INSTALLING}\n 70 Install+ green=0:1/2\n 90 green=0:2/2 AllowTraffic>");
    let world = world(&table);
    assert!(follow.in_trouble().is_none(), "nothing was seen yet");
    world.observe(&mut follow, START + 1000);
    assert!(follow.in_trouble().is_some());
    assert_eq!(follow.found(cannot_pull(), START + 2000).len(), 1);
    assert_eq!(follow.found(cannot_pull(), START + 3000).len(), 0);
    let beat = follow.tick(START + 62_000);
    assert!(beat[0].to_string().contains("; problem: CannotPullContainerError: pull image"), "{}", beat[0]);
    world.observe(&mut follow, START + 70_000);
    assert!(follow.in_trouble().is_some(), "a task is missing");
    world.observe(&mut follow, START + 90_000);
    assert!(follow.in_trouble().is_none());
    let beat = follow.tick(START + 160_000);
    assert!(!beat[0].to_string().contains("problem"), "{}", beat[0]);
}

#[test]
fn a_success_without_tasks_is_noted() {
    let notes = |green: &str| {
        let table = format!("0 Succeeded Install+ AllowTraffic+ blue=0:2/2 green=100:{green}");
        play(&world(&table), limited(OnTimeout::Leave, 100), even).follow.followed(START).notes().join("; ")
    };
    assert_eq!(notes("2/2"), "");
    assert_eq!(notes("0/2"), "CodeDeploy reports 0 of 2 tasks of the green task set running");
    assert_eq!(notes("0/0"), "the green task set has a desired count of 0: no task of the new version is running");
    let failed = play(&world("0 Failed green=0:0/2 error=X:m"), limited(OnTimeout::Leave, 100), even);
    assert!(failed.follow.followed(START).notes().is_empty());
}

#[test]
fn a_time_out_of_the_user_binds_the_search_for_a_rollback() {
    let check = |asked: bool, verdict: &Verdict, next: &str| {
        let mut follow = Follow::new(limited(OnTimeout::Leave, 10), START);
        if asked {
            follow.stopped_on_request(true);
        }
        let mut deployment = Deployment::new("d-1", DeploymentStatus::Stopped);
        (deployment.application, deployment.group) = ("shop".to_owned(), "my web".to_owned());
        deployment.error = Some(ErrorInfo { code: "MANUAL_STOP".to_owned(), message: "m".to_owned() });
        deployment.auto_rollback = auto(true);
        let observation = Observation { deployment, target: None };
        follow.observe(observation.clone(), START + 3000);
        assert_eq!(follow.verdict(), None);
        let mut now_ms = START + 3000;
        while let Next::Poll(after) = follow.next(now_ms, 200) {
            now_ms += u64::try_from(after.as_millis()).unwrap();
            follow.observe(observation.clone(), now_ms);
        }
        assert_eq!((follow.verdict(), now_ms), (Some(verdict), START + 10_000));
        assert_eq!(why(&follow.followed(now_ms)).unwrap().next_step, next);
    };
    check(
        true,
        &Verdict::Stopped { rollback: None },
        "no rollback started; run `codedeploy-artifact rollback --application shop --deployment-group 'my web'`",
    );
    check(
        false,
        &Verdict::TimedOut(Pending::RollbackUnknown),
        "resume waiting with `codedeploy-artifact wait d-1` and a longer --timeout",
    );
}

/// However long the installation takes, each heartbeat tells another time left, and none beyond the time-out.
#[test]
fn the_time_left_moves() {
    let played = play(&world(INSTALLING), limited(OnTimeout::Leave, 900), even);
    let beats: Vec<&String> = played.lines.iter().filter(|line| is_heartbeat(line)).collect();
    let mut left: Vec<&str> = beats.iter().filter_map(|beat| beat.rsplit(", ").next()).collect();
    assert!(left.len() > 8, "{left:?}");
    assert!(left.iter().all(|left| left.starts_with("about ") || left.starts_with("times out in ")), "{left:?}");
    left.dedup();
    // Minutes are cut, so that two heartbeats may show the same one.
    assert!(left.len() + 1 >= beats.len(), "{left:?}");
    let short = play(&world(INSTALLING), limited(OnTimeout::Leave, 100), even);
    let beat = short.lines.iter().find(|line| is_heartbeat(line)).unwrap();
    assert!(beat.contains("times out in 4"), "{beat}");
}
