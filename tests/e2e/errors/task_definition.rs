//! Rows 29 to 35: what ECS and templates of the task definition say.

use e2e::fake_aws::sts::Role;

use super::*;

/// A task definition as a template, with a comma too much on line 12.
const TRAILING_COMMA: &str = r#"{
  "family": "app",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    {
      "name": "app",
      "image": "repo/app:1",
      "portMappings": [{"containerPort": 8080}],
  },
  ]
}
"#;

/// The same without it, with a second container.
fn template(image: &str, more: &str) -> String {
    let whole = TRAILING_COMMA.replace("}],\n  },\n  ]", "}]\n    },\n    SECOND\n  ],\n  MORE");
    let second = format!(r#"{{"name": "sidecar", "image": "{image}"}}"#);
    whole.replace("SECOND", &second).replace("MORE", more)
}

/// A member that nobody knows, small as it is given and large once it is laid out: deep lists, a long text.
fn large() -> String {
    let deep = format!("{}{}1{}", "[".repeat(55), "1,".repeat(18_000), "]".repeat(55));
    format!(r#""memberOfTomorrow": [{deep}, "{}"]"#, "x".repeat(950_000))
}

/// Runs on EC2 only.
fn ec2(members: &mut Value) {
    members["compatibilities"] = json!(["EXTERNAL", "EC2"]);
    members["requiresCompatibilities"] = json!([]);
}

/// Has no network interface of its own.
fn bridged(members: &mut Value) {
    members["networkMode"] = json!("bridge");
}

/// What `aws ecs describe-task-definition` prints for a revision that differs from the sample.
fn answered(change: impl FnOnce(&mut Value)) -> String {
    let mut answer = samples::task_definition(TOOLS, REGION, "app", 7, "");
    change(&mut answer["taskDefinition"]);
    answer.to_string()
}

#[test]
fn task_definitions_that_cannot_be_deployed_are_refused() {
    let world = World::new();
    world.add_task_definition("old", 3, |members| members["status"] = json!("INACTIVE"));
    world.add_task_definition("leaving", 4, |members| members["status"] = json!("DELETE_IN_PROGRESS"));
    let named = |number, name: &str| row(number, json!({"task_definition": name}));
    let by_arn = |number, name: &str| row(number, json!({"task_definition": name, "appspec_task_definition": "arn"}));
    let template_row = |number, text: &str, images: Value| {
        row(number, json!({"taskdef_template": "Source::taskdef.json", "images": images, "container_name": "app"}))
            .source(packed::one("taskdef.json", text))
    };
    let from_file = |number, text: &str| {
        row(number, json!({"task_definition_file": "Source::taskdef.json", "container_name": "app"}))
            .source(packed::one("taskdef.json", text))
    };
    let fargate = r#"["FARGATE"]"#;
    let arn = "arn:aws:ecs:eu-west-1:222222222222:task-definition/app:7";
    world.play(
        &[],
        &[
            named(29, "app:99").says("TD01: task definition \"app:99\" not found in eu-west-1", NOT_FOUND),
            named(29, "none").says("TD01: task definition \"none\" not found in eu-west-1", NOT_FOUND),
            named(29, arn)
                .says(format!("TD01: task definition \"{arn}\" not found in 222222222222/eu-west-1"), NOT_FOUND),
            by_arn(30, "old:3").says("TD02: old:3 is INACTIVE", INPUT),
            by_arn(30, "leaving:4").says("TD02: leaving:4 is DELETE_IN_PROGRESS", INPUT),
            from_file(31, &template("repo/b:1", r#""tags": []"#).replace(fargate, r#"["EC2"]"#))
                .says("TD03: app is not Fargate-compatible (requiresCompatibilities: EC2)", INPUT),
            from_file(31, &answered(ec2))
                .says("TD03: app:7 is not Fargate-compatible (compatibilities: EXTERNAL, EC2)", INPUT),
            from_file(32, &template("repo/b:1", r#""tags": []"#).replace("awsvpc", "bridge"))
                .says("TD04: app: Fargate needs networkMode awsvpc, found \"bridge\"", INPUT),
            from_file(32, &answered(bridged))
                .says("TD04: app:7: Fargate needs networkMode awsvpc, found \"bridge\"", INPUT),
            template_row(33, TRAILING_COMMA, json!({}))
                .says("TD05: Source::taskdef.json line 12 column 3: trailing comma", INPUT),
            from_file(33, TRAILING_COMMA).says("TD05: Source::taskdef.json line 12 column 3: trailing comma", INPUT),
            from_file(33, &TRAILING_COMMA.replace("  \"cpu\"", "  // per task\n  \"cpu\""))
                .says("TD05: Source::taskdef.json line 5 column 3: comment", INPUT),
            template_row(34, &template("<IMAGE2_NAME>", r#""tags": []"#), json!({"app": "IMAGE1_NAME"}))
                .says("TD06: placeholder <IMAGE2_NAME> is not listed in `images` (listed: IMAGE1_NAME)", CONFIGURATION),
            from_file(34, &template("<IMAGE2_NAME>", r#""tags": []"#))
                .says("TD06: placeholder <IMAGE2_NAME> is not listed in `images` (listed: none)", CONFIGURATION),
            from_file(35, &template("repo/b:1", &large()))
                .says("TD32: Source::taskdef.json: the task definition has 986379 bytes as compact JSON; the maximum of ECS is 65536", INPUT),
        ],
    );
}

/// ECS has accepted them, and may run them where Fargate is not used.
#[test]
fn described_revisions_that_fargate_does_not_run_are_warned_of() {
    let world = World::new();
    world.add_task_definition("ec2", 7, ec2);
    world.add_task_definition("bridged", 7, bridged);
    world.add_task_definition("default", 7, |members| {
        members.as_object_mut().unwrap().remove("networkMode");
        ec2(members);
    });
    // A revision that was registered before AWS's model required the member, or named the container otherwise.
    world.add_task_definition("old", 7, |members| {
        members["volumes"] = json!([{"name": "data", "efsVolumeConfiguration": {}}]);
        members["containerDefinitions"][0]["name"] = json!("the.app");
    });
    let bridged = "TD04: bridged:7: Fargate needs networkMode awsvpc, found \"bridge\"";
    for (name, warnings) in [
        ("app", &[][..]),
        ("ec2", &["TD03: ec2:7 is not Fargate-compatible (compatibilities: EXTERNAL, EC2)"]),
        ("bridged", &[bridged]),
        (
            "default",
            &[
                "TD03: default:7 is not Fargate-compatible (compatibilities: EXTERNAL, EC2)",
                "TD04: default:7: Fargate needs networkMode awsvpc, found none",
            ],
        ),
        (
            "old",
            &[
                "TD08: old: volumes[0].efsVolumeConfiguration.fileSystemId is missing",
                "TD13: old: containerDefinitions[0].name \"the.app\" must be 1-255 letters, digits, hyphens and underscores",
            ],
        ),
    ] {
        assert_eq!(world.warned(&json!({"task_definition": name})), warnings, "{name}");
    }
    // Of the service, and as the ARN that CodeDeploy is to deploy.
    let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/bridged:7";
    world.aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", arn));
    let at_once = json!({"service": "main/web", "appspec_task_definition": "arn"});
    assert_eq!(world.warned(&at_once), [bridged]);
}

#[test]
fn a_task_definition_that_another_account_lacks_is_looked_for_there() {
    let world = World::new();
    let role = "arn:aws:iam::222222222222:role/reader";
    world.aws.add_role(Role::new(role, &["ecs:*"]).trusting(TOOLS));
    let row = row(29, json!({"task_definition": "app", "role_arn": role}))
        .says("TD01: task definition \"app\" not found in 222222222222/eu-west-1", NOT_FOUND);
    world.play(&[("ALLOWED_ROLE_ARNS", role)], &[row]);
}
