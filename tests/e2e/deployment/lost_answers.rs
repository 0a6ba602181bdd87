//! `CreateDeployment` has no idempotency token: a lost answer must not make a second deployment.

use std::sync::atomic::{AtomicU64, Ordering};

use e2e::size::size;

use super::*;

/// `CREATES` asks for more than the usual fifty.
#[test]
fn a_lost_answer_never_makes_a_second_deployment() {
    let creates = size("CREATES", 50);
    let lost = AtomicU64::new(0);
    let create = |number: u64| {
        let stage = Stage::new(group());
        if number.is_multiple_of(3) {
            let fault = if number.is_multiple_of(2) { Fault::ResetAfter } else { Fault::CutBody };
            stage.aws.fail_next("codedeploy:CreateDeployment", [fault]);
            lost.fetch_add(1, Ordering::Relaxed);
        }
        let id = stage.created(&[]);
        let deployments = stage.aws.deployments();
        assert_eq!(deployments.len(), 1, "{number}");
        assert_eq!(deployments[0]["deploymentId"], id.as_str(), "{number}: adopted");
    };
    side_by_side(0..creates, create);
    let lost = lost.into_inner();
    assert!(lost * 4 > creates, "{lost} answers of {creates} were lost");
}

fn refused(code: &str) -> Fault {
    Fault::Refuse { status: 400, code: code.to_owned(), message: "no".to_owned() }
}

/// It is then unknown whether there is a deployment, and the next session must search for it.
#[test]
fn credentials_that_end_after_a_lost_answer_are_a_reason_to_resume() {
    let stage = Stage::new(group());
    let faults = [Fault::ResetBefore, refused("ExpiredTokenException")];
    stage.aws.fail_next("codedeploy:CreateDeployment", faults);
    let output = stage.deploy(&[]);
    assert_eq!(output.code, 15, "{}", output.stderr);
    assert!(output.stderr.contains("look for [token:") && output.stderr.contains("DEP31"), "{}", output.stderr);
}

/// The outage that loses an answer may hide the list of deployments as well.
#[test]
fn a_rollback_whose_answer_is_lost_says_by_what_it_is_found() {
    let stage = Stage::new(group());
    let first = stage.scratch.write("first.json", samples::appspec(&arn(1)).to_string()).display().to_string();
    let args = ["deploy", "--appspec", &first, "--application", "shop", "--deployment-group", "web"];
    assert_eq!((stage.run(&args).code, stage.deploy(&[]).code), (0, 0));
    stage.aws.fail_next("codedeploy:CreateDeployment", [Fault::ResetAfter]);
    // Answered until the request is sent.
    let looks = vec![Fault::SlowDrip(Duration::ZERO); 5];
    let hidden = vec![refused("AccessDeniedException"); 14];
    stage.aws.fail_next("codedeploy:ListDeployments", looks.into_iter().chain(hidden));
    let output = stage.run(&["rollback", "--application", "shop", "--deployment-group", "web", "--yes"]);
    assert_eq!(output.code, 5, "{}", output.stderr);
    let deployments = stage.aws.deployments();
    assert_eq!(deployments.len(), 3, "one was made, and one only");
    let (_, after) = output.stderr.split_once("look for ").expect("a note");
    let token = after.split(' ').next().expect("a token");
    assert!(deployments[2]["description"].as_str().is_some_and(|text| text.contains(token)), "{}", output.stderr);
}

#[test]
fn a_create_that_never_arrived_is_sent_again() {
    let stage = Stage::new(group());
    stage.aws.fail_next("codedeploy:CreateDeployment", [Fault::ResetBefore]);
    let made = stage.deploy(&["--no-wait"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
}
