//! Messages of AWS that have one known cause, each with one next step. Data only.

mod deployments;
mod step;
mod tasks;

pub(super) use step::Step;
pub(super) use tasks::{ENDED, OUT_OF_MEMORY, UNHEALTHY};

/// Parts of messages in lower case, special ones before general ones; `*` stands for any text between two parts.
///
/// From the troubleshooting pages of Amazon ECS, CodeDeploy, CodePipeline and Elastic Load Balancing, and from recorded
/// deployments.
pub(super) fn known() -> impl Iterator<Item = (&'static str, Step)> {
    deployments::KNOWN.iter().chain(tasks::KNOWN).copied()
}
