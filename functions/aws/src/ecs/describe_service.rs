//! The live ECS service, reduced to what an AppSpec can repeat.

use aws_sdk_ecs::types;
use codedeploy_core::artifact::appspec::{CapacityProvider, Network};
use codedeploy_core::artifact::service::{LoadBalancer, Service};

use super::find_service::{controller, find};
use crate::config::Aws;
use crate::error::AwsError;
use crate::text::short;

/// Describes one service; cluster and service are names or ARNs.
///
/// Of a service with a primary task set, that task set counts: CodeDeploy changes it and leaves the members of the
/// service as they were created. A network that an AppSpec could not hold, such as one without a security group, is `None`.
pub async fn describe_service(aws: &Aws, cluster: &str, service: &str) -> Result<Service, AwsError> {
    Ok(reduce(&find(aws, cluster, service).await?, cluster, service))
}

fn reduce(found: &types::Service, cluster: &str, service: &str) -> Service {
    let live = Live::of(found);
    Service {
        cluster: short(found.cluster_arn().unwrap_or(cluster)).to_owned(),
        name: found.service_name().unwrap_or(short(service)).to_owned(),
        controller: controller(found),
        deployment: live.deployment.map(str::to_owned),
        task_definition: live.task_definition.map(str::to_owned),
        load_balancers: live.load_balancers.iter().filter_map(load_balancer).collect(),
        platform_version: live.platform_version.map(str::to_owned),
        network: live.network.and_then(network),
        capacity_provider_strategy: live.strategy.iter().map(capacity_provider).collect(),
        own_network: found.network_configuration().and_then(network),
        account: found.service_arn().and_then(|arn| arn.split(':').nth(4)).map(str::to_owned),
    }
}

/// The members that a service and a task set have in common.
struct Live<'a> {
    deployment: Option<&'a str>,
    task_definition: Option<&'a str>,
    load_balancers: &'a [types::LoadBalancer],
    platform_version: Option<&'a str>,
    network: Option<&'a types::NetworkConfiguration>,
    strategy: &'a [types::CapacityProviderStrategyItem],
}

impl<'a> Live<'a> {
    fn of(service: &'a types::Service) -> Self {
        let own = Live {
            deployment: None,
            task_definition: service.task_definition(),
            load_balancers: service.load_balancers(),
            platform_version: service.platform_version(),
            network: service.network_configuration(),
            strategy: service.capacity_provider_strategy(),
        };
        let Some(set) = service.task_sets().iter().find(|set| set.status() == Some("PRIMARY")) else {
            return own;
        };
        Live {
            deployment: set.external_id(),
            task_definition: set.task_definition().or(own.task_definition),
            load_balancers: if set.load_balancers().is_empty() { own.load_balancers } else { set.load_balancers() },
            platform_version: set.platform_version().or(own.platform_version),
            network: set.network_configuration().or(own.network),
            // No fallback: a task set without a strategy runs by launch type.
            strategy: set.capacity_provider_strategy(),
        }
    }
}

fn load_balancer(item: &types::LoadBalancer) -> Option<LoadBalancer> {
    Some(LoadBalancer {
        container_name: item.container_name()?.to_owned(),
        container_port: item.container_port()?.try_into().ok().filter(|port| *port > 0)?,
        target_group: item.target_group_arn().map(str::to_owned),
    })
}

fn network(configuration: &types::NetworkConfiguration) -> Option<Network> {
    let vpc = configuration.awsvpc_configuration()?;
    let public_ip = vpc.assign_public_ip().map_or("DISABLED", types::AssignPublicIp::as_str);
    Network::new(vpc.subnets().to_vec(), vpc.security_groups().to_vec(), public_ip).ok()
}

