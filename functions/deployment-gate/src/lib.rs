//! The Lambda function that tests the green tasks of a deployment through its test listener, as a hook of AWS CodeDeploy or
//! Amazon ECS.
//!
//! Each invocation has exactly one result, before the deadline of the function: on any error, panic, timeout or malformed
//! event. Modules import downwards only:
//!
//! | module | knows |
//! |---|---|
//! | [`serve`] | the process that Lambda starts |
//! | [`handler`] | one event: who asks, the verdict, the report |
//! | [`report`] | the one report to CodeDeploy |
//! | [`gate`] | all checks in their order, within the time |
//! | [`probe`] | the requests of one check |
//! | [`http`] | one request to the configured host, and to no other |
//! | [`verdict`] | what a check expects of its answers; pure |
//! | [`config`] | what to check; pure |
//! | [`event`] | who invoked the function; pure |

pub mod event;

pub mod config;
pub mod verdict;

pub mod http;
pub mod probe;

pub mod gate;
pub mod report;

pub mod handler;
pub mod serve;

mod faults;

use codedeploy_core::fault::Form;

/// The crate, as the log names it.
const NAME: &str = "deployment_gate";

/// The forms of the function's faults, for the table of codes in the documentation.
pub const FORMS: &[&[Form]] = &[faults::FORMS];
