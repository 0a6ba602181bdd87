//! The Lambda functions of the hooks.

use crate::account::facts::Decision;
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::findings;
use crate::fault::shown;
use crate::names::short_name;
use crate::text::list;

findings! {
    /// What can be wrong with hooks.
    pub(super) const FORMS;

    fn missing(; what) =>
        "ACC06" Error NotFound "{what}", "create the function, or remove the hook from the AppSpec";
    fn not_active(function, state) =>
        "ACC06" Error Configuration "names function {function}, whose state is {state}: it cannot be invoked",
        "wait until the function is Active, or update its code or its configuration to make it active again";
    fn inactive(function) =>
        "ACC06" Warning Configuration
        "names function {function}, whose state is Inactive because it was not invoked for weeks: its first invocation fails",
        "invoke the function once before the deployment: `aws lambda invoke --function-name {function} /dev/null`";
    fn may_not_invoke(function, role) =>
        "ACC08" Error Denied "names function {function}, which the service role {role} may not invoke",
        "allow lambda:InvokeFunction on {function} to role {role}, or attach the managed policy AWSCodeDeployRoleForECS and \
         let the name of the function begin with CodeDeployHook_";
    fn denied(function, role) =>
        "ACC08" Error Denied "names function {function}, which a policy explicitly denies the service role {role} to invoke",
        "remove the explicit deny of lambda:InvokeFunction on {function} for role {role}";
}

pub(super) fn exist(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_appspec(seen) {
        return;
    }
    for hook in &seen.needs.hooks {
        let function = outcome
            .named(&seen.facts.functions, &hook.name, |what| missing(what).at(seen.appspec_file(), hook.path.clone()));
        let Some(function) = function else { continue };
        let name = last(&function.arn);
        let finding = match function.state.as_str() {
            "Pending" | "Failed" => not_active(name, &function.state),
            "Inactive" => inactive(name),
            _ => continue,
        };
        outcome.found(finding.at(seen.appspec_file(), hook.path.clone()));
    }
}

pub(super) fn invoked(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_appspec(seen) || seen.needs.hooks.is_empty() {
        return;
    }
    let Some(group) = outcome.needed(&seen.facts.group, "the deployment group") else { return };
    let role = group.service_role.as_deref().map_or("of the group", short_name);
    for hook in &seen.needs.hooks {
        let what = format!("function {}", shown(&hook.name));
        let Some(function) = outcome.needed_named(&seen.facts.functions, &hook.name, &what) else { continue };
        let name = last(&function.arn);
        let permission = format!("lambda:InvokeFunction {}", function.arn);
        let decision = outcome.named(&seen.facts.permissions, &permission, |what| missing(what));
        let finding = match decision {
            Some(Decision::Denied { explicitly: true }) => denied(name, role),
            Some(Decision::Denied { explicitly: false }) => may_not_invoke(name, role),
            Some(Decision::Depends(keys)) => {
                outcome.depends(&list(keys));
                continue;
            }
            Some(Decision::Allowed) | None => continue,
        };
        outcome.found(finding.at(seen.appspec_file(), hook.path.clone()));
    }
}

/// `NAME` or `NAME:QUALIFIER` of the ARN of a function.
fn last(arn: &str) -> &str {
    arn.split_once(":function:").map_or(arn, |(_, name)| name)
}
