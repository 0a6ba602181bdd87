//! Every verb ends within a second of a signal while AWS does not answer, and says what it has begun there.

use std::time::Instant;

use e2e::fake_aws::s3::Bucket;

use super::*;

const SIGNALS: [(&str, i32); 3] = [("TERM", 143), ("INT", 130), ("HUP", 143)];

const ID: &str = "d-ABCDEFGHI";

/// Everything in real time, as a signal leaves one real second.
fn slow() -> Stage {
    let stage = Stage::new(group().termination_wait(600));
    stage.aws.clock().speed(1.0);
    stage.aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
    stage.aws.add_service(ACCOUNT, REGION, "main", &samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1)));
    stage
}

impl Stage {
    /// Sends a signal once `ready` holds; the exit code, and the lines of standard error.
    fn signalled(&self, args: &[&str], signal: &str, ready: impl Fn() -> bool) -> (i32, Vec<String>) {
        let environment = self.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE");
        let running = Run::new(args.iter().copied()).environment(environment).start();
        let begun = Instant::now();
        while !ready() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{args:?}: {}", running.stderr());
            std::thread::sleep(Duration::from_millis(10));
        }
        let sent = Instant::now();
        running.signal(signal);
        let output = running.wait();
        let took = sent.elapsed();
        assert!(took < Duration::from_secs(1), "{args:?} SIG{signal}: {took:?}: {}", output.stderr);
        (output.code, output.stderr.lines().map(str::to_owned).collect())
    }
}

#[test]
fn no_verb_waits_for_an_answer_of_aws() {
    let stage = slow();
    stage.aws.fail_always("*", Fault::Hang);
    let calls = || stage.aws.all_calls().len();
    let to = "s3://revisions/shop/appspec.json";
    let group = ["--application", "shop", "--deployment-group", "web"];
    let with = |verb: &'static str, more: &[&'static str]| [&[verb], more].concat();
    let mut deploy = stage.deploy_args(&[]);
    deploy.extend(["--output", "json"]);
    for args in [
        with("generate", &["--task-definition", "web", "--artifact", "-"]),
        vec!["upload", &stage.appspec, "--to", to],
        vec!["diff", "--appspec", &stage.appspec, "--task-definition", "web"],
        with("status", &[ID]),
        with("status", &["--service", "main/web"]),
        with("wait", &group),
        with("stop", &group),
        with("list", &group),
        with("stop", &[ID]),
        with("stop", &[ID, "--rollback", "--wait"]),
        with("continue", &[ID]),
        with("wait", &[ID]),
        with("rotate", &["main/api"]),
        with("rollback", &[&group[..], &["--yes"]].concat()),
        deploy,
    ] {
        for (signal, code) in SIGNALS {
            let before = calls();
            let (ended, lines) = stage.signalled(&args, signal, || calls() > before);
            assert_eq!(ended, code, "{args:?} SIG{signal}: {lines:?}");
            let last = lines.last().map(String::as_str).unwrap_or_default();
            let said = lines.iter().any(|line| line.starts_with(&format!("SIG{signal}: ")));
            let named = if args.contains(&ID) {
                last == ID
            } else {
                ["nothing was started in AWS", "was requested, and AWS"].iter().any(|part| last.contains(part))
            };
            assert!(said && named, "{args:?} SIG{signal}: {lines:?}");
        }
    }
}

/// The change is made, and its answer never comes.
#[test]
fn what_was_sent_is_said() {
    let stage = slow();
    let to = "s3://revisions/shop/appspec.json";
    let check = |action: &str, args: &[&str], said: &str| {
        stage.aws.fail_always(action, Fault::HangAfter);
        let before = stage.count(action);
        let (code, lines) = stage.signalled(args, "TERM", || stage.count(action) > before);
        stage.aws.heal();
        assert_eq!(code, 143, "{args:?}: {lines:?}");
        assert_eq!(stage.count(action), before + 1, "{args:?}");
        assert!(lines.iter().any(|line| line.starts_with("SIGTERM: ") && line.contains(said)), "{args:?}: {lines:?}");
        lines.last().cloned().unwrap_or_default()
    };
    let last = check(
        "s3:PutObject",
        &["upload", &stage.appspec, "--to", to],
        "PutObject s3://revisions/shop/appspec.json was requested, and AWS has not answered",
    );
    assert!(last.starts_with("SIGTERM: "), "{last}");
    check("ecs:UpdateService", &["rotate", "main/api"], "UpdateService of main/api was requested");
    let last = check("codedeploy:StopDeployment", &["stop", ID], "StopDeployment d-ABCDEFGHI was requested");
    assert_eq!(last, ID);
    let ready = ["continue", ID, "--wait-type", "ready"];
    let last = check("codedeploy:ContinueDeployment", &ready, "ContinueDeployment d-ABCDEFGHI was requested");
    assert_eq!(last, ID);
    check(
        "s3:PutObject",
        &stage.deploy_args(&["--upload", to]),
        "was requested, and AWS has not answered; no deployment was created",
    );
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
}

