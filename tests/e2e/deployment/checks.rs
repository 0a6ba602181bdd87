//! Checks against the running service, and the forecast of `--dry-run`.

use serde_json::json;

use super::*;

/// A stage whose service, and its primary task set, were changed.
fn stage_with(change: impl Fn(&mut Value)) -> Stage {
    let stage = Stage::new(group());
    let mut service = samples::service(ACCOUNT, REGION, "main", "web", &arn(1));
    change(&mut service);
    stage.aws.add_service(ACCOUNT, REGION, "main", &service);
    stage
}

/// The codes of the warnings of a dry run, from its JSON, after standard error has been seen to have them too.
fn warnings(stage: &Stage, appspec: &Value) -> Vec<String> {
    let appspec = stage.scratch.write("other.json", appspec.to_string()).display().to_string();
    let group = ["--application", "shop", "--deployment-group", "web", "--dry-run", "--output", "json"];
    let output = stage.run(&[&["deploy", "--appspec", &appspec], &group[..]].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    let plan = last(&output);
    let codes = plan["warnings"].as_array().expect("warnings").iter();
    let codes: Vec<String> = codes.map(|it| it["code"].as_str().expect("a code").to_owned()).collect();
    for code in &codes {
        assert!(output.stderr.contains(&format!("warning: {code}: ")), "{code} in {}", output.stderr);
    }
    assert_eq!(output.stderr.matches("warning: SVC").count(), codes.len(), "{}", output.stderr);
    codes
}

#[test]
fn what_the_appspec_drops_is_warned_of() {
    let spot = json!([{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]);
    let plain = json!([{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]);
    let stage = stage_with(|service| {
        service["taskSets"][0]["capacityProviderStrategy"] = spot.clone();
        service["taskSets"][0]["platformVersion"] = json!("1.3.0");
        service["taskSets"][0]["networkConfiguration"]["awsvpcConfiguration"]["subnets"] =
            json!(["subnet-00000000000000001"]);
    });
    let appspec = samples::appspec(&arn(2));
    assert_eq!(warnings(&stage, &appspec), ["SVC08", "SVC09", "SVC10"]);
    let mut keeps = appspec.clone();
    let properties = &mut keeps["Resources"][0]["TargetService"]["Properties"];
    properties["CapacityProviderStrategy"] = json!([{"CapacityProvider": "FARGATE_SPOT", "Base": 0, "Weight": 1}]);
    properties["PlatformVersion"] = json!("1.3.0");
    properties["NetworkConfiguration"] = json!({"AwsvpcConfiguration": {
        "Subnets": ["subnet-00000000000000001"], "SecurityGroups": ["sg-0123456789abcdef0"], "AssignPublicIp": "DISABLED"
    }});
    assert_eq!(warnings(&stage, &keeps), [""; 0]);
    let made = stage.deploy(&["--no-wait", "--output", "json"]);
    assert_eq!(last(&made)["warnings"].as_array().map(Vec::len), Some(3), "{}", made.text());

    // What makes no difference is no warning.
    for version in ["LATEST", "1.4.0"] {
        let stage = stage_with(|service| {
            service["taskSets"][0]["capacityProviderStrategy"] = plain.clone();
            service["taskSets"][0]["platformVersion"] = json!(version);
            let subnets = &mut service["networkConfiguration"]["awsvpcConfiguration"]["subnets"];
            subnets.as_array_mut().expect("subnets").reverse();
        });
        assert_eq!(warnings(&stage, &appspec), [""; 0], "{version}");
    }
}

#[test]
fn another_container_or_port_than_that_of_the_load_balancer_is_warned_of() {
    let appspec = samples::appspec(&arn(2));
    let stage = stage_with(|service| service["taskSets"][0]["loadBalancers"][0]["containerPort"] = json!(9090));
    assert_eq!(warnings(&stage, &appspec), ["SVC11"]);
    let stage = stage_with(|service| service["taskSets"][0]["loadBalancers"][0]["containerName"] = json!("old"));
    assert_eq!(warnings(&stage, &appspec), ["SVC11"]);
    // A service that says nothing of it, or has no task set yet.
    let stage = stage_with(|service| {
        service["loadBalancers"] = json!([]);
        service["taskSets"] = json!([]);
    });
    assert_eq!(warnings(&stage, &appspec), [""; 0]);
}

#[test]
fn a_service_behind_other_target_groups_is_refused() {
    let other = format!("arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/old-blue/6d0ecf831eec9f09");
    for more in [&[][..], &["--dry-run"], &["--no-wait"]] {
        let stage = stage_with(|service| {
            service["loadBalancers"][0]["targetGroupArn"] = json!(other);
            service["taskSets"][0]["loadBalancers"][0]["targetGroupArn"] = json!(other);
        });
        let output = stage.deploy(more);
        assert_eq!(output.code, 2, "{more:?}: {}", output.stderr);
        for part in ["SVC12", "old-blue", "web-blue, web-green", "shop/web"] {
            assert!(output.stderr.contains(part), "{more:?}: no {part} in {}", output.stderr);
        }
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
    }
    // Group and service agree again, by name and by ARN.
    let green = format!("arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/old-green/0d0ecf831eec9f09");
    for pair in [["old-blue", "old-green"], [other.as_str(), green.as_str()]] {
        let stage = stage_with(|service| {
            service["taskSets"][0]["loadBalancers"][0]["targetGroupArn"] = json!(other);
        });
        stage.aws.add_group(ACCOUNT, REGION, group().target_groups(pair[0], pair[1]));
        let output = stage.deploy(&["--dry-run"]);
        assert_eq!(output.code, 0, "{pair:?}: {}", output.stderr);
    }
}

/// The plan, and the exit code of the run that would follow.
#[test]
fn a_dry_run_ends_as_the_real_run_would() {
    let check = |stage: &Stage, more: &[&str], code: i32, said: &str| {
        let before = stage.count("codedeploy:CreateDeployment");
        let text = stage.deploy(&[&["--dry-run"], more].concat());
        assert_eq!(text.code, code, "{more:?}: {}", text.stderr);
        assert!(text.text().contains("would deploy") && text.text().contains(said), "{more:?}: {}", text.text());
        let json = stage.deploy(&[&["--dry-run", "--output", "json"], more].concat());
        assert_eq!(json.code, code, "{more:?}: {}", json.stderr);
        let plan = last(&json);
        assert_eq!((&plan["dry_run"], plan["error"].is_null()), (&true.into(), code == 0), "{more:?}: {plan}");
        if code == 14 {
            assert!(plan["error"]["code"].as_str().is_some_and(|code| text.stderr.contains(code)), "{more:?}: {plan}");
        }
        let created = stage.count("codedeploy:CreateDeployment");
        assert_eq!((created, stage.count("codedeploy:StopDeployment")), (before, 0), "{more:?}");
    };
    let stage = Stage::new(group().termination_wait(600));
    check(&stage, &[], 0, "none is active");
    let id = stage.created(&["--build-number", "8"]);
    check(&stage, &[], 14, &id);
    check(&stage, &["--on-conflict", "fail"], 14, &id);
    check(&stage, &["--on-conflict", "wait"], 0, "would wait for it");
    check(&stage, &["--on-conflict", "stop"], 0, "would stop it");
    check(&stage, &["--on-conflict", "wait", "--build-number", "7"], 14, "build 7 is older than build 8");
    let missing = stage.scratch.write("placeholder.json", samples::appspec("<TASK_DEFINITION>").to_string());
    let missing = missing.display().to_string();
    let group = ["--application", "shop", "--deployment-group", "web", "--dry-run"];
    assert_eq!(stage.run(&[&["deploy", "--appspec", &missing], &group[..]].concat()).code, 3);
}

#[test]
fn credentials_that_have_expired_before_a_deployment_was_made_have_one_code() {
    for action in [
        "codedeploy:GetDeploymentGroup",
        "ecs:DescribeServices",
        "codedeploy:ListDeployments",
        "codedeploy:CreateDeployment",
    ] {
        for more in [&[][..], &["--dry-run"]] {
            if action == "codedeploy:CreateDeployment" && !more.is_empty() {
                continue;
            }
            let stage = Stage::new(group());
            let code = "ExpiredTokenException".to_owned();
            let expired = Fault::Refuse { status: 400, code, message: "The security token has expired".to_owned() };
            stage.aws.fail_next(action, vec![expired; 3]);
            let output = stage.deploy(more);
            assert_eq!(output.code, 16, "{action} {more:?}: {}", output.stderr);
            assert!(output.stderr.contains("DEP30: the credentials expired before a deployment was created"));
            assert_eq!(stage.aws.deployments().len(), 0, "{action}");
        }
    }
    let stage = Stage::new(group());
    stage.aws.expire(&stage.keys, Duration::ZERO);
    assert_eq!(stage.deploy(&[]).code, 16);
    assert_eq!(stage.run(&["rollback", "--application", "shop", "--deployment-group", "web", "--yes"]).code, 16);
    assert_eq!(stage.run(&["status", "d-ABCDEFGHI"]).code, 4, "no deployment is to be made");
}

#[test]
fn the_build_number_of_the_environment_counts_within_a_named_job() {
    let stage = Stage::new(group());
    let deploy = |number: &str, job: Option<&str>, more: &[&str]| {
        let environment = stage.environment().with("BUILD_NUMBER", number);
        let environment = job.into_iter().fold(environment, |environment, job| environment.with("JOB_NAME", job));
        let output = Run::new(stage.deploy_args(more)).environment(environment).run();
        (output.code, output.stderr)
    };
    let code = |number: &str, job: Option<&str>, more: &[&str]| deploy(number, job, more).0;
    assert_eq!(code("5", None, &[]), 0);
    assert_eq!(code("4", None, &[]), 0, "no job, no order");
    assert_eq!(code("abc", None, &[]), 0, "it is not used");
    assert_eq!(code("8", Some("team/shop/main"), &[]), 0);
    assert_eq!(code("7", Some("team/shop/main"), &[]), 14);
    assert_eq!(code("7", Some("team/shop/other"), &[]), 0);
    let (wrong, said) = deploy("abc", Some("team/shop/main"), &[]);
    assert_eq!(wrong, 2, "{said}");
    assert!(said.contains("DEP26: BUILD_NUMBER: \"abc\" is not a number"), "{said}");
    assert_eq!(code("abc", Some("team/shop/main"), &["--build-number", "9"]), 0);
}
