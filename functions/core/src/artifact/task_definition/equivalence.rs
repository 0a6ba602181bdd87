//! Whether two task definitions are the same to ECS: a file written by hand against the revision that ECS made of it.
//!
//! ECS adds defaults to what is registered and returns containers, variables and secrets in an order of its own. Both
//! sides are brought to one canonical form and compared: defaults and empty lists are left out, lists whose order has no
//! meaning are sorted. Everything else is compared exactly, members that this product does not know included. The
//! reference is `containerDefinitionsAreEquivalent` of Terraform's AWS provider, extended to the whole task definition.

mod canonical;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::TaskDefinition;

impl TaskDefinition {
    /// Whether registering the one would change nothing against the other. Tags count.
    pub fn equivalent(&self, other: &TaskDefinition) -> bool {
        self.canonical() == other.canonical()
    }

    /// Whether tasks of the one run exactly as tasks of the other: [`equivalent`](Self::equivalent) without the tags.
    pub fn runs_like(&self, other: &TaskDefinition) -> bool {
        self.differences(other).iter().all(|path| path == "tags" || path.starts_with("tags["))
    }

    /// The paths that differ, such as `containerDefinitions[web].environment[PORT].value`, in alphabetical order; empty
    /// if the two are [`equivalent`](Self::equivalent). Values are never part of a path.
    pub fn differences(&self, other: &TaskDefinition) -> Vec<String> {
        let mut found = BTreeSet::new();
        maps(&self.canonical(), &other.canonical(), &At::default(), &mut found);
        found.into_iter().collect()
    }

    fn canonical(&self) -> Map<String, Value> {
        canonical::task_definition(&self.members)
    }
}

/// Where in both task definitions.
#[derive(Default)]
struct At {
    /// As shown: `containerDefinitions[web].environment`.
    path: String,
    /// As the tables of [`canonical`] know it: `containerDefinitions.environment`.
    place: String,
}

impl At {
    fn member(&self, name: &str) -> At {
        let dot = if self.path.is_empty() { "" } else { "." };
        At { path: format!("{}{dot}{name}", self.path), place: canonical::member(&self.place, name) }
    }

    fn entry(&self, name: &str) -> At {
        At { path: format!("{}[{name}]", self.path), place: self.place.clone() }
    }
}

fn values(one: &Value, other: &Value, at: &At, found: &mut BTreeSet<String>) {
    match (one, other, canonical::key(&at.place)) {
        (Value::Object(one), Value::Object(other), _) => maps(one, other, at, found),
        (Value::Array(one), Value::Array(other), Some(key)) => {
            pairs(&named(one, key), &named(other, key), found, |(name, _), one, other, found| {
                entries(one, other, &at.entry(name), found);
            });
        }
        _ if one == other => {}
        _ => {
            found.insert(at.path.clone());
        }
    }
}

fn maps(one: &Map<String, Value>, other: &Map<String, Value>, at: &At, found: &mut BTreeSet<String>) {
    let members =
        |map| -> BTreeMap<&str, &Value> { Map::iter(map).map(|(name, value)| (name.as_str(), value)).collect() };
    pairs(&members(one), &members(other), found, |name, one, other, found| {
        entries(one, other, &at.member(name), found);
    });
}

fn entries(one: Option<&Value>, other: Option<&Value>, at: &At, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Some(one), Some(other)) => values(one, other, at, found),
        _ => {
            found.insert(at.path.clone());
        }
    }
}

/// Visits each key of the two with what either side has for it.
fn pairs<K: Ord>(
    one: &BTreeMap<K, &Value>,
    other: &BTreeMap<K, &Value>,
    found: &mut BTreeSet<String>,
    mut visit: impl FnMut(&K, Option<&Value>, Option<&Value>, &mut BTreeSet<String>),
) {
    let keys: BTreeSet<&K> = one.keys().chain(other.keys()).collect();
    for key in keys {
        visit(key, one.get(key).copied(), other.get(key).copied(), found);
    }
}

/// The entries by name. Entries of one name are told apart by their order, so that none stands for another.
fn named<'v>(list: &'v [Value], key: &str) -> BTreeMap<(&'v str, usize), &'v Value> {
    let mut seen = BTreeMap::new();
    let mut entry = |value: &'v Value| {
        let name = value.get(key).and_then(Value::as_str).unwrap_or_default();
        let nth = seen.entry(name).or_insert(0);
        *nth += 1;
        ((name, *nth), value)
    };
    list.iter().map(&mut entry).collect()
}

#[cfg(test)]
mod tests;
