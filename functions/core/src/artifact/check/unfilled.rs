//! Text anywhere in the two files that was not replaced, and that no other rule checks.

use serde_json::Value;

use crate::fault::finding::{Finding, findings};
use crate::fault::shown;

findings! {
    /// What was not replaced.
    pub(super) const FORMS;

    // Values of variables are never repeated, so only the form is named.
    fn left_over(; form) =>
        "CHK09" Warning Input "contains {form}, which was not replaced",
        "replace it, or give the file as a template to `codedeploy-artifact generate`";
}

/// The most findings of one file.
const MOST: usize = 50;

/// What opens and closes a name, how that is named, and whether the name is in capitals.
const FORMS_OF_NAMES: [(&str, &str, &str, bool); 8] = [
    ("${", "}", "${…}", false),
    ("#{", "}", "#{…}", false),
    ("{{", "}}", "{{…}}", false),
    ("<%=", "%>", "<%=…%>", false),
    ("@@", "@@", "@@…@@", false),
    ("__", "__", "__…__", true),
    ("%", "%", "%…%", true),
    ("<", ">", "<…>", true),
];

/// Where text means something to a shell or a program.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    /// Nothing of it: every form is left over.
    Plain,
    /// A command, or an option of a program that fills some forms itself.
    Program,
    /// The value of a variable, which a program may fill itself: a form is left over if it is the whole value.
    Value,
    /// An image or the task definition, whose placeholders CodeDeployToECS fills and other rules look at.
    Known,
}

/// The findings of a file, except for members of which something is `known` already.
pub(crate) fn unfilled(document: &Value, is_appspec: bool, file: &str, known: impl Fn(&str) -> bool) -> Vec<Finding> {
    let found = all(document, is_appspec).into_iter().filter(|(path, _)| !known(path));
    found.map(|(path, finding)| finding.at(file, path)).collect()
}

/// The findings of a file with the paths of their members.
fn all(document: &Value, is_appspec: bool) -> Vec<(String, Finding)> {
    let wrapped = document.get("taskDefinition").filter(|it| it.is_object() && !is_appspec);
    let mut found = Vec::new();
    walk(wrapped.unwrap_or(document), "", Meaning::Plain, &mut found);
    found
}

fn walk(value: &Value, path: &str, meaning: Meaning, found: &mut Vec<(String, Finding)>) {
    if found.len() >= MOST {
        return;
    }
    match value {
        Value::String(text) => {
            if let Some(form) = form(text, meaning) {
                found.push((path.to_owned(), left_over(form)));
            }
        }
        Value::Array(items) => {
            // Nulls are left out before paths are made.
            for (index, item) in items.iter().filter(|item| !item.is_null()).enumerate() {
                walk(item, &format!("{path}[{index}]"), meaning, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let below = match name.as_str() {
                    "environment" => Meaning::Value,
                    "command" | "entryPoint" | "options" | "dockerLabels" | "driverOpts" => Meaning::Program,
                    "image" | "TaskDefinition" => Meaning::Known,
                    _ => meaning,
                };
                // The driver awslogs fills nothing.
                let awslogs = name == "options" && members.get("logDriver").is_some_and(|it| it == "awslogs");
                let below = if awslogs { Meaning::Plain } else { below };
                let path = if path.is_empty() { shown(name) } else { format!("{path}.{}", shown(name)) };
                walk(member, &path, below, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The form of the first name that was left over.
fn form(text: &str, meaning: Meaning) -> Option<&'static str> {
    FORMS_OF_NAMES.into_iter().find_map(|(open, close, form, capitals)| {
        let applies = match meaning {
            Meaning::Known => false,
            Meaning::Program => ["#{", "@@", "__"].contains(&open),
            Meaning::Plain | Meaning::Value => true,
        };
        if !applies {
            return None;
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(open) {
            if let Some((name, behind)) = after.split_once(close)
                && is_name(name, capitals)
                && (meaning != Meaning::Value || before.is_empty() && behind.is_empty() && rest.len() == text.len())
                && (open != "__" || is_apart(before, behind))
            {
                return Some(form);
            }
            rest = after;
        }
        None
    })
}

/// Whether a text looks like the name of a placeholder.
fn is_name(text: &str, capitals: bool) -> bool {
    let name = text.trim();
    let fits = |byte: u8| match byte {
        b'A'..=b'Z' | b'0'..=b'9' | b'_' => true,
        b'a'..=b'z' | b'.' | b'-' => !capitals,
        _ => false,
    };
    (2..=64).contains(&name.len()) && name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.bytes().all(fits)
}

/// `/shop/Db__MAIN__Host` has underscores of its own.
fn is_apart(before: &str, behind: &str) -> bool {
    !before.ends_with(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric)
}
