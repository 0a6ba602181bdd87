//! Calls to Amazon ECS.

mod describe_service;
pub(crate) mod find_service;
#[cfg(feature = "command-line")]
pub(crate) mod register;
#[cfg(feature = "command-line")]
pub(crate) mod rotate;
#[cfg(feature = "command-line")]
mod stopped_tasks;

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use aws_sdk_ecs::types::TaskDefinitionField;

use codedeploy_core::fault::shown;
use codedeploy_core::faults;
use codedeploy_core::names::account_of;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::{Aws, OpenOnly};
use crate::error::{AwsError, Cause, Why};

pub use describe_service::describe_service;
#[cfg(feature = "command-line")]
pub use register::register_task_definition;
#[cfg(feature = "command-line")]
pub use rotate::{Rollout, ServiceEvent, ServiceState, force_new_deployment, service_state};
#[cfg(feature = "command-line")]
pub use stopped_tasks::{STOPPED_TASKS, stopped_tasks};

/// Describes a task definition, given as family, `family:revision` or ARN.
///
/// Returns the answer as ECS sent it, byte for byte: `{"taskDefinition":{…},"tags":[…]}`. The SDK's own type has only
/// the members known when it was generated and would lose all others.
pub async fn describe_task_definition(aws: &Aws, name: &str) -> Result<String, AwsError> {
    describe_in(aws, name, None).await
}

/// Like [`describe_task_definition`]. Messages name the account, which AWS does not report.
pub(crate) async fn describe_in(aws: &Aws, name: &str, owner: Option<&str>) -> Result<String, AwsError> {
    let call = aws.call("ecs:DescribeTaskDefinition", name)?;
    let body = RawBody::default();
    let described = Client::new(aws.sdk())
        .describe_task_definition()
        .task_definition(name)
        .include(TaskDefinitionField::Tags)
        .customize()
        .interceptor(body.clone())
        .send()
        .await;
    call.answer(described, |call, facts| {
        if is_missing(facts) { missing(call, account_of(name).or(owner)) } else { refused(call, facts) }
    })?;
    call.part(String::from_utf8(body.take()).ok())
}

/// Begins to open a connection, for a call that follows.
pub async fn open_connection(aws: &Aws) {
    let describe = Client::new(aws.sdk()).describe_task_definition().task_definition("-");
    // An error in any case; what is in the way of a connection is reported by the call.
    drop(describe.customize().interceptor(OpenOnly).send().await);
}

faults! {
    /// The faults of describing a task definition.
    pub(crate) const FORMS;

    /// The task definition does not exist.
    fn task_definition_missing(name: &str, place: &str) => "TD01" NotFound
        "task definition \"{name}\" not found in {place}",
        "check the family, revision, Region and account; a family without an ACTIVE revision is not found";
}

/// `account` is for a name without one, if the request says more than the answer.
fn missing(call: &Call, account: Option<&str>) -> Cause {
    let account = account.map(|account| format!("{}/", shown(account))).unwrap_or_default();
    Why::TaskDefinitionMissing.because(task_definition_missing(&call.name(), &format!("{account}{}", call.region)))
}

/// ECS has no specific error for this; it sends `ClientException: Unable to describe task definition.`
fn is_missing(facts: &Facts) -> bool {
    let says_so = ["Unable to describe task definition", "does not exist", "not found"];
    facts.code == "ClientException" && says_so.iter().any(|words| facts.message.contains(words))
}

/// Keeps the body of the answer, which the SDK provides only at this point.
#[derive(Debug, Clone, Default)]
struct RawBody(Arc<Mutex<Vec<u8>>>);

impl RawBody {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for RawBody {
    fn name(&self) -> &'static str {
        "RawBody"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(bytes) = context.response().body().bytes() {
            bytes.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::{Explain, Fault, Kind};
    use expect_test::{Expect, expect};

    const QUICK: Timeouts = Timeouts { attempt: Duration::from_millis(500), operation: Duration::from_secs(4) };

    async fn check(name: &str, answers: Vec<Answer>, kind: Kind, expect: Expect) {
        let fake = FakeAws::start(answers);
        let error = describe_task_definition(&aws_at(&fake.url, QUICK).await, name).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        expect.assert_eq(&Fault::from(error).report().replace(&fake.url, "URL"));
    }

    #[tokio::test]
    async fn the_answer_survives_byte_for_byte() {
        let body = r#"{ "tags":[{"value":"1","key":"z"}], "taskDefinition": {"zNew":1.0,"family":"app",
            "containerDefinitions":[{"environment":[{"name":"A","value":""}],"name":"app","x":{"b":1e3,"a":"\u00e9é"}}],
            "revision":7, "deleteRequestedAt":1.7E9} , "future":null }"#;
        let fake = FakeAws::start(vec![Answer::json(200, body)]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        assert_eq!(describe_task_definition(&aws, "app:7").await.unwrap(), body);

        let requests = fake.requests();
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!(request.line, "POST / HTTP/1.1");
        assert_eq!(request.header("x-amz-target"), Some("AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition"));
        assert_eq!(request.header("content-type"), Some("application/x-amz-json-1.1"));
        assert_eq!(request.header("x-amz-security-token"), Some("planted-token"));
        let scope = "/eu-west-1/ecs/aws4_request";
        assert!(request.header("authorization").is_some_and(|value| value.contains(scope)));
        let agent = request.header("user-agent").unwrap_or_default();
        assert!(agent.contains(concat!("codedeploy-artifact/", env!("CARGO_PKG_VERSION"))), "{agent}");
        assert_eq!(request.body_json(), serde_json::json!({"taskDefinition": "app:7", "include": ["TAGS"]}));
    }

