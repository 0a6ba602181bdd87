//! What goes wrong while a deployment is under way: each reason once, however often it comes back.

use std::collections::HashSet;
use std::fmt;

use super::event::What;
use super::why::{ContainerExit, Evidence, StoppedTask, UnhealthyTarget};
use crate::fault::shown;
use crate::text::{LINE, safe};

/// The most reasons that one wait shows and keeps.
const MOST: usize = 20;

/// A reason why the replacement task set does not become healthy. `Display` is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Who reports it.
    pub source: Source,
    /// The first task or target that it was seen at: a task id, or `ADDRESS:PORT in TARGET-GROUP`.
    pub id: Option<String>,
    /// The words of AWS.
    pub reason: String,
}

/// Who reports a [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// ECS: a task of the replacement task set stopped.
    StoppedTask,
    /// Elastic Load Balancing: a target is unhealthy.
    UnhealthyTarget,
    /// ECS: an event of the service.
    ServiceEvent,
}

impl Source {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Source::StoppedTask => "stopped-task",
            Source::UnhealthyTarget => "unhealthy-target",
            Source::ServiceEvent => "service-event",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, reason) = (self.id.as_deref().unwrap_or_default(), safe(&self.reason, LINE));
        match self.source {
            Source::StoppedTask => write!(f, "green task {} stopped: {reason}", shown(id)),
            Source::UnhealthyTarget => write!(f, "target {}: {reason}", safe(id, LINE)),
            Source::ServiceEvent => write!(f, "ECS service event: {reason}"),
        }
    }
}

/// The problems of one wait, and the evidence for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Problems {
    known: HashSet<String>,
    /// One task, target or event for each reason, the newest first.
    pub(crate) seen: Evidence,
    /// The reason that was new last.
    pub(crate) newest: Option<String>,
    told: HashSet<String>,
}

impl Problems {
    /// Takes what was found, and returns what is new in it.
    pub(crate) fn take(&mut self, found: Evidence) -> Vec<What> {
        let mut news = Vec::new();
        // The oldest first, as they happened.
        for task in found.tasks.into_iter().rev().filter(StoppedTask::is_problem) {
            let reason = task.reason();
            if self.is_new(&key(Source::StoppedTask, &reason)) {
                news.push(Problem { source: Source::StoppedTask, id: Some(task.id.clone()), reason });
                self.seen.tasks.insert(0, task);
            }
        }
        for target in found.targets.into_iter().filter(UnhealthyTarget::is_problem) {
            let reason = target.reason();
            if self.is_new(&key(Source::UnhealthyTarget, &reason)) {
                news.push(Problem { source: Source::UnhealthyTarget, id: Some(target.place()), reason });
                self.seen.targets.insert(0, target);
            }
        }
        for event in found.events.into_iter().rev() {
            if self.is_new(&key(Source::ServiceEvent, &event)) {
                news.push(Problem { source: Source::ServiceEvent, id: None, reason: event.clone() });
                self.seen.events.insert(0, event);
            }
        }
        // A task or a target tells more than an event of the service.
        let newest = news.iter().rev().find(|problem| problem.source != Source::ServiceEvent).cloned();
        if let Some(newest) = newest.or(news.last().filter(|_| self.newest.is_none()).cloned()) {
            self.newest = Some(newest.reason);
        }
        let mut news: Vec<What> = news.into_iter().map(What::Problem).collect();
        for skipped in found.skipped.into_iter().filter(|skipped| skipped.denied) {
            if self.told.len() < MOST && self.told.insert(skipped.what.clone()) {
                news.push(What::CouldNotCheck { what: skipped.what, why: skipped.why });
            }
        }
        news
    }

    fn is_new(&mut self, key: &str) -> bool {
        self.known.len() < MOST && self.known.insert(key.to_owned())
    }
}

