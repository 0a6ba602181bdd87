//! The fake against answers of the real AWS: the same situation has the same events, texts, counts and weights.

use std::time::Duration;

use e2e::{
    botocore,
    fake_aws::{
        FakeAws,
        codedeploy::{NamesActive, OnTimeout, Scenario},
    },
    python::Python,
    recorded::recorded,
    samples,
};
use serde_json::{Value, json};

use super::{ACCOUNT, LINEAR, REGION, arn, aws, deploy, group, one};

fn target(aws: &FakeAws, id: &str) -> Value {
    let target = json!({"deploymentId": id, "targetId": "main:web"});
    one(aws, "codedeploy", "get_deployment_target", target)["deploymentTarget"]["ecsTarget"].clone()
}

/// `name status` of each lifecycle event.
fn events(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("lifecycle events");
    list.iter().map(|event| format!("{} {}", event["lifecycleEventName"], event["status"])).collect()
}

/// Status, scale in percent and deployment of each task set, as ECS describes them and as they were recorded.
fn task_sets(aws: &FakeAws) -> Vec<Value> {
    let service = one(aws, "ecs", "describe_services", json!({"cluster": "main", "services": ["web"]}));
    let sets = service["services"][0]["taskSets"].as_array().cloned().expect("task sets");
    sets.iter().map(|set| json!([set["status"], set["scale"]["value"], set.get("externalId").is_some()])).collect()
}

fn recorded_sets(list: &Value) -> Vec<Value> {
    let list = list.as_array().expect("task sets");
    list.iter().map(|set| json!([set["status"], set["scale"], set.get("externalId").is_some()])).collect()
}

#[test]
fn lifecycle_events_have_the_recorded_names_and_order() {
    if Python::shared().is_none() {
        return;
    }
    let seen = recorded("lifecycle");
    let check = |scenario: Scenario, stop_after: Option<u64>, seconds: u64, expect: &str| {
        let aws = aws(group().config(LINEAR).alarms(&["shop-5xx"]));
        aws.set_scenario("shop", "web", scenario);
        let id = deploy(&aws);
        if let Some(seconds) = stop_after {
            aws.clock().advance(Duration::from_secs(seconds));
            one(&aws, "codedeploy", "stop_deployment", json!({"deploymentId": id}));
        }
        aws.clock().advance(Duration::from_secs(seconds));
        let recorded = if expect == "duringTerminationWait" { &seen[expect]["events"] } else { &seen[expect] };
        assert_eq!(events(&target(&aws, &id)["lifecycleEvents"]), events(recorded), "{expect}");
        botocore::check(&aws.all_calls());
    };
    check(Scenario::Succeeds, None, 4, "fewSecondsAfterCreate");
    check(Scenario::Succeeds, Some(60), 10, "stoppedByAlarmDuringInstall");
    check(Scenario::AlarmAt(10), None, 160, "stoppedByAlarmDuringAllowTraffic");
    check(Scenario::Succeeds, None, 800, "duringTerminationWait");
    check(Scenario::Succeeds, None, 1_200, "afterSuccess");
    let aws = aws(group().without_test_route());
    let id = deploy(&aws);
    aws.clock().advance(Duration::from_mins(15));
    let six = &recorded("target-2018")["deploymentTarget"]["ecsTarget"];
    let target = target(&aws, &id);
    assert_eq!(events(&target["lifecycleEvents"]), events(&six["lifecycleEvents"]), "without a test listener");
    assert_eq!(target["status"], six["status"]);
    assert!(six["taskSetsInfo"].as_array().unwrap().iter().all(|set| set.get("identifer").is_some()));
}

