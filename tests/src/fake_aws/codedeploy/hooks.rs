//! Executions of hook functions, each of which accepts one result.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{FakeAws, Principal, Refusal},
    CodeDeploy, new_id, refuse,
};
use crate::unique;

/// An execution of a hook, and what was reported of it.
#[derive(Debug, Clone, Default)]
pub struct Hook {
    /// The status of each accepted report. More than one means that the fake is wrong.
    pub results: Vec<String>,
    /// How many reports were refused because the event was already completed.
    pub late_results: usize,
    account: String,
    deployment: String,
}

/// By the ID of the execution.
pub(super) type Hooks = BTreeMap<String, Hook>;

impl FakeAws {
    /// Adds a hook in progress, and returns the event that CodeDeploy invokes its function with.
    pub fn add_hook(&self, account: &str) -> Value {
        let (execution, deployment) = (unique::secret(), new_id());
        let hook = Hook { account: account.to_owned(), deployment: deployment.clone(), ..Hook::default() };
        self.state().codedeploy.hooks.insert(execution.clone(), hook);
        json!({"DeploymentId": deployment, "LifecycleEventHookExecutionId": execution})
    }

    /// The hook of an event that was added.
    pub fn hook(&self, event: &Value) -> Hook {
        let execution = event["LifecycleEventHookExecutionId"].as_str().unwrap_or_default();
        self.state().codedeploy.hooks.get(execution).cloned().expect("a hook that was added")
    }
}

impl CodeDeploy {
    /// As botocore's model has it: members are optional in the model and required by the service.
    pub(super) fn put_hook_status(&mut self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let deployment = text("deploymentId");
        if deployment.is_empty() {
            return Err(refuse("DeploymentIdRequiredException", "The deployment ID must be specified"));
        }
        let owned = |hook: &&mut Hook| hook.account == caller.account;
        if !self.hooks.values().any(|hook| hook.deployment == deployment && hook.account == caller.account) {
            let message = format!("The deployment {deployment} could not be found");
            return Err(refuse("DeploymentDoesNotExistException", message));
        }
        let execution = text("lifecycleEventHookExecutionId");
        let hook = self.hooks.get_mut(execution).filter(owned).filter(|hook| hook.deployment == deployment);
        let Some(hook) = hook else {
            let message = "The lifecycle event hook execution ID is not valid";
            return Err(refuse("InvalidLifecycleEventHookExecutionIdException", message));
        };
        let status = text("status");
        if !["Succeeded", "Failed"].contains(&status) {
            let message = format!("The status {status} is not valid; only Succeeded and Failed are");
            return Err(refuse("InvalidLifecycleEventHookExecutionStatusException", message));
        }
        if !hook.results.is_empty() {
            hook.late_results += 1;
            let message = format!("The lifecycle event of deployment {deployment} is already completed");
            return Err(refuse("LifecycleEventAlreadyCompletedException", message));
        }
        hook.results.push(status.to_owned());
        Ok(json!({"lifecycleEventHookExecutionId": execution}))
    }
}