/// The rotation was started, and the wait for it is what ends.
#[test]
fn a_rotation_that_was_started_is_said() {
    let stage = slow();
    let polls = || stage.count("ecs:DescribeServices");
    for (signal, code) in SIGNALS {
        let before = polls();
        let (ended, lines) = stage.signalled(&["rotate", "main/api"], signal, || polls() >= before + 2);
        assert_eq!(ended, code, "{lines:?}");
        let last = format!("SIG{signal}: the rotation of main/api was started, and ECS continues it");
        assert_eq!(lines.last(), Some(&last), "{lines:?}");
    }
}

/// The terminal is closed: the deployment is stopped, as the policy says.
#[test]
fn a_lost_terminal_is_an_abort() {
    let stage = slow();
    let program = e2e::programs::command_line().display().to_string();
    let line = format!("exec {program} {}", stage.deploy_args(&[]).join(" "));
    let environment = stage.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE");
    let mut terminal = std::process::Command::new("script");
    terminal.args(["-qec", &line, "/dev/null"]).env_clear().envs(environment.iter());
    let null = std::process::Stdio::null;
    let Ok(mut terminal) = terminal.stdin(std::process::Stdio::piped()).stdout(null()).stderr(null()).spawn() else {
        return;
    };
    let stops = || stage.count("codedeploy:StopDeployment");
    let until = |what: &str, limit: u64, reached: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !reached() {
            assert!(begun.elapsed() < Duration::from_secs(limit), "{what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    until("no poll of the deployment", 20, &|| stage.count("codedeploy:GetDeployment") > 0);
    terminal.kill().expect("a process");
    terminal.wait().expect("a process");
    until("no stop", 1, &|| stops() > 0);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(stops(), 1);
    assert_eq!(stage.aws.calls("codedeploy:StopDeployment")[0].json()["autoRollbackEnabled"], true);
}

/// Whoever is asked can leave, also where the signals do not come from the keyboard.
#[test]
fn the_question_of_a_rollback_can_be_left() {
    let (stage, _) = Stage::history(group(), &["app:1", "app:2"]);
    let creations = stage.count("codedeploy:CreateDeployment");
    let program = e2e::programs::command_line().display().to_string();
    let line = format!("exec {program} rollback --application shop --deployment-group web");
    for (signal, code) in SIGNALS {
        let shown = stage.scratch.path().join(signal);
        let mut terminal = std::process::Command::new("script");
        terminal.args(["-qec", &line, "/dev/null"]).env_clear().envs(stage.environment().iter());
        terminal.stdin(std::process::Stdio::piped()).stdout(std::fs::File::create(&shown).expect("a file"));
        let Ok(mut terminal) = terminal.spawn() else { return };
        let begun = Instant::now();
        while !std::fs::read_to_string(&shown).expect("a file").contains("[y/N]") {
            assert!(begun.elapsed() < Duration::from_secs(20), "no question");
            std::thread::sleep(Duration::from_millis(10));
        }
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", terminal.id()));
        let child = children.expect("Linux").trim().to_owned();
        let sent = Instant::now();
        let kill = std::process::Command::new("kill").args([format!("-{signal}"), child]).status();
        assert!(kill.is_ok_and(|status| status.success()));
        let end = terminal.wait().expect("a process");
        let said = std::fs::read_to_string(&shown).expect("a file");
        assert_eq!(end.code(), Some(code), "{said}");
        assert!(sent.elapsed() < Duration::from_secs(1), "{:?}", sent.elapsed());
        assert!(said.contains(&format!("SIG{signal}: nothing was started in AWS")), "{said}");
    }
    assert_eq!(stage.count("codedeploy:CreateDeployment"), creations);
}
