//! The lifecycle events that call a Lambda function.

use std::fmt;
use std::str::FromStr;

use super::error::{hook_function_name, unknown_hook};
use crate::fault::Fault;
use crate::names::is_function_name;
use crate::text::suggest::did_you_mean;

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
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let hook = Hook::ALL.into_iter().find(|hook| hook.name().eq_ignore_ascii_case(text));
        hook.ok_or_else(|| unknown_hook(text, did_you_mean(text, Hook::ALL.iter().map(|hook| hook.name()))))
    }
}

/// Checks the name or the ARN (of any partition) of a Lambda function, each with or without `:version` or `:alias`.
pub fn hook_function(text: &str) -> Result<(), Fault> {
    if is_function_name(text) { Ok(()) } else { Err(hook_function_name(text)) }
}
