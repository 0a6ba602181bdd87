//! Values of parameters by their type.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::error::{self, wrong_value};
use crate::artifact::file_ref::FileRef;
use crate::fault::{Fault, shown};
use crate::text::suggest::did_you_mean;

/// The parameters that are not yet parsed.
pub(super) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    /// Terraform writes an unset optional attribute as `null`.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.shift_remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>, Fault> {
        self.take(name).map(|value| text(name, value)).transpose()
    }

    pub(super) fn secret(&mut self, name: &'static str) -> Result<Option<String>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_value(name, "text", type_name(&other))),
        }
    }

    pub(super) fn switch(&mut self, name: &'static str) -> Result<Option<bool>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(switch)) => Ok(Some(switch)),
            Some(Value::String(text)) => Err(wrong_value(name, "true or false", &quoted(&text))),
            Some(other) => Err(wrong_value(name, "true or false", type_name(&other))),
        }
    }

    pub(super) fn map(&mut self, name: &'static str) -> Result<Vec<(String, Value)>, Fault> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => Ok(map.into_iter().collect()),
            Some(other) => Err(wrong_value(name, "a map", type_name(&other))),
        }
    }

    pub(super) fn file(&mut self, name: &'static str) -> Result<Option<FileRef>, Fault> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        FileRef::from_str(&text).map(Some).map_err(|_| error::not_a_file(name, &text))
    }
}

pub(super) fn record(name: &'static str, value: Value) -> Result<Fields, Fault> {
    match value {
        Value::Object(map) => Ok(Fields(map)),
        other => Err(wrong_value(name, "a map", type_name(&other))),
    }
}

pub(super) fn nothing_left(name: &str, fields: &Fields, known: &[&str]) -> Result<(), Fault> {
    let Some(key) = fields.0.keys().next() else { return Ok(()) };
    let near = did_you_mean(key, known.iter().copied()).map(|key| format!("{name}.{key}"));
    Err(error::unknown_name(&format!("{name}.{key}"), near.as_deref()))
}

pub(super) fn text(name: &str, value: Value) -> Result<String, Fault> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err(wrong_value(name, "text", "nothing")),
        Value::String(text) => Ok(text),
        other => Err(wrong_value(name, "text", type_name(&other))),
    }
}

pub(super) fn texts(name: &str, value: Option<Value>) -> Result<Vec<String>, Fault> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items.into_iter().map(|item| text(name, item)).collect(),
        Some(Value::String(one)) => Ok(vec![one]),
        Some(other) => Err(wrong_value(name, "a list of texts", type_name(&other))),
    }
}

pub(super) fn number(name: &str, value: Option<Value>) -> Result<u32, Fault> {
    let got = match value {
        None => return Ok(0),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text,
        Some(other) => type_name(&other).to_owned(),
    };
    got.parse().map_err(|_| wrong_value(name, "a whole number", &quoted(&got)))
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
