//! Escapes a value so that the scalar around its placeholder parses to exactly that value.
//!
//! The scanners here and in `yaml` know only where strings, comments and block scalars of JSON and YAML begin and end.
//! If one of them is wrong, the comparison in `verify` refuses the result.

use super::error;
use super::format::Format;
use super::parse::{JsonString, Piece};
use super::yaml::Yaml;
use crate::fault::Fault;

/// A filled-in template, and the variables whose values are unescaped although they are more than a word.
pub(super) struct Encoded<'t> {
    pub(super) text: String,
    pub(super) doubtful: Vec<&'t str>,
}

/// Fills the pieces with values of at most `limit` bytes in all.
pub(super) fn fill<'t, 'v>(
    pieces: &[Piece<'t>],
    format: Format,
    limit: usize,
    file: &str,
    value: impl Fn(&str) -> &'v str,
) -> Result<Encoded<'t>, Fault> {
    let mut json = JsonString::default();
    let mut yaml = Yaml::default();
    let mut doubtful = Vec::new();
    let mut text = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Text(literal) | Piece::Bare { raw: literal, .. } | Piece::Escaped { raw: literal, .. } => {
                match format {
                    Format::Json => {
                        json.pass(literal);
                        text.push_str(literal);
                    }
                    Format::Yaml => literal.chars().for_each(|character| yaml.pass(character, &mut text)),
                }
            }
            Piece::Variable { name, .. } => {
                let value = value(name);
                let as_it_is = match format {
                    Format::Json if json.inside => {
                        text.push_str(&json_escaped(value));
                        true
                    }
                    Format::Json => {
                        text.push_str(value);
                        !value.is_empty() && value.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
                    }
                    Format::Yaml => yaml.put(value, pieces.get(index + 1..).unwrap_or_default(), &mut text),
                };
                if !as_it_is && !doubtful.contains(&name) {
                    doubtful.push(name);
                }
            }
        }
        if text.len() > limit {
            return Err(error::too_large(file, limit));
        }
    }
    yaml.finish(&mut text);
    Ok(Encoded { text, doubtful })
}

fn json_escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}
