//! What ECS accepts and is probably a mistake all the same. Only `check` reports the notes.

use super::checked::{Checked, Part};
use crate::artifact::task_definition::TaskDefinition;
use crate::fault::Severity;
use crate::fault::finding::{Finding, findings};
use crate::names::region_of;
use crate::text::list;

findings! {
    /// What is doubtful in a task definition.
    pub(super) const FORMS;

    fn no_tag(image, container) =>
        "IMG07" Note Input "\"{image}\" of container \"{container}\" has no tag, so it means latest",
        "use a tag that does not move, or a digest: repo/app@sha256:…";
    fn latest(image, container) =>
        "IMG07" Note Input "\"{image}\" of container \"{container}\" has the tag latest, which moves",
        "use a tag that does not move, or a digest: repo/app@sha256:…";
    fn no_digest(image, container) =>
        "IMG08" Warning Input
        "\"{image}\" of container \"{container}\" has no digest, and versionConsistency is disabled, so tasks may run \
         different images",
        "name a digest: repo/app@sha256:…, or remove \"versionConsistency\"";
    fn plain_secret(variable, container) =>
        "TD34" Warning Input "\"{variable}\" of container \"{container}\" seems to be a secret in plain text",
        "move it from \"environment\" to \"secrets\", with the ARN of a secret or parameter as valueFrom";
    fn plain_credential(variable, container; what) =>
        "TD34" Warning Input "\"{variable}\" of container \"{container}\" has {what} in plain text",
        "move it from \"environment\" to \"secrets\", with the ARN of a secret or parameter as valueFrom, and replace the credential";
    fn response_only(; members) =>
        "TD35" Warning Input "has members that RegisterTaskDefinition does not accept: {members}",
        "remove them; `codedeploy-artifact generate` removes them too";
    pub(crate) fn wrapped() =>
        "TD35" Warning Input "is inside \"taskDefinition\", as describe-task-definition prints it",
        "keep only its content; `codedeploy-artifact generate` does that too";
    fn left_out(; members) =>
        "TD36" Warning Input "has members without a value, which RegisterTaskDefinition refuses: {members}",
        "remove them; `codedeploy-artifact generate` leaves them out too";
    fn other_region(secret, container, region, others) =>
        "TD33" Warning Input
        "of secret \"{secret}\" of container \"{container}\" is in {region}, but the task definition is for {others}",
        "name a secret or parameter in {others}";
    fn other_partition(secret, container, partition, others) =>
        "TD33" Error Input
        "of secret \"{secret}\" of container \"{container}\" is in partition {partition}, but the task definition is for {others}",
        "name a secret or parameter in partition {others}";
}

/// Doubts about the content of a task definition, in the order of the rules: images, variables and secrets.
fn content<'t>(task_definition: &'t TaskDefinition, file: &'t str) -> Checked<'t> {
    let mut checked = Checked::new(task_definition, file);
    for container in checked.containers() {
        image(&mut checked, &container);
        variables(&mut checked, &container);
    }
    regions(&mut checked, task_definition.arn());
    checked
}

/// The warnings and errors among the doubts about the content, for what is about to be deployed. ECS has accepted a
/// described revision, so its errors are warnings.
pub(super) fn warnings(task_definition: &TaskDefinition, file: &str) -> Vec<Finding> {
    let known = task_definition.arn().is_some();
    let findings = content(task_definition, file).findings.into_iter().filter(|it| it.severity != Severity::Note);
    findings.map(|finding| if known { finding.into_warning() } else { finding }).collect()
}

/// Doubts about a task definition, in the order of the rules.
pub(crate) fn advice(task_definition: &TaskDefinition, file: &str) -> Vec<Finding> {
    let mut checked = content(task_definition, file);
    if !task_definition.removed().is_empty() {
        let removed = task_definition.removed();
        checked.push(removed.first().copied().unwrap_or_default(), response_only(list(removed)));
    }
    let without_value = task_definition.left_out();
    if let Some(first) = without_value.first() {
        let path = first.split(' ').next().unwrap_or_default().to_owned();
        checked.findings.push(left_out(list(&without_value)).apart_at(file, path, None));
    }
    checked.findings
}

/// [Version consistency](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html): ECS keeps
/// the digest of a tag for all tasks of a deployment, unless that is disabled.
fn image(checked: &mut Checked<'_>, container: &Part<'_>) {
    let Some(image) = container.text("image").filter(|it| !it.contains(['<', '$', '{', '@']) && !it.is_empty()) else {
        return;
    };
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.split_once(':') {
        None => checked.push(container.at("image"), no_tag(image, container.name())),
        Some((_, "latest")) => checked.push(container.at("image"), latest(image, container.name())),
        Some(_) => {}
    }
    if container.text("versionConsistency") == Some("disabled") {
        checked.push(container.at("image"), no_digest(image, container.name()));
    }
}

