//! Checks an artifact against the account that it will be deployed in: the answers of AWS as facts, and the rules on
//! them.
//!
//! ```text
//!  AppSpec + task definition ──► Needs ──► calls to AWS ──► Facts ──► check ──► one Outcome for each rule
//! ```
//!
//! A rule never passes on what could not be read: after a denied or failed call its outcome is "not checked", with the
//! missing permission.

pub mod facts;
mod judge;
mod needs;
mod outcome;
mod rules;
mod seen;

pub use facts::{Fact, Facts, NotChecked};
pub use judge::{judge, unchecked};
pub use needs::{EcrImage, Item, Needs, Subject};
pub use outcome::{Outcome, Rule, State, lines, summary, to_json};
pub use rules::{RULES, check, rule};

use crate::fault::Form;

/// All findings of the rules, for the table of codes in the documentation.
pub const FORMS: &[&[Form]] = rules::FORMS;

#[cfg(test)]
mod tests;
