//! CodeDeploy of the fake AWS, as boto3 sees it (in CBOR): every timeline, every refusal, and botocore's verdict on each
//! call.

mod control;
mod endings;
mod recordings;
mod requests;

use std::{borrow::Borrow, cell::RefCell, time::Duration};

use e2e::{
    botocore,
    environment::Environment,
    fake_aws::{
        FakeAws,
        codedeploy::{Group, Scenario, Traffic},
    },
    python::Python,
    recorded::recorded,
    samples,
};
use serde_json::{Value, json};

use super::boto;

pub(super) const ACCOUNT: &str = "111111111111";
pub(super) const REGION: &str = "eu-west-1";
const CANARY: &str = "CodeDeployDefault.ECSCanary10Percent5Minutes";
const LINEAR: &str = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes";

/// An AWS whose clock stands still, with a service `main/web` under CodeDeploy and two revisions of its task definition.
pub(super) fn aws(group: Group) -> FakeAws {
    let aws = FakeAws::start();
    aws.clock().speed(0.0);
    for revision in [1, 2] {
        aws.add_task_definition(&samples::task_definition(ACCOUNT, REGION, "web", revision, "x").to_string());
    }
    aws.add_service(ACCOUNT, REGION, "main", &samples::service(ACCOUNT, REGION, "main", "web", &arn(1)));
    aws.add_group(ACCOUNT, REGION, group);
    aws
}

pub(super) fn group() -> Group {
    Group::ecs("shop", "web", "main", "web")
}

pub(super) fn arn(revision: u64) -> String {
    format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:{revision}")
}

/// Makes the calls with boto3; an empty list where there is no Python.
pub(super) fn calls(aws: &FakeAws, calls: &[Value]) -> Vec<Value> {
    thread_local!(static CALLER: RefCell<Option<(String, Environment)>> = const { RefCell::new(None) });
    // A new client costs more than a hundred calls.
    let environment = CALLER.with_borrow_mut(|caller| {
        if caller.as_ref().is_none_or(|(url, _)| *url != aws.url()) {
            let session = aws.session(ACCOUNT, "deployer", &["*"]);
            *caller = Some((aws.url(), Environment::of_aws(&aws.url(), REGION, &session)));
        }
        caller.as_ref().map(|(_, environment)| environment.clone()).unwrap()
    });
    boto(&environment, &json!(calls)).unwrap_or_default()
}

pub(super) fn one(aws: &FakeAws, service: &str, operation: &str, parameters: impl Borrow<Value>) -> Value {
    calls(aws, &[json!([service, operation, parameters.borrow()])]).remove(0)
}

pub(super) fn request(appspec: &Value) -> Value {
    json!({
        "applicationName": "shop",
        "deploymentGroupName": "web",
        "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": appspec.to_string()}}
    })
}

pub(super) fn deploy(aws: &FakeAws) -> String {
    let created = one(aws, "codedeploy", "create_deployment", request(&samples::appspec(&arn(2))));
    created["deploymentId"].as_str().expect("a deployment id").to_owned()
}

/// What a deployment looks like now: its status, each event, and the task sets as `label status running weight`.
fn seen(aws: &FakeAws, id: &str) -> String {
    let target = json!({"deploymentId": id, "targetIds": ["main:web"]});
    let seen = calls(
        aws,
        &[
            json!(["codedeploy", "get_deployment", {"deploymentId": id}]),
            json!(["codedeploy", "batch_get_deployment_targets", target]),
            json!(["ecs", "describe_services", {"cluster": "main", "services": ["web"]}]),
        ],
    );
    let status = seen[0]["deploymentInfo"]["status"].as_str().unwrap();
    let Some(target) = seen[1]["deploymentTargets"].get(0) else { return format!("{status} {}", seen[1][1]) };
    let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    let target = &target["ecsTarget"];
    let events = target["lifecycleEvents"].as_array().unwrap();
    let events: String = events.iter().map(|event| text(event, "status").chars().take(1).collect::<String>()).collect();
    let sets = target["taskSetsInfo"].as_array().unwrap().iter().map(|set| {
        let (label, status) = (text(set, "taskSetLabel"), text(set, "status"));
        format!("{label} {status} {}/{} {}%", set["runningCount"], set["desiredCount"], set["trafficWeight"])
    });
    let of_service: Vec<&Value> = seen[2]["services"][0]["taskSets"].as_array().unwrap().iter().collect();
    assert_eq!(of_service.len(), target["taskSetsInfo"].as_array().unwrap().len(), "ECS sees the same task sets");
    format!("{status} {events} {}", sets.collect::<Vec<_>>().join(", "))
}

/// Plays a deployment: what is seen after so many more simulated seconds.
fn play(aws: &FakeAws, id: &str, table: &[(u64, &str)]) {
    if Python::shared().is_none() {
        return;
    }
    let mut passed = 0;
    for (seconds, expect) in table {
        aws.clock().advance(Duration::from_secs(*seconds));
        passed += seconds;
        assert_eq!(seen(aws, id), *expect, "after {passed} seconds");
    }
}

