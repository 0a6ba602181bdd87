//! The parts of an ARN.

use std::str::FromStr as _;

use super::region::Region;

/// The parts of an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. Region and account are empty for some services.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `aws` or `aws-cn`.
    pub partition: &'a str,
    /// Such as `ecs`.
    pub service: &'a str,
    /// Such as `eu-west-1`.
    pub region: &'a str,
    /// The twelve digits.
    pub account: &'a str,
    /// Everything after the account, including colons.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits a text into its parts without checking them; `None` if a part is missing.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let mut next = || parts.next();
        Some(Arn { partition: next()?, service: next()?, region: next()?, account: next()?, resource: next()? })
    }

    /// The ARN of a resource of a regional service, with a partition, a Region and an account of the right shape.
    pub fn regional(text: &'a str, service: &str) -> Option<Arn<'a>> {
        let fits = |arn: &Arn<'a>| {
            let known = arn.partition == "aws" || arn.partition.strip_prefix("aws-").is_some_and(is_partition);
            known && arn.service == service && Region::from_str(arn.region).is_ok() && is_account(arn.account)
        };
        Arn::parse(text).filter(fits)
    }
}

/// The Region in an ARN, if it has one.
pub fn region_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.region).filter(|region| !region.is_empty())
}

/// The account in an ARN, if it has one.
pub fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account).filter(|account| !account.is_empty())
}

/// The last part of the name in an ARN, or the name itself: `shop` of `…:service/prod/shop`.
pub fn short_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The part of a partition's name after `aws-`: `cn`, `us-gov`, `iso-b`, …
fn is_partition(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// True for the twelve digits of an AWS account id.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_parts() {
        let arn = Arn::parse("arn:aws-cn:lambda:cn-north-1:123456789012:function:shop:live").expect("an ARN");
        assert_eq!((arn.partition, arn.service, arn.region), ("aws-cn", "lambda", "cn-north-1"));
        assert_eq!((arn.account, arn.resource), ("123456789012", "function:shop:live"));
        assert_eq!(account_of("arn:aws:ecs:eu-west-1:1:task-definition/a:1"), Some("1"));
        for text in ["app:99", "arn:aws:ecs:eu-west-1:1", "arn:aws:s3:::bucket"] {
            assert_eq!((account_of(text), region_of(text)), (None, None), "{text}");
        }
        assert_eq!(short_name("arn:aws:ecs:eu-west-1:1:service/prod/web"), "web");
        assert_eq!(short_name("web"), "web");
    }
}
