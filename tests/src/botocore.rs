//! botocore's models as a judge of calls: whether a program asks as AWS expects, and whether our own fake answers as
//! AWS does.

use std::{collections::BTreeMap, sync::OnceLock};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{fake_aws::Call, python::Worker};

/// What does not fit in the requests and the answers of these calls, each finding once; `None` (reported) where this
/// machine has no Python. Answers that were spoiled on purpose are left out.
///
/// # Panics
/// When the script itself fails.
pub fn findings(calls: &[Call]) -> Option<Vec<String>> {
    static SCRIPT: OnceLock<Option<Worker>> = OnceLock::new();
    let worker = SCRIPT.get_or_init(|| Worker::start(include_str!("botocore/validate.py"))).as_ref()?;
    let calls: Vec<Value> = calls.iter().filter(|call| call.fault.is_none()).map(recorded).collect();
    let findings = worker.ask(&json!(calls));
    Some(findings.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Fails the test unless every one of these calls, and the answer to it, is as botocore's models say.
///
/// # Panics
/// With all findings.
pub fn check(calls: &[Call]) {
    let findings = findings(calls).unwrap_or_default();
    assert!(findings.is_empty(), "botocore's models say otherwise:\n{}", findings.join("\n"));
}

fn recorded(call: &Call) -> Value {
    json!({
        "service": call.service,
        "operation": call.operation,
        "target": call.request.header("x-amz-target"),
        "cbor": call.is_cbor(),
        "query": call.is_query(),
        "request": STANDARD.encode(&call.request.body),
        "status": call.status,
        "headers": call.answer_headers.iter().cloned().collect::<BTreeMap<_, _>>(),
        "answer": STANDARD.encode(&call.answer)
    })
}
