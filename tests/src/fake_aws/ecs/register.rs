//! `RegisterTaskDefinition`: the types of the model, the rules that users encounter most, and the next revision.

mod defaults;

use serde_json::{Map, Value, json};

use super::{
    super::{
        Principal, Refusal,
        clock::{Millis, timestamp},
        json_answer,
    },
    Ecs,
};
use crate::http::Answer;

/// What a task definition has once it is registered; a request that names it is not refused, and changes nothing.
pub const READ_ONLY: [&str; 9] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deleteRequestedAt",
];

impl Ecs {
    /// Members that no model has yet are stored and returned.
    pub(super) fn register(&mut self, caller: &Principal, body: &Value, now: Millis) -> Result<Answer, Refusal> {
        let Some(sent) = body.as_object() else { return Err(serialization("Unexpected value type in payload")) };
        types(sent)?;
        rules(body)?;
        let family = body["family"].as_str().unwrap_or_default();
        let owner = (caller.account.clone(), caller.region.clone(), family.to_owned());
        let revisions = self.families.entry(owner).or_default();
        let revision = revisions.last_key_value().map_or(1, |(newest, _)| newest + 1);
        let kept = sent
            .iter()
            .filter(|(name, value)| *name != "tags" && !value.is_null() && !READ_ONLY.contains(&name.as_str()));
        let mut definition: Map<String, Value> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut put = |name: &str, value: Value| definition.insert(name.to_owned(), value);
        let arn = format!("arn:aws:ecs:{}:{}:task-definition/{family}:{revision}", caller.region, caller.account);
        put("taskDefinitionArn", json!(arn));
        put("revision", json!(revision));
        put("status", json!("ACTIVE"));
        put("requiresAttributes", json!([{"name": "ecs.capability.task-eni"}]));
        put("compatibilities", json!(["EC2", "FARGATE"]));
        put("registeredAt", timestamp(now));
        put("registeredBy", json!(caller.arn));
        defaults::fill(&mut definition);
        let mut answer = json!({"taskDefinition": definition});
        if let Some(tags) = sent.get("tags") {
            answer["tags"] = tags.clone();
        }
        revisions.insert(revision, answer.to_string());
        Ok(json_answer(200, &answer))
    }
}

fn serialization(message: &str) -> Refusal {
    Refusal::new(400, "SerializationException", message)
}

/// Members with types that users get wrong, with the messages of AWS's JSON protocol.
fn types(sent: &Map<String, Value>) -> Result<(), Refusal> {
    const TEXTS: [&str; 9] =
        ["family", "taskRoleArn", "executionRoleArn", "networkMode", "cpu", "memory", "pidMode", "ipcMode", "status"];
    const LISTS: [&str; 5] =
        ["containerDefinitions", "volumes", "placementConstraints", "requiresCompatibilities", "tags"];
    for (name, value) in sent {
        check(TEXTS.contains(&name.as_str()), value, Value::is_string, "a String")?;
        check(LISTS.contains(&name.as_str()), value, Value::is_array, "a List")?;
    }
    for container in list(sent.get("containerDefinitions")) {
        let Some(container) = container.as_object() else {
            return Err(serialization("Unexpected value type in payload"));
        };
        for (name, value) in container {
            check(["name", "image", "user", "hostname"].contains(&name.as_str()), value, Value::is_string, "a String")?;
            let integers = ["cpu", "memory", "memoryReservation", "startTimeout", "stopTimeout"];
            check(integers.contains(&name.as_str()), value, Value::is_u64, "an Integer")?;
            check(
                ["essential", "privileged", "readonlyRootFilesystem"].contains(&name.as_str()),
                value,
                Value::is_boolean,
                "a Boolean",
            )?;
        }
        for mapping in list(container.get("portMappings")) {
            for name in ["containerPort", "hostPort"] {
                check(true, &mapping[name], Value::is_u64, "an Integer")?;
            }
        }
        for variable in list(container.get("environment")) {
            check(true, &variable["name"], Value::is_string, "a String")?;
            check(true, &variable["value"], Value::is_string, "a String")?;
        }
    }
    Ok(())
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn check(applies: bool, value: &Value, fits: fn(&Value) -> bool, wanted: &str) -> Result<(), Refusal> {
    if !applies || value.is_null() || fits(value) {
        return Ok(());
    }
    Err(serialization(&match value {
        Value::Bool(true) => format!("TRUE_VALUE can not be converted to {wanted}"),
        Value::Bool(false) => format!("FALSE_VALUE can not be converted to {wanted}"),
        Value::Number(_) => format!("NUMBER_VALUE can not be converted to {wanted}"),
        Value::String(_) => format!("STRING_VALUE can not be converted to {wanted}"),
        Value::Array(_) => "Start of list found where not expected".to_owned(),
        _ => "Start of structure or map found where not expected.".to_owned(),
    }))
}

fn rules(body: &Value) -> Result<(), Refusal> {
    let client = |message: &str| Err(Refusal::new(400, "ClientException", message));
    let family = body["family"].as_str().unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if family.is_empty() {
        return client("TaskDefinition family should not be null or empty.");
    }
    if family.len() > 255 || !family.chars().all(fits) {
        return client("TaskDefinition family contains invalid characters or is longer than 255.");
    }
    let containers = body["containerDefinitions"].as_array().cloned().unwrap_or_default();
    if containers.is_empty() {
        return client("TaskDefinition must have at least one container definition.");
    }
    for container in &containers {
        for name in ["name", "image"] {
            if container[name].as_str().unwrap_or_default().is_empty() {
                return client(&format!("Container.{name} should not be null or empty."));
            }
        }
    }
    if body["tags"].as_array().is_some_and(Vec::is_empty) {
        return client("Tags can not be empty.");
    }
    let fargate = body["requiresCompatibilities"].as_array().is_some_and(|all| all.iter().any(|one| one == "FARGATE"));
    if fargate && body["networkMode"] != "awsvpc" {
        return client("Fargate only supports network mode ‘awsvpc’.");
    }
    if fargate && (body["cpu"].is_null() || body["memory"].is_null()) {
        return client("Fargate requires that 'cpu' and 'memory' be defined at the task level.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_definition_is_checked_as_ecs_does() {
        let check = |change: &str, value: Value, expect: &str| {
            let mut body = json!({
                "family": "app", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
                "memory": "512", "tags": [{"key": "a", "value": "b"}],
                "containerDefinitions": [{"name": "app", "image": "i", "portMappings": [{"containerPort": 80}]}]
            });
            let member = body.pointer_mut(change);
            *member.expect(change) = value;
            let sent = body.as_object().cloned().unwrap_or_default();
            let refused = types(&sent).and_then(|()| rules(&body)).err().map_or_else(|| "ok".to_owned(), |r| r.message);
            assert!(refused.starts_with(expect), "{change}: {refused}");
        };
        let container = |rest: &str| format!("/containerDefinitions/0/{rest}");
        check("/cpu", json!("512"), "ok");
        check("/cpu", json!(256), "NUMBER_VALUE can not be converted to a String");
        check("/family", json!(""), "TaskDefinition family");
        check("/networkMode", json!("bridge"), "Fargate only supports network mode");
        check("/memory", Value::Null, "Fargate requires");
        check(&container("name"), json!(""), "Container.name should not be null or empty.");
        check(&container("image"), json!(true), "TRUE_VALUE can not be converted to a String");
        check(
            &container("portMappings/0/containerPort"),
            json!("80"),
            "STRING_VALUE can not be converted to an Integer",
        );
        check("/containerDefinitions", json!({}), "Start of structure or map");
        check("/tags", json!([]), "Tags can not be empty.");
    }
}
