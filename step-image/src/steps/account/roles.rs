//! The roles and the actions of their sessions.

use codedeploy_aws::account::ACTIONS;
use codedeploy_core::artifact::request;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::{ExternalId, RoleArn};

/// What a command does in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Reads deployments, services, targets, listeners and alarms. Every command does.
    Read,
    /// Reads everything else that a deployment depends on: `check --online`, `deploy --verify`.
    Verify,
    /// Registers, uploads, creates, continues, rotates.
    Deploy,
    /// Stops a deployment.
    Stop,
}

/// A role to assume.
#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) arn: RoleArn,
    pub(super) external_id: Option<ExternalId>,
}

/// The roles that were given.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles {
    pub(super) read: Option<Role>,
    pub(super) deploy: Option<Role>,
    pub(super) stop: Option<Role>,
}

impl Roles {
    /// The actions of the session for `of`: its own, and for the reading role also those of every use that has no role.
    pub(super) fn actions(&self, of: Use, uses: &[Use]) -> Vec<&'static str> {
        let falls_here = |used: &&Use| match used {
            Use::Read | Use::Verify => of == Use::Read,
            Use::Deploy => of == if self.deploy.is_some() { Use::Deploy } else { Use::Read },
            Use::Stop => of == if self.stop.is_some() { Use::Stop } else { Use::Read },
        };
        let mut actions: Vec<&str> = uses.iter().filter(falls_here).flat_map(|used| used.actions()).copied().collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }
}

/// The external ID in the environment variable for this flag; the value of a flag would be visible in the process list.
/// An empty variable counts as unset.
///
/// # Errors
/// `PAR10` with the name of the variable.
pub(crate) fn external_id(flag: &str) -> Result<Option<ExternalId>, Fault> {
    let variable = variable(flag);
    let Some(value) = std::env::var_os(&variable).filter(|value| !value.is_empty()) else { return Ok(None) };
    // Invalid UTF-8 is replaced by a character that an external ID cannot contain.
    let id = value.to_string_lossy().parse();
    id.map(Some).map_err(|_| request::external_id(&variable))
}

/// `CODEDEPLOY_ARTIFACT_DEPLOY_EXTERNAL_ID` for `deploy-external-id`.
fn variable(flag: &str) -> String {
    format!("CODEDEPLOY_ARTIFACT_{}", flag.replace('-', "_").to_ascii_uppercase())
}

impl Use {
    /// The IAM actions of the use; see the table of the crate `codedeploy_aws`.
    fn actions(self) -> &'static [&'static str] {
        match self {
            Use::Read => &[
                "application-autoscaling:DescribeScalableTargets",
                "cloudwatch:DescribeAlarms",
                "codedeploy:BatchGetDeploymentGroups",
                "codedeploy:BatchGetDeploymentTargets",
                "codedeploy:BatchGetDeployments",
                "codedeploy:GetApplication",
                "codedeploy:GetApplicationRevision",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentConfig",
                "codedeploy:GetDeploymentGroup",
                "codedeploy:ListApplications",
                "codedeploy:ListDeploymentGroups",
                "codedeploy:ListDeploymentTargets",
                "codedeploy:ListDeployments",
                "ecr:DescribeImages",
                "ecs:DescribeServices",
                "ecs:DescribeTaskDefinition",
                "ecs:DescribeTasks",
                "ecs:ListTasks",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "kms:Decrypt",
                "kms:GenerateDataKey",
                "lambda:GetFunctionConfiguration",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "sns:Publish",
            ],
            Use::Verify => ACTIONS,
            Use::Deploy => &[
                "application-autoscaling:RegisterScalableTarget",
                "codedeploy:ContinueDeployment",
                "codedeploy:CreateDeployment",
                "codedeploy:GetApplicationRevision",
                "codedeploy:GetDeploymentConfig",
                "codedeploy:RegisterApplicationRevision",
                "codedeploy:UpdateDeploymentGroup",
                "ecs:RegisterTaskDefinition",
                "ecs:TagResource",
                "ecs:UpdateService",
                "iam:PassRole",
                "kms:Decrypt",
                "kms:GenerateDataKey",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:PutObject",
            ],
            Use::Stop => &["codedeploy:StopDeployment"],
        }
    }
}
