//! Calls to Amazon CloudWatch.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use codedeploy_core::deployment::FiredAlarm;
use serde_json::Value;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, list, members, send, text};

pub(crate) const CLOUDWATCH: Service =
    Service { id: "CloudWatch", signing: "monitoring", host: "monitoring", protocol: Protocol::Query("2010-08-01") };

/// The most alarm names that one `DescribeAlarms` call accepts.
const BATCH: usize = 100;

/// Returns the names of those alarms, metric or composite, that are currently in state `ALARM`.
///
/// Alarms that do not exist, or that have returned to another state, are left out.
pub async fn alarms_in_alarm(aws: &Aws, names: &[String]) -> Result<Vec<FiredAlarm>, AwsError> {
    let fired = describe(aws, names, &[("StateValue", "ALARM"), ("MaxRecords", "100")], alarm).await?;
    Ok(sorted(fired, |alarm| &alarm.name))
}

/// An alarm and whether it is in state `ALARM`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmState {
    /// The alarm.
    pub alarm: FiredAlarm,
    /// Whether it is in state `ALARM`.
    pub fired: bool,
}

/// Returns those alarms, metric or composite, with their states. Alarms that do not exist are left out.
pub async fn alarm_states(aws: &Aws, names: &[String]) -> Result<Vec<AlarmState>, AwsError> {
    let state = |found: &Value| AlarmState { alarm: alarm(found), fired: text(found, "/StateValue") == Some("ALARM") };
    let states = describe(aws, names, &[("MaxRecords", "100")], state).await?;
    Ok(sorted(states, |state| &state.alarm.name))
}

fn sorted<T>(mut alarms: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    alarms.sort_by(|one, other| name(one).cmp(name(other)));
    alarms
}

async fn describe<T>(
    aws: &Aws,
    names: &[String],
    more: &[(&str, &str)],
    read: impl Fn(&Value) -> T,
) -> Result<Vec<T>, AwsError> {
    let mut alarms = Vec::new();
    for names in names.chunks(BATCH) {
        let call = aws.call("cloudwatch:DescribeAlarms", names.join(", "))?;
        let mut form = members("AlarmNames", names.iter().map(String::as_str));
        // Without the types CloudWatch describes metric alarms only.
        form.extend(members("AlarmTypes", ["MetricAlarm", "CompositeAlarm"]));
        form.extend(more.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let answer = send(aws, &CLOUDWATCH, &call, Arguments::Form(form), refused).await?;
        for kind in ["MetricAlarms", "CompositeAlarms"] {
            alarms.extend(list(&answer, &format!("/DescribeAlarmsResult/{kind}")).map(&read));
        }
    }
    Ok(alarms)
}

fn alarm(found: &Value) -> FiredAlarm {
    let name = text(found, "/AlarmName").unwrap_or_default().to_owned();
    let member = |pointer: &str| text(found, pointer).map(str::to_owned);
    let since = ["/StateTransitionedTimestamp", "/StateUpdatedTimestamp"].into_iter().find_map(|it| text(found, it));
    let since = since.and_then(|since| DateTime::from_str(since, Format::DateTimeWithOffset).ok()?.to_millis().ok());
    let since_ms = since.and_then(|ms| ms.try_into().ok());
    FiredAlarm { name, reason: member("/StateReason"), data: member("/StateReasonData"), since_ms }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::expect;

    fn answer(metric: &str, composite: &str) -> Answer {
        let result =
            format!("<CompositeAlarms>{composite}</CompositeAlarms><MetricAlarms>{metric}</MetricAlarms><NextToken/>");
        let body = format!(
            "<DescribeAlarmsResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><DescribeAlarmsResult>{result}\
             </DescribeAlarmsResult></DescribeAlarmsResponse>"
        );
        Answer::text(200, &body)
    }

    async fn ask(names: &[&str], answers: Vec<Answer>) -> (Result<Vec<FiredAlarm>, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        (alarms_in_alarm(&aws, &names).await, fake)
    }

    #[tokio::test]
    async fn both_kinds_of_alarm_are_read() {
        let metric = "<member><AlarmName>p99</AlarmName><StateValue>ALARM</StateValue>\
                      <StateReason>Threshold Crossed: 1 datapoint</StateReason>\
                      <StateReasonData>{&quot;threshold&quot;:1.0}</StateReasonData>\
                      <StateTransitionedTimestamp>2026-01-01T00:00:00.250Z</StateTransitionedTimestamp></member>";
        let composite = "<member><AlarmName>all</AlarmName><StateValue>ALARM</StateValue></member>";
        let (fired, fake) = ask(&["p99", "all", "5xx"], vec![answer(metric, composite)]).await;
        expect![[r#"
            [
                FiredAlarm {
                    name: "all",
                    reason: None,
                    data: None,
                    since_ms: None,
                },
                FiredAlarm {
                    name: "p99",
                    reason: Some(
                        "Threshold Crossed: 1 datapoint",
                    ),
                    data: Some(
                        "{\"threshold\":1.0}",
                    ),
                    since_ms: Some(
                        1767225600250,
                    ),
                },
            ]
        "#]]
        .assert_debug_eq(&fired.unwrap());
        let request = &fake.requests()[0];
        assert_eq!(
            String::from_utf8(request.body.clone()).unwrap(),
            "Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=p99&AlarmNames.member.2=all&AlarmNames.member.3=5xx\
             &AlarmTypes.member.1=MetricAlarm&AlarmTypes.member.2=CompositeAlarm&StateValue=ALARM&MaxRecords=100"
        );
        assert!(request.header("authorization").unwrap().contains("/eu-west-1/monitoring/aws4_request"));
    }

    #[tokio::test]
    async fn states_are_read_of_all_alarms_that_exist() {
        let fired = "<member><AlarmName>p99</AlarmName><StateValue>ALARM</StateValue></member>";
        let calm = "<member><AlarmName>all</AlarmName><StateValue>INSUFFICIENT_DATA</StateValue></member>";
        let fake = FakeAws::start(vec![answer(fired, calm)]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let names = ["p99", "all", "gone"].map(str::to_owned);
        let states = alarm_states(&aws, &names).await.unwrap();
        let states: Vec<_> = states.iter().map(|state| (state.alarm.name.as_str(), state.fired)).collect();
        assert_eq!(states, [("all", false), ("p99", true)]);
        let body = String::from_utf8(fake.requests()[0].body.clone()).unwrap();
        assert!(!body.contains("StateValue") && body.contains("MaxRecords=100"), "{body}");
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
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{message}</Message></Error>\
             <RequestId>rid</RequestId></ErrorResponse>"
        );
        let (result, _) = ask(&["p99"], vec![Answer::text(403, &body).with("x-amzn-requestid", "rid")]).await;
        expect![[r#"
            AWS01: cloudwatch:DescribeAlarms on p99 in eu-west-1: access denied for arn:aws:iam::1:user/ci: no identity-based policy allows the cloudwatch:DescribeAlarms action (request rid)
            hint: allow cloudwatch:DescribeAlarms on * to arn:aws:iam::1:user/ci in an identity-based policy"#]].assert_eq(&Fault::from(result.unwrap_err()).report());
    }
}
