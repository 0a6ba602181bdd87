//! What the deployments of a group have in common: application, group and deployment config.

use aws_sdk_codedeploy::types::{
    self, AlarmConfiguration, AutoRollbackConfiguration, BlueGreenDeploymentConfiguration, DeploymentGroupInfo,
    DeploymentReadyAction, InstanceAction, LastDeploymentInfo, TargetGroupPairInfo, TrafficRoute, TrafficRoutingType,
};
use codedeploy_artifact::deployment::{
    Alarms, AutoRollback, BlueGreen, EcsService, Group, ReadyAction, ReadyWait, RollbackEvent, TerminationAction,
    TerminationWait, TrafficRouting,
};

use super::{client, why};
use crate::config::Aws;
use crate::error::{AwsError, Facts, Why};

/// Refuses an application that does not exist (`DEP06`) or is not made for ECS (`DEP05`).
pub async fn check_application(aws: &Aws, application: &str) -> Result<(), AwsError> {
    let call = aws.call("codedeploy:GetApplication", application)?;
    let answer = match client(aws).get_application().application_name(application).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let facts = Facts::of(&error);
            return Err(call.answered(why(&facts), &facts));
        }
    };
    let platform = answer.application().and_then(types::ApplicationInfo::compute_platform);
    check_platform(platform).map_err(|why| call.failed(why))
}

/// `GetDeploymentGroup`, of a group that deploys to ECS.
pub async fn get_deployment_group(aws: &Aws, application: &str, group: &str) -> Result<Group, AwsError> {
    let call = aws.call("codedeploy:GetDeploymentGroup", format!("{application}/{group}"))?;
    let request = client(aws).get_deployment_group().application_name(application).deployment_group_name(group);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => {
            let facts = Facts::of(&error);
            return Err(call.answered(why(&facts), &facts));
        }
    };
    let Some(info) = answer.deployment_group_info() else {
        return Err(call.failed(Why::Unreadable { status: 200 }));
    };
    check_platform(info.compute_platform()).map_err(|why| call.failed(why))?;
    Ok(read(info, application, group))
}

/// How a deployment config shifts traffic, the predefined `CodeDeployDefault.ECS…` included.
pub async fn get_deployment_config(aws: &Aws, name: &str) -> Result<TrafficRouting, AwsError> {
    let call = aws.call("codedeploy:GetDeploymentConfig", name)?;
    let answer = match client(aws).get_deployment_config().deployment_config_name(name).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let facts = Facts::of(&error);
            return Err(call.answered(why(&facts), &facts));
        }
    };
    let Some(info) = answer.deployment_config_info() else {
        return Err(call.failed(Why::Unreadable { status: 200 }));
    };
    check_platform(info.compute_platform()).and_then(|()| routing(info)).map_err(|why| call.failed(why))
}

/// CodeDeploy leaves the platform out for its first one, `Server`.
fn check_platform(platform: Option<&types::ComputePlatform>) -> Result<(), Why> {
    match platform.map_or("Server", types::ComputePlatform::as_str) {
        "ECS" => Ok(()),
        other => Err(Why::NotForEcs { platform: other.to_owned() }),
    }
}

