//! Proves that the result has the structure of the template, and that every value is exactly as given.
//!
//! The template is filled in a second time, with markers that have no meaning in YAML and JSON. With the markers
//! replaced by the values, the two trees must be equal.

use serde_json::{Number, Value};

use super::format::Format;

/// One marker for each value: the same digits, which occur nowhere else, and its number.
///
/// JSON needs digits, because a placeholder may be used as a number. In YAML, a letter precedes them, because a key
/// must not be a number.
pub(super) struct Markers<'v> {
    start: String,
    values: Vec<&'v str>,
}

impl<'v> Markers<'v> {
    /// Markers for at most 999 values.
    pub(super) fn new(template: &str, format: Format, values: Vec<&'v str>) -> Markers<'v> {
        let letter = if format == Format::Yaml { "m" } else { "" };
        let is_free =
            |digits: &String| !template.contains(digits) && !values.iter().any(|value| value.contains(digits));
        let digits = (FIRST..=u64::MAX).map(|number| number.to_string()).find(is_free).unwrap_or_default();
        Markers { start: format!("{letter}{digits}"), values }
    }

    /// The marker for the value of that number.
    pub(super) fn marker(&self, number: usize) -> String {
        format!("{}{number:03}", self.start)
    }

    /// Whether `filled` is `marked` with the markers replaced. Scalars with a marker are compared by their text.
    pub(super) fn same(&self, filled: &Value, marked: &Value) -> bool {
        match (filled, marked) {
            (Value::Array(filled), Value::Array(marked)) => {
                filled.len() == marked.len() && filled.iter().zip(marked).all(|(a, b)| self.same(a, b))
            }
            (Value::Object(filled), Value::Object(marked)) => {
                filled.len() == marked.len()
                    && filled.iter().zip(marked).all(|((name, a), (other, b))| {
                        *name == self.replaced(other).unwrap_or_else(|| other.clone()) && self.same(a, b)
                    })
            }
            (_, Value::String(text)) => self.replaced(text).map_or(filled == marked, |text| is_text(filled, &text)),
            (_, Value::Number(number)) => {
                self.replaced(&number.to_string()).map_or(filled == marked, |text| is_text(filled, &text))
            }
            _ => filled == marked,
        }
    }

    /// The text with its markers replaced, or `None` if it has none.
    fn replaced(&self, text: &str) -> Option<String> {
        let (before, mut rest) = text.split_once(&self.start)?;
        let mut replaced = before.to_owned();
        loop {
            let (number, after) = rest.split_at_checked(3)?;
            replaced.push_str(self.values.get(number.parse::<usize>().ok()?)?);
            let Some((before, next)) = after.split_once(&self.start) else {
                replaced.push_str(after);
                return Some(replaced);
            };
            replaced.push_str(before);
            rest = next;
        }
    }
}

/// 18 digits without a pattern, so that digits beside a marker cannot look like another one.
const FIRST: u64 = 739_182_640_517_396_028;

fn is_text(value: &Value, text: &str) -> bool {
    match value {
        Value::Null => matches!(text, "" | "~" | "null"),
        Value::Bool(value) => text.eq_ignore_ascii_case(if *value { "true" } else { "false" }),
        Value::Number(number) => text.parse::<Number>().is_ok_and(|wanted| wanted == *number),
        Value::String(string) => string == text,
        Value::Array(_) | Value::Object(_) => false,
    }
}
