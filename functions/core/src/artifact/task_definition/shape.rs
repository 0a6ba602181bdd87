//! Types and names of the members that are wrong most often; unknown members are left alone.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};
use crate::names::identity::is_ecs_name;

use super::model::{CONTAINER, Member, TASK, Type};

const EXPECTED: &str =
    "give a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition takes it";

/// Checks types and names, all of them in one run.
///
/// Types from [RegisterTaskDefinition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html):
/// `cpu` and `memory` are texts for the task and numbers for a container.
pub(super) fn check(members: &Map<String, Value>, document: &str) -> Vec<Finding> {
    let mut check = Check { document, findings: Vec::new() };
    if let Some(family) = check.required(members, "family", "family") {
        check.name(family, "family");
    }
    check.members(members, "", TASK);
    let definitions = check.required(members, "containerDefinitions", "containerDefinitions");
    let mut names = BTreeSet::new();
    let containers = check.maps(definitions, "containerDefinitions");
    for (path, definition) in &containers {
        check.container(definition, path);
        let name = definition.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        if name.is_some_and(|name| !names.insert(name)) {
            let name = shown(name.unwrap_or_default());
            let message = format!("container \"{name}\" is defined twice");
            let finding = Finding::error("TD10", Kind::Input, message, "rename one of the containers");
            check.findings.push(finding.at(document, ""));
        }
    }
    if containers.is_empty() && definitions.and_then(Value::as_array).is_some_and(Vec::is_empty) {
        check.missing("containerDefinitions[0]");
    }
    check.findings
}

/// Checks what Fargate needs. `name` is the family and revision.
pub(super) fn check_fargate(members: &Map<String, Value>, name: &str) -> Vec<Finding> {
    let texts = |member: &str| -> Vec<String> {
        let list = members.get(member).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut findings = Vec::new();
    let name = shown(name);
    // What a revision may run on is `compatibilities`; a file that was never registered has only what it requires.
    let not_fargate = ["compatibilities", "requiresCompatibilities"].into_iter().find_map(|member| {
        let launch_types = texts(member);
        let without = !launch_types.is_empty() && !launch_types.iter().any(|launch_type| launch_type == "FARGATE");
        without.then(|| format!("{member}: {}", launch_types.join(", ")))
    });
    if let Some(found) = not_fargate {
        let message = format!("{name} is not Fargate-compatible ({})", shown(&found));
        let hint = "register the family with requiresCompatibilities [\"FARGATE\"]";
        findings.push(Finding::error("TD03", Kind::Input, message, hint));
    }
    let mode = members.get("networkMode").filter(|mode| !mode.is_null());
    if mode.is_none_or(|mode| mode.as_str().is_some_and(|mode| mode != "awsvpc")) {
        let found =
            mode.and_then(Value::as_str).map_or_else(|| "none".to_owned(), |mode| format!("\"{}\"", shown(mode)));
        let message = format!("{name}: Fargate needs networkMode awsvpc, found {found}");
        let hint = "set \"networkMode\": \"awsvpc\" in the task definition";
        findings.push(Finding::error("TD04", Kind::Input, message, hint));
    }
    findings
}

/// A map and its path.
type At<'v> = (String, &'v Map<String, Value>);

struct Check<'a> {
    document: &'a str,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn container(&mut self, definition: &Map<String, Value>, path: &str) {
        let at = format!("{path}.name");
        if let Some(name) = self.required(definition, "name", &at) {
            self.name(name, &at);
        }
        self.members(definition, path, CONTAINER);
    }

    /// The types of all members that are known, at every depth.
    fn members(&mut self, map: &Map<String, Value>, path: &str, members: &[Member]) {
        for member in members {
            let path = if path.is_empty() { member.name.to_owned() } else { format!("{path}.{}", member.name) };
            match map.get(member.name).filter(|value| !value.is_null()) {
                Some(value) => self.member(member, value, &path),
                None if member.required => {
                    let hint = format!("add \"{}\", or remove the map around it", member.name);
                    self.findings.push(Finding::error("TD08", Kind::Input, "is missing", hint).at(self.document, path));
                }
                None => {}
            }
        }
    }

    fn member(&mut self, member: &Member, value: &Value, path: &str) {
        match member.kind {
            Type::Own => return,
            Type::Structs(members) => {
                for (path, item) in self.maps(Some(value), path) {
                    self.members(item, &path, members);
                }
                return;
            }
            _ if !member.kind.fits(value) => return self.wrong_type(path, member.kind),
            _ => {}
        }
        let Value::Object(map) = value else { return };
        self.members(map, path, member.kind.members());
        if matches!(member.kind, Type::TextMap) {
            for (name, value) in map {
                self.is(Type::Text, value, &format!("{path}.{name}"));
            }
        }
    }

    /// Each map of a list with its path. What is no list, and an item that is no map, are findings.
    fn maps<'v>(&mut self, list: Option<&'v Value>, path: &str) -> Vec<At<'v>> {
        let mut maps = Vec::new();
        if let Some(list) = list {
            self.is(Type::Structs(&[]), list, path);
        }
        for (index, item) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
            let path = format!("{path}[{index}]");
            match item {
                Value::Object(map) => maps.push((path, map)),
                Value::Null => {}
                _ => self.wrong_type(&path, Type::Struct(&[])),
            }
        }
        maps
    }

    fn required<'v>(&mut self, map: &'v Map<String, Value>, member: &str, path: &str) -> Option<&'v Value> {
        let value = map.get(member).filter(|value| !value.is_null());
        if value.is_none() {
            self.missing(path);
        }
        value
    }

    fn is(&mut self, expected: Type, value: &Value, path: &str) {
        if !value.is_null() && !expected.fits(value) {
            self.wrong_type(path, expected);
        }
    }

    /// Families and containers have names of 1-255 letters, digits, hyphens and underscores.
    fn name(&mut self, name: &Value, path: &str) {
        let Some(text) = name.as_str() else { return self.wrong_type(path, Type::Text) };
        if !is_ecs_name(text) {
            let message = format!("\"{}\" must be 1-255 letters, digits, hyphens and underscores", shown(text));
            let hint = "choose a name of these characters; RegisterTaskDefinition refuses this one";
            self.findings.push(Finding::error("TD13", Kind::Input, message, hint).at(self.document, path));
        }
    }

    fn missing(&mut self, path: &str) {
        let finding = Finding::error("TD08", Kind::Input, "is missing", EXPECTED);
        self.findings.push(finding.at(self.document, path));
    }

    fn wrong_type(&mut self, path: &str, expected: Type) {
        let message = format!("must be {}", expected.name());
        let finding = Finding::error("TD09", Kind::Input, message, expected.hint());
        self.findings.push(finding.at(self.document, path));
    }
}
