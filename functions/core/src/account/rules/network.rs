//! Subnets and security groups of the new tasks.

use std::collections::BTreeSet;

use crate::account::facts::NotChecked;
use crate::account::needs::target_group_name;
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::artifact::appspec::Network;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with the network.
    pub(super) const FORMS;

    fn missing(; what) =>
        "ACC16" Error NotFound "{what}",
        "name existing subnets and security groups in NetworkConfiguration of the AppSpec, or in the service";
    fn other_vpc(what, vpc, wanted) =>
        "ACC16" Error Configuration "{what} is in {vpc}, and the target groups are in {wanted}",
        "name subnets and security groups of {wanted}";
    fn too_few_addresses(tasks, free) =>
        "ACC17" Warning Configuration
        "a second task set needs {tasks} more IP addresses, and the subnets of the service have {free} free",
        "add a subnet to NetworkConfiguration of the AppSpec, or free addresses first";
}

pub(super) fn vpc(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(network) = network(seen, outcome) else { return };
    let facts = seen.facts;
    let group = facts.group.known();
    let names = group.map(|group| group.target_groups.iter().map(|it| target_group_name(it))).into_iter().flatten();
    let target_groups = names.filter_map(|name| facts.target_groups.get(name)?.known());
    let vpcs: BTreeSet<&str> = target_groups.map(|it| it.vpc.as_str()).filter(|vpc| !vpc.is_empty()).collect();
    if vpcs.is_empty() {
        outcome.unknown(&NotChecked::because("the VPC of the target groups is not known"));
    }
    let of = |what: String, vpc: Option<&str>, outcome: &mut Outcome| {
        if let (Some(vpc), Some(wanted)) = (vpc, vpcs.first().filter(|_| vpc.is_some_and(|vpc| !vpcs.contains(vpc)))) {
            outcome.found(other_vpc(what, vpc, wanted));
        }
    };
    for id in network.subnets() {
        let found = outcome.named(&facts.subnets, id, |what| missing(what)).map(|subnet| subnet.vpc.as_str());
        of(format!("subnet {id}"), found, outcome);
    }
    for id in network.security_groups() {
        let found = outcome.named(&facts.security_groups, id, |what| missing(what)).map(String::as_str);
        of(format!("security group {id}"), found, outcome);
    }
}

/// The second task set runs beside the first, and each of its tasks needs an address.
pub(super) fn addresses(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(network) = network(seen, outcome) else { return };
    let Some(service) = outcome.needed(&seen.facts.service, "the service") else { return };
    let mut free = 0;
    for id in network.subnets() {
        let Some(subnet) = outcome.needed_named(&seen.facts.subnets, id, &format!("subnet {id}")) else { return };
        free += subnet.free;
    }
    outcome.checked += 1;
    if free < service.desired_count {
        outcome.found(too_few_addresses(service.desired_count, free));
    }
}

fn network<'n>(seen: &'n Seen<'_>, outcome: &mut Outcome) -> Option<&'n Network> {
    let network = seen.subject.network(seen.facts.service.known());
    if network.is_none() {
        outcome.needed(&seen.facts.service, "the service");
    }
    network
}
