use serde_json::json;

use super::*;

/// A task definition as written by hand.
fn file() -> Value {
    json!({
        "family": "shop-web",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": ".25 vCPU",
        "memory": "0.5 GB",
        "executionRoleArn": "arn:aws:iam::111111111111:role/shop-execution",
        "containerDefinitions": [
            {
                "name": "web",
                "image": "shop/web:1",
                "command": ["serve", "--port", "8080"],
                "portMappings": [{ "containerPort": 8080 }, { "containerPort": 9090, "name": "metrics" }],
                "environment": [{ "name": "STAGE", "value": "prod" }, { "name": "COLOUR", "value": "" }],
                "secrets": [{ "name": "TOKEN", "valueFrom": "shop/token" }, { "name": "KEY", "valueFrom": "shop/key" }],
                "healthCheck": { "command": ["CMD-SHELL", "true"] },
                "mountPoints": [{ "sourceVolume": "tmp", "containerPath": "/tmp" }],
                "dependsOn": [
                    { "containerName": "proxy", "condition": "START" },
                    { "containerName": "log", "condition": "START" },
                ],
                "ulimits": [{ "name": "nofile", "softLimit": 1, "hardLimit": 2 }, { "name": "core", "softLimit": 0, "hardLimit": 0 }],
                "logConfiguration": { "logDriver": "awsfirelens" },
            },
            { "name": "proxy", "image": "envoy:1", "essential": false, "entryPoint": ["/envoy", "-c"] },
            { "name": "log", "image": "fluent-bit:1", "firelensConfiguration": { "type": "fluentbit" } },
        ],
        "volumes": [
            { "name": "tmp" },
            { "name": "data", "efsVolumeConfiguration": { "fileSystemId": "fs-1" } },
        ],
        "tags": [{ "key": "team", "value": "a" }, { "key": "stage", "value": "b" }],
    })
}

