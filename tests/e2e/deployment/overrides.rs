//! Settings of a deployment that override its group, and dry runs.

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

/// Before anything is registered or created, so that there is time to think.
#[test]
fn an_alarm_that_is_on_is_warned_of() {
    let check = |stage: &Stage, more: &[&str], warned: Option<&str>| {
        let dry = stage.deploy(&[&["--dry-run"], more].concat());
        assert_eq!(dry.code, 0, "{}", dry.stderr);
        let made = stage.deploy(&[&["--no-wait"], more].concat());
        assert_eq!(made.code, 0, "{}", made.stderr);
        for stderr in [&dry.stderr, &made.stderr] {
            match warned {
                Some(alarm) => {
                    let at = stderr.find(&format!("warning: alarm {alarm} is in ALARM"));
                    assert!(at.is_some() && stderr.contains("--no-alarms"), "{stderr}");
                    assert!(stderr.find("created").is_none_or(|created| at < Some(created)), "{stderr}");
                }
                None => assert!(!stderr.contains("ALARM"), "{stderr}"),
            }
        }
        stage.aws.calls("codedeploy:CreateDeployment").last().expect("a deployment").json()
    };
    std::thread::scope(|scope| {
        let check = &check;
        scope.spawn(move || {
            let stage = Stage::new(group().alarms(&["errors", "p99"]));
            stage.aws.set_alarm("p99", "ALARM");
            assert!(check(&stage, &[], Some("p99"))["overrideAlarmConfiguration"].is_null());
        });
        scope.spawn(move || {
            let stage = Stage::new(group().alarms(&["shop"]));
            stage.aws.set_composite_alarm("shop", "ALARM");
            check(&stage, &[], Some("shop"));
        });
        // Only the alarms that will watch this deployment count.
        scope.spawn(move || {
            let stage = Stage::new(group().alarms(&["errors"]));
            stage.aws.set_alarm("errors", "ALARM");
            stage.aws.set_alarm("p99", "OK");
            check(&stage, &["--alarm", "p99"], None);
        });
        scope.spawn(move || {
            let stage = Stage::new(group());
            stage.aws.set_alarm("p99", "ALARM");
            check(&stage, &["--alarm", "p99"], Some("p99"));
        });
        scope.spawn(move || {
            let stage = Stage::new(group().alarms(&["errors"]));
            stage.aws.set_alarm("errors", "ALARM");
            let sent = check(&stage, &["--no-alarms"], None);
            assert_eq!(sent["overrideAlarmConfiguration"]["enabled"], false, "{sent}");
            botocore::check(&stage.aws.all_calls());
        });
    });
}

#[test]
fn a_deployment_under_an_alarm_is_stopped_unless_alarms_are_off() {
    let stage = Stage::new(group().alarms(&["errors"]));
    stage.aws.set_alarm("errors", "ALARM");
    let stopped = stage.deploy(&[]);
    assert_eq!(stopped.code, 10, "{}", stopped.stderr);
    assert!(stopped.stderr.contains("Activated alarms: <errors>"), "{}", stopped.stderr);
    let deployed = stage.deploy(&["--no-alarms", "--description", "fix"]);
    assert_eq!(deployed.code, 0, "{}", deployed.stderr);
    let both = stage.deploy(&["--no-alarms", "--alarm", "errors"]);
    assert_eq!(both.code, 2, "{}", both.stderr);
}

#[test]
fn alarms_that_cannot_be_read_are_a_note() {
    let stage = Stage::new(group().alarms(&["errors"]));
    let keys = stage.aws.session(ACCOUNT, "deployer", &["codedeploy:*", "ecs:*"]);
    let stage = Stage { keys, ..stage };
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stderr.contains("note: could not check whether an alarm is in ALARM"), "{}", output.stderr);
    assert!(output.stderr.contains("cloudwatch:DescribeAlarms"), "{}", output.stderr);
}

/// The user guide allows 256 characters. What finds the deployment again comes first and is never cut.
#[test]
fn a_long_description_is_cut_behind_token_and_build() {
    let stage = Stage::new(group());
    let environment = stage.environment().with("JOB_NAME", &"shop/ü".repeat(60)).with("BUILD_NUMBER", "42");
    for (at, words) in ["x".repeat(300), "ü€𝄞".repeat(200)].into_iter().enumerate() {
        let args = stage.deploy_args(&["--description", &words, "--on-conflict", "stop", "--no-wait"]);
        let output = Run::new(args).environment(environment.clone()).run();
        assert_eq!(output.code, 0, "{}", output.stderr);
        let sent = stage.aws.calls("codedeploy:CreateDeployment")[at].json();
        let description = sent["description"].as_str().expect("a description");
        assert_eq!(description.chars().count(), 256, "{description}");
        assert!(description.starts_with("[token:") && description.contains("#42] "), "{description}");
        let begin: String = words.chars().take(50).collect();
        assert!(description.contains(&begin), "{description}");
    }
}

/// The quota is AWS's, and can be raised.
#[test]
fn aws_says_how_many_alarms_are_too_many() {
    let stage = Stage::new(group());
    let deploy = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("alarm-{number}")).collect();
        let alarms: Vec<&str> = names.iter().flat_map(|name| ["--alarm", name]).collect();
        stage.deploy(&[&["--no-wait", "--on-conflict", "stop"], &alarms[..]].concat())
    };
    for count in [11, 50] {
        let output = deploy(count);
        assert_eq!(output.code, 0, "{}", output.stderr);
        let sent = stage.aws.calls("codedeploy:CreateDeployment").last().expect("a deployment").json();
        assert_eq!(sent["overrideAlarmConfiguration"]["alarms"].as_array().map(Vec::len), Some(count));
    }
    let refused = deploy(51);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("AlarmsLimitExceededException"), "{}", refused.stderr);
    for name in ["", &"x".repeat(256)] {
        let refused = stage.deploy(&["--alarm", name]);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert!(refused.stderr.contains("1-255 characters"), "{}", refused.stderr);
    }
}