#[test]
fn a_canary_deployment_goes_all_the_way() {
    if Python::shared().is_none() {
        return;
    }
    let aws = aws(group().config(CANARY));
    let id = deploy(&aws);
    play(
        &aws,
        &id,
        &[
            (0, "Created \"DeploymentNotStartedException\""),
            (2, "Created \"DeploymentNotStartedException\""),
            (2, "InProgress SIPPPPPP Blue PRIMARY 2/2 100.0%, Green ACTIVE 0/2 0.0%"),
            (90, "InProgress SIPPPPPP Blue PRIMARY 2/2 100.0%, Green ACTIVE 1/2 0.0%"),
            (40, "InProgress SSSSSSIP Blue PRIMARY 2/2 90.0%, Green ACTIVE 2/2 10.0%"),
            (290, "InProgress SSSSSSIP Blue PRIMARY 2/2 90.0%, Green ACTIVE 2/2 10.0%"),
            (20, "InProgress SSSSSSSS Green PRIMARY 2/2 100.0%, Blue ACTIVE 2/2 0.0%"),
            (280, "InProgress SSSSSSSS Green PRIMARY 2/2 100.0%, Blue ACTIVE 2/2 0.0%"),
            (25, "Succeeded SSSSSSSS Green PRIMARY 2/2 100.0%, Blue DRAINING 0/0 0.0%"),
            (120, "Succeeded SSSSSSSS Green PRIMARY 2/2 100.0%"),
        ],
    );
    let service = one(&aws, "ecs", "describe_services", json!({"cluster": "main", "services": ["web"]}));
    assert_eq!(service["services"][0]["taskDefinition"], arn(2));
    let second = deploy(&aws);
    let info = one(&aws, "codedeploy", "get_deployment", json!({"deploymentId": second}));
    assert_eq!(info["deploymentInfo"]["previousRevision"], aws.deployment(&id)["revision"]);
    botocore::check(&aws.all_calls());
}

#[test]
fn traffic_moves_as_the_config_says() {
    let check = |traffic: Traffic, expect: &[(u64, &str)]| {
        let aws = aws(group().config("Own").launch_time(Duration::from_secs(1)));
        aws.add_deployment_config(ACCOUNT, REGION, "Own", traffic);
        if Python::shared().is_some() {
            let id = deploy(&aws);
            play(&aws, &id, expect);
            botocore::check(&aws.all_calls());
        }
    };
    let shifting = |blue, green| format!("InProgress SSSSSSIP Blue PRIMARY 2/2 {blue}%, Green ACTIVE 2/2 {green}%");
    let moved = "InProgress SSSSSSSS Green PRIMARY 2/2 100.0%, Blue ACTIVE 2/2 0.0%";
    check(Traffic::AllAtOnce, &[(20, moved)]);
    check(Traffic::Canary { percent: 25, minutes: 60 }, &[(10, &shifting("75.0", "25.0")), (3_610, moved)]);
    check(
        Traffic::Linear { percent: 40, minutes: 2 },
        &[(10, &shifting("60.0", "40.0")), (120, &shifting("20.0", "80.0")), (130, moved)],
    );
}

#[test]
fn a_failure_is_followed_by_a_rollback_deployment() {
    let aws = aws(group().config(LINEAR));
    aws.set_scenario("shop", "web", Scenario::HookFails("BeforeAllowTraffic"));
    if Python::shared().is_none() {
        return;
    }
    let mut appspec = samples::appspec(&arn(2));
    appspec["Hooks"] = json!([{"BeforeAllowTraffic": "check-new-tasks"}]);
    let id =
        one(&aws, "codedeploy", "create_deployment", request(&appspec))["deploymentId"].as_str().unwrap().to_owned();
    play(&aws, &id, &[(135, "Failed SSSSSFSS Blue PRIMARY 2/2 100.0%, Green ACTIVE 2/2 0.0%")]);
    let info = aws.deployment(&id);
    assert_eq!(info["errorInformation"], recorded("hook-failure")["original"]["errorInformation"]);

    aws.clock().advance(Duration::from_secs(4));
    let info = aws.deployment(&id);
    let back = info["rollbackInfo"]["rollbackDeploymentId"].as_str().unwrap().to_owned();
    let rollback = aws.deployment(&back);
    assert_eq!(rollback["creator"], "codeDeployRollback");
    assert_eq!(rollback["deploymentConfigName"], "CodeDeployDefault.ECSAllAtOnce");
    assert_eq!(rollback["rollbackInfo"]["rollbackTriggeringDeploymentId"], id.as_str());
    play(&aws, &back, &[(60, "Succeeded SSSSSSSS Blue PRIMARY 2/2 100.0%, Green DRAINING 0/0 0.0%")]);
    let listed = one(&aws, "codedeploy", "list_deployments", json!({"includeOnlyStatuses": ["Failed"]}));
    assert_eq!(listed, json!({"deployments": [id]}));
    botocore::check(&aws.all_calls());
}
