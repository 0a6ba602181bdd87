//! How deployments end: each scenario, its rollback, and the traces it leaves in ECS, the load balancer and the alarms.

use std::time::Duration;

use e2e::{
    botocore,
    fake_aws::{
        FakeAws,
        codedeploy::{Group, Scenario},
    },
    python::Python,
};
use serde_json::json;

use super::{LINEAR, aws, deploy, group, one, seen};

/// What a scenario comes to: status, error code, and status of the rollback where there is one.
fn outcome(group: Group, scenario: Scenario, seconds: u64) -> Option<(FakeAws, String)> {
    Python::shared()?;
    let aws = aws(group);
    aws.set_scenario("shop", "web", scenario);
    let id = deploy(&aws);
    aws.clock().advance(Duration::from_secs(seconds));
    let info = one(&aws, "codedeploy", "get_deployment", json!({"deploymentId": id}));
    let info = &info["deploymentInfo"];
    aws.clock().advance(Duration::from_secs(100));
    let back = aws.deployment(&id)["rollbackInfo"]["rollbackDeploymentId"].as_str().map(|id| aws.deployment(id));
    let back =
        back.map_or("none".to_owned(), |back| format!("{} {}", back["status"], back["errorInformation"]["code"]));
    let said = format!("{} {} {back}", info["status"], info["errorInformation"]["code"]).replace('"', "");
    Some((aws, said))
}

#[test]
fn every_scenario_comes_to_its_end() {
    let check = |group: Group, scenario: Scenario, seconds: u64, expect: &str| {
        if let Some((aws, said)) = outcome(group, scenario.clone(), seconds) {
            assert_eq!(said, expect, "{scenario:?}");
            botocore::check(&aws.all_calls());
        }
    };
    let fails = || Box::new(Scenario::HookFails("AfterInstall"));
    check(group(), Scenario::Succeeds, 1_000, "Succeeded null none");
    check(group().keeping_old_tasks(), Scenario::Succeeds, 140, "Succeeded null none");
    check(group(), Scenario::HookFails("BeforeInstall"), 10, "Failed HOOK_EXECUTION_FAILURE none");
    check(group(), Scenario::HookFails("AfterAllowTraffic"), 300, "Failed HOOK_EXECUTION_FAILURE Succeeded null");
    check(group(), Scenario::HookNeverReports("AfterInstall"), 3_000, "InProgress null none");
    check(group(), Scenario::HookNeverReports("AfterInstall"), 3_800, "Failed TIMEOUT Succeeded null");
    check(group().rolling_back_on(&[]), *fails(), 300, "Failed HOOK_EXECUTION_FAILURE none");
    check(group().rolling_back_on(&["DEPLOYMENT_STOP_ON_ALARM"]), *fails(), 300, "Failed HOOK_EXECUTION_FAILURE none");
    let failed_twice = "Failed HOOK_EXECUTION_FAILURE Failed ELASTIC_LOAD_BALANCING_INVALID";
    check(group(), Scenario::RollbackFails(fails()), 300, failed_twice);
    check(group(), Scenario::CannotUpdateService("No.".to_owned()), 10, "Failed ECS_UPDATE_ERROR Succeeded null");
    check(group(), Scenario::AlarmAt(10), 300, "InProgress null none");
    let watched = || group().config(LINEAR).alarms(&["errors", "latency"]);
    check(watched(), Scenario::AlarmAt(50), 200, "InProgress null none");
    check(watched(), Scenario::AlarmAt(50), 500, "Stopped ALARM_ACTIVE Succeeded null");
}

