//! What ECS or Fargate would refuse later: checked by shape, unknown members left alone.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::TaskDefinitionError;
use crate::identity::is_ecs_name;

/// Checks the members that are wrong most often: those that shell scripts quote or leave unquoted.
///
/// Types from [RegisterTaskDefinition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html):
/// `cpu` and `memory` are texts for the task and numbers for a container.
pub(super) fn check(members: &Map<String, Value>, document: &str) -> Result<(), TaskDefinitionError> {
    let check = Check { document };
    let family = check.required(members, "family", "family")?;
    check.is(Type::Text, Some(family), "family")?;
    check.name(family.as_str().unwrap_or_default(), "family")?;
    check.is(Type::Text, members.get("cpu"), "cpu")?;
    check.is(Type::Text, members.get("memory"), "memory")?;
    check.is(Type::Text, members.get("networkMode"), "networkMode")?;
    check.is(Type::List, members.get("requiresCompatibilities"), "requiresCompatibilities")?;
    let definitions = check.required(members, "containerDefinitions", "containerDefinitions")?;
    check.is(Type::List, Some(definitions), "containerDefinitions")?;
    let mut names = BTreeSet::new();
    for (path, definition) in check.maps(Some(definitions), "containerDefinitions")? {
        let name = check.required(definition, "name", &format!("{path}.name"))?;
        check.is(Type::Text, Some(name), &format!("{path}.name"))?;
        let name = name.as_str().unwrap_or_default();
        check.name(name, &format!("{path}.name"))?;
        if !names.insert(name) {
            return Err(TaskDefinitionError::ContainerTwice { document: document.to_owned(), name: name.to_owned() });
        }
        check.container(definition, &path)?;
    }
    if names.is_empty() {
        return Err(check.missing("containerDefinitions[0]"));
    }
    Ok(())
}

/// Checks what Fargate needs. `name` is the family and revision.
pub(super) fn check_fargate(members: &Map<String, Value>, name: &str) -> Result<(), TaskDefinitionError> {
    let texts = |member: &str| -> Vec<String> {
        let list = members.get(member).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    // What a revision may run on is `compatibilities`; a file that was never registered has only what it requires.
    for member in ["compatibilities", "requiresCompatibilities"] {
        let launch_types = texts(member);
        if !launch_types.is_empty() && !launch_types.iter().any(|launch_type| launch_type == "FARGATE") {
            let found = format!("{member}: {}", launch_types.join(", "));
            return Err(TaskDefinitionError::NotFargate { name: name.to_owned(), found });
        }
    }
    match members.get("networkMode").and_then(Value::as_str) {
        Some("awsvpc") => Ok(()),
        other => Err(TaskDefinitionError::NetworkMode {
            name: name.to_owned(),
            found: other.map_or_else(|| "none".to_owned(), |mode| format!("\"{mode}\"")),
        }),
    }
}

#[derive(Clone, Copy)]
enum Type {
    Text,
    Number,
    Flag,
    List,
}

impl Type {
    fn fits(self, value: &Value) -> bool {
        match self {
            Type::Text => value.is_string(),
            Type::Number => value.is_i64() || value.is_u64(),
            Type::Flag => value.is_boolean(),
            Type::List => value.is_array(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Type::Text => "text in quotes",
            Type::Number => "a whole number without quotes",
            Type::Flag => "true or false without quotes",
            Type::List => "a list",
        }
    }
}

/// A map and its path.
type At<'v> = (String, &'v Map<String, Value>);

struct Check<'a> {
    document: &'a str,
}

impl Check<'_> {
    fn container(&self, definition: &Map<String, Value>, path: &str) -> Result<(), TaskDefinitionError> {
        for (member, expected) in [
            ("image", Type::Text),
            ("cpu", Type::Number),
            ("memory", Type::Number),
            ("memoryReservation", Type::Number),
            ("essential", Type::Flag),
        ] {
            self.is(expected, definition.get(member), &format!("{path}.{member}"))?;
        }
        for (path, mapping) in self.maps(definition.get("portMappings"), &format!("{path}.portMappings"))? {
            self.is(Type::Number, mapping.get("containerPort"), &format!("{path}.containerPort"))?;
            self.is(Type::Number, mapping.get("hostPort"), &format!("{path}.hostPort"))?;
        }
        for (path, variable) in self.maps(definition.get("environment"), &format!("{path}.environment"))? {
            self.is(Type::Text, variable.get("name"), &format!("{path}.name"))?;
            self.is(Type::Text, variable.get("value"), &format!("{path}.value"))?;
        }
        for (path, secret) in self.maps(definition.get("secrets"), &format!("{path}.secrets"))? {
            self.is(Type::Text, secret.get("name"), &format!("{path}.name"))?;
            self.is(Type::Text, secret.get("valueFrom"), &format!("{path}.valueFrom"))?;
        }
        Ok(())
    }

    /// Each map of a list with its path.
    fn maps<'v>(&self, list: Option<&'v Value>, path: &str) -> Result<Vec<At<'v>>, TaskDefinitionError> {
        self.is(Type::List, list, path)?;
        let items = list.and_then(Value::as_array).into_iter().flatten().enumerate();
        items
            .map(|(index, item)| {
                let path = format!("{path}[{index}]");
                match item.as_object() {
                    Some(map) => Ok((path, map)),
                    None => Err(self.wrong_type(&path, "a map")),
                }
            })
            .collect()
    }

    fn required<'v>(
        &self,
        map: &'v Map<String, Value>,
        member: &str,
        path: &str,
    ) -> Result<&'v Value, TaskDefinitionError> {
        map.get(member).filter(|value| !value.is_null()).ok_or_else(|| self.missing(path))
    }

    fn is(&self, expected: Type, value: Option<&Value>, path: &str) -> Result<(), TaskDefinitionError> {
        match value {
            Some(value) if !value.is_null() && !expected.fits(value) => Err(self.wrong_type(path, expected.name())),
            _ => Ok(()),
        }
    }

    /// Families and containers have names of 1-255 letters, digits, hyphens and underscores.
    fn name(&self, name: &str, path: &str) -> Result<(), TaskDefinitionError> {
        if is_ecs_name(name) {
            return Ok(());
        }
        let (document, path) = (self.document.to_owned(), path.to_owned());
        Err(TaskDefinitionError::BadName { document, path, name: name.to_owned() })
    }

    fn missing(&self, path: &str) -> TaskDefinitionError {
        TaskDefinitionError::Missing { document: self.document.to_owned(), path: path.to_owned() }
    }

    fn wrong_type(&self, path: &str, expected: &'static str) -> TaskDefinitionError {
        TaskDefinitionError::WrongType { document: self.document.to_owned(), path: path.to_owned(), expected }
    }
}
