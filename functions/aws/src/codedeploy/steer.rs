//! Stopping and continuing a deployment in progress.

use aws_sdk_codedeploy::types::{DeploymentWaitType, StopStatus};

use super::shared::{cause, client, not_waiting};
use crate::config::Aws;
use crate::error::AwsError;

/// The result of a request to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// CodeDeploy stops it; the deployment is final a little later.
    Pending {
        /// AWS's message.
        message: Option<String>,
    },
    /// It is stopped.
    Done {
        /// AWS's message.
        message: Option<String>,
    },
    /// It had already finished. Nothing was done.
    AlreadyFinished,
}

/// What a deployment waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// `READY_WAIT`: to shift production traffic.
    Ready,
    /// `TERMINATION_WAIT`: to terminate the blue task set.
    Termination,
}

/// The result of a request to continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continued {
    /// It continues.
    Yes,
    /// It had already finished. Nothing was done.
    AlreadyFinished,
}

/// `StopDeployment`. `rollback` is `autoRollbackEnabled`: whether a deployment of the last good revision follows;
/// without it the deployment does what its own automatic rollback says.
///
/// The call may be repeated: a deployment that has ended is no error.
pub async fn stop_deployment(aws: &Aws, id: &str, rollback: Option<bool>) -> Result<Stopped, AwsError> {
    let call = aws.call("codedeploy:StopDeployment", id)?;
    let request = client(aws).stop_deployment().deployment_id(id).set_auto_rollback_enabled(rollback);
    match call.answer(request.send().await, cause) {
        Err(error) if is_over(&error) => Ok(Stopped::AlreadyFinished),
        answer => {
            let answer = answer?;
            let message = answer.status_message().filter(|message| !message.is_empty()).map(str::to_owned);
            Ok(match answer.status() {
                Some(StopStatus::Succeeded) => Stopped::Done { message },
                _ => Stopped::Pending { message },
            })
        }
    }
}

/// `ContinueDeployment`: skips a wait.
pub async fn continue_deployment(aws: &Aws, id: &str, wait: Wait) -> Result<Continued, AwsError> {
    let call = aws.call("codedeploy:ContinueDeployment", id)?;
    let wait = match wait {
        Wait::Ready => DeploymentWaitType::ReadyWait,
        Wait::Termination => DeploymentWaitType::TerminationWait,
    };
    let answer = client(aws).continue_deployment().deployment_id(id).deployment_wait_type(wait).send().await;
    let answer = call.answer(answer, |call, facts| match facts.code.as_str() {
        "DeploymentIsNotInReadyStateException" | "InvalidDeploymentStatusException" => {
            not_waiting(&call.name(), &facts.message).into()
        }
        _ => cause(call, facts),
    });
    match answer {
        Err(error) if is_over(&error) => Ok(Continued::AlreadyFinished),
        answer => answer.map(|_| Continued::Yes),
    }
}

