//! `PutObject`, as the artifact buckets of CodePipeline require it.

use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ServerSideEncryption;

use super::client;
use super::faults::{cause, not_writable};
use crate::config::{Aws, OpenOnly};
use crate::error::{AwsError, Caller};

/// An object to write.
pub struct Upload<'a> {
    /// Bucket name.
    pub bucket: &'a str,
    /// Object key, raw.
    pub key: &'a str,
    /// The whole object.
    pub body: Vec<u8>,
    /// SHA-256 of `body`; S3 rejects the object if it does not match.
    pub sha256: [u8; 32],
    /// How S3 keeps it.
    pub encryption: Encryption<'a>,
    /// MIME type, such as `application/zip`.
    pub content_type: &'a str,
    /// Whose credentials are used, which determines where a denied call must be fixed.
    pub caller: Caller,
}

/// How S3 encrypts an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption<'a> {
    /// The default encryption of the bucket.
    BucketDefault,
    /// With KMS (`aws:kms`) and the key with this ID or ARN; without a key, S3 uses the default key of the bucket or
    /// the AWS managed key.
    Kms(Option<&'a str>),
}

/// The response of S3 to a written object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Version of the object, if the bucket is versioned.
    pub version_id: Option<String>,
    /// Entity tag, without its quotes.
    pub e_tag: Option<String>,
}

/// Writes an object in one `PutObject`.
///
/// An artifact of a pipeline needs [`Encryption::Kms`]: the bucket policies that AWS documents for pipelines check the
/// header, not the default encryption of the bucket.
///
/// Status 200 alone does not prove success, because the page of a proxy has it as well: the answer must repeat the
/// checksum, or have an entity tag and the request ID of S3.
/// <https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html>
pub async fn upload(aws: &Aws, upload: Upload<'_>) -> Result<Uploaded, AwsError> {
    let Upload { bucket, key, body, sha256, encryption, content_type, caller } = upload;
    let checksum = aws_smithy_types::base64::encode(sha256);
    let (algorithm, kms_key) = match encryption {
        Encryption::BucketDefault => (None, None),
        Encryption::Kms(key) => (Some(ServerSideEncryption::AwsKms), key),
    };
    let call = aws.call("s3:PutObject", format!("s3://{bucket}/{key}"))?;
    let answer = client(aws)
        .put_object()
        .bucket(bucket)
        .key(key)
        .content_type(content_type)
        .set_server_side_encryption(algorithm)
        .set_ssekms_key_id(kms_key.map(str::to_owned))
        // With our own checksum, the SDK neither computes one nor sends the body in signed chunks.
        .checksum_sha256(&checksum)
        .body(ByteStream::from(body))
        .send()
        .await;
    let answer = call.answer(answer, |call, facts| cause(call, facts, caller, not_writable))?;
    let answer = call.part(is_stored(&answer, &checksum).then_some(answer))?;
    Ok(Uploaded {
        version_id: answer.version_id().map(str::to_owned),
        e_tag: answer.e_tag().map(|tag| tag.trim_matches('"').to_owned()),
    })
}

/// Begins to open a connection to the bucket, for an upload that follows.
pub async fn open_connection(aws: &Aws, bucket: &str) {
    let upload = client(aws).put_object().bucket(bucket).key("-").customize().interceptor(OpenOnly);
    // An error in any case; what is in the way of a connection is reported by the upload.
    drop(upload.send().await);
}

