//! What can be wrong with a task definition.

use crate::error::{Explain, Kind, shown};
use crate::strict::StrictError;

/// A task definition that ECS, Fargate or CodeDeployToECS would refuse. Values of it are never repeated, only names.
#[derive(Debug, thiserror::Error)]
pub enum TaskDefinitionError {
    /// A revision for EC2 or EXTERNAL only.
    #[error("{} is not Fargate-compatible ({})", shown(name), shown(found))]
    NotFargate {
        /// Family and revision.
        name: String,
        /// The member that says so, and what it lists.
        found: String,
    },
    /// A network mode that Fargate does not have.
    #[error("{}: Fargate needs networkMode awsvpc, found {}", shown(name), shown(found))]
    NetworkMode {
        /// Family and revision.
        name: String,
        /// The mode, quoted, or `none`.
        found: String,
    },
    /// Not JSON.
    #[error("{} {problem}", shown(document))]
    NotJson {
        /// The file, or what was asked of ECS.
        document: String,
        /// Line, column and reason.
        problem: String,
        /// What to do about it.
        hint: String,
    },
    /// JSON, but not an object.
    #[error("{} must be a JSON object", shown(document))]
    NotAnObject {
        /// The file, or what was asked of ECS.
        document: String,
    },
    /// A required member.
    #[error("{}: {} is missing", shown(document), shown(path))]
    Missing {
        /// The file, or what was asked of ECS.
        document: String,
        /// Where.
        path: String,
    },
    /// A member of the wrong type.
    #[error("{}: {} must be {expected}", shown(document), shown(path))]
    WrongType {
        /// The file, or what was asked of ECS.
        document: String,
        /// Where.
        path: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A family or container name that ECS does not have.
    #[error(
        "{}: {} \"{}\" must be 1-255 letters, digits, hyphens and underscores",
        shown(document),
        shown(path),
        shown(name)
    )]
    BadName {
        /// The file, or what was asked of ECS.
        document: String,
        /// Where.
        path: String,
        /// The name.
        name: String,
    },
    /// Two containers of one name.
    #[error("{}: container \"{}\" is defined twice", shown(document), shown(name))]
    ContainerTwice {
        /// The file, or what was asked of ECS.
        document: String,
        /// The name.
        name: String,
    },
}

impl TaskDefinitionError {
    pub(super) fn unreadable(document: &str, error: &StrictError) -> Self {
        TaskDefinitionError::NotJson {
            document: document.to_owned(),
            problem: error.to_string(),
            hint: error.kind.hint(),
        }
    }
}

impl Explain for TaskDefinitionError {
    fn code(&self) -> &'static str {
        match self {
            TaskDefinitionError::NotFargate { .. } => "TD03",
            TaskDefinitionError::NetworkMode { .. } => "TD04",
            TaskDefinitionError::NotJson { .. } | TaskDefinitionError::NotAnObject { .. } => "TD05",
            TaskDefinitionError::Missing { .. } => "TD08",
            TaskDefinitionError::WrongType { .. } => "TD09",
            TaskDefinitionError::ContainerTwice { .. } => "TD10",
            TaskDefinitionError::BadName { .. } => "TD13",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Input
    }

    fn hint(&self) -> String {
        match self {
            TaskDefinitionError::NotFargate { .. } => "register the family with requiresCompatibilities [\"FARGATE\"]",
            TaskDefinitionError::NetworkMode { .. } => "set \"networkMode\": \"awsvpc\" in the task definition",
            TaskDefinitionError::NotJson { hint, .. } => return hint.clone(),
            TaskDefinitionError::NotAnObject { .. } | TaskDefinitionError::Missing { .. } => {
                "give a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition takes it"
            }
            TaskDefinitionError::WrongType { .. } => "correct the type; RegisterTaskDefinition refuses the other",
            TaskDefinitionError::BadName { .. } => "choose another name; RegisterTaskDefinition refuses this one",
            TaskDefinitionError::ContainerTwice { .. } => "rename one of the containers",
        }
        .to_owned()
    }
}
