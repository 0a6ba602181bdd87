//! An object in S3.

use std::fmt;
use std::str::FromStr;

use super::error::NameError;

/// `s3://BUCKET/KEY`, with `?versionId=ID` at its end for one version.
///
/// [Bucket names](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html): 3-63 lowercase letters,
/// digits, dots and hyphens; a letter or digit at both ends, no two dots in a row, not an IP address.
/// [Keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html): 1-1024 bytes. A key that ends with a
/// slash is a folder to the console, and control characters are not accepted here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Uri {
    /// Name of the bucket.
    pub bucket: String,
    /// Key of the object.
    pub key: String,
    /// Version of the object.
    pub version: Option<String>,
}

/// Without the version.
impl fmt::Display for S3Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

impl FromStr for S3Uri {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let parts = text.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
        let (bucket, key) = parts.ok_or_else(|| refused("is not s3://BUCKET/KEY"))?;
        if !is_bucket(bucket) {
            return Err(NameError {
                problem: "has a bucket name that S3 does not allow",
                hint: "a bucket name is 3-63 lowercase letters, digits, dots and hyphens, begins and ends with a letter or \
                       digit, has no two dots in a row and is not an IP address"
                    .to_owned(),
            });
        }
        let (key, version) = match key.rsplit_once("?versionId=") {
            Some((_, "")) => return Err(refused("has an empty versionId")),
            Some((key, version)) => (key, Some(version.to_owned())),
            None => (key, None),
        };
        if key.is_empty() || key.ends_with('/') {
            return Err(refused("names no object"));
        }
        if key.len() > LONGEST_KEY || text.chars().any(char::is_control) {
            return Err(refused("has a key of more than 1024 bytes or with a control character"));
        }
        Ok(S3Uri { bucket: bucket.to_owned(), key: key.to_owned(), version })
    }
}

impl S3Uri {
    /// Parses a destination: a version is refused, because an upload creates a new one.
    ///
    /// # Errors
    /// As of [`S3Uri::from_str`], and for a version.
    pub fn destination(text: &str) -> Result<S3Uri, NameError> {
        let uri: S3Uri = text.parse()?;
        match uri.version {
            None => Ok(uri),
            Some(_) => Err(refused("names a version, but an upload makes a new one")),
        }
    }
}

const LONGEST_KEY: usize = 1024;

fn is_bucket(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()].into_iter().all(|end| end.is_some_and(plain));
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (3..=63).contains(&name.len())
        && ends
        && name.bytes().all(|byte| plain(byte) || b".-".contains(&byte))
        && !name.contains("..")
        && !(name.split('.').count() == 4 && name.split('.').all(number))
}

fn refused(problem: &'static str) -> NameError {
    NameError { problem, hint: "write the bucket and the key, such as s3://my-bucket/web/appspec.yml".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bucket_key_and_version() {
        for (text, bucket, key, version) in [
            ("s3://my-bucket/a b/appspec.yml", "my-bucket", "a b/appspec.yml", None),
            ("s3://bucket/b.yml?versionId=v1", "bucket", "b.yml", Some("v1")),
            ("s3://a.b-c.9/k", "a.b-c.9", "k", None),
            ("s3://1.2.3/k", "1.2.3", "k", None),
            ("s3://bucket//k", "bucket", "/k", None),
        ] {
            let uri: S3Uri = text.parse().expect(text);
            assert_eq!((&*uri.bucket, &*uri.key, uri.version.as_deref()), (bucket, key, version), "{text}");
            assert_eq!(S3Uri::destination(text).is_ok(), version.is_none(), "{text}");
        }
        assert!(format!("s3://abc/{}", "k".repeat(1024)).parse::<S3Uri>().is_ok());
    }

    #[test]
    fn what_s3_does_not_allow_is_refused() {
        for (text, problem) in [
            ("my-bucket/key", "is not s3"),
            ("https://my-bucket/key", "is not s3"),
            ("S3://my-bucket/key", "is not s3"),
            ("s3://my-bucket", "is not s3"),
            ("s3://my-bucket/", "names no object"),
            ("s3://my-bucket/a/", "names no object"),
            ("s3://my-bucket/?versionId=1", "names no object"),
            ("s3://my-bucket/k?versionId=", "versionId"),
            ("s3://My/key", "bucket name"),
            ("s3://ab/key", "bucket name"),
            ("s3://-ab/key", "bucket name"),
            ("s3://ab-/key", "bucket name"),
            ("s3://.ab/key", "bucket name"),
            ("s3://ab./key", "bucket name"),
            ("s3://a..b/key", "bucket name"),
            ("s3://a_b/key", "bucket name"),
            ("s3://1.2.3.4/key", "bucket name"),
            ("s3:///key", "bucket name"),
            ("s3://arn:aws:s3/key", "bucket name"),
            ("s3://my-bucket/a\nb", "control character"),
            ("s3://my-bucket/a?versionId=b\n", "control character"),
        ] {
            let error = text.parse::<S3Uri>().expect_err(text);
            assert!(error.problem.contains(problem), "{text}: {error}");
        }
        assert!(format!("s3://{}/k", "a".repeat(64)).parse::<S3Uri>().is_err());
        assert!(format!("s3://abc/{}", "k".repeat(1025)).parse::<S3Uri>().is_err());
    }
}
