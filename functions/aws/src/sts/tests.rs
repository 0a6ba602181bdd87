use super::*;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::ecs::describe_task_definition;
use crate::fake_aws::{Answer, FakeAws};
use codedeploy_core::fault::{Explain, Fault, Kind};
use expect_test::{Expect, expect};

const SESSION: &str = r#"<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
    <Credentials><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>assumed-secret</SecretAccessKey>
    <SessionToken>assumed-token</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>
    </AssumeRoleResult></AssumeRoleResponse>"#;

fn role(external_id: bool) -> RoleToAssume {
    RoleToAssume {
        arn: "arn:aws:iam::222222222222:role/describe".to_owned(),
        external_id: external_id.then(|| Secret::new("planted-external-id")),
        session_name: "ecsbg-1111 2222".to_owned(),
        actions: vec!["ecs:DescribeTaskDefinition", "ecs:DescribeServices"],
        region: None,
    }
}

async fn check(status: u16, code: &str, message: &str, external_id: bool, expect: Expect) {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>rid-2</RequestId></ErrorResponse>"
    );
    let fake = FakeAws::start(vec![Answer::text(status, &body)]);
    let error = assume_role(&aws_at(&fake.url, Timeouts::default()).await, &role(external_id)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Denied);
    let error = Fault::from(error);
    let printed = format!("{error:?} {:?} {}", role(external_id), error.report());
    assert!(!printed.contains("planted"), "{printed}");
    expect.assert_eq(&error.report());
}

