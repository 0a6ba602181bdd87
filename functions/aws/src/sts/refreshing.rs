//! A role that is assumed again before its session ends, for waits of many hours.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use tokio::sync::Mutex;

use super::{RoleToAssume, Source, target};
use crate::config::{Aws, Timeouts};
use crate::error::AwsError;
use crate::time::now;

/// The duration of a session: the maximum of STS for a role that was assumed by another role, and allowed by every
/// role. <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
const LENGTH: Duration = Duration::from_hours(1);
/// A session is replaced when less time than this is left: more than one call takes with all its attempts.
const MARGIN: Duration = Duration::from_mins(5);
/// The SDK allows a source of credentials five seconds. Ending earlier keeps the reason.
const RENEWAL: Duration = Duration::from_millis(4_500);

/// Assumes a role for an hour, limited to some actions by an inline session policy, and assumes it again whenever less
/// than five minutes are left: the result works as long as the credentials of `aws` do.
///
/// STS is called in the Region of `aws`; the result works in [`RoleToAssume::region`]. Each result holds a session of
/// its own, so one program can read with one role, deploy with another and stop with a third. A renewal that fails is
/// the error of the call that needed it: `AWS02` if the credentials of `aws` have expired.
pub async fn assume_role_refreshing(aws: &Aws, role: &RoleToAssume) -> Result<Aws, AwsError> {
    let target = target(aws, role)?;
    let first = Source::new(aws, role, LENGTH).await?.session().await?;
    let source = Source::new(&aws.with_timeouts(Timeouts::within(RENEWAL)), role, LENGTH).await?;
    Ok(target.with_provider(Renewing { role: role.arn.clone(), source, session: Mutex::new(first) }))
}

/// The SDK keeps credentials until seconds before they expire, and requests the first ones with the first call. This
/// source gets the first session immediately, so that a role that cannot be assumed is an error at the start, and
/// replaces each session [`MARGIN`] before it expires.
struct Renewing {
    role: String,
    source: Source,
    session: Mutex<Credentials>,
}

impl Renewing {
    async fn current(&self) -> Result<Credentials, CredentialsError> {
        // Held during the call to STS: concurrent calls need one new session, not one each.
        let mut kept = self.session.lock().await;
        if kept.expiry().is_some_and(|end| end < now() + MARGIN) {
            *kept = self.source.session().await.map_err(CredentialsError::provider_error)?;
        }
        let mut session = kept.clone();
        // The SDK keeps credentials until shortly before their expiry, so the expiry that it gets is the time to
        // request new ones.
        *session.expiry_mut() = session.expiry().and_then(|end| end.checked_sub(MARGIN));
        Ok(session)
    }
}

impl ProvideCredentials for Renewing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current())
    }
}

