//! Members without meaning that registration rejects: nulls, which the old ECS console wrote, and an empty list of
//! tags. They are removed and named.

use serde_json::{Map, Value};

/// The maximum number of names that are kept: a file may have a null in each of its bytes.
const MOST: usize = 100;

/// What was left out of a task definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LeftOut {
    names: Vec<String>,
    more: usize,
}

impl LeftOut {
    /// The paths with the reason, such as `containerDefinitions[0].secrets (null)`; the first 100, and how many more.
    pub(super) fn names(&self) -> Vec<String> {
        let more = (self.more > 0).then(|| format!("{} more", self.more));
        self.names.iter().cloned().chain(more).collect()
    }

    /// Removes them from a task definition. Indexes in the names are those of the file.
    pub(super) fn of(&mut self, members: &mut Map<String, Value>) {
        self.of_map(members, &mut String::new());
        // RegisterTaskDefinition: "Tags can not be empty."
        if members.get("tags").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            members.shift_remove("tags");
            self.push("tags (empty)".to_owned());
        }
    }

    fn of_map(&mut self, map: &mut Map<String, Value>, path: &mut String) {
        map.retain(|name, value| {
            let dot = if path.is_empty() { "" } else { "." };
            self.keeps(value, path, &format!("{dot}{name}"))
        });
    }

    fn keeps(&mut self, value: &mut Value, path: &mut String, step: &str) -> bool {
        let length = path.len();
        path.push_str(step);
        match value {
            Value::Null => self.push(format!("{path} (null)")),
            Value::Object(map) => self.of_map(map, path),
            Value::Array(list) => {
                let mut index = 0..;
                list.retain_mut(|entry| {
                    let index: usize = index.next().unwrap_or_default();
                    self.keeps(entry, path, &format!("[{index}]"))
                });
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        path.truncate(length);
        !value.is_null()
    }

    fn push(&mut self, name: String) {
        if self.names.len() < MOST {
            self.names.push(name);
        } else {
            self.more += 1;
        }
    }
}
