//! A child process: its output read while it runs, its end, its memory, and signals to it.

use std::{
    io::{Read, Write},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

/// A running program, killed when the value is dropped.
pub(crate) struct Process {
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

struct Stream {
    text: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts a program with that standard input.
    pub(crate) fn start(command: &mut Command, stdin: Vec<u8>) -> Process {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let mut input = child.stdin.take().expect("a pipe");
        // A program that ends without reading its input is no error of the harness.
        std::thread::spawn(move || drop(input.write_all(&stdin)));
        let stdout = Stream::of(child.stdout.take().expect("a pipe"));
        let stderr = Stream::of(child.stderr.take().expect("a pipe"));
        Process { child, stdout, stderr }
    }

    /// Whether it has a handler for SIGTERM by now; without `/proc`, as soon as it has started.
    pub(crate) fn handles_sigterm(&self) -> bool {
        let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())) else { return true };
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or_default();
        u64::from_str_radix(caught.trim(), 16).is_ok_and(|caught| caught & (1 << 14) != 0)
    }

    /// How it has ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child process")
    }

    /// Waits until it ends.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("a child process")
    }

    /// Sends a signal, by its name without `SIG`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Kills it and waits for its end and for the last of its output.
    pub(crate) fn finish(&mut self) -> (Vec<u8>, Vec<u8>) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        (self.stdout.finish(), self.stderr.finish())
    }

    /// What it has written so far: standard output and standard error.
    pub(crate) fn output(&self) -> (Vec<u8>, Vec<u8>) {
        (self.stdout.lock().clone(), self.stderr.lock().clone())
    }

    /// The most memory that it and each of its own child processes have had resident so far, in KiB, added up; `None`
    /// once it has ended, or without `/proc`. Pages that they share count for each.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let own = peak_memory(self.child.id())?;
        Some(own + self.children().into_iter().filter_map(peak_memory).sum::<u64>())
    }

    /// The same with the pages of files counted once: they are those of one program, which its processes share.
    pub(crate) fn peak_memory_of_all(&self) -> Option<u64> {
        let processes = self.children().into_iter().chain([self.child.id()]);
        let (peaks, files): (Vec<u64>, Vec<u64>) =
            processes.filter_map(|id| Some((peak_memory(id)?, file_pages(id)?))).unzip();
        Some((peaks.iter().sum::<u64>() + files.iter().max()?).saturating_sub(files.iter().sum()))
    }

    /// The processor time that it and its own child processes have used so far; `None` once it has ended, or without
    /// `/proc`. Exact only while they wait: a thread that runs is counted at the next tick of the clock.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        let own = cpu_time(self.child.id())?;
        Some(own + self.children().into_iter().filter_map(cpu_time).sum::<Duration>())
    }

    /// The ids of its child processes.
    pub(crate) fn children(&self) -> Vec<u32> {
        let id = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        children.split_whitespace().filter_map(|id| id.parse().ok()).collect()
    }
}

/// Sends a signal, by its name without `SIG`.
pub(crate) fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status();
    assert!(sent.is_ok_and(|status| status.success()), "cannot send SIG{name}");
}

/// Of all threads that have not ended.
fn cpu_time(process: u32) -> Option<Duration> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let used = threads.flatten().filter_map(|thread| {
        let used = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        used.split_whitespace().next()?.parse::<u64>().ok()
    });
    Some(Duration::from_nanos(used.sum()))
}

fn peak_memory(process: u32) -> Option<u64> {
    status(process, "VmHWM:")
}

fn file_pages(process: u32) -> Option<u64> {
    status(process, "RssFile:")
}

fn status(process: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

impl Drop for Process {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Stream {
    fn of(mut pipe: impl Read + Send + 'static) -> Stream {
        let text = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                shared.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
            }
        });
        Stream { text, reader: Some(reader) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish(&mut self) -> Vec<u8> {
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        self.lock().clone()
    }
}