fn capacity_provider(item: &types::CapacityProviderStrategyItem) -> CapacityProvider {
    CapacityProvider {
        name: item.capacity_provider().to_owned(),
        base: item.base().try_into().unwrap_or_default(),
        weight: item.weight().try_into().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::artifact::service::Controller;
    use codedeploy_core::fault::{Explain, Fault, Kind};
    use expect_test::{Expect, expect};

    async fn describe(answer: Answer) -> (Result<Service, AwsError>, FakeAws) {
        let fake = FakeAws::start(vec![answer]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (describe_service(&aws, "prod", "arn:aws:ecs:eu-west-1:111111111111:service/prod/web").await, fake)
    }

    async fn check(body: &str, expect: Expect) {
        let (service, _) = describe(Answer::json(200, body)).await;
        expect.assert_debug_eq(&service.unwrap());
    }

    async fn check_error(status: u16, body: &str, kind: Kind, expect: Expect) {
        let error = describe(Answer::json(status, body)).await.0.unwrap_err();
        assert_eq!(error.kind(), kind);
        expect.assert_eq(&Fault::from(error).report());
    }

    #[tokio::test]
    async fn the_request_names_cluster_and_service() {
        let (_, fake) = describe(Answer::json(200, r#"{"services":[],"failures":[]}"#)).await;
        let request = &fake.requests()[0];
        assert_eq!(request.header("x-amz-target"), Some("AmazonEC2ContainerServiceV20141113.DescribeServices"));
        let body = serde_json::json!({"cluster": "prod",
            "services": ["arn:aws:ecs:eu-west-1:111111111111:service/prod/web"]});
        assert_eq!(request.body_json(), body);
    }

    #[tokio::test]
    async fn the_primary_task_set_counts() {
        let body = r#"{"failures":[],"services":[{"serviceName":"web","status":"ACTIVE",
            "serviceArn":"arn:aws:ecs:eu-west-1:111111111111:service/prod/web",
            "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-87654321"],
              "securityGroups":["sg-12345678"]}},
            "clusterArn":"arn:aws:ecs:eu-west-1:111111111111:cluster/prod","taskDefinition":"td:1","platformVersion":"1.3.0",
            "deploymentController":{"type":"CODE_DEPLOY"},
            "capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":1,"base":0}],
            "loadBalancers":[{"targetGroupArn":"tg-old","containerName":"old","containerPort":1}],
            "taskSets":[
              {"status":"ACTIVE","taskDefinition":"td:3","loadBalancers":[{"containerName":"x","containerPort":9}]},
              {"status":"PRIMARY","externalId":"d-2","taskDefinition":"td:2","platformVersion":"1.4.0","launchType":"FARGATE",
               "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-12345678"],
                 "securityGroups":["sg-12345678"],"assignPublicIp":"DISABLED"}},
               "loadBalancers":[{"targetGroupArn":"tg-1","containerName":"app","containerPort":8080},
                                {"targetGroupArn":"tg-2","containerName":"app","containerPort":9090},
                                {"loadBalancerName":"classic"}]}]}]}"#;
        check(
            body,
            expect![[r#"
            Service {
                cluster: "prod",
                name: "web",
                controller: CodeDeploy,
                deployment: Some(
                    "d-2",
                ),
                task_definition: Some(
                    "td:2",
                ),
                load_balancers: [
                    LoadBalancer {
                        container_name: "app",
                        container_port: 8080,
                        target_group: Some(
                            "tg-1",
                        ),
                    },
                    LoadBalancer {
                        container_name: "app",
                        container_port: 9090,
                        target_group: Some(
                            "tg-2",
                        ),
                    },
                ],
                platform_version: Some(
                    "1.4.0",
                ),
                network: Some(
                    Network {
                        subnets: [
                            "subnet-12345678",
                        ],
                        security_groups: [
                            "sg-12345678",
                        ],
                        assign_public_ip: Disabled,
                    },
                ),
                capacity_provider_strategy: [],
                own_network: Some(
                    Network {
                        subnets: [
                            "subnet-87654321",
                        ],
                        security_groups: [
                            "sg-12345678",
                        ],
                        assign_public_ip: Disabled,
                    },
                ),
                account: Some(
                    "111111111111",
                ),
            }
        "#]],
        )
        .await;
    }

    #[tokio::test]
    async fn without_task_sets_the_service_counts() {
        let body = r#"{"services":[{"serviceName":"web","status":"ACTIVE","taskDefinition":"td:1",
            "capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":4,"base":1}],
            "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-12345678"],"securityGroups":[]}},
            "loadBalancers":[{"targetGroupArn":"tg","containerName":"app","containerPort":80}]}]}"#;
        check(
            body,
            expect![[r#"
            Service {
                cluster: "prod",
                name: "web",
                controller: EcsRolling,
                deployment: None,
                task_definition: Some(
                    "td:1",
                ),
                load_balancers: [
                    LoadBalancer {
                        container_name: "app",
                        container_port: 80,
                        target_group: Some(
                            "tg",
                        ),
                    },
                ],
                platform_version: None,
                network: None,
                capacity_provider_strategy: [
                    CapacityProvider {
                        name: "FARGATE_SPOT",
                        base: 1,
                        weight: 4,
                    },
                ],
                own_network: None,
                account: None,
            }
        "#]],
        )
        .await;
    }

    #[tokio::test]
    async fn every_controller_is_told_apart() {
        let cases = [
            (r#""deploymentController":{"type":"CODE_DEPLOY"}"#, Controller::CodeDeploy),
            (r#""deploymentController":{"type":"EXTERNAL"}"#, Controller::External),
            (r#""deploymentController":{"type":"NEW"}"#, Controller::External),
            (r#""deploymentController":{"type":"ECS"}"#, Controller::EcsRolling),
            (r#""deploymentConfiguration":{"strategy":"ROLLING"}"#, Controller::EcsRolling),
            (r#""deploymentConfiguration":{"strategy":"BLUE_GREEN"}"#, Controller::EcsBlueGreen),
            (r#""deploymentConfiguration":{"strategy":"CANARY"}"#, Controller::EcsBlueGreen),
            (r#""deploymentConfiguration":{"strategy":"NEW"}"#, Controller::EcsBlueGreen),
        ];
        for (members, expect) in cases {
            let body = format!(r#"{{"services":[{{"serviceName":"web",{members}}}]}}"#);
            let (service, _) = describe(Answer::json(200, &body)).await;
            assert_eq!(service.unwrap().controller, expect, "{members}");
        }
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let missing = r#"{"services":[],"failures":[{"arn":"arn:aws:ecs:…","reason":"MISSING"}]}"#;
        check_error(
            200,
            missing,
            Kind::NotFound,
            expect![[r#"
                SVC02: service "prod/web" not found in eu-west-1
                hint: write the service as CLUSTER/SERVICE and check both names"#]],
        )
        .await;
        let cluster = r#"{"__type":"ClusterNotFoundException","message":"Cluster not found."}"#;
        check_error(
            400,
            cluster,
            Kind::NotFound,
            expect![[r#"
            SVC01: cluster of "prod/web" not found in eu-west-1
            hint: check the cluster name and the region eu-west-1"#]],
        )
        .await;
        let inactive = r#"{"services":[{"serviceName":"web","status":"INACTIVE"}],"failures":[]}"#;
        check_error(
            200,
            inactive,
            Kind::NotFound,
            expect![[r#"
            SVC03: service "prod/web" in eu-west-1 is INACTIVE
            hint: create the service again, or use another one"#]],
        )
        .await;
    }
}
