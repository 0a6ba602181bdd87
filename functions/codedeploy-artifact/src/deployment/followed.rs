//! The result of a wait, as reports take it.

use std::time::Duration;

use super::observation::Deployment;
use super::target::{Label, Target, Weight};
use super::verdict::Verdict;
use super::why::Evidence;

/// All that a report needs of a deployment and its rollback, as they were seen last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The deployment.
    pub deployment: Deployment,
    /// Its target.
    pub target: Option<Target>,
    /// Its rollback, where one was followed.
    pub rollback: Option<FollowedRollback>,
    /// `None` while it goes on.
    pub verdict: Option<Verdict>,
    /// From the begin of the wait to its end, or until now.
    pub waited: Duration,
    /// What ECS, the load balancer and CloudWatch say of a failure. Empty until the caller asked them.
    pub evidence: Evidence,
}

/// A rollback deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedRollback {
    /// The deployment.
    pub deployment: Deployment,
    /// Its target.
    pub target: Option<Target>,
}

/// Which version answers the production traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serving {
    /// The one before the deployment.
    Previous,
    /// The one that was deployed.
    New,
    /// Both, in these shares.
    Both {
        /// Of the previous one.
        blue: Weight,
        /// Of the new one.
        green: Weight,
    },
    /// It cannot be told from what was seen.
    Unknown,
}

impl Followed {
    /// Which version serves, by the verdict and the traffic weights that were seen last.
    pub fn serving(&self) -> Serving {
        match &self.verdict {
            Some(Verdict::Succeeded) => return Serving::New,
            Some(Verdict::FailedAndRolledBack { .. } | Verdict::Stopped { rollback: Some(_) }) => {
                return Serving::Previous;
            }
            // A rollback that did not get to its end has moved traffic since.
            _ if self.rollback.is_some() => return Serving::Unknown,
            _ => {}
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
            Serving::Both { blue, green } => write!(f, "both versions: {blue} previous, {green} new"),
            Serving::Unknown => f.write_str("unknown"),
        }
    }
}
