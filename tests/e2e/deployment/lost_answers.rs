//! `CreateDeployment` has no idempotency token: a lost answer must not make a second deployment.

use super::*;

/// `CREATES` asks for more than the usual fifty.
#[test]
#[expect(clippy::disallowed_methods, reason = "the size of a test")]
fn a_lost_answer_never_makes_a_second_deployment() {
    let creates: u64 = std::env::var("CREATES").ok().and_then(|creates| creates.parse().ok()).unwrap_or(50);
    let mut lost = 0;
    for number in 0..creates {
        let stage = Stage::new(group());
        if number % 3 == 0 {
            let fault = if number % 2 == 0 { Fault::ResetAfter } else { Fault::CutBody };
            stage.aws.fail_next("codedeploy:CreateDeployment", [fault]);
            lost += 1;
        }
        let id = stage.created(&[]);
        let deployments = stage.aws.deployments();
        assert_eq!(deployments.len(), 1, "{number}");
        assert_eq!(deployments[0]["deploymentId"], id.as_str(), "{number}: adopted");
    }
    assert!(lost * 4 > creates, "{lost} answers of {creates} were lost");
}

#[test]
fn a_create_that_never_arrived_is_sent_again() {
    let stage = Stage::new(group());
    stage.aws.fail_next("codedeploy:CreateDeployment", [Fault::ResetBefore]);
    let made = stage.deploy(&["--no-wait"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert_eq!(stage.aws.deployments().len(), 1);
}
