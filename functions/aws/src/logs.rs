//! Calls to Amazon CloudWatch Logs.

#[cfg(feature = "command-line")]
use codedeploy_core::deployment::LogLine;
#[cfg(feature = "command-line")]
use serde_json::Value;
use serde_json::json;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
#[cfg(feature = "command-line")]
use crate::lean::find;
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

/// The most pages that are read of a log: an answer can be empty although there are events on the next page.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html>
#[cfg(feature = "command-line")]
const PAGES: usize = 3;

/// The last events of a log stream, at most `most`, in their order: `GetLogEvents`. `None` if the group or the stream does
/// not exist.
#[cfg(feature = "command-line")]
pub async fn last_events(aws: &Aws, group: &str, stream: &str, most: usize) -> Result<Option<Vec<LogLine>>, AwsError> {
    let call = aws.call("logs:GetLogEvents", format!("{group}:{stream}"))?;
    let mut token: Option<String> = None;
    for _ in 0..PAGES {
        let mut arguments =
            json!({ "logGroupName": group, "logStreamName": stream, "startFromHead": false, "limit": most });
        if let Some(token) = &token {
            arguments["nextToken"] = token.as_str().into();
        }
        let found = find(aws, &LOGS, &call, Arguments::Json(arguments), &["ResourceNotFoundException"]).await?;
        let Some(page) = found else { return Ok(None) };
        let events: Vec<LogLine> = list(&page, "/events").map(event).collect();
        let before = text(&page, "/nextBackwardToken").map(str::to_owned);
        if !events.is_empty() || before.is_none() || before == token {
            return Ok(Some(events));
        }
        token = before;
    }
    Ok(Some(Vec::new()))
}

/// The events of a log group in a range of milliseconds since 1970, each with its stream: `FilterLogEvents`, at most three
/// pages. `None` if the group does not exist.
#[cfg(feature = "command-line")]
pub async fn events_between(
    aws: &Aws,
    group: &str,
    between: std::ops::Range<u64>,
) -> Result<Option<Vec<(String, LogLine)>>, AwsError> {
    let call = aws.call("logs:FilterLogEvents", group)?;
    let (mut events, mut token) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let mut arguments = json!({ "logGroupName": group, "startTime": between.start, "endTime": between.end });
        if let Some(token) = &token {
            arguments["nextToken"] = token.as_str().into();
        }
        let found = find(aws, &LOGS, &call, Arguments::Json(arguments), &["ResourceNotFoundException"]).await?;
        let Some(page) = found else { return Ok(None) };
        let stream = |found: &Value| text(found, "/logStreamName").unwrap_or_default().to_owned();
        events.extend(list(&page, "/events").map(|found| (stream(found), event(found))));
        let next = text(&page, "/nextToken").filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_none() || next == token {
            break;
        }
        token = next;
    }
    Ok(Some(events))
}

#[cfg(feature = "command-line")]
fn event(found: &Value) -> LogLine {
    let at_ms = found.get("timestamp").and_then(Value::as_u64);
    LogLine { at_ms, text: text(found, "/message").unwrap_or_default().to_owned() }
}
