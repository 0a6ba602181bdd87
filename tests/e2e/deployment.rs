//! Deployments followed until they finish, including their rollback: each timeline of the fake CodeDeploy, played against the real command line on
//! a clock that runs six hundred times as fast.

mod abort;
mod appspecs;
mod causes;
mod checks;
mod chosen;
mod conflict;
mod debug;
mod diff;
mod expiry;
mod find_group;
mod list;
mod lost_answers;
mod notify;
mod on_timeout;
mod online;
mod overrides;
mod pages;
mod problems;
mod proxy;
mod readme;
mod refused;
mod registering;
mod rollback;
mod scaling;
mod signals;
mod terminal;
mod verbs;
mod verify;

use std::{ops::Range, time::Duration};

use e2e::{
    botocore,
    environment::Environment,
    fake_aws::{
        Credentials, FakeAws,
        codedeploy::{Group, OnTimeout, Scenario},
        faults::Fault,
    },
    programs::{Output, Run},
    samples,
    scratch::Scratch,
};
use serde_json::Value;

pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const REGION: &str = "eu-west-1";
const SPEED: u32 = 600;
const CANARY: &str = "CodeDeployDefault.ECSCanary10Percent5Minutes";
const LINEAR: &str = "CodeDeployDefault.ECSLinear10PercentEvery3Minutes";

/// A service `main/web` under CodeDeploy, its group `shop/web`, and an AppSpec for its second revision.
pub(crate) struct Stage {
    pub(crate) aws: FakeAws,
    keys: Credentials,
    pub(crate) scratch: Scratch,
    pub(crate) appspec: String,
}

pub(crate) fn arn(revision: u64) -> String {
    format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:{revision}")
}

/// A revision of `web` with that image.
fn version(revision: u64, image: &str) -> Value {
    let mut recorded = samples::task_definition(ACCOUNT, REGION, "web", revision, "x");
    // What today's model of botocore does not have would be a finding against the fake.
    let members = recorded["taskDefinition"].as_object_mut().expect("a task definition");
    members.retain(|name, value| name != "memberOfTomorrow" && !value.is_null());
    recorded["taskDefinition"]["containerDefinitions"][0]["image"] = image.into();
    recorded
}

pub(crate) fn group() -> Group {
    Group::ecs("shop", "web", "main", "web")
}

impl Stage {
    pub(crate) fn new(group: Group) -> Stage {
        let aws = FakeAws::start();
        aws.clock().speed(f64::from(SPEED));
        for revision in [1, 2] {
            aws.add_task_definition(&version(revision, &format!("repo/web:{revision}")).to_string());
        }
        aws.add_service(ACCOUNT, REGION, "main", &samples::service(ACCOUNT, REGION, "main", "web", &arn(1)));
        aws.add_group(ACCOUNT, REGION, group);
        let keys = aws.session(ACCOUNT, "deployer", &["*"]);
        let scratch = Scratch::new();
        let appspec = scratch.write("appspec.json", samples::appspec(&arn(2)).to_string()).display().to_string();
        Stage { aws, keys, scratch, appspec }
    }

    pub(crate) fn playing(group: Group, scenario: Scenario) -> Stage {
        let stage = Stage::new(group);
        stage.aws.set_scenario("shop", "web", scenario);
        stage
    }

    fn environment(&self) -> Environment {
        self.environment_at(SPEED)
    }

    /// What makes the clock of a program as fast as that.
    fn environment_at(&self, speed: u32) -> Environment {
        // The fake's clock has run since it started, and a wait compares its own time with that of the answers.
        let begun = Duration::from_secs_f64(self.aws.clock().seconds()).as_millis();
        Environment::of_aws(&self.aws.url(), REGION, &self.keys)
            .with("CODEDEPLOY_ARTIFACT_TIME_SCALE", &format!("{speed}@{begun}"))
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        Run::new(args.iter().copied()).environment(self.environment()).run()
    }

    fn deploy_args<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let args = ["deploy", "--appspec", &self.appspec, "--application", "shop", "--deployment-group", "web"];
        [&args[..], more].concat()
    }

    pub(crate) fn deploy(&self, more: &[&str]) -> Output {
        self.run(&self.deploy_args(more))
    }

    /// Creates a deployment and leaves; its id.
    fn created(&self, more: &[&str]) -> String {
        let made = self.deploy(&[&["--no-wait", "--output", "json"], more].concat());
        assert_eq!(made.code, 0, "{}", made.stderr);
        last(&made)["deployment"]["id"].as_str().expect("an id").to_owned()
    }

    pub(crate) fn count(&self, action: &str) -> usize {
        self.aws.calls(action).len()
    }
}

/// Checks each of the numbers, four at a time: most of a check is waiting for programs.
fn side_by_side(numbers: Range<u64>, check: impl Fn(u64) + Sync) {
    const AT_ONCE: u64 = 4;
    std::thread::scope(|scope| {
        for first in 0..AT_ONCE {
            let (check, numbers) = (&check, numbers.clone());
            scope.spawn(move || numbers.filter(|number| number % AT_ONCE == first).for_each(check));
        }
    });
}

