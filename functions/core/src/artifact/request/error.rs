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

    /// Neither JSON nor YAML; `from` is UserParameters, a file or a flag.
    fn unreadable(from, language: &str, problem: &str) =>
        "PAR02" Configuration "{from} is not valid {language}: {problem}",
        "check quotes, commas, brackets and indentation at this position";
    /// JSON that a pipeline variable has broken.
    pub(super) fn unescaped(from, problem: &str) =>
        "PAR02" Configuration "{from} is not valid JSON: {problem}",
        "CodePipeline inserts variables such as #{{SourceVariables.CommitMessage}} without escaping them; remove variables that \
         contain quotes, backslashes or line breaks, or write their values to a file in an input artifact and set \
         UserParameters to {{\"config\": \"ARTIFACT::PATH\"}}";
    pub(super) fn not_an_object(from) =>
        "PAR02" Configuration "{from} must be an object that contains the parameters",
        "write {{\"task_definition\": \"my-family\", …}}";

    pub(super) fn unknown(name) =>
        "PAR03" Configuration "unknown parameter \"{name}\"",
        "remove it; `codedeploy-artifact generate --help` lists all parameters, with dashes for underscores";
    pub(super) fn misspelt(name, right: &str) [did_you_mean = or_did_you_mean(Some(right))] =>
        "PAR03" Configuration "unknown parameter \"{name}\"{did_you_mean}", "write {right}, or remove it";

    /// A parameter or, with a dot, the key of a map.
    pub(super) fn twice(name) => "PAR04" Configuration "parameter \"{name}\" is given twice", "remove one of them";

    pub(super) fn port(got) =>
        "PAR05" Configuration "`container_port` must be 1-65535, got \"{got}\"",
        "set it to a containerPort of the task definition";

    pub(super) fn cut_off() =>
        "PAR06" Configuration "UserParameters is cut off at CodePipeline's limit of 1000 characters",
        "move the parameters to a file in an input artifact and set UserParameters to {{\"config\": \"ARTIFACT::PATH\"}}";

    /// Text that is not the name of a Region.
    pub fn region(got) =>
        "PAR07" Configuration "\"{got}\" is not the name of an AWS Region", "use a Region such as eu-west-1";

    /// `name` is the parameter in backquotes, or the flag.
    pub fn role_arn(name: &str, error: &NameError) =>
        "PAR08" Configuration "{name} is not the ARN of a role: {error}",
        "use an ARN such as arn:aws:iam::123456789012:role/deploy-reader";

    /// A role that the function's configuration does not list.
    pub fn role_not_allowed(arn) =>
        "PAR09" Denied "role {arn} is not in the function's ALLOWED_ROLE_ARNS",
        "add the ARN to ALLOWED_ROLE_ARNS in the function's configuration, if this pipeline may use that role";

    /// `name` is the parameter in backquotes, the flag or the variable. The value is a secret and not repeated.
    pub fn external_id(name: &str) =>
        "PAR10" Configuration "{name} must be 2-1224 characters of A-Z a-z 0-9 + = , . @ : / - _",
        "copy the external ID from the trust policy of the role";

    /// A value of the wrong type or outside its range; `got` is its type, or the text itself if it is not secret.
    pub(super) fn wrong_value(name, expected: &str, got: &str) =>
        "PAR15" Configuration "`{name}` must be {expected}, got {got}", "set `{name}` to {expected}";
    /// A code in `ignore` that does not exist, or that cannot be ignored.
    fn bad_ignore(code: &str, problem: &str) [code = shown(code)] =>
        "PAR15" Configuration "`ignore` names \"{code}\": {problem}",
        "use codes that the log or `codedeploy-artifact check` shows, such as TD26 or TD26=REASON";
    fn not_a_service(got, problem: &str) =>
        "PAR15" Configuration "`service` \"{got}\" {problem}",
        "write CLUSTER/SERVICE, such as prod/shop, or the ARN of the service";
    pub(super) fn not_a_pair(name: &str, got) [flag = name.replace('_', "-")] =>
        "PAR15" Configuration "--{flag} takes KEY=VALUE, got \"{got}\"",
        "write the key, an equals sign and the value as one word";

    /// Two parameters that exclude each other, in backquotes.
    pub(super) fn conflict(one: &str, other: &str, why: &str, hint: &str) =>
        "PAR16" Configuration "{one} and {other} cannot be used together: {why}", "{hint}";
    pub(super) fn needs(one: &str, other: &str) =>
        "PAR16" Configuration "{one} requires {other}", "set {other} as well, or remove {one}";
    /// `region` and an ARN name different Regions.
    pub fn other_region(given, other: &str, of_the_arn) =>
        "PAR16" Configuration "`region` is \"{given}\", but {other} is an ARN in \"{of_the_arn}\"",
        "remove `region`; the Region of the ARN is used";
    pub(super) fn two_regions(of_the_task_definition, of_the_service) =>
        "PAR16" Configuration
        "the Region of `task_definition` is \"{of_the_task_definition}\", but `service` is an ARN in \"{of_the_service}\"",
        "name a task definition and a service in the same Region";

    /// The request names no task definition.
    pub fn no_task_definition() =>
        "PAR17" Configuration "no task definition is specified",
        "set `task_definition`, `task_definition_file`, `taskdef_template` or `service`";

    pub(super) fn not_a_file(name: &str, got) =>
        "PAR18" Configuration "`{name}`: \"{got}\" is not a path",
        "use a path, or ARTIFACT::PATH for a file in an input artifact";

    pub(super) fn too_many_placeholders(count: usize, most: usize) =>
        "PAR19" Configuration "`images` names {count} placeholders; one CodeDeployToECS action fills at most {most}",
        "use references such as repo/app:1.4.2, or ARTIFACT::imageDetail.json, for some of the `images`";

    pub(super) fn too_many_images(count: usize, most: usize) =>
        "PAR21" Configuration "`images` names {count} containers; a task definition can have at most {most}",
        "remove from `images` the containers that the task definition does not have";
}

/// The fault of an unknown parameter, or of an unknown key in a map.
pub(super) fn unknown_name(name: &str, near: Option<&str>) -> Fault {
    near.map_or_else(|| unknown(name), |right| misspelt(name, right))
}

/// The fault of parameters that cannot be parsed as JSON or YAML, which is what `language` says.
pub(super) fn not_read(from: &str, language: &str, error: &DocumentError) -> Fault {
    match &error.kind {
        DocumentErrorKind::Duplicate { key, .. } => twice(key),
        kind => unreadable(from, language, &error.to_string()).with_hint(kind.hint()),
    }
}

/// The fault of an entry of `ignore`.
pub fn not_ignorable(entry: &str, problem: &str) -> Fault {
    bad_ignore(entry.split('=').next().unwrap_or(entry), problem)
}

/// The fault of text that does not name a service and its cluster.
pub fn service(got: &str, error: &NameError) -> Fault {
    not_a_service(got, error.problem).with_hint(&error.hint)
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
