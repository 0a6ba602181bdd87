//! The wait budget: how long a deployment may take at most. If it takes longer, something is wrong that CodeDeploy does
//! not report.
//!
//! Each part is the longest that AWS itself allows for it. A shorter wait would give up on deployments that can still
//! succeed, and would miss the reason that CodeDeploy reports at its own time-out.

use std::fmt;
use std::time::Duration;

use super::span::span;
use super::traffic::TrafficPlan;
use crate::artifact::appspec::Hook;
use crate::deployment::group::{BlueGreen, ReadyAction, TerminationAction, TrafficRouting};
use crate::deployment::until::Until;

/// The limit for the green task set to become healthy: CodeDeploy gives up after 60 minutes (User Guide, "Quotas").
pub const LAUNCH: Duration = Duration::from_hours(1);

/// The limit for one hook function: CodeDeploy waits one hour for its answer (User Guide, "AppSpec 'hooks' section").
pub const HOOK: Duration = Duration::from_hours(1);

/// A margin for what CodeDeploy does between the parts, and for polls without an answer. The AWS CLI adds the same.
pub const SLACK: Duration = Duration::from_mins(10);

/// The limit for a rollback without its termination wait: the blue task set may have to start again; traffic returns
/// immediately.
pub const ROLLBACK: Duration = Duration::from_mins(70);

/// How long to wait at most, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    parts: Vec<Part>,
    rollback: Duration,
    timeout: Option<Duration>,
}

/// One part of a [`Budget`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What is waited for.
    pub name: PartName,
    /// How long at most.
    pub duration: Duration,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartName {
    /// Green tasks start and become healthy.
    Launch,
    /// Hook functions.
    Hooks,
    /// The deployment waits for `ContinueDeployment`.
    ReadyWait,
    /// Canary or linear steps.
    TrafficShift,
    /// The blue task set stays for a while.
    TerminationWait,
    /// The margin between the parts.
    Slack,
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PartName::Launch => "launch",
            PartName::Hooks => "hooks",
            PartName::ReadyWait => "wait for ContinueDeployment",
            PartName::TrafficShift => "traffic shift",
            PartName::TerminationWait => "termination wait",
            PartName::Slack => "slack",
        })
    }
}

impl Budget {
    /// The budget of a deployment, up to the point that is waited for. Parts without a length are left out.
    ///
    /// `waits` are those of the deployment, or of its group before there is one. `hooks` are those of the AppSpec;
    /// `None` if it cannot be read; then time for one hook is included.
    pub fn new(waits: &BlueGreen, routing: TrafficRouting, hooks: Option<&[Hook]>, until: Until) -> Budget {
        let counts = |hook: &Hook| match until {
            Until::Ready => *hook < Hook::BeforeAllowTraffic,
            Until::TrafficShifted => *hook < Hook::AfterAllowTraffic,
            Until::Succeeded => true,
        };
        let hooks = hooks.map_or(1, |hooks| hooks.iter().filter(|hook| counts(hook)).count());
        let ready = waits.ready.filter(|ready| ready.action == ReadyAction::StopDeployment);
        let termination = waits.termination.filter(|wait| wait.action == TerminationAction::Terminate);
        let minutes = |minutes: u32| Duration::from_secs(60 * u64::from(minutes));
        let termination = minutes(termination.map_or(0, |wait| wait.wait_minutes));
        let mut parts = vec![(PartName::Launch, LAUNCH)];
        parts.push((PartName::Hooks, HOOK.saturating_mul(u32::try_from(hooks).unwrap_or(u32::MAX))));
        if until > Until::Ready {
            parts.push((PartName::ReadyWait, minutes(ready.map_or(0, |ready| ready.wait_minutes))));
            parts.push((PartName::TrafficShift, TrafficPlan::of(routing).total()));
        }
        if until > Until::TrafficShifted {
            parts.push((PartName::TerminationWait, termination));
        }
        parts.push((PartName::Slack, SLACK));
        let parts = parts.into_iter().filter(|(_, duration)| !duration.is_zero());
        Budget {
            parts: parts.map(|(name, duration)| Part { name, duration }).collect(),
            rollback: ROLLBACK.saturating_add(termination),
            timeout: None,
        }
    }

    /// The same with the user's limit (`--timeout`), which applies instead of the sum of the parts.
    #[must_use]
    pub fn limited_to(mut self, timeout: Duration) -> Budget {
        self.timeout = Some(timeout);
        self
    }

    /// In the order in which they happen.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The user's limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// How long to wait at most.
    pub fn total(&self) -> Duration {
        self.timeout.unwrap_or_else(|| self.sum())
    }

    /// How much longer to wait once a rollback has begun: no extra time if the user set a limit.
    pub fn rollback(&self) -> Duration {
        if self.timeout.is_some() { Duration::ZERO } else { self.rollback }
    }

    fn sum(&self) -> Duration {
        self.parts.iter().fold(Duration::ZERO, |sum, part| sum.saturating_add(part.duration))
    }
}

/// `waits up to 1 h 25 min: launch 60 min, traffic shift 15 min, slack 10 min`.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> =
            self.parts.iter().map(|part| format!("{} {}", part.name, span(part.duration))).collect();
        write!(f, "waits up to {}", span(self.total()))?;
        match self.timeout {
            Some(timeout) if timeout < self.sum() => {
                write!(f, " (--timeout); the deployment may take {}: {}", span(self.sum()), parts.join(", "))
            }
            Some(_) => f.write_str(" (--timeout)"),
            None => write!(f, ": {}", parts.join(", ")),
        }
    }
}
