//! Calls to Amazon CloudWatch Logs.

use serde_json::json;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, list, send, text};

pub(crate) const LOGS: Service =
    Service { id: "CloudWatch Logs", signing: "logs", host: "logs", protocol: Protocol::Json("Logs_20140328") };

/// Whether there is a log group of that name: `DescribeLogGroups` by prefix, whose first answer is the shortest name.
pub async fn log_group_exists(aws: &Aws, name: &str) -> Result<bool, AwsError> {
    let call = aws.call("logs:DescribeLogGroups", name)?;
    let arguments = Arguments::Json(json!({ "logGroupNamePrefix": name }));
    let answer = send(aws, &LOGS, &call, arguments, refused).await?;
    Ok(list(&answer, "/logGroups").any(|group| text(group, "/logGroupName") == Some(name)))
}
