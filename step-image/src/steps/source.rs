//! AppSpec files and task definitions on disk: a file, or a file of an artifact (zip or folder).

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use codedeploy_core::artifact::template::{GivenFile, advise};
use codedeploy_core::artifact::{archive, task_definition};
use codedeploy_core::fault::Fault;
use codedeploy_core::{document, faults};

use super::files;

/// The maximum size of a file that is read; the reader of each kind has its own lower limit.
const LIMIT: u64 = task_definition::LIMIT as u64;

/// The names of an AppSpec in an artifact; the first one that exists is used.
const APPSPECS: [&str; 3] = ["appspec.yml", "appspec.yaml", "appspec.json"];

/// The name of a task definition in an artifact.
const TASKDEF: &str = "taskdef.json";

faults! {
    /// The faults of artifacts on disk.
    pub(crate) const FORMS;

    /// A folder without an AppSpec, for `deploy`.
    pub(crate) fn nothing_to_deploy(artifact: &Path) [names = APPSPECS.join(", "), artifact = files::named(artifact)] =>
        "DEP29" Input "{artifact} has none of {names}", "name the AppSpec in the artifact with --appspec-path";
    /// A folder without an AppSpec, for `upload`.
    pub(crate) fn nothing_to_upload(artifact: &Path) [names = APPSPECS.join(", "), artifact = files::named(artifact)] =>
        "UPL04" Input "{artifact} has none of {names}", "name the AppSpec in the artifact with --appspec-path";
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Where it comes from, for messages.
    pub(crate) name: String,
    /// Its name in the artifact, if it comes from one.
    pub(crate) member: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// Reads a file.
pub(crate) fn file(path: &Path) -> Result<SourceFile, Fault> {
    Ok(SourceFile { name: path.display().to_string(), member: None, bytes: files::read(path, LIMIT)? })
}

/// A lone file: the AppSpec, or the task definition.
pub(crate) fn one_of_the_two(path: &Path) -> Result<[Option<SourceFile>; 2], Fault> {
    let file = file(path)?;
    let text = document::text(&file.bytes).unwrap_or_default();
    Ok(if task_definition::is_meant(text) { [None, Some(file)] } else { [Some(file), None] })
}

/// Whether a regular file begins as a zip does. Artifacts that AWS services pass on have names without an extension.
fn is_zip(path: &Path) -> bool {
    let start = || {
        let mut start = [0; 4];
        File::open(path).ok()?.read_exact(&mut start).ok()?;
        Some(start)
    };
    path.is_file() && start() == Some(*b"PK\x03\x04")
}

/// Runs a check of a file. If the file has a placeholder of another tool, the hint names its variable.
pub(crate) fn advised<T>(
    name: &str,
    text: &str,
    parameter: &'static str,
    check: impl FnOnce() -> Result<T, Fault>,
) -> Result<T, Fault> {
    check().map_err(|fault| advise(fault, GivenFile { name, text, parameter, is_template: false }))
}

/// An artifact on disk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Artifact<'a> {
    path: &'a Path,
    folder: bool,
}

impl<'a> Artifact<'a> {
    /// A folder, or else a zip.
    pub(crate) fn at(path: &'a Path) -> Artifact<'a> {
        Artifact { path, folder: path.is_dir() }
    }

    /// The artifact of that path; `None` for any other file.
    pub(crate) fn detect(path: &'a Path) -> Option<Artifact<'a>> {
        let zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        Some(Artifact::at(path)).filter(|artifact| artifact.folder || zip || is_zip(path))
    }

    /// The size of the zip in bytes; `None` for a folder.
    pub(crate) fn size(self) -> Result<Option<u64>, Fault> {
        if self.folder {
            Ok(None)
        } else {
            files::open_zip(self.path).and_then(|zip| files::size(self.path, &zip)).map(Some)
        }
    }

    /// The AppSpec: the file of that name, or the first of the usual names. `None` for a folder without one.
    pub(crate) fn appspec(self, name: Option<&str>) -> Result<Option<SourceFile>, Fault> {
        match name.or_else(|| APPSPECS.into_iter().find(|name| self.has(name))) {
            Some(name) => self.read(name).map(Some),
            None if self.folder => Ok(None),
            // The error of an unreadable zip is more specific than a missing AppSpec.
            None => self.read(APPSPECS[0]).map(Some),
        }
    }

    /// The task definition: the file of that name, or the one of the usual name if it exists.
    pub(crate) fn task_definition(self, name: Option<&str>) -> Result<Option<SourceFile>, Fault> {
        name.or(Some(TASKDEF).filter(|name| self.has(name))).map(|name| self.read(name)).transpose()
    }

    fn read(self, name: &str) -> Result<SourceFile, Fault> {
        archive::check_name(name)?;
        if self.folder {
            let file = file(&self.path.join(name))?;
            return Ok(SourceFile { member: Some(name.to_owned()), ..file });
        }
        let artifact = self.path.display().to_string();
        let bytes = archive::file(files::open_zip(self.path)?, &artifact, name, LIMIT)?;
        Ok(SourceFile { name: format!("{artifact}::{name}"), member: Some(name.to_owned()), bytes })
    }

    fn has(self, name: &str) -> bool {
        if self.folder { self.path.join(name).exists() } else { self.read(name).is_ok() }
    }
}
