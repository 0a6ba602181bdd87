//! Volumes, mount points, and other references between parts of a task definition.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checked::{Checked, Part};
use super::markers::marker;
use crate::fault::finding::findings;
use crate::names::is_ecs_name;

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
    fn bad_name(volume) =>
        "TD20" Warning Input "\"{volume}\" should be 1-255 letters, digits, hyphens and underscores",
        "use only these characters";
    fn not_a_file_system(id) =>
        "TD20" Warning Input "\"{id}\" is not the ID of a file system", "write the ID of the file system, such as fs-0a1b2c3d4e5f67890";
    fn not_an_access_point(id) =>
        "TD20" Warning Input "\"{id}\" is not the ID of an access point",
        "write the ID of the access point, such as fsap-0a1b2c3d4e5f67890";
    fn not_a_port(port) =>
        "TD20" Error Input "{port} is not a port (1-65535)", "set a port from 1 to 65535, or remove it";
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
        if volume.text("name").is_some_and(|name| !is_ecs_name(name)) {
            checked.push(volume.at("name"), bad_name(volume.name()));
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
    let id = efs.text("fileSystemId");
    if let Some(marker) = id.and_then(marker) {
        checked.push(efs.at("fileSystemId"), not_replaced(marker));
    } else if let Some(id) = id.filter(|id| !is_id(id, "fs-")) {
        checked.push(efs.at("fileSystemId"), not_a_file_system(id));
    }
    if let Some(port) = efs.number("transitEncryptionPort").filter(|port| !(1..=65_535).contains(port)) {
        checked.push(efs.at("transitEncryptionPort"), not_a_port(port));
    }
    let Some(authorization) = efs.map("authorizationConfig") else { return };
    let id = authorization.text("accessPointId").filter(|id| !id.is_empty());
    if let Some(id) = id.filter(|id| !is_id(id, "fsap-")) {
        checked.push(authorization.at("accessPointId"), not_an_access_point(id));
    }
    let access_point = id.is_some();
    let iam = authorization.text("iam") == Some("ENABLED");
    if (access_point || iam) && efs.text("transitEncryption") != Some("ENABLED") {
        checked.push(efs.at("transitEncryption"), not_encrypted());
    }
    if access_point && efs.text("rootDirectory").is_some_and(|root| !root.is_empty() && root != "/") {
        checked.push(efs.at("rootDirectory"), root_directory());
    }
}

/// Whether a text is an ID of Amazon EFS. [CreateFileSystem](https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html),
/// [CreateAccessPoint](https://docs.aws.amazon.com/efs/latest/ug/API_CreateAccessPoint.html)
fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        (4..=40).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    })
}
