//! A task definition that ECS has not accepted yet: a file or a filled template.

use serde_json::{Map, Value};

use super::{containers, fargate, images, members, roles, sizes, tags, volumes};
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::finding::Finding;

/// Checks a task definition of a file for what RegisterTaskDefinition refuses or Fargate cannot run.
///
/// Do not use it for a revision that was described: what ECS accepted once is not refused here. Rules that hold for
/// Fargate only are warnings if `requiresCompatibilities` does not name it, because ECS does not check them then.
pub fn task_definition(task_definition: &TaskDefinition, file: &str) -> Vec<Finding> {
    let mut checked = Checked::new(task_definition, file);
    sizes::check(&mut checked);
    images::check_file(&mut checked);
    containers::check(&mut checked);
    volumes::check(&mut checked);
    roles::check(&mut checked);
    fargate::check(&mut checked);
    tags::check(&mut checked);
    members::check(&mut checked);
    checked.findings
}

/// The most findings that are kept, so that a hostile file costs no memory.
const MOST: usize = 200;

/// A task definition under check and what was found so far.
pub(super) struct Checked<'a> {
    task_definition: &'a TaskDefinition,
    file: &'a str,
    /// Whether `requiresCompatibilities` names FARGATE.
    pub(super) fargate: bool,
    findings: Vec<Finding>,
}

impl<'a> Checked<'a> {
    fn new(task_definition: &'a TaskDefinition, file: &'a str) -> Checked<'a> {
        let required = task_definition.member("requiresCompatibilities").and_then(Value::as_array);
        let fargate = required.is_some_and(|list| list.iter().any(|it| it == "FARGATE"));
        Checked { task_definition, file, fargate, findings: Vec::new() }
    }

    /// Adds a finding at a member.
    pub(super) fn push(&mut self, path: impl Into<String>, finding: Finding) {
        if self.findings.len() < MOST {
            self.findings.push(finding.at(self.file, path));
        }
    }

    /// Adds a finding that ECS checks for Fargate only.
    pub(super) fn push_for_fargate(&mut self, path: impl Into<String>, finding: Finding) {
        self.push(path, if self.fargate { finding } else { finding.into_warning() });
    }

    /// The task definition.
    pub(super) fn task_definition(&self) -> &'a TaskDefinition {
        self.task_definition
    }

    /// A member of the task definition that is not null.
    pub(super) fn member(&self, name: &str) -> Option<&'a Value> {
        self.task_definition.member(name).filter(|value| !value.is_null())
    }

    /// Each container with its path.
    pub(super) fn containers(&self) -> Vec<Part<'a>> {
        parts(self.member("containerDefinitions"), "containerDefinitions")
    }
}

/// A map of the task definition and its path.
#[derive(Clone)]
pub(super) struct Part<'a> {
    /// Such as `containerDefinitions[0]`.
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
        parts(self.member(name), &self.at(name))
    }

    /// A member that is a map.
    pub(super) fn map(&self, name: &str) -> Option<Part<'a>> {
        let map = self.member(name)?.as_object()?;
        Some(Part { path: self.at(name), map })
    }

    /// All members.
    pub(super) fn members(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// The path of a member.
    pub(super) fn at(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }
}

/// The maps of a list with their paths.
pub(super) fn parts<'a>(list: Option<&'a Value>, path: &str) -> Vec<Part<'a>> {
    let items = list.and_then(Value::as_array).into_iter().flatten().enumerate();
    items.filter_map(|(index, item)| Some(Part { path: format!("{path}[{index}]"), map: item.as_object()? })).collect()
}
