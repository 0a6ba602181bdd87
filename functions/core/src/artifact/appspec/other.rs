//! Recognizes files that were passed as an AppSpec but are something else.

use serde_json::Value;

use super::error;
use crate::fault::Fault;

/// The fault of a file that is not an AppSpec for Amazon ECS, by its top-level keys; `None` if it may be one.
pub(super) fn other_file(file: &Value) -> Option<Fault> {
    let has = |names: &[&str]| {
        let mut keys = file.as_object().into_iter().flat_map(|map| map.keys());
        keys.any(|key| names.iter().any(|name| name.eq_ignore_ascii_case(key)))
    };
    let in_revision = |member: &str| file.get("revision").is_some_and(|revision| revision.get(member).is_some());
    let other = match file {
        Value::Null => error::empty_file(),
        Value::Array(items) if items.iter().any(|item| item.get("imageUri").is_some()) => {
            error::other_file("an imagedefinitions.json for rolling updates")
        }
        _ if has(&["AWSTemplateFormatVersion"]) => error::other_file("a CloudFormation template"),
        _ if has(&["s3Location"]) || in_revision("s3Location") => error::deployment_from_s3(),
        _ if has(&["applicationName", "deploymentGroupName", "revision", "revisionType", "appSpecContent"]) => {
            error::deployment()
        }
        _ if has(&["containerDefinitions", "taskDefinition", "taskDefinitionArn", "family"]) => {
            error::other_file("a task definition")
        }
        _ if has(&["phases"]) => error::other_file("a buildspec of CodeBuild"),
        _ if has(&["os", "files", "permissions"]) => error::for_instances(),
        _ => return None,
    };
    Some(other)
}
