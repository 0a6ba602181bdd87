//! Deployments that failed or were stopped.

use e2e::fake_aws::codedeploy::Scenario;

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
    contains(result["why"]["next_step"].as_str().expect("a next step"), &["shop-5xx, shop-errors"]);
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
    assert_eq!((&fired[0]["name"], &fired[0]["reason"]), (&alarm["AlarmName"], &alarm["StateReason"]));
    assert!(fired[0]["data"]["triggeringAlarms"][0]["arn"].to_string().contains(":alarm:"), "{fired}");
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
    check("TIMEOUT", "hook never reports", &["PutLifecycleEventHookExecutionStatus", "within one hour"]);
    check("IAM_ROLE_PERMISSIONS", "hook not allowed", &["lambda:InvokeFunction"]);
    check("ELASTIC_LOAD_BALANCING_INVALID", "listener", &["production listener", "primary task set"]);
}

/// Each alone, of a deployment that CodeDeploy gave up after an hour.
#[test]
fn stopped_tasks_lead_to_their_cause_in_the_words_of_ecs() {
    let check = |place: usize, labels: bool, next: &str| {
        let mut task = recorded("stopped-tasks")["tasks"][place].clone();
        let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task/main/0123456789abcdef{place}");
        (task["taskArn"], task["lastStatus"], task["startedBy"]) =
            (json!(arn), json!("STOPPED"), json!("ecs-svc/Green"));
        let message = recorded("codedeploy-errors")["replacement never healthy"].clone();
        let error = json!({"code": "TIMEOUT", "message": message});
        let failed = json!({"deploymentId": ID, "status": "Failed", "errorInformation": error});
        let events = recorded("lifecycle")["stoppedByAlarmDuringInstall"].clone();
        let mut seen = target(ID, "Failed", &events, &BEFORE);
        if !labels {
            for set in seen["deploymentTargets"][0]["ecsTarget"]["taskSetsInfo"].as_array_mut().expect("task sets") {
                set.as_object_mut().expect("members").remove("taskSetLabel");
            }
        }
        let stage = replaying(group().rolling_back_on(&[]), ID, &[failed], vec![seen]);
        stage.aws.replay("ecs:ListTasks", "STOPPED", [json!({"taskArns": [arn]})]);
        stage.aws.replay("ecs:DescribeTasks", "", [json!({"tasks": [task], "failures": []})]);
        let output = stage.run(&["status", ID, "--exit-code"]);
        assert_eq!(output.code, 11, "{}", output.stderr);
        let said = output.text();
        let text = |name: &str| task[name].as_str().expect("a text").to_owned();
        contains(&said, &[&text("stoppedReason"), &text("stopCode"), "now serving: the previous version"]);
        let (_, step) = said.split_once("next: ").expect("a next step");
        contains(step, &[next]);
        botocore::check(&stage.aws.all_calls());
    };
    for labels in [true, false] {
        check(0, labels, "health check path");
        check(1, labels, "image");
        check(2, labels, "stopped tasks");
    }
}

/// A deployment that an alarm stopped before any task set served.
#[test]
fn an_alarm_that_fires_during_install_leaves_the_rest_skipped() {
    let stage = || {
        let (seen, events) = (recorded("alarm-stop"), recorded("lifecycle"));
        let targets = vec![
            target(ID, "InProgress", &events["fewSecondsAfterCreate"], &BEFORE),
            target(ID, "Failed", &events["stoppedByAlarmDuringInstall"], &BEFORE),
        ];
        ended([ID, ROLLBACK], &seen["original"], &seen["rollback"], group().alarms(&["shop-5xx"]), targets)
    };
    let (code, said, result) = waited(stage, ID);
    assert_eq!(code, 10, "{said}");
    contains(
        &said,
        &["Install failed", "AfterInstall skipped", "AllowTraffic skipped", "Activated alarms: <shop-5xx>"],
    );
    assert_eq!(result["serving"], "previous");
}

/// The fake's own hooks: the AppSpec names the function whose log says why.
#[test]
fn hooks_that_fail_or_never_report_are_named_by_their_function() {
    let check = |scenario: Scenario, parts: &[&str]| {
        let stage = Stage::playing(group(), scenario);
        let mut appspec = e2e::samples::appspec(&arn(2));
        appspec["Hooks"] = json!([{"AfterInstall": "shop-smoke-test"}]);
        let appspec = stage.scratch.write("hooks.json", appspec.to_string()).display().to_string();
        let args = ["deploy", "--appspec", &appspec, "--application", "shop", "--deployment-group", "web"];
        let output = stage.run(&args);
        assert_eq!(output.code, 10, "{}", output.stderr);
        let said = format!("{}\n{}", output.text(), output.stderr);
        contains(&said, &["AfterInstall failed", "function shop-smoke-test", "the previous version serves"]);
        let (_, step) = said.split_once("next: ").expect("a next step");
        contains(step, &["hook function shop-smoke-test", "PutLifecycleEventHookExecutionStatus"]);
        contains(&said, parts);
        botocore::check(&stage.aws.all_calls());
    };
    let failed = recorded("hook-failure")["original"]["errorInformation"]["message"].clone();
    let silent = recorded("codedeploy-errors")["hook never reports"].clone();
    let text = |message: &Value| message.as_str().expect("a message").to_owned();
    check(Scenario::HookFails("AfterInstall"), &["HOOK_EXECUTION_FAILURE", &text(&failed)]);
    check(Scenario::HookNeverReports("AfterInstall"), &["TIMEOUT", &text(&silent), "within one hour"]);
}

/// The members that were recorded are few: no application, no group, no revision, and twice no deployment config.
#[test]
fn an_answer_with_few_members_is_enough() {
    let check = |recording: &str, code: i32, verdict: &str| {
        let seen = recorded(recording);
        let stage = Stage::new(group());
        for deployment in [&seen["original"], &seen["rollback"]] {
            let id = deployment["deploymentId"].as_str().expect("an id");
            stage.aws.replay("codedeploy:GetDeployment", id, [json!({"deploymentInfo": deployment})]);
            stage.aws.replay("codedeploy:ListDeploymentTargets", id, [json!({"targetIds": []})]);
        }
        let id = seen["original"]["deploymentId"].as_str().expect("an id");
        let output = stage.run(&["wait", id, "--timeout", "10m", "--output", "json"]);
        assert_eq!(output.code, code, "{recording}: {}", output.stderr);
        let result = last(&output);
        assert_eq!(result["verdict"], verdict, "{recording}: {result}");
        assert_eq!(result["why"]["error"], seen["original"]["errorInformation"], "{recording}");
        assert_eq!(stage.run(&["status", id, "--exit-code"]).code, code, "{recording}");
    };
    check("alarm-stop", 10, "failed-and-rolled-back");
    // Without `rollbackInfo` nobody can tell that a rollback followed.
    check("alarm-already-active", 11, "failed-and-not-rolled-back");
    check("hook-failure", 11, "failed-and-not-rolled-back");
}
