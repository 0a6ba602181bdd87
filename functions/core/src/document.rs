//! Readers of untrusted JSON and YAML with limits.
//!
//! A document becomes a [`Value`] only after its size, depth, number of nodes and expanded bytes were within
//! [`Limits`]. Input that two readers could interpret differently is refused: duplicate keys, and in YAML tags, merge
//! keys, directives, several documents and keys that are not text. Numbers keep the text that was written.

mod cursor;
mod error;
mod events;
mod limits;
mod places;
mod read;
mod yaml_plain;

use serde::de::DeserializeSeed;
use serde_json::Value;

pub use error::{DocumentError, DocumentErrorKind, Place};
pub use limits::Limits;
pub use places::Step;
pub(crate) use yaml_plain::is_ambiguous;

use read::{NUMBER, Reading, Tree};

/// The text of a file: UTF-8, a byte order mark removed.
pub fn text(bytes: &[u8]) -> Result<&str, DocumentError> {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || {
        // Text in these formats begins with an ASCII character, one byte of which is zero in UTF-16.
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

/// A value, and the places of its members and items in the text.
#[derive(Debug, Clone)]
pub struct Document {
    /// The value.
    pub value: Value,
    /// The places of every key and every item of a list, in the order of the text, with aliases expanded.
    marks: Vec<Place>,
}

impl Document {
    /// The place of the last step of `path` that exists: a key, or an item of a list. Keys are spelled as in the document.
    pub fn place(&self, path: &[Step]) -> Option<Place> {
        self.marks.get(places::number_of_mark(&self.value, path)?).copied()
    }
}

/// Reads one JSON document with the places of its members and items.
pub fn json_document(text: &str, limits: Limits) -> Result<Document, DocumentError> {
    let text = without_mark(text);
    check_size(text, limits)?;
    if text.contains(NUMBER) {
        return Err(DocumentErrorKind::ReservedKey.nowhere());
    }
    let mut reading = Reading::json(limits, places::json_marks(text));
    let mut reader = serde_json::Deserializer::from_str(text);
    match Tree::new(&mut reading).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)) {
        Ok(value) => Ok(Document { value, marks: reading.places }),
        Err(error) => {
            let place = Place { line: error.line(), column: error.column() };
            Err(refused(&mut reading, Some(places::in_characters(text, place)))
                .unwrap_or_else(|| places::json_syntax(text, &error.to_string(), place)))
        }
    }
}

/// Reads one YAML document with the places of its members and items.
pub fn yaml_document(text: &str, limits: Limits) -> Result<Document, DocumentError> {
    let text = without_mark(text);
    check_size(text, limits)?;
    let items = events::items(text, limits)?;
    let mut reading = Reading::yaml(limits, &items);
    match Tree::new(&mut reading).deserialize(serde_yaml::Deserializer::from_str(text)) {
        Ok(value) => Ok(Document { value, marks: reading.places }),
        Err(error) => {
            let place = error.location().map(|place| Place { line: place.line(), column: place.column() });
            Err(refused(&mut reading, place).unwrap_or_else(|| places::yaml_syntax(text, &error.to_string(), place)))
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

/// Why reading stopped, if the parser did not stop it. `place` is the position of the parser.
fn refused(reading: &mut Reading<'_>, place: Option<Place>) -> Option<DocumentError> {
    let DocumentError { kind, place: known } = reading.refusal.take()?;
    // This budget is spent over the whole document, so the place where it ran out has no meaning.
    let spent = matches!(kind, DocumentErrorKind::ScalarBytes(_) | DocumentErrorKind::Nodes(_));
    Some(DocumentError { kind, place: known.or(place.filter(|_| !spent)) })
}

#[cfg(test)]
mod tests;
