//! One function per AWS call. SDK types stop here: plain values go in, plain values or an [`AwsError`] come out.
//!
//! | function | API call | IAM action, and for whom |
//! |---|---|---|
//! | [`ecs::describe_task_definition`] | ECS `DescribeTaskDefinition` | `ecs:DescribeTaskDefinition` on `*`, own or assumed role |
//! | [`ecs::describe_service`] | ECS `DescribeServices` | `ecs:DescribeServices` on the service, own or assumed role |
//! | [`sts::assume_role`] | STS `AssumeRole` | `sts:AssumeRole` on the role, own role |
//! | [`s3::download`] | S3 `GetObject` | `s3:GetObject`, `kms:Decrypt`, role of the pipeline action |
//! | [`s3::upload`] | S3 `PutObject` | `s3:PutObject`, `kms:GenerateDataKey`, role of the pipeline action |
//! | [`codepipeline::put_success`] | CodePipeline `PutJobSuccessResult` | `codepipeline:PutJobSuccessResult` on `*`, own role |
//! | [`codepipeline::put_failure`] | CodePipeline `PutJobFailureResult` | `codepipeline:PutJobFailureResult` on `*`, own role |
//!
//! "Own role" is what the default credential chain finds: of a Lambda function, its execution role.
//! Every call has a deadline and a bounded number of attempts, see [`config::Timeouts`]; the two reports to
//! CodePipeline are sent once and repeated by their caller, who knows the deadline of the job.
//!
//! No message and no `Debug` of this crate shows a credential or an external id. The SDK may log bodies at TRACE: the
//! programs cap its log targets.

pub mod codepipeline;
pub mod config;
pub mod ecs;
pub mod error;
pub mod s3;
pub mod secret;
pub mod sources;
pub mod sts;

#[cfg(test)]
mod fake_aws;

pub use config::{Aws, Timeouts};
pub use error::AwsError;
pub use secret::{Credentials, Secret};
