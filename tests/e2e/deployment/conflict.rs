//! Another deployment is active in the group.

use super::*;

#[test]
fn an_active_deployment_is_named_and_nothing_is_created() {
    let stage = Stage::new(group().termination_wait(600));
    let id = stage.created(&[]);
    let second = stage.deploy(&["--no-wait", "--description", "another"]);
    assert_eq!(second.code, 14, "{}", second.stderr);
    assert!(second.stderr.contains(&id), "{}", second.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
}

#[test]
fn an_active_deployment_is_waited_for_where_asked() {
    let stage = Stage::new(group().termination_wait(30));
    stage.deploy(&["--no-wait"]);
    let second = stage.deploy(&["--on-conflict", "wait", "--description", "another"]);
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert_eq!(stage.aws.deployments().len(), 2);
}

#[test]
fn credentials_that_end_while_another_deployment_is_waited_for_are_told_from_others() {
    let stage = Stage::new(group().termination_wait(600));
    stage.deploy(&["--no-wait"]);
    stage.aws.expire(&stage.keys, Duration::from_mins(20));
    let second = stage.deploy(&["--on-conflict", "wait", "--description", "another"]);
    assert_eq!(second.code, 16, "{}", second.stderr);
    assert!(second.stderr.contains("DEP30: the credentials expired before a deployment was made"), "{}", second.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
    // Said before the wait, not in its middle.
    let (warned, waits) =
        (second.stderr.find("warning: these are temporary"), second.stderr.find("waits for deployment"));
    assert!(warned.is_some() && warned < waits, "{}", second.stderr);
}

#[test]
fn an_active_deployment_is_stopped_where_asked() {
    let stage = Stage::new(group().termination_wait(600));
    stage.deploy(&["--no-wait"]);
    let second = stage.deploy(&["--on-conflict", "stop", "--description", "another", "--until", "traffic-shifted"]);
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert_eq!(stage.count("codedeploy:StopDeployment"), 1);
}

#[test]
fn an_older_build_never_overtakes_a_newer_one() {
    let stage = Stage::new(group());
    let newer = stage.deploy(&["--build-number", "8"]);
    assert_eq!(newer.code, 0, "{}", newer.stderr);
    let older = stage.deploy(&["--build-number", "7"]);
    assert_eq!(older.code, 14, "{}", older.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
}
