//! Revisions: the source and content of an AppSpec, and what an application stores about it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    super::{
        Principal, Refusal,
        clock::{Millis, timestamp},
        s3::S3,
    },
    CodeDeploy, owned, refuse,
};

/// A revision that an application knows.
#[derive(Debug, Clone)]
pub(super) struct Registered {
    /// What it is found by: the S3 object, or the hash of its content.
    key: String,
    location: Value,
    description: Option<String>,
    since: Millis,
    used: Option<(Millis, Millis)>,
    groups: Vec<String>,
}

/// What the AppSpec says that matters here.
#[derive(Debug, Default)]
pub(super) struct AppSpec {
    pub(super) task_definition: String,
    pub(super) container: String,
    pub(super) port: Option<u64>,
    pub(super) hooks: BTreeMap<String, String>,
}

const NOT_FOUND: &str = "The AppSpec file cannot be located in the specified S3 bucket. Verify your AppSpec file is present and that the \
     name and key value pair specified for your S3 bucket are correct. The S3 bucket must be in your current region";
const NOT_YAML: &str = "The deployment failed because the AppSpec file that specifies the deployment configuration is missing or has an \
     invalid configuration. The input AppSpec file is a not well-formed yaml. The template cannot be parsed.";
const NOT_APPSPEC: &str = "The AppSpec file must be valid JSON or YAML The input AppSpec file is a not well-formed yaml. The template cannot \
     be parsed.";

/// The bytes of the AppSpec; the error is the message of an `INVALID_REVISION`.
pub(super) fn content(revision: &Value, s3: &S3, region: &str) -> Result<Vec<u8>, String> {
    if revision["revisionType"] != "S3" {
        let content = ["appSpecContent", "string"].iter().find_map(|member| revision[member]["content"].as_str());
        return Ok(content.unwrap_or_default().as_bytes().to_vec());
    }
    let place = &revision["s3Location"];
    let text = |member: &str| place[member].as_str().unwrap_or_default();
    let version = place["version"].as_str();
    let bytes = s3.content(text("bucket"), text("key"), version, region).ok_or(NOT_FOUND)?;
    let bundle = text("bundleType");
    let is_plain = ["YAML", "JSON"].iter().any(|plain| plain.eq_ignore_ascii_case(bundle));
    if !is_plain || bytes.starts_with(b"PK\x03\x04") {
        let provided = if bundle.is_empty() || is_plain { "zip" } else { bundle };
        return Err(format!(
            "The deployment specifies that the revision is a null file, but the revision provided is a {provided} file."
        ));
    }
    let wanted = text("eTag").trim_matches('"');
    let tag = hex::encode(&Sha256::digest(&bytes)[..16]);
    if !wanted.is_empty() && wanted != tag {
        return Err(format!("The ETag {wanted} does not match the ETag {tag} of the object"));
    }
    Ok(bytes.to_vec())
}

/// Reads an AppSpec, keys in any case as CodeDeploy does; the error is the message of an `INVALID_REVISION`.
pub(super) fn read(bytes: &[u8]) -> Result<AppSpec, String> {
    let document: Value = serde_yaml::from_slice(bytes).map_err(|_| NOT_YAML)?;
    let document = document.as_object().ok_or(NOT_YAML)?;
    let resources = member(document, "resources").and_then(Value::as_array).filter(|list| list.len() == 1);
    let target = resources.and_then(|list| list[0].as_object()?.values().next()?.as_object()).ok_or(NOT_APPSPEC)?;
    let properties = member(target, "properties").and_then(Value::as_object).ok_or(NOT_APPSPEC)?;
    let balancer = member(properties, "loadBalancerInfo").and_then(Value::as_object).ok_or(NOT_APPSPEC)?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned).ok_or(NOT_APPSPEC);
    let port = member(balancer, "containerPort");
    let port = port.and_then(|port| port.as_u64().or_else(|| port.as_str()?.parse().ok())).ok_or(NOT_APPSPEC)?;
    let hooks = member(document, "hooks").and_then(Value::as_array);
    let hooks = hooks.into_iter().flatten().filter_map(Value::as_object).flatten();
    Ok(AppSpec {
        task_definition: text(member(properties, "taskDefinition"))?,
        container: text(member(balancer, "containerName"))?,
        port: Some(port),
        hooks: hooks.filter_map(|(event, hook)| Some((event.clone(), hook.as_str()?.to_owned()))).collect(),
    })
}

fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A revision location that can be used, as answers show it (an AppSpec without its content), and the key it is known by.
pub(super) fn location(revision: &Value) -> Result<(Value, String), Refusal> {
    let invalid = |message: &str| refuse("InvalidRevisionException", message);
    if revision.is_null() {
        return Err(refuse("RevisionRequiredException", "RevisionLocation must be specified"));
    }
    match revision["revisionType"].as_str().unwrap_or_default() {
        "S3" => {
            let place = &revision["s3Location"];
            let text = |member: &str| place[member].as_str().filter(|text| !text.is_empty());
            let (Some(bucket), Some(key)) = (text("bucket"), text("key")) else {
                return Err(invalid("The bucket and the key of an S3 location are required"));
            };
            let key = format!("s3://{bucket}/{key}?{}#{}", text("version").unwrap_or(""), text("eTag").unwrap_or(""));
            Ok((revision.clone(), key))
        }
        kind @ ("AppSpecContent" | "String") => {
            let member = if kind == "String" { "string" } else { "appSpecContent" };
            let sent = &revision[member];
            let given = sent["sha256"].as_str();
            let computed = sent["content"].as_str().map(|content| hex::encode(Sha256::digest(content)));
            if given.is_some() && computed.as_deref().is_some_and(|computed| Some(computed) != given) {
                return Err(invalid("The sha256 of the AppSpec content does not match the content"));
            }
            let Some(sha256) = computed.or_else(|| given.map(str::to_owned)) else {
                return Err(invalid("The AppSpec content is required"));
            };
            Ok((json!({"revisionType": kind, member: {"sha256": sha256}}), sha256))
        }
        other => Err(invalid(&format!("The revision type {other} is not supported"))),
    }
}

impl CodeDeploy {
    pub(super) fn register_revision(
        &mut self,
        caller: &Principal,
        body: &Value,
        now: Millis,
    ) -> Result<Value, Refusal> {
        let (name, _) = self.application(caller, body)?;
        let (_, key) = location(&body["revision"])?;
        let description = body["description"].as_str();
        self.remember(caller, &name, (key, &body["revision"]), description, None, now);
        Ok(Value::Null)
    }

    /// Adds a revision to those of an application, or its use to what is known of it.
    pub(super) fn remember(
        &mut self,
        caller: &Principal,
        application: &str,
        (key, location): (String, &Value),
        description: Option<&str>,
        group: Option<&str>,
        now: Millis,
    ) {
        let application = self.applications.get_mut(&owned(&caller.account, &caller.region, application));
        let Some(application) = application else { return };
        let at = application.revisions.iter().position(|known| known.key == key).unwrap_or_else(|| {
            let (location, groups, used) = (location.clone(), Vec::new(), None);
            application.revisions.push(Registered { key, location, description: None, since: now, used, groups });
            application.revisions.len() - 1
        });
        let known = &mut application.revisions[at];
        known.description = description.map(str::to_owned).or(known.description.take());
        if let Some(group) = group {
            known.used = Some((known.used.map_or(now, |(first, _)| first), now));
            known.groups.retain(|other| other != group);
            known.groups.push(group.to_owned());
        }
    }

    pub(super) fn get_revision(&self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let (name, application) = self.application(caller, body)?;
        let (_, key) = location(&body["revision"])?;
        let known = application.revisions.iter().find(|known| known.key == key);
        let missing = || refuse("RevisionDoesNotExistException", "The named revision does not exist.");
        let known = known.ok_or_else(missing)?;
        Ok(json!({"applicationName": name, "revision": known.location, "revisionInfo": known.info()}))
    }

    pub(super) fn batch_get_revisions(&self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let (name, application) = self.application(caller, body)?;
        let wanted = body["revisions"].as_array().cloned().unwrap_or_default();
        if wanted.len() > 25 {
            return Err(refuse("BatchLimitExceededException", "The maximum number of names or IDs was exceeded."));
        }
        let mut found = Vec::new();
        for revision in &wanted {
            let (_, key) = location(revision)?;
            let known = application.revisions.iter().filter(|known| known.key == key);
            found.extend(
                known.map(|known| json!({"revisionLocation": known.location, "genericRevisionInfo": known.info()})),
            );
        }
        Ok(json!({"applicationName": name, "errorMessage": "", "revisions": found}))
    }
}

impl Registered {
    fn info(&self) -> Value {
        let mut info = json!({"deploymentGroups": self.groups, "registerTime": timestamp(self.since)});
        if let Some(description) = &self.description {
            info["description"] = json!(description);
        }
        if let Some((first, last)) = self.used {
            info["firstUsedTime"] = timestamp(first);
            info["lastUsedTime"] = timestamp(last);
        }
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appspec_is_read_as_codedeploy_reads_it() {
        const FULL: &str = "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      \
                            Properties:\n        TaskDefinition: app:1\n        LoadBalancerInfo:\n          \
                            ContainerName: app\n          ContainerPort: 80\nHooks:\n  - BeforeInstall: check\n";
        let check = |text: &str, expect: Result<&str, &str>| {
            let read = read(text.as_bytes()).map(|appspec| format!("{appspec:?}"));
            assert_eq!(read.as_deref().map_err(String::as_str), expect, "{text}");
        };
        let full = "AppSpec { task_definition: \"app:1\", container: \"app\", port: Some(80), \
                    hooks: {\"BeforeInstall\": \"check\"} }";
        check(FULL, Ok(full));
        check(&FULL.replace("ContainerPort: 80", "ContainerPort: \"80\""), Ok(full));
        check(&FULL.replace("Resources", "resources").replace("Properties", "properties"), Ok(full));
        check("a: [", Err(NOT_YAML));
        check("text", Err(NOT_YAML));
        check("version: 0.0", Err(NOT_APPSPEC));
        check(
            &FULL.replace("ContainerName: app", "- ContainerName: app").replace("          ContainerPort: 80\n", ""),
            Err(NOT_APPSPEC),
        );
    }
}
