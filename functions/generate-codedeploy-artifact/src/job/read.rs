//! The strict reading of an event.

use codedeploy_aws::Credentials;
use codedeploy_core::document;
use codedeploy_core::fault::Fault;
use serde_json::{Map, Value};

use super::{ArtifactLocation, Job, JobId};
use crate::faults;

/// The maximum payload of an asynchronous invocation is far below this.
const EVENT_LIMIT: usize = 6 * 1024 * 1024;

/// The longest key of an object in S3, in bytes; the SDK does not check it.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
const KEY_BYTES: usize = 1_024;

pub(super) fn job(id: JobId, event: &str) -> Result<Job, Fault> {
    let event = document::json(event, document::Limits::of(EVENT_LIMIT))
        .map_err(|error| faults::unreadable(&error.to_string()))?;
    let job = event.get("CodePipeline.job").and_then(Value::as_object).ok_or_else(faults::not_a_job)?;
    let job = Node { path: String::new(), map: job };
    let data = job.map("data")?;
    let configuration = data.optional_map("actionConfiguration")?.map(|node| node.optional_map("configuration"));
    let user_parameters = match configuration.transpose()?.flatten() {
        Some(configuration) => configuration.optional_text("UserParameters")?,
        None => None,
    };
    let (credentials, credentials_expire) = match data.optional_map("artifactCredentials")? {
        Some(node) => (Some(credentials(&node)?), node.get("expirationTime").and_then(milliseconds)),
        None => (None, None),
    };
    Ok(Job {
        id,
        account: job.optional_text("accountId")?,
        user_parameters,
        inputs: artifacts(&data, "inputArtifacts")?,
        outputs: artifacts(&data, "outputArtifacts")?,
        credentials,
        credentials_expire,
        kms_key: data.optional_map("encryptionKey")?.map(|node| kms_key(&node)).transpose()?,
    })
}

fn artifacts(data: &Node<'_>, member: &'static str) -> Result<Vec<ArtifactLocation>, Fault> {
    data.maps(member)?.iter().map(artifact).collect()
}

fn artifact(node: &Node<'_>) -> Result<ArtifactLocation, Fault> {
    let name = node.text("name")?;
    let location = node.map("location")?;
    let kind = location.optional_text("type")?.unwrap_or_else(|| "S3".to_owned());
    if kind != "S3" {
        return Err(faults::location_type(&kind));
    }
    let place = location.map("s3Location")?;
    let (bucket, key) = (place.text("bucketName")?, place.text("objectKey")?);
    if key.len() > KEY_BYTES {
        return Err(faults::wrong_type(&place.path_to("objectKey"), "at most 1,024 bytes long"));
    }
    Ok(ArtifactLocation { name, bucket, key })
}

fn credentials(node: &Node<'_>) -> Result<Credentials, Fault> {
    let token = node.text("sessionToken")?;
    Ok(Credentials {
        access_key_id: node.text("accessKeyId")?,
        secret_access_key: node.text("secretAccessKey")?.into(),
        session_token: Some(token.into()),
    })
}

fn kms_key(node: &Node<'_>) -> Result<String, Fault> {
    let kind = node.text("type")?;
    if kind == "KMS" { node.text("id") } else { Err(faults::key_type(&kind)) }
}

/// AWS's sample has an integer; a fraction would be harmless.
fn milliseconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A map of the event with its path. `null` counts as absent throughout: every member of the model is optional.
struct Node<'a> {
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Node<'a> {
    fn get(&self, member: &str) -> Option<&'a Value> {
        self.map.get(member).filter(|value| !value.is_null())
    }

    fn optional_map(&self, member: &'static str) -> Result<Option<Node<'a>>, Fault> {
        self.get(member).map(|value| self.child(member, value)).transpose()
    }

    fn map(&self, member: &'static str) -> Result<Node<'a>, Fault> {
        self.optional_map(member)?.ok_or_else(|| faults::missing(&self.path_to(member)))
    }

    fn maps(&self, member: &'static str) -> Result<Vec<Node<'a>>, Fault> {
        let Some(value) = self.get(member) else { return Ok(Vec::new()) };
        let Some(items) = value.as_array() else {
            return Err(faults::wrong_type(&self.path_to(member), "a list"));
        };
        items.iter().enumerate().map(|(index, item)| self.child(&format!("{member}[{index}]"), item)).collect()
    }

    fn optional_text(&self, member: &'static str) -> Result<Option<String>, Fault> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(faults::wrong_type(&self.path_to(member), "text")),
        }
    }

    fn text(&self, member: &'static str) -> Result<String, Fault> {
        match self.optional_text(member)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(faults::missing(&self.path_to(member))),
        }
    }

    fn child(&self, member: &str, value: &'a Value) -> Result<Node<'a>, Fault> {
        let path = self.path_to(member);
        match value.as_object() {
            Some(map) => Ok(Node { path, map }),
            None => Err(faults::wrong_type(&path, "a map")),
        }
    }

    /// Paths start at `data`; the levels above it are the same in every event.
    fn path_to(&self, member: &str) -> String {
        if self.path.is_empty() { member.to_owned() } else { format!("{}.{member}", self.path) }
    }
}
