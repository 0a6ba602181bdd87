use super::*;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws};
use codedeploy_core::fault::Fault;
use expect_test::{Expect, expect};
use serde_json::json;

const SERVICE: &str = r#"{"serviceName":"web","status":"ACTIVE","desiredCount":2,"pendingCount":1,"runningCount":3,
    "clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/prod","deployments":[
      {"id":"ecs-svc/1","status":"ACTIVE","taskDefinition":"td:1","desiredCount":1,"pendingCount":0,
       "runningCount":1,"failedTasks":0,"createdAt":1700000000.5,"rolloutState":"COMPLETED"},
      {"id":"ecs-svc/2","status":"PRIMARY","taskDefinition":"td:1","desiredCount":2,"pendingCount":1,
       "runningCount":2,"failedTasks":4,"createdAt":1700000060,"rolloutState":"IN_PROGRESS",
       "rolloutStateReason":"ECS deployment ecs-svc/2 in progress."}],
    "events":[{"id":"e2","createdAt":1700000061.25,"message":"(service web) has started 1 tasks: (task t)."},
      {"id":"e1","createdAt":1700000000,"message":"(service web) has reached a steady state."}]}"#;

async fn start(answer: Answer) -> (Aws, FakeAws) {
    let fake = FakeAws::start(vec![answer]);
    (aws_at(&fake.url, Timeouts::default()).await, fake)
}

#[tokio::test]
async fn the_primary_rollout_comes_first() {
    let (aws, _) = start(Answer::json(200, &format!(r#"{{"services":[{SERVICE}],"failures":[]}}"#))).await;
    expect![[r#"
        ServiceState {
            cluster: "prod",
            name: "web",
            controller: EcsRolling,
            desired: 2,
            pending: 1,
            running: 3,
            rollouts: [
                Rollout {
                    id: "ecs-svc/2",
                    status: "PRIMARY",
                    state: Some(
                        "IN_PROGRESS",
                    ),
                    state_reason: Some(
                        "ECS deployment ecs-svc/2 in progress.",
                    ),
                    task_definition: Some(
                        "td:1",
                    ),
                    desired: 2,
                    pending: 1,
                    running: 2,
                    failed: 4,
                    created_ms: Some(
                        1700000060000,
                    ),
                },
                Rollout {
                    id: "ecs-svc/1",
                    status: "ACTIVE",
                    state: Some(
                        "COMPLETED",
                    ),
                    state_reason: None,
                    task_definition: Some(
                        "td:1",
                    ),
                    desired: 1,
                    pending: 0,
                    running: 1,
                    failed: 0,
                    created_ms: Some(
                        1700000000500,
                    ),
                },
            ],
            events: [
                ServiceEvent {
                    id: "e2",
                    created_ms: Some(
                        1700000061250,
                    ),
                    message: "(service web) has started 1 tasks: (task t).",
                },
                ServiceEvent {
                    id: "e1",
                    created_ms: Some(
                        1700000000000,
                    ),
                    message: "(service web) has reached a steady state.",
                },
            ],
        }
    "#]]
    .assert_debug_eq(&service_state(&aws, "prod", "web").await.unwrap());
}

#[tokio::test]
async fn the_request_forces_new_tasks_and_changes_nothing_else() {
    let (aws, fake) = start(Answer::json(200, &format!(r#"{{"service":{SERVICE}}}"#))).await;
    let arn = "arn:aws:ecs:eu-west-1:1:service/prod/web";
    let state = force_new_deployment(&aws, "prod", arn).await.unwrap();
    assert_eq!((state.rollouts[0].id.as_str(), state.controller), ("ecs-svc/2", Controller::EcsRolling));
    let request = &fake.requests()[0];
    assert_eq!(request.header("x-amz-target"), Some("AmazonEC2ContainerServiceV20141113.UpdateService"));
    assert_eq!(request.body_json(), json!({"cluster": "prod", "service": "web", "forceNewDeployment": true}));
}

async fn check(code: &str, message: &str, expect: Expect) {
    let (aws, _) = start(Answer::json(400, &format!(r#"{{"__type":"{code}","message":"{message}"}}"#))).await;
    let error = force_new_deployment(&aws, "prod", "web").await.unwrap_err();
    expect.assert_eq(&Fault::from(error).report());
}

#[tokio::test]
async fn a_service_of_codedeploy_is_refused_with_the_right_advice() {
    let forbidden = "Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS \
                     CodeDeploy to trigger a new deployment.";
    check("InvalidParameterException", forbidden, expect![[r#"
        SVC07: service "prod/web" in eu-west-1 does not allow a forced new deployment: Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment
        hint: deploy it through CodeDeploy: `codedeploy-artifact deploy`"#]]).await;
    check(
        "InvalidParameterException",
        "Something else.",
        expect![[r#"
            AWS11: ecs:UpdateService on prod/web in eu-west-1: AWS rejected the request: InvalidParameterException: Something else
            hint: correct the request as described in the message from AWS"#]],
    )
    .await;
    check(
        "ServiceNotActiveException",
        "Service was not ACTIVE.",
        expect![[r#"
            SVC03: service "prod/web" in eu-west-1 is INACTIVE
            hint: create the service again, or use another service"#]],
    )
    .await;
    check(
        "ServiceNotFoundException",
        "Service not found.",
        expect![[r#"
            SVC02: service "prod/web" not found in eu-west-1
            hint: write the service as CLUSTER/SERVICE and check both names"#]],
    )
    .await;
    check(
        "ClusterNotFoundException",
        "Cluster not found.",
        expect![[r#"
            SVC01: cluster of "prod/web" not found in eu-west-1
            hint: check the name of the cluster, the Region and the account"#]],
    )
    .await;
}
