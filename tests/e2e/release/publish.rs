//! How a release is published: its notes, the jobs of the workflow, and the images in a registry.

use std::{fs, process::Command};

use serde_json::{Value, json};

use super::{
    script::{CANDIDATE, Checkout, has_dpkg_deb, said},
    text,
};

#[test]
fn the_notes_are_the_section_of_the_version() {
    let checkout = Checkout::of("1.2.3");
    let output = checkout.run(".ci/release-notes", &["1.2.3"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(said(&output), "### Fixed\n- One thing.\n");
}

/// The workflow's last step, with what `gh` is told.
#[test]
fn the_workflow_publishes_all_files_with_their_notes() {
    if !has_dpkg_deb() {
        return;
    }
    let workflow: Value = serde_yaml::from_str(&text(".github/workflows/release.yml")).expect("YAML");
    let steps = workflow["jobs"]["publish"]["steps"].as_array().expect("steps");
    let publish = steps.iter().find(|step| step["name"] == "Publish the release").expect("the step");
    for version in ["1.2.3", CANDIDATE] {
        let checkout = Checkout::published(version);
        let log = checkout.at("gh.log");
        checkout.stand_in("bin/gh", &format!("printf '%s\\n' \"$@\" >{}", log.display()));
        checkout
            .script("step", &format!("#!/bin/bash\nset -eo pipefail\n{}", publish["run"].as_str().expect("a script")));
        let step = || {
            let mut step = checkout.command("step", &[]);
            step.env("GITHUB_REF_NAME", format!("v{version}")).output().expect("bash")
        };
        let output = step();
        assert!(output.status.success(), "{output:?}");
        let log = fs::read_to_string(&log).unwrap();
        let told: Vec<&str> = log.lines().collect();
        assert_eq!(told[..3], ["release", "create", &format!("v{version}")]);
        assert_eq!(told.contains(&"--prerelease"), version == CANDIDATE, "{told:?}");
        let files = checkout.files().into_iter().map(|file| format!("target/published/{file}"));
        assert!(files.into_iter().all(|file| told.contains(&file.as_str())), "{told:?}");
        assert!(told.windows(2).any(|pair| pair == ["--notes-file", "target/notes.md"]), "{told:?}");
        assert!(fs::read_to_string(checkout.at("target/notes.md")).unwrap().contains("- One thing."));
        // Not what the job that built it has listed.
        checkout.folder.write("target/published/request.schema.json", "{}");
        assert!(!step().status.success());
    }
}

/// Build scripts of dependencies run where nothing can be published, and only after every gate.
#[test]
fn the_job_that_compiles_can_only_read() {
    let workflow: Value = serde_yaml::from_str(&text(".github/workflows/release.yml")).expect("YAML");
    let jobs = &workflow["jobs"];
    assert_eq!(workflow["permissions"], json!({}));
    assert_eq!(jobs["gates"]["uses"], "./.github/workflows/ci.yml");
    for (job, needs) in [("build", "gates"), ("publish", "build"), ("image", "publish")] {
        assert_eq!(jobs[job]["needs"], needs);
        let compiles = jobs[job]["steps"].to_string().contains(".ci/release --complete ");
        assert_eq!(compiles, job == "build");
        assert_eq!(jobs[job]["permissions"] == json!({"contents": "read"}), compiles, "{job}");
    }
}

/// Nothing is published if the two machines that built it disagree, unless it is about the packages of an image.
#[test]
fn two_builds_that_differ_are_not_published() {
    let workflow: Value = serde_yaml::from_str(&text(".github/workflows/release.yml")).expect("YAML");
    let jobs = &workflow["jobs"];
    assert_eq!(jobs["build"]["strategy"]["matrix"], json!({"folder": ["first", "second"]}));
    let steps = jobs["publish"]["steps"].as_array().expect("steps");
    let at = |name: &str| steps.iter().position(|step| step["name"] == name).expect(name);
    assert!(at("Compare the two builds") < at("Publish the release"));
    let checkout = Checkout::of("1.2.3");
    let compare = steps[at("Compare the two builds")]["run"].as_str().expect("a script");
    checkout.script("step", &format!("#!/bin/bash\nset -eo pipefail\n{compare}"));
    let agree = |[first, second]: [&str; 2]| {
        checkout.folder.write("target/published/SHA256SUMS", first);
        checkout.folder.write("target/again/SHA256SUMS", second);
        checkout.run("step", &[]).status.success()
    };
    let image = |digest: &str| format!("11  tool.zip\n{digest}  tool-image-arm64.tar.gz\n");
    assert!(agree([&image("22"), &image("33")]));
    assert!(!agree(["11  tool.zip\n", "12  tool.zip\n"]));
    assert!(!agree(["11  tool.zip\n", "11  tool.zip\n12  tool.deb\n"]));
}

#[test]
fn both_images_are_pushed_as_one_tag_or_none() {
    let checkout = Checkout::of("1.2.3");
    let log = checkout.at("docker.log");
    let logged = || fs::read_to_string(&log).unwrap_or_default();
    checkout.stand_in("bin/docker", &format!("echo \"$*\" >>{}", log.display()));
    let folder = checkout.at("downloaded").display().to_string();
    let push = || checkout.run(".ci/push-image", &["1.2.3", "registry.invalid/tool", &folder]);
    let file = |architecture: &str| format!("downloaded/codedeploy-artifact-1.2.3-image-{architecture}.tar.gz");
    checkout.folder.write(&file("x86_64"), "x86_64");
    let sums = || {
        let script = format!("cd {folder} && sha256sum -- codedeploy-* >SHA256SUMS");
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    };
    sums();
    assert!(!push().status.success());
    checkout.folder.write(&file("arm64"), "arm64");
    sums();
    checkout.folder.write(&file("arm64"), "other bytes");
    let output = push();
    assert!(!output.status.success() && said(&output).contains("image-arm64.tar.gz"), "{output:?}");
    assert_eq!(logged(), "");
    sums();
    assert!(push().status.success());
    let tags = "registry.invalid/tool:1.2.3-x86_64 registry.invalid/tool:1.2.3-arm64";
    assert!(logged().contains(&format!("imagetools create --tag registry.invalid/tool:1.2.3 {tags}")), "{}", logged());
    assert_eq!(logged().matches("push --quiet").count(), 2);
}
