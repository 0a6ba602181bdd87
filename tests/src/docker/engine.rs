//! A Docker engine of this process, under `target/`: see `engine.sh`, which ends shortly after this process.

use std::{
    fs,
    process::{ChildStdin, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{Docker, as_root};
use crate::{programs, unique};

/// How long an engine may take to answer, including the wait for another one to end.
const START: Duration = Duration::from_mins(5);

/// The engine runs as long as this is open.
static ALIVE: Mutex<Option<ChildStdin>> = Mutex::new(None);

/// Starts an engine; its address.
pub(super) fn start() -> Result<String, String> {
    let folder = programs::target_folder().join("docker");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let sockets = std::env::temp_dir().join(unique::name("docker"));
    for program in ["docker", "dockerd"] {
        let found = as_root("sh").args(["-c", "command -v \"$0\"", program]).stdout(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            return Err(format!("no engine answers, and to start one as root there is no {program}"));
        }
    }
    let log = folder.join("log");
    // The log of an earlier engine would be mistaken for that of this one.
    let _ = fs::remove_file(&log);
    let mut child = as_root("sh")
        .args(["-c", include_str!("engine.sh"), "engine.sh"])
        .args([&folder, &sockets])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run sh: {error}"))?;
    *ALIVE.lock().unwrap_or_else(PoisonError::into_inner) = child.stdin.take();
    let address = format!("unix://{}/socket", sockets.display());
    let docker = Docker { address: Some(address.clone()) };
    let started = Instant::now();
    while !docker.answers() {
        let said = fs::read_to_string(&log).unwrap_or_default();
        let ended = child.try_wait().map_err(|error| error.to_string())?.is_some();
        if ended || said.contains("failed to start daemon") || started.elapsed() > START {
            return Err(format!("dockerd does not answer: {}", said.lines().last().unwrap_or_default()));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(address)
}
