//! Writes an AppSpec that every YAML reader parses to the same values.
//!
//! Every string is double-quoted, because `no`, `1:20`, `=` and `0x1F` differ between YAML 1.1 and YAML 1.2, and AWS
//! does not document which of them CodeDeploy reads. Only `0.0` and whole numbers are unquoted, as AWS writes them.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::members::is_member;
use super::{AppSpec, Hook};

/// The AppSpec in YAML: fixed order, two spaces of indentation, a line break at the end.
pub fn write(spec: &AppSpec) -> String {
    let mut yaml = String::new();
    block(&document(spec), 0, &mut yaml);
    yaml
}

/// The same in JSON, indented, a line break at the end.
pub fn write_json(spec: &AppSpec) -> String {
    format!("{:#}\n", document(spec))
}

/// The properties of the resource.
pub(crate) fn properties(spec: &AppSpec) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    put("TaskDefinition", json!(spec.task_definition));
    put("LoadBalancerInfo", json!({ "ContainerName": spec.container_name, "ContainerPort": spec.container_port }));
    if let Some(version) = &spec.platform_version {
        put("PlatformVersion", json!(version));
    }
    if let Some(network) = &spec.network {
        let vpc = json!({
            "Subnets": network.subnets(),
            "SecurityGroups": network.security_groups(),
            "AssignPublicIp": network.assign_public_ip().to_string(),
        });
        put("NetworkConfiguration", json!({ "AwsvpcConfiguration": vpc }));
    }
    if !spec.capacity_provider_strategy.is_empty() {
        let items = spec.capacity_provider_strategy.iter().map(
            |provider| json!({ "CapacityProvider": provider.name, "Base": provider.base, "Weight": provider.weight }),
        );
        put("CapacityProviderStrategy", items.collect());
    }
    properties
}

fn document(spec: &AppSpec) -> Value {
    let resource = json!({ "Type": "AWS::ECS::Service", "Properties": properties(spec) });
    let named = Map::from_iter([(spec.resource_name.clone(), resource)]);
    let mut document = Map::from_iter([("version".to_owned(), json!(0.0)), ("Resources".to_owned(), json!([named]))]);
    if !spec.hooks.is_empty() {
        let hooks = hooks(spec).map(|(hook, function)| json!({ hook.name(): function })).collect();
        document.insert("Hooks".to_owned(), hooks);
    }
    Value::Object(document)
}

/// Writes the lines of a map or list at a depth of indentation.
fn block(value: &Value, depth: usize, yaml: &mut String) {
    let indent = |depth: usize| "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                // Keys defined by AWS are unquoted; a name from the user can be anything.
                let key = if is_member(key) { key.clone() } else { quoted(key) };
                yaml.extend([&indent(depth), &key, ":"]);
                if value.is_object() || value.is_array() {
                    yaml.push('\n');
                    block(value, depth + 1, yaml);
                } else {
                    yaml.push(' ');
                    block(value, 0, yaml);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let mut lines = String::new();
                block(item, depth + 1, &mut lines);
                yaml.extend([&indent(depth), "- ", lines.trim_start()]);
            }
        }
        Value::String(text) => yaml.extend([&quoted(text), "\n"]),
        plain => yaml.extend([&plain.to_string(), "\n"]),
    }
}

/// In lifecycle order, so that equal requests give equal bytes.
fn hooks(spec: &AppSpec) -> impl Iterator<Item = &(Hook, String)> {
    Hook::ALL.into_iter().flat_map(|wanted| spec.hooks.iter().filter(move |(hook, _)| *hook == wanted))
}

/// A double-quoted string with the escapes that JSON, YAML 1.1 and YAML 1.2 share.
///
/// Besides the control characters, what YAML 1.1 counts as a line break (U+0085, U+2028, U+2029) or may drop (the byte
/// order mark) is escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The text between the quotes of such a string.
pub(crate) fn escaped(text: &str) -> String {
    let mut quoted = String::new();
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted
}
