//! Where a call is sent: the endpoint that the user has chosen, or the one that AWS documents.
//! <https://docs.aws.amazon.com/general/latest/gr/rande.html>

use aws_config::SdkConfig;

use super::Service;
use crate::config::own_endpoint;

/// A URL and the Region of the signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) url: String,
    pub(super) region: String,
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

fn documented(service: &Service, region: &str, fips: bool, dual_stack: bool) -> Endpoint {
    let partition = PARTITIONS.iter().find(|(begins, ..)| region.starts_with(begins));
    let (begins, suffix, dual_suffix, home) = partition.copied().unwrap_or(AWS);
    let fips_suffix = if fips { "-fips" } else { "" };
    if service.id == "IAM" {
        let host = match begins {
            "" => format!("iam{fips_suffix}.{suffix}"),
            "us-gov-" => format!("iam.us-gov.{suffix}"),
            _ => format!("iam.{home}.{suffix}"),
        };
        return Endpoint { url: format!("https://{host}"), region: home.to_owned() };
    }
    // Amazon ECR drops the `api.` of its host where there is a variant.
    let host = if fips || dual_stack { service.host.trim_start_matches("api.") } else { service.host };
    let suffix = if dual_stack { dual_suffix } else { suffix };
    Endpoint { url: format!("https://{host}{fips_suffix}.{region}.{suffix}"), region: region.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lean::Protocol;

    fn check(id: &'static str, host: &'static str, region: &str, variant: (bool, bool), expect: &str) {
        let service = Service { id, signing: "s", host, protocol: Protocol::Rest };
        let found = documented(&service, region, variant.0, variant.1);
        assert_eq!(format!("{} {}", found.url, found.region), expect);
    }

    /// The hosts are those of botocore's endpoint rules, 2026-11.
    #[test]
    fn every_partition_has_its_hosts() {
        let plain = (false, false);
        check("SSM", "ssm", "eu-west-1", plain, "https://ssm.eu-west-1.amazonaws.com eu-west-1");
        check("SSM", "ssm", "cn-north-1", plain, "https://ssm.cn-north-1.amazonaws.com.cn cn-north-1");
        check("SSM", "ssm", "us-gov-east-1", plain, "https://ssm.us-gov-east-1.amazonaws.com us-gov-east-1");
        check("SSM", "ssm", "us-iso-east-1", plain, "https://ssm.us-iso-east-1.c2s.ic.gov us-iso-east-1");
        check("SSM", "ssm", "us-isob-east-1", plain, "https://ssm.us-isob-east-1.sc2s.sgov.gov us-isob-east-1");
        check("ECR", "api.ecr", "eu-west-1", plain, "https://api.ecr.eu-west-1.amazonaws.com eu-west-1");
        check("ECR", "api.ecr", "us-east-1", (true, false), "https://ecr-fips.us-east-1.amazonaws.com us-east-1");
        check("ECR", "api.ecr", "us-east-1", (false, true), "https://ecr.us-east-1.api.aws us-east-1");
        check(
            "EC2",
            "ec2",
            "cn-north-1",
            (false, true),
            "https://ec2.cn-north-1.api.amazonwebservices.com.cn cn-north-1",
        );
        check("IAM", "iam", "eu-west-1", plain, "https://iam.amazonaws.com us-east-1");
        check("IAM", "iam", "eu-west-1", (true, false), "https://iam-fips.amazonaws.com us-east-1");
        check("IAM", "iam", "cn-northwest-1", plain, "https://iam.cn-north-1.amazonaws.com.cn cn-north-1");
        check("IAM", "iam", "us-gov-east-1", plain, "https://iam.us-gov.amazonaws.com us-gov-west-1");
        check("IAM", "iam", "us-iso-west-1", plain, "https://iam.us-iso-east-1.c2s.ic.gov us-iso-east-1");
    }
}
