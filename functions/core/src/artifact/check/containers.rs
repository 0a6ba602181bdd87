//! Containers: ports, dependencies, variables, health checks and restarts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::markers::marker;
use super::task_definition::{Checked, Part};
use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};

pub(super) fn check(checked: &mut Checked<'_>) {
    let containers = checked.containers();
    let optional = |container: &Part<'_>| container.member("essential") == Some(&Value::Bool(false));
    if !containers.is_empty() && containers.iter().all(optional) {
        let message = "has no essential container";
        let hint = "set \"essential\": true for the container that receives the traffic";
        checked.push("containerDefinitions", Finding::error("TD17", Kind::Input, message, hint));
    }
    if containers.len() > 10 {
        let message = format!("has {} containers, at most 10 are possible", containers.len());
        let hint = "move containers to a task definition of their own";
        checked.push("containerDefinitions", Finding::error("TD17", Kind::Input, message, hint));
    }
    // Of several with one name, the first.
    let by_name: ByName<'_> = containers.iter().rev().map(|container| (container.name(), container)).collect();
    for container in &containers {
        ports(checked, container);
        dependencies(checked, container, &by_name);
        variables(checked, container);
        environment_files(checked, container);
        health_check(checked, container);
        limits(checked, container);
    }
    mapped_twice(checked, &containers);
    cycles(checked, &containers, &by_name);
}

type ByName<'a> = BTreeMap<&'a str, &'a Part<'a>>;

/// Under `awsvpc` a host port is the container port. ECS: "the host ports and container ports in port mappings must match".
fn ports(checked: &mut Checked<'_>, container: &Part<'_>) {
    let name = shown(container.name());
    for mapping in container.list("portMappings") {
        let (port, host) = (mapping.number("containerPort"), mapping.number("hostPort"));
        for (member, port, least) in [("containerPort", port, 1), ("hostPort", host, 0)] {
            if let Some(port) = port.filter(|port| !(least..=65_535).contains(port)) {
                let message = format!("{port} of container \"{name}\" must be {least}-65535");
                checked.push(mapping.at(member), Finding::error("TD18", Kind::Input, message, "set a valid port"));
            }
        }
        let awsvpc = checked.member("networkMode").is_some_and(|mode| mode == "awsvpc");
        match (port, host) {
            (Some(port), Some(host)) if awsvpc && host != port => {
                let message = format!("{host} of container \"{name}\" must be its containerPort {port} under awsvpc");
                let hint = format!("set \"hostPort\" to {port}, or remove it");
                let finding = Finding::error("TD18", Kind::Input, message, hint);
                // Whether ECS takes 0 for "the same port" is not documented.
                let finding = if host == 0 { Finding::warning("TD18", finding.message, finding.hint) } else { finding };
                checked.push(mapping.at("hostPort"), finding);
            }
            _ => {}
        }
        if mapping.member("containerPort").is_none() && mapping.member("containerPortRange").is_none() {
            let message = format!("of container \"{name}\" is missing");
            checked.push(mapping.at("containerPort"), Finding::error("TD18", Kind::Input, message, "set the port"));
        }
        if let Some(protocol) = mapping.text("protocol").filter(|it| !["tcp", "udp"].contains(it)) {
            let message = format!("\"{}\" of container \"{name}\" must be tcp or udp", shown(protocol));
            checked
                .push(mapping.at("protocol"), Finding::error("TD18", Kind::Input, message, "write \"tcp\" or \"udp\""));
        }
    }
}

/// The containers of a task share one network interface, so the second one cannot listen on the port of the first.
fn mapped_twice(checked: &mut Checked<'_>, containers: &[Part<'_>]) {
    let mut mapped: BTreeMap<(i64, &str), &str> = BTreeMap::new();
    for container in containers {
        for mapping in container.list("portMappings") {
            let Some(port) = mapping.number("containerPort") else { continue };
            let protocol = mapping.text("protocol").unwrap_or("tcp");
            if let Some(first) = mapped.insert((port, protocol), container.name()) {
                let message = format!(
                    "{port}/{} of container \"{}\" is mapped by container \"{}\" too",
                    shown(protocol),
                    shown(container.name()),
                    shown(first)
                );
                let hint = "let one container listen on another port, or remove one of the mappings";
                checked.push(mapping.at("containerPort"), Finding::warning("TD18", message, hint));
            }
        }
    }
}

