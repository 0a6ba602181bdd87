//! An independent evaluator of IAM policies: see `tests/iam`.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use e2e::{programs, skip};
use serde_json::Value;
use sha2::{Digest, Sha256};

const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../iam/package.json")),
    ("package-lock.json", include_str!("../../iam/package-lock.json")),
    ("judge.mjs", include_str!("../../iam/judge.mjs")),
];

/// What the judge says of one request.
#[derive(Debug)]
pub(super) struct Verdict(Value);

impl Verdict {
    /// Whether the request is allowed; why not, where AWS could not get it: an unknown action, another action's
    /// resource or condition key.
    pub(super) fn allows(&self) -> Result<bool, String> {
        let Verdict(verdict) = self;
        let ignored = verdict["ignored"].as_array().is_some_and(|ignored| !ignored.is_empty());
        let result = verdict["result"].as_str().filter(|_| !ignored);
        result.map(|result| result == "Allowed").ok_or_else(|| verdict.to_string())
    }
}

/// Judges all of them; `None` (reported) where this machine has no npm or no way to the package.
pub(super) fn judge(simulations: &[Value]) -> Option<Vec<Verdict>> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let installed = FOLDER.get_or_init(install);
    let folder = installed.as_ref().inspect_err(|why| skip::missing("the judge of IAM policies", why)).ok()?;
    let mut command = Command::new("node");
    command.arg("judge.mjs").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("node");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = serde_json::to_vec(simulations).expect("JSON");
    // The judge reads all before it writes.
    stdin.write_all(&input).expect("the judge reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("a child process");
    let said = String::from_utf8_lossy(&output.stderr);
    let verdicts: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("judge.mjs: {error}: {said}"));
    assert_eq!(verdicts.len(), simulations.len());
    Some(verdicts.into_iter().map(Verdict).collect())
}

/// Once for each content of the lock file.
fn install() -> Result<PathBuf, String> {
    let hash = FILES.iter().fold(Sha256::new(), |hash, (_, content)| hash.chain_update(content)).finalize();
    let folder = programs::target_folder().join(format!("iam-{}", hex::encode(&hash[..6])));
    let complete = folder.join("complete");
    if !complete.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for (name, content) in FILES {
            fs::write(folder.join(name), content).map_err(|error| format!("{name}: {error}"))?;
        }
        npm_ci(&folder)?;
        fs::write(&complete, "").map_err(|error| format!("complete: {error}"))?;
    }
    Ok(folder)
}

fn npm_ci(folder: &Path) -> Result<(), String> {
    let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let output = Command::new("npm").args(args).current_dir(folder).output();
    let output = output.map_err(|error| format!("cannot run npm: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("npm ci ended with {}: {said}", output.status)) }
}
