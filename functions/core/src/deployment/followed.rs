//! The result of a wait, the input of reports.

use std::time::Duration;

use super::evidence::Evidence;
use super::history::History;
use super::observation::Deployment;
use super::target::{Label, LifecycleStatus, Target, Weight};
use super::verdict::{EXIT_SUCCEEDED, Verdict};

/// The deployment and its rollback as last observed, with everything that a report needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The deployment.
    pub deployment: Deployment,
    /// Its target.
    pub target: Option<Target>,
    /// Its rollback, if one was followed.
    pub rollback: Option<FollowedRollback>,
    /// `None` while it is in progress.
    pub verdict: Option<Verdict>,
    /// From the start of the wait to its end, or until now.
    pub waited: Duration,
    /// What ECS, the load balancer and CloudWatch report about a failure. Until the caller queries again, it is what
    /// was observed during the wait.
    pub evidence: Evidence,
    /// Whether this run stopped it.
    pub stopped_by: Option<StoppedBy>,
    /// What was observed during the wait; empty without one.
    pub history: History,
}

/// Why this run stopped a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoppedBy {
    /// The wait timed out (`--on-timeout`).
    Timeout,
    /// The user asked for it (`stop`).
    Request {
        /// Whether a rollback was requested.
        rollback: bool,
    },
}

/// A rollback deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedRollback {
    /// The deployment.
    pub deployment: Deployment,
    /// Its target.
    pub target: Option<Target>,
}

/// Which version serves the production traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serving {
    /// The version before the deployment.
    Previous,
    /// The version that was deployed.
    New,
    /// The deployment is a rollback, and the version that it goes back to serves.
    RolledBackTo,
    /// The deployment is a rollback, and the version that it should replace serves.
    NotRolledBack,
    /// Both, in these shares.
    Both {
        /// Of the previous one.
        blue: Weight,
        /// Of the new one.
        green: Weight,
    },
    /// Unknown.
    Unknown,
}

impl Followed {
    /// The followed deployment, then its rollback.
    pub(crate) fn deployments(&self) -> impl Iterator<Item = (&'static str, &Deployment, Option<&Target>)> {
        let rollback = self.rollback.as_ref().map(|it| ("rollback", &it.deployment, it.target.as_ref()));
        std::iter::once(("deployment", &self.deployment, self.target.as_ref())).chain(rollback)
    }

    /// `failed; rollback d-2 succeeded: …`, or the status while there is no verdict.
    pub(crate) fn outcome(&self) -> String {
        self.verdict.as_ref().map_or_else(|| format!("is {}", self.deployment.status), ToString::to_string)
    }

    /// Remarks about a success: the replacement task set has no tasks, or fewer than it should.
    pub fn notes(&self) -> Vec<String> {
        if self.verdict.as_ref().is_none_or(|verdict| verdict.exit_code() != EXIT_SUCCEEDED) {
            return Vec::new();
        }
        // If the last polls returned no target, its counts are from the installation.
        let installs = |target: &&Target| {
            let event = target.lifecycle_event("Install");
            event.is_some_and(|event| event.status != LifecycleStatus::Succeeded)
        };
        let target = self.target.as_ref().filter(|target| !installs(target));
        let green = target.and_then(|target| target.task_set(&Label::Green));
        let note = match green.map(|set| (set.running, set.desired)) {
            Some((0, 0)) => {
                "the green task set has a desired count of 0: no task of the new version is running".to_owned()
            }
            Some((running, desired)) if running < desired => {
                format!("CodeDeploy reports {running} of {desired} tasks of the green task set running")
            }
            _ => return Vec::new(),
        };
        vec![note]
    }

    /// Whether the replacement task set has all its tasks, and its installation has ended.
    pub(crate) fn is_installed(target: &Target) -> bool {
        let ended = target.lifecycle_event("Install").is_some_and(|event| event.status == LifecycleStatus::Succeeded);
        let whole = target.task_set(&Label::Green).is_some_and(|set| set.desired > 0 && set.running >= set.desired);
        ended && whole
    }

    /// Which version serves, by the verdict and the traffic weights that were seen last.
    ///
    /// A rollback brings an older version, so "new" and "previous" would mislead there.
    pub fn serving(&self) -> Serving {
        match self.share() {
            Serving::New if self.deployment.is_rollback() => Serving::RolledBackTo,
            Serving::Previous if self.deployment.is_rollback() => Serving::NotRolledBack,
            serving => serving,
        }
    }

    /// The deployment whose version serves all traffic, if the verdict determines it.
    pub fn serving_deployment(&self) -> Option<&str> {
        match self.verdict.as_ref()? {
            Verdict::Succeeded => Some(&self.deployment.id),
            Verdict::FailedAndRolledBack { rollback } | Verdict::Stopped { rollback: Some(rollback) } => Some(rollback),
            Verdict::RollbackUndone { restored_by, serving, .. } => Some(serving.as_ref().unwrap_or(restored_by)),
            _ => None,
        }
    }

    fn share(&self) -> Serving {
        match &self.verdict {
            Some(Verdict::Succeeded) => return Serving::New,
            Some(
                Verdict::FailedAndRolledBack { .. }
                | Verdict::RollbackUndone { .. }
                | Verdict::Stopped { rollback: Some(_) },
            ) => return Serving::Previous,
            // A rollback that did not finish may have moved traffic since then.
            _ if self.rollback.is_some() => return Serving::Unknown,
            _ => {}
        }
        // A rollback by CodeDeploy removes the green task set; its labels are those of the deployment that it rolls
        // back.
        if self.deployment.is_automatic_rollback() {
            return Serving::Unknown;
        }
        let share = |label| self.target.as_ref()?.task_set(label).map(|set| set.traffic_weight);
        match (share(&Label::Blue), share(&Label::Green)) {
            (_, Some(Weight::ALL)) => Serving::New,
            (Some(Weight::ALL), _) => Serving::Previous,
            (Some(blue), Some(green)) if blue > Weight::NONE && green > Weight::NONE => Serving::Both { blue, green },
            _ => Serving::Unknown,
        }
    }
}

impl Serving {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Serving::Previous => "previous",
            Serving::New => "new",
            Serving::RolledBackTo => "rolled-back-to",
            Serving::NotRolledBack => "not-rolled-back",
            Serving::Both { .. } => "both",
            Serving::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Serving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Serving::Previous => f.write_str("the previous version"),
            Serving::New => f.write_str("the new version"),
            Serving::RolledBackTo => f.write_str("the version that was rolled back to"),
            Serving::NotRolledBack => f.write_str("the version that was to be rolled back"),
            Serving::Both { blue, green } => {
                write!(f, "both versions: {blue} the one before this deployment, {green} the one it deploys")
            }
            Serving::Unknown => f.write_str("unknown"),
        }
    }
}
