//! Makes the two files of an ECS blue/green deployment through CodeDeploy, `appspec.yml` and `taskdef.json`, and packs
//! them into the artifact that CodePipeline's `CodeDeployToECS` action takes.
//!
//! ```text
//!          source            model            render           package          publish           report
//!  ECS ──► describe ──► TaskDefinition ──► appspec.yml   ──► bundle.zip ──► S3 object    ──► PutJob…Result
//!          or a file         │             taskdef.json          │          or a file         or exit code + JSON
//!          aws-calls         │                  │                │          aws-calls         the two programs
//!                       task_definition       render          artifact
//!                                               └─► check ──► findings
//! ```
//!
//! This crate is the middle: values in, values out.
//!
//! # Invariants
//! * No AWS SDK, no async, no clock, no environment, no disk here; `Cargo.toml` enforces the first two.
//! * A task definition is carried as the JSON that ECS sent. Exactly nine response-only members are removed; nulls and an
//!   empty list of tags are left out, and named.
//! * The same input gives the same bytes, from the Lambda and from the command line.
//! * What comes from outside is bounded in size, depth and expansion before it is understood ([`strict`], [`archive`]).
//! * Credentials, external ids and environment values reach no message; types that hold them print `***`.
//! * Every error has a code, a kind, one line and one hint ([`error`]).
//! * Foreign text is printed, logged, reported and written as JSON through [`text`] only.

pub mod text;

pub mod denial;
pub mod error;
pub mod finding;

pub mod request;

pub mod file_ref;
pub mod identity;
pub mod image;
pub mod names;

pub mod service;
pub mod task_definition;

pub mod appspec;
pub mod template;

pub mod sources;

pub mod check;
pub mod facts;
pub mod render;

pub mod archive;
pub mod artifact;

pub mod deployment;
pub mod schedule;

pub mod strict;
pub mod suggest;

#[cfg(test)]
mod random;
