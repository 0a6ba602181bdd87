//! Each member that ECS knows, changed on its own.

use serde_json::Map;

use super::*;
use crate::artifact::task_definition::member::{Member, Type};
use crate::artifact::task_definition::model::{CONTAINER, TASK};
use crate::artifact::walk::member;

/// A value for a member; numbers and texts differ from each other and from all defaults.
fn sample(it: &Member, place: &str, counter: &mut u64) -> Value {
    *counter += 1;
    let number = 1000 + *counter;
    let text = format!("planted-{number}");
    match it.kind {
        Type::Text if place == "containerDefinitions.environment.value" => json!(text),
        Type::Text | Type::Limited(..) => json!(format!("text-{number}")),
        Type::OneOf(texts) => json!(texts[0]),
        Type::Number | Type::Between(..) => json!(number),
        Type::Flag => json!(true),
        Type::SomeOf(texts) => json!([texts[0]]),
        Type::Texts => json!([format!("text-{number}"), "b"]),
        Type::Numbers => json!([number]),
        Type::TextMap => json!({ "option": format!("text-{number}") }),
        Type::Struct(members) => Value::Object(map(members, place, counter)),
        Type::Structs(members) => json!([map(members, place, counter)]),
        Type::Own if it.name == "containerDefinitions" => json!([map(CONTAINER, place, counter)]),
        Type::Own => json!(format!("name-{number}")),
    }
}

fn map(members: &[Member], place: &str, counter: &mut u64) -> Map<String, Value> {
    members.iter().map(|it| (it.name.to_owned(), sample(it, &member(place, it.name), counter))).collect()
}

/// A task definition with every member.
fn full() -> Value {
    Value::Object(map(TASK, "", &mut 0))
}

/// A scalar or a list of scalars: its pointer, and the path at which a change of it is shown. The path of an entry's own name is
/// empty: with another name it is another entry.
fn places(value: &Value, pointer: &str, path: &str, place: &str, whole: bool, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let below = member(place, name);
                let shown = if whole { path.to_owned() } else { member(path, name) };
                let shown = if !whole && key(place) == Some(name) { String::new() } else { shown };
                places(value, &format!("{pointer}/{name}"), &shown, &below, whole, found);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (index, entry) in list.iter().enumerate() {
                let name = key(place).and_then(|key| entry[key].as_str());
                let shown = name.map_or_else(|| path.to_owned(), |name| format!("{path}[{name}]"));
                places(entry, &format!("{pointer}/{index}"), &shown, place, whole || name.is_none(), found);
            }
        }
        _ => found.push((pointer.to_owned(), path.to_owned())),
    }
}

fn other(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_u64().unwrap_or_default() + 5000),
        Value::Array(_) => json!(["planted-other"]),
        Value::String(text) => json!(format!("{text}-planted")),
        other => panic!("{other}"),
    }
}

#[test]
fn each_change_is_one_change_at_its_path() {
    let full = full();
    let mut all = Vec::new();
    places(&full, "", "", "", false, &mut all);
    assert!(all.len() > 120, "{}", all.len());
    let mut leaks = 0;
    for (pointer, path) in all {
        let mut mutated = full.clone();
        let value = mutated.pointer_mut(&pointer).expect("a value");
        *value = other(value);
        let (before, after) = (side("a", &full), side("b", &mutated));
        let found = diff(&before, &after, Values::Hidden);
        let paths: Vec<String> = found.changes.iter().map(Change::path).collect();
        let is_variable = pointer.ends_with("/environment/0/value");
        if path.is_empty() {
            let kinds: Vec<Kind> = found.changes.iter().map(|change| change.kind).collect();
            assert!(
                kinds == [Kind::Added, Kind::Removed] || kinds == [Kind::Removed, Kind::Added],
                "{pointer}: {paths:?}"
            );
        } else {
            assert_eq!(paths, [path], "{pointer}");
        }
        assert!(found.summary().contains(&format!("{} change", paths.len())), "{}", found.summary());
        let text = printed(&before, &after, &found);
        // All other members are shown.
        if is_variable {
            assert!(!text.contains("planted"), "{pointer}: {text}");
            leaks += 1;
        }
        let lines = unified(&before, &after, Values::Hidden);
        assert!(lines.lines().skip(3).any(|line| line.starts_with(['+', '-'])), "{pointer}: {lines}");
    }
    assert_eq!(leaks, 1, "the value of a variable was among them");
}

#[test]
fn each_member_that_goes_is_one_change() {
    let full = full();
    for (map, pointer) in
        [(full.as_object(), ""), (full["containerDefinitions"][0].as_object(), "/containerDefinitions/0")]
    {
        for name in map.expect("a map").keys().filter(|name| *name != "name") {
            let mut without = full.clone();
            without.pointer_mut(pointer).and_then(Value::as_object_mut).expect("a map").shift_remove(name);
            let (before, after) = (side("a", &full), side("b", &without));
            let found = diff(&before, &after, Values::Hidden);
            // A default goes without a change. An entry of a list that goes is a change of its own.
            let same = described(&full).equivalent(&described(&without));
            assert_eq!(found.changes.len(), usize::from(!same), "{name}: {found:?}");
            assert!(same || found.changes[0].kind != Kind::Added, "{name}");
            assert!(!printed(&before, &after, &found).contains("planted"), "{name}");
            let whole = diff(&after, &before, Values::Hidden);
            assert!(!printed(&after, &before, &whole).contains("planted"), "{name}");
        }
    }
}
