//! Names of AWS resources that a user writes: parsed once, here, for every verb, the function and its configuration. What
//! does not fit is refused by shape, before AWS is called.

pub mod file_ref;
mod function;
pub mod identity;
pub mod image;
mod kms;
mod revision;
mod s3;
mod service;

use crate::names::identity::{Region, is_account};

pub use function::is_function_name;
pub use kms::KmsKey;
pub use revision::RevisionArn;
pub(crate) use revision::is_task_definition_name;
pub use s3::S3Uri;
pub use service::ServiceName;

/// Text that is not the name that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct NameError {
    /// What is wrong with it. Follows the name of the parameter and the text itself.
    pub problem: &'static str,
    /// What to write instead.
    pub hint: String,
}

/// The parts of an ARN of a regional service: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, with a partition, a Region
/// and an account of the right shape.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    /// Such as `ecs`.
    pub(crate) service: &'a str,
    pub(crate) region: Region,
    pub(crate) account: &'a str,
    /// Whatever follows the account, colons included.
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Arn<'a>> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts.as_slice() else { return None };
        let known = *partition == "aws" || partition.strip_prefix("aws-").is_some_and(is_partition);
        let region = region.parse().ok().filter(|_| known && is_account(account))?;
        Some(Arn { service, region, account, resource })
    }
}

/// The part of a partition's name after `aws-`: `cn`, `us-gov`, `iso-b`, …
fn is_partition(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
