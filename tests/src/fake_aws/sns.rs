//! Amazon SNS (query protocol): topics, and what was published to them.

use std::collections::HashMap;

use super::{Call, FakeAws, Principal, Refusal, sts};
use crate::{http::Answer, unique};

/// The name space of its answers and errors.
pub(super) const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// Subject and message of each notification, by the ARN of the topic.
#[derive(Debug, Default)]
pub(super) struct Sns {
    topics: HashMap<String, Vec<(String, String)>>,
}

impl FakeAws {
    /// Creates a topic.
    pub fn add_topic(&self, arn: &str) {
        self.state().sns.topics.entry(arn.to_owned()).or_default();
    }

    /// Subject and message of what was published to a topic, in order.
    pub fn published(&self, arn: &str) -> Vec<(String, String)> {
        self.state().sns.topics.get(arn).cloned().unwrap_or_default()
    }
}

impl Sns {
    pub(super) fn answer(&mut self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        let form = sts::form(&call.request.text());
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let (topic, subject, message) = (field("TopicArn"), field("Subject"), field("Message"));
        if !caller.may(&call.action()) {
            let text = format!(
                "User: {} is not authorized to perform: SNS:{} on resource: {topic} because no identity-based policy allows \
                 the SNS:{} action",
                caller.arn, call.operation, call.operation
            );
            return Err(Refusal::new(403, "AuthorizationError", text));
        }
        if call.operation != "Publish" {
            return Err(Refusal::new(400, "InvalidAction", format!("this fake has no sns:{}", call.operation)));
        }
        // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: printable ASCII, less than 100 characters and no line breaks.
        if subject.len() > 100 || !subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || message.is_empty() {
            return Err(Refusal::new(400, "InvalidParameter", "Invalid parameter: Subject"));
        }
        let published = self.topics.get_mut(&topic);
        published.ok_or_else(|| Refusal::new(404, "NotFound", "Topic does not exist"))?.push((subject, message));
        let body = format!(
            "<PublishResponse xmlns=\"{NAMESPACE}\"><PublishResult><MessageId>{}</MessageId></PublishResult>\
             <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></PublishResponse>",
            unique::job_id(),
            unique::job_id()
        );
        Ok(Answer::new(200, "text/xml", body))
    }
}
