//! CloudWatch (query protocol, `rpc-v2-cbor`, which the SDKs send, and JSON 1.0): the alarms of the deployment groups.

use std::collections::HashMap;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    Call, Principal, Refusal,
    clock::{Millis, timestamp},
    codedeploy::CodeDeploy,
    json_answer, s3, sts,
};
use crate::{http::Answer, unique};

/// The name space of its answers and errors in the query protocol.
pub(super) const NAMESPACE: &str = "http://monitoring.amazonaws.com/doc/2010-08-01/";

pub(super) fn answer(codedeploy: &CodeDeploy, caller: &Principal, call: &Call, now: Millis) -> Result<Answer, Refusal> {
    if !caller.may(&call.action()) {
        return Err(Refusal::denied(caller, &call.action(), "*"));
    }
    if call.operation != "DescribeAlarms" {
        let message = format!("this fake has no cloudwatch:{}", call.operation);
        return Err(Refusal::new(400, "UnknownOperationException", message));
    }
    let body = if call.is_query() { of_form(&sts::form(&call.request.text())) } else { call.json() };
    let names = body["AlarmNames"].as_array();
    let prefix = body["AlarmNamePrefix"].as_str().unwrap_or_default();
    let alarms = codedeploy.alarms(now).into_iter().filter(|(name, state)| {
        names.is_none_or(|names| names.is_empty() || names.iter().any(|wanted| wanted == name))
            && name.starts_with(prefix)
            && body["StateValue"].as_str().is_none_or(|wanted| wanted == state)
    });
    let (composite, metric): (Vec<_>, Vec<_>) = alarms.partition(|(name, _)| codedeploy.is_composite(name));
    // Without types, CloudWatch describes metric alarms only.
    let wants = |kind: &str| match body["AlarmTypes"].as_array() {
        Some(kinds) if !kinds.is_empty() => kinds.iter().any(|wanted| wanted == kind),
        _ => kind == "MetricAlarm",
    };
    let described = |kind: &str, alarms: &[(String, String)]| -> Vec<Value> {
        let alarms = alarms.iter().filter(|_| wants(kind));
        let since = |name: &str| codedeploy.fired_at(name).filter(|at| *at <= now).unwrap_or(now);
        alarms.map(|(name, state)| describe(caller, kind, name, state, since(name))).collect()
    };
    let (metric, composite) = (described("MetricAlarm", &metric), described("CompositeAlarm", &composite));
    let found = json!({"MetricAlarms": metric, "CompositeAlarms": composite});
    Ok(if call.is_query() { in_xml(&found) } else { json_answer(200, &found) })
}

/// The arguments of a form, as JSON has them.
fn of_form(form: &HashMap<String, String>) -> Value {
    let list =
        |name: &str| -> Vec<&String> { (1..).map_while(|place| form.get(&format!("{name}.member.{place}"))).collect() };
    json!({
        "AlarmNames": list("AlarmNames"),
        "AlarmTypes": list("AlarmTypes"),
        "AlarmNamePrefix": form.get("AlarmNamePrefix"),
        "StateValue": form.get("StateValue"),
    })
}

/// The members of a `DescribeAlarms` answer in XML.
pub(super) fn in_xml(found: &Value) -> Answer {
    let body = format!(
        "<DescribeAlarmsResponse xmlns=\"{NAMESPACE}\"><DescribeAlarmsResult>{}</DescribeAlarmsResult><ResponseMetadata>\
         <RequestId>b25b7f4e-8f4e-11e6-9c2c-5b4c2e5e7f11</RequestId></ResponseMetadata></DescribeAlarmsResponse>",
        element("", found)
    );
    Answer::new(200, "text/xml", body).with("x-amzn-requestid", unique::job_id())
}

/// The content of an element: times as text of ISO 8601, the items of a list as members.
fn element(name: &str, value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let elements =
                members.iter().map(|(name, value)| ["<", name, ">", &element(name, value), "</", name, ">"].concat());
            elements.collect()
        }
        Value::Array(items) => {
            items.iter().map(|item| ["<member>", &element("", item), "</member>"].concat()).collect()
        }
        Value::Number(seconds) if name.ends_with("Timestamp") => {
            let seconds = seconds.to_string();
            let whole = seconds.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or_default();
            let time = OffsetDateTime::from_unix_timestamp(whole).ok().and_then(|time| time.format(&Rfc3339).ok());
            time.unwrap_or_default()
        }
        Value::String(text) => s3::escape(text),
        other => other.to_string(),
    }
}

fn describe(caller: &Principal, kind: &str, name: &str, state: &str, since: Millis) -> Value {
    let member = format!("arn:aws:cloudwatch:{}:{}:alarm:{name}-member", caller.region, caller.account);
    let composite = kind == "CompositeAlarm";
    let reason = match state {
        "ALARM" if composite => "alarm changed to ALARM because one of its rules became true",
        "ALARM" => "Threshold Crossed: 1 datapoint [12.0] was greater than or equal to the threshold (1.0).",
        "OK" => "Threshold Crossed: 1 datapoint [0.0] was not greater than or equal to the threshold (1.0).",
        _ => "Insufficient Data: 1 datapoint was unknown.",
    };
    let mut alarm = json!({
        "AlarmName": name,
        "AlarmArn": format!("arn:aws:cloudwatch:{}:{}:alarm:{name}", caller.region, caller.account),
        "AlarmConfigurationUpdatedTimestamp": timestamp(1_767_225_600_000),
        "ActionsEnabled": true,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        "StateValue": state,
        "StateReason": reason,
        "StateUpdatedTimestamp": timestamp(since),
        "StateTransitionedTimestamp": timestamp(since)
    });
    let own = if composite {
        json!({"AlarmRule": format!("ALARM(\"{member}\")")})
    } else {
        json!({
            "MetricName": "HTTPCode_Target_5XX_Count",
            "Namespace": "AWS/ApplicationELB",
            "Statistic": "Sum",
            "Dimensions": [],
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold"
        })
    };
    if state == "ALARM" {
        let data = if composite {
            json!({"triggeringAlarms": [{"arn": member, "state": {"value": "ALARM", "timestamp": "2026-01-01T00:00:00.000+0000"}}]})
        } else {
            json!({"version": "1.0", "queryDate": "2026-01-01T00:02:00.000+0000", "startDate": "2026-01-01T00:01:00.000+0000",
                "statistic": "Sum", "period": 60, "recentDatapoints": [12.0], "threshold": 1.0,
                "evaluatedDatapoints": [{"timestamp": "2026-01-01T00:01:00.000+0000", "value": 12.0}]})
        };
        alarm["StateReasonData"] = data.to_string().into();
    }
    if let (Some(alarm), Value::Object(own)) = (alarm.as_object_mut(), own) {
        alarm.extend(own);
    }
    alarm
}
