//! The ECS service that the user names, for every command that takes one.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use codedeploy_core::artifact::request;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::{NameError, ServiceName};

/// The flags that name a service.
#[derive(Debug, Args)]
pub(crate) struct ServiceFlags {
    /// ECS service, by name or ARN; the deployment group must deploy it
    #[arg(long, value_name = "CLUSTER/SERVICE", group = NAMED, value_parser = NonEmptyStringValueParser::new())]
    service: Option<String>,
    #[command(flatten)]
    cluster: ClusterFlag,
}

/// The flag beside whatever names the service.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ClusterFlag {
    /// Cluster, by name or ARN, if the service is named without it
    #[arg(long, value_name = "CLUSTER", requires = NAMED, value_parser = NonEmptyStringValueParser::new())]
    cluster: Option<String>,
}

/// The group of the arguments that name the service.
pub(crate) const NAMED: &str = "named-service";

faults! {
    /// The faults of naming a service.
    pub(crate) const FORMS;

    /// Two clusters.
    fn two_clusters(cluster: &str, service: &str) [cluster = shown(cluster), service = shown(service)] =>
        "DEP34" Configuration "the service {service} is not in the cluster {cluster}",
        "remove --cluster, or name a service of that cluster";
}

impl ServiceFlags {
    pub(crate) fn is_empty(&self) -> bool {
        self.service.is_none()
    }

    /// The service, if one is named.
    pub(crate) fn named(self) -> Result<Option<ServiceName>, Fault> {
        self.service.map(|service| self.cluster.named(&service)).transpose()
    }
}

impl ClusterFlag {
    /// The service of that name.
    pub(crate) fn named(&self, service: &str) -> Result<ServiceName, Fault> {
        parse(&self.with(service)?)
    }

    /// The service together with its cluster, as one text that names both.
    pub(crate) fn with(&self, service: &str) -> Result<String, Fault> {
        let Some(cluster) = &self.cluster else { return Ok(service.to_owned()) };
        let Ok(own) = service.parse::<ServiceName>() else { return Ok(format!("{cluster}/{service}")) };
        let both = format!("{cluster}/{}", own.service);
        let named = parse(&both)?;
        let differs = |one: Option<&str>, other: Option<&str>| one.zip(other).is_some_and(|(one, other)| one != other);
        let region = |name: &ServiceName| name.region.as_ref().map(|region| region.as_str().to_owned());
        if own.cluster != named.cluster
            || differs(own.account.as_deref(), named.account.as_deref())
            || differs(region(&own).as_deref(), region(&named).as_deref())
        {
            return Err(two_clusters(cluster, service));
        }
        // Of the two, the ARN says more.
        Ok(if own.region.is_some() { service.to_owned() } else { both })
    }
}

fn parse(text: &str) -> Result<ServiceName, Fault> {
    text.parse().map_err(|error: NameError| {
        let fault = request::service(text, &error);
        if text.contains('/') { fault } else { fault.with_hint("write CLUSTER/SERVICE, or add --cluster CLUSTER") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "arn:aws:ecs:eu-west-1:111111111111:service/prod/shop";
    const OLD: &str = "arn:aws:ecs:eu-west-1:111111111111:service/shop";
    const CLUSTER: &str = "arn:aws:ecs:eu-west-1:111111111111:cluster/prod";

    fn check(cluster: Option<&str>, service: &str, expect: &str) {
        let flag = ClusterFlag { cluster: cluster.map(str::to_owned) };
        let shown = match (ServiceFlags { service: Some(service.to_owned()), cluster: flag }).named() {
            Ok(Some(named)) => format!("{} {}", named.full(), named.account.as_deref().unwrap_or("-")),
            Ok(None) => "nothing".to_owned(),
            Err(fault) => fault.code().to_owned(),
        };
        assert_eq!(shown, expect, "{cluster:?} {service}");
    }

    #[test]
    fn cluster_and_service_are_one_name() {
        check(None, "prod/shop", "prod/shop -");
        check(Some("prod"), "shop", "prod/shop -");
        check(Some("prod"), "prod/shop", "prod/shop -");
        check(Some(CLUSTER), "shop", "prod/shop 111111111111");
        check(Some(CLUSTER), "prod/shop", "prod/shop 111111111111");
        check(Some(CLUSTER), SERVICE, "prod/shop 111111111111");
        check(Some("prod"), SERVICE, "prod/shop 111111111111");
        check(Some("prod"), OLD, "prod/shop 111111111111");
    }

    #[test]
    fn what_contradicts_itself_or_names_nothing_is_refused() {
        check(Some("dev"), "prod/shop", "DEP34");
        check(Some("dev"), SERVICE, "DEP34");
        check(Some(&CLUSTER.replace("111111111111", "222222222222")), SERVICE, "DEP34");
        check(Some(&CLUSTER.replace("eu-west-1", "eu-west-2")), SERVICE, "DEP34");
        check(None, "shop", "PAR15");
        check(None, OLD, "PAR15");
        check(Some("prod"), "a/b/c", "PAR15");
        check(Some("pr od"), "shop", "PAR15");
        check(Some(&CLUSTER.replace("eu-west-1", "eu-west-2")), OLD, "PAR15");
    }
}
