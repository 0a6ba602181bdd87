//! Windows containers on Fargate.

use serde_json::{Value, json};

use super::codes;

/// A task definition for Windows with this member: of the task definition, or of its container after `web/`.
fn windows(path: &str, value: Value) -> Value {
    let mut task = json!({
        "family": "shop", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "1024", "memory": "2048",
        "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "X86_64" },
        "executionRoleArn": "arn:aws:iam::111111111111:role/shop-execution",
        "volumes": [{ "name": "data" }],
        "containerDefinitions": [{
            "name": "web", "image": "mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022",
            "entryPoint": ["powershell", "-Command"], "command": ["C:\\ServiceMonitor.exe w3svc"],
            "portMappings": [{ "containerPort": 80, "hostPort": 80, "protocol": "tcp" }],
            "mountPoints": [{ "sourceVolume": "data", "containerPath": "C:\\data" }],
            "logConfiguration": { "logDriver": "awslogs", "options": {
                "awslogs-group": "/ecs/shop", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "web" } }
        }]
    });
    match path.strip_prefix("web/") {
        Some(member) => task["containerDefinitions"][0][member] = value,
        None => task[path] = value,
    }
    task
}

#[test]
fn what_windows_supports_passes() {
    for (path, value) in [
        ("family", json!("shop")),
        ("memory", json!("8192")),
        ("web/readonlyRootFilesystem", json!(false)),
        ("web/ulimits", json!([])),
        ("web/linuxParameters", json!({})),
        ("web/user", json!("")),
        ("web/stopTimeout", json!(60)),
        ("runtimePlatform", json!({ "operatingSystemFamily": "WINDOWS_SERVER_2019_FULL" })),
    ] {
        assert_eq!(codes(&windows(path, value.clone())), Vec::<String>::new(), "{path} {value}");
    }
}

#[test]
fn what_windows_does_not_support_is_found() {
    let efs = json!([{ "name": "data", "efsVolumeConfiguration": { "fileSystemId": "fs-0a1b2c3d" } }]);
    let mesh =
        json!({ "type": "APPMESH", "containerName": "web", "properties": [{ "name": "AppPorts", "value": "1" }] });
    let arm = json!({ "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "ARM64" });
    for (path, value, code) in [
        ("volumes", efs, "TD38"),
        ("proxyConfiguration", mesh, "TD38"),
        ("pidMode", json!("task"), "TD38"),
        ("runtimePlatform", arm, "TD38"),
        // The documentation contradicts itself.
        ("ephemeralStorage", json!({ "sizeInGiB": 30 }), "TD38?"),
        ("web/linuxParameters", json!({ "initProcessEnabled": true }), "TD38"),
        ("web/readonlyRootFilesystem", json!(true), "TD38"),
        ("web/ulimits", json!([{ "name": "nofile", "softLimit": 1, "hardLimit": 2 }]), "TD38"),
        ("web/user", json!("ContainerUser"), "TD38"),
        ("web/firelensConfiguration", json!({ "type": "fluentbit" }), "TD38"),
        ("web/credentialSpecs", json!(["credentialspec:arn:aws:s3:::b/x"]), "TD38"),
        ("web/logConfiguration", json!({ "logDriver": "awsfirelens" }), "TD38"),
        ("web/privileged", json!(true), "TD27"),
        ("cpu", json!("512"), "TD15"),
        ("cpu", json!("8192"), "TD15"),
    ] {
        let mut task = windows(path, value.clone());
        assert_eq!(codes(&task), [code], "{path} {value}");
        // The same is right for Linux, or wrong for another reason.
        task["runtimePlatform"]["operatingSystemFamily"] = json!("LINUX");
        assert!(!codes(&task).iter().any(|it| it.starts_with("TD38")), "{path} {value}");
        // Windows on EC2 has limits of its own.
        task["runtimePlatform"]["operatingSystemFamily"] = json!("WINDOWS_SERVER_2022_CORE");
        task["requiresCompatibilities"] = json!(["EC2"]);
        assert_eq!(codes(&task), ["TD03"], "{path} {value}");
    }
}
