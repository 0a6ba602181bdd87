//! A better hint for errors that are caused by unfilled placeholders in a file.

use super::parse::is_name;
use crate::fault::Fault;

/// A file that an error is about.
#[derive(Debug, Clone, Copy)]
pub struct GivenFile<'f> {
    /// Its name in messages.
    pub name: &'f str,
    /// Its text.
    pub text: &'f str,
    /// The parameter that makes such a file a template.
    pub parameter: &'static str,
    /// Whether it is already a template.
    pub is_template: bool,
}

/// The error with a hint about a placeholder, if the message or the line of the file that it names has one.
///
/// The forms of `envsubst`, Terraform, Jinja, Windows and other tools are known: `${NAME}`, `$NAME`, `{{ NAME }}`,
/// `%NAME%`, `__NAME__`, `@@NAME@@`, `@NAME@`, `[[NAME]]`, `<%= NAME %>` and `#{NAME}`.
pub fn advise(error: Fault, file: GivenFile<'_>) -> Fault {
    let message = error.message();
    // Errors of templates already have a specific hint.
    if error.code().starts_with("TPL") {
        return error;
    }
    if !message.contains(file.name) && !error.code().starts_with("PAR") && !error.code().starts_with("TD") {
        return error;
    }
    let line = line_in(&message).and_then(|line| file.text.lines().nth(line.saturating_sub(1)));
    // The message about a wrong type does not contain the value.
    let whole = if error.code() == "TD09" { file.text } else { "" };
    let quoted = quoted_value(&message, file.text).and_then(placeholder);
    let without_quotes = quoted.is_some();
    let found =
        quoted.or_else(|| [message.as_str(), line.unwrap_or_default(), whole].into_iter().find_map(placeholder));
    let Some((raw, name)) = found.filter(|(_, name)| !BUILT_IN.contains(&name.as_str())) else { return error };
    let ours = format!("${{{name}}}");
    let is_ours = raw == ours || raw == format!("${name}");
    if file.is_template && is_ours {
        // The variable is set; otherwise, the error would be about an unknown variable.
        return if without_quotes {
            error.with_hint(format!("write {raw} without quotes in the template"))
        } else {
            error
        };
    }
    let instead = if without_quotes {
        format!("write {ours} without quotes and ")
    } else if is_ours {
        String::new()
    } else {
        format!("write {ours} instead of {raw} and ")
    };
    let hint = if file.is_template {
        format!("{instead}add `\"variables\": {{\"{name}\": \"VALUE\"}}`")
    } else {
        let names = names(file.text, name);
        let variables: Vec<String> = names.iter().map(|name| format!("\"{name}\": \"VALUE\"")).collect();
        let parameter = file.parameter;
        let shown = serde_json::Value::from(file.name);
        format!(
            "{instead}use the file as a template: `\"{parameter}\": {shown}, \"variables\": {{{}}}`",
            variables.join(", ")
        )
    };
    error.with_hint(hint)
}

/// The value of the first member that must not have quotes according to the message, but has quotes in the JSON file.
fn quoted_value<'t>(message: &str, text: &'t str) -> Option<&'t str> {
    message.split("; ").filter(|part| part.ends_with(" without quotes")).find_map(|part| {
        let path = part.split(" must be ").next()?;
        let member = path.rsplit(['.', ' ']).next()?;
        let (_, rest) = text.split_once(&format!("\"{member}\""))?;
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split_once('"').map(|(value, _)| value)
    })
}

/// The built-in names of every template.
pub(crate) const BUILT_IN: [&str; 5] =
    ["TASK_DEFINITION_ARN", "TASK_DEFINITION_FAMILY", "CONTAINER_NAME", "CONTAINER_PORT", "PLATFORM_VERSION"];

/// The number after the word `line` in a message.
fn line_in(message: &str) -> Option<usize> {
    let (_, rest) = message.split_once(" line ")?;
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    rest.split_at(end).0.parse().ok()
}

/// The delimiters of placeholders in common template languages.
const FORMS: [(&str, &str); 9] = [
    ("${", "}"),
    ("{{", "}}"),
    ("#{", "}"),
    ("<%=", "%>"),
    ("[[", "]]"),
    ("@@", "@@"),
    ("__", "__"),
    ("%", "%"),
    ("@", "@"),
];

/// The first placeholder in a text and the name in it.
fn placeholder(text: &str) -> Option<(String, String)> {
    let braced = FORMS.iter().find_map(|(open, close)| {
        let mut rest = text;
        loop {
            let (_, after) = rest.split_once(open)?;
            if let Some((inside, _)) = after.split_once(close)
                && let Some(name) = name_of(inside)
            {
                return Some((format!("{open}{inside}{close}"), name));
            }
            rest = after;
        }
    });
    braced.or_else(|| {
        let mut rest = text;
        loop {
            let (_, after) = rest.split_once('$')?;
            let end = after.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(after.len());
            let name = after.split_at(end).0;
            if is_name(name) {
                return Some((format!("${name}"), name.to_owned()));
            }
            rest = after;
        }
    })
}

/// The name of a variable for the text between the delimiters, such as `values_port` for `.values.port`.
fn name_of(inside: &str) -> Option<String> {
    let inside = inside.trim().trim_start_matches('.');
    let fits = (1..=64).contains(&inside.len())
        && inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    let name = inside.replace(['.', '-'], "_");
    (fits && is_name(&name)).then_some(name)
}

/// The names of all `${NAME}` in a text that are not built in, including a known one; at most twenty.
fn names(text: &str, known: String) -> Vec<String> {
    let mut names = vec![known];
    for part in text.split("${").skip(1) {
        let name = part.split_once('}').map_or("", |(name, _)| name.trim());
        if is_name(name) && !BUILT_IN.contains(&name) && !names.iter().any(|it| it == name) && names.len() < 20 {
            names.push(name.to_owned());
        }
    }
    names
}
