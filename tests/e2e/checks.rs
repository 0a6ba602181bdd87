//! The output formats of `check`, read by independent programs.

mod validators;

use std::{path::Path, process::Command};

use e2e::{environment::Environment, programs::Run, python::Python, scratch::Scratch};
use serde_json::{Value, json};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sarif/sarif-schema-2.1.0.json");

/// Files with an error, a warning and a note, and none.
const TASK_DEFINITIONS: [&str; 2] = [
    include_str!("../../functions/core/src/artifact/inspect/rules/taskdef.json"),
    r#"{"family": "f", "familly": 1, "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "1",
        "memory": "512", "containerDefinitions": [{"name": "web", "image": "nginx"}]}"#,
];

/// What `check` prints of one of the files in this form.
fn printed(scratch: &Scratch, number: usize, form: &str, flags: &[&str]) -> String {
    let file = scratch.write("taskdef.json", TASK_DEFINITIONS[number]);
    let file = file.to_string_lossy();
    let output = Run::new([&["check", "--output", form, "--taskdef", &file], flags].concat()).run();
    assert_eq!(output.code, if number == 0 { 0 } else { 21 }, "{}", output.stderr);
    output.text()
}

fn invalid(python: &Python, files: &[&Path]) -> String {
    let mut command: Command = python.script(include_str!("../readers/read_sarif.py"), &Environment::empty());
    let output = command.arg(SCHEMA).args(files).output().expect("python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn sarif_fits_its_schema() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    for number in 0..TASK_DEFINITIONS.len() {
        let text = printed(&scratch, number, "sarif", &["--ignore", "TD28=a member of tomorrow,IMG07"]);
        assert_eq!(text.matches("\"suppressions\"").count(), 2 * number);
        let file = scratch.write("found.sarif", &text);
        assert_eq!(invalid(python, &[&file]), "");
        // The schema is asked: a level that does not exist does not fit.
        let mut wrong: Value = serde_json::from_str(&text).expect("JSON");
        wrong["runs"][0]["results"] = json!([{ "message": { "text": "x" }, "level": "fatal" }]);
        scratch.write("found.sarif", wrong.to_string());
        assert!(invalid(python, &[&file]).contains("level"));
    }
}

/// The reader of a Python package that CI systems use, and Python's own.
#[test]
fn junit_is_read_by_others() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    for number in 0..TASK_DEFINITIONS.len() {
        let text = printed(&scratch, number, "junit", &["--ignore", "TD28=a member of tomorrow"]);
        let file = scratch.write("check.xml", &text);
        let mut command = python.script(include_str!("../readers/read_junit.py"), &Environment::empty());
        let output = command.arg(&file).output().expect("python");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(read["counts"], read["cases"], "{text}");
        assert_eq!(read["failed"], if number == 0 { json!([]) } else { json!(["TD15"]) });
        let skipped = read["skipped"].as_object().expect("skipped cases");
        assert_eq!(skipped.get("TD28").is_some(), number == 1, "{skipped:?}");
        assert!(skipped.values().all(|why| why.as_str().is_some_and(|why| !why.is_empty())), "{skipped:?}");
    }
}
