//! Every example from apply to destroy, with a deployment made behind Terraform's back in between.

use e2e::{moto::DEFAULT_ACCOUNT, terraform::names};
use serde_json::{Value, json};

use crate::{
    aws,
    example::{Edit, Example, Neighbour, WORKLOAD},
    jenkins,
    pipeline::{self, Run},
    privilege,
};

/// The pipeline builds the image that it deploys. `sandbox.rs` has the pipeline without a build.
#[test]
fn minimal_app() {
    let Some(example) = Example::apply_with("minimal-app", |_| vec![("build_image", json!(true))]) else { return };
    example.is_settled("after apply");
    let (registered, built) = deploys_what_it_describes(&example, DEFAULT_ACCOUNT);
    let image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-dev/web";
    let digest = format!("{image}@sha256:{:064}", 7);
    assert_eq!(
        built["docker"],
        json!([
            "login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            format!("build --pull --file Dockerfile --tag {image}:build-7 ."),
            format!("push {image}:build-7"),
            format!("inspect --format {{{{range .RepoDigests}}}}{{{{println .}}}}{{{{end}}}} {image}:build-7"),
        ])
    );
    assert_eq!([&built["image"], &registered["containerDefinitions"][0]["image"]], [digest.as_str(); 2]);
    assert_eq!(moved_services(&example, DEFAULT_ACCOUNT), 1);
    example.is_settled("after a deployment");
    example.destroy();
}

/// A pushed image starts the pipeline, and is what the function deploys.
#[test]
fn minimal_app_deploys_the_image_of_a_repository() {
    let example = Example::apply_with("minimal-app", |seeded| {
        let ecr = json!({"repository_name": seeded["repository"], "image_tag": seeded["image_tag"]});
        vec![("pipeline_source", json!({ "ecr": ecr }))]
    });
    let Some(example) = example else { return };
    let (registered, _) = deploys_what_it_describes(&example, DEFAULT_ACCOUNT);
    let image = registered["containerDefinitions"][0]["image"].as_str().unwrap();
    assert!(image.contains("/example/web@sha256:"), "{image}");
    example.is_settled("after a deployment");
    example.destroy();
}

/// Two applications in the state of the load balancer, and the environments of two developers in states of their own.
#[test]
fn two_apps_and_two_developers_share_a_load_balancer() {
    let Some(example) = Example::apply("two-apps-one-alb") else { return };
    let developers = [("alice", "110"), ("bob", "120")];
    let developers = developers.map(|(developer, priority)| {
        example.beside("developer-environment", &[("developer", developer), ("priority", priority)])
    });
    at_once(&developers, |environment| drop(environment.configuration.apply(&[])));
    example.is_settled("beside two environments");
    at_once(&developers, |environment| assert_eq!(environment.configuration.plan(&[]), None));
    let moved = moved(&example, DEFAULT_ACCOUNT);
    let mut rules: Vec<&str> = moved.iter().flat_map(|it| it["listeners"].as_array().unwrap()).map(text).collect();
    rules.sort_unstable();
    rules.dedup();
    assert_eq!((moved.len(), rules.len()), (4, 8), "each service has a rule of its own on each listener: {moved:?}");
    example.is_settled("after a deployment");
    at_once(&developers, |environment| assert_eq!(environment.configuration.plan(&[]), None));
    at_once(&developers, |environment| drop(environment.configuration.destroy(&[])));
    example.destroy();
}

