//! What can be wrong with a task definition.

use crate::document::{DocumentError, DocumentErrorKind};
use crate::fault::finding::CheckError;
use crate::fault::{Explain, Kind, shown};

/// A file that is no task definition, or a task definition that ECS, Fargate or CodeDeployToECS would refuse. Values of
/// it are never repeated, only names.
#[derive(Debug, thiserror::Error)]
pub enum TaskDefinitionError {
    /// Neither JSON nor YAML.
    #[error("{} {problem}", shown(document))]
    NotJson {
        /// The file, or what was asked of ECS.
        document: String,
        /// Line, column and reason.
        problem: String,
        /// What to do about it.
        hint: String,
    },
    /// Readable, but not an object.
    #[error("{} must be a JSON object", shown(document))]
    NotAnObject {
        /// The file, or what was asked of ECS.
        document: String,
    },
    /// A file of another kind.
    #[error("{} {is}, not a task definition", shown(document))]
    Other {
        /// The file.
        document: String,
        /// What it is, starting with a verb.
        is: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// An empty file.
    #[error("{} is empty", shown(document))]
    Empty {
        /// The file.
        document: String,
    },
    /// Every error of [`crate::artifact::check`] and of the types and names.
    #[error(transparent)]
    Check(#[from] CheckError),
}

impl TaskDefinitionError {
    /// A file that is not UTF-8.
    pub fn not_text(document: &str, error: &DocumentError) -> Self {
        let hint = match error.kind {
            DocumentErrorKind::Utf16 => {
                "save it as UTF-8; in PowerShell, write it with `Out-File -Encoding utf8`".to_owned()
            }
            _ => error.kind.hint(),
        };
        TaskDefinitionError::NotJson { document: format!("{document}:"), problem: error.to_string(), hint }
    }

    /// `text` is what could not be read.
    pub(super) fn unreadable(document: &str, text: &str, error: &DocumentError) -> Self {
        let unquoted = matches!(&error.kind, DocumentErrorKind::Syntax(problem) if problem == "key must be a string")
            && error.place.is_some_and(|place| starts_a_word(text, place.line, place.column));
        let hint = if unquoted {
            "put all keys and texts in double quotes; JSON5 and JavaScript are not JSON".to_owned()
        } else {
            error.kind.hint()
        };
        TaskDefinitionError::NotJson { document: document.to_owned(), problem: error.to_string(), hint }
    }
}

/// Whether a letter or a single quote stands at this place of the text; the column counts bytes from 1.
fn starts_a_word(text: &str, line: usize, column: usize) -> bool {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let byte = line.as_bytes().get(column.saturating_sub(1));
    byte.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'\'')
}

impl Explain for TaskDefinitionError {
    fn code(&self) -> &'static str {
        match self {
            TaskDefinitionError::NotJson { .. } | TaskDefinitionError::NotAnObject { .. } => "TD05",
            TaskDefinitionError::Other { .. } | TaskDefinitionError::Empty { .. } => "TD14",
            TaskDefinitionError::Check(error) => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            TaskDefinitionError::Check(error) => error.kind(),
            _ => Kind::Input,
        }
    }

    fn hint(&self) -> String {
        match self {
            TaskDefinitionError::NotJson { hint, .. } => return hint.clone(),
            TaskDefinitionError::NotAnObject { .. } => {
                "give a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition takes it"
            }
            TaskDefinitionError::Other { hint, .. } => hint,
            TaskDefinitionError::Empty { .. } => {
                "check the step that writes the file; `aws ecs describe-task-definition` prints a task definition"
            }
            TaskDefinitionError::Check(error) => return error.hint(),
        }
        .to_owned()
    }
}
