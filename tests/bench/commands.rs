//! The command line against what people use in its place: `generate` against the AWS CLI with `jq` and `zip`, and `deploy`
//! against `aws ecs deploy`, up to its first call.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use e2e::{environment::Environment, python::Python, skip};
use serde_json::{Value, json};

use crate::{
    figure::Figure,
    stage::{Stage, definition},
    table::Table,
};

const LIMIT: Duration = Duration::from_secs(30);

pub(crate) fn measure(command_line: &Path, stage: &Stage, rounds: usize) -> Option<(Table, Value)> {
    let python = Python::shared()?;
    for tool in ["jq", "zip"] {
        if Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            skip::missing(tool, "the comparison of the command line needs it");
            return None;
        }
    }
    let aws = python.program("aws");
    let version = Command::new(&aws).arg("--version").output().expect("the AWS CLI");
    let version = String::from_utf8_lossy(&version.stdout).split(' ').next().unwrap_or_default().to_owned();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", aws.parent().unwrap_or(&aws).display());
    let environment = stage.environment(Duration::ZERO).with("PATH", &path);
    let script = stage.scratch.write("generate.sh", include_str!("peers/generate.sh"));
    let zip = stage.scratch.path().join("made.zip").display().to_string();
    let ours = command_line.display().to_string();
    let generate = [
        vec![
            ours.clone(),
            "generate".into(),
            "--task-definition".into(),
            "app".into(),
            "--artifact".into(),
            zip.clone(),
        ],
        vec!["sh".into(), script.display().to_string(), zip.clone()],
    ];
    let taskdef = definition("app", 1, 0)["taskDefinition"].clone();
    let taskdef = stage.scratch.write("taskdef.json", taskdef.to_string()).display().to_string();
    let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7";
    let appspec = stage.scratch.write("appspec.json", e2e::samples::appspec(arn).to_string()).display().to_string();
    let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    let deploy = [
        words(&format!("{ours} deploy --appspec {appspec} --application shop --deployment-group web")),
        words(&format!(
            "aws ecs deploy --cluster main --service web --task-definition {taskdef} --codedeploy-appspec {appspec} \
             --codedeploy-application shop --codedeploy-deployment-group web"
        )),
    ];
    let title = format!("Command line against {version}");
    let mut table = Table::new(&title, &["", "codedeploy-artifact", "AWS CLI", "CPU", "CPU of the AWS CLI"]);
    let mut all = Vec::new();
    let to_end = |args: &[String]| to_end(args, &environment, &zip);
    let to_call = |args: &[String]| to_first_call(args, &environment, stage);
    let cases: [(&str, _, &Timed); 2] =
        [("generate, whole", &generate, &to_end), ("deploy, until its first call", &deploy, &to_call)];
    for (what, [ours, theirs], timed) in cases {
        let mut times = [Vec::new(), Vec::new()];
        let mut cpu = [Duration::ZERO; 2];
        for _ in 0..rounds {
            for (at, args) in [ours, theirs].into_iter().enumerate() {
                let before = children();
                times[at].push(timed(args));
                cpu[at] += children().saturating_sub(before);
            }
        }
        let [ours, theirs] = times.map(Figure::of_times);
        let cpu = cpu.map(|cpu| cpu.as_secs_f64() * 1_000.0 / f64::from(u32::try_from(rounds).unwrap_or(1)));
        let [own, other] = cpu.map(|cpu| format!("{cpu:.0} ms"));
        table.row([what.to_owned(), ours.to_string(), theirs.to_string(), own, other]);
        all.push(json!({"what": what, "ours": ours.json(), "AWS CLI": theirs.json(), "CPU, ms": cpu}));
    }
    Some((table, json!({"AWS CLI": version, "rows": all})))
}

fn start(args: &[String], environment: &Environment) -> std::process::Child {
    let mut command = Command::new(&args[0]);
    command.args(&args[1..]).env_clear().envs(environment.iter());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{}: {error}", args[0]))
}

fn to_end(args: &[String], environment: &Environment, zip: &str) -> Duration {
    let _ = std::fs::remove_file(zip);
    let begun = Instant::now();
    let status = start(args, environment).wait().expect("a child process");
    let elapsed = begun.elapsed();
    let made = std::fs::metadata(zip).map_or(0, |made| made.len());
    assert!(status.success() && made > 500, "{args:?}: {status}, {made} bytes");
    elapsed
}

fn to_first_call(args: &[String], environment: &Environment, stage: &Stage) -> Duration {
    let seen = stage.aws.all_calls().len();
    let begun = Instant::now();
    let mut child = start(args, environment);
    let first = loop {
        if let Some(call) = stage.aws.all_calls().into_iter().nth(seen) {
            break call;
        }
        let ended = child.try_wait().expect("a child process");
        assert!(ended.is_none() && begun.elapsed() < LIMIT, "{args:?}: no call, {ended:?}");
        std::thread::sleep(Duration::from_millis(1));
    };
    let _ = child.kill();
    let _ = child.wait();
    first.at.duration_since(begun)
}

/// Runs a command and returns how long it took.
type Timed<'a> = dyn Fn(&[String]) -> Duration + 'a;

/// The processor time of all child processes that have ended, and of theirs: fields 16 and 17 of proc(5).
fn children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("/proc");
    let (_, fields) = stat.rsplit_once(") ").expect("fields after the name");
    let ticks: u64 = fields.split(' ').skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
