//! The network part of an AppSpec.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::AppSpecError;

/// The network of the tasks. CodeDeploy wants all three members or none, so there is no partial one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    subnets: Vec<String>,
    security_groups: Vec<String>,
    assign_public_ip: AssignPublicIp,
}

impl Network {
    /// Checks 1-16 subnet ids, 1-5 security group ids, none twice, and `ENABLED` or `DISABLED`.
    pub fn new(
        subnets: Vec<String>,
        security_groups: Vec<String>,
        assign_public_ip: &str,
    ) -> Result<Network, AppSpecError> {
        check_count("subnet", subnets.len(), MAX_SUBNETS)?;
        check_count("security group", security_groups.len(), MAX_SECURITY_GROUPS)?;
        for id in &subnets {
            if !is_resource_id(id, "subnet-") {
                return Err(AppSpecError::SubnetId(id.clone()));
            }
        }
        for id in &security_groups {
            if !is_resource_id(id, "sg-") {
                return Err(AppSpecError::SecurityGroupId(id.clone()));
            }
        }
        check_distinct("subnet", &subnets)?;
        check_distinct("security group", &security_groups)?;
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

fn check_count(what: &'static str, count: usize, limit: usize) -> Result<(), AppSpecError> {
    if count == 0 || count > limit {
        return Err(AppSpecError::NetworkCount { what, count, limit });
    }
    Ok(())
}

fn check_distinct(what: &'static str, ids: &[String]) -> Result<(), AppSpecError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(AppSpecError::NetworkTwice { what, id: id.clone() });
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
    type Err = AppSpecError;

    fn from_str(text: &str) -> Result<Self, AppSpecError> {
        match text {
            "ENABLED" => Ok(AssignPublicIp::Enabled),
            "DISABLED" => Ok(AssignPublicIp::Disabled),
            _ => Err(AppSpecError::AssignPublicIp(text.to_owned())),
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
