//! Each rule with a task definition that breaks it, and what none of them may refuse.

mod variants;
mod windows;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::task_definition;
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::finding::Finding;

/// A task definition that ECS accepts, with every member that the rules look at.
fn sound() -> Value {
    json!({
        "family": "shop", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
        "executionRoleArn": "arn:aws:iam::111111111111:role/shop-execution", "taskRoleArn": "shop-task",
        "volumes": [{ "name": "data" }],
        "containerDefinitions": [
            { "name": "web", "image": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1", "cpu": 256, "memory": 512,
              "memoryReservation": 256, "essential": true,
              "portMappings": [{ "containerPort": 8080, "hostPort": 8080, "protocol": "tcp" }],
              "environment": [{ "name": "STAGE", "value": "${HOME}/<bin>" }],
              "secrets": [
                { "name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf:password::" },
                { "name": "B", "valueFrom": "arn:aws:ssm:eu-west-1:111111111111:parameter/shop/b" },
                { "name": "C", "valueFrom": "/shop/c" }],
              "mountPoints": [{ "sourceVolume": "data", "containerPath": "/data" }],
              "dependsOn": [{ "containerName": "init", "condition": "SUCCESS" }],
              "healthCheck": { "command": ["CMD-SHELL", "true"], "interval": 5, "timeout": 2, "retries": 1 },
              "logConfiguration": { "logDriver": "awslogs", "options": {
                "awslogs-group": "/ecs/shop", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "web" } },
              "linuxParameters": { "capabilities": { "add": ["SYS_PTRACE"], "drop": ["ALL"] }, "initProcessEnabled": true },
              "privileged": false, "links": [], "dnsServers": [], "memberOfTomorrow": 1 },
            { "name": "init", "image": "busybox", "essential": false }
        ]
    })
}

fn findings(value: &Value) -> Vec<Finding> {
    let (read, mut findings) = TaskDefinition::read(&value.to_string(), "taskdef.json").expect("a task definition");
    findings.extend(task_definition(&read, "taskdef.json"));
    findings
}

fn at(path: &str, value: Value) -> Value {
    let mut changed = sound();
    let (parent, member) = path.rsplit_once('/').expect("a pointer");
    match changed.pointer_mut(parent).expect(path) {
        Value::Array(items) => items.push(value),
        Value::Object(members) if value.is_null() => drop(members.shift_remove(member)),
        Value::Object(members) => drop(members.insert(member.to_owned(), value)),
        other => panic!("{path} is in {other}"),
    }
    changed
}

/// `path` is a JSON pointer; `-` adds an item to a list, null removes a member.
fn check(path: &str, value: Value, expect: &Expect) {
    let found: Vec<String> = findings(&at(path, value))
        .iter()
        .map(|finding| format!("{} {}\n", finding.severity.name(), finding.report()))
        .collect();
    expect.assert_eq(&found.concat());
}

/// The codes of the errors, and of the warnings with a question mark.
fn codes(value: &Value) -> Vec<String> {
    let mark = |finding: &Finding| if finding.severity == super::Severity::Error { "" } else { "?" };
    findings(value).iter().map(|finding| format!("{}{}", finding.code, mark(finding))).collect()
}

#[test]
fn what_ecs_accepts_passes() {
    assert_eq!(codes(&sound()), Vec::<String>::new());
    for (path, value) in [
        ("/containerDefinitions/0/user", json!("1000")),
        ("/cpu", json!("0.5 vCPU")),
        ("/cpu", json!(".5vcpu")),
        ("/memory", json!("1 GB")),
        ("/memory", json!("4GB")),
        ("/executionRoleArn", json!("ecsTaskExecutionRole")),
        ("/executionRoleArn", json!("arn:aws-cn:iam::111111111111:role/service-role/x")),
        ("/containerDefinitions/0/portMappings/0/hostPort", Value::Null),
        ("/containerDefinitions/0/essential", Value::Null),
        ("/containerDefinitions/0/image", json!("<myapp>")),
        ("/containerDefinitions/0/memory", json!(1024)),
        ("/containerDefinitions/1/healthCheck", json!(null)),
        ("/placementConstraints", json!([])),
        ("/ephemeralStorage", json!({ "sizeInGiB": 21 })),
        ("/pidMode", json!("task")),
    ] {
        assert_eq!(codes(&at(path, value.clone())), Vec::<String>::new(), "{path} {value}");
    }
}

