//! Checks an AppSpec and a deployment group against the running service: what a deployment would change silently, and
//! what CodeDeploy cannot deploy.

use std::collections::BTreeSet;

use super::{Service, other_target_groups};
use crate::artifact::appspec::{AppSpec, CapacityProvider, Network};
use crate::fault::Fault;
use crate::fault::finding::{Finding, findings};
use crate::text::list;

findings! {
    /// What a deployment would change silently.
    pub(crate) const FINDINGS;

    fn capacity_providers(service; providers) =>
        "SVC08" Warning Input
        "the running tasks of {service} use the capacity providers {providers}, but the AppSpec names none: the new tasks \
         will use the launch type",
        "add CapacityProviderStrategy to the AppSpec, or generate it again with `codedeploy-artifact generate --service \
         {service}`; ignore this if the change is intended";
    fn platform_version(service, version) =>
        "SVC09" Warning Input
        "the running tasks of {service} use Fargate platform version {version}, but the AppSpec names none: the new tasks \
         will use LATEST",
        "add PlatformVersion: \"{version}\" to the AppSpec, or generate it again with `codedeploy-artifact generate \
         --service {service}`; ignore this if the change is intended";
    fn network(service) =>
        "SVC10" Warning Input
        "the running tasks of {service} use other subnets, security groups or public IP addresses than the service was \
         created with, but the AppSpec names none: the new tasks use those of the service",
        "add NetworkConfiguration to the AppSpec, or generate it again with `codedeploy-artifact generate --service \
         {service}`; ignore this if the change is intended";
    fn other_target(service, container; port, has) =>
        "SVC11" Warning Input
        "the AppSpec sends the traffic of {service} to {container}:{port}, but its load balancer now uses {has}",
        "correct ContainerName and ContainerPort in the AppSpec; ignore this if the change is intended";
}

/// The platform versions that `LATEST` currently means: `1.4.0` for Linux and `1.0.0` for Windows. Linux no longer has a
/// `1.0.0`.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html>
const LATEST: [&str; 3] = ["LATEST", "1.4.0", "1.0.0"];

impl Service {
    /// A warning for each property of the running tasks that the new tasks would lose because the AppSpec does not name it,
    /// and one if the AppSpec names a different container or port than the load balancer of the service.
    ///
    /// CodeDeploy takes nothing from the task set that it replaces. Without a `PlatformVersion` the new tasks use
    /// `LATEST` ([AppSpec
    /// reference](https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html)),
    /// without a `CapacityProviderStrategy` they use the launch type
    /// ([observed](https://github.com/aws/containers-roadmap/issues/1752)), and without a `NetworkConfiguration` they
    /// use the one that the service was created with, so this is a change only if an earlier AppSpec named another one.
    pub fn compare(&self, appspec: &AppSpec) -> Vec<Finding> {
        let name = &self.full_name();
        let mut findings = Vec::new();
        let strategy = &self.capacity_provider_strategy;
        if appspec.capacity_provider_strategy.is_empty() && strategy.iter().any(is_not_plain_fargate) {
            findings.push(capacity_providers(name, list(&strategy.iter().map(text).collect::<Vec<_>>())));
        }
        let version = self.platform_version.as_deref().filter(|version| !LATEST.contains(version));
        if let (None, Some(version)) = (&appspec.platform_version, version) {
            findings.push(platform_version(name, version));
        }
        if let (None, Some(now), Some(own)) = (&appspec.network, &self.network, &self.own_network)
            && !same(now, own)
        {
            findings.push(network(name));
        }
        let (container, port) = (appspec.container_name.as_str(), appspec.container_port);
        let fits = self.load_balancers.iter().any(|it| it.container_name == container && it.container_port == port);
        if !fits && !self.load_balancers.is_empty() {
            let has: BTreeSet<String> = self.load_balancers.iter().map(ToString::to_string).collect();
            findings.push(other_target(name, container, port, list(&has.into_iter().collect::<Vec<_>>())));
        }
        findings
    }

    /// The running tasks as an AppSpec, and the AppSpec with the values that a deployment uses for missing members (see
    /// [`Service::compare`]), so that the two can be compared member by member.
    ///
    /// ECS knows neither the hooks nor the name of the new task definition, so these are the same in both.
    pub fn deployed(&self, appspec: &AppSpec) -> (AppSpec, AppSpec) {
        let plain = |strategy: &[CapacityProvider]| {
            if strategy.iter().any(is_not_plain_fargate) { strategy.to_vec() } else { Vec::new() }
        };
        let (container, port) = (&appspec.container_name, appspec.container_port);
        let fitting =
            self.load_balancers.iter().find(|it| it.container_name == *container && it.container_port == port);
        let (container, port) = fitting
            .or(self.load_balancers.first())
            .map_or((container.clone(), port), |it| (it.container_name.clone(), it.container_port));
        let running = AppSpec {
            container_name: container,
            container_port: port,
            platform_version: self.platform_version.clone(),
            network: self.network.clone(),
            capacity_provider_strategy: plain(&self.capacity_provider_strategy),
            ..appspec.clone()
        };
        // ECS reports the version that LATEST meant when the tasks started.
        let is_latest = self.platform_version.as_deref().is_some_and(|version| LATEST.contains(&version));
        let version = match appspec.platform_version.as_deref() {
            None | Some("LATEST") if is_latest => self.platform_version.clone(),
            version => version.map(str::to_owned),
        };
        let network = [&appspec.network, &self.own_network, &self.network].into_iter().flatten().next().cloned();
        let strategy = plain(&appspec.capacity_provider_strategy);
        let new =
            AppSpec { platform_version: version, network, capacity_provider_strategy: strategy, ..appspec.clone() };
        (running, new)
    }

    /// Refuses a service whose running tasks are behind none of the target groups that the deployment group shifts
    /// traffic between: CodeDeploy fails such a deployment. `target_groups` are names or ARNs. Nothing is refused if
    /// either side has no target group.
    pub fn check_target_groups(&self, deployment_group: &str, target_groups: &[String]) -> Result<(), Fault> {
        let own = self.load_balancers.iter().filter_map(|it| it.target_group.as_deref()).map(group_name);
        let own: BTreeSet<&str> = own.collect();
        let pair: BTreeSet<&str> = target_groups.iter().map(|group| group_name(group)).collect();
        if own.is_empty() || pair.is_empty() || !own.is_disjoint(&pair) {
            return Ok(());
        }
        let [own, pair] = [own, pair].map(|names| names.into_iter().collect::<Vec<_>>());
        Err(other_target_groups(&self.full_name(), &own, deployment_group, &pair))
    }
}

/// Whether its tasks run on something other than launch type FARGATE.
fn is_not_plain_fargate(provider: &CapacityProvider) -> bool {
    provider.name != "FARGATE" && (provider.base > 0 || provider.weight > 0)
}

fn text(provider: &CapacityProvider) -> String {
    format!("{} (base {}, weight {})", provider.name, provider.base, provider.weight)
}

/// The order of subnets and security groups does not matter.
fn same(one: &Network, other: &Network) -> bool {
    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
    set(one.subnets()) == set(other.subnets())
        && set(one.security_groups()) == set(other.security_groups())
        && one.assign_public_ip() == other.assign_public_ip()
}

/// The name of a target group, from its name or ARN: `…:targetgroup/NAME/ID`.
fn group_name(group: &str) -> &str {
    match group.split_once(":targetgroup/") {
        Some((_, name)) => name.split('/').next().unwrap_or(name),
        None => group,
    }
}
