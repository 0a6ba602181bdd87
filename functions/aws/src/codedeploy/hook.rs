//! The result of a hook function.

use codedeploy_core::fault::{Explain, Fault};
use codedeploy_core::faults;
use serde_json::json;

use super::shared::{self, CODEDEPLOY};
use crate::answer::Facts;
use crate::call::Call;
use crate::config::{Aws, Timeouts};
use crate::error::{AwsError, Cause};
use crate::lean::{Arguments, send};

faults! {
    /// The faults of reporting the result of a hook.
    pub(crate) const FORMS;

    /// The lifecycle event has its result already, or CodeDeploy no longer waits for it.
    fn already_completed(name: &str) => "HK01" NotFound
        "the lifecycle event of deployment {name} is already completed",
        "no action is needed: the hook was already reported, or the deployment was stopped";

    /// CodeDeploy does not know the execution.
    fn unknown_execution(name: &str) => "HK02" Configuration
        "deployment {name} has no such hook execution",
        "let CodeDeploy invoke the function as a hook of the AppSpec; do not build the event by hand";
}

/// An execution of a hook, as its event names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookExecution {
    /// ID of the deployment.
    pub deployment: String,
    /// ID of the execution.
    pub execution: String,
}

/// Reports the result of a hook: `PutLifecycleEventHookExecutionStatus`. `false` is returned if the event had its result
/// already, which is the answer to a repeated report whose first answer was lost.
pub async fn put_hook_status(
    aws: &Aws,
    hook: &HookExecution,
    succeeded: bool,
    timeouts: Timeouts,
) -> Result<bool, AwsError> {
    let aws = aws.with_timeouts(timeouts);
    let call = aws.call("codedeploy:PutLifecycleEventHookExecutionStatus", &hook.deployment)?;
    let arguments = Arguments::Json(json!({
        "deploymentId": hook.deployment,
        "lifecycleEventHookExecutionId": hook.execution,
        "status": if succeeded { "Succeeded" } else { "Failed" },
    }));
    match send(&aws, &CODEDEPLOY, &call, arguments, cause).await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == "HK01" => Ok(false),
        Err(error) => Err(error),
    }
}

fn cause(call: &Call, facts: &Facts) -> Cause {
    let known: Option<Fault> = match facts.code.as_str() {
        "LifecycleEventAlreadyCompletedException" => Some(already_completed(&call.name())),
        "InvalidLifecycleEventHookExecutionIdException" => Some(unknown_execution(&call.name())),
        _ => None,
    };
    known.map_or_else(|| shared::cause(call, facts), Cause::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    async fn put(succeeded: bool, answers: Vec<Answer>) -> (Result<bool, AwsError>, FakeAws) {
        let fake = FakeAws::start(answers);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let hook = HookExecution { deployment: "d-1".to_owned(), execution: "eyJ".to_owned() };
        (put_hook_status(&aws, &hook, succeeded, Timeouts::default()).await, fake)
    }

    #[tokio::test]
    async fn the_result_is_sent_as_the_model_has_it() {
        for (succeeded, status) in [(true, "Succeeded"), (false, "Failed")] {
            let answer = Answer::json(200, r#"{"lifecycleEventHookExecutionId":"eyJ"}"#);
            let (result, fake) = put(succeeded, vec![answer]).await;
            assert!(result.unwrap());
            let request = &fake.requests()[0];
            let target = "CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus";
            assert_eq!(request.header("x-amz-target"), Some(target));
            let expect = json!({"deploymentId": "d-1", "lifecycleEventHookExecutionId": "eyJ", "status": status});
            assert_eq!(request.body_json(), expect);
        }
    }

    #[tokio::test]
    async fn an_event_that_is_completed_is_no_error() {
        let refused = |code: &str| Answer::json(400, &format!(r#"{{"__type":"{code}","message":"m"}}"#));
        let (result, fake) = put(true, vec![refused("LifecycleEventAlreadyCompletedException")]).await;
        assert!(!result.unwrap());
        assert_eq!(fake.requests().len(), 1);
        for (code, expect) in [
            ("InvalidLifecycleEventHookExecutionIdException", "HK02"),
            ("DeploymentDoesNotExistException", "DEP02"),
            ("AccessDeniedException", "AWS01"),
        ] {
            let (result, _) = put(true, vec![refused(code)]).await;
            assert_eq!(result.unwrap_err().code(), expect, "{code}");
        }
    }
}
