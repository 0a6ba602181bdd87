//! The request: every parameter once. UserParameters, a configuration file and the command line all become a [`Request`].

mod error;
mod flags;
mod given;
mod model;
mod parameter;
mod parse;
mod together;
mod value;

pub use error::{
    FORMS, external_id, no_task_definition, not_ignorable, other_region, region, role_arn, role_not_allowed, service,
};
pub use flags::{with_flags, with_flags_of};
pub use given::{CONFIG_LIMIT, Parameters};
pub use model::{AppSpecTaskDefinition, Request, Slot, TaskDefinitionSource};
pub use parameter::{PARAMETERS, Parameter, Shape};

#[cfg(test)]
use crate::artifact::file_ref::FileRef;
#[cfg(test)]
mod tests;
