//! The revision of a deployment: an AppSpec inside the request, or an object in S3.

use aws_sdk_codedeploy::types::{self, AppSpecContent, RevisionLocation, RevisionLocationType, S3Location};
use codedeploy_core::artifact::archive::sha256_hex;
use codedeploy_core::deployment::Revision;

use super::shared::{cause, client, revision_refused};
use crate::config::Aws;
use crate::error::AwsError;
use crate::s3;

/// A revision that can be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisionToDeploy {
    /// The AppSpec itself, YAML or JSON. It is sent with its SHA-256.
    Inline {
        /// The text, byte for byte.
        content: String,
    },
    /// An object of a bucket in the region of the deployment, which the caller may read.
    S3 {
        /// Bucket name.
        bucket: String,
        /// Object key, raw.
        key: String,
        /// What it holds.
        bundle_type: BundleType,
        /// Version of the object; `None` for the newest one.
        version: Option<String>,
        /// Entity tag without quotes; CodeDeploy rejects an object with a different one.
        e_tag: Option<String>,
    },
}

/// What an S3 revision for ECS may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleType {
    /// `YAML`.
    Yaml,
    /// `JSON`.
    Json,
}

impl BundleType {
    /// As the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            BundleType::Yaml => "YAML",
            BundleType::Json => "JSON",
        }
    }
}

impl RevisionToDeploy {
    pub(super) fn location(&self) -> RevisionLocation {
        let builder = RevisionLocation::builder();
        match self {
            RevisionToDeploy::Inline { content } => {
                let sha256 = sha256_hex(content.as_bytes());
                let content = AppSpecContent::builder().content(content).sha256(sha256).build();
                builder.revision_type(RevisionLocationType::AppSpecContent).app_spec_content(content).build()
            }
            RevisionToDeploy::S3 { bucket, key, bundle_type, version, e_tag } => {
                let location = S3Location::builder()
                    .bucket(bucket)
                    .key(key)
                    .bundle_type(types::BundleType::from(bundle_type.name()))
                    .set_version(version.clone())
                    .set_e_tag(e_tag.clone());
                builder.revision_type(RevisionLocationType::S3).s3_location(location.build()).build()
            }
        }
    }
}

/// The revision of an earlier deployment, ready to be deployed again.
///
/// `GetDeployment` may return only the digest of an inline AppSpec; the text is then fetched separately.
pub async fn deployable(aws: &Aws, application: &str, revision: &Revision) -> Result<RevisionToDeploy, AwsError> {
    let call = aws.call("codedeploy:GetApplicationRevision", application)?;
    let refuse = |text: &str| Err(revision_refused(&call.name(), text).into());
    match revision {
        Revision::AppSpecContent { content: Some(content), .. } => {
            Ok(RevisionToDeploy::Inline { content: content.clone() })
        }
        Revision::AppSpecContent { content: None, sha256: Some(sha256) } => {
            Ok(RevisionToDeploy::Inline { content: inline_content(aws, application, sha256).await? })
        }
        Revision::AppSpecContent { .. } => refuse("the earlier revision has neither content nor digest"),
        Revision::S3 { bucket, key, bundle_type, version, etag } => {
            let bundle_type = match bundle_type.to_ascii_uppercase().as_str() {
                "YAML" => BundleType::Yaml,
                "JSON" => BundleType::Json,
                other => return refuse(&format!("bundle type {other} is not for ECS")),
            };
            Ok(RevisionToDeploy::S3 {
                bucket: bucket.clone(),
                key: key.clone(),
                bundle_type,
                version: version.clone(),
                e_tag: etag.clone(),
            })
        }
        Revision::Other(name) => refuse(&format!("revision type {name} is not for ECS")),
    }
}

/// Returns the text of the AppSpec of a revision, which for an S3 revision is the object.
pub async fn appspec_of(aws: &Aws, revision: &RevisionToDeploy) -> Result<String, AwsError> {
    match revision {
        RevisionToDeploy::Inline { content } => Ok(content.clone()),
        RevisionToDeploy::S3 { bucket, key, version, .. } => {
            s3::download_text(aws, bucket, key, version.as_deref()).await
        }
    }
}

async fn inline_content(aws: &Aws, application: &str, sha256: &str) -> Result<String, AwsError> {
    let call = aws.call("codedeploy:GetApplicationRevision", application)?;
    let known = AppSpecContent::builder().sha256(sha256).build();
    let known = RevisionLocation::builder().revision_type(RevisionLocationType::AppSpecContent).app_spec_content(known);
    let request = client(aws).get_application_revision().application_name(application).revision(known.build());
    let answer = call.answer(request.send().await, cause)?;
    let content = answer.revision().and_then(RevisionLocation::app_spec_content).and_then(AppSpecContent::content);
    let gone = || revision_refused(&call.name(), "CodeDeploy no longer has its content");
    Ok(content.ok_or_else(gone)?.to_owned())
}

