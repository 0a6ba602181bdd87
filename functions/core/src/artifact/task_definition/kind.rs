//! Reads a task definition file, and recognizes files of another kind.

use serde_json::{Map, Value};

use crate::document::{self, Document, DocumentError, DocumentErrorKind, Limits};
use crate::fault::Fault;
use crate::faults;

/// The longest YAML, in bytes. ECS takes 64 KiB of JSON, and the YAML parsers need up to 200 bytes of memory for each byte of text.
const YAML_LIMIT: usize = 128 << 10;

/// A file that [`read`] has accepted, with the places of its members.
pub(crate) fn document(text: &str) -> Result<Document, DocumentError> {
    let limits = Limits::of(super::LIMIT);
    document::json_document(text, limits)
        .or_else(|_| document::yaml_document(text, Limits { bytes: YAML_LIMIT, ..limits }))
}

/// Whether a file is meant as a task definition and not as an AppSpec, by its content, which may be wrong in every other way.
pub fn is_meant(text: &str) -> bool {
    let names = |members: &Map<String, Value>, name: &str| {
        members.keys().any(|key| key.replace('_', "").eq_ignore_ascii_case(name))
    };
    match document(text).map(|document| document.value) {
        Ok(Value::Object(members)) => {
            let has = |name| names(&members, name);
            has("containerDefinitions")
                || has("taskDefinition")
                || has("imageUri")
                || has("family") && !has("resources")
        }
        Ok(Value::Array(items)) => {
            let has = |name| items.iter().filter_map(Value::as_object).any(|members| names(members, name));
            has("image") || has("imageUri")
        }
        Ok(_) | Err(_) => {
            text.contains("containerDefinitions") || text.contains("family") && !text.contains("Resources")
        }
    }
}

/// Reads a file: JSON, or YAML as the AWS CLI accepts it with `--cli-input-yaml`.
///
/// # Errors The file cannot be parsed, or is of another kind.
pub(super) fn read(text: &str, document: &str, limit: usize) -> Result<Value, Fault> {
    let limits = Limits::of(limit);
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    if begins.is_empty() {
        return Err(empty(document));
    }
    let json = begins.starts_with(['{', '[', '"']);
    let value = match document::json(text, limits) {
        Ok(value) => value,
        Err(error) if json => return Err(unreadable(document, text, &error)),
        Err(error) => match document::yaml(text, Limits { bytes: limit.min(YAML_LIMIT), ..limits }) {
            // A text without any key is valid YAML, too.
            Ok(value) if value.is_object() || value.is_array() => value,
            Ok(_) => return Err(unreadable(document, text, &error)),
            Err(_) if is_cloudformation_text(begins) => {
                return Err(another(document, CLOUDFORMATION.0).with_hint(CLOUDFORMATION.1));
            }
            Err(error) => return Err(unreadable(document, text, &error)),
        },
    };
    match kind(&value) {
        None => Ok(value),
        Some((is, hint)) => Err(another(document, is).with_hint(hint)),
    }
}

faults! {
    /// The faults of a task definition as a whole; those of its members are findings.
    pub const FORMS;

    /// Neither JSON nor YAML.
    fn not_parsed(problem: &DocumentErrorKind) =>
        "TD05" Input "{problem}", "check quotes, commas, brackets and indentation at this position";

    /// A text, number or list.
    pub(super) fn not_an_object(document) =>
        "TD05" Input "{document} must be a JSON object",
        "use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it";

    /// A file of another kind.
    fn another(document, is: &str) =>
        "TD14" Input "{document} {is}, not a task definition",
        "use a task definition as `aws ecs describe-task-definition` prints it";

    /// An empty file.
    fn empty(document) =>
        "TD14" Input "{document} is empty",
        "check the step that writes the file; `aws ecs describe-task-definition` prints a task definition";
}

/// The fault of a file that is not UTF-8.
pub fn not_text(document: &str, error: &DocumentError) -> Fault {
    let hint = match error.kind {
        DocumentErrorKind::Utf16 => {
            "save it as UTF-8; in PowerShell, write it with `Out-File -Encoding utf8`".to_owned()
        }
        _ => error.kind.hint(),
    };
    not_parsed(&error.kind).with_hint(hint).at(error.place).within(error.place_in(document))
}

