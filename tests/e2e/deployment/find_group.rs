//! `deploy --service CLUSTER/SERVICE` alone: the deployment group is found.

use super::*;

const READS: [&str; 4] = ["codedeploy:Get*", "codedeploy:ListDeployments", "codedeploy:BatchGetDeployments", "ecs:*"];

fn dry_run(stage: &Stage, more: &[&str]) -> Output {
    let args = ["deploy", "--appspec", &stage.appspec, "--dry-run", "--output", "json"];
    stage.run(&[&args[..], more].concat())
}

#[test]
fn the_group_that_deploys_the_service_is_found() {
    let stage = Stage::new(group());
    stage.aws.add_group(ACCOUNT, REGION, Group::server("fleet", "web"));
    stage.aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "api", "main", "api"));
    stage.aws.add_group(ACCOUNT, REGION, Group::ecs("other", "web", "other", "web"));
    stage.aws.set_page_size(1);
    let service = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/web");
    for more in
        [&["--service", "main/web"][..], &["--service", &service], &["--service", "main/web", "--application", "shop"]]
    {
        let output = dry_run(&stage, more);
        assert_eq!(output.code, 0, "{more:?}: {}", output.stderr);
        let plan = last(&output);
        assert_eq!((&plan["application"], &plan["deployment_group"]), (&"shop".into(), &"web".into()), "{more:?}");
        assert!(output.stderr.contains("note: deployment group shop/web deploys main/web"), "{}", output.stderr);
    }
    botocore::check(&stage.aws.all_calls());
}

/// Nothing is searched for if the assumed names are right, or if both are given.
#[test]
fn the_names_that_the_console_gives_come_first() {
    let stage = Stage::new(Group::ecs("AppECS-main-web", "DgpECS-main-web", "main", "web"));
    stage.aws.add_group(ACCOUNT, REGION, group());
    let output = dry_run(&stage, &["--service", "main/web"]);
    assert_eq!(last(&output)["deployment_group"], "DgpECS-main-web", "{}", output.stderr);
    let named = ["--application", "absent", "--deployment-group", "absent"];
    let absent = dry_run(&stage, &[&["--service", "main/web"], &named[..]].concat());
    assert_eq!(absent.code, 3, "{}", absent.stderr);
    assert!(!absent.stderr.contains("assumed"), "{}", absent.stderr);
    assert_eq!(stage.count("codedeploy:ListApplications"), 0);
}

/// The assumed group is there, and deploys something else.
#[test]
fn an_assumed_group_of_another_service_is_passed_over() {
    let stage = Stage::new(Group::ecs("AppECS-main-web", "DgpECS-main-web", "main", "old"));
    stage.aws.add_group(ACCOUNT, REGION, group());
    let output = dry_run(&stage, &["--service", "main/web"]);
    assert_eq!(last(&output)["application"], "shop", "{}", output.stderr);
}

#[test]
fn what_is_not_found_says_that_the_names_were_assumed() {
    let check = |stage: &Stage, code: i32, parts: &[&str]| {
        let output = dry_run(stage, &["--service", "main/web"]);
        assert_eq!(output.code, code, "{}", output.stderr);
        for part in [parts, &["--application", "--deployment-group"]].concat() {
            assert!(output.stderr.contains(part), "no {part} in {}", output.stderr);
        }
    };
    let nothing = Stage::new(Group::ecs("shop", "api", "main", "api"));
    check(&nothing, 3, &["DEP32", "assumed", "AppECS-main-web", "none of the 1 groups"]);
    let several = Stage::new(group());
    several.aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "second", "main", "web"));
    check(&several, 2, &["DEP33", "shop/second, shop/web"]);
    let mut denied = Stage::new(group());
    denied.keys = denied.aws.session(ACCOUNT, "reader", &READS);
    let actions =
        ["codedeploy:ListApplications", "codedeploy:ListDeploymentGroups", "codedeploy:BatchGetDeploymentGroups"];
    check(&denied, 3, &[&["DEP32", "assumed", "AppECS-main-web"][..], &actions].concat());
}
