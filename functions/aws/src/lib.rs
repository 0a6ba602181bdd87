//! One function per AWS call. SDK types stop here: plain values go in, plain values or an [`AwsError`] come out.
//!
//! | function | API call | IAM action, and for whom |
//! |---|---|---|
//! | [`ecs::describe_task_definition`] | ECS `DescribeTaskDefinition` | `ecs:DescribeTaskDefinition` on `*`, own or assumed role |
//! | [`ecs::describe_service`] | ECS `DescribeServices` | `ecs:DescribeServices` on the service, own or assumed role |
//! | [`ecs::register_task_definition`] | ECS `RegisterTaskDefinition` | `ecs:RegisterTaskDefinition` on `*`, `iam:PassRole` on its two roles, deploy role |
//! | [`ecs::service_state`] | ECS `DescribeServices` | `ecs:DescribeServices` on the service, read role |
//! | [`ecs::force_new_deployment`] | ECS `UpdateService` | `ecs:UpdateService` on the service, deploy role |
//! | [`ecs::stopped_tasks`] | ECS `ListTasks`, `DescribeTasks` | `ecs:ListTasks` and `ecs:DescribeTasks` on `*` with the condition `ecs:cluster`, read role |
//! | [`codedeploy::create_deployment`] | CodeDeploy `CreateDeployment` | `codedeploy:CreateDeployment` on the group, `codedeploy:GetDeploymentConfig` on the config, `codedeploy:GetApplicationRevision` and `codedeploy:RegisterApplicationRevision` on the application; `codedeploy:UpdateDeploymentGroup` on the group with [`codedeploy::NewDeployment::alarms`]; deploy role |
//! | [`codedeploy::get_deployment`] | CodeDeploy `GetDeployment` | `codedeploy:GetDeployment` on the group, read role |
//! | [`codedeploy::list_deployments`] | CodeDeploy `ListDeployments` | `codedeploy:ListDeployments` on the group, read role |
//! | [`codedeploy::batch_get_deployments`] | CodeDeploy `BatchGetDeployments` | `codedeploy:BatchGetDeployments` on the group, read role |
//! | [`codedeploy::deployment_target`] | CodeDeploy `ListDeploymentTargets`, `BatchGetDeploymentTargets` | `codedeploy:ListDeploymentTargets` and `codedeploy:BatchGetDeploymentTargets` on `*`, read role |
//! | [`codedeploy::stop_deployment`] | CodeDeploy `StopDeployment` | `codedeploy:StopDeployment` on `*`, stop role |
//! | [`codedeploy::continue_deployment`] | CodeDeploy `ContinueDeployment` | `codedeploy:ContinueDeployment` on `*`, deploy role |
//! | [`codedeploy::check_application`] | CodeDeploy `GetApplication` | `codedeploy:GetApplication` on the application, read role |
//! | [`codedeploy::get_deployment_group`] | CodeDeploy `GetDeploymentGroup` | `codedeploy:GetDeploymentGroup` on the group, read role |
//! | [`codedeploy::list_applications`] | CodeDeploy `ListApplications` | `codedeploy:ListApplications` on `*`, read role; only to search for a group |
//! | [`codedeploy::list_deployment_groups`] | CodeDeploy `ListDeploymentGroups` | `codedeploy:ListDeploymentGroups` on the applications, read role; only to search for a group |
//! | [`codedeploy::batch_get_deployment_groups`] | CodeDeploy `BatchGetDeploymentGroups` | `codedeploy:BatchGetDeploymentGroups` on the groups, read role; only to search for a group |
//! | [`codedeploy::get_deployment_config`] | CodeDeploy `GetDeploymentConfig` | `codedeploy:GetDeploymentConfig` on the config, read role |
//! | [`codedeploy::deployable`] | CodeDeploy `GetApplicationRevision` | `codedeploy:GetApplicationRevision` on the application, read role |
//! | [`codedeploy::appspec_of`] | S3 `GetObject` | as [`s3::download_text`] |
//! | [`elb::unhealthy_targets`] | ELB `DescribeTargetGroups`, `DescribeTargetHealth` | `elasticloadbalancing:DescribeTargetGroups` and `elasticloadbalancing:DescribeTargetHealth` on `*`, read role |
//! | [`cloudwatch::alarms_in_alarm`] | CloudWatch `DescribeAlarms` | `cloudwatch:DescribeAlarms` on `*`, read role |
//! | [`sts::assume_role_refreshing`] | STS `AssumeRole` | `sts:AssumeRole` on the role, own role |
//! | [`s3::download_text`] | S3 `GetObject` | `s3:GetObject`, `s3:GetObjectVersion`, `kms:Decrypt`, read role |
//! | [`sts::assume_role`] | STS `AssumeRole` | `sts:AssumeRole` on the role, own role |
//! | [`s3::download`] | S3 `GetObject` | `s3:GetObject`, `kms:Decrypt`, role of the pipeline action |
//! | [`s3::upload`] | S3 `PutObject` | `s3:PutObject`, `kms:GenerateDataKey`, role of the pipeline action or deploy role |
//! | [`codepipeline::put_success`] | CodePipeline `PutJobSuccessResult` | `codepipeline:PutJobSuccessResult` on `*`, own role |
//! | [`codepipeline::put_failure`] | CodePipeline `PutJobFailureResult` | `codepipeline:PutJobFailureResult` on `*`, own role |
//!
//! "Own role" is what the default credential chain finds: of a Lambda function, its execution role. Read, deploy and
//! stop role are what the command line is told to assume for these tasks, and the own role without that.
//! Every call has a deadline and a bounded number of attempts, see [`config::Timeouts`]. Three are sent once and
//! repeated by their caller: the two reports to CodePipeline, because only the caller knows the deadline of the job,
//! and `CreateDeployment`, because a second one would be a second deployment.
//!
//! No message and no `Debug` of this crate shows a credential or an external id. The SDK may log bodies at TRACE: the
//! programs cap its log targets.

pub mod cloudwatch;
pub mod codedeploy;
pub mod codepipeline;
pub mod config;
pub mod ecs;
pub mod elb;
pub mod error;
pub mod s3;
pub mod secret;
pub mod sources;
pub mod sts;

mod text;

#[cfg(test)]
mod fake_aws;

pub use config::{Aws, Lifetime, Timeouts};
pub use error::AwsError;
pub use secret::{Credentials, Secret};
