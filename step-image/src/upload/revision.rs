//! An object in S3 as CodeDeploy refers to it: the place that a user names, and the argument that names it again.

use codedeploy_artifact::error::{Explain, Kind, shown};
use serde_json::{Value, json};

/// Where the AppSpec goes: `s3://BUCKET/KEY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) bucket: String,
    pub(super) key: String,
}

impl Place {
    /// Takes `--to`. Bucket names: 3-63 characters `a-z 0-9 . -`; keys: 1-1024 bytes, no folder.
    pub(super) fn parse(text: &str) -> Result<Place, PlaceError> {
        let refuse = |problem| Err(PlaceError { got: text.to_owned(), problem });
        let Some((bucket, key)) = text.strip_prefix("s3://").and_then(|rest| rest.split_once('/')) else {
            return refuse("must look like s3://BUCKET/KEY");
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ends = bucket.bytes().next().is_some_and(plain) && bucket.bytes().last().is_some_and(plain);
        let inner = bucket.bytes().all(|byte| plain(byte) || b".-".contains(&byte));
        if !(3..=63).contains(&bucket.len()) || !ends || !inner {
            return refuse("the bucket name must be 3-63 characters of a-z 0-9 . -");
        }
        if key.is_empty() || key.ends_with('/') {
            return refuse("it names no object");
        }
        if key.len() > 1024 || key.chars().any(char::is_control) {
            return refuse("the key must be at most 1024 bytes without control characters");
        }
        Ok(Place { bucket: bucket.to_owned(), key: key.to_owned() })
    }
}

/// An object that was written, as `CreateDeployment` refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct S3Revision {
    pub(super) place: Place,
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
        let Place { bucket, key } = &self.place;
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

/// A place that cannot be one.
#[derive(Debug, thiserror::Error)]
#[error("--to \"{}\": {problem}", shown(got))]
pub(crate) struct PlaceError {
    /// As given.
    got: String,
    /// What is wrong with it.
    problem: &'static str,
}

impl Explain for PlaceError {
    fn code(&self) -> &'static str {
        "UPL06"
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        "name bucket and object, such as s3://my-bucket/web/appspec.yml".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn revision(key: &str, version: Option<&str>) -> S3Revision {
        S3Revision {
            place: Place { bucket: "my-bucket".to_owned(), key: key.to_owned() },
            bundle_type: "YAML",
            version: version.map(str::to_owned),
            e_tag: Some("9a0364b9e99bb480dd25e1f0284c8555".to_owned()),
        }
    }

    #[test]
    fn places_are_taken_apart() {
        let place = Place::parse("s3://my-bucket/a b/appspec.yml").unwrap();
        assert_eq!((place.bucket.as_str(), place.key.as_str()), ("my-bucket", "a b/appspec.yml"));
        for (text, problem) in [
            ("my-bucket/key", "must look like"),
            ("https://my-bucket/key", "must look like"),
            ("s3://my-bucket", "must look like"),
            ("s3://my-bucket/", "no object"),
            ("s3://my-bucket/a/", "no object"),
            ("s3://My/key", "bucket name"),
            ("s3://ab/key", "bucket name"),
            ("s3://.ab/key", "bucket name"),
            ("s3:///key", "bucket name"),
            ("s3://arn:aws:s3/key", "bucket name"),
            ("s3://my-bucket/a\nb", "key must be"),
        ] {
            assert!(Place::parse(text).unwrap_err().to_string().contains(problem), "{text}");
        }
        assert!(Place::parse(&format!("s3://abc/{}", "k".repeat(1024))).is_ok());
        assert!(Place::parse(&format!("s3://abc/{}", "k".repeat(1025))).is_err());
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
