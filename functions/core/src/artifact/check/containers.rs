//! Containers as a whole, and the command of a health check.

use serde_json::Value;

use super::checked::{Checked, Part};
use crate::artifact::task_definition::MOST_CONTAINERS;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with a list of containers, and with the command of a health check.
    pub(super) const FORMS;

    fn none_essential() =>
        "TD17" Error Input "has no essential container", "set \"essential\": true for the container that receives the traffic";
    fn too_many(count, most) =>
        "TD17" Error Input "has {count} containers, but at most {most} are allowed",
        "move some containers to another task definition";
    fn no_command(container) =>
        "TD22" Error Input "of container \"{container}\" is empty",
        "write [\"CMD-SHELL\", \"command || exit 1\"], or remove healthCheck";
    fn nothing_to_run(container) =>
        "TD22" Warning Input "of container \"{container}\" has no command after its first word",
        "write [\"CMD-SHELL\", \"command || exit 1\"]";
    fn unknown_command(container) =>
        "TD22" Warning Input "of container \"{container}\" must begin with CMD or CMD-SHELL",
        "write [\"CMD-SHELL\", \"command || exit 1\"]";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    let containers = checked.containers();
    let optional = |container: &Part<'_>| container.member("essential") == Some(&Value::Bool(false));
    if !containers.is_empty() && containers.iter().all(optional) {
        checked.push("containerDefinitions", none_essential());
    }
    if containers.len() > MOST_CONTAINERS {
        checked.push("containerDefinitions", too_many(containers.len(), MOST_CONTAINERS));
    }
    for container in &containers {
        health_check(checked, container);
    }
}

/// [HealthCheck](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html).
fn health_check(checked: &mut Checked<'_>, container: &Part<'_>) {
    let Some(check) = container.map("healthCheck") else { return };
    let Some(command) = check.member("command").and_then(Value::as_array) else { return };
    let name = container.name();
    let finding = match command.first().map(Value::as_str) {
        None | Some(None) => no_command(name),
        Some(Some("CMD" | "CMD-SHELL")) if command.len() == 1 => nothing_to_run(name),
        Some(Some("CMD" | "CMD-SHELL" | "NONE")) => return,
        Some(_) => unknown_command(name),
    };
    checked.push(check.at("command"), finding);
}
