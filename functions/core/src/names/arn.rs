//! The parts of an ARN.

use super::region::Region;

/// The parts of an ARN of a regional service: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, with a partition, a Region
/// and an account of the right shape.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `ecs`.
    pub service: &'a str,
    /// Of the resource.
    pub region: Region,
    /// The twelve digits.
    pub account: &'a str,
    /// Whatever follows the account, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts, or `None` for anything else.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let [partition, service, region, account, resource] = parts(text)?;
        let known = partition == "aws" || partition.strip_prefix("aws-").is_some_and(is_partition);
        let region = region.parse().ok().filter(|_| known && is_account(account))?;
        Some(Arn { service, region, account, resource })
    }
}

/// What stands between the colons after `arn`: partition, service, Region, account and resource, each of which may be
/// empty.
pub(super) fn parts(text: &str) -> Option<[&str; 5]> {
    let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
    Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?])
}

/// The Region in an ARN, if it has one.
pub fn region_of(arn: &str) -> Option<&str> {
    parts(arn).map(|[_, _, region, ..]| region).filter(|region| !region.is_empty())
}

/// The account in an ARN, if it has one.
pub fn account_of(arn: &str) -> Option<&str> {
    parts(arn).map(|[_, _, _, account, _]| account).filter(|account| !account.is_empty())
}

/// The part of a partition's name after `aws-`: `cn`, `us-gov`, `iso-b`, …
fn is_partition(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// True for the twelve digits of an AWS account id.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
