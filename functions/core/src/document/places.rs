//! The places of members and items in a text, and the meaning of the parser's errors.

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

/// The number of the last step of `path` that exists, counted from 0 over all keys and items in the order of the text.
pub(super) fn number_of_mark(value: &Value, path: &[Step]) -> Option<usize> {
    let (mut value, mut next, mut found) = (value, 0, None);
    for step in path {
        let before: usize;
        (before, value) = match (step, value) {
            (Step::Key(key), Value::Object(map)) => {
                let Some(index) = map.keys().position(|name| name == key) else { return found };
                let before = map.values().take(index).map(|value| 1 + count_marks(value)).sum();
                (before, map.get(key)?)
            }
            (Step::Item(index), Value::Array(list)) => {
                let Some(item) = list.get(*index) else { return found };
                (list.iter().take(*index).map(|value| 1 + count_marks(value)).sum(), item)
            }
            _ => return found,
        };
        found = Some(next + before);
        next += before + 1;
    }
    found
}

/// All keys and items below a value.
pub(super) fn count_marks(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(|value| 1 + count_marks(value)).sum(),
        Value::Array(list) => list.iter().map(|value| 1 + count_marks(value)).sum(),
        _ => 0,
    }
}

/// The place of every key and every item of a list of a JSON text, in order. For invalid JSON, the places up to the
/// error.
pub(super) fn json_marks(text: &str) -> Vec<Place> {
    let mut marks = Vec::new();
    // Whether a key or an item comes next, and not the value of a key.
    let mut expected = false;
    let mut place = Place { line: 1, column: 1 };
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        if in_string {
            (in_string, escaped) = (escaped || character != '"', !escaped && character == '\\');
        } else if !matches!(character, ' ' | '\t' | '\r' | '\n') {
            if expected && !matches!(character, ']' | '}' | ',' | ':') {
                marks.push(place);
                expected = false;
            }
            match character {
                '[' | '{' | ',' => expected = true,
                ']' | '}' => expected = false,
                '"' => in_string = true,
                _ => {}
            }
        }
        place = match character {
            '\n' => Place { line: place.line + 1, column: 1 },
            _ => Place { column: place.column + 1, ..place },
        };
    }
    marks
}

/// The same place with its column in characters instead of bytes.
pub(super) fn in_characters(text: &str, place: Place) -> Place {
    let line = text.split('\n').nth(place.line.saturating_sub(1)).unwrap_or_default();
    let beyond = line.bytes().take(place.column.saturating_sub(1)).filter(|byte| byte & 0xc0 == 0x80).count();
    Place { column: place.column - beyond, ..place }
}

/// Converts an error of the JSON parser. A comment is recognized by the text at its place, whose column is in bytes.
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
    if place.line == 0 { kind.nowhere() } else { kind.at(in_characters(text, place)) }
}

/// Converts an error of one of the YAML parsers. A tab is recognized by the text.
pub(super) fn yaml_syntax(text: &str, message: &str, place: Option<Place>) -> DocumentError {
    match place.and_then(|place| tab(text, message, place)) {
        Some(tab) => DocumentErrorKind::Tab.at(tab),
        None => DocumentError { kind: DocumentErrorKind::Syntax(without_place(message)), place },
    }
}

/// The tab at a place, or in the indentation of its line, or, if the message mentions one, of a line below.
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
