//! Recorded answers of AWS, replayed against the real programs, with the message for each.

mod deployments;
mod failures;
mod function;
mod kept;
mod native;
mod refusals;

use e2e::{botocore, fake_aws::codedeploy::Group, recorded::recorded};
use serde_json::{Value, json};

use crate::deployment::{ACCOUNT, REGION, Stage, arn, group, last};

/// The id that the recordings have in place of the real one.
const ID: &str = "d-AAAAAAA1L";
const ROLLBACK: &str = "d-BBBBBBB1L";

/// A `GetDeployment` answer with these recorded members, of the group that every [`Stage`] has. Two of the recordings
/// are of the compute platform Lambda; their configs have the same names for ECS.
fn info(recorded: &Value) -> Value {
    let mut info = json!({
        "applicationName": "shop", "deploymentGroupName": "web", "computePlatform": "ECS",
        "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce"
    });
    for (name, value) in recorded.as_object().expect("recorded members") {
        info[name] = value.clone();
    }
    let config = info["deploymentConfigName"].as_str().map(|name| name.replace("Default.Lambda", "Default.ECS"));
    info["deploymentConfigName"] = json!(config);
    json!({"deploymentInfo": info})
}

/// A `BatchGetDeploymentTargets` answer with one ECS target. `sets` are `[label, status, weight]`.
fn target(id: &str, status: &str, events: &Value, sets: &[(&str, &str, f64)]) -> Value {
    let sets = sets.iter().map(|(label, status, weight)| {
        json!({
            "identifer": format!("ecs-svc/{label}"), "desiredCount": 2, "pendingCount": 0, "runningCount": 2,
            "status": status, "trafficWeight": weight, "taskSetLabel": label,
            "targetGroup": {"name": format!("web-{}", label.to_lowercase())}
        })
    });
    json!({"deploymentTargets": [{"deploymentTargetType": "ECSTarget", "ecsTarget": {
        "deploymentId": id, "targetId": "main:web", "status": status, "lifecycleEvents": events,
        "targetArn": format!("arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/web"),
        "taskSetsInfo": sets.collect::<Vec<_>>()
    }}]})
}

const BEFORE: [(&str, &str, f64); 2] = [("Blue", "PRIMARY", 100.0), ("Green", "ACTIVE", 0.0)];
const AFTER: [(&str, &str, f64); 2] = [("Blue", "ACTIVE", 0.0), ("Green", "PRIMARY", 100.0)];

/// A stage whose deployment of that id goes as recorded: what `GetDeployment` and its target answer, look by look.
fn replaying(group: Group, id: &str, infos: &[Value], targets: Vec<Value>) -> Stage {
    let stage = Stage::new(group);
    replay(&stage, id, infos, targets);
    stage
}

fn replay(stage: &Stage, id: &str, infos: &[Value], targets: Vec<Value>) {
    let none = targets.is_empty();
    let ids = if none { json!([]) } else { json!(["main:web"]) };
    stage.aws.replay("codedeploy:GetDeployment", id, infos.iter().map(info));
    stage.aws.replay("codedeploy:ListDeploymentTargets", id, [json!({"targetIds": ids})]);
    let targets = if none { vec![json!({"deploymentTargets": []})] } else { targets };
    stage.aws.replay("codedeploy:BatchGetDeploymentTargets", id, targets);
}

/// `wait` twice, for people and for programs: the exit code, all that was said, and the result.
fn waited(stage: impl Fn() -> Stage, id: &str) -> (i32, String, Value) {
    let people = stage().run(&["wait", id]);
    let programs = stage();
    let output = programs.run(&["wait", id, "--output", "json"]);
    assert_eq!(output.code, people.code, "{}\n{}", people.stderr, output.stderr);
    botocore::check(&programs.aws.all_calls());
    (people.code, format!("{}\n{}", people.text(), people.stderr), last(&output))
}

fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}
