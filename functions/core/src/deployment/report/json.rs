//! A deployment as one JSON document.

use serde_json::{Value, json as value};

use crate::deployment::followed::{Followed, StoppedBy};
use crate::deployment::observation::Deployment;
use crate::deployment::target::{LifecycleEvent, Target, TaskSet};
use crate::deployment::time::rfc3339;
use crate::deployment::verdict::Verdict;
use crate::deployment::why::{Why, why};

/// The result of `wait`, `deploy` and `status` for programs. Times are RFC 3339 in UTC, durations are seconds, traffic
/// is in percent; `null` if AWS does not report it.
pub fn json(followed: &Followed) -> Value {
    let mut document = value!({
        "verdict": followed.verdict.as_ref().map(Verdict::name),
        "exit_code": followed.verdict.as_ref().map(Verdict::exit_code),
        "waited_seconds": followed.waited.as_secs(),
        "serving": followed.serving().name(),
        "serving_deployment": followed.serving_deployment(),
        "stopped_on_timeout": followed.stopped_by == Some(StoppedBy::Timeout),
        "notes": followed.notes(),
    });
    if let Value::Object(members) = &mut document {
        for (key, deployment, target) in followed.deployments() {
            members.insert(key.to_owned(), deployment_json(deployment, target));
        }
        members.entry("rollback").or_insert(Value::Null);
        members.insert("why".to_owned(), why(followed).as_ref().map_or(Value::Null, why_json));
    }
    document
}

fn deployment_json(deployment: &Deployment, target: Option<&Target>) -> Value {
    let mut document = summary(deployment);
    if let Value::Object(members) = &mut document {
        let target = value!({
            "lifecycle_events": target.map(|target| target.lifecycle_events.iter().map(event_json).collect::<Vec<_>>()),
            "task_sets": target.map(|target| target.task_sets.iter().map(task_set_json).collect::<Vec<_>>()),
        });
        members.extend(target.as_object().cloned().unwrap_or_default());
    }
    document
}

/// The answer of `GetDeployment`, without the target.
pub fn summary(deployment: &Deployment) -> Value {
    value!({
        "id": deployment.id,
        "application": deployment.application,
        "deployment_group": deployment.group,
        "status": deployment.status.name(),
        "creator": deployment.creator,
        "rolls_back": deployment.rollback.as_ref().and_then(|info| info.rollback_triggering_deployment_id.as_ref()),
        "description": deployment.description,
        "deployment_config": deployment.config_name,
        "created_at": deployment.created_ms.and_then(rfc3339),
        "started_at": deployment.started_ms.and_then(rfc3339),
        "completed_at": deployment.completed_ms.and_then(rfc3339),
    })
}

fn event_json(event: &LifecycleEvent) -> Value {
    value!({
        "name": event.name,
        "status": event.status.name(),
        "started_at": event.start_ms.and_then(rfc3339),
        "ended_at": event.end_ms.and_then(rfc3339),
        "seconds": event.took().map(|took| took.as_secs()),
    })
}

fn task_set_json(set: &TaskSet) -> Value {
    value!({
        "id": set.id,
        "label": set.label.name(),
        "status": set.status.name(),
        "desired": set.desired,
        "pending": set.pending,
        "running": set.running,
        "traffic_weight": set.traffic_weight.to_json(),
        "target_group": set.target_group,
    })
}

/// The failure block for programs. Texts are those of AWS, not shortened.
pub fn why_json(why: &Why) -> Value {
    let causes: Vec<Value> = why
        .causes
        .iter()
        .map(|cause| {
            value!({
                "kind": cause.kind.name(),
                "summary": cause.to_string(),
                "about": cause.about,
                "evidence": cause.evidence,
                "next_step": cause.next_step,
            })
        })
        .collect();
    value!({
        "causes": causes,
        "error": why.error.as_ref().map(|error| value!({"code": error.code, "message": error.message})),
        "lifecycle_event": why.event.as_ref().map(|event| value!({
            "name": event.name,
            "seconds": event.took.map(|took| took.as_secs()),
            "function": event.function,
            "error_code": event.diagnostics.error_code,
            "message": event.diagnostics.message,
            "log_tail": event.diagnostics.log_tail,
        })),
        "rollback_message": why.rollback_message,
        "serving": why.serving.name(),
        "evidence": why.evidence.to_json(),
        "next_step": why.next_step,
    })
}
