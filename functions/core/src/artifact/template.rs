//! The user's own templates: `${NAME}` filled strictly, as Terraform's `templatefile` would, and `$NAME`, as `envsubst` would.
//!
//! `$${` is a literal `${`, `%%{` a literal `%{`, and `$$NAME` a literal `$NAME`. Expressions and directives are refused, and
//! so are `${NAME}` that nobody gave and a given variable that the template never uses. A `$NAME` that nobody gave stays:
//! it may be meant for a shell. The rest of the text stays as the user wrote it.
//!
//! A value can fill a scalar, or a part of one, and nothing else. It is escaped for the string that it stands in
//! (`encode`), and the result is compared with the template (`verify`).

mod advice;
mod encode;
mod error;
mod parse;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use advice::{GivenFile, advise};
pub use error::TemplateError;

use crate::document::{self, DocumentError, DocumentErrorKind, Limits};
use crate::text::suggest::did_you_mean;
use parse::{Piece, is_name};
use verify::Markers;

/// The language of a template, which decides its limits: 64 KiB for an AppSpec, 1 MiB for a task definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An AppSpec; read as JSON where it begins with `{`.
    Yaml,
    /// A task definition.
    Json,
}

/// A filled template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The document.
    pub text: String,
    /// Names of the variables that the template uses, each once.
    pub used: Vec<String>,
}

/// The most variables that a request may give.
pub const MAX_VARIABLES: usize = 100;

/// Fills a template and makes sure that no value changes its structure.
///
/// Names are letters, digits and underscores, not beginning with a digit; a `given` variable may not have the name of a
/// `built_in` one. Whether every given one is used is for [`check_all_used`] to say, after all templates are filled.
/// Messages name `file` and variables, never their values.
pub fn fill_document(
    text: &str,
    file: &str,
    built_in: &[(String, String)],
    given: &[(String, String)],
    format: Format,
) -> Result<Filled, TemplateError> {
    check_names(built_in, given)?;
    let template = Template::new(text, format);
    if text.len() > template.limits.bytes {
        return Err(TemplateError::TooLarge { file: file.to_owned(), limit: template.limits.bytes });
    }
    let values: BTreeMap<&str, &str> =
        built_in.iter().chain(given).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let names: BTreeSet<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    let pieces = parse::pieces(text, file)?;
    let pieces = parse::resolve(pieces, template.format, |name| names.contains(name), |name| values.contains_key(name));
    let used = used_variables(file, &pieces, &values)?;

    let numbers: BTreeMap<&str, usize> = used.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let value = |name: &str| values.get(name).copied().unwrap_or_default();
    let markers = Markers::new(text, template.format, used.iter().map(|name| value(name)).collect());
    let shown: Vec<String> = (0..used.len()).map(|number| markers.marker(number)).collect();
    let marker = |name: &str| numbers.get(name).and_then(|number| shown.get(*number)).map_or("", String::as_str);

    let limit = template.limits.bytes;
    let with_markers = encode::fill(&pieces, template.format, limit * MARKED, file, marker)?;
    let expected = read(template.marked(), &with_markers.text).map_err(|error| TemplateError::Document {
        file: file.to_owned(),
        format,
        error,
    })?;
    let filled = encode::fill(&pieces, template.format, limit, file, value)?;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    match read(template, &filled.text) {
        Ok(tree) if markers.same(&tree, &expected) => return Ok(Filled { text: filled.text, used: names(&used) }),
        // No value is to blame: the file itself is too large, once its aliases are expanded.
        Err(error)
            if matches!(
                error.kind,
                DocumentErrorKind::ScalarBytes(_) | DocumentErrorKind::Nodes(_) | DocumentErrorKind::TooLarge { .. }
            ) =>
        {
            return Err(TemplateError::Document { file: file.to_owned(), format, error });
        }
        _ => {}
    }
    let doubtful = if filled.doubtful.is_empty() { &used } else { &filled.doubtful };
    Err(match doubtful.as_slice() {
        [name] => TemplateError::Value { file: file.to_owned(), name: (*name).to_owned(), format: template.format },
        several => TemplateError::Values { file: file.to_owned(), names: names(several) },
    })
}

/// Refuses a given variable that no template used.
pub fn check_all_used(given: &[(String, String)], used: &[String]) -> Result<(), TemplateError> {
    match given.iter().find(|(name, _)| !used.contains(name)) {
        Some((name, _)) => Err(TemplateError::Unused(name.clone())),
        None => Ok(()),
    }
}

/// A template and how to read what comes out.
#[derive(Clone, Copy)]
struct Template {
    /// As it is read.
    format: Format,
    limits: Limits,
}

impl Template {
    /// The same with room for the markers.
    fn marked(self) -> Template {
        let Limits { bytes, scalar_bytes, .. } = self.limits;
        Template {
            limits: Limits { bytes: bytes * MARKED, scalar_bytes: scalar_bytes * MARKED, ..self.limits },
            ..self
        }
    }

    fn new(text: &str, format: Format) -> Template {
        let limits = match format {
            Format::Yaml => Limits::YAML,
            Format::Json => Limits::JSON,
        };
        Template { format: if document::is_json(text) { Format::Json } else { format }, limits }
    }
}

/// A marker is so many times as long as the shortest placeholder.
const MARKED: usize = 12;

fn check_names(built_in: &[(String, String)], given: &[(String, String)]) -> Result<(), TemplateError> {
    if given.len() > MAX_VARIABLES {
        return Err(TemplateError::TooMany(given.len()));
    }
    for (index, (name, _)) in given.iter().enumerate() {
        if !is_name(name) {
            return Err(TemplateError::Name(name.clone()));
        }
        if built_in.iter().any(|(other, _)| other == name) {
            return Err(TemplateError::BuiltIn(name.clone()));
        }
        if given.iter().take(index).any(|(other, _)| other == name) {
            return Err(TemplateError::Twice(name.clone()));
        }
    }
    Ok(())
}

/// The variables that the template uses, each once, in the order of the template.
fn used_variables<'t>(
    file: &str,
    pieces: &[Piece<'t>],
    values: &BTreeMap<&str, &str>,
) -> Result<Vec<&'t str>, TemplateError> {
    let (mut used, mut seen) = (Vec::new(), BTreeSet::new());
    for piece in pieces {
        let Piece::Variable { name, line } = *piece else {
            continue;
        };
        if !values.contains_key(name) {
            let near = did_you_mean(name, values.keys().copied()).map(str::to_owned);
            return Err(TemplateError::Unknown { file: file.to_owned(), line, name: name.to_owned(), near });
        }
        if seen.insert(name) {
            used.push(name);
        }
    }
    Ok(used)
}

fn read(template: Template, text: &str) -> Result<Value, DocumentError> {
    match template.format {
        Format::Yaml => document::yaml(text, template.limits),
        Format::Json => document::json(text, template.limits),
    }
}

#[cfg(test)]
mod tests;
