use super::*;
use crate::artifact::render::render;
use crate::artifact::request::{Parameters, Request};
use crate::artifact::sources::Sources;

fn artifact(text: &str, json: &str) -> Artifact {
    let request = Parameters::from_user_parameters(Some(json)).and_then(Request::new).expect("a request");
    let document = Document { name: "td".to_owned(), text: text.to_owned() };
    let sources = Sources { task_definition: Some(document), ..Sources::default() };
    pack(render(&request, &sources).expect("the files")).expect("an artifact")
}

fn web() -> Artifact {
    artifact(include_str!("../../../fixtures/fargate-web.json"), r#"{"task_definition":"shop-web"}"#)
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let first = web();
    assert!((0..1000).all(|_| web().zip == first.zip));
    // A new digest means that users' artifacts change with the release: say so in the change log.
    assert_eq!(first.sha256, "38983d3b6f6aca5fc20c627354bdfc03fc06775a5904130eb97a9ffb6d263a57");
}

#[test]
fn output_variables_name_the_revision_and_the_digests() {
    let artifact = web();
    let variables = artifact.output_variables(&[]);
    let value = |name: &str| variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(value("task_definition_arn"), Some("arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7"));
    assert_eq!((value("task_definition_family"), value("task_definition_revision")), (Some("shop-web"), Some("7")));
    assert_eq!((value("container_name"), value("container_port")), (Some("web"), Some("8080")));
    assert_eq!(value("image_web"), Some("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2"));
    assert_eq!(value("artifact_sha256"), Some(artifact.sha256.as_str()));
    assert_eq!(value("appspec_sha256"), Some(artifact.appspec.sha256.as_str()));
    assert_eq!(value("taskdef_sha256"), Some(artifact.taskdef.sha256.as_str()));
}

#[test]
fn output_variables_count_warnings_and_show_what_fits() {
    let artifact = web();
    let value = |findings: &[Finding], wanted: &str| {
        let variables = artifact.output_variables(findings);
        variables.into_iter().find(|(name, _)| name == wanted).map(|(_, value)| value).expect("a variable")
    };
    assert_eq!((value(&[], "warnings").as_str(), value(&[], "findings").as_str()), ("0", "none"));
    let finding = |severity, text: &str| Finding {
        code: "TD26",
        severity,
        kind: crate::fault::Kind::Input,
        place: None,
        message: text.to_owned(),
        hint: String::new(),
    };
    let two = [finding(Severity::Warning, "a\nb"), finding(Severity::Note, "c")];
    assert_eq!(value(&two, "warnings"), "1");
    assert_eq!(value(&two, "findings"), "warning TD26: a\\nb; note TD26: c");
    let many: Vec<Finding> = (0..30).map(|_| finding(Severity::Warning, &"x".repeat(100))).collect();
    let text = value(&many, "findings");
    assert!(text.len() <= FINDINGS_LIMIT && text.ends_with("; and 22 more"), "{text}");
    assert_eq!(value(&many, "warnings"), "30");
}

#[test]
fn output_variables_stay_within_the_limit() {
    let image = format!("repo/{}:1", "x".repeat(240));
    let containers: Vec<Value> = (0..600)
        .map(|number| json!({ "name": format!("c{number}"), "image": image, "portMappings": [{ "containerPort": 1000 + number }] }))
        .collect();
    let text = json!({ "family": "f", "networkMode": "awsvpc", "containerDefinitions": containers }).to_string();
    let artifact = artifact(&text, r#"{"task_definition":"f","container_name":"c0"}"#);
    let variables = artifact.output_variables(&[]);
    let total: usize = variables.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(total <= OUTPUT_VARIABLES_LIMIT && variables.len() > 400, "{total} bytes in {}", variables.len());
    assert!(variables.iter().any(|(name, _)| name == "taskdef_sha256"));
}

#[test]
fn an_artifact_over_the_limit_is_refused_before_it_is_uploaded() {
    let environment: Vec<Value> = (0..900).map(|_| json!({ "name": "A", "value": "x".repeat(1000) })).collect();
    let text = json!({ "family": "f", "networkMode": "awsvpc",
        "containerDefinitions": [{ "name": "c", "image": "i", "environment": environment, "portMappings": [{ "containerPort": 1 }] }] });
    let request = Parameters::from_user_parameters(Some(r#"{"task_definition":"f"}"#)).and_then(Request::new);
    let document = Document { name: "td".to_owned(), text: text.to_string() };
    let sources = Sources { task_definition: Some(document), ..Sources::default() };
    let mut files = render(&request.expect("a request"), &sources).expect("the files");
    files.taskdef.text.push_str(&" ".repeat(3_000_000));
    let error = pack(files).expect_err("4 MB");
    assert!(error.report().starts_with("TD07: artifact would be 4.0 MB"), "{}", error.report());
}

#[test]
fn no_environment_value_is_reported() {
    let artifact = web();
    let reported = format!("{} {:?} {artifact:?}", artifact.to_json(), artifact.output_variables(&[]));
    assert!(!reported.contains("prod\"") && !reported.contains("STAGE"), "{reported}");
}
