//! Calls to Amazon ECR.

use codedeploy_core::account::facts::Image;
use codedeploy_core::names::EcrImage;
use serde_json::{Value, json};

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, download, find, list, send, text};

pub(crate) const ECR: Service = Service {
    id: "ECR",
    signing: "ecr",
    host: "api.ecr",
    protocol: Protocol::Json("AmazonEC2ContainerRegistry_V20150921"),
};

/// The manifests that are understood: one image, or a list of them for several platforms.
const MANIFESTS: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// `BatchGetImage` of one image, in the Region and the account of its registry; `None` if the image or its repository does not
/// exist.
pub async fn image(aws: &Aws, image: &EcrImage) -> Result<Option<Image>, AwsError> {
    let aws = aws.with_region(image.region.as_str())?;
    let call = aws.call("ecr:BatchGetImage", &image.repository)?;
    let arguments = json!({
        "registryId": image.account,
        "repositoryName": image.repository,
        "imageIds": [image_id(image)],
        "acceptedMediaTypes": MANIFESTS,
    });
    let found = find(&aws, &ECR, &call, Arguments::Json(arguments), &["RepositoryNotFoundException"]).await?;
    let Some(manifest) = found.as_ref().and_then(|found| text(found, "/images/0/imageManifest")) else {
        return Ok(None);
    };
    let manifest: Value = serde_json::from_str(manifest).unwrap_or_default();
    let (mut platforms, mut unread) = (platforms(&manifest), None);
    if let Some(config) = text(&manifest, "/config/digest").filter(|_| platforms.is_empty()) {
        // Whether the image exists is known all the same.
        match single(&aws, image, config).await {
            Ok(platform) => platforms.extend(platform),
            Err(error) => unread = Some(error.not_checked()),
        }
    }
    Ok(Some(Image { platforms, unread }))
}

/// The digest of an image and the time of its push in milliseconds since 1970: `DescribeImages`, in the Region and the
/// account of its registry. `None` if the image or its repository does not exist.
#[cfg(feature = "command-line")]
pub async fn pushed(aws: &Aws, image: &EcrImage) -> Result<Option<(String, Option<u64>)>, AwsError> {
    let aws = aws.with_region(image.region.as_str())?;
    let call = aws.call("ecr:DescribeImages", &image.repository)?;
    let arguments = json!({
        "registryId": image.account,
        "repositoryName": image.repository,
        "imageIds": [image_id(image)],
    });
    let missing = ["RepositoryNotFoundException", "ImageNotFoundException"];
    let found = find(&aws, &ECR, &call, Arguments::Json(arguments), &missing).await?;
    let found = found.as_ref().and_then(|found| found.pointer("/imageDetails/0"));
    Ok(found.and_then(|found| {
        let pushed = found.get("imagePushedAt").and_then(Value::as_f64);
        let pushed = pushed.map(aws_smithy_types::DateTime::from_secs_f64);
        Some((text(found, "/imageDigest")?.to_owned(), crate::time::millis(pushed.as_ref())))
    }))
}

/// `imageId`
fn image_id(image: &EcrImage) -> Value {
    match &image.digest {
        Some(digest) => json!({ "imageDigest": digest }),
        None => json!({ "imageTag": image.tag }),
    }
}

/// The platform of a single image, whose manifest names only the digest of its configuration: `GetDownloadUrlForLayer`, and
/// the file behind the URL.
async fn single(aws: &Aws, image: &EcrImage, config: &str) -> Result<Option<String>, AwsError> {
    let call = aws.call("ecr:GetDownloadUrlForLayer", &image.repository)?;
    let arguments = json!({ "registryId": image.account, "repositoryName": image.repository, "layerDigest": config });
    let answer = send(aws, &ECR, &call, Arguments::Json(arguments), refused).await?;
    let config = download(aws, &call, call.part(text(&answer, "/downloadUrl"))?).await?;
    Ok(platform(text(&config, "/os"), text(&config, "/architecture")))
}

/// `linux/arm64`.
fn platform(system: Option<&str>, architecture: Option<&str>) -> Option<String> {
    Some(format!("{}/{}", system?, architecture?))
}

