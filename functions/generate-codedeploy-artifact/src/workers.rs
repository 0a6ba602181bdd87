//! Manages the worker process: it is started early, gets one task after the other, and is ended if it takes too long.
//!
//! It is a process and not a thread, because a thread that loops, exhausts memory or overflows its stack would prevent
//! the report. A process can be ended at any time and has its own memory limit.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use codedeploy_core::faults;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::outcome::{Failed, Line, Made, Task};
use crate::worker;

/// Starts workers, at most one at a time.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    idle: Mutex<Option<Worker>>,
}

impl Workers {
    /// Starts the first one at once, so that it is ready when the first event comes. Needs a runtime.
    pub fn start(program: PathBuf) -> Workers {
        let first = Worker::start(&program)
            .inspect_err(|error| tracing::warn!("cannot start a worker in advance: {error}"))
            .ok();
        Workers { program, idle: Mutex::new(first) }
    }

    /// Gives an event to a worker and waits for its outcome, for at most `time`.
    ///
    /// # Errors The failure reported by the worker or, if it had no outcome, `JOB05`, `JOB06` or `JOB08`.
    pub async fn run(&self, event: &str, deadline_ms: u64, time: Duration) -> Result<Made, Failed> {
        let mut idle = self.idle.lock().await;
        let mut stage = NOT_BEGUN.to_owned();
        let work = async {
            let mut idle = idle.take().and_then(Worker::if_running);
            loop {
                let reused = idle.is_some();
                let mut worker = match idle.take() {
                    Some(worker) => worker,
                    None => Worker::start(&self.program).map_err(|error| not_started(&error))?,
                };
                if let Some(outcome) = worker.work(event, deadline_ms, &mut stage).await {
                    return Ok((worker, outcome));
                }
                // An idle worker may have been ended before it took the task, if the machine had no memory left.
                if !reused || stage != NOT_BEGUN {
                    let status = worker.child.wait().await;
                    let status = status.map_or_else(|_| "status unknown".to_owned(), |status| status.to_string());
                    return Err(died(&stage, &status));
                }
            }
        };
        let error = match timeout(time, work).await {
            Ok(Ok((worker, outcome))) => {
                *idle = Some(worker);
                return outcome;
            }
            Ok(Err(error)) => error,
            // The worker ends with the future that owned it.
            Err(_) => late(&stage, time),
        };
        tracing::error!("{error}; {}", error.hint());
        Err(Failed::from(&error))
    }
}

/// The stage of a task that no worker has taken yet.
const NOT_BEGUN: &str = "starting the worker";

#[derive(Debug)]
struct Worker {
    child: Child,
    tasks: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(program: &PathBuf) -> io::Result<Worker> {
        let mut command = Command::new(program);
        command.arg(worker::ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let (Some(tasks), Some(lines)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Worker { child, tasks, lines: BufReader::new(lines).lines() })
    }

    /// An idle worker may have been ended because the machine had no memory left.
    fn if_running(mut self) -> Option<Worker> {
        matches!(self.child.try_wait(), Ok(None)).then_some(self)
    }

    /// `None` if the worker ended before its outcome.
    async fn work(&mut self, event: &str, deadline_ms: u64, stage: &mut String) -> Option<Result<Made, Failed>> {
        let task = serde_json::to_string(&Task { deadline_ms, bytes: event.len() }).ok()?;
        for part in [task.as_bytes(), b"\n", event.as_bytes()] {
            self.tasks.write_all(part).await.ok()?;
        }
        self.tasks.flush().await.ok()?;
        loop {
            let line = self.lines.next_line().await.ok()??;
            match serde_json::from_str(&line).ok()? {
                Line::Stage(name) => *stage = name,
                Line::Made(made) => return Some(Ok(made)),
                Line::Failed(failed) => return Some(Err(failed)),
            }
        }
    }
}

faults! {
    /// The faults of work that came to no outcome.
    pub(crate) const FORMS;

    /// The worker had no outcome in time.
    fn late(stage: &str, time: Duration) [seconds = time.as_secs_f64()] => "JOB05" Unavailable
        "not finished after {seconds:.1} s, while {stage}; stopped in time to report the job",
        "re-run the action; if it fails again, raise the timeout of the function";

    /// The worker ended without an outcome.
    fn died(stage: &str, status: &str) => "JOB06" Bug
        "the worker process ended while {stage} ({status})",
        "look in the function's log for \"panicked at\" or \"memory allocation\", and report it as a bug";

    /// The worker cannot be started.
    fn not_started(problem: &io::Error) => "JOB08" Unavailable
        "the worker process cannot be started: {problem}",
        "re-run the action; if it fails again, raise the memory of the function";
}

#[cfg(test)]
mod tests;
