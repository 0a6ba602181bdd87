//! Findings that only `check` reports: what CodeDeploy and CodeDeployToECS need of the two files.

use super::{APPSPEC, Call, Row, TASK_DEFINITION, call, check, row};

/// `check` with an AppSpec and a task definition, and these flags more.
fn files(appspec: &str, taskdef: &str, flags: &str) -> Call {
    call(&format!("check --appspec a.yml --taskdef t.json --strict {flags}"))
        .file("a.yml", appspec)
        .file("t.json", taskdef)
}

/// `check` of a folder with these files.
fn folder(files: &[(&'static str, &str)]) -> Call {
    files.iter().fold(call("check build --strict"), |call, (name, text)| call.file(name, *text))
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<Row> {
    let arn = |family: &str| {
        let arn = format!("arn:aws:ecs:eu-west-1:111111111111:task-definition/{family}:7");
        APPSPEC.replace("<TASK_DEFINITION>", &arn)
    };
    let image = |image: &str| TASK_DEFINITION.replace("nginx:1", image);
    let five: Vec<String> = (1..=5).map(|it| format!("{{\"name\": \"c{it}\", \"image\": \"<I{it}>\"}},")).collect();
    let many = |count: usize| {
        let containers = five.iter().take(count).map(String::as_str).collect::<String>();
        TASK_DEFINITION.replace("{ \"name\": \"log\"", &format!("{containers} {{ \"name\": \"log\""))
    };
    let names = |count: usize| {
        let names: Vec<String> = (1..=count).map(|it| format!("I{it}")).collect();
        format!("--image-placeholders {}", names.join(","))
    };
    let changed = |from: &str, to: &str| files(APPSPEC, &TASK_DEFINITION.replace(from, to), "");
    let sound = || files(APPSPEC, TASK_DEFINITION, "");
    let large = format!("\"value\": \"{}\"", "x".repeat(70_000));
    vec![
        row("CHK09", changed("\"/data\"", "\"/__DATA__\""), "replace it", sound()),
        row("CHK10", files(APPSPEC, TASK_DEFINITION, "--ignore TD15"), "remove it from the codes to ignore", sound()),
        row("IMG07", changed("nginx:1", "nginx"), "use a tag that does not move", sound()),
        row("IMG07", changed("nginx:1", "nginx:latest"), "use a tag that does not move", sound()),
        row(
            "IMG08",
            changed("\"nginx:1\"", "\"nginx:1\", \"versionConsistency\": \"disabled\""),
            "remove \"versionConsistency\"",
            sound(),
        ),
        row("TD32", changed("\"value\": \"1\"", &large), "move environment variables to environmentFiles", sound()),
        row(
            "TD33",
            changed("\"/shop/s\"", "\"arn:aws:ssm:us-east-1:111111111111:parameter/shop/s\""),
            "name a secret or parameter in eu-west-1",
            changed("\"/shop/s\"", "\"arn:aws:ssm:eu-west-1:111111111111:parameter/shop/s\""),
        ),
        row(
            "TD33",
            changed("\"/shop/s\"", "\"arn:aws-cn:ssm:eu-west-1:111111111111:parameter/shop/s\""),
            "name a secret or parameter in partition aws",
            sound(),
        ),
        row(
            "TD34",
            changed("\"name\": \"A\", \"value\": \"1\"", "\"name\": \"A_PASSWORD\", \"value\": \"x1y\""),
            "move it from \"environment\" to \"secrets\"",
            sound(),
        ),
        row(
            "TD34",
            changed("\"value\": \"1\"", "\"value\": \"AKIAIOSFODNN7EXAMPLE\""),
            "replace the credential",
            sound(),
        ),
        row("TD35", changed("\"family\"", "\"revision\": 7, \"family\""), "remove them", sound()),
        row(
            "TD35",
            files(APPSPEC, &format!("{{\"taskDefinition\": {TASK_DEFINITION}}}"), ""),
            "keep only its content",
            sound(),
        ),
        row("TD36", changed("\"family\"", "\"taskRoleArn\": null, \"family\""), "remove them", sound()),
        row(
            "CHK05",
            files(&APPSPEC.replace("<TASK_DEFINITION>", "shop"), TASK_DEFINITION, ""),
            "write <TASK_DEFINITION> for CodePipeline",
            files(APPSPEC, TASK_DEFINITION, ""),
        ),
        row(
            "CHK06",
            files(&arn("other"), TASK_DEFINITION, ""),
            "write <TASK_DEFINITION>",
            files(APPSPEC, TASK_DEFINITION, ""),
        ),
        row(
            "CHK06",
            files(&arn("shop"), TASK_DEFINITION, ""),
            "write <TASK_DEFINITION>",
            files(APPSPEC, TASK_DEFINITION, ""),
        ),
        row(
            "CHK07",
            folder(&[("build/appspec.yml", APPSPEC), ("build/taskdef.json", TASK_DEFINITION)]),
            "set AppSpecTemplatePath: appspec.yml in the action",
            folder(&[("build/appspec.yaml", APPSPEC), ("build/taskdef.json", TASK_DEFINITION)]),
        ),
        row(
            "CHK08",
            folder(&[("build/taskdef.json", TASK_DEFINITION)]),
            "add one",
            folder(&[("build/appspec.yaml", APPSPEC), ("build/taskdef.json", TASK_DEFINITION)]),
        ),
        row(
            "CHK08",
            folder(&[("build/appspec.yaml", APPSPEC)]),
            "add one",
            folder(&[("build/appspec.yaml", APPSPEC), ("build/taskdef.json", TASK_DEFINITION)]),
        ),
        row(
            "IMG03",
            files(APPSPEC, &many(5), &names(5)),
            "write the other images into the task definition",
            files(APPSPEC, &many(4), &names(4)),
        ),
        row(
            "IMG04",
            files(APPSPEC, &image("<IMAGE1_NAME>"), ""),
            "set Image1ContainerName to IMAGE1_NAME",
            files(APPSPEC, &image("<IMAGE1_NAME>"), "--image-placeholders IMAGE1_NAME"),
        ),
        row(
            "IMG05",
            files(APPSPEC, &image("<IMAGE1_NAME>"), "--image-placeholders IMAGE"),
            "set ImageNContainerName to IMAGE1_NAME",
            files(APPSPEC, &image("<IMAGE1_NAME>"), "--image-placeholders IMAGE1_NAME"),
        ),
        row(
            "IMG06",
            files(APPSPEC, TASK_DEFINITION, "--image-placeholders IMAGE1_NAME"),
            "write <IMAGE1_NAME> as the image of a container",
            files(APPSPEC, &image("<IMAGE1_NAME>"), "--image-placeholders IMAGE1_NAME"),
        ),
    ]
}

#[test]
fn hints_of_check_lead_on() {
    check(&rows());
}
