//! Where the release comes from: GitHub, a private repository, a mirror, GitHub Enterprise Server. The examples of the page for
//! users are run.

use e2e::files::Files;

use super::super::{archive, curl_arguments, example_inputs};
use super::{Release, Runner, Used, VERSION, text};

const SECRET: &str = "a secret token";

/// Uses the action as this section of the page does, with these texts in place of those of the page.
fn used(runner: &Runner, section: &str, instead: &[(&str, &str)]) -> Used {
    let inputs = example_inputs(&text("step-image/CI.md"), section, "with");
    let replaced = |value: String| instead.iter().fold(value, |value, (from, to)| value.replace(from, to));
    let inputs: Vec<(String, String)> = inputs.into_iter().map(|(name, value)| (name, replaced(value))).collect();
    assert!(inputs.iter().all(|(_, value)| !value.contains("${{")), "{inputs:?}");
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    runner.uses(&inputs)
}

/// A `gh` that downloads this release, notes what it has been asked for and with which token, and verifies everything.
fn gh(runner: &Runner, release: &Release) {
    let from = release.folder.path().display();
    let noted = runner.folder.path().join("gh").display().to_string();
    let note = format!("echo \"$* at $GH_HOST with $GH_TOKEN $GH_ENTERPRISE_TOKEN\" >>{noted}");
    runner.program("gh", &format!("{note}; [ \"$1 $2\" != 'release download' ] || cp {from}/* ."));
}

/// What this `gh` has been asked for.
fn asked(runner: &Runner) -> String {
    std::fs::read_to_string(runner.folder.path().join("gh")).unwrap_or_default()
}

fn download(repository: &str) -> String {
    format!("release download v{VERSION} --repo {repository} --pattern SHA256SUMS --pattern {}", archive())
}

/// A runner on github.com with the action of `acme/tools`, and a `gh`.
fn on_github(release: &Release) -> Runner {
    let mut runner = Runner::new();
    gh(&runner, release);
    "https://github.com".clone_into(&mut runner.server);
    runner.action_repository = "acme/tools";
    runner
}

#[test]
fn gh_downloads_the_release_with_the_token_of_the_job() {
    let release = Release::new();
    let runner = on_github(&release);
    let used = runner.uses(&[]);
    assert!(used.succeeded, "{}", used.log);
    let asked = asked(&runner);
    let with = "at github.com with token of the job token of the job";
    assert!(asked.contains(&format!("{} {with}", download("acme/tools"))), "{asked}");
    assert!(asked.contains("attestation verify"), "{asked}");
    assert!(!used.log.contains("token of the job"), "{}", used.log);
    runner.program("gh", "[ \"$1\" = --version ]");
    let refused = runner.uses(&[]);
    assert!(!refused.succeeded && refused.log.contains("must be able to read it"), "{}", refused.log);
}

#[test]
fn a_private_repository_is_read_with_the_token_of_the_user() {
    let release = Release::new();
    let runner = on_github(&release);
    let used = used(&runner, "Private repository", &[("${{ secrets.RELEASES_TOKEN }}", SECRET)]);
    assert!(used.succeeded, "{}", used.log);
    let asked = asked(&runner);
    assert!(asked.contains(&format!("{} at github.com with {SECRET}", download("acme/tools"))), "{asked}");
    assert!(asked.lines().all(|line| line.contains(SECRET)) && !used.log.contains(SECRET), "{asked}{}", used.log);
}

