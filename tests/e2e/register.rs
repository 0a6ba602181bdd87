//! `taskdef.json` as its receivers take it: the command line of AWS registers it unchanged, and moto, an independent
//! implementation, keeps every member of it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process,
    sync::OnceLock,
};

use e2e::{
    environment::Environment,
    fake_aws::{Credentials, FakeAws},
    moto::Moto,
    programs::{Output, Run},
    python::Python,
    scratch::Scratch,
};
use serde_json::{Value, json};

/// No other test uses this account, so that revisions begin with 1.
const ACCOUNT: &str = "454545454545";
const REGION: &str = "eu-west-1";

const WEB: &str = include_str!("../../functions/core/fixtures/fargate-web.json");
const SIDECARS: &str = include_str!("../../functions/core/fixtures/sidecars-and-volumes.json");
const TOMORROW: &str = include_str!("../../functions/core/fixtures/members-of-tomorrow.json");

/// What moto 5.2.5 takes and forgets.
const FORGOTTEN: [&str; 1] = ["enableFaultInjection"];

/// What ECS itself sets at registration.
const SET_BY_ECS: [&str; 3] = ["taskDefinitionArn", "revision", "registeredAt"];

/// moto, its command line, and keys for [`ACCOUNT`].
struct Aws {
    moto: &'static Moto,
    python: &'static Python,
    keys: &'static Credentials,
}

impl Aws {
    fn shared() -> Option<Aws> {
        static KEYS: OnceLock<Credentials> = OnceLock::new();
        let (moto, python) = (Moto::shared()?, Python::shared()?);
        Some(Aws { moto, python, keys: KEYS.get_or_init(|| moto.session(ACCOUNT)) })
    }

    fn environment(&self) -> Environment {
        Environment::of_aws(&self.moto.url(), REGION, self.keys)
    }

    /// The call as CI systems make it.
    fn register(&self, taskdef: &Path, environment: &Environment) -> process::Output {
        let file = format!("file://{}", taskdef.display());
        self.python.aws(&["ecs", "register-task-definition", "--cli-input-json", &file], environment)
    }

    fn describe(&self, name: &str) -> Value {
        let args = ["ecs", "describe-task-definition", "--include", "TAGS", "--task-definition", name];
        self.moto.aws(REGION, self.keys, &args)
    }
}

/// Makes `taskdef.json` in a new folder of the scratch folder; which container and port matters to the AppSpec only.
fn generate(scratch: &Scratch, to: &str, environment: Environment, source: &[&str]) -> (PathBuf, Output) {
    let folder = scratch.path().join(to);
    let artifact = folder.display().to_string();
    let args = ["generate", "--output", "json", "--artifact", &artifact];
    let output = Run::new([&args[..], source].concat()).environment(environment).run();
    assert_eq!(output.code, 0, "{}", output.stderr);
    (folder.join("taskdef.json"), output)
}

fn read(taskdef: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(taskdef).unwrap()).unwrap()
}

/// Everything of `less` that is not in `more`, by its place. Members that only `more` has are defaults of ECS.
fn lost(less: &Value, more: &Value, place: &str, found: &mut Vec<String>) {
    match (less, more) {
        (Value::Object(less), Value::Object(more)) => {
            for (key, value) in less {
                lost(value, more.get(key).unwrap_or(&Value::Null), &format!("{place}/{key}"), found);
            }
        }
        (Value::Array(less), Value::Array(more)) if less.len() == more.len() => {
            for (at, (less, more)) in less.iter().zip(more).enumerate() {
                lost(less, more, &format!("{place}/{at}"), found);
            }
        }
        _ if less == more => {}
        _ => found.push(format!("{place}: {less} became {more}")),
    }
}

