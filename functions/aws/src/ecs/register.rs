//! `RegisterTaskDefinition` with a body that nobody re-modelled.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use aws_smithy_types::body::SdkBody;

use codedeploy_core::faults;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::faults::sentence;

/// Registers a task definition and returns the ARN of the new revision.
///
/// `json` is sent byte for byte; it has the members of `RegisterTaskDefinition`. The SDK's own type has only the
/// members known when it was generated and would lose all others. `family` is for messages.
///
/// The call is retried after a lost answer, which can leave an unused revision.
pub async fn register_task_definition(aws: &Aws, family: &str, json: &str) -> Result<String, AwsError> {
    let call = aws.call("ecs:RegisterTaskDefinition", family)?;
    let request = Client::new(aws.sdk()).register_task_definition();
    let answer = request.customize().interceptor(Body(json.to_owned())).send().await;
    let answer = call.answer(answer, |call, facts| match facts.code.as_str() {
        "ClientException" | "InvalidParameterException" | "SerializationException" | "ValidationException" => {
            task_definition_refused(&call.name(), &facts.message).into()
        }
        _ => refused(call, facts),
    })?;
    let arn = answer.task_definition().and_then(|registered| registered.task_definition_arn());
    call.part(arn.map(str::to_owned))
}

faults! {
    /// The faults of registering a task definition.
    pub(crate) const FORMS;

    /// ECS does not accept the task definition.
    fn task_definition_refused(name: &str, text: &str) [text = sentence(text)] => "TD12" Input
        "ECS rejected task definition \"{name}\": {text}", "correct the task definition as described in the message from ECS";
}

/// Puts our own body into the request before it is signed.
struct Body(String);

/// A task definition has environment values, which nothing may show.
impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(***)")
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Body {
    fn name(&self) -> &'static str {
        "Body"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().insert("content-length", self.0.len().to_string());
        *request.body_mut() = SdkBody::from(self.0.as_str());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws, Request};
    use codedeploy_core::fault::{Explain, Fault, Kind};
    use expect_test::{Expect, expect};
    use sha2::{Digest, Sha256};

    const BODY: &str = r#"{ "family":"web" , "zNew":{"b":1.0,"a":[]}, "cpu":"256",
        "containerDefinitions":[{"name":"web","environment":[{"name":"A","value":""}],"x":1e3,"y":"\u00e9é"}] }"#;
    const ARN: &str = "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:8";

    async fn register(answers: Vec<Answer>) -> (Result<String, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (register_task_definition(&aws, "web", BODY).await, fake)
    }

    fn registered() -> Answer {
        Answer::json(200, &format!(r#"{{"taskDefinition":{{"taskDefinitionArn":"{ARN}","revision":8}}}}"#))
    }

    #[tokio::test]
    async fn the_body_is_sent_byte_for_byte_and_signed() {
        let busy = Answer::json(500, r#"{"__type":"ServerException","message":"m"}"#);
        let (arn, fake) = register(vec![busy, registered()]).await;
        assert_eq!(arn.unwrap(), ARN);
        let requests = fake.requests();
        assert_eq!(requests.len(), 2);
        for request in requests {
            assert_eq!(String::from_utf8(request.body.clone()).unwrap(), BODY);
            let lengths: Vec<_> = request.headers.iter().filter(|(name, _)| name == "content-length").collect();
            assert_eq!(lengths, [&("content-length".to_owned(), BODY.len().to_string())]);
            assert_eq!(request.header("content-type"), Some("application/x-amz-json-1.1"));
            let target = "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition";
            assert_eq!(request.header("x-amz-target"), Some(target));
            let again = signature(&request);
            assert!(request.header("authorization").unwrap().ends_with(&format!("Signature={again}")));
        }
    }

    /// The signature that AWS computes of a request as it arrived.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
    fn signature(request: &Request) -> String {
        let authorization = request.header("authorization").unwrap();
        let part = |name: &str| {
            let (_, rest) = authorization.split_once(&format!("{name}=")).unwrap();
            rest.split(',').next().unwrap().to_owned()
        };
        let signed = part("SignedHeaders");
        let headers = signed.split(';').map(|name| format!("{name}:{}\n", request.header(name).unwrap()));
        let canonical =
            format!("POST\n/\n\n{}\n{signed}\n{}", headers.collect::<String>(), hex(&Sha256::digest(&request.body)));
        let credential = part("Credential");
        let (_, scope) = credential.split_once('/').unwrap();
        let date = request.header("x-amz-date").unwrap();
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let key = scope.split('/').fold(b"AWS4planted-secret".to_vec(), |key, part| hmac(&key, part));
        hex(&hmac(&key, &to_sign))
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|it| char::from_digit(it.into(), 16)).collect()
    }

    fn hmac(key: &[u8], text: &str) -> Vec<u8> {
        let pad = |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).unwrap_or(&0) ^ with).collect() };
        let inner = Sha256::digest([&pad(0x36), text.as_bytes()].concat());
        Sha256::digest([&pad(0x5c), inner.as_slice()].concat()).to_vec()
    }

    async fn check(answer: Answer, kind: Kind, expect: Expect) {
        let error = register(vec![answer]).await.0.unwrap_err();
        assert_eq!(error.kind(), kind);
        expect.assert_eq(&Fault::from(error).report());
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_words_of_ecs() {
        let client = r#"{"__type":"ClientException","message":"Container.image should not be null or empty."}"#;
        check(
            Answer::json(400, client),
            Kind::Input,
            expect![[r#"
                TD12: ECS rejected task definition "web": Container.image should not be null or empty
                hint: correct the task definition as described in the message from ECS"#]],
        )
        .await;
        let type_of =
            r#"{"__type":"SerializationException","Message":"STRING_VALUE can not be converted to an Integer"}"#;
        check(
            Answer::json(400, type_of),
            Kind::Input,
            expect![[r#"
                TD12: ECS rejected task definition "web": STRING_VALUE can not be converted to an Integer
                hint: correct the task definition as described in the message from ECS"#]],
        )
        .await;
        let pass = "User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: iam:PassRole on resource: \
                    arn:aws:iam::1:role/task because no identity-based policy allows the iam:PassRole action";
        let pass = format!(r#"{{"__type":"AccessDeniedException","message":"{pass}"}}"#);
        check(Answer::json(400, &pass), Kind::Denied, expect![[r#"
            AWS01: ecs:RegisterTaskDefinition on web in eu-west-1: access denied for arn:aws:sts::1:assumed-role/ci/s: no identity-based policy allows the iam:PassRole action
            hint: allow iam:PassRole on arn:aws:iam::1:role/task to role ci in an identity-based policy"#]]).await;
        check(
            Answer::json(200, "{}"),
            Kind::Unavailable,
            expect![[r#"
                AWS10: ecs:RegisterTaskDefinition on web in eu-west-1: the response could not be read (HTTP 200)
                hint: check the endpoint and the proxy settings: the response is not from AWS"#]],
        )
        .await;
    }
}
