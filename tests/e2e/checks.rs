//! The output formats of `check`, read by independent programs.

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

fn sarif(scratch: &Scratch, number: usize) -> String {
    let file = scratch.write("taskdef.json", TASK_DEFINITIONS[number]);
    let output = Run::new(["check", "--output", "sarif", "--taskdef", &file.to_string_lossy()]).run();
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
        let text = sarif(&scratch, number);
        let file = scratch.write("found.sarif", &text);
        assert_eq!(invalid(python, &[&file]), "");
        // The schema is asked: a level that does not exist does not fit.
        let mut wrong: Value = serde_json::from_str(&text).expect("JSON");
        wrong["runs"][0]["results"] = json!([{ "message": { "text": "x" }, "level": "fatal" }]);
        scratch.write("found.sarif", wrong.to_string());
        assert!(invalid(python, &[&file]).contains("level"));
    }
}
