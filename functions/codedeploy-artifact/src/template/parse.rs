//! Cuts a template into literal text and variables.

use super::TemplateError;

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Variable { name: &'t str, line: usize },
}

/// Errors name `file` and the line.
pub(super) fn pieces<'t>(template: &'t str, file: &str) -> Result<Vec<Piece<'t>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut line = 1;
    while let Some(at) = rest.find("${").into_iter().chain(rest.find("%{")).min() {
        let (before, from) = rest.split_at(at);
        line += before.matches('\n').count();
        let (sign, after) = from.split_at(2);
        let place = || (file.to_owned(), line);
        if let Some(text) = before.strip_suffix(sign.get(..1).unwrap_or_default()) {
            // A doubled sign stands for itself.
            pieces.extend([Piece::Text(text), Piece::Text(sign)]);
            rest = after;
            continue;
        }
        if sign == "%{" {
            let (file, line) = place();
            return Err(TemplateError::Directive { file, line });
        }
        let Some((inside, after)) = after.split_once('}').filter(|(inside, _)| !inside.contains('\n')) else {
            let (file, line) = place();
            return Err(TemplateError::Unclosed { file, line });
        };
        let name = inside.trim();
        if !is_name(name) {
            let (file, line) = place();
            return Err(TemplateError::Expression { file, line, expression: name.to_owned() });
        }
        pieces.extend([Piece::Text(before), Piece::Variable { name, line }]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

/// Letters, digits and underscores, not beginning with a digit.
pub(super) fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}
