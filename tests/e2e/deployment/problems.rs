//! Problems are reported while they occur, each reason once, and take precedence over general advice at the end.

use std::time::Instant;

use e2e::fake_aws::codedeploy::Stop;

use super::*;

const IMAGE: &str = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:7";

fn stopping(stops: Vec<Stop>) -> Stage {
    Stage::playing(group(), Scenario::TasksStop(stops))
}

fn lines<'a>(output: &'a Output, part: &str) -> Vec<&'a str> {
    output.stderr.lines().filter(|line| line.contains(part)).collect()
}

#[test]
fn a_reason_is_said_once_during_the_wait_and_decides_the_next_step() {
    let stage = stopping(vec![Stop::cannot_pull(IMAGE)]);
    let output = stage.deploy(&["--timeout", "20m", "--output", "json"]);
    assert_eq!(output.code, 13, "{}", output.stderr);
    let said = lines(&output, "problem: green task ");
    assert_eq!(said.len(), 1, "{}", output.stderr);
    assert!(said[0].contains(" stopped: CannotPullContainerError: pull image manifest"), "{said:?}");
    let events: Vec<Value> = output.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let problems: Vec<&Value> = events.iter().filter(|event| event["event"] == "problem").collect();
    let of = |source: &str| problems.iter().filter(|problem| problem["source"] == source).count();
    assert_eq!((of("stopped-task"), of("service-event")), (1, 1), "{problems:?}");
    let beats: Vec<&str> = lines(&output, " still InProgress");
    assert!(beats.last().is_some_and(|beat| beat.contains("; problem: CannotPull")), "{beats:?}");
    let result = &last(&output)["why"];
    let next = result["next_step"].as_str().unwrap_or_default();
    assert!(next.contains(IMAGE) && next.contains("image in the task definition"), "{next}");
    assert!(next.contains("codedeploy-artifact stop d-"), "{next}");
    assert!(!result["evidence"]["stopped_tasks"].as_array().expect("tasks").is_empty());
    // At a modest pace.
    assert!((5..60).contains(&stage.count("ecs:ListTasks")), "{} looks", stage.count("ecs:ListTasks"));
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn reasons_that_change_are_each_said_and_the_newest_decides() {
    let oom = Stop::exited(137, Some("OutOfMemoryError: Container killed due to memory usage"));
    let secrets = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval \
                   failed: unable to retrieve secret from asm";
    let secrets = Stop { code: "TaskFailedToStart", reason: secrets.to_owned(), container: (None, None) };
    let pull = Stop::cannot_pull(IMAGE);
    let stage = stopping(vec![pull.clone(), pull.clone(), pull, secrets.clone(), secrets, oom]);
    let output = stage.deploy(&["--timeout", "30m"]);
    assert_eq!(output.code, 13, "{}", output.stderr);
    let said = lines(&output, "problem: green task ");
    assert_eq!(said.len(), 3, "{said:?}");
    for (line, part) in said.iter().zip(["CannotPull", "ResourceInitialization", "exit code 137: OutOfMemoryError"]) {
        assert!(line.contains(part), "{line}");
    }
    assert!(output.stderr.contains("next: give the container more memory"), "{}", output.stderr);
}

#[test]
fn unhealthy_targets_are_told_and_stay_in_the_report_when_they_are_gone() {
    let stage = Stage::playing(group(), Scenario::UnhealthyTargets);
    let output = stage.deploy(&["--output", "json"]);
    assert_eq!(output.code, 10, "{}", output.stderr);
    assert_eq!(lines(&output, "problem: target ").len(), 1, "{}", output.stderr);
    assert!(output.stderr.contains("Health checks failed with these codes: [503]"), "{}", output.stderr);
    let evidence = last(&output)["why"]["evidence"].clone();
    assert!(evidence.to_string().contains("Target.ResponseCodeMismatch"), "{evidence}");
    assert!(evidence["service_events"].to_string().contains("is unhealthy in"), "{evidence}");
}

#[test]
fn a_missing_permission_is_said_once() {
    let mut stage = stopping(vec![Stop::cannot_pull(IMAGE)]);
    let may = ["codedeploy:*", "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "cloudwatch:*"];
    stage.keys = stage.aws.session(ACCOUNT, "reader", &may);
    let output = stage.deploy(&["--timeout", "25m"]);
    assert_eq!(output.code, 13, "{}", output.stderr);
    for (what, action) in [("stopped tasks", "ecs:ListTasks"), ("target health", "elasticloadbalancing:Describe")] {
        let said = lines(&output, &format!("could not check {what}: "));
        assert_eq!(said.len(), 1, "{}", output.stderr);
        assert!(said[0].contains(action), "{said:?}");
    }
    assert_eq!(lines(&output, "problem: ECS service event: ").len(), 1, "{}", output.stderr);
    assert!(stage.count("ecs:ListTasks") <= 5, "{}", stage.count("ecs:ListTasks"));
}

#[test]
fn a_look_up_that_hangs_delays_neither_the_polls_nor_the_other_look_ups() {
    let stage = stopping(vec![Stop::cannot_pull(IMAGE)]);
    stage.aws.fail_always("elasticloadbalancing:*", Fault::Hang);
    let output = stage.deploy(&["--timeout", "20m"]);
    assert_eq!(output.code, 13, "{}", output.stderr);
    assert_eq!(lines(&output, "problem: green task ").len(), 1, "{}", output.stderr);
    // A poll that waited for a look-up would take ten real seconds, more than an hour of this clock.
    assert!(stage.count("codedeploy:GetDeployment") >= 6, "{} polls", stage.count("codedeploy:GetDeployment"));
}

#[test]
fn an_abort_does_not_wait_for_look_ups() {
    let stage = stopping(vec![Stop::cannot_pull(IMAGE)]);
    stage.aws.clock().speed(1.0);
    let environment = stage.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE");
    let id = stage.created(&[]);
    stage.aws.clock().advance(Duration::from_mins(2));
    for action in ["elasticloadbalancing:*", "ecs:*"] {
        stage.aws.fail_always(action, Fault::Hang);
    }
    let running = Run::new(["wait", &id, "--on-abort", "stop"]).environment(environment).start();
    let begun = Instant::now();
    while stage.count("ecs:ListTasks") == 0 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let sent = Instant::now();
    running.signal("TERM");
    let output = running.wait();
    assert_eq!(output.code, 143, "{}", output.stderr);
    assert!(sent.elapsed() < Duration::from_secs(1), "{:?}", sent.elapsed());
    assert!(stage.count("ecs:ListTasks") > 0);
    assert_eq!(stage.count("codedeploy:StopDeployment"), 1);
}

#[test]
fn a_success_without_tasks_is_noted() {
    let stage = Stage::playing(group(), Scenario::SucceedsWithoutTasks);
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(
        output.text().contains("note: CodeDeploy reports 0 of 2 tasks of the green task set running"),
        "{}",
        output.text()
    );
    let id = stage.aws.deployments()[0]["deploymentId"].as_str().expect("an id").to_owned();
    let waited = stage.run(&["wait", &id, "--output", "json"]);
    assert_eq!(last(&waited)["notes"].as_array().map(Vec::len), Some(1), "{}", waited.text());
    let good = Stage::new(group()).deploy(&["--output", "json"]);
    assert_eq!(last(&good)["notes"].as_array().map(Vec::len), Some(0), "{}", good.text());
}
