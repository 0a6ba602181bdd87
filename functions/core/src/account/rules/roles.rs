//! The service role of the group and the roles of the task.

use crate::account::facts::{Decision, Role};
use crate::account::needs::Item;
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::{Finding, findings};
use crate::fault::shown;
use crate::names::short_name;
use crate::text::list;

findings! {
    /// What can be wrong with roles.
    pub(super) const FORMS;

    fn no_service_role(group) =>
        "ACC07" Error Configuration "deployment group {group} has no service role",
        "set a role with the managed policy AWSCodeDeployRoleForECS as service role of the deployment group";
    fn service_role_missing(; what) =>
        "ACC07" Error NotFound "{what}; it is the service role of the deployment group",
        "create the role, or set an existing one as service role of the deployment group";
    fn service_role_trust(role; trusts) =>
        "ACC07" Error Configuration
        "the trust policy of the service role {role} does not name codedeploy.amazonaws.com (it trusts: {trusts})",
        "allow sts:AssumeRole to the service codedeploy.amazonaws.com in the trust policy of role {role}";
    fn task_role_missing(; what) =>
        "ACC09" Error NotFound "names a role that does not exist: {what}", "create the role, or name an existing one";
    fn task_role_trust(role; trusts) =>
        "ACC09" Error Configuration
        "names role {role}, whose trust policy does not name ecs-tasks.amazonaws.com (it trusts: {trusts})",
        "allow sts:AssumeRole to the service ecs-tasks.amazonaws.com in the trust policy of role {role}";
    fn may_not_pass(role, by) =>
        "ACC10" Error Denied "names role {role}, which the service role {by} may not pass to ECS",
        "allow iam:PassRole on role {role} to role {by}, with iam:PassedToService ecs-tasks.amazonaws.com";
    fn pass_denied(role, by) =>
        "ACC10" Error Denied "names role {role}, which a policy explicitly denies the service role {by} to pass",
        "remove the explicit deny of iam:PassRole on role {role} for role {by}";
}

pub(super) fn service_role(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(group) = outcome.needed(&seen.facts.group, "the deployment group") else { return };
    let Some(role) = &group.service_role else {
        outcome.checked += 1;
        return outcome.found(no_service_role(format!("{}/{}", group.application, group.name)));
    };
    let found = outcome.named(&seen.facts.roles, role, |what| service_role_missing(what));
    // Some Regions also have a regional service principal.
    if let Some(found) = found.filter(|found| !trusts(found, "codedeploy.")) {
        outcome.found(service_role_trust(short_name(role), list(&found.trusts)));
    }
}

pub(super) fn task_roles(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    let at = |finding: Finding, role: &Item| finding.at(seen.task_file(), role.path.clone());
    for role in &seen.needs.roles {
        let found = outcome.named(&seen.facts.roles, &role.name, |what| at(task_role_missing(what), role));
        if let Some(found) = found.filter(|found| !trusts(found, "ecs-tasks.")) {
            outcome.found(at(task_role_trust(role.role_name(), list(&found.trusts)), role));
        }
    }
}

/// CodeDeploy creates the task set as its service role, which has to pass the roles of the task to ECS.
pub(super) fn passed(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) || seen.needs.roles.is_empty() {
        return;
    }
    let Some(group) = outcome.needed(&seen.facts.group, "the deployment group") else { return };
    let by = group.service_role.as_deref().map_or("of the group", short_name);
    for role in &seen.needs.roles {
        let what = format!("role {}", shown(role.role_name()));
        let Some(found) = outcome.needed_named(&seen.facts.roles, &role.name, &what) else { continue };
        let permission = format!("iam:PassRole {}", found.arn);
        let decision = outcome.named(&seen.facts.permissions, &permission, |what| task_role_missing(what));
        let finding = match decision {
            Some(Decision::Denied { explicitly: true }) => pass_denied(role.role_name(), by),
            Some(Decision::Denied { explicitly: false }) => may_not_pass(role.role_name(), by),
            Some(Decision::Depends(keys)) => {
                outcome.depends(&list(keys));
                continue;
            }
            Some(Decision::Allowed) | None => continue,
        };
        outcome.found(finding.at(seen.task_file(), role.path.clone()));
    }
}

/// Whether a service may assume the role; `*` is everybody.
fn trusts(role: &Role, service: &str) -> bool {
    role.trusts.iter().any(|trusted| trusted == "*" || trusted.starts_with(service))
}