/// The same as ECS returns it: defaults added; containers, variables and secrets in another order.
fn revision() -> Value {
    json!({
        "taskDefinition": {
            "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7",
            "containerDefinitions": [
                {
                    "name": "log", "image": "fluent-bit:1", "cpu": 0, "portMappings": [], "essential": true, "environment": [],
                    "mountPoints": [], "volumesFrom": [], "systemControls": [], "user": "0",
                    "firelensConfiguration": { "type": "fluentbit", "options": {} },
                },
                {
                    "name": "proxy", "image": "envoy:1", "cpu": 0, "portMappings": [], "essential": false,
                    "entryPoint": ["/envoy", "-c"], "environment": [], "mountPoints": [], "volumesFrom": [],
                },
                {
                    "name": "web", "image": "shop/web:1", "cpu": 0,
                    "portMappings": [
                        { "containerPort": 9090, "hostPort": 9090, "protocol": "tcp", "name": "metrics" },
                        { "containerPort": 8080, "hostPort": 8080, "protocol": "tcp" },
                    ],
                    "essential": true, "command": ["serve", "--port", "8080"],
                    "environment": [{ "name": "COLOUR", "value": "" }, { "name": "STAGE", "value": "prod" }],
                    "secrets": [{ "valueFrom": "shop/key", "name": "KEY" }, { "valueFrom": "shop/token", "name": "TOKEN" }],
                    "mountPoints": [{ "sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": false }], "volumesFrom": [],
                    "dependsOn": [
                        { "containerName": "proxy", "condition": "START" }, { "containerName": "log", "condition": "START" },
                    ],
                    "ulimits": [{ "name": "core", "softLimit": 0, "hardLimit": 0 }, { "name": "nofile", "softLimit": 1, "hardLimit": 2 }],
                    "healthCheck": { "command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3 },
                    "logConfiguration": { "logDriver": "awsfirelens", "options": {}, "secretOptions": [] },
                },
            ],
            "family": "shop-web", "executionRoleArn": "arn:aws:iam::111111111111:role/shop-execution",
            "networkMode": "awsvpc", "revision": 7,
            "volumes": [
                {
                    "name": "data",
                    "efsVolumeConfiguration": { "fileSystemId": "fs-1", "rootDirectory": "/", "transitEncryption": "DISABLED" },
                },
                { "name": "tmp", "host": {} },
            ],
            "status": "ACTIVE", "requiresAttributes": [{ "name": "ecs.capability.task-eni" }], "placementConstraints": [],
            "compatibilities": ["EC2", "FARGATE"], "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "registeredAt": 1_763_872_203.117, "registeredBy": "arn:aws:iam::111111111111:user/ci",
        },
        "tags": [{ "key": "stage", "value": "b" }, { "key": "team", "value": "a" }],
    })
}

fn parse(value: &Value) -> TaskDefinition {
    TaskDefinition::parse(&value.to_string(), "taskdef.json").expect("a task definition")
}

/// Compares in both directions; the answer is the paths that differ.
fn check(one: &Value, other: &Value, expect: &[&str]) {
    let (one, other) = (parse(one), parse(other));
    assert_eq!(one.differences(&other), expect);
    assert_eq!(other.differences(&one), expect);
    assert_eq!((one.equivalent(&other), other.equivalent(&one)), (expect.is_empty(), expect.is_empty()));
}

/// The file with one member set to another value, against the revision.
fn changed(pointer: &str, value: Value, expect: &[&str]) {
    let mut file = file();
    let (map, member) = pointer.rsplit_once('/').expect("a pointer");
    let map = file.pointer_mut(map).expect(pointer);
    match map {
        Value::Object(map) => {
            map.insert(member.to_owned(), value);
        }
        list => *list.pointer_mut(&format!("/{member}")).expect(pointer) = value,
    }
    check(&file, &revision(), expect);
}

#[test]
fn a_file_is_the_revision_that_ecs_made_of_it() {
    check(&file(), &revision(), &[]);
    check(&file(), &file(), &[]);
}

/// The pair that the AWS CLI's examples record, as a Fargate task.
#[test]
fn the_recorded_defaults_are_no_difference() {
    let with = |container: Value| json!({ "family": "sleep360", "networkMode": "awsvpc", "containerDefinitions": [container] });
    let sent = with(json!({
        "name": "sleep", "image": "busybox", "cpu": 10, "command": ["sleep", "360"], "memory": 10, "essential": true,
    }));
    let mut returned = with(json!({
        "environment": [], "name": "sleep", "mountPoints": [], "image": "busybox", "cpu": 10, "portMappings": [],
        "command": ["sleep", "360"], "memory": 10, "essential": true, "volumesFrom": [],
    }));
    returned["volumes"] = json!([]);
    returned["placementConstraints"] = json!([]);
    returned["status"] = json!("ACTIVE");
    check(&sent, &returned, &[]);
}

#[test]
fn what_makes_no_difference_to_ecs_is_no_difference() {
    for (pointer, value) in [
        ("/pidMode", Value::Null),
        ("/volumes/0/host", json!({ "sourcePath": null })),
        ("/enableFaultInjection", json!(false)),
        ("/cpu", json!("0.25 vcpu")),
        ("/cpu", json!("256")),
        ("/memory", json!("0.5GB")),
        ("/runtimePlatform", json!({})),
        ("/inferenceAccelerators", json!([])),
        ("/volumes/1/efsVolumeConfiguration/authorizationConfig", json!({ "iam": "DISABLED" })),
        ("/containerDefinitions/0/cpu", json!(0)),
        ("/containerDefinitions/0/essential", json!(true)),
        ("/containerDefinitions/0/environmentFiles", json!([])),
        ("/containerDefinitions/0/dockerLabels", json!({})),
        (
            "/containerDefinitions/0/linuxParameters",
            json!({ "capabilities": { "add": [], "drop": [] }, "devices": [] }),
        ),
        ("/containerDefinitions/0/readonlyRootFilesystem", json!(false)),
        ("/containerDefinitions/0/versionConsistency", json!("enabled")),
        ("/containerDefinitions/0/healthCheck/interval", json!(30)),
        ("/containerDefinitions/0/healthCheck/startPeriod", json!(0)),
        ("/containerDefinitions/0/portMappings/0/hostPort", json!(0)),
        ("/containerDefinitions/0/portMappings/0/hostPort", json!(8080)),
        ("/containerDefinitions/0/portMappings/0/protocol", json!("tcp")),
        ("/containerDefinitions/0/portMappings/0/appProtocol", Value::Null),
        ("/containerDefinitions/0/mountPoints/0/readOnly", json!(false)),
        ("/containerDefinitions/1/mountPoints", json!([{}, null])),
        ("/containerDefinitions/2/user", json!("0")),
        (
            "/tags",
            json!([
                { "key": "stage", "value": "b" }, { "key": "aws:cloudformation:stack-name", "value": "x" }, { "key": "team", "value": "a" },
            ]),
        ),
        // No SDK knows it yet; ECS returned `systemControls` like this before any did.
        ("/containerDefinitions/0/somethingNew", json!([])),
    ] {
        changed(pointer, value, &[]);
    }
}

#[test]
fn every_other_change_is_a_difference() {
    for (pointer, value, path) in [
        ("/cpu", json!("512"), "cpu"),
        ("/cpu", json!("1 vCPU"), "cpu"),
        ("/memory", json!("1 GB"), "memory"),
        ("/taskRoleArn", json!("arn:aws:iam::111111111111:role/x"), "taskRoleArn"),
        ("/executionRoleArn", Value::Null, "executionRoleArn"),
        ("/family", json!("shop-api"), "family"),
        ("/requiresCompatibilities", json!(["FARGATE", "EC2"]), "requiresCompatibilities"),
        ("/ephemeralStorage", json!({ "sizeInGiB": 30 }), "ephemeralStorage"),
        ("/runtimePlatform", json!({ "cpuArchitecture": "ARM64" }), "runtimePlatform"),
        ("/somethingNew", json!({}), "somethingNew"),
        ("/somethingNew", json!(false), "somethingNew"),
        (
            "/volumes/1/efsVolumeConfiguration/rootDirectory",
            json!("/x"),
            "volumes[data].efsVolumeConfiguration.rootDirectory",
        ),
        (
            "/volumes/1/efsVolumeConfiguration/transitEncryption",
            json!("ENABLED"),
            "volumes[data].efsVolumeConfiguration.transitEncryption",
        ),
        ("/volumes/0/name", json!("data2"), ""),
        ("/containerDefinitions/0/image", json!("shop/web:2"), "containerDefinitions[web].image"),
        ("/containerDefinitions/0/cpu", json!(128), "containerDefinitions[web].cpu"),
        ("/containerDefinitions/0/essential", json!(false), "containerDefinitions[web].essential"),
        ("/containerDefinitions/0/memory", json!(256), "containerDefinitions[web].memory"),
        ("/containerDefinitions/0/user", json!("0"), "containerDefinitions[web].user"),
        ("/containerDefinitions/2/user", json!("1000"), "containerDefinitions[log].user"),
        ("/containerDefinitions/0/command", json!(["serve", "8080", "--port"]), "containerDefinitions[web].command"),
        ("/containerDefinitions/0/command", json!([]), "containerDefinitions[web].command"),
        (
            "/containerDefinitions/0/command",
            json!(["serve", "--port", "8080", ""]),
            "containerDefinitions[web].command",
        ),
        ("/containerDefinitions/1/entryPoint", json!(["-c", "/envoy"]), "containerDefinitions[proxy].entryPoint"),
        (
            "/containerDefinitions/0/dependsOn",
            json!([{ "containerName": "log", "condition": "START" }, { "containerName": "proxy", "condition": "START" }]),
            "containerDefinitions[web].dependsOn",
        ),
        (
            "/containerDefinitions/0/healthCheck/command",
            json!(["true", "CMD-SHELL"]),
            "containerDefinitions[web].healthCheck.command",
        ),
        ("/containerDefinitions/0/healthCheck/retries", json!(4), "containerDefinitions[web].healthCheck.retries"),
        ("/containerDefinitions/0/portMappings/0/containerPort", json!(80), "containerDefinitions[web].portMappings"),
        ("/containerDefinitions/0/portMappings/0/protocol", json!("udp"), "containerDefinitions[web].portMappings"),
        ("/containerDefinitions/0/portMappings/1/appProtocol", json!("http"), "containerDefinitions[web].portMappings"),
        (
            "/containerDefinitions/0/environment/0/value",
            json!("test"),
            "containerDefinitions[web].environment[STAGE].value",
        ),
        (
            "/containerDefinitions/0/environment",
            json!([{ "name": "STAGE", "value": "prod" }]),
            "containerDefinitions[web].environment[COLOUR]",
        ),
        (
            "/containerDefinitions/0/secrets/1/valueFrom",
            json!("shop/old"),
            "containerDefinitions[web].secrets[KEY].valueFrom",
        ),
        ("/containerDefinitions/0/mountPoints/0/readOnly", json!(true), "containerDefinitions[web].mountPoints"),
        (
            "/containerDefinitions/0/ulimits/0/softLimit",
            json!(2),
            "containerDefinitions[web].ulimits[nofile].softLimit",
        ),
        ("/tags", json!([{ "key": "team", "value": "a" }]), "tags[stage]"),
        ("/tags/0/value", json!("z"), "tags[team].value"),
    ] {
        match path {
            "" => changed(pointer, value, &["volumes[data2]", "volumes[tmp]"]),
            path => changed(pointer, value, &[path]),
        }
    }
}

/// Both sides have what only one of them has in another test.
#[test]
fn entries_of_one_name_do_not_stand_for_each_other() {
    let with = |member: &str, list: Value| {
        let mut file = file();
        file["containerDefinitions"][0][member] = list;
        file
    };
    let a = |value: &str| json!({ "name": "A", "value": value });
    let environment = |list: &[Value]| with("environment", json!(list));
    let path: &[&str] = &["containerDefinitions[web].environment[A].value"];
    check(&environment(&[a("1"), a("2")]), &environment(&[a("1"), a("2")]), &[]);
    check(&environment(&[a("1"), a("2")]), &environment(&[a("2"), a("1")]), path);
    let path: &[&str] = &["containerDefinitions[web].environment[A]"];
    check(&environment(&[a("1"), a("1")]), &environment(&[a("1")]), path);
    check(&environment(&[a("1"), a("2")]), &environment(&[a("1")]), path);

    let port = |port: u64, protocol: &str| json!({ "containerPort": port, "protocol": protocol });
    let ports = |list: &[Value]| with("portMappings", json!(list));
    check(&ports(&[port(53, "tcp"), port(53, "udp")]), &ports(&[port(53, "udp"), port(53, "tcp")]), &[]);
    let path: &[&str] = &["containerDefinitions[web].portMappings"];
    check(&ports(&[port(53, "tcp"), port(53, "tcp")]), &ports(&[port(53, "tcp")]), path);
}

#[test]
fn order_counts_where_ecs_keeps_it() {
    for (member, one, other) in [
        ("dnsServers", json!(["10.0.0.2", "10.0.0.3"]), json!(["10.0.0.3", "10.0.0.2"])),
        ("links", json!(["a", "b"]), json!(["b", "a"])),
        (
            "environmentFiles",
            json!([{ "type": "s3", "value": "a" }, { "type": "s3", "value": "b" }]),
            json!([{ "type": "s3", "value": "b" }, { "type": "s3", "value": "a" }]),
        ),
        ("somethingNew", json!([{ "name": "a" }, { "name": "b" }]), json!([{ "name": "b" }, { "name": "a" }])),
    ] {
        let with = |list: Value| {
            let mut file = file();
            file["containerDefinitions"][1][member] = list;
            file
        };
        check(&with(one), &with(other), &[&format!("containerDefinitions[proxy].{member}")]);
    }
}

#[test]
fn tags_do_not_change_what_runs() {
    let mut file = file();
    for tags in [json!([{ "key": "team", "value": "z" }]), Value::Null] {
        file["tags"] = tags;
        assert!(parse(&file).runs_like(&parse(&revision())) && !parse(&file).equivalent(&parse(&revision())));
    }
    file["containerDefinitions"][0]["image"] = json!("shop/web:2");
    assert!(!parse(&file).runs_like(&parse(&revision())));
}

#[test]
fn without_awsvpc_a_host_port_counts() {
    let mapping = |mapping: Value| {
        let mode =
            json!({ "networkMode": "bridge", "containerDefinitions": [{ "name": "a", "portMappings": [mapping] }] });
        canonical::task_definition(mode.as_object().expect("a map"))
    };
    let none = mapping(json!({ "containerPort": 80 }));
    assert_eq!(mapping(json!({ "containerPort": 80, "hostPort": 0 })), none);
    assert_ne!(mapping(json!({ "containerPort": 80, "hostPort": 80 })), none);
}