/// What of a task definition is not in the answer of a describe call. Tags stand beside the task definition there.
fn lost_in(taskdef: &Value, described: &Value) -> Vec<String> {
    let mut taskdef = taskdef.clone();
    let tags = taskdef.as_object_mut().unwrap().shift_remove("tags").unwrap_or_else(|| Value::Array(Vec::new()));
    let mut found = Vec::new();
    lost(&taskdef, &described["taskDefinition"], "", &mut found);
    lost(&tags, &described["tags"], "/tags", &mut found);
    found
}

/// The members that the validator of the AWS SDK for Python does not know; any other complaint as it is.
fn unknown_members(report: &str) -> BTreeSet<String> {
    let lines = report.lines().map(str::trim).filter(|line| !line.is_empty() && !line.ends_with("validation failed:"));
    let member = |line: &str| {
        let rest = line.split_once("Unknown parameter in ")?.1;
        let (place, rest) = rest.split_once(": \"")?;
        let name = rest.split_once('"')?.0;
        Some(if place == "input" { name.to_owned() } else { format!("{place}.{name}") })
    };
    lines.map(|line| member(line).unwrap_or_else(|| line.to_owned())).collect()
}

fn set(members: &[Value]) -> BTreeSet<String> {
    members.iter().map(|member| member.as_str().unwrap().to_owned()).collect()
}

/// Registers a recorded task definition, then makes an artifact of what moto now describes and registers that.
fn goes_round(recorded: &str, target: &[&str], has: &[&str]) {
    let Some(aws) = Aws::shared() else { return };
    let scratch = Scratch::new();
    let file = scratch.write("recorded.json", recorded).display().to_string();
    let from_file = [&["--task-definition-file", &file], target].concat();
    let (taskdef, _) = generate(&scratch, "first", Environment::empty(), &from_file);
    let made = read(&taskdef);
    for part in has {
        assert!(made.pointer(part).is_some(), "{part} is what this test is about");
    }

    let registered = aws.register(&taskdef, &aws.environment());
    assert!(registered.status.success(), "{}", String::from_utf8_lossy(&registered.stderr));
    let family = made["family"].as_str().unwrap();
    let first = aws.describe(family);
    let lost: Vec<String> = lost_in(&made, &first);
    let forgotten = FORGOTTEN.iter().filter(|name| made.get(**name).is_some());
    let forgotten: Vec<String> = forgotten.map(|name| format!("/{name}: {} became null", made[*name])).collect();
    assert_eq!(lost, forgotten);

    let described = [&["--task-definition", family], target].concat();
    let (taskdef, output) = generate(&scratch, "second", aws.environment(), &described);
    assert_eq!(output.json()["task_definition"]["revision"], "1");
    assert_eq!(lost_in(&read(&taskdef), &first), Vec::<String>::new());
    let registered = aws.register(&taskdef, &aws.environment());
    assert!(registered.status.success(), "{}", String::from_utf8_lossy(&registered.stderr));
    let second = aws.describe(family);
    assert_eq!(second["taskDefinition"]["revision"], 2);
    let without = |mut answer: Value| {
        answer["taskDefinition"].as_object_mut().unwrap().retain(|name, _| !SET_BY_ECS.contains(&name.as_str()));
        answer
    };
    assert_eq!(without(second), without(first));

    // What moto forgets was sent all the same: this AWS records each request.
    let witness = FakeAws::start();
    let keys = witness.session(ACCOUNT, "caller", &["ecs:*"]);
    let (taskdef, _) = generate(&scratch, "third", Environment::empty(), &from_file);
    aws.register(&taskdef, &Environment::of_aws(&witness.url(), REGION, &keys).with("AWS_MAX_ATTEMPTS", "1"));
    let sent = witness.calls("ecs:RegisterTaskDefinition");
    assert_eq!(sent[0].json(), made);
}

#[test]
fn a_fargate_web_application_goes_round() {
    goes_round(WEB, &[], &["/tags/1/value", "/containerDefinitions/0/environment/1/value", "/volumes"]);
}

