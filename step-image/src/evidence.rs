//! What ECS, the load balancer and CloudWatch say of a failure. Each is asked as well as may be: a missing permission
//! is a line of the report, never an error.

use std::future::Future;
use std::time::Duration;

use aws_calls::codedeploy::{appspec_of, deployable, get_deployment_group};
use aws_calls::config::Aws;
use aws_calls::{cloudwatch, ecs, elb};
use codedeploy_artifact::appspec;
use codedeploy_artifact::deployment::why::{ContainerExit, FiredAlarm, Skipped, StoppedTask, UnhealthyTarget, why};
use codedeploy_artifact::deployment::{Deployment, Followed, Label};
use codedeploy_artifact::error::Error;

/// The longest time for each question: the build has failed, and its reader waits.
const LONGEST: Duration = Duration::from_secs(10);

/// Adds the evidence to a deployment that does not go well; does nothing to any other.
pub(crate) async fn gather(read: &Aws, followed: &mut Followed) {
    if why(followed).is_none() {
        return;
    }
    let deployment = &followed.deployment;
    let green = followed.target.as_ref().and_then(|target| Some((target, target.task_set(&Label::Green)?)));
    let tasks = async {
        let Some((target, green)) = green else { return Ok(Vec::new()) };
        let Some((cluster, service)) = target.id.split_once(':') else { return Ok(Vec::new()) };
        Ok(ecs::stopped_tasks(read, cluster, service, Some(&green.id)).await?)
    };
    let targets = async {
        match green.and_then(|(_, green)| green.target_group.clone()) {
            Some(group) => Ok(elb::unhealthy_targets(read, &[group]).await?),
            None => Ok(Vec::new()),
        }
    };
    let alarms = async {
        let group = get_deployment_group(read, &deployment.application, &deployment.group).await?;
        if !group.alarms.enabled || group.alarms.names.is_empty() {
            return Ok(Vec::new());
        }
        Ok(cloudwatch::alarms_in_alarm(read, &group.alarms.names).await?)
    };
    let needs_hooks = followed.evidence.hooks.is_empty();
    let hooks = async { if needs_hooks { hooks(read, deployment).await } else { Ok(Vec::new()) } };
    let (tasks, targets, alarms, hooks) = tokio::join!(
        bounded(Box::pin(tasks)),
        bounded(Box::pin(targets)),
        bounded(Box::pin(alarms)),
        bounded(Box::pin(hooks))
    );

    let evidence = &mut followed.evidence;
    let skipped = &mut evidence.skipped;
    evidence.tasks = keep(tasks, "stopped tasks", skipped).into_iter().map(task).collect();
    evidence.targets = keep(targets, "target health", skipped).into_iter().map(target).collect();
    evidence.alarms = keep(alarms, "alarms", skipped)
        .into_iter()
        .map(|alarm| FiredAlarm { name: alarm.name, reason: alarm.reason })
        .collect();
    if needs_hooks {
        evidence.hooks = keep(hooks, "hook functions", skipped);
    }
}

/// The hook functions of the AppSpec that a deployment deploys.
pub(crate) async fn hooks(read: &Aws, deployment: &Deployment) -> Result<Vec<(appspec::Hook, String)>, Error> {
    let Some(revision) = &deployment.revision else { return Ok(Vec::new()) };
    let revision = deployable(read, &deployment.application, revision).await?;
    let text = appspec_of(read, &revision).await?;
    Ok(appspec::read(&text, "the AppSpec of the deployment")?.hooks)
}

async fn bounded<T>(question: impl Future<Output = Result<T, Error>>) -> Result<T, String> {
    match tokio::time::timeout(LONGEST, question).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

fn keep<T>(answer: Result<Vec<T>, String>, what: &str, skipped: &mut Vec<Skipped>) -> Vec<T> {
    answer.unwrap_or_else(|why| {
        skipped.push(Skipped { what: what.to_owned(), why });
        Vec::new()
    })
}

fn task(task: ecs::StoppedTask) -> StoppedTask {
    let container = |container: ecs::StoppedContainer| ContainerExit {
        name: container.name,
        exit_code: container.exit_code,
        reason: container.reason,
    };
    StoppedTask {
        id: task.id,
        stop_code: task.stop_code,
        stopped_reason: task.stopped_reason,
        containers: task.containers.into_iter().map(container).collect(),
    }
}

fn target(target: elb::UnhealthyTarget) -> UnhealthyTarget {
    UnhealthyTarget {
        target_group: target.target_group,
        id: target.target,
        port: target.port.unwrap_or_default(),
        state: target.state,
        reason: target.reason,
        description: target.description,
    }
}
