//! Messages of AWS that have one known cause, each with one next step. Data only.

mod deployments;
mod step;
mod tasks;

use super::CauseKind;

pub(super) use step::Step;
pub(super) use tasks::{ENDED, OUT_OF_MEMORY, UNHEALTHY};

/// Parts of messages in lower case, special ones before general ones, with the kind of the cause; `*` stands for any text
/// between two parts.
///
/// From the troubleshooting pages of Amazon ECS, CodeDeploy, CodePipeline and Elastic Load Balancing, and from recorded
/// deployments.
pub(super) fn known() -> impl Iterator<Item = (&'static str, CauseKind, Step)> {
    let of_deployments = deployments::KNOWN.iter().map(|(part, step)| {
        let kind = match *step {
            Step::HookFailed => CauseKind::Hook,
            Step::HookSilent => CauseKind::HookSilent,
            Step::Say(deployments::REPLACEMENT) => CauseKind::NotHealthy,
            Step::Say(deployments::CONTINUE) => CauseKind::NotContinued,
            Step::Say(_) => CauseKind::Configuration,
        };
        (*part, kind, *step)
    });
    of_deployments.chain(tasks::KNOWN.iter().copied())
}

/// The same of what programs log.
pub(super) fn logged() -> impl Iterator<Item = (&'static str, CauseKind, Step)> {
    tasks::LOGGED.iter().copied()
}
