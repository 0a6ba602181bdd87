//! What Fargate does not support.
//!
//! [Considerations for Fargate](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html);
//! ECS answers "Fargate compatible task definitions do not support …".

use serde_json::Value;

use super::checked::Checked;
use crate::fault::finding::{Finding, findings};

findings! {
    /// What Fargate does not support.
    pub(super) const FORMS;

    fn unsupported(member) => "TD27" Error Input "is not supported on Fargate", "remove {member}";
    fn host_pid_mode() =>
        "TD27" Error Input "\"host\" is not supported on Fargate", "set \"pidMode\" to \"task\", or remove it";
    fn unsupported_in(member, container) =>
        "TD27" Error Input "is not supported on Fargate (container \"{container}\")", "remove {member}";
    fn gpu(container) =>
        "TD27" Error Input "\"GPU\" is not supported on Fargate (container \"{container}\")", "remove the requirement";
    fn config_in_s3(container) =>
        "TD27" Error Input "\"s3\" is not supported on Fargate (container \"{container}\")",
        "set it to \"file\", with a file in the image";
    fn unsupported_capability(capability, container) =>
        "TD27" Error Input "\"{capability}\" is not supported on Fargate (container \"{container}\")",
        "remove {capability}";
}

/// Members of the task definition.
const TASK: [&str; 6] = [
    "placementConstraints",
    "ipcMode",
    "inferenceAccelerators",
    "volumes[].dockerVolumeConfiguration",
    "volumes[].fsxWindowsFileServerVolumeConfiguration",
    "volumes[].host.sourcePath",
];

/// Members of a container. Under `awsvpc`, ECS refuses most of them for EC2, too. Windows tasks accept
/// `credentialSpecs`.
const CONTAINER: [&str; 13] = [
    "privileged",
    "links",
    "hostname",
    "extraHosts",
    "dnsServers",
    "dnsSearchDomains",
    "dockerSecurityOptions",
    "disableNetworking",
    "linuxParameters.devices",
    "linuxParameters.sharedMemorySize",
    "linuxParameters.tmpfs",
    "linuxParameters.maxSwap",
    "linuxParameters.swappiness",
];

/// The path of a member, the value that is not supported, and its finding for the container of a name.
type Unsupported = (&'static str, &'static str, fn(&str) -> Finding);

/// Values of members of a container that Fargate does not support.
const VALUES: [Unsupported; 2] = [
    ("resourceRequirements[].type", "GPU", |container| gpu(container)),
    ("firelensConfiguration.options.config-file-type", "s3", |container| config_in_s3(container)),
];

/// The only capability that Fargate adds.
const CAPABILITY: &str = "SYS_PTRACE";

pub(super) fn check(checked: &mut Checked<'_>) {
    checked.push_for_each(&checked.task.clone(), &TASK, |member| unsupported(member));
    if checked.task.text("pidMode") == Some("host") {
        checked.push_for_fargate("pidMode", host_pid_mode());
    }
    for container in checked.containers() {
        let name = container.name();
        checked.push_for_each(&container, &CONTAINER, |member| unsupported_in(member, name));
        for (path, text, finding) in VALUES {
            for (path, _) in container.values(path).into_iter().filter(|(_, value)| *value == text) {
                checked.push_for_fargate(path, finding(name));
            }
        }
        for (path, added) in container.values("linuxParameters.capabilities.add") {
            let added = added.as_array().into_iter().flatten().filter_map(Value::as_str);
            for capability in added.filter(|capability| *capability != CAPABILITY) {
                checked.push_for_fargate(path.clone(), unsupported_capability(capability, name));
            }
        }
    }
}
