//! Observations -> progress and verdict: a deployment followed to its end, as a pure state machine.
//!
//! ```text
//!  Observation ──► Follow::observe ──► Vec<Event>      for people and programs: one line or one JSON object each
//!  (or Missed, Evidence)  │
//!                         └─► Follow::next ──► Poll(after) │ Tick(after) │ FollowRollback(id) │ Done(Verdict)
//!
//!                  Original ──ended badly──► Grace ──rollback seen──► RollingBack ──ended──► Done(Verdict)
//!                      │                       └──none came──────────────────────────────────────▲
//!                      └──succeeded, point reached, time over─────────────────────────────────────┘
//!
//!  Followed + Evidence ──► why ──► block ──► report: JSON, HTML, Markdown, JUnit XML
//! ```
//!
//! # Rules
//! * The final state decides, the rollback deployment included. A green result never hides a rollback.
//! * An answer that did not come is never an end. A status that this version does not know is not one either.
//! * Answers may be repeated, late, or skip states. What has ended does not begin again.
//! * Nothing grows with time.

pub mod report;
pub mod schedule;
pub mod why;

mod changes;
mod event;
mod evidence;
mod follow;
mod followed;
mod group;
mod history;
mod labels;
mod observation;
mod open_enum;
mod problem;
mod rollback;
mod target;
mod time;
mod track;
mod until;
mod verdict;

pub use event::{Event, Missed, What};
pub use evidence::report::section;
pub use evidence::{
    ContainerExit, Evidence, FiredAlarm, LogLine, LogOf, LogPlace, LogTail, Logged, PushedImage, Skipped, StoppedTask,
    UnhealthyTarget, invocation, masking,
};
pub use follow::{
    AFTER_STOP, Doubt, Follow, HEARTBEAT, LastLook, Next, OnTimeout, ROLLBACK_GRACE, Refusal, SHORT_GRACE, Watch,
};
pub use followed::{Followed, FollowedRollback, Serving, StoppedBy};
pub use group::{
    Alarms, AutoRollback, BlueGreen, EcsService, Group, ReadyAction, ReadyWait, RollbackEvent, TerminationAction,
    TerminationWait, TrafficRouting,
};
pub use history::{Happening, History, Sample, Share};
pub use observation::{Deployment, DeploymentStatus, ErrorInfo, Observation, Revision, RollbackInfo};
pub use problem::{Problem, Source, tells_of_trouble};
pub use rollback::{RequestedRollback, without_token};
pub use target::{
    Diagnostics, Label, LifecycleEvent, LifecycleStatus, Target, TargetStatus, TaskSet, TaskSetStatus, Weight,
};
pub use time::rfc3339;
pub use until::{UnknownPoint, Until};
pub use verdict::{
    EXIT_NOT_ROLLED_BACK, EXIT_ROLLED_BACK, EXIT_STOPPED, EXIT_SUCCEEDED, EXIT_TIMED_OUT, NotRolledBack, Pending,
    Rollback, Verdict, decide, rollback_event,
};

#[cfg(test)]
mod tests;
