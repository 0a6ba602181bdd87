use super::*;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws};
use codedeploy_core::fault::{Explain, Fault, Kind};
use expect_test::expect;
use serde_json::json;

/// A deployment that failed and was rolled back, with every member that an ECS deployment can have.
const FAILED: &str = r#"{"deploymentInfo":{"applicationName":"app","deploymentGroupName":"dg",
    "deploymentConfigName":"CodeDeployDefault.ECSCanary10Percent5Minutes","deploymentId":"d-ABC123XYZ",
    "previousRevision":{"revisionType":"S3","s3Location":{"bucket":"b","key":"k","bundleType":"YAML",
      "version":"v","eTag":"\"e\""}},
    "revision":{"revisionType":"AppSpecContent","appSpecContent":{"sha256":"ab12"}},
    "status":"Failed","errorInformation":{"code":"HOOK_EXECUTION_FAILURE","message":"hook"},
    "createTime":1700000000.123,"startTime":1700000001,"completeTime":1.7000001E9,
    "deploymentOverview":{"Pending":0,"Failed":1},"description":"build 7","creator":"user",
    "ignoreApplicationStopFailures":false,
    "autoRollbackConfiguration":{"enabled":true,"events":["DEPLOYMENT_FAILURE","NEW_EVENT"]},
    "rollbackInfo":{"rollbackDeploymentId":"d-ROLLBACK1","rollbackMessage":"rolled back"},
    "blueGreenDeploymentConfiguration":{"deploymentReadyOption":{"actionOnTimeout":"STOP_DEPLOYMENT",
        "waitTimeInMinutes":5},
      "terminateBlueInstancesOnDeploymentSuccess":{"action":"TERMINATE","terminationWaitTimeInMinutes":60}},
    "instanceTerminationWaitTimeStarted":true,"additionalDeploymentStatusInfo":"more",
    "deploymentStatusMessages":["one"],"computePlatform":"ECS","externalId":"x","future":{"a":1}}}"#;

async fn start(answers: Vec<Answer>) -> (Aws, FakeAws) {
    let fake = FakeAws::start(answers);
    (aws_at(&fake.url, Timeouts::default()).await, fake)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a deployment has many members")]
async fn every_member_is_carried() {
    let (aws, fake) = start(vec![Answer::json(200, FAILED)]).await;
    let deployment = get_deployment(&aws, "d-ABC123XYZ").await.unwrap();
    let request = &fake.requests()[0];
    assert_eq!(request.header("x-amz-target"), Some("CodeDeploy_20141006.GetDeployment"));
    assert_eq!(request.body_json(), json!({"deploymentId": "d-ABC123XYZ"}));
    expect![[r#"
        Deployment {
            id: "d-ABC123XYZ",
            application: "app",
            group: "dg",
            status: Failed,
            error: Some(
                ErrorInfo {
                    code: "HOOK_EXECUTION_FAILURE",
                    message: "hook",
                },
            ),
            creator: Some(
                "user",
            ),
            description: Some(
                "build 7",
            ),
            created_ms: Some(
                1700000000123,
            ),
            started_ms: Some(
                1700000001000,
            ),
            completed_ms: Some(
                1700000100000,
            ),
            rollback: Some(
                RollbackInfo {
                    rollback_deployment_id: Some(
                        "d-ROLLBACK1",
                    ),
                    rollback_triggering_deployment_id: None,
                    message: Some(
                        "rolled back",
                    ),
                },
            ),
            messages: [
                "one",
            ],
            additional: Some(
                "more",
            ),
            termination_wait_started: true,
            config_name: Some(
                "CodeDeployDefault.ECSCanary10Percent5Minutes",
            ),
            revision: Some(
                AppSpecContent {
                    content: None,
                    sha256: Some(
                        "ab12",
                    ),
                },
            ),
            previous_revision: Some(
                S3 {
                    bucket: "b",
                    key: "k",
                    bundle_type: "YAML",
                    version: Some(
                        "v",
                    ),
                    etag: Some(
                        "e",
                    ),
                },
            ),
            auto_rollback: Some(
                AutoRollback {
                    enabled: true,
                    events: [
                        Failure,
                        Other(
                            "NEW_EVENT",
                        ),
                    ],
                },
            ),
            blue_green: BlueGreen {
                ready: Some(
                    ReadyWait {
                        action: StopDeployment,
                        wait_minutes: 5,
                    },
                ),
                termination: Some(
                    TerminationWait {
                        action: Terminate,
                        wait_minutes: 60,
                    },
                ),
            },
            external_id: Some(
                "x",
            ),
        }
    "#]]
    .assert_debug_eq(&deployment);
}

#[tokio::test]
async fn a_new_status_is_carried_by_name() {
    let body = r#"{"deploymentInfo":{"deploymentId":"d-1","status":"Brewing"}}"#;
    let (aws, _) = start(vec![Answer::json(200, body)]).await;
    let expect = Deployment::new("d-1", DeploymentStatus::Other("Brewing".to_owned()));
    assert_eq!(get_deployment(&aws, "d-1").await.unwrap(), expect);
}

#[tokio::test]
async fn an_unknown_deployment_is_not_found() {
    let refused = |code: &str| {
        Answer::json(400, &format!(r#"{{"__type":"{code}","message":"The deployment d-XYZ could not be found"}}"#))
    };
    let (aws, _) =
        start(vec![refused("InvalidDeploymentIdException"), refused("DeploymentDoesNotExistException")]).await;
    let error = get_deployment(&aws, "d-XYZ").await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("DEP02", Kind::NotFound));
    let error = get_deployment(&aws, "d-XYZ").await.unwrap_err();
    expect![[r#"
        DEP02: deployment d-XYZ not found in eu-west-1
        hint: check the ID, Region and account; a deployment ID is `d-` and nine uppercase letters and digits"#]]
    .assert_eq(&Fault::from(error).report());
}

#[tokio::test]
async fn many_are_asked_for_in_parts_and_come_newest_first() {
    let info =
        |id: &str, created: u32| format!(r#"{{"deploymentId":"{id}","status":"Succeeded","createTime":{created}}}"#);
    let first = format!(r#"{{"deploymentsInfo":[{},{}]}}"#, info("d-a", 5), info("d-b", 9));
    let second = format!(r#"{{"deploymentsInfo":[{}]}}"#, info("d-c", 7));
    let (aws, fake) = start(vec![Answer::json(200, &first), Answer::json(200, &second)]).await;
    let ids: Vec<String> = (0..26).map(|number| format!("d-{number}")).collect();
    let found = batch_get_deployments(&aws, &ids).await.unwrap();
    let found: Vec<&str> = found.iter().map(|deployment| deployment.id.as_str()).collect();
    assert_eq!(found, ["d-b", "d-c", "d-a"]);
    let asked: Vec<usize> =
        fake.requests().iter().map(|request| request.body_json()["deploymentIds"].as_array().unwrap().len()).collect();
    assert_eq!(asked, [25, 1]);
    assert_eq!(batch_get_deployments(&aws, &[]).await.unwrap(), Vec::new());
}
