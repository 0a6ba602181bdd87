//! The Docker pipeline: `agent { docker … }` and `docker.image(…).inside`.

use std::path::Path;

use e2e::{environment::Environment, programs::Run, scratch::Scratch};

use crate::{
    image::{Image, users},
    jenkins::Inside,
    workspace::Workspace,
};

pub(crate) fn fixture() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions/core/fixtures/fargate-web.json");
    std::fs::read(path).expect("the fixture")
}

/// What the command line makes of the fixture outside of any container.
pub(crate) fn artifact() -> Vec<u8> {
    let scratch = Scratch::new();
    let file = scratch.write("taskdef.json", fixture()).display().to_string();
    let made = Run::new(["generate", "--artifact", "-", "--task-definition-file", &file]).stdout_is_artifact().run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    made.stdout
}

const GENERATE: &str = "codedeploy-artifact generate --artifact out/artifact.zip --task-definition-file taskdef.json";

#[test]
fn steps_run_as_any_user() {
    let Some(image) = Image::shared() else { return };
    for user in users() {
        let workspace = Workspace::new(&user);
        workspace.write(Path::new("taskdef.json"), fixture());
        let inside = Inside::start(image, &workspace, &["--network=none"], Environment::empty());
        let uid = user.split(':').next().unwrap();
        let script = format!("[ \"$(id -u)\" = {uid} ]\n[ \"$BUILD_NUMBER\" = 7 ]\nmkdir out\n{GENERATE}\n");
        let ended = inside.sh(&script);
        assert_eq!(ended.code, 0, "{user}: {}", ended.log);
        assert!(ended.log.contains("+ codedeploy-artifact generate"), "{user}: {}", ended.log);
        let made = std::fs::read(workspace.path().join("out/artifact.zip")).expect("the artifact");
        assert_eq!(made, artifact(), "{user}");
        assert_eq!(workspace.foreign_files(), Vec::<std::path::PathBuf>::new(), "{user}");
        drop(inside);
    }
}

#[test]
fn a_read_only_root_is_no_obstacle() {
    let Some(image) = Image::shared() else { return };
    for options in [&["--read-only"][..], &["--read-only", "--tmpfs", "/tmp"]] {
        let workspace = Workspace::new("1000:1000");
        workspace.write(Path::new("taskdef.json"), fixture());
        let args = [options, &["--network=none", "--cap-drop=ALL", "--security-opt=no-new-privileges"]].concat();
        let inside = Inside::start(image, &workspace, &args, Environment::empty());
        let ended = inside.sh(&format!("mkdir out\n{GENERATE} --print\n"));
        assert_eq!(ended.code, 0, "{options:?}: {}", ended.log);
        let ended = inside.sh("touch /usr/local/bin/x\n");
        assert_ne!(ended.code, 0, "the root can be written: {}", ended.log);
    }
}

/// A script with an interpreter of its own, and the other ways in which a step ends.
#[test]
fn the_exit_code_is_that_of_the_command() {
    let Some(image) = Image::shared() else { return };
    let workspace = Workspace::new("1000:1000");
    let inside = Inside::start(image, &workspace, &["--network=none"], Environment::empty());
    for (script, code, said) in [
        ("codedeploy-artifact --version", 0, "codedeploy-artifact "),
        ("exec codedeploy-artifact generate", 2, "--artifact"),
        ("exec codedeploy-artifact generate --artifact a.zip --task-definition-file none.json", 3, "none.json"),
        (
            "codedeploy-artifact generate --artifact a.zip --task-definition-file none.json\necho goes on",
            3,
            "none.json",
        ),
        ("unknown-command", 127, "not found"),
    ] {
        let ended = inside.sh(&format!("{script}\n"));
        assert_eq!(ended.code, code, "{script}: {}", ended.log);
        assert!(ended.log.contains(said) && !ended.log.contains("goes on\n"), "{script}: {}", ended.log);
    }
}
