//! Another deployment is active in the group.

use e2e::fake_aws::codedeploy::{Listing, NamesActive};

use super::*;

const OLDEST_FIRST: Listing = Listing { oldest_first: true, lag: Duration::ZERO };

/// What the list looks like: its order, and how many deployments have ended since the active one was created.
#[test]
fn the_active_deployment_is_found_whatever_is_listed_first() {
    for (listing, ended) in [(Listing::default(), 60), (OLDEST_FIRST, 0), (OLDEST_FIRST, 60)] {
        let stage = Stage::new(group().termination_wait(600));
        let id = stage.created(&[]);
        stage.aws.add_stopped_deployments(ended);
        stage.aws.set_listing(listing);
        stage.aws.set_page_size(10);
        let second = stage.deploy(&["--no-wait", "--description", "another"]);
        assert_eq!(second.code, 14, "{listing:?} {ended}: {}", second.stderr);
        assert!(second.stderr.contains(&id), "{}", second.stderr);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 1, "{listing:?} {ended}: that of the first run");
    }
}

/// The list does not have it yet: CodeDeploy refuses once, and names it.
#[test]
fn a_refusal_names_the_active_deployment() {
    for names in [NamesActive::Today, NamesActive::Formerly, NamesActive::Not] {
        let stage = Stage::new(group().termination_wait(60));
        let id = stage.created(&[]);
        stage.aws.set_listing(Listing { lag: Duration::from_hours(24), ..Listing::default() });
        stage.aws.set_names_active(names);
        let second = stage.deploy(&["--no-wait", "--description", "another"]);
        assert_eq!(second.code, 14, "{names:?}: {}", second.stderr);
        assert!(second.stderr.contains(&id) || names == NamesActive::Not, "{names:?}: {}", second.stderr);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 2, "{names:?}: one of each run");
        if names == NamesActive::Not {
            continue;
        }
        let third = stage.deploy(&["--no-wait", "--description", "a third", "--on-conflict", "wait"]);
        assert_eq!(third.code, 0, "{names:?}: {}", third.stderr);
        assert!(third.stderr.contains(&format!("waiting for deployment {id}")), "{names:?}: {}", third.stderr);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 4, "{names:?}: refused once, then created");
        botocore::check(&stage.aws.all_calls());
    }
}

/// Its own deployment is the active one.
#[test]
fn a_lost_answer_is_found_by_the_refusal_that_follows() {
    // It is active for a minute, however busy the machine is.
    let stage = Stage::new(group().termination_wait(600));
    stage.aws.set_listing(Listing { lag: Duration::from_hours(24), ..Listing::default() });
    stage.aws.fail_next("codedeploy:CreateDeployment", [Fault::ResetAfter]);
    let id = stage.created(&[]);
    assert_eq!(stage.aws.deployments().len(), 1);
    assert_eq!(stage.aws.deployments()[0]["deploymentId"], id.as_str());
}

#[test]
fn a_newer_build_is_found_in_a_list_of_the_oldest_first() {
    let stage = Stage::new(group());
    assert_eq!(stage.deploy(&["--build-number", "8"]).code, 0);
    stage.aws.add_stopped_deployments(40);
    stage.aws.set_listing(OLDEST_FIRST);
    let older = stage.deploy(&["--build-number", "7"]);
    assert_eq!(older.code, 14, "{}", older.stderr);
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 1);
}

