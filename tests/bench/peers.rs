//! The functions that are compared. What they need is installed under `target/`, once for each content of its lock file.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use e2e::{environment::Environment, install, python::Python, scratch::Scratch, skip};

/// A function under the Lambda Runtime API.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    /// The size of its ZIP file.
    pub(crate) package: u64,
}

/// The name of the peer that makes the calls of a job and does nothing else.
pub(crate) const SDK: &str = "the calls alone";

/// The name of the peer that does no job.
pub(crate) const EMPTY: &str = "empty handler";

/// The function and those it is always compared with: an empty handler, Python and Node.
pub(crate) fn all(function: PathBuf, empty: PathBuf, scratch: &Scratch) -> Option<Vec<Peer>> {
    Some(vec![
        rust("this function", function, scratch)?,
        rust(EMPTY, empty, scratch)?,
        python(scratch)?,
        node(scratch)?,
    ])
}

/// A program that needs nothing but its file: the function, or a peer in `peers/rust`.
pub(crate) fn rust(name: &'static str, program: PathBuf, scratch: &Scratch) -> Option<Peer> {
    let package = zipped(scratch, &[&program])?;
    Some(Peer { name, program, package })
}

/// The function with a delay of 5 ms before it begins: the limits must notice it.
pub(crate) fn delayed(function: &Peer, scratch: &Scratch) -> Peer {
    let script = format!("#!/bin/sh\nsleep 0.005\nexec '{}' \"$@\"\n", function.program.display());
    Peer { name: function.name, program: executable(scratch, "delayed", &script), package: function.package }
}

/// With boto3 of `tests/requirements.txt`.
fn python(scratch: &Scratch) -> Option<Peer> {
    let python = Python::shared()?;
    let script = format!("#!{}\n{}", python.python().display(), include_str!("peers/python/handler.py"));
    let program = executable(scratch, "python-handler", &script);
    let find = "import boto3, botocore, s3transfer, jmespath, urllib3, dateutil, six, pathlib\n\
        for module in (boto3, botocore, s3transfer, jmespath, urllib3, dateutil): print(pathlib.Path(module.__file__).parent)\n\
        print(six.__file__)";
    let output = python.script(find, &Environment::empty()).output().expect("Python");
    let folders = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut files: Vec<&Path> = folders.lines().map(Path::new).collect();
    files.push(&program);
    let package = zipped(scratch, &files)?;
    Some(Peer { name: "Python, boto3", program, package })
}

/// With version 3 of the SDK, in one file made by esbuild.
fn node(scratch: &Scratch) -> Option<Peer> {
    let folder = install_node().inspect_err(|why| skip::missing("the peer in Node", why)).ok()?;
    let bundle = fs::read_to_string(folder.join("bundle.cjs")).expect("a bundle");
    let node = Command::new("node").args(["--print", "process.execPath"]).output().expect("node");
    let script = format!("#!{}\n{bundle}", String::from_utf8_lossy(&node.stdout).trim());
    let program = executable(scratch, "node-handler.cjs", &script);
    let package = zipped(scratch, &[&program])?;
    Some(Peer { name: "Node, SDK v3", program, package })
}

fn executable(scratch: &Scratch, name: &str, script: &str) -> PathBuf {
    let program = scratch.write(name, script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
    program
}

/// The size of a ZIP file with these files and folders.
fn zipped(scratch: &Scratch, files: &[&Path]) -> Option<u64> {
    let zip = scratch.path().join("package.zip");
    let _ = fs::remove_file(&zip);
    let mut command = Command::new(Python::shared()?.python());
    let status = command.args(["-m", "zipfile", "--create"]).arg(&zip).args(files).status().expect("Python");
    assert!(status.success(), "a ZIP file of {files:?}");
    Some(fs::metadata(&zip).expect("a ZIP file").len())
}

const NODE: [(&str, &str); 3] = [
    ("package.json", include_str!("peers/node/package.json")),
    ("package-lock.json", include_str!("peers/node/package-lock.json")),
    ("handler.mjs", include_str!("peers/node/handler.mjs")),
];

fn install_node() -> Result<PathBuf, String> {
    install::once("node-peer", &NODE, |folder| {
        install::run(
            Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder),
        )?;
        let mut bundle = Command::new("node_modules/.bin/esbuild");
        bundle.args([
            "handler.mjs",
            "--bundle",
            "--platform=node",
            "--target=node20",
            "--minify",
            "--log-level=warning",
        ]);
        install::run(bundle.arg("--outfile=bundle.cjs").current_dir(folder))
    })
}
