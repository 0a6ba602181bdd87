//! A reason why a deployment makes no progress, as AWS reports it.

use std::fmt;

use crate::fault::shown;
use crate::text::{LINE, safe};

/// A reason why the replacement task set does not become healthy. `Display` is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Who reports it.
    pub source: Source,
    /// The first task or target with this problem: a task ID, or `ADDRESS:PORT in TARGET-GROUP`.
    pub id: Option<String>,
    /// The message of AWS.
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

impl Problem {
    /// An event of the ECS service.
    pub(crate) fn of_event(event: &str) -> Problem {
        Problem { source: Source::ServiceEvent, id: None, reason: event.to_owned() }
    }

    /// The key by which problems are compared: the words without IDs, addresses, times and counts. Status codes and
    /// exit codes stay.
    pub(crate) fn key(&self) -> String {
        key(self.source.name(), &self.reason)
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

/// Whether an event of an ECS service explains why tasks do not start or do not become healthy.
pub fn tells_of_trouble(event: &str) -> bool {
    let event = event.to_ascii_lowercase();
    ["unable to", "unhealthy", "failed", "rolling back", "throttled"].iter().any(|part| event.contains(part))
}

fn key(source: &str, reason: &str) -> String {
    let mut key = format!("{source}: ");
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
