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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn definition(log: &serde_json::Value) -> TaskDefinition {
        let definition = json!({"taskDefinition": {"containerDefinitions": [{
            "name": "web", "logConfiguration": log,
            "environment": [{"name": "DB", "value": "postgres://u:hunter42@db/x"}, {"name": "PIN", "value": "12"}],
            "secrets": [{"name": "API", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/api"}],
            "dockerLabels": {"team": "payments", "licenseKey": "1234567"}
        }]}});
        TaskDefinition::described(&definition.to_string(), "web:1").unwrap()
    }

    #[test]
    fn the_stream_is_named_after_prefix_container_and_task() {
        let place = |log| LogPlace::of(definition(&log).container("web").unwrap(), "t1");
        let options =
            json!({"awslogs-group": "/ecs/web", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "a/b"});
        let expected = LogPlace {
            group: "/ecs/web".to_owned(),
            region: Some("eu-west-1".to_owned()),
            stream: "a/b/web/t1".to_owned(),
        };
        assert_eq!(place(json!({"logDriver": "awslogs", "options": options})), Ok(expected));
        for (log, expected) in [
            (json!(null), "has no log configuration"),
            (
                json!({"logDriver": "awsfirelens", "options": {"Name": "datadog"}}),
                "awsfirelens (FireLens) cannot be read",
            ),
            (json!({"logDriver": "splunk"}), "the log driver splunk cannot be read"),
            (json!({"logDriver": "awslogs", "options": {"awslogs-group": "g"}}), "no awslogs-stream-prefix"),
            (json!({"logDriver": "awslogs", "options": {"awslogs-stream-prefix": "g"}}), "no awslogs-group"),
        ] {
            let why = place(log).unwrap_err();
            assert!(why.contains(expected), "{why}");
        }
    }

    #[test]
    fn what_the_task_definition_hides_is_masked_before_lines_are_cut() {
        let event = |at, text: &str| LogLine { at_ms: Some(at), text: text.to_owned() };
        let long = format!("{}hunter42", "x".repeat(LONGEST_LINE - 3));
        let events = [
            event(1, "first\nPIN=12 api=1 API=none-of-yours"),
            event(2, "postgres://u:hunter42@db/x and hunter42 and 1234567 of payments"),
            event(3, &long),
            event(4, ""),
        ];
        let of = LogOf::Hook { function: "f".to_owned() };
        let tail = LogTail::of(of, "g", None, &events, &masking(&definition(&json!(null))), 3);
        let lines: Vec<(u64, &str)> = tail.lines.iter().map(|line| (line.at_ms.unwrap(), line.text.as_str())).collect();
        let cut = format!("{}***", "x".repeat(LONGEST_LINE - 3));
        assert_eq!(lines, [(1, "PIN=*** api=1 API=***"), (2, "*** and *** and *** of payments"), (3, cut.as_str())]);
    }

    #[test]
    fn the_newest_task_of_each_reason_is_read_and_failed_containers_first() {
        let task = |id: &str, reason: &str, codes: &[(&str, Option<i32>)]| StoppedTask {
            id: id.to_owned(),
            task_definition: Some("arn:td".to_owned()),
            stop_code: Some("EssentialContainerExited".to_owned()),
            stopped_reason: Some(reason.to_owned()),
            containers: codes
                .iter()
                .map(|(name, exit_code)| ContainerExit {
                    name: (*name).to_owned(),
                    exit_code: *exit_code,
                    ..ContainerExit::default()
                })
                .collect(),
            ..StoppedTask::default()
        };
        let exited = "Essential container in task exited";
        let evidence = Evidence {
            tasks: vec![
                task("t3", exited, &[("log", Some(0)), ("web", Some(1)), ("init", None)]),
                task("t2", exited, &[("log", Some(0)), ("web", Some(1)), ("init", None)]),
                task("t1", "Scaling activity initiated by (deployment x)", &[("web", Some(1))]),
                task("t0", "another", &[("web", Some(2))]),
            ],
            ..Evidence::default()
        };
        let logged: Vec<String> =
            evidence.logged().iter().map(|one| format!("{} {}", one.task, one.container)).collect();
        assert_eq!(logged, ["t3 web", "t0 web", "t3 log"]);
    }
}
