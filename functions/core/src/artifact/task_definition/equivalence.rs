//! Whether two task definitions are equivalent for ECS: a file written by hand and the revision that ECS made of it.
//!
//! ECS adds defaults to what is registered and returns containers, variables and secrets in an order of its own. Both
//! sides are brought to one canonical form and compared: defaults and empty lists are left out, lists whose order has
//! no meaning are sorted. Everything else is compared exactly, including unknown members. The reference is
//! `containerDefinitionsAreEquivalent` of Terraform's AWS provider, extended to the whole task definition.

mod canonical;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::TaskDefinition;
use crate::artifact::walk::{Pair, walk};

pub(crate) use canonical::{default, key};

impl TaskDefinition {
    /// Whether registering one of them would change nothing compared with the other. Tags count.
    pub fn equivalent(&self, other: &TaskDefinition) -> bool {
        self.canonical() == other.canonical()
    }

    /// Whether tasks of both run identically: [`equivalent`](Self::equivalent) without the tags.
    pub fn runs_like(&self, other: &TaskDefinition) -> bool {
        self.differences(other).iter().all(|path| path == "tags" || path.starts_with("tags["))
    }

    /// The paths that differ, such as `containerDefinitions[web].environment[PORT].value`, in alphabetical order; empty
    /// if the two are [`equivalent`](Self::equivalent). Values are never part of a path.
    pub fn differences(&self, other: &TaskDefinition) -> Vec<String> {
        let (one, other) = (self.canonical(), other.canonical());
        let differing = walk(&one, &other, key).into_iter().filter(Pair::differs);
        differing.map(|pair| pair.at.path()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// All members in canonical form.
    pub(crate) fn canonical(&self) -> Map<String, Value> {
        canonical::task_definition(&self.members)
    }
}

#[cfg(test)]
mod tests;
