//! The names of parameters in messages: keys of the request, or flags of the command line.
//!
//! A message names a parameter in backquotes: `name`, `name.key`, or as members of a JSON object that can be copied
//! into UserParameters or a configuration file, `"name": "value"`. The command line prints each as its flag.

use serde_json::{Map, Value};

use super::parameter::{Parameter, Shape, parameter};
use crate::text::word;

/// A message as the command line prints it: every parameter in backquotes becomes the flag that sets it.
///
/// `container_name` becomes `--container-name`, and `"images": {"web": "app:1"}` becomes `--images web=app:1`.
/// Everything else stays, other words in backquotes included.
pub fn with_flags(message: &str) -> String {
    with_flags_of(message, &|_| true)
}

/// The same for a verb that does not have all of the flags: members with flags that it lacks become a call of
/// `generate`, and names stay without their backquotes.
pub fn with_flags_of(message: &str, has: &dyn Fn(&str) -> bool) -> String {
    let mut shown = String::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('`') {
        shown.push_str(before);
        match after.split_once('`').map(|(quoted, after)| (quoted, flags(quoted), after)) {
            Some((quoted, Some(flags), after)) if flags.split(' ').any(|word| word.starts_with("--") && !has(word)) => {
                if quoted.starts_with('"') {
                    shown.extend(["`codedeploy-artifact generate ", &flags, "`"]);
                } else {
                    shown.push_str(quoted);
                }
                rest = after;
            }
            Some((_, Some(flags), after)) => {
                shown.push_str(&flags);
                rest = after;
            }
            Some((quoted, None, after)) => {
                shown.extend(["`", quoted, "`"]);
                rest = after;
            }
            None => {
                shown.push('`');
                rest = after;
            }
        }
    }
    shown.push_str(rest);
    shown
}

/// The flags for what stands between two backquotes, or `None` if that is no parameter.
fn flags(quoted: &str) -> Option<String> {
    if quoted.starts_with('"') {
        let member: Map<String, Value> = serde_json::from_str(&format!("{{{quoted}}}")).ok()?;
        let flags: Option<Vec<String>> = member
            .iter()
            .map(|(name, value)| Some(given(parameter(name)?, value)).filter(|it| !it.is_empty()))
            .collect();
        return flags.filter(|flags| !flags.is_empty()).map(|flags| flags.join(" "));
    }
    match quoted.split_once('.') {
        Some((name, key)) => Some(format!("{} {}=…", flag(parameter(name)?), word(key))),
        None => Some(flag(parameter(quoted)?)),
    }
}

fn flag(parameter: &Parameter) -> String {
    format!("--{}", parameter.name.replace('_', "-"))
}

/// The flag with its value, repeated for every part of a map or list.
fn given(parameter: &Parameter, value: &Value) -> String {
    let pair = |(key, value): (&String, &Value)| format!("{key}={}", text(value));
    let words: Vec<String> = match (parameter.shape, value) {
        (Shape::Map | Shape::Record, Value::Object(map)) => map.iter().map(pair).collect(),
        (Shape::Switch, _) => return flag(parameter),
        (Shape::List, Value::Array(items)) => items.iter().map(text).collect(),
        (Shape::Records, Value::Array(items)) => items
            .iter()
            .map(|item| item.as_object().into_iter().flatten().map(pair).collect::<Vec<_>>().join(","))
            .collect(),
        _ => vec![text(value)],
    };
    let flag = flag(parameter);
    words.iter().map(|text| format!("{flag} {}", word(text))).collect::<Vec<_>>().join(" ")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_the_flags_that_set_them() {
        let check = |message: &str, expected: &str| assert_eq!(with_flags(message), expected);
        check("set `container_name` and `container_port`", "set --container-name and --container-port");
        check("`images.web`: no", "--images web=…: no");
        check(r#"add `"container_port": 8080`"#, "add --container-port 8080");
        check(r#"add `"appspec_task_definition": "arn"`"#, "add --appspec-task-definition arn");
        check(r#"`"images": {"web": "repo/app:1", "log": "<LOG>"}`"#, "--images web=repo/app:1 --images 'log=<LOG>'");
        check(
            r#"`"network": {"subnets": ["subnet-1", "subnet-2"], "assign_public_ip": "ENABLED"}`"#,
            "--network subnets=subnet-1,subnet-2 --network assign_public_ip=ENABLED",
        );
        check(
            r#"`"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1}]`"#,
            "--capacity-provider-strategy capacity_provider=FARGATE,weight=1",
        );
        check(
            r#"`"taskdef_template": "t.json", "variables": {"A": "VALUE"}`"#,
            "--taskdef-template t.json --variables A=VALUE",
        );
        check(
            r#"`"ignore": ["TD26", "ACC20=by hand"], "verify": true`"#,
            "--ignore TD26 --ignore 'ACC20=by hand' --verify",
        );
        check(r#"`"config": "it's here"`"#, r"--config 'it'\''s here'");
    }

    #[test]
    fn a_verb_without_the_flag_names_the_call_that_has_it() {
        let check = |message: &str, expected: &str| {
            assert_eq!(with_flags_of(message, &|flag| flag == "--region"), expected);
        };
        check("set `region`", "set --region");
        check("`service` is an ARN", "service is an ARN");
        check(
            r#"write `"taskdef_template": "t.json", "variables": {"A": "VALUE"}`"#,
            "write `codedeploy-artifact generate --taskdef-template t.json --variables A=VALUE`",
        );
    }

    #[test]
    fn everything_else_stays() {
        for message in [
            "",
            "container_name",
            "`aws ecs describe-services`",
            "`name`",
            "one ` alone, `name` and `",
            r#"`"unknown": 1`"#,
            r#"`"images": {`"#,
            "``",
            r#"`"images": {}, "hooks": {}`"#,
        ] {
            assert_eq!(with_flags(message), message);
        }
    }
}
