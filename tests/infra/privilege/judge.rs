//! An independent evaluator of IAM policies: see `tests/iam`.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

use e2e::{install, skip};
use serde_json::Value;

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
    let folder = FOLDER.get_or_init(installed);
    let folder = folder.as_ref().inspect_err(|why| skip::missing("the judge of IAM policies", why)).ok()?;
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

fn installed() -> Result<PathBuf, String> {
    install::once("iam", &FILES, |folder| {
        install::run(
            Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder),
        )
    })
}
