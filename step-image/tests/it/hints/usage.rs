//! Command lines that cannot be parsed.

use super::{Row, call, check, generate, row};

pub(super) fn rows() -> Vec<Row> {
    let verb =
        |verb: &str| call(&format!("{verb} --artifact made --task-definition-file base.json --container-name web"));
    let wait = |flags: &str| call(&format!("wait --region eu-west-1 d-ABCDEFGH1 {flags}"));
    vec![
        row("USE01", generate("--image-uri web=a:1"), "write --images CONTAINER=IMAGE", generate("--images web=a:1")),
        row("USE02", verb("generat"), "write generate instead", verb("generate")),
        row("USE03", call(""), "use one of the commands in `codedeploy-artifact --help`", call("generate --help")),
        row("USE04", generate("--images"), "write --images", generate("--images web=a:1")),
        row("USE05", generate("--output jso"), "write json instead", generate("--output json")),
        row("USE05", wait("--timeout 5"), "see --timeout in `codedeploy-artifact wait --help`", wait("--timeout 5m"))
            .then("AWS04"),
        row(
            "USE06",
            call("generate --task-definition-file base.json --container-name web"),
            "add --artifact <PATH>",
            generate(""),
        ),
        row("USE07", generate("--container-name web"), "write --container-name", generate("")),
        row("USE11", generate("--output sarif"), "write --output text or --output json", generate("--output json")),
        row("USE08", generate("x"), "see `codedeploy-artifact generate --help`", generate("")),
    ]
}

#[test]
fn command_lines() {
    check(&rows());
}
