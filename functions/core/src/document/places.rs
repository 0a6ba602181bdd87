//! Where in a text the keys stand, and what a parser's own error means.

use serde_json::Value;

use super::error::{DocumentError, DocumentErrorKind, Place};

/// One step into a [`Value`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The member of a map, spelled as in the document.
    Key(String),
    /// The item of a list.
    Item(usize),
}

/// The number of the last key on `path` that exists, counted from 0 over the whole document in the order of the text.
pub(super) fn number_of_key(value: &Value, path: &[Step]) -> Option<usize> {
    let (mut value, mut next, mut found) = (value, 0, None);
    for step in path {
        match (step, value) {
            (Step::Key(key), Value::Object(map)) => {
                let (index, _, child) =
                    map.iter().enumerate().map(|(i, (k, v))| (i, k, v)).find(|(_, k, _)| *k == key)?;
                next += map.values().take(index).map(|before| 1 + count_keys(before)).sum::<usize>();
                found = Some(next);
                next += 1;
                value = child;
            }
            (Step::Item(index), Value::Array(list)) => {
                next += list.iter().take(*index).map(count_keys).sum::<usize>();
                let Some(child) = list.get(*index) else { return found };
                value = child;
            }
            _ => return found,
        }
    }
    found
}

/// All keys in a value and below.
pub(super) fn count_keys(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(|value| 1 + count_keys(value)).sum(),
        Value::Array(list) => list.iter().map(count_keys).sum(),
        _ => 0,
    }
}

/// Every key of a JSON text in order: the strings that a colon follows. Columns are in bytes.
pub(super) fn json_keys(text: &str) -> Vec<Place> {
    let mut keys = Vec::new();
    let (mut line, mut line_start) = (1, 0);
    let mut last_string = None;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\n' => (line, line_start) = (line + 1, at + 1),
            b' ' | b'\t' | b'\r' => {}
            b'"' => {
                last_string = Some(Place { line, column: at - line_start + 1 });
                // JSON strings have no line breaks in them.
                while let Some((_, byte)) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            b':' => keys.extend(last_string.take()),
            _ => last_string = None,
        }
    }
    keys
}

/// Turns the JSON parser's message into a refusal; a comment is told from the text at its place.
pub(super) fn json_syntax(text: &str, message: &str, place: Place) -> DocumentError {
    let line = text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
    let at = line.get(place.column.saturating_sub(1)..).unwrap_or_default();
    let kind = if at.starts_with("//") || at.starts_with("/*") || at.starts_with('#') {
        DocumentErrorKind::Comment
    } else if message.starts_with("trailing comma") {
        DocumentErrorKind::TrailingComma
    } else {
        DocumentErrorKind::Syntax(without_place(message))
    };
    if place.line == 0 { kind.nowhere() } else { kind.at(place) }
}

/// Turns the message of one of the YAML parsers into a refusal; a tab is told from the text.
pub(super) fn yaml_syntax(text: &str, message: &str, place: Option<Place>) -> DocumentError {
    match place.and_then(|place| tab(text, message, place)) {
        Some(tab) => DocumentErrorKind::Tab.at(tab),
        None => DocumentError { kind: DocumentErrorKind::Syntax(without_place(message)), place },
    }
}

/// The tab at a place, or the one in the indentation of its line or, if the message speaks of one, of a line below.
fn tab(text: &str, message: &str, place: Place) -> Option<Place> {
    let lines = text.lines().enumerate().skip(place.line.saturating_sub(1));
    let (_, first) = lines.clone().next()?;
    if first.chars().nth(place.column.saturating_sub(1)) == Some('\t') {
        return Some(place);
    }
    let count = if message.contains("tab") { usize::MAX } else { 1 };
    lines.take(count).find_map(|(index, line)| {
        let column = line.chars().take_while(|c| matches!(c, ' ' | '\t')).position(|c| c == '\t')? + 1;
        Some(Place { line: index + 1, column })
    })
}

fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
