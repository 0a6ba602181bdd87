//! The harness of the end-to-end tests: everything around the programs of this workspace, so that a test is a short
//! story of what a user does and what then is true.
//!
//! ```text
//!  programs   builds and runs the programs          fake_aws   an AWS that owns its state and fails on command
//!  runtime_api   Lambda, as the function sees it    moto       an AWS that we did not write
//!  job_event  what CodePipeline sends               python     the environment that moto and the readers run in
//!  secrets    no planted secret in any output       botocore   AWS's models as a judge of calls and answers
//!  gateway    a proxy that sees where all want to go   certificates   a private CA
//!  docker     an engine, and base images for it     recorded   answers of the real AWS
//!  terraform  applies what is under `infra/`         install   what is fetched, once for each lock file
//!  target     tasks behind a test listener, good and bad
//! ```
//!
//! Rules: a test makes all that it needs and shares nothing but moto, where its names are unique; only the loopback
//! network is used; what a machine lacks is skipped loudly, and is an error under `CI=true`.
//!
//! ```no_run
//! use std::time::Duration;
//! use e2e::{environment::Environment, fake_aws::{FakeAws, s3::Bucket}, job_event::JobEvent, programs, runtime_api::Lambda};
//!
//! let aws = FakeAws::start();
//! let function = aws.session("111111111111", "function", &["ecs:*", "codepipeline:*"]);
//! let action = aws.session("111111111111", "action", &["s3:*", "kms:*"]);
//! aws.add_bucket(Bucket::new("artifacts", "111111111111", "eu-west-1").requiring_kms());
//! let event = JobEvent::new("111111111111", &action).output("Files", "artifacts", "pipe/Files/abc.zip");
//! aws.add_job("111111111111", event.id());
//! let mut lambda = Lambda::start(programs::lambda(), Environment::of_lambda(&aws.url(), "eu-west-1", &function));
//! lambda.invoke(&event.text(), Duration::from_secs(10));
//! assert_eq!(aws.job(event.id()).results.len(), 1);
//! ```

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a harness fails the test that uses it"
)]

pub mod botocore;
pub mod certificates;
pub mod docker;
pub mod environment;
pub mod fake_aws;
pub mod files;
pub mod gateway;
pub mod http;
pub mod install;
pub mod job_event;
pub mod markdown;
pub mod moto;
pub mod programs;
pub mod python;
pub mod recorded;
pub mod runtime_api;
pub mod samples;
pub mod scratch;
pub mod secrets;
pub mod size;
pub mod skip;
pub mod target;
pub mod terraform;
pub mod unique;

mod process;
