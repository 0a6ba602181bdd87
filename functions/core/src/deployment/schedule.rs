//! The traffic plan, wait budget and forecast of a deployment config, and how often to poll.
//!
//! ```text
//!  deployment config ──► traffic plan ──┐
//!  deployment group ────────────────────┼─► budget: how long to wait at most, part by part
//!  hooks of the AppSpec, --until ───────┘      └─► forecast + observation ──► progress: stage, share done, time left
//! ```
//!
//! Nothing here reads a clock or a random number: both are arguments, time in milliseconds since 1970.

mod budget;
mod forecast;
mod pace;
mod span;
mod traffic;

pub use budget::{Budget, HOOK, LAUNCH, Part, PartName, ROLLBACK, SLACK};
pub use forecast::{Forecast, Progress, Stage};
pub use pace::{FASTEST, Pace, SLOWEST, THROTTLED};
pub use span::{millis, span};
pub use traffic::{Step, TrafficPlan, predefined};

#[cfg(test)]
mod tests;
