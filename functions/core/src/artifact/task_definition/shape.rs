//! Checks types and names of members. Unknown members are not checked.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::member::{Member, Type};
use super::model::{CONTAINER, TASK};
use crate::fault::finding::{Finding, findings};
use crate::names::is_ecs_name;

findings! {
    /// What is wrong with the types and names of members. Those with a member have its path before the message.
    pub const FINDINGS;

    fn not_fargate(name, found) =>
        "TD03" Error Input "{name} is not Fargate-compatible ({found})",
        "register the family with requiresCompatibilities [\"FARGATE\"]";
    fn not_awsvpc(name, mode) =>
        "TD04" Error Input "{name}: Fargate needs networkMode awsvpc, found \"{mode}\"",
        "set \"networkMode\": \"awsvpc\" in the task definition";
    fn no_network_mode(name) =>
        "TD04" Error Input "{name}: Fargate needs networkMode awsvpc, found none",
        "set \"networkMode\": \"awsvpc\" in the task definition";
    fn missing() =>
        "TD08" Error Input "is missing",
        "use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it";
    fn missing_in_map(; member) =>
        "TD08" Error Input "is missing", "add \"{member}\", or remove the map that lacks it";
    fn wrong_type(; expected, example) => "TD09" Error Input "must be {expected}", "write {expected}, such as {example}";
    fn defined_twice(name) =>
        "TD10" Error Input "container \"{name}\" is defined twice", "rename one of the containers";
    fn bad_name(name) =>
        "TD13" Error Input "\"{name}\" must be 1-255 letters, digits, hyphens and underscores",
        "use only these characters; RegisterTaskDefinition rejects other names";
}

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
        check
            .findings
            .extend(name.filter(|name| !names.insert(*name)).map(|name| defined_twice(name).at(document, "")));
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
    // What a revision may run on is `compatibilities`; a file that was never registered has only what it requires.
    let found = ["compatibilities", "requiresCompatibilities"].into_iter().find_map(|member| {
        let launch_types = texts(member);
        let without = !launch_types.is_empty() && !launch_types.iter().any(|launch_type| launch_type == "FARGATE");
        without.then(|| format!("{member}: {}", launch_types.join(", ")))
    });
    findings.extend(found.map(|found| not_fargate(name, found)));
    match members.get("networkMode") {
        None | Some(Value::Null) => findings.push(no_network_mode(name)),
        Some(Value::String(mode)) if mode != "awsvpc" => findings.push(not_awsvpc(name, mode)),
        Some(_) => {}
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
                None if member.required => self.findings.push(missing_in_map(member.name).at(self.document, path)),
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
            self.findings.push(bad_name(text).at(self.document, path));
        }
    }

    fn missing(&mut self, path: &str) {
        self.findings.push(missing().at(self.document, path));
    }

    fn wrong_type(&mut self, path: &str, expected: Type) {
        self.findings.push(wrong_type(expected.name(), expected.example()).at(self.document, path));
    }
}
