//! The final result of a deployment and its rollback, and its exit code.
//!
//! A rollback is a deployment of its own. The one that failed stays `Failed`, so its status alone does not show
//! which version serves traffic.

use std::fmt;

use super::group::RollbackEvent;
use super::observation::{Deployment, DeploymentStatus};
use super::until::Until;
use crate::fault::shown;

/// Exit code: the deployment succeeded, or the point that was waited for is reached.
pub const EXIT_SUCCEEDED: u8 = 0;

/// Exit code: it failed, or an alarm stopped it, and the previous version serves again. Fix the new version.
pub const EXIT_ROLLED_BACK: u8 = 10;

/// Exit code: it failed and was not rolled back, or its rollback did not succeed, or it was a rollback and the version
/// that it should have replaced serves. Someone must check the service.
pub const EXIT_NOT_ROLLED_BACK: u8 = 11;

/// Exit code: someone stopped it, or nobody continued it in time, and any rollback has succeeded. This is a decision,
/// not a failure: scripts should neither retry nor alert anyone. The result shows whether there was a rollback.
pub const EXIT_STOPPED: u8 = 12;

/// Exit code: the wait timed out. The deployment, or its rollback, is still in progress.
pub const EXIT_TIMED_OUT: u8 = 13;

/// The final result of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It succeeded.
    Succeeded,
    /// It is in progress, and is at the point that was waited for.
    ReachedPoint(Until),
    /// It failed, or an alarm stopped it, and its rollback succeeded.
    FailedAndRolledBack {
        /// The rollback deployment.
        rollback: String,
    },
    /// It failed without a rollback, or its rollback did not succeed. This includes a stop whose rollback did not
    /// succeed.
    FailedNotRolledBack(NotRolledBack),
    /// It was a requested rollback that did not succeed, and CodeDeploy restored the version that it should have
    /// replaced: the service was not rolled back.
    RollbackUndone {
        /// The deployment with which CodeDeploy restored that version.
        restored_by: String,
        /// The deployment that brought that version, if the description names it.
        serving: Option<String>,
        /// Whether somebody stopped it; else it failed, or an alarm stopped it.
        on_request: bool,
    },
    /// Stopped on request, or because nobody continued it.
    Stopped {
        /// The rollback deployment, which succeeded.
        rollback: Option<String>,
    },
    /// The wait timed out before the end.
    TimedOut(Pending),
}

/// Why the previous version was not put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRolledBack {
    /// No rollback began.
    NoRollback,
    /// It failed.
    Failed {
        /// The rollback deployment.
        rollback: String,
    },
    /// Somebody stopped it.
    Stopped {
        /// The rollback deployment.
        rollback: String,
    },
}

/// What was still in progress when the wait timed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// The deployment itself.
    Deployment,
    /// A rollback that should start; AWS has not reported whether it did.
    RollbackUnknown,
    /// Its rollback.
    Rollback {
        /// The rollback deployment.
        rollback: String,
    },
}

impl Verdict {
    /// The exit code of the command line.
    pub fn exit_code(&self) -> u8 {
        match self {
            Verdict::Succeeded | Verdict::ReachedPoint(_) => EXIT_SUCCEEDED,
            Verdict::FailedAndRolledBack { .. } => EXIT_ROLLED_BACK,
            Verdict::FailedNotRolledBack(_) | Verdict::RollbackUndone { on_request: false, .. } => EXIT_NOT_ROLLED_BACK,
            Verdict::Stopped { .. } | Verdict::RollbackUndone { on_request: true, .. } => EXIT_STOPPED,
            Verdict::TimedOut(_) => EXIT_TIMED_OUT,
        }
    }

    /// The name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Succeeded | Verdict::ReachedPoint(Until::Succeeded) => "succeeded",
            Verdict::ReachedPoint(Until::Ready) => "ready",
            Verdict::ReachedPoint(Until::TrafficShifted) => "traffic-shifted",
            Verdict::FailedAndRolledBack { .. } => "failed-and-rolled-back",
            Verdict::FailedNotRolledBack(_) => "failed-and-not-rolled-back",
            Verdict::RollbackUndone { on_request: false, .. } => "rollback-failed",
            Verdict::Stopped { .. } | Verdict::RollbackUndone { on_request: true, .. } => "stopped",
            Verdict::TimedOut(_) => "timed-out",
        }
    }

    /// The rollback deployment, if one is known.
    pub fn rollback(&self) -> Option<&str> {
        match self {
            Verdict::FailedAndRolledBack { rollback }
            | Verdict::RollbackUndone { restored_by: rollback, .. }
            | Verdict::FailedNotRolledBack(NotRolledBack::Failed { rollback } | NotRolledBack::Stopped { rollback })
            | Verdict::TimedOut(Pending::Rollback { rollback }) => Some(rollback),
            Verdict::Stopped { rollback } => rollback.as_deref(),
            Verdict::Succeeded
            | Verdict::ReachedPoint(_)
            | Verdict::FailedNotRolledBack(NotRolledBack::NoRollback)
            | Verdict::TimedOut(Pending::Deployment | Pending::RollbackUnknown) => None,
        }
    }
}

