//! One call to AWS, as messages name it.

use std::fmt;

use crate::faults::long;

/// An API call and what it is about. Displayed as `ecs:DescribeServices on prod/shop in eu-west-1`.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The IAM action of the call.
    pub(crate) action: &'static str,
    /// What it is about, such as `CLUSTER/SERVICE`.
    pub(crate) subject: String,
    pub(crate) region: String,
}

impl Call {
    /// The subject, safe to repeat.
    pub(crate) fn name(&self) -> String {
        long(&self.subject)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = if self.region.is_empty() { "no region" } else { &self.region };
        write!(f, "{} on {} in {region}", self.action, self.name())
    }
}
