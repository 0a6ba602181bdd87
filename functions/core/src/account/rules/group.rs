//! The deployment group and the service that it deploys.

use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::artifact::service::Service;
use crate::fault::finding::findings;
use crate::names::short_name;

findings! {
    /// What can be wrong with the group.
    pub(super) const FORMS;

    fn missing(; what) =>
        "ACC02" Error NotFound "{what}",
        "name the deployment group with `application` and `deployment_group`, or create it";
    fn no_service(group) =>
        "ACC02" Error Configuration "deployment group {group} deploys no ECS service",
        "set the cluster and the service in the deployment group";
    fn other_service(group, has, wanted) =>
        "ACC02" Error Configuration "deployment group {group} deploys {has}, not {wanted}",
        "name the group of this service with `application` and `deployment_group`, or the service of this group with \
         `\"service\": \"{has}\"`";
}

pub(super) fn check(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(group) = outcome.of(&seen.facts.group, |what| missing(what)) else { return };
    let name = format!("{}/{}", group.application, group.name);
    let Some(deployed) = group.ecs_services.first() else { return outcome.found(no_service(name)) };
    let deployed = format!("{}/{}", short_name(&deployed.cluster), short_name(&deployed.service));
    if let Some(service) = seen.facts.service.known().map(Service::full_name)
        && service != deployed
    {
        outcome.found(other_service(name, deployed, service));
    }
}
