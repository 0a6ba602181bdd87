//! Many forms of each kind: what ECS takes has no finding, everything else has at least one.

use serde_json::{Value, json};

use super::{at, codes};

/// One container and its member, or a member of the task definition; with the code, `?` behind that of a warning.
fn all(cases: &[(&str, Value, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(path, value, expected)| {
            let found = codes(&at(path, value.clone())).join(" ");
            (found != *expected).then(|| format!("{path} {value}: expected {expected:?}, found {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn members_of_every_kind_are_accepted() {
    let arm = json!({ "cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX" });
    let mesh =
        json!({ "type": "APPMESH", "containerName": "init", "properties": [{ "name": "AppPorts", "value": "1" }] });
    let efs = json!({ "fileSystemId": "fs-0a1b2c3d4e5f67890", "transitEncryption": "ENABLED", "rootDirectory": "/",
        "authorizationConfig": { "accessPointId": "fsap-0a1b", "iam": "ENABLED" } });
    let secret = |rest: &str| json!(format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{rest}"));
    let (from, role) = ("/containerDefinitions/0/secrets/0/valueFrom", "/taskRoleArn");
    all(&[
        ("/runtimePlatform", arm, ""),
        ("/proxyConfiguration", mesh, ""),
        ("/volumes/-", json!({ "name": "files", "efsVolumeConfiguration": efs }), ""),
        ("/volumes/-", json!({ "name": "block", "configuredAtLaunch": true }), ""),
        (
            "/volumes/-",
            json!({ "name": "old", "efsVolumeConfiguration": { "fileSystemId": "fs-0a1b2c3d", "transitEncryptionPort": 65_535,
            "authorizationConfig": { "accessPointId": "" } } }),
            "",
        ),
        ("/containerDefinitions/0/cpu", json!(0), ""),
        ("/containerDefinitions/1/memory", json!(4), ""),
        ("/containerDefinitions/0/startTimeout", json!(2_147_483_647), ""),
        ("/containerDefinitions/0/ulimits", json!([{ "name": "core", "softLimit": -1, "hardLimit": -1 }]), ""),
        ("/containerDefinitions/0/portMappings/-", json!({ "containerPortRange": "1-65535" }), ""),
        ("/containerDefinitions/0/portMappings/-", json!({ "containerPort": 9000, "name": "my_http-2" }), ""),
        ("/volumes/-", json!({ "name": "s3", "s3filesVolumeConfiguration": { "fileSystemArn": "arn:x" } }), ""),
        ("/enableFaultInjection", json!(true), ""),
        ("/tags", json!([{ "key": "team", "value": "" }, { "key": "Team" }]), ""),
        ("/tags", json!([{ "key": "Größe/Maß", "value": "a b@c:d+e=f" }]), ""),
        ("/tags", (0..50).map(|key| json!({ "key": format!("k{key}") })).collect(), ""),
        ("/requiresCompatibilities", json!(["EC2", "FARGATE"]), ""),
        ("/containerDefinitions/0/restartPolicy", json!({ "enabled": true, "restartAttemptPeriod": 60 }), ""),
        ("/containerDefinitions/0/versionConsistency", json!("disabled"), ""),
        ("/containerDefinitions/0/systemControls", json!([{ "namespace": "net.core.somaxconn", "value": "1" }]), ""),
        ("/containerDefinitions/0/ulimits", json!([{ "name": "nofile", "softLimit": 1, "hardLimit": 2 }]), ""),
        ("/containerDefinitions/0/firelensConfiguration", json!({ "type": "fluentbit", "options": {} }), ""),
        ("/containerDefinitions/0/repositoryCredentials", json!({ "credentialsParameter": "registry" }), ""),
        ("/containerDefinitions/0/credentialSpecs", json!(["credentialspec:arn:aws:s3:::b/x"]), ""),
        ("/containerDefinitions/0/interactive", json!(true), ""),
        ("/containerDefinitions/0/dockerLabels", json!({ "com.example": "1" }), ""),
        ("/containerDefinitions/0/environmentFiles", json!([{ "value": "arn:aws:s3:::b/x.env", "type": "s3" }]), ""),
        ("/containerDefinitions/0/portMappings/-", json!({ "containerPortRange": "9000-9010", "name": "r" }), ""),
        ("/containerDefinitions/0/portMappings/-", json!({ "containerPort": 8080, "protocol": "udp" }), ""),
        ("/containerDefinitions/0/portMappings/0/appProtocol", json!("http2"), ""),
        ("/containerDefinitions/0/logConfiguration/options/mode", json!("non-blocking"), ""),
        ("/containerDefinitions/0/logConfiguration/options/awslogs-region", json!("us-iso-east-1"), ""),
        ("/containerDefinitions/0/logConfiguration", json!({ "logDriver": "awsfirelens" }), ""),
        (from, secret("name"), ""),
        (from, secret("name-AbCdEf:key::"), ""),
        (from, secret("name-AbCdEf:key:AWSCURRENT:"), ""),
        (from, secret("name-AbCdEf:::9d4cb84b-ad69-40c0-a0ab-cead36b967e8"), ""),
        (from, secret("rds!db-1234-AbCdEf:password::"), ""),
        // The separator of .NET, and an `@`, are legal.
        (from, json!("/prod/ConnectionStrings__Default__Host"), ""),
        (from, secret("prod@eu@shop"), ""),
        (role, json!("arn:aws:iam::000000000000:role/app__exec__role"), ""),
        (role, json!("arn:aws-iso-b:iam::123456789012:role/a/b"), ""),
    ]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn illegal_and_doubtful_members_have_a_finding() {
    let (ports, from) = ("/containerDefinitions/0/portMappings/-", "/containerDefinitions/0/secrets/0/valueFrom");
    let (role, image) = ("/taskRoleArn", "/containerDefinitions/0/image");
    let region = "/containerDefinitions/0/logConfiguration/options/awslogs-region";
    let efs = |efs: Value| json!({ "name": "files", "efsVolumeConfiguration": efs });
    let point = json!({ "accessPointId": "fsap-1234" });
    let sharing = "/containerDefinitions/0/resourceRequirements";
    let gpu = |mps: Value| json!([{ "type": "NeuronDevice", "value": "1", "sharingStrategy": { "nvidiaMps": mps } }]);
    all(&[
        // Types at any depth.
        ("/enableFaultInjection", json!("true"), "TD09"),
        ("/ephemeralStorage", json!({ "sizeInGiB": "100" }), "TD09"),
        ("/containerDefinitions/0/dockerLabels", json!({ "a": 1 }), "TD09"),
        ("/containerDefinitions/0/interactive", json!("true"), "TD09"),
        ("/containerDefinitions/0/ulimits", json!([{ "name": "nofile", "softLimit": "1", "hardLimit": 2 }]), "TD09"),
        ("/containerDefinitions/0/systemControls", json!([{ "namespace": "n", "value": 1 }]), "TD09"),
        ("/containerDefinitions/0/resourceRequirements", json!([{ "type": "NeuronDevice", "value": 1 }]), "TD09"),
        // What RegisterTaskDefinition requires.
        ("/ephemeralStorage", json!({}), "TD08"),
        ("/volumes/-", efs(json!({})), "TD08"),
        ("/containerDefinitions/0/restartPolicy", json!({}), "TD08"),
        ("/containerDefinitions/1/healthCheck", json!({}), "TD08"),
        ("/containerDefinitions/0/firelensConfiguration", json!({}), "TD08"),
        ("/containerDefinitions/0/environmentFiles", json!([{ "value": "arn:aws:s3:::b/x.env" }]), "TD08"),
        ("/proxyConfiguration", json!({ "type": "APPMESH" }), "TD08"),
        // Another spelling is refused; an unknown word may be new.
        ("/runtimePlatform", json!({ "cpuArchitecture": "arm64" }), "TD29"),
        ("/runtimePlatform", json!({ "operatingSystemFamily": "linux" }), "TD29"),
        ("/runtimePlatform", json!({ "operatingSystemFamily": "PLAN9" }), "TD29?"),
        ("/containerDefinitions/0/firelensConfiguration", json!({ "type": "fluent-bit" }), "TD29"),
        ("/containerDefinitions/0/versionConsistency", json!("off"), "TD29?"),
        ("/containerDefinitions/0/portMappings/0/appProtocol", json!("HTTP"), "TD29"),
        ("/containerDefinitions/0/portMappings/0/appProtocol", json!(""), "TD29"),
        ("/containerDefinitions/0/restartPolicy", json!({ "enabled": true, "restartAttemptPeriod": 30 }), "TD31"),
        ("/requiresCompatibilities", json!(["FARGATE", "ec2"]), "TD29"),
        ("/requiresCompatibilities", json!(["FARGATE", "MOON"]), "TD29?"),
        // Limits of the model.
        (sharing, gpu(json!({ "memory": 0 })), "TD37"),
        (sharing, gpu(json!({ "memory": 1, "maxComputePercent": 101 })), "TD37"),
        ("/tags", json!([{ "key": "k".repeat(129) }]), "TD37"),
        ("/tags", json!([{ "key": "k", "value": "v".repeat(257) }]), "TD37"),
        ("/tags", json!([{ "key": "k", "value": "50%" }]), "TD37"),
        ("/tags", (0..51).map(|key| json!({ "key": format!("k{key}") })).collect(), "TD37"),
        // References.
        ("/volumes/-", json!({ "name": "data" }), "TD20?"),
        ("/volumes/-", efs(json!({ "fileSystemId": "${EFS}" })), "TD20"),
        ("/volumes/-", efs(json!({ "fileSystemId": "fs-1234", "authorizationConfig": point })), "TD20"),
        ("/proxyConfiguration", json!({ "containerName": "envoy" }), "TD20?"),
        ("/containerDefinitions/0/mountPoints/-", json!({ "sourceVolume": "data" }), "TD20"),
        ("/containerDefinitions/0/mountPoints/-", json!({ "containerPath": "/x" }), "TD20"),
        ("/volumes/-", json!({ "name": "my files" }), "TD20?"),
        ("/volumes/-", json!({ "name": "v".repeat(256) }), "TD20?"),
        ("/volumes/-", efs(json!({ "fileSystemId": "" })), "TD20?"),
        ("/volumes/-", efs(json!({ "fileSystemId": "files" })), "TD20?"),
        ("/volumes/-", efs(json!({ "fileSystemId": "FS-0A1B2C3D" })), "TD20?"),
        ("/volumes/-", efs(json!({ "fileSystemId": "fs-0a1b2c3d", "transitEncryptionPort": 0 })), "TD20"),
        ("/volumes/-", efs(json!({ "fileSystemId": "fs-0a1b2c3d", "transitEncryptionPort": 65_536 })), "TD20"),
        (
            "/volumes/-",
            efs(json!({ "fileSystemId": "fs-0a1b2c3d", "transitEncryption": "ENABLED",
            "authorizationConfig": { "accessPointId": "fs-0a1b2c3d" } })),
            "TD20?",
        ),
        // Numbers.
        ("/containerDefinitions/0/cpu", json!(-1), "TD31"),
        ("/containerDefinitions/1/memory", json!(3), "TD31"),
        ("/containerDefinitions/1/memoryReservation", json!(0), "TD31"),
        ("/containerDefinitions/0/startTimeout", json!(2_147_483_648_i64), "TD37"),
        ("/containerDefinitions/0/startTimeout", json!(10_000_000_000_000_000_000_u64), "TD37"),
        (
            "/containerDefinitions/0/ulimits",
            json!([{ "name": "nofile", "softLimit": 1, "hardLimit": 2_147_483_648_i64 }]),
            "TD37",
        ),
        // Tags.
        ("/tags", json!([{ "key": "", "value": "x" }]), "TD30"),
        ("/tags", json!([{ "key": "aws:x" }]), "TD30"),
        ("/tags", json!([{ "key": "x" }, { "key": "x" }]), "TD30"),
        ("/tags", json!([{ "Key": "x" }]), "TD30 TD28?"),
        // Wrong places.
        ("/containerDefinitions/0/hostPort", json!(80), "TD28?"),
        ("/containerDefinitions/0/containerPath", json!("/x"), "TD28?"),
        ("/sizeInGiB", json!(30), "TD28?"),
        ("/containerDefinitions/0/environment/-", json!({ "Name": "X", "value": "y" }), "TD21 TD28?"),
        ("/containerDefinitions/0/logConfiguration/essential", json!(true), "TD28?"),
        // Fargate.
        ("/pidMode", json!("host"), "TD27"),
        ("/containerDefinitions/0/resourceRequirements", json!([{ "type": "GPU", "value": "1" }]), "TD27"),
        (
            "/containerDefinitions/0/firelensConfiguration",
            json!({ "type": "fluentbit", "options": { "config-file-type": "s3" } }),
            "TD27",
        ),
        // Ports and files.
        (ports, json!({ "containerPort": 8080 }), "TD18?"),
        (ports, json!({ "containerPort": 2_147_483_648_i64 }), "TD18"),
        (ports, json!({ "containerPortRange": "9000" }), "TD18"),
        (ports, json!({ "containerPortRange": "9010-9000" }), "TD18"),
        (ports, json!({ "containerPortRange": "9000-65536" }), "TD18"),
        (ports, json!({ "containerPortRange": "" }), "TD18"),
        (ports, json!({ "containerPort": 9000, "name": "HTTP" }), "TD18?"),
        (ports, json!({ "containerPort": 9000, "name": "-http" }), "TD18?"),
        (ports, json!({ "containerPort": 9000, "name": "a".repeat(65) }), "TD18?"),
        ("/containerDefinitions/0/logConfiguration/secretOptions", json!([{ "valueFrom": "/shop/x" }]), "TD21"),
        ("/containerDefinitions/1/portMappings", json!([{ "containerPort": 8080 }]), "TD18?"),
        ("/containerDefinitions/0/environmentFiles", json!([{ "value": "s3://b/x.env", "type": "s3" }]), "TD21"),
        ("/containerDefinitions/0/environmentFiles", json!([{ "value": "arn:aws:s3:::b/x", "type": "s3" }]), "TD21?"),
        ("/containerDefinitions/0/healthCheck/command", json!([]), "TD22"),
        ("/containerDefinitions/0/healthCheck/command", json!(["CMD-SHELL"]), "TD22?"),
        ("/containerDefinitions/0/ulimits", json!([{ "name": "nofile", "softLimit": 3, "hardLimit": 2 }]), "TD31?"),
        ("/containerDefinitions/0/logConfiguration/options/awslogs-group", json!("/ecs/a b"), "TD25?"),
        // Text that somebody forgot to replace.
        (role, json!("@ROLE@"), "TD23"),
        (role, json!("__ROLE__"), "TD23"),
        (role, json!("arn:aws:iam::$(ACCOUNT):role/x"), "TD23"),
        (role, json!("CHANGEME"), "TD23?"),
        (role, json!("todo"), "TD23?"),
        (from, json!("/shop/__STAGE__/db"), "TD24"),
        (from, json!("arn:aws:secretsmanager:eu-west-1:111111111111:secret:"), "TD24"),
        (from, json!("arn:aws:ssm:eu-west-1:111111111111:parameter/"), "TD24"),
        ("/containerDefinitions/0/repositoryCredentials", json!({ "credentialsParameter": "${X}" }), "TD24"),
        (image, json!("xxx.dkr.ecr.eu-west-1.amazonaws.com/app:1"), "TD11"),
        (image, json!("111111111111.dkr.ecr.REGION.amazonaws.com/app:1"), "TD11"),
        (region, json!("eu-wset-1"), "TD25?"),
        (region, json!("EU-WEST-1"), "TD25"),
    ]);
}
