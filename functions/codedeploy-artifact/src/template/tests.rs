#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};

use super::*;
use crate::error::Error;

/// As a Terraform module would carry it for `templatefile`.
const APPSPEC: &str = r#"# The service behind the load balancer
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: ${TASK_DEFINITION_ARN}   # filled by the pipeline
        LoadBalancerInfo:
          ContainerName: "${CONTAINER_NAME}"
          ContainerPort: ${ CONTAINER_PORT }
        PlatformVersion: "LATEST"
"#;

const BUILT_IN: [(&str, &str); 3] = [
    ("TASK_DEFINITION_ARN", "arn:aws:ecs:eu-west-1:012345678901:task-definition/app:7"),
    ("CONTAINER_NAME", "web"),
    ("CONTAINER_PORT", "8080"),
];

fn fill_text(text: &str, file: &str, given: &[(&str, &str)], format: Format) -> Result<String, TemplateError> {
    let owned = |variables: &[(&str, &str)]| -> Vec<(String, String)> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let given = owned(given);
    let filled = fill_document(text, file, &owned(&BUILT_IN), &given, format)?;
    check_all_used(&given, &filled.used)?;
    Ok(filled.text)
}

fn yaml(text: &str, given: &[(&str, &str)]) -> Result<String, TemplateError> {
    fill_text(text, "appspec.yml", given, Format::Yaml)
}

fn json(text: &str, given: &[(&str, &str)]) -> Result<String, TemplateError> {
    fill_text(text, "taskdef.json", given, Format::Json)
}

