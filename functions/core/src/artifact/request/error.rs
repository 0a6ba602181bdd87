//! What can be wrong with a request. Parameters stand in backquotes; see [`with_flags`](super::with_flags).

use crate::document::{DocumentError, DocumentErrorKind};
use crate::fault::{Fault, shown};
use crate::faults;
use crate::names::NameError;
use crate::text::suggest::or_did_you_mean;

faults! {
    /// The faults of a request.
    pub const FORMS;

    pub(super) fn no_parameters() =>
        "PAR01" Configuration "UserParameters is empty; at least \"task_definition\" is required",
        "set UserParameters to JSON such as {{\"task_definition\": \"my-family\"}}";

    /// Not JSON or YAML; `from` is UserParameters, a file or a flag.
    pub(super) fn unreadable(from, problem: &str, hint: &str) =>
        "PAR02" Configuration "{from} cannot be read: {problem}", "{hint}";
    pub(super) fn not_an_object(from) =>
        "PAR02" Configuration "{from} must be one object of parameters",
        "write {{\"task_definition\": \"my-family\", …}}";

    pub(super) fn unknown(name) =>
        "PAR03" Configuration "unknown parameter \"{name}\"",
        "remove it; `codedeploy-artifact generate --help` lists all parameters, with dashes for underscores";
    pub(super) fn misspelt(name, right: &str) [did_you_mean = or_did_you_mean(Some(right))] =>
        "PAR03" Configuration "unknown parameter \"{name}\"{did_you_mean}", "write {right}, or remove it";

    /// A parameter or, with a dot, the key of a map.
    pub(super) fn twice(name) => "PAR04" Configuration "parameter \"{name}\" is given twice", "keep one of the two";

    pub(super) fn port(got) =>
        "PAR05" Configuration "`container_port` must be 1-65535, got \"{got}\"",
        "give the containerPort of the task definition's port mapping";

    pub(super) fn cut_off() =>
        "PAR06" Configuration "UserParameters is at CodePipeline's 1000-character limit and is not complete JSON",
        "move the parameters to a file in an input artifact and set UserParameters to {{\"config\": \"ARTIFACT::PATH\"}}";

    /// Text that is not the name of a Region.
    pub fn region(got, error: &NameError) [hint = error.hint.clone()] =>
        "PAR07" Configuration "\"{got}\" {error}", "{hint}";

    /// `name` is the parameter in backquotes, or the flag.
    pub fn role_arn(name: &str, error: &NameError) [hint = error.hint.clone()] =>
        "PAR08" Configuration "{name}: {error}", "{hint}";

    /// A role that the function's configuration does not list.
    pub fn role_not_allowed(arn) =>
        "PAR09" Denied "role {arn} is not in the function's ALLOWED_ROLE_ARNS",
        "add the ARN to ALLOWED_ROLE_ARNS in the function's configuration, if this pipeline may use that role";

    /// `name` is the parameter in backquotes, the flag or the variable. The value is a secret and not repeated.
    pub fn external_id(name: &str, error: &NameError) [hint = error.hint.clone()] =>
        "PAR10" Configuration "{name} {error}", "{hint}";

    /// A value of the wrong type or outside its range; `got` is its type, or the text itself if it is not secret.
    pub(super) fn wrong_value(name, expected: &str, got: &str) =>
        "PAR15" Configuration "`{name}` must be {expected}, got {got}", "set `{name}` to {expected}";
    /// Text that does not name a service and its cluster.
    pub fn service(got, error: &NameError) [hint = error.hint.clone()] =>
        "PAR15" Configuration "`service` \"{got}\" {error}", "{hint}";
    pub(super) fn not_a_pair(name: &str, got) [flag = name.replace('_', "-")] =>
        "PAR15" Configuration "--{flag} takes KEY=VALUE, got \"{got}\"",
        "write the key, an equals sign and the value as one word";

    /// Parameters that exclude each other, in backquotes.
    pub(super) fn conflict(one: &str, other: &str, why: &str, hint: &str) =>
        "PAR16" Configuration "{one} and {other} cannot be given together: {why}", "{hint}";
    pub(super) fn needs(one: &str, other: &str) =>
        "PAR16" Configuration "{one} needs {other}", "give {other} as well, or remove {one}";
    /// A Region that is given, and an ARN of another one.
    pub fn other_region(given, other: &str, of_the_arn) =>
        "PAR16" Configuration "`region` is \"{given}\", but {other} is an ARN of \"{of_the_arn}\"",
        "remove `region`; the Region of the ARN is used";
    pub(super) fn two_regions(of_the_task_definition, of_the_service) =>
        "PAR16" Configuration
        "the Region of `task_definition` is \"{of_the_task_definition}\", but `service` is an ARN of \"{of_the_service}\"",
        "name a task definition and a service of the same Region";

    /// Nothing says which task definition.
    pub fn no_task_definition() =>
        "PAR17" Configuration "no task definition is named",
        "give `task_definition`, `task_definition_file`, `taskdef_template` or `service`";

    pub(super) fn not_a_file(name: &str, got) =>
        "PAR18" Configuration "`{name}`: \"{got}\" names no file",
        "give a path, or ARTIFACT::PATH for a file in an input artifact";

    pub(super) fn too_many_placeholders(count: usize, most: usize) =>
        "PAR19" Configuration "`images` names {count} placeholders; one CodeDeployToECS action fills at most {most}",
        "give some of the `images` as references such as repo/app:1.4.2, or as ARTIFACT::imageDetail.json";

    pub(super) fn too_many_images(count: usize, most: usize) =>
        "PAR21" Configuration "images names {count} containers; a task definition has at most {most}",
        "remove from `images` the containers that the task definition does not have";
}

/// The fault of a name that no parameter has, or no key of the map `of`.
pub(super) fn unknown_name(name: &str, near: Option<&str>) -> Fault {
    near.map_or_else(|| unknown(name), |right| misspelt(name, right))
}

/// The fault of parameters that are not JSON or YAML.
pub(super) fn not_read(from: &str, error: &DocumentError) -> Fault {
    match &error.kind {
        DocumentErrorKind::Duplicate { key, .. } => twice(key),
        kind => unreadable(from, &error.to_string(), &kind.hint()),
    }
}

/// The same fault, for a value that looks like several `KEY=VALUE` pairs in one.
pub(super) fn or_several(fault: Fault, name: &str, key: &str, value: &str) -> Fault {
    match pairs_in(key, value) {
        Some(pairs) => fault.with_hint(format!("write `\"{name}\": {{{pairs}}}`")),
        None => fault,
    }
}

/// `"a": "x", "b": "y"` for the key `a` and the value `x,b=y`, if every part of the value after the first is a pair.
fn pairs_in(key: &str, value: &str) -> Option<String> {
    let mut parts = value.split([',', ' ', ';']).filter(|part| !part.is_empty());
    let mut pairs = vec![(key, parts.next()?)];
    for part in parts {
        pairs.push(part.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())?);
    }
    let shown_pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}: {}", serde_json::json!(shown(key)), serde_json::json!(shown(value))))
        .collect();
    (pairs.len() > 1).then(|| shown_pairs.join(", "))
}
