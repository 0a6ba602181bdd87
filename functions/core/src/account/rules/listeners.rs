//! The listeners of the deployment group: CodeDeploy fails with "Primary taskset target group must be behind listener" if one
//! of them does not forward to the target group of the primary task set.

use super::target_groups::primary;
use crate::account::facts::{Listener, ListenerRule, NotChecked};
use crate::account::needs::target_group_name;
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::{Finding, findings};
use crate::fault::shown;
use crate::text::list;

findings! {
    /// What can be wrong with listeners.
    pub(super) const FORMS;

    fn test_missing(; what) =>
        "ACC04" Error NotFound "{what}", "create the test listener, or name an existing one in the deployment group";
    fn test_elsewhere(listener, name; primary, forwards, command) =>
        "ACC04" Error Configuration
        "the test listener {name} ({listener}) forwards to {forwards}, not to {primary}, the target group of the primary task \
         set: CodeDeploy fails with \"Primary taskset target group must be behind listener\"",
        "run `{command}`";
    fn no_production(group) =>
        "ACC05" Error Configuration "deployment group {group} has no production listener",
        "set the production listener in the deployment group";
    fn production_missing(; what) =>
        "ACC05" Error NotFound "{what}", "create the production listener, or name an existing one in the deployment group";
    fn production_elsewhere(listener, name; primary, forwards, command) =>
        "ACC05" Error Configuration
        "the production listener {name} ({listener}) forwards to {forwards}, not to {primary}, the target group of the primary \
         task set: CodeDeploy fails with \"Primary taskset target group must be behind listener\"",
        "run `{command}`";
}

pub(super) fn test(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(group) = outcome.needed(&seen.facts.group, "the deployment group") else { return };
    for arn in &group.test_routes {
        forwards(
            seen,
            outcome,
            arn,
            |what| test_missing(what),
            |name, primary, to, command| test_elsewhere(arn, name, primary, to, command),
        );
    }
}

pub(super) fn production(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(group) = outcome.needed(&seen.facts.group, "the deployment group") else { return };
    if group.production_routes.is_empty() {
        outcome.checked += 1;
        outcome.found(no_production(format!("{}/{}", group.application, group.name)));
    }
    for arn in &group.production_routes {
        forwards(
            seen,
            outcome,
            arn,
            |what| production_missing(what),
            |name, primary, to, command| production_elsewhere(arn, name, primary, to, command),
        );
    }
}

/// What a listener forwards to must include the target group of the primary task set, with a weight above 0.
fn forwards(
    seen: &Seen<'_>,
    outcome: &mut Outcome,
    arn: &str,
    missing: impl FnOnce(&str) -> Finding,
    elsewhere: impl FnOnce(&str, &str, &str, &str) -> Finding,
) {
    let Some(service) = outcome.needed(&seen.facts.service, "the service") else { return };
    let Some(primary) = primary(service) else {
        return outcome.unknown(&NotChecked::because("the primary task set has no target group"));
    };
    let Some(listener) = outcome.named(&seen.facts.listeners, arn, missing) else { return };
    let all = || listener.rules.iter().flat_map(|rule| &rule.forwards).filter(|(_, weight)| *weight > 0);
    if all().any(|(target, _)| target == primary) {
        return;
    }
    // A deployment that is active changes where the listeners forward to.
    if let Some(id) = seen.facts.active.known().and_then(|active| active.first()) {
        return outcome.unknown(&NotChecked::because(format!("deployment {} is active", shown(id))));
    }
    let mut to: Vec<&str> = all().map(|(target, _)| target_group_name(target)).collect();
    to.dedup();
    let to = if to.is_empty() { "no target group".to_owned() } else { list(&to) };
    let command = command(seen, listener, arn, primary);
    outcome.found(elsewhere(&listener.name, &shown(target_group_name(primary)), &to, &command));
}

/// The command that corrects it: it changes the rule that forwards to the other target group of the pair, or else the
/// default action of the listener.
fn command(seen: &Seen<'_>, listener: &Listener, arn: &str, primary: &str) -> String {
    let pair = seen.facts.group.known().map(|group| group.target_groups.as_slice()).unwrap_or_default();
    let of_the_pair = |rule: &&ListenerRule| {
        rule.forwards.iter().any(|(target, _)| pair.iter().any(|name| name == target_group_name(target)))
    };
    let action = format!("Type=forward,TargetGroupArn={primary} --region {}", seen.facts.region);
    match listener.rules.iter().find(of_the_pair).and_then(|rule| rule.arn.as_deref()) {
        Some(rule) => format!("aws elbv2 modify-rule --rule-arn {rule} --actions {action}"),
        None => format!("aws elbv2 modify-listener --listener-arn {arn} --default-actions {action}"),
    }
}
