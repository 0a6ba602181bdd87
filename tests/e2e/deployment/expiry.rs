//! Credentials that will not last as long as the wait: said before it begins.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::*;

const WARNING: &str = "warning: these are temporary credentials that nobody renews";

/// A time from now, as `aws configure export-credentials` writes it.
fn in_minutes(minutes: i64) -> String {
    let then = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap() + time::Duration::minutes(minutes);
    then.format(&Rfc3339).unwrap()
}

/// The next session of a build comes when its deployment may have ended already.
#[test]
fn a_build_that_is_resumed_finds_its_deployment_although_it_has_ended() {
    for (scenario, code) in [(Scenario::Succeeds, 0), (Scenario::HookFails("AfterInstall"), 10)] {
        let stage = Stage::playing(group(), scenario);
        let environment = stage.environment().with("BUILD_TAG", "jenkins-shop-web-7");
        let deploy = |more: &[&str]| {
            Run::new(stage.deploy_args(&[&["--output", "json"], more].concat())).environment(environment.clone()).run()
        };
        let first = deploy(&[]);
        assert_eq!(first.code, code, "{}", first.stderr);
        let id = &last(&first)["deployment"]["id"];
        let resumed = deploy(&["--resume"]);
        assert_eq!(resumed.code, code, "{}", resumed.stderr);
        assert_eq!((&last(&resumed)["deployment"]["id"], &last(&resumed)["adopted"]), (id, &true.into()));
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 1, "{code}");
        // Without it the step is tried again.
        deploy(&["--no-wait"]);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 2, "{code}");
        // Where the build has made none yet, one is made.
        let other = environment.clone().with("BUILD_TAG", "jenkins-shop-web-8");
        let args = stage.deploy_args(&["--resume", "--on-conflict", "wait", "--no-wait"]);
        assert_eq!(Run::new(args).environment(other).run().code, 0);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 3, "{code}");
    }
}

#[test]
fn a_session_that_ends_before_the_wait_is_warned_of() {
    let stage = Stage::new(group().config(LINEAR).termination_wait(60));
    let id = stage.created(&[]);
    let said = |environment: Environment| {
        let output = Run::new(["wait", id.as_str()]).environment(environment).run();
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stderr
    };
    // Jenkins' `withAWS`: key, secret and token, and no word of the end.
    let unknown = said(stage.environment());
    assert!(unknown.contains(WARNING) && unknown.contains("they may expire before the wait"), "{unknown}");
    let soon = in_minutes(20);
    let known = said(stage.environment().with("AWS_CREDENTIAL_EXPIRATION", &soon));
    assert!(known.contains(&format!("they expire at {soon}, before the wait")), "{known}");
    let late = said(stage.environment().with("AWS_CREDENTIAL_EXPIRATION", &in_minutes(12 * 60)));
    assert!(!late.contains(WARNING), "{late}");
}
