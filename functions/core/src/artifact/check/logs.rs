//! Log drivers and the options of `awslogs`.

use std::str::FromStr as _;

use serde_json::Value;

use super::checked::{Checked, Part};
use super::markers::marker;
use crate::fault::finding::findings;
use crate::names::Region;

findings! {
    /// What can be wrong with log configurations.
    pub(super) const FORMS;

    fn unknown_driver(container, driver) =>
        "TD25" Error Input
        "of container \"{container}\" is \"{driver}\"; Fargate supports awslogs, splunk and awsfirelens",
        "use one of these";
    fn no_option(container, option) =>
        "TD25" Error Input "of container \"{container}\" lacks {option}", "add \"{option}\" to the options of awslogs";
    fn no_stream_prefix(container) =>
        "TD25" Warning Input "of container \"{container}\" lacks awslogs-stream-prefix, which Fargate requires",
        "add \"awslogs-stream-prefix\" to the options of awslogs";
    fn not_a_region(container, region) =>
        "TD25" Error Input "of container \"{container}\" is \"{region}\", which is not a Region",
        "write the name of a Region, such as eu-west-1";
    fn unknown_region(container, region) =>
        "TD25" Warning Input "of container \"{container}\" is \"{region}\", which is not a known Region",
        "write the name of a Region, such as eu-west-1";
    fn group_not_replaced(container, marker) =>
        "TD25" Error Input "of container \"{container}\" contains \"{marker}\", which was not replaced",
        "write the name of the log group";
    fn not_a_group(container, group) =>
        "TD25" Warning Input "of container \"{container}\" is \"{group}\", which is not a valid name of a log group",
        "use letters, digits and . _ - / # only";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    for container in checked.containers() {
        let Some(log) = container.map("logConfiguration") else { continue };
        let driver = log.text("logDriver").unwrap_or_default();
        if driver == "awslogs" {
            awslogs(checked, container.name(), &log);
        } else if !["splunk", "awsfirelens"].contains(&driver) && log.member("logDriver").is_none_or(Value::is_string) {
            checked.push_for_fargate(log.at("logDriver"), unknown_driver(container.name(), driver));
        }
    }
}

/// ECS: "Log driver awslogs requires options: awslogs-region, awslogs-group".
fn awslogs(checked: &mut Checked<'_>, container: &str, log: &Part<'_>) {
    let options = log.map("options");
    let option =
        |name: &str| options.as_ref().and_then(|options| options.text(name)).filter(|it| !it.trim().is_empty());
    let path = log.at("options");
    for missing in ["awslogs-group", "awslogs-region"].into_iter().filter(|name| option(name).is_none()) {
        checked.push_for_fargate(path.clone(), no_option(container, missing));
    }
    if option("awslogs-stream-prefix").is_none() {
        checked.push_for_fargate(path.clone(), no_stream_prefix(container));
    }
    let region = option("awslogs-region").and_then(|region| match Region::from_str(region) {
        Err(_) => Some(not_a_region(container, region)),
        Ok(_) => (!Region::is_plausible(region)).then(|| unknown_region(container, region)),
    });
    let group_char = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/#".contains(&byte);
    let group = option("awslogs-group").and_then(|group| match marker(group) {
        Some(marker) => Some(group_not_replaced(container, marker)),
        None => (!group.bytes().all(group_char)).then(|| not_a_group(container, group)),
    });
    for (name, finding) in [("awslogs-region", region), ("awslogs-group", group)] {
        if let Some(finding) = finding {
            checked.push(format!("{path}.{name}"), finding);
        }
    }
}