#[test]
fn a_terraform_template_works_unchanged() {
    let filled = yaml(APPSPEC, &[]).unwrap();
    expect![[r##"
        # The service behind the load balancer
        version: 0.0
        Resources:
          - TargetService:
              Type: AWS::ECS::Service
              Properties:
                TaskDefinition: arn:aws:ecs:eu-west-1:012345678901:task-definition/app:7   # filled by the pipeline
                LoadBalancerInfo:
                  ContainerName: "web"
                  ContainerPort: 8080
                PlatformVersion: "LATEST"
    "##]]
    .assert_eq(&filled);
    let spec = crate::appspec::read(&filled, "appspec.yml").unwrap();
    assert_eq!((spec.container_name.as_str(), spec.container_port), ("web", 8080));
}

#[test]
fn values_fill_scalars_and_parts_of_them() {
    let check = |result: Result<String, TemplateError>, expected: &str| assert_eq!(result.unwrap(), expected);
    check(yaml("a: ${X}", &[("X", "no")]), "a: no");
    check(yaml("a: ${X}", &[("X", "")]), "a: ");
    check(yaml("a: ${X}", &[("X", "true")]), "a: true");
    check(yaml("a: ${X}:${Y}", &[("X", "repo"), ("Y", "1.10")]), "a: repo:1.10");
    check(yaml("${X}: [${X}, '${X}']", &[("X", "key")]), "key: [key, 'key']");
    check(yaml("a: 1.${X}", &[("X", "4")]), "a: 1.4");
    check(yaml("a: $${X} %%{Y} $X 5%", &[]), "a: ${X} %{Y} $X 5%");
    check(yaml("a: '$$$${X}${Y}'", &[("Y", "${Z}")]), "a: '$$${X}${Z}'");
    check(yaml("{\"a\": ${CONTAINER_PORT}}", &[]), "{\"a\": 8080}");
    check(
        yaml("# ${X}\na: |\n  ${X}\n", &[("X", "it's \"fine\" # here")]),
        "# it's \"fine\" # here\na: |\n  it's \"fine\" # here\n",
    );
    check(json(r#"{"a": ${P}, "b": "${P}", "c": 1${P}}"#, &[("P", "80")]), r#"{"a": 80, "b": "80", "c": 180}"#);
    check(json(r#"{"${K}": "${X}${X}"}"#, &[("K", "é"), ("X", "0")]), r#"{"é": "00"}"#);
    check(
        json(r#"{"a": 739182640517396028, "b": ${X}}"#, &[("X", "739182640517396029")]),
        r#"{"a": 739182640517396028, "b": 739182640517396029}"#,
    );
}

#[test]
fn a_value_cannot_change_the_structure() {
    let check = |result: Result<String, TemplateError>| {
        let error = result.expect_err("must be refused");
        assert_eq!(Error::from(error.clone()).code(), "TPL09", "{error}");
        assert!(matches!(error, TemplateError::Value { name, .. } if name == "X"));
    };
    let port = [("X", "a\"\n      Hooks: b")];
    check(yaml("a: \"${X}\"", &port));
    check(yaml("a: ${X}", &[("X", "b\nHooks: []")]));
    check(yaml("a: ${X}", &[("X", "b #c")]));
    check(yaml("a: ${X}", &[("X", "b: c")]));
    check(yaml("a: ${X}", &[("X", " b")]));
    check(yaml("a: ${X}", &[("X", "[b]")]));
    check(yaml("a: ${X}", &[("X", "\"b\"")]));
    check(yaml("a: ${X}", &[("X", "!Ref b")]));
    check(yaml("a: &b c\nd: ${X}", &[("X", "*b")]));
    check(yaml("a: \"${X}\"", &[("X", "\\x41")]));
    check(yaml("a: '${X}'", &[("X", "it''s")]));
    check(yaml("# ${X}\na: b", &[("X", "x\nc: d")]));
    check(yaml("a: b\n${X}: c", &[("X", "a")]));
    check(yaml("a: ${X}\nb: ${CONTAINER_NAME}", &[("X", "\u{85}c: d")]));
    check(json(r#"{"a": "${X}"}"#, &[("X", r#"b","c":"d"#)]));
    check(json(r#"{"a": "${X}"}"#, &[("X", "\\n")]));
    check(json(r#"{"a": "${X}"}"#, &[("X", "\n")]));
    check(json(r#"{"a": ${X}}"#, &[("X", "web")]));
    check(json(r#"{"a": ${X}}"#, &[("X", "1,\"b\":2")]));
    check(json(r#"{"a": "${CONTAINER_NAME}", "b": ${X}}"#, &[("X", "[]")]));
}

#[test]
fn values_that_are_harmless_alone_are_refused_together() {
    let error = json(r#"{"a": "${X}${Y}", "c": ""}"#, &[("X", "\\"), ("Y", "u0041")]).unwrap_err();
    assert_eq!(Error::from(error).code(), "TPL09");
    let error = yaml("a: ${X}${Y}", &[("X", "b:"), ("Y", " c")]).unwrap_err();
    expect![[r#"
        TPL10: appspec.yml: the values of X, Y together would change the structure of the document
        hint: do not put two placeholders side by side"#]]
    .assert_eq(&Error::from(error).report());
}

#[test]
fn mistakes_are_named_with_their_line() {
    let check = |result: Result<String, TemplateError>, expected: Expect| {
        expected.assert_eq(&Error::from(result.expect_err("must be refused")).report());
    };
    check(
        yaml("a: b\nc: ${CONTAINER_NAM}", &[]),
        expect![[r#"
            TPL01: appspec.yml line 2: unknown variable "CONTAINER_NAM"; did you mean "CONTAINER_NAME"?
            hint: add `"variables": {"NAME": "VALUE"}`, or write $${ for a literal ${"#]],
    );
    check(
        yaml("a: b", &[("X", "1")]),
        expect![[r#"
            TPL02: variable "X" is given, but no template uses it
            hint: remove it from `variables`, or use it in the template"#]],
    );
    check(
        yaml("a: b", &[("CONTAINER_NAME", "1")]),
        expect![[r#"
        TPL03: variable "CONTAINER_NAME" is built in and cannot be given
        hint: choose another name"#]],
    );
    check(
        yaml("a: b", &[("1X", "1")]),
        expect![[r#"
        TPL04: "1X" is not the name of a variable
        hint: use letters, digits and underscores, and no digit first"#]],
    );
    check(
        yaml("a: ${X}", &[("X", "1"), ("X", "2")]),
        expect![[r#"
        TPL04: variable "X" is given twice
        hint: keep one of the two"#]],
    );
    check(
        yaml("a:\n%{ if x }\nb\n%{ endif }", &[]),
        expect![[r#"
        TPL05: appspec.yml line 2: Terraform directives (%{) are not supported
        hint: write the lines out, or write %%{ for a literal %{"#]],
    );
    check(
        yaml("\na: ${upper(x)}", &[]),
        expect![[r#"
        TPL06: appspec.yml line 2: "${upper(x)}" is an expression, only a variable can be filled in
        hint: compute the value before and give it as a variable"#]],
    );
    check(
        yaml("a: ${X\n}", &[]),
        expect![[r#"
        TPL07: appspec.yml line 1: "${" without a closing brace on the same line
        hint: close it with }, or write $${ for a literal ${"#]],
    );
    check(
        yaml(&"x".repeat(65_537), &[]),
        expect![[r#"
        TPL08: appspec.yml: longer than 65536 bytes
        hint: make the template or the values shorter"#]],
    );
    check(
        yaml("a: '${X}${X}'", &[("X", &"x".repeat(40_000))]),
        expect![[r#"
        TPL08: appspec.yml: longer than 65536 bytes
        hint: make the template or the values shorter"#]],
    );
    check(
        json("{\n  \"a\": ${CONTAINER_PORT},\n}", &[]),
        expect![[r#"
        TD05: taskdef.json line 3 column 1: trailing comma
        hint: remove the comma"#]],
    );
    check(
        yaml("a:\n\t- ${CONTAINER_PORT}", &[]),
        expect![[r#"
        APP02: appspec.yml line 2 column 1: tab used for indentation
        hint: indent with spaces"#]],
    );
    check(
        json(r#"{"a": "${X}"}"#, &[("X", "\"")]),
        expect![[r#"
        TPL09: taskdef.json: the value of "X" would change the structure of the document
        hint: quote the placeholder unless it is a number, and leave quotes, backslashes and line breaks out of the value"#]],
    );
}