/// The last of the JSON lines: the result.
pub(crate) fn last(output: &Output) -> Value {
    let text = output.text();
    serde_json::from_str(text.lines().last().unwrap_or_default()).expect("JSON in the last line")
}

/// The end of each timeline: exit code, and what people must be told.
#[test]
fn every_timeline_ends_with_its_verdict() {
    let check = |group: Group, scenario: Scenario, code: i32, said: &[&str]| {
        let stage = Stage::playing(group, scenario.clone());
        let output = stage.deploy(&[]);
        assert_eq!(output.code, code, "{scenario:?}: {}\n{}", output.text(), output.stderr);
        let all = format!("{}\n{}", output.text(), output.stderr);
        for part in said {
            assert!(all.contains(part), "{scenario:?}: no {part:?} in\n{all}");
        }
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 1, "{scenario:?}");
        botocore::check(&stage.aws.all_calls());
    };
    std::thread::scope(|scope| {
        let check = &check;
        let play = |group: Group, scenario: Scenario, code: i32, said: &'static [&'static str]| {
            scope.spawn(move || check(group, scenario, code, said));
        };
        play(group(), Scenario::Succeeds, 0, &["waits up to"]);
        play(group().config(CANARY), Scenario::Succeeds, 0, &["green 10%"]);
        play(group().config(LINEAR), Scenario::Succeeds, 0, &["green 50%"]);
        play(group().termination_wait(30), Scenario::Succeeds, 0, &[]);
        play(
            group(),
            Scenario::HookFails("AfterInstall"),
            10,
            &["AfterInstall", "HOOK_EXECUTION_FAILURE", "the previous version serves"],
        );
        play(group().rolling_back_on(&[]), Scenario::HookFails("AfterInstall"), 11, &["AfterInstall"]);
        play(
            group(),
            Scenario::RollbackFails(Box::new(Scenario::HookFails("AfterAllowTraffic"))),
            11,
            &["AfterAllowTraffic", "ELASTIC_LOAD_BALANCING_INVALID"],
        );
        play(
            group(),
            Scenario::CannotUpdateService("The container app does not exist in the task definition.".to_owned()),
            10,
            &["ECS_UPDATE_ERROR"],
        );
        play(group().config(LINEAR).alarms(&["errors"]), Scenario::AlarmAt(50), 10, &["ALARM_ACTIVE", "errors"]);
    });
}

#[test]
fn tasks_that_never_get_healthy_are_followed_for_the_whole_hour() {
    // Slower than elsewhere: on a busy machine, a poll may take longer than 30 s otherwise.
    const SLOWER: u32 = SPEED / 4;
    let stage = Stage::playing(group(), Scenario::NeverHealthy);
    stage.aws.clock().speed(f64::from(SLOWER));
    let output = Run::new(stage.deploy_args(&[])).environment(stage.environment_at(SLOWER)).run();
    assert_eq!(output.code, 10, "{}", output.stderr);
    let all = format!("{}\n{}", output.text(), output.stderr);
    assert!(all.contains("exit code") || all.contains("exited"), "the containers' exit codes in\n{all}");
    // An hour and more at 5 to 30 s a poll: never silent, never in a hurry.
    let polls = stage.count("codedeploy:GetDeployment");
    assert!((60..300).contains(&polls), "{polls} polls");
}

#[test]
fn a_wait_can_be_taken_up_later_and_agrees_with_aws() {
    let stage = Stage::new(group());
    let id = stage.created(&[]);
    let waited = stage.run(&["wait", &id, "--output", "json"]);
    assert_eq!(waited.code, 0, "{}", waited.stderr);
    assert_eq!(stage.aws.deployment(&id)["status"], "Succeeded");
    let lines = waited.text();
    assert!(last(&waited).to_string().contains(&id), "{lines}");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "every line is JSON:\n{lines}");
}

