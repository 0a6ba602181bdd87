//! A rollout that another one replaced: whether that was a rollback that no poll observed.

use codedeploy_aws::ecs::{Rollout, ServiceState};

use super::{Failure, Settle, primary};

impl Settle {
    /// Whether a rolling update now has another primary rollout. ECS's own blue/green keeps the old one primary until
    /// its end, so there only a third rollout counts.
    pub(super) fn is_replaced(&self, state: &ServiceState, ours: &Rollout) -> bool {
        let other = primary(state).filter(|primary| primary.id != ours.id);
        let was_primary = self.last.as_ref().is_some_and(|last| last.status == "PRIMARY");
        other.is_some_and(|other| !self.was_before(&other.id) || was_primary)
    }

    /// The failure of a rollout that another one replaced, although no poll showed it as `FAILED` and no event reported
    /// it: the primary rollout existed before, runs the earlier task definition, or has the reason of a rollback, or
    /// the tasks of the replaced one had failed.
    pub(super) fn unseen_failure(&self, state: &ServiceState) -> Option<Failure> {
        let primary = primary(state)?;
        let followed = self.rollout.as_deref().unwrap_or_default();
        let listed = state.rollouts.iter().filter(|rollout| rollout.id == primary.id || rollout.id == followed);
        let mut reasons = listed.chain(&self.last).filter_map(|rollout| rollout.state_reason.as_deref());
        let explained = reasons.find(|reason| tells_of_rollback(reason)).map(str::to_owned);
        let definition = |rollout: &Rollout| rollout.task_definition.clone();
        let ours = self.last.as_ref().and_then(definition);
        let went_back = ours.is_some()
            && definition(primary) != ours
            && self.before.iter().any(|rollout| rollout.task_definition == primary.task_definition);
        let failing = self.last.as_ref().filter(|last| last.failed > 0 && last.running == 0);
        let reason = if let Some(reason) = explained {
            reason
        } else if let Some(problem) = self.problems.iter().rev().find(|problem| tells_of_rollback(problem)) {
            problem.clone()
        } else if self.was_before(&primary.id) || went_back {
            format!("rollout {} was replaced: rollout {} is the primary one now", followed, primary.id)
        } else if let Some(failing) = failing {
            format!("{} tasks of rollout {followed} failed, and rollout {} replaced it", failing.failed, primary.id)
        } else {
            return None;
        };
        Some(Failure { reason: Some(reason) })
    }
}

/// Whether a message of ECS reports the rollback of a rollout.
fn tells_of_rollback(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["rolling back", "rolled back", "circuit breaker"].iter().any(|part| text.contains(part))
}
