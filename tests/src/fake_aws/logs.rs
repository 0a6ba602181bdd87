//! Amazon CloudWatch Logs: the events of log streams, as described by the test.

use serde_json::{Value, json};

use super::{Call, FakeAws, Principal, Refusal, clock::Millis, codedeploy::CodeDeploy, faults::matches, json_answer};
use crate::http::Answer;

/// The operations that this file answers; the log groups themselves are in the inventory.
pub(super) const OPERATIONS: [&str; 2] = ["GetLogEvents", "FilterLogEvents"];

#[derive(Debug, Default)]
pub(super) struct Logs(Vec<Stream>);

#[derive(Debug)]
struct Stream {
    group: String,
    /// Its name; a `*` at the end stands for the ID of any task.
    name: String,
    written: Written,
    lines: Vec<String>,
}

/// When the lines of a log were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A minute before they are read.
    Lately,
    /// While the newest deployment was in that lifecycle event. `{deployment}` in a line stands for its ID.
    During(&'static str),
    /// At that time, in milliseconds since 1970.
    At(Millis),
}

impl FakeAws {
    /// Adds the lines of a log stream; a `*` at the end of its name stands for any rest.
    pub fn add_log(&self, group: &str, stream: &str, written: Written, lines: &[&str]) {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        let (group, name) = (group.to_owned(), stream.to_owned());
        self.state().logs.0.push(Stream { group, name, written, lines });
    }
}

impl Logs {
    pub(super) fn answer(
        &self,
        codedeploy: &CodeDeploy,
        caller: &Principal,
        call: &Call,
        now: Millis,
    ) -> Result<Answer, Refusal> {
        let body = call.json();
        let group = body["logGroupName"].as_str().unwrap_or_default();
        if !caller.may(&call.action()) {
            let resource = format!("arn:aws:logs:{}:{}:log-group:{group}:log-stream:", caller.region, caller.account);
            return Err(Refusal::denied(caller, &call.action(), &resource));
        }
        let of_group: Vec<&Stream> = self.0.iter().filter(|stream| stream.group == group).collect();
        if of_group.is_empty() {
            let message = "The specified log group does not exist.";
            return Err(Refusal::new(400, "ResourceNotFoundException", message));
        }
        if call.operation == "GetLogEvents" {
            return get(codedeploy, &of_group, &body, now);
        }
        let (start, end) = (body["startTime"].as_u64().unwrap_or(0), body["endTime"].as_u64().unwrap_or(Millis::MAX));
        let events = of_group.iter().flat_map(|stream| {
            let of = |(place, (at, message)): (usize, (Millis, String))| {
                json!({"logStreamName": stream.name.trim_end_matches('*'), "timestamp": at, "message": message,
                    "ingestionTime": at + 500, "eventId": format!("{at}{place:06}")})
            };
            stream.events(codedeploy, now).into_iter().filter(|(at, _)| (start..=end).contains(at)).enumerate().map(of)
        });
        Ok(json_answer(200, &json!({"events": events.collect::<Vec<_>>(), "searchedLogStreams": []})))
    }
}

/// The last events of a stream. As AWS does, an answer at the end of the stream has tokens all the same.
fn get(codedeploy: &CodeDeploy, streams: &[&Stream], body: &Value, now: Millis) -> Result<Answer, Refusal> {
    let name = body["logStreamName"].as_str().unwrap_or_default();
    let Some(stream) = streams.iter().find(|stream| matches(&stream.name, name)) else {
        let message = "The specified log stream does not exist.";
        return Err(Refusal::new(400, "ResourceNotFoundException", message));
    };
    let mut events = stream.events(codedeploy, now);
    let limit = body["limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(10_000);
    events.drain(..events.len().saturating_sub(limit));
    let events =
        events.into_iter().map(|(at, message)| json!({"timestamp": at, "message": message, "ingestionTime": at + 500}));
    Ok(json_answer(
        200,
        &json!({"events": events.collect::<Vec<_>>(), "nextForwardToken": "f/36", "nextBackwardToken": "b/36"}),
    ))
}

impl Stream {
    fn events(&self, codedeploy: &CodeDeploy, now: Millis) -> Vec<(Millis, String)> {
        let (deployment, from) = match &self.written {
            Written::Lately => (String::new(), now - 60_000),
            Written::At(at) => (String::new(), *at),
            Written::During(event) => codedeploy.newest_event(event).unwrap_or_default(),
        };
        let line = |line: &String| line.replace("{deployment}", &deployment);
        (from + 1_000..).step_by(10).zip(self.lines.iter().map(line)).collect()
    }
}
