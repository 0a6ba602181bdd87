//! Deployments by a step: each ending has its exit code in the result file, where Jenkins reads it.

use std::{path::Path, time::Duration};

use e2e::fake_aws::{
    codedeploy::{OnTimeout, Scenario},
    faults::Fault,
};

use crate::{
    image::{Image, users},
    jenkins::{Ended, Inside},
    stage::{ACCOUNT, DEPLOY, Stage, appspec, group},
    workspace::Workspace,
};

/// Runs a script as a step beside an AppSpec.
fn step(stage: &Stage, script: &str) -> Option<Ended> {
    step_of("1000:1000", stage, script).map(|(_, ended)| ended)
}

fn step_of(user: &str, stage: &Stage, script: &str) -> Option<(Workspace, Ended)> {
    let image = Image::simulated()?;
    let workspace = Workspace::new(user);
    workspace.write(Path::new("appspec.json"), appspec());
    let inside = Inside::start(image, &workspace, &["--network=host"], stage.environment());
    let ended = inside.sh(script);
    drop(inside);
    Some((workspace, ended))
}

#[test]
fn a_deployment_succeeds_as_any_user_and_leaves_its_report() {
    for user in users() {
        let stage = Stage::new(group());
        let script = format!("exec {DEPLOY} --report report.xml\n");
        let Some((workspace, ended)) = step_of(&user, &stage, &script) else { return };
        assert_eq!(ended.code, 0, "{user}: {}", ended.log);
        assert_eq!(stage.aws.deployment(&stage.deployment())["status"], "Succeeded");
        let report = std::fs::read_to_string(workspace.path().join("report.xml")).expect("the report");
        assert!(report.starts_with("<?xml"), "{report}");
        assert_eq!(workspace.foreign_files(), Vec::<std::path::PathBuf>::new(), "{user}");
    }
}

#[test]
fn each_ending_has_its_exit_code_in_the_result_file() {
    let check = |stage: &Stage, more: &str, code: i32, said: &str| {
        let Some(ended) = step(stage, &format!("exec {DEPLOY} {more}\n")) else { return };
        assert_eq!(ended.code, code, "{more}: {}", ended.log);
        assert!(ended.log.contains(said), "{more}: no {said:?} in {}", ended.log);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let stage = Stage::new(group());
            stage.aws.set_scenario("shop", "web", Scenario::HookFails("AfterInstall"));
            check(&stage, "", 10, "AfterInstall");
            let stage = Stage::new(group().rolling_back_on(&[]));
            stage.aws.set_scenario("shop", "web", Scenario::HookFails("AfterInstall"));
            check(&stage, "", 11, "AfterInstall");
            check(&Stage::new(group().ready_wait(30, OnTimeout::Stop).rolling_back_on(&[])), "", 12, "d-");
            check(&Stage::new(group().termination_wait(600)), "--timeout 10m", 13, "codedeploy-artifact wait d-");
        });
        scope.spawn(|| {
            let mut stage = Stage::new(group());
            stage.keys = stage.aws.session(ACCOUNT, "reader", &["s3:*"]);
            check(&stage, "", 4, "access denied");
            let stage = Stage::new(group());
            stage.aws.fail_always("codedeploy:*", Fault::InternalError);
            check(&stage, "", 5, "hint:");
            let stage = Stage::new(group().termination_wait(600));
            check(&stage, "--no-wait", 0, "d-");
            check(&stage, "--no-wait --description another", 14, "d-");
            let stage = Stage::new(group().termination_wait(600));
            stage.aws.expire(&stage.keys, Duration::from_mins(20));
            check(&stage, "", 15, "codedeploy-artifact wait d-");
        });
    });
}
