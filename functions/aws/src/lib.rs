//! One function per AWS call. SDK types stop here: plain values go in, plain values or an [`AwsError`] come out.
//!
//! `IAM.md` beside this crate's sources has each function, the IAM action that it needs, and the feature that calls it.
//!
//! Every call has a deadline and a bounded number of attempts, see [`config::Timeouts`]. Three are sent once and
//! repeated by their caller: the two reports to CodePipeline, because only the caller knows the deadline of the job,
//! and `CreateDeployment`, because a second one would be a second deployment.
//!
//! No message and no `Debug` of this crate shows a credential or an external id. The SDK may log bodies at TRACE: the
//! programs cap its log targets.

pub mod account;
pub mod auto_scaling;
pub mod cloudwatch;
pub mod codedeploy;
#[cfg(feature = "codepipeline")]
pub mod codepipeline;
pub mod config;
#[cfg(feature = "command-line")]
pub mod debug;
pub mod ec2;
pub mod ecr;
pub mod ecs;
pub mod elb;
pub mod error;
pub mod iam;
pub mod lambda;
pub mod logs;
pub mod quotas;
pub mod s3;
pub mod secret;
pub mod secrets_manager;
#[cfg(feature = "command-line")]
pub mod sns;
pub mod sources;
pub mod ssm;
pub mod sts;
#[cfg(feature = "command-line")]
pub mod webhook;

mod answer;
mod call;
mod faults;
mod lean;
#[cfg(any(feature = "codepipeline", feature = "command-line"))]
mod text;
#[cfg(feature = "command-line")]
mod time;
mod unsent;

#[cfg(test)]
mod fake_aws;
#[cfg(test)]
mod hosts;

#[cfg(feature = "command-line")]
pub use config::Lifetime;
pub use config::{Aws, Timeouts};
pub use error::AwsError;
pub use secret::{Credentials, Secret};

use codedeploy_core::fault::Form;

/// The forms of the faults of calls to AWS, for the table of codes in the documentation.
pub const FORMS: &[&[Form]] = &[
    faults::FORMS,
    #[cfg(feature = "codepipeline")]
    codepipeline::FORMS,
    ecs::FORMS,
    ecs::find_service::FORMS,
    s3::faults::FORMS,
    sts::FORMS,
    codedeploy::shared::FORMS,
    codedeploy::hook::FORMS,
    #[cfg(feature = "command-line")]
    ecs::register::FORMS,
    #[cfg(feature = "command-line")]
    ecs::rotate::FORMS,
    elb::FORMS,
];
