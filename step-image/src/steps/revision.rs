//! The AppSpec as a revision: an object in S3, as CodeDeploy refers to it.

use codedeploy_aws::codedeploy::{BundleType, RevisionToDeploy};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::{AwsError, Caller};
use codedeploy_aws::s3::{self, Encryption, Upload};
use codedeploy_core::artifact::archive::sha256;
use codedeploy_core::document::is_json;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::{KmsKey, S3Uri};
use codedeploy_core::text::word;
use serde_json::{Value, json};

use super::begun::Begun;

faults! {
    /// The faults of revisions.
    pub(crate) const FORMS;

    /// Not the ID, ARN or alias of a key.
    fn not_a_key(got: &str, problem: &str) [got = shown(got)] =>
        "UPL07" Configuration "--kms-key \"{got}\" {problem}",
        "use a key ID, alias/NAME or an ARN, or remove --kms-key for the default encryption of the bucket";
}

/// Parses `--kms-key`.
pub(crate) fn kms_key(text: &str) -> Result<KmsKey, Fault> {
    text.parse().map_err(|error: codedeploy_core::names::NameError| not_a_key(text, error.problem))
}

/// An object that holds a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct S3Revision {
    pub(crate) place: S3Uri,
    pub(crate) bundle_type: BundleType,
    pub(crate) version: Option<String>,
    pub(crate) e_tag: Option<String>,
}

/// The type of the revision of an AppSpec.
pub(crate) fn bundle_type(appspec: &str) -> BundleType {
    if is_json(appspec) { BundleType::Json } else { BundleType::Yaml }
}

/// Uploads an AppSpec.
pub(crate) async fn upload(
    aws: &Aws,
    appspec: &str,
    place: S3Uri,
    kms_key: Option<&KmsKey>,
    begun: &Begun,
) -> Result<S3Revision, AwsError> {
    let bundle_type = bundle_type(appspec);
    let request = Upload {
        bucket: &place.bucket,
        key: &place.key,
        sha256: sha256(appspec.as_bytes()),
        body: appspec.as_bytes().to_vec(),
        encryption: kms_key.map_or(Encryption::BucketDefault, |key| Encryption::Kms(Some(key.as_str()))),
        content_type: if bundle_type == BundleType::Json { "application/json" } else { "application/yaml" },
        caller: Caller::Own,
    };
    let name = shown(&place.to_string());
    let (call, done) = (format!("PutObject {name}"), format!("{name} was uploaded"));
    let uploaded = begun.change(call, done, s3::upload(aws, request)).await?;
    Ok(S3Revision { place, bundle_type, version: uploaded.version_id, e_tag: uploaded.e_tag })
}

impl From<S3Revision> for RevisionToDeploy {
    fn from(revision: S3Revision) -> RevisionToDeploy {
        let S3Revision { place: S3Uri { bucket, key, .. }, bundle_type, version, e_tag } = revision;
        RevisionToDeploy::S3 { bucket, key, bundle_type, version, e_tag }
    }
}

impl S3Revision {
    /// `RevisionLocation`, as `--cli-input-json` and every SDK take it.
    pub(crate) fn to_json(&self) -> Value {
        let mut location = serde_json::Map::new();
        for (name, value) in self.members() {
            location.insert(name.to_owned(), value.into());
        }
        json!({ "revisionType": "S3", "s3Location": location })
    }

    /// `--revision …` of `aws deploy create-deployment`, quoted for a shell.
    ///
    /// The shorthand of the AWS CLI is easier to read; a value with its special characters needs JSON.
    pub(crate) fn argument(&self) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        let members = self.members();
        if members.iter().all(|(_, value)| value.bytes().all(plain)) {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("--revision 'revisionType=S3,s3Location={{{}}}'", members.join(","))
        } else {
            format!("--revision {}", word(&self.to_json().to_string()))
        }
    }

    fn members(&self) -> Vec<(&'static str, &str)> {
        let optional = [("version", &self.version), ("eTag", &self.e_tag)];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let S3Uri { bucket, key, .. } = &self.place;
        [("bucket", bucket.as_str()), ("key", key), ("bundleType", self.bundle_type.name())]
            .into_iter()
            .chain(optional)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn revision(key: &str, version: Option<&str>) -> S3Revision {
        S3Revision {
            place: S3Uri { bucket: "my-bucket".to_owned(), key: key.to_owned(), version: None },
            bundle_type: BundleType::Yaml,
            version: version.map(str::to_owned),
            e_tag: Some("9a0364b9e99bb480dd25e1f0284c8555".to_owned()),
        }
    }

    #[test]
    fn a_plain_revision_is_written_in_shorthand() {
        expect!["--revision 'revisionType=S3,s3Location={bucket=my-bucket,key=web/appspec.yml,bundleType=YAML,version=3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY,eTag=9a0364b9e99bb480dd25e1f0284c8555}'"].assert_eq(&revision("web/appspec.yml", Some("3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY")).argument());
        expect!["--revision 'revisionType=S3,s3Location={bucket=my-bucket,key=web/appspec.yml,bundleType=YAML,eTag=9a0364b9e99bb480dd25e1f0284c8555}'"].assert_eq(&revision("web/appspec.yml", None).argument());
    }

    #[test]
    fn a_key_with_characters_of_the_shorthand_is_written_in_json() {
        expect![[r#"--revision '{"revisionType":"S3","s3Location":{"bucket":"my-bucket","key":"it'\''s, {1}.yml","bundleType":"YAML","version":"v=","eTag":"9a0364b9e99bb480dd25e1f0284c8555"}}'"#]].assert_eq(&revision("it's, {1}.yml", Some("v=")).argument());
    }
}
