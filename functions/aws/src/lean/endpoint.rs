//! Where a call is sent: the endpoint that the user has chosen, or the one that AWS documents.
//! <https://docs.aws.amazon.com/general/latest/gr/rande.html>

use aws_config::SdkConfig;

use super::Service;
use crate::config::own_endpoint;

/// A URL and the Region of the signature.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) region: String,
}

pub(super) fn of(sdk: &SdkConfig, service: &Service, region: &str) -> Endpoint {
    let set = |setting: Option<bool>| setting.unwrap_or_default();
    let aws = documented(service, region, set(sdk.use_fips()), set(sdk.use_dual_stack()));
    match own_endpoint(sdk, service.id) {
        Some(url) => Endpoint { url, ..aws },
        None => aws,
    }
}

/// The partitions beside [`AWS`]: how their Regions begin, what their hosts end with, with IPv6 too, and the Region of IAM,
/// which has one endpoint for each partition.
const PARTITIONS: [(&str, &str, &str, &str); 7] = [
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-north-1"),
    ("us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"),
    ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"),
    ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"),
    ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"),
    ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"),
];

/// The partition of all other Regions.
const AWS: (&str, &str, &str, &str) = ("", "amazonaws.com", "api.aws", "us-east-1");

/// Services whose endpoints in AWS `GovCloud` (US) meet FIPS without a name of their own.
const GOV_FIPS: [&str; 8] = [
    "Application Auto Scaling",
    "CloudWatch",
    "CloudWatch Logs",
    "EC2",
    "Elastic Load Balancing v2",
    "SNS",
    "SSM",
    "Service Quotas",
];

pub(crate) fn documented(service: &Service, region: &str, fips: bool, dual_stack: bool) -> Endpoint {
    let partition = PARTITIONS.iter().find(|(begins, ..)| region.starts_with(begins)).copied().unwrap_or(AWS);
    let (begins, suffix, dual_suffix, home) = partition;
    if service.id == "IAM" {
        return Endpoint { url: format!("https://{}", iam(partition, fips, dual_stack)), region: home.to_owned() };
    }
    let same = begins == "us-gov-" && GOV_FIPS.contains(&service.id) && (!dual_stack || service.id == "CloudWatch");
    let fips_suffix = if fips && !same { "-fips" } else { "" };
    // Amazon ECR drops the `api.` of its host with dual-stack.
    let host = if dual_stack { service.host.trim_start_matches("api.") } else { service.host };
    // The endpoints of Secrets Manager are dual-stack under their usual names.
    let usual = match begins {
        "" | "us-gov-" => true,
        "cn-" => !fips,
        _ => false,
    };
    let suffix = if dual_stack && !(service.id == "Secrets Manager" && usual) { dual_suffix } else { suffix };
    Endpoint { url: format!("https://{host}{fips_suffix}.{region}.{suffix}"), region: region.to_owned() }
}

/// The one host of IAM in a partition.
fn iam((begins, suffix, dual_suffix, home): (&str, &str, &str, &str), fips: bool, dual_stack: bool) -> String {
    let name = if fips { "iam-fips" } else { "iam" };
    match (begins, fips, dual_stack) {
        ("us-gov-", _, true) => format!("iam.us-gov.{dual_suffix}"),
        ("us-gov-", _, false) => format!("iam.us-gov.{suffix}"),
        ("", _, true) | ("cn-" | "eusc-", false, true) => format!("{name}.global.{dual_suffix}"),
        (_, _, true) => format!("{name}.{dual_suffix}"),
        ("", _, false) | ("cn-" | "eusc-" | "eu-isoe-" | "us-isof-", true, false) => format!("{name}.{suffix}"),
        _ => format!("{name}.{home}.{suffix}"),
    }
}
