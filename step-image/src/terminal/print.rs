//! The only module that prints. Data goes to standard output, messages go to standard error. Unsafe characters are
//! escaped.

use std::fs;
use std::io::{self, IsTerminal as _, Write};
use std::os::unix::fs::MetadataExt as _;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use codedeploy_core::artifact::request::with_flags_of;
use codedeploy_core::fault::finding::{Finding, MOST_SHOWN};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::text::{first, json_document, json_line, lines};
use serde_json::{Map, Value, json};

use super::clock::{Clock, date_ms};
use super::exit;
use super::output::Output;
use super::paint::{Colours, painted};

/// The result of a command.
#[derive(Debug, Default)]
pub(crate) struct Result {
    /// For `--output json`.
    pub(crate) json: Value,
    /// For people.
    pub(crate) text: String,
    /// The artifact itself, which goes to standard output instead. The text is then a message.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether the JSON is one line: the last of the JSON lines that [`event`] printed.
    pub(crate) line: bool,
    /// What of the text has colours on a terminal.
    pub(crate) colours: Colours,
    /// The exit code: 0, or that of a verdict. See [`exit`].
    pub(crate) exit: u8,
}

/// The command that runs. A process runs one.
static COMMAND: OnceLock<Running> = OnceLock::new();

struct Running {
    /// Messages name no other flags.
    flags: Vec<String>,
    /// Whether it prints JSON lines: an error is the last of them.
    lines: bool,
}

/// Sets the command that runs.
pub(crate) fn for_command(command: &clap::Command, lines: bool) {
    let flags = command.get_arguments().filter_map(|flag| Some(format!("--{}", flag.get_long()?))).collect();
    let _ = COMMAND.set(Running { flags, lines });
}

/// A message with flags of the command that runs for the parameters that the library names.
pub(crate) fn with_flags(message: &str) -> String {
    with_flags_of(message, &|flag| COMMAND.get().is_none_or(|command| command.flags.iter().any(|it| it == flag)))
}

faults! {
    /// The faults of printing.
    pub(crate) const FORMS;

    /// Writing to standard output failed.
    fn not_printed(error: &io::Error) =>
        "CLI08" Configuration "cannot write to standard output: {error}",
        "free some space where standard output is written, or redirect it elsewhere";
}

/// The fault of standard output that cannot be written to.
fn closed(error: &io::Error) -> Fault {
    let hint = match error.kind() {
        io::ErrorKind::BrokenPipe => {
            "check the program that reads standard output, which ended early, or use a .zip file instead of -"
        }
        io::ErrorKind::Other => "redirect standard output to a file or a program, or use a .zip file instead of -",
        _ => return not_printed(error),
    };
    not_printed(error).with_hint(hint)
}

/// Prints a result and returns its exit code, or that of an error if standard output cannot be written.
pub(crate) fn result(result: &Result, output: Output) -> ExitCode {
    clear();
    let mut stdout = io::stdout().lock();
    let written = match (&result.bytes, output) {
        (Some(_), _) if started_without_stdout() => Err(io::Error::other("it is closed")),
        (Some(bytes), _) => stdout.write_all(bytes),
        (None, Output::Json) if result.line => writeln!(stdout, "{}", json_line(&with_flags_in_warnings(&result.json))),
        (None, Output::Json) => writeln!(stdout, "{}", json_document(&with_flags_in_warnings(&result.json))),
        (None, Output::Text) => stdout.write_all(painted(&lines(&result.text), result.colours).as_bytes()),
        (None, _) => stdout.write_all(lines(&result.text).as_bytes()),
    };
    match written.and_then(|()| stdout.flush()) {
        Ok(()) => {
            if result.bytes.is_some() {
                message(result.text.trim_end());
            }
            ExitCode::from(result.exit)
        }
        // The reader closed the pipe intentionally, which is not an error. For an artifact, it is.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && result.bytes.is_none() => {
            ExitCode::from(result.exit)
        }
        Err(error) => self::error(&closed(&error), Output::Text),
    }
}

/// Whether this process was started without standard output. The runtime of Rust opens `/dev/null` in its place, for
/// reading and writing, before this code runs; a shell that discards the output opens it for writing only. Linux shows
/// the difference.
fn started_without_stdout() -> bool {
    let is_null = fs::metadata("/proc/self/fd/1").is_ok_and(|it| it.rdev() == NULL_DEVICE);
    let flags = fs::read_to_string("/proc/self/fdinfo/1").unwrap_or_default();
    let flags = flags.lines().find_map(|line| line.strip_prefix("flags:"));
    let mode = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok()).map(|flags| flags & 3);
    is_null && mode == Some(READ_AND_WRITE)
}

/// Major 1, minor 3.
const NULL_DEVICE: u64 = 0x103;

/// `O_RDWR`
const READ_AND_WRITE: u32 = 2;

