//! Faults of an AppSpec given as a template.

use super::{APPSPEC, Call, Row, call, check, row};

const NETWORK: &str = "ContainerPort: 80\n        NetworkConfiguration:\n          AwsvpcConfiguration:\n            ";
const PORT: &str = "ContainerPort: 80";

/// The code, a part of the faultless file, what stands there instead, the hint, and what it says to write there.
const EDITS: &[(&str, &str, &str, &str, &str)] = &[
    ("APP02", "  - BeforeInstall", "\t- BeforeInstall", "indent with spaces", "  - BeforeInstall"),
    ("APP03", "version: 0.0", "version: 0.0\nversion: 0.0", "remove one of them", "version: 0.0"),
    ("APP04", "Hooks:", "---\nHooks:", "remove the others and the --- lines", "Hooks:"),
    ("APP05", "prepare", "!Ref prepare", "write the value itself", "prepare"),
    ("APP08", "version: 0.0", "version: 1", "write version: 0.0", "version: 0.0"),
    ("APP08", "version: 0.0", "version: next", "write version: 0.0", "version: 0.0"),
    ("APP08", "version: 0.0\n", "", "write version: 0.0", "version: 0.0\n"),
    (
        "APP09",
        "  - TargetService:",
        "  - Other: {}\n  - TargetService:",
        "write one list item under Resources",
        "  - TargetService:",
    ),
    ("APP10", "AWS::ECS::Service", "AWS::ECS::Task", "Type: AWS::ECS::Service", "AWS::ECS::Service"),
    (
        "APP11",
        "ContainerName: web\n          ContainerPort: 80",
        "- ContainerName: web\n            ContainerPort: 80",
        "write ContainerName and ContainerPort below it, without dashes",
        "ContainerName: web\n          ContainerPort: 80",
    ),
    ("APP12", "BeforeInstall", "BeforInstall", "use BeforeInstall", "BeforeInstall"),
    ("APP13", PORT, "yup", "ENABLED", "ENABLED"),
    ("APP14", PORT, "subnet-x_", "subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67890"),
    ("APP16", "prepare", "[prepare", "check quotes, commas, brackets", "prepare"),
    ("APP18", "prepare", "no", "put the value in quotes", "\"no\""),
    (
        "APP19",
        "        TaskDefinition: <TASK_DEFINITION>\n",
        "",
        "add TaskDefinition: <TASK_DEFINITION>",
        "        TaskDefinition: <TASK_DEFINITION>\n",
    ),
    ("APP20", "Hooks:", "Hooks_:", "write Hooks", "Hooks:"),
    ("APP20", "version: 0.0", "version: 0.0\nnotes: 1", "remove the key", "version: 0.0"),
    ("APP21", "ContainerName: web", "ContainerName: [web]", "write one value after the colon", "ContainerName: web"),
    ("APP22", PORT, "", "remove NetworkConfiguration", ""),
    (
        "APP23",
        PORT,
        "ContainerPort: 80\n        CapacityProviderStrategy:\n          - CapacityProvider: FARGATE\n            Weight: 1\n          - CapacityProvider: FARGATE",
        "remove one of them",
        "ContainerPort: 80\n        CapacityProviderStrategy:\n          - CapacityProvider: FARGATE\n            Weight: 1\n          - CapacityProvider: FARGATE_SPOT",
    ),
    (
        "APP24",
        PORT,
        "ContainerPort: 80\n        PlatformVersion: \"1.4\"",
        "LATEST",
        "ContainerPort: 80\n        PlatformVersion: LATEST",
    ),
    (
        "APP25",
        "prepare",
        "\"a b\"",
        "arn:aws:lambda:REGION:ACCOUNT:function:NAME",
        "arn:aws:lambda:eu-west-1:111111111111:function:prepare",
    ),
    ("APP26", "prepare", "prepare\n  - BeforeInstall: other", "call one function per lifecycle event", "prepare"),
    (
        "APP26",
        "prepare",
        "prepare\n    AfterInstall: other",
        "start each hook with its own dash",
        "prepare\n  - AfterInstall: other",
    ),
    ("APP27", PORT, "ContainerPort: 99999", "write the container port", "ContainerPort: 80"),
    ("APP28", "ContainerName: web", "ContainerName: \"\"", "write a value after the colon", "ContainerName: web"),
    ("APP29", "TargetService", "\"\"", "name it TargetService", "TargetService"),
    ("APP30", "Hooks:", "os: linux\nfiles: []\nHooks:", "version, Resources and Hooks only", "Hooks:"),
    (
        "APP31",
        "      Properties:",
        "      PlatformVersion: LATEST\n      Properties:",
        "move PlatformVersion below Properties and indent it two spaces more than Properties",
        "      Properties:\n        PlatformVersion: LATEST",
    ),
    (
        "CHK01",
        "<TASK_DEFINITION>",
        "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop:3",
        "write TaskDefinition: <TASK_DEFINITION>",
        "<TASK_DEFINITION>",
    ),
    ("PAR13", "ContainerName: web", "ContainerName: wbe", "to one of these", "ContainerName: web"),
    ("PAR14", PORT, "ContainerPort: 81", "to a mapped port", "ContainerPort: 80"),
];

