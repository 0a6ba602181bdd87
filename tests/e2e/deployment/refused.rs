//! Denials in the middle of a wait, and suspended waits: which of them are final, and when.

use std::{fs, time::Instant};

use e2e::{fake_aws::ecs::Rollout, programs::Running};

use super::*;

fn refusal(code: &str) -> Fault {
    let message = match code {
        "AccessDeniedException" => {
            "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: codedeploy:GetDeployment on resource: \
             arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop/web because no identity-based policy allows the \
             codedeploy:GetDeployment action"
        }
        _ => "planted words of AWS",
    };
    Fault::Refuse { status: 400, code: code.to_owned(), message: message.to_owned() }
}

/// A stage whose credentials stand in a profile; a deployment there waits so many minutes before it ends.
fn with_profile(termination_wait: u64) -> (Stage, Environment) {
    let stage = Stage::new(group().config(LINEAR).termination_wait(termination_wait));
    write_profile(&stage, &stage.keys);
    let environment = stage
        .environment()
        .without("AWS_ACCESS_KEY_ID")
        .without("AWS_SECRET_ACCESS_KEY")
        .without("AWS_SESSION_TOKEN")
        .with("AWS_SHARED_CREDENTIALS_FILE", &stage.scratch.path().join("credentials").display().to_string())
        .with("AWS_PROFILE", "ci");
    (stage, environment)
}

fn write_profile(stage: &Stage, keys: &Credentials) {
    let text = format!(
        "[ci]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        keys.access_key_id, keys.secret_access_key, keys.session_token
    );
    stage.scratch.write("credentials", text);
}

/// Starts a wait, and lets it go well for some polls.
fn going_well(stage: &Stage, environment: &Environment, more: &[&str]) -> Running {
    let id = stage.created(&[]);
    let before = stage.count("codedeploy:GetDeployment");
    let args = [&["wait", &id, "--output", "json"], more].concat();
    let running = Run::new(args).environment(environment.clone()).start();
    let begun = Instant::now();
    while stage.count("codedeploy:GetDeployment") < before + 4 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", running.stderr());
        std::thread::sleep(Duration::from_millis(5));
    }
    running
}

#[test]
fn one_refusal_in_a_wait_that_goes_well_is_asked_again() {
    let check = |code: &str| {
        let (stage, environment) = with_profile(10);
        let running = going_well(&stage, &environment, &[]);
        stage.aws.fail_next("codedeploy:GetDeployment", [refusal(code), refusal(code)]);
        let output = running.wait();
        assert_eq!(output.code, 0, "{code}: {}", output.stderr);
        assert_eq!(
            output.stderr.matches("asking again with renewed credentials").count(),
            2,
            "{code}: {}",
            output.stderr
        );
        let events = output.text().lines().filter(|line| line.contains("\"event\":\"refused\"")).count();
        assert_eq!(events, 2, "{code}: {}", output.text());
    };
    std::thread::scope(|scope| {
        for code in [
            "ExpiredTokenException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "RequestTimeTooSkewed",
            "AccessDeniedException",
        ] {
            scope.spawn(move || check(code));
        }
    });
}

#[test]
fn credentials_that_were_replaced_are_used() {
    let (stage, environment) = with_profile(10);
    let running = going_well(&stage, &environment, &[]);
    write_profile(&stage, &stage.aws.session(ACCOUNT, "deployer-2", &["*"]));
    stage.aws.expire(&stage.keys, Duration::ZERO);
    let output = running.wait();
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(output.stderr.matches("a poll was refused: AWS02").count(), 1, "{}", output.stderr);
}

#[test]
fn a_refusal_that_lasts_is_believed() {
    let check = |code: &str, exit: i32| {
        let (stage, environment) = with_profile(600);
        let running = going_well(&stage, &environment, &[]);
        stage.aws.fail_always("codedeploy:GetDeployment", refusal(code));
        let output = running.wait();
        assert_eq!(output.code, exit, "{code}: {}", output.stderr);
        assert_eq!(output.stderr.matches("a poll was refused").count(), 2, "{code}: {}", output.stderr);
    };
    check("ExpiredTokenException", 15);
    check("UnrecognizedClientException", 4);
    check("AccessDeniedException", 4);
}

#[test]
fn a_source_that_always_fails_ends_the_wait() {
    let (stage, environment) = with_profile(600);
    let running = going_well(&stage, &environment, &[]);
    fs::remove_file(stage.scratch.path().join("credentials")).unwrap();
    stage.aws.expire(&stage.keys, Duration::ZERO);
    let output = running.wait();
    assert_eq!(output.code, 2, "{}", output.stderr);
    assert!(output.stderr.contains("\nerror: AWS04: "), "{}", output.stderr);
}

#[test]
fn a_session_of_the_environment_that_expired_is_believed_at_once() {
    let stage = Stage::new(group().config(LINEAR).termination_wait(10));
    let running = going_well(&stage, &stage.environment(), &[]);
    stage.aws.expire(&stage.keys, Duration::ZERO);
    let output = running.wait();
    assert_eq!(output.code, 15, "{}", output.stderr);
    assert!(!output.stderr.contains("a poll was refused"), "{}", output.stderr);
    // Another refusal is no end of the session.
    let stage = Stage::new(group().config(LINEAR).termination_wait(10));
    let running = going_well(&stage, &stage.environment(), &[]);
    stage.aws.fail_next("codedeploy:GetDeployment", [refusal("UnrecognizedClientException")]);
    assert_eq!(running.wait().code, 0);
}

/// What became of a rollout that failed meanwhile takes more than one look.
#[test]
fn a_rotation_that_was_suspended_past_its_time_out_looks_until_it_knows() {
    let stage = Stage::new(group());
    stage.aws.add_service(ACCOUNT, REGION, "main", &samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1)));
    stage.aws.set_rollout("main", "api", Rollout::Fails);
    // Slower than elsewhere: the last looks have 30 s, and a connection that was closed meanwhile is tried again after up
    // to 1 s of real time.
    let speed = SPEED / 60;
    stage.aws.clock().speed(f64::from(speed));
    let running = Run::new(["rotate", "main/api", "--timeout", "1m"]).environment(stage.environment_at(speed)).start();
    while stage.count("ecs:UpdateService") == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    running.signal("STOP");
    // The circuit breaker ends the rollout in it.
    stage.aws.clock().advance(Duration::from_mins(10));
    std::thread::sleep(Duration::from_mins(1) / speed + Duration::from_secs(1));
    running.signal("CONT");
    let output = running.wait();
    assert_eq!(output.code, 11, "{}", output.stderr);
}

/// The call under way is lost with the time: 21 s are longer than any call may take.
#[test]
fn a_wait_that_was_suspended_past_its_time_out_looks_once_more_at_the_rollback_too() {
    let stage = Stage::playing(group(), Scenario::HookFails("AfterInstall"));
    let id = stage.created(&[]);
    let args = ["wait", &id, "--timeout", "30m"];
    let running = Run::new(args).environment(stage.environment()).start();
    while stage.count("codedeploy:GetDeployment") < 2 {
        std::thread::sleep(Duration::from_millis(1));
    }
    stage.aws.set_latency(Duration::from_secs(2));
    std::thread::sleep(Duration::from_millis(200));
    running.signal("STOP");
    std::thread::sleep(Duration::from_secs(21));
    stage.aws.set_latency(Duration::ZERO);
    running.signal("CONT");
    let output = running.wait();
    assert_eq!(output.code, 10, "{}", output.stderr);
    assert!(!output.stderr.contains("serving now: unknown"), "{}", output.stderr);
}
