//! A job whose own invocation ended without a report: killed, out of memory, timed out before the first line, or
//! never started because the function was throttled.
//!
//! The process itself cannot report that. Lambda sends a record to the function's on-failure destination, a second
//! function with this same program, which finds the job in the record and reports it as failed. The record contains the
//! whole event with its credentials, so the destination must be a function, never a queue or a bucket that stores it.
//!
//! [Record](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html)

use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::Arn;
use serde_json::value::RawValue;

use crate::members::Members;

/// The event of a lost invocation, and the reason.
#[derive(Debug)]
pub struct Lost {
    /// The event of the invocation.
    pub event: Box<RawValue>,
    /// How it ended.
    pub ending: Fault,
}

faults! {
    /// The fault of an invocation that ended without a result.
    pub(crate) const FORMS;

    /// The event waited too long for the function. Every part is what Lambda reports.
    fn throttled(function: &str, how: &str) => "JOB07" Unavailable
        "{function} ended without a result: {how}",
        "the function was throttled; check its reserved concurrency and its throttles, then re-run the action";

    /// The invocation was killed, or timed out. Every part is what Lambda reports.
    fn ended(function: &str, how: &str) => "JOB07" Bug
        "{function} ended without a result: {how}",
        "look for that request in the function's log; if it was killed, raise the function's memory; if it timed out, raise its \
         timeout";
}

/// The condition of an event that waited too long for a free function.
const TOO_OLD: &str = "EventAgeExceeded";

/// Reads the record of a failed asynchronous invocation; `None` for every other event.
pub fn read(event: &RawValue) -> Option<Lost> {
    let record = Members::of(event)?;
    let context = Members::of(record.get("requestContext")?)?;
    let text = |name: &str| context.get(name).map(text).unwrap_or_default();
    let condition = text("condition");
    if condition.is_empty() || condition == "Success" {
        return None;
    }
    let attempts = context.get("approximateInvokeCount").and_then(|count| serde_json::from_str(count.get()).ok());
    let request = text("requestId");
    let attempts: u64 = attempts.unwrap_or_default();
    let error = record.get("responsePayload").map(|answer| error(answer, &request)).unwrap_or_default();
    let said = if error.is_empty() { error } else { format!("; Lambda reports: {}", shown(&error)) };
    let how = format!("{}, attempts: {attempts}{said} (request {})", shown(&condition), shown(&request));
    let fault = if condition == TOO_OLD { throttled } else { ended };
    let ending = fault(&named(&text("functionArn")), &how);
    Some(Lost { event: record.get("requestPayload")?.to_owned(), ending })
}

fn named(function: &str) -> String {
    let resource = Arn::parse(function).and_then(|arn| arn.resource.strip_prefix("function:"));
    match resource.and_then(|name| name.split(':').next()) {
        Some(name) => format!("function {}", shown(name)),
        None => "the function".to_owned(),
    }
}

/// The type and the message of the error, without the request id that Lambda puts in front of it.
fn error(answer: &RawValue, request: &str) -> String {
    let answer = Members::of(answer).unwrap_or_default();
    let part = |name: &str| answer.get(name).map(text).unwrap_or_default();
    let (kind, message) = (part("errorType"), part("errorMessage"));
    let message = message.strip_prefix(&format!("RequestId: {request} ")).unwrap_or(&message);
    [kind.as_str(), message].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

fn text(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    /// The example of AWS's own page, around a job.
    fn record(condition: &str, answer: &serde_json::Value) -> Box<RawValue> {
        let record = json!({
            "version": "1.0", "timestamp": "2019-11-14T18:16:05.568Z",
            "requestContext": {
                "requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
                "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:my-function:$LATEST",
                "condition": condition, "approximateInvokeCount": 3,
            },
            "requestPayload": {"CodePipeline.job": {"id": "11111111-abcd-1111-abcd-111111abcdef"}},
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": answer,
        });
        serde_json::value::to_raw_value(&record).expect("JSON")
    }

    fn check(condition: &str, answer: &serde_json::Value, expected: &Expect) {
        let lost = read(&record(condition, answer)).expect("a record");
        assert!(crate::job::id(&lost.event).is_ok(), "the event is handed on");
        expected.assert_eq(&lost.ending.report());
    }

    #[test]
    fn the_reason_is_what_lambda_says() {
        let exited = json!({"errorMessage":
            "RequestId: e4b46cbf-b738-xmpl-8880-a18cdf61200e Process exited before completing request"});
        check(
            "RetriesExhausted",
            &exited,
            &expect![[r#"
            JOB07: function my-function ended without a result: RetriesExhausted, attempts: 3; Lambda reports: Process exited before completing request (request e4b46cbf-b738-xmpl-8880-a18cdf61200e)
            hint: look for that request in the function's log; if it was killed, raise the function's memory; if it timed out, raise its timeout"#]],
        );
        check(
            "EventAgeExceeded",
            &json!(null),
            &expect![[r#"
            JOB07: function my-function ended without a result: EventAgeExceeded, attempts: 3 (request e4b46cbf-b738-xmpl-8880-a18cdf61200e)
            hint: the function was throttled; check its reserved concurrency and its throttles, then re-run the action"#]],
        );
        let forged = json!({"errorType": "Runtime.ExitError", "errorMessage": "killed\nSUCCESS \u{1b}[32m"});
        let lost = read(&record("RetriesExhausted", &forged)).expect("a record");
        assert_eq!(lost.ending.to_string().lines().count(), 1);
    }

    #[test]
    fn other_events_are_no_records() {
        assert!(read(&record("Success", &json!({}))).is_none());
        for event in
            ["{}", "[]", "null", r#"{"requestContext":{"condition":"RetriesExhausted"}}"#, r#"{"requestContext":7}"#]
        {
            let event = RawValue::from_string(event.to_owned()).expect("JSON");
            assert!(read(&event).is_none(), "{event}");
        }
    }
}
