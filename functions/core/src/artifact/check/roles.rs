//! Roles, and what needs the execution role: private images, secrets and the log driver `awslogs`.

use std::str::FromStr as _;

use super::checked::Checked;
use super::markers::{is_stand_in, marker};
use crate::fault::finding::{Finding, findings};
use crate::names::{RoleArn, is_private_ecr};

const EXECUTION_ROLE: &str = "executionRoleArn";

findings! {
    /// What can be wrong with roles.
    pub(super) const FORMS;

    fn empty() => "TD23" Error Input "is empty, which ECS rejects", "write the ARN of the role, or remove the member";
    fn not_replaced(role, marker) =>
        "TD23" Error Input "\"{role}\" contains \"{marker}\", which was not replaced",
        "write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME";
    fn not_a_role(role; why) =>
        "TD23" Error Input "\"{role}\" is not the ARN of a role: {why}",
        "write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME";
    fn neither(role) =>
        "TD23" Error Input "\"{role}\" is neither the ARN nor the name of a role",
        "write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME";
    fn variable_name(role) =>
        "TD23" Warning Input "\"{role}\" looks like the name of a variable",
        "write the ARN of the role, such as arn:aws:iam::123456789012:role/NAME";
    fn secrets_need_it(container) =>
        "TD26" Error Input "is missing; the secrets of container \"{container}\" need it",
        "set \"executionRoleArn\" to a role that may pull the image, write the logs and read the secrets";
    fn image_needs_it(container) =>
        "TD26" Error Input "is missing; the image of container \"{container}\" is in Amazon ECR and needs it",
        "set \"executionRoleArn\" to a role that may pull the image, write the logs and read the secrets";
    fn logs_need_it(container) =>
        "TD26" Error Input "is missing; the log driver awslogs of container \"{container}\" needs it",
        "set \"executionRoleArn\" to a role that may pull the image, write the logs and read the secrets";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    for member in ["taskRoleArn", EXECUTION_ROLE] {
        if let Some(finding) = checked.task.text(member).and_then(role) {
            checked.push(member, finding);
        }
    }
    needs(checked);
}

/// ECS accepts the ARN or the name of a role, and returns "Role is not valid" for anything else.
fn role(role: &str) -> Option<Finding> {
    let is_name = role.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte));
    if role.trim().is_empty() {
        Some(empty())
    } else if let Some(marker) = marker(role) {
        Some(not_replaced(role, marker))
    } else if role.starts_with("arn:") {
        RoleArn::from_str(role).err().map(|error| not_a_role(role, error.problem))
    } else if is_name {
        is_stand_in(role).then(|| variable_name(role))
    } else {
        Some(neither(role))
    }
}

/// ECS: "Fargate requires task definition to have execution role ARN to support ECR images" and the like.
fn needs(checked: &mut Checked<'_>) {
    if checked.task.member(EXECUTION_ROLE).is_some() {
        return;
    }
    let containers = checked.containers();
    if let Some(container) = containers.iter().find(|it| !it.list("secrets").is_empty()) {
        return checked.push(EXECUTION_ROLE, secrets_need_it(container.name()));
    }
    let needed = containers.iter().find_map(|container| {
        let awslogs = container.map("logConfiguration").is_some_and(|log| log.text("logDriver") == Some("awslogs"));
        if container.text("image").is_some_and(is_private_ecr) {
            Some(image_needs_it(container.name()))
        } else {
            awslogs.then(|| logs_need_it(container.name()))
        }
    });
    if let Some(finding) = needed {
        checked.push_for_fargate(EXECUTION_ROLE, finding);
    }
}
