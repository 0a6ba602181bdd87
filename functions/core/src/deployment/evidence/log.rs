//! The logs of containers that stopped: which ones to read, where they are, and their last lines.

use super::{ContainerExit, Evidence, StoppedTask};
use crate::artifact::diff::hidden_values;
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::text::mask::Mask;

/// The most logs of containers that are read.
const MOST_LOGS: usize = 4;

/// The longest line that is kept, in characters; Amazon CloudWatch Logs takes events of 1 MiB.
const LONGEST_LINE: usize = 4_000;

/// The end of a log, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogTail {
    /// Whose log it is.
    pub of: LogOf,
    /// Log group.
    pub group: String,
    /// Log stream, if it is one.
    pub stream: Option<String>,
    /// Its last lines.
    pub lines: Vec<LogLine>,
}

/// Whose log it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogOf {
    /// A container of a stopped task.
    Container {
        /// ID of the task.
        task: String,
        /// Name of the container.
        container: String,
    },
    /// The function of a hook.
    Hook {
        /// Name or ARN, as in the AppSpec.
        function: String,
    },
}

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When it was written, in milliseconds since 1970.
    pub at_ms: Option<u64>,
    /// The line, masked, without a line break.
    pub text: String,
}

/// Where a container logs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// `awslogs-group`
    pub group: String,
    /// `awslogs-region`
    pub region: Option<String>,
    /// `PREFIX/CONTAINER/TASK-ID`
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html>
    pub stream: String,
}

/// A container whose log explains why its task stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// ID of the task.
    pub task: String,
    /// ARN of its task definition.
    pub task_definition: String,
    /// Name of the container.
    pub container: String,
}

impl LogTail {
    /// The last `most` lines of these events, which are in their order and not masked yet.
    pub fn of(of: LogOf, group: &str, stream: Option<&str>, events: &[LogLine], mask: &Mask, most: usize) -> LogTail {
        let line = |event: &LogLine, text: &str| LogLine { at_ms: event.at_ms, text: text.to_owned() };
        let lines: Vec<LogLine> =
            events.iter().flat_map(|event| event.text.split('\n').map(move |text| line(event, text))).collect();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        // Before anything is cut off: a part of a value would not be found.
        let masked = mask.lines(&texts).into_iter().map(|text| cut(text.trim_end()));
        let masked = lines.iter().zip(masked).map(|(line, text)| LogLine { text, ..line.clone() });
        let mut lines: Vec<LogLine> = masked.filter(|line| !line.text.is_empty()).collect();
        lines.drain(..lines.len().saturating_sub(most));
        LogTail { of, group: group.to_owned(), stream: stream.map(str::to_owned), lines }
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE).and_then(|(end, _)| line.get(..end)) {
        Some(start) => format!("{start}…"),
        None => line.to_owned(),
    }
}

impl Evidence {
    /// The containers whose logs are worth reading: those of the newest task of each reason, failed ones first.
    pub fn logged(&self) -> Vec<Logged> {
        let mut reasons = Vec::new();
        let mut logged: Vec<(bool, Logged)> = Vec::new();
        for task in self.tasks.iter().filter(|task| task.is_problem()) {
            let (key, Some(task_definition)) = (task.problem().key(), &task.task_definition) else { continue };
            if reasons.contains(&key) {
                continue;
            }
            reasons.push(key);
            let of = |container: &ContainerExit| Logged {
                task: task.id.clone(),
                task_definition: task_definition.clone(),
                container: container.name.clone(),
            };
            let ran = task.containers.iter().filter(|container| container.exit_code.is_some());
            logged.extend(ran.map(|container| (!container.failed(task), of(container))));
        }
        logged.sort_by_key(|(last, _)| *last);
        logged.into_iter().map(|(_, logged)| logged).take(MOST_LOGS).collect()
    }

    /// The lines of the log of the hook function, the newest last.
    pub(crate) fn log_of_hook(&self) -> &[LogLine] {
        let is_hook = |tail: &&LogTail| matches!(tail.of, LogOf::Hook { .. });
        self.logs.iter().find(is_hook).map_or(&[], |tail| tail.lines.as_slice())
    }

    /// The lines of the log of a container, the newest last.
    pub(crate) fn log_of(&self, task: &StoppedTask, container: &str) -> &[LogLine] {
        let is_its = |tail: &&LogTail| matches!(&tail.of, LogOf::Container { task: id, container: name } if *id == task.id && name == container);
        self.logs.iter().find(is_its).map_or(&[], |tail| tail.lines.as_slice())
    }
}

impl ContainerExit {
    /// Whether it ended by itself, and not well.
    fn failed(&self, task: &StoppedTask) -> bool {
        let by_ecs = task.stop_code.as_deref() == Some("ServiceSchedulerInitiated");
        self.reason.is_some() || self.exit_code.is_some_and(|code| code != 0 && !(by_ecs && matches!(code, 137 | 143)))
    }
}

impl LogPlace {
    /// Where a container of a task logs to.
    ///
    /// # Errors
    /// Why its log cannot be read.
    pub fn of(container: Container<'_>, task: &str) -> Result<LogPlace, String> {
        let Some(driver) = container.log_driver() else {
            return Err("the container has no log configuration".to_owned());
        };
        if driver != "awslogs" {
            let name = if driver == "awsfirelens" { "awsfirelens (FireLens)" } else { driver };
            return Err(format!("the log driver {name} cannot be read; see where it sends the log"));
        }
        let option = |name: &str| container.log_option(name).map(str::trim).filter(|value| !value.is_empty());
        let group = option("awslogs-group").ok_or("the log configuration has no awslogs-group")?;
        let prefix = option("awslogs-stream-prefix")
            .ok_or("the log configuration has no awslogs-stream-prefix, so the name of the log stream is unknown")?;
        Ok(LogPlace {
            group: group.to_owned(),
            region: option("awslogs-region").map(str::to_owned),
            stream: format!("{prefix}/{}/{task}", container.name()),
        })
    }
}

/// What must not appear in the logs of a task: the values of its environment, what stands behind the names of its secrets,
/// and options that are credentials.
pub fn masking(definition: &TaskDefinition) -> Mask {
    let mut mask = Mask::default();
    for (name, value) in hidden_values(definition) {
        mask.add_name(&name);
        if let Some(value) = value {
            mask.add_value(&value);
        }
    }
    mask
}
