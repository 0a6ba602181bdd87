//! The AppSpec of an ECS deployment: what CodeDeploy is told to run, behind which port, with which hooks.
//!
//! Rules: AWS CodeDeploy User Guide, "AppSpec 'resources' section (Amazon ECS)" and "AppSpec 'hooks' section"; limits
//! of the members: Amazon ECS API, `AwsVpcConfiguration` and `CapacityProviderStrategyItem`.

mod error;
#[cfg(test)]
mod nasty;
mod network;
mod other;
mod read;
mod write;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

pub use error::AppSpecError;
pub use network::{AssignPublicIp, Network};
pub use other::OtherFile;
pub use read::{decode, read};
pub(crate) use write::escaped;
pub use write::{write, write_json};

use crate::fault::finding::Finding;
use crate::fault::shown;
#[cfg(test)]
use crate::random::Random;
use crate::text::suggest::did_you_mean;

/// What stands for the task definition where CodePipeline's `CodeDeployToECS` action registers it and fills its ARN in.
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
    /// Subnets, security groups and public IP setting; where absent, those of the service stay.
    pub network: Option<Network>,
    /// Empty where the service's own stays; see [`check_strategy`].
    pub capacity_provider_strategy: Vec<CapacityProvider>,
    /// Lambda functions by lifecycle event, in lifecycle order, no event twice; see [`hook_function`].
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
        let message = match &self.version {
            Some(version) if version == VERSION => return None,
            Some(version) => format!("is {}; the only documented version is {VERSION}", shown(version)),
            None => format!("is missing; the documented version is {VERSION}"),
        };
        Some(Finding::warning("APP08", message, format!("write version: {VERSION}")).at(file, "version"))
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
pub fn check_strategy(strategy: &[CapacityProvider]) -> Result<(), AppSpecError> {
    let refuse = |problem: String| Err(AppSpecError::Strategy(problem));
    if strategy.is_empty() {
        return Ok(());
    }
    if strategy.len() > MAX_PROVIDERS {
        return refuse(format!("{} capacity providers given, at most {MAX_PROVIDERS} are possible", strategy.len()));
    }
    let mut names = BTreeSet::new();
    for provider in strategy {
        let name = shown(&provider.name);
        if !is_provider_name(&provider.name) {
            return refuse(format!("\"{name}\" is not the short name of a capacity provider"));
        }
        if !names.insert(&provider.name) {
            return refuse(format!("capacity provider \"{name}\" is given twice"));
        }
        if provider.base > MAX_BASE {
            return refuse(format!("base of \"{name}\" must be 0-{MAX_BASE}, found {}", provider.base));
        }
        if provider.weight > MAX_WEIGHT {
            return refuse(format!("weight of \"{name}\" must be 0-{MAX_WEIGHT}, found {}", provider.weight));
        }
    }
    if strategy.iter().filter(|provider| provider.base > 0).count() > 1 {
        return refuse("only one capacity provider may have a base above 0".to_owned());
    }
    if strategy.iter().all(|provider| provider.weight == 0) {
        return refuse("at least one capacity provider needs a weight above 0".to_owned());
    }
    Ok(())
}

/// Limits of ECS `CapacityProviderStrategyItem` and of the strategy around it.
const MAX_PROVIDERS: usize = 20;
const MAX_BASE: u32 = 100_000;
const MAX_WEIGHT: u32 = 1_000;

fn is_provider_name(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A lifecycle event of an ECS deployment that may call a Lambda function, in the order in which they happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hook {
    /// Before the replacement task set is created.
    BeforeInstall,
    /// After it is created and a target group is attached.
    AfterInstall,
    /// After the test listener sends traffic to it; CodeDeploy ignores it without a test listener.
    AfterAllowTestTraffic,
    /// Before the production listener sends traffic to it.
    BeforeAllowTraffic,
    /// After the production listener sends traffic to it.
    AfterAllowTraffic,
}

impl Hook {
    /// All five, in lifecycle order.
    pub const ALL: [Hook; 5] = [
        Hook::BeforeInstall,
        Hook::AfterInstall,
        Hook::AfterAllowTestTraffic,
        Hook::BeforeAllowTraffic,
        Hook::AfterAllowTraffic,
    ];

    /// The name as AWS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Hook::BeforeInstall => "BeforeInstall",
            Hook::AfterInstall => "AfterInstall",
            Hook::AfterAllowTestTraffic => "AfterAllowTestTraffic",
            Hook::BeforeAllowTraffic => "BeforeAllowTraffic",
            Hook::AfterAllowTraffic => "AfterAllowTraffic",
        }
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Case is ignored, as CodeDeploy does.
impl FromStr for Hook {
    type Err = AppSpecError;

    fn from_str(text: &str) -> Result<Self, AppSpecError> {
        Hook::ALL.into_iter().find(|hook| hook.name().eq_ignore_ascii_case(text)).ok_or_else(|| {
            AppSpecError::UnknownHook {
                name: text.to_owned(),
                near: did_you_mean(text, Hook::ALL.iter().map(|hook| hook.name())),
            }
        })
    }
}

/// Checks the name or the ARN (of any partition) of a Lambda function, each with or without `:version` or `:alias`.
pub fn hook_function(text: &str) -> Result<(), AppSpecError> {
    let mut parts = text.split(':');
    let mut next = || parts.next().unwrap_or_default();
    let first = next();
    let (name, qualifier) = if first == "arn" {
        let [partition, service, region, account, kind] = [next(), next(), next(), next(), next()];
        let right = partition.starts_with("aws")
            && service == "lambda"
            && !region.is_empty()
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && kind == "function";
        if !right {
            return Err(AppSpecError::HookFunction(text.to_owned()));
        }
        (next(), parts.next())
    } else {
        (first, parts.next())
    };
    let version_fits = qualifier.is_none_or(|version| version == "$LATEST" || is_word(version, 128));
    if !is_word(name, 64) || !version_fits || parts.next().is_some() {
        return Err(AppSpecError::HookFunction(text.to_owned()));
    }
    Ok(())
}

fn is_word(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Checks 1-128 characters, none of them a control character, and not YAML's merge key `<<`.
pub fn check_resource_name(text: &str) -> Result<(), AppSpecError> {
    let fits = (1..=128).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text != "<<";
    if fits { Ok(()) } else { Err(AppSpecError::ResourceName(text.to_owned())) }
}

/// Checks `LATEST` or three numbers such as `1.4.0`.
pub fn check_platform_version(text: &str) -> Result<(), AppSpecError> {
    let numbers = text.split('.');
    let is_version = numbers.clone().count() == 3
        && numbers
            .into_iter()
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    if text == "LATEST" || is_version { Ok(()) } else { Err(AppSpecError::PlatformVersion(text.to_owned())) }
}

#[cfg(test)]
mod tests;
