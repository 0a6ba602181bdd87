//! The pages of `--report FILE.html` as the program writes them. Here their texts and sizes are checked; `.ci/run browser` names a
//! folder for them in `PAGES_FOLDER`, and opens each in a browser.

use std::path::PathBuf;

use e2e::{
    fake_aws::{codedeploy::Stop, logs::Written},
    programs,
};
use serde_json::json;

use super::*;

/// Runs a command that waits for a deployment of that stage, and returns its page.
fn page(name: &str, stage: &Stage, run: impl Fn(&[&str]) -> Output, code: i32) -> String {
    // A build of it would take time on the clock of the stage.
    programs::command_line();
    let path = folder().unwrap_or_else(|| stage.scratch.path().to_owned()).join(format!("{name}.html"));
    let output = run(&["--report", &path.display().to_string()]);
    assert_eq!(output.code, code, "{name}: {}", output.stderr);
    std::fs::read_to_string(path).expect("the page")
}

fn folder() -> Option<PathBuf> {
    std::env::var_os("PAGES_FOLDER").map(PathBuf::from)
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "no {part} in {page}");
    }
}

#[test]
fn of_a_success() {
    let stage = Stage::new(group().config(LINEAR));
    let described = |more: &[&str]| stage.deploy(&[&["--description", "release 1.6"], more].concat());
    let page = page("success", &stage, described, 0);
    has(&page, &["succeeded</h1>", "<dd>the new version</dd>", "Traffic</text>", "<dd>release 1.6</dd>"]);
}

#[test]
fn of_a_failure() {
    let stop = Stop::exited(3, Some("OutOfMemoryError: container killed due to memory usage"));
    let stage = Stage::playing(group().rolling_back_on(&[]), Scenario::TasksStop(vec![stop]));
    let mut revision = version(2, "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:7");
    revision["taskDefinition"]["containerDefinitions"][0]["environment"] = json!([{"name": "DB", "value": "hunter2"}]);
    stage.aws.add_task_definition(&revision.to_string());
    let long = format!("GET /{} 500", "a-long-path/".repeat(20));
    let lines = ["booting", "connecting to hunter2", "<script>alert(1)</script> & \"quotes\"", &long, "out of memory"];
    stage.aws.add_log("/ecs/app", "app/app/*", Written::Lately, &lines);
    let page = page("failure", &stage, |more| stage.deploy(more), 11);
    has(&page, &["<dt>Probable cause</dt>", "out of memory", "<dt>Next step</dt>", "connecting to ***"]);
    // What it changes, and when the container logged what.
    has(
        &page,
        &[
            "<h2>Changes</h2>",
            "repo/web:1 -&gt; ",
            "+ environment DB: (hidden)",
            "Log lines</text>",
            "<td>container app</td><td>booting</td>",
        ],
    );
    assert!(!page.contains("hunter2") && !page.contains("<script"), "{page}");
}

#[test]
fn of_a_rollback() {
    let stage = Stage::playing(group().config(LINEAR).alarms(&["errors"]), Scenario::AlarmAt(50));
    let page = page("rollback", &stage, |more| stage.deploy(more), 10);
    has(
        &page,
        &["<dd>the previous version</dd>", "<dt>Rollback</dt>", "Lifecycle events of the rollback", "<h2>Changes</h2>"],
    );
    has(&page, &["Alarms</text>", "<caption>Alarms that fired</caption>"]);
}

#[test]
fn of_a_stop() {
    let mut stage = Stage::new(group().config(LINEAR).rolling_back_on(&[]));
    let id = stage.created(&[]);
    stage.aws.clock().advance(Duration::from_mins(8));
    // The versions are not compared without a permission, and the page says which one.
    stage.keys = stage.aws.session(ACCOUNT, "stopper", &["codedeploy:*", "ecs:DescribeServices"]);
    let page = page("stop", &stage, |more| stage.run(&[&["stop", &id, "--wait"], more].concat()), 0);
    has(&page, &["stopped, not rolled back</h1>", "<dd>both versions: "]);
    has(&page, &["The versions could not be compared: ", "ecs:DescribeTaskDefinition"]);
}

#[test]
fn of_a_timeout() {
    let stage = Stage::playing(group(), Scenario::UnhealthyTargets);
    let page = page("timeout", &stage, |more| stage.deploy(&[&["--timeout", "10m"], more].concat()), 13);
    has(&page, &["timed out", "health check fails", "the deployment is still in progress"]);
}

/// The task counts of a service that scales change more often than every minute. `.ci/run browser` runs it: it takes half a minute.
#[test]
#[ignore = "half a minute: .ci/run browser"]
fn of_a_day_with_two_thousand_events() {
    const FAST: u32 = 6 * SPEED;
    let stage = Stage::new(group().termination_wait(1_440).scaling_every(Duration::from_secs(40)));
    stage.aws.clock().speed(f64::from(FAST));
    let args = stage.deploy_args(&[]);
    let run = |more: &[&str]| Run::new([&args[..], more].concat()).environment(stage.environment_at(FAST)).run();
    let page = page("day", &stage, run, 0);
    let left_out = page.split_once("<p>").and_then(|(_, rest)| rest.split_once(" events in the middle are left out"));
    let left_out = left_out.and_then(|(before, _)| before.rsplit('>').next()?.parse::<usize>().ok()).unwrap_or(0);
    let events = page.matches("<th scope=\"row\">+").count() + left_out;
    assert!(events >= 2_000, "{events} events, {left_out} of them left out");
    assert!(page.len() < 300_000, "{} bytes", page.len());
}