fn at_once(environments: &[Neighbour], act: impl Fn(&Neighbour) + Sync) {
    std::thread::scope(|scope| {
        for environment in environments {
            scope.spawn(|| act(environment));
        }
    });
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The load balancer has no test listener and serves one application by default, until deployments have left both
/// applications on green.
#[test]
fn listeners_and_rules_that_come_later_start_where_production_points() {
    const NO_TEST_LISTENER: Edit =
        ("load_balancer.tf", "test_listener = { port = local.test_port }", "test_listener = null");
    const BY_DEFAULT: Edit = (
        "load_balancer.tf",
        "[\"${app.host}.${module.context.account_private_domain}\"]
      path_patterns = app.path_patterns
      priority      = app.priority",
        "name == \"shop\" ? [] : [\"${app.host}.${module.context.account_private_domain}\"]
      path_patterns = app.path_patterns
      priority      = name == \"shop\" ? null : app.priority",
    );
    let edits = [NO_TEST_LISTENER, BY_DEFAULT];
    let Some(example) = Example::apply_edited("two-apps-one-alb", &edits, |_| Vec::new()) else { return };
    let serving = |moved: &[Value]| -> Vec<String> {
        moved.iter().map(|service| service["serving"].as_str().unwrap().to_owned()).collect()
    };
    let green = serving(&moved(&example, DEFAULT_ACCOUNT));
    assert!(green.len() == 2 && green.iter().all(|arn| arn.contains("-green/")), "{green:?}");
    example.is_settled("after a deployment");
    for (edit, routes) in [(NO_TEST_LISTENER, [2, 2]), (BY_DEFAULT, [2, 4])] {
        example.restore(edit);
        example.is_settled("after apply");
        // `api` has a rule on each listener. `shop` keeps the default actions and gets rules.
        let back = moved(&example, DEFAULT_ACCOUNT);
        let mut changed: Vec<usize> = back.iter().map(|it| it["listeners"].as_array().unwrap().len()).collect();
        changed.sort_unstable();
        assert_eq!(changed, routes, "{back:?}");
        assert!(serving(&back).iter().all(|arn| arn.contains("-blue/")), "{back:?}");
        assert_eq!(serving(&moved(&example, DEFAULT_ACCOUNT)), green);
    }
    example.destroy();
}

#[test]
fn cross_account() {
    let Some(example) = Example::apply("cross-account") else { return };
    example.is_settled("after apply");
    let (tools, workload) = (example.inventory(DEFAULT_ACCOUNT), example.inventory(WORKLOAD));
    for kind in ["cluster", "service", "load balancer", "application"] {
        assert!(tools.get(kind).is_none(), "the tools account sees no {kind} of the workload account: {tools}");
        assert!(workload.get(kind).is_some(), "the workload account has its {kind}: {workload}");
    }
    for kind in ["pipeline", "function"] {
        assert!(tools.get(kind).is_some() && workload.get(kind).is_none(), "{kind} is in the tools account alone");
    }
    deploys_what_it_describes(&example, WORKLOAD);
    assert_eq!(moved_services(&example, WORKLOAD), 1);
    example.is_settled("after a deployment");
    example.destroy();
}

#[test]
fn jenkins_deploys() {
    let Some(example) = Example::apply("jenkins") else { return };
    example.is_settled("after apply");
    let calls = jenkins::uses_every_verb(&example);
    privilege::check(&example, DEFAULT_ACCOUNT, calls);
    assert_eq!(moved_services(&example, DEFAULT_ACCOUNT), 1);
    example.is_settled("after a deployment");
    example.destroy();
}

/// The pipeline runs from its source to a deployment of the next revision, which is returned with what was built: the deploy
/// action can use what the real function has made.
fn deploys_what_it_describes(example: &Example, account: &str) -> (Value, Value) {
    let run = pipeline::run(example);
    let Run { result, deployed, .. } = &run;
    let built = run.built.clone();
    let registered = deployed["registered"].clone();
    assert_eq!(registered["revision"], 2, "{registered}");
    let variables = &result["outputVariables"];
    assert_eq!(variables["task_definition_revision"], "1", "what was described: {variables}");
    assert_eq!(variables["task_definition_family"], registered["family"]);
    assert_eq!(deployed["deployment"]["status"], "Created");
    let appspec = deployed["appspec"].as_str().unwrap();
    let arn = registered["taskDefinitionArn"].as_str().unwrap();
    assert!(appspec.contains(&format!("TaskDefinition: \"{arn}\"")), "{appspec}");
    let container = variables["container_name"].as_str().unwrap();
    assert!(appspec.contains(&format!("ContainerName: \"{container}\"")), "{appspec}");
    let lost = pipeline::loses_a_job(example)["failureDetails"]["message"].to_string();
    assert!(lost.contains("JOB07") && lost.contains("signal: killed"), "{lost}");
    rolls_back_as_its_layout_says(example, account, run);
    privilege::check(example, account, Vec::new());
    (registered, built)
}

/// Terraform registers a revision with more memory, then somebody rolls the stage Deploy back. If the generate action is in
/// that stage, the rollback describes the new revision; if it has a stage of its own, the old artifact is deployed.
fn rolls_back_as_its_layout_says(example: &Example, account: &str, run: Run) {
    let first = run.deployed["registered"].clone();
    let mut larger = first.clone();
    larger["memory"] = json!("2048");
    let larger = aws::run(include_str!("aws/register.py"), &example.environment(account), &larger);
    assert_eq!([&first["revision"], &larger["revision"]], [2, 3], "{larger}");
    let has_own_stage = run.generates_in_own_stage();
    let Run { result, deployed, .. } = pipeline::rolls_back(example, run);
    let (registered, expected) = (&deployed["registered"], if has_own_stage { &first } else { &larger });
    assert_eq!(registered["revision"], 4, "{registered}");
    assert_eq!(result.is_null(), has_own_stage, "whether the function was invoked: {result}");
    for member in ["cpu", "memory", "containerDefinitions"] {
        assert_eq!(registered[member], expected[member], "{member}");
    }
}

/// Makes a deployment in that account and says how many services it moved.
fn moved_services(example: &Example, account: &str) -> usize {
    moved(example, account).len()
}

/// The services that a deployment in that account moved, each with a listener or a rule at least.
fn moved(example: &Example, account: &str) -> Vec<Value> {
    let moved = aws::swap(&example.environment(account));
    for service in &moved {
        assert!(service["listeners"].as_array().is_some_and(|listeners| !listeners.is_empty()), "{service}");
        assert!(service["task_definition"].as_str().is_some_and(|arn| arn.contains(":task-definition/")), "{service}");
    }
    moved
}

/// No example is left out of the tests above and of `sandbox.rs`.
#[test]
fn every_example_is_applied() {
    assert_eq!(
        names("examples"),
        ["cross-account", "developer-environment", "jenkins", "minimal-app", "sandbox", "two-apps-one-alb"]
    );
}
