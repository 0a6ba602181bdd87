//! What the live ECS service says, as far as an AppSpec can repeat it.

mod live;

use std::fmt;

use crate::artifact::appspec::{CapacityProvider, Network};
use crate::fault::{Explain, Kind, shown};
use crate::names::ServiceName;

/// An ECS service, from DescribeServices. Of a service with task sets (`CODE_DEPLOY`, `EXTERNAL`) the primary task set is
/// what counts: CodeDeploy changes that one and leaves the service's own members as they were created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Short name of the cluster.
    pub cluster: String,
    /// Short name of the service.
    pub name: String,
    /// Who deploys it.
    pub controller: Controller,
    /// ARN of the task definition that runs now.
    pub task_definition: Option<String>,
    /// Every container and port that a target group is attached to.
    pub load_balancers: Vec<LoadBalancer>,
    /// Fargate platform version as configured, such as `LATEST` or `1.4.0`.
    pub platform_version: Option<String>,
    /// Subnets, security groups and public IP setting of its tasks.
    pub network: Option<Network>,
    /// Empty where the service uses a launch type.
    pub capacity_provider_strategy: Vec<CapacityProvider>,
    /// The network that the service was created with: that of a new task set whose AppSpec names none.
    pub own_network: Option<Network>,
    /// The twelve digits of the account that it is in.
    pub account: Option<String>,
}

/// `deploymentController.type` and, for `ECS`, `deploymentConfiguration.strategy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Controller {
    /// Deployed by CodeDeploy: what this product is for.
    CodeDeploy,
    /// Rolling update by ECS.
    EcsRolling,
    /// Blue/green, linear or canary by ECS itself (since July 2025): CodeDeploy cannot deploy it.
    EcsBlueGreen,
    /// Some other deployer.
    External,
}

/// A container and port that receives traffic of a target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadBalancer {
    /// Name of the container.
    pub container_name: String,
    /// Port of the container, 1-65535.
    pub container_port: u16,
    /// ARN of the target group, where one is attached.
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
    ///
    /// # Errors
    /// [`ServiceError::OtherAccount`].
    pub fn check_account(&self, name: &ServiceName) -> Result<(), ServiceError> {
        match (&name.account, &self.account) {
            (Some(named), Some(found)) if named != found => Err(ServiceError::OtherAccount {
                service: self.full_name(),
                named: named.clone(),
                found: found.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses a service that CodeDeploy cannot deploy.
    ///
    /// # Errors
    /// [`ServiceError::Controller`].
    pub fn check_deployable(&self) -> Result<(), ServiceError> {
        match self.controller {
            Controller::CodeDeploy => Ok(()),
            controller => Err(ServiceError::Controller { service: self.full_name(), controller }),
        }
    }

    /// The one load-balanced container and port that fits what is given.
    ///
    /// # Errors
    /// [`ServiceError::Candidates`] where none fits or several do.
    pub fn target(&self, container: Option<&str>, port: Option<u16>) -> Result<LoadBalancer, ServiceError> {
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
            [] => {
                let has = self.load_balancers.iter().map(LoadBalancer::to_string).collect();
                Err(ServiceError::NoCandidate { service: self.full_name(), has })
            }
            several => {
                let candidates = several.iter().map(ToString::to_string).collect();
                Err(ServiceError::Candidates { service: self.full_name(), candidates })
            }
        }
    }
}

/// A service that cannot say what it was asked for.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ServiceError {
    /// Not CodeDeploy's to deploy.
    #[error("service {} is deployed by {}, not by CodeDeploy", shown(service), deployer(*controller))]
    Controller {
        /// `cluster/service`.
        service: String,
        /// Who deploys it.
        controller: Controller,
    },
    /// No load balancer fits.
    #[error("service {} has no load balancer that fits (has: {})", shown(service), listed(has))]
    NoCandidate {
        /// `cluster/service`.
        service: String,
        /// `container:port` of every load balancer.
        has: Vec<String>,
    },
    /// Several load balancers fit.
    #[error("service {} has {} load balancers: {}", shown(service), candidates.len(), listed(candidates))]
    Candidates {
        /// `cluster/service`.
        service: String,
        /// `container:port` of each that fits.
        candidates: Vec<String>,
    },
    /// Its running tasks are behind a target group that the deployment group does not have.
    #[error(
        "the running tasks of {} are behind target group {}, and deployment group {} has {}",
        shown(service),
        listed(own),
        shown(deployment_group),
        listed(pair)
    )]
    OtherTargetGroup {
        /// `cluster/service`.
        service: String,
        /// Names of the target groups of the running tasks.
        own: Vec<String>,
        /// `application/group`.
        deployment_group: String,
        /// Names of the target groups of the deployment group.
        pair: Vec<String>,
    },
    /// It was named by an ARN of another account.
    #[error(
        "service {} was named by an ARN of account {named}, and the credentials are of account {found}",
        shown(service)
    )]
    OtherAccount {
        /// `cluster/service`.
        service: String,
        /// The account of the ARN.
        named: String,
        /// The account of the service that was found.
        found: String,
    },
    /// The service names no task definition.
    #[error("service {} names no task definition", shown(service))]
    NoTaskDefinition {
        /// `cluster/service`.
        service: String,
    },
}

impl Explain for ServiceError {
    fn code(&self) -> &'static str {
        match self {
            ServiceError::Controller { .. } => "SVC04",
            ServiceError::NoCandidate { .. } | ServiceError::Candidates { .. } => "SVC05",
            ServiceError::NoTaskDefinition { .. } => "SVC06",
            ServiceError::OtherTargetGroup { .. } => "SVC12",
            ServiceError::OtherAccount { .. } => "SVC13",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        match self {
            ServiceError::Controller { controller: Controller::EcsBlueGreen, .. } => {
                "deploy it with `aws ecs update-service`: ECS shifts its traffic itself"
            }
            ServiceError::Controller { .. } => "create the service with deployment controller CODE_DEPLOY",
            ServiceError::NoCandidate { .. } | ServiceError::Candidates { .. } => {
                "set `container_name` and `container_port` to one of them"
            }
            ServiceError::NoTaskDefinition { .. } => "set `task_definition`",
            ServiceError::OtherTargetGroup { .. } => {
                "deploy with the deployment group of this service, or set its target groups with `aws deploy \
                 update-deployment-group --load-balancer-info`"
            }
            ServiceError::OtherAccount { .. } => "use credentials or a role of the account in the ARN",
        }
        .to_owned()
    }
}

fn deployer(controller: Controller) -> &'static str {
    match controller {
        Controller::CodeDeploy => "CodeDeploy",
        Controller::EcsRolling => "ECS (rolling update)",
        Controller::EcsBlueGreen => "ECS itself (its own blue/green, linear or canary deployment)",
        Controller::External => "an external controller",
    }
}

fn listed(candidates: &[String]) -> String {
    if candidates.is_empty() {
        return "none".to_owned();
    }
    candidates.iter().map(|candidate| shown(candidate)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
