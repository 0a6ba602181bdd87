//! The fake AWS, as botocore sees it.

use e2e::{
    environment::Environment,
    fake_aws::{FakeAws, codepipeline::JobState, s3::Bucket, sts::Role},
    python::Python,
    samples,
    scratch::Scratch,
    unique,
};
use serde_json::{Value, json};

use super::boto;

const TOOLS: &str = "111111111111";
const WORKLOAD: &str = "222222222222";
const REGION: &str = "eu-west-1";

/// Makes the calls as a session that may do what the patterns allow, and compares answers or errors one by one.
/// `expect` holds members that must be there, or `[status, code, part of the message]`.
fn check(aws: &FakeAws, allow: &[&str], table: Vec<(Value, Value)>) {
    let session = aws.session(TOOLS, "caller", allow);
    let (calls, expected): (Vec<Value>, Vec<Value>) = table.into_iter().unzip();
    let environment = Environment::of_aws(&aws.url(), REGION, &session);
    let Some(answers) = boto(&environment, &json!(calls)) else { return };
    for ((call, answer), expect) in calls.iter().zip(&answers).zip(&expected) {
        assert!(holds(answer, expect), "{call}\n  answered {answer}\n  expected {expect}");
    }
}

fn holds(answer: &Value, expect: &Value) -> bool {
    match (answer, expect) {
        (Value::Object(answer), Value::Object(expect)) => {
            expect.iter().all(|(name, value)| answer.get(name).is_some_and(|answer| holds(answer, value)))
        }
        (Value::Array(answer), Value::Array(expect)) => {
            answer.len() == expect.len() && answer.iter().zip(expect).all(|(answer, expect)| holds(answer, expect))
        }
        (Value::String(answer), Value::String(expect)) => answer.contains(expect.as_str()),
        (answer, expect) => answer == expect,
    }
}

#[test]
fn ecs_describes_what_was_registered() {
    let aws = FakeAws::start();
    for revision in [3, 12] {
        aws.add_task_definition(&samples::task_definition(TOOLS, REGION, "app", revision, "x").to_string());
    }
    aws.add_task_definition(&samples::task_definition(WORKLOAD, REGION, "far", 1, "x").to_string());
    aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", "app:3"));
    let describe = |what: &str| json!(["ecs", "describe_task_definition", {"taskDefinition": what}]);
    let with_tags = json!(["ecs", "describe_task_definition", {"taskDefinition": "app:3", "include": ["TAGS"]}]);
    let services = json!(["ecs", "describe_services", {"cluster": "main", "services": ["web", "none"]}]);
    let unknown = json!([400, "ClientException", "Unable to describe task definition."]);
    check(
        &aws,
        &["ecs:*"],
        vec![
            (describe("app"), json!({"taskDefinition": {"revision": 12, "registeredAt": "2026-01-01 00:00:00.123"}})),
            (describe("app:3"), json!({"taskDefinition": {"revision": 3}})),
            (
                describe("arn:aws:ecs:eu-west-1:111111111111:task-definition/app:12"),
                json!({"taskDefinition": {"revision": 12}}),
            ),
            (describe("arn:aws:ecs:eu-west-1:222222222222:task-definition/far:1"), unknown.clone()),
            (describe("app:4"), unknown.clone()),
            (describe("far"), unknown),
            (with_tags, json!({"tags": [{"key": "team", "value": "payments"}, {"key": "empty", "value": ""}]})),
            (services, json!({"services": [{"serviceName": "web"}], "failures": [{"reason": "MISSING"}]})),
            (
                json!(["ecs", "describe_services", {"cluster": "none", "services": ["web"]}]),
                json!([400, "ClusterNotFoundException", "Cluster not found."]),
            ),
        ],
    );
    let denied = "User: arn:aws:sts::111111111111:assumed-role/caller/session is not authorized to perform: \
                  ecs:DescribeTaskDefinition on resource: * because no identity-based policy allows";
    check(&aws, &["s3:*"], vec![(describe("app"), json!([400, "AccessDeniedException", denied]))]);
    let calls = aws.calls("ecs:DescribeTaskDefinition");
    assert_eq!(calls.len(), 8);
    assert_eq!(calls[1].json(), json!({"taskDefinition": "app:3"}));
}

