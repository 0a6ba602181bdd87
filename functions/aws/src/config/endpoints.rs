//! The endpoints that the user has chosen instead of AWS's own: for all services, or for one of them.

use aws_config::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use codedeploy_core::fault::Fault;

use super::proxies::is_authority;
use crate::faults::bad_endpoint;

/// The names of services in `AWS_ENDPOINT_URL_…` and in a profile.
const SERVICES: [&str; 16] = [
    "Application Auto Scaling",
    "CloudWatch",
    "CloudWatch Logs",
    "CodeDeploy",
    "CodePipeline",
    "EC2",
    "ECR",
    "ECS",
    "Elastic Load Balancing v2",
    "IAM",
    "Lambda",
    "S3",
    "SSM",
    "STS",
    "Secrets Manager",
    "Service Quotas",
];

/// Removes values that are not URLs. With an empty variable, which AWS tools treat as unset, the SDK would panic at the
/// first call.
pub(super) fn usable(sdk: &SdkConfig) -> SdkConfig {
    let mut builder = sdk.to_builder().service_config(Usable(sdk.clone()));
    builder.set_endpoint_url(sdk.endpoint_url().and_then(endpoint));
    builder.build()
}

/// Refuses an invalid endpoint, which the SDK would try to reach for minutes.
pub(super) fn check(sdk: &SdkConfig) -> Result<(), Fault> {
    let bad = |service: &&str| of(sdk, service).is_some_and(|url| !url.trim().is_empty() && endpoint(&url).is_none());
    let bad: Vec<_> = SERVICES.into_iter().filter(bad).collect();
    match bad.first() {
        None => Ok(()),
        Some(_) if bad.len() == SERVICES.len() => Err(bad_endpoint(None)),
        Some(service) => Err(bad_endpoint(Some(service))),
    }
}

/// The endpoints that the user has chosen: services and the beginning of the URL.
#[cfg(feature = "command-line")]
pub(super) fn chosen(sdk: &SdkConfig) -> Vec<(&'static str, String)> {
    // The path may be a secret of a gateway.
    let host = |url: String| url.split('/').take(3).collect::<Vec<_>>().join("/");
    let of_service = |service| Some((service, host(endpoint(&of(sdk, service)?)?)));
    let found: Vec<_> = SERVICES.into_iter().filter_map(of_service).collect();
    match found.first() {
        Some((_, url)) if found.len() == SERVICES.len() && found.iter().all(|(_, other)| other == url) => {
            vec![("all services", url.clone())]
        }
        _ => found,
    }
}

/// The endpoint that the user has chosen for the service with this id (`S3`), for it alone or for all.
pub(super) fn of(sdk: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env(VARIABLE).profile("endpoint_url").build();
    sdk.service_config()?.load_config(key.ok()?)
}

const VARIABLE: &str = "AWS_ENDPOINT_URL";

#[derive(Debug)]
struct Usable(SdkConfig);

impl LoadServiceConfig for Usable {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_endpoint = key.env() == VARIABLE;
        let value = self.0.service_config()?.load_config(key)?;
        if is_endpoint { endpoint(&value) } else { Some(value) }
    }
}

/// `http://` or `https://`, a host, and perhaps a port and a path: as the SDK takes it.
fn endpoint(url: &str) -> Option<String> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let fits = path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#".contains(&byte));
    (["http", "https"].contains(&&*scheme) && is_authority(authority) && fits).then(|| format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_url_with_a_host() {
        for good in [
            "http://127.0.0.1:4566",
            "https://[::1]:8443/",
            "https://vpce-0a1b.ecs.eu-west-1.vpce.amazonaws.com",
            "http://gateway.example/aws/ecs",
        ] {
            assert_eq!(endpoint(good).as_deref(), Some(good));
        }
        assert_eq!(endpoint(" HTTP://Example.com/x\n").as_deref(), Some("http://Example.com/x"));
        for bad in [
            "",
            " ",
            "localhost:4566",
            "http:localhost",
            "http://",
            "ftp://example.com",
            "https:///path",
            "http://user:word@example.com",
            "http://example.com:x",
            "http://example.com/?a",
            "http://example.com/a b",
        ] {
            assert_eq!(endpoint(bad), None, "{bad}");
        }
    }
}
