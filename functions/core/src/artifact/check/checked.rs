//! A task definition under check, and the values of its members by path.

use serde_json::{Map, Value};

use crate::artifact::task_definition::TaskDefinition;
use crate::fault::finding::Finding;

/// The most findings that are kept, to bound the memory for a hostile file.
const MOST: usize = 200;

/// A task definition under check and what was found so far.
pub(super) struct Checked<'a> {
    file: &'a str,
    /// The task definition.
    pub(super) task: Part<'a>,
    /// Whether `requiresCompatibilities` names FARGATE.
    pub(super) fargate: bool,
    /// Whether it names other launch types only, so that the limits of Fargate do not apply.
    elsewhere: bool,
    /// In the order of the rules.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(task_definition: &'a TaskDefinition, file: &'a str) -> Checked<'a> {
        let task = Part { path: String::new(), map: task_definition.members() };
        let required = task.member("requiresCompatibilities").and_then(Value::as_array);
        let fargate = required.is_some_and(|list| list.iter().any(|it| it == "FARGATE"));
        let elsewhere = !fargate && required.is_some_and(|list| !list.is_empty());
        Checked { file, task, fargate, elsewhere, findings: Vec::new() }
    }

    /// Adds a finding at a member.
    pub(super) fn push(&mut self, path: impl Into<String>, finding: Finding) {
        if self.findings.len() < MOST {
            self.findings.push(finding.at(self.file, path));
        }
    }

    /// Adds a finding that ECS checks for Fargate only: a warning if no launch type is named, nothing if others are.
    pub(super) fn push_for_fargate(&mut self, path: impl Into<String>, finding: Finding) {
        if !self.elsewhere {
            self.push(path, if self.fargate { finding } else { finding.into_warning() });
        }
    }

    /// Adds a finding that ECS checks for Fargate only for each of these members that is set.
    pub(super) fn push_for_each(&mut self, part: &Part<'_>, paths: &[&str], finding: impl Fn(&str) -> Finding) {
        for path in paths {
            let member = path.rsplit_once('.').map_or(*path, |(_, member)| member);
            for (path, _) in part.values(path).into_iter().filter(|(_, value)| is_set(value)) {
                self.push_for_fargate(path, finding(member));
            }
        }
    }

    /// Whether the containers run on Windows.
    pub(super) fn is_windows(&self) -> bool {
        let family = self.task.map("runtimePlatform").and_then(|platform| platform.text("operatingSystemFamily"));
        family.is_some_and(|family| family.starts_with("WINDOWS"))
    }

    /// Each container with its path.
    pub(super) fn containers(&self) -> Vec<Part<'a>> {
        self.task.list("containerDefinitions")
    }
}

/// The task definition or a map in it, with its path.
#[derive(Clone)]
pub(super) struct Part<'a> {
    /// Such as `containerDefinitions[0]`; empty for the task definition.
    pub(super) path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Part<'a> {
    /// A member that is not null.
    pub(super) fn member(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A member that is text.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.member(name).and_then(Value::as_str)
    }

    /// A member that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.member(name).and_then(Value::as_i64)
    }

    /// The name of a container, or of whatever has one; empty if it has none.
    pub(super) fn name(&self) -> &'a str {
        self.text("name").unwrap_or_default()
    }

    /// The maps of a list with their paths.
    pub(super) fn list(&self, name: &str) -> Vec<Part<'a>> {
        let items = self.member(name).and_then(Value::as_array).into_iter().flatten().enumerate();
        let part = |(index, item): (usize, &'a Value)| {
            Some(Part { path: format!("{}[{index}]", self.at(name)), map: item.as_object()? })
        };
        items.filter_map(part).collect()
    }

    /// A member that is a map.
    pub(super) fn map(&self, name: &str) -> Option<Part<'a>> {
        Some(Part { path: self.at(name), map: self.member(name)?.as_object()? })
    }

    /// All members.
    pub(super) fn members(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// The values at a path below, such as `healthCheck.interval` or `portMappings[].hostPort`, each with its own path.
    pub(super) fn values(&self, path: &str) -> Vec<(String, &'a Value)> {
        let Some((first, rest)) = path.split_once('.') else {
            return self.member(path).map(|value| (self.at(path), value)).into_iter().collect();
        };
        let below = match first.strip_suffix("[]") {
            Some(list) => self.list(list),
            None => self.map(first).into_iter().collect(),
        };
        below.iter().flat_map(|part| part.values(rest)).collect()
    }

    /// The path of a member.
    pub(super) fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// Whether a member has an effect: empty members and `false` have none.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}
