//! Faults that `deploy`, `upload` and `rotate` find before they ask AWS. What follows is that there are no credentials here.

use super::{APPSPEC, Call, Row, TASK_DEFINITION, call, check, row};

const ARN: &str = "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop:3";
const DEPLOY: &str = "deploy --region eu-west-1 --service prod/shop";
const UPLOAD: &str = "upload --region eu-west-1 --to s3://my-bucket/web/appspec.yml";

fn deploy(flags: &str) -> Call {
    call(&format!("{DEPLOY} {flags}")).file("made/appspec.yml", APPSPEC).file("made/taskdef.json", TASK_DEFINITION)
}

fn upload(flags: &str) -> Call {
    call(&format!("{UPLOAD} {flags}")).file("made/appspec.yml", APPSPEC)
}

fn named(call: Call, task_definition: &str) -> Call {
    call.file("a.yml", APPSPEC.replacen("<TASK_DEFINITION>", task_definition, 1))
}

pub(super) fn rows() -> Vec<Row> {
    of_deploy().into_iter().chain(of_others()).map(|row| row.then("AWS04")).collect()
}

fn of_deploy() -> Vec<Row> {
    let offline = |flags: &str| deploy(&format!("--artifact made --register {flags}"));
    vec![
        row(
            "NTF01",
            offline("--notify deployments"),
            "name a topic, such as arn:aws:sns:eu-west-1:111111111111:deployments",
            offline("--notify arn:aws:sns:eu-west-1:111111111111:deployments"),
        ),
        row("DEP21", deploy("--artifact made"), "add --register", deploy("--artifact made --register")),
        row(
            "DEP21",
            deploy("--appspec base.yml"),
            "--task-definition ARN",
            deploy(&format!("--appspec base.yml --task-definition {ARN}")),
        ),
        row(
            "DEP24",
            deploy("--appspec base.yml --register"),
            "--taskdef FILE",
            deploy("--appspec base.yml --register --taskdef base.json"),
        ),
        row(
            "DEP24",
            deploy("--appspec base.yml --register"),
            "use an --artifact with taskdef.json",
            deploy("--artifact made --register"),
        ),
        row("DEP25", deploy("--revision s3://-ab/k"), "3-63 lowercase letters", deploy("--revision s3://my-bucket/k")),
        row(
            "DEP27",
            call("deploy --region eu-west-1 --artifact made --register")
                .file("made/appspec.yml", APPSPEC)
                .file("made/taskdef.json", TASK_DEFINITION),
            "--service CLUSTER/SERVICE",
            deploy("--artifact made --register"),
        ),
        row(
            "DEP28",
            named(deploy("--appspec a.yml"), "shop:3"),
            "arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION",
            named(deploy("--appspec a.yml"), ARN),
        ),
        row(
            "DEP29",
            deploy("--artifact other --register")
                .file("other/spec.yml", APPSPEC)
                .file("other/taskdef.json", TASK_DEFINITION),
            "name the AppSpec in the artifact with --appspec-path",
            deploy("--artifact other --register --appspec-path spec.yml")
                .file("other/spec.yml", APPSPEC)
                .file("other/taskdef.json", TASK_DEFINITION),
        ),
        row(
            "ZIP10",
            deploy("--artifact made --register --appspec-path ../a.yml"),
            "use a relative path with forward slashes",
            deploy("--artifact made --register --appspec-path appspec.yml"),
        ),
        row(
            "DEP26",
            offline("--auto-rollback always"),
            "failure,alarm,stop",
            offline("--auto-rollback failure,alarm,stop"),
        ),
    ]
}

fn of_others() -> Vec<Row> {
    let offline = |flags: &str| deploy(&format!("--artifact made --register {flags}"));
    let wait = |flags: &str| call(&format!("wait --region eu-west-1 d-ABCDEFGH1 {flags}"));
    vec![
        row(
            "UPL01",
            upload("base.yml"),
            "add --task-definition ARN",
            upload(&format!("base.yml --task-definition {ARN}")),
        ),
        row(
            "UPL02",
            named(upload("a.yml"), "shop:3"),
            "write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION",
            named(upload("a.yml"), ARN),
        ),
        row(
            "UPL02",
            named(upload("a.yml"), "shop:3"),
            "add --task-definition ARN",
            named(upload(&format!("a.yml --task-definition {ARN}")), "shop:3"),
        ),
        row(
            "UPL03",
            upload("base.yml --task-definition shop"),
            "arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION",
            upload(&format!("base.yml --task-definition {ARN}")),
        ),
        row(
            "UPL04",
            named(upload("other"), ARN).file("other/spec.yml", APPSPEC),
            "name the AppSpec in the artifact with --appspec-path",
            upload(&format!("other --appspec-path spec.yml --task-definition {ARN}")).file("other/spec.yml", APPSPEC),
        ),
        row(
            "UPL05",
            upload(&format!("base.yml --appspec-path appspec.yml --task-definition {ARN}")),
            "remove --appspec-path",
            upload(&format!("base.yml --task-definition {ARN}")),
        ),
        row(
            "UPL06",
            call(&format!("upload --region eu-west-1 --to s3://b base.yml --task-definition {ARN}")),
            "s3://my-bucket/web/appspec.yml",
            upload(&format!("base.yml --task-definition {ARN}")),
        ),
        row(
            "UPL07",
            upload(&format!("base.yml --task-definition {ARN} --kms-key a~b")),
            "alias/NAME",
            upload(&format!("base.yml --task-definition {ARN} --kms-key alias/deploy")),
        ),
        row("DEP26", offline("--auto-rollback always"), "use --auto-rollback none", offline("--auto-rollback none")),
        row("DEP37", call("wait --region eu-west-1"), "give the ID of a deployment", wait("")),
        row(
            "DEP37",
            call("stop --region eu-west-1"),
            "--service CLUSTER/SERVICE",
            call("stop --region eu-west-1 --service a/b"),
        ),
        row(
            "DEP34",
            call("list --region eu-west-1 --cluster dev --service prod/shop"),
            "remove --cluster",
            call("list --region eu-west-1 --service prod/shop"),
        ),
        row(
            "PAR15",
            call("status --region eu-west-1 --service shop"),
            "add --cluster CLUSTER",
            call("status --region eu-west-1 --service shop --cluster prod"),
        ),
        row("CLI10", wait("--report a.txt"), "use .html", wait("--report a.html")),
        row(
            "ROT01",
            call("rotate --region eu-west-1 shop"),
            "such as prod/shop",
            call("rotate --region eu-west-1 prod/shop"),
        ),
    ]
}

#[test]
fn deployments() {
    check(&rows());
}
