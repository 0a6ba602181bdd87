//! The settings of a wait, and what its caller must do next.

use std::time::Duration;

use crate::deployment::group::{AutoRollback, TrafficRouting};
use crate::deployment::schedule::Budget;
use crate::deployment::until::Until;
use crate::deployment::verdict::Verdict;

/// How long a rollback deployment is looked for if one is configured or was requested. It appears some polls after
/// the end of the deployment that it rolls back.
pub const ROLLBACK_GRACE: Duration = Duration::from_mins(2);

/// How long it is looked for if none is configured: someone may have stopped the deployment with "roll back".
pub const SHORT_GRACE: Duration = Duration::from_secs(15);

/// The settings of a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The deployment to follow.
    pub deployment: String,
    /// The point that ends the wait.
    pub until: Until,
    /// How long to wait at most.
    pub budget: Budget,
    /// How its traffic shifts.
    pub routing: TrafficRouting,
    /// The group's automatic rollback, for a deployment without a setting of its own.
    pub auto_rollback: Option<AutoRollback>,
    /// What happens to the deployment if the wait times out.
    pub on_timeout: OnTimeout,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Sleep that long, then poll [`Follow::following`](super::state::Follow::following) and call [`Follow::observe`](super::state::Follow::observe) or [`Follow::missed`](super::state::Follow::missed).
    Poll(Duration),
    /// Sleep that long, then call [`Follow::tick`](super::state::Follow::tick): a heartbeat is due before the next poll.
    Tick(Duration),
    /// Stop the deployment, with a rollback or as the group is configured, then call
    /// [`Follow::stop_answered`](super::state::Follow::stop_answered).
    Stop {
        /// Whether to request a rollback.
        rollback: bool,
    },
    /// Poll this deployment from now on, starting immediately.
    FollowRollback(String),
    /// The wait has ended.
    Done(Verdict),
}

/// `--on-timeout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnTimeout {
    /// The deployment continues.
    #[default]
    Leave,
    /// It is stopped; a rollback follows if one is configured.
    Stop,
    /// It is stopped and rolled back.
    StopAndRollback,
}
