//! `--on-timeout` in each phase of a deployment, and time-outs that bind.

use super::*;

/// Exit code, whether it was stopped, and what `autoRollbackEnabled` was.
fn timed_out(stage: &Stage, timeout: &str, policy: &str) -> (Output, Vec<Value>) {
    let output = stage.deploy(&["--timeout", timeout, "--on-timeout", policy, "--output", "json"]);
    let stops = stage.aws.calls("codedeploy:StopDeployment");
    (output, stops.iter().map(|call| call.json()["autoRollbackEnabled"].clone()).collect())
}

#[test]
fn each_policy_does_what_it_says() {
    std::thread::scope(|scope| {
        let check = |group: Group, policy: &'static str, code: i32, stops: Vec<Value>, status: &'static str| {
            scope.spawn(move || {
                let stage = Stage::playing(group, Scenario::NeverHealthy);
                let (output, stopped) = timed_out(&stage, "10m", policy);
                assert_eq!((output.code, &stopped), (code, &stops), "{policy}: {}", output.stderr);
                assert_eq!(stage.aws.deployments()[0]["status"], status, "{policy}");
                assert_eq!(last(&output)["stopped_on_timeout"], policy != "leave", "{policy}: {}", output.text());
                assert!(!output.stderr.contains("ask who stopped it"), "{}", output.stderr);
                botocore::check(&stage.aws.all_calls());
            });
        };
        check(group(), "leave", 13, vec![], "InProgress");
        check(group().rolling_back_on(&[]), "stop", 12, vec![Value::Null], "Stopped");
        check(group().rolling_back_on(&[]), "stop-and-rollback", 12, vec![Value::Bool(true)], "Stopped");
    });
}

#[test]
fn a_rollback_follows_and_serves() {
    let stage = Stage::playing(group(), Scenario::NeverHealthy);
    let (output, _) = timed_out(&stage, "10m", "stop-and-rollback");
    assert_eq!(output.code, 12, "{}", output.stderr);
    let result = last(&output);
    assert_eq!((&result["verdict"], &result["serving"]), (&"stopped".into(), &"previous".into()), "{result}");
    assert_eq!(result["rollback"]["status"], "Succeeded", "{result}");
    let stage = Stage::playing(group(), Scenario::RollbackNeverComes(Box::new(Scenario::NeverHealthy)));
    let (output, _) = timed_out(&stage, "10m", "stop-and-rollback");
    assert_eq!(output.code, 11, "{}", output.stderr);
}

#[test]
fn what_must_not_be_stopped_is_left() {
    std::thread::scope(|scope| {
        // All traffic is on green.
        scope.spawn(|| {
            let stage = Stage::new(group().termination_wait(600));
            let (output, stops) = timed_out(&stage, "30m", "stop-and-rollback");
            assert_eq!((output.code, stops.len()), (13, 0), "{}", output.stderr);
            assert!(output.stderr.contains("is not stopped: all traffic is on the new version"), "{}", output.stderr);
        });
        // Half of the traffic: it goes back.
        scope.spawn(|| {
            let stage = Stage::new(group().config(LINEAR));
            let (output, stops) = timed_out(&stage, "12m", "stop-and-rollback");
            assert_eq!((output.code, stops.len()), (12, 1), "{}", output.stderr);
            assert_eq!(last(&output)["serving"], "previous");
        });
        // Somebody has to continue it.
        scope.spawn(|| {
            let stage = Stage::new(group().ready_wait(600, OnTimeout::Stop));
            let (output, stops) = timed_out(&stage, "20m", "stop-and-rollback");
            assert_eq!((output.code, stops.len()), (12, 1), "{}", output.stderr);
        });
        // The stop is denied.
        scope.spawn(|| {
            let mut stage = Stage::playing(group(), Scenario::NeverHealthy);
            let may = ["codedeploy:Get*", "codedeploy:List*", "codedeploy:Batch*", "codedeploy:Create*", "ecs:*"];
            stage.keys = stage.aws.session(ACCOUNT, "deployer", &may);
            let (output, _) = timed_out(&stage, "10m", "stop");
            assert_eq!(output.code, 13, "{}", output.stderr);
            assert!(output.stderr.contains("is not stopped: AWS01: codedeploy:StopDeployment"), "{}", output.stderr);
        });
    });
}

#[test]
fn a_stop_that_brings_no_rollback_ends_with_its_time_out() {
    let stage =
        Stage::playing(group().termination_wait(600), Scenario::RollbackNeverComes(Box::new(Scenario::Succeeds)));
    let id = stage.created(&[]);
    stage.aws.clock().advance(Duration::from_mins(1));
    let begun = stage.aws.clock().seconds();
    // The start of the program counts too: a minute is a whole second here, so that 600 s are enough on a busy machine.
    let speed = SPEED / 10;
    stage.aws.clock().speed(f64::from(speed));
    let args = ["stop", &id, "--rollback", "--wait", "--timeout", "60s"];
    let output = Run::new(args).environment(stage.environment_at(speed)).run();
    assert_eq!(output.code, 11, "{}", output.stderr);
    let words = "no rollback started; run `codedeploy-artifact rollback --application shop --deployment-group web`";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    assert!(stage.aws.clock().seconds() - begun < 600.0, "{}", output.stderr);
    let again = stage.run(&["stop", &id, "--rollback", "--wait", "--timeout", "10"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert!(again.stderr.contains("a unit is required: 10s, 10m or 10h"), "{}", again.stderr);
}
