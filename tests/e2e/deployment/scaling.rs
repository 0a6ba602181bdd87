//! `--suspend-scaling`: auto scaling is suspended while a deployment is in progress, and afterward it is as it was.

use std::time::Instant;

use serde_json::json;

use super::*;

const TARGET: &str = "service/main/web";
const REGISTER: &str = "application-autoscaling:RegisterScalableTarget";
const RESUME: &str = "aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension \
                      ecs:service:DesiredCount --resource-id service/main/web --suspended-state \
                      DynamicScalingInSuspended=false,DynamicScalingOutSuspended=";

fn state(scale_in: bool, scale_out: bool, scheduled: bool) -> Value {
    json!({
        "DynamicScalingInSuspended": scale_in, "DynamicScalingOutSuspended": scale_out,
        "ScheduledScalingSuspended": scheduled
    })
}

fn scaled(stage: Stage, before: &Value) -> Stage {
    stage.aws.add_resource(ACCOUNT, "application-autoscaling", TARGET, before.clone());
    stage
}

fn now(stage: &Stage) -> Value {
    stage.aws.resource(ACCOUNT, "application-autoscaling", TARGET)
}

fn sent(stage: &Stage) -> Vec<Value> {
    stage.aws.calls(REGISTER).iter().map(|call| call.json()["SuspendedState"].clone()).collect()
}

/// A deployment that is in progress in real time, and its program.
fn in_progress(before: &Value, more: &[&str]) -> (Stage, e2e::programs::Running) {
    let stage = scaled(Stage::new(group().termination_wait(600)), before);
    stage.aws.clock().speed(1.0);
    let environment = stage.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE");
    let args = stage.deploy_args(&[&["--suspend-scaling"], more].concat());
    let running = Run::new(args).environment(environment).start();
    let begun = Instant::now();
    while stage.aws.deployments().is_empty() || stage.count("codedeploy:GetDeployment") == 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "no deployment was created");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(now(&stage), state(true, true, true));
    (stage, running)
}

#[test]
fn every_end_restores_what_was_before() {
    let check = |group: Group, scenario: Scenario, before: Value, more: &[&str], code: i32| {
        let stage = scaled(Stage::playing(group, scenario.clone()), &before);
        let output = stage.deploy(&[&["--suspend-scaling"], more].concat());
        assert_eq!(output.code, code, "{scenario:?}: {}", output.stderr);
        assert_eq!(sent(&stage), [state(true, true, true), before.clone()], "{scenario:?}");
        assert_eq!(now(&stage), before, "{scenario:?}");
        let calls = stage.aws.all_calls();
        let at = |action: &str, last: bool| {
            let mut places = calls.iter().enumerate().filter(|(_, call)| call.action() == action).map(|(at, _)| at);
            if last { places.next_back() } else { places.next() }.expect(action)
        };
        assert!(at(REGISTER, false) < at("codedeploy:CreateDeployment", false), "{scenario:?}");
        assert!(at("codedeploy:GetDeployment", true) < at(REGISTER, true), "{scenario:?}");
        botocore::check(&calls);
    };
    std::thread::scope(|scope| {
        let check = &check;
        let play = |group: Group, scenario: Scenario, before: Value, more: &'static [&'static str], code: i32| {
            scope.spawn(move || check(group, scenario, before, more, code));
        };
        play(group(), Scenario::Succeeds, state(false, false, false), &[], 0);
        play(group(), Scenario::HookFails("AfterInstall"), state(true, false, false), &[], 10);
        play(group().rolling_back_on(&[]), Scenario::HookFails("AfterInstall"), state(false, true, false), &[], 11);
        let timeout: &[&str] = &["--timeout", "10m", "--on-timeout", "leave"];
        play(group(), Scenario::NeverHealthy, state(false, false, true), timeout, 13);
        let timeout: &[&str] = &["--timeout", "10m", "--on-timeout", "stop-and-rollback"];
        play(group().rolling_back_on(&[]), Scenario::NeverHealthy, state(false, true, true), timeout, 12);
    });
}

#[test]
fn a_wait_that_loses_its_deployment_restores_it() {
    let stage = scaled(Stage::new(group()), &state(false, false, false));
    let expired = Fault::Refuse { status: 400, code: "ExpiredTokenException".to_owned(), message: "no".to_owned() };
    stage.aws.fail_always("codedeploy:GetDeployment", expired);
    let output = stage.deploy(&["--suspend-scaling"]);
    assert_eq!(output.code, 15, "{}", output.stderr);
    assert!(output.stderr.contains("auto scaling of main/web restored"), "{}", output.stderr);
    assert_eq!(now(&stage), state(false, false, false));
}

