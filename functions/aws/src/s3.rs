//! Calls to Amazon S3. Object keys are used as they are: CodePipeline's are not URL-encoded.

mod parts;
#[cfg(feature = "command-line")]
mod text;
mod upload;

pub(crate) mod faults;

use std::io::{Seek, SeekFrom, Write};
use std::ops::Range;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use codedeploy_core::fault::shown;
use tokio::time::{sleep, timeout};

use crate::call::Call;
use crate::config::Aws;
use crate::error::{AwsError, Caller, Why};
use crate::unsent::late;

pub use parts::{Object, download_end, download_part};
#[cfg(feature = "command-line")]
pub use text::{TEXT_BYTES, download_text};
pub use upload::{Encryption, Upload, Uploaded, open_connection, upload};

/// The pauses before a missing object is requested again: the previous action may have just written it.
const MISSING_PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// An object to read, and whose credentials to use.
struct Asked<'a> {
    bucket: &'a str,
    key: &'a str,
    version: Option<&'a str>,
    /// Only if it still has this entity tag.
    e_tag: Option<&'a str>,
    /// Only these bytes, as the header `Range` names them.
    range: Option<String>,
    caller: Caller,
}

/// What arrived of an object.
struct Arrived {
    part: Range<u64>,
    /// The size of the whole object.
    length: u64,
    e_tag: Option<String>,
}

/// Copies what was asked for to its place in `into`. Refuses an object of more than `limit` bytes.
async fn copy_within<W: Write + Seek>(
    aws: &Aws,
    call: &Call,
    asked: &Asked<'_>,
    limit: u64,
    into: &mut W,
    pauses: &[Duration],
) -> Result<Arrived, AwsError> {
    let whole = async {
        let answer = open(aws, call, asked, pauses).await?;
        let promised = answer.content_length().and_then(|length| u64::try_from(length).ok());
        let part = match answer.content_range() {
            Some(range) => Some(call.part(parts::content_range(range))?),
            None => None,
        };
        if let Some(bytes) = part.as_ref().map(|(_, length)| *length).or(promised).filter(|bytes| *bytes > limit) {
            return Err(faults::too_large(call, bytes, limit).into());
        }
        let e_tag = answer.e_tag().map(str::to_owned);
        let start = part.as_ref().map_or(0, |(part, _)| part.start);
        let promised = part.as_ref().map(|(part, _)| part.end - part.start).or(promised);
        let placed = into.seek(SeekFrom::Start(start));
        placed.map_err(|error| faults::not_stored(&call.name(), &error.to_string()))?;
        let received = copy(call, answer.body, promised, limit, into).await?;
        Ok(Arrived { part: start..start + received, length: part.map_or(received, |(_, length)| length), e_tag })
    };
    timeout(aws.operation_timeout(), whole).await.unwrap_or_else(|_| Err(late(call).into()))
}

async fn open(aws: &Aws, call: &Call, asked: &Asked<'_>, pauses: &[Duration]) -> Result<GetObjectOutput, AwsError> {
    let client = client(aws);
    let mut pauses = pauses.iter();
    loop {
        let request = client.get_object().bucket(asked.bucket).key(asked.key);
        let request = request.set_version_id(asked.version.map(str::to_owned)).set_range(asked.range.clone());
        let answer = request.set_if_match(asked.e_tag.map(str::to_owned)).send().await;
        let answer = call.answer(answer, |call, facts| faults::cause(call, facts, asked.caller, faults::not_readable));
        match (answer, pauses.next()) {
            (Err(error), Some(pause)) if *error.why() == Why::ObjectMissing => {
                tracing::info!(object = %shown(&call.subject), "the object does not exist yet; retrying");
                sleep(*pause).await;
            }
            (answer, _) => return answer,
        }
    }
}

async fn copy<W: Write>(
    call: &Call,
    mut body: ByteStream,
    promised: Option<u64>,
    limit: u64,
    into: &mut W,
) -> Result<u64, AwsError> {
    let name = call.name();
    let mut received = 0;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|_| faults::interrupted(&name, received))?;
        received += piece.len() as u64;
        if received > limit {
            return Err(faults::too_large(call, received, limit).into());
        }
        into.write_all(&piece).map_err(|error| faults::not_stored(&name, &error.to_string()))?;
    }
    if promised.is_some_and(|promised| promised != received) {
        return Err(faults::interrupted(&name, received).into());
    }
    Ok(received)
}

