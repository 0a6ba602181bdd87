//! What is asked of CodeDeploy: revisions, refusals at once, and everything that can be read.

use std::time::Duration;

use e2e::{
    botocore,
    fake_aws::{
        codedeploy::{Group, OnTimeout},
        s3::Bucket,
    },
    python::Python,
    samples,
};
use serde_json::{Value, json};

use super::{ACCOUNT, CANARY, REGION, arn, aws, calls, deploy, group, one, request};

#[test]
fn a_revision_is_read_from_s3_and_checked() {
    if Python::shared().is_none() {
        return;
    }
    let yaml = |container: &str, port: &str| {
        format!(
            "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        \
             TaskDefinition: \"{}\"\n        LoadBalancerInfo:\n          ContainerName: {container}\n          \
             ContainerPort: {port}\n",
            arn(2)
        )
    };
    let check = |content: &str, kind: &str, key: &str, expect: &str| {
        let aws = aws(group());
        aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
        aws.put_object("revisions", "appspec", content.to_owned(), None);
        let place = json!({"bucket": "revisions", "key": key, "bundleType": kind});
        let mut request = request(&json!({}));
        request["revision"] = json!({"revisionType": "S3", "s3Location": place});
        let created = one(&aws, "codedeploy", "create_deployment", request.clone());
        let id = created["deploymentId"].as_str().expect("a deployment id").to_owned();
        aws.clock().advance(Duration::from_secs(10));
        let info = aws.deployment(&id);
        assert_eq!(info["revision"], request["revision"]);
        let error = &info["errorInformation"];
        let said = format!("{} {} {}", info["status"], error["code"], error["message"]);
        assert!(said.contains(expect), "{said}");
        let known = json!({"applicationName": "shop", "revision": request["revision"]});
        let known = one(&aws, "codedeploy", "get_application_revision", known);
        assert_eq!(known["revisionInfo"]["deploymentGroups"], json!(["web"]));
        botocore::check(&aws.all_calls());
    };
    check(&yaml("app", "8080"), "YAML", "appspec", "\"InProgress\" null");
    check(&samples::appspec(&arn(2)).to_string(), "JSON", "appspec", "\"InProgress\" null");
    check(&yaml("app", "8080"), "YAML", "none", "\"INVALID_REVISION\" \"The AppSpec file cannot be located");
    check("PK\u{3}\u{4}", "zip", "appspec", "the revision is a null file, but the revision provided is a zip file.");
    check("a: [", "YAML", "appspec", "is a not well-formed yaml. The template cannot be parsed.");
    check(&yaml("web", "8080"), "YAML", "appspec", "The container web does not exist in the task definition.");
    check(&yaml("app", "443"), "YAML", "appspec", "The container app did not have a container port 443 defined.");
}

#[test]
fn what_is_asked_wrongly_is_refused_at_once() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group());
    aws.add_group(ACCOUNT, REGION, Group::server("fleet", "all"));
    let table: Vec<(&str, Value, &str)> = vec![
        ("", json!({"applicationName": "none"}), "ApplicationDoesNotExistException"),
        ("", json!({"deploymentGroupName": "none"}), "DeploymentGroupDoesNotExistException"),
        ("", json!({"deploymentConfigName": "none"}), "DeploymentConfigDoesNotExistException"),
        ("", json!({"applicationName": "fleet", "deploymentGroupName": "all"}), "InvalidComputePlatformException"),
        ("", json!({"description": "x".repeat(257)}), "DescriptionTooLongException"),
        (
            "",
            json!({"autoRollbackConfiguration": {"enabled": true, "events": ["X"]}}),
            "InvalidAutoRollbackConfigException",
        ),
        ("", json!({"overrideAlarmConfiguration": {"enabled": true, "alarms": []}}), "InvalidAlarmConfigException"),
        (
            "",
            json!({"overrideAlarmConfiguration": {"alarms": vec![json!({"name": "a"}); 51]}}),
            "AlarmsLimitExceededException",
        ),
        (
            "",
            json!({"revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": "a", "sha256": "b"}}}),
            "InvalidRevisionException",
        ),
        ("get_deployment", json!({"deploymentId": "d-000000000"}), "DeploymentDoesNotExistException"),
        ("get_deployment", json!({"deploymentId": "1"}), "InvalidDeploymentIdException"),
        ("get_deployment_config", json!({"deploymentConfigName": "x"}), "DeploymentConfigDoesNotExistException"),
        ("list_deployments", json!({"applicationName": "shop"}), "DeploymentGroupNameRequiredException"),
        ("list_deployments", json!({"nextToken": "x"}), "InvalidNextTokenException"),
    ];
    for (operation, change, expect) in table {
        let mut parameters = change.clone();
        if operation.is_empty() {
            parameters = request(&samples::appspec(&arn(2)));
            for (name, value) in change.as_object().unwrap() {
                parameters[name] = value.clone();
            }
        }
        let operation = if operation.is_empty() { "create_deployment" } else { operation };
        assert_eq!(one(&aws, "codedeploy", operation, parameters)[1], expect, "{change}");
    }
    let id = deploy(&aws);
    let again = one(&aws, "codedeploy", "create_deployment", request(&samples::appspec(&arn(2))));
    let text = format!("The Deployment Group 'web' already has an active Deployment '{id}'");
    assert_eq!(again, json!([400, "DeploymentLimitExceededException", text]));
    let findings = botocore::findings(&aws.all_calls()).unwrap();
    // The one request that the model would not let through either.
    assert!(findings.len() == 1 && findings[0].contains("'X', not one of DEPLOYMENT_FAILURE"), "{findings:#?}");
}

