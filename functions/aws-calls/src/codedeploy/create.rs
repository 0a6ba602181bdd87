//! `CreateDeployment`, sent once: whether to send it again depends on what the group runs, which its caller looks at.

use aws_config::retry::RetryConfig;
use aws_sdk_codedeploy::Client;
use aws_sdk_codedeploy::types::{self, AutoRollbackConfiguration};
use codedeploy_artifact::deployment::RollbackEvent;
use codedeploy_artifact::error::{Explain, Kind};

use super::revision::RevisionToDeploy;
use super::why;
use crate::config::Aws;
use crate::error::{AwsError, Facts, Network, Why};
use crate::text::cut;

/// The longest description, in characters. Longer ones are cut.
pub const DESCRIPTION_CHARACTERS: usize = 512;

/// A deployment to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeployment {
    /// CodeDeploy application.
    pub application: String,
    /// Deployment group.
    pub group: String,
    /// What to deploy.
    pub revision: RevisionToDeploy,
    /// Deployment config instead of that of the group.
    pub config_name: Option<String>,
    /// What `status` and the console show; empty for none. Cut at [`DESCRIPTION_CHARACTERS`], so what must not be
    /// lost comes first.
    pub description: String,
    /// Automatic rollback instead of that of the group.
    pub auto_rollback: Option<RollbackOverride>,
    /// Alarms instead of those of the group. Needs `codedeploy:UpdateDeploymentGroup` too.
    pub alarms: Option<Alarms>,
}

/// The automatic rollback of one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollbackOverride {
    /// None.
    Off,
    /// On these events, at least one.
    On(Vec<RollbackEvent>),
}

/// The alarms of one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alarms {
    /// None.
    Off,
    /// These, at least one and at most ten.
    Watched {
        /// Names of CloudWatch alarms, at most 255 characters each.
        names: Vec<String>,
        /// Whether the deployment goes on when CodeDeploy cannot read them.
        ignore_poll_failure: bool,
    },
}

/// Why there is no deployment id: one variant for each way in which the caller has to go on.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The group runs another deployment (`DEP01`). Nothing was made.
    #[error("{error}")]
    Active {
        /// Id of the deployment that runs, where AWS says it.
        active: Option<String>,
        /// AWS's answer.
        error: AwsError,
    },
    /// The answer was lost: 5xx, a broken connection, no answer in time. The deployment may have been made, so the
    /// group must be looked through for it before anything is sent again.
    #[error(transparent)]
    Ambiguous(AwsError),
    /// Too many requests. Nothing was made; it may be sent again later.
    #[error(transparent)]
    Throttled(AwsError),
    /// Any other refusal. Nothing was made, and the same request will be refused again.
    #[error(transparent)]
    Refused(AwsError),
}

impl CreateError {
    /// What AWS answered.
    pub fn aws(&self) -> &AwsError {
        match self {
            CreateError::Active { error, .. }
            | CreateError::Ambiguous(error)
            | CreateError::Throttled(error)
            | CreateError::Refused(error) => error,
        }
    }
}

impl Explain for CreateError {
    fn code(&self) -> &'static str {
        self.aws().code()
    }

    fn kind(&self) -> Kind {
        self.aws().kind()
    }

    fn hint(&self) -> String {
        match self {
            CreateError::Ambiguous(_) => {
                "look with `codedeploy-artifact status` whether the deployment was made, before you start another one"
                    .to_owned()
            }
            _ => self.aws().hint(),
        }
    }
}

/// Makes a deployment and returns its id, in one attempt.
pub async fn create_deployment(aws: &Aws, new: &NewDeployment) -> Result<String, CreateError> {
    let subject = format!("{}/{}", new.application, new.group);
    let call = aws.call("codedeploy:CreateDeployment", subject).map_err(CreateError::Refused)?;
    let answer = client_without_retries(aws)
        .create_deployment()
        .application_name(&new.application)
        .deployment_group_name(&new.group)
        .revision(new.revision.location())
        .set_deployment_config_name(new.config_name.clone())
        .set_description(cut(&new.description, DESCRIPTION_CHARACTERS))
        .set_auto_rollback_configuration(new.auto_rollback.as_ref().map(auto_rollback))
        .set_override_alarm_configuration(new.alarms.as_ref().map(alarms))
        .send()
        .await;
    match answer {
        Ok(answer) => match answer.deployment_id() {
            Some(id) => Ok(id.to_owned()),
            None => Err(CreateError::Ambiguous(call.failed(Why::Unreadable { status: 200 }))),
        },
        Err(error) => {
            let facts = Facts::of(&error);
            Err(sort(call.answered(why(&facts), &facts)))
        }
    }
}

