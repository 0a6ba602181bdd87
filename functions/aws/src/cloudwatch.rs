//! Calls to Amazon CloudWatch.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{AlarmType, StateValue};
use codedeploy_core::deployment::FiredAlarm;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;

/// The most alarm names that one `DescribeAlarms` call accepts.
const BATCH: usize = 100;

/// Returns the names of those alarms, metric or composite, that are currently in state `ALARM`.
///
/// Alarms that do not exist, or that have returned to another state, are left out.
pub async fn alarms_in_alarm(aws: &Aws, names: &[String]) -> Result<Vec<FiredAlarm>, AwsError> {
    let mut fired = Vec::new();
    for names in names.chunks(BATCH) {
        let call = aws.call("cloudwatch:DescribeAlarms", names.join(", "))?;
        let request = Client::new(aws.sdk())
            .describe_alarms()
            .set_alarm_names(Some(names.to_vec()))
            // Without the types CloudWatch describes metric alarms only.
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .state_value(StateValue::Alarm)
            .max_records(100);
        let answer = call.answer(request.send().await, refused)?;
        fired.extend(answer.metric_alarms().iter().map(|it| alarm(it.alarm_name(), it.state_reason())));
        fired.extend(answer.composite_alarms().iter().map(|it| alarm(it.alarm_name(), it.state_reason())));
    }
    fired.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(fired)
}

fn alarm(name: Option<&str>, reason: Option<&str>) -> FiredAlarm {
    FiredAlarm { name: name.unwrap_or_default().to_owned(), reason: reason.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws, cbor};
    use codedeploy_core::fault::Fault;
    use expect_test::expect;
    use serde_json::{Value, json};

    fn answer(status: u16, body: &Value) -> Answer {
        Answer::Reply { status, headers: Vec::new(), body: cbor::write(body) }
            .with("smithy-protocol", "rpc-v2-cbor")
            .with("content-type", "application/cbor")
            .with("x-amzn-requestid", "rid")
    }

    async fn ask(names: &[&str], answers: Vec<Answer>) -> (Result<Vec<FiredAlarm>, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        (alarms_in_alarm(&aws, &names).await, fake)
    }

    #[tokio::test]
    async fn both_kinds_of_alarm_are_read() {
        let body = json!({
            "MetricAlarms": [{"AlarmName": "p99", "StateValue": "ALARM", "StateReason": "Threshold Crossed: 1 datapoint",
                "StateUpdatedTimestamp": 1_700_000_060, "StateTransitionedTimestamp": 1_700_000_000.5}],
            "CompositeAlarms": [{"AlarmName": "all", "StateValue": "ALARM", "StateUpdatedTimestamp": 1_700_000_070}],
        });
        let (fired, fake) = ask(&["p99", "all", "5xx"], vec![answer(200, &body)]).await;
        expect![[r#"
            [
                FiredAlarm {
                    name: "all",
                    reason: None,
                },
                FiredAlarm {
                    name: "p99",
                    reason: Some(
                        "Threshold Crossed: 1 datapoint",
                    ),
                },
            ]
        "#]]
        .assert_debug_eq(&fired.unwrap());
        let request = &fake.requests()[0];
        assert_eq!(request.line, "POST /service/GraniteServiceVersion20100801/operation/DescribeAlarms HTTP/1.1");
        assert_eq!(request.header("smithy-protocol"), Some("rpc-v2-cbor"));
        let expect = json!({"AlarmNames": ["p99", "all", "5xx"], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
            "StateValue": "ALARM", "MaxRecords": 100});
        assert_eq!(cbor::read(&request.body), expect);
    }

    #[tokio::test]
    async fn without_names_nothing_is_asked() {
        let (fired, fake) = ask(&[], Vec::new()).await;
        assert_eq!((fired.unwrap(), fake.requests().len()), (Vec::new(), 0));
    }

    #[tokio::test]
    async fn a_refusal_names_the_alarms() {
        let message = "User: arn:aws:iam::1:user/ci is not authorized to perform: cloudwatch:DescribeAlarms on \
                       resource: * because no identity-based policy allows the cloudwatch:DescribeAlarms action";
        let body = json!({"__type": "com.amazonaws.cloudwatch#AccessDeniedException", "message": message});
        let (result, _) = ask(&["p99"], vec![answer(400, &body)]).await;
        expect![[r#"
            AWS01: cloudwatch:DescribeAlarms on p99 in eu-west-1: access denied for arn:aws:iam::1:user/ci: no identity-based policy allows the cloudwatch:DescribeAlarms action (request rid)
            hint: allow cloudwatch:DescribeAlarms on * to arn:aws:iam::1:user/ci in an identity-based policy"#]].assert_eq(&Fault::from(result.unwrap_err()).report());
    }
}
