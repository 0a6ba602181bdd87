//! The Lambda function behind the CodePipeline action `generate-codedeploy-artifact`.
//!
//! A job always gets exactly one final result: on any error, panic, timeout or malformed event. The event is read as
//! raw JSON, because `lambda_runtime` does not call the handler for an event that it cannot deserialize, and a job
//! without a result blocks its pipeline for twenty minutes.

pub mod artifacts;
pub mod connection;
mod faults;
pub mod handler;
pub mod job;
pub mod lost;
pub mod members;
pub mod outcome;
pub mod report;
pub mod settings;
pub mod supervise;
pub mod work;
pub mod worker;
pub mod workers;

use codedeploy_core::fault::Form;

/// The crate, as the log names it.
const NAME: &str = "generate_codedeploy_artifact";

/// The forms of the function's faults, for the table of codes in the documentation.
pub const FORMS: &[&[Form]] = &[faults::FORMS, lost::FORMS, workers::FORMS];
