//! The changes that ECS makes to a task definition: defaults are added, sizes become numbers, and containers, variables
//! and secrets are returned in another order.
//!
//! The empty lists are those of the recorded example of the AWS CLI, `systemControls` is newer. The rest is what
//! Terraform's `containerDefinitionsAreEquivalent` has to undo, and what the API reference documents as default.

use serde_json::{Map, Value, json};

pub(super) fn fill(definition: &mut Map<String, Value>) {
    for name in ["volumes", "placementConstraints"] {
        definition.entry(name).or_insert_with(|| json!([]));
    }
    for (name, unit) in [("cpu", "vcpu"), ("memory", "gb")] {
        if let Some(Value::String(size)) = definition.get_mut(name) {
            *size = units(size, unit);
        }
    }
    let awsvpc = definition.get("networkMode").is_some_and(|mode| mode == "awsvpc");
    sort(definition.get_mut("containerDefinitions"), "name");
    for container in maps(definition.get_mut("containerDefinitions")) {
        fill_container(container, awsvpc);
    }
    for volume in maps(definition.get_mut("volumes")) {
        if volume.len() == 1 {
            volume.insert("host".to_owned(), json!({}));
        }
        if let Some(Value::Object(efs)) = volume.get_mut("efsVolumeConfiguration") {
            efs.entry("rootDirectory").or_insert_with(|| json!("/"));
        }
    }
}

fn fill_container(container: &mut Map<String, Value>, awsvpc: bool) {
    for name in ["environment", "mountPoints", "portMappings", "volumesFrom", "systemControls"] {
        container.entry(name).or_insert_with(|| json!([]));
    }
    for (name, value) in [("cpu", json!(0)), ("essential", json!(true))] {
        container.entry(name).or_insert(value);
    }
    if container.contains_key("firelensConfiguration") {
        container.entry("user").or_insert_with(|| json!("0"));
    }
    for name in ["environment", "secrets"] {
        sort(container.get_mut(name), "name");
    }
    for mapping in maps(container.get_mut("portMappings")) {
        mapping.entry("protocol").or_insert_with(|| json!("tcp"));
        if let (true, Some(port)) = (awsvpc, mapping.get("containerPort").cloned()) {
            mapping.entry("hostPort").or_insert(port);
        }
    }
    if let Some(Value::Object(check)) = container.get_mut("healthCheck") {
        for (name, seconds) in [("interval", 30), ("timeout", 5), ("retries", 3)] {
            check.entry(name).or_insert_with(|| json!(seconds));
        }
    }
}

fn maps(list: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    list.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

fn sort(list: Option<&mut Value>, key: &str) {
    if let Some(list) = list.and_then(Value::as_array_mut) {
        list.sort_by_key(|entry| entry[key].as_str().map(str::to_owned));
    }
}

/// `1 vCPU` as 1024, `0.5 GB` as 512.
fn units(text: &str, unit: &str) -> String {
    let number = text.to_lowercase().strip_suffix(unit).and_then(|number| number.trim().parse::<f64>().ok());
    number.map_or_else(|| text.to_owned(), |number| format!("{:.0}", number * 1024.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the AWS CLI's example of `register-task-definition` sends and what ECS returned, `systemControls` added since.
    #[test]
    fn the_recorded_example_gets_the_recorded_defaults() {
        let sent = json!({"containerDefinitions": [{
            "name": "sleep", "image": "busybox", "cpu": 10, "command": ["sleep", "360"], "memory": 10, "essential": true,
        }], "family": "sleep360"});
        let returned = json!({"containerDefinitions": [{
            "environment": [], "name": "sleep", "mountPoints": [], "image": "busybox", "cpu": 10, "portMappings": [],
            "command": ["sleep", "360"], "memory": 10, "essential": true, "volumesFrom": [], "systemControls": [],
        }], "family": "sleep360", "volumes": [], "placementConstraints": []});
        let Value::Object(mut definition) = sent else { return };
        fill(&mut definition);
        assert_eq!(Value::Object(definition), returned);
    }
}
