//! Container and port that receive the traffic.

use super::{Finding, list};
use crate::artifact::appspec::AppSpec;
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::fault::{Kind, shown};

pub(super) fn check(task_definition: &TaskDefinition, appspec: &AppSpec) -> Option<Finding> {
    match task_definition.container(&appspec.container_name) {
        None => Some(no_container(&appspec.container_name, task_definition)),
        Some(container) if !container.ports().contains(&appspec.container_port) => {
            Some(not_mapped(container.name(), appspec.container_port, &container.ports()))
        }
        Some(container) if container.maps_for_udp_only(appspec.container_port) => {
            Some(udp_only(container.name(), appspec.container_port))
        }
        Some(_) => None,
    }
}

/// A port that a load balancer for HTTP or TCP does not reach.
fn udp_only(container: &str, port: u16) -> Finding {
    let message =
        format!("container \"{}\" maps port {port} for UDP only, and receives the traffic there", shown(container));
    Finding::warning("CHK04", message, "map the port for TCP, unless the target group is for UDP")
}

/// A container that the task definition does not have.
pub(crate) fn no_container(wanted: &str, task_definition: &TaskDefinition) -> Finding {
    let has: Vec<&str> = task_definition.containers().map(Container::name).collect();
    Finding::error(
        "PAR13",
        Kind::Configuration,
        format!("no container \"{}\" in {} (has: {})", shown(wanted), shown(&task_definition.name()), list(&has)),
        "set `container_name` and the keys of `images` to one of these",
    )
}

/// A port that the container does not map.
pub(crate) fn not_mapped(container: &str, port: u16, mapped: &[u16]) -> Finding {
    unmapped(format!("container \"{}\" does not map port {port} (maps: {})", shown(container), list(mapped)))
}

/// A port without a container, and none of the containers maps it.
pub(crate) fn nobody_maps(task_definition: &TaskDefinition, port: u16, mapped: &[(String, u16)]) -> Finding {
    let mapped = list(&pairs(mapped));
    unmapped(format!("no container of {} maps port {port} (mapped: {mapped})", shown(&task_definition.name())))
}

fn unmapped(message: String) -> Finding {
    let hint = "set `container_port` to a mapped port, or add the port mapping to the task definition";
    Finding::error("PAR14", Kind::Configuration, message, hint)
}

/// No mapped port, or several of which none was chosen.
pub(crate) fn several_targets(task_definition: &TaskDefinition, mapped: &[(String, u16)]) -> Finding {
    let name = shown(&task_definition.name());
    let message = if mapped.is_empty() {
        format!("{name} maps no port, so none can receive traffic")
    } else {
        format!("{name} maps several ports ({}) and none is chosen", list(&pairs(mapped)))
    };
    let hint = if mapped.is_empty() {
        "add a port mapping to the task definition"
    } else {
        "set `container_name` and `container_port` to one of them"
    };
    Finding::error("PAR20", Kind::Configuration, message, hint)
}

/// `container:port` of each.
fn pairs(mapped: &[(String, u16)]) -> Vec<String> {
    mapped.iter().map(|(name, port)| format!("{name}:{port}")).collect()
}
