//! The container and port that receive traffic.

use crate::artifact::appspec::AppSpec;
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::fault::finding::{Finding, findings};
use crate::text::list;

findings! {
    /// What can be wrong with the container and port in the AppSpec and the request.
    pub(super) const FORMS;

    fn unknown_container(container, task_definition; has) =>
        "PAR13" Error Configuration "no container \"{container}\" in {task_definition} (has: {has})",
        "set `container_name` and the keys of `images` to one of these";
    fn unmapped_by(container, port; mapped) =>
        "PAR14" Error Configuration "container \"{container}\" does not map port {port} (maps: {mapped})",
        "set `container_port` to a mapped port, or add the port mapping to the task definition";
    fn unmapped(task_definition, port; mapped) =>
        "PAR14" Error Configuration "no container of {task_definition} maps port {port} (mapped: {mapped})",
        "set `container_port` to a mapped port, or add the port mapping to the task definition";
    fn no_ports(task_definition) =>
        "PAR20" Error Configuration "{task_definition} has no port mapping, so it cannot receive traffic",
        "add a port mapping to the task definition";
    fn several_ports(task_definition; mapped) =>
        "PAR20" Error Configuration "{task_definition} maps several ports ({mapped}); choose one",
        "set `container_name` and `container_port` to one of them";
    fn udp_only(container, port) =>
        "CHK04" Warning Input "container \"{container}\" receives traffic on port {port}, which it maps for UDP only",
        "map the port for TCP, unless the target group is for UDP";
}

pub(super) fn check(task_definition: &TaskDefinition, appspec: &AppSpec) -> Option<Finding> {
    let port = appspec.container_port;
    match task_definition.container(&appspec.container_name) {
        None => Some(no_container(&appspec.container_name, task_definition)),
        Some(container) if !container.ports().contains(&port) => {
            Some(not_mapped(container.name(), port, &container.ports()))
        }
        Some(container) if container.maps_for_udp_only(port) => Some(udp_only(container.name(), port)),
        Some(_) => None,
    }
}

/// A container that the task definition does not have.
pub(crate) fn no_container(wanted: &str, task_definition: &TaskDefinition) -> Finding {
    let has: Vec<&str> = task_definition.containers().map(Container::name).collect();
    unknown_container(wanted, task_definition.name(), list(&has))
}

/// A port that the container does not map.
pub(crate) fn not_mapped(container: &str, port: u16, mapped: &[u16]) -> Finding {
    unmapped_by(container, port, list(mapped))
}

/// The finding for a port that no container maps, if the request names no container.
pub(crate) fn nobody_maps(task_definition: &TaskDefinition, port: u16, mapped: &[(String, u16)]) -> Finding {
    unmapped(task_definition.name(), port, list(&pairs(mapped)))
}

/// The finding for a task definition without a mapped port, or with several of which none is chosen.
pub(crate) fn several_targets(task_definition: &TaskDefinition, mapped: &[(String, u16)]) -> Finding {
    match mapped {
        [] => no_ports(task_definition.name()),
        _ => several_ports(task_definition.name(), list(&pairs(mapped))),
    }
}

/// Each port as `container:port`.
fn pairs(mapped: &[(String, u16)]) -> Vec<String> {
    mapped.iter().map(|(name, port)| format!("{name}:{port}")).collect()
}
