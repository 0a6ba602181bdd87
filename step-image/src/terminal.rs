//! The terminal: parsing the command line, printing, and exit codes.

pub(crate) mod clock;
pub(crate) mod defect;
pub(crate) mod duration;
pub(crate) mod environment;
pub(crate) mod exit;
mod live;
pub(crate) mod output;
pub(crate) mod paint;
pub(crate) mod print;
pub(crate) mod progress;
pub(crate) mod usage;
pub(crate) mod values;

use codedeploy_core::fault::Form;

/// The faults of this layer.
pub(crate) const FORMS: &[&[Form]] = &[defect::FORMS, print::FORMS, usage::FORMS];
