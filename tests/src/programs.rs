//! The programs of this workspace, built as `cargo build` builds them and run as the outside world runs them.

use std::{
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::LazyLock,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{environment::Environment, process::Process, secrets, unique};

/// Where Cargo puts what it builds: two folders above the `deps` that this test binary is in.
///
/// Cargo's `CACHEDIR.TAG` is no sign of it: a folder that was there before Cargo's first build never gets one.
///
/// # Panics
/// When the test binary was moved out of Cargo's folder.
pub fn target_folder() -> PathBuf {
    let binary = std::env::current_exe().expect("the path of this test binary");
    let deps = binary.parent().filter(|folder| folder.ends_with("deps"));
    let target = deps.and_then(Path::parent).and_then(Path::parent);
    target.expect("Cargo's folder above this test binary").to_owned()
}

/// The Lambda function that generates artifacts; `FUNCTION_PROGRAM` names one that was built for release.
pub fn lambda() -> &'static Path {
    static GIVEN: LazyLock<Option<PathBuf>> = LazyLock::new(|| given("FUNCTION_PROGRAM"));
    GIVEN.as_deref().unwrap_or_else(|| program(LAMBDA))
}

/// The Lambda function that is a hook; `GATE_PROGRAM` names one that was built for release.
pub fn gate() -> &'static Path {
    static GIVEN: LazyLock<Option<PathBuf>> = LazyLock::new(|| given("GATE_PROGRAM"));
    GIVEN.as_deref().unwrap_or_else(|| program(GATE))
}

fn given(variable: &str) -> Option<PathBuf> {
    Some(std::env::var_os(variable)?.into())
}

/// The command line, whose clock can be set, under its own name.
pub fn command_line() -> &'static Path {
    static NAMED: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = target_folder().join("simulated");
        std::fs::create_dir_all(&folder).expect("a folder");
        let (new, named) = (folder.join(unique::name("new")), folder.join("codedeploy-artifact"));
        std::fs::hard_link(program(SIMULATED), &new).expect("a name beside others");
        // Another test binary may run it now.
        std::fs::rename(&new, &named).expect("its name");
        // It stays where both were the same file.
        let _ = std::fs::remove_file(&new);
        named
    });
    &NAMED
}

const LAMBDA: &str = "generate-codedeploy-artifact";
const GATE: &str = "deployment-gate";
const SIMULATED: &str = "codedeploy-artifact-simulated";

/// A program of this workspace by its name, built in this process's profile on the first call.
///
/// # Panics
/// When the workspace does not build, or has no such program.
pub fn program(name: &str) -> &'static Path {
    static BUILT: LazyLock<Result<HashMap<String, PathBuf>, String>> = LazyLock::new(build);
    let built = BUILT.as_ref().unwrap_or_else(|errors| panic!("cargo build: {errors}"));
    built.get(name).unwrap_or_else(|| panic!("the workspace builds no program `{name}`"))
}

/// All members are built together, as by `cargo test`, so that features and therefore files are the same. Only the command
/// line has one more, which is why it is a program of its own: its clock can be set.
fn build() -> Result<HashMap<String, PathBuf>, String> {
    let mut command = cargo();
    command.args(["--message-format=json-render-diagnostics", "--bin", LAMBDA, "--bin", GATE, "--bin", SIMULATED]);
    command.args(["--features", "step-image/simulated-time"]);
    let output = command.output().expect("cargo");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let programs = messages.filter_map(|message| {
        let path = message["executable"].as_str()?;
        Some((message["target"]["name"].as_str()?.to_owned(), PathBuf::from(path)))
    });
    Ok(programs.collect())
}

/// `cargo build` of the whole workspace in this process's profile, into the folder of this test binary.
///
/// The variables that Cargo sets for a test are removed. The build script of `ring` depends on some of them, and all that is
/// built on it would be built again, here and by the next call of Cargo.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_PKG_") {
            command.env_remove(&name);
        }
    }
    command.args(["build", "--workspace", "--quiet", "--target-dir"]).arg(target_folder());
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    command
}

/// A call of the command line: the arguments, and nothing of this machine's environment.
#[derive(Debug, Clone)]
pub struct Run {
    args: Vec<OsString>,
    environment: Environment,
    stdin: Vec<u8>,
    folder: Option<PathBuf>,
    shows_values: bool,
}

/// What a call has come to.
#[derive(Debug)]
pub struct Output {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: String,
    /// How it ended.
    pub status: ExitStatus,
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// From start to end.
    pub elapsed: Duration,
}

impl Output {
    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_default()
    }
}

/// Calls the command line without any environment.
pub fn run<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Output {
    Run::new(args).run()
}

impl Run {
    /// A call with these arguments, an empty environment and an empty standard input.
    pub fn new<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Run {
        let args = args.into_iter().map(Into::into).collect();
        Run { args, environment: Environment::empty(), stdin: Vec::new(), folder: None, shows_values: false }
    }

    /// With these variables.
    #[must_use]
    pub fn environment(self, environment: Environment) -> Run {
        Run { environment, ..self }
    }

    /// With that standard input.
    #[must_use]
    pub fn stdin(self, stdin: impl Into<Vec<u8>>) -> Run {
        Run { stdin: stdin.into(), ..self }
    }

    /// In that folder.
    #[must_use]
    pub fn in_folder(self, folder: &Path) -> Run {
        Run { folder: Some(folder.to_owned()), ..self }
    }

    /// Standard output is the artifact itself, environment values of containers included, and is not scanned.
    #[must_use]
    pub fn stdout_is_artifact(self) -> Run {
        Run { shows_values: true, ..self }
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When a planted secret is in the output.
    pub fn run(self) -> Output {
        self.start().wait()
    }

    /// Starts it, so that it can be sent signals.
    pub fn start(self) -> Running {
        let mut command = Command::new(command_line());
        command.args(&self.args).env_clear().envs(self.environment.iter());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        Running {
            started: Instant::now(),
            process: Process::start(&mut command, self.stdin),
            scanned: !self.shows_values,
        }
    }
}

/// The command line at work.
pub struct Running {
    process: Process,
    started: Instant,
    scanned: bool,
}

impl Running {
    /// Sends a signal, by its name without `SIG`.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits until it handles signals: before that, the system ends it.
    ///
    /// # Panics
    /// If it does not within 20 s.
    pub fn handles_signals(&self) {
        let limit = Instant::now() + Duration::from_secs(20);
        while !self.process.handles_sigterm() {
            assert!(Instant::now() < limit, "no handlers: {}", self.stderr());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.process.output().1).into_owned()
    }

    /// The most memory that the process has had resident so far, in KiB.
    pub fn peak_memory(&self) -> Option<u64> {
        self.process.peak_memory()
    }

    /// Waits until it ends.
    ///
    /// # Panics
    /// When a planted secret is in the output.
    pub fn wait(mut self) -> Output {
        let status = self.process.wait();
        let elapsed = self.started.elapsed();
        let (stdout, stderr) = self.process.finish();
        if self.scanned {
            secrets::capture("standard output of the command line", &stdout);
        }
        secrets::capture("standard error of the command line", &stderr);
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        Output { stdout, stderr, status, code: status.code().unwrap_or(-1), elapsed }
    }
}
