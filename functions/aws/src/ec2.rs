//! Calls to Amazon EC2.

use std::collections::BTreeMap;

use codedeploy_core::account::facts::Subnet;
use serde_json::Value;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, list, send, text};

pub(crate) const EC2: Service =
    Service { id: "EC2", signing: "ec2", host: "ec2", protocol: Protocol::Query("2016-11-15") };

/// Those of the subnets that exist, by ID.
pub async fn subnets(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, Subnet>, AwsError> {
    let found = describe(aws, "ec2:DescribeSubnets", "subnet-id", ids).await?;
    let subnet = |subnet: &Value| {
        let free = text(subnet, "/availableIpAddressCount").and_then(|free| free.parse().ok()).unwrap_or_default();
        Some((
            text(subnet, "/subnetId")?.to_owned(),
            Subnet { vpc: text(subnet, "/vpcId").unwrap_or_default().to_owned(), free },
        ))
    };
    Ok(list(&found, "/subnetSet").filter_map(subnet).collect())
}

/// The VPCs of those of the security groups that exist, by the ID of the group.
pub async fn security_groups(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, String>, AwsError> {
    let found = describe(aws, "ec2:DescribeSecurityGroups", "group-id", ids).await?;
    let group = |group: &Value| {
        Some((text(group, "/groupId")?.to_owned(), text(group, "/vpcId").unwrap_or_default().to_owned()))
    };
    Ok(list(&found, "/securityGroupInfo").filter_map(group).collect())
}

/// By a filter: a list of IDs is refused as a whole if one of them does not exist.
async fn describe(aws: &Aws, action: &'static str, filter: &str, ids: &[String]) -> Result<Value, AwsError> {
    let call = aws.call(action, ids.join(", "))?;
    let mut form = vec![("Filter.1.Name".to_owned(), filter.to_owned())];
    form.extend(ids.iter().enumerate().map(|(place, id)| (format!("Filter.1.Value.{}", place + 1), id.clone())));
    send(aws, &EC2, &call, Arguments::Form(form), refused).await
}
