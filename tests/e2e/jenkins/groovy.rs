//! The Groovy that Debian packages, the same 2.4.21 that Jenkins runs pipelines with, as one process for all tests.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
};

use e2e::skip;
use serde_json::Value;

/// Where Debian puts it.
const JAR: &str = "/usr/share/java/groovy-all.jar";

/// The harness at work. It ends when this process does.
struct Groovy(Mutex<(Child, ChildStdin, BufReader<ChildStdout>)>);

/// What comes of the plans: see `harness.groovy`. `None`, reported, where there is no Groovy.
pub(super) fn run(plans: &[Value]) -> Option<Vec<Value>> {
    static SHARED: OnceLock<Option<Groovy>> = OnceLock::new();
    let Groovy(process) = SHARED.get_or_init(start).as_ref()?;
    let mut guard = process.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, stdin, stdout) = &mut *guard;
    writeln!(stdin, "{}", Value::from(plans)).expect("the harness takes plans");
    stdin.flush().expect("the harness takes plans");
    let mut line = String::new();
    stdout.read_line(&mut line).expect("the harness answers");
    let answers: Value = serde_json::from_str(&line).expect("the harness has failed; see standard error");
    Some(answers.as_array().cloned().expect("a list of answers"))
}

fn start() -> Option<Groovy> {
    if !Path::new(JAR).exists() || Command::new("java").arg("-version").output().is_err() {
        skip::missing("Groovy", "install groovy and default-jdk-headless");
        return None;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/jenkins/groovy");
    let path = format!("{JAR}:{}", folder.display());
    let mut child = Command::new("java")
        .args(["-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", &path, "groovy.ui.GroovyMain"])
        .arg(folder.join("harness.groovy"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("java");
    let (stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    Some(Groovy(Mutex::new((child, stdin, BufReader::new(stdout)))))
}

/// The folder with the Jenkinsfiles and the shared library.
pub(super) fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../step-image/jenkins")
}
