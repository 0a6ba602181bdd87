//! Target groups and listeners, and where a listener sends its traffic.

use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{
    self, Action, ActionTypeEnum, ForwardActionConfig, ProtocolEnum, TargetTypeEnum,
};
use codedeploy_core::account::facts::{HealthCheck, Listener, ListenerRule, TargetGroup};

use super::cause;
use crate::config::Aws;
use crate::error::AwsError;

/// The target group of that name: `DescribeTargetGroups`. `None` if it does not exist.
pub async fn target_group(aws: &Aws, name: &str) -> Result<Option<TargetGroup>, AwsError> {
    let call = aws.call("elasticloadbalancing:DescribeTargetGroups", name)?;
    let answer = Client::new(aws.sdk()).describe_target_groups().names(name).send().await;
    let found = existing(call.answer(answer, cause), "TargetGroupNotFound")?;
    Ok(found.and_then(|found| found.target_groups().first().map(described)))
}

/// A listener with its rules: `DescribeListeners`, and `DescribeRules` for one of HTTP. `None` if it does not exist.
pub async fn listener(aws: &Aws, arn: &str) -> Result<Option<Listener>, AwsError> {
    let call = aws.call("elasticloadbalancing:DescribeListeners", arn)?;
    let client = Client::new(aws.sdk());
    let answer = client.describe_listeners().listener_arns(arn).send().await;
    let Some(found) = existing(call.answer(answer, cause), "ListenerNotFound")? else { return Ok(None) };
    let Some(found) = found.listeners().first() else { return Ok(None) };
    let mut rules = Vec::new();
    if matches!(found.protocol(), Some(ProtocolEnum::Http | ProtocolEnum::Https)) {
        let call = aws.call("elasticloadbalancing:DescribeRules", arn)?;
        let mut pages = client.describe_rules().listener_arn(arn).into_paginator().items().send();
        while let Some(rule) = pages.next().await {
            let rule = call.answer(rule, cause)?;
            if rule.is_default() != Some(true) {
                rules
                    .push(ListenerRule { arn: rule.rule_arn().map(str::to_owned), forwards: forwards(rule.actions()) });
            }
        }
    }
    rules.push(ListenerRule { arn: None, forwards: forwards(found.default_actions()) });
    let protocol = found.protocol().map_or("", ProtocolEnum::as_str);
    Ok(Some(Listener {
        load_balancer: found.load_balancer_arn().unwrap_or_default().to_owned(),
        name: format!("{protocol}:{}", found.port().unwrap_or_default()),
        rules,
    }))
}

/// `None` for the error code of something that does not exist.
fn existing<T>(answer: Result<T, AwsError>, code: &str) -> Result<Option<T>, AwsError> {
    match answer {
        Err(error) if error.aws_code().strip_suffix("Exception").unwrap_or(error.aws_code()) == code => Ok(None),
        answer => answer.map(Some),
    }
}

/// An action names one target group, or several with weights; an old client sees the one of a list of one in both places.
fn forwards(actions: &[Action]) -> Vec<(String, u32)> {
    let forward = actions.iter().filter(|action| matches!(action.r#type(), Some(ActionTypeEnum::Forward)));
    forward
        .flat_map(|action| {
            let weighted = action.forward_config().map(ForwardActionConfig::target_groups).unwrap_or_default();
            let weight = |weight: Option<i32>| weight.map_or(1, |weight| weight.try_into().unwrap_or_default());
            let weighted: Vec<(String, u32)> = weighted
                .iter()
                .filter_map(|it| Some((it.target_group_arn()?.to_owned(), weight(it.weight()))))
                .collect();
            match (weighted.is_empty(), action.target_group_arn()) {
                (true, Some(arn)) => vec![(arn.to_owned(), 1)],
                _ => weighted,
            }
        })
        .collect()
}

fn described(found: &types::TargetGroup) -> TargetGroup {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let protocol = |protocol: Option<&ProtocolEnum>| protocol.map_or("", ProtocolEnum::as_str).to_owned();
    let codes = found.matcher().and_then(|matcher| matcher.http_code().or(matcher.grpc_code()));
    TargetGroup {
        arn: text(found.target_group_arn()),
        target_type: found.target_type().map_or("", TargetTypeEnum::as_str).to_owned(),
        protocol: protocol(found.protocol()),
        vpc: text(found.vpc_id()),
        load_balancers: found.load_balancer_arns().to_vec(),
        health_check: HealthCheck {
            protocol: protocol(found.health_check_protocol()),
            port: text(found.health_check_port()),
            path: text(found.health_check_path()),
            codes: text(codes),
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
