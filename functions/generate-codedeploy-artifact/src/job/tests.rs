use codedeploy_core::fault::Fault;
use expect_test::{Expect, expect};

use super::*;

const ID: &str = "11111111-abcd-1111-abcd-111111abcdef";

/// The event of AWS's own page, with every member that one may have.
const EVENT: &str = r#"{ "CodePipeline.job": {
    "id": "11111111-abcd-1111-abcd-111111abcdef",
    "accountId": "111111111111",
    "data": {
        "actionConfiguration": { "configuration": { "FunctionName": "f", "UserParameters": "{\"task_definition\":\"app\"}" } },
        "inputArtifacts": [ { "name": "Source", "revision": null, "location": { "type": "S3",
            "s3Location": { "bucketName": "store", "objectKey": "pipe/Source/a%20b.zip" } } } ],
        "outputArtifacts": [ { "name": "out", "revision": null, "location": { "type": "S3",
            "s3Location": { "bucketName": "store", "objectKey": "pipe/out/x" } } } ],
        "artifactCredentials": { "accessKeyId": "AKIDPLANTED", "secretAccessKey": "planted-secret",
            "sessionToken": "planted-token", "expirationTime": 1575493418000 },
        "encryptionKey": { "id": "arn:aws:kms:eu-west-1:111111111111:key/k", "type": "KMS" },
        "continuationToken": null, "memberOfTomorrow": {}
    } } }"#;

fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).expect("JSON")
}

fn job(text: &str) -> Result<Job, Fault> {
    let event = raw(text);
    read(id(&event)?, &event)
}

