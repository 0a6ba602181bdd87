use super::*;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws};
use codedeploy_core::fault::Fault;
use expect_test::{Expect, expect};
use serde_json::json;

const GROUP: &str = r#"{"deploymentGroupInfo":{"applicationName":"app","deploymentGroupId":"x",
        "deploymentGroupName":"dg","deploymentConfigName":"CodeDeployDefault.ECSAllAtOnce",
        "serviceRoleArn":"arn:aws:iam::1:role/codedeploy",
        "alarmConfiguration":{"enabled":true,"ignorePollAlarmFailure":true,"alarms":[{"name":"5xx"},{"name":"p99"}]},
        "autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_STOP_ON_ALARM"]},
        "deploymentStyle":{"deploymentType":"BLUE_GREEN","deploymentOption":"WITH_TRAFFIC_CONTROL"},
        "blueGreenDeploymentConfiguration":{
          "deploymentReadyOption":{"actionOnTimeout":"CONTINUE_DEPLOYMENT","waitTimeInMinutes":0},
          "terminateBlueInstancesOnDeploymentSuccess":{"action":"KEEP_ALIVE","terminationWaitTimeInMinutes":5}},
        "loadBalancerInfo":{"targetGroupPairInfoList":[{"targetGroups":[{"name":"blue"},{"name":"green"}],
          "prodTrafficRoute":{"listenerArns":["arn:prod"]},"testTrafficRoute":{"listenerArns":["arn:test"]}}]},
        "lastSuccessfulDeployment":{"deploymentId":"d-1","status":"Succeeded"},
        "lastAttemptedDeployment":{"deploymentId":"d-2","status":"Failed"},
        "computePlatform":"ECS","ecsServices":[{"serviceName":"web","clusterName":"prod"}],"future":1}}"#;

async fn start(answer: Answer) -> (Aws, FakeAws) {
    let fake = FakeAws::start(vec![answer]);
    (aws_at(&fake.url, Timeouts::default()).await, fake)
}

