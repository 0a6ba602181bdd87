//! The disk: what a request names is read here, the artifact is written here.

mod write;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use codedeploy_core::artifact::archive;
use codedeploy_core::artifact::request::CONFIG_LIMIT;
use codedeploy_core::artifact::sources::{Document, Slot, not_text};
use codedeploy_core::document::{self, DocumentError};
use codedeploy_core::fault::{Explain, Fault, Kind, shown};
use codedeploy_core::names::file_ref::{FileRef, is_artifact_name};

pub(crate) use write::{abandon, write};

/// The zips on disk that stand for the input artifacts of a pipeline action.
#[derive(Debug, Default)]
pub(crate) struct InputArtifacts(Vec<(String, PathBuf)>);

impl InputArtifacts {
    /// Takes the values of `--input-artifact`.
    pub(crate) fn from_flags<'a>(flags: impl Iterator<Item = &'a String>) -> Result<Self, FileError> {
        let pair = |flag: &String| match flag.split_once('=') {
            Some((name, path)) if is_artifact_name(name) && !path.is_empty() => {
                Ok((name.to_owned(), PathBuf::from(path)))
            }
            _ => Err(FileError::InputArtifact { got: flag.clone() }),
        };
        let pairs: Vec<_> = flags.map(pair).collect::<Result<_, _>>()?;
        for (at, (name, _)) in pairs.iter().enumerate() {
            if pairs.iter().take(at).any(|(other, _)| other == name) {
                return Err(FileError::InputArtifactTwice { name: name.clone() });
            }
        }
        Ok(InputArtifacts(pairs))
    }

    /// Reads a configuration file, from disk or out of an input artifact.
    pub(crate) fn read(&self, file: &FileRef) -> Result<Document, Fault> {
        self.text(file, CONFIG_LIMIT, |name, error| FileError::NotText { problem: error.within(name) }.into())
    }

    /// Reads a file of the request for its purpose, which decides the error of one that is not UTF-8.
    pub(crate) fn read_for(&self, slot: &Slot, file: &FileRef) -> Result<Document, Fault> {
        self.text(file, slot.limit(), |name, error| not_text(slot, name, &error))
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
                let Some((_, zip)) = self.0.iter().find(|(name, _)| name == artifact) else {
                    return Err(FileError::NoInputArtifact { artifact: artifact.clone() }.into());
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

/// Reads a file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Opens a file for reading.
///
/// # Errors
/// [`FileError::Folder`] for a folder, which the operating system opens like a file.
pub(crate) fn open(path: &Path) -> Result<File, FileError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(FileError::Folder { path: path.to_owned() });
    }
    Ok(file)
}

/// Opens a zip for reading.
///
/// # Errors
/// [`FileError::NotAFile`] for a pipe or a device, in which nothing can be looked up; it is not opened. Those of [`open`].
pub(crate) fn open_zip(path: &Path) -> Result<File, FileError> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() && !there.is_dir() => Err(FileError::NotAFile { path: path.to_owned() }),
        _ => open(path),
    }
}

