//! What the two processes of the function tell each other: a task one way, stages and an outcome the other.

use codedeploy_core::artifact::bundle::Artifact;
use codedeploy_core::fault::{Fault, Kind};
use serde::{Deserialize, Serialize};

/// The line before an event.
#[derive(Debug, Serialize, Deserialize)]
pub struct Task {
    /// When Lambda ends the invocation, in milliseconds since 1970.
    pub deadline_ms: u64,
    /// Length of the event that follows, in bytes.
    pub bytes: usize,
}

/// A line of the worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum Line {
    /// What it does now, such as `rendering`.
    Stage(String),
    /// The artifact is in its place.
    Made(Made),
    /// There is none.
    Failed(Failed),
}

/// What is reported of an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// For `#{Namespace.Name}` in later actions.
    pub output_variables: Vec<(String, String)>,
    /// One line for the console.
    pub summary: String,
}

/// What is reported of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Who has to act.
    pub kind: Kind,
    /// Code, message and hint.
    pub report: String,
}

impl From<&Artifact> for Made {
    fn from(artifact: &Artifact) -> Made {
        let facts = &artifact.facts;
        Made {
            output_variables: artifact.output_variables(),
            summary: format!("{} for container {}:{}", facts.family, facts.container_name, facts.container_port),
        }
    }
}

impl From<&Fault> for Failed {
    fn from(error: &Fault) -> Failed {
        Failed { kind: error.kind(), report: error.report() }
    }
}
