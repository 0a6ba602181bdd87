//! JSON that has a schema, checked by an independent validator: the SARIF of `check`, and requests.

mod validators;

use std::path::Path;

use codedeploy_core::artifact::request::{Parameters, Request};
use e2e::{environment::Environment, markdown::blocks, programs::Run, python::Python, scratch::Scratch};
use serde_json::{Value, json};

use crate::readme::pages;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sarif/sarif-schema-2.1.0.json");

const REQUEST_SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/core/request.schema.json");

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

#[test]
fn sarif_fits_its_schema() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    for number in 0..TASK_DEFINITIONS.len() {
        let text = printed(&scratch, number, "sarif", &["--ignore", "TD28=a member of tomorrow,IMG07"]);
        assert_eq!(text.matches("\"suppressions\"").count(), 2 * number);
        let file = scratch.write("found.sarif", &text);
        assert_eq!(python.invalid(SCHEMA, &[&file]), "");
        // The schema is asked: a level that does not exist does not fit.
        let mut wrong: Value = serde_json::from_str(&text).expect("JSON");
        wrong["runs"][0]["results"] = json!([{ "message": { "text": "x" }, "level": "fatal" }]);
        scratch.write("found.sarif", wrong.to_string());
        assert!(python.invalid(SCHEMA, &[&file]).contains("level"));
    }
}

#[test]
fn requests_fit_their_schema() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    let schema: Value = serde_json::from_str(include_str!("../../functions/core/request.schema.json")).expect("JSON");
    let examples = schema["properties"].as_object().expect("properties").iter();
    let examples = examples.map(|(name, property)| json!({ name: property["examples"][0] }));
    let pipeline: Value =
        serde_json::from_str(r#"{"service": "prod/shop", "images": {"web": "IMAGE1_NAME"}}"#).expect("JSON");
    let unset = json!({ "service": "prod/shop", "container_port": "8080", "network": null, "ignore": "IMG07" });
    let right: Vec<_> = examples.chain([pipeline, unset]).collect();
    for (number, request) in right.iter().enumerate() {
        scratch.write(&format!("{number}.json"), request.to_string());
    }
    let files: Vec<_> = (0..right.len()).map(|number| scratch.path().join(format!("{number}.json"))).collect();
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    assert_eq!(python.invalid(REQUEST_SCHEMA, &files), "");
    for wrong in
        [r#"{"servcie": "prod/shop"}"#, r#"{"service": 1}"#, r#"{"container_port": 0}"#, r#"{"hooks": {"a": 1}}"#]
    {
        let file = scratch.write("wrong.json", wrong);
        assert!(!python.invalid(REQUEST_SCHEMA, &[&file]).is_empty(), "{wrong}");
    }
}

/// The requests on the pages of this repository: UserParameters of pipelines, and configuration files.
fn shown() -> Vec<(String, Value)> {
    let mut files = Vec::new();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    let mut found = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let place = path.display().to_string();
        for rest in text.split("\"UserParameters\": ").skip(1) {
            let parameters =
                serde_json::Deserializer::from_str(rest).into_iter::<String>().next().unwrap().expect("text");
            found.push((place.clone(), serde_json::from_str(&parameters).expect("JSON")));
        }
        let yaml = blocks(&text, "yaml").into_iter().filter(|block| block.contains("yaml-language-server"));
        let json = blocks(&text, "json").into_iter().filter(|block| block.contains("\"$schema\""));
        found.extend(yaml.map(|block| (place.clone(), serde_yaml::from_str(block).expect("YAML"))));
        found.extend(json.map(|block| (place.clone(), serde_json::from_str(block).expect("JSON"))));
    }
    found
}

/// They fit the schema, and we read them.
#[test]
fn requests_that_are_shown_fit_their_schema() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    let shown = shown();
    let count = |what: &str| shown.iter().filter(|(path, _)| path.ends_with(what)).count();
    assert!(count("/README.md") >= 1 && count("core/PARAMETERS.md") == 2, "{shown:?}");
    for (path, request) in shown {
        let file = scratch.write("request.json", request.to_string());
        assert_eq!(python.invalid(REQUEST_SCHEMA, &[&file]), "", "{path}");
        let parameters = Parameters::from_config(&request.to_string(), &"request.json".parse().unwrap()).unwrap();
        assert_eq!(Request::new(parameters).err().map(|fault| fault.to_string()), None, "{path}: {request}");
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
