//! A proxy that fails in the middle of a wait.

use std::time::Instant;

use e2e::{
    certificates::Certificates,
    gateway::{Gateway, Rule},
};

use super::*;

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what} has not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_proxy_that_fails_for_a_while_does_not_end_the_wait() {
    let Some(certificates) = Certificates::shared() else { return };
    let stage = Stage::new(group().config(LINEAR).termination_wait(60));
    let gateway = Gateway::start(&stage.aws, certificates, Rule::Open);
    let authority = stage.scratch.write("authority.pem", &certificates.authority).display().to_string();
    let environment = stage
        .environment()
        .without("AWS_ENDPOINT_URL")
        .with("HTTPS_PROXY", &format!("http://{}", gateway.name()))
        .with("AWS_CA_BUNDLE", &authority);
    let running = Run::new(stage.deploy_args(&[])).environment(environment).start();
    until("the wait", || running.stderr().contains("waits up to"));
    gateway.set_rule(Rule::Refuses(502));
    stage.aws.hang_up();
    // A call is tried three times, and a poll makes two calls: with the seventh, at least one poll has failed.
    until("a seventh refusal", || gateway.refusals() > 6);
    gateway.set_rule(Rule::Open);
    let output = running.wait();
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 1);
}