#[test]
fn an_alarm_stops_a_deployment_and_its_rollback_makes_no_task_set() {
    if Python::shared().is_none() {
        return;
    }
    let seen = recorded("alarm-stop");
    let aws = aws(group().config(LINEAR).alarms(&["shop-5xx"]));
    aws.set_scenario("shop", "web", Scenario::AlarmAt(10));
    let id = deploy(&aws);
    aws.clock().advance(Duration::from_mins(4));
    let stopped = aws.deployment(&id);
    let rollback = aws.deployments().pop().expect("a rollback");
    let back = rollback["deploymentId"].as_str().expect("an id").to_owned();
    // The recorded ids in place of these.
    let same = |made: &Value, recorded: &Value| {
        for (name, expect) in recorded.as_object().expect("members") {
            if !["deploymentId", "autoRollbackConfiguration"].contains(&name.as_str()) {
                let made = made[name].to_string().replace(&id, "d-AAAAAAA1L").replace(&back, "d-BBBBBBB1L");
                assert_eq!(serde_json::from_str::<Value>(&made).unwrap(), *expect, "{name}");
            }
        }
    };
    same(&stopped, &seen["original"]);
    same(&rollback, &seen["rollback"]);
    // The previous task set of the fake was not made by a deployment.
    let scales = |sets: Vec<Value>| sets.into_iter().map(|set| json!([set[0], set[1]])).collect::<Vec<_>>();
    assert_eq!(scales(task_sets(&aws)), scales(recorded_sets(&seen["taskSetsAfter"])));
    botocore::check(&aws.all_calls());
}

#[test]
fn a_success_shows_its_counts_at_the_end_and_its_task_sets_all_along() {
    if Python::shared().is_none() {
        return;
    }
    let seen = recorded("deployment-info");
    let aws = aws(group().config(LINEAR));
    let id = deploy(&aws);
    aws.clock().advance(Duration::from_secs(3));
    assert_eq!(aws.deployment(&id)["status"], "Created");
    aws.clock().advance(Duration::from_secs(22));
    let running = aws.deployment(&id);
    assert_eq!(running["status"], seen["secondsAfterCreate"]["25"]);
    assert_eq!(running.get("deploymentOverview"), None);
    assert_eq!(running["blueGreenDeploymentConfiguration"], seen["blueGreenDeploymentConfiguration"]);
    aws.clock().advance(Duration::from_secs(775));
    assert_eq!(task_sets(&aws), recorded_sets(&seen["taskSetsDuringTerminationWait"]));
    aws.clock().advance(Duration::from_secs(220));
    assert_eq!(task_sets(&aws), recorded_sets(&seen["taskSetsAfterEnd"]));
    let ended = aws.deployment(&id);
    assert_eq!(ended["deploymentOverview"], seen["deploymentOverviewAfterEnd"]);
    for name in ["status", "creator", "deploymentConfigName"] {
        assert_eq!(ended[name], seen["final"][name], "{name}");
    }
    assert!([&running, &ended].iter().all(|info| info.get("instanceOverview").is_none()));
    botocore::check(&aws.all_calls());
}

#[test]
fn linear_traffic_moves_at_the_recorded_seconds() {
    if Python::shared().is_none() {
        return;
    }
    // With this launch, the first step is at 132 s, in the middle of the recorded steps.
    let aws = aws(group().config(LINEAR).launch_time(Duration::from_secs(125)));
    let id = deploy(&aws);
    let mut passed = 0;
    for look in recorded("linear-weights")["weights"].as_array().expect("weights") {
        let seconds = look["seconds"].as_u64().expect("seconds");
        aws.clock().advance(Duration::from_secs(seconds - passed));
        passed = seconds;
        assert_eq!(aws.deployment(&id)["status"], look["status"], "after {seconds} s");
        let sets = target(&aws, &id)["taskSetsInfo"].as_array().cloned().unwrap_or_default();
        let green = sets.iter().find(|set| set["taskSetLabel"] == "Green").map(|set| set["trafficWeight"].as_f64());
        assert_eq!(green.unwrap_or(Some(0.0)), look["green"].as_f64(), "after {seconds} s");
    }
}

