//! The live ECS service, reduced to what an AppSpec can contain.

pub(crate) mod live;

use std::fmt;

use crate::artifact::appspec::{CapacityProvider, Network};
use crate::fault::Fault;
use crate::faults;
use crate::names::ServiceName;
use crate::text::list;

/// An ECS service, from DescribeServices. For a service with task sets (`CODE_DEPLOY`, `EXTERNAL`), the values are
/// those of the primary task set: CodeDeploy changes only the task set, and the members of the service stay as created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Short name of the cluster.
    pub cluster: String,
    /// Short name of the service.
    pub name: String,
    /// Its deployment controller.
    pub controller: Controller,
    /// ID of the CodeDeploy deployment that created the primary task set, whatever the result of that deployment.
    pub deployment: Option<String>,
    /// ARN of the task definition that runs now.
    pub task_definition: Option<String>,
    /// Every container and port that a target group is attached to.
    pub load_balancers: Vec<LoadBalancer>,
    /// Fargate platform version as configured, such as `LATEST` or `1.4.0`.
    pub platform_version: Option<String>,
    /// Subnets, security groups and public IP setting of its tasks.
    pub network: Option<Network>,
    /// Empty if the service uses a launch type.
    pub capacity_provider_strategy: Vec<CapacityProvider>,
    /// The network that the service was created with: that of a new task set whose AppSpec names none.
    pub own_network: Option<Network>,
    /// The ID of its account.
    pub account: Option<String>,
    /// The number of tasks that it should run.
    pub desired_count: u64,
}

/// `deploymentController.type` and, for `ECS`, `deploymentConfiguration.strategy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Controller {
    /// Deployed by CodeDeploy.
    CodeDeploy,
    /// Rolling update by ECS.
    EcsRolling,
    /// Blue/green, linear or canary by ECS itself (since July 2025): CodeDeploy cannot deploy it.
    EcsBlueGreen,
    /// Another tool.
    External,
}

/// A container and port that receives traffic of a target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Name of the container.
    pub container_name: String,
    /// Port of the container, 1-65535.
    pub container_port: u16,
    /// ARN of the target group, if one is attached.
    pub target_group: Option<String>,
}

impl fmt::Display for LoadBalancer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.container_name, self.container_port)
    }
}

impl Service {
    /// `cluster/service`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.cluster, self.name)
    }

    /// Refuses a service of another account than the one in the ARN that named it.
    pub fn check_account(&self, name: &ServiceName) -> Result<(), Fault> {
        match (&name.account, &self.account) {
            (Some(named), Some(found)) if named != found => Err(other_account(&self.full_name(), named, found)),
            _ => Ok(()),
        }
    }

    /// Refuses a service that CodeDeploy cannot deploy.
    pub fn check_deployable(&self) -> Result<(), Fault> {
        let name = self.full_name();
        match self.controller {
            Controller::CodeDeploy => Ok(()),
            Controller::EcsRolling => Err(other_controller(&name, "ECS (rolling update)")),
            Controller::EcsBlueGreen => Err(ecs_blue_green(&name)),
            Controller::External => Err(other_controller(&name, "an external controller")),
        }
    }

    /// The only load-balanced container and port that matches the request. No match and several matches are faults.
    pub fn target(&self, container: Option<&str>, port: Option<u16>) -> Result<LoadBalancer, Fault> {
        let mut fitting: Vec<&LoadBalancer> = Vec::new();
        for candidate in &self.load_balancers {
            let fits = container.is_none_or(|name| name == candidate.container_name)
                && port.is_none_or(|port| port == candidate.container_port);
            // Blue and green target group point at the same container and port: that is one candidate.
            let same = |other: &&LoadBalancer| {
                (&other.container_name, other.container_port) == (&candidate.container_name, candidate.container_port)
            };
            if fits && !fitting.iter().any(same) {
                fitting.push(candidate);
            }
        }
        match fitting.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(no_load_balancer(&self.full_name(), &self.load_balancers)),
            several => Err(load_balancers(&self.full_name(), several)),
        }
    }
}

faults! {
    /// The faults of a service.
    pub const FORMS;

    /// The service is not deployed by CodeDeploy.
    fn other_controller(service, deployer: &str) =>
        "SVC04" Configuration "service {service} is deployed by {deployer}, not by CodeDeploy",
        "create the service with deployment controller CODE_DEPLOY";

    /// ECS shifts the traffic of the service.
    fn ecs_blue_green(service) =>
        "SVC04" Configuration
        "service {service} is deployed by ECS itself (its own blue/green, linear or canary deployment), not by CodeDeploy",
        "deploy it with `aws ecs update-service`: ECS shifts its traffic itself";

    /// No load balancer matches.
    fn no_load_balancer(service, all: &[LoadBalancer]) [has = list(all)] =>
        "SVC05" Configuration "service {service} has no matching load balancer (has: {has})",
        "set `container_name` and `container_port` to one of them";

    /// Several load balancers match.
    fn load_balancers(service, fitting: &[&LoadBalancer]) [count = fitting.len(), list = list(fitting)] =>
        "SVC05" Configuration "service {service} has {count} load balancers: {list}",
        "set `container_name` and `container_port` to one of them";

    /// A service that should determine the task definition, but has none.
    pub fn no_task_definition(service) =>
        "SVC06" Configuration "service {service} has no task definition", "set `task_definition`";

    /// The running tasks are behind a target group that the deployment group does not have; `group` is `application/group`.
    fn other_target_groups(service, own: &[&str], group, pair: &[&str]) [own = list(own), pair = list(pair)] =>
        "SVC12" Configuration
        "the running tasks of {service} are behind target group {own}, but deployment group {group} has {pair}",
        "deploy with the deployment group of this service, or set its target groups with `aws deploy \
         update-deployment-group --load-balancer-info`";

    /// The service was named by an ARN of another account.
    pub fn other_account(service, named: &str, found: &str) =>
        "SVC13" Configuration
        "service {service} was named by an ARN of account {named}, but the credentials belong to account {found}",
        "use credentials or a role of account {named}";
}

#[cfg(test)]
mod tests;