#[test]
fn s3_keeps_objects_and_the_rules_of_buckets() {
    let aws = FakeAws::start();
    aws.add_bucket(Bucket::new("artifacts", TOOLS, REGION).requiring_kms());
    aws.add_bucket(Bucket::new("others", WORKLOAD, REGION));
    aws.add_bucket(Bucket::new("shared", WORKLOAD, REGION).shared_with(TOOLS));
    aws.add_bucket(Bucket::new("far", TOOLS, "us-east-1"));
    aws.put_object("artifacts", "in/source a+b.zip", "source", Some("arn:aws:kms:eu-west-1:111111111111:key/k"));
    aws.put_object("shared", "s", "shared", None);
    let get = |bucket: &str, key: &str| json!(["s3", "get_object", {"Bucket": bucket, "Key": key}]);
    let part = |range: &str, e_tag: &str| json!(["s3", "get_object", {"Bucket": "shared", "Key": "s", "Range": range, "IfMatch": e_tag}]);
    let mut kms = json!({"Bucket": "artifacts", "Key": "out", "Body": "made", "ServerSideEncryption": "aws:kms"});
    let plain = json!(["s3", "put_object", {"Bucket": "artifacts", "Key": "out", "Body": "made"}]);
    let with_default = json!(["s3", "put_object", kms]);
    kms["SSEKMSKeyId"] = json!("arn:aws:kms:eu-west-1:111111111111:key/k");
    let with_key = json!(["s3", "put_object", kms]);
    kms["IfNoneMatch"] = json!("*");
    let again = json!(["s3", "put_object", kms]);
    let explicit = "with an explicit deny in a resource-based policy";
    check(
        &aws,
        &["s3:*", "kms:*"],
        vec![
            (get("artifacts", "in/source a+b.zip"), json!({"Body": "source", "ServerSideEncryption": "aws:kms"})),
            (get("shared", "s"), json!({"Body": "shared", "ServerSideEncryption": "AES256"})),
            (part("bytes=-3", "*"), json!({"Body": "red", "ContentRange": "bytes 3-5/6", "ContentLength": 3})),
            (part("bytes=2-9", "*"), json!({"Body": "ared", "ContentRange": "bytes 2-5/6"})),
            (part("bytes=6-9", "*"), json!([416, "InvalidRange", "The requested range is not satisfiable"])),
            (part("bytes=0-1", "\"other\""), json!([412, "PreconditionFailed", "pre-conditions"])),
            (get("artifacts", "in/none"), json!([404, "NoSuchKey", "The specified key does not exist."])),
            (get("none", "x"), json!([404, "NoSuchBucket", "The specified bucket does not exist"])),
            (get("others", "x"), json!([403, "AccessDenied", "is not authorized to perform: s3:GetObject"])),
            (plain, json!([403, "AccessDenied", explicit])),
            (with_default, json!({"ServerSideEncryption": "aws:kms", "VersionId": "1"})),
            (with_key, json!({"SSEKMSKeyId": "arn:aws:kms:eu-west-1:111111111111:key/k", "VersionId": "2"})),
            (again, json!([412, "PreconditionFailed", "pre-conditions"])),
            (get("artifacts", "out"), json!({"Body": "made", "VersionId": "2"})),
            (json!(["s3", "head_object", {"Bucket": "artifacts", "Key": "out"}]), json!({"ContentLength": 4})),
            (json!(["s3", "head_object", {"Bucket": "artifacts", "Key": "none"}]), json!([404, "404", "Not Found"])),
        ],
    );
    let object = aws.object("artifacts", "out").unwrap();
    assert_eq!(object.uploaded_by, "arn:aws:sts::111111111111:assumed-role/caller/session");
    assert_eq!(object.kms_key.as_deref(), Some("arn:aws:kms:eu-west-1:111111111111:key/k"));
    assert_eq!(aws.object_versions("artifacts", "out")[0].kms_key.as_deref(), Some("aws/s3"));
    let hidden = json!([403, "AccessDenied", "not authorized to perform: s3:ListBucket"]);
    let locked = json!([403, "AccessDenied", "not authorized to perform: kms:Decrypt on resource: arn:aws:kms:"]);
    let table = vec![(get("artifacts", "none"), hidden), (get("artifacts", "out"), locked)];
    check(&aws, &["s3:GetObject"], table);
}

#[test]
fn sts_hands_out_sessions_of_roles_that_trust_the_caller() {
    let aws = FakeAws::start();
    let role = "arn:aws:iam::222222222222:role/reader";
    aws.add_role(Role::new(role, &["ecs:*"]).trusting(TOOLS).with_external_id("pipeline-1"));
    aws.add_role(Role::new("arn:aws:iam::222222222222:role/closed", &["*"]).trusting("333333333333"));
    let assume = |more: Value| {
        let mut parameters = json!({"RoleArn": role, "RoleSessionName": "test"});
        for (name, value) in more.as_object().unwrap() {
            parameters[name] = value.clone();
        }
        json!(["sts", "assume_role", parameters])
    };
    let policy = json!({"Statement": [{"Effect": "Allow", "Action": "ecs:DescribeTaskDefinition", "Resource": "*"}]});
    let denied =
        json!([403, "AccessDenied", "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::"]);
    let user = json!({"AssumedRoleUser": {"Arn": "arn:aws:sts::222222222222:assumed-role/reader/test"}});
    check(
        &aws,
        &["sts:AssumeRole"],
        vec![
            (assume(json!({"ExternalId": "pipeline-1"})), user.clone()),
            (assume(json!({"ExternalId": "pipeline-1", "Policy": policy.to_string(), "DurationSeconds": 900})), user),
            (assume(json!({"ExternalId": "pipeline-2"})), denied.clone()),
            (assume(json!({})), denied.clone()),
            (assume(json!({"RoleArn": "arn:aws:iam::222222222222:role/closed"})), denied.clone()),
            (assume(json!({"RoleArn": "arn:aws:iam::222222222222:role/none"})), denied.clone()),
            (assume(json!({"RoleSessionName": "a b"})), json!([400, "ValidationError", "roleSessionName"])),
            (assume(json!({"ExternalId": "xx", "Policy": "{"})), denied),
            (json!(["sts", "get_caller_identity", {}]), json!({"Account": TOOLS})),
        ],
    );
}

