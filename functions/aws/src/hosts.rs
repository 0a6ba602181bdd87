//! The hosts of the services without an SDK crate, against the table of botocore.

use crate::auto_scaling::AUTO_SCALING;
use crate::cloudwatch::CLOUDWATCH;
use crate::codedeploy::shared::CODEDEPLOY;
use crate::ec2::EC2;
use crate::ecr::ECR;
use crate::elb::ELB;
use crate::iam::IAM;
use crate::lambda::LAMBDA;
use crate::lean::documented;
use crate::logs::LOGS;
use crate::quotas::QUOTAS;
use crate::secrets_manager::SECRETS_MANAGER;
use crate::sns::SNS;
use crate::ssm::SSM;

/// Where boto3 sends the calls: a test with Python keeps the table. `-` is an endpoint that does not exist.
const HOSTS: &str = include_str!("../fixtures/hosts.tsv");

#[test]
fn every_partition_has_its_hosts() {
    let services =
        [AUTO_SCALING, CLOUDWATCH, CODEDEPLOY, EC2, ECR, ELB, IAM, LAMBDA, LOGS, QUOTAS, SECRETS_MANAGER, SNS, SSM];
    let mut seen = Vec::new();
    for row in HOSTS.lines() {
        let [id, region, variant, expected] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let service = services.iter().find(|service| service.id == id).expect(id);
        seen.push(id);
        let found = documented(service, region, variant.starts_with("fips"), variant.ends_with("dual"));
        if expected != "-" {
            assert_eq!(format!("{} {}", found.url, found.region), format!("https://{expected}"), "{row}");
        }
    }
    assert!(services.iter().all(|service| seen.iter().filter(|id| **id == service.id).count() >= 56));
}