/// Prints an error to standard error and, with `--output json`, as data too.
pub(crate) fn error(error: &Fault, output: Output) -> ExitCode {
    message(&format!("error: {}", error.report()));
    if output == Output::Json {
        let json = json!({ "error": error_json(error) });
        // The exit code tells what a closed pipe no longer can.
        let line = COMMAND.get().is_some_and(|command| command.lines);
        let json = if line { json_line(&json) } else { json_document(&json) };
        let _ = writeln!(io::stdout().lock(), "{json}");
    }
    ExitCode::from(exit::code(error))
}

fn error_json(error: &Fault) -> Value {
    let (message, hint) = (with_flags(&error.message()), with_flags(&error.hint()));
    json!({ "code": error.code(), "message": message, "hint": hint })
}

impl Result {
    /// The result of a dry run: the exit code of the real run, or its error, which is printed beside the result.
    pub(crate) fn ending(mut self, end: std::result::Result<u8, Fault>) -> Result {
        match end {
            Ok(exit) => self.exit = exit,
            Err(error) => {
                message(&format!("error: {}", error.report()));
                self.exit = exit::code(&error);
                if let Some(members) = self.json.as_object_mut() {
                    members.insert("error".to_owned(), error_json(&error));
                }
            }
        }
        self
    }
}

/// The result with flags for the parameters that its warnings name.
fn with_flags_in_warnings(result: &Value) -> Value {
    let mut result = result.clone();
    let warnings = result.get_mut("warnings").and_then(Value::as_array_mut).into_iter().flatten();
    for text in warnings.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        if let Value::String(text) = text {
            *text = with_flags(text);
        }
    }
    result
}

/// Prints one JSON line of `--output json`, before the result.
pub(crate) fn event(json: &Value) {
    // A closed pipe does not end a wait: the exit code still shows the result.
    let _ = writeln!(io::stdout().lock(), "{}", json_line(json)).and_then(|()| io::stdout().flush());
}

/// Prints a line to standard error, with flags for the parameters that the library names in it.
pub(crate) fn message(line: &str) {
    clear();
    // Nobody is left to tell where standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{}", lines(&with_flags(line)));
}

/// Prints a line of `--debug` to standard error.
pub(crate) fn debug(line: &str) {
    message(&format!("{} debug: {line}", date_ms(Clock::start().now_ms())));
}

/// Prints a line to standard error if it is a terminal: advice for the person in front of it.
pub(crate) fn on_terminal(line: &str) {
    if io::stderr().is_terminal() {
        message(line);
    }
}

/// Prints findings that do not end the run to standard error: `warning: CODE: message`, and its hint on the next line.
pub(crate) fn warnings(findings: &[Finding]) {
    for finding in findings.iter().take(MOST_SHOWN) {
        message(&format!("{}: {}", finding.severity.name(), finding.report()));
    }
    if findings.len() > MOST_SHOWN {
        message(&format!("warning: {} more warnings are not shown", findings.len() - MOST_SHOWN));
    }
}

/// Prints what was left out of a task definition, if anything.
pub(crate) fn left_out(task_definition: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    message(&format!("left out of {}: {}", shown(task_definition), first(names, MOST_SHOWN)));
}

/// Prints what `--help` or `--version` asked for, styled by clap as the terminal allows.
pub(crate) fn help(help: &clap::Error) -> ExitCode {
    match help.print() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => self::error(&closed(&error), Output::Text),
        _ => ExitCode::from(exit::DONE),
    }
}

/// The size of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Screen {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

/// The terminal behind standard error as it is now, if lines can be drawn over there.
///
/// Not if `TERM` is empty or names a terminal without escape sequences, as in the logs of some CI systems.
#[expect(clippy::disallowed_methods, reason = "the kind of the terminal stands in the environment")]
pub(crate) fn screen() -> Option<Screen> {
    let kind = std::env::var("TERM").unwrap_or_default();
    if kind.is_empty() || kind == "dumb" || !io::stderr().is_terminal() {
        return None;
    }
    let size = terminal_size::terminal_size_of(io::stderr());
    Some(size.map_or(UNKNOWN, |(width, height)| Screen { columns: width.0.into(), rows: height.0.into() }))
}

/// A terminal that does not say its size.
const UNKNOWN: Screen = Screen { columns: 80, rows: 24 };

/// How many lines at the end of the terminal are drawn and not printed.
static DRAWN: AtomicUsize = AtomicUsize::new(0);

/// Draws lines over those drawn before. Whatever is printed next takes their place.
pub(crate) fn draw(lines: &[String]) {
    let before = DRAWN.swap(lines.len(), Ordering::Relaxed);
    if before > 0 || !lines.is_empty() {
        draw_over(before, lines);
    }
}

/// Takes the drawn lines away, if there are any.
pub(crate) fn clear() {
    draw(&[]);
}

/// The cursor is at the end of the last of the lines `before`.
fn draw_over(before: usize, lines: &[String]) {
    // To the first of them, and away with the rest of the screen.
    let up = if before > 1 { format!("\r\u{1b}[{}A\u{1b}[J", before - 1) } else { "\r\u{1b}[2K".to_owned() };
    // At once: a terminal may show any half of it.
    let drawn = format!("{up}{}", lines.join("\n"));
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(drawn.as_bytes()).and_then(|()| stderr.flush());
}
