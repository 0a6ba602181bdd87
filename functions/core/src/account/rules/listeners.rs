//! The listeners of the deployment group: CodeDeploy fails with "Primary taskset target group must be behind listener" if one
//! of them does not forward to the target group of the primary task set. A rule that was added later may forward to the other
//! one, which has no tasks between deployments.

use super::target_groups::primary;
use crate::account::facts::{ListenerRule, NotChecked};
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
    fn test_rule_elsewhere(rule, name; primary, forwards, command) =>
        "ACC04" Warning Configuration
        "rule {rule} of the test listener {name} forwards to {forwards}, not to {primary}, the target group of the primary task \
         set: its requests reach no task",
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
    fn production_rule_elsewhere(rule, name; primary, forwards, command) =>
        "ACC05" Warning Configuration
        "rule {rule} of the production listener {name} forwards to {forwards}, not to {primary}, the target group of the primary \
         task set: its requests reach no task",
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
            |rule, name, primary, to, command| match rule {
                None => test_elsewhere(arn, name, primary, to, command),
                Some(rule) => test_rule_elsewhere(rule, name, primary, to, command),
            },
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
            |rule, name, primary, to, command| match rule {
                None => production_elsewhere(arn, name, primary, to, command),
                Some(rule) => production_rule_elsewhere(rule, name, primary, to, command),
            },
        );
    }
}

/// What a listener forwards to must include the target group of the primary task set, with a weight above 0, and so must each
/// of its rules that forwards to the target groups of the deployment group.
fn forwards(
    seen: &Seen<'_>,
    outcome: &mut Outcome,
    arn: &str,
    missing: impl FnOnce(&str) -> Finding,
    elsewhere: impl Fn(Option<&str>, &str, &str, &str, &str) -> Finding,
) {
    let Some(service) = outcome.needed(&seen.facts.service, "the service") else { return };
    let Some(primary) = primary(service) else {
        return outcome.unknown(&NotChecked::because("the primary task set has no target group"));
    };
    let Some(listener) = outcome.named(&seen.facts.listeners, arn, missing) else { return };
    let pair = seen.facts.group.known().map(|group| group.target_groups.as_slice()).unwrap_or_default();
    let of_the_pair = |rule: &&ListenerRule| {
        rule.forwards.iter().any(|(target, _)| pair.iter().any(|name| name == target_group_name(target)))
    };
    let serves = |rule: &ListenerRule| rule.forwards.iter().any(|(target, weight)| *weight > 0 && target == primary);
    let reached = listener.rules.iter().any(serves);
    let stale: Vec<&ListenerRule> = listener.rules.iter().filter(of_the_pair).filter(|rule| !serves(rule)).collect();
    if reached && stale.is_empty() {
        return;
    }
    // A deployment that is active changes where the listeners forward to.
    if let Some(id) = seen.facts.active.known().and_then(|active| active.first()) {
        return outcome.unknown(&NotChecked::because(format!("deployment {} is active", shown(id))));
    }
    let to = |rules: &[&ListenerRule]| {
        let all = rules.iter().flat_map(|rule| &rule.forwards).filter(|(_, weight)| *weight > 0);
        let mut to: Vec<&str> = all.map(|(target, _)| target_group_name(target)).collect();
        to.dedup();
        if to.is_empty() { "no target group".to_owned() } else { list(&to) }
    };
    let name = shown(target_group_name(primary));
    let command = |rule: Option<&ListenerRule>| {
        let action = format!("Type=forward,TargetGroupArn={primary} --region {}", seen.facts.region);
        match rule.and_then(|rule| rule.arn.as_deref()) {
            Some(rule) => format!("aws elbv2 modify-rule --rule-arn {rule} --actions {action}"),
            None => format!("aws elbv2 modify-listener --listener-arn {arn} --default-actions {action}"),
        }
    };
    if !reached {
        // The command changes the rule that forwards to the other target group of the pair, or else the default action.
        let all: Vec<&ListenerRule> = listener.rules.iter().collect();
        return outcome.found(elsewhere(None, &listener.name, &name, &to(&all), &command(stale.first().copied())));
    }
    for rule in stale {
        let of = rule.arn.as_deref().unwrap_or("(default)");
        outcome.found(elsewhere(Some(of), &listener.name, &name, &to(&[rule]), &command(Some(rule))));
    }
}