/// The platform of each image in a list. Attestations, which Docker adds to it, have the platform `unknown/unknown`.
fn platforms(manifest: &Value) -> Vec<String> {
    let of = |image: &Value| platform(text(image, "/platform/os"), text(image, "/platform/architecture"));
    let mut platforms: Vec<String> =
        list(manifest, "/manifests").filter_map(of).filter(|it| it != "unknown/unknown").collect();
    platforms.dedup();
    platforms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    const WEB: &str = "111111111111.dkr.ecr.us-east-1.amazonaws.com/team/web:1.4.2";

    async fn ask(reference: &str, answer: Answer) -> (Result<Option<Image>, AwsError>, FakeAws) {
        ask_all(reference, vec![answer]).await
    }

    async fn ask_all(reference: &str, answers: Vec<Answer>) -> (Result<Option<Image>, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        (image(&aws, &EcrImage::parse(reference).unwrap()).await, fake)
    }

    fn manifest(manifest: &Value) -> Answer {
        Answer::json(200, &json!({"images": [{"imageManifest": manifest.to_string()}], "failures": []}).to_string())
    }

    #[tokio::test]
    async fn a_list_names_its_platforms() {
        let list = json!({"schemaVersion": 2, "manifests": [
            {"digest": "sha256:1", "platform": {"os": "linux", "architecture": "amd64"}},
            {"digest": "sha256:2", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
            {"digest": "sha256:3", "platform": {"os": "unknown", "architecture": "unknown"}},
        ]});
        let (found, fake) = ask(WEB, manifest(&list)).await;
        assert_eq!(found.unwrap().unwrap().platforms, ["linux/amd64", "linux/arm64"]);
        let request = &fake.requests()[0];
        assert!(request.header("authorization").unwrap().contains("/us-east-1/ecr/aws4_request"));
        let body = request.body_json();
        assert_eq!((&body["registryId"], &body["repositoryName"]), (&json!("111111111111"), &json!("team/web")));
        assert_eq!(body["imageIds"], json!([{"imageTag": "1.4.2"}]));
    }

    #[tokio::test]
    async fn a_digest_counts_before_the_tag() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let single = json!({"schemaVersion": 2, "config": {"digest": "sha256:c"}});
        let denied = Answer::json(400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
        let (found, fake) = ask_all(&format!("{WEB}@{digest}"), vec![manifest(&single), denied]).await;
        let unread = found.unwrap().unwrap().unread.unwrap();
        assert_eq!(unread.to_string(), "needs ecr:GetDownloadUrlForLayer");
        assert_eq!(fake.requests()[0].body_json()["imageIds"], json!([{"imageDigest": digest}]));
    }

    #[tokio::test]
    async fn a_single_image_has_its_platform_in_its_configuration() {
        let config = r#"{"architecture":"arm64","os":"linux","config":{"Env":["A=b"]}}"#;
        let layer = FakeAws::start(vec![Answer::text(200, config)]);
        let url =
            json!({ "downloadUrl": format!("{}/a/b?X-Amz-Signature=s&x=1%2F2", layer.url), "layerDigest": "sha256:c" });
        let single = json!({"schemaVersion": 2, "config": {"digest": "sha256:c"}});
        let (found, fake) = ask_all(WEB, vec![manifest(&single), Answer::json(200, &url.to_string())]).await;
        assert_eq!(found.unwrap().unwrap().platforms, ["linux/arm64"]);
        assert_eq!(fake.requests()[1].body_json()["layerDigest"], "sha256:c");
        let get = &layer.requests()[0];
        assert_eq!(get.line, "GET /a/b?X-Amz-Signature=s&x=1%2F2 HTTP/1.1");
        // Amazon S3 refuses what is signed twice, and headers of AWS that are not signed.
        assert!(get.headers.iter().all(|(name, _)| name != "authorization" && !name.starts_with("x-amz")), "{get:?}");
    }

    #[tokio::test]
    async fn neither_image_nor_repository_is_an_error() {
        let failure = r#"{"images":[],"failures":[{"imageId":{"imageTag":"1.4.2"},"failureCode":"ImageNotFound",
            "failureReason":"Requested image not found"}]}"#;
        assert_eq!(ask(WEB, Answer::json(200, failure)).await.0.unwrap(), None);
        let missing = r#"{"__type":"RepositoryNotFoundException","message":"The repository does not exist"}"#;
        assert_eq!(ask(WEB, Answer::json(400, missing)).await.0.unwrap(), None);
    }
}
