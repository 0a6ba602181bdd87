//! Volumes, who mounts them, and other references between the parts of a task definition.

use std::collections::BTreeSet;

use super::markers::marker;
use super::task_definition::{Checked, Part, parts};
use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};

pub(super) fn check(checked: &mut Checked<'_>) {
    let volumes = parts(checked.member("volumes"), "volumes");
    let mut names = BTreeSet::new();
    for volume in &volumes {
        if !names.insert(volume.name()) {
            let message = format!("\"{}\" is given twice", shown(volume.name()));
            checked.push(volume.at("name"), Finding::warning("TD20", message, "rename or remove one of the two"));
        }
        efs(checked, volume);
    }
    let containers = checked.containers();
    let known: BTreeSet<&str> = containers.iter().map(Part::name).collect();
    for container in &containers {
        mounts(checked, container, &names, &known);
    }
    proxy(checked, &known);
}

fn mounts(checked: &mut Checked<'_>, container: &Part<'_>, volumes: &BTreeSet<&str>, containers: &BTreeSet<&str>) {
    let name = shown(container.name());
    for mount in container.list("mountPoints") {
        for (member, hint) in [
            ("sourceVolume", "name one of \"volumes\""),
            ("containerPath", "write the path in the container, such as /data"),
        ] {
            if mount.member(member).is_none_or(|value| value.as_str().is_some_and(str::is_empty)) {
                let message = format!("of container \"{name}\" is missing");
                checked.push(mount.at(member), Finding::error("TD20", Kind::Input, message, hint));
            }
        }
        let Some(volume) = mount.text("sourceVolume").filter(|volume| !volume.is_empty()) else { continue };
        if !volumes.contains(volume) {
            let message = format!("\"{}\" of container \"{name}\" is not in volumes", shown(volume));
            let finding =
                Finding::error("TD20", Kind::Input, message, "add the volume to \"volumes\", or correct the name");
            checked.push(mount.at("sourceVolume"), finding);
        }
    }
    for from in container.list("volumesFrom") {
        let Some(source) = from.text("sourceContainer") else { continue };
        if !containers.contains(source) {
            let message = format!("\"{}\" of container \"{name}\" is no container", shown(source));
            let finding = Finding::error("TD20", Kind::Input, message, "name one of the containers");
            checked.push(from.at("sourceContainer"), finding);
        }
    }
}

/// [EFSVolumeConfiguration](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html):
/// transit encryption must be on for IAM and for access points, and an access point has its own root directory.
fn efs(checked: &mut Checked<'_>, volume: &Part<'_>) {
    let Some(efs) = volume.map("efsVolumeConfiguration") else { return };
    if let Some(marker) = efs.text("fileSystemId").and_then(marker) {
        let message = format!("has \"{}\" in it, which was not replaced", shown(marker));
        let finding = Finding::error("TD20", Kind::Input, message, "write the id of the file system, such as fs-1234");
        checked.push(efs.at("fileSystemId"), finding);
    }
    let Some(authorization) = efs.map("authorizationConfig") else { return };
    let access_point = authorization.text("accessPointId").is_some_and(|id| !id.is_empty());
    let iam = authorization.text("iam") == Some("ENABLED");
    if (access_point || iam) && efs.text("transitEncryption") != Some("ENABLED") {
        let message = "must be ENABLED for an access point or IAM authorization";
        let finding = Finding::error("TD20", Kind::Input, message, "set \"transitEncryption\": \"ENABLED\"");
        checked.push(efs.at("transitEncryption"), finding);
    }
    if access_point && efs.text("rootDirectory").is_some_and(|root| !root.is_empty() && root != "/") {
        let message = "cannot be combined with an access point, which has its own";
        let finding = Finding::error("TD20", Kind::Input, message, "remove \"rootDirectory\", or set it to \"/\"");
        checked.push(efs.at("rootDirectory"), finding);
    }
}

/// The container of App Mesh.
fn proxy(checked: &mut Checked<'_>, containers: &BTreeSet<&str>) {
    let proxy = checked.member("proxyConfiguration").and_then(|it| it.get("containerName"));
    let Some(name) = proxy.and_then(serde_json::Value::as_str) else { return };
    if !containers.contains(name) {
        let message = format!("\"{}\" is no container", shown(name));
        // The reference says nothing about another name.
        let finding = Finding::warning("TD20", message, "name one of the containers");
        checked.push("proxyConfiguration.containerName", finding);
    }
}
