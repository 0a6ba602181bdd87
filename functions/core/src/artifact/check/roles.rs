//! Roles, and what needs the execution role: private images, secrets and log drivers.

use std::str::FromStr as _;

use serde_json::Value;

use super::markers::{is_stand_in, marker};
use super::task_definition::{Checked, Part};
use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};
use crate::names::identity::{Region, RoleArn, is_account};

const EXECUTION_ROLE: &str = "executionRoleArn";

pub(super) fn check(checked: &mut Checked<'_>) {
    for member in ["taskRoleArn", EXECUTION_ROLE] {
        if let Some(role) = checked.member(member).and_then(Value::as_str) {
            role_of(checked, member, role);
        }
    }
    for container in checked.containers() {
        secrets(checked, &container);
        registry(checked, &container);
        logs(checked, &container);
    }
    needs(checked);
}

/// ECS takes the ARN of a role or its name, and answers "Role is not valid" for anything else.
fn role_of(checked: &mut Checked<'_>, member: &'static str, role: &str) {
    let hint = "write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME";
    let message = if role.trim().is_empty() {
        let hint = "remove the member, or write the ARN of the role";
        let finding = Finding::error("TD23", Kind::Input, "is empty, which ECS refuses", hint);
        return checked.push(member, finding);
    } else if let Some(marker) = marker(role) {
        format!("\"{}\" has \"{}\" in it, which was not replaced", shown(role), shown(marker))
    } else if role.starts_with("arn:") {
        match RoleArn::from_str(role) {
            Ok(_) => return,
            Err(error) => format!("\"{}\" is not the ARN of a role: {}", shown(role), reason(&error.to_string())),
        }
    } else if is_role_name(role) {
        if is_stand_in(role) {
            let message = format!("\"{}\" looks like the name of a variable", shown(role));
            checked.push(member, Finding::warning("TD23", message, hint));
        }
        return;
    } else {
        format!("\"{}\" is neither the ARN nor the name of a role", shown(role))
    };
    checked.push(member, Finding::error("TD23", Kind::Input, message, hint));
}

/// What the parser of ARNs says after the text that it repeats.
fn reason(message: &str) -> &str {
    message.rsplit_once(": ").map_or(message, |(_, reason)| reason)
}

/// A name, or a path and a name.
fn is_role_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte))
}

fn secrets(checked: &mut Checked<'_>, container: &Part<'_>) {
    let log = container.map("logConfiguration").map(|log| log.list("secretOptions")).unwrap_or_default();
    for secret in container.list("secrets").iter().chain(&log) {
        let of = format!("of secret \"{}\" of container \"{}\"", shown(secret.name()), shown(container.name()));
        let hint = "write the ARN of a secret or parameter, or the name of a parameter in the same Region";
        match secret.text("valueFrom") {
            None if secret.member("valueFrom").is_none() => {
                let message = format!("{of} is missing");
                checked.push(secret.at("valueFrom"), Finding::error("TD24", Kind::Input, message, hint));
            }
            None => {}
            Some(from) => {
                if let Err(problem) = is_secret(from) {
                    let message = format!("{of} {problem}");
                    checked.push(secret.at("valueFrom"), Finding::error("TD24", Kind::Input, message, hint));
                } else if is_stand_in(from) {
                    let message = format!("{of} looks like the name of a variable (\"{}\")", shown(from));
                    checked.push(secret.at("valueFrom"), Finding::warning("TD24", message, hint));
                }
            }
        }
    }
}

