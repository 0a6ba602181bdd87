//! SIGTERM, SIGINT and SIGHUP while the disk, a pipe or a reader keeps the program waiting.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::folder::Folder;

const SIGNALS: [(&str, i32); 3] = [("TERM", 143), ("INT", 130), ("HUP", 143)];

/// What reads a pipe that nobody writes to.
const READS_A_PIPE: [&[&str]; 6] = [
    &["generate", "--artifact", "a.zip", "--task-definition-file", "pipe"],
    &["generate", "--artifact", "a.zip", "--config", "pipe"],
    &["generate", "--artifact", "a.zip", "--taskdef-template", "pipe", "--output", "json"],
    &["upload", "pipe", "--to", "s3://bucket/key"],
    &["deploy", "--service", "main/web", "--appspec", "pipe"],
    &["deploy", "--service", "main/web", "--artifact", "./", "--appspec-path", "pipe"],
];

fn with_pipe() -> Folder {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    folder
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "SIG{name} to {process}");
}

/// Sends a signal to a process, and waits for the end of the child: how it ended, and standard error.
fn end(mut child: Child, process: u32, name: &str) -> (ExitStatus, String) {
    let sent = Instant::now();
    signal(name, process);
    let end = loop {
        if let Some(end) = child.try_wait().unwrap() {
            break end;
        }
        assert!(sent.elapsed() < Duration::from_secs(1), "SIG{name} did not end it within a second");
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (end, stderr)
}

fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until the program that the child is, or that it becomes, handles signals, and then until it waits for its input.
fn handles_signals(process: u32) {
    until("no handlers", || obeys(process));
    // From there to the pipe it takes a few milliseconds.
    std::thread::sleep(Duration::from_millis(300));
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what} after 20 s");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether the process has a handler for SIGTERM, and handles or ignores SIGINT and SIGHUP (`nohup`).
fn obeys(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mask = |name: &str| {
        let text = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        u64::from_str_radix(text.trim(), 16).unwrap_or_default()
    };
    let (caught, ignored) = (mask("SigCgt:"), mask("SigIgn:"));
    let (hup, int, term) = (1, 1 << 1, 1 << 14);
    caught & term != 0 && (caught | ignored) & (hup | int) == hup | int
}

#[test]
fn a_pipe_without_a_writer_keeps_no_signal_waiting() {
    let folder = with_pipe();
    for args in READS_A_PIPE {
        for (name, code) in SIGNALS {
            let child = start(&mut folder.command(args));
            let process = child.id();
            handles_signals(process);
            let (end, stderr) = end(child, process, name);
            assert_eq!(end.code(), Some(code), "{args:?} SIG{name}: {stderr}");
            let last = format!("SIG{name}: nothing was started in AWS");
            assert_eq!(stderr.lines().last(), Some(last.as_str()), "{args:?}: {stderr}");
        }
    }
    assert_eq!(folder.names(), ["pipe", "web.json"]);
}

#[test]
fn a_signal_is_told_in_json_too() {
    let folder = with_pipe();
    let child = folder.command(READS_A_PIPE[2]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    handles_signals(child.id());
    signal("HUP", child.id());
    let output = child.wait_with_output().unwrap();
    expect_test::expect![[r#"
        exit 143
        --- stdout
        {"aborted":"SIGHUP","exit_code":143,"outcome":"nothing was started in AWS","deployment":null}
    "#]]
    .assert_eq(&folder.seen(&output));
}

/// The default actions of signals do not exist for process 1.
#[test]
fn process_1_of_a_container_obeys() {
    let unshare = |command: &mut Command| {
        command.args(["--user", "--map-root-user", "--pid", "--fork"]).stdin(Stdio::null());
    };
    let mut trial = Command::new("unshare");
    unshare(&mut trial);
    if !trial.arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "SKIPPED for want of process namespaces");
        return;
    }
    let folder = with_pipe();
    for (name, code) in SIGNALS {
        let mut command = Command::new("unshare");
        unshare(&mut command);
        command.arg(env!("CARGO_BIN_EXE_codedeploy-artifact")).args(READS_A_PIPE[0]).current_dir(folder.path());
        let child = start(&mut command);
        let children = format!("/proc/{0}/task/{0}/children", child.id());
        let mut process = 0;
        until("no child", || {
            process = std::fs::read_to_string(&children).unwrap_or_default().trim().parse().unwrap_or_default();
            process != 0
        });
        handles_signals(process);
        let (end, stderr) = end(child, process, name);
        assert_eq!(end.code(), Some(code), "SIG{name}: {stderr}");
    }
}

#[test]
fn a_reader_that_does_not_read_keeps_no_signal_waiting() {
    let folder = Folder::new();
    // More than a pipe holds.
    let long = folder.text("web.json").replace("\"prod\"", &format!("\"{}\"", "x".repeat(200_000)));
    folder.write("long.json", long);
    for (name, code) in SIGNALS {
        let args = ["generate", "--task-definition-file", "long.json", "--artifact", "a.zip", "--print"];
        let mut child = start(&mut folder.command(&args));
        let process = child.id();
        // With the first byte of the output the work is done; nobody reads the rest.
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        let (end, stderr) = end(child, process, name);
        assert_eq!(end.code(), Some(code), "SIG{name}: {stderr}");
        let last = format!("SIG{name}: the command had finished, but its output may be incomplete");
        assert!(stderr.lines().last().is_some_and(|line| line.starts_with(&last)), "{stderr}");
    }
}

#[test]
fn a_signal_at_any_moment_of_a_write_leaves_no_temporary_file() {
    let folder = Folder::new();
    let long = folder.text("web.json").replace("\"prod\"", &format!("\"{}\"", "x".repeat(200_000)));
    folder.write("long.json", long);
    folder.write("made/appspec.yml", "old");
    folder.write("made/taskdef.json", "old");
    for round in 0..60 {
        let args = ["generate", "--task-definition-file", "long.json", "--artifact", "made"];
        let mut child = folder.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(2_000 + round * 500));
        signal("TERM", child.id());
        let end = child.wait().unwrap();
        // In the first moments the system ends it.
        assert!(matches!(end.code(), Some(0 | 143) | None), "{round}: {end}");
        let made: Vec<_> = std::fs::read_dir(folder.path().join("made")).unwrap().map(|it| it.unwrap()).collect();
        assert_eq!(made.len(), 2, "{round}: {made:?}");
        let old = ["made/appspec.yml", "made/taskdef.json"].map(|name| folder.text(name) == "old");
        assert_eq!(old[0], old[1], "{round}: one of the files is new, and one is old");
        folder.write("made/appspec.yml", "old");
        folder.write("made/taskdef.json", "old");
    }
}

#[test]
fn nohup_keeps_its_meaning() {
    let folder = with_pipe();
    let mut nohup = Command::new("nohup");
    nohup.arg(env!("CARGO_BIN_EXE_codedeploy-artifact")).args(READS_A_PIPE[0]).current_dir(folder.path());
    let mut child = start(nohup.stdin(Stdio::null()));
    handles_signals(child.id());
    signal("HUP", child.id());
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "SIGHUP ended it");
    let process = child.id();
    let (end, stderr) = end(child, process, "TERM");
    assert_eq!(end.code(), Some(143), "{stderr}");
}