fn is_over(error: &AwsError) -> bool {
    error.aws_code() == "DeploymentAlreadyCompletedException"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};
    use serde_json::json;

    async fn start(answer: Answer) -> (Aws, FakeAws) {
        let fake = FakeAws::start(vec![answer]);
        (aws_at(&fake.url, Timeouts::default()).await, fake)
    }

    fn refused(code: &str, message: &str) -> Answer {
        Answer::json(400, &format!(r#"{{"__type":"{code}","message":"{message}"}}"#))
    }

    #[tokio::test]
    async fn a_stop_says_whether_it_rolls_back() {
        let cases = [
            (Some(true), json!({"deploymentId": "d-1", "autoRollbackEnabled": true})),
            (Some(false), json!({"deploymentId": "d-1", "autoRollbackEnabled": false})),
            (None, json!({"deploymentId": "d-1"})),
        ];
        for (rollback, expect) in cases {
            let (aws, fake) = start(Answer::json(200, r#"{"status":"Pending","statusMessage":"soon"}"#)).await;
            let stopped = stop_deployment(&aws, "d-1", rollback).await.unwrap();
            assert_eq!(stopped, Stopped::Pending { message: Some("soon".to_owned()) });
            let request = &fake.requests()[0];
            assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.StopDeployment"));
            assert_eq!(request.body_json(), expect);
        }
        let (aws, _) = start(Answer::json(200, r#"{"status":"Succeeded","statusMessage":""}"#)).await;
        assert_eq!(stop_deployment(&aws, "d-1", None).await.unwrap(), Stopped::Done { message: None });
    }

    #[tokio::test]
    async fn a_deployment_goes_on_with_what_it_waits_for() {
        for (wait, expect) in [(Wait::Ready, "READY_WAIT"), (Wait::Termination, "TERMINATION_WAIT")] {
            let (aws, fake) = start(Answer::json(200, "")).await;
            assert_eq!(continue_deployment(&aws, "d-1", wait).await.unwrap(), Continued::Yes);
            let request = &fake.requests()[0];
            assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.ContinueDeployment"));
            assert_eq!(request.body_json(), json!({"deploymentId": "d-1", "deploymentWaitType": expect}));
        }
    }

    #[tokio::test]
    async fn a_deployment_that_has_ended_is_no_error() {
        let over = || refused("DeploymentAlreadyCompletedException", "d-1 is already completed");
        assert_eq!(stop_deployment(&start(over()).await.0, "d-1", None).await.unwrap(), Stopped::AlreadyFinished);
        let (aws, _) = start(over()).await;
        assert_eq!(continue_deployment(&aws, "d-1", Wait::Ready).await.unwrap(), Continued::AlreadyFinished);
    }

    async fn check(code: &str, message: &str, stop: Expect, go_on: Expect) {
        let (aws, _) = start(refused(code, message)).await;
        stop.assert_eq(&Fault::from(stop_deployment(&aws, "d-1", None).await.unwrap_err()).report());
        let (aws, _) = start(refused(code, message)).await;
        go_on.assert_eq(&Fault::from(continue_deployment(&aws, "d-1", Wait::Ready).await.unwrap_err()).report());
    }

    #[tokio::test]
    async fn a_refusal_is_told() {
        check(
            "DeploymentDoesNotExistException",
            "m",
            expect![[r#"
                DEP02: deployment d-1 not found in eu-west-1
                hint: check the ID, Region and account; a deployment ID is `d-` and nine uppercase letters and digits"#]],
            expect![[r#"
                DEP02: deployment d-1 not found in eu-west-1
                hint: check the ID, Region and account; a deployment ID is `d-` and nine uppercase letters and digits"#]],
        )
        .await;
        check(
            "DeploymentIsNotInReadyStateException",
            "Not ready.",
            expect![[r#"
                AWS11: codedeploy:StopDeployment on d-1 in eu-west-1: AWS rejected the request: DeploymentIsNotInReadyStateException: Not ready
                hint: correct the request as described in the message from AWS"#]],
            expect![[r#"
                DEP09: deployment d-1 is not waiting to be continued: Not ready
                hint: check it with `codedeploy-artifact status`"#]],
        )
        .await;
        let denied = "User: arn:aws:iam::1:user/ci is not authorized to perform: codedeploy:StopDeployment";
        check("AccessDeniedException", denied, expect![[r#"
            AWS01: codedeploy:StopDeployment on d-1 in eu-west-1: access denied for arn:aws:iam::1:user/ci: User: arn:aws:iam::1:user/ci is not authorized to perform: codedeploy:StopDeployment
            hint: allow codedeploy:StopDeployment to arn:aws:iam::1:user/ci"#]], expect![[r#"
            AWS01: codedeploy:ContinueDeployment on d-1 in eu-west-1: access denied for arn:aws:iam::1:user/ci: User: arn:aws:iam::1:user/ci is not authorized to perform: codedeploy:StopDeployment
            hint: allow codedeploy:StopDeployment to arn:aws:iam::1:user/ci"#]]).await;
    }
}
