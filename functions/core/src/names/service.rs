//! An ECS service together with its cluster.

use std::str::FromStr;

use super::arn::Arn;
use super::ecs::is_ecs_name;
use super::error::NameError;
use super::region::Region;

/// An ECS service: `CLUSTER/SERVICE`, or an ARN that names both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName {
    /// Short name of the cluster.
    pub cluster: String,
    /// Short name of the service.
    pub service: String,
    /// The Region of the ARN, if it was given as an ARN.
    pub region: Option<Region>,
    /// The account of the ARN, if it was given as an ARN.
    pub account: Option<String>,
}

impl ServiceName {
    /// `CLUSTER/SERVICE`.
    pub fn full(&self) -> String {
        format!("{}/{}", self.cluster, self.service)
    }

    /// The names that the ECS console and the AWS CLI give to the CodeDeploy application and the deployment group.
    pub fn codedeploy_names(&self) -> (String, String) {
        let cut = |name: &str| name.chars().take(46).collect::<String>();
        let name = |prefix: &str| format!("{prefix}-{}-{}", cut(&self.cluster), cut(&self.service));
        (name("AppECS"), name("DgpECS"))
    }
}

impl FromStr for ServiceName {
    type Err = NameError;

    /// Takes, in every partition:
    ///
    /// * `CLUSTER/SERVICE`
    /// * the ARN of the service: `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE`
    /// * the ARN of the cluster, a slash and the service: `"${aws_ecs_cluster.main.id}/web"` in Terraform
    /// * either form of the cluster, a slash and the ARN of the service, which may be of the old format
    ///
    /// The old format of the ARN, `…:service/SERVICE`, does not contain the cluster.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids>
    fn from_str(text: &str) -> Result<Self, NameError> {
        if let Some((cluster, service)) = text.split_once("/arn:") {
            return with_cluster(cluster, &format!("arn:{service}"));
        }
        if !text.starts_with("arn:") {
            return match text.split_once('/') {
                Some((cluster, service)) => named(cluster, service, None),
                None => Err(refused("is not CLUSTER/SERVICE")),
            };
        }
        let arn = Arn::regional(text, "ecs").ok_or_else(|| refused(NO_ARN))?;
        match arn.resource.split('/').collect::<Vec<_>>().as_slice() {
            ["service" | "cluster", cluster, service] => named(cluster, service, Some(&arn)),
            ["service", service] if is_ecs_name(service) => Err(NameError {
                problem: "is an ARN of the old format, which does not contain the cluster",
                hint: format!("write CLUSTER/{service}, with the name of its cluster"),
            }),
            ["cluster", cluster] if is_ecs_name(cluster) => Err(NameError {
                problem: "is the ARN of a cluster and does not name a service",
                hint: format!("write {cluster}/SERVICE, with the name of the service"),
            }),
            _ => Err(refused(NO_ARN)),
        }
    }
}

/// The problem of an ARN of something else.
const NO_ARN: &str = "is not the ARN of an ECS service";

fn named(cluster: &str, service: &str, arn: Option<&Arn<'_>>) -> Result<ServiceName, NameError> {
    if !is_ecs_name(cluster) || !is_ecs_name(service) {
        return Err(refused(if arn.is_some() { NO_ARN } else { "is not CLUSTER/SERVICE" }));
    }
    Ok(ServiceName {
        cluster: cluster.to_owned(),
        service: service.to_owned(),
        region: arn.and_then(|arn| arn.region.parse().ok()),
        account: arn.map(|arn| arn.account.to_owned()),
    })
}

/// A cluster, by name or ARN, and the ARN of a service.
fn with_cluster(cluster: &str, service: &str) -> Result<ServiceName, NameError> {
    let arn = Arn::regional(service, "ecs").ok_or_else(|| refused(NO_ARN))?;
    let own = match Arn::parse(cluster) {
        Some(own) if own == (Arn { resource: own.resource, ..arn }) => own.resource,
        Some(_) => return Err(refused(OTHER)),
        None => cluster,
    };
    let own = own.strip_prefix("cluster/").unwrap_or(own);
    match arn.resource.split('/').collect::<Vec<_>>().as_slice() {
        ["service", service] => named(own, service, Some(&arn)),
        ["service", cluster, service] if *cluster == own => named(own, service, Some(&arn)),
        ["service", _, _] => Err(refused(OTHER)),
        _ => Err(refused(NO_ARN)),
    }
}

