//! Values by their type. Every fault is kept, so that one invocation shows them all.

use std::time::Duration;

use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::suggest::{did_you_mean, or_did_you_mean};
use serde_json::{Map, Value};

use crate::faults;

/// The members of a map that are not yet read, and what was wrong with those that are.
pub(super) struct Fields<'f> {
    map: Map<String, Value>,
    /// What stands before a key in messages, such as `checks[1].`
    path: String,
    known: Vec<&'static str>,
    faults: &'f mut Vec<Fault>,
}

impl<'f> Fields<'f> {
    pub(super) fn new(value: Value, path: &str, faults: &'f mut Vec<Fault>) -> Fields<'f> {
        let map = match value {
            Value::Object(map) => map,
            other => {
                let name = if path.is_empty() { "the checks" } else { path.trim_end_matches('.') };
                faults.push(faults::wrong_value(name, "a map", &shape(&other)));
                Map::new()
            }
        };
        Fields { map, path: path.to_owned(), known: Vec::new(), faults }
    }

    /// Reads a member by `read`, which says what it expects if the value does not fit.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let read = read(&value);
        if read.is_none() {
            self.faults.push(faults::wrong_value(&format!("{}{key}", self.path), expected, &shape(&value)));
        }
        read
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.map.shift_remove(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.read(key, "text", text)
    }

    /// A number of seconds from `least` to `most`.
    pub(super) fn seconds(&mut self, key: &'static str, least: f64, most: f64) -> Option<Duration> {
        let expected = format!("a number of seconds from {least} to {most}");
        let seconds = self.read(key, &expected, |value| number(value).filter(|it| (least..=most).contains(it)));
        seconds.map(Duration::from_secs_f64)
    }

    /// A whole number from `least` to `most`.
    pub(super) fn count(&mut self, key: &'static str, least: u32, most: u32) -> Option<u32> {
        let expected = format!("a whole number from {least} to {most}");
        self.read(key, &expected, |value| {
            let Value::Number(number) = value else { return None };
            number.to_string().parse().ok().filter(|it| (least..=most).contains(it))
        })
    }

    /// A text or a list of texts.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.read(key, "text, or a list of texts", texts).unwrap_or_default()
    }

    /// A map of texts.
    pub(super) fn pairs(&mut self, key: &'static str, expected: &str, fits: fn(&str) -> bool) -> Vec<(String, String)> {
        let pairs = self.read(key, expected, |value| {
            let pair = |(name, value): (&String, &Value)| Some((name.clone(), scalar(value)?));
            let pairs: Vec<(String, String)> = value.as_object()?.iter().map(pair).collect::<Option<_>>()?;
            pairs.iter().all(|(name, value)| fits(name) && !value.contains(char::is_control)).then_some(pairs)
        });
        pairs.unwrap_or_default()
    }

    /// Refuses what was not read.
    pub(super) fn end(self, source: &str) {
        for key in self.map.keys() {
            let near = or_did_you_mean(did_you_mean(key, self.known.iter().copied()));
            self.faults.push(faults::unknown_key(source, &format!("{}{key}", self.path), &near));
        }
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    let Value::Number(number) = value else { return None };
    number.to_string().parse().ok().filter(|number: &f64| number.is_finite())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(switch) => Some(switch.to_string()),
        _ => None,
    }
}

/// A value as messages show it. Texts that may be credentials are in maps and lists, which are not shown.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(switch) => switch.to_string(),
        Value::Number(number) => shown(&number.to_string()),
        Value::String(text) => format!("\"{}\"", shown(text)),
        Value::Array(_) => "this list".to_owned(),
        Value::Object(_) => "this map".to_owned(),
    }
}
