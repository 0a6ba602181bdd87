//! Walks two JSON trees side by side: every pair of values that cannot be split further, and its place.
//!
//! Entries of lists that have names are matched by their names, whatever their order. Any other list is one value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The member that names the entries of the list at a place, if they have names.
pub(crate) type Keys = fn(&str) -> Option<&'static str>;

/// A step from a value to one of its parts. The order of steps is that in which [`walk`] takes them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Member(String),
    /// An entry of a list by its name. Entries of one name are told apart by their order, from 1.
    Entry(String, usize),
}

/// Where a value is, in both trees.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At(Vec<Step>);

impl At {
    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    pub(crate) fn member(&self, name: &str) -> At {
        self.with(Step::Member(name.to_owned()))
    }

    fn with(&self, step: Step) -> At {
        At(self.0.iter().cloned().chain([step]).collect())
    }

    /// As shown: `containerDefinitions[web].environment`.
    pub(crate) fn path(&self) -> String {
        path(&self.0)
    }

    /// As a key of tables: `containerDefinitions.environment`. An entry of a list has the place of the list.
    pub(crate) fn place(&self) -> String {
        self.0.iter().fold(String::new(), |place, step| match step {
            Step::Member(name) => member(&place, name),
            Step::Entry(..) => place,
        })
    }
}

/// Steps as one text: `containerDefinitions[web].environment`.
pub(crate) fn path(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        // Writing to a String cannot fail.
        let _ = match step {
            Step::Member(name) if path.is_empty() => write!(path, "{name}"),
            Step::Member(name) => write!(path, ".{name}"),
            Step::Entry(name, _) => write!(path, "[{name}]"),
        };
    }
    path
}

/// The place of a member of the map at `place`.
pub(crate) fn member(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

/// The values of both trees at one place. At least one of them exists.
#[derive(Clone)]
pub(crate) struct Pair<'v> {
    pub(crate) at: At,
    pub(crate) before: Option<&'v Value>,
    pub(crate) after: Option<&'v Value>,
}

impl Pair<'_> {
    pub(crate) fn differs(&self) -> bool {
        self.before != self.after
    }
}

/// All pairs of two maps, equal ones included, in the order of their names. A value that only one of the two has is one pair.
pub(crate) fn walk<'v>(before: &'v Map<String, Value>, after: &'v Map<String, Value>, keys: Keys) -> Vec<Pair<'v>> {
    let mut pairs = Vec::new();
    maps(before, after, &At::default(), keys, &mut pairs);
    pairs
}

/// The parts of one value, each with its place.
pub(crate) fn leaves<'v>(at: &At, value: &'v Value, keys: Keys) -> Vec<(At, &'v Value)> {
    let mut pairs = Vec::new();
    values(value, value, at, keys, &mut pairs);
    pairs.into_iter().filter_map(|pair| Some((pair.at, pair.after?))).collect()
}

/// The value at a place of a tree whose lists are sorted by the names of their entries.
pub(crate) fn find<'v>(tree: &'v Map<String, Value>, at: &At, keys: Keys) -> Option<&'v Value> {
    let (first, rest) = at.0.split_first()?;
    let Step::Member(name) = first else { return None };
    let mut here = At::default().with(first.clone());
    let mut value = tree.get(name)?;
    for step in rest {
        value = match (step, value) {
            (Step::Member(name), Value::Object(map)) => map.get(name)?,
            (Step::Entry(name, nth), Value::Array(list)) => {
                let key = keys(&here.place())?;
                let first = list.partition_point(|entry| name_of(entry, key) < name.as_str());
                list.get(first + nth.checked_sub(1)?).filter(|entry| name_of(entry, key) == name)?
            }
            _ => return None,
        };
        here = here.with(step.clone());
    }
    Some(value)
}

fn maps<'v>(
    before: &'v Map<String, Value>,
    after: &'v Map<String, Value>,
    at: &At,
    keys: Keys,
    pairs: &mut Vec<Pair<'v>>,
) {
    let members = |map: &'v Map<String, Value>| -> BTreeMap<&'v str, &'v Value> {
        map.iter().map(|(name, it)| (name.as_str(), it)).collect()
    };
    matched(&members(before), &members(after), |name, before, after| {
        both(before, after, at.member(name), keys, pairs);
    });
}

fn both<'v>(before: Option<&'v Value>, after: Option<&'v Value>, at: At, keys: Keys, pairs: &mut Vec<Pair<'v>>) {
    match (before, after) {
        (Some(before), Some(after)) => values(before, after, &at, keys, pairs),
        _ => pairs.push(Pair { at, before, after }),
    }
}

fn values<'v>(before: &'v Value, after: &'v Value, at: &At, keys: Keys, pairs: &mut Vec<Pair<'v>>) {
    match (before, after, keys(&at.place())) {
        (Value::Object(one), Value::Object(other), _) if !(one.is_empty() && other.is_empty()) => {
            maps(one, other, at, keys, pairs);
        }
        (Value::Array(one), Value::Array(other), Some(key)) => {
            matched(&named(one, key), &named(other, key), |(name, nth), before, after| {
                both(before, after, at.with(Step::Entry((*name).to_owned(), *nth)), keys, pairs);
            });
        }
        _ => pairs.push(Pair { at: at.clone(), before: Some(before), after: Some(after) }),
    }
}

/// Visits each key of the two maps with the value of either side.
fn matched<'v, K: Ord>(
    before: &BTreeMap<K, &'v Value>,
    after: &BTreeMap<K, &'v Value>,
    mut visit: impl FnMut(&K, Option<&'v Value>, Option<&'v Value>),
) {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    for key in keys {
        visit(key, before.get(key).copied(), after.get(key).copied());
    }
}

/// The entries by name. Entries of one name are distinguished by their order.
fn named<'v>(list: &'v [Value], key: &str) -> BTreeMap<(&'v str, usize), &'v Value> {
    let mut seen = BTreeMap::new();
    let mut entry = |value: &'v Value| {
        let name = name_of(value, key);
        let nth = seen.entry(name).or_insert(0);
        *nth += 1;
        ((name, *nth), value)
    };
    list.iter().map(&mut entry).collect()
}

fn name_of<'v>(entry: &'v Value, key: &str) -> &'v str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}