/// What the disk refuses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// A file that cannot be read.
    #[error("cannot read {}", shown(&path.to_string_lossy()))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A folder in the place of a file.
    #[error("{} is a folder", shown(&path.to_string_lossy()))]
    Folder {
        /// As given.
        path: PathBuf,
    },
    /// A pipe or a device in the place of a zip.
    #[error("{} is not a regular file", shown(&path.to_string_lossy()))]
    NotAFile {
        /// As given.
        path: PathBuf,
    },
    /// A file that cannot be written.
    #[error("cannot write {}", shown(&path.to_string_lossy()))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file that cannot be what it is said to be.
    #[error("{} is larger than {limit} bytes", shown(&path.to_string_lossy()))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file that is not UTF-8.
    #[error("{problem}")]
    NotText {
        /// The file as the request names it, and what it is instead.
        problem: String,
    },
    /// A flag that is not `NAME=ZIP`.
    #[error("--input-artifact takes NAME=ZIP, got \"{}\"", shown(got))]
    InputArtifact {
        /// As given.
        got: String,
    },
    /// Two zips for one name.
    #[error("--input-artifact is given twice for {name}")]
    InputArtifactTwice {
        /// The name.
        name: String,
    },
    /// `NAME::PATH` without the zip that stands for `NAME`.
    #[error("no input artifact \"{}\" is given", shown(artifact))]
    NoInputArtifact {
        /// Its name.
        artifact: String,
    },
    /// A zip on the terminal.
    #[error("standard output is a terminal, and the artifact is a zip")]
    Terminal,
    /// Two flags that both want standard output, or the same part of it.
    #[error("{one} and {other} cannot be given together")]
    Flags {
        /// The one.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A report of a form that cannot be told.
    #[error("--report {}: the ending must be .md or .xml", shown(&path.to_string_lossy()))]
    Report {
        /// As given.
        path: PathBuf,
    },
    /// A destination that is named like an archive of another kind.
    #[error("--artifact {}: only .zip archives are written", shown(&path.to_string_lossy()))]
    OtherArchive {
        /// As given.
        path: PathBuf,
    },
    /// A destination that is a file, or is named like one of the two.
    #[error("--artifact {} is the name of a file; the artifact is a .zip or a folder of two files", shown(&path.to_string_lossy()))]
    NotAFolder {
        /// As given.
        path: PathBuf,
    },
    /// A template that would be replaced by what is made of it.
    #[error("the artifact would overwrite the template {}", shown(&path.to_string_lossy()))]
    OverTemplate {
        /// As the request names it.
        path: PathBuf,
    },
    /// Standard output that takes nothing more.
    #[error("cannot write to standard output")]
    Stdout(#[source] io::Error),
    /// The operating system has no room for another task.
    #[error("cannot start")]
    Runtime(#[source] io::Error),
}

impl Explain for FileError {
    fn code(&self) -> &'static str {
        match self {
            FileError::Read { .. } => "CLI01",
            FileError::Write { .. } => "CLI02",
            FileError::Folder { .. } | FileError::NotAFile { .. } => "CLI13",
            FileError::TooLarge { .. } => "CLI03",
            FileError::NotText { .. } => "APP15",
            FileError::InputArtifact { .. } => "CLI04",
            FileError::NoInputArtifact { .. } => "PAR18",
            FileError::Terminal => "CLI05",
            FileError::Runtime(_) => "CLI06",
            FileError::Flags { .. } => "CLI07",
            FileError::Stdout(_) => "CLI08",
            FileError::InputArtifactTwice { .. } => "CLI09",
            FileError::Report { .. } => "CLI10",
            FileError::OtherArchive { .. } | FileError::NotAFolder { .. } => "CLI11",
            FileError::OverTemplate { .. } => "CLI12",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            FileError::Read { .. }
            | FileError::Folder { .. }
            | FileError::NotAFile { .. }
            | FileError::TooLarge { .. }
            | FileError::NotText { .. } => Kind::Input,
            FileError::Write { .. }
            | FileError::InputArtifact { .. }
            | FileError::InputArtifactTwice { .. }
            | FileError::NoInputArtifact { .. }
            | FileError::Terminal
            | FileError::Flags { .. }
            | FileError::Report { .. }
            | FileError::OtherArchive { .. }
            | FileError::NotAFolder { .. }
            | FileError::OverTemplate { .. }
            | FileError::Stdout(_) => Kind::Configuration,
            FileError::Runtime(_) => Kind::Unavailable,
        }
    }

    fn hint(&self) -> String {
        match self {
            FileError::Read { .. } => "check the path; a relative one starts at the working directory",
            FileError::Folder { .. } => "name a file in it",
            FileError::NotAFile { .. } => "save the zip as a file and name that file",
            FileError::Write { source, .. } => match source.kind() {
                io::ErrorKind::IsADirectory => "choose another path, or remove that folder",
                io::ErrorKind::InvalidInput => "choose another path",
                io::ErrorKind::FileTooLarge => "raise the limit on file sizes of this shell (`ulimit -f`)",
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, or choose another path",
                io::ErrorKind::ResourceBusy => "mount the folder into the container instead of the file",
                _ => "choose a path in a folder that this user may write",
            },
            FileError::TooLarge { .. } => "name the task definition, AppSpec or template itself",
            FileError::NotText { .. } => "save it as UTF-8",
            FileError::InputArtifact { .. } => "write the name of the artifact, an equals sign and the path of its zip",
            FileError::InputArtifactTwice { .. } => "keep one of the two",
            FileError::NoInputArtifact { .. } => "add --input-artifact NAME=ZIP for it",
            FileError::Report { .. } => "end the name with .md for Markdown or .xml for JUnit",
            FileError::OtherArchive { path } => {
                // a.tar.gz becomes a.zip.
                let stem = path.with_extension("");
                let tar = stem.extension().is_some_and(|ending| ending == "tar");
                let zip = if tar { &stem } else { path }.with_extension("zip");
                return format!(
                    "write {}, or a folder; a folder of this name needs a slash at its end",
                    shown(&zip.to_string_lossy())
                );
            }
            FileError::NotAFolder { .. } => {
                "name a .zip file or the folder that the two files go to; --appspec-path and --taskdef-path name the files"
            }
            FileError::OverTemplate { .. } => {
                "choose another --artifact, or other names with --appspec-path and --taskdef-path"
            }
            FileError::Terminal => "redirect standard output, or name a .zip or a folder",
            FileError::Flags { hint, .. } => hint,
            FileError::Stdout(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                "the program that reads standard output ended early; check it, or name a .zip file instead of -"
            }
            FileError::Stdout(_) => "free some space where standard output goes, or redirect it elsewhere",
            FileError::Runtime(_) => "free some memory or file handles and try again",
        }
        .to_owned()
    }
}
