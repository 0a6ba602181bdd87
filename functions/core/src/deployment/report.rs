//! A deployment as a document: JSON for programs, Markdown for people, `JUnit` XML for build systems.

mod json;
mod junit;
mod markdown;
#[cfg(test)]
mod tests;

pub use json::{json, why_json};
pub use junit::junit;
pub use markdown::markdown;

use super::followed::Followed;
use super::observation::Deployment;
use super::target::Target;

/// The deployments of a report: the followed one, then its rollback.
fn deployments(followed: &Followed) -> Vec<(&'static str, &Deployment, Option<&Target>)> {
    let rollback =
        followed.rollback.as_ref().map(|rollback| ("rollback", &rollback.deployment, rollback.target.as_ref()));
    std::iter::once(("deployment", &followed.deployment, followed.target.as_ref())).chain(rollback).collect()
}

/// `failed; rollback d-2 succeeded: …`, or the status of a deployment that goes on.
fn outcome(followed: &Followed) -> String {
    followed.verdict.as_ref().map_or_else(|| format!("is {}", followed.deployment.status), ToString::to_string)
}
