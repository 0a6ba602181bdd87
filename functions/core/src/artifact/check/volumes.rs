//! Volumes, mount points, and other references between parts of a task definition.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checked::{Checked, Part};
use super::markers::marker;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with volumes and mount points.
    pub(super) const FORMS;

    fn twice(volume) => "TD20" Warning Input "\"{volume}\" is given twice", "rename or remove one of them";
    fn no_source(container) =>
        "TD20" Error Input "of container \"{container}\" is missing", "name one of \"volumes\"";
    fn no_path(container) =>
        "TD20" Error Input "of container \"{container}\" is missing", "write the path in the container, such as /data";
    fn unknown_volume(volume, container) =>
        "TD20" Error Input "\"{volume}\" of container \"{container}\" is not in volumes",
        "add the volume to \"volumes\", or correct the name";
    fn unknown_container(source, container) =>
        "TD20" Error Input "\"{source}\" of container \"{container}\" is not a container", "name one of the containers";
    fn not_replaced(marker) =>
        "TD20" Error Input "contains \"{marker}\", which was not replaced",
        "write the ID of the file system, such as fs-1234";
    fn not_encrypted() =>
        "TD20" Error Input "must be ENABLED for an access point or IAM authorization",
        "set \"transitEncryption\": \"ENABLED\"";
    fn root_directory() =>
        "TD20" Error Input "cannot be combined with an access point, which has its own root directory",
        "remove \"rootDirectory\", or set it to \"/\"";
    // The API reference does not say what happens with another name.
    fn unknown_proxy(container) =>
        "TD20" Warning Input "\"{container}\" is not a container", "name one of the containers";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    let volumes = checked.task.list("volumes");
    let mut names = BTreeSet::new();
    for volume in &volumes {
        if !names.insert(volume.name()) {
            checked.push(volume.at("name"), twice(volume.name()));
        }
        efs(checked, volume);
    }
    let containers = checked.containers();
    let known: BTreeSet<&str> = containers.iter().map(Part::name).collect();
    for container in &containers {
        mounts(checked, container, &names, &known);
    }
    // The container of App Mesh.
    for (path, name) in checked.task.values("proxyConfiguration.containerName") {
        if let Some(name) = name.as_str().filter(|name| !known.contains(name)) {
            checked.push(path, unknown_proxy(name));
        }
    }
}

fn mounts(checked: &mut Checked<'_>, container: &Part<'_>, volumes: &BTreeSet<&str>, containers: &BTreeSet<&str>) {
    let name = container.name();
    for mount in container.list("mountPoints") {
        let empty = |value: &Value| value.as_str().is_some_and(str::is_empty);
        let missing = |member| mount.member(member).is_none_or(empty);
        if missing("sourceVolume") {
            checked.push(mount.at("sourceVolume"), no_source(name));
        }
        if missing("containerPath") {
            checked.push(mount.at("containerPath"), no_path(name));
        }
        let Some(volume) = mount.text("sourceVolume").filter(|volume| !volume.is_empty()) else { continue };
        if !volumes.contains(volume) {
            checked.push(mount.at("sourceVolume"), unknown_volume(volume, name));
        }
    }
    for from in container.list("volumesFrom") {
        if let Some(source) = from.text("sourceContainer").filter(|source| !containers.contains(source)) {
            checked.push(from.at("sourceContainer"), unknown_container(source, name));
        }
    }
}

/// [EFSVolumeConfiguration](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html):
/// transit encryption must be on for IAM and for access points, and an access point has its own root directory.
fn efs(checked: &mut Checked<'_>, volume: &Part<'_>) {
    let Some(efs) = volume.map("efsVolumeConfiguration") else { return };
    if let Some(marker) = efs.text("fileSystemId").and_then(marker) {
        checked.push(efs.at("fileSystemId"), not_replaced(marker));
    }
    let Some(authorization) = efs.map("authorizationConfig") else { return };
    let access_point = authorization.text("accessPointId").is_some_and(|id| !id.is_empty());
    let iam = authorization.text("iam") == Some("ENABLED");
    if (access_point || iam) && efs.text("transitEncryption") != Some("ENABLED") {
        checked.push(efs.at("transitEncryption"), not_encrypted());
    }
    if access_point && efs.text("rootDirectory").is_some_and(|root| !root.is_empty() && root != "/") {
        checked.push(efs.at("rootDirectory"), root_directory());
    }
}