fn refused(code: &str) -> Answer {
    Answer::json(400, &format!(r#"{{"__type":"{code}","message":"m"}}"#))
}

#[tokio::test]
async fn every_member_of_a_group_is_carried() {
    let (aws, fake) = start(Answer::json(200, GROUP)).await;
    let group = get_deployment_group(&aws, "app", "dg").await.unwrap();
    let request = &fake.requests()[0];
    assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.GetDeploymentGroup"));
    assert_eq!(request.body_json(), json!({"applicationName": "app", "deploymentGroupName": "dg"}));
    expect![[r#"
            Group {
                application: "app",
                name: "dg",
                compute_platform: "ECS",
                config_name: "CodeDeployDefault.ECSAllAtOnce",
                ecs_services: [
                    EcsService {
                        cluster: "prod",
                        service: "web",
                    },
                ],
                blue_green: BlueGreen {
                    ready: Some(
                        ReadyWait {
                            action: ContinueDeployment,
                            wait_minutes: 0,
                        },
                    ),
                    termination: Some(
                        TerminationWait {
                            action: KeepAlive,
                            wait_minutes: 5,
                        },
                    ),
                },
                alarms: Alarms {
                    enabled: true,
                    ignore_poll_failure: true,
                    names: [
                        "5xx",
                        "p99",
                    ],
                },
                auto_rollback: Some(
                    AutoRollback {
                        enabled: true,
                        events: [
                            StopOnAlarm,
                        ],
                    },
                ),
                target_groups: [
                    "blue",
                    "green",
                ],
                production_routes: [
                    "arn:prod",
                ],
                test_routes: [
                    "arn:test",
                ],
                service_role: Some(
                    "arn:aws:iam::1:role/codedeploy",
                ),
                last_successful: Some(
                    "d-1",
                ),
                last_attempted: Some(
                    "d-2",
                ),
            }
        "#]]
    .assert_debug_eq(&group);
}

async fn check_group(answer: Answer, expect: Expect) {
    let (aws, _) = start(answer).await;
    expect.assert_eq(&Fault::from(get_deployment_group(&aws, "app", "dg").await.unwrap_err()).report());
}

#[tokio::test]
async fn a_group_that_is_not_there_or_not_for_ecs_is_refused() {
    check_group(
        refused("DeploymentGroupDoesNotExistException"),
        expect![[r#"
            DEP07: deployment group "app/dg" not found in eu-west-1
            hint: check the name of the group and of its application"#]],
    )
    .await;
    check_group(
        refused("ApplicationDoesNotExistException"),
        expect![[r#"
            DEP06: CodeDeploy application "app/dg" not found in eu-west-1
            hint: check the name of the application, the Region and the account"#]],
    )
    .await;
    let server = r#"{"deploymentGroupInfo":{"computePlatform":"Server"}}"#;
    check_group(
        Answer::json(200, server),
        expect![[r#"
            DEP05: app/dg has compute platform Server, but ECS is required
            hint: use an application, deployment group and deployment config with compute platform ECS"#]],
    )
    .await;
}

#[tokio::test]
async fn an_application_must_be_for_ecs() {
    let cases = [
        (Answer::json(200, r#"{"application":{"applicationName":"app","computePlatform":"ECS"}}"#), "ok"),
        (Answer::json(200, r#"{"application":{"applicationName":"app","computePlatform":"Lambda"}}"#), "DEP05"),
        (Answer::json(200, r#"{"application":{"applicationName":"app"}}"#), "DEP05"),
        (refused("ApplicationDoesNotExistException"), "DEP06"),
        (refused("InvalidApplicationNameException"), "DEP06"),
    ];
    for (answer, expect) in cases {
        let (aws, fake) = start(answer).await;
        let found = check_application(&aws, "app").await;
        assert_eq!(found.map_or_else(|error| Fault::from(error).code(), |()| "ok"), expect);
        let request = &fake.requests()[0];
        assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.GetApplication"));
        assert_eq!(request.body_json(), json!({"applicationName": "app"}));
    }
}

async fn config(routing: &str, platform: &str) -> Result<TrafficRouting, AwsError> {
    let body =
        format!(r#"{{"deploymentConfigInfo":{{"deploymentConfigName":"c","computePlatform":"{platform}"{routing}}}}}"#);
    let (aws, fake) = start(Answer::json(200, &body)).await;
    let found = get_deployment_config(&aws, "c").await;
    assert_eq!(fake.requests()[0].header("x-amz-target"), Some("CodeDeploy_20141006.GetDeploymentConfig"));
    assert_eq!(fake.requests()[0].body_json(), json!({"deploymentConfigName": "c"}));
    found
}

#[tokio::test]
async fn a_config_tells_its_steps() {
    let at_once = r#","trafficRoutingConfig":{"type":"AllAtOnce"}"#;
    assert_eq!(config(at_once, "ECS").await.unwrap(), TrafficRouting::AllAtOnce);
    let canary = r#","trafficRoutingConfig":{"type":"TimeBasedCanary",
            "timeBasedCanary":{"canaryPercentage":10,"canaryInterval":5}}"#;
    let expect = TrafficRouting::Canary { percentage: 10, interval_minutes: 5 };
    assert_eq!(config(canary, "ECS").await.unwrap(), expect);
    let linear = r#","trafficRoutingConfig":{"type":"TimeBasedLinear",
            "timeBasedLinear":{"linearPercentage":10,"linearInterval":3}}"#;
    let expect = TrafficRouting::Linear { percentage: 10, interval_minutes: 3 };
    assert_eq!(config(linear, "ECS").await.unwrap(), expect);
}

#[tokio::test]
async fn a_config_that_cannot_be_understood_is_refused() {
    let new = config(r#","trafficRoutingConfig":{"type":"Spiral"}"#, "ECS").await.unwrap_err();
    expect![[r#"
        DEP11: deployment config c shifts traffic by "Spiral", which this version does not support
        hint: set the longest wait with `--timeout`"#]]
    .assert_eq(&Fault::from(new).report());
    let server = config("", "Server").await.unwrap_err();
    expect![[r#"
        DEP05: c has compute platform Server, but ECS is required
        hint: use an application, deployment group and deployment config with compute platform ECS"#]]
    .assert_eq(&Fault::from(server).report());
    let (aws, _) = start(refused("DeploymentConfigDoesNotExistException")).await;
    let missing = get_deployment_config(&aws, "c").await.unwrap_err();
    expect![[r#"
        DEP08: deployment config "c" not found in eu-west-1
        hint: use a deployment config of this account, or a predefined one such as CodeDeployDefault.ECSAllAtOnce"#]]
    .assert_eq(&Fault::from(missing).report());
}
