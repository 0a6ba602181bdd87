//! Faults of templates and their variables.

use super::{Call, Row, TASK_DEFINITION, call, check, row};

const FAMILY: &str = "\"family\": \"shop\"";

/// The code, what stands for the family, the variables, the hint, what it leads to, and the variables then.
const EDITS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("TPL01", "${F}", "", "add --variables F=VALUE", "${F}", "--variables F=VALUE"),
    ("TPL02", "shop", "--variables A=1", "remove it from --variables", "shop", ""),
    ("TPL02", "shop", "--variables A=1", "or use it in the template", "shop-${A}", "--variables A=1"),
    (
        "TPL03",
        "${CONTAINER_NAME}",
        "--variables CONTAINER_NAME=x",
        "choose another name",
        "${NAME}",
        "--variables NAME=x",
    ),
    (
        "TPL04",
        "${A}",
        "--variables 1A=x",
        "letters, digits and underscores, not starting with a digit",
        "${A}",
        "--variables A=x",
    ),
    ("TPL05", "%{if A}", "", "write out the lines", "shop", ""),
    ("TPL06", "${A + 1}", "--variables A=1", "set it as a variable", "x${A}", "--variables A=2"),
    ("TPL07", "${A", "--variables A=x", "close it with }", "${A}", "--variables A=x"),
];

fn with(family: &str, flags: &str) -> Call {
    assert!(TASK_DEFINITION.contains(FAMILY));
    template(&TASK_DEFINITION.replacen(FAMILY, &format!("\"family\": \"{family}\""), 1), flags)
}

fn template(text: &str, flags: &str) -> Call {
    call(&format!("generate --artifact made --taskdef-template t.json --container-name web {flags}"))
        .file("t.json", text)
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = EDITS
        .iter()
        .map(|(code, bad, flags, hint, good, then)| row(code, with(bad, flags), hint, with(good, then)))
        .collect();
    let cpu = |written: &str, flags: &str| {
        template(&TASK_DEFINITION.replacen("\"cpu\": \"256\"", &format!("\"cpu\": {written}"), 1), flags)
    };
    let hook = |length: usize| {
        let text = super::APPSPEC.replacen("prepare", &"${A}".repeat(40), 1);
        let flags = format!("--appspec-template a.yml --variables A={}", "x".repeat(length));
        super::generate(&flags).file("a.yml", text)
    };
    let yaml = |written: &str| {
        call("generate --artifact made --task-definition-file base.json --appspec-template a.yml --variables X=b: --variables Y=~c")
            .file("a.yml", super::APPSPEC.replacen("prepare", written, 1))
    };
    rows.extend([
        row("TPL08", hook(4000), "make the template or the values shorter", hook(1)),
        row(
            "TPL09",
            cpu("${A}", "--variables A=a,b"),
            "put the placeholder in double quotes",
            cpu("\"${A}\"", "--variables A=256"),
        ),
        row(
            "TPL09",
            cpu("${A}", "--variables A=a,b"),
            "put the placeholder in double quotes",
            cpu("\"${A}\"", "--variables A=a,b"),
        )
        .then("TD15"),
        row("TPL10", yaml("${X}${Y}"), "in double quotes", yaml("\"${X}${Y}\"")).then("APP25"),
    ]);
    rows
}

#[test]
fn templates() {
    check(&rows());
}
