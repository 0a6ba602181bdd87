#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};

use serde_json::{Map, Value};

use super::*;
use crate::document::{self, DocumentError, Limits};
use crate::fault::Fault;

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

fn fill_text(text: &str, file: &str, given: &[(&str, &str)], format: Format) -> Result<String, Fault> {
    let owned = |variables: &[(&str, &str)]| -> Vec<(String, String)> {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let given = owned(given);
    let variables = Variables { built_in: owned(&BUILT_IN), given: &given, ..Variables::default() };
    let filled = fill_document(text, file, &variables, format)?;
    check_all_used(&given, &filled.used)?;
    Ok(filled.text)
}

fn yaml(text: &str, given: &[(&str, &str)]) -> Result<String, Fault> {
    fill_text(text, "appspec.yml", given, Format::Yaml)
}

fn json(text: &str, given: &[(&str, &str)]) -> Result<String, Fault> {
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
    let spec = crate::artifact::appspec::read(&filled, "appspec.yml").unwrap();
    assert_eq!((spec.container_name.as_str(), spec.container_port), ("web", 8080));
}

#[test]
fn values_fill_scalars_and_parts_of_them() {
    let check = |result: Result<String, Fault>, expected: &str| assert_eq!(result.unwrap(), expected);
    check(yaml("a: ${X}", &[("X", "no")]), "a: \"no\"");
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

/// Values that are more than a word: each must arrive exactly, or be refused if its place has no escapes.
const VALUES: [&str; 30] = [
    "{\"key\": \"it's \\\\ here\"}",
    "-----BEGIN KEY-----\nMIIE\n-----END KEY-----",
    "C:\\app\\new",
    "a\"\n      Hooks: b",
    "b\nHooks: []",
    "b #c",
    "b: c",
    " b",
    "b ",
    "[b]",
    "\"b\"",
    "'b'",
    "it's",
    "!Ref b",
    "*b",
    "&b",
    "\\x41",
    "\t",
    "a\r\nb",
    "\u{85}c: d",
    "a\u{2028}b",
    "\u{feff}",
    "\u{1}\u{7f}",
    "|",
    "- a",
    "---",
    "a,b",
    "b:",
    "${Y} $Y $${Y}",
    "😀 \u{202e}é",
];

#[test]
fn values_arrive_exactly_in_the_string_that_they_stand_in() {
    let arrives = |filled: Result<String, Fault>, value: &str, read: fn(&str, Limits) -> Read| {
        let text = filled.unwrap_or_else(|error| panic!("{value:?}: {error}"));
        let tree = read(&text, Limits::JSON).unwrap_or_else(|error| panic!("{value:?}: {error} in {text}"));
        assert_eq!(tree["a"], value, "{text}");
        assert_eq!(tree["z"], "end", "{text}");
    };
    for value in VALUES {
        let given = [("X", value)];
        arrives(json(r#"{"a": "${X}", "z": "end"}"#, &given), value, document::json);
        arrives(json(r#"{"z": "end", "\"b\\": 1, "a": "$X"}"#, &given), value, document::json);
        for template in [
            "a: \"${X}\"\nz: end",
            "a: '${X}'\nz: end",
            "a: ${X}\nz: end",
            "a: ${X}   # comment '\nz: end",
            "a:\n  ${X}\nz: end",
            "\"a\": $X\nz: 'end'",
            "# it's \"${X}\nz: end # ${X}\na: ${X}",
            "z: end\nb: |\n  it's \"\nc: 'it''s'\na: ${X}",
            "z: end\nb: [it's, \"#\", ' #']\na: '${X}'",
        ] {
            arrives(yaml(template, &given), value, document::yaml);
        }
        for template in ["{a: ${X}, z: end}", "{z: end, a: \"${X}\"}", "{'a': '${X}', z: end}"] {
            // A text that begins with a brace is read as JSON.
            let filled = yaml(&format!("# YAML\n{template}"), &given);
            arrives(filled, value, document::yaml);
        }
    }
    let value = "it's \"\\\n";
    let parts = yaml("a: \"<${X}|$X>\"\nb: '''${X}'\nz: end", &[("X", value)]).unwrap();
    let tree = document::yaml(&parts, Limits::YAML).unwrap();
    assert_eq!(tree["a"], format!("<{value}|{value}>"), "{parts}");
    assert_eq!(tree["b"], format!("'{value}"), "{parts}");
}

type Read = Result<Value, DocumentError>;

#[test]
fn lines_arrive_in_block_scalars() {
    let pem = "-----BEGIN-----\nMIIE\n\nx: 'y' # z\n-----END-----";
    for template in
        ["a: |\n  ${X}\nz: end", "b:\n  - |-\n    ${X}\n  - \"${X}\"\nz: end", "c: d\na: |\n   $X\n\nz: end"]
    {
        let filled = yaml(template, &[("X", pem)]).unwrap_or_else(|error| panic!("{error}: {template}"));
        let tree = document::yaml(&filled, Limits::YAML).unwrap();
        let text = tree.get("a").or_else(|| tree.pointer("/b/0")).and_then(Value::as_str).unwrap_or_default();
        assert_eq!((text.trim_end(), &tree["z"]), (pem, &Value::from("end")), "{filled}");
    }
}

#[test]
fn a_value_cannot_change_the_structure() {
    for value in VALUES {
        for template in ["a: x${X}\nz: end", "a: ${X} x\nz: end", "a: |\n  x\n  ${X}\nz: end", "a: >\n  ${X} x\nz: end"]
        {
            match yaml(template, &[("X", value)]) {
                Err(error) => {
                    assert!(error.message().contains("the value of \"X\""), "{error}");
                    assert_eq!(error.code(), "TPL09");
                }
                Ok(filled) => {
                    let tree = document::yaml(&filled, Limits::YAML).unwrap();
                    assert!(tree["a"].as_str().is_some_and(|text| text.contains(value)), "{filled}");
                    assert_eq!(
                        (tree.as_object().map(Map::len), &tree["z"]),
                        (Some(2), &Value::from("end")),
                        "{filled}"
                    );
                }
            }
        }
    }
    let check = |result: Result<String, Fault>| {
        let error = result.expect_err("must be refused");
        assert_eq!(error.code(), "TPL09", "{error}");
        assert!(error.message().contains("the value of \"X\""), "{error}");
    };
    check(yaml("a: b\n${X}: c", &[("X", "a")]));
    check(yaml("a: x${X}", &[("X", ": b")]));
    check(json(r#"{"a": ${X}}"#, &[("X", "web")]));
    check(json(r#"{"a": ${X}}"#, &[("X", "")]));
    check(json(r#"{"a": ${X}}"#, &[("X", "1,\"b\":2")]));
    check(json(r#"{"a": "${CONTAINER_NAME}", "b": ${X}}"#, &[("X", "[]")]));
    for value in ["80", "-1.5e3", "true", "false", "null"] {
        let filled = json(r#"{"a": ${X}, "b": [$X]}"#, &[("X", value)]).unwrap();
        assert_eq!(filled, format!(r#"{{"a": {value}, "b": [{value}]}}"#));
    }
}

#[test]
fn values_that_are_harmless_alone_are_refused_together() {
    let filled = json(r#"{"a": "${X}${Y}", "c": ""}"#, &[("X", "\\"), ("Y", "u0041")]).unwrap();
    assert_eq!(filled, r#"{"a": "\\u0041", "c": ""}"#);
    let error = yaml("a: ${X}${Y}", &[("X", "b:"), ("Y", " c")]).unwrap_err();
    expect![[r#"
        TPL10: appspec.yml: the values of X, Y would change the structure of the file
        hint: put the entire values that contain the placeholders in double quotes, where they are escaped"#]]
    .assert_eq(&error.report());
}

/// `envsubst` fills `$NAME`. A shell in a container uses the same form, so what nobody gave stays as it is.
#[test]
fn names_after_a_bare_dollar_are_filled_if_they_are_known() {
    let check = |result: Result<String, Fault>, expected: &str| assert_eq!(result.unwrap(), expected);
    check(
        yaml("a: $CONTAINER_NAME\nb: \"$CONTAINER_PORT\"\nc: $X-$CONTAINER_NAME", &[("X", "1")]),
        "a: web\nb: \"8080\"\nc: 1-web",
    );
    check(yaml("a: $CONTAINER_NAMES $1 $ $$ 5$ $-x", &[]), "a: $CONTAINER_NAMES $1 $ $$ 5$ $-x");
    check(yaml("a: $$CONTAINER_NAME $$$CONTAINER_NAME $$OTHER", &[]), "a: $CONTAINER_NAME $$CONTAINER_NAME $$OTHER");
    let shell = r#"{"command": ["sh", "-c", "echo $HOME $$ ${CONTAINER_NAME} $CONTAINER_NAME p$w0rd ^a$"]}"#;
    check(json(shell, &[]), &shell.replace("${CONTAINER_NAME}", "web"));
    check(
        json(r#"{"a": $CONTAINER_PORT, "b": "$X $$X", "c": "$XY"}"#, &[("X", "1")]),
        r#"{"a": 8080, "b": "1 $X", "c": "$XY"}"#,
    );
    let error = json(r#"{"a": $UNKNOWN}"#, &[]).unwrap_err();
    assert_eq!(error.code(), "TPL01");
}

/// One pass over the text, whatever the number of placeholders and variables.
#[test]
fn many_placeholders_take_little_time() {
    let variables: Vec<String> = (0..MAX_VARIABLES).map(|number| format!("V{number}")).collect();
    let given: Vec<(&str, &str)> = variables.iter().map(|name| (name.as_str(), "x")).collect();
    let names = format!("${}", variables.join("$"));
    let all = "x".repeat(MAX_VARIABLES);
    let begun = std::time::Instant::now();
    let filled = yaml(&format!("a: \"{}\"\nb: \"{names}\"", "${V0}".repeat(8_000)), &given).unwrap();
    assert_eq!(filled, format!("a: \"{}\"\nb: \"{all}\"", "x".repeat(8_000)));
    let long = "$".repeat(20_000) + &"%".repeat(20_000);
    assert_eq!(yaml(&format!("a: '{long}'\nb: {names}"), &given).unwrap(), format!("a: '{long}'\nb: {all}"));
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn mistakes_are_named_with_their_line() {
    let check = |result: Result<String, Fault>, expected: Expect| {
        expected.assert_eq(&result.expect_err("must be refused").report());
    };
    check(
        yaml("a: b\nc: ${CONTAINER_NAM}", &[]),
        expect![[r#"
            TPL01: appspec.yml line 2: unknown variable "CONTAINER_NAM"; did you mean "CONTAINER_NAME"?
            hint: write ${CONTAINER_NAME}, or add `"variables": {"CONTAINER_NAM": "VALUE"}`, or write $${ for a literal ${"#]],
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
            TPL03: variable "CONTAINER_NAME" is built in and cannot be set
            hint: choose another name"#]],
    );
    check(
        yaml("a: b", &[("1X", "1")]),
        expect![[r#"
            TPL04: "1X" is not the name of a variable
            hint: use letters, digits and underscores, not starting with a digit"#]],
    );
    check(
        yaml("a: ${X}", &[("X", "1"), ("X", "2")]),
        expect![[r#"
            TPL04: variable "X" is given twice
            hint: remove one of them"#]],
    );
    check(
        yaml("a:\n%{ if x }\nb\n%{ endif }", &[]),
        expect![[r#"
            TPL05: appspec.yml line 2: Terraform directives (%{) are not supported
            hint: write out the lines, or write %%{ for a literal %{"#]],
    );
    check(
        yaml("\na: ${upper(x)}", &[]),
        expect![[r#"
            TPL06: appspec.yml line 2: "${upper(x)}" is an expression; only variables are supported
            hint: compute the value beforehand and set it as a variable"#]],
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
        yaml("a: x ${X}", &[("X", "b: c")]),
        expect![[r#"
            TPL09: appspec.yml: the value of "X" would change the structure of the file
            hint: put the entire value that contains the placeholder in double quotes, where it is escaped"#]],
    );
    check(
        json(r#"{"a": ${X}}"#, &[("X", "\"")]),
        expect![[r#"
            TPL09: taskdef.json: the value of "X" would change the structure of the file
            hint: put the placeholder in double quotes, or set its value to a number, true or false"#]],
    );
}
