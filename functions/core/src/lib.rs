//! Makes the two files of an ECS blue/green deployment through CodeDeploy, `appspec.yml` and `taskdef.json`, and packs
//! them into the artifact that CodePipeline's `CodeDeployToECS` action takes.
//!
//! ```text
//!          source            model            render           package          publish           report
//!  ECS ──► describe ──► TaskDefinition ──► appspec.yml   ──► bundle.zip ──► S3 object    ──► PutJob…Result
//!          or a file         │             taskdef.json          │          or a file         or exit code + JSON
//!          functions/aws     │                  │                │          functions/aws     the two programs
//!                   task_definition           render           bundle
//!                                               └─► check ──► findings
//! ```
//!
//! This crate is the middle: values in, values out. Its modules import downwards only:
//!
//! | module | knows |
//! |---|---|
//! | [`account`] | an artifact against the account that it is deployed in |
//! | [`deployment`] | a deployment from its first observation to the verdict, the causes of a failure, and the report |
//! | [`artifact`] | the request, the two files made from it, the checks, and the zip |
//! | [`names`] | names of AWS resources, parsed once |
//! | [`document`] | strict JSON and YAML |
//! | [`fault`] | what an error and a finding consist of |
//! | [`text`] | foreign text made safe, lists, sizes, suggestions |
//!
//! # Invariants
//! * No AWS SDK, no async, no clock, no environment, no disk here; `Cargo.toml` enforces the first two.
//! * A task definition is carried as the JSON that ECS sent. Exactly nine response-only members are removed; nulls and an
//!   empty list of tags are left out, and named.
//! * The same input gives the same bytes, from the Lambda and from the command line.
//! * Input limits are enforced before parsing: size, depth and expansion ([`document`], [`artifact::archive`]).
//! * Credentials, external ids and environment values reach no message; types that hold them print `***`.
//! * Every error has a code, a kind, one line and one hint ([`fault`]).
//! * Foreign text is printed, logged, reported and written as JSON through [`text`] only.

pub mod text;

pub mod fault;

pub mod document;
mod junit;
pub mod names;

pub mod artifact;
pub mod deployment;

pub mod account;

pub mod codes;

#[cfg(test)]
mod random;