#[test]
fn a_whole_event_is_read() {
    let job = job(EVENT).expect("a job");
    assert_eq!((job.id.as_str(), job.account.as_deref()), (ID, Some("111111111111")));
    assert_eq!(job.user_parameters.as_deref(), Some(r#"{"task_definition":"app"}"#));
    assert_eq!(job.inputs[0].key, "pipe/Source/a%20b.zip");
    assert_eq!(job.output(None).expect("the output").key, "pipe/out/x");
    assert_eq!(job.credentials_expire, Some(1_575_493_418_000));
    assert_eq!(job.kms_key.as_deref(), Some("arn:aws:kms:eu-west-1:111111111111:key/k"));
    assert!(!format!("{job:?}").contains("planted"), "{job:?}");
}

/// Every member is optional in the model; a job with an id and nothing else is read, and fails later by name.
#[test]
fn absent_and_null_mean_the_same() {
    for data in
        ["{}", r#"{"actionConfiguration":null,"inputArtifacts":null,"artifactCredentials":null,"encryptionKey":null}"#]
    {
        let job = job(&format!(r#"{{"CodePipeline.job":{{"id":"{ID}","data":{data}}}}}"#)).expect("a job");
        assert!(job.user_parameters.is_none() && job.credentials.is_none() && job.kms_key.is_none());
        assert_eq!(job.output(None).expect_err("no output").code(), "EVT05");
    }
}

#[test]
fn the_id_is_found_whatever_else_is_odd() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for event in [
        EVENT.replace("\"Source\"", "[]"),
        format!(r#"{{"x":{deep},"CodePipeline.job":{{"data":{deep},"id":"{ID}"}}}}"#),
        format!(r#"{{"CodePipeline.job":{{"id":7,"id":"{ID}"}}}}"#),
        format!(r#"{{"CodePipeline.job":1,"CodePipeline.job":{{"id":"{ID}","data":1e999}}}}"#),
    ] {
        assert_eq!(id(&raw(&event)).expect("an id").as_str(), ID);
    }
}

fn check(from: &str, to: &str, expected: &Expect) {
    assert!(EVENT.contains(from), "{from}");
    let shown = match job(&EVENT.replacen(from, to, 1)).and_then(|job| job.output(None).cloned()) {
        Ok(output) => format!("{output:?}"),
        Err(error) => error.report(),
    };
    assert!(!shown.contains("planted"));
    expected.assert_eq(&shown);
}

#[test]
fn faults_of_an_event_are_named() {
    check(
        "CodePipeline.job",
        "detail",
        &expect![[r#"
        EVT01: not a CodePipeline job event: key "CodePipeline.job" is missing
        hint: invoke this function from a CodePipeline action of provider Lambda"#]],
    );
    check(
        "\"id\": \"11111111-abcd-1111-abcd-111111abcdef\",",
        "",
        &expect![[r#"
        EVT02: CodePipeline.job.id is missing; the job cannot be reported
        hint: invoke the function through CodePipeline; without a job ID nothing can be reported"#]],
    );
    check(
        "11111111-abcd-1111-abcd-111111abcdef",
        "../../x",
        &expect![[r#"
        EVT03: CodePipeline.job.id is not a UUID
        hint: invoke the function through CodePipeline; without a job ID nothing can be reported"#]],
    );
    check(
        "11111111-abcd-1111-abcd-111111abcdef",
        "11111111-ABCD-1111-abcd-111111abcdef",
        &expect![[r#"
        EVT03: CodePipeline.job.id is not a UUID
        hint: invoke the function through CodePipeline; without a job ID nothing can be reported"#]],
    );
    check(
        "\"planted-secret\"",
        "{\"x\":\"planted-secret\"}",
        &expect![[r#"
        EVT04: data.artifactCredentials.secretAccessKey must be text
        hint: invoke the function through CodePipeline; do not build the event by hand"#]],
    );
    check(
        "\"planted-token\"",
        "\"\"",
        &expect![[r#"
        EVT04: data.artifactCredentials.sessionToken is missing
        hint: invoke the function through CodePipeline; do not build the event by hand"#]],
    );
    check(
        "[ { \"name\": \"Source\"",
        "\"planted\", \"x\": [ { \"name\": \"Source\"",
        &expect![[r#"
        EVT04: data.inputArtifacts must be a list
        hint: invoke the function through CodePipeline; do not build the event by hand"#]],
    );
    check(
        "\"type\": \"S3\"",
        "\"type\": \"GITHUB\"",
        &expect![[r#"
            EVT11: artifact location type "GITHUB" is not supported; only S3 is
            hint: use an artifact store in Amazon S3"#]],
    );
    check(
        "\"type\": \"KMS\"",
        "\"type\": \"AES\"",
        &expect![[r#"
            EVT12: encryption key type "AES" is not supported; only KMS is
            hint: use an AWS KMS key for the artifact store, or the default key"#]],
    );
    check(
        "{ \"name\": \"out\"",
        "{ \"name\": \"other\", \"location\": { \"s3Location\": { \"bucketName\": \"b\", \"objectKey\": \"k\" } } }, { \"name\": \"out\"",
        &expect![[r#"
            EVT06: this action has 2 output artifacts (other, out), but `output_artifact` is not set
            hint: set `output_artifact` in UserParameters to the artifact that CodeDeployToECS takes as its input"#]],
    );
    check(
        "\"memberOfTomorrow\": {}",
        &format!("\"memberOfTomorrow\": {}{}", "[".repeat(70), "]".repeat(70)),
        &expect![[r#"
            EVT13: the event cannot be parsed: line 13 column 117: nested deeper than 64 levels
            hint: invoke the function through CodePipeline; do not build the event by hand"#]],
    );
    check(
        "\"bucketName\": \"store\", \"objectKey\": \"pipe/Source/a%20b.zip\"",
        "\"bucketName\": \"store\"",
        &expect![[r#"
        EVT04: data.inputArtifacts[0].location.s3Location.objectKey is missing
        hint: invoke the function through CodePipeline; do not build the event by hand"#]],
    );
}

#[test]
fn an_output_can_be_named() {
    let event = EVENT.replace("{ \"name\": \"out\"", "{ \"name\": \"other\", \"location\": { \"s3Location\": { \"bucketName\": \"b\", \"objectKey\": \"k\" } } }, { \"name\": \"out\"");
    let job = job(&event).expect("a job");
    assert_eq!(job.output(Some("other")).expect("the other").key, "k");
    assert_eq!(job.output(Some("absent")).expect_err("no such artifact").code(), "EVT06");
}
