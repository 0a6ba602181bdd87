//! Why tasks of a service stopped.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{self, DesiredStatus, TaskStopCode};
use codedeploy_core::deployment::{ContainerExit, StoppedTask};
use codedeploy_core::names::short_name;

use super::find_service::{cause, full_name};
use crate::config::Aws;
use crate::error::AwsError;
use crate::time::millis;

/// The most tasks that [`stopped_tasks`] returns.
pub const STOPPED_TASKS: usize = 10;
/// The number of pages that are read, of one hundred tasks each. ECS forgets a stopped task after an hour.
const PAGES: usize = 3;

/// The newest [`STOPPED_TASKS`] stopped tasks of a service: `ListTasks` and `DescribeTasks`, at most three calls each.
///
/// Only those of one task set if its ID is given, as CodeDeploy (`identifer`) or ECS (`startedBy`) writes it:
/// `ecs-svc/…`.
pub async fn stopped_tasks(
    aws: &Aws,
    cluster: &str,
    service: &str,
    task_set: Option<&str>,
) -> Result<Vec<StoppedTask>, AwsError> {
    let client = Client::new(aws.sdk());
    let call = aws.call("ecs:ListTasks", full_name(cluster, service))?;
    // ListTasks takes no other filter beside startedBy, and without the status it lists running tasks only.
    let list =
        client.list_tasks().cluster(cluster).service_name(short_name(service)).desired_status(DesiredStatus::Stopped);
    let mut pages = list.into_paginator().send();
    let mut tasks = Vec::new();
    for _ in 0..PAGES {
        let Some(page) = pages.next().await else { break };
        let page = call.answer(page, cause)?;
        if page.task_arns().is_empty() {
            continue;
        }
        let call = aws.call("ecs:DescribeTasks", full_name(cluster, service))?;
        let described = client.describe_tasks().cluster(cluster).set_tasks(page.task_arns).send().await;
        tasks.extend(call.answer(described, cause)?.tasks.unwrap_or_default());
    }
    tasks.retain(|task: &types::Task| {
        task_set.is_none_or(|set| task.started_by().map(short_name) == Some(short_name(set)))
    });
    tasks.sort_by_key(|task| std::cmp::Reverse(millis(task.stopped_at().or(task.stopping_at()))));
    Ok(tasks.iter().take(STOPPED_TASKS).map(read).collect())
}

fn read(task: &types::Task) -> StoppedTask {
    StoppedTask {
        id: short_name(task.task_arn().unwrap_or_default()).to_owned(),
        task_definition: task.task_definition_arn().map(str::to_owned),
        stopped_ms: millis(task.stopped_at()),
        stop_code: task.stop_code().map(TaskStopCode::as_str).map(str::to_owned),
        stopped_reason: task.stopped_reason().map(str::to_owned),
        containers: task.containers().iter().map(container).collect(),
    }
}

