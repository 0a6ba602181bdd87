//! Templates of the user: `${NAME}` is filled in strictly, as Terraform's `templatefile` does, and `$NAME`, as
//! `envsubst` does.
//!
//! `$${` is a literal `${`, `%%{` a literal `%{`, and `$$NAME` a literal `$NAME`. Expressions and directives are
//! refused, and so are an undefined `${NAME}` and a variable that no template uses. An undefined `$NAME` is kept,
//! because it may be meant for a shell. All other text is kept as written.
//!
//! A value can fill a scalar or a part of one, nothing else. It is escaped for the string around it (`encode`), and the
//! result is compared with the template (`verify`).

mod advice;
mod encode;
mod error;
mod format;
mod parse;
mod verify;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

pub use advice::{GivenFile, advise};
pub use error::FORMS;
pub use format::Format;

use crate::document::DocumentErrorKind;
use crate::fault::Fault;
use crate::text::suggest::did_you_mean;
use format::{MARKED, Template};
use parse::{Piece, is_name};
use verify::Markers;

/// A filled template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The document.
    pub text: String,
    /// Names of the variables that the template uses, each once.
    pub used: Vec<String>,
}

/// The maximum number of variables in a request.
pub const MAX_VARIABLES: usize = 100;

/// The variables that a template can use.
#[derive(Debug, Clone, Default)]
pub struct Variables<'v> {
    /// The built-in variables.
    pub built_in: Vec<(String, String)>,
    /// Built-in variables without a value, and why.
    pub without_value: Vec<(&'static str, Fault)>,
    /// The variables of the request. None may have the name of a built-in one.
    pub given: &'v [(String, String)],
}

/// Fills in a template and verifies that no value changes its structure.
///
/// Names have letters, digits and underscores, and do not begin with a digit. [`check_all_used`] checks afterwards that
/// the templates use every variable of the request. Messages name `file` and variables, never their values.
pub fn fill_document(text: &str, file: &str, variables: &Variables<'_>, format: Format) -> Result<Filled, Fault> {
    check_names(&variables.built_in, variables.given)?;
    let template = Template::new(text, format);
    let limit = template.limits.bytes;
    if text.len() > limit {
        return Err(error::too_large(file, limit));
    }
    let values: BTreeMap<&str, &str> =
        variables.built_in.iter().chain(variables.given).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let names: BTreeSet<&str> = variables.given.iter().map(|(name, _)| name.as_str()).collect();
    let pieces = parse::pieces(text, file)?;
    let pieces = parse::resolve(pieces, template.format, |name| names.contains(name), |name| values.contains_key(name));
    let used = used_variables(file, &pieces, &values, &variables.without_value)?;

    let numbers: BTreeMap<&str, usize> = used.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let value = |name: &str| values.get(name).copied().unwrap_or_default();
    let markers = Markers::new(text, template.format, used.iter().map(|name| value(name)).collect());
    let shown: Vec<String> = (0..used.len()).map(|number| markers.marker(number)).collect();
    let marker = |name: &str| numbers.get(name).and_then(|number| shown.get(*number)).map_or("", String::as_str);

    let syntax = |error| error::syntax(file, format, &error);
    let with_markers = encode::fill(&pieces, template.format, limit * MARKED, file, marker)?;
    let expected = template.marked().read(&with_markers.text).map_err(syntax)?;
    let filled = encode::fill(&pieces, template.format, limit, file, value)?;
    match template.read(&filled.text) {
        Ok(tree) if markers.same(&tree, &expected) => {
            return Ok(Filled { text: filled.text, used: used.iter().map(|name| (*name).to_owned()).collect() });
        }
        // No value is the cause: the file itself is too large after its aliases are expanded.
        Err(error)
            if matches!(
                error.kind,
                DocumentErrorKind::ScalarBytes(_) | DocumentErrorKind::Nodes(_) | DocumentErrorKind::TooLarge { .. }
            ) =>
        {
            return Err(syntax(error));
        }
        _ => {}
    }
    let doubtful = if filled.doubtful.is_empty() { &used } else { &filled.doubtful };
    Err(error::breaking(file, doubtful, template.format))
}

/// Refuses a given variable that no template used.
pub fn check_all_used(given: &[(String, String)], used: &[String]) -> Result<(), Fault> {
    match given.iter().find(|(name, _)| !used.contains(name)) {
        Some((name, _)) => Err(error::unused(name)),
        None => Ok(()),
    }
}

fn check_names(built_in: &[(String, String)], given: &[(String, String)]) -> Result<(), Fault> {
    if given.len() > MAX_VARIABLES {
        return Err(error::too_many(given.len(), MAX_VARIABLES));
    }
    for (index, (name, _)) in given.iter().enumerate() {
        if !is_name(name) {
            return Err(error::name(name));
        }
        if built_in.iter().any(|(other, _)| other == name) {
            return Err(error::built_in(name));
        }
        if given.iter().take(index).any(|(other, _)| other == name) {
            return Err(error::twice(name));
        }
    }
    Ok(())
}

/// The variables that the template uses, each once, in the order of the template.
fn used_variables<'t>(
    file: &str,
    pieces: &[Piece<'t>],
    values: &BTreeMap<&str, &str>,
    without_value: &[(&'static str, Fault)],
) -> Result<Vec<&'t str>, Fault> {
    let (mut used, mut seen) = (Vec::new(), BTreeSet::new());
    for piece in pieces {
        let Piece::Variable { name, line } = *piece else {
            continue;
        };
        if !values.contains_key(name) {
            let reason = without_value.iter().find(|(other, _)| *other == name).map(|(_, reason)| reason.clone());
            let unknown = || error::unknown(file, line, name, did_you_mean(name, values.keys().copied()));
            return Err(reason.unwrap_or_else(unknown));
        }
        if seen.insert(name) {
            used.push(name);
        }
    }
    Ok(used)
}

#[cfg(test)]
mod tests;
