//! The user's own templates: `${NAME}` filled strictly, as Terraform's `templatefile` would.
//!
//! `$${` is a literal `${` and `%%{` a literal `%{`. Expressions and directives are refused, and so are a name that
//! nobody gave and a given variable that the template never uses. The rest of the text stays as the user wrote it.
//!
//! A value can fill a scalar, or a part of one, and nothing else. To be sure of that the template is filled a second
//! time with markers that mean nothing to YAML and JSON. Both results are read, and they must be the same tree once the
//! markers in it are replaced by the values. A quote, a line break or a `#` in the wrong place makes them differ.

mod error;
mod parse;

use serde_json::Value;

pub use error::TemplateError;

use crate::strict::{self, Limits, StrictError};
use crate::suggest::did_you_mean;
use parse::{Piece, is_name};

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
    let template = Template::new(text, file, format);
    if text.len() > template.limits.bytes {
        return Err(TemplateError::TooLarge { file: file.to_owned(), limit: template.limits.bytes });
    }
    let pieces = parse::pieces(text, file)?;
    let variables = built_in.iter().chain(given).map(|(name, value)| (name.as_str(), value.as_str()));
    let variables: Vec<(&str, &str)> = variables.collect();
    let used = used_variables(file, &pieces, &variables)?;

    let markers = markers(template, &used);
    let marked = fill(template, &pieces, |name| lookup(&markers, name))?;
    let marked =
        read(template, &marked).map_err(|error| TemplateError::Document { file: file.to_owned(), format, error })?;
    let holds = |text: &str, values: &[(&str, &str)]| {
        read(template, text).is_ok_and(|tree| same(&tree, &marked, &by_marker(&markers, values)))
    };

    let names = || used.iter().map(|(name, _)| (*name).to_owned()).collect();
    let filled = fill(template, &pieces, |name| lookup(&used, name))?;
    if holds(&filled, &used) {
        return Ok(Filled { text: filled, used: names() });
    }
    for (name, value) in &used {
        let text = fill(template, &pieces, |other| if other == *name { value } else { lookup(&markers, other) })?;
        if !holds(&text, &[(*name, *value)]) {
            return Err(TemplateError::Value {
                file: file.to_owned(),
                name: (*name).to_owned(),
                format: template.format,
            });
        }
    }
    Err(TemplateError::Values { file: file.to_owned(), names: names() })
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
struct Template<'t> {
    file: &'t str,
    text: &'t str,
    /// As it is read.
    format: Format,
    limits: Limits,
}

impl<'t> Template<'t> {
    fn new(text: &'t str, file: &'t str, format: Format) -> Template<'t> {
        let limits = match format {
            Format::Yaml => Limits::YAML,
            Format::Json => Limits::JSON,
        };
        Template { file, text, format: if strict::is_json(text) { Format::Json } else { format }, limits }
    }
}

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

/// The variables that the template uses, each once.
fn used_variables<'v>(
    file: &str,
    pieces: &[Piece<'_>],
    variables: &[(&'v str, &'v str)],
) -> Result<Vec<(&'v str, &'v str)>, TemplateError> {
    let mut used: Vec<(&str, &str)> = Vec::new();
    for piece in pieces {
        let Piece::Variable { name, line } = piece else {
            continue;
        };
        let Some(variable) = variables.iter().find(|(known, _)| known == name) else {
            let near = did_you_mean(name, variables.iter().map(|(name, _)| *name)).map(str::to_owned);
            return Err(TemplateError::Unknown { file: file.to_owned(), line: *line, name: (*name).to_owned(), near });
        };
        if !used.contains(variable) {
            used.push(*variable);
        }
    }
    Ok(used)
}

fn fill<'v>(
    template: Template<'_>,
    pieces: &[Piece<'_>],
    value: impl Fn(&str) -> &'v str,
) -> Result<String, TemplateError> {
    let limit = template.limits.bytes;
    let mut filled = String::new();
    for piece in pieces {
        let text = match piece {
            Piece::Text(text) => text,
            Piece::Variable { name, .. } => value(name),
        };
        if filled.len().saturating_add(text.len()) > limit {
            return Err(TemplateError::TooLarge { file: template.file.to_owned(), limit });
        }
        filled.push_str(text);
    }
    Ok(filled)
}