#[test]
fn sizes_are_those_of_fargate() {
    let sizes = |cpu: &str, memory: &str, os: &str| {
        codes(&json!({ "family": "f", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": cpu,
            "memory": memory, "runtimePlatform": { "operatingSystemFamily": os },
            "containerDefinitions": [{ "name": "c", "image": "i" }] }))
    };
    for (cpu, memory) in [
        ("256", "512"),
        ("256", "2048"),
        ("512", "4096"),
        ("1024", "8192"),
        ("1 vCPU", "3 GB"),
        ("2048", "16384"),
        ("4096", "30720"),
        ("8192", "61440"),
        ("16384", "122880"),
        ("32768", "61440"),
        ("32 vCPU", "244 GB"),
        (".25 vCPU", "0.5 GB"),
    ] {
        assert_eq!(sizes(cpu, memory, "LINUX"), Vec::<String>::new(), "{cpu} {memory}");
    }
    for (cpu, memory) in [
        ("256", "1536"),
        ("256", "4096"),
        ("512", "512"),
        ("1024", "1900"),
        ("1024", "1024"),
        ("1024", "9216"),
        ("2048", "17408"),
        ("8192", "17408"),
        ("16384", "36864"),
        ("32768", "65536"),
        ("32768", "251904"),
        ("300", "512"),
        ("0", "512"),
        ("<CPU>", "512"),
        ("256", "lots"),
    ] {
        assert_eq!(sizes(cpu, memory, "LINUX"), ["TD15"], "{cpu} {memory}");
    }
    // Not documented, and perhaps offered one day.
    assert_eq!(sizes("65536", "122880", "LINUX"), ["TD15?"]);
    assert_eq!(sizes("256", "512 MB", "LINUX"), ["TD15?"]);
    assert_eq!(sizes("512", "1024", "WINDOWS_SERVER_2022_CORE"), ["TD15"]);
    assert_eq!(sizes("1024", "2048", "WINDOWS_SERVER_2022_CORE"), Vec::<String>::new());
}

#[test]
fn what_only_fargate_refuses_is_a_warning_without_it() {
    let mut ec2 = at("/requiresCompatibilities", Value::Null);
    ec2["cpu"] = json!("300");
    ec2["containerDefinitions"][0]["privileged"] = json!(true);
    assert_eq!(codes(&ec2), ["TD15?", "TD27?"]);
}

#[test]
fn limits_of_fargate_do_not_apply_to_other_launch_types() {
    for launch_type in ["EC2", "EXTERNAL", "MANAGED_INSTANCES"] {
        let mut ec2 = at("/requiresCompatibilities", json!([launch_type]));
        ec2["cpu"] = json!("300");
        ec2["placementConstraints"] = json!([{ "type": "memberOf", "expression": "attribute:ecs.os-type == linux" }]);
        ec2["volumes"] = json!([{ "name": "data", "host": { "sourcePath": "/var/data" } }]);
        ec2["containerDefinitions"][0]["privileged"] = json!(true);
        ec2["containerDefinitions"][0]["stopTimeout"] = json!(600);
        ec2["containerDefinitions"][0]["resourceRequirements"] = json!([{ "type": "GPU", "value": "1" }]);
        ec2["containerDefinitions"][0]["logConfiguration"]["options"] =
            json!({ "awslogs-group": "shop", "awslogs-region": "eu-west-1" });
        ec2["containerDefinitions"][1]["logConfiguration"] = json!({ "logDriver": "fluentd" });
        assert_eq!(codes(&ec2), ["TD03"], "{launch_type}");
        // What ECS checks for every launch type.
        ec2["containerDefinitions"][0]["portMappings"][0]["hostPort"] = json!(80);
        assert_eq!(codes(&ec2), ["TD03", "TD18"], "{launch_type}");
    }
    let both = at("/requiresCompatibilities", json!(["EC2", "FARGATE"]));
    assert_eq!(codes(&both), Vec::<String>::new());
    let mut both = both;
    both["containerDefinitions"][0]["privileged"] = json!(true);
    assert_eq!(codes(&both), ["TD27"]);
}

