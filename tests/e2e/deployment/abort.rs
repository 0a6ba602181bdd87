//! Aborted builds: SIGTERM and SIGINT at any time.

use std::time::Instant;

use super::*;

/// Sends a signal after so long; the exit code, the time it took, and the last line of standard error.
fn aborted(stage: &Stage, more: &[&str], signal: &str, after: Duration) -> (i32, Duration, String) {
    let running = Run::new(stage.deploy_args(more)).environment(stage.environment()).start();
    std::thread::sleep(after);
    let sent = Instant::now();
    running.signal(signal);
    let output = running.wait();
    let last = output.stderr.lines().last().unwrap_or_default().to_owned();
    (output.code, sent.elapsed(), last)
}

/// The deployment in the fake runs on real time here: an abort has one real second.
fn slow() -> Stage {
    let stage = Stage::new(group().termination_wait(600));
    stage.aws.clock().speed(1.0);
    stage
}

fn environment_of_real_time(stage: &Stage) -> Environment {
    stage.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE")
}

#[test]
fn an_abort_at_any_moment_stops_once_and_leaves_within_a_second() {
    for round in 0..50_u64 {
        let stage = slow();
        let running = Run::new(stage.deploy_args(&[])).environment(environment_of_real_time(&stage)).start();
        running.handles_signals();
        std::thread::sleep(Duration::from_millis(round * 37 % 600));
        let sent = Instant::now();
        running.signal("TERM");
        let output = running.wait();
        let took = sent.elapsed();
        assert_eq!(output.code, 143, "{round}: {}", output.stderr);
        assert!(took < Duration::from_secs(1), "{round}: {took:?}");
        let stops = stage.aws.calls("codedeploy:StopDeployment");
        assert!(stops.len() <= 1, "{round}: {} stops", stops.len());
        if let Some(deployment) = stage.aws.deployments().first() {
            let id = deployment["deploymentId"].as_str().unwrap_or_default().to_owned();
            assert_eq!(output.stderr.lines().last(), Some(id.as_str()), "{round}: {}", output.stderr);
            assert_eq!(stops.len(), 1, "{round}: a deployment was left running: {}", output.stderr);
            assert_eq!(stops[0].json()["autoRollbackEnabled"], true, "{round}");
        }
    }
}

/// A wait knows its deployment from the command line, whatever AWS has told by then.
#[test]
fn a_wait_that_is_aborted_at_its_start_names_its_deployment() {
    let stage = slow();
    stage.aws.set_latency(Duration::from_secs(5));
    let args = ["wait", "d-ABCDEFGHI", "--role-arn", "arn:aws:iam::111111111111:role/x", "--on-abort", "stop"];
    let running = Run::new(args).environment(environment_of_real_time(&stage)).start();
    std::thread::sleep(Duration::from_millis(500));
    running.signal("TERM");
    let output = running.wait();
    assert_eq!(output.code, 143, "{}", output.stderr);
    assert!(output.stderr.contains("SIGTERM: nothing was started in AWS; stop deployment d-ABCDEFGHI with `codedeploy-artifact stop d-ABCDEFGHI`"), "{}", output.stderr);
    assert_eq!(output.stderr.lines().last(), Some("d-ABCDEFGHI"));
}

#[test]
fn an_abort_can_leave_the_deployment_alone() {
    let stage = slow();
    let (code, _, last) = aborted(&stage, &["--on-abort", "leave"], "INT", Duration::from_millis(1_500));
    assert_eq!(code, 130);
    assert!(last.starts_with("d-"), "{last}");
    assert_eq!(stage.count("codedeploy:StopDeployment"), 0);
}