/// A sentence without its subject: `failed; rollback d-2 succeeded: the previous version serves`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Succeeded => f.write_str("succeeded"),
            Verdict::ReachedPoint(until) => write!(f, "reached {until}"),
            Verdict::FailedAndRolledBack { rollback } => {
                write!(f, "failed; rollback {} succeeded: the previous version serves", shown(rollback))
            }
            Verdict::FailedNotRolledBack(NotRolledBack::NoRollback) => f.write_str("failed and was not rolled back"),
            Verdict::FailedNotRolledBack(NotRolledBack::Failed { rollback }) => {
                write!(f, "did not succeed, and its rollback {} failed", shown(rollback))
            }
            Verdict::FailedNotRolledBack(NotRolledBack::Stopped { rollback }) => {
                write!(f, "did not succeed, and its rollback {} was stopped", shown(rollback))
            }
            Verdict::RollbackUndone { restored_by, serving, on_request } => {
                let how = if *on_request { "was stopped" } else { "failed" };
                let serving = serving.as_deref().map_or_else(
                    || "the version that it was to replace".to_owned(),
                    |serving| format!("deployment {}", shown(serving)),
                );
                let by = shown(restored_by);
                write!(f, "was a rollback and {how}; {serving} still serves (CodeDeploy restored it with {by})")
            }
            Verdict::Stopped { rollback: None } => f.write_str("stopped, not rolled back"),
            Verdict::Stopped { rollback: Some(rollback) } => {
                write!(f, "stopped; rollback {} succeeded: the previous version serves", shown(rollback))
            }
            Verdict::TimedOut(Pending::Deployment) => f.write_str("timed out; the deployment is still in progress"),
            Verdict::TimedOut(Pending::RollbackUnknown) => {
                f.write_str("timed out; it did not succeed, and no rollback has been seen yet")
            }
            Verdict::TimedOut(Pending::Rollback { rollback }) => {
                write!(f, "timed out; it did not succeed, and its rollback {} is still in progress", shown(rollback))
            }
        }
    }
}

impl Verdict {
    /// The verdict as a sentence about that deployment. It is the wait that times out, not the deployment: CodeDeploy has a
    /// `TIMEOUT` of its own.
    pub fn about(&self, deployment: &str) -> String {
        let subject = if matches!(self, Verdict::TimedOut(_)) { "wait for deployment" } else { "deployment" };
        format!("{subject} {} {self}", shown(deployment))
    }
}

/// The known state of the rollback of a deployment that failed or was stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rollback<'a> {
    /// It may still begin.
    Expected,
    /// No rollback began, and the wait for one is over.
    None,
    /// A rollback exists.
    Seen {
        /// The rollback deployment.
        id: &'a str,
        /// Its status.
        status: &'a DeploymentStatus,
    },
}

/// The verdict from the final status; `None` while the status is not final or not known to this version.
pub fn decide(deployment: &Deployment, rollback: &Rollback<'_>) -> Option<Verdict> {
    let by_fault = match deployment.status {
        DeploymentStatus::Succeeded => return Some(Verdict::Succeeded),
        DeploymentStatus::Failed => true,
        DeploymentStatus::Stopped => rollback_event(deployment) == RollbackEvent::StopOnAlarm,
        _ => return None,
    };
    let (id, status) = match rollback {
        Rollback::Expected => return None,
        Rollback::None if by_fault => return Some(Verdict::FailedNotRolledBack(NotRolledBack::NoRollback)),
        Rollback::None => return Some(Verdict::Stopped { rollback: None }),
        Rollback::Seen { id, status } => ((*id).to_owned(), *status),
    };
    if *status == DeploymentStatus::Succeeded
        && let Some(requested) = deployment.requested_rollback()
    {
        let serving = requested.from.map(str::to_owned);
        return Some(Verdict::RollbackUndone { restored_by: id, serving, on_request: !by_fault });
    }
    match status {
        DeploymentStatus::Succeeded if by_fault => Some(Verdict::FailedAndRolledBack { rollback: id }),
        DeploymentStatus::Succeeded => Some(Verdict::Stopped { rollback: Some(id) }),
        DeploymentStatus::Failed => Some(Verdict::FailedNotRolledBack(NotRolledBack::Failed { rollback: id })),
        DeploymentStatus::Stopped => Some(Verdict::FailedNotRolledBack(NotRolledBack::Stopped { rollback: id })),
        _ => None,
    }
}

/// The event that a final deployment counts as in an automatic rollback configuration. An alarm leaves the deployment
/// `Stopped` or `Failed`, with `ALARM_ACTIVE`.
pub fn rollback_event(deployment: &Deployment) -> RollbackEvent {
    let alarm = deployment.error.as_ref().is_some_and(|error| error.code == "ALARM_ACTIVE");
    match deployment.status {
        _ if alarm => RollbackEvent::StopOnAlarm,
        DeploymentStatus::Stopped => RollbackEvent::StopOnRequest,
        _ => RollbackEvent::Failure,
    }
}
