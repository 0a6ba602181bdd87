//! Calls to Elastic Load Balancing.

mod routes;

pub use routes::{listener, target_group};

use codedeploy_core::deployment::UnhealthyTarget;
use codedeploy_core::faults;
use serde_json::Value;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::Aws;
use crate::error::{AwsError, Cause};
use crate::lean::{Arguments, Protocol, Service, list, members, send, text};

pub(crate) const ELB: Service = Service {
    id: "Elastic Load Balancing v2",
    signing: "elasticloadbalancing",
    host: "elasticloadbalancing",
    protocol: Protocol::Query("2015-12-01"),
};

/// The targets of these target groups, names or ARNs, that are not healthy: `DescribeTargetHealth` of each, and before
/// it one `DescribeTargetGroups` for the names.
///
/// A target that is draining or that no listener uses is left out: both are normal after a blue/green deployment.
pub async fn unhealthy_targets(aws: &Aws, target_groups: &[String]) -> Result<Vec<UnhealthyTarget>, AwsError> {
    let (mut arns, names): (Vec<String>, Vec<String>) =
        target_groups.iter().cloned().partition(|group| group.starts_with("arn:"));
    if !names.is_empty() {
        arns.extend(arns_of(aws, names).await?);
    }
    let mut targets = Vec::new();
    for arn in arns {
        let name = name_in(&arn).to_owned();
        let call = aws.call("elasticloadbalancing:DescribeTargetHealth", &name)?;
        let form = Arguments::Form(vec![("TargetGroupArn".to_owned(), arn.clone())]);
        let answer = send(aws, &ELB, &call, form, cause).await?;
        let found = list(&answer, "/DescribeTargetHealthResult/TargetHealthDescriptions");
        targets.extend(found.filter_map(|target| read(&name, target)));
    }
    Ok(targets)
}

async fn arns_of(aws: &Aws, names: Vec<String>) -> Result<Vec<String>, AwsError> {
    let call = aws.call("elasticloadbalancing:DescribeTargetGroups", names.join(", "))?;
    let form = Arguments::Form(members("Names", names.iter().map(String::as_str)));
    let answer = send(aws, &ELB, &call, form, cause).await?;
    let groups = list(&answer, "/DescribeTargetGroupsResult/TargetGroups");
    Ok(groups.filter_map(|group| text(group, "/TargetGroupArn").map(str::to_owned)).collect())
}

fn read(target_group: &str, found: &Value) -> Option<UnhealthyTarget> {
    let state = text(found, "/TargetHealth/State")?;
    if matches!(state, "healthy" | "draining" | "unused") {
        return None;
    }
    let own = |pointer: &str| text(found, pointer).map(str::to_owned);
    found.get("Target")?;
    Some(UnhealthyTarget {
        target_group: target_group.to_owned(),
        id: own("/Target/Id").unwrap_or_default(),
        port: text(found, "/Target/Port").and_then(|port| port.parse().ok()).unwrap_or_default(),
        state: state.to_owned(),
        reason: own("/TargetHealth/Reason"),
        description: own("/TargetHealth/Description"),
    })
}

/// `NAME` of `arn:…:targetgroup/NAME/ID`.
fn name_in(arn: &str) -> &str {
    arn.split('/').nth(1).unwrap_or(arn)
}

faults! {
    /// The faults of Elastic Load Balancing.
    pub(crate) const FORMS;

    /// The target group does not exist.
    fn target_group_missing(name: &str, region: &str) => "ELB01" NotFound
        "target group \"{name}\" not found in {region}", "check the target group of the deployment group";
}

