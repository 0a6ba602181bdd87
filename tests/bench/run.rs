//! What is measured, with which programs, and the verdict on the limits.
//!
//! It builds the programs for release, which takes some minutes. `FUNCTION_PROGRAM`, `FUNCTION_ZIP`,
//! `EMPTY_HANDLER_PROGRAM`, `SDK_ONLY_PROGRAM` and `COMMAND_LINE_PROGRAM` name ready ones.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use serde_json::{Value, json};

use crate::commands;
use crate::growth;
use crate::jobs;
use crate::limits::{self, Limit};
use crate::peers::{self, Peer};
use crate::round_trips::{self, RoundTrips};
use crate::stage::Stage;
use crate::table::Table;

/// The profile of the function, and of its peers in Rust.
const FUNCTION: &str = "release-abort";

/// How often the limits are measured until all are held.
const ATTEMPTS: usize = 3;

pub(crate) fn run() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => whole(None),
        ["--json", file] => whole(Some(Path::new(file))),
        ["--check"] => check(),
        other => panic!("unknown arguments {other:?}; there are: --check, --json FILE"),
    }
}

/// All tables; the numbers go to a file.
fn whole(json: Option<&Path>) -> ExitCode {
    let command_line = program("release", "step-image", "codedeploy-artifact", "COMMAND_LINE_PROGRAM");
    let sdk_only = program(FUNCTION, "benchmark-peers", "sdk-only", "SDK_ONLY_PROGRAM");
    let Some((stage, mut peers)) = stage_and_peers() else { return ExitCode::FAILURE };
    let Some(sdk_only) = peers::rust(peers::SDK, sdk_only, &stage.scratch) else { return ExitCode::FAILURE };
    peers.push(sdk_only);
    let (limits, mut all) = compare(&peers, &peers, &stage, 15, 7);
    if let Some((table, numbers)) = Stage::new().and_then(|stage| commands::measure(&command_line, &stage, 15)) {
        print!("{table}");
        all["command line"] = numbers;
    }
    let (table, numbers) = growth::measure(&peers[0], &stage);
    print!("{table}");
    all["growth"] = numbers;
    if let Some(file) = json {
        std::fs::write(file, format!("{all:#}\n")).expect("a file for the numbers");
    }
    if verdict(&limits) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The limits, with as few runs as they need, and only those of the function where no peer is in a limit.
fn check() -> ExitCode {
    let Some((stage, mut peers)) = stage_and_peers() else { return ExitCode::FAILURE };
    // What else the machine does can make a limit missed, and never held.
    let held = (0..ATTEMPTS).any(|_| verdict(&compare(&peers, &peers[..1], &stage, 5, 7).0));
    let delayed = [peers::delayed(&peers[0], &stage.scratch), peers.swap_remove(1)];
    let noticed = !start(&delayed, &stage).0.is_held();
    if !noticed {
        println!("A delay of 5 ms before the start was not noticed.");
    }
    if held && noticed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn stage_and_peers() -> Option<(Stage, Vec<Peer>)> {
    let function =
        program(FUNCTION, "generate-codedeploy-artifact", "generate-codedeploy-artifact", "FUNCTION_PROGRAM");
    let empty = program(FUNCTION, "benchmark-peers", "empty-handler", "EMPTY_HANDLER_PROGRAM");
    let stage = Stage::new()?;
    let peers = peers::all(function, empty, &stage.scratch)?;
    Some((stage, peers))
}

/// The function, which is the first, and its peers: near, and those of `far` with a slow network.
fn compare(peers: &[Peer], far: &[Peer], stage: &Stage, rounds: usize, far_rounds: usize) -> (Vec<Limit>, Value) {
    let runs = jobs::compare(peers, stage, rounds, Duration::ZERO);
    let title = format!("The function and its peers, medians of {rounds} runs (quartiles)");
    let columns: Vec<&str> = [""].into_iter().chain(runs[0].figures().map(|(name, _)| name)).collect();
    let mut table = Table::new(&title, &columns);
    for runs in &runs {
        let figures = runs.figures().map(|(_, figure)| figure.to_string());
        table.row([runs.name.to_owned()].into_iter().chain(figures));
    }
    print!("{table}");
    let slow = RoundTrips::measure(far, stage, far_rounds);
    print!("{}", slow.table());
    let (start, handshake) = start(peers, stage);
    let zip = std::env::var_os("FUNCTION_ZIP")
        .map_or(peers[0].package, |zip| std::fs::metadata(zip).expect("a ZIP file").len());
    let numbers: Vec<Value> = runs.iter().map(jobs::Runs::json).collect();
    let numbers = json!({
        "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "peers": numbers, "slow network": slow.json(), "TLS handshake, ms": handshake.as_secs_f64() * 1_000.0,
    });
    (limits::of(&runs, start, &slow, zip), numbers)
}

/// The limit of the start of the first peer, of which the second is the empty handler, and the time of a handshake.
fn start(peers: &[Peer], stage: &Stage) -> (Limit, Duration) {
    let starts = jobs::fastest_starts(&peers[..2], stage, 30);
    let (server, authority) = stage.server();
    let handshake = round_trips::handshake(server, authority);
    (limits::start(&starts, handshake), handshake)
}

/// Prints the limits, and says whether all are held.
fn verdict(limits: &[Limit]) -> bool {
    let mut table = Table::new("Limits", &["", "measured", "limit", ""]);
    for limit in limits {
        table.row(limit.cells());
    }
    print!("{table}");
    limits.iter().all(Limit::is_held)
}

/// A program of this workspace, built by that profile if `variable` does not name it: alone, as it is shipped, without what
/// other programs need.
fn program(profile: &str, package: &str, name: &str, variable: &str) -> PathBuf {
    if let Some(program) = std::env::var_os(variable) {
        return std::path::absolute(program).expect("a path");
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--profile", profile, "--locked", "--message-format=json-render-diagnostics"]);
    command.args(["--package", package, "--bin", name]);
    let output =
        command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).stderr(std::process::Stdio::inherit());
    let output = output.output().expect("cargo");
    assert!(output.status.success(), "cargo build failed");
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut programs = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    programs.next().unwrap_or_else(|| panic!("the workspace builds no program `{name}`"))
}