/// The fault of a file that is not JSON.
pub fn syntax(document: &str, error: &DocumentError) -> Fault {
    not_parsed(&error.kind).with_hint(error.kind.hint()).at(error.place).within(error.place_in(document))
}

/// The fault of `text`, which is not JSON.
fn unreadable(document: &str, text: &str, error: &DocumentError) -> Fault {
    let unquoted = matches!(&error.kind, DocumentErrorKind::Syntax(problem) if problem == "key must be a string")
        && error.place.is_some_and(|place| starts_a_word(text, place.line, place.column));
    let fault = syntax(document, error);
    if !unquoted {
        return fault;
    }
    fault.with_hint("put all keys and texts in double quotes; JSON5 and JavaScript objects are not JSON")
}

/// Whether the text has a letter or a single quote at this place.
fn starts_a_word(text: &str, line: usize, column: usize) -> bool {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let character = line.chars().nth(column.saturating_sub(1));
    character.is_some_and(|character| character.is_ascii_alphabetic() || character == '\'')
}

const CLOUDFORMATION: (&str, &str) = (
    "is a CloudFormation template",
    "let CloudFormation register the task definition, and save what `aws ecs describe-task-definition` prints for it",
);

/// Recognizes a template by its text, because YAML with tags such as `!Ref` is not parsed.
fn is_cloudformation_text(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("AWSTemplateFormatVersion:")) || text.contains("AWS::ECS::TaskDefinition")
}

/// What the file is and the next step, if it is recognized as something other than a task definition.
fn kind(value: &Value) -> Option<(&'static str, &'static str)> {
    match value {
        Value::Array(items) => list(items),
        Value::Object(members) => object(members),
        _ => None,
    }
}

fn list(items: &[Value]) -> Option<(&'static str, &'static str)> {
    let all_have = |member: &str| !items.is_empty() && items.iter().all(|item| item.get(member).is_some());
    if all_have("imageUri") {
        return Some((
            "is an imagedefinitions.json, which is for rolling updates",
            "use the task definition instead; the image belongs in it",
        ));
    }
    (all_have("image") || all_have("Image")).then_some((
        "is a list of container definitions, such as Terraform's container_definitions",
        "write {\"family\": \"NAME\", \"networkMode\": \"awsvpc\", \"requiresCompatibilities\": [\"FARGATE\"], \"cpu\": \
         \"256\", \"memory\": \"512\", \"containerDefinitions\": [...]} with this list",
    ))
}

fn object(members: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    let has = |member: &str| members.contains_key(member);
    let any_case = |member: &str| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(member)).map(|(_, it)| it);
    if has("containerDefinitions") || has("taskDefinition") {
        return None;
    }
    let resources = any_case("Resources");
    if has("AWSTemplateFormatVersion") || (has("Resources") && resources.is_some_and(Value::is_object)) {
        return Some(CLOUDFORMATION);
    }
    if resources.is_some_and(Value::is_array) {
        return Some(("is an AppSpec", "swap the two files: this file is the AppSpec"));
    }
    if has("ContainerDefinitions") || has("Family") || has("TaskDefinition") {
        return Some((
            "has members that begin with a capital letter, as CloudFormation and some SDKs write them",
            "start each member with a lowercase letter: \"family\", \"containerDefinitions\", as `aws ecs \
             describe-task-definition` prints them",
        ));
    }
    if has("container_definitions") {
        return Some((
            "has members in snake case, as Terraform writes them",
            "write \"containerDefinitions\", \"networkMode\" and so on, as `aws ecs describe-task-definition` prints them",
        ));
    }
    if has("ImageURI") {
        return Some(("is an imageDetail.json", "use the task definition instead; this file belongs in `images`"));
    }
    if any_case("services").is_some_and(Value::is_object) {
        return Some((
            "is a Docker Compose file",
            "use a task definition as `aws ecs describe-task-definition` prints it",
        ));
    }
    (has("apiVersion") && has("kind")).then_some((
        "is a Kubernetes manifest",
        "use a task definition as `aws ecs describe-task-definition` prints it",
    ))
}
