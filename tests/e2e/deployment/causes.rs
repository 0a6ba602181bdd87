//! Ten failures as AWS reports them: the first line of the report names the cause, and the evidence for it is there.

use e2e::fake_aws::{
    codedeploy::{Check, Stop},
    logs::Written,
};
use serde_json::json;

use super::*;

const GROUP: &str = "/ecs/app";
const IMAGE: &str = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:7";
const SECRET: &str = "hunter2-of-the-database";

/// One failure: what happens, what the container logs, and what the report says.
struct Row {
    group: Group,
    scenario: Scenario,
    logs: &'static [&'static str],
    kind: &'static str,
    first_line: &'static str,
    evidence: &'static str,
    next: &'static str,
}

impl Row {
    fn new(scenario: Scenario, kind: &'static str, first_line: &'static str) -> Row {
        Row { group: group(), scenario, logs: &[], kind, first_line, evidence: "", next: "" }
    }

    fn of_tasks(code: &'static str, reason: &str, exit: Option<(i32, Option<&str>)>, kind: &'static str) -> Row {
        let container = (exit.map(|(code, _)| code), exit.and_then(|(_, reason)| reason).map(str::to_owned));
        let stop = Stop { code, reason: reason.to_owned(), container };
        Row::new(Scenario::TasksStop(vec![stop]), kind, "")
    }
}

/// Plays a failure, and returns the messages and the failure block as JSON.
fn played(row: &Row) -> (Stage, String, Value) {
    let stage = Stage::playing(row.group.clone(), row.scenario.clone());
    let mut revision = version(2, "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:7");
    revision["taskDefinition"]["containerDefinitions"][0]["environment"] = json!([{"name": "DB", "value": SECRET}]);
    stage.aws.add_task_definition(&revision.to_string());
    if !row.logs.is_empty() {
        stage.aws.add_log(GROUP, "app/app/*", Written::Lately, row.logs);
    }
    let mut appspec = samples::appspec(&arn(2));
    appspec["Hooks"] = json!([{"AfterInstall": "smoke-test"}]);
    stage.aws.add_log(
        "/aws/lambda/smoke-test",
        "2026/01/01/[$LATEST]0",
        Written::At(1),
        &["START RequestId: 0", "AssertionError: an old one"],
    );
    stage.aws.add_log(
        "/aws/lambda/smoke-test",
        "2026/01/01/[$LATEST]1",
        Written::During("AfterInstall"),
        &[
            "START RequestId: 1 Version: 1",
            "of another deployment",
            "END RequestId: 1",
            "START RequestId: 2 Version: 1",
            r#"{"DeploymentId": "{deployment}", "LifecycleEventHookExecutionId": "eyJlbmNyeXB0ZWREYXRhIjoiMTIzNDU2Nzg5MCJ9.eyJ.x"}"#,
            "GET https://tester:hunter3@test.example.com/health 502",
            "AssertionError: expected 200, got 502",
            "END RequestId: 2",
        ],
    );
    stage.scratch.write("appspec.json", appspec.to_string());
    let output = stage.deploy(&[
        "--output",
        "json",
        "--logs",
        "8",
        "--report",
        &stage.scratch.path().join("r.md").display().to_string(),
        "--report",
        &stage.scratch.path().join("r.html").display().to_string(),
        "--report",
        &stage.scratch.path().join("r.xml").display().to_string(),
    ]);
    assert_ne!(output.code, 0, "{}", output.stderr);
    let result = last(&output)["why"].clone();
    let stderr = output.stderr.clone();
    (stage, stderr, result)
}

