//! Names of AWS resources in the user's input, parsed once for all commands, the function and its configuration.
//! Invalid names are refused before AWS is called.

mod arn;
mod ecs;
mod error;
mod function;
mod image;
mod kms;
mod region;
mod revision;
mod role;
mod s3;
mod service;

pub use arn::{Arn, account_of, is_account, region_of, short_name};
pub use ecs::is_ecs_name;
pub use error::NameError;
pub use function::is_function_name;
pub use image::{EcrImage, changed_parts, is_private_ecr, is_reference, why_not_reference};
pub use kms::KmsKey;
pub use region::Region;
pub use revision::RevisionArn;
pub(crate) use revision::is_task_definition_name;
pub use role::{ExternalId, RoleArn};
pub use s3::S3Uri;
pub use service::ServiceName;