#[test]
fn tasks_that_never_get_healthy_time_out_and_leave_traces() {
    let never = "Failed TIMEOUT Succeeded null";
    let Some((aws, said)) = outcome(group(), Scenario::NeverHealthy, 3_620) else { return };
    assert_eq!(said, never);
    let list = json!({"cluster": "main", "serviceName": "web", "desiredStatus": "STOPPED"});
    let listed = one(&aws, "ecs", "list_tasks", list);
    let arns = listed["taskArns"].as_array().unwrap();
    assert!(arns.len() > 20, "{listed}");
    let described = one(&aws, "ecs", "describe_tasks", json!({"cluster": "main", "tasks": [arns[0], "none"]}));
    let task = &described["tasks"][0];
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
    assert_eq!(
        (&task["containers"][0]["exitCode"], &described["failures"][0]["reason"]),
        (&json!(1), &json!("MISSING"))
    );
    botocore::check(&aws.all_calls());

    let aws = super::aws(group());
    aws.set_scenario("shop", "web", Scenario::UnhealthyTargets);
    let id = deploy(&aws);
    aws.clock().advance(Duration::from_mins(10));
    assert_eq!(seen(&aws, &id), "InProgress SIPPPPPP Blue PRIMARY 2/2 100.0%, Green ACTIVE 2/2 0.0%");
    let groups = one(&aws, "elbv2", "describe_target_groups", json!({"Names": ["web-green"]}));
    let green = &groups["TargetGroups"][0]["TargetGroupArn"];
    let health = one(&aws, "elbv2", "describe_target_health", json!({"TargetGroupArn": green}));
    assert_eq!(health["TargetHealthDescriptions"][0]["TargetHealth"]["State"], "unhealthy");
    let unknown = one(&aws, "elbv2", "describe_target_groups", json!({"Names": ["none"]}));
    assert_eq!(unknown, json!([400, "TargetGroupNotFound", "One or more target groups not found"]));
    botocore::check(&aws.all_calls());
}

#[test]
fn alarms_are_seen_where_they_fired() {
    let Some((aws, _)) = outcome(group().alarms(&["errors"]), Scenario::AlarmAt(1), 300) else { return };
    aws.set_alarm("latency", "INSUFFICIENT_DATA");
    let alarms = one(&aws, "cloudwatch", "describe_alarms", json!({}));
    let states = alarms["MetricAlarms"].as_array().unwrap().iter().map(|one| [&one["AlarmName"], &one["StateValue"]]);
    assert_eq!(json!(states.collect::<Vec<_>>()), json!([["errors", "ALARM"], ["latency", "INSUFFICIENT_DATA"]]));
    let firing = one(&aws, "cloudwatch", "describe_alarms", json!({"AlarmNames": ["latency"], "StateValue": "ALARM"}));
    assert_eq!(firing["MetricAlarms"], json!([]));
    botocore::check(&aws.all_calls());
}

/// As recorded: CodeDeploy stops it less than a second after its start and rolls it back without a new task set; no
/// alarm stops that.
#[test]
fn an_alarm_that_is_on_stops_a_new_deployment_at_once() {
    let Some((aws, _)) = outcome(group().alarms(&["errors", "p99"]), Scenario::Succeeds, 0) else { return };
    aws.clock().advance(Duration::from_hours(1));
    aws.set_alarm("errors", "ALARM");
    aws.set_alarm("p99", "ALARM");
    let stopped = deploy(&aws);
    aws.clock().advance(Duration::from_mins(1));
    let info = aws.deployment(&stopped);
    let message = info["errorInformation"]["message"].as_str().unwrap_or_default();
    assert_eq!((&info["status"], &info["errorInformation"]["code"]), (&json!("Stopped"), &json!("ALARM_ACTIVE")));
    assert!(message.ends_with("Activated alarms: <errors> <p99>"), "{message}");
    let took = info["completeTime"].as_f64().unwrap() - info["startTime"].as_f64().unwrap();
    assert!(took < 1.0, "{took} s");
    let rollback = aws.deployments().pop().unwrap();
    let id = rollback["deploymentId"].as_str().unwrap();
    assert_eq!(info["rollbackInfo"]["rollbackDeploymentId"], id);
    let message = format!("Deployment {stopped} terminated. Automatic rollback is triggered with a DeploymentId {id}.");
    assert_eq!(info["rollbackInfo"]["rollbackMessage"], message);
    assert_eq!(
        [&rollback["status"], &rollback["creator"], &rollback["deploymentConfigName"]],
        ["Succeeded", "codeDeployRollback", "CodeDeployDefault.ECSAllAtOnce"]
    );
    let message = format!("Deployment {id} is triggered to roll back deployment {stopped}.");
    assert_eq!(
        rollback["rollbackInfo"],
        json!({"rollbackTriggeringDeploymentId": stopped, "rollbackMessage": message})
    );
    assert_eq!(seen(&aws, id).matches("Green").count(), 0, "{}", seen(&aws, id));
}
