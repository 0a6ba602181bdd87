//! Calls that AWS refused.

use e2e::fake_aws::{ecs::Rollout, faults::Fault, s3::Bucket};

use super::*;

fn refuse(code: &str, message: &Value) -> Fault {
    let message = message.as_str().expect("a message").to_owned();
    Fault::Refuse { status: 400, code: code.to_owned(), message }
}

/// Whichever way AWS says that another deployment is active, its id is named and no second one is made.
#[test]
fn an_active_deployment_is_named_in_both_forms() {
    for text in recorded("codedeploy-errors")["DeploymentLimitExceededException"].as_array().expect("texts") {
        let stage = Stage::new(group());
        stage.aws.fail_always("codedeploy:CreateDeployment", refuse("DeploymentLimitExceededException", text));
        replay(&stage, ID, &[json!({"deploymentId": ID, "status": "InProgress"})], Vec::new());
        let output = stage.deploy(&["--no-wait"]);
        assert_eq!(output.code, 14, "{text}: {}", output.stderr);
        contains(&output.stderr, &[ID]);
        assert_eq!(stage.aws.deployments().len(), 0, "{text}");
    }
}

/// A service can be given to CodeDeploy between the look at it and the update.
#[test]
fn an_update_that_the_deployment_controller_forbids_leads_to_deploy() {
    for text in recorded("codedeploy-errors")["UpdateService"].as_array().expect("texts") {
        let stage = Stage::new(group());
        let service = e2e::samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1));
        stage.aws.add_service(ACCOUNT, REGION, "main", &service);
        stage.aws.set_rollout("main", "api", Rollout::Completes);
        stage.aws.fail_always("ecs:UpdateService", refuse("InvalidParameterException", text));
        let output = stage.run(&["rotate", "main/api"]);
        assert_eq!(output.code, 2, "{text}: {}", output.stderr);
        contains(&output.stderr, &["SVC07", "codedeploy-artifact deploy"]);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_not_a_fault_of_the_request() {
    for error in recorded("s3-kms-errors")["errors"].as_array().expect("errors") {
        let stage = Stage::new(group());
        stage.aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
        let code = error["Code"].as_str().expect("a code");
        stage.aws.fail_always("s3:PutObject", refuse(code, &error["Message"]));
        let output =
            stage.run(&["upload", &stage.appspec, "--to", "s3://revisions/appspec.json", "--kms-key", "alias/shop"]);
        assert_eq!(output.code, 2, "{error}: {}", output.stderr);
        let said = error["Message"].as_str().unwrap_or_default().trim_end_matches('.');
        contains(&output.stderr, &["S3-09", "s3://revisions/appspec.json", said, "--kms-key"]);
        assert_eq!(stage.count("s3:PutObject"), 1, "it is tried once: {error}");
    }
}

/// The action that is missing is another one than that of the call.
#[test]
fn a_denied_tag_names_the_action_that_was_denied() {
    let messages = recorded("tag-denied")["messages"].clone();
    for (message, policy) in
        messages.as_array().expect("messages").iter().zip(["identity-based policy", "session policy"])
    {
        let stage = Stage::new(group());
        let artifact = stage.scratch.path().join("artifact.zip").display().to_string();
        let generate =
            ["generate", "--artifact", &artifact, "--task-definition", "web:2", "--images", "app=repo/app:9"];
        assert_eq!(stage.run(&generate).code, 0);
        stage.aws.fail_always("ecs:RegisterTaskDefinition", refuse("AccessDeniedException", message));
        let group = ["--application", "shop", "--deployment-group", "web", "--register"];
        let output = stage.run(&[&["deploy", "--artifact", &artifact], &group[..]].concat());
        assert_eq!(output.code, 4, "{message}: {}", output.stderr);
        contains(&output.stderr, &["ecs:TagResource", "task-definition/shop", policy]);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
    }
}
