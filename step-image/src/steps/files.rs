//! Reads and writes files. Files are written completely or not at all.

mod inputs;
mod write;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

pub(crate) use inputs::{InputArtifact, InputArtifacts};
pub(crate) use write::{abandon, write};

/// A path as messages show it.
pub(crate) fn named(path: &Path) -> String {
    shown(&path.to_string_lossy())
}

faults! {
    /// The faults of reading and writing files.
    pub(crate) const FORMS;

    /// A file cannot be read.
    fn unreadable(path: &Path, error: &io::Error) [path = named(path)] =>
        "CLI01" Input "cannot read {path}: {error}", "check the path; relative paths start at the working directory";
    /// A file cannot be written.
    fn not_written(path: &Path, error: &io::Error) [path = named(path)] =>
        "CLI02" Configuration "cannot write {path}: {error}", "choose a path in a folder that this user can write to";
    /// A file larger than any task definition, AppSpec or template.
    fn too_large(path: &Path, limit: u64) [path = named(path)] =>
        "CLI03" Input "{path} is larger than {limit} bytes", "check that the path is that of a task definition, AppSpec or template";
    /// A folder instead of a file.
    fn folder(path: &Path) [path = named(path)] => "CLI13" Input "{path} is a folder", "use the path of a file";
    /// A pipe or a device instead of a zip.
    fn not_a_file(path: &Path) [path = named(path)] =>
        "CLI13" Input "{path} is not a regular file", "save the zip as a file and use the path of that file";
    /// A file that is not UTF-8.
    fn not_text(file: &str, problem: &str) [file = shown(file)] =>
        "APP15" Input "{file}: {problem}", "save the file as UTF-8";
    /// A flag that is not `NAME=ZIP`.
    fn not_an_input(got: &str) [got = shown(got)] =>
        "CLI04" Configuration "--input-artifact takes NAME=ZIP, got \"{got}\"",
        "write the name of the artifact, an equals sign and the path of its zip file";
    /// Two zips for the same name.
    fn input_twice(name: &str) =>
        "CLI09" Configuration "--input-artifact is given twice for {name}", "remove one of them";
    /// `NAME::PATH` without a zip for `NAME`.
    fn no_input(artifact: &str) [artifact = shown(artifact)] =>
        "PAR18" Configuration "input artifact \"{artifact}\" is not given", "add --input-artifact {artifact}=ZIP";
}

/// The fault of a file that cannot be written.
fn unwritable(path: &Path, error: &io::Error) -> Fault {
    let hint = match error.kind() {
        io::ErrorKind::IsADirectory => "choose another path, or remove that folder",
        io::ErrorKind::InvalidInput => "choose another path",
        io::ErrorKind::FileTooLarge => "raise the file size limit of this shell (`ulimit -f`)",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, or choose another path",
        io::ErrorKind::ResourceBusy => "mount the folder into the container instead of the file",
        _ => return not_written(path, error),
    };
    not_written(path, error).with_hint(hint)
}

/// Reads a file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Fault> {
    let failed = |error| unreadable(path, &error);
    let mut bytes = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(path, limit));
    }
    Ok(bytes)
}

/// Opens a file for reading.
///
/// # Errors
/// `CLI13` for a folder, which the operating system can open like a file.
pub(crate) fn open(path: &Path) -> Result<File, Fault> {
    let failed = |error| unreadable(path, &error);
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(folder(path));
    }
    Ok(file)
}

/// The size of a file in bytes.
pub(crate) fn size(path: &Path, file: &File) -> Result<u64, Fault> {
    file.metadata().map(|it| it.len()).map_err(|error| unreadable(path, &error))
}

/// Opens a zip for reading.
///
/// # Errors
/// `CLI13` for a pipe or a device, which is not opened because it is not seekable; those of [`open`].
pub(crate) fn open_zip(path: &Path) -> Result<File, Fault> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() && !there.is_dir() => Err(not_a_file(path)),
        _ => open(path),
    }
}
