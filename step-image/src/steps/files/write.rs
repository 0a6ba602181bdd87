//! Writes several files together, completely or not at all, even if a signal ends the run.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use codedeploy_core::fault::Fault;
use tempfile::{Builder, NamedTempFile, TempPath};

use super::unwritable;

/// The beginning of the names of temporary files. The name of the file itself may leave no room for more characters.
const PREFIX: &str = ".codedeploy-artifact-";

/// The temporary files that exist, or have existed, during the current write.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Writes files, creating their folders. A reader of a file sees either its old or its new content, and afterwards
/// either all of the files are new or none.
///
/// Each file is written to a new file beside it with an unpredictable name, flushed to the disk and renamed once all of
/// them are there. A symbolic link is replaced, not followed. An existing file keeps its permissions; a new one gets
/// those of the umask.
///
/// # Errors
/// `CLI02` with the file that could not be written. No temporary file is left then.
pub(crate) fn write(files: &[(PathBuf, &[u8])]) -> Result<(), Fault> {
    let mut written = Vec::new();
    for (path, bytes) in files {
        let new = temporary(path, bytes).map_err(|error| unwritable(path, &error))?;
        written.push((path.as_path(), new));
    }
    let mut unfinished = unfinished();
    let placed = place(written, &mut unfinished);
    unfinished.clear();
    placed
}

/// Removes the temporary files of a write in progress, and prevents further writes: a thread that tries to write is
/// stopped.
///
/// For the end of a run by a signal.
pub(crate) fn abandon() {
    let unfinished = unfinished();
    for path in unfinished.iter() {
        // Most of the time it is renamed or removed already.
        let _ = fs::remove_file(path);
    }
    std::mem::forget(unfinished);
}

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes the new content of a file to a temporary file beside it.
fn temporary(path: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        // What exists on the way is a file then.
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
    let old = path.symlink_metadata().ok();
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if old.as_ref().is_some_and(|old| !old.is_file() && !old.is_symlink()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe, a socket or a device"));
    }
    let mut file = create(folder)?;
    if let Some(old) = old.filter(fs::Metadata::is_file) {
        let mode = old.permissions().mode() & 0o777;
        // A file that was closed to others must stay closed.
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
    }
    // The errors of `NamedTempFile` itself name the temporary file.
    file.as_file_mut().write_all(bytes)?;
    match file.as_file().sync_all() {
        // Some file systems of containers have no such call.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {}
        flushed => flushed?,
    }
    Ok(file.into_temp_path())
}

fn create(folder: &Path) -> io::Result<NamedTempFile<File>> {
    let mut unfinished = unfinished();
    // Not `tempfile_in`, whose errors name the temporary file.
    let file = Builder::new().prefix(PREFIX).make_in(folder, |path| {
        let mode = 0o666;
        OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
    })?;
    unfinished.push(file.path().to_owned());
    Ok(file)
}

/// Renames the files. If one cannot be, those before it are put back.
fn place(files: Vec<(&Path, TempPath)>, unfinished: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let mut placed: Vec<(&Path, Option<TempPath>)> = Vec::new();
    let last = files.len().saturating_sub(1);
    for (at, (path, new)) in files.into_iter().enumerate() {
        // The last one needs no way back.
        let old = if at == last { None } else { kept(path, unfinished) };
        if let Err(error) = new.persist(path) {
            for (path, old) in placed {
                // Best effort: the error below is what matters.
                let _ = match old {
                    Some(old) => old.persist(path).map_err(|error| error.error),
                    None => fs::remove_file(path),
                };
            }
            return Err(unwritable(path, &error.error));
        }
        placed.push((path, old));
    }
    Ok(())
}

/// A second name for a file that is to be replaced; `None` if there is none, or the file system has no hard links.
fn kept(path: &Path, unfinished: &mut Vec<PathBuf>) -> Option<TempPath> {
    let folder = path.parent()?;
    let kept = Builder::new().prefix(PREFIX).make_in(folder, |name| fs::hard_link(path, name)).ok()?;
    unfinished.push(kept.path().to_owned());
    Some(kept.into_temp_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_replaced_puts_those_before_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("old"), "old").unwrap();
        let new = ["old", "new", "gone"].map(|name| (at(name), temporary(&at(name), b"new").unwrap()));
        // A folder that appears after the checks cannot be replaced by a file.
        fs::create_dir_all(at("gone/by")).unwrap();
        let files = new.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        let files = files.iter().map(PathBuf::as_path).zip(new.into_iter().map(|(_, new)| new)).collect();
        let error = place(files, &mut Vec::new()).unwrap_err();
        assert!(error.code() == "CLI02" && error.message().contains("gone"), "{error:?}");
        assert_eq!(fs::read_to_string(at("old")).unwrap(), "old");
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["gone", "old"]);
    }
}
