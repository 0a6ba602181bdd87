//! What no role may do: each of these must be denied, and an administrator could do each.

use super::{
    policies::{Policies, is_for},
    request::Request,
};

/// What every role is asked for: an action, a resource in the account of the role (`ACCOUNT`) or another one, and more.
/// `{bucket}` and `{key}` are the artifact store's, or the revisions'.
const EVERYBODY: [(&str, &str); 45] = [
    ("s3:DeleteObject", "arn:aws:s3:::{bucket}/any/object"),
    ("s3:DeleteBucket", "arn:aws:s3:::{bucket}"),
    ("s3:PutBucketPolicy", "arn:aws:s3:::{bucket}"),
    ("s3:GetObject", "arn:aws:s3:::somebody-elses-bucket/object"),
    ("s3:PutObject", "arn:aws:s3:::somebody-elses-bucket/object"),
    ("s3:PutObject", "arn:aws:s3:::{bucket}/not-a-pipeline/file"),
    ("kms:Encrypt", "{key}"),
    ("kms:ScheduleKeyDeletion", "{key}"),
    ("kms:PutKeyPolicy", "{key}"),
    ("kms:CreateGrant", "{key}"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:{account}:key/11111111-2222-3333-4444-555555555555"),
    ("iam:CreateRole", "arn:aws:iam::{account}:role/new"),
    ("iam:AttachRolePolicy", "arn:aws:iam::{account}:role/any"),
    ("iam:PutRolePolicy", "arn:aws:iam::{account}:role/any"),
    ("iam:UpdateAssumeRolePolicy", "arn:aws:iam::{account}:role/any"),
    ("iam:CreateAccessKey", "arn:aws:iam::{account}:user/any"),
    ("iam:PassRole", "arn:aws:iam::{account}:role/administrator"),
    ("sts:AssumeRole", "arn:aws:iam::{account}:role/administrator"),
    ("sts:AssumeRole", "arn:aws:iam::333333333333:role/administrator"),
    ("ecs:RunTask", "arn:aws:ecs:eu-west-1:{account}:task-definition/other:1"),
    ("ecs:UpdateService", "arn:aws:ecs:eu-west-1:{account}:service/other/other"),
    ("ecs:DeleteService", "arn:aws:ecs:eu-west-1:{account}:service/other/other"),
    ("ecs:ExecuteCommand", "arn:aws:ecs:eu-west-1:{account}:task/other/0123456789abcdef"),
    ("ecs:DeregisterTaskDefinition", "*"),
    ("ecs:DescribeServices", "arn:aws:ecs:eu-west-1:{account}:service/other/other"),
    ("codedeploy:CreateDeployment", "arn:aws:codedeploy:eu-west-1:{account}:deploymentgroup:other/other"),
    ("codedeploy:GetDeployment", "arn:aws:codedeploy:eu-west-1:{account}:deploymentgroup:other/other"),
    ("codedeploy:DeleteDeploymentGroup", "arn:aws:codedeploy:eu-west-1:{account}:deploymentgroup:other/other"),
    ("codedeploy:DeleteApplication", "arn:aws:codedeploy:eu-west-1:{account}:application:other"),
    ("codedeploy:GetDeploymentConfig", "arn:aws:codedeploy:eu-west-1:{account}:deploymentconfig:Other"),
    ("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-1:{account}:function:any"),
    ("lambda:UpdateFunctionConfiguration", "arn:aws:lambda:eu-west-1:{account}:function:any"),
    ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:{account}:function:other"),
    ("logs:DeleteLogGroup", "arn:aws:logs:eu-west-1:{account}:log-group:any"),
    ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:{account}:log-group:other:log-stream:any"),
    ("codebuild:StartBuild", "arn:aws:codebuild:eu-west-1:{account}:project/other"),
    ("ecr:PutImage", "arn:aws:ecr:eu-west-1:{account}:repository/other"),
    ("codepipeline:GetJobDetails", "*"),
    ("codepipeline:StartPipelineExecution", "arn:aws:codepipeline:eu-west-1:{account}:other"),
    ("codepipeline:PutApprovalResult", "arn:aws:codepipeline:eu-west-1:{account}:any/stage/action"),
    ("codepipeline:UpdatePipeline", "arn:aws:codepipeline:eu-west-1:{account}:any"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:{account}:secret:any-AbCdEf"),
    ("ssm:GetParameters", "arn:aws:ssm:eu-west-1:{account}:parameter/any"),
    ("ec2:DescribeInstances", "*"),
    ("organizations:ListAccounts", "*"),
];

/// What only the roles with these ends of a name may do. `StopDeployment` has no resource, hence a role of its own.
const ONLY: [(&[&str], &str, &str); 6] = [
    (&["-stop"], "codedeploy:StopDeployment", "*"),
    (&["-build-deploy"], "codedeploy:ContinueDeployment", "*"),
    (&["-deploy"], "ecs:RegisterTaskDefinition", "arn:aws:ecs:eu-west-1:{account}:task-definition/any:1"),
    (&["-exec"], "codepipeline:PutJobSuccessResult", "*"),
    (&["-exec", "-watchdog"], "codepipeline:PutJobFailureResult", "*"),
    (&["-tools-web-pipeline"], "ecs:DeleteCluster", "arn:aws:ecs:eu-west-1:{account}:cluster/any"),
];

/// Actions that are allowed in the region of everything, and in no other.
const REGIONAL: [&str; 5] = [
    "ecs:RegisterTaskDefinition",
    "codedeploy:StopDeployment",
    "codedeploy:ContinueDeployment",
    "codepipeline:PutJobSuccessResult",
    "ecs:DescribeTaskDefinition",
];

const ENCRYPTION: &str = "s3:x-amz-server-side-encryption";

/// All probes of that role.
pub(super) fn of(role: &str, bucket: &str, key: &str, region: &str) -> Vec<Request> {
    let account = role.split(':').nth(4).unwrap_or_default();
    let fill = |text: &str| text.replace("{bucket}", bucket).replace("{key}", key).replace("{account}", account);
    let mut probes: Vec<_> =
        EVERYBODY.iter().map(|(action, resource)| Request::new(role, action, &fill(resource), region, &[])).collect();
    for (ends, action, resource) in ONLY {
        if !ends.iter().any(|end| is_for(role, end)) {
            probes.push(Request::new(role, action, &fill(resource), region, &[]));
        }
    }
    probes.extend(REGIONAL.iter().map(|action| Request::new(role, action, "*", "us-east-1", &[])));
    probes
}

/// Allowed requests, each spoilt in one thing that the policies ask for.
pub(super) fn spoilt(allowed: &[Request], policies: &Policies) -> Vec<Request> {
    let mut all = Vec::new();
    for request in allowed {
        let without = |name: &str| {
            let mut spoilt = request.clone();
            spoilt.context.remove(name).map(|_| spoilt)
        };
        let instead = |name: &str, value: &str| {
            let mut spoilt = request.clone();
            spoilt.context.insert(name.to_owned(), value.to_owned()).map(|_| spoilt)
        };
        match request.action.as_str() {
            "sts:AssumeRole" if policies.roles.contains_key(&request.resource) => {
                all.extend(without("sts:ExternalId"));
                all.extend(instead("sts:ExternalId", "another"));
            }
            // What a bucket that is not Terraform's asks for is its owner's business.
            "s3:PutObject" | "s3:GetObject" if policies.of_resource(request).is_some() => {
                all.extend(instead("aws:SecureTransport", "false"));
                if policies.of_resource(request).is_some_and(|policy| policy.to_string().contains(ENCRYPTION)) {
                    all.extend(without(ENCRYPTION));
                    let other = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
                    all.extend(instead(&format!("{ENCRYPTION}-aws-kms-key-id"), other));
                }
            }
            "kms:Decrypt" | "kms:GenerateDataKey" => {
                all.extend(without("kms:ViaService"));
                all.extend(instead("kms:ViaService", "ebs.eu-west-1.amazonaws.com"));
            }
            "iam:PassRole" => all.extend(instead("iam:PassedToService", "lambda.amazonaws.com")),
            "ecs:TagResource" => all.extend(without("ecs:CreateAction")),
            "ecs:ListTasks" => {
                all.extend(instead("ecs:cluster", "arn:aws:ecs:eu-west-1:123456789012:cluster/other"));
            }
            "ecs:DescribeTasks" => {
                let resource = "arn:aws:ecs:eu-west-1:123456789012:task/other/0123456789abcdef".to_owned();
                all.push(Request { resource, ..request.clone() });
            }
            _ => {}
        }
    }
    all
}
