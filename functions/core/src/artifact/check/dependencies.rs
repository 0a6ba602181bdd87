//! Containers that wait for other containers.
//!
//! [ContainerDependency](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html)

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::checked::{Checked, Part};
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with dependencies.
    pub(super) const FORMS;

    fn nobody(container) =>
        "TD19" Error Input "of container \"{container}\" is missing", "name the container to wait for";
    fn unknown_container(container, wanted) =>
        "TD19" Error Input "of container \"{container}\" is \"{wanted}\", which does not exist", "name one of the containers";
    fn no_health_check(container, wanted) =>
        "TD19" Error Input "of container \"{container}\" is HEALTHY, but container \"{wanted}\" has no healthCheck",
        "add a healthCheck to that container, or wait for START";
    fn never_ends(container, wanted) =>
        "TD19" Error Input
        "of container \"{container}\" waits until container \"{wanted}\" exits, but that container is essential",
        "set \"essential\": false for that container, or wait for START or HEALTHY";
    fn unknown_condition(container) =>
        "TD19" Error Input "of container \"{container}\" must be START, COMPLETE, SUCCESS or HEALTHY",
        "write one of these in capitals";
    fn circle(container) =>
        "TD19" Error Input "of container \"{container}\" is circular", "remove one of the dependencies in the cycle";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    let containers = checked.containers();
    // If several containers have the same name, the first one counts.
    let by_name: ByName<'_> = containers.iter().rev().map(|container| (container.name(), container)).collect();
    for container in &containers {
        depends_on(checked, container, &by_name);
    }
    circles(checked, &containers, &by_name);
}

type ByName<'a> = BTreeMap<&'a str, &'a Part<'a>>;

fn depends_on(checked: &mut Checked<'_>, container: &Part<'_>, containers: &ByName<'_>) {
    let name = container.name();
    for dependency in container.list("dependsOn") {
        let Some(wanted) = dependency.text("containerName") else {
            checked.push(dependency.at("containerName"), nobody(name));
            continue;
        };
        let other = containers.get(wanted);
        let essential = other.is_some_and(|other| other.member("essential") != Some(&Value::Bool(false)));
        let (member, finding) = match (other, dependency.text("condition").unwrap_or_default()) {
            (None, _) => ("containerName", unknown_container(name, wanted)),
            (Some(other), "HEALTHY") if other.member("healthCheck").is_none() => {
                ("condition", no_health_check(name, wanted))
            }
            (Some(_), "SUCCESS" | "COMPLETE") if essential => ("condition", never_ends(name, wanted)),
            (Some(_), "START" | "HEALTHY" | "SUCCESS" | "COMPLETE") => continue,
            (Some(_), _) => ("condition", unknown_condition(name)),
        };
        checked.push(dependency.at(member), finding);
    }
}

/// Containers that wait for each other, or for themselves.
fn circles(checked: &mut Checked<'_>, containers: &[Part<'_>], by_name: &ByName<'_>) {
    let needs = |name: &str| -> Vec<&str> {
        let dependencies = by_name.get(name).into_iter().flat_map(|it| it.list("dependsOn"));
        dependencies.filter_map(|it| it.text("containerName")).collect()
    };
    for container in containers.iter().take(10) {
        let (mut seen, mut next) = (BTreeSet::new(), needs(container.name()));
        while let Some(name) = next.pop() {
            if name == container.name() {
                // One finding for each cycle is enough.
                return checked.push(container.at("dependsOn"), circle(name));
            }
            if seen.insert(name) {
                next.extend(needs(name));
            }
        }
    }
}
