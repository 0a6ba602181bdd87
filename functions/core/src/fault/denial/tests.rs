//! The texts of the IAM user guide and of the services, each with its next step.

use expect_test::{Expect, expect};

use super::*;

fn check(messages: &[&str], expect: &Expect) {
    let lines: Vec<String> = messages
        .iter()
        .map(|message| {
            let denial = Denial::find(message).unwrap_or_else(|| panic!("no denial: {message}"));
            format!("{:?}: {}", denial.policy, denial.next_step("ecs:DescribeServices"))
        })
        .collect();
    expect.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn the_texts_of_the_user_guide_name_the_policy_to_change() {
    check(
        &[
            "User: arn:aws:iam::777788889999:user/JohnDoe is not authorized to perform: codecommit:ListRepositories because \
             no service control policy allows the codecommit:ListRepositories action",
            "User: arn:aws:iam::777788889999:user/JohnDoe is not authorized to perform: codecommit:ListRepositories with an \
             explicit deny in a service control policy: arn:aws:organizations::777788889999:policy/o-example/service_control_policy/p-example",
            "User: arn:aws:sts::777788889999:assumed-role/Deploy/s is not authorized to perform: \
             secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:777788889999:secret:db with an \
             explicit deny in a resource control policy",
            "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: codecommit:ListRepositories because \
             no VPC endpoint policy allows the codecommit:ListRepositories action",
            "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: codedeploy:ListDeployments on \
             resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a VPC endpoint \
             policy",
            "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: codedeploy:ListDeployments on \
             resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* because no permissions boundary allows \
             the codedeploy:ListDeployments action",
            "User: arn:aws:sts::123456789012:assumed-role/Build/s is not authorized to perform: sagemaker:ListModels with an \
             explicit deny in a permissions boundary: arn:aws:iam::123456789012:policy/Boundary",
            "User: arn:aws:sts::123456789012:assumed-role/Build/s is not authorized to perform: ecs:TagResource on resource: \
             arn:aws:ecs:eu-west-1:123456789012:task-definition/shop because no session policy allows the ecs:TagResource \
             action",
            "User: arn:aws:sts::123456789012:assumed-role/Build/s is not authorized to perform: ecs:TagResource with an \
             explicit deny in a session policy",
            "User: arn:aws:iam::123456789012:user/MaryMajor is not authorized to perform: secretsmanager:GetSecretValue \
             because no resource-based policy allows the secretsmanager:GetSecretValue action",
            "User: arn:aws:iam::123456789012:user/MaryMajor is not authorized to perform: kms:Decrypt on resource: \
             arn:aws:kms:eu-west-1:123456789012:key/1 with an explicit deny in a resource-based policy",
            "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: sts:AssumeRole on resource: \
             arn:aws:iam::222222222222:role/Deploy because no role trust policy allows the sts:AssumeRole action",
            "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: sts:AssumeRole with an explicit deny \
             in the role trust policy",
            "User: arn:aws:sts::123456789012:assumed-role/Build/s is not authorized to perform: iam:PassRole on resource: \
             arn:aws:iam::123456789012:role/task because no identity-based policy allows the iam:PassRole action",
            "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: iam:PassRole on resource: \
             arn:aws:iam::123456789012:role/task with an explicit deny in an identity-based policy: \
             arn:aws:iam::123456789012:policy/NoPass",
        ],
        &expect![[r#"
            Some(ServiceControl): ask the administrator of the AWS organization to allow codecommit:ListRepositories for arn:aws:iam::777788889999:user/JohnDoe in the service control policies (SCP) of the account
            Some(ServiceControl): ask the administrator of the AWS organization to change the service control policy (SCP) (arn:aws:organizations::777788889999:policy/o-example/service_control_policy/p-example) that denies codecommit:ListRepositories explicitly for arn:aws:iam::777788889999:user/JohnDoe
            Some(ResourceControl): ask the administrator of the AWS organization to change the resource control policy (RCP) that denies secretsmanager:GetSecretValue explicitly on arn:aws:secretsmanager:us-east-1:777788889999:secret:db
            Some(VpcEndpoint): allow codecommit:ListRepositories to arn:aws:iam::123456789012:user/JohnDoe in the policy of the VPC endpoint
            Some(VpcEndpoint): remove the explicit deny of codedeploy:ListDeployments on arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* for arn:aws:iam::123456789012:user/JohnDoe from the policy of the VPC endpoint
            Some(Boundary): allow codedeploy:ListDeployments on arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* in the permissions boundary of arn:aws:iam::123456789012:user/JohnDoe
            Some(Boundary): remove the explicit deny of sagemaker:ListModels for role Build from the permissions boundary of role Build (arn:aws:iam::123456789012:policy/Boundary)
            Some(Session): allow ecs:TagResource on arn:aws:ecs:eu-west-1:123456789012:task-definition/shop in the session policy that was passed to sts:AssumeRole for role Build (CodePipeline and EKS Pod Identity pass one); adding permissions to the role does not help
            Some(Session): remove the explicit deny of ecs:TagResource for role Build from the session policy that was passed to sts:AssumeRole
            Some(Resource): allow secretsmanager:GetSecretValue to arn:aws:iam::123456789012:user/MaryMajor in the resource policy of the secret
            Some(Resource): remove the explicit deny of kms:Decrypt on arn:aws:kms:eu-west-1:123456789012:key/1 for arn:aws:iam::123456789012:user/MaryMajor from the key policy of arn:aws:kms:eu-west-1:123456789012:key/1
            Some(Trust): allow sts:AssumeRole to arn:aws:iam::123456789012:user/JohnDoe in the trust policy of arn:aws:iam::222222222222:role/Deploy
            Some(Trust): remove the explicit deny of sts:AssumeRole for arn:aws:iam::123456789012:user/JohnDoe from the trust policy of the role
            Some(Identity): allow iam:PassRole on arn:aws:iam::123456789012:role/task to role Build in an identity-based policy
            Some(Identity): remove the explicit deny of iam:PassRole on arn:aws:iam::123456789012:role/task for arn:aws:iam::123456789012:user/JohnDoe from the identity-based policies of arn:aws:iam::123456789012:user/JohnDoe (arn:aws:iam::123456789012:policy/NoPass)
        "#]],
    );
}

#[test]
fn the_texts_of_services_and_older_ones() {
    check(
        &[
            "User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/r",
            "User: arn:aws:sts::1:assumed-role/p/s is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::b/k\" with an explicit deny",
            "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: kms:Decrypt on the resource associated \
             with this ciphertext because the resource does not exist in this Region, no resource-based policies allow \
             access, or a resource-based policy explicitly denies access",
            "User: arn:aws:sts::1:assumed-role/code-deploy/s is not authorized to perform: iam:PassRole on resource \
             arn:aws:iam::1:role/task (Service: AmazonECS; Status Code: 400; Error Code: AccessDeniedException; Request ID: \
             0; Proxy: null). Check your ECS service status.",
            "Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. User: \
             arn:aws:sts::1:assumed-role/infra/s is not authorized to perform: elasticloadbalancing:ModifyListener on \
             resource: arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2 because no identity-based policy allows \
             the elasticloadbalancing:ModifyListener action",
            "The IAM role arn:aws:iam::123456789012:role/service-role/CodeDeployRole does not give you permission to perform \
             operations in the following AWS service: AWSLambda. Contact your AWS administrator if you need help.",
            "The IAM role arn:aws:iam::123456789012:role/CodeDeployRole does not give you permission to perform operations \
             in the following AWS service: AmazonElasticLoadBalancingV2.",
            "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0",
            "User: arn:aws:iam::1:user/x is not authorized to perform: ec2:CreateNetworkInterface on resource: \
             arn:aws:ec2:eu-west-1:1:subnet/subnet-1 because no identity-based policy allows the ec2:CreateNetworkInterface \
             action. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "Access Denied",
            "An error occurred (AccessDeniedException) when calling the DescribeServices operation",
        ],
        &expect![[r#"
            None: allow sts:AssumeRole on arn:aws:iam::2:role/r to arn:aws:iam::1:user/x, and in the trust policy of the role
            None: find the policy that denies s3:PutObject explicitly (bucket, boundary, SCP) and change it
            Some(Resource): allow kms:Decrypt to arn:aws:iam::111111111111:user/ci in the key policy of the key
            None: allow iam:PassRole on arn:aws:iam::1:role/task to role code-deploy
            Some(Identity): allow elasticloadbalancing:ModifyListener on arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2 to role infra in an identity-based policy
            None: allow lambda:InvokeFunction to role CodeDeployRole
            None: attach the managed policy AWSCodeDeployRoleForECS to role CodeDeployRole: it has no permission for AmazonElasticLoadBalancingV2
            None: allow ecs:DescribeServices; `aws sts decode-authorization-message` shows why it was denied
            Some(Identity): allow ec2:CreateNetworkInterface on arn:aws:ec2:eu-west-1:1:subnet/subnet-1 to arn:aws:iam::1:user/x in an identity-based policy; `aws sts decode-authorization-message` shows why it was denied
            None: allow sts:AssumeRoleWithWebIdentity, and in the trust policy of the role
            None: allow ecs:DescribeServices
            None: allow ecs:DescribeServices
        "#]],
    );
}

#[test]
fn a_text_without_a_denial_has_none() {
    for text in ["", "TaskDefinition is inactive", "User: x", "the container authorize-api exited because of an error"]
    {
        assert_eq!(Denial::find(text), None, "{text}");
    }
    let nothing = Denial::parse("User:  is not authorized to perform: nothing on resource:  because ");
    assert_eq!((nothing.principal, nothing.action, nothing.reason), (None, None, None));
}

#[test]
fn a_role_session_is_called_by_its_role() {
    let caller = |principal: &str| Denial { principal: Some(principal.to_owned()), ..Denial::default() }.caller();
    assert_eq!(caller("arn:aws:sts::1:assumed-role/codepipeline-x/162429").as_deref(), Some("role codepipeline-x"));
    assert_eq!(caller("arn:aws:iam::1:role/service-role/deploy").as_deref(), Some("role deploy"));
    assert_eq!(caller("arn:aws:iam::1:user/ci").as_deref(), Some("arn:aws:iam::1:user/ci"));
}

#[test]
fn foreign_text_cannot_forge_lines() {
    let step =
        Denial::parse("User: arn:aws:iam::1:user/a\u{1b}[31m is not authorized to perform: ecs:X on resource: r\u{1b}")
            .next_step("ecs:X");
    assert!(!step.contains('\u{1b}'), "{step}");
}
