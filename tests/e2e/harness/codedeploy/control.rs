//! What is done to a deployment under way: continue and stop.

use std::time::Duration;

use e2e::{
    botocore,
    fake_aws::{
        FakeAws,
        codedeploy::{Group, OnTimeout},
    },
    python::Python,
};
use serde_json::{Value, json};

use super::{CANARY, aws, deploy, group, one, play};

#[test]
fn a_ready_deployment_waits_to_be_continued() {
    if Python::shared().is_none() {
        return;
    }
    let proceed = |aws: &FakeAws, id: &str, wait: &str| {
        one(aws, "codedeploy", "continue_deployment", json!({"deploymentId": id, "deploymentWaitType": wait}))
    };
    let code = |answer: &Value| answer[1].as_str().unwrap_or("ok").to_owned();
    let waiting = aws(group().ready_wait(30, OnTimeout::Stop).termination_wait(600));
    let id = deploy(&waiting);
    assert_eq!(code(&proceed(&waiting, &id, "READY_WAIT")), "DeploymentIsNotInReadyStateException");
    let ready = "Ready SSSSSPPP Blue PRIMARY 2/2 100.0%, Green ACTIVE 2/2 0.0%";
    play(&waiting, &id, &[(200, ready), (1_700, ready)]);
    assert_eq!(code(&proceed(&waiting, &id, "TERMINATION_WAIT")), "InvalidDeploymentStatusException");
    assert_eq!(code(&proceed(&waiting, &id, "READY_WAIT")), "ok");
    play(&waiting, &id, &[(10, "InProgress SSSSSSSS Green PRIMARY 2/2 100.0%, Blue ACTIVE 2/2 0.0%")]);
    assert_eq!(waiting.deployment(&id)["instanceTerminationWaitTimeStarted"], true);
    assert_eq!(code(&proceed(&waiting, &id, "TERMINATION_WAIT")), "ok");
    play(&waiting, &id, &[(12, "Succeeded SSSSSSSS Green PRIMARY 2/2 100.0%, Blue DRAINING 0/0 0.0%")]);
    assert_eq!(code(&proceed(&waiting, &id, "TERMINATION_WAIT")), "DeploymentAlreadyCompletedException");
    botocore::check(&waiting.all_calls());

    let check = |on_timeout, expect: &str| {
        let aws = aws(group().ready_wait(30, on_timeout));
        let id = deploy(&aws);
        aws.clock().advance(Duration::from_secs(1_990));
        let info = aws.deployment(&id);
        assert!(info.to_string().contains(expect), "{info}");
    };
    check(OnTimeout::Continue, "\"status\":\"InProgress\"");
    let text = "waiting for a notification to continue. This time out period is 30 minutes.";
    check(OnTimeout::Stop, text);
}

#[test]
fn a_deployment_can_be_stopped_once() {
    if Python::shared().is_none() {
        return;
    }
    let check = |group: Group, asked: Option<bool>, rolls_back: bool| {
        let aws = aws(group);
        let id = deploy(&aws);
        aws.clock().advance(Duration::from_secs(140));
        let mut parameters = json!({"deploymentId": id});
        if let Some(asked) = asked {
            parameters["autoRollbackEnabled"] = json!(asked);
        }
        let stop = || one(&aws, "codedeploy", "stop_deployment", parameters.clone());
        assert_eq!(stop()["status"], "Pending");
        assert_eq!(stop()["status"], "Pending");
        aws.clock().advance(Duration::from_mins(1));
        assert_eq!(stop()[1], "DeploymentAlreadyCompletedException");
        let info = aws.deployment(&id);
        assert_eq!((&info["status"], &info["errorInformation"]["code"]), (&json!("Stopped"), &json!("MANUAL_STOP")));
        assert_eq!(aws.deployments().len(), if rolls_back { 2 } else { 1 }, "{asked:?}");
        botocore::check(&aws.all_calls());
    };
    let only_failure = || group().config(CANARY).rolling_back_on(&["DEPLOYMENT_FAILURE"]);
    check(group().config(CANARY), None, true);
    check(group().config(CANARY), Some(false), false);
    check(only_failure(), None, false);
    check(only_failure(), Some(true), true);
    let aws = aws(group());
    let id = deploy(&aws);
    let stopped = one(&aws, "codedeploy", "stop_deployment", json!({"deploymentId": id}));
    assert_eq!(stopped["status"], "Succeeded", "it had not started");
}
