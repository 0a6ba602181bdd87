//! The Lambda Runtime API as AWS runs it, and a Lambda function under it as a process of its own.
//!
//! One [`Lambda`] is one execution environment: it works on one event at a time, is frozen by nobody unless the test
//! asks for it, is killed when an invocation times out, and is started again for the next event.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::Notify;

use crate::{
    environment::{Environment, FUNCTION_NAME},
    http::{Answer, Received, Server},
    process::{self, Process},
    secrets, unique,
};

/// How an invocation ended, as Lambda sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function answered with this body.
    Response(String),
    /// The function reported an error.
    Error {
        /// `errorType`
        kind: String,
        /// `errorMessage`
        message: String,
    },
    /// The function could not start.
    InitError(String),
    /// The timeout passed; the process was killed.
    TimedOut,
    /// The process ended by itself, or by a signal.
    Crashed(ExitStatus),
}

/// One invocation.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// How it ended.
    pub outcome: Outcome,
    /// From the moment that the function took the event to its end.
    pub elapsed: Duration,
    /// How long before its deadline it ended; zero where it timed out.
    pub before_deadline: Duration,
}

/// A function and its execution environment. All that it writes is scanned for planted secrets.
pub struct Lambda {
    program: PathBuf,
    environment: Environment,
    server: Server,
    slot: Arc<Slot>,
    process: Option<Process>,
    started: Instant,
    log: Vec<u8>,
}

/// A child process of a function.
#[derive(Debug, Clone, Copy)]
pub struct Worker(u32);

impl Worker {
    /// Sends a signal, by its name without `SIG`.
    pub fn signal(self, name: &str) {
        process::signal(self.0, name);
    }

    /// The limit of a resource, which Linux names such as `Max core file size`.
    pub fn limit(self, resource: &str) -> Option<String> {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.0)).ok()?;
        let limit = limits.lines().find_map(|line| line.strip_prefix(resource))?;
        Some(limit.split_whitespace().next()?.to_owned())
    }
}

/// The longest that a start may take before the first event is asked for (Lambda's own limit is 10 seconds).
const INIT_LIMIT: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Slot {
    invocation: Mutex<Current>,
    queued: Notify,
    changed: Condvar,
    asked: Mutex<Option<Instant>>,
    asking: Condvar,
}

