//! The flags for credentials and Region. A command flattens the struct for its calls.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

use clap::Args;
use codedeploy_core::artifact::request;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::{Region, RoleArn};

use super::roles::{Role, Roles, Use, external_id};
use crate::terminal::values;

/// The Region and the roles for the calls of a command to AWS.
#[derive(Debug)]
pub(crate) struct Access {
    pub(super) region: Option<Region>,
    pub(super) roles: Roles,
    pub(super) uses: &'static [Use],
}

/// For a command that reads.
#[derive(Debug, Args)]
#[command(next_help_heading = "AWS credentials and region")]
pub(crate) struct Reader {
    /// Region of the deployment [default: AWS_REGION, AWS_DEFAULT_REGION or the profile]
    #[arg(long, value_name = "REGION", value_parser = values::region)]
    region: Option<Region>,
    /// Role to assume for reading, and for everything that has no role of its own
    #[arg(long, value_name = "ARN", value_parser = values::role_arn("role-arn"))]
    role_arn: Option<RoleArn>,
    /// External ID for this role [env: CODEDEPLOY_ARTIFACT_EXTERNAL_ID]
    #[arg(long, value_name = "ID", requires = "role_arn")]
    external_id: Option<String>,
}

/// The role for changes.
#[derive(Debug, Args)]
#[command(next_help_heading = "AWS credentials and region")]
struct DeployRole {
    /// Role to assume for changes [default: the role for reading]
    #[arg(long, value_name = "ARN", value_parser = values::role_arn("deploy-role-arn"))]
    deploy_role_arn: Option<RoleArn>,
    /// External ID for this role [env: CODEDEPLOY_ARTIFACT_DEPLOY_EXTERNAL_ID]
    #[arg(long, value_name = "ID", requires = "deploy_role_arn")]
    deploy_external_id: Option<String>,
}

/// The role for stopping.
#[derive(Debug, Args)]
#[command(next_help_heading = "AWS credentials and region")]
struct StopRole {
    /// Role to assume for StopDeployment [default: the role for reading]
    #[arg(long, value_name = "ARN", value_parser = values::role_arn("stop-role-arn"))]
    stop_role_arn: Option<RoleArn>,
    /// External ID for this role [env: CODEDEPLOY_ARTIFACT_STOP_EXTERNAL_ID]
    #[arg(long, value_name = "ID", requires = "stop_role_arn")]
    stop_external_id: Option<String>,
}

/// For a command that reads and changes something.
#[derive(Debug, Args)]
pub(crate) struct Changer {
    #[command(flatten)]
    read: Reader,
    #[command(flatten)]
    deploy: DeployRole,
}

/// For a command that reads and stops deployments.
#[derive(Debug, Args)]
pub(crate) struct Stopper {
    #[command(flatten)]
    read: Reader,
    #[command(flatten)]
    stop: StopRole,
}

/// For a command that does all of it.
#[derive(Debug, Args)]
pub(crate) struct Deployer {
    #[command(flatten)]
    read: Reader,
    #[command(flatten)]
    deploy: DeployRole,
    #[command(flatten)]
    stop: StopRole,
}

impl Reader {
    pub(crate) fn access(self) -> Result<Access, Fault> {
        let read = role(self.role_arn, self.external_id, "external-id")?;
        Ok(Access { region: self.region, roles: Roles { read, ..Roles::default() }, uses: &[Use::Read] })
    }
}

impl Changer {
    pub(crate) fn access(self) -> Result<Access, Fault> {
        self.read.access()?.deploying(self.deploy, &[Use::Read, Use::Deploy])
    }
}

impl Stopper {
    pub(crate) fn access(self) -> Result<Access, Fault> {
        self.read.access()?.stopping(self.stop, &[Use::Read, Use::Stop])
    }
}

impl Deployer {
    pub(crate) fn access(self) -> Result<Access, Fault> {
        let uses = &[Use::Read, Use::Deploy, Use::Stop];
        self.read.access()?.deploying(self.deploy, uses)?.stopping(self.stop, uses)
    }
}

impl Access {
    /// The same for a command that also checks the account.
    pub(crate) fn verifying(self) -> Access {
        let uses: &'static [Use] = match self.uses {
            [Use::Read] => &[Use::Read, Use::Verify],
            _ => &[Use::Read, Use::Verify, Use::Deploy, Use::Stop],
        };
        Access { uses, ..self }
    }

    fn deploying(self, flags: DeployRole, uses: &'static [Use]) -> Result<Access, Fault> {
        let deploy = role(flags.deploy_role_arn, flags.deploy_external_id, "deploy-external-id")?;
        Ok(Access { roles: Roles { deploy, ..self.roles }, uses, ..self })
    }

    fn stopping(self, flags: StopRole, uses: &'static [Use]) -> Result<Access, Fault> {
        let stop = role(flags.stop_role_arn, flags.stop_external_id, "stop-external-id")?;
        Ok(Access { roles: Roles { stop, ..self.roles }, uses, ..self })
    }
}

/// The role, with the external ID of the flag or of the environment.
fn role(arn: Option<RoleArn>, id: Option<String>, flag: &'static str) -> Result<Option<Role>, Fault> {
    let refused = |_| request::external_id(&format!("--{flag}"));
    let id = id.map(|id| id.parse()).transpose().map_err(refused)?;
    let Some(arn) = arn else { return Ok(None) };
    let external_id = if id.is_some() { id } else { external_id(flag)? };
    Ok(Some(Role { arn, external_id }))
}
