use std::time::Duration;

use super::*;
use crate::codedeploy::BundleType;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws};
use codedeploy_core::fault::{Explain, Fault};
use expect_test::{Expect, expect};
use serde_json::json;

const QUICK: Timeouts = Timeouts { attempt: Duration::from_millis(300), operation: Duration::from_secs(3) };

fn new() -> NewDeployment {
    NewDeployment {
        application: "app".to_owned(),
        group: "dg".to_owned(),
        revision: RevisionToDeploy::Inline { content: "{\"version\":0.0}".to_owned() },
        config_name: None,
        description: String::new(),
        auto_rollback: None,
        alarms: None,
    }
}

async fn create(new: &NewDeployment, answer: Answer) -> (Result<String, CreateError>, FakeAws) {
    let fake = FakeAws::start(vec![answer]);
    let aws = aws_at(&fake.url, QUICK).await;
    (create_deployment(&aws, new).await, fake)
}

fn made() -> Answer {
    Answer::json(200, r#"{"deploymentId":"d-ABC123XYZ"}"#)
}

#[tokio::test]
async fn the_least_request_has_names_and_revision() {
    let (id, fake) = create(&new(), made()).await;
    assert_eq!(id.unwrap(), "d-ABC123XYZ");
    let request = &fake.requests()[0];
    assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.CreateDeployment"));
    assert_eq!(request.header("content-type"), Some("application/x-amz-json-1.1"));
    let content = json!({"content": "{\"version\":0.0}",
            "sha256": "05be9fbb372a80b138ed189452851e763059b2dd1c6f7c44363211d0d7739171"});
    let expect = json!({"applicationName": "app", "deploymentGroupName": "dg",
            "revision": {"revisionType": "AppSpecContent", "appSpecContent": content}});
    assert_eq!(request.body_json(), expect);
}

#[tokio::test]
async fn everything_can_be_overridden() {
    let revision = RevisionToDeploy::S3 {
        bucket: "b".to_owned(),
        key: "web/appspec.yaml".to_owned(),
        bundle_type: BundleType::Yaml,
        version: Some("v1".to_owned()),
        e_tag: Some("e1".to_owned()),
    };
    let full = NewDeployment {
        revision,
        config_name: Some("CodeDeployDefault.ECSAllAtOnce".to_owned()),
        description: format!("token {}", "ü".repeat(600)),
        auto_rollback: Some(RollbackOverride::On(vec![RollbackEvent::Failure, RollbackEvent::StopOnAlarm])),
        alarms: Some(Alarms::Watched { names: vec!["5xx".to_owned()], ignore_poll_failure: true }),
        ..new()
    };
    let (_, fake) = create(&full, made()).await;
    let expect = json!({
        "applicationName": "app",
        "deploymentGroupName": "dg",
        "revision": {"revisionType": "S3", "s3Location": {"bucket": "b", "key": "web/appspec.yaml",
            "bundleType": "YAML", "version": "v1", "eTag": "e1"}},
        "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
        "description": format!("token {}…", "ü".repeat(249)),
        "autoRollbackConfiguration": {"enabled": true,
            "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]},
        "overrideAlarmConfiguration": {"enabled": true, "ignorePollAlarmFailure": true,
            "alarms": [{"name": "5xx"}]},
    });
    assert_eq!(fake.requests()[0].body_json(), expect);

    let off = NewDeployment { auto_rollback: Some(RollbackOverride::Off), alarms: Some(Alarms::Off), ..new() };
    let (_, fake) = create(&off, made()).await;
    let body = fake.requests()[0].body_json();
    assert_eq!(body["autoRollbackConfiguration"], json!({"enabled": false}));
    assert_eq!(body["overrideAlarmConfiguration"], json!({"enabled": false, "ignorePollAlarmFailure": false}));
}

/// Each answer must be played once: a second request would be a second deployment.
async fn check(answer: Answer, expect: &str) {
    let (result, fake) = create(&new(), answer).await;
    let error = result.unwrap_err();
    let variant = match &error {
        CreateError::Active { active, .. } => format!("active {active:?}"),
        CreateError::Ambiguous(_) => "ambiguous".to_owned(),
        CreateError::Throttled(_) => "throttled".to_owned(),
        CreateError::Refused(_) => "refused".to_owned(),
    };
    assert_eq!(format!("{variant} {}", error.aws().code()), expect);
    assert_eq!(fake.requests().len(), 1);
}

fn typed(code: &str, message: &str) -> Answer {
    Answer::json(400, &format!(r#"{{"__type":"{code}","message":"{message}"}}"#))
}

#[tokio::test]
async fn a_lost_answer_is_never_taken_for_a_refusal() {
    check(Answer::json(500, "{}"), "ambiguous AWS07").await;
    check(Answer::text(503, "<html>"), "ambiguous AWS07").await;
    check(Answer::text(504, ""), "ambiguous AWS07").await;
    check(Answer::Close, "ambiguous AWS09").await;
    check(Answer::Hang, "ambiguous AWS08").await;
    check(Answer::text(200, "<html>log in</html>"), "ambiguous AWS10").await;
    check(Answer::json(200, "{}"), "ambiguous AWS10").await;
    check(Answer::Short { body: br#"{"deploymentId":"#.to_vec(), missing: 40 }, "ambiguous AWS10").await;
}

#[tokio::test]
async fn a_refusal_is_never_taken_for_a_lost_answer() {
    let active = "The Deployment Group 'dg' already has an active Deployment 'd-0A1B2C3D4'";
    check(typed("DeploymentLimitExceededException", active), r#"active Some("d-0A1B2C3D4") DEP01"#).await;
    check(typed("DeploymentLimitExceededException", "limit"), "active None DEP01").await;
    check(typed("ThrottlingException", "Rate exceeded"), "throttled AWS06").await;
    check(typed("ApplicationDoesNotExistException", "x"), "refused DEP06").await;
    check(typed("DeploymentGroupDoesNotExistException", "x"), "refused DEP07").await;
    check(typed("DeploymentConfigDoesNotExistException", "x"), "refused DEP08").await;
    check(typed("InvalidRevisionException", "x"), "refused DEP10").await;
    check(typed("RevisionRequiredException", "x"), "refused DEP10").await;
    check(typed("InvalidRoleException", "x"), "refused DEP12").await;
    check(typed("AlarmsLimitExceededException", "x"), "refused AWS11").await;
    check(typed("InvalidTrafficRoutingConfigurationException", "x"), "refused AWS11").await;
    check(typed("AccessDeniedException", "x"), "refused AWS01").await;
    check(typed("ExpiredTokenException", "x"), "refused AWS02").await;
}

async fn check_report(answer: Answer, expect: Expect) {
    let (result, _) = create(&new(), answer).await;
    expect.assert_eq(&Fault::from(result.unwrap_err()).report());
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let active = "The Deployment Group 'dg' already has an active Deployment 'd-0A1B2C3D4'";
    check_report(
        typed("DeploymentLimitExceededException", active),
        expect![[r#"
            DEP01: deployment group app/dg already runs d-0A1B2C3D4
            hint: wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`"#]],
    )
    .await;
    check_report(
        typed("DeploymentLimitExceededException", "limit"),
        expect![[r#"
            DEP01: deployment group app/dg already runs another deployment
            hint: wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`"#]],
    )
    .await;
    check_report(
        typed("DeploymentGroupDoesNotExistException", "x"),
        expect![[r#"
            DEP07: deployment group "app/dg" not found in eu-west-1
            hint: check the name of the group and of its application"#]],
    )
    .await;
    check_report(typed("InvalidRevisionException", "The AppSpec file must be valid."), expect![[r#"
        DEP10: CodeDeploy rejected the revision for app/dg: The AppSpec file must be valid
        hint: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"#]]).await;
    check_report(
        typed("InvalidRoleException", "Role R cannot be assumed."),
        expect![[r#"
            DEP12: the service role of app/dg cannot be used: Role R cannot be assumed
            hint: let codedeploy.amazonaws.com assume the role, and attach AWSCodeDeployRoleForECS to it"#]],
    )
    .await;
    let denied = "User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: \
                      codedeploy:UpdateDeploymentGroup on resource: arn:aws:codedeploy:eu-west-1:1:deploymentgroup:app/dg";
    check_report(typed("AccessDeniedException", denied), expect![[r#"
            AWS01: codedeploy:CreateDeployment on app/dg in eu-west-1: access denied for arn:aws:sts::1:assumed-role/ci/s: User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: codedeploy:UpdateDeploymentGroup on resource: arn:aws:codedeploy:eu-west-1:1:deploymentgroup:app/dg
            hint: allow codedeploy:UpdateDeploymentGroup on arn:aws:codedeploy:eu-west-1:1:deploymentgroup:app/dg to role ci"#]]).await;
    check_report(Answer::json(500, "{}"), expect![[r#"
            AWS07: codedeploy:CreateDeployment on app/dg in eu-west-1: AWS returned a server error (HTTP 500)
            hint: check with `codedeploy-artifact status` whether the deployment was created before you start another one"#]]).await;
}