#[test]
fn a_role_of_another_account_sees_that_account() {
    let aws = FakeAws::start();
    aws.add_task_definition(&samples::task_definition(WORKLOAD, REGION, "far", 1, "x").to_string());
    let describe = json!([["ecs", "describe_task_definition", {"taskDefinition": "far"}]]);
    let far = aws.session(WORKLOAD, "reader", &["ecs:*"]);
    let Some(seen) = boto(&Environment::of_aws(&aws.url(), REGION, &far), &describe) else { return };
    assert_eq!(seen[0]["taskDefinition"]["revision"], 1);
    let mut forged = far;
    forged.session_token = unique::secret();
    let refused = boto(&Environment::of_aws(&aws.url(), REGION, &forged), &describe).unwrap();
    assert_eq!(refused[0][1], "UnrecognizedClientException");
}

#[test]
fn codepipeline_takes_one_result_of_each_job() {
    let aws = FakeAws::start();
    let [won, lost, made, foreign] = std::array::from_fn(|_| unique::job_id());
    aws.add_job(TOOLS, &won);
    aws.add_job(TOOLS, &lost);
    aws.add_job_in(TOOLS, &made, JobState::Created);
    aws.add_job(WORKLOAD, &foreign);
    let success =
        |id: &str| json!(["codepipeline", "put_job_success_result", {"jobId": id, "outputVariables": {"K": "v"}}]);
    let failure = |id: &str, message: &str| json!(["codepipeline", "put_job_failure_result", {"jobId": id, "failureDetails": {"type": "JobFailed", "message": message}}]);
    let over = json!([400, "InvalidJobStateException", "state"]);
    let unknown = json!([400, "JobNotFoundException", ""]);
    check(
        &aws,
        &["codepipeline:*"],
        vec![
            (success(&won), json!({})),
            (success(&won), over.clone()),
            (failure(&won, "late"), over.clone()),
            (failure(&lost, &"x".repeat(5001)), json!([400, "ValidationException", "failureDetails.message"])),
            (failure(&lost, "because"), json!({})),
            (success(&made), over),
            (success(&foreign), unknown.clone()),
            (success(&unique::job_id()), unknown),
            (json!(["codepipeline", "get_job_details", {"jobId": won}]), json!({"jobDetails": {"id": won}})),
        ],
    );
    let job = aws.job(&won);
    assert_eq!((job.state, job.results.len(), job.late_results), (JobState::Succeeded, 1, 2));
    assert_eq!(job.results[0]["outputVariables"], json!({"K": "v"}));
    let job = aws.job(&lost);
    assert_eq!((job.state, job.results[0]["failureDetails"]["message"].as_str()), (JobState::Failed, Some("because")));
}

#[test]
fn the_command_line_of_aws_understands_it_too() {
    let Some(python) = Python::shared() else { return };
    let aws = FakeAws::start();
    aws.add_bucket(Bucket::new("artifacts", TOOLS, REGION));
    let job = unique::job_id();
    aws.add_job(TOOLS, &job);
    let environment = Environment::of_aws(&aws.url(), REGION, &aws.session(TOOLS, "caller", &["*"]));
    let scratch = Scratch::new();
    let file = scratch.write("content", "0123456789").display().to_string();
    let check = |args: &[&str], expect: Result<&str, &str>| {
        let output = python.aws(args, &environment);
        let (said, expect) = match expect {
            Ok(expect) => (output.stdout, expect),
            Err(expect) => (output.stderr, expect),
        };
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains(expect), "aws {} said {said}", args.join(" "));
    };
    let unknown =
        "(ClientException) when calling the DescribeTaskDefinition operation: Unable to describe task definition.";
    let over = "(InvalidJobStateException) when calling the PutJobSuccessResult operation: Job is not in a valid state";
    check(&["ecs", "describe-task-definition", "--task-definition", "none"], Err(unknown));
    check(&["s3api", "put-object", "--bucket", "artifacts", "--key", "k", "--body", &file], Ok("\"VersionId\": \"1\""));
    let failure = ["--failure-details", "type=JobFailed,message=because"];
    check(&[&["codepipeline", "put-job-failure-result", "--job-id", &job], &failure[..]].concat(), Ok(""));
    check(&["codepipeline", "put-job-success-result", "--job-id", &job], Err(over));
    assert_eq!(aws.job(&job).state, JobState::Failed);
}
