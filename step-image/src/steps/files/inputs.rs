//! The zips on disk that stand for the input artifacts of a pipeline action.

use std::path::{Path, PathBuf};

use codedeploy_core::artifact::archive;
use codedeploy_core::artifact::file_ref::{FileRef, is_artifact_name};
use codedeploy_core::artifact::request::CONFIG_LIMIT;
use codedeploy_core::artifact::sources::{self, Document, Slot};
use codedeploy_core::document::{self, DocumentError};
use codedeploy_core::fault::Fault;

use super::{input_twice, no_input, not_an_input, not_text, open_zip, read};

/// A zip on disk that stands for an input artifact.
#[derive(Debug, Clone)]
pub(crate) struct InputArtifact {
    name: String,
    zip: PathBuf,
}

impl InputArtifact {
    /// Parses `NAME=ZIP`.
    pub(crate) fn parse(text: &str) -> Result<InputArtifact, Fault> {
        match text.split_once('=') {
            Some((name, zip)) if is_artifact_name(name) && !zip.is_empty() => {
                Ok(InputArtifact { name: name.to_owned(), zip: PathBuf::from(zip) })
            }
            _ => Err(not_an_input(text)),
        }
    }
}

/// All input artifacts, each name once.
#[derive(Debug, Default)]
pub(crate) struct InputArtifacts(Vec<InputArtifact>);

impl InputArtifacts {
    /// Refuses two zips for one name.
    pub(crate) fn new(artifacts: Vec<InputArtifact>) -> Result<Self, Fault> {
        for (at, artifact) in artifacts.iter().enumerate() {
            if artifacts.iter().take(at).any(|other| other.name == artifact.name) {
                return Err(input_twice(&artifact.name));
            }
        }
        Ok(InputArtifacts(artifacts))
    }

    /// Reads a configuration file, from disk or out of an input artifact.
    pub(crate) fn read(&self, file: &FileRef) -> Result<Document, Fault> {
        self.text(file, CONFIG_LIMIT, |name, error| not_text(name, &error.kind.to_string()))
    }

    /// Reads a file of the request for its purpose, which decides the fault of a file that is not UTF-8.
    pub(crate) fn read_for(&self, slot: &Slot, file: &FileRef) -> Result<Document, Fault> {
        self.text(file, slot.limit(), |name, error| sources::not_text(slot, name, &error))
    }

    fn text(
        &self,
        file: &FileRef,
        limit: u64,
        refuse: impl Fn(&str, DocumentError) -> Fault,
    ) -> Result<Document, Fault> {
        let bytes = match file {
            FileRef::Local(path) => read(Path::new(path), limit)?,
            FileRef::Artifact { artifact, path } => {
                let Some(InputArtifact { zip, .. }) = self.0.iter().find(|input| input.name == *artifact) else {
                    return Err(no_input(artifact));
                };
                archive::file(open_zip(zip)?, artifact, path, limit)?
            }
        };
        let name = file.to_string();
        match document::text(&bytes) {
            Ok(text) => Ok(Document { text: text.to_owned(), name }),
            Err(error) => Err(refuse(&name, error)),
        }
    }
}
