//! A comparison for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::label::{Label, Section};
use super::{Change, Diff, HIDDEN, Member, State, ThreeWay, key};
use crate::artifact::walk::{At, Step, leaves};
use crate::names::changed_parts;
use crate::text::{LINE, json_line, line, safe};

/// Header, sections, notes and summary.
pub(super) fn text(diff: &Diff) -> String {
    let mut text = format!("{} -> {}\n", line(&diff.before), line(&diff.after));
    let mut section = None;
    for change in &diff.changes {
        let label = Label::of(change.at.steps());
        if section != Some(label.section) {
            section = Some(label.section);
            let mark = if label.rest.is_empty() { format!("{} ", change.kind.mark()) } else { String::new() };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "\n{mark}{}", label.section);
        }
        for line in lines(change) {
            let _ = writeln!(text, "  {line}");
        }
    }
    if let Some(three_way) = &diff.three_way {
        text.push('\n');
        text += &three_ways(three_way, &diff.after);
    }
    if !diff.notes.is_empty() {
        text.push('\n');
    }
    for note in &diff.notes {
        let _ = writeln!(text, "note: {note}");
    }
    format!("{text}\n{}\n", diff.summary())
}

fn lines(change: &Change) -> Vec<String> {
    let mark = change.kind.mark();
    let name = Label::of(change.at.steps()).name();
    let value = |value: &Value| value_of(value, change.hidden);
    match (&change.before, &change.after) {
        (Some(Value::Array(before)), Some(Value::Array(after))) if before.iter().chain(after).any(Value::is_object) => {
            entries(before, after).map_or_else(
                || vec![format!("{mark} {name}: the order of its entries")],
                |entries| [vec![format!("{mark} {name}")], entries].concat(),
            )
        }
        (Some(before), Some(after)) if change.hidden && before == after => {
            vec![format!("{mark} {name}: {}", value(after))]
        }
        (Some(before), Some(after)) => {
            vec![format!("{mark} {name}: {} -> {}{}", value(before), value(after), parts(change))]
        }
        (before, after) => {
            let one = before.as_ref().or(after.as_ref());
            let parts = one.map(|one| leaves(&change.at, one, key)).unwrap_or_default();
            // All parts of an entry are next to each other.
            let others = |index: usize| [index.checked_sub(1), index.checked_add(1)].map(|it| parts.get(it?));
            let part = |(index, (at, it)): (usize, &(At, &Value))| match entry_named(at) {
                // Its path says the name already.
                Some(entry)
                    if others(index).into_iter().flatten().any(|(other, _)| other.steps().starts_with(entry)) =>
                {
                    None
                }
                Some(entry) => Some(format!("{mark} {}", Label::of(entry).name())),
                None => Some(format!("{mark} {}: {}", Label::of(at.steps()).name(), value(it))),
            };
            parts.iter().enumerate().filter_map(part).collect()
        }
    }
}

/// The entries that only one of two lists has, each on a line; `None` if they differ in their order only.
fn entries(before: &[Value], after: &[Value]) -> Option<Vec<String>> {
    let (removed, added) = (without(before, after), without(after, before));
    let line = |mark: char, entry: &Value| format!("    {mark} {}", safe(&json_line(entry), LINE));
    let lines: Vec<String> =
        removed.iter().map(|it| line('-', it)).chain(added.iter().map(|it| line('+', it))).collect();
    (!lines.is_empty()).then_some(lines)
}

/// The entries of a list that another one lacks. Both are canonical, so that equal entries have equal texts.
fn without<'v>(list: &'v [Value], other: &[Value]) -> Vec<&'v Value> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in other {
        *counts.entry(entry.to_string()).or_default() += 1;
    }
    let mut lacks = |entry: &&Value| match counts.get_mut(&entry.to_string()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    list.iter().filter(|entry| lacks(entry)).collect()
}

/// Which parts of an image changed: ` (tag)`.
fn parts(change: &Change) -> String {
    let is_image = matches!(change.at.steps(), [_, Step::Entry(..), Step::Member(member)] if member == "image");
    let texts = (change.before.as_ref().and_then(Value::as_str), change.after.as_ref().and_then(Value::as_str));
    let (true, (Some(before), Some(after))) = (is_image, texts) else { return String::new() };
    let changed = changed_parts(before, after);
    if changed.is_empty() { String::new() } else { format!(" ({})", changed.join(", ")) }
}

/// The entry of a list, if this is the member that names it.
fn entry_named(at: &At) -> Option<&[Step]> {
    let [entry @ .., Step::Member(member)] = at.steps() else { return None };
    let place = at.place();
    let list = place.strip_suffix(member.as_str())?.strip_suffix('.')?;
    (matches!(entry, [.., Step::Entry(..)]) && key(list) == Some(member)).then_some(entry)
}

fn value_of(value: &Value, hidden: bool) -> String {
    match value {
        Value::String(text) if hidden && text == HIDDEN => "(hidden)".to_owned(),
        Value::String(text) if !text.is_empty() && !text.contains(|it: char| it.is_whitespace() || it == '"') => {
            safe(text, LINE)
        }
        value => safe(&json_line(value), LINE),
    }
}

fn three_ways(three_way: &ThreeWay, ours: &str) -> String {
    let ThreeWay { base, theirs, members } = three_way;
    let by =
        |by: &Option<String>| by.as_ref().map(|by| format!(" (registered by {})", safe(by, LINE))).unwrap_or_default();
    let mut text = format!(
        "{}{} against {}{}\n",
        line(&theirs.name),
        by(&theirs.registered_by),
        line(&base.name),
        by(&base.registered_by)
    );
    if members.is_empty() {
        text += "  no changes on either side\n";
    }
    for member in members {
        let _ = writeln!(text, "  {}", of_three(member, &theirs.name, ours));
    }
    text
}

fn of_three(member: &Member, theirs: &str, ours: &str) -> String {
    let label = Label::of(member.at().steps());
    let label = match label.section {
        Section::Task => label.name(),
        _ => label.to_string(),
    };
    let value =
        |value: &Option<Value>| value.as_ref().map_or_else(|| "none".to_owned(), |it| value_of(it, member.hidden));
    let (was, they, we) = (value(&member.base), value(&member.theirs), value(&member.ours));
    let (theirs, ours) = (line(theirs), line(ours));
    match member.state {
        State::Undone => match (&member.theirs, &member.base) {
            (_, None) => format!("! undone: {label}: {theirs} added {they}, and this deployment removes it"),
            (None, _) => format!("! undone: {label}: {theirs} removed it, and this deployment brings back {was}"),
            _ => format!("! undone: {label}: {theirs} has {they}, and this deployment brings back {was}"),
        },
        State::Conflict => format!("! conflict: {label}: it was {was}, {theirs} has {they}, {ours} has {we}"),
        State::Both => format!("= both: {label}: {was} -> {we}"),
        State::Ours => format!("= {ours} alone: {label}: {was} -> {we}"),
    }
}
