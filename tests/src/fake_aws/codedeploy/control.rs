//! Operations on a deployment in progress: stop and continue.

use serde_json::{Value, json};

use super::{
    super::{Principal, Refusal, clock::Millis},
    CodeDeploy, refuse,
};

impl CodeDeploy {
    /// A stop takes a moment: the answer is `Pending` until then, also for a second request.
    pub(super) fn stop(&mut self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let at = self.find(caller, &body["deploymentId"])?;
        let deployment = &mut self.deployments[at];
        let before = deployment.timeline();
        if now >= before.end.at {
            let message = format!("The deployment {} is already completed", deployment.id);
            return Err(refuse("DeploymentAlreadyCompletedException", message));
        }
        if deployment.stopped.is_none() {
            deployment.stopped = Some((now, body.get("autoRollbackEnabled").and_then(Value::as_bool)));
        }
        Ok(if now < before.started {
            let message = "No more commands will be scheduled for execution in the deployment instances";
            json!({"status": "Succeeded", "statusMessage": message})
        } else {
            json!({"status": "Pending", "statusMessage": "Stopping of the deployment is in progress"})
        })
    }

    pub(super) fn continue_deployment(
        &mut self,
        caller: &Principal,
        body: &Value,
        now: Millis,
    ) -> Result<Value, Refusal> {
        let at = self.find(caller, &body["deploymentId"])?;
        let deployment = &mut self.deployments[at];
        let timeline = deployment.timeline();
        if now >= timeline.end.at {
            let message = format!("The deployment {} is already completed", deployment.id);
            return Err(refuse("DeploymentAlreadyCompletedException", message));
        }
        let during = |wait: Option<(Millis, Millis)>| wait.is_some_and(|(from, until)| from <= now && now < until);
        match body["deploymentWaitType"].as_str().unwrap_or("READY_WAIT") {
            "READY_WAIT" if during(timeline.ready) => deployment.continued_ready = Some(now),
            "TERMINATION_WAIT" if during(timeline.termination) => deployment.continued_termination = Some(now),
            "READY_WAIT" => {
                let message = format!("The deployment {} is not in the ready state", deployment.id);
                return Err(refuse("DeploymentIsNotInReadyStateException", message));
            }
            "TERMINATION_WAIT" => {
                let message =
                    format!("The deployment {} does not wait for the termination of instances", deployment.id);
                return Err(refuse("InvalidDeploymentStatusException", message));
            }
            other => {
                let message = format!("{other} is not a wait type");
                return Err(refuse("InvalidDeploymentWaitTypeException", message));
            }
        }
        Ok(Value::Null)
    }
}
