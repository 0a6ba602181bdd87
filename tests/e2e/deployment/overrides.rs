//! What a deployment says instead of its group, and what is only said and not done.

use super::*;

#[test]
fn config_rollback_alarms_and_description_are_sent() {
    let stage = Stage::new(group());
    let words = ["--deployment-config", CANARY, "--auto-rollback", "failure,alarm", "--alarm", "errors"];
    let output = stage.deploy(&[&words[..], &["--description", "release 7", "--no-wait"]].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    let sent = stage.aws.calls("codedeploy:CreateDeployment")[0].json();
    assert_eq!(sent["deploymentConfigName"], CANARY);
    assert_eq!(sent["autoRollbackConfiguration"]["enabled"], true);
    let events = sent["autoRollbackConfiguration"]["events"].to_string();
    assert!(events.contains("DEPLOYMENT_FAILURE") && events.contains("DEPLOYMENT_STOP_ON_ALARM"), "{events}");
    assert!(!events.contains("ON_REQUEST"), "{events}");
    assert_eq!(sent["overrideAlarmConfiguration"]["alarms"][0]["name"], "errors");
    let description = sent["description"].as_str().unwrap_or_default();
    assert!(description.contains("release 7") && description.contains("[token:"), "{description}");
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn a_dry_run_changes_nothing() {
    let stage = Stage::new(group());
    let output = stage.deploy(&["--dry-run"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.text().contains("nothing was changed"), "{}", output.text());
    let changing = ["codedeploy:CreateDeployment", "ecs:RegisterTaskDefinition", "s3:PutObject"];
    assert!(changing.iter().all(|action| stage.count(action) == 0));
}

/// All of it is looked up before anything is made.
#[test]
fn what_does_not_belong_together_is_refused_before_anything_is_made() {
    let stage = Stage::new(group());
    stage.aws.add_group(ACCOUNT, REGION, Group::server("shop-ec2", "fleet"));
    let native = samples::native_blue_green_service(ACCOUNT, REGION, "main", "native", &arn(1));
    stage.aws.add_service(ACCOUNT, REGION, "main", &native);
    stage.aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "native", "main", "native"));
    let check = |application: &str, group: &str, more: &[&str], code: i32, said: &str| {
        let args = ["deploy", "--appspec", &stage.appspec, "--application", application, "--deployment-group", group];
        let output = stage.run(&[&args[..], more].concat());
        assert_eq!(output.code, code, "{application}/{group}: {}", output.stderr);
        assert!(output.stderr.contains(said), "{application}/{group}: no {said} in {}", output.stderr);
    };
    check("absent", "web", &[], 3, "absent");
    check("shop", "absent", &[], 3, "absent");
    check("shop-ec2", "fleet", &[], 2, "Server");
    check("shop", "native", &[], 2, "SVC04");
    check("shop", "web", &["--service", "main/other"], 2, "main/other");
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
}

#[test]
fn tasks_that_fail_the_health_check_are_named() {
    let stage = Stage::playing(group().rolling_back_on(&[]), Scenario::UnhealthyTargets);
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 11, "{}", output.stderr);
    let all = format!("{}{}", output.text(), output.stderr);
    for part in ["failed ELB health checks", "health check path", "unhealthy targets"] {
        assert!(all.contains(part), "no {part} in\n{all}");
    }
}