impl Evidence {
    /// Adds what was seen before: what is the same by its reason is left out.
    pub fn add_seen(&mut self, earlier: Evidence) {
        let known: HashSet<String> = self.tasks.iter().map(|task| key(Source::StoppedTask, &task.reason())).collect();
        let new = |task: &StoppedTask| !known.contains(&key(Source::StoppedTask, &task.reason()));
        self.tasks.extend(earlier.tasks.into_iter().filter(new));
        let known: HashSet<String> =
            self.targets.iter().map(|target| key(Source::UnhealthyTarget, &target.reason())).collect();
        let new = |target: &UnhealthyTarget| !known.contains(&key(Source::UnhealthyTarget, &target.reason()));
        self.targets.extend(earlier.targets.into_iter().filter(new));
        let mut known = HashSet::new();
        self.events.extend(earlier.events);
        self.events.retain(|event| known.insert(key(Source::ServiceEvent, event)));
    }
}

impl StoppedTask {
    /// Everything that ECS tells about the stop, in one line.
    pub(crate) fn reason(&self) -> String {
        let said = [&self.stopped_reason, &self.stop_code].into_iter().flatten().find(|text| !text.trim().is_empty());
        let whole = said.map_or("no reason given", String::as_str);
        let mut containers: Vec<String> =
            self.containers.iter().filter_map(|container| self.container_reason(whole, container)).collect();
        containers.sort();
        std::iter::once(whole.trim().to_owned()).chain(containers).collect::<Vec<_>>().join("; ")
    }

    fn container_reason(&self, whole: &str, container: &ContainerExit) -> Option<String> {
        let reason = container.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let reason = reason.filter(|reason| !whole.contains(reason));
        // A task that ECS itself stops ends its containers by a signal.
        let by_ecs = self.stop_code.as_deref() == Some("ServiceSchedulerInitiated");
        let exit = container.exit_code.filter(|code| *code != 0 && !(by_ecs && matches!(code, 137 | 143)));
        let exit = exit.map(|code| format!("exit code {code}"));
        let parts: Vec<&str> = [exit.as_deref(), reason].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("container {}: {}", container.name, parts.join(": ")))
    }

    /// Whether the stop tells of trouble: scaling in, and a stop by a person, do not.
    pub(crate) fn is_problem(&self) -> bool {
        let reason = self.stopped_reason.as_deref().unwrap_or_default();
        self.stop_code.as_deref() != Some("UserInitiated") && !reason.starts_with("Scaling activity initiated by")
    }
}

impl UnhealthyTarget {
    /// `State: Reason: Description`.
    pub(crate) fn reason(&self) -> String {
        let parts = [Some(&self.state), self.reason.as_ref(), self.description.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(": ")
    }

    /// `10.0.0.7:8080 in tg-green`.
    pub(crate) fn place(&self) -> String {
        format!("{}:{} in {}", self.id, self.port, self.target_group)
    }

    /// Whether health checks failed: a target that is only being registered is `initial`.
    pub(crate) fn is_problem(&self) -> bool {
        self.state.starts_with("unhealthy") || self.state == "unavailable"
    }
}

/// Whether an event of an ECS service explains why tasks do not start or do not become healthy.
pub fn tells_of_trouble(event: &str) -> bool {
    let event = event.to_ascii_lowercase();
    ["unable to", "unhealthy", "failed", "rolling back", "throttled"].iter().any(|part| event.contains(part))
}

/// What makes two problems the same: their words without ids, addresses, times and counts. Status and exit codes stay.
fn key(source: Source, reason: &str) -> String {
    let mut key = format!("{}: ", source.name());
    let mut rest = reason;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let end = if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        let is_code = ["code ", "code: ", "codes: [", "["].iter().any(|before| key.ends_with(before));
        if is_code && word.bytes().all(|byte| byte.is_ascii_digit()) {
            key.push_str(word);
        } else if is_id(word) {
            key.push('#');
        } else {
            word.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).for_each(|part| {
                key.push_str(&part.to_ascii_lowercase());
            });
            if word.bytes().any(|byte| byte.is_ascii_digit()) {
                key.push('#');
            }
        }
        rest = after;
    }
    key
}

/// Whether a word is an id: of a task, of a request, of an image.
fn is_id(word: &str) -> bool {
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let is_hex = |text: &str| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let prefixed = word.split_once('-').is_some_and(|(_, rest)| is_hex(rest));
    has_digit && (is_hex(word) || prefixed || word.len() >= 16 && !word.contains('-'))
}

#[cfg(test)]
mod tests;