/// A client that puts the bucket into the path if the user configured the endpoint: `BUCKET.localhost` and
/// `BUCKET.127.0.0.1` are not hosts, and every S3 endpoint supports the path.
fn client(aws: &Aws) -> Client {
    let config = aws_sdk_s3::config::Builder::from(aws.sdk()).force_path_style(aws.has_own_endpoint("S3"));
    Client::from_conf(config.build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::{Explain, Fault, Kind};
    use expect_test::{Expect, expect};
    use parts::download_end_with;
    use std::io::Cursor;

    const KEY: &str = "app/Source Art/a%2Bb+ü.zip";
    const PAUSES: [Duration; 3] = [Duration::from_millis(1); 3];

    fn call() -> Call {
        Call { action: "s3:GetObject", subject: "s3://bucket/k".to_owned(), region: "eu-west-1".to_owned() }
    }

    async fn fetch(answers: Vec<Answer>, limit: u64) -> (Result<u64, AwsError>, Vec<u8>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let mut body = Cursor::new(Vec::new());
        let result = download_end_with(&aws, "bucket", KEY, limit, limit, &mut body, &PAUSES).await;
        (result.map(|(object, _)| object.length), body.into_inner(), fake)
    }

    async fn check(answers: Vec<Answer>, kind: Kind, expect: Expect) {
        let error = fetch(answers, 1_000_000).await.0.unwrap_err();
        assert_eq!(error.kind(), kind);
        let report = Fault::from(error).report();
        assert!(!report.contains("planted"));
        expect.assert_eq(&report);
    }

    fn refusal(status: u16, code: &str, message: &str) -> Answer {
        let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>");
        Answer::text(status, &body).with("x-amz-request-id", "RID3").with("content-type", "application/xml")
    }

    #[tokio::test]
    async fn a_bucket_is_in_the_path_wherever_the_user_chose_the_endpoint() {
        let fake = FakeAws::start(vec![Answer::text(200, "zip bytes")]);
        let aws = aws_at(&fake.url.replace("127.0.0.1", "localhost"), Timeouts::default()).await;
        let (object, part) = download_end(&aws, "bucket", "k", 9, 9, &mut Cursor::new(Vec::new())).await.unwrap();
        assert_eq!((object.length, part), (9, 0..9));
        assert_eq!(fake.requests()[0].line, "GET /bucket/k?x-id=GetObject HTTP/1.1");
    }

    #[tokio::test]
    async fn an_object_is_copied_by_its_raw_key() {
        let (result, body, fake) = fetch(vec![Answer::text(200, "zip bytes")], 9).await;
        assert_eq!((result.unwrap(), body.as_slice()), (9, b"zip bytes".as_slice()));
        let request = &fake.requests()[0];
        assert_eq!(request.line, "GET /bucket/app/Source%20Art/a%252Bb%2B%C3%BC.zip?x-id=GetObject HTTP/1.1");
        assert_eq!(request.header("x-amz-security-token"), Some("planted-token"));
    }

    #[tokio::test]
    async fn a_missing_object_is_asked_for_four_times() {
        let missing = || refusal(404, "NoSuchKey", "The specified key does not exist.");
        let (result, body, fake) = fetch(vec![missing(), missing(), missing(), Answer::text(200, "late")], 9).await;
        assert_eq!((result.unwrap(), body.as_slice(), fake.requests().len()), (4, b"late".as_slice(), 4));
        check(
            vec![missing(), missing(), missing(), missing(), Answer::text(200, "too late")],
            Kind::NotFound,
            expect![[r#"
                S3-02: s3://bucket/app/Source Art/a%2Bb+ü.zip does not exist (request RID3)
                hint: check that the action that writes the object has finished"#]],
        )
        .await;
        assert!(MISSING_PAUSES.iter().sum::<Duration>() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn a_large_object_is_refused_by_its_header_and_while_it_comes() {
        let large = Answer::Short { body: b"only a little".to_vec(), missing: 2_100_000_000 };
        let (result, body, _) = fetch(vec![large], 256_000_000).await;
        let error = result.unwrap_err();
        assert_eq!((error.code(), error.kind(), body.len()), ("ZIP09", Kind::Input, 0));
        assert!(error.to_string().starts_with("artifact is 2.1 GB, limit 256 MB"), "{error}");

        let mut body = Vec::new();
        let error = copy(&call(), ByteStream::from(vec![0; 11]), None, 10, &mut body).await.unwrap_err();
        assert_eq!((error.code(), body.len()), ("ZIP09", 0));
        assert!(error.to_string().starts_with("artifact is 11 bytes, limit 10 bytes"), "{error}");
    }

    #[tokio::test]
    async fn a_broken_body_and_a_full_disk_are_told_apart() {
        let short = Answer::Short { body: b"half".to_vec(), missing: 4 };
        check(
            vec![short],
            Kind::Unavailable,
            expect![[r#"
                S3-06: s3://bucket/app/Source Art/a%2Bb+ü.zip: the download was interrupted after 4 bytes
                hint: try again"#]],
        )
        .await;
        let mut full = [0_u8; 2];
        let result = copy(&call(), ByteStream::from_static(b"three"), None, 10, &mut full.as_mut_slice()).await;
        assert_eq!(result.unwrap_err().code(), "S3-07");
    }

    #[tokio::test]
    async fn a_refusal_says_which_policy_it_takes() {
        let kms = "User: arn:aws:sts::111111111111:assumed-role/codepipeline-x/1624 is not authorized to perform: \
                   kms:Decrypt on resource: arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234 \
                   because no resource-based policy allows the kms:Decrypt action";
        check(vec![refusal(403, "AccessDenied", kms)], Kind::Denied, expect![[r#"
            S3-01: cannot read s3://bucket/app/Source Art/a%2Bb+ü.zip: kms:Decrypt denied on key …1234 for role codepipeline-x (key policy, role policy and bucket policy must all allow it) (request RID3)
            hint: allow kms:Decrypt to role codepipeline-x in the key policy of arn:aws:kms:eu-west-1:111111111111:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeee1234"#]]).await;
        check(vec![refusal(403, "AccessDenied", "Access Denied")], Kind::Denied, expect![[r#"
            S3-01: cannot read s3://bucket/app/Source Art/a%2Bb+ü.zip: s3:GetObject denied (role policy and bucket policy must both allow it) (request RID3)
            hint: allow s3:GetObject on s3://bucket/app/Source Art/a%2Bb+ü.zip and kms:Decrypt on its key to the pipeline's action role (not the function role); without s3:ListBucket, S3 returns the same error for a missing object"#]]).await;
        let scp = "User: arn:aws:sts::1:assumed-role/p/s is not authorized to perform: s3:GetObject on resource: \
                   \"arn:aws:s3:::bucket/k\" with an explicit deny in a service control policy";
        check(vec![refusal(403, "AccessDenied", scp)], Kind::Denied, expect![[r#"
            S3-01: cannot read s3://bucket/app/Source Art/a%2Bb+ü.zip: s3:GetObject denied for role p (a policy denies it explicitly) (request RID3)
            hint: ask the administrator of the AWS organization to change the service control policy (SCP) that denies s3:GetObject explicitly for role p"#]]).await;
        check(vec![refusal(400, "ExpiredToken", "The provided token has expired.")], Kind::Denied, expect![[r#"
            AWS02: s3:GetObject on s3://bucket/app/Source Art/a%2Bb+ü.zip in eu-west-1: the credentials have expired (request RID3)
            hint: run it again with new credentials; the credentials of a CodePipeline job expire after 15 minutes"#]]).await;
    }

    #[tokio::test]
    async fn a_bucket_elsewhere_or_nowhere_is_named() {
        let elsewhere =
            refusal(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed …");
        check(vec![elsewhere.with("x-amz-bucket-region", "us-east-1")], Kind::Configuration, expect![[r#"
            S3-05: s3://bucket/app/Source Art/a%2Bb+ü.zip: the bucket is in us-east-1, but the request went to eu-west-1 (request RID3)
            hint: set the Region to us-east-1"#]]).await;
        check(
            vec![refusal(404, "NoSuchBucket", "The specified bucket does not exist")],
            Kind::NotFound,
            expect![[r"
            S3-04: s3://bucket/app/Source Art/a%2Bb+ü.zip: the bucket does not exist (request RID3)
            hint: check the bucket name"]],
        )
        .await;
    }
}
