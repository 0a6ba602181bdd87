//! Masks values and credentials in the lines of a log.

mod credentials;
mod plain;
mod private_keys;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::markup::percent_encoded;
use plain::Plain;

/// What stands for a masked part.
pub const MASKED: &str = "***";

/// The length, in characters without surrounding blanks, from which a value is masked wherever it stands. A shorter one
/// is masked only behind its name: masking every `1` would leave nothing to read.
pub const SHORTEST: usize = 6;

/// What must not appear in a log: the values it was given, and whatever looks like a credential.
///
/// A value is found in other spellings too (in JSON, in a URL, one line of several), with control characters or colours
/// inside, and across line breaks.
#[derive(Clone, Default)]
pub struct Mask {
    values: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({} values, {} names)", self.values.len(), self.names.len())
    }
}

impl Mask {
    /// Masks what stands behind a name, such as that of an environment variable: `NAME=…`, `"NAME": "…"`.
    pub fn add_name(&mut self, name: &str) {
        if !name.trim().is_empty() {
            self.names.insert(name.trim().to_owned());
        }
    }

    /// Masks a value, and the values in it if it is JSON or a URL.
    pub fn add_value(&mut self, value: &str) {
        for part in value.lines().chain([value]) {
            self.add_spellings(part);
        }
        if let Ok(value @ (Value::Object(_) | Value::Array(_) | Value::String(_))) = serde_json::from_str(value) {
            self.add_leaves(&value);
        }
        if let Some(range) = credentials::user_information(value).first()
            && let Some((_, password)) = value.get(range.clone()).and_then(|both| both.split_once(':'))
        {
            self.add_spellings(password);
            self.add_spellings(&decoded(password));
        }
    }

    fn add_leaves(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add_spellings(text),
            Value::Array(items) => items.iter().for_each(|item| self.add_leaves(item)),
            Value::Object(members) => members.values().for_each(|member| self.add_leaves(member)),
            _ => {}
        }
    }

    fn add_spellings(&mut self, value: &str) {
        let value = value.trim();
        let in_json = Value::from(value).to_string();
        let in_json = in_json.trim_matches('"');
        for spelling in [value, in_json, &percent_encoded(value), &percent_encoded(value).to_ascii_lowercase()] {
            if spelling.trim().chars().count() >= SHORTEST && value.chars().count() >= SHORTEST {
                self.values.insert(spelling.to_owned());
            }
        }
    }

    /// The lines of one log in their order, masked. Their number stays: of a part that is masked across line breaks, the
    /// lines after the first one are left without it.
    pub fn lines<T: AsRef<str>>(&self, lines: &[T]) -> Vec<String> {
        if lines.is_empty() {
            return Vec::new();
        }
        let text = lines.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\n");
        self.text(&text).split('\n').map(str::to_owned).collect()
    }

    /// A text of one line or several, masked.
    pub fn text(&self, text: &str) -> String {
        let mut found = self.places_of_values(text);
        found.extend(credentials::places(text, &self.names));
        let mut masked = replaced(text, found);
        // What is left around a masked part can be a value again. Each round makes the text shorter.
        loop {
            let found = self.places_of_values(&masked);
            if found.is_empty() {
                return masked;
            }
            masked = replaced(&masked, found);
        }
    }

    fn places_of_values(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for of in [Plain::of, Plain::without_sequences] {
            let plain = of(text);
            for value in &self.values {
                let value = of(value).text;
                // Nothing but characters that are not seen: there is nothing to find.
                let Some(step) = value.chars().next().map(char::len_utf8).filter(|_| value.chars().count() >= SHORTEST)
                else {
                    continue;
                };
                let mut from = 0;
                while let Some(at) = plain.text.get(from..).and_then(|rest| rest.find(&value)).map(|at| from + at) {
                    found.push(plain.place(at..at + value.len()));
                    from = at + step;
                }
            }
        }
        found
    }
}

/// The text with one [`MASKED`] for all ranges that overlap or touch.
fn replaced(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let (mut masked, mut end) = (String::with_capacity(text.len()), 0);
    for range in ranges {
        if range.start > end || (end == 0 && range.start == 0) {
            masked.push_str(text.get(end..range.start).unwrap_or_default());
            masked.push_str(MASKED);
        }
        let hidden = text.get(end.max(range.start)..range.end).unwrap_or_default();
        masked.extend(hidden.chars().filter(|character| *character == '\n'));
        end = end.max(range.end);
    }
    masked.push_str(text.get(end..).unwrap_or_default());
    masked
}

/// Percent-decoded; text that is not is returned as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
