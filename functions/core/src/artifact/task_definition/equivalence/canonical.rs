//! The canonical form of a task definition, without everything that makes no difference to ECS.

use serde_json::{Map, Value, json};

use crate::artifact::walk::member;

/// Lists of entries with a name, and the member that holds the name: ECS returns some of them in another order, and
/// order has no meaning in any of them. Entries of the same name keep their order, because the last one wins.
const NAMED: [(&str, &str); 12] = [
    ("tags", "key"),
    ("containerDefinitions", "name"),
    ("containerDefinitions.environment", "name"),
    ("containerDefinitions.secrets", "name"),
    ("containerDefinitions.ulimits", "name"),
    ("containerDefinitions.systemControls", "namespace"),
    ("containerDefinitions.extraHosts", "hostname"),
    ("containerDefinitions.logConfiguration.secretOptions", "name"),
    ("containerDefinitions.linuxParameters.tmpfs", "containerPath"),
    ("volumes", "name"),
    ("proxyConfiguration.properties", "name"),
    ("inferenceAccelerators", "deviceName"),
];

/// Other lists whose order has no meaning. In lists where it has (`command`, `entryPoint`, `dependsOn`,
/// `environmentFiles`, `dnsServers`, `links`, …), and in unknown lists, order counts.
const UNORDERED: [&str; 11] = [
    "requiresCompatibilities",
    "placementConstraints",
    "containerDefinitions.portMappings",
    "containerDefinitions.mountPoints",
    "containerDefinitions.resourceRequirements",
    "containerDefinitions.dockerSecurityOptions",
    "containerDefinitions.restartPolicy.ignoredExitCodes",
    "containerDefinitions.linuxParameters.capabilities.add",
    "containerDefinitions.linuxParameters.capabilities.drop",
    "containerDefinitions.linuxParameters.devices",
    "containerDefinitions.linuxParameters.devices.permissions",
];

/// Maps that mean the same when empty as when absent. This is not known of other maps: naming a feature may enable it.
const EMPTY_MEANS_ABSENT: [&str; 10] = [
    "runtimePlatform",
    "volumes.host",
    "volumes.dockerVolumeConfiguration.driverOpts",
    "volumes.dockerVolumeConfiguration.labels",
    "volumes.efsVolumeConfiguration.authorizationConfig",
    "containerDefinitions.dockerLabels",
    "containerDefinitions.linuxParameters",
    "containerDefinitions.linuxParameters.capabilities",
    "containerDefinitions.logConfiguration.options",
    "containerDefinitions.firelensConfiguration.options",
];

/// The value that a member has if it is absent, as
/// [RegisterTaskDefinition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html)
/// documents it.
pub(crate) fn default(place: &str) -> Option<Value> {
    Some(match place {
        "containerDefinitions.cpu" | "containerDefinitions.healthCheck.startPeriod" => json!(0),
        "containerDefinitions.essential" => json!(true),
        "containerDefinitions.portMappings.protocol" => json!("tcp"),
        "containerDefinitions.healthCheck.interval" => json!(30),
        "containerDefinitions.healthCheck.timeout" => json!(5),
        "containerDefinitions.healthCheck.retries" => json!(3),
        "containerDefinitions.restartPolicy.restartAttemptPeriod" => json!(300),
        "containerDefinitions.versionConsistency" => json!("enabled"),
        "containerDefinitions.mountPoints.readOnly"
        | "containerDefinitions.volumesFrom.readOnly"
        | "containerDefinitions.disableNetworking"
        | "containerDefinitions.interactive"
        | "containerDefinitions.privileged"
        | "containerDefinitions.pseudoTerminal"
        | "containerDefinitions.readonlyRootFilesystem"
        | "containerDefinitions.linuxParameters.initProcessEnabled"
        | "volumes.configuredAtLaunch"
        | "enableFaultInjection" => json!(false),
        "volumes.efsVolumeConfiguration.rootDirectory" | "volumes.s3filesVolumeConfiguration.rootDirectory" => {
            json!("/")
        }
        "volumes.efsVolumeConfiguration.transitEncryption"
        | "volumes.efsVolumeConfiguration.authorizationConfig.iam" => json!("DISABLED"),
        _ => return None,
    })
}

