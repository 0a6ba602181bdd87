//! The rollback after the end of a deployment, which is a separate deployment.

use serde_json::json;

use super::{
    ROLLBACK_AFTER, TaskSet, Traffic,
    deployment::{Deployment, Kind},
    new_id,
    timeline::STOP_ON_ALARM,
};

impl Deployment {
    /// Adds the rollback after its end, if there is one.
    pub(super) fn settle(&mut self) -> Option<Deployment> {
        let timeline = self.timeline();
        self.settled = Some(timeline.end.status);
        if timeline.end.status == "Succeeded" || self.kind == Kind::Rollback || !self.rolls_back(timeline.end.cause) {
            return None;
        }
        if self.scenario.rollback_never_comes() {
            return None;
        }
        let installing = timeline.start_of("Install");
        // An alarm that stops a deployment before it has made anything is followed by a rollback, as recorded.
        if installing.is_none() && timeline.end.cause != STOP_ON_ALARM {
            let message = "A rollback is not possible at this point.";
            self.rollback_info = Some(json!({"rollbackMessage": message}));
            return None;
        }
        let (id, end) = (new_id(), timeline.end.at);
        let message =
            format!("Deployment {} terminated. Automatic rollback is triggered with a DeploymentId {id}.", self.id);
        self.rollback_info = Some(json!({"rollbackDeploymentId": id, "rollbackMessage": message}));
        let message = format!("Deployment {id} is triggered to roll back deployment {}.", self.id);
        let green = TaskSet { created: installing.unwrap_or(end), ..self.green.clone() };
        Some(Deployment {
            kind: Kind::Rollback,
            config: "CodeDeployDefault.ECSAllAtOnce".to_owned(),
            traffic: Traffic::AllAtOnce,
            created: end + ROLLBACK_AFTER,
            description: None,
            revision: self.previous_revision.clone().unwrap_or_else(|| self.revision.clone()),
            previous_revision: Some(self.revision.clone()),
            rollback_info: Some(json!({"rollbackTriggeringDeploymentId": self.id, "rollbackMessage": message})),
            weight: timeline.weight(self.weight, end),
            installed: installing.is_some(),
            stopped: None,
            continued_ready: None,
            continued_termination: None,
            settled: None,
            id,
            green,
            ..self.clone()
        })
    }
}
