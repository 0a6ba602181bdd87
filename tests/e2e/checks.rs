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
}

/// Requests that fit the schema and that we read.
const RIGHT: &[&str] = &[
    "{}",
    r#"{"$schema": null, "service": "arn:aws:ecs:eu-west-1:123456789012:service/prod/shop"}"#,
    r#"{"service": "prod/arn:aws:ecs:eu-west-1:123456789012:service/shop"}"#,
    r#"{"task_definition": "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/shop:7"}"#,
    r#"{"task_definition": "shop", "task_definition_file": null}"#,
    r#"{"task_definition_file": "C:\\x\\taskdef.json", "appspec_template": "Source::a b/appspec.yaml"}"#,
    r#"{"container_port": "+0080", "container_name": "web"}"#,
    r#"{"images": {}, "hooks": {}, "variables": {"REV": 3, "ON": true, "A": ""}}"#,
    r#"{"network": {"subnets": "subnet-1a", "security_groups": ["sg-1"], "assign_public_ip": "ENABLED"}}"#,
    r#"{"capacity_provider_strategy": []}"#,
    r#"{"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": null, "weight": "1"}]}"#,
    r#"{"hooks": {"AfterInstall": "arn:aws:lambda:eu-west-1:123456789012:function:f:live"}}"#,
    r#"{"platform_version": "LATEST", "region": "us-gov-west-1", "ignore": []}"#,
    r#"{"appspec_path": "deploy/..a/appspec.yml", "taskdef_path": "ab:c"}"#,
    r#"{"role_arn": "arn:aws:iam::123456789012:role/a/b", "external_id": "tools:prod/7f"}"#,
];

/// Requests that do not fit the schema and that we refuse.
const WRONG: &[&str] = &[
    "[]",
    r#"{"servcie": "prod/shop"}"#,
    r#"{"config": "other.yml"}"#,
    r#"{"$schema": 1}"#,
    r#"{"service": 1}"#,
    r#"{"service": ""}"#,
    r#"{"service": "shop"}"#,
    r#"{"service": "arn:aws:ecs:eu-west-1:123456789012:service/shop"}"#,
    r#"{"task_definition": "shop:0"}"#,
    r#"{"task_definition": "shop", "task_definition_file": "taskdef.json"}"#,
    r#"{"task_definition_file": "Source::../taskdef.json"}"#,
    r#"{"taskdef_template": "a b::taskdef.json"}"#,
    r#"{"container_name": "a b"}"#,
    r#"{"container_port": 0}"#,
    r#"{"container_port": "0"}"#,
    r#"{"container_port": "99999"}"#,
    r#"{"container_port": 65536}"#,
    r#"{"container_port": true}"#,
    r#"{"appspec_task_definition": "ARN"}"#,
    r#"{"images": {"web": ""}}"#,
    r#"{"images": {"a b": "repo/app:1"}}"#,
    r#"{"images": {"web": null}}"#,
    r#"{"platform_version": "banana"}"#,
    r#"{"network": {"subnets": ["subnet-1"], "assign_public_ip": "ENABLED"}}"#,
    r#"{"network": {"subnets": [], "security_groups": ["sg-1"], "assign_public_ip": "ENABLED"}}"#,
    r#"{"network": {"subnets": ["subnet-1"], "security_groups": ["subnet-1"], "assign_public_ip": "ENABLED"}}"#,
    r#"{"network": {"subnets": ["subnet-1"], "security_groups": ["sg-1"], "assign_public_ip": "yes"}}"#,
    r#"{"network": {"subnets": ["subnet-1", "subnet-1"], "security_groups": ["sg-1"], "assign_public_ip": "ENABLED"}}"#,
    r#"{"capacity_provider_strategy": [{"capacity_provider": "FARGATE"}]}"#,
    r#"{"capacity_provider_strategy": [{"weight": 1}]}"#,
    r#"{"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1001}]}"#,
    r#"{"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": "1001"}]}"#,
    r#"{"hooks": {"AfterAllowTraffick": "check"}}"#,
    r#"{"hooks": {"AfterAllowTraffic": 1}}"#,
    r#"{"hooks": {"AfterAllowTraffic": "a b"}}"#,
    r#"{"variables": {"A": null}}"#,
    r#"{"variables": {"A": []}}"#,
    r#"{"appspec_path": "/abs"}"#,
    r#"{"taskdef_path": "c:/x"}"#,
    r#"{"output_artifact": " "}"#,
    r#"{"verify": "true"}"#,
    r#"{"ignore": [""]}"#,
    r#"{"role_arn": "x"}"#,
    r#"{"role_arn": "arn:aws:iam::123456789012:role/a/"}"#,
    r#"{"external_id": "x"}"#,
    r#"{"region": "x"}"#,
];

/// The verdict of the schema is that of the program: what it accepts, and what it refuses.
#[test]
fn the_schema_and_the_program_agree() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    let file = |number: usize| scratch.path().join(format!("{number:0>3}.json"));
    let all: Vec<(&str, bool)> =
        RIGHT.iter().map(|text| (*text, true)).chain(WRONG.iter().map(|text| (*text, false))).collect();
    for (number, (text, _)) in all.iter().enumerate() {
        std::fs::write(file(number), text).unwrap();
    }
    let files: Vec<_> = (0..all.len()).map(file).collect();
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let said = python.invalid(REQUEST_SCHEMA, &files);
    let name = "request.json".parse().unwrap();
    let mut differ = Vec::new();
    for ((text, right), file) in all.iter().zip(&files) {
        let schema = !said.contains(&file.display().to_string());
        let program = Parameters::from_config(text, &name).and_then(Request::partial).is_ok();
        differ.extend(((schema, program) != (*right, *right)).then(|| format!("{text}: {schema}, {program}")));
    }
    assert!(differ.is_empty(), "schema, program:\n{}", differ.join("\n"));
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
