//! Writes an AppSpec so that every YAML reader understands the same.
//!
//! Every string is double-quoted, because `no`, `1:20`, `=` or `0x1F` mean other things to YAML 1.1 than to YAML 1.2 and
//! nobody documents which of the two CodeDeploy reads. Only `0.0` and whole numbers stand bare, as AWS writes them.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{AppSpec, Hook, RESOURCE_NAME};

/// The AppSpec in YAML: fixed order, two spaces of indentation, a line break at the end.
pub fn write(spec: &AppSpec) -> String {
    let mut yaml = String::new();
    let mut line = |depth: usize, text: &str| {
        yaml.push_str(&"  ".repeat(depth));
        yaml.push_str(text);
        yaml.push('\n');
    };
    line(0, "version: 0.0");
    line(0, "Resources:");
    // The usual name is one of AWS's own keys and stands bare like them; a name of the user's own may be anything.
    let usual = spec.resource_name == RESOURCE_NAME;
    let name = if usual { RESOURCE_NAME.to_owned() } else { quoted(&spec.resource_name) };
    line(1, &format!("- {name}:"));
    line(3, "Type: \"AWS::ECS::Service\"");
    line(3, "Properties:");
    line(4, &format!("TaskDefinition: {}", quoted(&spec.task_definition)));
    line(4, "LoadBalancerInfo:");
    line(5, &format!("ContainerName: {}", quoted(&spec.container_name)));
    line(5, &format!("ContainerPort: {}", spec.container_port));
    if let Some(version) = &spec.platform_version {
        line(4, &format!("PlatformVersion: {}", quoted(version)));
    }
    if let Some(network) = &spec.network {
        line(4, "NetworkConfiguration:");
        line(5, "AwsvpcConfiguration:");
        line(6, "Subnets:");
        network.subnets().iter().for_each(|id| line(7, &format!("- {}", quoted(id))));
        line(6, "SecurityGroups:");
        network.security_groups().iter().for_each(|id| line(7, &format!("- {}", quoted(id))));
        line(6, &format!("AssignPublicIp: \"{}\"", network.assign_public_ip()));
    }
    if !spec.capacity_provider_strategy.is_empty() {
        line(4, "CapacityProviderStrategy:");
        for provider in &spec.capacity_provider_strategy {
            line(5, &format!("- CapacityProvider: {}", quoted(&provider.name)));
            line(6, &format!("Base: {}", provider.base));
            line(6, &format!("Weight: {}", provider.weight));
        }
    }
    if !spec.hooks.is_empty() {
        line(0, "Hooks:");
        for (hook, function) in hooks(spec) {
            line(1, &format!("- {hook}: {}", quoted(function)));
        }
    }
    yaml
}

/// The same in JSON, indented, a line break at the end.
pub fn write_json(spec: &AppSpec) -> String {
    let mut properties = Map::new();
    properties.insert("TaskDefinition".to_owned(), json!(spec.task_definition));
    let container = json!({ "ContainerName": spec.container_name, "ContainerPort": spec.container_port });
    properties.insert("LoadBalancerInfo".to_owned(), container);
    if let Some(version) = &spec.platform_version {
        properties.insert("PlatformVersion".to_owned(), json!(version));
    }
    if let Some(network) = &spec.network {
        let vpc = json!({
            "Subnets": network.subnets(),
            "SecurityGroups": network.security_groups(),
            "AssignPublicIp": network.assign_public_ip().to_string(),
        });
        properties.insert("NetworkConfiguration".to_owned(), json!({ "AwsvpcConfiguration": vpc }));
    }
    if !spec.capacity_provider_strategy.is_empty() {
        let items = spec.capacity_provider_strategy.iter().map(
            |provider| json!({ "CapacityProvider": provider.name, "Base": provider.base, "Weight": provider.weight }),
        );
        properties.insert("CapacityProviderStrategy".to_owned(), items.collect());
    }
    let resource = json!({ "Type": "AWS::ECS::Service", "Properties": properties });
    let named = Map::from_iter([(spec.resource_name.clone(), resource)]);
    let mut document = json!({ "version": 0.0, "Resources": [named] });
    if !spec.hooks.is_empty() {
        let items: Value = hooks(spec).map(|(hook, function)| json!({ hook.name(): function })).collect();
        document.as_object_mut().map(|top| top.insert("Hooks".to_owned(), items));
    }
    format!("{document:#}\n")
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

/// What stands between the quotes of such a string.
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
