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
        let arguments =
            json!({ "logGroupName": group, "logStreamName": stream, "startFromHead": false, "limit": most });
        let found =
            find(aws, &LOGS, &call, page_of(arguments, token.as_deref()), &["ResourceNotFoundException"]).await?;
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
        let arguments = json!({ "logGroupName": group, "startTime": between.start, "endTime": between.end });
        let found =
            find(aws, &LOGS, &call, page_of(arguments, token.as_deref()), &["ResourceNotFoundException"]).await?;
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

/// The arguments of a page: the first one has no token.
#[cfg(feature = "command-line")]
fn page_of(mut arguments: Value, token: Option<&str>) -> Arguments {
    if let (Some(token), Some(members)) = (token, arguments.as_object_mut()) {
        members.insert("nextToken".to_owned(), token.into());
    }
    Arguments::Json(arguments)
}

#[cfg(feature = "command-line")]
fn event(found: &Value) -> LogLine {
    let at_ms = found.get("timestamp").and_then(Value::as_u64);
    LogLine { at_ms, text: text(found, "/message").unwrap_or_default().to_owned() }
}

#[cfg(all(test, feature = "command-line"))]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    async fn start(answers: &[Value]) -> (Aws, FakeAws) {
        let fake = FakeAws::start(answers.iter().map(|body| Answer::json(200, &body.to_string())).collect());
        (aws_at(&fake.url, Timeouts::default()).await, fake)
    }

    fn line(at_ms: u64, text: &str) -> LogLine {
        LogLine { at_ms: Some(at_ms), text: text.to_owned() }
    }

    #[tokio::test]
    async fn an_empty_page_is_not_the_end_of_a_stream() {
        let (aws, fake) = start(&[
            json!({"events": [], "nextBackwardToken": "b/1", "nextForwardToken": "f/1"}),
            json!({"events": [{"timestamp": 5, "message": "a", "ingestionTime": 6}, {"timestamp": 7, "message": "b"}],
                "nextBackwardToken": "b/2"}),
        ])
        .await;
        let events = last_events(&aws, "/ecs/web", "web/app/1", 20).await.unwrap();
        assert_eq!(events, Some(vec![line(5, "a"), line(7, "b")]));
        let [first, second] = &fake.requests()[..] else { panic!("two requests") };
        assert_eq!(first.header("x-amz-target"), Some("Logs_20140328.GetLogEvents"));
        let asked =
            json!({"logGroupName": "/ecs/web", "logStreamName": "web/app/1", "startFromHead": false, "limit": 20});
        assert_eq!(first.body_json(), asked);
        assert_eq!(second.body_json()["nextToken"], "b/1");
    }

    #[tokio::test]
    async fn a_stream_that_stays_empty_and_one_that_does_not_exist() {
        let empty = json!({"events": [], "nextBackwardToken": "b/1"});
        let (aws, fake) = start(&[empty.clone(), empty]).await;
        assert_eq!(last_events(&aws, "g", "s", 1).await.unwrap(), Some(Vec::new()));
        assert_eq!(fake.requests().len(), 2);
        let missing = r#"{"__type":"ResourceNotFoundException","message":"The specified log stream does not exist."}"#;
        let fake = FakeAws::start(vec![Answer::json(400, missing), Answer::json(400, missing)]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        assert_eq!(last_events(&aws, "g", "s", 1).await.unwrap(), None);
        assert_eq!(events_between(&aws, "g", 1..2).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_range_is_read_page_by_page_up_to_three() {
        let page = |number: u64| json!({"events": [{"logStreamName": "s", "timestamp": number, "message": "m"}], "nextToken": number.to_string()});
        let (aws, fake) = start(&[page(1), page(2), page(3), page(4)]).await;
        let events = events_between(&aws, "/aws/lambda/f", 10..20).await.unwrap().unwrap();
        assert_eq!(events, [1, 2, 3].map(|at| ("s".to_owned(), line(at, "m"))));
        assert_eq!(
            fake.requests()[0].body_json(),
            json!({"logGroupName": "/aws/lambda/f", "startTime": 10, "endTime": 20})
        );
    }
}
