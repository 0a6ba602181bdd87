//! The logs of containers that stopped and of a hook function that failed, and the images of the former.

use std::collections::HashSet;

use codedeploy_aws::config::Aws;
use codedeploy_aws::{ecr, ecs, lambda, logs};
use codedeploy_core::artifact::appspec::Hook;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::why::failed_hook;
use codedeploy_core::deployment::{
    Evidence, Followed, LogOf, LogPlace, LogTail, Logged, PushedImage, Skipped, invocation, masking,
};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::names::EcrImage;
use codedeploy_core::text::mask::Mask;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::bounded;

/// The most images that are looked up.
const MOST_IMAGES: usize = 4;

/// How long before and after a lifecycle event its function may log, in milliseconds: the two clocks differ, and the end of
/// an invocation is written late.
const AROUND: u64 = 15_000;

/// How long a hook that has not ended may have logged, in milliseconds: CodeDeploy waits for an hour.
const HOUR: u64 = 3_600_000;

/// The last lines of the logs of containers that stopped, at most `lines` of each. Without lines, nothing is read.
pub(super) async fn of_containers(read: &Aws, tasks: &Evidence, lines: usize, deadline: Instant) -> Evidence {
    let mut found = Evidence::default();
    let logged = if lines == 0 { Vec::new() } else { tasks.logged() };
    let mut definitions: Vec<(String, TaskDefinition)> = Vec::new();
    let mut reading = JoinSet::new();
    for one in logged {
        if definitions.iter().all(|(arn, _)| *arn != one.task_definition) {
            let described = Box::pin(definition(read, &one.task_definition));
            match bounded(deadline, "container logs", described).await {
                Ok(definition) => definitions.push((one.task_definition.clone(), definition)),
                Err(skipped) => {
                    found.skipped.push(skipped);
                    break;
                }
            }
        }
        let Some((_, definition)) = definitions.iter().find(|(arn, _)| *arn == one.task_definition) else { continue };
        let Some(container) = definition.container(&one.container) else { continue };
        match LogPlace::of(container, &one.task) {
            Ok(place) => {
                let (read, mask) = (read.clone(), masking(definition));
                reading.spawn(async move {
                    let what = format!("log of container {}", one.container);
                    bounded(deadline, &what, Box::pin(tail(read, one, place, mask, lines))).await
                });
            }
            Err(why) => {
                let what = format!("log of container {}", shown(&one.container));
                found.skipped.push(Skipped { what, why, denied: false });
            }
        }
    }
    for tail in reading.join_all().await {
        match tail {
            Ok(tail) => found.logs.push(tail),
            Err(skipped) => found.skipped.push(skipped),
        }
    }
    // The same permission is missing for each of them.
    let mut told = HashSet::new();
    let key =
        |skipped: &Skipped| if skipped.denied { String::new() } else { format!("{}{}", skipped.what, skipped.why) };
    found.skipped.retain(|skipped| told.insert(key(skipped)));
    found
}

async fn definition(read: &Aws, arn: &str) -> Result<TaskDefinition, Fault> {
    let answer = ecs::describe_task_definition(read, arn).await?;
    TaskDefinition::described(&answer, arn)
}

async fn tail(read: Aws, one: Logged, place: LogPlace, mask: Mask, lines: usize) -> Result<LogTail, Fault> {
    let LogPlace { group, region, stream } = place;
    let there = match &region {
        Some(region) => read.with_region(region)?,
        None => read,
    };
    let events = logs::last_events(&there, &group, &stream, lines).await?.unwrap_or_default();
    let of = LogOf::Container { task: one.task, container: one.container };
    Ok(LogTail::of(of, &group, Some(&stream), &events, &mask, lines))
}

/// The images of containers that stopped, as Amazon ECR has them.
pub(super) async fn images(read: &Aws, tasks: &Evidence, deadline: Instant) -> Evidence {
    let mut names: Vec<&String> = Vec::new();
    for image in tasks.tasks.iter().flat_map(|task| &task.containers).filter_map(|container| container.image.as_ref()) {
        if !names.contains(&image) && names.len() < MOST_IMAGES {
            names.push(image);
        }
    }
    let mut asking = JoinSet::new();
    for name in names {
        let Some(image) = EcrImage::parse(name) else { continue };
        let (read, name) = (read.clone(), name.clone());
        asking.spawn(async move {
            let pushed = async { Ok(ecr::pushed(&read, &image).await?) };
            let pushed = bounded(deadline, "images in Amazon ECR", Box::pin(pushed)).await?;
            let (digest, pushed_ms) = pushed.map_or((None, None), |(digest, at)| (Some(digest), at));
            Ok::<_, Skipped>(PushedImage { image: name, digest, pushed_ms })
        });
    }
    let mut found = Evidence::default();
    for image in asking.join_all().await {
        match image {
            Ok(image) => found.images.push(image),
            Err(skipped) => found.skipped = vec![skipped],
        }
    }
    found.images.sort_by(|one, other| one.image.cmp(&other.image));
    found
}

/// What the function of the lifecycle event that failed logged for this deployment.
pub(super) async fn of_hook(
    read: &Aws,
    followed: &Followed,
    hooks: &[(Hook, String)],
    lines: usize,
    deadline: Instant,
) -> Evidence {
    let mut found = Evidence::default();
    let Some((event, function)) = failed_hook(followed, hooks).filter(|_| lines > 0) else { return found };
    let Some(start) = event.start_ms else { return found };
    let between = start.saturating_sub(AROUND)..event.end_ms.unwrap_or(start + HOUR).saturating_add(AROUND);
    let (name, qualifier) = split(&function);
    let log = async {
        // Without the permission, the group is the one that AWS Lambda chooses by itself.
        let configured = lambda::logging(read, name, qualifier).await.ok().flatten();
        let (group, mask) = configured.unwrap_or_default();
        let group = group.unwrap_or_else(|| format!("/aws/lambda/{name}"));
        let Some(events) = logs::events_between(read, &group, between).await? else { return Ok(None) };
        let its = invocation(&events, &followed.deployment.id);
        let of = LogOf::Hook { function: function.clone() };
        Ok(Some(LogTail::of(of, &group, None, &its, &mask, lines)))
    };
    match bounded(deadline, "log of the hook function", Box::pin(log)).await {
        Ok(Some(tail)) => found.logs.push(tail),
        Ok(None) => found.skipped.push(Skipped {
            what: "log of the hook function".to_owned(),
            why: format!("{} has no log group", shown(name)),
            denied: false,
        }),
        Err(skipped) => found.skipped.push(skipped),
    }
    found
}

/// Name and qualifier of a function, which is a name or an ARN.
fn split(function: &str) -> (&str, Option<&str>) {
    let name = function.split_once(":function:").map_or(function, |(_, name)| name);
    name.split_once(':').map_or((name, None), |(name, qualifier)| (name, Some(qualifier)))
}
