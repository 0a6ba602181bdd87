//! The network part of an AppSpec.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::error;
use crate::fault::Fault;

/// The network of the tasks. CodeDeploy requires all three members or none, so there is no partial network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    subnets: Vec<String>,
    security_groups: Vec<String>,
    assign_public_ip: AssignPublicIp,
}

impl Network {
    /// Checks 1-16 subnet ids, 1-5 security group ids, none twice, and `ENABLED` or `DISABLED`.
    pub fn new(subnets: Vec<String>, security_groups: Vec<String>, assign_public_ip: &str) -> Result<Network, Fault> {
        check_ids("subnet", "subnet-", &subnets, MAX_SUBNETS)?;
        check_ids("security group", "sg-", &security_groups, MAX_SECURITY_GROUPS)?;
        Ok(Network { subnets, security_groups, assign_public_ip: assign_public_ip.parse()? })
    }

    /// 1-16 subnet ids.
    pub fn subnets(&self) -> &[String] {
        &self.subnets
    }

    /// 1-5 security group ids.
    pub fn security_groups(&self) -> &[String] {
        &self.security_groups
    }

    /// Whether the tasks get a public IP address.
    pub fn assign_public_ip(&self) -> AssignPublicIp {
        self.assign_public_ip
    }
}

/// Limits of ECS `AwsVpcConfiguration`.
const MAX_SUBNETS: usize = 16;
const MAX_SECURITY_GROUPS: usize = 5;

fn check_ids(what: &str, prefix: &str, ids: &[String], most: usize) -> Result<(), Fault> {
    if !(1..=most).contains(&ids.len()) {
        return Err(error::network_count(what, ids.len(), most));
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        if !is_resource_id(id, prefix) {
            return Err(error::network_id(id, what, prefix));
        }
        if !seen.insert(id) {
            return Err(error::network_twice(id, what));
        }
    }
    Ok(())
}

/// AWS makes ids of 8 or 17 hexadecimal digits; emulators of AWS make others, so only the alphabet is checked.
fn is_resource_id(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| {
        (1..=64).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// Whether tasks get a public IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignPublicIp {
    /// `ENABLED`
    Enabled,
    /// `DISABLED`
    Disabled,
}

impl FromStr for AssignPublicIp {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "ENABLED" => Ok(AssignPublicIp::Enabled),
            "DISABLED" => Ok(AssignPublicIp::Disabled),
            _ => Err(error::assign_public_ip(text)),
        }
    }
}

impl fmt::Display for AssignPublicIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AssignPublicIp::Enabled => "ENABLED",
            AssignPublicIp::Disabled => "DISABLED",
        })
    }
}
