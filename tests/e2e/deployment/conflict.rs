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
