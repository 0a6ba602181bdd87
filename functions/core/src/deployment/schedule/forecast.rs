//! How far a deployment is and how long it may still take: for a progress bar, not for a decision.

use std::time::Duration;

use super::budget::{Budget, HOOK, PartName};
use super::span::millis;
use super::traffic::TrafficPlan;
use crate::artifact::appspec::Hook;
use crate::deployment::group::TrafficRouting;
use crate::deployment::observation::{Deployment, DeploymentStatus};
use crate::deployment::target::{LifecycleStatus, Target};
use crate::deployment::until::Until;

/// What a launch usually takes on Fargate: pulling, starting and two to three health checks.
const USUAL_LAUNCH: Duration = Duration::from_mins(4);

/// What a hook function usually takes.
const USUAL_HOOK: Duration = Duration::from_mins(1);

/// The share of a stage that elapsed time alone can reach, in permille. Only an answer of AWS completes it.
const NEARLY: u64 = 950;

/// How many times longer than usual a stage may take before no time left is shown.
const OVERRUN: Duration = Duration::from_mins(1);

/// The most that is shown before AWS reports the end, in permille.
const NOT_DONE: u64 = 990;

/// What a deployment is expected to take, stage by stage, up to the point that is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    launch: Duration,
    plan: TrafficPlan,
    shift: Duration,
    termination: Duration,
    asks: bool,
}

/// The stage of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Created or queued.
    Waiting,
    /// Green tasks start, hooks before the traffic shift run.
    Launching,
    /// Someone must continue it.
    ReadyWait,
    /// Production traffic goes to green.
    ShiftingTraffic,
    /// All traffic is on green; the blue task set stays for a while.
    TerminationWait,
    /// Succeeded.
    Done,
}

/// The progress of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The current stage.
    pub stage: Stage,
    /// Share done, in permille. 1000 only if AWS reports the end.
    pub permille: u16,
    /// Expected time left; `None` if a person has to act, or if the stage takes longer than usual.
    pub remaining: Option<Duration>,
}

impl Forecast {
    /// The forecast that goes with a budget.
    pub fn new(budget: &Budget, routing: TrafficRouting, until: Until) -> Forecast {
        let part = |name| {
            let part = budget.parts().iter().find(|part| part.name == name);
            part.map_or(Duration::ZERO, |part| part.duration)
        };
        let hooks = part(PartName::Hooks).as_secs() / HOOK.as_secs();
        Forecast {
            launch: USUAL_LAUNCH + USUAL_HOOK.saturating_mul(u32::try_from(hooks).unwrap_or(u32::MAX)),
            plan: TrafficPlan::of(routing),
            shift: part(PartName::TrafficShift),
            termination: part(PartName::TerminationWait),
            asks: until > Until::Ready && !part(PartName::ReadyWait).is_zero(),
        }
    }

    /// The progress from the last observation, within 0-1000 whatever the times are.
    pub fn progress(&self, deployment: &Deployment, target: Option<&Target>, now_ms: u64) -> Progress {
        let stage = stage(deployment, target);
        let whole = self.launch.saturating_add(self.shift).saturating_add(self.termination);
        let since = |start: Option<u64>| Duration::from_millis(start.map_or(0, |start| now_ms.saturating_sub(start)));
        let event = |name: &str| target.and_then(|target| target.lifecycle_event(name));
        // The usual time of the earlier stages, the usual time of this stage, and how long it has taken so far.
        let (before, usual, elapsed) = match stage {
            Stage::Waiting => (Duration::ZERO, self.launch, since(deployment.created_ms)),
            Stage::Launching => (Duration::ZERO, self.launch, since(deployment.started_ms.or(deployment.created_ms))),
            Stage::ReadyWait => (self.launch, Duration::ZERO, Duration::ZERO),
            Stage::ShiftingTraffic => {
                let start = event("AllowTraffic").and_then(|event| event.start_ms);
                (self.launch, self.shift, since(start))
            }
            Stage::TerminationWait => {
                let end = |name| event(name).and_then(|event| event.end_ms);
                let shifted = end(Hook::AfterAllowTraffic.name()).or_else(|| end("AllowTraffic"));
                (self.launch + self.shift, self.termination, since(shifted))
            }
            Stage::Done => (whole, Duration::ZERO, Duration::ZERO),
        };
        let done = if stage == Stage::Waiting { Duration::ZERO } else { before + part_of(usual, elapsed) };
        let permille = match stage {
            Stage::Done => 1000,
            _ => (done.as_secs().saturating_mul(1000) / whole.as_secs().max(1)).min(NOT_DONE),
        };
        let asked = self.asks && stage < Stage::ShiftingTraffic || stage == Stage::ReadyWait;
        let overrun = elapsed > usual.saturating_add(OVERRUN);
        let left = whole.saturating_sub(before.saturating_add(elapsed.min(usual)));
        let remaining = if asked || overrun { None } else { Some(left) };
        Progress { stage, permille: u16::try_from(permille).unwrap_or(1000), remaining }
    }

    /// The traffic plan that the forecast follows.
    pub fn plan(&self) -> &TrafficPlan {
        &self.plan
    }
}

fn stage(deployment: &Deployment, target: Option<&Target>) -> Stage {
    let begun = |name: &str| {
        let event = target.and_then(|target| target.lifecycle_event(name));
        event.is_some_and(|event| matches!(event.status, LifecycleStatus::InProgress | LifecycleStatus::Succeeded))
    };
    match deployment.status {
        DeploymentStatus::Created | DeploymentStatus::Queued => Stage::Waiting,
        DeploymentStatus::Succeeded => Stage::Done,
        DeploymentStatus::Ready => Stage::ReadyWait,
        _ if Until::TrafficShifted.is_reached(deployment, target) => Stage::TerminationWait,
        _ if begun("AllowTraffic") => Stage::ShiftingTraffic,
        _ => Stage::Launching,
    }
}

fn part_of(whole: Duration, elapsed: Duration) -> Duration {
    let nearly = millis(whole).saturating_mul(NEARLY) / 1000;
    elapsed.min(Duration::from_millis(nearly))
}
