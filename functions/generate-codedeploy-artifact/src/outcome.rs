//! The messages between the two processes of the function: a task in one direction, stages and an outcome in the other.

use std::io::{self, Write};

use codedeploy_aws::codepipeline::MESSAGE_CHARACTERS;
use codedeploy_core::artifact::bundle::Artifact;
use codedeploy_core::fault::finding::Finding;
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
    /// The current stage, such as `rendering`.
    Stage(String),
    /// The artifact is uploaded.
    Made(Made),
    /// There is no artifact.
    Failed(Failed),
}

/// The result of a job that succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// For `#{Namespace.Name}` in later actions.
    pub output_variables: Vec<(String, String)>,
    /// One line for the console.
    pub summary: String,
}

/// The result of a job that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The kind of fault.
    pub kind: Kind,
    /// Code, message and hint.
    pub report: String,
}

impl Line {
    /// Writes the line to standard output, for the supervisor.
    pub(crate) fn send(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        serde_json::to_writer(&mut stdout, self)?;
        stdout.write_all(b"\n")?;
        stdout.flush()
    }
}

impl Made {
    /// The result of an artifact, and of what the rules found in it.
    pub(crate) fn new(artifact: &Artifact, findings: &[Finding]) -> Made {
        let facts = &artifact.facts;
        Made {
            output_variables: artifact.output_variables(findings),
            summary: format!("{} for container {}:{}", facts.family, facts.container_name, facts.container_port),
        }
    }
}

impl From<&Fault> for Failed {
    fn from(error: &Fault) -> Failed {
        Failed { kind: error.kind(), report: error.report_within(MESSAGE_CHARACTERS) }
    }
}
