//! An object in S3 as CodeDeploy refers to it.

use codedeploy_core::names::S3Uri;
use serde_json::{Value, json};

/// An object that was written, as `CreateDeployment` refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct S3Revision {
    pub(super) place: S3Uri,
    pub(super) bundle_type: &'static str,
    pub(super) version: Option<String>,
    pub(super) e_tag: Option<String>,
}

impl S3Revision {
    /// `RevisionLocation`, as `--cli-input-json` and every SDK take it.
    pub(super) fn to_json(&self) -> Value {
        let mut location = serde_json::Map::new();
        for (name, value) in self.members() {
            location.insert(name.to_owned(), value.into());
        }
        json!({ "revisionType": "S3", "s3Location": location })
    }

    /// `--revision …` of `aws deploy create-deployment`, quoted for a shell.
    ///
    /// The shorthand of the AWS CLI is easier on the eye; a value with characters that it treats as its own needs JSON.
    pub(super) fn argument(&self) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        let members = self.members();
        if members.iter().all(|(_, value)| value.bytes().all(plain)) {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("--revision 'revisionType=S3,s3Location={{{}}}'", members.join(","))
        } else {
            format!("--revision {}", quoted(&self.to_json().to_string()))
        }
    }

    fn members(&self) -> Vec<(&'static str, &str)> {
        let optional = [("version", &self.version), ("eTag", &self.e_tag)];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let S3Uri { bucket, key, .. } = &self.place;
        [("bucket", bucket.as_str()), ("key", key), ("bundleType", self.bundle_type)]
            .into_iter()
            .chain(optional)
            .collect()
    }
}

/// One word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn revision(key: &str, version: Option<&str>) -> S3Revision {
        S3Revision {
            place: S3Uri { bucket: "my-bucket".to_owned(), key: key.to_owned(), version: None },
            bundle_type: "YAML",
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