/// The words in names of variables that hold secrets. `KEY` alone is in too many other names.
const SECRET_WORDS: [&str; 10] =
    ["SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "APIKEY", "CREDENTIAL", "CREDENTIALS", "PRIVATEKEY", "PWD"];
/// Words before `KEY`.
const KEYS: [&str; 7] = ["API", "ACCESS", "PRIVATE", "SECRET", "ENCRYPTION", "SIGNING", "MASTER"];
/// Words after which a name is about a secret and holds none.
const ABOUT: [&str; 21] = [
    "ARN",
    "NAME",
    "ID",
    "PATH",
    "FILE",
    "URL",
    "URI",
    "ENDPOINT",
    "TTL",
    "EXPIRY",
    "EXPIRATION",
    "LENGTH",
    "HEADER",
    "TYPE",
    "ENABLED",
    "TIMEOUT",
    "SECONDS",
    "PREFIX",
    "REGION",
    "ISSUER",
    "ALGORITHM",
];

fn variables(checked: &mut Checked<'_>, container: &Part<'_>) {
    for variable in container.list("environment") {
        let (name, value) = (variable.name(), variable.text("value").unwrap_or_default());
        let finding = if let Some(what) = credential(value) {
            plain_credential(name, container.name(), what)
        } else if is_secret_name(name) && holds_something(value) {
            plain_secret(name, container.name())
        } else {
            continue;
        };
        checked.push(variable.path.clone(), finding);
    }
}

/// What a value is, by its shape alone.
fn credential(value: &str) -> Option<&'static str> {
    let key_id = |word: &str| {
        word.len() == 20
            && (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    if value.contains("-----BEGIN ") && value.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let mut words = value.split(|it: char| !it.is_ascii_alphanumeric());
    words.any(key_id).then_some("an access key ID of AWS")
}

fn is_secret_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
    if words.last().is_some_and(|last| ABOUT.contains(last)) {
        return false;
    }
    let key = |pair: &[&str]| matches!(pair, [before, "KEY"] if KEYS.contains(before));
    words.iter().any(|word| SECRET_WORDS.contains(word)) || words.windows(2).any(key)
}

/// Whether a value may be a secret. An empty value, a boolean, a number, and a reference to a secret are not.
fn holds_something(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    !(lower.is_empty()
        || ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(&lower.as_str())
        || lower.bytes().all(|byte| byte.is_ascii_digit())
        || lower.starts_with("arn:")
        || lower.starts_with('/')
        || lower.starts_with("${"))
}

/// Secrets in another Region or partition than the rest of the task definition: its own ARN, the registry of its images, or
/// the Region of its logs.
fn regions(checked: &mut Checked<'_>, arn: Option<&str>) {
    let containers = checked.containers();
    let of_images = containers.iter().filter_map(|it| region_of_ecr(it.text("image")?));
    let of_logs = containers.iter().filter_map(|it| it.map("logConfiguration")?.map("options")?.text("awslogs-region"));
    let mut regions: Vec<&str> = arn.and_then(region_of).into_iter().chain(of_images).chain(of_logs).collect();
    regions.dedup();
    let roles = ["executionRoleArn", "taskRoleArn"].into_iter().filter_map(|role| checked.task.text(role));
    let partition = arn.into_iter().chain(roles).find_map(partition_of);
    for container in &containers {
        for secret in container.list("secrets") {
            let Some(from) = secret.text("valueFrom") else { continue };
            let finding = match (partition_of(from), partition, region_of(from)) {
                (Some(own), Some(others), _) if own != others => {
                    other_partition(secret.name(), container.name(), own, others)
                }
                (Some(_), _, Some(own)) if !regions.is_empty() && !regions.contains(&own) => {
                    other_region(secret.name(), container.name(), own, regions.first().copied().unwrap_or_default())
                }
                _ => continue,
            };
            checked.push(secret.at("valueFrom"), finding);
        }
    }
}

/// The partition of an ARN.
fn partition_of(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').next()
}

/// The Region of `ACCOUNT.dkr.ecr.REGION.amazonaws.com/…`.
fn region_of_ecr(image: &str) -> Option<&str> {
    let (_, rest) = image.split_once(".dkr.ecr.")?;
    rest.split('.').next().filter(|_| image.contains(".amazonaws.com"))
}

/// The largest task definition that ECS takes, in bytes.
/// [Quotas](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html)
const LARGEST: usize = 64 * 1024;

findings! {
    /// The size of a task definition.
    pub(super) const SIZE_FORMS;

    fn too_large(bytes, most) =>
        "TD32" Error Input "the task definition has {bytes} bytes as compact JSON; the maximum of ECS is {most}",
        "move environment variables to environmentFiles, or containers to a task definition of their own";
}

/// The size of a task definition, as compact JSON.
pub(super) fn size(checked: &mut Checked<'_>) {
    let bytes = serde_json::to_string(checked.task.members()).map_or(0, |text| text.len());
    if bytes > LARGEST {
        checked.push("", too_large(bytes, LARGEST));
    }
}
