//! A task definition that ECS has not accepted yet: a file or a filled template.

use super::checked::Checked;
use super::{
    advice, containers, dependencies, fargate, images, logs, members, ports, ranges, roles, secrets, sizes, tags,
    variables, volumes, windows,
};
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::finding::Finding;

/// Checks a task definition of a file for what RegisterTaskDefinition refuses or Fargate cannot run.
///
/// Do not use it for a revision that was described: what ECS accepted once is not refused here. Rules that hold for
/// Fargate only are warnings if `requiresCompatibilities` does not name it, because ECS does not check them then.
pub fn task_definition(task_definition: &TaskDefinition, file: &str) -> Vec<Finding> {
    let mut checked = Checked::new(task_definition, file);
    for rules in [
        advice::size,
        sizes::check,
        images::check_file,
        containers::check,
        ports::check,
        dependencies::check,
        variables::check,
        ranges::check,
        volumes::check,
        roles::check,
        secrets::check,
        logs::check,
        fargate::check,
        windows::check,
        tags::check,
        members::check,
    ] {
        rules(&mut checked);
    }
    checked.findings
}
