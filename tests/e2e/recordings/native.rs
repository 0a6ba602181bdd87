//! Services that ECS itself deploys.

use super::*;

/// A service made of the recorded input of `CreateService`, which names no deployment controller.
fn stage() -> Stage {
    let stage = Stage::new(group());
    let recorded = recorded("native-service");
    let mut service = e2e::samples::native_blue_green_service(ACCOUNT, REGION, "main", "native", &arn(1));
    service["deploymentConfiguration"] = recorded["deploymentConfiguration"].clone();
    service["loadBalancers"] = recorded["loadBalancers"].clone();
    service.as_object_mut().expect("members").remove("deploymentController");
    stage.aws.add_service(ACCOUNT, REGION, "main", &service);
    stage.aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "native", "main", "native"));
    stage
}

#[test]
fn a_service_without_a_deployment_controller_is_not_one_of_codedeploy() {
    let stage = stage();
    let deploy = ["deploy", "--appspec", &stage.appspec, "--application", "shop", "--deployment-group", "native"];
    for args in [&deploy[..], &["generate", "--service", "main/native", "--artifact", "never.zip"]] {
        let output = stage.run(args);
        assert_eq!(output.code, 2, "{args:?}: {}", output.stderr);
        contains(&output.stderr, &["SVC04", "main/native", "aws ecs update-service"]);
    }
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
    let rotated = stage.run(&["rotate", "main/native"]);
    assert_eq!(rotated.code, 0, "{}", rotated.stderr);
    contains(&rotated.stderr, &["ECS itself deploys this service blue/green"]);
    botocore::check(&stage.aws.all_calls());
}

/// The rollout is gone from the list when ECS says why: the event decides.
#[test]
fn a_rotation_that_ecs_rolled_back_ends_with_the_words_of_ecs() {
    for event in recorded("status-reasons")["events"].as_array().expect("events") {
        let text = event["text"].as_str().expect("a text");
        let stage = Stage::new(group());
        let service = e2e::samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1));
        stage.aws.add_service(ACCOUNT, REGION, "main", &service);
        let steady = &service["deployments"][0];
        let mut started = steady.clone();
        (started["id"], started["rolloutState"]) = (json!("ecs-svc/1000000000000000002"), json!("IN_PROGRESS"));
        started["runningCount"] = json!(0);
        let mut before = steady.clone();
        before["status"] = json!("ACTIVE");
        let mut updating = service.clone();
        updating["deployments"] = json!([started, before]);
        let mut back = service.clone();
        // The ids of other texts were not recorded.
        let text = text.replace("<n>", "1000000000000000002");
        let text = if text.starts_with('(') {
            text
        } else {
            format!("(service api) (deployment ecs-svc/1000000000000000002) {text}")
        };
        back["events"] =
            json!([{"id": "00000000-0000-4000-8000-000000000002", "createdAt": 1_767_225_900.0, "message": text}]);
        let answer = |service: &Value| json!({"services": [service], "failures": []});
        stage.aws.replay("ecs:UpdateService", "", [json!({"service": updating})]);
        stage.aws.replay("ecs:DescribeServices", "api", [answer(&service), answer(&updating), answer(&back)]);
        let output = stage.run(&["rotate", "main/api"]);
        assert_eq!(output.code, 10, "{text}\n{}\n{}", output.text(), output.stderr);
        contains(&format!("{}{}", output.text(), output.stderr), &[&text]);
    }
}