fn check(row: &Row) {
    let (stage, said, why) = played(row);
    let first = said.lines().find(|line| line.contains("; probable cause: ")).unwrap_or_default();
    assert!(first.contains(row.first_line), "{} in {first:?}\n{said}", row.first_line);
    let causes = why["causes"].as_array().expect("causes");
    assert_eq!(causes[0]["kind"], row.kind, "{causes:#?}");
    assert!(causes[0]["evidence"].to_string().contains(row.evidence), "{} in {causes:#?}", row.evidence);
    assert!(why["next_step"].as_str().expect("a step").contains(row.next), "{} in {}", row.next, why["next_step"]);
    assert_eq!(why["next_step"], causes[0]["next_step"]);
    for (report, marker) in [("r.html", "Probable cause"), ("r.md", "probable cause"), ("r.xml", "probable cause")] {
        let report = std::fs::read_to_string(stage.scratch.path().join(report)).expect("a report");
        assert!(report.contains(marker) && report.contains(row.first_line), "{report}");
        assert!(!report.contains(SECRET), "{report}");
    }
    for secret in [SECRET, "hunter3"] {
        assert!(!said.contains(secret) && !why.to_string().contains(secret), "{said}");
    }
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn an_image_that_is_missing() {
    let cause = "image not found: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:7";
    let row = Row::new(Scenario::TasksStop(vec![Stop::cannot_pull(IMAGE)]), "image-not-found", cause);
    check(&Row { evidence: "CannotPullContainerError", next: "push the image", ..row });
}

#[test]
fn an_image_for_another_architecture() {
    let reason = "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain \
                  descriptor matching platform 'linux/amd64'";
    let row = Row::of_tasks("TaskFailedToStart", reason, None, "architecture");
    check(&Row { first_line: "image for another CPU architecture", next: "runtimePlatform", ..row });
    // On AWS Fargate only the log tells it.
    let row = Row::of_tasks(
        "EssentialContainerExited",
        "Essential container in task exited",
        Some((1, None)),
        "architecture",
    );
    check(&Row {
        logs: &["exec /usr/local/bin/app: exec format error"],
        first_line: "image for another CPU architecture: container app",
        evidence: "exec format error",
        next: "runtimePlatform",
        ..row
    });
}

#[test]
fn a_crash_on_start_with_its_log() {
    let row = Row::of_tasks("EssentialContainerExited", "Essential container in task exited", Some((3, None)), "crash");
    check(&Row {
        logs: &["booting", "connecting to hunter2-of-the-database", "Error: no such table shop", "bye"],
        first_line: "container exits: container app with exit code 3",
        evidence: "log of container app: Error: no such table shop",
        next: "log of the container",
        ..row
    });
}

#[test]
fn a_health_check_path() {
    let row = Row::new(
        Scenario::FailsChecks(Check::Code(404)),
        "health-check",
        "health check fails: Health checks failed with these codes: [404]",
    );
    check(&Row { evidence: "Target.ResponseCodeMismatch", next: "path and matcher", ..row });
}

#[test]
fn a_security_group() {
    let row = Row::new(Scenario::FailsChecks(Check::Timeout), "unreachable", "load balancer cannot reach the tasks");
    check(&Row { evidence: "Target.Timeout", next: "security group of the tasks", ..row });
}

#[test]
fn a_secret_that_is_denied() {
    let reason = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: \
                  unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret \
                  arn:aws:secretsmanager:eu-west-1:111111111111:secret:db from secrets manager: AccessDeniedException: User: \
                  arn:aws:sts::111111111111:assumed-role/app-execution/t is not authorized to perform: \
                  secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111111111111:secret:db because no \
                  identity-based policy allows the secretsmanager:GetSecretValue action status code: 400";
    let row = Row::of_tasks("TaskFailedToStart", reason, None, "secret");
    check(&Row {
        first_line: "secret cannot be read: secretsmanager:GetSecretValue",
        evidence: "ResourceInitializationError",
        next: "allow secretsmanager:GetSecretValue",
        ..row
    });
}

#[test]
fn too_little_memory() {
    let reason = Some("OutOfMemoryError: Container killed due to memory usage");
    let row = Row::of_tasks(
        "EssentialContainerExited",
        "Essential container in task exited",
        Some((137, reason)),
        "out-of-memory",
    );
    check(&Row { first_line: "out of memory: container app", evidence: "exit code 137", next: "more memory", ..row });
}

#[test]
fn a_hook_whose_assertion_fails_with_the_log_of_its_invocation() {
    let row = Row::new(Scenario::HookFails("AfterInstall"), "hook", "hook function failed: smoke-test (AfterInstall)");
    let row =
        Row { evidence: "AssertionError: expected 200, got 502", next: "log group /aws/lambda/smoke-test", ..row };
    check(&row);
    let (_, said, why) = played(&row);
    let logs = why["evidence"]["logs"].to_string();
    assert!(logs.contains("https://***@test.example.com"), "{logs}");
    assert!(!logs.contains("another deployment") && !logs.contains("an old one"), "{logs}");
    assert!(said.contains("log of hook function smoke-test (log group /aws/lambda/smoke-test)"), "{said}");
}

#[test]
fn a_hook_that_is_our_gate_with_the_line_that_says_what_failed() {
    let (deployment, log) = crate::gate::failed();
    let stage = Stage::playing(group(), Scenario::HookFails("AfterInstall"));
    let mut appspec = samples::appspec(&arn(2));
    appspec["Hooks"] = json!([{"AfterInstall": "gate"}]);
    stage.scratch.write("appspec.json", appspec.to_string());
    let log = log.replace(&deployment, "{deployment}");
    let own: Vec<&str> = log.lines().collect();
    // What AWS Lambda itself writes around it.
    let begin = ["START RequestId: 7 Version: 1"];
    let end = ["END RequestId: 7", "REPORT RequestId: 7\tDuration: 12.00 ms\tMax Memory Used: 20 MB"];
    stage.aws.add_log("/aws/lambda/gate", "s", Written::During("AfterInstall"), &[&begin[..], &own, &end].concat());
    let output = stage.deploy(&["--output", "json", "--logs", "20"]);
    let cause = &last(&output)["why"]["causes"][0];
    assert_eq!(cause["kind"], "hook", "{}", output.stderr);
    let evidence = cause["evidence"].to_string();
    for part in ["GAT10: http://127.0.0.1:", "GET /error: status 500 instead of 200"] {
        assert!(evidence.contains(part), "{part}: {evidence}");
    }
}

#[test]
fn an_alarm_with_its_data_points() {
    let row = Row::new(Scenario::AlarmAt(50), "alarm", "alarm fired: latency-p99");
    let group = group().config(LINEAR).alarms(&["latency-p99"]);
    check(&Row {
        group,
        evidence: "Sum 12.0 at 2026-01-01T00:01:00.000+0000; threshold 1.0",
        next: "look at latency-p99",
        ..row
    });
}

#[test]
fn no_capacity() {
    let row = Row::new(Scenario::NoCapacity, "capacity", "no capacity");
    check(&Row { evidence: "unable to place a task", next: "capacity provider", ..row });
}

/// Two at once: the tasks crash, and an alarm notices it.
#[test]
fn the_root_ranks_before_its_consequence() {
    let group = group().alarms(&["errors"]);
    let stage = Stage::playing(group, Scenario::TasksStop(vec![Stop::exited(3, None)]));
    let running = Run::new(stage.deploy_args(&["--output", "json"])).environment(stage.environment()).start();
    let begun = std::time::Instant::now();
    while stage.count("ecs:DescribeTasks") < 2 && begun.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(20));
    }
    stage.aws.set_alarm("errors", "ALARM");
    let output = running.wait();
    assert_eq!(output.code, 10, "{}", output.stderr);
    let why = last(&output)["why"].clone();
    let causes = why["causes"].as_array().expect("causes");
    let kinds: Vec<&str> = causes.iter().filter_map(|cause| cause["kind"].as_str()).collect();
    assert_eq!(kinds, ["crash", "alarm"], "{}", output.stderr);
    assert!(output.stderr.contains("causes, the most probable first:\n    1. container exits"), "{}", output.stderr);
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn who_deployed_what_before_and_what_the_registry_has() {
    let stage = Stage::new(group());
    assert_eq!(stage.deploy(&["--description", "the good one"]).code, 0);
    let reason = Stop { container: (Some(3), None), ..Stop::exited(3, None) };
    stage.aws.set_scenario("shop", "web", Scenario::TasksStop(vec![reason]));
    stage.aws.add_task_definition(&version(2, IMAGE).to_string());
    stage.aws.add_resource(ACCOUNT, "ecr", "shop:7", json!({"schemaVersion": 2}));
    let output = stage.deploy(&["--output", "json"]);
    let evidence = last(&output)["why"]["evidence"].clone();
    let earlier = evidence["earlier_deployments"].as_array().expect("deployments");
    assert_eq!((earlier.len(), &earlier[0]["creator"]), (1, &json!("user")), "{evidence}");
    assert!(earlier[0]["description"].to_string().contains("the good one"), "{evidence}");
    let image = &evidence["images"][0];
    assert_eq!((&image["image"], &image["pushed_at"]), (&json!(IMAGE), &json!("2026-01-01T00:00:00Z")), "{evidence}");
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn a_log_that_may_not_be_read_is_named_with_its_permission() {
    let stop = Stop::exited(3, None);
    let mut stage = Stage::playing(group(), Scenario::TasksStop(vec![stop]));
    stage.aws.add_log(GROUP, "app/app/*", Written::Lately, &["never shown"]);
    stage.keys =
        stage.aws.session(ACCOUNT, "reader", &["codedeploy:*", "ecs:*", "elasticloadbalancing:*", "cloudwatch:*"]);
    let output = stage.deploy(&[]);
    let skipped: Vec<&str> = output.stderr.lines().filter(|line| line.contains("log of container app: ")).collect();
    assert_eq!(skipped.len(), 1, "{}", output.stderr);
    assert!(skipped[0].contains("logs:GetLogEvents"), "{skipped:?}");
    assert!(output.stderr.contains("probable cause: container exits"), "{}", output.stderr);
    assert_eq!(output.code, 10, "{}", output.stderr);
}

#[test]
fn without_a_failure_and_with_logs_0_no_log_is_read() {
    let good = Stage::new(group());
    assert_eq!(good.deploy(&[]).code, 0);
    assert_eq!((good.count("logs:*"), good.count("ecr:*"), good.count("lambda:*")), (0, 0, 0));
    let bad = Stage::playing(group(), Scenario::TasksStop(vec![Stop::exited(3, None)]));
    bad.deploy(&["--logs", "0"]);
    assert_eq!(bad.count("logs:*"), 0);
}

#[test]
fn look_ups_that_hang_end_together() {
    let stage = Stage::playing(group(), Scenario::TasksStop(vec![Stop::exited(3, None)]));
    for action in ["logs:*", "ecr:*", "cloudwatch:*"] {
        stage.aws.fail_always(action, Fault::Hang);
    }
    let begun = std::time::Instant::now();
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 10, "{}", output.stderr);
    assert!(begun.elapsed() < Duration::from_secs(45), "{:?}", begun.elapsed());
    assert!(output.stderr.contains("log of container app: the request timed out"), "{}", output.stderr);
}