fn cause(call: &Call, facts: &Facts) -> Cause {
    match facts.code.as_str() {
        "TargetGroupNotFound" | "TargetGroupNotFoundException" => {
            target_group_missing(&call.name(), &call.region).into()
        }
        _ => refused(call, facts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};

    const BLUE: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/blue/0123";

    async fn ask(groups: &[&str], answers: Vec<Answer>) -> (Result<Vec<UnhealthyTarget>, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        (unhealthy_targets(&aws, &groups).await, fake)
    }

    fn health(members: &[(&str, &str)]) -> Answer {
        let member = |(id, health): &(&str, &str)| {
            let target = format!("<Target><Id>{id}</Id><Port>8080</Port></Target>");
            format!("<member>{target}<TargetHealth>{health}</TargetHealth></member>")
        };
        let members = members.iter().map(member).collect::<Vec<_>>().concat();
        let result = format!("<TargetHealthDescriptions>{members}</TargetHealthDescriptions>");
        Answer::text(
            200,
            &format!(
                "<DescribeTargetHealthResponse><DescribeTargetHealthResult>{result}</DescribeTargetHealthResult>\
                 </DescribeTargetHealthResponse>"
            ),
        )
    }

    fn state(state: &str) -> String {
        format!("<State>{state}</State>")
    }

    #[tokio::test]
    async fn names_are_looked_up_once_and_healthy_targets_left_out() {
        let group = |name: &str| {
            format!(
                "<member><TargetGroupArn>arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/{name}/1</TargetGroupArn></member>"
            )
        };
        let groups = Answer::text(
            200,
            &format!(
                "<DescribeTargetGroupsResponse><DescribeTargetGroupsResult><TargetGroups>{}{}</TargetGroups>\
                 </DescribeTargetGroupsResult></DescribeTargetGroupsResponse>",
                group("green"),
                group("red")
            ),
        );
        let sick = "<State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason>\
                    <Description>Health checks failed with these codes: [503]</Description>";
        let answers = vec![
            groups,
            health(&[("10.0.0.1", sick), ("10.0.0.2", &state("healthy"))]),
            health(&[("10.0.0.3", &state("draining")), ("10.0.0.4", &state("initial")), ("10.0.0.5", &state("new"))]),
            health(&[("10.0.0.6", &state("unused"))]),
        ];
        let (targets, fake) = ask(&["green", BLUE, "red"], answers).await;
        expect![[r#"
            [
                UnhealthyTarget {
                    target_group: "blue",
                    id: "10.0.0.1",
                    port: 8080,
                    state: "unhealthy",
                    reason: Some(
                        "Target.ResponseCodeMismatch",
                    ),
                    description: Some(
                        "Health checks failed with these codes: [503]",
                    ),
                },
                UnhealthyTarget {
                    target_group: "green",
                    id: "10.0.0.4",
                    port: 8080,
                    state: "initial",
                    reason: None,
                    description: None,
                },
                UnhealthyTarget {
                    target_group: "green",
                    id: "10.0.0.5",
                    port: 8080,
                    state: "new",
                    reason: None,
                    description: None,
                },
            ]
        "#]]
        .assert_debug_eq(&targets.unwrap());
        let bodies: Vec<String> =
            fake.requests().iter().map(|request| String::from_utf8(request.body.clone()).unwrap()).collect();
        expect![[r#"
            Action=DescribeTargetGroups&Version=2015-12-01&Names.member.1=green&Names.member.2=red
            Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn=arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A1%3Atargetgroup%2Fblue%2F0123
            Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn=arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A1%3Atargetgroup%2Fgreen%2F1
            Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn=arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A1%3Atargetgroup%2Fred%2F1"#]].assert_eq(&bodies.join("\n"));
        let scope = "/eu-west-1/elasticloadbalancing/aws4_request";
        assert!(fake.requests()[0].header("authorization").unwrap().contains(scope));
    }

    async fn check(groups: &[&str], code: &str, expect: Expect) {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error>\
             <RequestId>rid</RequestId></ErrorResponse>"
        );
        let (result, _) = ask(groups, vec![Answer::text(400, &body)]).await;
        expect.assert_eq(&Fault::from(result.unwrap_err()).report());
    }

    #[tokio::test]
    async fn a_refusal_names_the_target_group() {
        check(
            &["green"],
            "TargetGroupNotFound",
            expect![[r#"
            ELB01: target group "green" not found in eu-west-1
            hint: check the target group of the deployment group"#]],
        )
        .await;
        check(
            &[BLUE],
            "TargetGroupNotFound",
            expect![[r#"
            ELB01: target group "blue" not found in eu-west-1
            hint: check the target group of the deployment group"#]],
        )
        .await;
        check(
            &[BLUE],
            "AccessDenied",
            expect![[r#"
            AWS01: elasticloadbalancing:DescribeTargetHealth on blue in eu-west-1: access denied: m
            hint: allow elasticloadbalancing:DescribeTargetHealth"#]],
        )
        .await;
    }
}