    #[tokio::test]
    async fn an_unknown_task_definition_is_not_found() {
        let missing = r#"{"__type":"ClientException","message":"Unable to describe task definition."}"#;
        let answer = || vec![Answer::json(400, missing).with("x-amzn-requestid", "rid-1")];
        check(
            "app:99",
            answer(),
            Kind::NotFound,
            expect![[r#"
                TD01: task definition "app:99" not found in eu-west-1 (request rid-1)
                hint: check the family, revision, Region and account; a family without an ACTIVE revision is not found"#]],
        )
        .await;
        let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:99";
        check(arn, answer(), Kind::NotFound, expect![[r#"
            TD01: task definition "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:99" not found in 111111111111/eu-west-1 (request rid-1)
            hint: check the family, revision, Region and account; a family without an ACTIVE revision is not found"#]]).await;
    }

    #[tokio::test]
    async fn a_refusal_names_caller_and_action() {
        let denied = r#"{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::111111111111:assumed-role/fn-exec/fn is not authorized to perform: ecs:DescribeTaskDefinition on resource: * because no identity-based policy allows the ecs:DescribeTaskDefinition action"}"#;
        check("app:7", vec![Answer::json(400, denied)], Kind::Denied, expect![[r#"
            AWS01: ecs:DescribeTaskDefinition on app:7 in eu-west-1: access denied for arn:aws:sts::111111111111:assumed-role/fn-exec/fn: no identity-based policy allows the ecs:DescribeTaskDefinition action
            hint: allow ecs:DescribeTaskDefinition on * to role fn-exec in an identity-based policy"#]]).await;
        let expired =
            r#"{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}"#;
        check(
            "app:7",
            vec![Answer::json(400, expired)],
            Kind::Denied,
            expect![[r#"
                AWS02: ecs:DescribeTaskDefinition on app:7 in eu-west-1: the credentials have expired
                hint: run it again with new credentials; the credentials of a CodePipeline job expire after 15 minutes"#]],
        )
        .await;
        let unknown = r#"{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}"#;
        check("app:7", vec![Answer::json(400, unknown)], Kind::Denied, expect![[r#"
            AWS03: ecs:DescribeTaskDefinition on app:7 in eu-west-1: AWS rejected the credentials: UnrecognizedClientException: The security token included in the request is invalid
            hint: check that access key, secret key and session token belong together, and that the system clock is correct"#]]).await;
        let other = r#"{"__type":"com.amazon.ecs#InvalidParameterException","message":"Invalid revision\nnumber."}"#;
        check(
            "app:x",
            vec![Answer::json(400, other)],
            Kind::Configuration,
            expect![[r#"
                AWS11: ecs:DescribeTaskDefinition on app:x in eu-west-1: AWS rejected the request: InvalidParameterException: Invalid revision\nnumber
                hint: correct the request as described in the message from AWS"#]],
        )
        .await;
    }

    #[tokio::test]
    async fn what_may_pass_is_tried_three_times() {
        let slow = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;
        let good = r#"{"taskDefinition":{"family":"app"}}"#;
        let fake = FakeAws::start(vec![Answer::json(400, slow), Answer::Close, Answer::json(200, good)]);
        assert_eq!(describe_task_definition(&aws_at(&fake.url, QUICK).await, "app").await.unwrap(), good);
        assert_eq!(fake.requests().len(), 3);

        let throttled = || Answer::json(400, slow);
        check(
            "app",
            vec![throttled(), throttled(), throttled()],
            Kind::Unavailable,
            expect![[r"
            AWS06: ecs:DescribeTaskDefinition on app in eu-west-1: too many requests (throttled)
            hint: retry later, and check what else calls ecs:DescribeTaskDefinition in eu-west-1"]],
        )
        .await;
        let fault = || Answer::json(500, r#"{"__type":"ServerException","message":"oops"}"#);
        check(
            "app",
            vec![fault(), fault(), fault()],
            Kind::Unavailable,
            expect![[r"
            AWS07: ecs:DescribeTaskDefinition on app in eu-west-1: AWS returned a server error (HTTP 500)
            hint: retry later"]],
        )
        .await;
        let hang = || Answer::Hang;
        check(
            "app",
            vec![hang(), hang(), hang()],
            Kind::Unavailable,
            expect![[r#"
                AWS08: ecs:DescribeTaskDefinition on app in eu-west-1: the request timed out
                hint: check the network path to ecs in eu-west-1 (VPC endpoint, proxy, security group), then retry"#]],
        )
        .await;
        let page = || Answer::text(503, "<html>busy</html>");
        check(
            "app",
            vec![page(), page(), page()],
            Kind::Unavailable,
            expect![[r"
            AWS07: ecs:DescribeTaskDefinition on app in eu-west-1: AWS returned a server error (HTTP 503)
            hint: retry later"]],
        )
        .await;
        check(
            "app",
            vec![Answer::text(200, "<html>log in</html>")],
            Kind::Unavailable,
            expect![[r#"
                AWS10: ecs:DescribeTaskDefinition on app in eu-west-1: the response could not be read (HTTP 200)
                hint: check the endpoint and the proxy settings: the response is not from AWS"#]],
        )
        .await;
    }

    #[tokio::test]
    async fn without_a_listener_or_credentials_it_says_so() {
        let aws = aws_at("http://127.0.0.1:9", QUICK).await;
        let error = describe_task_definition(&aws, "app").await.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("AWS09", Kind::Unavailable));
        assert!(error.to_string().contains("Connection refused"), "{error}");
    }
}
