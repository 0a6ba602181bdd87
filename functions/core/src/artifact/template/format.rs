//! The language of a template, and how to read what comes out.

use serde_json::Value;

use crate::document::{self, DocumentError, Limits};

/// The language of a template, which decides its limits: 64 KiB for an AppSpec, 1 MiB for a task definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An AppSpec; read as JSON where it begins with `{`.
    Yaml,
    /// A task definition.
    Json,
}

/// A template and how to read what comes out.
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
        let limits = match format {
            Format::Yaml => Limits::YAML,
            Format::Json => Limits::JSON,
        };
        Template { format: if document::is_json(text) { Format::Json } else { format }, limits }
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
