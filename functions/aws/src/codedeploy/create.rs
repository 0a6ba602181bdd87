//! `CreateDeployment`, sent only once: whether it may be sent again depends on the deployments of the group, which the
//! caller checks.

use aws_config::retry::RetryConfig;
use aws_sdk_codedeploy::Client;
use aws_sdk_codedeploy::types::{self, AutoRollbackConfiguration};
use codedeploy_core::deployment::RollbackEvent;
use codedeploy_core::fault::Fault;

use super::revision::RevisionToDeploy;
use super::shared::cause;
use crate::config::Aws;
use crate::error::{AwsError, Why};
use crate::text::cut;

/// The maximum length of a description, in characters; longer ones are cut.
///
/// The user guide allows 256. The API has accepted longer ones, which is not documented.
/// <https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html>
pub const DESCRIPTION_CHARACTERS: usize = 256;

/// A deployment to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeployment {
    /// CodeDeploy application.
    pub application: String,
    /// Deployment group.
    pub group: String,
    /// What to deploy.
    pub revision: RevisionToDeploy,
    /// Deployment config instead of that of the group.
    pub config_name: Option<String>,
    /// Description that `status` and the console show; empty for none. It is cut at [`DESCRIPTION_CHARACTERS`], so
    /// important parts come first.
    pub description: String,
    /// Automatic rollback instead of that of the group.
    pub auto_rollback: Option<RollbackOverride>,
    /// Alarms instead of those of the group. Needs `codedeploy:UpdateDeploymentGroup` too.
    pub alarms: Option<Alarms>,
}

/// The automatic rollback of one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollbackOverride {
    /// None.
    Off,
    /// On these events, at least one.
    On(Vec<RollbackEvent>),
}

/// The alarms of one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alarms {
    /// None.
    Off,
    /// These alarms, at least one. CodeDeploy checks the quota, which can be raised.
    Watched {
        /// Names of CloudWatch alarms, at most 255 characters each.
        names: Vec<String>,
        /// Whether the deployment continues if CodeDeploy cannot read them.
        ignore_poll_failure: bool,
    },
}

/// Why there is no deployment ID, with one variant for each way to continue.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The group runs another deployment (`DEP01`). Nothing was created.
    #[error("{error}")]
    Active {
        /// ID of the running deployment, if AWS reports it.
        active: Option<String>,
        /// AWS's answer.
        error: AwsError,
    },
    /// The response was lost: 5xx, a broken connection, a timeout. The deployment may exist, so the group must be
    /// searched for it before anything is sent again.
    #[error(transparent)]
    Ambiguous(AwsError),
    /// Too many requests. Nothing was created; it may be sent again later.
    #[error(transparent)]
    Throttled(AwsError),
    /// Any other refusal. Nothing was created, and the same request will be refused again.
    #[error(transparent)]
    Refused(AwsError),
}

impl CreateError {
    /// What AWS answered.
    pub fn aws(&self) -> &AwsError {
        match self {
            CreateError::Active { error, .. }
            | CreateError::Ambiguous(error)
            | CreateError::Throttled(error)
            | CreateError::Refused(error) => error,
        }
    }
}

impl From<CreateError> for Fault {
    fn from(error: CreateError) -> Fault {
        error.aws().clone().into()
    }
}

/// Creates a deployment and returns its ID, in one attempt.
pub async fn create_deployment(aws: &Aws, new: &NewDeployment) -> Result<String, CreateError> {
    let subject = format!("{}/{}", new.application, new.group);
    let call = aws.call("codedeploy:CreateDeployment", subject).map_err(CreateError::Refused)?;
    let answer = client_without_retries(aws)
        .create_deployment()
        .application_name(&new.application)
        .deployment_group_name(&new.group)
        .revision(new.revision.location())
        .set_deployment_config_name(new.config_name.clone())
        .set_description(cut(&new.description, DESCRIPTION_CHARACTERS))
        .set_auto_rollback_configuration(new.auto_rollback.as_ref().map(auto_rollback))
        .set_override_alarm_configuration(new.alarms.as_ref().map(alarms))
        .send()
        .await;
    let answer = call.answer(answer, cause).map_err(sort)?;
    call.part(answer.deployment_id().map(str::to_owned)).map_err(sort)
}

fn sort(error: AwsError) -> CreateError {
    match error.why() {
        Why::DeploymentActive { active } => CreateError::Active { active: active.clone(), error },
        Why::Throttled => CreateError::Throttled(error),
        // The error page of a proxy that blocked the request.
        Why::Unreadable { status: 401 | 403 } => CreateError::Refused(error),
        Why::ServerFault | Why::TimedOut | Why::Unreachable | Why::Unreadable { .. } | Why::Proxy => {
            let look = "check with `codedeploy-artifact status` whether the deployment was created before you start another one";
            CreateError::Ambiguous(error.with_hint(look))
        }
        _ => CreateError::Refused(error),
    }
}

/// The SDK must not retry the call by itself, because a retry after a lost response would create a second deployment.
fn client_without_retries(aws: &Aws) -> Client {
    let config = aws_sdk_codedeploy::config::Builder::from(aws.sdk()).retry_config(RetryConfig::disabled());
    Client::from_conf(config.build())
}

fn auto_rollback(wanted: &RollbackOverride) -> AutoRollbackConfiguration {
    let builder = AutoRollbackConfiguration::builder();
    match wanted {
        RollbackOverride::Off => builder.enabled(false).build(),
        RollbackOverride::On(events) => {
            let events = events.iter().map(|event| types::AutoRollbackEvent::from(event.name())).collect();
            builder.enabled(true).set_events(Some(events)).build()
        }
    }
}

fn alarms(wanted: &Alarms) -> types::AlarmConfiguration {
    let builder = types::AlarmConfiguration::builder();
    match wanted {
        Alarms::Off => builder.enabled(false).build(),
        Alarms::Watched { names, ignore_poll_failure } => {
            let alarms = names.iter().map(|name| types::Alarm::builder().name(name).build()).collect();
            builder.enabled(true).ignore_poll_alarm_failure(*ignore_poll_failure).set_alarms(Some(alarms)).build()
        }
    }
}

#[cfg(test)]
mod tests;