/// [Secret](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html): the ARN of a secret with
/// `:json-key:version-stage:version-id` behind it, the ARN of a parameter, or the name of a parameter.
fn is_secret(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if let Some(marker) = marker(text) {
        return Err(format!("has \"{}\" in it, which was not replaced", shown(marker)));
    }
    if !text.starts_with("arn:") {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        return if text.bytes().all(plain) {
            Ok(())
        } else {
            Err(format!("is \"{}\", which is neither an ARN nor the name of a parameter", shown(text)))
        };
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let problem = match parts.as_slice() {
        [_, _, service, ..] if !["ssm", "secretsmanager"].contains(service) => "must be of ssm or secretsmanager",
        [_, _, _, region, _, _] if Region::from_str(region).is_err() => "has no Region",
        [_, _, _, _, account, _] if !is_account(account) => "has no account of 12 digits",
        [_, _, "ssm", _, _, resource] if !has_name(resource, "parameter/") => "must end with parameter/NAME",
        [_, _, "secretsmanager", _, _, resource] if !has_name(resource, "secret:") => "must end with secret:NAME",
        [_, _, _, _, _, _] => return Ok(()),
        _ => "is not complete",
    };
    Err(format!("is \"{}\"; an ARN of a secret {problem}", shown(text)))
}

/// Whether a name follows the prefix.
fn has_name(resource: &str, prefix: &str) -> bool {
    resource.strip_prefix(prefix).is_some_and(|name| !name.is_empty() && !name.starts_with(':'))
}

/// The secret with the credentials of a private registry, by ARN or name.
fn registry(checked: &mut Checked<'_>, container: &Part<'_>) {
    let credentials = container.map("repositoryCredentials");
    let Some((from, credentials)) = credentials.and_then(|it| Some((it.text("credentialsParameter")?, it))) else {
        return;
    };
    let problem = if from.trim().is_empty() {
        "is empty".to_owned()
    } else if let Some(marker) = marker(from) {
        format!("has \"{}\" in it, which was not replaced", shown(marker))
    } else {
        return;
    };
    let message = format!("of container \"{}\" {problem}", shown(container.name()));
    let hint = "write the ARN of the secret with the credentials of the registry";
    checked.push(credentials.at("credentialsParameter"), Finding::error("TD24", Kind::Input, message, hint));
}

/// ECS: "Log driver awslogs requires options: awslogs-region, awslogs-group".
fn logs(checked: &mut Checked<'_>, container: &Part<'_>) {
    let Some(log) = container.map("logConfiguration") else { return };
    let name = shown(container.name());
    let driver = log.text("logDriver").unwrap_or_default();
    if !["awslogs", "splunk", "awsfirelens"].contains(&driver) && log.member("logDriver").is_none_or(Value::is_string) {
        let message =
            format!("of container \"{name}\" is \"{}\"; Fargate has awslogs, splunk and awsfirelens", shown(driver));
        let finding = Finding::error("TD25", Kind::Input, message, "choose one of these");
        checked.push_for_fargate(log.at("logDriver"), finding);
    }
    if driver != "awslogs" {
        return;
    }
    let options = log.map("options");
    let option =
        |name: &str| options.as_ref().and_then(|options| options.text(name)).filter(|it| !it.trim().is_empty());
    let path = log.at("options");
    for missing in ["awslogs-group", "awslogs-region"].into_iter().filter(|name| option(name).is_none()) {
        let message = format!("of container \"{name}\" lacks {missing}");
        let hint = format!("add \"{missing}\" to the options of awslogs");
        checked.push_for_fargate(path.clone(), Finding::error("TD25", Kind::Input, message, hint));
    }
    if option("awslogs-stream-prefix").is_none() {
        let message = format!("of container \"{name}\" lacks awslogs-stream-prefix, which Fargate requires");
        let hint = "add \"awslogs-stream-prefix\" to the options of awslogs";
        checked.push(path.clone(), Finding::warning("TD25", message, hint));
    }
    if let Some(region) = option("awslogs-region").filter(|region| Region::from_str(region).is_err()) {
        let message = format!("of container \"{name}\" is \"{}\", which is not a Region", shown(region));
        let hint = "write the name of a Region, such as eu-west-1";
        checked.push(format!("{path}.awslogs-region"), Finding::error("TD25", Kind::Input, message, hint));
    } else if let Some(region) = option("awslogs-region").filter(|region| !Region::is_plausible(region)) {
        let message = format!("of container \"{name}\" is \"{}\", which is no Region that is known", shown(region));
        let hint = "correct the name of the Region, such as eu-west-1";
        checked.push(format!("{path}.awslogs-region"), Finding::warning("TD25", message, hint));
    }
    let group_chars = |group: &&str| group.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-/#".contains(&it));
    if let Some(marker) = option("awslogs-group").and_then(marker) {
        let message = format!("of container \"{name}\" has \"{}\" in it, which was not replaced", shown(marker));
        let hint = "write the name of the log group";
        checked.push(format!("{path}.awslogs-group"), Finding::error("TD25", Kind::Input, message, hint));
    } else if let Some(group) = option("awslogs-group").filter(|group| !group_chars(group)) {
        let message = format!("of container \"{name}\" is \"{}\", which is no name of a log group", shown(group));
        let hint = "use letters, digits and . _ - / # only";
        checked.push(format!("{path}.awslogs-group"), Finding::warning("TD25", message, hint));
    }
}

/// ECS: "Fargate requires task definition to have execution role ARN to support ECR images" and the like.
fn needs(checked: &mut Checked<'_>) {
    if checked.member(EXECUTION_ROLE).is_some() {
        return;
    }
    let hint = "set \"executionRoleArn\" to a role that may pull the image, write the logs and read the secrets";
    let containers = checked.containers();
    if let Some(container) = containers.iter().find(|it| !it.list("secrets").is_empty()) {
        let message = format!("is missing; the secrets of container \"{}\" need it", shown(container.name()));
        return checked.push(EXECUTION_ROLE, Finding::error("TD26", Kind::Input, message, hint));
    }
    let why = containers.iter().find_map(|container| {
        let name = shown(container.name());
        let awslogs = container.map("logConfiguration").is_some_and(|log| log.text("logDriver") == Some("awslogs"));
        if container.text("image").is_some_and(is_private_ecr) {
            Some(format!("is missing; the image of container \"{name}\" is in Amazon ECR and needs it"))
        } else {
            awslogs.then(|| format!("is missing; the log driver awslogs of container \"{name}\" needs it"))
        }
    });
    if let Some(message) = why {
        checked.push_for_fargate(EXECUTION_ROLE, Finding::error("TD26", Kind::Input, message, hint));
    }
}

/// `ACCOUNT.dkr.ecr.REGION.amazonaws.com/…`, or the dual-stack name of the same.
fn is_private_ecr(image: &str) -> bool {
    let host = image.split('/').next().unwrap_or_default();
    let account = host.split('.').next().unwrap_or_default();
    image.contains('/')
        && is_account(account.split("-dkr").next().unwrap_or_default().trim_end_matches(".dkr"))
        && (host.contains(".dkr.ecr") || host.contains(".dkr-ecr"))
}
