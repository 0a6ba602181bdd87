//! What the two files contain, for the result of the job and the output.

use crate::artifact::appspec::AppSpec;
use crate::artifact::task_definition::TaskDefinition;

/// What the two files contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// ARN of the revision that was described; `None` for a file without one.
    pub task_definition_arn: Option<String>,
    /// The family in which the next revision is registered.
    pub family: String,
    /// The described revision.
    pub revision: Option<String>,
    /// The container that receives the traffic.
    pub container_name: String,
    /// Its port.
    pub container_port: u16,
    /// Every container and its image, placeholders in angle brackets.
    pub images: Vec<(String, String)>,
    /// Response-only members that were removed.
    pub removed: Vec<&'static str>,
    /// Paths of nulls and empty tags that were left out; see [`TaskDefinition::left_out`].
    pub left_out: Vec<String>,
}

impl Facts {
    pub(crate) fn new(
        task_definition: &TaskDefinition,
        appspec: &AppSpec,
        described: Option<&TaskDefinition>,
    ) -> Facts {
        // With the user's own template, the described revision is still the one that was requested.
        let origin = described.unwrap_or(task_definition);
        Facts {
            task_definition_arn: origin.arn().map(str::to_owned),
            family: task_definition.family().to_owned(),
            revision: origin.revision().map(str::to_owned),
            container_name: appspec.container_name.clone(),
            container_port: appspec.container_port,
            images: task_definition
                .containers()
                .map(|container| (container.name().to_owned(), container.image().to_owned()))
                .collect(),
            removed: task_definition.removed().to_vec(),
            left_out: task_definition.left_out(),
        }
    }
}
