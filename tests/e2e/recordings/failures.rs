//! Deployments that failed or were stopped.

use super::*;

/// A deployment that ends as recorded, and the rollback that follows it.
fn ended(ids: [&str; 2], original: &Value, rollback: &Value, group: Group, targets: Vec<Value>) -> Stage {
    let running = json!({"deploymentId": ids[0], "status": "InProgress"});
    let mut original = original.clone();
    if original.get("rollbackInfo").is_none() {
        original["rollbackInfo"] = json!({"rollbackDeploymentId": ids[1]});
    }
    let stage = replaying(group, ids[0], &[running.clone(), running, original], targets);
    replay(&stage, ids[1], std::slice::from_ref(rollback), Vec::new());
    stage
}

#[test]
fn an_alarm_that_fires_while_traffic_shifts_is_named() {
    let stage = || {
        let (seen, events) = (recorded("alarm-stop"), &recorded("lifecycle"));
        let stopped = &events["stoppedByAlarmDuringAllowTraffic"];
        let targets = vec![
            target(
                ID,
                "InProgress",
                &events["fewSecondsAfterCreate"],
                &[("Blue", "PRIMARY", 90.0), ("Green", "ACTIVE", 10.0)],
            ),
            target(ID, "Failed", stopped, &[("Blue", "PRIMARY", 100.0), ("Green", "DRAINING", 0.0)]),
        ];
        let stage = ended([ID, ROLLBACK], &seen["original"], &seen["rollback"], group().alarms(&["shop-5xx"]), targets);
        // The metric is published only when it is not zero.
        stage.aws.set_alarm("shop-5xx", "ALARM");
        stage
    };
    let (code, said, result) = waited(stage, ID);
    assert_eq!(code, 10, "{said}");
    contains(
        &said,
        &[
            "the previous version serves",
            "Activated alarms: <shop-5xx>",
            "alarms that fired",
            "AllowTraffic failed",
            "AfterAllowTraffic skipped",
            "look at shop-5xx",
        ],
    );
    assert_eq!((&result["verdict"], &result["serving"]), (&json!("failed-and-rolled-back"), &json!("previous")));
    assert_eq!(
        (&result["rollback"]["id"], &result["rollback"]["creator"]),
        (&json!(ROLLBACK), &json!("codeDeployRollback"))
    );
    assert_eq!(result["why"]["error"]["code"], "ALARM_ACTIVE");
}

/// Nothing was installed: the deployment was stopped 0.7 s after it began.
#[test]
fn alarms_that_were_active_before_are_all_named() {
    let ids = ["d-EEEEEEE0K", "d-FFFFFFF0K"];
    let stage = || {
        let seen = recorded("alarm-already-active");
        ended(ids, &seen["original"], &seen["rollback"], group().alarms(&["shop-5xx", "shop-errors"]), Vec::new())
    };
    let (code, said, result) = waited(stage, ids[0]);
    assert_eq!(code, 10, "{said}");
    contains(&said, &["Activated alarms: <shop-5xx> <shop-errors>", "the previous version"]);
    assert_eq!((&result["serving"], &result["why"]["error"]["code"]), (&json!("previous"), &json!("ALARM_ACTIVE")));
}

/// The evidence of a composite alarm is in another list of the answer than that of a metric alarm.
#[test]
fn a_composite_alarm_is_evidence_too() {
    let alarm = recorded("composite-alarm")["alarm"].clone();
    let seen = recorded("alarm-stop");
    let stage = ended([ID, ROLLBACK], &seen["original"], &seen["rollback"], group().alarms(&["shop-any"]), Vec::new());
    stage.aws.replay(
        "cloudwatch:DescribeAlarms",
        "shop-any",
        [json!({"MetricAlarms": [], "CompositeAlarms": [alarm]})],
    );
    let output = stage.run(&["wait", ID, "--output", "json"]);
    assert_eq!(output.code, 10, "{}", output.stderr);
    let fired = last(&output)["why"]["evidence"]["alarms"].clone();
    assert_eq!(fired, json!([{"name": alarm["AlarmName"], "reason": alarm["StateReason"]}]));
}

