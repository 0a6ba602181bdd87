//! The one target of an ECS deployment: its lifecycle events and its two task sets.

use aws_sdk_codedeploy::types::{self, EcsTarget, EcsTaskSet, LifecycleEventStatus};
use codedeploy_core::deployment::{
    Diagnostics, Label, LifecycleEvent, LifecycleStatus, Target, TargetStatus, TaskSet, TaskSetStatus, Weight,
};

use super::shared::{cause, client, not_for_ecs};
use crate::config::Aws;
use crate::error::AwsError;
use crate::time::millis;

/// The target of a deployment: `BatchGetDeploymentTargets`, and before it `ListDeploymentTargets` if `target`, the ID
/// from an earlier [`Target`] of the same deployment, is not given.
///
/// `None` before the deployment has started and while it has no target yet.
pub async fn deployment_target(aws: &Aws, deployment: &str, target: Option<&str>) -> Result<Option<Target>, AwsError> {
    let target = match target {
        Some(target) => target.to_owned(),
        None => match target_id(aws, deployment).await? {
            Some(target) => target,
            None => return Ok(None),
        },
    };
    let call = aws.call("codedeploy:BatchGetDeploymentTargets", deployment)?;
    let request = client(aws).batch_get_deployment_targets().deployment_id(deployment).target_ids(target);
    let found = unless_not_yet(call.answer(request.send().await, cause))?;
    let Some(found) = found.as_ref().and_then(|answer| answer.deployment_targets().first()) else { return Ok(None) };
    if let Some(target) = found.ecs_target() {
        return Ok(Some(read(target)));
    }
    let kind = found.deployment_target_type().map_or("", types::DeploymentTargetType::as_str);
    Err(not_for_ecs(&call, kind.strip_suffix("Target").unwrap_or(kind)).into())
}

async fn target_id(aws: &Aws, deployment: &str) -> Result<Option<String>, AwsError> {
    let call = aws.call("codedeploy:ListDeploymentTargets", deployment)?;
    let answer = client(aws).list_deployment_targets().deployment_id(deployment).send().await;
    Ok(unless_not_yet(call.answer(answer, cause))?.and_then(|answer| answer.target_ids().first().cloned()))
}

fn unless_not_yet<T>(answer: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match answer {
        Err(error)
            if ["DeploymentNotStartedException", "DeploymentTargetDoesNotExistException"]
                .contains(&error.aws_code()) =>
        {
            Ok(None)
        }
        answer => answer.map(Some),
    }
}

fn read(target: &EcsTarget) -> Target {
    Target {
        id: target.target_id().unwrap_or_default().to_owned(),
        status: TargetStatus::from_name(target.status().map_or("", types::TargetStatus::as_str)),
        lifecycle_events: target.lifecycle_events().iter().map(lifecycle_event).collect(),
        task_sets: target.task_sets_info().iter().map(task_set).collect(),
    }
}

fn lifecycle_event(event: &types::LifecycleEvent) -> LifecycleEvent {
    LifecycleEvent {
        name: event.lifecycle_event_name().unwrap_or_default().to_owned(),
        status: LifecycleStatus::from_name(event.status().map_or("", LifecycleEventStatus::as_str)),
        start_ms: millis(event.start_time()),
        end_ms: millis(event.end_time()),
        diagnostics: event.diagnostics().map(diagnostics),
    }
}

fn diagnostics(found: &types::Diagnostics) -> Diagnostics {
    // CodeDeploy fills what it has nothing for with empty texts.
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    Diagnostics {
        error_code: text(found.error_code().map(types::LifecycleErrorCode::as_str)),
        script_name: text(found.script_name()),
        message: text(found.message()),
        log_tail: text(found.log_tail()),
    }
}

