//! Whether `gh` verifies who built the release.

use super::{Release, Runner, Used, VERSION, text};

/// A `gh` that notes its arguments, and whose attestations have been verified with this status.
fn gh(runner: &Runner, verified: i32) {
    runner.program("gh", &format!("echo \"gh $* at $GH_HOST\"; [ \"$2\" = --help ] || exit {verified}"));
}

const VERIFIES: &str = "gh attestation verify codedeploy-artifact-";

/// Uses the release of `acme/tools` from a mirror, with these inputs.
fn used(runner: &Runner, inputs: &[(&str, &str)]) -> Used {
    let release = Release::new();
    let url = release.url();
    runner.uses(&[&[("url", url.as_str())], inputs].concat())
}

#[test]
fn the_release_workflow_must_have_signed_it_for_the_tag() {
    let mut runner = Runner::new();
    for server in ["https://github.com", "https://acme.ghe.com"] {
        runner.server = server.to_owned();
        for attestation in ["auto", "require"] {
            let inputs = [("repository", "acme/tools"), ("attestation", attestation)];
            gh(&runner, 1);
            let refused = used(&runner, &inputs);
            assert!(!refused.succeeded, "{}", refused.log);
            assert!(refused.log.contains("::error::the provenance of codedeploy-artifact-"), "{}", refused.log);
            assert!(!runner.folder.path().join("temp/path").exists(), "it is on the PATH");
            gh(&runner, 0);
            let verified = used(&runner, &inputs);
            assert!(verified.succeeded && !verified.log.contains("::notice::"), "{}", verified.log);
            let signer = format!("{server}/acme/tools/.github/workflows/release.yml@refs/tags/v{VERSION}");
            let flags = format!("--repo acme/tools --cert-identity {signer} at {}", &server["https://".len()..]);
            assert!(verified.log.contains(VERIFIES) && verified.log.contains(&flags), "{}", verified.log);
            std::fs::remove_file(runner.folder.path().join("temp/path")).unwrap();
        }
    }
}

#[test]
fn that_workflow_attests_the_files_of_a_tag() {
    let workflow: serde_json::Value = serde_yaml::from_str(&text(".github/workflows/release.yml")).expect("YAML");
    assert_eq!(workflow["on"], serde_json::json!({ "push": { "tags": ["v*"] } }));
    // A job of its own: that of a workflow it calls would be signed by the other workflow.
    let jobs = workflow["jobs"].as_object().expect("jobs");
    let steps = jobs.values().filter_map(|job| job["steps"].as_array()).flatten();
    let attests = |step: &&serde_json::Value| {
        step["uses"].as_str().is_some_and(|action| action.starts_with("actions/attest-build-provenance@"))
    };
    let mut attested = steps.filter(attests).filter_map(|step| step["with"]["subject-checksums"].as_str());
    assert!(attested.any(|files| files.ends_with("SHA256SUMS")), "{workflow}");
}

#[test]
fn what_cannot_be_verified_is_named_or_refused() {
    let mut runner = Runner::new();
    runner.server = "https://github.com".to_owned();
    let cannot = |runner: &Runner, repository: &str| {
        let inputs = [("repository", repository), ("attestation", "auto")];
        let accepted = used(runner, &inputs);
        assert!(accepted.succeeded && !accepted.log.contains(VERIFIES), "{}", accepted.log);
        assert!(accepted.log.contains("::notice::the provenance of codedeploy-artifact-"), "{}", accepted.log);
        let refused = used(runner, &[("repository", repository), ("attestation", "require")]);
        assert!(!refused.succeeded && refused.log.contains("cannot be verified"), "{}", refused.log);
    };
    // Without gh, or with one that has no attestations.
    cannot(&runner, "acme/tools");
    gh(&runner, 1);
    // A mirror without the repository, also where the action is from one.
    runner.action_repository = "acme/tools";
    cannot(&runner, "");
    "https://github.acme.example".clone_into(&mut runner.server);
    cannot(&runner, "acme/tools");
}

#[test]
fn nothing_is_verified_if_the_user_says_so() {
    let mut runner = Runner::new();
    runner.server = "https://github.com".to_owned();
    gh(&runner, 1);
    let skipped = used(&runner, &[("repository", "acme/tools"), ("attestation", "skip")]);
    assert!(skipped.succeeded && !skipped.log.contains("::notice::"), "{}", skipped.log);
    assert!(!skipped.log.contains(VERIFIES), "{}", skipped.log);
    gh(&runner, 0);
    let misspelt = used(&runner, &[("attestation", "skipped")]);
    assert!(!misspelt.succeeded && misspelt.log.contains("must be auto, require or skip"), "{}", misspelt.log);
}
