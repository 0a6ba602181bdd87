//! Rules with an example in the task definition.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        code: "CHK04",
        title: "A port that is mapped for TCP",
        good: r#""protocol": "tcp""#,
        bad: r#""protocol": "udp""#,
    },
    Rule {
        code: "CHK09",
        title: "Text that was not replaced",
        good: r#""containerPath": "/data""#,
        bad: r#""containerPath": "/__DATA__""#,
    },
    Rule {
        code: "IMG07",
        title: "Tags of images that move",
        good: "aws-for-fluent-bit:2.32.0",
        bad: "aws-for-fluent-bit:latest",
    },
    Rule {
        code: "IMG08",
        title: "Digests of images if versionConsistency is disabled",
        good: r#""essential": false"#,
        bad: r#""essential": false,
      "versionConsistency": "disabled""#,
    },
    Rule {
        code: "TD03",
        title: "Compatibility with Fargate",
        good: r#""requiresCompatibilities": ["FARGATE"]"#,
        bad: r#""requiresCompatibilities": ["EC2"]"#,
    },
    Rule {
        code: "TD04",
        title: "The network mode",
        good: r#""networkMode": "awsvpc""#,
        bad: r#""networkMode": "bridge""#,
    },
    Rule { code: "TD05", title: "Syntax of JSON and YAML", good: r#""cpu": "512","#, bad: r#""cpu": "512",,"# },
    Rule {
        code: "TD08",
        title: "Members that are missing",
        good: r#""command": ["CMD-SHELL", "curl -f http://localhost:8080/"], "interval": 10"#,
        bad: r#""interval": 10"#,
    },
    Rule { code: "TD09", title: "Types of members", good: r#""memory": 512"#, bad: r#""memory": "512""# },
    Rule {
        code: "TD10",
        title: "Names of containers that are given twice",
        good: r#""essential": false
    }"#,
        bad: r#""essential": false
    },
    {
      "name": "log",
      "image": "fluent/fluent-bit:3.2.0",
      "essential": false
    }"#,
    },
    Rule {
        code: "TD11",
        title: "References of images",
        good: "aws-for-fluent-bit:2.32.0",
        bad: "aws-for-fluent-bit:${TAG}",
    },
    Rule {
        code: "TD13",
        title: "Names of families and containers",
        good: r#""family": "shop""#,
        bad: r#""family": "my shop""#,
    },
    Rule {
        code: "TD14",
        title: "Files of another kind",
        good: r#""containerDefinitions": ["#,
        bad: r#""ContainerDefinitions": ["#,
    },
    Rule { code: "TD15", title: "CPU and memory that Fargate offers", good: r#""cpu": "512""#, bad: r#""cpu": "500""# },
    Rule {
        code: "TD16",
        title: "CPU and memory of containers within those of the task",
        good: r#""memory": 512"#,
        bad: r#""memory": 2048"#,
    },
    Rule {
        code: "TD17",
        title: "Essential containers, and how many there are",
        good: r#""essential": true"#,
        bad: r#""essential": false"#,
    },
    Rule {
        code: "TD18",
        title: "Port mappings",
        good: r#""containerPort": 8080,"#,
        bad: r#""containerPort": 8080, "hostPort": 80,"#,
    },
    Rule {
        code: "TD19",
        title: "Containers that wait for others",
        good: r#""condition": "START""#,
        bad: r#""condition": "HEALTHY""#,
    },
    Rule {
        code: "TD20",
        title: "Volumes and mount points",
        good: r#""sourceVolume": "data""#,
        bad: r#""sourceVolume": "date""#,
    },
    Rule {
        code: "TD21",
        title: "Names of variables",
        good: r#"{ "name": "STAGE", "value": "prod" }"#,
        bad: r#"{ "name": "", "value": "prod" }"#,
    },
    Rule {
        code: "TD22",
        title: "Commands of health checks",
        good: r#"["CMD-SHELL", "curl -f http://localhost:8080/"]"#,
        bad: r#"["curl -f http://localhost:8080/"]"#,
    },
    Rule {
        code: "TD23",
        title: "ARNs of roles",
        good: "arn:aws:iam::111111111111:role/shop-task",
        bad: "arn:aws:iam::${ACCOUNT}:role/shop-task",
    },
    Rule { code: "TD24", title: "Where secrets come from", good: ":parameter/shop/db", bad: ":parameter/" },
    Rule { code: "TD25", title: "Log drivers and their options", good: r#""awslogs-group": "/ecs/shop", "#, bad: "" },
    Rule {
        code: "TD26",
        title: "The execution role, if something needs it",
        good: r#"  "executionRoleArn": "arn:aws:iam::111111111111:role/shop-execution",
"#,
        bad: "",
    },
    Rule {
        code: "TD27",
        title: "What Fargate does not support",
        good: r#""stopTimeout": 30"#,
        bad: r#""privileged": true"#,
    },
    Rule {
        code: "TD28",
        title: "Members that ECS does not know, or knows elsewhere",
        good: r#""stopTimeout": 30"#,
        bad: r#""stopTimout": 30"#,
    },
    Rule {
        code: "TD29",
        title: "Values that ECS does not know",
        good: r#""cpuArchitecture": "X86_64""#,
        bad: r#""cpuArchitecture": "x86_64""#,
    },
    Rule { code: "TD30", title: "Keys of tags", good: r#""key": "team""#, bad: r#""key": "aws:team""# },
    Rule {
        code: "TD31",
        title: "Numbers and lengths within their limits",
        good: r#""softLimit": 1024"#,
        bad: r#""softLimit": 8192"#,
    },
    Rule {
        code: "TD37",
        title: "Limits of tags and of other members",
        good: r#""value": "shop""#,
        bad: r#""value": "50% shop""#,
    },
    Rule {
        code: "TD33",
        title: "Region and partition of secrets",
        good: "arn:aws:ssm:eu-west-1:",
        bad: "arn:aws:ssm:us-east-1:",
    },
    Rule {
        code: "TD34",
        title: "Secrets in plain text",
        good: r#"{ "name": "STAGE", "value": "prod" }"#,
        bad: r#"{ "name": "API_TOKEN", "value": "example" }"#,
    },
    Rule {
        code: "TD35",
        title: "Members that only describe-task-definition has",
        good: r#""family": "shop","#,
        bad: r#""family": "shop",
  "revision": 7,"#,
    },
    Rule {
        code: "TD36",
        title: "Members without a value",
        good: r#""stopTimeout": 30"#,
        bad: r#""stopTimeout": null"#,
    },
];
