//! Commands without an ID: the newest deployment of a group is meant.

use e2e::{botocore, fake_aws::codedeploy::Listing};
use serde_json::json;

use super::*;

/// Every way to name the group of a [`Stage`].
const SELECTORS: [&[&str]; 5] = [
    &["--service", "main/web"],
    &["--service", "arn:aws:ecs:eu-west-1:111111111111:service/main/web"],
    &["--cluster", "main", "--service", "web"],
    &["--application", "shop", "--deployment-group", "web"],
    &["--application", "shop", "--service", "main/web"],
];

pub(super) const SERVICE: &[&str] = &["--service", "main/web"];

/// Two deployments, the second of them without an end for hours; both IDs.
fn two() -> (Stage, String, String) {
    let stage = Stage::new(group().termination_wait(600));
    let first = stage.created(&["--description", "first"]);
    stage.aws.clock().advance(Duration::from_hours(24));
    let second = stage.created(&["--description", "second"]);
    (stage, first, second)
}

pub(super) fn run(stage: &Stage, verb: &str, more: &[&[&str]]) -> Output {
    stage.run(&[&[verb], more.concat().as_slice()].concat())
}

/// The deployments that were asked to stop or to continue.
fn acted_on(stage: &Stage, action: &str) -> Vec<String> {
    let calls = stage.aws.calls(action);
    calls.iter().map(|call| call.json()["deploymentId"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_group_stands_for_its_newest_deployment() {
    for oldest_first in [false, true] {
        let (stage, _, second) = two();
        stage.aws.set_listing(Listing { oldest_first, ..Listing::default() });
        for selector in SELECTORS {
            let output = run(&stage, "status", &[selector, &["--output", "json"]]);
            assert_eq!(output.code, 0, "{selector:?}: {}", output.stderr);
            assert_eq!(output.json()["deployment"]["id"], second.as_str(), "{selector:?}");
            let said: Vec<&str> = output.stderr.lines().filter(|line| line.starts_with("deployment ")).collect();
            let begin = format!("deployment {second} of shop/web, created 20");
            assert!(said.len() == 1 && said[0].starts_with(&begin), "{selector:?}: {}", output.stderr);
        }
        let by_id = run(&stage, "status", &[&[&second]]);
        assert!(by_id.stderr.is_empty(), "{}", by_id.stderr);
        botocore::check(&stage.aws.all_calls());
    }
}

/// The newest is not among the first page of a long list in another order.
#[test]
fn the_newest_is_found_in_a_list_of_any_order() {
    let stage = Stage::new(group());
    stage.created(&[]);
    stage.aws.clock().advance(Duration::from_hours(2));
    stage.aws.add_stopped_deployments(60);
    let newest = stage.aws.deployments().last().expect("a deployment")["deploymentId"].clone();
    for oldest_first in [false, true] {
        stage.aws.set_listing(Listing { oldest_first, ..Listing::default() });
        stage.aws.set_page_size(7);
        let output = run(&stage, "status", &[SERVICE, &["--output", "json"]]);
        assert_eq!(output.json()["deployment"]["id"], newest, "{}", output.stderr);
        let listed = run(&stage, "list", &[SERVICE, &["--limit", "1", "--status", "stopped", "--output", "json"]]);
        assert_eq!(listed.json()["deployments"][0]["id"], newest, "{}", listed.stderr);
    }
}

#[test]
fn a_wait_for_the_newest_ends_as_a_wait_for_its_id() {
    let stage = Stage::playing(group().rolling_back_on(&[]), Scenario::HookFails("AfterInstall"));
    let id = stage.created(&[]);
    let by_service = run(&stage, "wait", &[SERVICE]);
    let by_id = run(&stage, "wait", &[&[&id]]);
    assert_eq!((by_service.code, by_id.code), (11, 11), "{}", by_service.stderr);
    assert_eq!(by_service.text(), by_id.text());
    let again = run(&stage, "status", &[SERVICE, &["--exit-code"]]);
    assert_eq!(again.code, 11, "{}", again.stderr);
}

/// Also if somebody else has created it.
#[test]
fn the_deployment_in_progress_is_stopped() {
    let (stage, first, second) = two();
    let output = run(&stage, "stop", &[SERVICE, &["--output", "json"]]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(output.json()["deployment"], second.as_str());
    assert!(output.stderr.contains(&format!("deployment {second} of shop/web, created ")), "{}", output.stderr);
    assert_eq!(acted_on(&stage, "codedeploy:StopDeployment"), [&*second]);
    assert_eq!(stage.aws.deployment(&first)["status"], "Succeeded");
    botocore::check(&stage.aws.all_calls());
}

/// A stop that is sent twice does not stop the rollback of the first.
#[test]
fn a_rollback_is_stopped_by_its_id_only() {
    let (stage, _, second) = two();
    stage.aws.clock().speed(1.0);
    assert_eq!(run(&stage, "stop", &[SERVICE, &["--rollback"]]).code, 0);
    let rollback = loop {
        let newest = stage.aws.deployments().pop().expect("a deployment");
        if newest["creator"] == "codeDeployRollback" {
            break newest["deploymentId"].as_str().expect("an id").to_owned();
        }
        stage.aws.clock().advance(Duration::from_secs(1));
    };
    let again = run(&stage, "stop", &[SERVICE]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    let fault =
        format!("STP01: deployment {rollback}, which is in progress in shop/web, is a rollback; nothing was stopped");
    assert!(again.stderr.contains(&fault), "{}", again.stderr);
    assert_eq!(acted_on(&stage, "codedeploy:StopDeployment"), [second]);
    assert_eq!(run(&stage, "stop", &[&[&rollback]]).code, 0);
    let status = run(&stage, "status", &[SERVICE]);
    assert!(status.stderr.contains(&format!("deployment {rollback} of shop/web")), "{}", status.stderr);
}

/// While the stop is on its way, the deployment ends and another one begins.
#[test]
fn what_was_printed_is_what_is_stopped() {
    let stage = Stage::new(group().termination_wait(60));
    stage.aws.clock().speed(1.0);
    let first = stage.created(&[]);
    stage.aws.fail_next("codedeploy:StopDeployment", vec![Fault::Throttled; 2]);
    let running = Run::new([&["stop"], SERVICE].concat()).environment(stage.environment_at(1)).start();
    while stage.count("codedeploy:StopDeployment") == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    stage.aws.clock().advance(Duration::from_hours(4));
    let second = stage.created(&[]);
    let output = running.wait();
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.text().contains(&format!("deployment {first} has already succeeded")), "{}", output.text());
    assert!(acted_on(&stage, "codedeploy:StopDeployment").iter().all(|id| *id == first));
    assert_ne!(stage.aws.deployment(&second)["status"], "Stopped");
}

#[test]
fn a_deployment_that_waits_is_continued() {
    let stage = Stage::new(group().ready_wait(600, OnTimeout::Stop));
    let id = stage.created(&[]);
    let ready = run(&stage, "wait", &[SERVICE, &["--until", "ready"]]);
    assert_eq!(ready.code, 0, "{}", ready.stderr);
    let output = run(&stage, "continue", &[SERVICE, &["--output", "json"]]);
    assert_eq!((output.code, &output.json()["deployment"]), (0, &json!(id)), "{}", output.stderr);
    assert_eq!(acted_on(&stage, "codedeploy:ContinueDeployment"), [id]);
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn nothing_in_progress_is_nothing_to_act_on() {
    let stage = Stage::new(group());
    let id = stage.created(&[]);
    stage.aws.clock().advance(Duration::from_hours(2));
    let stopped = run(&stage, "stop", &[SERVICE, &["--rollback", "--wait", "--output", "json"]]);
    let said = run(&stage, "stop", &[SERVICE]).text();
    assert_eq!(stopped.code, run(&stage, "stop", &[&[&id]]).code, "{}", stopped.stderr);
    assert_eq!(stopped.json(), run(&stage, "stop", &[&[&id], &["--output", "json"]]).json());
    let newest = format!("no deployment of shop/web is in progress; the newest: deployment {id} has already succeeded");
    assert!(said.starts_with(&newest), "{said}");
    assert_eq!(acted_on(&stage, "codedeploy:StopDeployment"), [&*id, &*id], "only those by ID are sent");
    let continued = run(&stage, "continue", &[SERVICE, &["--wait-type", "ready"]]);
    assert_eq!(continued.code, 2, "{}", continued.stderr);
    let fault = format!("CON03: no deployment of shop/web is in progress: the newest, {id}, is Succeeded");
    assert!(continued.stderr.contains(&fault), "{}", continued.stderr);
    assert_eq!(stage.count("codedeploy:ContinueDeployment"), 0);
}

#[test]
fn a_group_without_deployments_has_none_to_act_on() {
    let stage = Stage::new(group());
    for verb in ["status", "wait", "stop", "continue"] {
        let output = run(&stage, verb, &[SERVICE]);
        assert_eq!(output.code, 3, "{verb}: {}", output.stderr);
        assert!(output.stderr.contains("DEP35: deployment group shop/web has no deployments"), "{}", output.stderr);
    }
    let list = run(&stage, "list", &[SERVICE]);
    assert_eq!((list.code, list.text().as_str()), (0, "shop/web has no deployments\n"), "{}", list.stderr);
    let list = run(&stage, "list", &[SERVICE, &["--status", "failed"]]);
    assert_eq!(list.text(), "shop/web has no deployments with this status\n");
    let list = run(&stage, "list", &[SERVICE, &["--output", "json"]]);
    assert_eq!(list.json(), json!({"application": "shop", "deployment_group": "web", "deployments": []}));
}

/// Nothing is stopped where it is not certain what is meant.
#[test]
fn what_names_no_group_or_two_is_refused() {
    let (stage, ..) = two();
    stage.aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "second", "main", "web"));
    let other = "arn:aws:ecs:eu-west-1:222222222222:service/main/web";
    let named = ["--application", "shop", "--deployment-group", "web"];
    for (flags, code, expect) in [
        (SERVICE.to_vec(), 2, "DEP33: 2 deployment groups deploy main/web: shop/second, shop/web"),
        ([&named[..], &["--service", "main/api"]].concat(), 2, "DEP23: deployment group shop/web deploys main/web"),
        ([&named[..], &["--service", other]].concat(), 2, "SVC13: "),
        ([&named[..], &["d-ABCDEFGHI"]].concat(), 2, "USE07: "),
        (vec![], 2, "DEP37: no deployment is named"),
        (vec!["--application", "shop"], 2, "DEP27: "),
        (vec!["--cluster", "main"], 2, "USE06: --service <CLUSTER/SERVICE> is required"),
        (
            vec!["--cluster", "other", "--service", "main/web"],
            2,
            "DEP34: the service main/web is not in the cluster other",
        ),
        (vec!["--service", "web"], 2, "PAR15: "),
        (vec!["--application", "absent", "--deployment-group", "web"], 3, "DEP06: "),
    ] {
        for verb in ["status", "wait", "stop", "continue"] {
            let output = run(&stage, verb, &[&flags]);
            assert_eq!(output.code, code, "{verb} {flags:?}: {}", output.stderr);
            assert!(output.stderr.contains(expect), "{verb} {flags:?}: no {expect} in {}", output.stderr);
        }
    }
    assert_eq!(stage.count("codedeploy:StopDeployment"), 0);
    let one = run(&stage, "stop", &[SERVICE, &["--application", "shop", "--deployment-group", "web"]]);
    assert_eq!((one.code, stage.count("codedeploy:StopDeployment")), (0, 1), "{}", one.stderr);
}

#[test]
fn a_denial_names_the_permission() {
    let (mut stage, ..) = two();
    let all = ["codedeploy:Get*", "codedeploy:List*", "codedeploy:BatchGet*", "codedeploy:StopDeployment"];
    for (denied, kept) in [("codedeploy:ListDeployments", 0), ("codedeploy:BatchGetDeployments", 1)] {
        let lists = ["codedeploy:ListApplications", "codedeploy:ListDeploymentGroups", "codedeploy:ListDeployments"];
        let batches = "codedeploy:BatchGetDeploymentGroups";
        let may = [&[all[0], all[3], batches][..], if kept == 0 { &lists[..2] } else { &lists[..] }].concat();
        stage.keys = stage.aws.session(ACCOUNT, "reader", &may);
        for verb in ["status", "wait", "stop", "continue", "list"] {
            let output = run(&stage, verb, &[SERVICE]);
            assert_eq!(output.code, 4, "{verb}: {}", output.stderr);
            let hint = format!("hint: allow {denied} ");
            assert!(output.stderr.contains(&hint), "{verb}: no {hint} in {}", output.stderr);
        }
    }
    assert_eq!(stage.count("codedeploy:StopDeployment"), 0);
}

#[test]
fn cluster_and_service_may_be_given_apart() {
    let stage = Stage::new(group());
    stage.aws.add_service(ACCOUNT, REGION, "main", &samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1)));
    let apart = ["--cluster", "main", "--service", "web"];
    let deployed = run(&stage, "deploy", &[&apart, &["--appspec", &stage.appspec, "--dry-run", "--output", "json"]]);
    assert_eq!(last(&deployed)["service"], "main/web", "{}", deployed.stderr);
    let artifact = stage.scratch.path().join("a.zip").display().to_string();
    let generated = run(&stage, "generate", &[&apart, &["--artifact", &artifact, "--container-name", "app"]]);
    assert_eq!(generated.code, 0, "{}", generated.stderr);
    for args in
        [&["api", "--cluster", "main"][..], &["--service", "api", "--cluster", "main"], &["--service", "main/api"]]
    {
        let rotated = run(&stage, "rotate", &[args]);
        assert_eq!(rotated.code, 0, "{args:?}: {}", rotated.stderr);
    }
    for (args, code) in [
        (&["main/api", "--service", "main/api"][..], "USE07"),
        (&["--cluster", "main"], "USE06"),
        (&["main/api", "--cluster", "other"], "DEP34"),
        (&["api"], "ROT01"),
    ] {
        let refused = run(&stage, "rotate", &[args]);
        assert_eq!(refused.code, 2, "{args:?}: {}", refused.stderr);
        assert!(refused.stderr.contains(code), "{args:?}: {}", refused.stderr);
    }
    assert_eq!(stage.count("ecs:UpdateService"), 3);
}

#[test]
fn a_rollback_finds_the_group_of_a_service() {
    let (stage, _) = Stage::history(group(), &["app:1", "app:2"]);
    let output = run(&stage, "rollback", &[&["--cluster", "main", "--service", "web", "--yes"]]);
    assert_eq!(output.code, 0, "{}\n{}", output.text(), output.stderr);
    assert!(output.stderr.contains("rollback of shop/web"), "{}", output.stderr);
    let nobody = run(&stage, "rollback", &[&["--yes"]]);
    assert!(nobody.code == 2 && nobody.stderr.contains("DEP27: "), "{}", nobody.stderr);
}
