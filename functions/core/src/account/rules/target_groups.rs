//! The target groups of the deployment group.

use crate::account::facts::TargetGroup;
use crate::account::needs::target_group_name;
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::artifact::service::Service;
use crate::artifact::task_definition::Container;
use crate::fault::finding::findings;
use crate::text::list;

findings! {
    /// What can be wrong with target groups.
    pub(super) const FORMS;

    fn missing(; what) =>
        "ACC03" Error NotFound "{what}",
        "create the target group, or name an existing one in the deployment group";
    fn not_two(group, count) =>
        "ACC03" Error Configuration "deployment group {group} has {count} target groups; blue/green needs two",
        "set a pair of target groups in the deployment group";
    fn not_ip(name, kind) =>
        "ACC03" Error Configuration "target group {name} has the target type {kind}; tasks with the network mode awsvpc need ip",
        "create a target group with `--target-type ip` and name it in the deployment group";
    fn other_vpc(name, vpc, other, other_vpc) =>
        "ACC03" Error Configuration "target group {name} is in {vpc}, and target group {other} in {other_vpc}",
        "use two target groups of one VPC";
    fn other_load_balancer(name, other) =>
        "ACC03" Error Configuration "target groups {name} and {other} are attached to different load balancers",
        "use the two target groups in the listeners of one load balancer";
    fn not_of_the_group(current, service, group; has) =>
        "ACC03" Error Configuration
        "the primary task set of {service} uses target group {current}, which is not one of deployment group {group} ({has})",
        "set the two target groups of the load balancer in the deployment group, {current} among them";
    fn unmapped_health_port(name, port; mapped) =>
        "ACC03" Warning Configuration
        "the health check of target group {name} uses port {port}, which no container of the task definition maps ({mapped})",
        "set its health check port to traffic-port: `aws elbv2 modify-target-group --target-group-arn ARN \
         --health-check-port traffic-port`";
    fn other_health_check(name, other, one, two) =>
        "ACC03" Warning Configuration
        "the target groups {name} and {other} have different health checks ({one} and {two}), so every second deployment \
         uses the other one",
        "set the same health check in both target groups";
    fn other_protocol(name, other, one, two) =>
        "ACC03" Warning Configuration "target group {name} has the protocol {one}, and target group {other} {two}",
        "use two target groups of the same protocol";
}

pub(super) fn check(seen: &Seen<'_>, outcome: &mut Outcome) {
    let facts = seen.facts;
    let Some(group) = outcome.needed(&facts.group, "the deployment group") else { return };
    let name = format!("{}/{}", group.application, group.name);
    if group.target_groups.len() != 2 {
        outcome.checked += 1;
        outcome.found(not_two(&name, group.target_groups.len()));
    }
    let mut pair = Vec::new();
    for target_group in &group.target_groups {
        if let Some(found) = outcome.named(&facts.target_groups, target_group, |what| missing(what)) {
            alone(seen, outcome, target_group, found);
            pair.push((target_group.as_str(), found));
        }
    }
    if let [(name, one), (other, two)] = pair.as_slice() {
        together(outcome, (name, one), (other, two));
    }
    let current = facts.service.known().and_then(primary);
    if let (Some(service), Some(current)) = (facts.service.known(), current)
        && !group.target_groups.iter().any(|it| it == target_group_name(current))
    {
        let current = target_group_name(current);
        outcome.found(not_of_the_group(current, service.full_name(), name, list(&group.target_groups)));
    }
}

fn alone(seen: &Seen<'_>, outcome: &mut Outcome, name: &str, found: &TargetGroup) {
    if found.target_type != "ip" {
        outcome.found(not_ip(name, &found.target_type));
    }
    let (Some((task_definition, _)), Ok(port)) = (seen.subject.task_definition, found.health_check.port.parse::<u16>())
    else {
        return;
    };
    let mapped: Vec<u16> = task_definition.containers().flat_map(Container::ports).collect();
    if !mapped.contains(&port) {
        outcome.found(unmapped_health_port(name, port, list(&mapped)));
    }
}

fn together(outcome: &mut Outcome, (name, one): (&str, &TargetGroup), (other, two): (&str, &TargetGroup)) {
    if one.vpc != two.vpc {
        outcome.found(other_vpc(name, &one.vpc, other, &two.vpc));
    }
    let attached = |group: &TargetGroup| !group.load_balancers.is_empty();
    if attached(one) && attached(two) && !one.load_balancers.iter().any(|it| two.load_balancers.contains(it)) {
        outcome.found(other_load_balancer(name, other));
    }
    if one.protocol != two.protocol {
        outcome.found(other_protocol(name, other, &one.protocol, &two.protocol));
    }
    if one.health_check != two.health_check {
        outcome.found(other_health_check(name, other, described(one), described(two)));
    }
}

/// `HTTP traffic-port /health 200`.
fn described(group: &TargetGroup) -> String {
    let check = &group.health_check;
    let parts = [&check.protocol, &check.port, &check.path, &check.codes];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The ARN of the target group of the primary task set.
pub(super) fn primary(service: &Service) -> Option<&str> {
    service.load_balancers.iter().find_map(|it| it.target_group.as_deref())
}