#[test]
fn what_is_known_can_be_read_page_by_page() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group().alarms(&["errors"]).ready_wait(5, OnTimeout::Stop).without_test_route());
    aws.set_page_size(2);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.insert(0, deploy(&aws));
        one(&aws, "codedeploy", "stop_deployment", json!({"deploymentId": ids[0], "autoRollbackEnabled": false}));
        aws.clock().advance(Duration::from_secs(10));
    }
    let mut parameters = json!({"applicationName": "shop", "deploymentGroupName": "web"});
    let mut listed = Vec::new();
    loop {
        let page = one(&aws, "codedeploy", "list_deployments", parameters.clone());
        listed.extend(page["deployments"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        let Some(token) = page.get("nextToken") else { break };
        parameters["nextToken"] = token.clone();
    }
    assert_eq!(listed, ids);
    let group = json!({"applicationName": "shop", "deploymentGroupName": "web"});
    let revision = aws.deployment(&ids[0])["revision"].clone();
    assert_eq!(revision["appSpecContent"].as_object().unwrap().len(), 1, "the hash without the content");
    let known = calls(
        &aws,
        &[
            json!(["codedeploy", "get_application", {"applicationName": "shop"}]),
            json!(["codedeploy", "get_deployment_group", group]),
            json!(["codedeploy", "get_deployment_config", {"deploymentConfigName": CANARY}]),
            json!(["codedeploy", "batch_get_deployments", {"deploymentIds": [ids[0], ids[3], "d-000000000"]}]),
            json!(["codedeploy", "get_application_revision", {"applicationName": "shop", "revision": revision}]),
            json!(["codedeploy", "batch_get_application_revisions", {"applicationName": "shop", "revisions": [revision]}]),
            json!(["codedeploy", "list_deployments", {"createTimeRange": {"start": 1, "end": 2}}]),
            json!(["codedeploy", "list_deployment_targets", {"deploymentId": ids[0]}]),
        ],
    );
    assert_eq!(known[0]["application"]["computePlatform"], "ECS");
    assert_eq!(known[1]["deploymentGroupInfo"]["ecsServices"], json!([{"serviceName": "web", "clusterName": "main"}]));
    assert_eq!(known[1]["deploymentGroupInfo"]["lastAttemptedDeployment"]["deploymentId"], ids[0].as_str());
    let canary = json!({"canaryPercentage": 10, "canaryInterval": 5});
    assert_eq!(known[2]["deploymentConfigInfo"]["trafficRoutingConfig"]["timeBasedCanary"], canary);
    assert_eq!(known[3]["deploymentsInfo"].as_array().unwrap().len(), 2);
    assert_eq!(known[4]["revision"]["appSpecContent"]["content"], samples::appspec(&arn(2)).to_string());
    assert_eq!(known[5]["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(known[6]["deployments"], json!([]));
    assert_eq!(known[7][1], "DeploymentNotStartedException", "it was stopped before");
    botocore::check(&aws.all_calls());
}
