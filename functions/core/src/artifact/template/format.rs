//! The language of a template, and how to parse the result.

use serde_json::Value;

use crate::document::{self, DocumentError, Limits};

/// The usual language of a template. JSON and YAML are told apart by how the text begins: an AppSpec may be JSON and a task
/// definition YAML. At most 64 KiB are read, of a task definition in JSON 1 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An AppSpec.
    Yaml,
    /// A task definition.
    Json,
}

/// The kind of a template.
#[derive(Clone, Copy)]
pub(super) struct Template {
    /// As it is read.
    pub(super) format: Format,
    pub(super) limits: Limits,
}

impl Template {
    /// The same with room for the markers.
    pub(super) fn marked(self) -> Template {
        let Limits { bytes, scalar_bytes, .. } = self.limits;
        Template {
            limits: Limits { bytes: bytes * MARKED, scalar_bytes: scalar_bytes * MARKED, ..self.limits },
            ..self
        }
    }

    pub(super) fn new(text: &str, format: Format) -> Template {
        let begins = text.trim_start_matches('\u{feff}').trim_start();
        let (format, limits) = match format {
            Format::Yaml if document::is_json(text) => (Format::Json, Limits::YAML),
            Format::Json if begins.is_empty() || begins.starts_with(['{', '[', '"']) => (Format::Json, Limits::JSON),
            _ => (Format::Yaml, Limits::YAML),
        };
        Template { format, limits }
    }

    pub(super) fn read(self, text: &str) -> Result<Value, DocumentError> {
        match self.format {
            Format::Yaml => document::yaml(text, self.limits),
            Format::Json => document::json(text, self.limits),
        }
    }
}

/// A marker is so many times as long as the shortest placeholder.
pub(super) const MARKED: usize = 12;