fn sort(error: AwsError) -> CreateError {
    match error.why() {
        Why::DeploymentActive { active } => CreateError::Active { active: active.clone(), error },
        Why::Throttled => CreateError::Throttled(error),
        Why::ServerFault { .. }
        | Why::TimedOut
        | Why::Unreachable(_)
        | Why::Unreadable { .. }
        | Why::Network(Network::Proxy { .. }) => CreateError::Ambiguous(error),
        _ => CreateError::Refused(error),
    }
}

/// The SDK must not repeat the call by itself: after a lost answer that would be a second deployment.
fn client_without_retries(aws: &Aws) -> Client {
    let config = aws_sdk_codedeploy::config::Builder::from(aws.sdk()).retry_config(RetryConfig::disabled());
    Client::from_conf(config.build())
}

fn auto_rollback(wanted: &RollbackOverride) -> AutoRollbackConfiguration {
    let builder = AutoRollbackConfiguration::builder();
    match wanted {
        RollbackOverride::Off => builder.enabled(false).build(),
        RollbackOverride::On(events) => {
            let events = events.iter().map(|event| types::AutoRollbackEvent::from(event.name())).collect();
            builder.enabled(true).set_events(Some(events)).build()
        }
    }
}

fn alarms(wanted: &Alarms) -> types::AlarmConfiguration {
    let builder = types::AlarmConfiguration::builder();
    match wanted {
        Alarms::Off => builder.enabled(false).build(),
        Alarms::Watched { names, ignore_poll_failure } => {
            let alarms = names.iter().map(|name| types::Alarm::builder().name(name).build()).collect();
            builder.enabled(true).ignore_poll_alarm_failure(*ignore_poll_failure).set_alarms(Some(alarms)).build()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::codedeploy::BundleType;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_artifact::error::Error;
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
            "description": format!("token {}…", "ü".repeat(505)),
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
        assert_eq!(format!("{variant} {}", error.code()), expect);
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
        expect.assert_eq(&Error::from(result.unwrap_err()).report());
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
            DEP10: CodeDeploy does not accept the revision for app/dg: The AppSpec file must be valid
            hint: check the AppSpec with `codedeploy-artifact check`, and bucket, key, version and region of an S3 revision"#]]).await;
        check_report(
            typed("InvalidRoleException", "Role R cannot be assumed."),
            expect![[r#"
            DEP12: the service role of app/dg is not usable: Role R cannot be assumed
            hint: let codedeploy.amazonaws.com assume the role, and attach AWSCodeDeployRoleForECS to it"#]],
        )
        .await;
        let denied = "User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: \
                      codedeploy:UpdateDeploymentGroup on resource: arn:aws:codedeploy:eu-west-1:1:deploymentgroup:app/dg";
        check_report(typed("AccessDeniedException", denied), expect![[r#"
            AWS01: codedeploy:CreateDeployment on app/dg in eu-west-1: access denied for arn:aws:sts::1:assumed-role/ci/s: User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: codedeploy:UpdateDeploymentGroup on resource: arn:aws:codedeploy:eu-west-1:1:deploymentgroup:app/dg
            hint: allow codedeploy:UpdateDeploymentGroup on arn:aws:codedeploy:eu-west-1:1:deploymentgroup:app/dg to role ci"#]]).await;
        check_report(Answer::json(500, "{}"), expect![[r#"
            AWS07: codedeploy:CreateDeployment on app/dg in eu-west-1: AWS answered with a server fault (HTTP 500)
            hint: look with `codedeploy-artifact status` whether the deployment was made, before you start another one"#]]).await;
    }
}