impl std::fmt::Debug for Renewing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewing").field("role", &self.role).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::aws_at;
    use crate::ecs::describe_task_definition;
    use crate::fake_aws::{Answer, FakeAws, Request};
    use crate::secret::Secret;
    use aws_smithy_types::DateTime;
    use aws_smithy_types::date_time::Format;
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};

    const LATER: &str = "2099-01-01T00:00:00Z";

    fn role(name: &str, external_id: Option<&str>) -> RoleToAssume {
        RoleToAssume {
            arn: format!("arn:aws:iam::222222222222:role/{name}"),
            external_id: external_id.map(Secret::new),
            session_name: "wait".to_owned(),
            actions: vec!["codedeploy:GetDeployment"],
            region: None,
        }
    }

    /// A time so many minutes from now, as STS writes it.
    fn in_minutes(minutes: u64) -> String {
        DateTime::from(now() + Duration::from_mins(minutes)).fmt(Format::DateTime).unwrap()
    }

    fn given(key: &str, expires: &str) -> Answer {
        let body = format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId>\
             <SecretAccessKey>assumed-secret</SecretAccessKey><SessionToken>assumed-token</SessionToken>\
             <Expiration>{expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        );
        Answer::text(200, &body)
    }

    fn described() -> Answer {
        Answer::json(200, r#"{"taskDefinition":{}}"#)
    }

    fn refused(code: &str) -> Answer {
        let message = "User: arn:aws:iam::1:user/ci is not authorized to perform: sts:AssumeRole on resource: r";
        let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        Answer::text(403, &format!("<ErrorResponse>{error}</ErrorResponse>"))
    }

    /// `sts` or the key that signed the request.
    fn signer(request: &Request) -> String {
        let authorization = request.header("authorization").unwrap();
        if authorization.contains("/sts/") {
            return "sts".to_owned();
        }
        let (_, rest) = authorization.split_once("Credential=").unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_session_is_used_until_shortly_before_its_end() {
        let fake = FakeAws::start(vec![given("FIRST", &in_minutes(6)), described(), described(), described()]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let assumed = assume_role_refreshing(&aws, &role("read", None)).await.unwrap();
        for _ in 0..3 {
            describe_task_definition(&assumed, "app").await.unwrap();
        }
        let signers: Vec<String> = fake.requests().iter().map(signer).collect();
        assert_eq!(signers, ["sts", "FIRST", "FIRST", "FIRST"]);
        let body = String::from_utf8(fake.requests()[0].body.clone()).unwrap();
        assert!(body.contains("&DurationSeconds=3600") && !body.contains("ExternalId"), "{body}");
    }

    #[tokio::test]
    async fn a_session_that_ends_is_replaced_before_the_call() {
        let short = in_minutes(4);
        let answers =
            vec![given("FIRST", &short), given("SECOND", &short), described(), given("THIRD", LATER), described()];
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let assumed = assume_role_refreshing(&aws, &role("read", Some("planted-external-id"))).await.unwrap();
        assert!(!format!("{assumed:?}").contains("planted"));
        describe_task_definition(&assumed, "app").await.unwrap();
        describe_task_definition(&assumed, "app").await.unwrap();
        let signers: Vec<String> = fake.requests().iter().map(signer).collect();
        assert_eq!(signers, ["sts", "sts", "SECOND", "sts", "THIRD"]);
        let body = String::from_utf8(fake.requests()[3].body.clone()).unwrap();
        assert!(body.ends_with("&ExternalId=planted-external-id"), "{body}");
    }

    #[tokio::test]
    async fn three_roles_work_side_by_side() {
        let sessions = ["READ", "DEPLOY", "STOP"].map(|key| given(key, LATER));
        let fake = FakeAws::start(sessions.into_iter().chain([described(), described(), described()]).collect());
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let mut roles = Vec::new();
        for name in ["read", "deploy", "stop"] {
            roles.push(assume_role_refreshing(&aws, &role(name, Some(name))).await.unwrap());
        }
        for aws in &roles {
            describe_task_definition(aws, "app").await.unwrap();
        }
        let signers: Vec<String> = fake.requests().iter().skip(3).map(signer).collect();
        assert_eq!(signers, ["READ", "DEPLOY", "STOP"]);
    }

    async fn check_renewal(answers: Vec<Answer>, expect: Expect) {
        let fake = FakeAws::start([vec![given("FIRST", &in_minutes(4))], answers].into_iter().flatten().collect());
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let assumed = assume_role_refreshing(&aws, &role("read", None)).await.unwrap();
        let error = describe_task_definition(&assumed, "app").await.unwrap_err();
        expect.assert_eq(&Fault::from(error).report());
    }

    #[tokio::test]
    async fn a_renewal_that_fails_keeps_its_reason() {
        check_renewal(
            vec![refused("ExpiredToken")],
            expect![[r#"
                AWS02: ecs:DescribeTaskDefinition on app in eu-west-1: sts:AssumeRole on arn:aws:iam::222222222222:role/read in eu-west-1: the credentials have expired
                hint: run it again with new credentials; the credentials of a CodePipeline job expire after 15 minutes"#]],
        )
        .await;
        check_renewal(vec![refused("AccessDenied")], expect![[r#"
            AWS05: ecs:DescribeTaskDefinition on app in eu-west-1: cannot get AWS credentials: arn:aws:iam::1:user/ci is not allowed to assume arn:aws:iam::222222222222:role/read (no external ID was given)
            hint: allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy (does it require an external ID?)"#]]).await;
        let busy = || Answer::text(503, "<ErrorResponse/>");
        check_renewal(
            vec![busy(), busy(), busy()],
            expect![[r#"
                AWS07: ecs:DescribeTaskDefinition on app in eu-west-1: sts:AssumeRole on arn:aws:iam::222222222222:role/read in eu-west-1: AWS returned a server error (HTTP 503)
                hint: retry later"#]],
        )
        .await;
    }

    #[tokio::test]
    async fn the_first_session_is_asked_for_at_once() {
        let fake = FakeAws::start(vec![refused("AccessDenied")]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let error = assume_role_refreshing(&aws, &role("read", None)).await.unwrap_err();
        expect![[r#"
            STS01: arn:aws:iam::1:user/ci is not allowed to assume arn:aws:iam::222222222222:role/read (no external ID was given)
            hint: allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy (does it require an external ID?)"#]].assert_eq(&Fault::from(error).report());
    }
}
