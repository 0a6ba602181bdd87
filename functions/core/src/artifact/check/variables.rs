//! Environment variables of containers: names, which secrets share, and environment files.

use std::collections::BTreeSet;

use super::checked::{Checked, Part};
use super::markers::marker;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with environment variables.
    pub(super) const FORMS;

    fn blank(container) =>
        "TD21" Error Input "of container \"{container}\" is empty", "give the variable a name, or remove it";
    fn has_value_from(name, container) =>
        "TD21" Error Input "\"{name}\" of container \"{container}\" has valueFrom, which only secrets have",
        "move it from \"environment\" to \"secrets\", or write \"value\"";
    fn has_value(name, container) =>
        "TD21" Error Input "\"{name}\" of container \"{container}\" has value, which only environment has",
        "move it from \"secrets\" to \"environment\", or write \"valueFrom\"";
    fn variable_twice(name, container) =>
        "TD21" Warning Input "\"{name}\" of container \"{container}\" is given twice", "remove one of them";
    fn secret_twice(name, container) =>
        "TD21" Error Input "\"{name}\" of container \"{container}\" is given twice", "remove one of them";
    fn in_both(name, container) =>
        "TD21" Error Input "\"{name}\" of container \"{container}\" is in environment too",
        "remove it from \"environment\" or from \"secrets\"";
    fn not_an_object(value, container) =>
        "TD21" Error Input "\"{value}\" of container \"{container}\" is not the ARN of an object in Amazon S3",
        "write the ARN of an object, such as arn:aws:s3:::BUCKET/FILE.env";
    fn not_replaced(value, container, marker) =>
        "TD21" Error Input "\"{value}\" of container \"{container}\" contains \"{marker}\", which was not replaced",
        "write the ARN of an object, such as arn:aws:s3:::BUCKET/FILE.env";
    fn not_env(value, container) =>
        "TD21" Warning Input "\"{value}\" of container \"{container}\" does not end with .env, which ECS requires",
        "rename the object to FILE.env";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    for container in checked.containers() {
        variables(checked, &container);
        files(checked, &container);
    }
}

/// Variables and secrets share their names. Values are never repeated.
fn variables(checked: &mut Checked<'_>, container: &Part<'_>) {
    let of = container.name();
    let mut names = BTreeSet::new();
    for variable in container.list("environment") {
        let name = variable.name();
        if variable.member("valueFrom").is_some() {
            checked.push(variable.path.clone(), has_value_from(name, of));
        }
        has_name(checked, &variable, of);
        if !names.insert(name) && !name.is_empty() {
            checked.push(variable.path.clone(), variable_twice(name, of));
        }
    }
    for option in container.map("logConfiguration").map(|log| log.list("secretOptions")).unwrap_or_default() {
        has_name(checked, &option, of);
    }
    let mut secrets = BTreeSet::new();
    for secret in container.list("secrets") {
        let name = secret.name();
        if secret.member("value").is_some() {
            checked.push(secret.path.clone(), has_value(name, of));
        }
        has_name(checked, &secret, of);
        if names.contains(name) && !name.is_empty() {
            checked.push(secret.path.clone(), in_both(name, of));
        } else if !secrets.insert(name) && !name.is_empty() {
            checked.push(secret.path.clone(), secret_twice(name, of));
        }
    }
}

/// ECS: "Environment variable name cannot be null or blank."
fn has_name(checked: &mut Checked<'_>, variable: &Part<'_>, container: &str) {
    let absent = variable.member("name").is_none();
    if absent || variable.text("name").is_some_and(|name| name.trim().is_empty()) {
        checked.push(variable.at("name"), blank(container));
    }
}

/// [EnvironmentFile](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EnvironmentFile.html): the ARN of an
/// object in Amazon S3 whose name ends with `.env`.
fn files(checked: &mut Checked<'_>, container: &Part<'_>) {
    let of = container.name();
    for file in container.list("environmentFiles") {
        let Some(value) = file.text("value") else { continue };
        let object = value.strip_prefix("arn:").and_then(|rest| rest.split_once(":s3:::")).map(|(_, object)| object);
        let named = object
            .and_then(|object| object.split_once('/'))
            .is_some_and(|(bucket, key)| !bucket.is_empty() && !key.is_empty());
        let finding = if !named {
            not_an_object(value, of)
        } else if let Some(marker) = object.and_then(marker) {
            not_replaced(value, of, marker)
        } else if value.rsplit_once('.').is_none_or(|(_, ending)| ending != "env") {
            not_env(value, of)
        } else {
            continue;
        };
        checked.push(file.at("value"), finding);
    }
}