#[test]
fn sidecars_volumes_logs_secrets_and_a_proxy_go_round() {
    let target = ["--container-name", "app", "--container-port", "8080"];
    goes_round(
        SIDECARS,
        &target,
        &[
            "/volumes/0/efsVolumeConfiguration/authorizationConfig/accessPointId",
            "/containerDefinitions/0/secrets/0/valueFrom",
            "/containerDefinitions/0/environment/0/value",
            "/containerDefinitions/2/firelensConfiguration",
            "/proxyConfiguration/properties/3/value",
            "/tags/0/key",
        ],
    );
}

/// What moto accepted is not refused: each with the codes that it is warned of.
#[test]
fn revisions_that_moto_accepted_are_not_refused() {
    let Some(aws) = Aws::shared() else { return };
    let scratch = Scratch::new();
    let container = json!({"name": "web", "image": "nginx:1", "memory": 64, "portMappings": [{"containerPort": 80}]});
    for (family, members, codes) in [
        ("bare", json!({}), &["TD03", "TD04"][..]),
        ("bridge", json!({"networkMode": "bridge", "requiresCompatibilities": ["EC2"]}), &["TD03", "TD04"]),
        ("host", json!({"networkMode": "host"}), &["TD03", "TD04"]),
        ("anywhere", json!({"networkMode": "bridge", "requiresCompatibilities": ["EXTERNAL"]}), &["TD03"]),
        ("interface", json!({"networkMode": "awsvpc", "requiresCompatibilities": ["EC2"]}), &["TD03"]),
    ] {
        let mut taskdef = json!({"family": family, "containerDefinitions": [container]});
        taskdef.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let file = scratch.write(&format!("{family}.json"), taskdef.to_string());
        let registered = aws.register(&file, &aws.environment());
        assert!(registered.status.success(), "{}", String::from_utf8_lossy(&registered.stderr));
        let (_, output) = generate(&scratch, family, aws.environment(), &["--task-definition", family]);
        let warnings = output.json()["warnings"].as_array().unwrap().clone();
        assert_eq!(warnings.iter().map(|it| it["code"].as_str().unwrap()).collect::<Vec<_>>(), codes, "{family}");
    }
}

/// The control: what users pipe from one call into the other today.
#[test]
fn what_describe_prints_is_refused_for_exactly_what_we_remove() {
    let Some(aws) = Aws::shared() else { return };
    let scratch = Scratch::new();
    let answer: Value = serde_json::from_str(WEB).unwrap();
    let raw = scratch.write("raw.json", answer["taskDefinition"].to_string());
    let refused = aws.register(&raw, &aws.environment());
    assert!(!refused.status.success());
    let (_, output) =
        generate(&scratch, "made", Environment::empty(), &["--task-definition-file", raw.to_str().unwrap()]);
    let removed = set(output.json()["task_definition"]["removed"].as_array().unwrap());
    assert_eq!(unknown_members(&String::from_utf8_lossy(&refused.stderr)), removed);
}

