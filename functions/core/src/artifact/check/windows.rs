//! What Windows containers on Fargate do not support, beside what Fargate supports for nobody. Sizes are in [`super::sizes`].
//!
//! [Windows containers on Fargate](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate.html), and the notes
//! "not supported for Windows containers" in the
//! [API reference](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html).

use super::checked::Checked;
use crate::fault::finding::findings;

findings! {
    /// What Windows containers do not support.
    pub(super) const FORMS;

    fn unsupported(member) => "TD38" Error Input "is not supported for Windows containers on Fargate", "remove {member}";
    fn unsupported_in(member, container) =>
        "TD38" Error Input "is not supported for Windows containers on Fargate (container \"{container}\")", "remove {member}";
    // The API reference says that platform version 1.0.0 supports it, the developer guide that no version does.
    fn storage() =>
        "TD38" Warning Input "cannot be configured for Windows containers on Fargate", "remove ephemeralStorage";
    fn architecture(architecture) =>
        "TD38" Error Input "{architecture} is not supported for Windows containers on Fargate",
        "set \"cpuArchitecture\" to \"X86_64\", or remove it";
    fn log_driver(container) =>
        "TD38" Error Input "awsfirelens is not supported for Windows containers on Fargate (container \"{container}\")",
        "set \"logDriver\" to \"awslogs\"";
}

/// Members of the task definition.
const TASK: [&str; 3] = ["pidMode", "proxyConfiguration", "volumes[].efsVolumeConfiguration"];

/// Members of a container.
const CONTAINER: [&str; 6] =
    ["linuxParameters", "readonlyRootFilesystem", "ulimits", "user", "firelensConfiguration", "credentialSpecs"];

pub(super) fn check(checked: &mut Checked<'_>) {
    if !checked.is_windows() {
        return;
    }
    let task = checked.task.clone();
    checked.push_for_each(&task, &TASK, |member| unsupported(member));
    if task.member("ephemeralStorage").is_some() {
        checked.push_for_fargate("ephemeralStorage", storage());
    }
    for (path, value) in task.values("runtimePlatform.cpuArchitecture") {
        if let Some(text) = value.as_str().filter(|text| *text != "X86_64") {
            checked.push_for_fargate(path, architecture(text));
        }
    }
    for container in checked.containers() {
        let name = container.name();
        checked.push_for_each(&container, &CONTAINER, |member| unsupported_in(member, name));
        for (path, _) in container.values("logConfiguration.logDriver").into_iter().filter(|(_, it)| *it == FIRELENS) {
            checked.push_for_fargate(path, log_driver(name));
        }
    }
}

const FIRELENS: &str = "awsfirelens";
