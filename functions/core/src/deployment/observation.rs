//! What AWS reports about a deployment, as plain data: one to one with `GetDeployment`. Its target is in
//! [`super::target`].
//!
//! Members, cases and limits: the service model of AWS CodeDeploy, `DeploymentInfo`. Times are
//! milliseconds since 1970.

use super::group::{AutoRollback, BlueGreen};
use super::open_enum::open_enum;
use super::target::Target;

/// One poll: what `GetDeployment` answered and, if available, the targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// `GetDeployment`.
    pub deployment: Deployment,
    /// The one ECS target. `None` if the deployment has not started (`DeploymentNotStartedException` is not an
    /// error), or if only this call was throttled or denied.
    pub target: Option<Target>,
}

open_enum! {
    /// `DeploymentInfo.status`.
    pub enum DeploymentStatus {
        /// Created; nothing has started.
        Created = "Created",
        /// Queued.
        Queued = "Queued",
        /// In progress: installing, running hooks, shifting traffic, or waiting to terminate the blue task set.
        InProgress = "InProgress",
        /// Watching alarms before it ends.
        Baking = "Baking",
        /// Ended; the green task set serves.
        Succeeded = "Succeeded",
        /// Ended with an error. A rollback is a separate deployment.
        Failed = "Failed",
        /// Ended by request, by an alarm, or because nobody continued it in time.
        Stopped = "Stopped",
        /// Waiting for `ContinueDeployment` before production traffic shifts.
        Ready = "Ready",
    }
}

impl DeploymentStatus {
    /// The statuses in which CodeDeploy accepts no other deployment of the group: all that are not final.
    pub const ACTIVE: &'static [DeploymentStatus] = &[
        DeploymentStatus::Created,
        DeploymentStatus::Queued,
        DeploymentStatus::InProgress,
        DeploymentStatus::Baking,
        DeploymentStatus::Ready,
    ];

    /// Whether the status is final.
    pub fn is_final(&self) -> bool {
        *self == DeploymentStatus::Succeeded || self.is_failure()
    }

    /// Whether it ended without success.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, DeploymentStatus::Failed | DeploymentStatus::Stopped)
    }
}

/// `DeploymentInfo`, as far as an ECS deployment uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// `deploymentId`: `d-` and an identifier.
    pub id: String,
    /// CodeDeploy application.
    pub application: String,
    /// Deployment group.
    pub group: String,
    /// Its status.
    pub status: DeploymentStatus,
    /// `errorInformation`: why it failed or was stopped.
    pub error: Option<ErrorInfo>,
    /// `creator`, such as `user`, `codeDeployRollback` or `CloudFormation`.
    pub creator: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `createTime`.
    pub created_ms: Option<u64>,
    /// `startTime`.
    pub started_ms: Option<u64>,
    /// `completeTime`.
    pub completed_ms: Option<u64>,
    /// `rollbackInfo`: its rollback deployment, or the deployment that it rolls back.
    pub rollback: Option<RollbackInfo>,
    /// `deploymentStatusMessages`.
    pub messages: Vec<String>,
    /// `additionalDeploymentStatusInfo`.
    pub additional: Option<String>,
    /// `instanceTerminationWaitTimeStarted`: traffic has shifted and the blue task set waits to be terminated.
    pub termination_wait_started: bool,
    /// `deploymentConfigName`.
    pub config_name: Option<String>,
    /// `revision`: what is deployed.
    pub revision: Option<Revision>,
    /// `previousRevision`: what was deployed before.
    pub previous_revision: Option<Revision>,
    /// The automatic rollback of this deployment, which overrides the group's.
    pub auto_rollback: Option<AutoRollback>,
    /// The waits of this deployment, copied from the group when it was created.
    pub blue_green: BlueGreen,
    /// `externalId`, if another service created the deployment.
    pub external_id: Option<String>,
}

impl Deployment {
    /// A deployment of which only the ID and the status are known.
    pub fn new(id: &str, status: DeploymentStatus) -> Deployment {
        Deployment {
            id: id.to_owned(),
            application: String::new(),
            group: String::new(),
            status,
            error: None,
            creator: None,
            description: None,
            created_ms: None,
            started_ms: None,
            completed_ms: None,
            rollback: None,
            messages: Vec::new(),
            additional: None,
            termination_wait_started: false,
            config_name: None,
            revision: None,
            previous_revision: None,
            auto_rollback: None,
            blue_green: BlueGreen::default(),
            external_id: None,
        }
    }

    /// Why there is a rollback, or why not.
    pub(crate) fn rollback_message(&self) -> Option<&str> {
        self.rollback.as_ref()?.message.as_deref()
    }
}

/// `errorInformation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorInfo {
    /// `ErrorCode`, such as `HOOK_EXECUTION_FAILURE`. Kept as text: the model lists about 40 codes, and [`super::why`]
    /// knows those of ECS deployments.
    pub code: String,
    /// `message`.
    pub message: String,
}

/// `rollbackInfo`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RollbackInfo {
    /// The deployment that rolls this one back. It may appear some polls after the failure.
    pub rollback_deployment_id: Option<String>,
    /// The deployment that this one rolls back.
    pub rollback_triggering_deployment_id: Option<String>,
    /// `rollbackMessage`: why there is a rollback, or why there is none.
    pub message: Option<String>,
}

/// `RevisionLocation`, as far as ECS deployments use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// An AppSpec in S3.
    S3 {
        /// Bucket, in the region of the deployment.
        bucket: String,
        /// Object key.
        key: String,
        /// `YAML` or `JSON`.
        bundle_type: String,
        /// Version id, if the bucket has versions.
        version: Option<String>,
        /// Entity tag, without quotation marks.
        etag: Option<String>,
    },
    /// An AppSpec inside the request. `GetDeployment` may return only the digest.
    AppSpecContent {
        /// The AppSpec as text.
        content: Option<String>,
        /// SHA-256, hexadecimal.
        sha256: Option<String>,
    },
    /// A revision type that ECS deployments do not use, by name.
    Other(String),
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Revision::S3 { bucket, key, .. } => write!(f, "s3://{bucket}/{key}"),
            Revision::AppSpecContent { sha256: Some(sha256), .. } => write!(f, "AppSpec with SHA-256 {sha256}"),
            Revision::AppSpecContent { .. } => f.write_str("AppSpec"),
            Revision::Other(kind) => f.write_str(kind),
        }
    }
}
