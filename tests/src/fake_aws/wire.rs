//! A call on its way in and an answer on its way out: which operation of which service it is, in which protocol.

use std::time::Instant;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Principal, cbor, cloudwatch, elb, faults::Fault, inventory, s3, sns, sts};
use crate::{
    http::{Answer, Received},
    unique,
};

/// One request that reached the fake.
#[derive(Debug, Clone)]
pub struct Call {
    /// The way that IAM names it: `ecs`, `s3`, `codedeploy`, `cloudwatch`, `elasticloadbalancing`, …
    pub service: String,
    /// The operation, such as `PutObject`.
    pub operation: String,
    /// The access key id of the request; empty when it was not signed.
    pub access_key_id: String,
    /// The ARN of the caller, where the fake knows the key.
    pub caller: Option<String>,
    /// The region that the request was signed for.
    pub region: String,
    /// The request as it arrived.
    pub request: Received,
    /// When it had arrived.
    pub at: Instant,
    /// What went wrong on purpose.
    pub fault: Option<Fault>,
    /// The HTTP status of the answer, whether or not it was delivered.
    pub status: u16,
    /// The body of the answer, likewise.
    pub answer: Bytes,
    /// The headers of the answer, likewise.
    pub answer_headers: Vec<(String, String)>,
}

impl Call {
    /// `service:operation`, the way that IAM names it.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// The body, of whichever of the protocols of JSON; null where it is none of them.
    pub fn json(&self) -> Value {
        if self.is_cbor() {
            return cbor::decode(&self.request.body).unwrap_or_default();
        }
        serde_json::from_slice(&self.request.body).unwrap_or_default()
    }

    /// Whether it is a form of the query protocol.
    pub fn is_query(&self) -> bool {
        self.request.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
    }

    /// The service, by which the shape of an error goes; CloudWatch has several.
    pub(super) fn shape(&self) -> &str {
        if self.is_query() && self.service == "cloudwatch" { "monitoring" } else { &self.service }
    }

    /// Whether it speaks `rpc-v2-cbor`.
    pub fn is_cbor(&self) -> bool {
        self.request.header("smithy-protocol") == Some("rpc-v2-cbor")
    }
}

/// An error answer before it takes the shape of its service.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal { status, code: code.to_owned(), message: message.into() }
    }

    /// IAM's words, which users search for and which the product quotes.
    pub(super) fn denied(caller: &Principal, action: &str, resource: &str) -> Refusal {
        let message = format!(
            "User: {} is not authorized to perform: {action} on resource: {resource} \
             because no identity-based policy allows the {action} action",
            caller.arn
        );
        Refusal::new(403, "AccessDenied", message)
    }

    pub(super) fn render(self, service: &str) -> Answer {
        let Refusal { status, code, message } = self;
        let request_id = unique::job_id();
        match service {
            "s3" => Answer::new(status, "application/xml", s3::error_body(&code, &message, &request_id))
                .with("x-amz-request-id", request_id),
            "sns" | "sts" | "elasticloadbalancing" | "iam" | "monitoring" => {
                let namespace = match service {
                    "sns" => sns::NAMESPACE,
                    "sts" => sts::NAMESPACE,
                    "iam" => inventory::IAM_NAMESPACE,
                    "monitoring" => cloudwatch::NAMESPACE,
                    _ => elb::NAMESPACE,
                };
                Answer::new(status, "text/xml", sts::error_body(namespace, &code, &message, &request_id))
                    .with("x-amzn-requestid", request_id)
            }
            "ec2" => {
                let code = if code == "AccessDenied" { "UnauthorizedOperation" } else { &code };
                let body = format!(
                    "<Response><Errors><Error><Code>{code}</Code><Message>{}</Message></Error></Errors><RequestID>\
                     {request_id}</RequestID></Response>",
                    s3::escape(&message)
                );
                Answer::new(status, "text/xml", body)
            }
            "lambda" => {
                let code = if code == "AccessDenied" { "AccessDeniedException".to_owned() } else { code };
                Answer::new(status, "application/json", json!({"Type": "User", "Message": message}).to_string())
                    .with("x-amzn-requestid", request_id)
                    .with("x-amzn-errortype", code)
            }
            // IAM's refusal has its own code, status and capital `Message` in the JSON protocols.
            _ if code == "AccessDenied" => {
                json_answer(400, &json!({"__type": "AccessDeniedException", "Message": message}))
            }
            _ => json_answer(status, &json!({"__type": code, "message": message})),
        }
    }
}

pub(super) fn json_answer(status: u16, body: &Value) -> Answer {
    json_text_answer(status, body.to_string())
}

pub(super) fn json_text_answer(status: u16, body: String) -> Answer {
    Answer::new(status, "application/x-amz-json-1.1", body).with("x-amzn-requestid", unique::job_id())
}

pub(super) fn expired(service: &str) -> Refusal {
    let message = "The security token included in the request is expired";
    match service {
        "s3" => Refusal::new(400, "ExpiredToken", "The provided token has expired."),
        "sns" | "sts" | "elasticloadbalancing" | "iam" | "monitoring" => Refusal::new(403, "ExpiredToken", message),
        _ => Refusal::new(400, "ExpiredTokenException", message),
    }
}

/// The same answer for a client that speaks `rpc-v2-cbor`.
pub(super) fn in_cbor(answer: Answer) -> Answer {
    if !answer.headers.iter().any(|(_, value)| value.starts_with("application/x-amz-json")) {
        return answer;
    }
    let members = serde_json::from_slice(&answer.body).unwrap_or_else(|_| json!({}));
    let kept = answer.headers.into_iter().filter(|(name, _)| *name != "content-type");
    let own = [("content-type", "application/cbor".to_owned()), ("smithy-protocol", "rpc-v2-cbor".to_owned())];
    Answer { headers: kept.chain(own).collect(), body: cbor::encode(&members).into(), ..answer }
}

/// Reads `Credential=KEY/DATE/REGION/SERVICE/aws4_request` and finds the operation where the service's protocol has it.
pub(super) fn call(request: Received) -> Call {
    let scope = request.header("authorization").and_then(|value| value.split("Credential=").nth(1)).unwrap_or_default();
    let mut scope = scope.split(',').next().unwrap_or_default().split('/').map(str::to_owned);
    let access_key_id = scope.next().unwrap_or_default();
    let region = scope.nth(1).unwrap_or_default();
    let target = request.header("x-amz-target").and_then(|target| target.split('.').nth(1));
    let target = target.or_else(|| request.path.strip_prefix("/service/")?.split("/operation/").nth(1));
    let service = match scope.next().as_deref() {
        // CloudWatch signs for the name of its endpoint.
        Some("monitoring") => "cloudwatch".to_owned(),
        Some(service) => service.to_owned(),
        None => "s3".to_owned(),
    };
    let operation = match (service.as_str(), target) {
        ("s3", _) => s3::operation(&request).to_owned(),
        ("lambda", _) => "GetFunctionConfiguration".to_owned(),
        ("sns" | "sts" | "elasticloadbalancing" | "iam" | "ec2", _) | ("cloudwatch", None) => {
            sts::form(&request.text()).remove("Action").unwrap_or_default()
        }
        (_, target) => target.unwrap_or_default().to_owned(),
    };
    let (at, caller, fault, status, answer) = (Instant::now(), None, None, 0, Bytes::new());
    let answer_headers = Vec::new();
    Call { service, operation, access_key_id, caller, region, request, at, fault, status, answer, answer_headers }
}
