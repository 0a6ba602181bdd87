//! What an AppSpec for one ECS service contains.

use std::collections::BTreeSet;

use super::error;
use super::hook::Hook;
use super::network::Network;
use crate::fault::Fault;
use crate::fault::finding::Finding;
use crate::names::is_ecs_name;

/// The placeholder for the task definition. CodePipeline's `CodeDeployToECS` action registers a revision and fills in
/// its ARN.
pub const TASK_DEFINITION_PLACEHOLDER: &str = "<TASK_DEFINITION>";

/// The only version of the format that AWS documents.
pub const VERSION: &str = "0.0";

/// The name that AWS uses for the one resource; any other is accepted as well.
pub const RESOURCE_NAME: &str = "TargetService";

/// An AppSpec for one ECS service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSpec {
    /// The version as the file gives it, `None` if it gives none; what is written is always [`VERSION`].
    pub version: Option<String>,
    /// Logical name under `Resources`, usually [`RESOURCE_NAME`]; see [`check_resource_name`].
    pub resource_name: String,
    /// ARN of a task definition, or [`TASK_DEFINITION_PLACEHOLDER`].
    pub task_definition: String,
    /// The container that receives the traffic.
    pub container_name: String,
    /// Its port, 1-65535.
    pub container_port: u16,
    /// `LATEST` or a version such as `1.4.0`; see [`check_platform_version`].
    pub platform_version: Option<String>,
    /// Subnets, security groups and public IP setting; if absent, those of the service are used.
    pub network: Option<Network>,
    /// Empty to use that of the service; see [`check_strategy`].
    pub capacity_provider_strategy: Vec<CapacityProvider>,
    /// Lambda functions by lifecycle event, in lifecycle order, no event twice; see [`hook_function`](super::hook_function).
    pub hooks: Vec<(Hook, String)>,
}

impl AppSpec {
    /// An AppSpec with the required members only.
    pub fn new(task_definition: &str, container_name: &str, container_port: u16) -> AppSpec {
        AppSpec {
            version: Some(VERSION.to_owned()),
            resource_name: RESOURCE_NAME.to_owned(),
            task_definition: task_definition.to_owned(),
            container_name: container_name.to_owned(),
            container_port,
            platform_version: None,
            network: None,
            capacity_provider_strategy: Vec::new(),
            hooks: Vec::new(),
        }
    }

    /// A warning if the file, named `file`, does not have the documented version.
    ///
    /// [AppSpec reference](https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html):
    /// "The currently allowed value is 0.0". CodeDeploy deploys other numbers and files without one as well.
    pub fn version_warning(&self, file: &str) -> Option<Finding> {
        let finding = match &self.version {
            Some(version) if version == VERSION => return None,
            Some(version) => error::undocumented_version(version),
            None => error::no_version(),
        };
        Some(finding.at(file, "version"))
    }
}

/// One item of a capacity provider strategy; the whole is checked by [`check_strategy`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapacityProvider {
    /// Short name, such as `FARGATE_SPOT`.
    pub name: String,
    /// Tasks that run here before the weights count, 0-100000.
    pub base: u32,
    /// Share of the further tasks, 0-1000.
    pub weight: u32,
}

/// Checks at most 20 providers, no name twice, base 0-100000 with at most one above 0, weight 0-1000 with at least one
/// above 0. An empty strategy is fine: it means "none given".
pub fn check_strategy(strategy: &[CapacityProvider]) -> Result<(), Fault> {
    if strategy.is_empty() {
        return Ok(());
    }
    if strategy.len() > MAX_PROVIDERS {
        return Err(error::too_many_providers(strategy.len(), MAX_PROVIDERS));
    }
    let mut names = BTreeSet::new();
    for CapacityProvider { name, base, weight } in strategy {
        if !is_ecs_name(name) {
            return Err(error::provider_name(name));
        }
        if !names.insert(name) {
            return Err(error::provider_twice(name));
        }
        for (what, found, most) in [("base", *base, MAX_BASE), ("weight", *weight, MAX_WEIGHT)] {
            if found > most {
                return Err(error::provider_number(name, what, found, most));
            }
        }
    }
    if strategy.iter().filter(|provider| provider.base > 0).count() > 1 {
        return Err(error::several_bases());
    }
    if strategy.iter().all(|provider| provider.weight == 0) {
        return Err(error::no_weight());
    }
    Ok(())
}

/// Limits of ECS `CapacityProviderStrategyItem` and of the strategy around it.
const MAX_PROVIDERS: usize = 20;
const MAX_BASE: u32 = 100_000;
const MAX_WEIGHT: u32 = 1_000;

/// Checks 1-128 characters, none of them a control character, and not YAML's merge key `<<`.
pub fn check_resource_name(text: &str) -> Result<(), Fault> {
    let fits = (1..=128).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text != "<<";
    if fits { Ok(()) } else { Err(error::resource_name(text)) }
}

/// Checks `LATEST` or three numbers such as `1.4.0`.
pub fn check_platform_version(text: &str) -> Result<(), Fault> {
    let numbers = text.split('.');
    let is_version = numbers.clone().count() == 3
        && numbers
            .into_iter()
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    if text == "LATEST" || is_version { Ok(()) } else { Err(error::platform_version(text)) }
}
