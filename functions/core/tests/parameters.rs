//! PARAMETERS.md, the JSON Schema and the Terraform module have every parameter of the request, and each has an example
//! that is understood.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers fail the test that uses them"
)]

use codedeploy_core::artifact::appspec::Hook;
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

/// Letters, digits, hyphens and underscores, as in names of Amazon ECS.
const NAME: &str = "[A-Za-z0-9_-]{1,255}";
const REGION: &str = "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}";
const PARTITION: &str = "aws(-[a-z-]+)?";
/// A path that every zip reader resolves to the same file.
const PATH: &str =
    r"(?![A-Za-z]:)((?!\.{1,2}/)[^/\\\u0000-\u001f\u007f-\u009f]+/)*(?!\.{1,2}$)[^/\\\u0000-\u001f\u007f-\u009f]+";

/// The beginning of the ARNs of a regional service.
fn arn(service: &str) -> String {
    format!("arn:{PARTITION}:{service}:{REGION}:[0-9]{{12}}")
}

/// Text that fits a pattern as a whole.
fn matching(pattern: &str) -> Value {
    json!({ "type": ["string", "null"], "pattern": format!("^({pattern})$") })
}

fn file() -> Value {
    matching(&format!(r"(?![^:]*$|\s*$)[A-Za-z0-9_-]{{1,100}}::{PATH}|(?!.*::)[^\u0000]*\S[^\u0000]*"))
}

fn function() -> Value {
    let qualifier = r"(:(\$LATEST|[A-Za-z0-9_-]{1,128}))?";
    let pattern = format!("^({}:function:)?[A-Za-z0-9_-]{{1,64}}{qualifier}$", arn("lambda"));
    json!({ "type": "string", "pattern": pattern })
}

/// A list of at most so many IDs, or one ID.
fn ids(prefix: &str, most: usize) -> Value {
    let pattern = format!("^{prefix}-[0-9a-z]{{1,64}}$");
    let items = json!({ "type": "string", "pattern": pattern });
    json!({
        "type": ["array", "string"], "items": items, "minItems": 1, "maxItems": most, "uniqueItems": true,
        "pattern": pattern,
    })
}

/// A whole number, as such or as text that fits the pattern.
fn number(least: u32, most: u32, text: &str) -> Value {
    json!({
        "type": ["integer", "string", "null"], "minimum": least, "maximum": most, "pattern": format!(r"^\+?0*({text})$"),
    })
}

/// The JSON Schema of a parameter, without what two parameters must have in common. Every one may be null, as Terraform
/// writes an unset attribute.
fn schema(parameter: &Parameter) -> Value {
    let word = json!({ "type": "string", "pattern": r"\S" });
    let mut schema = match (parameter.name, parameter.shape) {
        ("task_definition", _) => {
            let revision = "(:0*[1-9][0-9]{0,9})?";
            matching(&format!("({}:task-definition/)?{NAME}{revision}", arn("ecs")))
        }
        ("task_definition_file" | "appspec_template" | "taskdef_template", _) => file(),
        ("service", _) => {
            let arn = arn("ecs");
            matching(&format!(
                "{NAME}/{NAME}|{arn}:(service|cluster)/{NAME}/{NAME}|({arn}:cluster/)?{NAME}/{arn}:service/({NAME}/)?{NAME}"
            ))
        }
        ("container_name", _) => matching(NAME),
        ("container_port", _) => {
            let tens = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";
            number(1, u16::MAX.into(), tens)
        }
        ("appspec_task_definition", _) => json!({ "enum": ["placeholder", "arn", null] }),
        ("images", _) => json!({
            "type": ["object", "null"],
            "propertyNames": { "pattern": format!("^{NAME}$") },
            "additionalProperties": word,
            "maxProperties": 10,
        }),
        ("platform_version", _) => matching(r"LATEST|[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"),
        ("network", _) => json!({
            "type": ["object", "null"],
            "properties": {
                "subnets": ids("subnet", 16),
                "security_groups": ids("sg", 5),
                "assign_public_ip": { "enum": ["ENABLED", "DISABLED"] },
            },
            "required": ["subnets", "security_groups", "assign_public_ip"],
            "additionalProperties": false,
        }),
        ("capacity_provider_strategy", _) => {
            let weightless = json!({ "properties": { "weight": { "enum": [0, "0", null] } } });
            json!({
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "properties": {
                        "capacity_provider": { "type": "string", "pattern": format!("^{NAME}$") },
                        "base": number(0, 100_000, "[0-9]{1,5}|100000"),
                        "weight": number(0, 1_000, "[0-9]{1,3}|1000"),
                    },
                    "required": ["capacity_provider"],
                    "additionalProperties": false,
                },
                "maxItems": 20,
                "anyOf": [{ "type": "null" }, { "maxItems": 0 }, { "contains": { "not": weightless } }],
            })
        }
        ("hooks", _) => json!({
            "type": ["object", "null"],
            "propertyNames": { "enum": Hook::ALL.map(Hook::name) },
            "additionalProperties": function(),
        }),
        ("variables", _) => json!({
            "type": ["object", "null"], "additionalProperties": { "type": ["string", "number", "boolean"] },
        }),
        ("appspec_path" | "taskdef_path", _) => {
            let mut path = matching(&format!(r"(?!\s*$){PATH}"));
            path["maxLength"] = json!(255);
            path
        }
        ("role_arn", _) => {
            let mut role =
                matching(&format!("arn:{PARTITION}:iam::[0-9]{{12}}:role/[A-Za-z0-9+=,.@_/-]*[A-Za-z0-9+=,.@_-]"));
            role["maxLength"] = json!(2048);
            role
        }
        ("external_id", _) => matching("[A-Za-z0-9+=,.@:/_-]{2,1224}"),
        ("region", _) => {
            let mut region = matching(REGION);
            region["maxLength"] = json!(32);
            region
        }
        (_, Shape::Text) => json!({ "type": ["string", "null"], "pattern": r"\S" }),
        (_, Shape::Switch) => json!({ "type": ["boolean", "null"] }),
        (_, Shape::List) => json!({ "type": ["array", "string", "null"], "items": word, "pattern": r"\S" }),
        (name, Shape::Map | Shape::Record | Shape::Records) => panic!("write the schema of {name} here"),
    };
    schema["description"] = json!(parameter.help);
    schema["examples"] = json!([example(parameter)]);
    schema
}

#[test]
fn the_schema_has_every_parameter() {
    let description = "This schema, in a JSON configuration file";
    let own = json!({ "type": ["string", "null"], "description": description, "examples": ["request.schema.json"] });
    // A configuration file cannot name another one.
    let parameters = PARAMETERS.iter().filter(|parameter| parameter.name != "config");
    let properties: serde_json::Map<String, Value> = std::iter::once(("$schema".to_owned(), own))
        .chain(parameters.map(|parameter| (parameter.name.to_owned(), schema(parameter))))
        .collect();
    let given = |name: &str| json!({ "properties": { name: { "type": "string" } }, "required": [name] });
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Configuration file of codedeploy-artifact: the parameters of a request, except config",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "not": { "allOf": [given("task_definition"), given("task_definition_file")] },
    });
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).expect("JSON"));
    expect_file!["../request.schema.json"].assert_eq(&text);
}