/// Whether an answer must come from S3 and confirms the bytes that were sent.
fn is_stored(answer: &PutObjectOutput, checksum: &str) -> bool {
    match answer.checksum_sha256() {
        Some(echoed) => echoed == checksum,
        None => answer.e_tag().is_some_and(|tag| !tag.is_empty()) && answer.request_id().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws, Request};
    use codedeploy_core::fault::{Explain, Fault, Kind};
    use expect_test::expect;

    /// The checksum of the object below, as S3 repeats it.
    const CHECKSUM: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    fn stored() -> Answer {
        Answer::text(200, "").with("x-amz-checksum-sha256", CHECKSUM)
    }

    const KMS_KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234";

    async fn put(answers: Vec<Answer>, kms_key: Option<&str>) -> (Result<Uploaded, AwsError>, Vec<Request>) {
        put_as(answers, Encryption::Kms(kms_key), Caller::PipelineAction).await
    }

    async fn put_as(
        answers: Vec<Answer>,
        encryption: Encryption<'_>,
        caller: Caller,
    ) -> (Result<Uploaded, AwsError>, Vec<Request>) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let object = Upload {
            bucket: "bucket",
            key: "app/Out/x.zip",
            body: b"zip bytes".to_vec(),
            sha256: [7; 32],
            encryption,
            content_type: "application/zip",
            caller,
        };
        (upload(&aws, object).await, fake.requests())
    }

    #[tokio::test]
    async fn the_request_is_one_plain_put_with_kms_and_our_checksum() {
        let answer = stored().with("x-amz-version-id", "v1").with("etag", "\"e1\"");
        let (uploaded, requests) = put(vec![answer], Some(KMS_KEY)).await;
        let expect = Uploaded { version_id: Some("v1".to_owned()), e_tag: Some("e1".to_owned()) };
        assert_eq!(uploaded.unwrap(), expect);
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!(request.body, b"zip bytes");
        // What differs from run to run or from version to version of the SDK is left out.
        let varies = ["authorization", "x-amz-date", "user-agent", "x-amz-user-agent", "host", "amz-sdk-invocation-id"];
        let shown =
            |(name, value): &(String, String)| (!varies.contains(&name.as_str())).then(|| format!("{name}: {value}"));
        let mut headers: Vec<String> = request.headers.iter().filter_map(shown).collect();
        headers.sort();
        expect![[r"
            PUT /bucket/app/Out/x.zip?x-id=PutObject HTTP/1.1
            amz-sdk-request: attempt=1; max=3
            content-length: 9
            content-type: application/zip
            x-amz-checksum-sha256: BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=
            x-amz-content-sha256: 5b7a2754b389130e138d57ba83f1eae7f05a41c66becacfa2dd2060143ae66db
            x-amz-security-token: planted-token
            x-amz-server-side-encryption-aws-kms-key-id: arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234
            x-amz-server-side-encryption: aws:kms"]].assert_eq(&format!("{}\n{}", request.line, headers.join("\n")));
    }

    #[tokio::test]
    async fn status_200_alone_is_no_evidence() {
        let page = || Answer::text(200, "<html>Welcome</html>").with("content-type", "text/html");
        for (answer, stored) in [
            (page(), false),
            (page().with("etag", "\"static-page\""), false),
            (page().with("x-amz-request-id", "4442587FB7D0A2F9"), false),
            (page().with("x-amz-checksum-sha256", "AAAA"), false),
            (page().with("x-amz-checksum-sha256", CHECKSUM), true),
            // Services that are compatible with S3 may not know checksums.
            (page().with("etag", "\"e1\"").with("x-amz-request-id", "4442587FB7D0A2F9"), true),
        ] {
            let (uploaded, requests) = put(vec![answer], None).await;
            assert_eq!((uploaded.is_ok(), requests.len()), (stored, 1), "{uploaded:?}");
            if let Err(error) = uploaded {
                assert_eq!((error.code(), error.kind()), ("AWS10", Kind::Unavailable));
            }
        }
    }

    #[tokio::test]
    async fn without_a_key_the_header_is_left_out_and_kms_stays() {
        let (_, requests) = put(vec![stored()], None).await;
        assert_eq!(requests[0].header("x-amz-server-side-encryption"), Some("aws:kms"));
        assert_eq!(requests[0].header("x-amz-server-side-encryption-aws-kms-key-id"), None);
    }

    #[tokio::test]
    async fn the_default_of_the_bucket_needs_no_header() {
        let (_, requests) = put_as(vec![stored()], Encryption::BucketDefault, Caller::Own).await;
        let named = |(name, _): &&(String, String)| name.starts_with("x-amz-server-side-encryption");
        assert_eq!(requests[0].headers.iter().find(named), None);
    }

    #[tokio::test]
    async fn a_passing_fault_is_tried_again_with_the_whole_body() {
        let slow = Answer::text(503, "<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>");
        let (uploaded, requests) = put(vec![slow, Answer::Close, stored()], None).await;
        assert_eq!(uploaded.unwrap(), Uploaded::default());
        let bodies: Vec<&[u8]> = requests.iter().map(|request| request.body.as_slice()).collect();
        assert_eq!(bodies, [b"zip bytes"; 3]);
    }

    #[tokio::test]
    async fn a_refusal_speaks_of_the_action_role() {
        let body = "<Error><Code>AccessDenied</Code><Message>User: arn:aws:sts::1:assumed-role/action-role/s is not \
                    authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::bucket/app/Out/x.zip\" because no \
                    identity-based policy allows the s3:PutObject action</Message></Error>";
        let (uploaded, _) = put(vec![Answer::text(403, body)], Some(KMS_KEY)).await;
        let error = uploaded.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("S3-03", Kind::Denied));
        expect![[r#"
            S3-03: cannot write s3://bucket/app/Out/x.zip: s3:PutObject denied for role action-role (role policy and bucket policy must both allow it)
            hint: allow s3:PutObject on arn:aws:s3:::bucket/app/Out/x.zip to role action-role in an identity-based policy; that is the role of the pipeline's action, not of the function; a bucket policy or SCP may require the header x-amz-server-side-encryption-aws-kms-key-id"#]].assert_eq(&Fault::from(error).report());
    }

    #[tokio::test]
    async fn a_refusal_of_the_own_role_does_not_speak_of_pipelines() {
        let body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
        let (uploaded, _) = put_as(vec![Answer::text(403, body)], Encryption::BucketDefault, Caller::Own).await;
        expect![[r#"
            S3-03: cannot write s3://bucket/app/Out/x.zip: s3:PutObject denied (role policy and bucket policy must both allow it)
            hint: allow s3:PutObject, and kms:GenerateDataKey on the key; a bucket policy or SCP may require encryption with KMS (--kms-key)"#]].assert_eq(&Fault::from(uploaded.unwrap_err()).report());
    }

    #[tokio::test]
    async fn a_connection_that_was_opened_before_serves_the_upload() {
        let fake = FakeAws::start(vec![stored()]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        open_connection(&aws, "bucket").await;
        assert_eq!(fake.accepted(1).await, 1);
        assert!(fake.requests().is_empty(), "nothing is sent");
        let object = Upload {
            bucket: "bucket",
            key: "app/Out/x.zip",
            body: b"zip bytes".to_vec(),
            sha256: [7; 32],
            encryption: Encryption::BucketDefault,
            content_type: "application/zip",
            caller: Caller::PipelineAction,
        };
        upload(&aws, object).await.unwrap();
        assert_eq!((fake.requests().len(), fake.connections(), fake.accepted(1).await), (1, 1, 1));
    }
}