/// Three members of a network, of which the row sets one.
fn network(code: &str, value: &str) -> Option<String> {
    let (subnet, group, public) = match code {
        "APP13" => ("subnet-0a1", "SecurityGroups: [sg-0a1]", value),
        "APP14" => (value, "SecurityGroups: [sg-0a1]", "ENABLED"),
        "APP22" => ("subnet-0a1", "", "ENABLED"),
        _ => return None,
    };
    Some(format!("{NETWORK}Subnets: [{subnet}]\n            {group}\n            AssignPublicIp: {public}"))
}

fn with(text: impl Into<Vec<u8>>) -> Call {
    call("generate --artifact made --task-definition-file base.json --appspec-template a.yml").file("a.yml", text)
}

fn edited(from: &str, to: &str) -> String {
    assert!(APPSPEC.contains(from), "{from}");
    APPSPEC.replacen(from, to, 1)
}

pub(super) fn rows() -> Vec<Row> {
    let text = |code: &str, from: &str, to: &str| match network(code, to) {
        Some(network) => edited(from, &network),
        None => edited(from, to),
    };
    let mut rows: Vec<Row> = EDITS
        .iter()
        .map(|(code, from, bad, hint, good)| {
            // What a hint says to leave out.
            let followed = if good.is_empty() { APPSPEC.to_owned() } else { text(code, from, good) };
            row(code, with(text(code, from, bad)), hint, with(followed))
        })
        .collect();
    let utf16: Vec<u8> = APPSPEC.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let many = (0..70).map(|_| "[").chain((0..70).map(|_| "]")).collect::<String>();
    let web = "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop:3";
    let chk03 = |revision: &str| {
        call("generate --artifact made --task-definition-file t.json --appspec-template a.yml --appspec-task-definition arn")
            .file("t.json", super::TASK_DEFINITION.replacen('{', &format!("{{\"taskDefinitionArn\": \"{web}\","), 1))
            .file("a.yml", edited("<TASK_DEFINITION>", revision))
    };
    let alias = format!("{APPSPEC}x: [&x {}{}]\n", "y".repeat(30_000), ", *x".repeat(40));
    rows.extend([
        row("APP06", with(alias), "write out the values instead of using anchors and aliases", with(APPSPEC)),
        row("APP07", with(edited("prepare", &many)), "nest lists and maps less deeply", with(APPSPEC)),
        row("APP15", with([b"\xff\xfe".to_vec(), utf16].concat()), "save the file as UTF-8", with(APPSPEC)),
        row(
            "CHK03",
            chk03("arn:aws:ecs:eu-west-1:111111111111:task-definition/shop:4"),
            "write TaskDefinition: ${TASK_DEFINITION_ARN}",
            chk03("${TASK_DEFINITION_ARN}"),
        ),
    ]);
    rows
}

#[test]
fn appspecs() {
    check(&rows());
}