#[test]
fn an_active_deployment_is_named_and_nothing_is_created() {
    let stage = Stage::new(group().termination_wait(600));
    let id = stage.created(&[]);
    let second = stage.deploy(&["--no-wait", "--description", "another"]);
    assert_eq!(second.code, 14, "{}", second.stderr);
    assert!(second.stderr.contains(&id), "{}", second.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
}

#[test]
fn an_active_deployment_is_waited_for_where_asked() {
    let stage = Stage::new(group().termination_wait(30));
    stage.deploy(&["--no-wait"]);
    let second = stage.deploy(&["--on-conflict", "wait", "--description", "another"]);
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert_eq!(stage.aws.deployments().len(), 2);
}

#[test]
fn credentials_that_end_while_another_deployment_is_waited_for_are_told_from_others() {
    let stage = Stage::new(group().termination_wait(600));
    stage.deploy(&["--no-wait"]);
    stage.aws.expire(&stage.keys, Duration::from_mins(20));
    let second = stage.deploy(&["--on-conflict", "wait", "--description", "another"]);
    assert_eq!(second.code, 16, "{}", second.stderr);
    assert!(
        second.stderr.contains("DEP30: the credentials expired before a deployment was created"),
        "{}",
        second.stderr
    );
    assert_eq!(stage.aws.deployments().len(), 1);
    // Said before the wait, not in its middle.
    let (warned, waits) =
        (second.stderr.find("warning: these are temporary"), second.stderr.find("waiting for deployment"));
    assert!(warned.is_some() && warned < waits, "{}", second.stderr);
}

#[test]
fn an_active_deployment_is_stopped_where_asked() {
    let stage = Stage::new(group().termination_wait(600));
    stage.deploy(&["--no-wait"]);
    let second = stage.deploy(&["--on-conflict", "stop", "--description", "another", "--until", "traffic-shifted"]);
    assert_eq!(second.code, 0, "{}", second.stderr);
    assert_eq!(stage.count("codedeploy:StopDeployment"), 1);
}

#[test]
fn an_older_build_never_overtakes_a_newer_one() {
    let stage = Stage::new(group());
    let newer = stage.deploy(&["--build-number", "8"]);
    assert_eq!(newer.code, 0, "{}", newer.stderr);
    let older = stage.deploy(&["--build-number", "7"]);
    assert_eq!(older.code, 14, "{}", older.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
}

/// Whoever made the rollback: it restores the service, so it is waited for.
#[test]
fn a_rollback_is_waited_for_and_never_stopped() {
    let check = |stage: &Stage, rollback: &str| {
        let made = stage.aws.deployments().len();
        let refused = stage.deploy(&["--description", "another"]);
        assert_eq!(refused.code, 14, "{}", refused.stderr);
        assert!(refused.stderr.contains("wait for this rollback: `--on-conflict wait`"), "{}", refused.stderr);
        let next = stage.deploy(&["--on-conflict", "stop", "--description", "another", "--timeout", "30m"]);
        assert_eq!(next.code, 14, "{}", next.stderr);
        let said = format!("waiting for deployment {rollback}, a rollback, which is not stopped");
        assert!(next.stderr.contains(&said), "no {said} in {}", next.stderr);
        assert_eq!(stage.count("codedeploy:StopDeployment"), 0);
        assert_eq!(stage.aws.deployments().len(), made, "nothing else was created");
    };
    // CodeDeploy's own, which takes some seconds.
    let stage = Stage::playing(group(), Scenario::HookFails("AfterAllowTraffic"));
    stage.created(&[]);
    // It stays active, however loaded the machine is.
    stage.aws.clock().speed(0.001);
    while stage.aws.deployments().len() < 2 {
        stage.aws.clock().advance(Duration::from_secs(1));
    }
    let rollback = stage.aws.deployments()[1]["deploymentId"].as_str().expect("an id").to_owned();
    check(&stage, &rollback);
    // One by `codedeploy-artifact rollback`.
    let stage = Stage::new(group());
    let first = stage.scratch.write("first.json", samples::appspec(&arn(1)).to_string()).display().to_string();
    let args = ["deploy", "--appspec", &first, "--application", "shop", "--deployment-group", "web"];
    assert_eq!((stage.run(&args).code, stage.deploy(&[]).code), (0, 0));
    stage.aws.clock().speed(0.001);
    let args =
        ["rollback", "--application", "shop", "--deployment-group", "web", "--yes", "--no-wait", "--output", "json"];
    let made = stage.run(&args);
    assert_eq!(made.code, 0, "{}", made.stderr);
    // A second one has nothing to do.
    let again = stage.run(&args);
    assert_eq!(again.code, 14, "{}", again.stderr);
    assert!(again.stderr.contains("codedeploy-artifact wait d-"), "{}", again.stderr);
    check(&stage, last(&made)["deployment"]["id"].as_str().expect("an id"));
}