#[test]
fn errors_have_the_recorded_texts() {
    if Python::shared().is_none() {
        return;
    }
    let seen = recorded("codedeploy-errors");
    let ends = |scenario: Scenario, ready: u64, seconds: u64| {
        let aws = aws(group().ready_wait(ready, OnTimeout::Stop));
        aws.set_scenario("shop", "web", scenario);
        let id = deploy(&aws);
        aws.clock().advance(Duration::from_secs(seconds));
        aws.deployment(&id)["errorInformation"]["message"].clone()
    };
    assert_eq!(ends(Scenario::NeverHealthy, 0, 3_700), seen["replacement never healthy"]);
    assert_eq!(ends(Scenario::HookNeverReports("BeforeInstall"), 0, 3_700), seen["hook never reports"]);
    assert_eq!(ends(Scenario::Succeeds, 30, 2_000), seen["continue never came"]);
    let aws = aws(group());
    aws.set_scenario("shop", "web", Scenario::RollbackFails(Box::new(Scenario::HookFails("AfterInstall"))));
    let id = deploy(&aws);
    for (form, recorded) in [NamesActive::Today, NamesActive::Formerly].into_iter().zip(0..) {
        aws.set_names_active(form);
        let again = one(&aws, "codedeploy", "create_deployment", super::request(&samples::appspec(&arn(2))));
        let text = again[2].as_str().expect("a text").replace(&id, "d-AAAAAAA1L").replace("'web'", "'shop'");
        assert_eq!(json!(text), seen["DeploymentLimitExceededException"][recorded]);
    }
    aws.clock().advance(Duration::from_mins(10));
    let back = aws.deployments().pop().expect("a rollback");
    assert_eq!(back["errorInformation"]["message"], seen["listener"]);
    for (place, parameters) in
        [json!({"forceNewDeployment": true}), json!({"taskDefinition": arn(2)})].into_iter().enumerate()
    {
        let mut update = json!({"cluster": "main", "service": "web"});
        for (name, value) in parameters.as_object().expect("parameters") {
            update[name] = value.clone();
        }
        let refused = one(&aws, "ecs", "update_service", update);
        assert_eq!(refused[1], "InvalidParameterException");
        let text = seen["UpdateService"][place].as_str().expect("a text");
        assert!(refused[2].as_str().is_some_and(|said| said.starts_with(text)), "{refused}");
    }
}

#[test]
fn the_predefined_configs_are_those_of_aws() {
    let names = recorded("deployment-configs")["names"].as_array().cloned().expect("names");
    assert_eq!(names.len(), 5);
    let aws = aws(group());
    for name in names {
        if Python::shared().is_some() {
            let found = one(&aws, "codedeploy", "get_deployment_config", json!({"deploymentConfigName": name}));
            assert_eq!(found["deploymentConfigInfo"]["deploymentConfigName"], name);
        }
    }
    botocore::check(&aws.all_calls());
}

/// What ECS says of tasks that ended, and which deployment their task set is of.
#[test]
fn tasks_name_their_task_set_and_the_resolved_platform() {
    if Python::shared().is_none() {
        return;
    }
    let seen = recorded("stopped-tasks");
    let check = |scenario: Scenario, recorded: &Value| {
        let aws = aws(group());
        aws.set_scenario("shop", "web", scenario);
        let id = deploy(&aws);
        aws.clock().advance(Duration::from_secs(3_700));
        let listed = json!({"cluster": "main", "serviceName": "web", "desiredStatus": "STOPPED"});
        let arns = one(&aws, "ecs", "list_tasks", listed)["taskArns"].clone();
        let task =
            one(&aws, "ecs", "describe_tasks", json!({"cluster": "main", "tasks": [arns[0]]}))["tasks"][0].clone();
        let sets = target(&aws, &id)["taskSetsInfo"].clone();
        assert_eq!(task["startedBy"], sets[1]["identifer"], "{sets}");
        assert_eq!(task["platformVersion"], "1.4.0");
        assert_eq!(task["stopCode"], recorded["stopCode"]);
        let group = format!("arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/web-green/6d0ecf831eec9f09");
        let theirs = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/0000000000000002";
        let reason = recorded["stoppedReason"].as_str().expect("a reason").replace(theirs, &group);
        assert_eq!(task["stoppedReason"], reason.as_str());
    };
    check(Scenario::UnhealthyTargets, &seen["tasks"][0]);
    check(Scenario::NeverHealthy, &seen["tasks"][2]);
}