fn lookup<'v, V: AsRef<str>>(variables: &'v [(&str, V)], name: &str) -> &'v str {
    variables.iter().find(|(other, _)| *other == name).map_or("", |(_, value)| value.as_ref())
}

fn read(template: Template<'_>, text: &str) -> Result<Value, StrictError> {
    match template.format {
        Format::Yaml => strict::yaml(text, template.limits),
        Format::Json => strict::json(text, template.limits),
    }
}

/// One marker for each variable, found nowhere in the template and in no value, all of the same length.
///
/// JSON needs digits, because a placeholder may stand for a number. YAML takes a letter before them, because a key may
/// not be a number.
fn markers<'v>(template: Template<'_>, used: &[(&'v str, &str)]) -> Vec<(&'v str, String)> {
    let letter = if template.format == Format::Yaml { "m" } else { "" };
    let mut free = (FIRST_MARKER..=u64::MAX).map(|number| format!("{letter}{number}")).filter(|marker| {
        !template.text.contains(marker) && !used.iter().any(|(_, value)| value.contains(marker.as_str()))
    });
    used.iter().map(|(name, _)| (*name, free.next().unwrap_or_default())).collect()
}

/// 18 digits without a pattern, so that digits beside a marker cannot look like another one.
const FIRST_MARKER: u64 = 739_182_640_517_396_028;

/// What each marker stands for: the value, or itself where only some of the values are tried.
fn by_marker<'v>(markers: &'v [(&str, String)], values: &'v [(&str, &str)]) -> Vec<(&'v str, &'v str)> {
    let value = |name| values.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
    markers.iter().map(|(name, marker)| (marker.as_str(), value(*name).unwrap_or(marker))).collect()
}

/// Whether `filled` is `marked` with the markers replaced. Scalars with a marker are compared by their text.
fn same(filled: &Value, marked: &Value, markers: &[(&str, &str)]) -> bool {
    match (filled, marked) {
        (Value::Array(filled), Value::Array(marked)) => {
            filled.len() == marked.len() && filled.iter().zip(marked).all(|(a, b)| same(a, b, markers))
        }
        (Value::Object(filled), Value::Object(marked)) => {
            filled.len() == marked.len()
                && filled.iter().zip(marked).all(|((name, a), (other, b))| {
                    *name == replaced(other, markers).unwrap_or_else(|| other.clone()) && same(a, b, markers)
                })
        }
        (_, Value::String(text)) => replaced(text, markers).map_or(filled == marked, |text| is_text(filled, &text)),
        (_, Value::Number(number)) => {
            replaced(&number.to_string(), markers).map_or(filled == marked, |text| is_text(filled, &text))
        }
        _ => filled == marked,
    }
}

fn is_text(value: &Value, text: &str) -> bool {
    match value {
        Value::Null => matches!(text, "" | "~" | "null"),
        Value::Bool(value) => text.eq_ignore_ascii_case(if *value { "true" } else { "false" }),
        Value::Number(number) => number.to_string() == text,
        Value::String(string) => string == text,
        Value::Array(_) | Value::Object(_) => false,
    }
}

/// The text with its markers replaced, or `None` where it has none.
fn replaced(text: &str, markers: &[(&str, &str)]) -> Option<String> {
    let (mut rest, mut replaced, mut found) = (text, String::new(), false);
    loop {
        let first = markers.iter().filter_map(|(marker, value)| Some((rest.split_once(marker)?, value)));
        let Some(((before, after), value)) = first.min_by_key(|((before, _), _)| before.len()) else {
            break;
        };
        replaced.push_str(before);
        replaced.push_str(value);
        (rest, found) = (after, true);
    }
    replaced.push_str(rest);
    found.then_some(replaced)
}

#[cfg(test)]
mod tests;
