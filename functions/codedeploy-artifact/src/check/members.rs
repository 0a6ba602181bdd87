//! Members in the wrong place, which ECS does not see. Members that nobody knows may be of tomorrow and are left alone.

use super::task_definition::Checked;
use crate::error::shown;
use crate::finding::Finding;
use crate::suggest::did_you_mean;

/// Members of RegisterTaskDefinition.
const TASK: &[&str] = &[
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "volumes",
    "placementConstraints",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "tags",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
];

/// Members of a container definition.
const CONTAINER: &[&str] = &[
    "name",
    "image",
    "repositoryCredentials",
    "cpu",
    "memory",
    "memoryReservation",
    "links",
    "portMappings",
    "essential",
    "restartPolicy",
    "entryPoint",
    "command",
    "environment",
    "environmentFiles",
    "mountPoints",
    "volumesFrom",
    "linuxParameters",
    "secrets",
    "dependsOn",
    "startTimeout",
    "stopTimeout",
    "versionConsistency",
    "hostname",
    "user",
    "workingDirectory",
    "disableNetworking",
    "privileged",
    "readonlyRootFilesystem",
    "dnsServers",
    "dnsSearchDomains",
    "extraHosts",
    "dockerSecurityOptions",
    "interactive",
    "pseudoTerminal",
    "dockerLabels",
    "ulimits",
    "logConfiguration",
    "healthCheck",
    "systemControls",
    "resourceRequirements",
    "firelensConfiguration",
    "credentialSpecs",
];

pub(super) fn check(checked: &mut Checked<'_>) {
    let top: Vec<&str> = checked.task_definition().member_names().collect();
    for member in top {
        if TASK.contains(&member) || checked.member(member).is_none() {
            continue;
        }
        let finding = if CONTAINER.contains(&member) {
            let message = "is a member of a container, so ECS ignores it here";
            Some(Finding::warning("TD28", message, "move it into the container in containerDefinitions"))
        } else {
            misspelt(member, TASK)
        };
        if let Some(finding) = finding {
            checked.push(shown(member), finding);
        }
    }
    for container in checked.containers() {
        for (member, value) in container.members() {
            if CONTAINER.contains(&member) || value.is_null() {
                continue;
            }
            let finding = if TASK.contains(&member) {
                let message = "is a member of the task definition, so ECS ignores it in a container";
                Some(Finding::warning("TD28", message, "move it out of containerDefinitions to the top level"))
            } else {
                misspelt(member, CONTAINER)
            };
            if let Some(finding) = finding {
                checked.push(container.at(&shown(member)), finding);
            }
        }
    }
}

fn misspelt(member: &str, known: &[&'static str]) -> Option<Finding> {
    let near = did_you_mean(member, known.iter().copied()).filter(|near| near.len() > 4)?;
    let message = format!("is unknown; did you mean \"{near}\"?");
    Some(Finding::warning("TD28", message, format!("write \"{near}\", or keep it if it is a new member of ECS")))
}
