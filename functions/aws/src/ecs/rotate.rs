//! New tasks for a service that ECS itself deploys, and how far it is with them.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{self, DeploymentRolloutState};
use codedeploy_core::artifact::service::Controller;

use super::describe_service::{controller, find, full_name, why};
use crate::config::Aws;
use crate::error::{AwsError, Facts, Why};
use crate::text::short;
use crate::time::millis;

/// How a service stands, from `DescribeServices`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceState {
    /// Short name of the cluster.
    pub cluster: String,
    /// Short name of the service.
    pub name: String,
    /// Who deploys it.
    pub controller: Controller,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks that start.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// The rollouts that have tasks, the primary one first. More than one: ECS is not done. Empty for `CODE_DEPLOY`.
    pub rollouts: Vec<Rollout>,
    /// What ECS says of it, newest first; at most one hundred.
    pub events: Vec<ServiceEvent>,
}

/// An item of `deployments`: tasks of one revision. ECS calls it a deployment too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// `ecs-svc/…`.
    pub id: String,
    /// `PRIMARY`, `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// `COMPLETED`, `FAILED` or `IN_PROGRESS`; absent where ECS keeps no such state, as without a rolling update.
    pub state: Option<String>,
    /// Why it is in this state.
    pub state_reason: Option<String>,
    /// ARN of its task definition.
    pub task_definition: Option<String>,
    /// Tasks wanted.
    pub desired: u32,
    /// Tasks that start.
    pub pending: u32,
    /// Tasks that run.
    pub running: u32,
    /// Tasks that failed to start, or to become healthy.
    pub failed: u32,
    /// When it began, in milliseconds since 1970.
    pub created_ms: Option<u64>,
}

/// A line of the log that ECS keeps of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEvent {
    /// Tells it from others.
    pub id: String,
    /// When, in milliseconds since 1970.
    pub created_ms: Option<u64>,
    /// What.
    pub message: String,
}

/// `DescribeServices`; cluster and service are names or ARNs.
pub async fn service_state(aws: &Aws, cluster: &str, service: &str) -> Result<ServiceState, AwsError> {
    Ok(read(&find(aws, cluster, service).await?, cluster, service))
}

/// `UpdateService` with `forceNewDeployment`: new tasks of the same task definition.
///
/// ECS refuses it for a service that CodeDeploy deploys (`SVC07`). The answer tells the new rollout as the primary one.
pub async fn force_new_deployment(aws: &Aws, cluster: &str, service: &str) -> Result<ServiceState, AwsError> {
    let call = aws.call("ecs:UpdateService", full_name(cluster, service))?;
    let request = Client::new(aws.sdk()).update_service().cluster(cluster).service(short(service));
    match request.force_new_deployment(true).send().await {
        Ok(answer) => match answer.service() {
            Some(found) => Ok(read(found, cluster, service)),
            None => Err(call.failed(Why::Unreadable { status: 200 })),
        },
        Err(error) => {
            let facts = Facts::of(&error);
            let text = facts.message.as_deref().unwrap_or_default();
            let forbidden = facts.code() == "InvalidParameterException" && text.contains("deployment controller");
            let why = if forbidden { Why::ControllerForbids { text: text.to_owned() } } else { why(&facts) };
            Err(call.answered(why, &facts))
        }
    }
}

fn read(found: &types::Service, cluster: &str, service: &str) -> ServiceState {
    let mut rollouts: Vec<Rollout> = found.deployments().iter().map(rollout).collect();
    rollouts.sort_by_key(|rollout| rollout.status != "PRIMARY");
    ServiceState {
        cluster: short(found.cluster_arn().unwrap_or(cluster)).to_owned(),
        name: found.service_name().unwrap_or(short(service)).to_owned(),
        controller: controller(found),
        desired: count(found.desired_count()),
        pending: count(found.pending_count()),
        running: count(found.running_count()),
        rollouts,
        events: found.events().iter().map(event).collect(),
    }
}

fn rollout(deployment: &types::Deployment) -> Rollout {
    Rollout {
        id: deployment.id().unwrap_or_default().to_owned(),
        status: deployment.status().unwrap_or_default().to_owned(),
        state: deployment.rollout_state().map(DeploymentRolloutState::as_str).map(str::to_owned),
        state_reason: deployment.rollout_state_reason().map(str::to_owned),
        task_definition: deployment.task_definition().map(str::to_owned),
        desired: count(deployment.desired_count()),
        pending: count(deployment.pending_count()),
        running: count(deployment.running_count()),
        failed: count(deployment.failed_tasks()),
        created_ms: millis(deployment.created_at()),
    }
}

fn event(event: &types::ServiceEvent) -> ServiceEvent {
    ServiceEvent {
        id: event.id().unwrap_or_default().to_owned(),
        created_ms: millis(event.created_at()),
        message: event.message().unwrap_or_default().to_owned(),
    }
}

fn count(count: i32) -> u32 {
    count.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
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
            SVC07: service "prod/web" in eu-west-1 does not allow it: Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment
            hint: deploy it through CodeDeploy: `codedeploy-artifact deploy`"#]]).await;
        check(
            "InvalidParameterException",
            "Something else.",
            expect![[r#"
            AWS11: ecs:UpdateService on prod/web in eu-west-1: InvalidParameterException: Something else
            hint: correct the request as AWS says"#]],
        )
        .await;
        check(
            "ServiceNotActiveException",
            "Service was not ACTIVE.",
            expect![[r#"
            SVC03: service "prod/web" in eu-west-1 is INACTIVE
            hint: create the service again or name another one"#]],
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
            hint: check the cluster name and the region eu-west-1"#]],
        )
        .await;
    }
}
