//! The console examples of README.md, and the JSON of the command line reference. Each command is run against the fake AWS with the policies of the README, and prints what
//! is shown there. Times, lengths and digests may differ, and `…` stands for lines that are left out.

use std::{
    collections::{BTreeSet, HashMap},
    process::{Command, Stdio},
};

use e2e::{fake_aws::codedeploy::Stop, markdown::blocks, programs};

use super::*;
use crate::readme::{README, policies};

/// The image of the service at the beginning.
const SERVING: &str = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2";

/// An image that the registry does not have.
const MISSING: &str = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1.6.0";

/// Cluster `prod`, service `shop` with container `web`, and `shop/shop` in CodeDeploy.
fn stage() -> Stage {
    let aws = FakeAws::start();
    aws.clock().speed(f64::from(SPEED));
    let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/shop-web:7");
    let mut task = samples::task_definition(ACCOUNT, REGION, "shop-web", 7, "x");
    task["taskDefinition"]["containerDefinitions"][0]["image"] = SERVING.into();
    let members = task["taskDefinition"].as_object_mut().expect("a task definition");
    members.retain(|name, value| name != "memberOfTomorrow" && !value.is_null());
    aws.add_task_definition(&samples::with_container(&task, "web").to_string());
    let service = samples::service(ACCOUNT, REGION, "prod", "shop", &arn);
    aws.add_service(ACCOUNT, REGION, "prod", &samples::with_container(&service, "web"));
    aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "shop", "prod", "shop").config(CANARY));
    let allowed = policies(&["Reader", "Deployer", "Stopper"]);
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    let keys = aws.session(ACCOUNT, "deployer", &allowed);
    let scratch = Scratch::new();
    let appspec = samples::with_container(&samples::appspec(&arn), "web");
    let appspec = scratch.write("appspec.json", appspec.to_string()).display().to_string();
    Stage { aws, keys, scratch, appspec }
}

/// Deploys the version that the service runs already.
fn deploy(stage: &Stage, more: &[&str]) -> Output {
    let args = ["deploy", "--appspec", &stage.appspec, "--application", "shop", "--deployment-group", "shop"];
    stage.run(&[&args[..], more].concat())
}

/// Runs a command as a shell does, with both streams in one, and returns what it prints and its exit code.
fn run(stage: &Stage, command: &str) -> (String, i32) {
    if command.contains(MISSING) {
        stage.aws.set_scenario("shop", "shop", Scenario::TasksStop(vec![Stop::cannot_pull(MISSING)]));
    } else if command.contains(" rollback ") {
        stage.aws.set_scenario("shop", "shop", Scenario::Succeeds);
    }
    let path = programs::command_line().parent().expect("its folder");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("exec 2>&1; {command}")]).current_dir(stage.scratch.path()).stdin(Stdio::null());
    shell.env_clear().envs(stage.environment().iter()).env("PATH", path);
    let output = shell.output().expect("a shell");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

/// A line without what differs from run to run: numbers, lengths of time and identifiers are `#`.
fn plain(line: &str) -> String {
    let words = line.split_inclusive([' ', ';', ',']).map(|word| {
        let core = word.trim_end_matches([' ', ';', ',', '.']);
        let is_id = core.starts_with("d-") || core.starts_with("[token:");
        let is_digest = core.len() >= 32 && core.chars().all(|c| c.is_ascii_hexdigit());
        let is_number = core.chars().all(|c| c.is_ascii_digit() || "-T:Z%".contains(c)) && !core.is_empty();
        if is_id || is_digest || is_number { word.replacen(core, "#", 1) } else { word.to_owned() }
    });
    let mut line = words.collect::<String>();
    for unit in ["h", "min", "s"] {
        line = line.replace(&format!("# {unit}"), "#");
    }
    while line.contains("# #") {
        line = line.replace("# #", "#");
    }
    line
}

/// The identifiers of deployments in a line.
fn ids(line: &str) -> Vec<&str> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| word.starts_with("d-") && word.len() == 11).collect()
}

