//! A KMS key.

use std::str::FromStr;

use super::arn::Arn;
use super::error::NameError;

/// A KMS key as S3 accepts it: its id, `alias/NAME`, or the ARN of either.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>. The form of an ID is not checked: a
/// UUID, and `mrk-…` of a multi-Region key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsKey(String);

impl KmsKey {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KmsKey {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fits = if text.starts_with("arn:") {
            Arn::regional(text, "kms")
                .is_some_and(|arn| is_alias(arn.resource) || arn.resource.strip_prefix("key/").is_some_and(is_id))
        } else {
            is_alias(text) || is_id(text)
        };
        if fits {
            return Ok(KmsKey(text.to_owned()));
        }
        Err(NameError {
            problem: "is not the ID, ARN or alias of a KMS key",
            hint: "use a key ID, alias/NAME or an ARN".to_owned(),
        })
    }
}

fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// [CreateAlias](https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html): 1-256 characters with `alias/`.
fn is_alias(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    text.strip_prefix("alias/").is_some_and(|name| !name.is_empty() && name.bytes().all(allowed)) && text.len() <= 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ids_aliases_and_their_arns() {
        for text in [
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "mrk-1234abcd12ab34cd56ef1234567890ab",
            "alias/aws/s3",
            "alias/shop_revisions",
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws-cn:kms:cn-north-1:123456789012:alias/shop",
        ] {
            assert!(text.parse::<KmsKey>().is_ok_and(|key| key.as_str() == text), "{text}");
        }
        for text in [
            "",
            "a b",
            "key\n",
            "alias/",
            "alias/a b",
            "${KEY}",
            "key/1234abcd",
            "arn:aws:kms:eu-west-1:123456789012:1234abcd",
            "arn:aws:kms:eu-west-1:123456789012:key/",
            "arn:aws:kms:eu-west-1:123456789012:alias/",
            "arn:aws:kms::123456789012:key/1234abcd",
            "arn:aws:s3:::my-bucket",
        ] {
            assert!(text.parse::<KmsKey>().is_err(), "{text:?}");
        }
    }
}
