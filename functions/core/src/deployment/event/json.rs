//! An event as one JSON object, for `--output json`.

use serde_json::{Map, Value, json};

use super::{Event, Missed, What};
use crate::deployment::observation::DeploymentStatus;
use crate::deployment::target::Weight;
use crate::deployment::time::rfc3339;

impl Event {
    /// One JSON object: `event` is the type of the event and `deployment` the ID of its deployment. Times are RFC 3339
    /// in UTC, durations are seconds, traffic is in percent. Members without a value are left out.
    pub fn to_json(&self) -> Value {
        let (name, members) = match &self.what {
            What::Status { from, to, error } => (
                "status",
                json!({
                    "from": from.as_ref().map(DeploymentStatus::name),
                    "to": to.name(),
                    "error": error.as_ref().map(|error| json!({"code": error.code, "message": error.message})),
                }),
            ),
            What::UnknownStatus(status) => ("unknown-status", json!({"status": status})),
            What::Lifecycle { name, status, took, detail } => (
                "lifecycle",
                json!({
                    "name": name,
                    "status": status.name(),
                    "seconds": took.map(|took| took.as_secs()),
                    "detail": detail,
                }),
            ),
            What::Traffic { blue, green } => {
                ("traffic", json!({"blue": blue.map(Weight::to_json), "green": green.map(Weight::to_json)}))
            }
            What::Tasks { label, desired, pending, running } => {
                ("tasks", json!({"label": label.name(), "desired": desired, "pending": pending, "running": running}))
            }
            What::WaitsForContinue { stops_ms, .. } => {
                ("waits-for-continue", json!({"stops_at": stops_ms.and_then(rfc3339)}))
            }
            What::WaitsForTermination { ends_ms, .. } => {
                ("waits-for-termination", json!({"ends_at": ends_ms.and_then(rfc3339)}))
            }
            What::Message(text) => ("message", json!({"text": text})),
            What::RollbackExpected(grace) => ("rollback-expected", json!({"seconds": grace.as_secs()})),
            What::RollbackStarted { rollback } => ("rollback-started", json!({"rollback": rollback})),
            What::NoAnswer(missed) => ("no-answer", json!({"reason": missed.name()})),
            What::Problem(problem) => {
                ("problem", json!({"source": problem.source.name(), "id": problem.id, "reason": problem.reason}))
            }
            What::CouldNotCheck { what, why } => ("could-not-check", json!({"what": what, "why": why})),
            What::TimedOutStopping { rollback } => {
                ("on-timeout", json!({"action": if *rollback { "stop-and-rollback" } else { "stop" }}))
            }
            What::NotStopped { why } => ("not-stopped", json!({"why": why})),
            What::Heartbeat { status, waited, lifecycle, green, remaining, times_out, problem } => (
                "heartbeat",
                json!({
                    "status": status.as_ref().map(DeploymentStatus::name),
                    "waited_seconds": waited.as_secs(),
                    "lifecycle": lifecycle,
                    "green": green.map(Weight::to_json),
                    "remaining_seconds": remaining.map(|left| left.as_secs()),
                    "times_out_seconds": times_out.map(|left| left.as_secs()),
                    "problem": problem,
                }),
            ),
            What::End(verdict) => (
                "end",
                json!({
                    "verdict": verdict.name(),
                    "exit_code": verdict.exit_code(),
                    "rollback": verdict.rollback(),
                }),
            ),
        };
        let mut object = Map::new();
        object.insert("event".to_owned(), name.into());
        object.insert("deployment".to_owned(), self.deployment.as_str().into());
        if self.of_rollback {
            object.insert("of_rollback".to_owned(), true.into());
        }
        if let Value::Object(members) = members {
            object.extend(members.into_iter().filter(|(_, value)| !value.is_null()));
        }
        Value::Object(object)
    }
}

impl Missed {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Missed::Throttled => "throttled",
            Missed::Unavailable => "unavailable",
        }
    }
}
