//! The event that CodePipeline sends to the function of an Invoke action.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::{fake_aws::Credentials, secrets, unique};

/// Builds an event. What is not asked for is not in it, as AWS leaves it out.
#[derive(Clone)]
pub struct JobEvent {
    id: String,
    account: String,
    user_parameters: Option<String>,
    inputs: Vec<Value>,
    outputs: Vec<Value>,
    credentials: Value,
    data: Map<String, Value>,
}

impl JobEvent {
    /// An event of a new job of that account. The keys for the artifact bucket are those of the action's role; all
    /// three of them are planted secrets.
    pub fn new(account: &str, credentials: &Credentials) -> JobEvent {
        secrets::plant("access key id of the job", &credentials.access_key_id);
        let in_15_minutes = OffsetDateTime::now_utc() + time::Duration::minutes(15);
        let keys = json!({
            "accessKeyId": credentials.access_key_id,
            "secretAccessKey": credentials.secret_access_key,
            "sessionToken": credentials.session_token,
            "expirationTime": in_15_minutes.unix_timestamp() * 1000,
        });
        JobEvent {
            id: unique::job_id(),
            account: account.to_owned(),
            user_parameters: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            credentials: keys,
            data: Map::new(),
        }
    }

    /// The id of the job, to be added to the fake with `add_job`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// UserParameters: whatever text stands in the action's configuration.
    #[must_use]
    pub fn user_parameters(self, text: &(impl ToString + ?Sized)) -> JobEvent {
        JobEvent { user_parameters: Some(text.to_string()), ..self }
    }

    /// One more input artifact.
    #[must_use]
    pub fn input(mut self, name: &str, bucket: &str, key: &str) -> JobEvent {
        self.inputs.push(artifact(name, bucket, key));
        self
    }

    /// One more output artifact.
    #[must_use]
    pub fn output(mut self, name: &str, bucket: &str, key: &str) -> JobEvent {
        self.outputs.push(artifact(name, bucket, key));
        self
    }

    /// The artifact store has a customer managed key.
    #[must_use]
    pub fn encryption_key(self, id: &str) -> JobEvent {
        self.data("encryptionKey", json!({"id": id, "type": "KMS"}))
    }

    /// The job continues another one.
    #[must_use]
    pub fn continuation_token(self, token: &str) -> JobEvent {
        self.data("continuationToken", json!(token))
    }

    /// The keys end at that time, in milliseconds since 1970; `None` leaves the member out, as some events do.
    #[must_use]
    pub fn keys_expire_at(mut self, milliseconds: Option<i64>) -> JobEvent {
        self.credentials["expirationTime"] = json!(milliseconds);
        if let (None, Some(keys)) = (milliseconds, self.credentials.as_object_mut()) {
            keys.shift_remove("expirationTime");
        }
        self
    }

    /// Any member of `data`, over what stands there otherwise: for events that AWS would not send.
    #[must_use]
    pub fn data(mut self, name: &str, value: Value) -> JobEvent {
        self.data.insert(name.to_owned(), value);
        self
    }

    /// The event as JSON.
    pub fn json(&self) -> Value {
        let mut configuration = Map::from_iter([("FunctionName".to_owned(), json!("generate-codedeploy-artifact"))]);
        if let Some(text) = &self.user_parameters {
            configuration.insert("UserParameters".to_owned(), json!(text));
        }
        let mut data = json!({
            "actionConfiguration": {"configuration": configuration},
            "inputArtifacts": self.inputs,
            "outputArtifacts": self.outputs,
            "artifactCredentials": self.credentials,
        });
        for (name, value) in &self.data {
            data[name] = value.clone();
        }
        json!({"CodePipeline.job": {"id": self.id, "accountId": self.account, "data": data}})
    }

    /// The record that Lambda sends to the function's on-failure destination when it gives the event up.
    pub fn record(&self, condition: &str, answer: &Value) -> String {
        json!({
            "version": "1.0", "timestamp": "2026-11-23T09:00:00.000Z",
            "requestContext": {
                "requestId": "e4b46cbf-b738-4a2f-8880-a18cdf61200e",
                "functionArn": "arn:aws:lambda:eu-west-1:111111111111:function:generate-codedeploy-artifact:$LATEST",
                "condition": condition, "approximateInvokeCount": 1,
            },
            "requestPayload": self.json(),
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": answer,
        })
        .to_string()
    }

    /// The event as Lambda delivers it.
    pub fn text(&self) -> String {
        self.json().to_string()
    }
}

fn artifact(name: &str, bucket: &str, key: &str) -> Value {
    let location = json!({"type": "S3", "s3Location": {"bucketName": bucket, "objectKey": key}});
    json!({"location": location, "revision": null, "name": name})
}
