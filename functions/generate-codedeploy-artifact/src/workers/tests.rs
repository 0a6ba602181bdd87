use std::os::unix::fs::PermissionsExt;

use codedeploy_core::fault::Kind;
use tempfile::TempDir;

use super::*;

/// A worker that is a shell script: `$line` is the task, the event is left unread.
async fn run(script: &str) -> Result<Made, Failed> {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("worker");
    std::fs::write(&program, format!("#!/bin/sh\nread -r line\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    Workers::start(program).run("{}", 0, Duration::from_secs(2)).await
}

#[tokio::test]
async fn a_worker_that_hangs_is_ended_in_time() {
    let failed = run(r#"echo '{"Stage":"rendering"}'; exec sleep 60"#).await.unwrap_err();
    assert_eq!(failed.kind, Kind::Unavailable);
    assert!(failed.report.starts_with("JOB05: not finished after 2.0 s, while rendering;"), "{}", failed.report);
}

#[tokio::test]
async fn a_worker_that_dies_is_reported_with_its_stage() {
    for (end, said) in [("kill -ABRT $$", "signal: 6 (SIGABRT)"), ("exit 101", "exit status: 101")] {
        let failed = run(&format!(r#"echo '{{"Stage":"rendering"}}'; {end}"#)).await.unwrap_err();
        assert_eq!(failed.kind, Kind::Bug);
        let expect = format!("JOB06: the worker process ended while rendering ({said}");
        assert!(failed.report.starts_with(&expect), "{}", failed.report);
    }
}

/// A script that becomes one of the ignored tests below, in a process of its own.
fn becomes(test: &str) -> String {
    let program = std::env::current_exe().unwrap();
    format!(
        r#"echo '{{"Stage":"rendering"}}'; exec {} --exact workers::tests::{test} --ignored >/dev/null 2>&1"#,
        program.display()
    )
}

#[tokio::test]
async fn work_that_computes_for_ever_is_ended_in_time() {
    let failed = run(&becomes("computes_for_ever")).await.unwrap_err();
    assert!(failed.report.starts_with("JOB05: not finished after 2.0 s, while rendering;"), "{}", failed.report);
}

#[tokio::test]
async fn work_that_allocates_for_ever_ends_itself_and_nothing_else() {
    let failed = run(&becomes("allocates_for_ever")).await.unwrap_err();
    let expect = "JOB06: the worker process ended while rendering (signal: 6 (SIGABRT)";
    assert!(failed.report.starts_with(expect), "{}", failed.report);
}

#[test]
#[ignore = "a process of the test above"]
fn computes_for_ever() {
    while std::hint::black_box(true) {}
}

#[test]
#[ignore = "a process of the test above"]
fn allocates_for_ever() {
    worker::confine().unwrap();
    // Far above the limit, and far below what would hurt this machine if there were none.
    let all: Vec<Vec<u8>> = (0..256).map(|_| vec![1; 1 << 20]).collect();
    assert_eq!(all.len(), 256, "no limit");
}

#[tokio::test]
async fn an_outcome_is_handed_on() {
    let made = run(r#"echo '{"Made":{"output_variables":[["a","b"]],"summary":"web"}}'; read -r line"#).await.unwrap();
    assert_eq!((made.summary.as_str(), made.output_variables.len()), ("web", 1));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_an_outcome_too() {
    let failed = Workers::start("/nowhere".into()).run("{}", 0, Duration::from_secs(2)).await.unwrap_err();
    assert!(failed.report.starts_with("JOB08: "), "{}", failed.report);
}
