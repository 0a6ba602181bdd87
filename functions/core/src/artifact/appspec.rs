//! The AppSpec of an ECS deployment: the task definition to run, the container and port for traffic, and the hooks.
//!
//! Rules: AWS CodeDeploy User Guide, "AppSpec 'resources' section (Amazon ECS)" and "AppSpec 'hooks' section"; limits
//! of the members: Amazon ECS API, `AwsVpcConfiguration` and `CapacityProviderStrategyItem`.

mod error;
mod hook;
mod members;
mod model;
#[cfg(test)]
mod nasty;
mod network;
mod node;
mod other;
mod read;
mod write;

pub use error::{FINDINGS, FORMS, syntax};
pub use hook::{Hook, hook_function};
pub use model::{AppSpec, CapacityProvider, RESOURCE_NAME, TASK_DEFINITION_PLACEHOLDER, VERSION};
pub use model::{check_platform_version, check_resource_name, check_strategy};
pub use network::{AssignPublicIp, Network};
pub(crate) use read::document;
pub use read::{decode, examine, read};
pub(crate) use write::{escaped, properties};
pub use write::{write, write_json};

#[cfg(test)]
use crate::random::Random;

#[cfg(test)]
mod tests;
