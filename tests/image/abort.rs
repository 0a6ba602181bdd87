//! An aborted build in the Docker pipeline. Jenkins ends the step's processes, waits for its result, and then ends the
//! container, which leaves one second.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    image::{Image, users},
    jenkins::{Ended, Inside},
    stage::{DEPLOY, Stage, appspec, group},
    workspace::Workspace,
};

/// Jenkins waits so long for the result of a step that it has aborted.
const JENKINS_WAITS: Duration = Duration::from_secs(20);

/// Aborts a step while its deployment is under way: the step as Jenkins sees it end, how long that took, the log after
/// the end of the container, and the id of the deployment.
fn aborted(image: &'static Image, user: &str, stage: &Stage, script: &str) -> (Ended, Duration, String, String) {
    let workspace = Workspace::new(user);
    workspace.write(Path::new("appspec.json"), appspec());
    let inside = Inside::start(image, &workspace, &["--network=host"], stage.environment());
    let task = inside.launch(script);
    let deployment = stage.deployment();
    let asked = Instant::now();
    inside.interrupt(&task);
    let ended = task.wait(JENKINS_WAITS).unwrap_or_else(|| panic!("the step did not end: {}", task.log()));
    let took = asked.elapsed();
    drop(inside);
    let log = task.log();
    (ended, took, log, deployment)
}

#[test]
fn a_step_that_execs_stops_its_deployment_before_it_ends() {
    let Some(image) = Image::shared() else { return };
    for user in users() {
        let stage = Stage::in_real_time(group().termination_wait(600));
        let (ended, took, _, deployment) = aborted(image, &user, &stage, &format!("exec {DEPLOY}\n"));
        assert_eq!(ended.code, 143, "{user}: {}", ended.log);
        assert!(took < Duration::from_secs(5), "{user}: {took:?}");
        assert_eq!(ended.log.lines().last(), Some(deployment.as_str()), "{user}: {}", ended.log);
        assert!(ended.log.contains("SIGTERM: "), "{user}: {}", ended.log);
        let stops = stage.aws.calls("codedeploy:StopDeployment");
        assert_eq!(stops.len(), 1, "{user}");
        assert_eq!(stops[0].json()["autoRollbackEnabled"], true, "{user}");
    }
}

/// Without `exec` the shell dies of the signal at once, so Jenkins has its result before the command has done anything:
/// the deployment is stopped only because that takes less than the second that the container has left.
#[test]
fn a_step_that_does_not_exec_ends_first_and_its_deployment_is_still_stopped() {
    let Some(image) = Image::shared() else { return };
    let stage = Stage::in_real_time(group().termination_wait(600));
    // Slower than the shell's end is to be seen.
    stage.aws.set_latency(Duration::from_millis(200));
    let (ended, _, log, deployment) = aborted(image, "1000:1000", &stage, &format!("{DEPLOY}\necho goes on\n"));
    assert_eq!(ended.code, 143, "{}", ended.log);
    assert_ne!(ended.log.lines().last(), Some(deployment.as_str()), "the result waited for the command: {}", ended.log);
    assert!(!log.contains("goes on\n"), "{log}");
    assert_eq!(log.lines().last(), Some(deployment.as_str()), "{log}");
    assert_eq!(stage.aws.calls("codedeploy:StopDeployment").len(), 1);
}

#[test]
fn an_abort_can_leave_the_deployment_alone() {
    let Some(image) = Image::shared() else { return };
    let stage = Stage::in_real_time(group().termination_wait(600));
    let (ended, _, _, deployment) = aborted(image, "1000:1000", &stage, &format!("exec {DEPLOY} --on-abort leave\n"));
    assert_eq!(ended.code, 143, "{}", ended.log);
    assert_eq!(ended.log.lines().last(), Some(deployment.as_str()), "{}", ended.log);
    assert_eq!(stage.aws.calls("codedeploy:StopDeployment").len(), 0);
}
