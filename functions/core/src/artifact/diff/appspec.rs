//! The AppSpec as a tree in which only what differs for CodeDeploy differs.

use serde_json::{Map, Value, json};

use crate::artifact::appspec::{AppSpec, properties};

/// The properties and the hooks, by their names in the AppSpec. The version and the logical name of the resource mean nothing to
/// a deployment.
///
/// `named` is whether the name of the task definition counts.
pub(super) fn tree(spec: &AppSpec, named: bool) -> Map<String, Value> {
    let mut tree = properties(spec);
    tree.retain(|name, value| match name.as_str() {
        "TaskDefinition" => named,
        "PlatformVersion" => default("PlatformVersion").as_ref() != Some(value),
        _ => true,
    });
    for ids in ["Subnets", "SecurityGroups"] {
        let ids =
            tree.get_mut("NetworkConfiguration").and_then(|it| it.pointer_mut(&format!("/AwsvpcConfiguration/{ids}")));
        if let Some(Value::Array(ids)) = ids {
            // Their order has no meaning.
            ids.sort_by_cached_key(Value::to_string);
        }
    }
    if !spec.hooks.is_empty() {
        let hooks = spec.hooks.iter().map(|(hook, function)| (hook.name().to_owned(), json!(function)));
        tree.insert("Hooks".to_owned(), Value::Object(hooks.collect()));
    }
    tree
}

/// The member that names the entries of a list of the AppSpec.
pub(super) fn key(place: &str) -> Option<&'static str> {
    (place == "CapacityProviderStrategy").then_some("CapacityProvider")
}

/// What an AppSpec without a member means.
pub(super) fn default(place: &str) -> Option<Value> {
    (place == "PlatformVersion").then(|| json!("LATEST"))
}
