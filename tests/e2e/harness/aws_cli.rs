//! The command line of AWS deploys to the fake as users do today, and sees what the fake says it did. (It speaks JSON to
//! CodeDeploy, where boto3 speaks CBOR.)

use std::{process::Output, time::Duration};

use e2e::{
    botocore,
    environment::Environment,
    fake_aws::codedeploy::{OnTimeout, Scenario},
    python::Python,
    samples,
    scratch::Scratch,
};
use serde_json::{Value, json};

use super::codedeploy::{ACCOUNT, REGION, arn, aws, group};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[test]
fn aws_deploy_follows_a_deployment() {
    let Some(python) = Python::shared() else { return };
    let aws = aws(group().ready_wait(60, OnTimeout::Stop));
    let environment = Environment::of_aws(&aws.url(), REGION, &aws.session(ACCOUNT, "deployer", &["*"]));
    let run = |args: &[&str]| python.aws(&[&["deploy"], args].concat(), &environment);
    let revision =
        json!({"revisionType": "AppSpecContent", "appSpecContent": {"content": samples::appspec(&arn(2)).to_string()}});
    let create = ["create-deployment", "--application-name", "shop", "--deployment-group-name", "web", "--revision"];
    let created = json_of(&run(&[&create[..], &[&revision.to_string()]].concat()));
    let id = created["deploymentId"].as_str().unwrap();
    let again = run(&[&create[..], &[&revision.to_string()]].concat());
    assert_eq!(again.status.code(), Some(255));
    assert!(text(&again.stderr).contains(&format!("already has an active Deployment '{id}'")));

    aws.clock().advance(Duration::from_mins(5));
    let seen = json_of(&run(&["get-deployment", "--deployment-id", id]));
    assert_eq!(seen["deploymentInfo"]["status"], "Ready");
    let proceed = ["continue-deployment", "--deployment-wait-type", "READY_WAIT", "--deployment-id", id];
    assert!(run(&proceed).status.success());
    aws.clock().advance(Duration::from_secs(20));
    let target = json_of(&run(&["get-deployment-target", "--deployment-id", id, "--target-id", "main:web"]));
    assert_eq!(target["deploymentTarget"]["ecsTarget"]["taskSetsInfo"][0]["trafficWeight"], 100.0);
    let proceed = ["continue-deployment", "--deployment-wait-type", "TERMINATION_WAIT", "--deployment-id", id];
    assert!(run(&proceed).status.success());
    aws.clock().advance(Duration::from_secs(20));
    assert!(run(&["wait", "deployment-successful", "--deployment-id", id]).status.success());
    let stop = run(&["stop-deployment", "--deployment-id", id]);
    assert!(text(&stop.stderr).contains("(DeploymentAlreadyCompletedException)"), "{}", text(&stop.stderr));
    assert_eq!(aws.deployment(id)["status"], "Succeeded");
    botocore::check(&aws.all_calls());
}

#[test]
fn aws_ecs_deploy_agrees_with_the_fake() {
    let Some(python) = Python::shared() else { return };
    let check = |scenario: Scenario, code: i32, expect: &str, status: &str| {
        let aws = aws(group());
        aws.set_scenario("shop", "web", scenario);
        // One poll of its waiter is 15 real seconds; a simulated hour has passed by then.
        aws.clock().speed(3_600.0);
        let environment = Environment::of_aws(&aws.url(), REGION, &aws.session(ACCOUNT, "deployer", &["*"]));
        let scratch = Scratch::new();
        let appspec = scratch.write("appspec.json", samples::appspec("<TASK_DEFINITION>").to_string());
        let taskdef = scratch.write("taskdef.json", super::ecs::registrable().to_string());
        let (appspec, taskdef) = (appspec.display().to_string(), taskdef.display().to_string());
        let files = ["--task-definition", &taskdef, "--codedeploy-appspec", &appspec];
        let names = ["--codedeploy-application", "shop", "--codedeploy-deployment-group", "web"];
        let service = ["ecs", "deploy", "--service", "web", "--cluster", "main"];
        let output = python.aws(&[&service[..], &names, &files].concat(), &environment);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(expect), "{said}");
        let deployments = aws.deployments();
        assert_eq!(deployments[0]["status"], status);
        assert_eq!(aws.calls("ecs:RegisterTaskDefinition").len(), 1);
        botocore::check(&aws.all_calls());
    };
    std::thread::scope(|scope| {
        scope.spawn(|| check(Scenario::Succeeds, 0, "Successfully deployed arn:aws:ecs:", "Succeeded"));
        scope.spawn(|| check(Scenario::HookFails("AfterInstall"), 255, "Waiter DeploymentSuccessful failed", "Failed"));
    });
}
