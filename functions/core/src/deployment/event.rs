//! The events of a wait, one line each.

mod json;

use std::fmt;
use std::time::Duration;

use super::observation::{DeploymentStatus, ErrorInfo};
use super::problem::Problem;
use super::target::{Label, LifecycleStatus, Weight};
use super::verdict::Verdict;
use crate::deployment::schedule::span;
use crate::fault::shown;
use crate::text::{LINE, safe};

/// Something that happened to a deployment. `Display` is one line without a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The deployment that it happened to.
    pub deployment: String,
    /// Whether that deployment is the rollback.
    pub of_rollback: bool,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The status changed, or was seen for the first time.
    Status {
        /// Before.
        from: Option<DeploymentStatus>,
        /// Now.
        to: DeploymentStatus,
        /// Why, if it failed or was stopped.
        error: Option<ErrorInfo>,
    },
    /// A status that this version does not know; reported once for each deployment.
    UnknownStatus(String),
    /// A lifecycle event began or ended.
    Lifecycle {
        /// Such as `AllowTraffic`.
        name: String,
        /// Its status.
        status: LifecycleStatus,
        /// How long it took, if it has ended and AWS reports it.
        took: Option<Duration>,
        /// Error code and message of its diagnostics, if it failed.
        detail: Option<String>,
    },
    /// Production traffic moved.
    Traffic {
        /// Share of the original task set.
        blue: Option<Weight>,
        /// Share of the replacement task set.
        green: Option<Weight>,
    },
    /// Task counts changed.
    Tasks {
        /// Blue or green.
        label: Label,
        /// Tasks wanted.
        desired: u32,
        /// Tasks that start.
        pending: u32,
        /// Tasks that run.
        running: u32,
    },
    /// The deployment waits for `ContinueDeployment`.
    WaitsForContinue {
        /// When it stops by itself, in milliseconds since 1970.
        stops_ms: Option<u64>,
        /// The time until then.
        left: Option<Duration>,
    },
    /// All traffic is on green; the blue task set waits to be terminated.
    WaitsForTermination {
        /// When the wait ends, in milliseconds since 1970; `None` if the deployment does not specify its length.
        ends_ms: Option<u64>,
        /// The time until then.
        left: Option<Duration>,
    },
    /// A message of CodeDeploy, new since the last poll.
    Message(String),
    /// The deployment did not succeed; a rollback is expected within this time.
    RollbackExpected(Duration),
    /// A rollback began and is followed from now on.
    RollbackStarted {
        /// The rollback deployment.
        rollback: String,
    },
    /// AWS has not answered several polls in a row.
    NoAnswer(Missed),
    /// A reason why the replacement task set does not become healthy, seen for the first time.
    Problem(Problem),
    /// A source of problems that AWS does not permit to read; reported once.
    CouldNotCheck {
        /// What was queried, such as `stopped tasks`.
        what: String,
        /// The permission that would allow it.
        why: String,
    },
    /// The wait timed out, and the deployment is going to be stopped.
    TimedOutStopping {
        /// Whether a rollback is requested.
        rollback: bool,
    },
    /// The wait timed out, and the deployment is not stopped.
    NotStopped {
        /// Why not.
        why: String,
    },
    /// A heartbeat: nothing happened for a while.
    Heartbeat {
        /// Status, if it is known.
        status: Option<DeploymentStatus>,
        /// Since the wait began.
        waited: Duration,
        /// The lifecycle event in progress.
        lifecycle: Option<String>,
        /// Share of the replacement task set.
        green: Option<Weight>,
        /// Expected time left; `None` if there is no forecast.
        remaining: Option<Duration>,
        /// Time until the wait times out.
        times_out: Option<Duration>,
        /// The newest problem, until the tasks have recovered.
        problem: Option<String>,
    },
    /// The end of the wait.
    End(Verdict),
}

