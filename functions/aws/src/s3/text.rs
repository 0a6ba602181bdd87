//! A small text object, such as an AppSpec in S3.

use std::io::Cursor;

use super::faults::not_text;
use super::{Asked, copy_within};
use crate::config::Aws;
use crate::error::{AwsError, Caller, Why};

/// The largest object that [`download_text`] takes: 1 MiB, as for every AppSpec.
pub const TEXT_BYTES: u64 = 1024 * 1024;

/// Reads an object of at most [`TEXT_BYTES`] with the program's own credentials, in one version if one is given.
///
/// A missing object is an error immediately, because nothing is expected to write it.
pub async fn download_text(aws: &Aws, bucket: &str, key: &str, version: Option<&str>) -> Result<String, AwsError> {
    let call = aws.call("s3:GetObject", format!("s3://{bucket}/{key}"))?;
    let asked = Asked { bucket, key, version, e_tag: None, range: None, caller: Caller::Own };
    let name = call.name();
    let mut body = Cursor::new(Vec::new());
    match copy_within(aws, &call, &asked, TEXT_BYTES, &mut body, &[]).await {
        Err(error) if *error.why() == Why::ObjectTooLarge => return Err(not_text(&name).into()),
        copied => copied?,
    };
    String::from_utf8(body.into_inner()).map_err(|_| not_text(&name).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};

    async fn fetch(answer: Answer) -> (Result<String, AwsError>, FakeAws) {
        let fake = FakeAws::start(vec![answer]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (download_text(&aws, "bucket", "web/appspec.yaml", Some("v 1")).await, fake)
    }

    async fn check(answer: Answer, expect: Expect) {
        let (result, fake) = fetch(answer).await;
        expect.assert_eq(&Fault::from(result.unwrap_err()).report());
        assert_eq!(fake.requests().len(), 1);
    }

    #[tokio::test]
    async fn one_version_is_read_once() {
        let (text, fake) = fetch(Answer::text(200, "version: 0.0\n")).await;
        assert_eq!(text.unwrap(), "version: 0.0\n");
        let expect = "GET /bucket/web/appspec.yaml?x-id=GetObject&versionId=v%201 HTTP/1.1";
        assert_eq!(fake.requests()[0].line, expect);
    }

    #[tokio::test]
    async fn each_refusal_names_the_object() {
        let refusal =
            |status, code| Answer::text(status, &format!("<Error><Code>{code}</Code><Message>no</Message></Error>"));
        check(
            refusal(404, "NoSuchKey"),
            expect![[r#"
                S3-02: s3://bucket/web/appspec.yaml does not exist
                hint: check that the action that writes the object has finished"#]],
        )
        .await;
        check(
            refusal(404, "NoSuchVersion"),
            expect![[r#"
                S3-02: s3://bucket/web/appspec.yaml does not exist
                hint: check that the action that writes the object has finished"#]],
        )
        .await;
        check(refusal(403, "AccessDenied"), expect![[r#"
            S3-01: cannot read s3://bucket/web/appspec.yaml: s3:GetObject denied (role policy and bucket policy must both allow it)
            hint: allow s3:GetObject on s3://bucket/web/appspec.yaml and kms:Decrypt on its key; without s3:ListBucket, S3 returns the same error for a missing object"#]]).await;
        let large = Answer::Short { body: Vec::new(), missing: 1_048_577 };
        check(
            large,
            expect![[r#"
            S3-08: s3://bucket/web/appspec.yaml is not UTF-8 text of at most 1 MiB
            hint: check that the object is the AppSpec file itself"#]],
        )
        .await;
        let binary = Answer::Reply { status: 200, headers: Vec::new(), body: vec![0xff] };
        check(
            binary,
            expect![[r#"
            S3-08: s3://bucket/web/appspec.yaml is not UTF-8 text of at most 1 MiB
            hint: check that the object is the AppSpec file itself"#]],
        )
        .await;
    }
}