#[test]
fn memory_of_another_type_is_not_called_missing() {
    let mut ec2 = at("/requiresCompatibilities", Value::Null);
    for member in ["cpu", "memory"] {
        let _ = ec2.as_object_mut().and_then(|members| members.shift_remove(member));
    }
    ec2["containerDefinitions"] = json!([{ "name": "web", "image": "i", "memory": "512" }]);
    assert_eq!(codes(&ec2), ["TD09", "TD15?", "TD15?"]);
    let _ = ec2["containerDefinitions"][0].as_object_mut().and_then(|members| members.shift_remove("memory"));
    assert_eq!(codes(&ec2), ["TD15?", "TD15?", "TD16"]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_rule_names_the_member_and_the_next_step() {
    check(
        "/memory",
        json!("1900"),
        &expect![[r#"
            error TD15: taskdef.json: memory 1900 MiB cannot be combined with 512 CPU units on Fargate (allowed: 1024 to 4096 in steps of 1024)
            hint: set "memory" to "2048", or choose another "cpu"
        "#]],
    );
    check(
        "/cpu",
        Value::Null,
        &expect![[r#"
            error TD15: taskdef.json: cpu is missing; Fargate requires cpu and memory at the task level
            hint: set "cpu" to a Fargate size, such as "256"
        "#]],
    );
    check(
        "/containerDefinitions/0/memory",
        json!(2048),
        &expect![[r#"
        error TD16: taskdef.json: containerDefinitions[0].memory 2048 MiB of container "web" is more than the 1024 MiB of the task
        hint: lower it, or raise "memory" of the task
    "#]],
    );
    check(
        "/containerDefinitions/0/memoryReservation",
        json!(600),
        &expect![[r#"
        error TD16: taskdef.json: containerDefinitions[0].memoryReservation 600 MiB of container "web" is more than its memory of 512 MiB
        hint: lower it, or raise "memory" of the container
    "#]],
    );
    check(
        "/containerDefinitions/0/cpu",
        json!(1024),
        &expect![[r#"
            error TD16: taskdef.json: cpu 512 is less than the 1024 CPU units that its containers reserve
            hint: lower "cpu" of the containers, or raise "cpu" of the task
        "#]],
    );
    check(
        "/containerDefinitions/0/essential",
        json!(false),
        &expect![[r#"
        error TD17: taskdef.json: containerDefinitions has no essential container
        hint: set "essential": true for the container that receives the traffic
    "#]],
    );
    check(
        "/containerDefinitions/0/portMappings/0/hostPort",
        json!(80),
        &expect![[r#"
            error TD18: taskdef.json: containerDefinitions[0].portMappings[0].hostPort 80 of container "web" must equal its containerPort 8080 under awsvpc
            hint: set "hostPort" to 8080, or remove it
        "#]],
    );
    check(
        "/containerDefinitions/0/portMappings/0/protocol",
        json!("TCP"),
        &expect![[r#"
        error TD18: taskdef.json: containerDefinitions[0].portMappings[0].protocol "TCP" of container "web" must be tcp or udp
        hint: write "tcp" or "udp"
    "#]],
    );
    check(
        "/containerDefinitions/0/image",
        json!("REPOSITORY_URI:TAG"),
        &expect![[r#"
            error TD11: taskdef.json: containerDefinitions[0].image "REPOSITORY_URI:TAG" of container "web" is not an image reference
            hint: a repository name must be lowercase; add `"images": {"web": "repo/app:1.4.2"}` with its image, or write it in the task definition
        "#]],
    );
    check(
        "/executionRoleArn",
        json!("arn:aws:iam::<ACCOUNT>:role/x"),
        &expect![[r#"
            error TD23: taskdef.json: executionRoleArn "arn:aws:iam::<ACCOUNT>:role/x" contains "<ACCOUNT>", which was not replaced
            hint: write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME
        "#]],
    );
    check(
        "/executionRoleArn",
        json!("arn:aws:iam::111111111111:role/arn:aws:iam::111111111111:role/x"),
        &expect![[r#"
            error TD23: taskdef.json: executionRoleArn "arn:aws:iam::111111111111:role/arn:aws:iam::111111111111:role/x" is not the ARN of a role: role name must be 1-64 characters of A-Z a-z 0-9 + = , . @ _ -
            hint: write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME
        "#]],
    );
    check(
        "/taskRoleArn",
        json!("arn:aws:iam::ACCOUNT_ID:role/x"),
        &expect![[r#"
        error TD23: taskdef.json: taskRoleArn "arn:aws:iam::ACCOUNT_ID:role/x" is not the ARN of a role: account must be 12 digits
        hint: write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME
    "#]],
    );
    check(
        "/taskRoleArn",
        json!(""),
        &expect![[r#"
            error TD23: taskdef.json: taskRoleArn is empty, which ECS rejects
            hint: write the ARN of the role, or remove the member
        "#]],
    );
    check(
        "/taskRoleArn",
        json!("TASK_ROLE_ARN"),
        &expect![[r#"
        warning TD23: taskdef.json: taskRoleArn "TASK_ROLE_ARN" looks like the name of a variable
        hint: write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME
    "#]],
    );
    check(
        "/executionRoleArn",
        Value::Null,
        &expect![[r#"
        error TD26: taskdef.json: executionRoleArn is missing; the secrets of container "web" need it
        hint: set "executionRoleArn" to a role that may pull the image, write the logs and read the secrets
    "#]],
    );
    check(
        "/containerDefinitions/0/secrets/-",
        json!({ "name": "D", "valueFrom": "arn:aws:ssm:REGION:111111111111:parameter/d" }),
        &expect![[r#"
            error TD24: taskdef.json: containerDefinitions[0].secrets[3].valueFrom of secret "D" of container "web" is "arn:aws:ssm:REGION:111111111111:parameter/d"; the ARN of a secret must name a Region
            hint: write the ARN of a secret or parameter, or the name of a parameter in the same Region
        "#]],
    );
    check(
        "/containerDefinitions/0/secrets/-",
        json!({ "name": "STAGE", "valueFrom": "/x" }),
        &expect![[r#"
            error TD21: taskdef.json: containerDefinitions[0].secrets[3] "STAGE" of container "web" is in environment too
            hint: remove it from "environment" or from "secrets"
        "#]],
    );
    check(
        "/containerDefinitions/0/environment/-",
        json!({ "name": "PASSWORD", "valueFrom": "/x" }),
        &expect![[r#"
        error TD21: taskdef.json: containerDefinitions[0].environment[1] "PASSWORD" of container "web" has valueFrom, which only secrets have
        hint: move it from "environment" to "secrets", or write "value"
    "#]],
    );
    check(
        "/containerDefinitions/0/environment/-",
        json!({ "name": "", "value": "planted" }),
        &expect![[r#"
            error TD21: taskdef.json: containerDefinitions[0].environment[1].name of container "web" is empty
            hint: give the variable a name, or remove it
        "#]],
    );
    check(
        "/containerDefinitions/0/environment/-",
        json!({ "name": "STAGE", "value": "planted" }),
        &expect![[r#"
            warning TD21: taskdef.json: containerDefinitions[0].environment[1] "STAGE" of container "web" is given twice
            hint: remove one of them
        "#]],
    );
    check(
        "/containerDefinitions/0/mountPoints/-",
        json!({ "sourceVolume": "date", "containerPath": "/x" }),
        &expect![[r#"
        error TD20: taskdef.json: containerDefinitions[0].mountPoints[1].sourceVolume "date" of container "web" is not in volumes
        hint: add the volume to "volumes", or correct the name
    "#]],
    );
    check(
        "/containerDefinitions/0/dependsOn/-",
        json!({ "containerName": "x", "condition": "START" }),
        &expect![[r#"
        error TD19: taskdef.json: containerDefinitions[0].dependsOn[1].containerName of container "web" is "x", which does not exist
        hint: name one of the containers
    "#]],
    );
    check(
        "/containerDefinitions/0/dependsOn/-",
        json!({ "containerName": "init", "condition": "HEALTHY" }),
        &expect![[r#"
            error TD19: taskdef.json: containerDefinitions[0].dependsOn[1].condition of container "web" is HEALTHY, but container "init" has no healthCheck
            hint: add a healthCheck to that container, or wait for START
        "#]],
    );
    check(
        "/containerDefinitions/1/dependsOn",
        json!([{ "containerName": "web", "condition": "COMPLETE" }]),
        &expect![[r#"
            error TD19: taskdef.json: containerDefinitions[1].dependsOn[0].condition of container "init" waits until container "web" exits, but that container is essential
            hint: set "essential": false for that container, or wait for START or HEALTHY
            error TD19: taskdef.json: containerDefinitions[0].dependsOn of container "web" is circular
            hint: remove one of the dependencies in the cycle
        "#]],
    );
    check(
        "/containerDefinitions/0/logConfiguration/options",
        json!({ "awslogs-region": "${AWS_REGION}" }),
        &expect![[r#"
            error TD25: taskdef.json: containerDefinitions[0].logConfiguration.options of container "web" lacks awslogs-group
            hint: add "awslogs-group" to the options of awslogs
            warning TD25: taskdef.json: containerDefinitions[0].logConfiguration.options of container "web" lacks awslogs-stream-prefix, which Fargate requires
            hint: add "awslogs-stream-prefix" to the options of awslogs
            error TD25: taskdef.json: containerDefinitions[0].logConfiguration.options.awslogs-region of container "web" is "${AWS_REGION}", which is not a Region
            hint: write the name of a Region, such as eu-west-1
        "#]],
    );
    check(
        "/containerDefinitions/0/logConfiguration",
        json!({ "logDriver": "json-file" }),
        &expect![[r#"
            error TD25: taskdef.json: containerDefinitions[0].logConfiguration.logDriver of container "web" is "json-file"; Fargate supports awslogs, splunk and awsfirelens
            hint: use one of these
        "#]],
    );
    check(
        "/containerDefinitions/0/privileged",
        json!(true),
        &expect![[r#"
        error TD27: taskdef.json: containerDefinitions[0].privileged is not supported on Fargate (container "web")
        hint: remove privileged
    "#]],
    );
    check(
        "/placementConstraints",
        json!([{ "type": "memberOf" }]),
        &expect![[r#"
        error TD27: taskdef.json: placementConstraints is not supported on Fargate
        hint: remove placementConstraints
    "#]],
    );
    check(
        "/containerDefinitions/0/healthCheck/interval",
        json!(1),
        &expect![[r#"
        error TD22: taskdef.json: containerDefinitions[0].healthCheck.interval 1 of container "web" must be 5-300
        hint: set a number from 5 to 300
    "#]],
    );
    check(
        "/environmentFiles",
        json!([]),
        &expect![[r#"
        warning TD28: taskdef.json: environmentFiles is a member of a container, so ECS ignores it here
        hint: move it into the container in containerDefinitions
    "#]],
    );
    check(
        "/containerDefinitions/0/executionRoleArn",
        json!("x"),
        &expect![[r#"
        warning TD28: taskdef.json: containerDefinitions[0].executionRoleArn is a member of the task definition, so ECS ignores it in a container
        hint: move it out of containerDefinitions to the top level
    "#]],
    );
    check(
        "/containerDefinitions/0/enviroment",
        json!([]),
        &expect![[r#"
        warning TD28: taskdef.json: containerDefinitions[0].enviroment is unknown; did you mean "environment"?
        hint: write "environment", or keep it if it is a new member of ECS
    "#]],
    );
}
