//! `--register`: a task definition is registered once, however often it is deployed.

use serde_json::json;

use super::*;

/// Written by hand: no defaults, in an order that is not that of ECS.
fn by_hand() -> Value {
    json!({
        "family": "shop",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": ".5 vCPU",
        "memory": "1 GB",
        "executionRoleArn": "arn:aws:iam::111111111111:role/execution",
        "containerDefinitions": [
            {
                "name": "app",
                "image": "shop/web:1",
                "command": ["serve", "--all"],
                "portMappings": [{ "containerPort": 8080 }],
                "environment": [{ "name": "STAGE", "value": "prod" }, { "name": "LEVEL", "value": "info" }],
                "secrets": [{ "name": "TOKEN", "valueFrom": "token" }, { "name": "KEY", "valueFrom": "key" }],
                "healthCheck": { "command": ["CMD-SHELL", "true"] },
                "pidMode": null,
            },
            { "name": "agent", "image": "agent:1", "essential": false, "firelensConfiguration": { "type": "fluentbit" } },
        ],
        "volumes": [{ "name": "tmp" }],
        "tags": [],
    })
}

/// Deploys the task definition and lets the deployment end. True if it was registered.
fn deploys(stage: &Stage, task_definition: &Value) -> bool {
    let taskdef = stage.scratch.write("taskdef.json", task_definition.to_string()).display().to_string();
    let output = stage.deploy(&["--taskdef", &taskdef, "--register", "--no-wait", "--output", "json"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    stage.aws.clock().advance(Duration::from_hours(2));
    last(&output)["task_definition"]["registered"].as_bool().expect("a flag")
}

#[test]
fn one_file_deployed_ten_times_gives_one_revision() {
    let stage = Stage::new(group());
    let registered: Vec<bool> = (0..10).map(|_| deploys(&stage, &by_hand())).collect();
    assert_eq!(registered, [&[true][..], &[false; 9]].concat());
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 1);
    // Each deployment named the one revision.
    for call in stage.aws.calls("codedeploy:CreateDeployment") {
        let content = &call.json()["revision"]["appSpecContent"]["content"];
        assert!(content.as_str().is_some_and(|content| content.contains("task-definition/shop:1")), "{content}");
    }
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn a_task_definition_that_differs_is_registered() {
    let stage = Stage::new(group());
    assert!(deploys(&stage, &by_hand()));
    for (pointer, value) in [
        ("/containerDefinitions/0/image", json!("shop/web:2")),
        ("/containerDefinitions/0/command", json!(["--all", "serve"])),
        ("/tags", json!([{ "key": "team", "value": "a" }])),
    ] {
        let mut other = by_hand();
        *other.pointer_mut(pointer).expect(pointer) = value;
        assert!(deploys(&stage, &other), "{pointer}");
        assert!(!deploys(&stage, &other), "{pointer}");
    }
    let taskdef = stage.scratch.write("taskdef.json", by_hand().to_string()).display().to_string();
    let planned = stage.deploy(&["--taskdef", &taskdef, "--register", "--dry-run"]).text();
    assert!(planned.contains("task definition: a new revision of shop (changed: tags)\n"), "{planned}");
}

/// ECS does not start tasks of a deregistered revision, whatever is in it.
#[test]
fn a_deregistered_revision_is_registered_again() {
    let stage = Stage::new(group());
    assert!(deploys(&stage, &by_hand()));
    let call = stage.aws.calls("ecs:RegisterTaskDefinition").remove(0);
    let mut revision: Value = serde_json::from_slice(&call.answer).expect("the answer");
    revision["taskDefinition"]["status"] = json!("INACTIVE");
    stage.aws.add_task_definition(&revision.to_string());
    assert!(deploys(&stage, &by_hand()));
    assert!(!deploys(&stage, &by_hand()));
}

#[test]
fn what_is_left_out_is_named() {
    let stage = Stage::new(group());
    let taskdef = stage.scratch.write("taskdef.json", by_hand().to_string()).display().to_string();
    let output = stage.deploy(&["--taskdef", &taskdef, "--register", "--dry-run"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let expect = "left out of shop: containerDefinitions[0].pidMode (null), tags (empty)\n";
    assert!(output.stderr.contains(expect), "{}", output.stderr);
}

/// An AppSpec that names a deregistered revision cannot be deployed.
#[test]
fn a_deregistered_revision_is_not_deployed() {
    let stage = Stage::new(group());
    let mut revision = samples::task_definition(ACCOUNT, REGION, "web", 2, "x");
    revision["taskDefinition"]["status"] = json!("INACTIVE");
    stage.aws.add_task_definition(&revision.to_string());
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 3, "{}", output.stderr);
    assert!(output.stderr.contains("TD02: web:2 is INACTIVE"), "{}", output.stderr);
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
}
