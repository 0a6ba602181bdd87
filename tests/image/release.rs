//! What `.ci/release` has published, installed by the commands of README.md in containers that have nothing, and the image
//! that `.ci/image` makes. `RELEASE_FOLDER` names the folder of the release.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use e2e::{
    docker::{Base, Docker},
    programs,
    scratch::Scratch,
};

use crate::{image::named_program, jenkins::shown};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn published() -> PathBuf {
    Path::new(ROOT).join(std::env::var_os("RELEASE_FOLDER").expect("RELEASE_FOLDER"))
}

/// The command of README.md for the row with this name, as root runs it.
fn command(row: &str) -> String {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let line = readme.lines().find(|line| line.starts_with(&format!("| {row} |"))).expect(row);
    line.split('`').nth(1).expect("a command").replace("sudo ", "")
}

/// Runs a script in a container without any network, in a copy of the release's folder.
fn run(docker: &Docker, base: &str, script: &str) -> String {
    let volume = format!("{}:/release:ro", published().canonicalize().expect("the release").display());
    let script = format!("cp -r /release /tmp/release && cd /tmp/release && {script}");
    let output = docker.call(["run", "--rm", "--network=none", "--volume", &volume, base, "sh", "-ec", &script]);
    assert!(output.status.success(), "{script}: {}", shown(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "needs a release: .ci/run release"]
fn the_debian_package_is_installed_used_and_removed() {
    let Some(docker) = Docker::shared() else { return };
    let Some(base) = Base::Bare.image(docker) else { return };
    let install = command("Debian, Ubuntu");
    let script = format!(
        "{install} >/dev/null 2>&1
        codedeploy-artifact --version
        codedeploy-artifact man man1 | wc -l
        dpkg --listfiles codedeploy-artifact | grep -c /man1/codedeploy-artifact
        apt remove --yes codedeploy-artifact >/dev/null 2>&1
        find / -xdev -name '*codedeploy-artifact*' -not -path '/tmp/*' -not -path '/release*'"
    );
    let said = run(docker, base, &script);
    let lines: Vec<&str> = said.lines().collect();
    let [version, written, installed, left @ ..] = lines.as_slice() else { unreachable!("{said}") };
    assert_eq!(*version, format!("codedeploy-artifact {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(written, installed);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
#[ignore = "needs a release: .ci/run release"]
fn the_archive_is_installed_and_used() {
    let Some(docker) = Docker::shared() else { return };
    let Some(base) = Base::Bare.image(docker) else { return };
    let said = run(docker, base, &format!("{}; codedeploy-artifact --version", command("other Linux")));
    assert_eq!(said.trim(), format!("codedeploy-artifact {}", env!("CARGO_PKG_VERSION")));
}

/// The script of a release, on a base that can be had here.
#[test]
fn the_file_of_the_image_is_loaded() {
    let Some(docker) = Docker::shared() else { return };
    let Some(base) = Base::Complete.image(docker) else { return };
    let folder = Scratch::new();
    let file = folder.path().join("image.tar.gz");
    let program = named_program().unwrap_or_else(|| programs::command_line().to_owned());
    let architecture = std::env::consts::ARCH.replace("x86_64", "amd64").replace("aarch64", "arm64");
    let mut script = Command::new(Path::new(ROOT).join(".ci/image"));
    script.args(["9.9.9", &architecture]).arg(program).arg(&file);
    docker.environment(&mut script);
    let output = script.env("BASE", base).env("NETWORK", "none").output().expect(".ci/image");
    assert!(output.status.success(), "{}", shown(&output));
    docker.ask(["image", "rm", "codedeploy-artifact:9.9.9", "codedeploy-artifact:latest"]);
    docker.ask(["load", "--input", &file.display().to_string()]);
    // By the name in step-image/README.md.
    let run = ["run", "--rm", "--network=none", "codedeploy-artifact", "codedeploy-artifact", "--version"];
    assert_eq!(docker.ask(run), format!("codedeploy-artifact {}", env!("CARGO_PKG_VERSION")));
    let labels = docker.ask(["image", "inspect", "--format", "{{json .Config.Labels}}", "codedeploy-artifact:9.9.9"]);
    let labels: serde_json::Value = serde_json::from_str(&labels).expect("JSON");
    let label = |name: &str| labels[format!("org.opencontainers.image.{name}")].as_str().unwrap_or_default();
    assert_eq!((label("version"), label("base.name"), label("revision").len()), ("9.9.9", base, 40));
    docker.ask(["image", "rm", "codedeploy-artifact:9.9.9", "codedeploy-artifact:latest"]);
}
