//! Ports that containers map. Their ranges are in [`super::ranges`].

use std::collections::BTreeMap;

use super::checked::{Checked, Part};
use crate::artifact::task_definition::model::TRANSPORT_PROTOCOL;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with ports.
    pub(super) const FORMS;

    fn no_port(container) => "TD18" Error Input "of container \"{container}\" is missing",
        "set \"containerPort\" to the port that the container listens on";
    fn other_host_port(host, container, port) =>
        "TD18" Error Input "{host} of container \"{container}\" must equal its containerPort {port} under awsvpc",
        "set \"hostPort\" to {port}, or remove it";
    fn not_a_range(ports, container) =>
        "TD18" Error Input "\"{ports}\" of container \"{container}\" is not a range of ports",
        "write the first and the last port, such as 8000-8010";
    fn bad_name(name, container) =>
        "TD18" Warning Input
        "\"{name}\" of container \"{container}\" should be 1-64 lowercase letters, digits, hyphens and underscores, without a hyphen \
         at the start",
        "use only these characters";
    fn unknown_protocol(protocol, container) =>
        "TD18" Error Input "\"{protocol}\" of container \"{container}\" must be tcp or udp", "write \"tcp\" or \"udp\"";
    fn mapped_twice(port, protocol, container, first) =>
        "TD18" Warning Input "{port}/{protocol} of container \"{container}\" is also mapped by container \"{first}\"",
        "let one container listen on another port, or remove one of the mappings";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    // The containers of a task share one network interface, so the second one cannot listen on the port of the first.
    let mut mapped: BTreeMap<(i64, &str), &str> = BTreeMap::new();
    for container in checked.containers() {
        for mapping in container.list("portMappings") {
            port_mapping(checked, &container, &mapping);
            let Some(port) = mapping.number("containerPort") else { continue };
            let protocol = mapping.text("protocol").unwrap_or("tcp");
            if let Some(first) = mapped.insert((port, protocol), container.name()) {
                checked.push(mapping.at("containerPort"), mapped_twice(port, protocol, container.name(), first));
            }
        }
    }
}

/// Under `awsvpc` a host port is the container port. ECS: "the host ports and container ports in port mappings must match".
fn port_mapping(checked: &mut Checked<'_>, container: &Part<'_>, mapping: &Part<'_>) {
    let name = container.name();
    let (port, host) = (mapping.number("containerPort"), mapping.number("hostPort"));
    if let (Some(port), Some(host)) = (port, host)
        && checked.task.text("networkMode") == Some("awsvpc")
        && host != port
    {
        let finding = other_host_port(host, name, port);
        // Whether ECS takes 0 for "the same port" is not documented.
        checked.push(mapping.at("hostPort"), if host == 0 { finding.into_warning() } else { finding });
    }
    if mapping.member("containerPort").is_none() && mapping.member("containerPortRange").is_none() {
        checked.push(mapping.at("containerPort"), no_port(name));
    }
    if let Some(protocol) = mapping.text("protocol").filter(|it| !TRANSPORT_PROTOCOL.contains(it)) {
        checked.push(mapping.at("protocol"), unknown_protocol(protocol, name));
    }
    if let Some(ports) = mapping.text("containerPortRange").filter(|ports| !is_range(ports)) {
        checked.push(mapping.at("containerPortRange"), not_a_range(ports, name));
    }
    if let Some(own) = mapping.text("name").filter(|own| !is_name(own)) {
        checked.push(mapping.at("name"), bad_name(own, name));
    }
}

/// `8000-8010`. [PortMapping](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html)
fn is_range(ports: &str) -> bool {
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
    ports.split_once('-').is_some_and(|(first, last)| match (port(first), port(last)) {
        (Some(first), Some(last)) => first <= last,
        _ => false,
    })
}

/// The name of a port for Service Connect.
/// [Service Connect](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html)
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    (1..=64).contains(&name.len()) && !name.starts_with('-') && name.bytes().all(fits)
}
