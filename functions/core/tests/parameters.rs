//! PARAMETERS.md, the JSON Schema and the Terraform module have every parameter of the request, and each has an example
//! that is understood.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers fail the test that uses them"
)]

use codedeploy_core::artifact::request::{PARAMETERS, Parameter, Parameters, Request, Shape};
use expect_test::expect_file;
use serde_json::{Value, json};

const PAGE: &str = include_str!("../PARAMETERS.md");
const BEGIN: &str = "cargo test --locked --test parameters -->\n";
const END: &str = "<!-- end of the table -->";

const MODULE: &str = include_str!("../../../infra/modules/artifact-function/inputs/user_parameters.tf");
const TYPE_BEGIN: &str = "  type = object({\n";
const TYPE_END: &str = "  })\n  nullable = false\n";

/// The example of a parameter as it stands in UserParameters.
fn example(parameter: &Parameter) -> Value {
    let text = parameter.example;
    match parameter.shape {
        Shape::Text => text.parse::<u16>().map_or_else(|_| Value::from(text), Value::from),
        Shape::Switch | Shape::List | Shape::Map | Shape::Record | Shape::Records => {
            serde_json::from_str(text).expect(text)
        }
    }
}

/// The row of a parameter. The type is that of its example.
fn row(parameter: &Parameter) -> String {
    let Parameter { name, help, value_name, .. } = parameter;
    let example = example(parameter);
    let kind = match &example {
        Value::Number(_) => "number",
        Value::Bool(_) => "boolean",
        Value::Object(_) => "map",
        Value::Array(_) => "list",
        _ => "text",
    };
    let (help, default) = help.split_once(" [default: ").unwrap_or((help, ""));
    let default = default.strip_suffix(']').map(|default| format!("`{default}`")).unwrap_or_default();
    let value = if value_name.is_empty() { String::new() } else { format!(" <{value_name}>") };
    let flag = format!("--{}{value}", name.replace('_', "-")).replace('|', "\\|");
    let help = help.replace('|', "\\|").replace('<', "&lt;");
    format!("| `{name}` | `{flag}` | {kind} | {default} | `{example}` | {help} |\n")
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
    for parameter in PARAMETERS {
        let mut request = json!({ "service": "prod/shop" });
        match parameter.name {
            "external_id" => request["role_arn"] = json!("arn:aws:iam::222222222222:role/shop"),
            "application" | "deployment_group" => request["verify"] = json!(true),
            "variables" => request["taskdef_template"] = json!("Source::taskdef.json"),
            _ => {}
        }
        request[parameter.name] = example(parameter);
        let parameters = Parameters::from_user_parameters(Some(&request.to_string())).unwrap();
        // The caller reads the file and leaves the key out.
        parameters.config().unwrap();
        assert_eq!(Request::new(parameters).err().map(|fault| fault.to_string()), None, "{request}");
    }
}

/// The type of a parameter in Terraform, which refuses wrong types when it plans.
fn terraform_type(parameter: &Parameter) -> &'static str {
    match (parameter.name, parameter.shape, example(parameter)) {
        ("network", ..) => {
            "object({
      subnets          = list(string)
      security_groups  = optional(list(string))
      assign_public_ip = string
    })"
        }
        ("capacity_provider_strategy", ..) => {
            "list(object({
      capacity_provider = string
      base              = optional(number)
      weight            = optional(number)
    }))"
        }
        (_, Shape::Text, Value::Number(_)) => "number",
        (_, Shape::Text, _) => "string",
        (_, Shape::Switch, _) => "bool",
        (_, Shape::List, _) => "list(string)",
        (_, Shape::Map, _) => "map(string)",
        (name, Shape::Record | Shape::Records, _) => panic!("write the type of {name} here"),
    }
}

#[test]
fn the_terraform_module_has_every_parameter() {
    // The module writes to its own output artifact.
    let parameters = PARAMETERS.iter().filter(|parameter| parameter.name != "output_artifact");
    let types: Vec<(&str, &str)> = parameters.map(|it| (it.name, terraform_type(it))).collect();
    let mut attributes = String::new();
    // As `terraform fmt` aligns them: what has several lines is a group of its own.
    for group in types.chunk_by(|(_, before), (_, after)| !before.contains('\n') && !after.contains('\n')) {
        let width = group.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        attributes.extend(group.iter().map(|(name, kind)| format!("    {name:width$} = optional({kind})\n")));
    }
    let (before, rest) = MODULE.split_once(TYPE_BEGIN).expect("the beginning of the type");
    let (_, after) = rest.split_once(TYPE_END).expect("the end of the type");
    let module = format!("{before}{TYPE_BEGIN}{attributes}{TYPE_END}{after}");
    expect_file!["../../../infra/modules/artifact-function/inputs/user_parameters.tf"].assert_eq(&module);
}

/// The JSON Schema of a parameter. Every one may be null, as Terraform writes an unset attribute.
fn schema(parameter: &Parameter) -> Value {
    let words = json!({ "type": ["array", "string"], "items": { "type": "string" } });
    let mut schema = match (parameter.name, parameter.shape, example(parameter)) {
        ("container_port", ..) => {
            json!({ "type": ["integer", "string", "null"], "minimum": 1, "maximum": 65535, "pattern": "^[0-9]+$" })
        }
        ("appspec_task_definition", ..) => json!({ "enum": ["placeholder", "arn", null] }),
        ("network", ..) => json!({
            "type": ["object", "null"],
            "properties": {
                "subnets": words,
                "security_groups": words,
                "assign_public_ip": { "enum": ["ENABLED", "DISABLED"] },
            },
            "required": ["subnets", "assign_public_ip"],
            "additionalProperties": false,
        }),
        ("capacity_provider_strategy", ..) => json!({
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {
                    "capacity_provider": { "type": "string" },
                    "base": { "type": "integer", "minimum": 0, "maximum": 100_000 },
                    "weight": { "type": "integer", "minimum": 0, "maximum": 1000 },
                },
                "required": ["capacity_provider"],
                "additionalProperties": false,
            },
        }),
        (_, Shape::Text, _) => json!({ "type": ["string", "null"] }),
        (_, Shape::Switch, _) => json!({ "type": ["boolean", "null"] }),
        (_, Shape::List, _) => json!({ "type": ["array", "string", "null"], "items": { "type": "string" } }),
        (_, Shape::Map, _) => json!({ "type": ["object", "null"], "additionalProperties": { "type": "string" } }),
        (name, Shape::Record | Shape::Records, _) => panic!("write the schema of {name} here"),
    };
    schema["description"] = json!(parameter.help);
    schema["examples"] = json!([example(parameter)]);
    schema
}

#[test]
fn the_schema_has_every_parameter() {
    let description = "This schema, in a JSON configuration file";
    let own = json!({ "type": "string", "description": description, "examples": ["request.schema.json"] });
    let properties: serde_json::Map<String, Value> = std::iter::once(("$schema".to_owned(), own))
        .chain(PARAMETERS.iter().map(|parameter| (parameter.name.to_owned(), schema(parameter))))
        .collect();
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Request of codedeploy-artifact: UserParameters of the CodePipeline action, or a configuration file",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("JSON"));
    expect_file!["../request.schema.json"].assert_eq(&text);
}
