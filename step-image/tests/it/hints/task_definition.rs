//! Faults of a task definition in a file.

use super::{Call, Row, TASK_DEFINITION, call, check, generate, row};

const ROLE: &str = "\"arn:aws:iam::111111111111:role/run\"";

/// The code, a part of the faultless file, what stands there instead, the hint, and what it says to write there.
const EDITS: &[(&str, &str, &str, &str, &str)] = &[
    ("TD03", r#"["FARGATE"]"#, r#"["EC2"]"#, r#"requiresCompatibilities ["FARGATE"]"#, r#"["FARGATE"]"#),
    ("TD13", r#""family": "shop""#, r#""family": "shop.x""#, "use only these characters", r#""family": "shop-x""#),
    ("TD09", "80 }", r#""80" }"#, "write a whole number without quotes, such as 1", "80 }"),
    ("TD09", ": true", r#": "true""#, "write true or false without quotes", ": true"),
    ("TD09", r#"["CMD", "true"]"#, r#""true""#, "write a list of texts in quotes, such as [", r#"["CMD", "true"]"#),
    (
        "TD29",
        r#""volumes""#,
        r#""runtimePlatform": { "cpuArchitecture": "arm64" }, "volumes""#,
        r#"write "ARM64""#,
        r#""runtimePlatform": { "cpuArchitecture": "ARM64" }, "volumes""#,
    ),
    (
        "TD30",
        r#""volumes""#,
        r#""tags": [{ "key": "aws:x" }], "volumes""#,
        "choose another key",
        r#""tags": [{ "key": "x" }], "volumes""#,
    ),
    (
        "TD31",
        r#""essential": true"#,
        r#""essential": true, "restartPolicy": { "enabled": true, "restartAttemptPeriod": 30 }"#,
        "set a number from 60 to 1800",
        r#""essential": true, "restartPolicy": { "enabled": true, "restartAttemptPeriod": 60 }"#,
    ),
    (
        "TD37",
        r#""volumes""#,
        r#""tags": [{ "key": "team", "value": "50%" }], "volumes""#,
        "remove this character",
        r#""tags": [{ "key": "team", "value": "50" }], "volumes""#,
    ),
    (
        "TD04",
        r#""networkMode": "awsvpc""#,
        r#""networkMode": "bridge""#,
        r#""networkMode": "awsvpc""#,
        r#""networkMode": "awsvpc""#,
    ),
    ("TD05", r#""cpu": "256","#, r#""cpu": "256", "cpu": "512","#, "remove one of them", r#""cpu": "256","#),
    ("TD05", r#""family":"#, "family:", "all keys and texts in double quotes", r#""family":"#),
    ("TD09", r#""cpu": "256""#, r#""cpu": 256"#, "write text in quotes", r#""cpu": "256""#),
    ("TD10", r#""name": "log""#, r#""name": "web""#, "rename one of the containers", r#""name": "log""#),
    ("TD15", r#""cpu": "256""#, r#""cpu": "257""#, r#"set "cpu" to a Fargate size, such as "256""#, r#""cpu": "256""#),
    ("TD15", r#""memory": "512""#, r#""memory": "100""#, r#"set "memory" to "512""#, r#""memory": "512""#),
    (
        "TD15",
        r#""volumes""#,
        r#""ephemeralStorage": { "sizeInGiB": 5 }, "volumes""#,
        "21",
        r#""ephemeralStorage": { "sizeInGiB": 21 }, "volumes""#,
    ),
    (
        "TD16",
        r#""essential": true"#,
        r#""essential": true, "memory": 1024"#,
        "lower it",
        r#""essential": true, "memory": 512"#,
    ),
    (
        "TD16",
        r#""essential": true"#,
        r#""essential": true, "memoryReservation": 300, "memory": 256"#,
        r#"raise "memory" of the container"#,
        r#""essential": true, "memoryReservation": 300, "memory": 300"#,
    ),
    (
        "TD16",
        r#""essential": true"#,
        r#""essential": true, "cpu": 1024"#,
        r#"lower "cpu" of the containers"#,
        r#""essential": true, "cpu": 256"#,
    ),
    ("TD18", "80 }", r#"80, "hostPort": 81 }"#, r#"set "hostPort" to 80"#, r#"80, "hostPort": 80 }"#),
    ("TD18", "80 }", r#"80, "hostPort": 81 }"#, "or remove it", "80 }"),
    ("TD18", "80 }", r#"80, "protocol": "http" }"#, r#"write "tcp""#, r#"80, "protocol": "tcp" }"#),
    (
        "TD19",
        r#""containerName": "log""#,
        r#""containerName": "lug""#,
        "name one of the containers",
        r#""containerName": "log""#,
    ),
    ("TD19", r#""START""#, r#""STARTED""#, "write one of these", r#""START""#),
    ("TD19", r#""START""#, r#""HEALTHY""#, "wait for START", r#""START""#),
    (
        "TD20",
        r#""name": "data""#,
        r#""name": "dta""#,
        r#"add the volume to "volumes""#,
        r#""name": "dta" }, { "name": "data""#,
    ),
    ("TD21", r#""A", "value""#, r#""A", "valueFrom""#, r#"or write "value""#, r#""A", "value""#),
    ("TD21", r#""name": "S""#, r#""name": "A""#, "remove it from", r#""name": "S""#),
    ("TD22", r#""interval": 30"#, r#""interval": 3"#, "set a number from 5 to 300", r#""interval": 5"#),
    (
        "TD22",
        r#"["CMD", "true"]"#,
        r#"["true"]"#,
        r#"write ["CMD-SHELL", "command || exit 1"]"#,
        r#"["CMD-SHELL", "command || exit 1"]"#,
    ),
    ("TD23", ROLE, "\"<ROLE>\"", "arn:aws:iam::123456789012:role/NAME", "\"arn:aws:iam::123456789012:role/NAME\""),
    ("TD24", r#""/shop/s""#, r#""<SECRET>""#, "the name of a parameter", r#""secret""#),
    (
        "TD24",
        r#""/shop/s""#,
        r#""DB_PASSWORD""#,
        "write the ARN",
        r#""arn:aws:ssm:eu-west-1:111111111111:parameter/s""#,
    ),
    ("TD25", r#""awslogs-group": "g", "#, "", r#"add "awslogs-group" to the options"#, r#""awslogs-group": "g", "#),
    ("TD25", r#""eu-west-1""#, r#""eu-west""#, "such as eu-west-1", r#""eu-west-1""#),
    (
        "TD25",
        r#", "awslogs-stream-prefix": "p""#,
        "",
        r#"add "awslogs-stream-prefix""#,
        r#", "awslogs-stream-prefix": "p""#,
    ),
    ("TD26", r#""executionRoleArn":"#, r#""taskRoleArn":"#, r#"set "executionRoleArn""#, r#""executionRoleArn":"#),
    (
        "TD27",
        r#""essential": true"#,
        r#""essential": true, "privileged": true"#,
        "remove privileged",
        r#""essential": true"#,
    ),
    (
        "TD27",
        r#""essential": true"#,
        r#""essential": true, "stopTimeout": 500"#,
        "set 2-120",
        r#""essential": true, "stopTimeout": 120"#,
    ),
    (
        "TD38",
        "\"cpu\": \"256\",\n  \"memory\": \"512\"",
        r#""cpu": "1024", "memory": "2048", "ephemeralStorage": { "sizeInGiB": 30 }, "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" }"#,
        "remove ephemeralStorage",
        r#""cpu": "1024", "memory": "2048", "runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" }"#,
    ),
    (
        "TD28",
        r#""volumes""#,
        r#""taskRolArn": "arn:aws:iam::111111111111:role/a", "volumes""#,
        r#"write "taskRoleArn""#,
        r#""taskRoleArn": "arn:aws:iam::111111111111:role/a", "volumes""#,
    ),
    (
        "TD28",
        r#""essential": true"#,
        r#""essential": true, "networkMode": "awsvpc""#,
        "move it out of containerDefinitions",
        r#""essential": true"#,
    ),
    ("CHK04", "80 }", r#"80, "protocol": "udp" }"#, "map the port for TCP", r#"80, "protocol": "tcp" }"#),
    (
        "PAR20",
        r#""portMappings": [{ "containerPort": 80 }],"#,
        "",
        "add a port mapping to the task definition",
        r#""portMappings": [{ "containerPort": 80 }],"#,
    ),
    ("TD11", r#""nginx:1""#, r#""REPOSITORY_URI:TAG""#, "write it in the task definition", r#""repo/app:1.4.2""#),
];

fn with(text: impl Into<Vec<u8>>) -> Call {
    call("generate --artifact made --task-definition-file t.json --container-name web").file("t.json", text)
}

fn edited(from: &str, to: &str) -> String {
    assert!(TASK_DEFINITION.contains(from), "{from}");
    TASK_DEFINITION.replacen(from, to, 1)
}

fn inactive() -> String {
    let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop:3";
    edited("{", &format!("{{\"status\": \"INACTIVE\", \"revision\": 3, \"taskDefinitionArn\": \"{arn}\","))
}

/// The faultless file with this many containers more.
fn containers(count: usize) -> String {
    let more: Vec<String> = (0..count).map(|at| format!(", {{ \"name\": \"c{at}\", \"image\": \"a:1\" }}")).collect();
    let more = more.concat();
    edited("\"fluent:1\" }", &format!("\"fluent:1\" }}{more}"))
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = EDITS
        .iter()
        .map(|(code, from, bad, hint, good)| row(code, with(edited(from, bad)), hint, with(edited(from, good))))
        .collect();
    let fine = || with(TASK_DEFINITION);
    let flags = |call: Call, flags: &str| Call { args: format!("{} {flags}", call.args), ..call };
    let placeholder = || with(edited("nginx:1", "<IMAGE1_NAME>"));
    let utf16: Vec<u8> = TASK_DEFINITION.encode_utf16().flat_map(u16::to_le_bytes).collect();
    rows.extend([
        row(
            "TD02",
            flags(with(inactive()), "--appspec-task-definition arn"),
            "remove --appspec-task-definition",
            with(inactive()),
        ),
        row("TD05", with([b"\xff\xfe".to_vec(), utf16].concat()), "save it as UTF-8", fine()),
        row("TD06", placeholder(), "add --images web=IMAGE1_NAME", flags(placeholder(), "--images web=IMAGE1_NAME")),
        row("TD08", with("{\"containerDefinitions\": []}"), "register-task-definition accepts it", fine()),
        row(
            "TD11",
            with(edited("nginx:1", "REPOSITORY_URI:TAG")),
            "add --images web=repo/app:1.4.2",
            flags(with(edited("nginx:1", "REPOSITORY_URI:TAG")), "--images web=repo/app:1.4.2"),
        ),
        row("TD14", with(""), "`aws ecs describe-task-definition` prints a task definition", fine()),
        row("TD17", with(containers(9)), "move some containers to another task definition", with(containers(8))),
        row(
            "PAR20",
            call("generate --artifact made --task-definition-file t.json")
                .file("t.json", edited("80 }]", "80 }, { \"containerPort\": 81 }]")),
            "set --container-name and --container-port to one of them",
            flags(with(edited("80 }]", "80 }, { \"containerPort\": 81 }]")), "--container-port 80"),
        ),
        row("CHK02", generate("--appspec-task-definition arn"), "remove --appspec-task-definition arn", generate("")),
        row(
            "CHK02",
            generate("--appspec-task-definition arn"),
            "name a registered revision with --task-definition instead of the file",
            call("generate --artifact made --appspec-task-definition arn --task-definition shop:3 --region eu-west-1"),
        )
        .then("AWS04"),
    ]);
    rows
}

#[test]
fn task_definitions() {
    check(&rows());
}
