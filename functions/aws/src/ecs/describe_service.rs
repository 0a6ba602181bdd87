//! The live ECS service, reduced to what an AppSpec can repeat.

use aws_sdk_ecs::types;
use codedeploy_core::artifact::appspec::{CapacityProvider, Network};
use codedeploy_core::artifact::service::{LoadBalancer, Service};
use codedeploy_core::names::{account_of, short_name};

use super::find_service::{controller, find};
use crate::config::Aws;
use crate::error::AwsError;

/// Describes one service; cluster and service are names or ARNs.
///
/// Of a service with a primary task set, that task set counts: CodeDeploy changes it and leaves the members of the
/// service as they were created. A network that an AppSpec could not hold, such as one without a security group, is `None`.
pub async fn describe_service(aws: &Aws, cluster: &str, service: &str) -> Result<Service, AwsError> {
    Ok(reduce(&find(aws, cluster, service).await?, cluster, service))
}

fn reduce(found: &types::Service, cluster: &str, service: &str) -> Service {
    let live = Live::of(found);
    Service {
        cluster: short_name(found.cluster_arn().unwrap_or(cluster)).to_owned(),
        name: found.service_name().unwrap_or(short_name(service)).to_owned(),
        controller: controller(found),
        deployment: live.deployment.map(str::to_owned),
        task_definition: live.task_definition.map(str::to_owned),
        load_balancers: live.load_balancers.iter().filter_map(load_balancer).collect(),
        platform_version: live.platform_version.map(str::to_owned),
        network: live.network.and_then(network),
        capacity_provider_strategy: live.strategy.iter().map(capacity_provider).collect(),
        own_network: found.network_configuration().and_then(network),
        account: found.service_arn().and_then(account_of).map(str::to_owned),
        desired_count: found.desired_count().try_into().unwrap_or_default(),
    }
}

/// The members that a service and a task set have in common.
struct Live<'a> {
    deployment: Option<&'a str>,
    task_definition: Option<&'a str>,
    load_balancers: &'a [types::LoadBalancer],
    platform_version: Option<&'a str>,
    network: Option<&'a types::NetworkConfiguration>,
    strategy: &'a [types::CapacityProviderStrategyItem],
}

impl<'a> Live<'a> {
    fn of(service: &'a types::Service) -> Self {
        let own = Live {
            deployment: None,
            task_definition: service.task_definition(),
            load_balancers: service.load_balancers(),
            platform_version: service.platform_version(),
            network: service.network_configuration(),
            strategy: service.capacity_provider_strategy(),
        };
        let Some(set) = service.task_sets().iter().find(|set| set.status() == Some("PRIMARY")) else {
            return own;
        };
        Live {
            deployment: set.external_id(),
            task_definition: set.task_definition().or(own.task_definition),
            load_balancers: if set.load_balancers().is_empty() { own.load_balancers } else { set.load_balancers() },
            platform_version: set.platform_version().or(own.platform_version),
            network: set.network_configuration().or(own.network),
            // No fallback: a task set without a strategy runs by launch type.
            strategy: set.capacity_provider_strategy(),
        }
    }
}

fn load_balancer(item: &types::LoadBalancer) -> Option<LoadBalancer> {
    Some(LoadBalancer {
        container_name: item.container_name()?.to_owned(),
        container_port: item.container_port()?.try_into().ok().filter(|port| *port > 0)?,
        target_group: item.target_group_arn().map(str::to_owned),
    })
}

fn network(configuration: &types::NetworkConfiguration) -> Option<Network> {
    let vpc = configuration.awsvpc_configuration()?;
    let public_ip = vpc.assign_public_ip().map_or("DISABLED", types::AssignPublicIp::as_str);
    Network::new(vpc.subnets().to_vec(), vpc.security_groups().to_vec(), public_ip).ok()
}

fn capacity_provider(item: &types::CapacityProviderStrategyItem) -> CapacityProvider {
    CapacityProvider {
        name: item.capacity_provider().to_owned(),
        base: item.base().try_into().unwrap_or_default(),
        weight: item.weight().try_into().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
