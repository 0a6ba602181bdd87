//! What the fake's ECS does with task definitions and with services of each deployment controller, as boto3 sees it.

use std::time::Duration;

use e2e::{
    botocore,
    fake_aws::{
        FakeAws,
        ecs::{READ_ONLY, Rollout},
    },
    python::Python,
    samples,
};
use serde_json::{Value, json};

use super::codedeploy::{ACCOUNT, REGION, arn, aws, calls, group, one};

pub(super) fn registrable() -> Value {
    let mut definition = samples::task_definition(ACCOUNT, REGION, "web", 1, "x")["taskDefinition"].clone();
    let members = definition.as_object_mut().unwrap();
    for name in READ_ONLY.iter().chain(&["memberOfTomorrow"]) {
        members.shift_remove(*name);
    }
    definition
}

#[test]
fn a_task_definition_gets_the_next_revision() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group());
    let mut tagged = registrable();
    tagged["tags"] = json!([{"key": "team", "value": "payments"}]);
    let mut new = registrable();
    new["family"] = json!("new");
    let mut fargate = registrable();
    fargate["networkMode"] = json!("bridge");
    let answers = calls(
        &aws,
        &[
            json!(["ecs", "register_task_definition", tagged]),
            json!(["ecs", "register_task_definition", new]),
            json!(["ecs", "register_task_definition", fargate]),
            json!(["ecs", "describe_task_definition", {"taskDefinition": "web", "include": ["TAGS"]}]),
            json!(["ecs", "list_task_definitions", {"familyPrefix": "web", "sort": "DESC", "maxResults": 2}]),
        ],
    );
    assert_eq!(answers[0]["taskDefinition"]["revision"], 3);
    assert_eq!(answers[1]["taskDefinition"]["revision"], 1);
    assert_eq!(answers[2][1], "ClientException");
    assert_eq!(answers[3]["taskDefinition"], answers[0]["taskDefinition"]);
    assert_eq!(answers[3]["tags"], tagged["tags"]);
    assert_eq!(answers[4]["taskDefinitionArns"], json!([arn(3), arn(2)]));
    let token = json!({"familyPrefix": "web", "sort": "DESC", "nextToken": answers[4]["nextToken"]});
    assert_eq!(one(&aws, "ecs", "list_task_definitions", token), json!({"taskDefinitionArns": [arn(1)]}));
    let findings = botocore::findings(&aws.all_calls()).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_service_under_codedeploy_refuses_what_codedeploy_does() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group());
    let update = |more: Value| {
        let mut parameters = json!({"cluster": "main", "service": "web"});
        for (name, value) in more.as_object().unwrap() {
            parameters[name] = value.clone();
        }
        one(&aws, "ecs", "update_service", parameters)
    };
    let refused = "Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy \
                   to trigger a new deployment.";
    assert_eq!(update(json!({"forceNewDeployment": true})), json!([400, "InvalidParameterException", refused]));
    assert_eq!(update(json!({"taskDefinition": "web:2"}))[1], "InvalidParameterException");
    assert_eq!(update(json!({"desiredCount": 3}))["service"]["desiredCount"], 3);
    assert_eq!(update(json!({"service": "none"}))[1], "ServiceNotFoundException");
    assert_eq!(update(json!({"cluster": "none"}))[1], "ClusterNotFoundException");
    let listed = one(&aws, "ecs", "list_tasks", json!({"cluster": "main", "serviceName": "web"}));
    assert_eq!(listed["taskArns"].as_array().unwrap().len(), 3);
    botocore::check(&aws.all_calls());
}

fn rolling(rollout: Rollout) -> FakeAws {
    let aws = aws(group());
    aws.add_service(ACCOUNT, REGION, "main", &samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1)));
    aws.set_rollout("main", "api", rollout);
    aws
}

#[test]
fn a_rolling_deployment_gets_steady_or_not() {
    if Python::shared().is_none() {
        return;
    }
    let check = |rollout: Rollout, seconds: u64, expect: Value, event: &str| {
        let aws = rolling(rollout);
        let update =
            json!({"cluster": "main", "service": "api", "taskDefinition": "web:2", "forceNewDeployment": true});
        let updated = one(&aws, "ecs", "update_service", update);
        assert_eq!(updated["service"]["deployments"][0]["rolloutState"], "IN_PROGRESS");
        aws.clock().advance(Duration::from_secs(seconds));
        let seen = one(&aws, "ecs", "describe_services", json!({"cluster": "main", "services": ["api"]}));
        let service = &seen["services"][0];
        let states = service["deployments"].as_array().unwrap().iter();
        let states = states.map(|one| json!([one["status"], one["rolloutState"], one["runningCount"]]));
        assert_eq!(json!(states.collect::<Vec<_>>()), expect, "{rollout:?} after {seconds} seconds");
        assert!(service["events"][0]["message"].as_str().unwrap().contains(event), "{}", service["events"]);
        one(&aws, "ecs", "list_tasks", json!({"cluster": "main", "serviceName": "api", "desiredStatus": "STOPPED"}));
        botocore::check(&aws.all_calls());
    };
    let both = |state: &str| json!([["PRIMARY", state, 0], ["ACTIVE", "COMPLETED", 2]]);
    check(Rollout::Completes, 100, both("IN_PROGRESS"), "has started tasks");
    check(Rollout::Completes, 151, json!([["PRIMARY", "COMPLETED", 2]]), "has reached a steady state.");
    check(Rollout::Fails, 590, both("IN_PROGRESS"), "has started tasks");
    check(Rollout::Fails, 601, both("FAILED"), "deployment failed: tasks failed to start.");
    check(Rollout::NeverSteady, 90_000, both("IN_PROGRESS"), "has started tasks");
}

#[test]
fn services_on_ecs_blue_green_are_told_apart() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group());
    let service = samples::native_blue_green_service(ACCOUNT, REGION, "main", "own", &arn(1));
    aws.add_service(ACCOUNT, REGION, "main", &service);
    let seen = one(&aws, "ecs", "describe_services", json!({"cluster": "main", "services": ["own", "web"]}));
    assert_eq!(seen["services"][0]["deploymentConfiguration"]["strategy"], "BLUE_GREEN");
    assert_eq!(seen["services"][0]["deploymentController"]["type"], "ECS");
    assert_eq!(seen["services"][1]["deploymentController"]["type"], "CODE_DEPLOY");
    botocore::check(&aws.all_calls());
}
