//! What is hidden of a task definition.

use serde_json::{Map, Value};

use crate::artifact::task_definition::TaskDefinition;

/// What stands for a hidden value.
pub const HIDDEN: &str = "***";

/// Whether environment values, and options whose names say that they are secrets, are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Values {
    /// Nothing of them: no digest and no length either.
    #[default]
    Hidden,
    /// As they are.
    Shown,
}

/// The list of the variables of a container.
const ENVIRONMENT: &str = "containerDefinitions.environment";

/// Maps of options, in which log drivers and volume drivers take credentials.
const OPTIONS: [&str; 4] = [
    "containerDefinitions.logConfiguration.options.",
    "containerDefinitions.firelensConfiguration.options.",
    "containerDefinitions.dockerLabels.",
    "volumes.dockerVolumeConfiguration.driverOpts.",
];

/// Parts of the names of options that are credentials, in lower case: `splunk-token`, `http_passwd`, `licenseKey`.
const CREDENTIALS: [&str; 6] = ["token", "passw", "secret", "key", "credential", "auth"];

/// The value at a place, with [`HIDDEN`] for what is not to be shown; `hidden` becomes true if there is any.
pub(super) fn hide(place: &str, value: &Value, values: Values, hidden: &mut bool) -> Value {
    match value {
        _ if values == Values::Shown => value.clone(),
        Value::Object(map) => {
            let member = |(name, value): (&String, &Value)| {
                (name.clone(), hide(&format!("{place}.{name}"), value, values, hidden))
            };
            Value::Object(map.iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(list) => list.iter().map(|entry| hide(place, entry, values, hidden)).collect(),
        _ if is_secret(place) => {
            *hidden = true;
            Value::from(HIDDEN)
        }
        _ => value.clone(),
    }
}

/// The names that hidden values have, with the values if the task definition has them: variables, secrets, and options
/// that are credentials.
pub(crate) fn hidden_values(definition: &TaskDefinition) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let containers = definition.members().get("containerDefinitions").and_then(Value::as_array);
    for container in containers.into_iter().flatten() {
        let text = |value: &Value, member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
        let list =
            |value: &Value, member: &str| value.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
        for variable in list(container, "environment") {
            found.extend(text(&variable, "name").map(|name| (name, text(&variable, "value"))));
        }
        let log = container.get("logConfiguration").cloned().unwrap_or_default();
        for secret in list(container, "secrets").iter().chain(&list(&log, "secretOptions")) {
            found.extend(text(secret, "name").map(|name| (name, None)));
        }
        for place in OPTIONS {
            let path =
                place.strip_prefix("containerDefinitions.").map(|rest| rest.trim_end_matches('.').replace('.', "/"));
            let options = path.and_then(|path| container.pointer(&format!("/{path}"))?.as_object().cloned());
            for (name, value) in options.into_iter().flatten() {
                if is_secret(&format!("{place}{name}")) {
                    found.push((name, value.as_str().map(str::to_owned)));
                }
            }
        }
    }
    found
}

/// In the environment everything but the names of variables, also in a form that nobody knows yet.
fn is_secret(place: &str) -> bool {
    if let Some(rest) = place.strip_prefix(ENVIRONMENT)
        && (rest.is_empty() || rest.starts_with('.'))
    {
        return rest != ".name";
    }
    OPTIONS.iter().filter_map(|options| place.strip_prefix(options)).any(|name| {
        let name = name.to_ascii_lowercase();
        CREDENTIALS.iter().any(|part| name.contains(part))
    })
}
