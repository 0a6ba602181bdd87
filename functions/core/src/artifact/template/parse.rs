//! Splits a template into literal text and variables, in one pass.

use super::error;
use super::format::Format;
use crate::fault::Fault;

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Variable {
        name: &'t str,
        line: usize,
    },
    /// `$NAME`, a variable only if it is defined.
    Bare {
        name: &'t str,
        raw: &'t str,
        line: usize,
    },
    /// `$$NAME`, which means `$NAME` if that is a variable.
    Escaped {
        name: &'t str,
        raw: &'t str,
    },
}

/// Errors name `file` and the line.
pub(super) fn pieces<'t>(template: &'t str, file: &str) -> Result<Vec<Piece<'t>>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut line = 1;
    while let Some(at) = rest.find(['$', '%']) {
        let (before, from) = rest.split_at(at);
        line += before.bytes().filter(|byte| *byte == b'\n').count();
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        // A doubled sign before a brace is an escaped sign.
        if from.starts_with("$${") || from.starts_with("%%{") {
            let (literal, after) = from.split_at(1).1.split_at(2);
            pieces.push(Piece::Text(literal));
            rest = after;
        } else if from.starts_with("%{") {
            return Err(error::directive(file, line));
        } else if let Some(after) = from.strip_prefix("${") {
            let Some((inside, after)) = after.split_once('}').filter(|(inside, _)| !inside.contains('\n')) else {
                return Err(error::unclosed(file, line));
            };
            let name = inside.trim();
            if !is_name(name) {
                return Err(error::expression(file, line, name));
            }
            pieces.push(Piece::Variable { name, line });
            rest = after;
        } else {
            let signs = if from.starts_with("$$") { 2 } else { 1 };
            let (sign, after) = from.split_at(signs);
            let name = name_at(after);
            if !from.starts_with('$') || name.is_empty() {
                // Only one sign: the next one may begin a variable.
                let (sign, after) = from.split_at(1);
                pieces.push(Piece::Text(sign));
                rest = after;
                continue;
            }
            let (raw, after) = from.split_at(sign.len() + name.len());
            pieces.push(if signs == 2 { Piece::Escaped { name, raw } } else { Piece::Bare { name, raw, line } });
            rest = after;
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

/// Decides which `$NAME` are variables.
///
/// A task definition has many shell commands, so in its strings only the `given` variables count; outside of strings,
/// `$NAME` can only be a variable. In an AppSpec, the `built_in` variables count as well.
pub(super) fn resolve(
    pieces: Vec<Piece<'_>>,
    format: Format,
    is_given: impl Fn(&str) -> bool,
    is_known: impl Fn(&str) -> bool,
) -> Vec<Piece<'_>> {
    let mut in_string = JsonString::default();
    let mut resolved = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let counts = |name: &str| match (format, in_string.inside) {
            (Format::Yaml, _) => is_known(name),
            (Format::Json, true) => is_given(name),
            (Format::Json, false) => true,
        };
        let piece = match piece {
            Piece::Bare { name, line, .. } if counts(name) => Piece::Variable { name, line },
            Piece::Escaped { name, raw } if counts(name) => Piece::Text(raw.split_at(1).1),
            Piece::Bare { raw, .. } | Piece::Escaped { raw, .. } => Piece::Text(raw),
            other => other,
        };
        if let Piece::Text(text) = piece {
            in_string.pass(text);
        }
        resolved.push(piece);
    }
    resolved
}

/// Whether a place in a JSON text is inside of a string.
#[derive(Debug, Default)]
pub(super) struct JsonString {
    pub(super) inside: bool,
    escaped: bool,
}

impl JsonString {
    /// Advances past this text.
    pub(super) fn pass(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.inside => self.escaped = true,
                b'"' => self.inside = !self.inside,
                _ => {}
            }
        }
    }
}

/// The name that a text begins with; may be empty.
fn name_at(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let name = text.split_at(end.unwrap_or(text.len())).0;
    if is_name(name) { name } else { "" }
}

/// Letters, digits and underscores, not beginning with a digit.
pub(super) fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}
