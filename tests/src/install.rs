//! What tests and benchmarks install: under `target/`, once for each content of its lock file, whatever the profile.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

use crate::programs;

/// The folder with these files and what `fill` adds to them, made by the first process that asks for it.
///
/// # Errors
/// Those of the file system and of `fill`.
pub fn once(
    name: &str,
    files: &[(&str, &str)],
    fill: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let hash = files.iter().fold(Sha256::new(), |hash, (_, content)| hash.chain_update(content)).finalize();
    let target = programs::target_folder();
    let folder = target.join(format!("{name}-{}", hex::encode(&hash[..6])));
    let failed = |what: &Path, error: std::io::Error| format!("{}: {error}", what.display());
    // Processes that run side by side wait here for the first of them.
    let lock = target.join(format!("{name}.lock"));
    let held = File::create(&lock).and_then(|file| file.lock().map(|()| file)).map_err(|error| failed(&lock, error))?;
    let complete = folder.join("complete");
    if !complete.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
        for (file, content) in files {
            fs::write(folder.join(file), content).map_err(|error| failed(Path::new(file), error))?;
        }
        fill(&folder)?;
        fs::write(&complete, "").map_err(|error| failed(&complete, error))?;
    }
    drop(held);
    Ok(folder)
}

/// Runs a command to its end; the error has the last lines that it wrote.
///
/// # Errors
/// If it cannot start or fails.
pub fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run {name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let last: Vec<&str> = said.lines().rev().take(5).collect();
    Err(format!("{name} ended with {}: {}", output.status, last.into_iter().rev().collect::<Vec<_>>().join(" | ")))
}