fn routing(info: &types::DeploymentConfigInfo) -> Result<TrafficRouting, Why> {
    let config = info.traffic_routing_config();
    let routing = config.and_then(types::TrafficRoutingConfig::r#type);
    let known = match routing {
        Some(TrafficRoutingType::AllAtOnce) => Some(TrafficRouting::AllAtOnce),
        Some(TrafficRoutingType::TimeBasedCanary) => {
            config.and_then(types::TrafficRoutingConfig::time_based_canary).map(|canary| TrafficRouting::Canary {
                percentage: positive(canary.canary_percentage()),
                interval_minutes: positive(canary.canary_interval()),
            })
        }
        Some(TrafficRoutingType::TimeBasedLinear) => {
            config.and_then(types::TrafficRoutingConfig::time_based_linear).map(|linear| TrafficRouting::Linear {
                percentage: positive(linear.linear_percentage()),
                interval_minutes: positive(linear.linear_interval()),
            })
        }
        _ => None,
    };
    let name = routing.map_or("nothing", TrafficRoutingType::as_str);
    known.ok_or_else(|| Why::RoutingUnknown { routing: name.to_owned() })
}

fn read(info: &DeploymentGroupInfo, application: &str, group: &str) -> Group {
    let pairs = info.load_balancer_info().map(types::LoadBalancerInfo::target_group_pair_info_list).unwrap_or_default();
    let routes = |route: fn(&TargetGroupPairInfo) -> Option<&TrafficRoute>| {
        pairs.iter().filter_map(route).flat_map(|route| route.listener_arns().to_vec()).collect()
    };
    let target_groups = pairs.iter().flat_map(TargetGroupPairInfo::target_groups);
    let last = |last: Option<&LastDeploymentInfo>| last.and_then(LastDeploymentInfo::deployment_id).map(str::to_owned);
    Group {
        application: info.application_name().unwrap_or(application).to_owned(),
        name: info.deployment_group_name().unwrap_or(group).to_owned(),
        compute_platform: info.compute_platform().map_or("", types::ComputePlatform::as_str).to_owned(),
        config_name: info.deployment_config_name().unwrap_or_default().to_owned(),
        ecs_services: info.ecs_services().iter().map(ecs_service).collect(),
        blue_green: blue_green(info.blue_green_deployment_configuration()),
        alarms: info.alarm_configuration().map(alarms).unwrap_or_default(),
        auto_rollback: info.auto_rollback_configuration().map(auto_rollback),
        target_groups: target_groups.filter_map(types::TargetGroupInfo::name).map(str::to_owned).collect(),
        production_routes: routes(TargetGroupPairInfo::prod_traffic_route),
        test_routes: routes(TargetGroupPairInfo::test_traffic_route),
        service_role: info.service_role_arn().map(str::to_owned),
        last_successful: last(info.last_successful_deployment()),
        last_attempted: last(info.last_attempted_deployment()),
    }
}

fn ecs_service(service: &types::EcsService) -> EcsService {
    EcsService {
        cluster: service.cluster_name().unwrap_or_default().to_owned(),
        service: service.service_name().unwrap_or_default().to_owned(),
    }
}

fn alarms(found: &AlarmConfiguration) -> Alarms {
    Alarms {
        enabled: found.enabled(),
        ignore_poll_failure: found.ignore_poll_alarm_failure(),
        names: found.alarms().iter().filter_map(types::Alarm::name).map(str::to_owned).collect(),
    }
}

pub(super) fn auto_rollback(found: &AutoRollbackConfiguration) -> AutoRollback {
    let events = found.events().iter().map(|event| RollbackEvent::from_name(event.as_str())).collect();
    AutoRollback { enabled: found.enabled(), events }
}

/// An action that this version does not know counts as the one that makes the wait longer.
pub(super) fn blue_green(found: Option<&BlueGreenDeploymentConfiguration>) -> BlueGreen {
    let ready = found.and_then(BlueGreenDeploymentConfiguration::deployment_ready_option);
    let termination = found.and_then(BlueGreenDeploymentConfiguration::terminate_blue_instances_on_deployment_success);
    BlueGreen {
        ready: ready.map(|ready| ReadyWait {
            action: match ready.action_on_timeout() {
                None | Some(DeploymentReadyAction::ContinueDeployment) => ReadyAction::ContinueDeployment,
                Some(_) => ReadyAction::StopDeployment,
            },
            wait_minutes: positive(ready.wait_time_in_minutes()),
        }),
        termination: termination.map(|termination| TerminationWait {
            action: match termination.action() {
                Some(InstanceAction::KeepAlive) => TerminationAction::KeepAlive,
                _ => TerminationAction::Terminate,
            },
            wait_minutes: positive(termination.termination_wait_time_in_minutes()),
        }),
    }
}

fn positive(number: i32) -> u32 {
    number.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_artifact::error::Error;
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
        expect.assert_eq(&Error::from(get_deployment_group(&aws, "app", "dg").await.unwrap_err()).report());
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
                DEP06: no such CodeDeploy application in eu-west-1: app/dg
                hint: check the application name, the account and the region eu-west-1"#]],
        )
        .await;
        let server = r#"{"deploymentGroupInfo":{"computePlatform":"Server"}}"#;
        check_group(
            Answer::json(200, server),
            expect![[r#"
            DEP05: app/dg uses compute platform Server, ECS required
            hint: name an application, group and config of compute platform ECS"#]],
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
            assert_eq!(found.map_or_else(|error| Error::from(error).code(), |()| "ok"), expect);
            let request = &fake.requests()[0];
            assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.GetApplication"));
            assert_eq!(request.body_json(), json!({"applicationName": "app"}));
        }
    }

    async fn config(routing: &str, platform: &str) -> Result<TrafficRouting, AwsError> {
        let body = format!(
            r#"{{"deploymentConfigInfo":{{"deploymentConfigName":"c","computePlatform":"{platform}"{routing}}}}}"#
        );
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
            DEP11: deployment config c shifts traffic by "Spiral", which is not known here
            hint: give the time to wait with `--timeout`"#]]
        .assert_eq(&Error::from(new).report());
        let server = config("", "Server").await.unwrap_err();
        expect![[r#"
            DEP05: c uses compute platform Server, ECS required
            hint: name an application, group and config of compute platform ECS"#]]
        .assert_eq(&Error::from(server).report());
        let (aws, _) = start(refused("DeploymentConfigDoesNotExistException")).await;
        let missing = get_deployment_config(&aws, "c").await.unwrap_err();
        expect![[r#"
            DEP08: no such deployment config in eu-west-1: c
            hint: name a config of the account, or one of AWS such as CodeDeployDefault.ECSAllAtOnce"#]]
        .assert_eq(&Error::from(missing).report());
    }
}
