//! The point of a deployment that a caller waits for.

use std::fmt;
use std::str::FromStr;

use super::observation::{Deployment, DeploymentStatus};
use super::target::{Label, LifecycleStatus, Target, TargetStatus, Weight};

/// `--until`. In the order in which a deployment passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Until {
    /// Green is healthy and production traffic may be shifted: the status is `Ready`, or `BeforeAllowTraffic` has begun.
    Ready,
    /// All production traffic is on green; the blue task set may still be there.
    TrafficShifted,
    /// The deployment has ended.
    #[default]
    Succeeded,
}

impl Until {
    /// All three, in order.
    pub const ALL: [Until; 3] = [Until::Ready, Until::TrafficShifted, Until::Succeeded];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Until::Ready => "ready",
            Until::TrafficShifted => "traffic-shifted",
            Until::Succeeded => "succeeded",
        }
    }

    /// Whether the deployment is at this point or past it. Points can be passed between two polls, so positions count.
    ///
    /// A deployment that failed or was stopped is at none of them: its traffic goes back.
    pub fn is_reached(self, deployment: &Deployment, target: Option<&Target>) -> bool {
        match deployment.status {
            DeploymentStatus::Succeeded => return true,
            ref status if status.is_failure() => return false,
            _ => {}
        }
        // After a failed event the later ones are Skipped, so that one does not count.
        let has = |name: &str, statuses: &[LifecycleStatus]| {
            let event = target.and_then(|target| target.lifecycle_event(name));
            event.is_some_and(|event| statuses.contains(&event.status))
        };
        let failing = target.is_some_and(|target| {
            target.status == TargetStatus::Failed
                || target.lifecycle_events.iter().any(|event| event.status == LifecycleStatus::Failed)
        });
        let green = target.and_then(|target| target.task_set(&Label::Green)).map(|set| set.traffic_weight);
        let shifted = || {
            deployment.termination_wait_started
                || has("AllowTraffic", &[LifecycleStatus::Succeeded])
                || green == Some(Weight::ALL)
        };
        match self {
            _ if failing => false,
            Until::Succeeded => false,
            Until::TrafficShifted => shifted(),
            Until::Ready => {
                let begun = [LifecycleStatus::InProgress, LifecycleStatus::Succeeded];
                deployment.status == DeploymentStatus::Ready
                    || target.is_some_and(|target| target.status == TargetStatus::Ready)
                    || has("BeforeAllowTraffic", &begun)
                    || has("AllowTraffic", &begun)
                    || shifted()
            }
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value of `--until` that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the point to wait for must be ready, traffic-shifted or succeeded")]
pub struct UnknownPoint;

impl FromStr for Until {
    type Err = UnknownPoint;

    fn from_str(text: &str) -> Result<Self, UnknownPoint> {
        Until::ALL.into_iter().find(|until| until.name() == text).ok_or(UnknownPoint)
    }
}