/// The member that names the entries of the list at `place`, if they have names.
pub(crate) fn key(place: &str) -> Option<&'static str> {
    NAMED.iter().find(|(list, _)| *list == place).map(|(_, key)| *key)
}

/// The canonical form of a whole task definition.
pub(super) fn task_definition(members: &Map<String, Value>) -> Map<String, Value> {
    let form = Form { awsvpc: members.get("networkMode").and_then(Value::as_str) == Some("awsvpc") };
    form.map(members, "")
}

struct Form {
    awsvpc: bool,
}

impl Form {
    /// `None` if the value means the same as no value.
    fn value(&self, value: &Value, place: &str) -> Option<Value> {
        let value = match value {
            Value::Null => return None,
            Value::Object(map) => Value::Object(self.map(map, place)),
            Value::Array(list) => Value::Array(self.list(list, place)),
            Value::String(text) if place == "cpu" => Value::from(units(text, "vcpu")),
            Value::String(text) if place == "memory" => Value::from(units(text, "gb")),
            other => other.clone(),
        };
        let absent = match &value {
            // ECS returns empty lists for members that were not sent, and new ones from time to time: `systemControls`
            // in 2024.
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty() && EMPTY_MEANS_ABSENT.contains(&place),
            other => default(place).as_ref() == Some(other),
        };
        (!absent).then_some(value)
    }

    /// With its members in alphabetical order, so that equal maps have equal texts.
    fn map(&self, map: &Map<String, Value>, place: &str) -> Map<String, Value> {
        let member = |(name, value): (&String, &Value)| Some((name.clone(), self.value(value, &member(place, name))?));
        let mut members: Vec<(String, Value)> = map.iter().filter_map(member).collect();
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut members: Map<String, Value> = members.into_iter().collect();
        match place {
            "containerDefinitions.portMappings" => self.host_port(&mut members),
            // A log router runs as root unless told otherwise, and ECS returns this user.
            "containerDefinitions"
                if members.contains_key("firelensConfiguration")
                    && members.get("user").and_then(Value::as_str) == Some("0") =>
            {
                members.shift_remove("user");
            }
            _ => {}
        }
        members
    }

    /// Port 0 means any free port, and so does a missing port. Under awsvpc, the host port must be the container port,
    /// and ECS adds it.
    fn host_port(&self, mapping: &mut Map<String, Value>) {
        let Some(host) = mapping.get("hostPort").and_then(Value::as_u64) else { return };
        let container = mapping.get("containerPort").and_then(Value::as_u64);
        if host == 0 || (self.awsvpc && container == Some(host)) {
            mapping.shift_remove("hostPort");
        }
    }

    fn list(&self, list: &[Value], place: &str) -> Vec<Value> {
        let mut entries: Vec<Value> = list.iter().filter_map(|entry| self.value(entry, place)).collect();
        let key = key(place);
        if key.is_some() || UNORDERED.contains(&place) {
            // Terraform and templates write an unset entry as an entry without members.
            entries
                .retain(|entry| entry.as_object().is_none_or(|map| !map.is_empty()) && !is_reserved_tag(entry, place));
        }
        if let Some(key) = key {
            // Stable: entries of the same name keep their order.
            entries.sort_by_cached_key(|entry| entry.get(key).and_then(Value::as_str).map(str::to_owned));
        } else if UNORDERED.contains(&place) {
            entries.sort_by_cached_key(Value::to_string);
        }
        entries
    }
}

/// Tags of AWS itself, such as those of CloudFormation, can neither be registered nor removed.
/// [Tag](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html)
fn is_reserved_tag(entry: &Value, place: &str) -> bool {
    let key = entry.get("key").and_then(Value::as_str).and_then(|key| key.get(..4));
    place == "tags" && key.is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// The number that ECS makes of `1 vCPU` or `.5 GB` when a task definition is registered: CPU units or MiB.
fn units(text: &str, unit: &str) -> String {
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.strip_suffix(unit).and_then(|number| number.trim().parse::<f64>().ok());
    match number.map(|number| number * 1024.0) {
        Some(units) if (1.0..1e9).contains(&units) && units.fract() == 0.0 => format!("{units:.0}"),
        _ => lower,
    }
}
