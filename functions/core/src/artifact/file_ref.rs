//! The place of a file of the request.

use std::fmt;
use std::str::FromStr;

use crate::artifact::archive;

/// A file that a request names: `Artifact::path` in an input artifact, or a path on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRef {
    /// `path` in the input artifact `artifact`: the notation of CodePipeline's own actions.
    Artifact {
        /// Name of the input artifact, as the pipeline spells it.
        artifact: String,
        /// Path inside its zip, with forward slashes.
        path: String,
    },
    /// A path on the disk of the machine that runs the command.
    Local(String),
}

/// Text that is not the path of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAFile;

impl FromStr for FileRef {
    type Err = NotAFile;

    fn from_str(text: &str) -> Result<Self, NotAFile> {
        match text.split_once("::") {
            Some((artifact, path)) if is_artifact_name(artifact) && archive::check_name(path).is_ok() => {
                Ok(FileRef::Artifact { artifact: artifact.to_owned(), path: path.to_owned() })
            }
            None if !text.is_empty() && !text.contains('\0') => Ok(FileRef::Local(text.to_owned())),
            _ => Err(NotAFile),
        }
    }
}

impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileRef::Artifact { artifact, path } => write!(f, "{artifact}::{path}"),
            FileRef::Local(path) => f.write_str(path),
        }
    }
}

/// CodePipeline's `ArtifactName`: 1-100 of `[a-zA-Z0-9_-]`.
pub fn is_artifact_name(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_colons_mean_an_artifact() {
        for (text, expected) in [
            ("Source::deploy/taskdef.json", Some("Source::deploy/taskdef.json")),
            ("./taskdef.json", Some("./taskdef.json")),
            ("C:\\x\\taskdef.json", Some("C:\\x\\taskdef.json")),
            ("", None),
            ("::x", None),
            ("Source::", None),
            ("Source::../x", None),
            ("a b::x", None),
        ] {
            assert_eq!(FileRef::from_str(text).ok().map(|file| file.to_string()).as_deref(), expected, "{text}");
        }
    }
}