/// Why a poll returned nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missed {
    /// AWS throttled the call.
    Throttled,
    /// AWS did not answer, answered with a server error, or does not find a rollback deployment yet that it has named.
    Unavailable,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of_rollback {
            f.write_str("rollback: ")?;
        }
        match &self.what {
            What::Status { from, to, error } => {
                write!(f, "deployment {}: ", shown(&self.deployment))?;
                if let Some(from) = from {
                    write!(f, "{from} -> ")?;
                }
                write!(f, "{to}")?;
                match error {
                    Some(error) => write!(f, ": {}: {}", shown(&error.code), safe(&error.message, LINE)),
                    None => Ok(()),
                }
            }
            What::UnknownStatus(status) => {
                write!(f, "deployment status {} is not known to this version; still waiting", shown(status))
            }
            What::Lifecycle { name, status, took, detail } => lifecycle(f, name, status, *took, detail.as_deref()),
            What::Traffic { blue, green } => {
                let share = |weight: &Option<Weight>| weight.map_or_else(|| "-".to_owned(), |share| share.to_string());
                write!(f, "traffic: blue {}, green {}", share(blue), share(green))
            }
            What::Tasks { label, desired, pending, running } => {
                write!(f, "{} task set: {running} of {desired} running", label.to_string().to_lowercase())?;
                if *pending > 0 { write!(f, ", {pending} pending") } else { Ok(()) }
            }
            What::WaitsForContinue { left, .. } => {
                write!(
                    f,
                    "waiting for ContinueDeployment: run `codedeploy-artifact continue {}`",
                    shown(&self.deployment)
                )?;
                match left {
                    Some(left) => write!(f, "; stops automatically in {}", span(*left)),
                    None => Ok(()),
                }
            }
            What::WaitsForTermination { left: Some(left), .. } => {
                write!(f, "all traffic is on green; the blue task set is terminated in {}", span(*left))
            }
            What::WaitsForTermination { left: None, .. } => {
                f.write_str("all traffic is on green; waiting to terminate the blue task set")
            }
            What::Message(text) => write!(f, "CodeDeploy: {}", safe(text, LINE)),
            What::RollbackExpected(grace) => write!(f, "waiting for a rollback deployment, up to {}", span(*grace)),
            What::RollbackStarted { rollback } => {
                write!(f, "rollback {} started; waiting for it to finish", shown(rollback))
            }
            What::NoAnswer(Missed::Throttled) => f.write_str("AWS is throttling requests; polling less often"),
            What::NoAnswer(Missed::Unavailable) => f.write_str("AWS is not responding; polling less often"),
            What::Problem(problem) => write!(f, "problem: {problem}"),
            What::CouldNotCheck { what, why } => write!(f, "could not check {what}: {}", safe(why, LINE)),
            What::TimedOutStopping { rollback } => {
                let how = if *rollback { " and rolling it back" } else { "" };
                write!(f, "timed out; stopping deployment {}{how}", shown(&self.deployment))
            }
            What::NotStopped { why } => {
                write!(f, "timed out; deployment {} is not stopped: {}", shown(&self.deployment), safe(why, LINE))
            }
            What::Heartbeat { .. } => heartbeat(f, &self.what),
            What::End(verdict) => f.write_str(&verdict.about(&self.deployment)),
        }
    }
}

fn lifecycle(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    status: &LifecycleStatus,
    took: Option<Duration>,
    detail: Option<&str>,
) -> fmt::Result {
    let verb = match status {
        LifecycleStatus::InProgress => "started",
        LifecycleStatus::Succeeded => "succeeded",
        LifecycleStatus::Failed => "failed",
        LifecycleStatus::Skipped => "skipped",
        LifecycleStatus::Pending => "is pending",
        LifecycleStatus::Unknown | LifecycleStatus::Other(_) => "is in an unknown state",
    };
    write!(f, "{} {verb}", shown(name))?;
    if let Some(took) = took {
        write!(f, " after {}", span(took))?;
    }
    match detail {
        Some(detail) => write!(f, ": {}", safe(detail, LINE)),
        None => Ok(()),
    }
}

fn heartbeat(f: &mut fmt::Formatter<'_>, what: &What) -> fmt::Result {
    let What::Heartbeat { status, waited, lifecycle, green, remaining, times_out, problem } = what else {
        return Ok(());
    };
    match status {
        Some(status) => write!(f, "still {status} after {}", span(*waited))?,
        None => write!(f, "no answer yet after {}", span(*waited))?,
    }
    if let Some(name) = lifecycle {
        write!(f, ", {} under way", shown(name))?;
    }
    if let Some(green) = green {
        write!(f, ", green {green}")?;
    }
    match (remaining, times_out) {
        (Some(left), _) if *left >= Duration::from_mins(1) => write!(f, ", about {} left", span(*left))?,
        (None, Some(left)) => write!(f, ", times out in {}", span(*left))?,
        _ => {}
    }
    match problem {
        Some(problem) => write!(f, "; problem: {}", safe(problem, SHORT)),
        None => Ok(()),
    }
}

/// The longest problem in a heartbeat, in characters. The event of the problem shows the whole text.
const SHORT: usize = 120;
