//! Faults of `diff`, all of them found without AWS.

use super::{APPSPEC, Call, Row, TASK_DEFINITION, call, check, row};

fn diff(flags: &str) -> Call {
    call(&format!("diff {flags}")).file("other/taskdef.json", TASK_DEFINITION)
}

pub(super) fn rows() -> Vec<Row> {
    let of_a_service = "--region eu-west-1 --service prod/shop --three-way";
    vec![
        row(
            "DIF01",
            diff("empty --against other").file("empty/notes.txt", "nothing"),
            "give the files with --appspec and --taskdef",
            diff("--taskdef base.json --against other"),
        ),
        row(
            "DIF02",
            diff("--appspec base.yml --against other"),
            "give a task definition with --taskdef",
            diff("--appspec base.yml --taskdef base.json --against other"),
        ),
        row(
            "DIF02",
            diff("--appspec base.yml --against other"),
            "an artifact with taskdef.json",
            diff("made --against other").file("made/appspec.yml", APPSPEC).file("made/taskdef.json", TASK_DEFINITION),
        ),
        row(
            "DIF03",
            diff(&format!("--appspec base.yml {of_a_service}")),
            "give a task definition with --taskdef",
            diff(&format!("--appspec base.yml --taskdef base.json {of_a_service}")),
        )
        .then("AWS04"),
        row(
            "DIF03",
            diff(&format!("--appspec base.yml {of_a_service}")),
            "leave out --three-way",
            diff("--appspec base.yml --region eu-west-1 --service prod/shop"),
        )
        .then("AWS04"),
    ]
}

#[test]
fn comparisons() {
    check(&rows());
}