#[test]
fn a_point_before_the_end_can_be_waited_for() {
    let stage = Stage::new(group().termination_wait(600));
    let output = stage.deploy(&["--until", "traffic-shifted"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let id = stage.aws.deployments()[0]["deploymentId"].as_str().expect("an id").to_owned();
    assert_eq!(stage.aws.deployment(&id)["status"], "InProgress");

    let stage = Stage::new(group().ready_wait(60, OnTimeout::Stop));
    let output = stage.deploy(&["--until", "ready"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let id = stage.aws.deployments()[0]["deploymentId"].as_str().expect("an id").to_owned();
    assert_eq!(stage.aws.deployment(&id)["status"], "Ready");
    let continued = stage.run(&["continue", &id]);
    assert_eq!(continued.code, 0, "{}", continued.stderr);
    let waited = stage.run(&["wait", &id]);
    assert_eq!(waited.code, 0, "{}", waited.stderr);
}

#[test]
fn a_ready_wait_that_nobody_ends_is_a_stop() {
    let stage = Stage::new(group().ready_wait(30, OnTimeout::Stop).rolling_back_on(&[]));
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 12, "{}\n{}", output.text(), output.stderr);
}

#[test]
fn a_timeout_has_its_own_code_and_says_how_to_go_on() {
    let stage = Stage::new(group().termination_wait(600));
    let output = stage.deploy(&["--timeout", "10m"]);
    assert_eq!(output.code, 13, "{}", output.stderr);
    let all = format!("{}{}", output.text(), output.stderr);
    assert!(all.contains("codedeploy-artifact wait d-"), "{all}");
}

#[test]
fn credentials_that_end_during_a_wait_have_their_own_code() {
    let stage = Stage::new(group().termination_wait(600));
    stage.aws.expire(&stage.keys, Duration::from_mins(20));
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 15, "{}", output.stderr);
    assert!(output.stderr.contains("codedeploy-artifact wait d-"), "{}", output.stderr);
}

/// A day of waiting with half of all polls throttled, in half a minute. The SDK repeats a throttled poll on its own, in
/// real time, so that a faster day would have too few polls.
#[test]
fn a_day_of_throttling_changes_neither_the_verdict_nor_the_memory() {
    const FAST: u32 = 5 * SPEED;
    let stage = Stage::new(group().termination_wait(1_500));
    let id = stage.created(&[]);
    stage.aws.fail_randomly(20_261_123, 50, vec![Fault::Throttled]);
    stage.aws.clock().speed(f64::from(FAST));
    let begun = stage.aws.clock().seconds();
    let running = Run::new(["wait", &id, "--output", "json"]).environment(stage.environment_at(FAST)).start();
    let mut peaks = Vec::new();
    while stage.aws.clock().seconds() - begun < 1_490.0 * 60.0 {
        std::thread::sleep(Duration::from_millis(400));
        peaks.extend(running.peak_memory());
    }
    let output = running.wait();
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(last(&output)["deployment"]["id"], id.as_str(), "{}", output.text());
    let passed = stage.aws.clock().seconds() - begun;
    let polls = u32::try_from(stage.count("codedeploy:GetDeployment")).expect("a count of polls");
    assert!(passed >= 24.0 * 3_600.0, "{passed} simulated seconds");
    assert!(polls > 100 && passed / f64::from(polls) >= 15.0, "{polls} polls in {passed} simulated seconds");
    // In KiB, after the first tenth of the time against the end.
    let (early, late) = (peaks[peaks.len() / 10], peaks[peaks.len() - 1]);
    assert!(late <= early + 1_024, "the peak of memory grew from {early} to {late} KiB");
}

#[test]
fn reports_are_written_for_jenkins() {
    let stage = Stage::playing(group(), Scenario::HookFails("AfterInstall"));
    for name in ["report.html", "report.md", "report.xml"] {
        let report = stage.scratch.path().join(name).display().to_string();
        let output = stage.deploy(&["--report", &report]);
        assert_eq!(output.code, 10, "{}", output.stderr);
        let text = std::fs::read_to_string(&report).expect("the report");
        assert!(text.contains("AfterInstall") && text.contains("HOOK_EXECUTION_FAILURE"), "{text}");
        assert_eq!(name == "report.xml", text.starts_with("<?xml"), "{text}");
        if name == "report.html" {
            // What was seen while the deployment was in progress, which its end does not tell.
            for part in ["<!DOCTYPE html>", "Traffic</text>", "Running tasks</text>", "AfterInstall failed", "<strong>"]
            {
                assert!(text.contains(part), "no {part}: {text}");
            }
            assert!(text.contains("https://eu-west-1.console.aws.amazon.com/codesuite/"), "{text}");
        }
    }
}

#[test]
fn the_task_definition_of_an_artifact_is_registered_only_when_it_differs() {
    let stage = Stage::new(group());
    let generate = ["generate", "--artifact", "artifact.zip", "--task-definition", "web:2"];
    let made = Run::new(generate).environment(stage.environment()).in_folder(stage.scratch.path()).run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    let artifact = stage.scratch.path().join("artifact.zip").display().to_string();
    let args = ["deploy", "--artifact", &artifact, "--application", "shop", "--deployment-group", "web", "--register"];
    let same = stage.run(&args);
    assert_eq!(same.code, 0, "{}", same.stderr);
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 0, "the newest revision is the same");
    let content = &stage.aws.calls("codedeploy:CreateDeployment")[0].json()["revision"]["appSpecContent"]["content"];
    assert!(content.as_str().is_some_and(|content| content.contains(&arn(2))), "{content}");

    let generate = [&generate[..], &["--images", "app=repo/app:9"]].concat();
    Run::new(generate).environment(stage.environment()).in_folder(stage.scratch.path()).run();
    let other = stage.run(&args);
    assert_eq!(other.code, 0, "{}", other.stderr);
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 1);
}
