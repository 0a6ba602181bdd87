//! What is true of every service of the fake: faults and expired keys in each protocol, and that botocore's verdict can
//! be a bad one.

use std::{collections::BTreeSet, time::Duration};

use e2e::{
    botocore,
    environment::Environment,
    fake_aws::{faults::Fault, sts::Role},
    python::Python,
    samples,
};
use serde_json::{Value, json};

use super::{
    boto,
    codedeploy::{ACCOUNT, REGION, arn, aws, calls, deploy, group, one, request},
};

/// One call to each service of a deployment: JSON, CBOR, query and CBOR with query errors.
fn each_service() -> Value {
    json!([
        ["ecs", "describe_services", {"cluster": "main", "services": ["web"]}],
        ["codedeploy", "get_application", {"applicationName": "shop"}],
        ["elbv2", "describe_target_groups", {"Names": ["web-blue"]}],
        ["cloudwatch", "describe_alarms", {}]
    ])
}

fn codes(answers: Option<Vec<Value>>) -> Option<Value> {
    let codes = answers?.into_iter().map(|answer| answer.get(1).cloned().unwrap_or_else(|| json!("ok")));
    Some(codes.collect())
}

#[test]
fn faults_and_expired_keys_have_the_shape_of_each_protocol() {
    let aws = aws(group());
    let keys = aws.session(ACCOUNT, "deployer", &["*"]);
    let environment = Environment::of_aws(&aws.url(), REGION, &keys);
    let check = |expect: Value| {
        if let Some(codes) = codes(boto(&environment, &each_service())) {
            assert_eq!(codes, expect);
        }
    };
    check(json!(["ok", "ok", "ok", "ok"]));
    aws.fail_always("*", Fault::Throttled);
    check(json!(["ThrottlingException", "ThrottlingException", "Throttling", "Throttling"]));
    aws.heal();
    aws.fail_always("*", Fault::InternalError);
    check(json!(["ServerException", "InternalFailure", "InternalFailure", "InternalFailure"]));
    aws.heal();
    aws.expire(&keys, Duration::from_mins(15));
    aws.clock().advance(Duration::from_secs(899));
    check(json!(["ok", "ok", "ok", "ok"]));
    aws.clock().advance(Duration::from_secs(1));
    let expired = "ExpiredTokenException";
    check(json!([expired, expired, "ExpiredToken", expired]));
    let reader = aws.session(ACCOUNT, "reader", &["s3:*"]);
    let environment = Environment::of_aws(&aws.url(), REGION, &reader);
    let denied = "AccessDeniedException";
    if let Some(codes) = codes(boto(&environment, &each_service())) {
        assert_eq!(codes, json!([denied, denied, "AccessDenied", denied]));
    }
    botocore::check(&aws.all_calls());
}

#[test]
fn the_keys_of_a_role_expire_on_the_clock_of_the_fake() {
    let aws = aws(group());
    let role = "arn:aws:iam::111111111111:role/deployer";
    aws.add_role(Role::new(role, &["*"]));
    let keys = aws.session(ACCOUNT, "caller", &["*"]);
    let environment = Environment::of_aws(&aws.url(), REGION, &keys);
    let assume = json!([["sts", "assume_role", {"RoleArn": role, "RoleSessionName": "test", "DurationSeconds": 900}]]);
    let Some(assumed) = boto(&environment, &assume) else { return };
    let text = |name: &str| assumed[0]["Credentials"][name].as_str().unwrap().to_owned();
    let environment = environment
        .with("AWS_ACCESS_KEY_ID", &text("AccessKeyId"))
        .with("AWS_SECRET_ACCESS_KEY", &text("SecretAccessKey"))
        .with("AWS_SESSION_TOKEN", &text("SessionToken"));
    assert_eq!(codes(boto(&environment, &each_service())).unwrap()[1], "ok");
    aws.clock().advance(Duration::from_mins(15));
    assert_eq!(codes(boto(&environment, &each_service())).unwrap()[1], "ExpiredTokenException");
}

#[test]
fn a_lost_answer_leaves_a_deployment() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group());
    let create = || one(&aws, "codedeploy", "create_deployment", request(&samples::appspec(&arn(2))));
    aws.fail_next("codedeploy:CreateDeployment", [Fault::ResetAfter, Fault::ResetBefore]);
    assert_eq!(create()[0], 0);
    assert_eq!(create()[0], 0);
    assert_eq!(aws.deployments().len(), 1);
}

#[test]
fn a_wrong_answer_is_found() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group());
    deploy(&aws);
    let mut service = samples::service(ACCOUNT, REGION, "main", "odd", &arn(1));
    service["memberOfTomorrow"] = json!(1);
    service["desiredCount"] = json!("2");
    service["launchType"] = json!("MOON");
    aws.add_service(ACCOUNT, REGION, "main", &service);
    one(&aws, "ecs", "describe_services", json!({"cluster": "main", "services": ["odd"]}));
    let findings = botocore::findings(&aws.all_calls()).unwrap();
    let found = |text: &str| findings.iter().any(|line| line.contains(text));
    assert_eq!(findings.len(), 3, "{findings:#?}");
    assert!(found("memberOfTomorrow is not in the model"), "{findings:#?}");
    assert!(found("desiredCount is '2', not integer"), "{findings:#?}");
    assert!(found("launchType is 'MOON', not one of"), "{findings:#?}");
}

#[test]
fn a_thousand_deployments_are_no_burden() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group().keeping_old_tasks().launch_time(Duration::from_secs(1)));
    // One deployment ends before the next call arrives.
    aws.clock().speed(1_000_000.0);
    aws.set_page_size(50);
    let create = json!(["codedeploy", "create_deployment", request(&samples::appspec(&arn(2)))]);
    let created = calls(&aws, &vec![create; 1000]);
    let distinct: BTreeSet<&str> = created.iter().filter_map(|answer| answer["deploymentId"].as_str()).collect();
    assert_eq!(distinct.len(), 1000);
    let mut parameters = json!({"applicationName": "shop", "deploymentGroupName": "web"});
    let mut listed = BTreeSet::new();
    loop {
        let page = one(&aws, "codedeploy", "list_deployments", &parameters);
        listed.extend(page["deployments"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        let Some(token) = page.get("nextToken") else { break };
        parameters["nextToken"] = token.clone();
    }
    assert!(listed.iter().map(String::as_str).eq(distinct));
}
