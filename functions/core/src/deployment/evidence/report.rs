//! Evidence as reports show it, to people and to programs.

use serde_json::{Value, json};

use super::{ContainerExit, Evidence, FiredAlarm, LogOf, LogTail, PushedImage, Skipped, StoppedTask, UnhealthyTarget};
use crate::deployment::observation::Deployment;
use crate::deployment::time::rfc3339;
use crate::fault::shown;
use crate::text::{LINE, safe};

/// The maximum number of items of each kind in a report; the rest is counted.
const MOST_SHOWN: usize = 5;

/// A part of a failure block: a title and the first items, each with its lines, indented. Nothing without items.
pub fn section<T>(title: &str, items: &[T], lines_of: impl Fn(&T) -> Vec<String>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut text = format!("  {title}:\n");
    for line in items.iter().take(MOST_SHOWN).flat_map(lines_of) {
        text.extend(["    ", &line, "\n"]);
    }
    match items.len().saturating_sub(MOST_SHOWN) {
        0 => text,
        more => format!("{text}    and {more} more\n"),
    }
}

impl StoppedTask {
    /// The task, and a line for each of its containers.
    pub fn lines(&self) -> Vec<String> {
        let code = self.stop_code.as_deref().map(|code| format!(" ({})", shown(code))).unwrap_or_default();
        let task = format!("{}{}{code}", safe(&self.id, LINE), because(self.stopped_reason.as_deref()));
        let containers = self.containers.iter().take(MOST_SHOWN).map(|one| format!("  {}", one.line()));
        std::iter::once(task).chain(containers).collect()
    }

    /// For `--output json`.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "stopped_at": self.stopped_ms.and_then(rfc3339),
            "stop_code": self.stop_code,
            "stopped_reason": self.stopped_reason,
            "containers": all(&self.containers, |it| json!({
                "name": it.name,
                "image": it.image,
                "digest": it.digest,
                "exit_code": it.exit_code,
                "reason": it.reason,
            })),
        })
    }
}

impl ContainerExit {
    fn line(&self) -> String {
        let exit = self.exit_code.map_or_else(|| "never ran".to_owned(), |code| format!("exit code {code}"));
        format!("container {}: {exit}{}", shown(&self.name), because(self.reason.as_deref()))
    }
}

impl UnhealthyTarget {
    fn line(&self) -> String {
        let place = format!("{}:{} in {}", shown(&self.id), self.port, shown(&self.target_group));
        let why = [&self.reason, &self.description].into_iter().flatten().map(|text| safe(text, LINE));
        format!("{place}: {}", std::iter::once(shown(&self.state)).chain(why).collect::<Vec<_>>().join(", "))
    }

    fn to_json(&self) -> Value {
        json!({
            "target_group": self.target_group,
            "id": self.id,
            "port": self.port,
            "state": self.state,
            "reason": self.reason,
            "description": self.description,
        })
    }
}

impl Evidence {
    /// A section for each kind of evidence that was found.
    pub(crate) fn sections(&self) -> String {
        [
            section("stopped tasks of the green task set", &self.tasks, StoppedTask::lines),
            section("unhealthy targets", &self.targets, |target| vec![target.line()]),
            section("ECS service events", &self.events, |event| vec![safe(event, LINE)]),
            section("alarms that fired", &self.alarms, FiredAlarm::lines),
            self.logs.iter().map(LogTail::section).collect(),
            section("images in the registry", &self.images, |image| vec![image.line()]),
            section("earlier deployments of the group", &self.earlier, |earlier| vec![earlier_line(earlier)]),
            section("could not check", &self.skipped, |Skipped { what, why, .. }| {
                vec![format!("{}: {}", shown(what), safe(why, LINE))]
            }),
        ]
        .concat()
    }

    /// For `--output json`. Texts are those of AWS, not shortened.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "stopped_tasks": all(&self.tasks, StoppedTask::to_json),
            "unhealthy_targets": all(&self.targets, UnhealthyTarget::to_json),
            "service_events": self.events,
            "alarms": all(&self.alarms, |it| json!({"name": it.name, "reason": it.reason, "data": it.data()})),
            "logs": all(&self.logs, LogTail::to_json),
            "images": all(&self.images, |it| json!({
                "image": it.image,
                "digest": it.digest,
                "pushed_at": it.pushed_ms.and_then(rfc3339),
            })),
            "earlier_deployments": all(&self.earlier, |it| json!({
                "id": it.id,
                "status": it.status.name(),
                "creator": it.creator,
                "description": it.description,
                "created_at": it.created_ms.and_then(rfc3339),
                "revision": it.revision.as_ref().map(ToString::to_string),
            })),
            "could_not_check": all(&self.skipped, |it| json!({"what": it.what, "why": it.why})),
        })
    }
}

impl FiredAlarm {
    fn lines(&self) -> Vec<String> {
        let name = format!("{}{}", safe(&self.name, LINE), because(self.reason.as_deref()));
        let points = self.points().map(|points| format!("  {}", safe(&points, LINE)));
        std::iter::once(name).chain(points).collect()
    }
}

impl LogTail {
    /// Whose log it is and where it is, then its lines.
    fn section(&self) -> String {
        let of = match &self.of {
            LogOf::Container { task, container } => format!("container {}, task {}", shown(container), shown(task)),
            LogOf::Hook { function } => format!("hook function {}", safe(function, LINE)),
        };
        let mut text = format!("  log of {of} (log group {}):\n", safe(&self.group, LINE));
        for line in &self.lines {
            text.extend(["    | ", &safe(&line.text, LINE), "\n"]);
        }
        text
    }

    fn to_json(&self) -> Value {
        let (task, container, function) = match &self.of {
            LogOf::Container { task, container } => (Some(task), Some(container), None),
            LogOf::Hook { function } => (None, None, Some(function)),
        };
        json!({
            "task": task,
            "container": container,
            "function": function,
            "group": self.group,
            "stream": self.stream,
            "lines": all(&self.lines, |it| json!({"at": it.at_ms.and_then(rfc3339), "text": it.text})),
        })
    }
}

impl PushedImage {
    fn line(&self) -> String {
        let image = safe(&self.image, LINE);
        match (&self.digest, self.pushed_ms.and_then(rfc3339)) {
            (Some(digest), Some(at)) => format!("{image}: {}, pushed {at}", safe(digest, LINE)),
            (Some(digest), None) => format!("{image}: {}", safe(digest, LINE)),
            (None, _) => format!("{image}: not in the registry"),
        }
    }
}

fn earlier_line(earlier: &Deployment) -> String {
    let at = earlier.created_ms.and_then(rfc3339).map(|at| format!("  {at}")).unwrap_or_default();
    let by = earlier.creator.as_deref().map(|by| format!(", by {}", shown(by))).unwrap_or_default();
    let revision = earlier.revision.as_ref().map(|it| format!(", {}", safe(&it.to_string(), LINE))).unwrap_or_default();
    format!("{}{at}  {}{by}{revision}{}", shown(&earlier.id), shown(earlier.status.name()), because(earlier.said()))
}

/// `: REASON`, if there is one.
fn because(reason: Option<&str>) -> String {
    reason.map(|reason| format!(": {}", safe(reason, LINE))).unwrap_or_default()
}

fn all<T>(items: &[T], to_json: impl Fn(&T) -> Value) -> Value {
    items.iter().map(to_json).collect()
}
