//! Files that are given as a task definition and are something else.

use serde_json::{Map, Value};

use super::error::TaskDefinitionError;
use crate::document::{self, Limits};

/// Reads a file: JSON, or YAML as the AWS CLI takes it with `--cli-input-yaml`.
///
/// # Errors
/// What cannot be read, and a file of another kind.
pub(super) fn read(text: &str, document: &str, limit: usize) -> Result<Value, TaskDefinitionError> {
    let limits = Limits::of(limit);
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    if begins.is_empty() {
        return Err(TaskDefinitionError::Empty { document: document.to_owned() });
    }
    let json = begins.starts_with(['{', '[', '"']);
    let value = match document::json(text, limits) {
        Ok(value) => value,
        Err(error) if json => return Err(TaskDefinitionError::unreadable(document, text, &error)),
        Err(error) => match document::yaml(text, limits) {
            // A text without any key is YAML too.
            Ok(value) if value.is_object() || value.is_array() => value,
            Ok(_) => return Err(TaskDefinitionError::unreadable(document, text, &error)),
            Err(_) if is_cloudformation_text(begins) => return Err(other(document, &CLOUDFORMATION)),
            Err(error) => return Err(TaskDefinitionError::unreadable(document, text, &error)),
        },
    };
    match kind(&value) {
        None => Ok(value),
        Some(kind) => Err(other(document, &kind)),
    }
}

fn other(document: &str, (is, hint): &(&'static str, &'static str)) -> TaskDefinitionError {
    TaskDefinitionError::Other { document: document.to_owned(), is, hint }
}

const CLOUDFORMATION: (&str, &str) = (
    "is a CloudFormation template",
    "let CloudFormation register the task definition, and save what `aws ecs describe-task-definition` prints for it",
);

/// Templates with tags such as `!Ref` are not read at all.
fn is_cloudformation_text(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("AWSTemplateFormatVersion:")) || text.contains("AWS::ECS::TaskDefinition")
}

/// What the file is and what to do, if it is known to be no task definition.
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
            "name the task definition instead; the image goes into it",
        ));
    }
    (all_have("image") || all_have("Image")).then_some((
        "is a list of container definitions, such as Terraform's container_definitions",
        "write {\"family\": \"NAME\", \"networkMode\": \"awsvpc\", \"requiresCompatibilities\": [\"FARGATE\"], \"cpu\": \
         \"256\", \"memory\": \"512\", \"containerDefinitions\": [...]} with the list in it",
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
        return Some(("is an AppSpec", "exchange the two files: this one is the AppSpec"));
    }
    if has("ContainerDefinitions") || has("Family") || has("TaskDefinition") {
        return Some((
            "has members that begin with a capital letter, as CloudFormation and some SDKs write them",
            "begin each member with a small letter: \"family\", \"containerDefinitions\", as `aws ecs \
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
        return Some(("is an imageDetail.json", "name the task definition instead; this file goes with `images`"));
    }
    if any_case("services").is_some_and(Value::is_object) {
        return Some(("is a Docker Compose file", "give what `aws ecs describe-task-definition` prints"));
    }
    (has("apiVersion") && has("kind"))
        .then_some(("is a Kubernetes manifest", "give what `aws ecs describe-task-definition` prints"))
}
