//! Sources of secrets, and credentials of private registries.

use std::str::FromStr as _;

use super::checked::{Checked, Part};
use super::markers::{is_stand_in, marker};
use crate::fault::finding::findings;
use crate::fault::shown;
use crate::names::{Arn, Region, is_account};

findings! {
    /// What can be wrong with secrets.
    pub(super) const FORMS;

    fn no_source(secret, container) =>
        "TD24" Error Input "of secret \"{secret}\" of container \"{container}\" is missing",
        "write the ARN of a secret or parameter, or the name of a parameter in the same Region";
    fn bad_source(secret, container; problem) =>
        "TD24" Error Input "of secret \"{secret}\" of container \"{container}\" {problem}",
        "write the ARN of a secret or parameter, or the name of a parameter in the same Region";
    fn variable_name(secret, container, from) =>
        "TD24" Warning Input
        "of secret \"{secret}\" of container \"{container}\" looks like the name of a variable (\"{from}\")",
        "write the ARN of a secret or parameter, or the name of a parameter in the same Region";
    fn no_credentials(container) =>
        "TD24" Error Input "of container \"{container}\" is empty",
        "write the ARN of the secret with the credentials of the registry";
    fn credentials_not_replaced(container, marker) =>
        "TD24" Error Input "of container \"{container}\" contains \"{marker}\", which was not replaced",
        "write the ARN of the secret with the credentials of the registry";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    for container in checked.containers() {
        let log = container.map("logConfiguration").map(|log| log.list("secretOptions")).unwrap_or_default();
        for secret in container.list("secrets").iter().chain(&log) {
            source(checked, &container, secret);
        }
        registry(checked, &container);
    }
}

fn source(checked: &mut Checked<'_>, container: &Part<'_>, secret: &Part<'_>) {
    let (name, of) = (secret.name(), container.name());
    let finding = match secret.text("valueFrom") {
        None if secret.member("valueFrom").is_none() => no_source(name, of),
        None => return,
        Some(from) => match is_secret(from) {
            Err(problem) => bad_source(name, of, problem),
            Ok(()) if is_stand_in(from) => variable_name(name, of, from),
            Ok(()) => return,
        },
    };
    checked.push(secret.at("valueFrom"), finding);
}

/// [Secret](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html): the ARN of a secret with
/// `:json-key:version-stage:version-id` behind it, the ARN of a parameter, or the name of a parameter.
fn is_secret(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if let Some(marker) = marker(text) {
        return Err(format!("contains \"{}\", which was not replaced", shown(marker)));
    }
    if !text.starts_with("arn:") {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        return if text.bytes().all(plain) {
            Ok(())
        } else {
            Err(format!("is \"{}\", which is neither an ARN nor the name of a parameter", shown(text)))
        };
    }
    let problem = match Arn::parse(text) {
        None => "has six parts",
        Some(arn) if !["ssm", "secretsmanager"].contains(&arn.service) => "must name ssm or secretsmanager",
        Some(arn) if Region::from_str(arn.region).is_err() => "must name a Region",
        Some(arn) if !is_account(arn.account) => "must name an account of 12 digits",
        Some(arn) if arn.service == "ssm" && !has_name(arn.resource, "parameter/") => "must end with parameter/NAME",
        Some(arn) if arn.service == "secretsmanager" && !has_name(arn.resource, "secret:") => {
            "must end with secret:NAME"
        }
        Some(_) => return Ok(()),
    };
    Err(format!("is \"{}\"; the ARN of a secret {problem}", shown(text)))
}

/// Whether a name follows the prefix.
fn has_name(resource: &str, prefix: &str) -> bool {
    resource.strip_prefix(prefix).is_some_and(|name| !name.is_empty() && !name.starts_with(':'))
}

/// The secret with the credentials of a private registry, by ARN or name.
fn registry(checked: &mut Checked<'_>, container: &Part<'_>) {
    let Some(credentials) = container.map("repositoryCredentials") else { return };
    let Some(from) = credentials.text("credentialsParameter") else { return };
    let finding = if from.trim().is_empty() {
        no_credentials(container.name())
    } else if let Some(marker) = marker(from) {
        credentials_not_replaced(container.name(), marker)
    } else {
        return;
    };
    checked.push(credentials.at("credentialsParameter"), finding);
}
