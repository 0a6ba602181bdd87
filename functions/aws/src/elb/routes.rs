//! Target groups and listeners, and where a listener sends its traffic.

use codedeploy_core::account::facts::{HealthCheck, Listener, ListenerRule, TargetGroup};
use serde_json::Value;

use super::{ELB, cause};
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, find, list, members, pages, text};

/// The target group of that name: `DescribeTargetGroups`. `None` if it does not exist.
pub async fn target_group(aws: &Aws, name: &str) -> Result<Option<TargetGroup>, AwsError> {
    let call = aws.call("elasticloadbalancing:DescribeTargetGroups", name)?;
    let missing = ["TargetGroupNotFound", "TargetGroupNotFoundException"];
    let found = find(aws, &ELB, &call, Arguments::Form(members("Names", [name])), &missing).await?;
    Ok(found.and_then(|found| found.pointer("/DescribeTargetGroupsResult/TargetGroups/0").map(described)))
}

/// A listener with its rules: `DescribeListeners`, and `DescribeRules` for one of HTTP. `None` if it does not exist.
pub async fn listener(aws: &Aws, arn: &str) -> Result<Option<Listener>, AwsError> {
    let call = aws.call("elasticloadbalancing:DescribeListeners", arn)?;
    let missing = ["ListenerNotFound", "ListenerNotFoundException"];
    let found = find(aws, &ELB, &call, Arguments::Form(members("ListenerArns", [arn])), &missing).await?;
    let found = found.as_ref().and_then(|found| found.pointer("/DescribeListenersResult/Listeners/0"));
    let Some(found) = found else { return Ok(None) };
    let protocol = text(found, "/Protocol").unwrap_or_default();
    let mut rules = if ["HTTP", "HTTPS"].contains(&protocol) { own_rules(aws, arn).await? } else { Vec::new() };
    rules.push(ListenerRule { arn: None, forwards: forwards(found, "/DefaultActions") });
    Ok(Some(Listener {
        load_balancer: text(found, "/LoadBalancerArn").unwrap_or_default().to_owned(),
        name: format!("{protocol}:{}", text(found, "/Port").unwrap_or("0")),
        rules,
    }))
}

/// The rules of a listener without the one of its default action.
async fn own_rules(aws: &Aws, listener: &str) -> Result<Vec<ListenerRule>, AwsError> {
    let call = aws.call("elasticloadbalancing:DescribeRules", listener)?;
    let arguments = |marker: Option<&str>| {
        let marker = marker.map(|marker| ("Marker".to_owned(), marker.to_owned()));
        Arguments::Form([("ListenerArn".to_owned(), listener.to_owned())].into_iter().chain(marker).collect())
    };
    let mut rules = Vec::new();
    pages(aws, &ELB, &call, arguments, "/DescribeRulesResult/NextMarker", cause, |page| {
        let own = list(page, "/DescribeRulesResult/Rules").filter(|rule| text(rule, "/IsDefault") != Some("true"));
        rules.extend(own.map(|rule| ListenerRule {
            arn: text(rule, "/RuleArn").map(str::to_owned),
            forwards: forwards(rule, "/Actions"),
        }));
        true
    })
    .await?;
    Ok(rules)
}

/// An action names one target group, or several with weights; an old client sees the one of a list of one in both places.
fn forwards(of: &Value, actions: &str) -> Vec<(String, u32)> {
    let forward = list(of, actions).filter(|action| text(action, "/Type") == Some("forward"));
    forward
        .flat_map(|action| {
            let weight = |it: &Value| text(it, "/Weight").map_or(1, |weight| weight.parse().unwrap_or_default());
            let weighted: Vec<(String, u32)> = list(action, "/ForwardConfig/TargetGroups")
                .filter_map(|it| Some((text(it, "/TargetGroupArn")?.to_owned(), weight(it))))
                .collect();
            match (weighted.is_empty(), text(action, "/TargetGroupArn")) {
                (true, Some(arn)) => vec![(arn.to_owned(), 1)],
                _ => weighted,
            }
        })
        .collect()
}

fn described(found: &Value) -> TargetGroup {
    let own = |pointer: &str| text(found, pointer).unwrap_or_default().to_owned();
    let codes = text(found, "/Matcher/HttpCode").or_else(|| text(found, "/Matcher/GrpcCode"));
    TargetGroup {
        arn: own("/TargetGroupArn"),
        target_type: own("/TargetType"),
        protocol: own("/Protocol"),
        vpc: own("/VpcId"),
        load_balancers: list(found, "/LoadBalancerArns").filter_map(Value::as_str).map(str::to_owned).collect(),
        health_check: HealthCheck {
            protocol: own("/HealthCheckProtocol"),
            port: own("/HealthCheckPort"),
            path: own("/HealthCheckPath"),
            codes: codes.unwrap_or_default().to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    async fn ask(answers: &[(&str, &str)]) -> (Result<Option<Listener>, AwsError>, FakeAws) {
        let answer = |(operation, result): &(&str, &str)| {
            let body =
                format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>");
            Answer::text(200, &body)
        };
        let fake = FakeAws::start(answers.iter().map(answer).collect());
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (listener(&aws, "arn:listener").await, fake)
    }

    fn listener_of(protocol: &str, action: &str) -> String {
        format!(
            "<Listeners><member><LoadBalancerArn>lb</LoadBalancerArn><Port>443</Port><Protocol>{protocol}</Protocol>\
             <DefaultActions><member>{action}</member></DefaultActions></member></Listeners>"
        )
    }

    const PLAIN: &str = "<Type>forward</Type><TargetGroupArn>blue</TargetGroupArn>";
    const WEIGHTED: &str = "<Type>forward</Type><ForwardConfig><TargetGroups><member><TargetGroupArn>blue</TargetGroupArn>\
        <Weight>0</Weight></member><member><TargetGroupArn>green</TargetGroupArn><Weight>100</Weight></member></TargetGroups>\
        </ForwardConfig>";

    #[tokio::test]
    async fn rules_come_before_the_default_action() {
        let listener = listener_of("HTTPS", PLAIN);
        let rules = format!(
            "<Rules><member><RuleArn>r1</RuleArn><Priority>1</Priority><IsDefault>false</IsDefault><Actions><member>\
             <Type>authenticate-oidc</Type></member><member>{WEIGHTED}</member></Actions></member><member><RuleArn>r0</RuleArn>\
             <Priority>default</Priority><IsDefault>true</IsDefault><Actions><member>{PLAIN}</member></Actions></member></Rules>"
        );
        let (found, fake) = ask(&[("DescribeListeners", &listener), ("DescribeRules", &rules)]).await;
        let found = found.unwrap().unwrap();
        assert_eq!((&*found.name, &*found.load_balancer), ("HTTPS:443", "lb"));
        let weighted = vec![("blue".to_owned(), 0), ("green".to_owned(), 100)];
        let rule = ListenerRule { arn: Some("r1".to_owned()), forwards: weighted };
        let default = ListenerRule { arn: None, forwards: vec![("blue".to_owned(), 1)] };
        assert_eq!(found.rules, [rule, default]);
        assert_eq!(fake.requests().len(), 2);
    }

    /// A Network Load Balancer has no rules.
    #[tokio::test]
    async fn a_listener_of_another_protocol_has_its_default_action_only() {
        let (found, fake) = ask(&[("DescribeListeners", &listener_of("TLS", PLAIN))]).await;
        assert_eq!((found.unwrap().unwrap().rules.len(), fake.requests().len()), (1, 1));
    }
}
