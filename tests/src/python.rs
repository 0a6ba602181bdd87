//! A Python environment under `target/`, made once for each content of `tests/requirements.txt`: moto, the command
//! line of AWS, and the readers that our files must please.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
};

use serde_json::Value;

use crate::{environment::Environment, install, skip};

const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// A ready environment.
#[derive(Debug)]
pub struct Python {
    folder: PathBuf,
}

impl Python {
    /// The environment of this checkout, or `None` (reported) where this machine has no Python or no way to the
    /// packages. The first call on a machine takes as long as the download of some 40 packages.
    ///
    /// # Panics Instead of `None`, if `CI=true`.
    pub fn shared() -> Option<&'static Python> {
        static SHARED: OnceLock<Result<Python, String>> = OnceLock::new();
        let made = SHARED.get_or_init(make);
        made.as_ref().inspect_err(|why| skip::missing("Python", why)).ok()
    }

    /// The interpreter.
    pub fn python(&self) -> PathBuf {
        self.program("python")
    }

    /// Any program of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// A script with its arguments still to come, with these variables and no others.
    pub fn script(&self, script: &str, environment: &Environment) -> Command {
        let mut command = Command::new(self.python());
        command.args(["-c", script]).env_clear().envs(environment.iter());
        command
    }

    /// Why files do not fit a JSON Schema, one line for each; empty if all of them fit.
    ///
    /// # Panics
    /// If one of the files is not JSON, or the schema is not one.
    pub fn invalid(&self, schema: &str, files: &[&Path]) -> String {
        let mut command = self.script(include_str!("../readers/read_schema.py"), &Environment::empty());
        let output = command.arg(schema).args(files).output().expect("python");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The command line of AWS, with these variables and no others. Each call costs most of a second; a script with
    /// boto3 makes many calls in that time.
    pub fn aws(&self, args: &[&str], environment: &Environment) -> Output {
        let mut command = Command::new(self.program("aws"));
        command.args(args).args(["--output", "json"]).env_clear().envs(environment.iter());
        command.output().expect("the command line of AWS")
    }
}

/// A script that answers each line of JSON with a line of JSON, so that what it imports is imported once. It ends when
/// this process does.
#[derive(Debug)]
pub struct Worker(Mutex<Conversation>);

#[derive(Debug)]
struct Conversation {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts the script; `None` (reported) where this machine has no Python.
    ///
    /// # Panics Instead of `None`, if `CI=true`.
    pub fn start(script: &str) -> Option<Worker> {
        let mut command = Python::shared()?.script(script, &Environment::empty());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python");
        let stdin = child.stdin.take().expect("a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        Some(Worker(Mutex::new(Conversation { child, stdin, stdout })))
    }

    /// The answer to one question.
    ///
    /// # Panics
    /// When the script has ended; what it said is on standard error.
    pub fn ask(&self, question: &Value) -> Value {
        let mut conversation = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut answer = String::new();
        let written = writeln!(conversation.stdin, "{question}").and_then(|()| conversation.stdin.flush());
        let read = written.and_then(|()| conversation.stdout.read_line(&mut answer));
        assert!(!answer.is_empty(), "the script in process {} has ended: {read:?}", conversation.child.id());
        serde_json::from_str(&answer).expect("a line of JSON")
    }
}

fn make() -> Result<Python, String> {
    let folder = install::once("python", &[("requirements.txt", REQUIREMENTS)], |folder| {
        install::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let pip =
            ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes", "-r"];
        install::run(Command::new(folder.join("bin/python")).args(pip).arg(folder.join("requirements.txt")))
    })?;
    Ok(Python { folder })
}
