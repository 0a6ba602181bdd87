//! The causes that stopped tasks, their logs and unhealthy targets show.

use super::{Found, QUOTED, by_sentence, denied, say};
use crate::deployment::evidence::{Evidence, LogLine, StoppedTask, UnhealthyTarget};
use crate::deployment::why::sentences::{ENDED, OUT_OF_MEMORY, Step, UNHEALTHY};
use crate::deployment::why::{CauseKind, known};
use crate::fault::safe;

/// The cause of an unhealthy target.
pub(in crate::deployment::why) fn by_target(target: &UnhealthyTarget) -> Found {
    let found = target.reason.as_deref().and_then(say).unwrap_or_else(|| Found::of(CauseKind::HealthCheck, UNHEALTHY));
    match target.description.as_ref().or(target.reason.as_ref()) {
        Some(about) => found.about(about),
        None => found,
    }
}

/// The cause of a stopped task: what ECS reports of its containers and of the task, then what its containers logged, then
/// their exit codes.
pub(in crate::deployment::why) fn by_task(evidence: &Evidence, task: &StoppedTask) -> Option<Found> {
    let of_containers =
        task.containers.iter().filter_map(|container| Some((Some(&container.name), container.reason.as_deref()?)));
    let reasons = || of_containers.clone().chain(task.stopped_reason.as_deref().map(|reason| (None, reason)));
    let known = |(container, reason): (Option<&String>, &str)| {
        let found = by_sentence(reason)?;
        Some(match (image_in(reason), &found.about, container) {
            (Some(image), ..) => {
                let next_step = format!("{} (image {})", found.next_step, safe(image, QUOTED));
                Found { next_step, ..found }.about(image)
            }
            (None, None, Some(container)) => found.about(format!("container {container}")),
            _ => found,
        })
    };
    if let Some(found) = reasons().find_map(known).or_else(|| reasons().find_map(|(_, reason)| of_ecs(reason))) {
        return Some(found);
    }
    let exited = || task.containers.iter().filter_map(|container| Some((&container.name, container.exit_code?)));
    let failed = || exited().filter(|(_, code)| *code != 0);
    let logged = failed().find_map(|(name, _)| {
        let found = evidence.log_of(task, name).iter().rev().find_map(|line| by_log(&line.text))?;
        Some(match found.about {
            None => found.about(format!("container {name}")),
            Some(_) => found,
        })
    });
    // A signal of ECS ends the other containers when an essential one has exited.
    let by_itself = || failed().find(|(_, code)| !matches!(code, 137 | 143)).or_else(|| failed().next());
    logged.or_else(|| match by_itself() {
        Some((name, 137)) => {
            Some(Found::of(CauseKind::OutOfMemory, OUT_OF_MEMORY).about(format!("container {name} (exit code 137)")))
        }
        Some((name, code)) => Some(
            Found::of(CauseKind::Crash, "read the log of the container that exited")
                .about(format!("container {name} with exit code {code}")),
        ),
        None if task.stop_code.as_deref() == Some("EssentialContainerExited") => {
            let (name, _) = exited().next()?;
            Some(Found::of(CauseKind::Crash, ENDED).about(format!("container {name} with exit code 0")))
        }
        None => None,
    })
}

/// The cause in a line that a program logged before it ended.
fn by_log(line: &str) -> Option<Found> {
    if let Some(found) = denied(line, None) {
        return Some(found);
    }
    match known::find_in_log(line)? {
        (kind, Step::Say(step)) => Some(Found::of(kind, step)),
        _ => None,
    }
}

/// The line of a log that tells the most: the last one with a known cause, the last one that speaks of an error, or else
/// the last one.
pub(in crate::deployment::why) fn telling(log: &[LogLine]) -> Option<&str> {
    let speaks = |line: &&LogLine| {
        let line = line.text.to_lowercase();
        ["error", "exception", "panic", "fatal", "assert", "fail", "denied"].iter().any(|word| line.contains(word))
    };
    let known = log.iter().rev().find(|line| by_log(&line.text).is_some());
    known.or_else(|| log.iter().rev().find(speaks)).or(log.last()).map(|line| line.text.trim())
}

/// The image that a `CannotPullContainerError` names.
fn image_in(reason: &str) -> Option<&str> {
    let after = ["failed to resolve ref ", "failed to resolve reference ", "pull access denied for ", "manifest for "];
    let rest = after.iter().find_map(|before| reason.split_once(before)).map(|(_, rest)| rest);
    let image = rest.filter(|_| reason.contains("CannotPull")).and_then(|rest| rest.split([' ', ',']).next());
    image.map(|image| image.trim_end_matches(':').trim_matches('"')).filter(|image| !image.is_empty())
}

/// An ECS error without a step of its own, such as `CannotCreateVolumeError: …`.
fn of_ecs(reason: &str) -> Option<Found> {
    let (name, _) = reason.split_once(':').filter(|(name, _)| name.ends_with("Error") && !name.contains(' '))?;
    let step = format!("check the stopped task; Amazon ECS reported: \"{}\"", safe(reason, QUOTED));
    Some(Found::of(CauseKind::TaskStopped, step).about(name))
}
