//! What `rollback` refuses by itself, apart from the choice of the deployment.

use codedeploy_core::fault::{Explain, Kind, shown};

use crate::alarms;

/// Why no rollback was made.
#[derive(Debug, thiserror::Error)]
pub(super) enum RollbackError {
    /// The group is busy. `DEP01`, as when CodeDeploy says it.
    #[error("deployment {} is under way in this group", shown(id))]
    Active {
        /// The deployment.
        id: String,
        /// Whether it is a rollback already.
        is_rollback: bool,
    },
    /// Nobody was asked, because nobody could be.
    #[error("a rollback needs --yes where nobody can be asked; nothing was deployed")]
    NotConfirmed,
    /// The answer was not yes.
    #[error("not confirmed; nothing was deployed")]
    Declined,
    /// ECS starts no tasks from the revision.
    #[error("task definition {} is not ACTIVE, so ECS starts no tasks from it; nothing was deployed", shown(arn))]
    Inactive {
        /// The task definition.
        arn: String,
    },
    /// The revision is gone, and its content with it.
    #[error("task definition {} of deployment {} does not exist any more", shown(arn), shown(id))]
    Deleted {
        /// The task definition.
        arn: String,
        /// The deployment to go back to.
        id: String,
        /// A deployment before that one.
        older: Option<String>,
    },
    /// The alarms cannot be turned off.
    #[error("the alarms of the deployment group cannot be turned off for the rollback: {denial}")]
    AlarmsDenied {
        /// The answer of AWS.
        denial: String,
        /// What would allow it.
        allow: String,
        /// Alarms that would stop the rollback now.
        fired: Vec<String>,
    },
}

impl Explain for RollbackError {
    fn code(&self) -> &'static str {
        match self {
            RollbackError::Active { .. } => "DEP01",
            RollbackError::NotConfirmed => "RBK05",
            RollbackError::Declined => "RBK06",
            RollbackError::Inactive { .. } => "RBK07",
            RollbackError::Deleted { .. } => "RBK08",
            RollbackError::AlarmsDenied { .. } => "RBK09",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            RollbackError::Active { .. } => Kind::Unavailable,
            RollbackError::NotConfirmed | RollbackError::Declined | RollbackError::Inactive { .. } => {
                Kind::Configuration
            }
            RollbackError::Deleted { .. } => Kind::NotFound,
            RollbackError::AlarmsDenied { .. } => Kind::Denied,
        }
    }

    fn hint(&self) -> String {
        match self {
            RollbackError::Active { id, is_rollback: true } => {
                format!("it is a rollback already: follow it with `codedeploy-artifact wait {}`", shown(id))
            }
            RollbackError::Active { id, .. } => {
                format!("stop it and go back in one step with `codedeploy-artifact stop {} --rollback`", shown(id))
            }
            RollbackError::NotConfirmed => "check what is shown above, then add --yes".to_owned(),
            RollbackError::Declined => "answer y, or name another deployment with --to".to_owned(),
            RollbackError::Inactive { .. } => {
                "add --register to register the same content as a new revision and deploy that".to_owned()
            }
            RollbackError::Deleted { older: Some(older), .. } => {
                format!("go back further with `--to {}`, or deploy an artifact of that version", shown(older))
            }
            RollbackError::Deleted { older: None, .. } => {
                "name another deployment with --to, or deploy an artifact of that version with `codedeploy-artifact \
                 deploy --register`"
                    .to_owned()
            }
            RollbackError::AlarmsDenied { allow, fired, .. } if fired.is_empty() => {
                format!("add --keep-alarms, or {allow}")
            }
            RollbackError::AlarmsDenied { allow, fired, .. } => {
                let are = alarms::are(fired);
                format!("{allow}; or add --keep-alarms once {are} no longer in ALARM, which would stop the rollback")
            }
        }
    }
}
