//! Faults of flags and of the configuration file of `generate`.

use super::{Row, call, check, generate, row};

/// A task definition that is described in AWS.
const DESCRIBED: &str = "generate --artifact made --task-definition shop --container-name web";

/// The code, the flags beside those of [`generate`], the hint, and the flags that it leads to.
const FLAGS: &[(&str, &str, &str, &str)] = &[
    ("PAR05", "--container-port 0", "set it to a containerPort of the task definition", "--container-port 80"),
    ("PAR12", "--images web=a~b", "repo/app:1.4.2", "--images web=repo/app:1.4.2"),
    ("PAR12", "--images web=A/B", "IMAGE1_NAME", "--images web=IMAGE1_NAME"),
    (
        "PAR12",
        "--images web=a:1,log=b:1",
        "write --images web=a:1 --images log=b:1",
        "--images web=a:1 --images log=b:1",
    ),
    ("PAR13", "--images wbe=a:1", "the keys of --images to one of these", "--images web=a:1"),
    ("PAR14", "--container-port 81", "set --container-port to a mapped port", "--container-port 80"),
    ("PAR15", "--images web", "write the key, an equals sign and the value", "--images web=a:1"),
    ("PAR15", "--appspec-path ../x.yml", "set --appspec-path to a relative path", "--appspec-path x.yml"),
    (
        "PAR15",
        "--network subnets=subnet-0a1,security_groups=sg-0a1",
        "set --network assign_public_ip=… to ENABLED",
        "--network subnets=subnet-0a1,security_groups=sg-0a1,assign_public_ip=ENABLED",
    ),
    ("PAR15", "--ignore ACC99", "such as TD26 or TD26=REASON", "--ignore ACC09"),
    ("PAR16", "--application shop --deployment-group web", "set --verify as well, or remove --application", ""),
    ("PAR16", "--task-definition shop", "remove --task-definition or --task-definition-file", ""),
    ("PAR16", "--variables A=1", "or remove --variables", ""),
    (
        "PAR16",
        "--appspec-path x.yml --taskdef-path x.yml",
        "two different values",
        "--appspec-path x.yml --taskdef-path y.json",
    ),
    (
        "PAR19",
        "--images web=A --images log=B --images a=C --images b=D --images c=E",
        "use references such as repo/app:1.4.2",
        "--images web=A --images log=repo/app:1.4.2",
    ),
    ("IMG02", "--images web=image1_name", "write IMAGE1_NAME", "--images web=IMAGE1_NAME"),
    ("IMG02", "--images web=image1_name", "or <image1_name>", "--images web=<image1_name>"),
    ("APP12", "--hooks Before=x", "use BeforeInstall", "--hooks BeforeInstall=x"),
    ("APP24", "--platform-version 1", "write LATEST", "--platform-version LATEST"),
    ("APP25", "--hooks BeforeInstall=a~b", "write the name of a function", "--hooks BeforeInstall=a-b"),
];

/// The same for a task definition in AWS: what follows is that there are no credentials here.
const ONLINE: &[(&str, &str, &str, &str)] = &[
    ("PAR07", "--region eu", "use a Region such as eu-west-1", "--region eu-west-1"),
    (
        "PAR08",
        "--region eu-west-1 --role-arn x",
        "arn:aws:iam::123456789012:role/deploy-reader",
        "--region eu-west-1 --role-arn arn:aws:iam::123456789012:role/deploy-reader",
    ),
    (
        "PAR10",
        "--region eu-west-1 --role-arn arn:aws:iam::111111111111:role/r --external-id x",
        "copy the external ID",
        "--region eu-west-1 --role-arn arn:aws:iam::111111111111:role/r --external-id of-the-policy",
    ),
];

/// The code, the configuration file, the hint, and the file that it leads to.
const CONFIG: &[(&str, &str, &str, &str)] = &[
    ("PAR02", "[]", "write {\"task_definition\": ", "{\"container_name\": \"web\"}"),
    ("PAR02", "{container_name: web}", "check quotes, commas, brackets", "{\"container_name\": \"web\"}"),
    ("PAR03", "{\"container_nam\": \"web\"}", "write container_name", "{\"container_name\": \"web\"}"),
    ("PAR03", "{\"container_nam\": \"web\"}", "or remove it", "{}"),
    ("PAR04", "{\"container_port\": 80, \"container_port\": 80}", "remove one of them", "{\"container_port\": 80}"),
];

pub(super) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = FLAGS
        .iter()
        .map(|(code, failing, hint, followed)| row(code, generate(failing), hint, generate(followed)))
        .collect();
    let online = |flags: &str| call(&format!("{DESCRIBED} {flags}"));
    rows.extend(
        ONLINE
            .iter()
            .map(|(code, failing, hint, followed)| row(code, online(failing), hint, online(followed)).then("AWS04")),
    );
    let config = |text: &str| {
        call("generate --artifact made --task-definition-file base.json --config c.json").file("c.json", text)
    };
    rows.extend(
        CONFIG.iter().map(|(code, failing, hint, followed)| row(code, config(failing), hint, config(followed))),
    );
    let images = |count: usize| {
        let images: Vec<String> = (0..count).map(|number| format!("--images c{number}=a:1")).collect();
        generate(&images.join(" "))
    };
    rows.extend([
        row("PAR11", generate("--images web=a¶b"), "such as repo/app:1.4.2", generate("--images web=repo/app:1.4.2")),
        row(
            "PAR18",
            call("generate --artifact made --task-definition-file in:: --container-name web"),
            "use a path, or ARTIFACT::PATH",
            generate(""),
        ),
        row(
            "PAR17",
            call("generate --artifact made --container-name web"),
            "set --task-definition, --task-definition-file",
            generate(""),
        ),
        row("PAR21", images(200), "remove from --images", generate("--images web=a:1")),
    ]);
    rows
}

#[test]
fn requests() {
    check(&rows());
}