/// [ContainerDependency](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html).
fn dependencies(checked: &mut Checked<'_>, container: &Part<'_>, containers: &ByName<'_>) {
    let name = shown(container.name());
    for dependency in container.list("dependsOn") {
        let Some(wanted) = dependency.text("containerName") else {
            let message = format!("of container \"{name}\" is missing");
            let finding = Finding::error("TD19", Kind::Input, message, "name the container to wait for");
            checked.push(dependency.at("containerName"), finding);
            continue;
        };
        let condition = dependency.text("condition").unwrap_or_default();
        let other = containers.get(wanted);
        let essential = other.is_some_and(|other| other.member("essential") != Some(&Value::Bool(false)));
        let wanted = shown(wanted);
        let (member, message, hint) = match (other, condition) {
            (None, _) => (
                "containerName",
                format!("of container \"{name}\" is \"{wanted}\", which does not exist"),
                "name one of the containers",
            ),
            (Some(other), "HEALTHY") if other.member("healthCheck").is_none() => (
                "condition",
                format!("of container \"{name}\" is HEALTHY, and container \"{wanted}\" has no healthCheck"),
                "add a healthCheck to that container, or wait for START",
            ),
            (Some(_), "SUCCESS" | "COMPLETE") if essential => (
                "condition",
                format!("of container \"{name}\" waits for the end of \"{wanted}\", which is essential"),
                "set \"essential\": false for that container, or wait for START or HEALTHY",
            ),
            (Some(_), "START" | "HEALTHY" | "SUCCESS" | "COMPLETE") => continue,
            (Some(_), _) => (
                "condition",
                format!("of container \"{name}\" must be START, COMPLETE, SUCCESS or HEALTHY"),
                "write one of the four in capitals",
            ),
        };
        checked.push(dependency.at(member), Finding::error("TD19", Kind::Input, message, hint));
    }
}

/// Containers that wait for each other, or for themselves.
fn cycles(checked: &mut Checked<'_>, containers: &[Part<'_>], by_name: &ByName<'_>) {
    let needs = |name: &str| -> Vec<&str> {
        by_name
            .get(name)
            .into_iter()
            .flat_map(|it| it.list("dependsOn"))
            .filter_map(|it| it.text("containerName"))
            .collect()
    };
    for container in containers.iter().take(10) {
        let (mut seen, mut next) = (BTreeSet::new(), needs(container.name()));
        while let Some(name) = next.pop() {
            if name == container.name() {
                let message = format!("of container \"{}\" leads back to itself", shown(name));
                let finding = Finding::error("TD19", Kind::Input, message, "remove one of the dependencies");
                checked.push(container.at("dependsOn"), finding);
                // One finding for each circle is enough.
                return;
            }
            if seen.insert(name) {
                next.extend(needs(name));
            }
        }
    }
}

/// Variables and secrets share their names. Values are never repeated.
fn variables(checked: &mut Checked<'_>, container: &Part<'_>) {
    let of = format!("of container \"{}\"", shown(container.name()));
    let mut names = BTreeSet::new();
    for variable in container.list("environment") {
        let name = variable.name();
        if variable.member("valueFrom").is_some() {
            let message = format!("\"{}\" {of} has valueFrom, which only secrets have", shown(name));
            let hint = "move it from \"environment\" to \"secrets\", or write \"value\"";
            checked.push(variable.path.clone(), Finding::error("TD21", Kind::Input, message, hint));
        }
        blank(checked, &variable, &of);
        if !names.insert(name) && !name.is_empty() {
            let message = format!("\"{}\" {of} is given twice", shown(name));
            checked.push(variable.path.clone(), Finding::warning("TD21", message, "keep one of the two"));
        }
    }
    let mut secrets = BTreeSet::new();
    for secret in container.list("secrets") {
        let name = secret.name();
        if secret.member("value").is_some() {
            let message = format!("\"{}\" {of} has value, which only environment has", shown(name));
            let hint = "move it from \"secrets\" to \"environment\", or write \"valueFrom\"";
            checked.push(secret.path.clone(), Finding::error("TD21", Kind::Input, message, hint));
        }
        blank(checked, &secret, &of);
        if names.contains(name) && !name.is_empty() {
            let message = format!("\"{}\" {of} is in environment too", shown(name));
            let hint = "remove it from one of the two";
            checked.push(secret.path.clone(), Finding::error("TD21", Kind::Input, message, hint));
        } else if !secrets.insert(name) && !name.is_empty() {
            let message = format!("\"{}\" {of} is given twice", shown(name));
            checked.push(secret.path.clone(), Finding::error("TD21", Kind::Input, message, "keep one of the two"));
        }
    }
}

/// ECS: "Environment variable name cannot be null or blank."
fn blank(checked: &mut Checked<'_>, variable: &Part<'_>, of: &str) {
    let absent = variable.member("name").is_none();
    if absent || variable.text("name").is_some_and(|name| name.trim().is_empty()) {
        let message = format!("{of} is blank");
        let finding = Finding::error("TD21", Kind::Input, message, "give the variable a name, or remove it");
        checked.push(variable.at("name"), finding);
    }
}