#[derive(Default)]
struct Current {
    id: String,
    event: Option<String>,
    arn: String,
    timeout: Duration,
    taken: Option<Instant>,
    outcome: Option<(Outcome, Instant)>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Current> {
        self.invocation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the process asked for an event for the first time.
    fn asked(&self) -> MutexGuard<'_, Option<Instant>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lambda {
    /// Prepares a function; its process starts with the first event, or with [`Lambda::warm_up`].
    pub fn start(program: &Path, environment: Environment) -> Lambda {
        let slot = Arc::new(Slot::default());
        let shared = Arc::clone(&slot);
        let server = Server::start(move |received| answer(Arc::clone(&shared), received));
        Lambda {
            program: program.to_owned(),
            environment,
            server,
            slot,
            process: None,
            started: Instant::now(),
            log: Vec::new(),
        }
    }

    /// Delivers an event (any text: AWS sends JSON, a test may not) and waits for the end of the invocation.
    pub fn invoke(&mut self, event: &str, timeout: Duration) -> Invocation {
        self.deliver(event, timeout, None)
    }

    /// Delivers an event and kills the process (SIGKILL) that long after it took the event.
    pub fn invoke_and_kill(&mut self, event: &str, timeout: Duration, after: Duration) -> Invocation {
        self.deliver(event, timeout, Some(after))
    }

    /// Starts the process, as provisioned concurrency does.
    pub fn warm_up(&mut self) {
        if self.process.as_mut().is_none_or(|process| process.ended().is_some()) {
            self.end();
            let mut command = Command::new(&self.program);
            command.env_clear().envs(self.environment.iter());
            command.env("AWS_LAMBDA_RUNTIME_API", self.server.address().to_string());
            *self.slot.asked() = None;
            self.started = Instant::now();
            self.process = Some(Process::start(&mut command, Vec::new()));
        }
    }

    /// Starts the process, and returns how long it took until it asked for its first event.
    ///
    /// # Panics
    /// If it does not ask in time.
    pub fn start_up(&mut self) -> Duration {
        self.warm_up();
        let asked = self.slot.asking.wait_timeout_while(self.slot.asked(), INIT_LIMIT, |asked| asked.is_none());
        let asked = *asked.unwrap_or_else(PoisonError::into_inner).0;
        asked.expect("a function that asks for an event").duration_since(self.started)
    }

    /// Stops the process where it is, as Lambda does between two invocations.
    pub fn freeze(&self) {
        self.process.as_ref().expect("a running function").signal("STOP");
    }

    /// Lets the process go on.
    pub fn thaw(&self) {
        self.process.as_ref().expect("a running function").signal("CONT");
    }

    /// The worker processes of the function: its own children. Waits for the first one.
    ///
    /// # Panics
    /// If there is none in time.
    pub fn workers(&self) -> Vec<Worker> {
        let process = self.process.as_ref().expect("a running function");
        let asked = Instant::now();
        loop {
            let workers = process.children();
            if !workers.is_empty() {
                return workers.into_iter().map(Worker).collect();
            }
            assert!(asked.elapsed() < INIT_LIMIT, "no worker");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The most memory that the process and its worker have had resident so far, in KiB.
    pub fn peak_memory(&self) -> Option<u64> {
        self.process.as_ref().and_then(Process::peak_memory)
    }

    /// The same with the pages of the program, which both have, counted once, as the machine has them.
    pub fn peak_memory_of_all(&self) -> Option<u64> {
        self.process.as_ref().and_then(Process::peak_memory_of_all)
    }

    /// The processor time that the process and its worker have used so far. They must be waiting for an event.
    pub fn cpu_time(&self) -> Option<Duration> {
        self.process.as_ref().and_then(Process::cpu_time)
    }

    /// Ends the process, so that the next event meets a cold start, and gives all that it and those before it wrote.
    pub fn log(&mut self) -> String {
        self.end();
        String::from_utf8_lossy(&self.log).into_owned()
    }

    fn deliver(&mut self, event: &str, timeout: Duration, kill_after: Option<Duration>) -> Invocation {
        self.warm_up();
        let queued = Instant::now();
        let region = self.environment.value("AWS_REGION");
        let arn = format!("arn:aws:lambda:{region}:111111111111:function:{FUNCTION_NAME}");
        let (id, event) = (unique::job_id(), Some(event.to_owned()));
        *self.slot.lock() = Current { id, event, arn, timeout, ..Current::default() };
        self.slot.queued.notify_one();
        let process = self.process.as_mut().expect("a process that was just started");
        let mut current = self.slot.lock();
        let (outcome, elapsed) = loop {
            let taken = current.taken;
            let elapsed = taken.map_or(Duration::ZERO, |taken| taken.elapsed());
            if let Some((outcome, at)) = current.outcome.take() {
                break (outcome, at.duration_since(taken.unwrap_or(at)));
            }
            if let Some(status) = process.ended() {
                break (Outcome::Crashed(status), elapsed);
            }
            if taken.is_some() && elapsed >= timeout || taken.is_none() && queued.elapsed() >= INIT_LIMIT {
                break (Outcome::TimedOut, elapsed);
            }
            if taken.is_some() && kill_after.is_some_and(|after| elapsed >= after) {
                process.signal("KILL");
                break (Outcome::Crashed(process.wait()), elapsed);
            }
            let changed = self.slot.changed.wait_timeout(current, Duration::from_millis(2));
            current = changed.unwrap_or_else(PoisonError::into_inner).0;
        };
        drop(current);
        if !matches!(outcome, Outcome::Response(_) | Outcome::Error { .. }) {
            self.end();
        }
        secrets::capture("what the function told Lambda", format!("{outcome:?}").as_bytes());
        Invocation { outcome, elapsed, before_deadline: timeout.saturating_sub(elapsed) }
    }

    fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            let (stdout, stderr) = process.finish();
            self.log.extend_from_slice(&stdout);
            self.log.extend_from_slice(&stderr);
            secrets::capture("standard output of the function", &stdout);
            secrets::capture("standard error of the function", &stderr);
        }
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        self.end();
    }
}

async fn answer(slot: Arc<Slot>, received: Received) -> Answer {
    let path = received.path.strip_prefix("/2018-06-01/runtime/").unwrap_or_default();
    let accepted = || Answer::new(202, "application/json", r#"{"status":"OK"}"#);
    match (received.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["invocation", "next"]) => next(&slot).await,
        ("POST", ["invocation", id, "response"]) => end(&slot, id, Outcome::Response(received.text()), accepted()),
        ("POST", ["invocation", id, "error"]) => end(&slot, id, error(&received), accepted()),
        ("POST", ["init", "error"]) => {
            let id = slot.lock().id.clone();
            end(&slot, &id, Outcome::InitError(received.text()), accepted())
        }
        _ => Answer::new(404, "application/json", r#"{"errorType":"InvalidPath","errorMessage":"no such path"}"#),
    }
}

async fn next(slot: &Slot) -> Answer {
    slot.asked().get_or_insert_with(Instant::now);
    slot.asking.notify_all();
    loop {
        {
            let mut current = slot.lock();
            if let Some(event) = current.event.take() {
                current.taken = Some(Instant::now());
                let deadline = OffsetDateTime::now_utc() + current.timeout;
                let deadline = deadline.unix_timestamp_nanos() / 1_000_000;
                return Answer::new(200, "application/json", event)
                    .with("lambda-runtime-aws-request-id", current.id.clone())
                    .with("lambda-runtime-deadline-ms", deadline.to_string())
                    .with("lambda-runtime-invoked-function-arn", current.arn.clone())
                    .with(
                        "lambda-runtime-trace-id",
                        "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
                    );
            }
        }
        slot.queued.notified().await;
    }
}

fn end(slot: &Slot, id: &str, outcome: Outcome, accepted: Answer) -> Answer {
    let mut current = slot.lock();
    if current.id != id {
        return Answer::new(
            400,
            "application/json",
            r#"{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}"#,
        );
    }
    current.outcome.get_or_insert((outcome, Instant::now()));
    slot.changed.notify_all();
    accepted
}

fn error(received: &Received) -> Outcome {
    let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    Outcome::Error { kind: text("errorType"), message: text("errorMessage") }
}