#[test]
fn a_lost_answer_is_no_reason_to_leave_it_suspended() {
    let stage = scaled(Stage::new(group()), &state(false, false, false));
    stage.aws.fail_next(REGISTER, [Fault::ResetAfter, Fault::InternalError]);
    let output = stage.deploy(&["--suspend-scaling"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(now(&stage), state(false, false, false));
    assert!(sent(&stage).contains(&state(true, true, true)), "{:?}", sent(&stage));
}

#[test]
fn without_the_permission_nothing_is_created() {
    let stage = scaled(Stage::new(group()), &state(false, false, false));
    let actions = ["codedeploy:*", "ecs:*", "application-autoscaling:DescribeScalableTargets"];
    let keys = stage.aws.session(ACCOUNT, "deployer", &actions);
    let stage = Stage { keys, ..stage };
    let output = stage.deploy(&["--suspend-scaling"]);
    assert_eq!(output.code, 4, "{}", output.stderr);
    let said = "auto scaling of main/web cannot be suspended: application-autoscaling:RegisterScalableTarget";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
}

#[test]
fn a_service_without_auto_scaling_is_deployed() {
    let stage = Stage::new(group());
    let output = stage.deploy(&["--suspend-scaling"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stderr.contains("note: main/web has no auto scaling to suspend"), "{}", output.stderr);
    assert_eq!(stage.count(REGISTER), 0);
}

#[test]
fn a_dry_run_says_what_would_be_suspended() {
    let stage = scaled(Stage::new(group()), &state(false, false, false));
    let output = stage.deploy(&["--suspend-scaling", "--dry-run"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stderr.contains("note: auto scaling of main/web would be suspended"), "{}", output.stderr);
    assert_eq!(stage.count(REGISTER), 0);
}

/// It is restored within the one second of an abort, whatever `--on-abort` does with the deployment.
#[test]
fn an_abort_restores_it() {
    for (signal, policy) in [("TERM", "stop-and-rollback"), ("INT", "stop"), ("HUP", "leave")] {
        let (stage, running) = in_progress(&state(false, true, false), &["--on-abort", policy]);
        let begun = Instant::now();
        running.signal(signal);
        let output = running.wait();
        assert!(begun.elapsed() < Duration::from_secs(1), "{policy}: {:?}", begun.elapsed());
        assert_eq!(now(&stage), state(false, true, false), "{policy}: {}", output.stderr);
        assert!(output.stderr.contains("\nauto scaling of main/web was restored\n"), "{policy}: {}", output.stderr);
        let id = stage.aws.deployments()[0]["deploymentId"].as_str().unwrap().to_owned();
        assert_eq!(output.stderr.lines().last(), Some(id.as_str()), "{policy}");
        assert_eq!(stage.count("codedeploy:StopDeployment"), usize::from(policy != "leave"), "{policy}");
    }
}

#[test]
fn an_abort_at_any_moment_leaves_nothing_suspended() {
    for round in 0..20_u64 {
        let stage = scaled(Stage::new(group().termination_wait(600)), &state(false, false, true));
        stage.aws.clock().speed(1.0);
        let environment = stage.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE");
        let running = Run::new(stage.deploy_args(&["--suspend-scaling"])).environment(environment).start();
        running.handles_signals();
        std::thread::sleep(Duration::from_millis(round * 17 % 300));
        running.signal("TERM");
        let output = running.wait();
        assert_eq!(output.code, 143, "{round}: {}", output.stderr);
        assert_eq!(now(&stage), state(false, false, true), "{round}: {}", output.stderr);
    }
}

/// The command that does it by hand is the last thing but the ID of the deployment.
#[test]
fn an_abort_that_cannot_restore_it_names_the_command() {
    let (stage, running) = in_progress(&state(false, true, false), &[]);
    stage.aws.fail_always(REGISTER, Fault::Hang);
    running.signal("TERM");
    let output = running.wait();
    assert_eq!(output.code, 143, "{}", output.stderr);
    let said = format!("may still be suspended\nhint: run `{RESUME}true,ScheduledScalingSuspended=false`");
    assert!(output.stderr.contains(&said), "{}", output.stderr);
}

#[test]
fn an_end_that_cannot_restore_it_names_the_command() {
    let stage = scaled(Stage::new(group().termination_wait(600)), &state(false, false, false));
    let args = stage.deploy_args(&["--suspend-scaling", "--timeout", "60m"]);
    let running = Run::new(args).environment(stage.environment()).start();
    while stage.aws.deployments().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let denied = Fault::Refuse { status: 400, code: "AccessDeniedException".to_owned(), message: "no".to_owned() };
    stage.aws.fail_always(REGISTER, denied);
    let output = running.wait();
    assert_eq!(output.code, 13, "{}", output.stderr);
    assert!(
        output.stderr.contains("error: AWS01: auto scaling of main/web may still be suspended: "),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains(&format!("hint: run `{RESUME}false,")), "{}", output.stderr);
}

/// What a killed run left behind is not taken for what somebody wants.
#[test]
fn the_next_run_notices_that_one_was_killed() {
    let (stage, running) = in_progress(&state(false, false, false), &[]);
    running.signal("KILL");
    running.wait();
    let requests = stage.count(REGISTER);
    let output = stage.deploy(&["--suspend-scaling", "--on-conflict", "stop"]);
    let what = "warning: auto scaling of main/web is suspended already (scale-in, scale-out, scheduled scaling)";
    assert!(output.stderr.contains(what), "{}", output.stderr);
    assert!(output.stderr.contains(&format!("run `{RESUME}false,")), "{}", output.stderr);
    assert_eq!(stage.count(REGISTER), requests);
}