/// [EnvironmentFile](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EnvironmentFile.html): the ARN of an
/// object in Amazon S3 whose name ends with `.env`.
fn environment_files(checked: &mut Checked<'_>, container: &Part<'_>) {
    for file in container.list("environmentFiles") {
        let Some(value) = file.text("value") else { continue };
        let of = format!("of container \"{}\"", shown(container.name()));
        let hint = "write the ARN of an object, such as arn:aws:s3:::BUCKET/FILE.env";
        let object = value.strip_prefix("arn:").and_then(|rest| rest.split_once(":s3:::")).map(|(_, object)| object);
        let named = object
            .and_then(|object| object.split_once('/'))
            .is_some_and(|(bucket, key)| !bucket.is_empty() && !key.is_empty());
        if !named {
            let message = format!("\"{}\" {of} is not the ARN of an object in Amazon S3", shown(value));
            checked.push(file.at("value"), Finding::error("TD21", Kind::Input, message, hint));
        } else if let Some(marker) = object.and_then(marker) {
            let message = format!("\"{}\" {of} has \"{}\" in it, which was not replaced", shown(value), shown(marker));
            checked.push(file.at("value"), Finding::error("TD21", Kind::Input, message, hint));
        } else if value.rsplit_once('.').is_none_or(|(_, ending)| ending != "env") {
            let message = format!("\"{}\" {of} does not end with .env, which ECS requires", shown(value));
            checked.push(file.at("value"), Finding::warning("TD21", message, "rename the object to FILE.env"));
        }
    }
}

/// Limits, and [ContainerRestartPolicy](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html).
fn limits(checked: &mut Checked<'_>, container: &Part<'_>) {
    for limit in container.list("ulimits") {
        if let (Some(soft), Some(hard)) = (limit.number("softLimit"), limit.number("hardLimit"))
            && hard >= 0
            && soft > hard
        {
            let message =
                format!("{soft} of container \"{}\" is more than the hardLimit {hard}", shown(container.name()));
            checked.push(limit.at("softLimit"), Finding::warning("TD31", message, format!("set {hard} or less")));
        }
    }
    let Some(policy) = container.map("restartPolicy") else { return };
    if let Some(seconds) = policy.number("restartAttemptPeriod").filter(|it| !(60..=1800).contains(it)) {
        let message = format!("{seconds} of container \"{}\" must be 60-1800", shown(container.name()));
        let finding = Finding::error("TD31", Kind::Input, message, "set a number from 60 to 1800");
        checked.push(policy.at("restartAttemptPeriod"), finding);
    }
}

/// [HealthCheck](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html).
fn health_check(checked: &mut Checked<'_>, container: &Part<'_>) {
    let Some(check) = container.map("healthCheck") else { return };
    let name = shown(container.name());
    for (member, least, most) in [("interval", 5, 300), ("timeout", 2, 60), ("retries", 1, 10), ("startPeriod", 0, 300)]
    {
        if let Some(number) = check.number(member).filter(|number| !(least..=most).contains(number)) {
            let message = format!("{number} of container \"{name}\" must be {least}-{most}");
            let hint = format!("set a number from {least} to {most}");
            checked.push(check.at(member), Finding::error("TD22", Kind::Input, message, hint));
        }
    }
    let first =
        check.member("command").and_then(Value::as_array).map(|command| command.first().and_then(Value::as_str));
    if let Some(None) = first {
        let message = format!("of container \"{name}\" is empty");
        let hint = "write [\"CMD-SHELL\", \"command || exit 1\"], or remove healthCheck";
        checked.push(check.at("command"), Finding::error("TD22", Kind::Input, message, hint));
    } else if check
        .member("command")
        .and_then(Value::as_array)
        .is_some_and(|command| command.len() == 1 && command.iter().any(|only| only == "CMD" || only == "CMD-SHELL"))
    {
        let message = format!("of container \"{name}\" has no command after its first word");
        let hint = "write [\"CMD-SHELL\", \"command || exit 1\"]";
        checked.push(check.at("command"), Finding::warning("TD22", message, hint));
    } else if first.is_some_and(|first| !matches!(first, Some("CMD" | "CMD-SHELL" | "NONE"))) {
        let message = format!("of container \"{name}\" must begin with CMD or CMD-SHELL");
        let hint = "write [\"CMD-SHELL\", \"command || exit 1\"]";
        checked.push(check.at("command"), Finding::warning("TD22", message, hint));
    }
}
