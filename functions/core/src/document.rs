//! Bounded readers of foreign JSON and YAML.
//!
//! A document becomes a [`Value`] only after its size, depth, number of nodes and expanded bytes were within
//! [`Limits`]. What two readers could understand differently is refused: duplicate keys, and in YAML tags, merge keys,
//! directives, several documents and keys that are not text. Numbers keep the text that was written.

mod error;
mod places;
mod seed;
mod yaml_plain;
mod yaml_scan;

use serde::de::DeserializeSeed;
use serde_json::Value;

pub use error::{DocumentError, DocumentErrorKind, Place};
pub(crate) use yaml_plain::is_ambiguous;

use seed::{Budget, Fault, Numbers, Tree};

/// What a document may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Values and keys, after aliases are expanded.
    pub nodes: usize,
    /// Lists and maps within each other.
    pub depth: usize,
    /// Bytes of all scalars and keys together, after aliases are expanded.
    pub scalar_bytes: usize,
}

impl Limits {
    /// A text of at most `bytes`; 20,000 nodes, 64 levels, 1 MiB of scalars.
    pub const fn of(bytes: usize) -> Limits {
        Limits { bytes, nodes: 20_000, depth: 64, scalar_bytes: 1 << 20 }
    }

    /// For YAML: a text of at most 64 KiB.
    pub const YAML: Limits = Limits::of(64 << 10);
    /// For JSON: a text of at most 1 MiB.
    pub const JSON: Limits = Limits::of(1 << 20);
}

/// The text of a file: UTF-8, a byte order mark removed.
pub fn text(bytes: &[u8]) -> Result<&str, DocumentError> {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || {
        // Text of this product's formats begins with an ASCII character, whose other half is zero in UTF-16.
        matches!(bytes, [0, first, ..] | [first, 0, ..] if *first != 0)
    };
    if utf16 {
        return Err(DocumentErrorKind::Utf16.nowhere());
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| DocumentErrorKind::Utf8 { offset: error.valid_up_to() }.nowhere())?;
    Ok(without_mark(text))
}

/// Whether a text that may be JSON or YAML is JSON: its first character is `{`.
pub fn is_json(text: &str) -> bool {
    without_mark(text).trim_start().starts_with('{')
}

/// Reads one JSON document.
pub fn json(text: &str, limits: Limits) -> Result<Value, DocumentError> {
    json_document(text, limits).map(|document| document.value)
}

/// Reads one YAML document.
pub fn yaml(text: &str, limits: Limits) -> Result<Value, DocumentError> {
    yaml_document(text, limits).map(|document| document.value)
}

/// A value, and where its keys stand in the text.
#[derive(Debug, Clone)]
pub struct Document {
    /// What was read.
    pub value: Value,
    /// Of every key in the order of the text; empty where aliases make the order unknown.
    keys: Vec<Place>,
}

/// One step into a [`Value`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The member of a map, spelled as in the document.
    Key(String),
    /// The item of a list.
    Item(usize),
}

impl Document {
    /// The line of the last key on `path` that exists, counted from 1. Keys are spelled as in the document.
    pub fn line(&self, path: &[Step]) -> Option<usize> {
        let key = places::number_of_key(&self.value, path)?;
        self.keys.get(key).map(|place| place.line)
    }
}

/// Reads one JSON document with the places of its keys.
pub fn json_document(text: &str, limits: Limits) -> Result<Document, DocumentError> {
    let text = without_mark(text);
    check_size(text, limits)?;
    if text.contains(seed::NUMBER) {
        return Err(DocumentErrorKind::ReservedKey.nowhere());
    }
    let mut budget = Budget::new(limits);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Tree::new(&mut budget).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    let keys = places::json_keys(text);
    match value {
        Ok(value) => Ok(Document { value, keys }),
        Err(error) => {
            let place = Place { line: error.line(), column: error.column() };
            Err(match budget.fault {
                Some(fault) => located(fault, Some(place), &keys),
                None => places::json_syntax(text, &error.to_string(), place),
            })
        }
    }
}

/// Reads one YAML document with the places of its keys.
pub fn yaml_document(text: &str, limits: Limits) -> Result<Document, DocumentError> {
    let text = without_mark(text);
    check_size(text, limits)?;
    let scan = yaml_scan::scan(text, limits.depth)?;
    let mut budget = Budget::new(limits);
    let mut read = Tree::new(&mut budget).deserialize(serde_yaml::Deserializer::from_str(text));
    if let Ok(value) = &mut read
        && budget.has_numbers
        && let Err(error) = Numbers::new(value, &mut budget).deserialize(serde_yaml::Deserializer::from_str(text))
    {
        read = Err(error);
    }
    let keys = if scan.has_aliases { Vec::new() } else { scan.keys };
    match read {
        Ok(value) => {
            let in_step = scan.has_aliases || places::count_keys(&value) == keys.len();
            match scan.lost {
                Some(place) => Err(DocumentErrorKind::Syntax("this YAML is not supported".to_owned()).at(place)),
                // Only keys without a colon (`{a}`) are known to do this, but a scanner out of step could miss a tag.
                None if !in_step && text.contains('!') => {
                    Err(DocumentErrorKind::Syntax("this YAML is too unusual to be sure that it has no tags".to_owned())
                        .nowhere())
                }
                None if !in_step => Ok(Document { value, keys: Vec::new() }),
                None => Ok(Document { value, keys }),
            }
        }
        Err(error) => {
            let place = error.location().map(|place| Place { line: place.line(), column: place.column() });
            Err(match budget.fault {
                Some(fault) => located(fault, place, &keys),
                None => places::yaml_syntax(&error.to_string(), place),
            })
        }
    }
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn check_size(text: &str, limits: Limits) -> Result<(), DocumentError> {
    if text.len() > limits.bytes {
        return Err(DocumentErrorKind::TooLarge { bytes: text.len(), limit: limits.bytes }.nowhere());
    }
    Ok(())
}

/// Names the places of the keys that a fault speaks of; the reader itself knows only about where it stood.
fn located(fault: Fault, place: Option<Place>, keys: &[Place]) -> DocumentError {
    match fault {
        Fault::Duplicate { key, first, second } => {
            let first = keys.get(first).map(|place| place.line);
            DocumentError {
                kind: DocumentErrorKind::Duplicate { key, first },
                place: keys.get(second).copied().or(place),
            }
        }
        // Spent over the whole document: the place where it ran out says nothing.
        Fault::At { kind: kind @ (DocumentErrorKind::ScalarBytes(_) | DocumentErrorKind::Nodes(_)), .. } => {
            kind.nowhere()
        }
        Fault::At { kind, key } => DocumentError { kind, place: key.and_then(|key| keys.get(key).copied()).or(place) },
    }
}

#[cfg(test)]
mod tests;
