use codedeploy_core::fault::{Explain, Fault};
use expect_test::expect;
use serde_json::json;

use super::*;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws};

const ECR: Service = Service { id: "ECR", signing: "ecr", host: "api.ecr", protocol: Protocol::Json("Registry_V1") };
const IAM: Service = Service { id: "IAM", signing: "iam", host: "iam", protocol: Protocol::Query("2010-05-08") };
const LAMBDA: Service = Service { id: "Lambda", signing: "lambda", host: "lambda", protocol: Protocol::Rest };

async fn ask(
    service: &Service,
    action: &'static str,
    arguments: Arguments,
    answers: Vec<Answer>,
) -> (Result<Value, AwsError>, FakeAws) {
    let fake = FakeAws::start(answers);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let call = aws.call(action, "thing").unwrap();
    (send(&aws, service, &call, arguments, refused).await, fake)
}

#[tokio::test]
async fn each_protocol_asks_as_the_service_expects() {
    let answers = vec![Answer::json(200, r#"{"images":[]}"#)];
    let body = json!({"repositoryName": "web"});
    let (answer, fake) = ask(&ECR, "ecr:BatchGetImage", Arguments::Json(body.clone()), answers).await;
    assert_eq!(answer.unwrap(), json!({"images": []}));
    let request = &fake.requests()[0];
    assert_eq!(request.line, "POST / HTTP/1.1");
    assert_eq!(request.header("x-amz-target"), Some("Registry_V1.BatchGetImage"));
    assert_eq!(request.header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(request.body_json(), body);
    let signed = request.header("authorization").unwrap();
    assert!(signed.contains("/eu-west-1/ecr/aws4_request"), "{signed}");
    assert_eq!(request.header("x-amz-security-token"), Some("planted-token"));
    let agent = request.header("user-agent").unwrap();
    assert!(agent.contains("codedeploy-artifact"), "{agent}");
    assert!(request.header("amz-sdk-invocation-id").is_some());

    let xml = "<GetRoleResponse><GetRoleResult><Role><Arn>a</Arn></Role></GetRoleResult></GetRoleResponse>";
    let form = Arguments::Form(vec![("RoleName".to_owned(), "a+b c".to_owned())]);
    let (answer, fake) = ask(&IAM, "iam:GetRole", form, vec![Answer::text(200, xml)]).await;
    assert_eq!(answer.unwrap(), json!({"GetRoleResult": {"Role": {"Arn": "a"}}}));
    let request = &fake.requests()[0];
    assert_eq!(request.body, b"Action=GetRole&Version=2010-05-08&RoleName=a%2Bb%20c");
    // IAM has one endpoint for all Regions of the partition.
    assert!(request.header("authorization").unwrap().contains("/us-east-1/iam/aws4_request"));

    let path = Arguments::Path("/2015-03-31/functions/f/configuration?Qualifier=live".to_owned());
    let (answer, fake) =
        ask(&LAMBDA, "lambda:GetFunctionConfiguration", path, vec![Answer::json(200, r#"{"State":"Active"}"#)]).await;
    assert_eq!(answer.unwrap(), json!({"State": "Active"}));
    assert_eq!(fake.requests()[0].line, "GET /2015-03-31/functions/f/configuration?Qualifier=live HTTP/1.1");
}

#[tokio::test]
async fn errors_of_each_protocol_are_understood() {
    let denied = "User: arn:aws:iam::1:user/ci is not authorized to perform: ecr:BatchGetImage on resource: r because no \
                  identity-based policy allows the ecr:BatchGetImage action";
    let body = json!({"__type": "com.amazon.coral#AccessDeniedException", "Message": denied}).to_string();
    let (answer, _) = ask(
        &ECR,
        "ecr:BatchGetImage",
        Arguments::Json(json!({})),
        vec![Answer::json(400, &body).with("x-amzn-requestid", "r1")],
    )
    .await;
    expect![[r#"
        AWS01: ecr:BatchGetImage on thing in eu-west-1: access denied for arn:aws:iam::1:user/ci: no identity-based policy allows the ecr:BatchGetImage action (request r1)
        hint: allow ecr:BatchGetImage on r to arn:aws:iam::1:user/ci in an identity-based policy"#]].assert_eq(&Fault::from(answer.unwrap_err()).report());

    let code = async |service: &Service, arguments: Arguments, answers: Vec<Answer>| {
        let (answer, _) = ask(service, "x:Y", arguments, answers).await;
        let error = answer.unwrap_err();
        format!("{} {}", error.code(), error.aws_code())
    };
    let form = || Arguments::Form(Vec::new());
    let iam = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m</Message></Error></ErrorResponse>";
    assert_eq!(code(&IAM, form(), vec![Answer::text(404, iam)]).await, "AWS11 NoSuchEntity");
    let ec2 = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>m</Message></Error></Errors>\
               <RequestID>r</RequestID></Response>";
    assert_eq!(code(&IAM, form(), vec![Answer::text(403, ec2)]).await, "AWS01 UnauthorizedOperation");
    let lambda = Answer::json(404, r#"{"Type":"User","Message":"Function not found"}"#)
        .with("x-amzn-errortype", "ResourceNotFoundException:http://internal.amazon.com/coral/");
    assert_eq!(code(&LAMBDA, Arguments::Path("/".to_owned()), vec![lambda]).await, "AWS11 ResourceNotFoundException");
    // The page of a proxy.
    let pages = |status| (0..3).map(|_| Answer::text(status, "<html>Sign in</html>")).collect();
    assert_eq!(code(&ECR, Arguments::Json(json!({})), pages(200)).await, "AWS10 ");
    assert_eq!(code(&ECR, Arguments::Json(json!({})), pages(403)).await, "AWS10 ");
}

#[tokio::test]
async fn a_disturbance_is_tried_again() {
    let throttled = || Answer::json(400, r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#);
    let answers = vec![throttled(), Answer::json(500, "{}"), Answer::json(200, "{}")];
    let (answer, fake) = ask(&ECR, "ecr:BatchGetImage", Arguments::Json(json!({})), answers).await;
    assert_eq!((answer.unwrap(), fake.requests().len()), (json!({}), 3));
    let (answer, fake) =
        ask(&ECR, "ecr:BatchGetImage", Arguments::Json(json!({})), vec![throttled(), throttled(), throttled()]).await;
    assert_eq!((answer.unwrap_err().code(), fake.requests().len()), ("AWS06", 3));
}

#[tokio::test]
async fn an_answer_to_a_get_is_bounded() {
    let huge = format!(r#"{{"padding":"{}"}}"#, "x".repeat(8 << 20));
    let answers = (0..3).map(|_| Answer::json(200, &huge)).collect();
    let (answer, _) = ask(&LAMBDA, "lambda:GetFunctionConfiguration", Arguments::Path("/".to_owned()), answers).await;
    assert_eq!(answer.unwrap_err().code(), "AWS10");
}

#[tokio::test]
async fn an_endpoint_of_its_own_counts_first() {
    let fake = FakeAws::start(vec![Answer::json(200, "{}")]);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let endpoint = endpoint::of(aws.sdk(), &IAM, "eu-west-1");
    assert_eq!((endpoint.url, endpoint.region), (fake.url.clone(), "us-east-1".to_owned()));
}