#[test]
fn a_private_mirror_gets_the_header_and_its_storage_does_not() {
    let storage = Release::new();
    let mirror = Files::elsewhere(storage.url());
    let runner = on_github(&storage);
    let sha256 = storage.sha256();
    let address = format!("https://artifacts.example.com/codedeploy-artifact/{VERSION}");
    let url = format!("{}/", mirror.url());
    let secret = ("${{ secrets.ARTIFACTS_TOKEN }}", SECRET);
    let example = [(address.as_str(), url.as_str()), secret, ("SHA256", &sha256)];
    let used = used(&runner, "Private mirror", &example);
    assert!(used.succeeded && used.log.contains("::notice::"), "{}", used.log);
    let header = format!("Bearer {SECRET}");
    assert_eq!(mirror.headers("authorization"), [Some(header.clone()), Some(header)]);
    // Any header, not only the one that curl itself withholds.
    let used = runner.uses(&[("url", &mirror.url()), ("header", &format!("JOB-TOKEN: {SECRET}"))]);
    assert!(used.succeeded, "{}", used.log);
    assert_eq!(mirror.headers("job-token")[2..], [Some(SECRET.to_owned()), Some(SECRET.to_owned())]);
    for name in ["authorization", "job-token"] {
        assert_eq!(storage.files.headers(name), vec![None; 4], "{name} reached the storage");
    }
    let seen = curl_arguments(&runner.folder);
    assert!(!seen.contains(SECRET) && !seen.contains(&storage.url()), "users of the machine see it: {seen}");
    assert!(!asked(&runner).contains("download") && !used.log.contains(SECRET), "{}", used.log);
}

#[test]
fn a_checksum_of_the_user_counts_instead_of_that_of_the_mirror() {
    let release = Release::new();
    let runner = Runner::new();
    let url = release.url();
    let good = release.sha256();
    release.pack("echo another program");
    let used = runner.uses(&[("url", &url), ("sha256", &good)]);
    assert!(!used.succeeded && used.log.contains("does not have the expected checksum"), "{}", used.log);
    assert!(runner.uses(&[("url", &url), ("sha256", &release.sha256())]).succeeded);
    for wrong in ["x", &good[1..], &format!("{good}\n{good}")] {
        assert!(!runner.uses(&[("url", &url), ("sha256", wrong)]).succeeded, "{wrong}");
    }
}

#[test]
fn enterprise_server_has_the_release_or_a_link_to_it() {
    let release = Release::new();
    let mut runner = on_github(&release);
    "https://github.acme.example".clone_into(&mut runner.server);
    let used_there = runner.uses(&[]);
    assert!(used_there.succeeded && used_there.log.contains("::notice::"), "{}", used_there.log);
    assert!(asked(&runner).contains(&format!("{} at github.acme.example with", download("acme/tools"))));
    assert!(!asked(&runner).contains("attestation verify"), "{}", asked(&runner));
    let address = format!("https://github.com/OWNER/codedeploy-artifact/releases/download/v{VERSION}");
    let (url, sha256) = (release.url(), release.sha256());
    let used = used(&runner, "GitHub Enterprise Server", &[(&address, &url), ("SHA256", &sha256)]);
    assert!(used.succeeded, "{}", used.log);
    assert_eq!(release.files.headers("authorization"), [None, None]);
}

#[test]
fn a_runner_without_gh_downloads_with_curl() {
    let release = Release::new();
    let mut runner = Runner::new();
    let folder = format!("acme/tools/releases/download/v{VERSION}");
    for name in [archive().as_str(), "SHA256SUMS"] {
        release.folder.write(&format!("{folder}/{name}"), std::fs::read(release.path(name)).unwrap());
    }
    runner.server = release.url();
    runner.action_repository = "acme/tools";
    let used = used(&runner, "Self-hosted runner without gh", &[("SHA256", &release.sha256())]);
    assert!(used.succeeded, "{}", used.log);
    assert_eq!(release.files.headers("authorization"), [None, None]);
    std::fs::remove_file(release.path(&format!("{folder}/SHA256SUMS"))).unwrap();
    let refused = runner.uses(&[]);
    assert!(!refused.succeeded && refused.log.contains("for a private repository, install gh"), "{}", refused.log);
}

#[test]
fn nothing_is_downloaded_without_tls() {
    let release = Release::new();
    let runner = Runner::new();
    std::fs::remove_file(runner.folder.path().join("bin/curl")).unwrap();
    let used = runner.uses(&[("url", &release.url()), ("header", "JOB-TOKEN: t")]);
    assert!(!used.succeeded && used.log.contains("cannot download"), "{}", used.log);
    assert!(release.files.headers("job-token").is_empty());
}
