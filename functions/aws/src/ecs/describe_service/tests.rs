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
            desired_count: 0,
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
            desired_count: 0,
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
        hint: check the name of the cluster, the Region and the account"#]],
    )
    .await;
    let inactive = r#"{"services":[{"serviceName":"web","status":"INACTIVE"}],"failures":[]}"#;
    check_error(
        200,
        inactive,
        Kind::NotFound,
        expect![[r#"
        SVC03: service "prod/web" in eu-west-1 is INACTIVE
        hint: create the service again, or use another service"#]],
    )
    .await;
}