fn container(container: &types::Container) -> ContainerExit {
    ContainerExit {
        name: container.name().unwrap_or_default().to_owned(),
        image: container.image().map(str::to_owned),
        digest: container.image_digest().map(str::to_owned),
        exit_code: container.exit_code(),
        reason: container.reason().map(str::to_owned),
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
    use serde_json::{Value, json};

    async fn start(answers: Vec<Value>) -> (Aws, FakeAws) {
        let answers = answers.iter().map(|body| Answer::json(200, &body.to_string())).collect();
        let fake = FakeAws::start(answers);
        (aws_at(&fake.url, Timeouts::default()).await, fake)
    }

    fn task(number: u32, set: &str) -> Value {
        json!({"taskArn": format!("arn:aws:ecs:eu-west-1:1:task/prod/t{number}"), "startedBy": set,
            "group": "service:web", "stoppedAt": 1_700_000_000 + number})
    }

    #[tokio::test]
    async fn every_member_is_carried() {
        let task = json!({"taskArn": "arn:aws:ecs:eu-west-1:1:task/prod/abc", "startedBy": "ecs-svc/2",
            "taskDefinitionArn": "arn:td", "stopCode": "TaskFailedToStart", "stoppedAt": 1_700_000_000.5,
            "stoppedReason": "CannotPullContainerError: not found",
            "containers": [{"name": "web", "image": "repo/web:1", "imageDigest": "sha256:1",
                "reason": "CannotPullContainerError: x", "healthStatus": "UNKNOWN"},
                {"name": "log", "exitCode": 137}]});
        let (aws, fake) =
            start(vec![json!({"taskArns": ["arn:aws:ecs:eu-west-1:1:task/prod/abc"]}), json!({"tasks": [task]})]).await;
        let tasks = stopped_tasks(&aws, "prod", "web", Some("ecs-svc/2")).await.unwrap();
        expect![[r#"
            [
                StoppedTask {
                    id: "abc",
                    task_definition: Some(
                        "arn:td",
                    ),
                    stopped_ms: Some(
                        1700000000500,
                    ),
                    stop_code: Some(
                        "TaskFailedToStart",
                    ),
                    stopped_reason: Some(
                        "CannotPullContainerError: not found",
                    ),
                    containers: [
                        ContainerExit {
                            name: "web",
                            image: Some(
                                "repo/web:1",
                            ),
                            digest: Some(
                                "sha256:1",
                            ),
                            exit_code: None,
                            reason: Some(
                                "CannotPullContainerError: x",
                            ),
                        },
                        ContainerExit {
                            name: "log",
                            image: None,
                            digest: None,
                            exit_code: Some(
                                137,
                            ),
                            reason: None,
                        },
                    ],
                },
            ]
        "#]]
        .assert_debug_eq(&tasks);
        let [list, describe] = &fake.requests()[..] else { panic!("two requests") };
        assert_eq!(list.header("x-amz-target"), Some("AmazonEC2ContainerServiceV20141113.ListTasks"));
        assert_eq!(list.body_json(), json!({"cluster": "prod", "serviceName": "web", "desiredStatus": "STOPPED"}));
        assert_eq!(describe.header("x-amz-target"), Some("AmazonEC2ContainerServiceV20141113.DescribeTasks"));
        let expect = json!({"cluster": "prod", "tasks": ["arn:aws:ecs:eu-west-1:1:task/prod/abc"]});
        assert_eq!(describe.body_json(), expect);
    }

    #[tokio::test]
    async fn the_newest_ten_of_the_task_set_are_left() {
        let first: Vec<Value> = (0..8).map(|number| task(number, "ecs-svc/green")).collect();
        let mut second: Vec<Value> = (8..16).map(|number| task(number, "ecs-svc/green")).collect();
        second.push(task(99, "ecs-svc/blue"));
        let page = |token: &str| json!({"taskArns": ["a"], "nextToken": token});
        let answers = vec![
            page("1"),
            json!({ "tasks": first }),
            page("2"),
            json!({ "tasks": second }),
            page("3"),
            json!({"tasks": []}),
            page("never asked for"),
        ];
        let (aws, fake) = start(answers).await;
        let tasks = stopped_tasks(&aws, "prod", "web", Some("green")).await.unwrap();
        let ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
        assert_eq!(ids, ["t15", "t14", "t13", "t12", "t11", "t10", "t9", "t8", "t7", "t6"]);
        assert_eq!(fake.requests().len(), 6);
    }

    #[tokio::test]
    async fn without_a_task_nothing_is_described() {
        let (aws, fake) = start(vec![json!({"taskArns": []})]).await;
        assert_eq!(stopped_tasks(&aws, "prod", "web", None).await.unwrap(), Vec::new());
        assert_eq!(fake.requests().len(), 1);
    }

    #[tokio::test]
    async fn a_refusal_names_the_call() {
        let denied = r#"{"__type":"AccessDeniedException","message":"User: arn:aws:iam::1:user/ci is not authorized to
            perform: ecs:ListTasks on resource: *"}"#;
        let fake = FakeAws::start(vec![Answer::json(400, &denied.replace("\n            ", " "))]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let error = stopped_tasks(&aws, "prod", "web", None).await.unwrap_err();
        expect![[r#"
            AWS01: ecs:ListTasks on prod/web in eu-west-1: access denied for arn:aws:iam::1:user/ci: User: arn:aws:iam::1:user/ci is not authorized to perform: ecs:ListTasks on resource: *
            hint: allow ecs:ListTasks on * to arn:aws:iam::1:user/ci"#]].assert_eq(&Fault::from(error).report());
    }
}