#[tokio::test]
async fn the_session_is_short_and_may_do_the_given_actions_only() {
    let fake = FakeAws::start(vec![Answer::text(200, SESSION), Answer::json(200, r#"{"taskDefinition":{}}"#)]);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let wanted = RoleToAssume { region: Some("us-east-1".to_owned()), ..role(true) };
    let assumed = assume_role(&aws, &wanted).await.unwrap();
    assert!(!format!("{assumed:?} {wanted:?}").contains("planted"));
    describe_task_definition(&assumed, "app").await.unwrap();

    let [first, second] = &fake.requests()[..] else { panic!("two requests") };
    assert!(first.header("authorization").is_some_and(|value| value.contains("/eu-west-1/sts/aws4_request")));
    let body = String::from_utf8(first.body.clone()).unwrap();
    expect![[r"
        Action=AssumeRole
        &Version=2011-06-15
        &RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fdescribe
        &RoleSessionName=ecsbg-1111-2222
        &Policy=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%5B%22ecs%3ADescribeTaskDefinition%22%2C%22ecs%3ADescribeServices%22%5D%2C%22Resource%22%3A%22%2A%22%7D%5D%7D
        &DurationSeconds=900
        &ExternalId=planted-external-id"]].assert_eq(&body.replace('&', "\n&"));
    assert!(second.header("authorization").is_some_and(|value| value.contains("ASIAASSUMED/")));
    assert!(second.header("authorization").is_some_and(|value| value.contains("/us-east-1/ecs/")));
    assert_eq!(second.header("x-amz-security-token"), Some("assumed-token"));
}

#[tokio::test]
async fn a_refusal_names_caller_and_role_but_never_the_external_id() {
    let message = "User: arn:aws:sts::111111111111:assumed-role/fn-exec/fn is not authorized to perform: \
                   sts:AssumeRole on resource: arn:aws:iam::222222222222:role/describe";
    check(403, "AccessDenied", message, true, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/fn-exec/fn is not allowed to assume arn:aws:iam::222222222222:role/describe (an external ID was given)
        hint: allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy with this external ID"#]]).await;
    check(403, "AccessDenied", message, false, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/fn-exec/fn is not allowed to assume arn:aws:iam::222222222222:role/describe (no external ID was given)
        hint: allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy (does it require an external ID?)"#]]).await;
    check(403, "InvalidClientTokenId", "The security token included in the request is invalid", true, expect![[r#"
        AWS03: sts:AssumeRole on arn:aws:iam::222222222222:role/describe in eu-west-1: AWS rejected the credentials: InvalidClientTokenId: The security token included in the request is invalid
        hint: check that access key, secret key and session token belong together, and that the system clock is correct"#]])
        .await;
}

#[tokio::test]
async fn a_refusal_names_the_action_and_the_policy_that_denied_it() {
    let caller = "User: arn:aws:sts::111111111111:assumed-role/pod/s is not authorized to perform:";
    let role = "on resource: arn:aws:iam::222222222222:role/describe";
    check(403, "AccessDenied", &format!("{caller} sts:TagSession {role}"), false, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/pod/s is not allowed to assume arn:aws:iam::222222222222:role/describe: sts:TagSession is denied
        hint: allow sts:TagSession on arn:aws:iam::222222222222:role/describe to role pod, and in the trust policy of the role (the caller's session has session tags that it passes on, as EKS Pod Identity sets them)"#]]).await;
    let identity = "because no identity-based policy allows the sts:SetSourceIdentity action";
    check(403, "AccessDenied", &format!("{caller} sts:SetSourceIdentity {role} {identity}"), false, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/pod/s is not allowed to assume arn:aws:iam::222222222222:role/describe: no identity-based policy allows the sts:SetSourceIdentity action
        hint: allow sts:SetSourceIdentity on arn:aws:iam::222222222222:role/describe to role pod in an identity-based policy (the caller's session has a source identity that it passes on)"#]])
        .await;
    let session = "because no session policy allows the sts:AssumeRole action";
    check(403, "AccessDenied", &format!("{caller} sts:AssumeRole {role} {session}"), false, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/pod/s is not allowed to assume arn:aws:iam::222222222222:role/describe: no session policy allows the sts:AssumeRole action
        hint: allow sts:AssumeRole on arn:aws:iam::222222222222:role/describe in the session policy that was passed to sts:AssumeRole for role pod (CodePipeline and EKS Pod Identity pass one); adding permissions to the role does not help"#]]).await;
    let boundary = "because no permissions boundary allows the sts:AssumeRole action";
    check(403, "AccessDenied", &format!("{caller} sts:AssumeRole {role} {boundary}"), false, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/pod/s is not allowed to assume arn:aws:iam::222222222222:role/describe: no permissions boundary allows the sts:AssumeRole action
        hint: allow sts:AssumeRole on arn:aws:iam::222222222222:role/describe in the permissions boundary of role pod"#]]).await;
    let scp = "with an explicit deny in a service control policy";
    check(403, "AccessDenied", &format!("{caller} sts:AssumeRole {role} {scp}"), true, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/pod/s is not allowed to assume arn:aws:iam::222222222222:role/describe: an explicit deny in a service control policy
        hint: ask the administrator of the AWS organization to change the service control policy (SCP) that denies sts:AssumeRole explicitly for role pod"#]]).await;
    let trust = "because no role trust policy allows the sts:AssumeRole action";
    check(403, "AccessDenied", &format!("{caller} sts:AssumeRole {trust}"), true, expect![[r#"
        STS01: arn:aws:sts::111111111111:assumed-role/pod/s is not allowed to assume arn:aws:iam::222222222222:role/describe: no role trust policy allows the sts:AssumeRole action (an external ID was given)
        hint: allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy with this external ID"#]]).await;
}

#[tokio::test]
async fn a_role_of_another_partition_or_a_bad_region_is_refused_before_anything_is_sent() {
    let fake = FakeAws::start(Vec::new());
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let cases = [
        ("arn:aws-cn:iam::222222222222:role/r", None, "STS02"),
        ("arn:aws:iam::222222222222:role/r", Some("cn-north-1"), "STS02"),
        ("arn:aws:iam::222222222222:role/r", Some("us-gov-west-1"), "STS02"),
        ("arn:aws:iam::222222222222:role/r", Some("x@evil.com/#"), "PAR07"),
    ];
    for (arn, region, expect) in cases {
        let role = RoleToAssume { arn: arn.to_owned(), region: region.map(str::to_owned), ..role(false) };
        assert_eq!(assume_role(&aws, &role).await.unwrap_err().code(), expect, "{arn} {region:?}");
    }
    assert_eq!(fake.requests().len(), 0);
}

#[test]
fn every_partition_has_its_regions() {
    let cases = [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ];
    for (region, expect) in cases {
        assert_eq!(partition(region), expect, "{region}");
    }
}

#[test]
fn session_names_fit() {
    assert_eq!(session_name("ecsbg-a b/ü"), "ecsbg-a-b--");
    assert_eq!(session_name("x"), "codedeploy-artifact");
    assert_eq!(session_name(&"x".repeat(65)).len(), 64);
}