/// Task definitions as the old ECS console wrote them: each null and the empty tags are refused, or mean nothing.
#[test]
fn what_is_left_out_is_what_the_aws_cli_refuses() {
    let Some(aws) = Aws::shared() else { return };
    let scratch = Scratch::new();
    let console = json!({
        "family": "console", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "executionRoleArn": "arn:aws:iam::111111111111:role/execution", "ipcMode": null, "taskRoleArn": null, "inferenceAccelerators": null, "tags": [],
        "containerDefinitions": [{
            "name": "web", "image": "nginx:1", "dnsServers": null, "portMappings": [{"containerPort": 80, "hostPort": null}],
            "environment": [{"name": "EMPTY", "value": ""}], "secrets": null, "memory": null, "healthCheck": null,
            "linuxParameters": {"initProcessEnabled": true, "devices": null}, "command": ["serve", null],
            "logConfiguration": {
                "logDriver": "awslogs", "secretOptions": null,
                "options": {"awslogs-group": "web", "awslogs-region": REGION, "awslogs-stream-prefix": "web"},
            },
        }],
        "volumes": [{"name": "tmp", "host": {"sourcePath": null}}],
    });
    let raw = scratch.write("raw.json", console.to_string());
    let refused = aws.register(&raw, &aws.environment());
    assert!(!refused.status.success());
    let refused = String::from_utf8_lossy(&refused.stderr).into_owned();

    let file = raw.display().to_string();
    let (taskdef, output) = generate(&scratch, "made", Environment::empty(), &["--task-definition-file", &file]);
    let left_out = set(output.json()["task_definition"]["left_out"].as_array().unwrap());
    assert_eq!(left_out.len(), 13, "{left_out:?}");
    for name in left_out.iter().filter_map(|name| name.strip_suffix(" (null)")) {
        assert!(output.stderr.contains(name), "{name} is not in {}", output.stderr);
        // The validator counts the entries of a list as we do.
        assert!(
            refused.contains(&format!("Invalid type for parameter {name}, value: None")),
            "{name} is not in {refused}"
        );
    }
    assert!(left_out.contains("tags (empty)"));
    let registered = aws.register(&taskdef, &aws.environment());
    assert!(registered.status.success(), "{}", String::from_utf8_lossy(&registered.stderr));
    let made = read(&taskdef);
    assert!(made.get("tags").is_none() && !made.to_string().contains("null"), "{made}");
    assert_eq!(made["containerDefinitions"][0]["environment"][0]["value"], "");
}

/// Members that no SDK knows yet: only the sender's model stands in their way.
#[test]
fn members_of_tomorrow_wait_for_the_model_of_tomorrow_only() {
    let Some(aws) = Aws::shared() else { return };
    let scratch = Scratch::new();
    let file = scratch.write("recorded.json", TOMORROW).display().to_string();
    let (taskdef, _) = generate(&scratch, "made", Environment::empty(), &["--task-definition-file", &file]);
    let models = scratch.path().join("models");
    let mut script = aws.python.script(include_str!("register/tomorrow.py"), &aws.environment());
    let learned = script.arg(&taskdef).arg(&models).output().unwrap();
    assert!(learned.status.success(), "{}", String::from_utf8_lossy(&learned.stderr));
    let learned: Value = serde_json::from_slice(&learned.stdout).unwrap();
    let added = set(learned["added"].as_array().unwrap());
    let members =
        ["containerDefinitions[0].gpuSlices", "containerDefinitions[0].portMappings[0].quicProfile", "sustainability"];
    assert_eq!(added, members.map(str::to_owned).into());
    assert_eq!(unknown_members(learned["today"].as_str().unwrap()), added);
    assert_eq!(learned["tomorrow"], "");

    let refused = aws.register(&taskdef, &aws.environment());
    assert!(!refused.status.success());
    assert_eq!(unknown_members(&String::from_utf8_lossy(&refused.stderr)), added);
    let tomorrow = aws.environment().with("AWS_DATA_PATH", models.to_str().unwrap());
    let registered = aws.register(&taskdef, &tomorrow);
    assert!(registered.status.success(), "{}", String::from_utf8_lossy(&registered.stderr));
    let described = aws.describe("tomorrow");
    let lost = lost_in(&read(&taskdef), &described);
    // moto answers by today's model, so these are all that it cannot show.
    let names: BTreeSet<String> =
        lost.iter().map(|it| it.split_once(':').unwrap().0.trim_start_matches('/').to_owned()).collect();
    let pointers = added.iter().map(|place| place.replace(['[', '.'], "/").replace(']', ""));
    assert_eq!(names, pointers.collect());
}

/// A newer botocore has the newer members, texts and limits of ECS.
#[test]
fn the_model_is_that_of_botocore() {
    let Some(python) = Python::shared() else { return };
    let output = python.script(include_str!("register/model.py"), &Environment::empty()).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let model = String::from_utf8(output.stdout).expect("UTF-8");
    expect_test::expect_file!["../../functions/core/src/artifact/task_definition/model.rs"].assert_eq(&model);
}
