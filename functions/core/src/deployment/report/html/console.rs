//! Links to the AWS Management Console.

use crate::text::markup::{attribute, percent_encoded};

/// The console of a Region. Without a Region, names have no links.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Console {
    /// Such as `eu-west-1`.
    pub region: Option<String>,
}

/// The domain of the console in each partition, by how the names of its Regions begin.
///
/// <https://docs.aws.amazon.com/general/latest/gr/console-service.html>. The isolated partitions have none that is public.
const DOMAINS: &[(&str, Option<&str>)] = &[
    ("cn-", Some("console.amazonaws.cn")),
    ("us-gov-", Some("console.amazonaws-us-gov.com")),
    ("us-iso", None),
    ("eu-iso", None),
    ("eusc-", Some("console.amazonaws-eusc.eu")),
    ("", Some("console.aws.amazon.com")),
];

impl Console {
    /// The address of a deployment.
    pub(in super::super) fn deployment_url(&self, id: &str) -> Option<String> {
        self.url(|region| format!("/codesuite/codedeploy/deployments/{}?region={region}", percent_encoded(id)))
    }

    /// The name of a deployment, with a link.
    pub(super) fn deployment(&self, id: &str) -> String {
        link(id, self.deployment_url(id))
    }

    /// The name of a service, with a link.
    pub(super) fn service(&self, cluster: &str, service: &str) -> String {
        let url = self.url(|region| {
            let (cluster, service) = (percent_encoded(cluster), percent_encoded(service));
            format!("/ecs/v2/clusters/{cluster}/services/{service}/deployments?region={region}")
        });
        link(&format!("{cluster}/{service}"), url)
    }

    fn url(&self, path: impl Fn(&str) -> String) -> Option<String> {
        let region = self.region.as_deref()?;
        Some(format!("https://{region}.{}{}", domain(region)?, path(region)))
    }
}

/// The name, with a link if there is an address.
fn link(name: &str, url: Option<String>) -> String {
    let name = attribute(name);
    match url {
        Some(url) => format!("<a href=\"{}\">{name}</a>", url.replace('&', "&amp;")),
        None => name,
    }
}

fn domain(region: &str) -> Option<&'static str> {
    DOMAINS.iter().find(|(begins, _)| region.starts_with(begins)).and_then(|(_, domain)| *domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_console_of_the_partition() {
        let link = |region: &str| Console { region: Some(region.to_owned()) }.deployment("d-1");
        for (region, host) in [
            ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
            ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
            ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
            ("eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"),
        ] {
            let expect =
                format!("<a href=\"https://{host}/codesuite/codedeploy/deployments/d-1?region={region}\">d-1</a>");
            assert_eq!(link(region), expect);
        }
        assert_eq!(link("us-iso-east-1"), "d-1");
        assert_eq!(Console::default().service("prod", "web"), "prod/web");
        let console = Console { region: Some("eu-west-1".to_owned()) };
        let hostile = console.service("a\"><script>", "b/../c");
        assert!(!hostile.contains("<script") && hostile.contains("b%2F..%2Fc"), "{hostile}");
    }
}
