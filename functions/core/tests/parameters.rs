//! PARAMETERS.md has every parameter of the request, with an example that is understood.

#![expect(clippy::expect_used, reason = "helpers fail the test that uses them")]

use codedeploy_core::artifact::request::{PARAMETERS, Parameter, Parameters, Request};
use expect_test::expect_file;
use serde_json::{Map, Value};

const PAGE: &str = include_str!("../PARAMETERS.md");
const BEGIN: &str = "cargo test --locked --test parameters -->\n";
const END: &str = "<!-- end of the table -->";

/// An example of each parameter, and what a request with it needs more, both as members of a JSON object.
const EXAMPLES: &[(&str, &str)] = &[
    (r#""task_definition": "shop-web:7""#, ""),
    (r#""task_definition_file": "Source::taskdef.json""#, ""),
    (r#""service": "prod/shop""#, ""),
    (r#""container_name": "web""#, r#""service": "prod/shop""#),
    (r#""container_port": 8080"#, r#""service": "prod/shop""#),
    (r#""appspec_task_definition": "arn""#, r#""service": "prod/shop""#),
    (r#""images": {"web": "IMAGE1_NAME"}"#, r#""service": "prod/shop""#),
    (r#""platform_version": "1.4.0""#, r#""service": "prod/shop""#),
    (
        r#""network": {"subnets": ["subnet-0a1b2c3d"], "security_groups": ["sg-0a1b2c3d"], "assign_public_ip": "DISABLED"}"#,
        r#""service": "prod/shop""#,
    ),
    (
        r#""capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]"#,
        r#""service": "prod/shop""#,
    ),
    (r#""hooks": {"BeforeAllowTraffic": "check-shop"}"#, r#""service": "prod/shop""#),
    (r#""appspec_template": "Source::appspec.yml""#, r#""service": "prod/shop""#),
    (r#""taskdef_template": "Source::taskdef.json""#, ""),
    (r#""variables": {"LOG_LEVEL": "info"}"#, r#""taskdef_template": "Source::taskdef.json""#),
    (r#""appspec_path": "deploy/appspec.yml""#, r#""service": "prod/shop""#),
    (r#""taskdef_path": "deploy/taskdef.json""#, r#""service": "prod/shop""#),
    (r#""output_artifact": "deployment""#, r#""service": "prod/shop""#),
    (r#""role_arn": "arn:aws:iam::222222222222:role/shop-describe""#, r#""service": "prod/shop""#),
    (
        r#""external_id": "pipeline-shop""#,
        r#""service": "prod/shop", "role_arn": "arn:aws:iam::222222222222:role/shop""#,
    ),
    (r#""region": "eu-west-1""#, r#""service": "prod/shop""#),
    (r#""config": "Source::deploy.yml""#, r#""service": "prod/shop""#),
];

/// The members of an example, each key with its value.
fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(&format!("{{{text}}}")).expect("members of a JSON object")
}

/// The row of a parameter. The type is that of its example.
fn row(parameter: &Parameter) -> String {
    let Parameter { name, help, .. } = parameter;
    let example = EXAMPLES.iter().find_map(|(example, _)| members(example).remove(*name)).expect(name);
    let kind = match &example {
        Value::Number(_) => "number",
        Value::Object(_) => "map",
        Value::Array(_) => "list",
        _ => "text",
    };
    let (help, default) = help.split_once(" [default: ").unwrap_or((help, ""));
    let default = default.strip_suffix(']').map(|default| format!("`{default}`")).unwrap_or_default();
    let (flag, help) = (name.replace('_', "-"), help.replace('|', "\\|").replace('<', "&lt;"));
    format!("| `{name}` | `--{flag}` | {kind} | {default} | `{example}` | {help} |\n")
}

fn table() -> String {
    let rows: String = PARAMETERS.iter().map(row).collect();
    format!("| key | flag | type | default | example | description |\n|---|---|---|---|---|---|\n{rows}")
}

#[test]
fn the_page_has_every_parameter() {
    let (before, rest) = PAGE.split_once(BEGIN).expect("the beginning of the table");
    let (_, after) = rest.split_once(END).expect("the end of the table");
    expect_file!["../PARAMETERS.md"].assert_eq(&format!("{before}{BEGIN}\n{}\n{END}{after}", table()));
}

#[test]
fn every_example_is_understood() {
    assert_eq!(EXAMPLES.len(), PARAMETERS.len());
    for (example, more) in EXAMPLES {
        let mut request = members(example);
        request.extend(members(more));
        let text = Value::Object(request).to_string();
        let parameters = Parameters::from_user_parameters(Some(&text)).unwrap();
        // The caller reads the file and leaves the key out.
        parameters.config().unwrap();
        assert_eq!(Request::new(parameters).err().map(|fault| fault.to_string()), None, "{text}");
    }
}
