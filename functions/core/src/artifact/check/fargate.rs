//! What Fargate does not support.
//!
//! [Considerations for Fargate](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html);
//! ECS answers "Fargate compatible task definitions do not support …".

use serde_json::Value;

use super::task_definition::{Checked, Part, parts};
use crate::fault::finding::Finding;
use crate::fault::{Kind, shown};

/// Members of a container. Under `awsvpc` most of them are refused for EC2 too.
const CONTAINER: [&str; 9] = [
    "privileged",
    "links",
    "hostname",
    "extraHosts",
    "dnsServers",
    "dnsSearchDomains",
    "dockerSecurityOptions",
    "disableNetworking",
    "credentialSpecs",
];

/// Members of its `linuxParameters`.
const LINUX: [&str; 5] = ["devices", "sharedMemorySize", "tmpfs", "maxSwap", "swappiness"];

pub(super) fn check(checked: &mut Checked<'_>) {
    for member in ["placementConstraints", "ipcMode", "inferenceAccelerators"] {
        if checked.member(member).is_some_and(is_set) {
            unsupported(checked, member.to_owned(), member, "");
        }
    }
    if checked.member("pidMode").is_some_and(|mode| mode == "host") {
        unsupported_value(checked, "pidMode".to_owned(), "host", "", "set it to task, or remove it");
    }
    for container in checked.containers() {
        let of = format!(" (container \"{}\")", shown(container.name()));
        for member in CONTAINER {
            // Windows tasks on Fargate take credentialSpecs.
            if member != "credentialSpecs" && container.member(member).is_some_and(is_set) {
                unsupported(checked, container.at(member), member, &of);
            }
        }
        for requirement in container.list("resourceRequirements") {
            if let Some(kind) = requirement.text("type").filter(|kind| *kind == "GPU") {
                unsupported_value(checked, requirement.at("type"), kind, &of, "remove the requirement");
            }
        }
        let options = container.map("firelensConfiguration").and_then(|firelens| firelens.map("options"));
        if let Some(options) = options.filter(|options| options.text("config-file-type") == Some("s3")) {
            unsupported_value(
                checked,
                options.at("config-file-type"),
                "s3",
                &of,
                "set it to file, with a file of the image",
            );
        }
        linux(checked, &container, &of);
        timeouts(checked, &container, &of);
    }
    for volume in parts(checked.member("volumes"), "volumes") {
        for member in ["dockerVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration"] {
            if volume.member(member).is_some_and(is_set) {
                unsupported(checked, volume.at(member), member, "");
            }
        }
        if let Some(host) = volume.map("host")
            && host.text("sourcePath").is_some_and(|path| !path.is_empty())
        {
            unsupported(checked, host.at("sourcePath"), "sourcePath", "");
        }
    }
}

fn linux(checked: &mut Checked<'_>, container: &Part<'_>, of: &str) {
    let Some(linux) = container.map("linuxParameters") else { return };
    for member in LINUX {
        if linux.member(member).is_some_and(is_set) {
            unsupported(checked, linux.at(member), member, of);
        }
    }
    let added = linux.map("capabilities").and_then(|it| it.member("add")).and_then(Value::as_array);
    for capability in added.into_iter().flatten().filter_map(Value::as_str) {
        if capability != "SYS_PTRACE" {
            unsupported_value(
                checked,
                linux.at("capabilities.add"),
                capability,
                of,
                &format!("remove {}", shown(capability)),
            );
        }
    }
}

/// "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds."
fn timeouts(checked: &mut Checked<'_>, container: &Part<'_>, of: &str) {
    for (member, least, most) in [("startTimeout", 2, i64::MAX), ("stopTimeout", 2, 120)] {
        if let Some(seconds) = container.number(member).filter(|seconds| !(least..=most).contains(seconds)) {
            let range = if most == i64::MAX { format!("at least {least}") } else { format!("{least}-{most}") };
            let message = format!("{seconds} must be {range} seconds on Fargate{of}");
            let finding = Finding::error("TD27", Kind::Input, message, format!("set {range}"));
            checked.push_for_fargate(container.at(member), finding);
        }
    }
}

/// A member that must not be there.
fn unsupported(checked: &mut Checked<'_>, path: String, member: &str, of: &str) {
    let message = format!("is not supported on Fargate{of}");
    checked.push_for_fargate(path, Finding::error("TD27", Kind::Input, message, format!("remove {}", shown(member))));
}

/// A value of a member that may be there.
fn unsupported_value(checked: &mut Checked<'_>, path: String, value: &str, of: &str, hint: &str) {
    let message = format!("\"{}\" is not supported on Fargate{of}", shown(value));
    checked.push_for_fargate(path, Finding::error("TD27", Kind::Input, message, hint));
}

/// Members that are empty or say no change nothing.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}