/// The problem of two names that contradict each other.
const OTHER: &str = "names one cluster and a service of another one";

fn refused(problem: &'static str) -> NameError {
    NameError { problem, hint: "write CLUSTER/SERVICE, such as prod/shop, or the ARN of the service".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_in_every_way_that_names_its_cluster() {
        for (text, expect) in [
            ("shop/web", "shop/web - -"),
            ("arn:aws:ecs:eu-west-1:123456789012:service/shop/web", "shop/web eu-west-1 123456789012"),
            ("arn:aws-cn:ecs:cn-north-1:123456789012:service/shop/web", "shop/web cn-north-1 123456789012"),
            ("arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service/shop/web", "shop/web us-gov-west-1 123456789012"),
            ("arn:aws-iso-b:ecs:us-isob-east-1:123456789012:service/shop/web", "shop/web us-isob-east-1 123456789012"),
            ("arn:aws:ecs:eu-west-1:123456789012:cluster/shop/web", "shop/web eu-west-1 123456789012"),
            ("arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop/web", "shop/web cn-north-1 123456789012"),
            ("shop/arn:aws:ecs:eu-west-1:123456789012:service/shop/web", "shop/web eu-west-1 123456789012"),
            ("shop/arn:aws:ecs:eu-west-1:123456789012:service/web", "shop/web eu-west-1 123456789012"),
            (
                "arn:aws:ecs:eu-west-1:123456789012:cluster/shop/arn:aws:ecs:eu-west-1:123456789012:service/shop/web",
                "shop/web eu-west-1 123456789012",
            ),
        ] {
            let name: ServiceName = text.parse().expect(text);
            let region = name.region.as_ref().map_or("-", Region::as_str);
            assert_eq!(
                format!("{} {region} {}", name.full(), name.account.as_deref().unwrap_or("-")),
                expect,
                "{text}"
            );
        }
    }

    #[test]
    fn what_does_not_name_a_service_and_its_cluster_is_refused() {
        for (text, problem) in [
            ("", "is not CLUSTER/SERVICE"),
            ("web", "is not CLUSTER/SERVICE"),
            ("shop/", "is not CLUSTER/SERVICE"),
            ("/web", "is not CLUSTER/SERVICE"),
            ("shop/web/x", "is not CLUSTER/SERVICE"),
            ("shop/we b", "is not CLUSTER/SERVICE"),
            ("shop/web\n", "is not CLUSTER/SERVICE"),
            ("arn:aws:ecs:eu-west-1:123456789012:service/web", "old format"),
            ("arn:aws:ecs:eu-west-1:123456789012:cluster/shop", "ARN of a cluster"),
            ("arn:aws:ecs:eu-west-1:123456789012:task-set/shop/web/ecs-svc/1", NO_ARN),
            ("arn:aws:ecs:eu-west-1:123456789012:task/shop/web", NO_ARN),
            ("arn:aws:ecs:eu-west-1:123456789012:service/shop/we b", NO_ARN),
            ("arn:aws:ecs::123456789012:service/shop/web", NO_ARN),
            ("arn:aws:ecs:eu-west-1:12345:service/shop/web", NO_ARN),
            ("arn:aws:iam:eu-west-1:123456789012:service/shop/web", NO_ARN),
            ("arn:evil:ecs:eu-west-1:123456789012:service/shop/web", NO_ARN),
            ("shop/arn:aws:ecs:eu-west-1:123456789012:service/other/web", OTHER),
            ("shop/arn:aws:ecs:eu-west-1:123456789012:task/shop/web", NO_ARN),
        ] {
            let error = text.parse::<ServiceName>().expect_err(text);
            assert!(error.problem.contains(problem), "{text}: {error}");
        }
        let old = "arn:aws:ecs:eu-west-1:123456789012:service/web".parse::<ServiceName>().expect_err("an old ARN");
        assert_eq!(old.hint, "write CLUSTER/web, with the name of its cluster");
    }
}