/// Compares what a command printed with what is shown, where `…` is any number of lines, and learns which identifier stands
/// for which.
fn compare(command: &str, printed: &str, shown: &[&str], known: &mut HashMap<String, String>) {
    let mut lines = printed.lines();
    let mut skipping = false;
    for expect in shown {
        if *expect == "…" {
            skipping = true;
            continue;
        }
        let found = if skipping { lines.find(|line| plain(line) == plain(expect)) } else { lines.next() };
        let found = found.unwrap_or_default();
        assert_eq!(plain(found), plain(expect), "$ {command}\n{printed}");
        known.extend(ids(expect).into_iter().map(str::to_owned).zip(ids(found).into_iter().map(str::to_owned)));
        skipping = false;
    }
    assert!(skipping || lines.next().is_none(), "$ {command}\nprints more than is shown:\n{printed}");
}

#[test]
fn the_readme_shows_what_the_commands_print() {
    let stage = stage();
    assert_eq!(deploy(&stage, &["--no-wait"]).code, 0);
    stage.aws.clock().advance(Duration::from_hours(1));
    let mut known: HashMap<String, String> = HashMap::new();
    let mut code = 0;
    let mut commands = 0;
    for block in blocks(README, "console") {
        let joined = block.replace("\\\n", "");
        let mut lines = joined.lines().peekable();
        while let Some(command) = lines.next() {
            let mut command = command.strip_prefix("$ ").expect("a command").to_owned();
            let mut shown = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                shown.push(line);
            }
            if command == "echo $?" {
                assert_eq!(shown, [code.to_string()]);
                continue;
            }
            for (shown, real) in &known {
                command = command.replace(shown, real);
            }
            let printed;
            (printed, code) = run(&stage, &command);
            compare(&command, &printed, &shown, &mut known);
            commands += 1;
        }
    }
    assert!(commands >= 6, "only {commands} commands were found");
    botocore::check(&stage.aws.all_calls());
}

/// The names of the members of a document, at every depth.
fn members(document: &Value, found: &mut BTreeSet<String>) {
    match document {
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            found.insert(name.clone());
            members(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        _ => {}
    }
}

#[test]
fn the_reference_names_every_member_and_every_event() {
    let stage = stage();
    stage.aws.set_scenario("shop", "shop", Scenario::TasksStop(vec![Stop::cannot_pull(MISSING)]));
    let output = deploy(&stage, &["--output", "json", "--timeout", "15m", "--on-timeout", "stop-and-rollback"]);
    assert_eq!(output.code, 12, "{}", output.stderr);
    let result = last(&output);
    let id = result["deployment"]["id"].as_str().expect("an id");
    let status = stage.run(&["status", id, "--output", "json"]).json();
    let list = stage.run(&["list", "--application", "shop", "--deployment-group", "shop", "--output", "json"]).json();
    let mut names = BTreeSet::new();
    members(&list, &mut names);
    members(&result, &mut names);
    members(&status, &mut names);
    assert!(names.contains("stopped_reason") && names.contains("age_seconds"), "{names:?}");
    let lines = output.text();
    let events =
        lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()?["event"].as_str().map(str::to_owned));
    names.extend(events);
    let reference = include_str!("../../../step-image/REFERENCE.md");
    let missing: Vec<&String> = names.iter().filter(|name| !reference.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, Vec::<&String>::new(), "step-image/REFERENCE.md lacks these");
}

#[test]
fn a_line_that_differs_is_noticed() {
    assert_eq!(plain("2026-11-29T12:58:16Z Install succeeded after 1 min 2 s"), "# Install succeeded after #");
    assert_eq!(plain("deployment d-0ZOB4YIPE: waits up to 1 h 20 min, d-0ZOB4YIPE."), "deployment # waits up to #, #.");
    let check = |printed: &str, shown: &[&str]| {
        std::panic::catch_unwind(|| compare("x", printed, shown, &mut HashMap::new())).is_ok()
    };
    for (shown, same) in [
        (&["a 1", "b"][..], true),
        (&["a 2", "b"], true),
        (&["…", "b"], true),
        (&["a 1", "…"], true),
        (&["a 1"], false),
        (&["b"], false),
        (&["a 1", "c"], false),
        (&["…", "c"], false),
    ] {
        assert_eq!(check("a 1\nb\n", shown), same, "{shown:?}");
    }
}
