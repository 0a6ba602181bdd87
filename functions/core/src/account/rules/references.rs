//! Secrets, parameters and log groups that the containers refer to.

use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::findings;
use crate::fault::shown;

findings! {
    /// What can be wrong with them.
    pub(super) const FORMS;

    fn secret_missing(; what) =>
        "ACC13" Error NotFound "names a secret that does not exist: {what}",
        "create the secret, or correct its ARN, including the six characters at its end";
    fn secret_deleted(secret) =>
        "ACC13" Error NotFound "names secret {secret}, which is scheduled for deletion: its value cannot be read",
        "restore it with `aws secretsmanager restore-secret --secret-id {secret}`, or name another one";
    fn parameter_missing(; what) =>
        "ACC14" Error NotFound "names a parameter that does not exist: {what}",
        "create the parameter, or correct its name";
    fn log_group_missing(; what) =>
        "ACC15" Error NotFound "names a log group that does not exist: {what}",
        "create it with `aws logs create-log-group`, or set the option \"awslogs-create-group\" to \"true\"";
}

pub(super) fn secrets(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    for item in &seen.needs.secrets {
        let missing = |what: &str| secret_missing(what).at(seen.task_file(), item.path.clone());
        if outcome.named(&seen.facts.secrets, &item.secret_id(), missing).is_some_and(|secret| secret.deleted) {
            let id = item.secret_id();
            outcome.found(secret_deleted(id.rsplit(':').next().unwrap_or(&id)).at(seen.task_file(), item.path.clone()));
        }
    }
}

pub(super) fn parameters(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    for item in &seen.needs.parameters {
        let missing = |what: &str| parameter_missing(what).at(seen.task_file(), item.path.clone());
        outcome.named(&seen.facts.parameters, &item.name, missing);
    }
}

pub(super) fn log_groups(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    for item in &seen.needs.log_groups {
        let missing = |what: &str| log_group_missing(shown(what)).at(seen.task_file(), item.path.clone());
        outcome.named(&seen.facts.log_groups, &item.name, missing);
    }
}
