//! The container and port that receive the traffic.

use crate::artifact::check::{self, CheckError, Finding};
use crate::artifact::request::Request;
use crate::artifact::service::{LoadBalancer, Service};
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::fault::Fault;

/// Why the container and port are not known.
#[derive(Debug)]
pub(super) enum TargetError {
    Finding(Box<Finding>),
    Service(Fault),
    /// Its source is not known yet.
    Unknown,
}

impl TargetError {
    /// The fault of a template that uses them.
    pub(super) fn into_fault(self) -> Option<Fault> {
        match self {
            TargetError::Finding(finding) => Some(CheckError::from(*finding).into()),
            TargetError::Service(refusal) => Some(refusal),
            TargetError::Unknown => None,
        }
    }
}

/// The container and port that receive the traffic: from the request, else from the service, else the only mapped port.
pub(super) fn target(
    request: &Request,
    service: Option<&Service>,
    task_definition: &TaskDefinition,
) -> Result<LoadBalancer, TargetError> {
    let given = (request.container_name.as_deref(), request.container_port);
    if let (Some(name), Some(port)) = given {
        return Ok(LoadBalancer { container_name: name.to_owned(), container_port: port, target_group: None });
    }
    if let Some(service) = service {
        return service.target(given.0, given.1).map_err(TargetError::Service);
    }
    if let Some(name) = given.0.filter(|name| task_definition.container(name).is_none()) {
        return Err(TargetError::Finding(Box::new(check::no_container(name, task_definition))));
    }
    let mapped: Vec<(String, u16)> = task_definition
        .containers()
        .filter(|container| given.0.is_none_or(|name| name == container.name()))
        .flat_map(|container| container.ports().into_iter().map(move |port| (container.name().to_owned(), port)))
        .filter(|(_, port)| given.1.is_none_or(|given| given == *port))
        .collect();
    match mapped.as_slice() {
        [(name, port)] => Ok(LoadBalancer { container_name: name.clone(), container_port: *port, target_group: None }),
        _ => Err(TargetError::Finding(Box::new(not_one(given.1, &mapped, task_definition)))),
    }
}

/// The fault of a port, or of no port, that does not select one of the containers.
fn not_one(wanted: Option<u16>, mapped: &[(String, u16)], task_definition: &TaskDefinition) -> Finding {
    let containers: Vec<_> = task_definition.containers().collect();
    match (wanted, containers.as_slice()) {
        (Some(port), [only]) if mapped.is_empty() => check::not_mapped(only.name(), port, &only.ports()),
        (Some(port), several) if mapped.is_empty() => {
            let name = |container: &Container<'_>| container.name().to_owned();
            let of = |container: &Container<'_>| {
                let name = name(container);
                container.ports().into_iter().map(move |port| (name.clone(), port)).collect::<Vec<_>>()
            };
            let mapped: Vec<_> = several.iter().flat_map(of).collect();
            check::nobody_maps(task_definition, port, &mapped)
        }
        _ => check::several_targets(task_definition, mapped),
    }
}

/// The container and port as far as they are known without the task definition, which may be a template itself.
pub(super) fn known_target(
    request: &Request,
    service: Option<&Service>,
    described: Option<&TaskDefinition>,
) -> Result<LoadBalancer, TargetError> {
    match (described, service) {
        (Some(described), _) => target(request, service, described),
        (None, Some(service)) => {
            service.target(request.container_name.as_deref(), request.container_port).map_err(TargetError::Service)
        }
        (None, None) => Err(TargetError::Unknown),
    }
}
