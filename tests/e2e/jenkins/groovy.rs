//! The Groovy that Debian packages, the same 2.4.21 that Jenkins runs pipelines with, as one process for all tests.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        mpsc::{self, Sender},
    },
    thread,
};

use e2e::skip;
use serde_json::{Value, json};

/// Where Debian puts it.
const JAR: &str = "/usr/share/java/groovy-all.jar";

/// The harness at work. It ends when this process does, because its standard input is closed then.
struct Groovy {
    _process: Child,
    asked: Mutex<Asked>,
    waiting: Arc<Mutex<Waiting>>,
}

/// Its standard input, and how many times it was asked.
struct Asked {
    stdin: ChildStdin,
    count: u64,
}

/// Who waits for which answer; `None` once the harness has ended.
type Waiting = Option<HashMap<u64, Sender<Vec<Value>>>>;

/// The results of the plans: see `harness.groovy`. `None`, reported, if there is no Groovy. The builds of several tests run
/// at once.
pub(super) fn run(plans: &[Value]) -> Option<Vec<Value>> {
    static SHARED: OnceLock<Option<Groovy>> = OnceLock::new();
    let groovy = SHARED.get_or_init(start).as_ref()?;
    let (sender, answers) = mpsc::channel();
    {
        let mut asked = lock(&groovy.asked);
        asked.count += 1;
        let number = asked.count;
        lock(&groovy.waiting).as_mut().expect("the harness has failed; see standard error").insert(number, sender);
        writeln!(asked.stdin, "{}", json!([number, plans])).expect("the harness takes plans");
        asked.stdin.flush().expect("the harness takes plans");
    }
    Some(answers.recv().expect("the harness has failed; see standard error"))
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
    let waiting = Arc::new(Mutex::new(Some(HashMap::new())));
    let shared = Arc::clone(&waiting);
    thread::spawn(move || hand_out(stdout, &shared));
    Some(Groovy { _process: child, asked: Mutex::new(Asked { stdin, count: 0 }), waiting })
}

/// Gives each answer to the test that waits for it. A test that waits when the harness ends, or gets no JSON, fails.
fn hand_out(stdout: ChildStdout, waiting: &Mutex<Waiting>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let Ok((number, answers)) = serde_json::from_str::<(u64, Vec<Value>)>(&line) else { break };
        if let Some(sender) = lock(waiting).as_mut().and_then(|waiting| waiting.remove(&number)) {
            let _ = sender.send(answers);
        }
    }
    *lock(waiting) = None;
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The folder with the Jenkinsfiles and the shared library.
pub(super) fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../step-image/jenkins")
}
