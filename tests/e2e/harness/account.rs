//! An account that has everything that an artifact refers to, so that every rule on it passes.

use e2e::fake_aws::FakeAws;
use serde_json::{Value, json};

pub(crate) const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf";

/// Adds what the sample of a task definition and its service refer to, with the image `NAME:TAG` and the hook `check`.
pub(crate) fn furnish(aws: &FakeAws, account: &str, image: &str) {
    let platform =
        |architecture: &str| json!({"digest": "sha256:0", "platform": {"os": "linux", "architecture": architecture}});
    let manifest = json!({"mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [platform("amd64"), platform("arm64")]});
    let add = |service: &str, name: &str, resource: Value| aws.add_resource(account, service, name, resource);
    add("ecr", image, manifest);
    add("secretsmanager", SECRET, json!({}));
    add("ssm", "/token", json!(null));
    add("logs", "/ecs/app", json!(null));
    add("logs", "/ecs/app-more", json!(null));
    add("lambda", "check", json!("Active"));
    for role in ["app-task", "app-execution"] {
        add("iam", role, json!({"trusts": "ecs-tasks.amazonaws.com"}));
    }
    let allows = ["iam:PassRole", "lambda:InvokeFunction"];
    add("iam", "codedeploy", json!({"trusts": ["codedeploy.amazonaws.com"], "allows": allows}));
    for subnet in ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"] {
        add("ec2", subnet, json!({"vpc": "vpc-0123456789abcdef0", "free": 100}));
    }
    add("ec2", "sg-0123456789abcdef0", json!({"vpc": "vpc-0123456789abcdef0"}));
    add("application-autoscaling", "service/main/web", json!({"DynamicScalingOutSuspended": false}));
}