#[test]
fn a_hook_that_reports_failed_leads_to_its_log() {
    let ids = ["d-CCCCCCCXI", "d-DDDDDDDXI"];
    let stage = || {
        let seen = recorded("hook-failure");
        ended(ids, &seen["original"], &seen["rollback"], group(), Vec::new())
    };
    let (code, said, result) = waited(stage, ids[0]);
    assert_eq!(code, 10, "{said}");
    contains(&said, &["HOOK_EXECUTION_FAILURE", "one or more of the lifecycle event validation functions failed"]);
    let next = result["why"]["next_step"].as_str().expect("a next step");
    contains(next, &["read the log of", "PutLifecycleEventHookExecutionStatus"]);
}

/// The sentence of each error, with the code that it comes with, and what the next step must speak of.
#[test]
fn each_recorded_error_has_its_own_next_step() {
    let check = |code: &str, text: &str, next: &[&str]| {
        let message = recorded("codedeploy-errors")[text].clone();
        let failed =
            json!({"deploymentId": ID, "status": "Failed", "errorInformation": {"code": code, "message": message}});
        let stage = replaying(group().rolling_back_on(&[]), ID, &[failed], Vec::new());
        let output = stage.run(&["status", ID, "--output", "json"]);
        let why = output.json()["why"].clone();
        assert_eq!(why["error"]["message"], message, "{}", output.stderr);
        let step = why["next_step"].as_str().unwrap_or_default().to_owned();
        for part in next {
            assert!(step.contains(part), "{text}: no {part:?} in {step}");
        }
    };
    check("TIMEOUT", "replacement never healthy", &["stopped tasks", "unhealthy targets"]);
    check("TIMEOUT", "continue never came", &["codedeploy-artifact continue"]);
    check("IAM_ROLE_PERMISSIONS", "hook not allowed", &["lambda:InvokeFunction"]);
    check("ELASTIC_LOAD_BALANCING_INVALID", "listener", &["production listener", "primary task set"]);
}

#[test]
fn stopped_tasks_are_shown_with_the_words_of_ecs() {
    let seen = recorded("stopped-tasks");
    let tasks = seen["tasks"].as_array().expect("tasks").iter().enumerate().map(|(place, task)| {
        let mut task = task.clone();
        task["taskArn"] = json!(format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task/main/0123456789abcdef{place}"));
        (task["lastStatus"], task["startedBy"]) = (json!("STOPPED"), json!("ecs-svc/Green"));
        task["stoppedAt"] = json!(1_786_000_000.0);
        task
    });
    let tasks: Vec<Value> = tasks.collect();
    let arns: Vec<&Value> = tasks.iter().map(|task| &task["taskArn"]).collect();
    let message = recorded("codedeploy-errors")["replacement never healthy"].clone();
    let failed =
        json!({"deploymentId": ID, "status": "Failed", "errorInformation": {"code": "TIMEOUT", "message": message}});
    let events = recorded("lifecycle")["stoppedByAlarmDuringInstall"].clone();
    let stage = replaying(group().rolling_back_on(&[]), ID, &[failed], vec![target(ID, "Failed", &events, &BEFORE)]);
    stage.aws.replay("ecs:ListTasks", "STOPPED", [json!({"taskArns": arns})]);
    stage.aws.replay("ecs:DescribeTasks", "", [json!({"tasks": tasks, "failures": []})]);
    let output = stage.run(&["status", ID, "--exit-code"]);
    assert_eq!(output.code, 11, "{}", output.stderr);
    contains(
        &output.text(),
        &[
            "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:",
            "CannotPullContainerError: pull image manifest has been retried 1 time(s)",
            "(EssentialContainerExited)",
            "next: check that the image and its tag exist",
        ],
    );
    botocore::check(&stage.aws.all_calls());
}