fn task_set(set: &EcsTaskSet) -> TaskSet {
    let count = |count: i64| u32::try_from(count).unwrap_or_default();
    TaskSet {
        id: set.identifer().unwrap_or_default().to_owned(),
        label: Label::from_name(set.task_set_label().map_or("", types::TargetLabel::as_str)),
        status: TaskSetStatus::from_name(set.status().unwrap_or_default()),
        desired: count(set.desired_count()),
        pending: count(set.pending_count()),
        running: count(set.running_count()),
        traffic_weight: Weight::from_percent(set.traffic_weight()),
        target_group: set.target_group().and_then(types::TargetGroupInfo::name).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::expect;
    use serde_json::json;

    const LISTED: &str = r#"{"targetIds":["prod:web"]}"#;
    const FOUND: &str = r#"{"deploymentTargets":[{"deploymentTargetType":"ECSTarget","ecsTarget":{
        "deploymentId":"d-1","targetId":"prod:web","targetArn":"arn:aws:ecs:eu-west-1:1:service/prod/web",
        "lastUpdatedAt":1700000009.5,"status":"Failed","lifecycleEvents":[
          {"lifecycleEventName":"BeforeInstall","startTime":1700000000.25,"endTime":1700000001.0,"status":"Succeeded",
           "diagnostics":{"errorCode":"Success","scriptName":"","message":"","logTail":""}},
          {"lifecycleEventName":"AfterInstall","startTime":1700000002,"status":"Failed",
           "diagnostics":{"errorCode":"ScriptFailed","scriptName":"hook","message":"no","logTail":"line 1\nline 2"}},
          {"lifecycleEventName":"AllowTraffic","status":"Waiting"}],
        "taskSetsInfo":[
          {"identifer":"ecs-svc/1","desiredCount":2,"pendingCount":0,"runningCount":2,"status":"PRIMARY",
           "trafficWeight":97.5,"targetGroup":{"name":"blue"},"taskSetLabel":"Blue"},
          {"identifer":"ecs-svc/2","desiredCount":2,"pendingCount":1,"runningCount":1,"status":"ACTIVE",
           "trafficWeight":2.5,"targetGroup":{"name":"green"},"taskSetLabel":"Green"}]}}]}"#;

    async fn ask(target: Option<&str>, answers: Vec<Answer>) -> (Result<Option<Target>, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (deployment_target(&aws, "d-1", target).await, fake)
    }

    fn refused(code: &str) -> Answer {
        Answer::json(400, &format!(r#"{{"__type":"{code}","message":"m"}}"#))
    }

    #[tokio::test]
    async fn the_id_of_the_target_is_asked_for_once() {
        let (target, fake) = ask(None, vec![Answer::json(200, LISTED), Answer::json(200, FOUND)]).await;
        let target = target.unwrap().unwrap();
        let requests = fake.requests();
        let targets: Vec<_> = requests.iter().map(|request| request.header("x-amz-target").unwrap()).collect();
        assert_eq!(
            targets,
            ["CodeDeploy_20141006.ListDeploymentTargets", "CodeDeploy_20141006.BatchGetDeploymentTargets"]
        );
        assert_eq!(requests[0].body_json(), json!({"deploymentId": "d-1"}));
        assert_eq!(requests[1].body_json(), json!({"deploymentId": "d-1", "targetIds": ["prod:web"]}));

        let (again, fake) = ask(Some(&target.id), vec![Answer::json(200, FOUND)]).await;
        assert_eq!((again.unwrap(), fake.requests().len()), (Some(target), 1));
    }

    #[tokio::test]
    async fn every_member_is_carried() {
        let (target, _) = ask(Some("prod:web"), vec![Answer::json(200, FOUND)]).await;
        expect![[r#"
            Target {
                id: "prod:web",
                status: Failed,
                lifecycle_events: [
                    LifecycleEvent {
                        name: "BeforeInstall",
                        status: Succeeded,
                        start_ms: Some(
                            1700000000250,
                        ),
                        end_ms: Some(
                            1700000001000,
                        ),
                        diagnostics: Some(
                            Diagnostics {
                                error_code: Some(
                                    "Success",
                                ),
                                script_name: None,
                                message: None,
                                log_tail: None,
                            },
                        ),
                    },
                    LifecycleEvent {
                        name: "AfterInstall",
                        status: Failed,
                        start_ms: Some(
                            1700000002000,
                        ),
                        end_ms: None,
                        diagnostics: Some(
                            Diagnostics {
                                error_code: Some(
                                    "ScriptFailed",
                                ),
                                script_name: Some(
                                    "hook",
                                ),
                                message: Some(
                                    "no",
                                ),
                                log_tail: Some(
                                    "line 1\nline 2",
                                ),
                            },
                        ),
                    },
                    LifecycleEvent {
                        name: "AllowTraffic",
                        status: Other(
                            "Waiting",
                        ),
                        start_ms: None,
                        end_ms: None,
                        diagnostics: None,
                    },
                ],
                task_sets: [
                    TaskSet {
                        id: "ecs-svc/1",
                        label: Blue,
                        status: Primary,
                        desired: 2,
                        pending: 0,
                        running: 2,
                        traffic_weight: Weight(
                            975,
                        ),
                        target_group: Some(
                            "blue",
                        ),
                    },
                    TaskSet {
                        id: "ecs-svc/2",
                        label: Green,
                        status: Active,
                        desired: 2,
                        pending: 1,
                        running: 1,
                        traffic_weight: Weight(
                            25,
                        ),
                        target_group: Some(
                            "green",
                        ),
                    },
                ],
            }
        "#]]
        .assert_debug_eq(&target.unwrap().unwrap());
    }

    #[tokio::test]
    async fn before_it_starts_a_deployment_has_no_target() {
        for code in ["DeploymentNotStartedException", "DeploymentTargetDoesNotExistException"] {
            assert_eq!(ask(None, vec![refused(code)]).await.0.unwrap(), None, "{code}");
            assert_eq!(ask(Some("prod:web"), vec![refused(code)]).await.0.unwrap(), None, "{code}");
        }
        assert_eq!(ask(None, vec![Answer::json(200, r#"{"targetIds":[]}"#)]).await.0.unwrap(), None);
        assert_eq!(ask(Some("x"), vec![Answer::json(200, r#"{"deploymentTargets":[]}"#)]).await.0.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_no_ecs_deployment_is_refused() {
        let (target, _) = ask(None, vec![refused("DeploymentDoesNotExistException")]).await;
        expect![[r#"
            DEP02: deployment d-1 not found in eu-west-1
            hint: check the ID, Region and account; a deployment ID is `d-` and nine uppercase letters and digits"#]]
        .assert_eq(&Fault::from(target.unwrap_err()).report());
        let lambda = r#"{"deploymentTargets":[{"deploymentTargetType":"LambdaTarget","lambdaTarget":{}}]}"#;
        let (target, _) = ask(Some("x"), vec![Answer::json(200, lambda)]).await;
        expect![[r#"
            DEP05: d-1 has compute platform Lambda, but ECS is required
            hint: use an application, deployment group and deployment config with compute platform ECS"#]]
        .assert_eq(&Fault::from(target.unwrap_err()).report());
    }
}