/// The members of a `RevisionLocation` that an ECS deployment can have.
pub(super) fn read(location: &RevisionLocation) -> Revision {
    if let Some(content) = location.app_spec_content() {
        return Revision::AppSpecContent {
            content: content.content().map(str::to_owned),
            sha256: content.sha256().map(str::to_owned),
        };
    }
    if let Some(s3) = location.s3_location() {
        return Revision::S3 {
            bucket: s3.bucket().unwrap_or_default().to_owned(),
            key: s3.key().unwrap_or_default().to_owned(),
            bundle_type: s3.bundle_type().map_or("", types::BundleType::as_str).to_owned(),
            version: s3.version().map(str::to_owned),
            etag: s3.e_tag().map(|tag| tag.trim_matches('"').to_owned()),
        };
    }
    // Before `AppSpecContent` there was `String`, with the same two members.
    if let Some(string) = location.string() {
        return Revision::AppSpecContent {
            content: string.content().map(str::to_owned),
            sha256: string.sha256().map(str::to_owned),
        };
    }
    Revision::Other(location.revision_type().map_or("", RevisionLocationType::as_str).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};
    use serde_json::json;

    async fn again(revision: Revision, answers: Vec<Answer>) -> (Result<RevisionToDeploy, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (deployable(&aws, "app", &revision).await, fake)
    }

    fn digest_only() -> Revision {
        Revision::AppSpecContent { content: None, sha256: Some("ab12".to_owned()) }
    }

    #[tokio::test]
    async fn an_inline_revision_is_asked_for_by_its_digest_only_where_it_must() {
        let known = Revision::AppSpecContent { content: Some("x: 1".to_owned()), sha256: None };
        let (revision, fake) = again(known, Vec::new()).await;
        assert_eq!(revision.unwrap(), RevisionToDeploy::Inline { content: "x: 1".to_owned() });
        assert_eq!(fake.requests().len(), 0);

        let answer = r#"{"applicationName":"app","revision":{"revisionType":"AppSpecContent",
            "appSpecContent":{"content":"y: 2","sha256":"ab12"}}}"#;
        let (revision, fake) = again(digest_only(), vec![Answer::json(200, answer)]).await;
        assert_eq!(revision.unwrap(), RevisionToDeploy::Inline { content: "y: 2".to_owned() });
        let request = &fake.requests()[0];
        assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.GetApplicationRevision"));
        let expect = json!({"applicationName": "app",
            "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": "ab12"}}});
        assert_eq!(request.body_json(), expect);
    }

    #[tokio::test]
    async fn an_s3_revision_keeps_its_version() {
        let s3 = |bundle_type: &str| Revision::S3 {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            bundle_type: bundle_type.to_owned(),
            version: Some("v".to_owned()),
            etag: None,
        };
        let (revision, _) = again(s3("YAML"), Vec::new()).await;
        let expect = RevisionToDeploy::S3 {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            bundle_type: BundleType::Yaml,
            version: Some("v".to_owned()),
            e_tag: None,
        };
        assert_eq!(revision.unwrap(), expect);
        check(s3("zip"), Vec::new(), expect![[r#"
            DEP10: CodeDeploy rejected the revision for app: bundle type ZIP is not for ECS
            hint: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"#]]).await;

        let fake = FakeAws::start(vec![Answer::text(200, "version: 0.0")]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        assert_eq!(appspec_of(&aws, &expect).await.unwrap(), "version: 0.0");
        assert_eq!(fake.requests()[0].line, "GET /b/k?x-id=GetObject&versionId=v HTTP/1.1");
    }

    async fn check(revision: Revision, answers: Vec<Answer>, expect: Expect) {
        let (result, _) = again(revision, answers).await;
        expect.assert_eq(&Fault::from(result.unwrap_err()).report());
    }

    #[tokio::test]
    async fn a_revision_that_is_gone_is_named() {
        let gone = r#"{"__type":"RevisionDoesNotExistException","message":"The revision does not exist."}"#;
        check(digest_only(), vec![Answer::json(400, gone)], expect![[r#"
            DEP10: CodeDeploy rejected the revision for app: The revision does not exist
            hint: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"#]]).await;
        check(digest_only(), vec![Answer::json(200, "{}")], expect![[r#"
            DEP10: CodeDeploy rejected the revision for app: CodeDeploy no longer has its content
            hint: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"#]]).await;
        check(Revision::AppSpecContent { content: None, sha256: None }, Vec::new(), expect![[r#"
            DEP10: CodeDeploy rejected the revision for app: the earlier revision has neither content nor digest
            hint: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"#]]).await;
        check(Revision::Other("GitHub".to_owned()), Vec::new(), expect![[r#"
            DEP10: CodeDeploy rejected the revision for app: revision type GitHub is not for ECS
            hint: compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"#]]).await;
    }
}
