//! `list`: the newest deployments of a group, as CodeDeploy and moto have them.

use e2e::{botocore, moto::Moto, python::Python, unique};
use serde_json::json;

use super::{
    chosen::{SERVICE, run},
    *,
};

#[test]
fn a_list_shows_what_the_aws_cli_lists() {
    let stage = Stage::playing(group(), Scenario::HookFails("AfterInstall"));
    let failed = stage.deploy(&["--output", "json", "--description", "1.6"]);
    assert_eq!(failed.code, 10, "{}", failed.stderr);
    stage.aws.set_scenario("shop", "web", Scenario::Succeeds);
    stage.aws.clock().speed(1.0);
    stage.aws.clock().advance(Duration::from_mins(1));
    let active = stage.created(&["--description", "1.7"]);
    let ids = |output: &Output| -> Vec<String> {
        let json = output.json();
        let all = json["deployments"].as_array().expect("deployments").iter();
        all.map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
    };
    let all = run(&stage, "list", &[SERVICE, &["--output", "json"]]);
    assert_eq!(all.code, 0, "{}", all.stderr);
    let [newest, rollback, oldest] = &ids(&all)[..] else { panic!("three deployments: {}", all.text()) };
    assert_eq!(*newest, active);
    let json = all.json();
    let [first, second, third] = [0, 1, 2].map(|at| &json["deployments"][at]);
    assert_eq!(first["completed_at"], Value::Null);
    assert_eq!((&second["creator"], &second["rolls_back"]), (&json!("codeDeployRollback"), &json!(oldest)));
    assert_eq!((&third["status"], &third["revision"]["type"]), (&json!("Failed"), &json!("AppSpecContent")));
    assert_eq!(third["rollback_deployment"], json!(rollback));
    assert!(third["age_seconds"].as_u64().is_some_and(|seconds| seconds > 0), "{third}");

    let limited = run(&stage, "list", &[SERVICE, &["--output", "json", "--limit", "2"]]);
    assert_eq!(ids(&limited), [&**newest, rollback]);
    let check = |statuses: &[&str], expect: &[&str]| {
        let flags: Vec<&str> = statuses.iter().flat_map(|status| ["--status", status]).collect();
        let output = run(&stage, "list", &[SERVICE, &flags, &["--output", "json"]]);
        assert_eq!(ids(&output), expect, "{statuses:?}: {}", output.stderr);
    };
    check(&["failed"], &[oldest]);
    check(&["Failed", "succeeded"], &[rollback, oldest]);
    check(&["active"], &[newest]);
    check(&["stopped"], &[]);

    let text = run(&stage, "list", &[SERVICE]).text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("DEPLOYMENT   STATUS") && lines[1].starts_with(&active), "{text}");
    assert!(lines[1].ends_with(" 1.7") && !text.contains("[token:"), "{text}");
    assert!(lines[2].ends_with(&format!("rollback  rolls back {oldest}")), "{text}");
    assert!(lines.iter().all(|line| line.len() <= 90), "{text}");

    botocore::check(&stage.aws.all_calls());
    let Some(python) = Python::shared() else { return };
    let list = ["deploy", "list-deployments", "--application-name", "shop", "--deployment-group-name", "web"];
    let theirs = python.aws(&list, &stage.environment());
    let theirs: Value = serde_json::from_slice(&theirs.stdout).expect("JSON of the AWS CLI");
    assert_eq!(theirs["deployments"], json!([newest, rollback, oldest]));
}

/// Whatever the length of the history, a list takes few calls, and throttling is waited out.
#[test]
fn a_list_takes_few_calls() {
    let stage = Stage::new(group());
    stage.created(&[]);
    stage.aws.clock().advance(Duration::from_hours(2));
    stage.aws.add_stopped_deployments(300);
    let count = |limit: &str| {
        let before = stage.aws.all_calls().len();
        let output = run(
            &stage,
            "list",
            &[SERVICE, &["--application", "shop", "--deployment-group", "web"], &["--limit", limit]],
        );
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(
            output.text().lines().count().to_string(),
            (limit.parse::<usize>().expect("a number") + 1).to_string()
        );
        stage.aws.all_calls().len() - before
    };
    assert_eq!(count("10"), 4, "GetApplication, GetDeploymentGroup, ListDeployments, BatchGetDeployments");
    assert_eq!(count("100"), 8, "ListDeployments gives 100 at once, BatchGetDeployments describes 25");
    stage.aws.fail_next("codedeploy:ListDeployments", vec![Fault::Throttled; 2]);
    stage.aws.fail_next("codedeploy:BatchGetDeployments", vec![Fault::Throttled, Fault::InternalError]);
    assert_eq!(count("10"), 8);
    for limit in ["0", "101", "x"] {
        assert_eq!(run(&stage, "list", &[SERVICE, &["--limit", limit]]).code, 2, "{limit}");
    }
}

/// An AWS emulator that is independent of this project.
#[test]
fn moto_lists_its_deployments_and_tells_the_newest() {
    let Some(moto) = Moto::shared() else { return };
    let account = "444444444444";
    let keys = moto.session(account);
    let aws = |args: &[&str]| moto.aws(REGION, &keys, &[&["deploy"], args].concat());
    let name = unique::name("shop");
    let group = ["--application-name", &name, "--deployment-group-name", "web"];
    aws(&["create-application", "--application-name", &name, "--compute-platform", "ECS"]);
    let role = format!("arn:aws:iam::{account}:role/codedeploy");
    let services = ["--ecs-services", "serviceName=web,clusterName=main"];
    let style = ["--deployment-style", "deploymentType=BLUE_GREEN,deploymentOption=WITH_TRAFFIC_CONTROL"];
    let more = ["--deployment-config-name", "CodeDeployDefault.ECSAllAtOnce", "--service-role-arn", &role];
    aws(&[&["create-deployment-group"], &group[..], &services, &style, &more].concat());
    let revision = json!({"revisionType": "AppSpecContent", "appSpecContent": {"content": "version: 0.0"}}).to_string();
    let create = |description: &str| {
        let made =
            aws(&[&["create-deployment"], &group[..], &["--revision", &revision, "--description", description]]
                .concat());
        made["deploymentId"].as_str().expect("an id").to_owned()
    };
    create("first");
    std::thread::sleep(Duration::from_millis(1_100));
    let newest = create("second");
    let environment = Environment::of_aws(&moto.url(), REGION, &keys);
    let run = |args: &[&str]| {
        let names = ["--application", &name, "--deployment-group", "web", "--output", "json"];
        Run::new([args, &names[..]].concat()).environment(environment.clone()).run()
    };
    let listed = run(&["list"]);
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    let described: Vec<Value> =
        listed.json()["deployments"].as_array().expect("a list").iter().map(|one| one["description"].clone()).collect();
    assert_eq!(described, ["second", "first"]);
    // moto has no targets of deployments, so the status itself ends there.
    let status = run(&["status"]);
    let chosen = format!("deployment {newest} of {name}/web, created 20");
    assert!(status.stderr.starts_with(&chosen), "{}", status.stderr);
}
