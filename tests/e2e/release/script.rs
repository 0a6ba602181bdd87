//! `.ci/release` in a small repository: the files that it makes, and what it refuses. Stand-ins take the place of the compiler,
//! `.ci/program-contents`, `.ci/image` and Docker.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Output},
};

use e2e::{scratch::Scratch, skip};

use super::text;

pub(super) const CANDIDATE: &str = "1.0.0-rc.1";

/// A program that knows for which architecture it was built, and has completions and a manual page.
const CARGO_RELEASE: &str = r#"
name=${8#step-image}
folder=target/lambda/${name:-codedeploy-artifact}
mkdir -p "$folder"
cat >"$folder/bootstrap" <<PROGRAM
#!/bin/sh
# built with $6, needs GLIBC_2.17
[ "\$1" != man ] || echo page >"\$2/codedeploy-artifact.1"
PROGRAM"#;

const PROGRAM_CONTENTS: &str = r#"grep -q "built with --$(echo "$2" | tr _ -)," "$1" && echo '{}' >"$3""#;

/// A checkout, and a machine that builds everything.
pub(super) struct Checkout {
    pub(super) folder: Scratch,
}

impl Checkout {
    pub(super) fn of(version: &str) -> Checkout {
        let checkout = Checkout { folder: Scratch::new() };
        for file in ["LICENSE", "functions/core/request.schema.json", ".ci/release-notes", ".ci/push-image"] {
            checkout.script(file, &text(file));
        }
        let emulators = checkout.at("emulators").display().to_string();
        let release = text(".ci/release");
        assert!(release.contains("/proc/sys/fs/binfmt_misc"));
        checkout.script(".ci/release", &release.replace("/proc/sys/fs/binfmt_misc", &emulators));
        checkout.stand_in(".ci/cargo-release", CARGO_RELEASE);
        checkout.stand_in(".ci/program-contents", PROGRAM_CONTENTS);
        checkout.stand_in(".ci/image", r#"echo "image $1 $2" >"$4""#);
        checkout.stand_in("bin/cargo-lambda", "exit 0");
        checkout.stand_in("bin/docker", "exit 0");
        checkout.stand_in("bin/rustc", &format!("echo {}", checkout.at("bin/rust").display()));
        for architecture in ["x86_64", "aarch64"] {
            checkout.folder.write(&format!("bin/rust/lib/rustlib/{architecture}-unknown-linux-gnu/.keep"), "");
            checkout.folder.write(&format!("emulators/qemu-{architecture}"), "");
        }
        let sections = format!("## [{version}] - 2026-12-01\n\n### Fixed\n- One thing.\n\n## [0.0.1]\n- Older.\n");
        checkout.folder.write("CHANGELOG.md", format!("# Changelog\n\n## [Unreleased]\n\n{sections}"));
        checkout.folder.write("Cargo.toml", format!("[workspace.package]\nversion = \"{version}\"\n"));
        checkout.folder.write(".gitignore", "/target/\n");
        checkout.git(&["init", "--quiet"]);
        checkout.commit();
        checkout
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn script(&self, name: &str, content: &str) {
        let file = self.folder.write(name, content);
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn stand_in(&self, name: &str, script: &str) {
        self.script(name, &format!("#!/bin/sh\n{script}\n"));
    }

    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=ci", "-c", "user.email=ci@localhost", "-c", "commit.gpgsign=false"]).args(args);
        assert!(git.current_dir(self.folder.path()).status().expect("git").success());
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "release"]);
    }

    pub(super) fn command(&self, script: &str, args: &[&str]) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = format!("{}:{}", self.at("bin").display(), path.display());
        let mut command = Command::new(self.at(script));
        command.args(args).env("PATH", path).current_dir(self.folder.path());
        command
    }

    pub(super) fn run(&self, script: &str, args: &[&str]) -> Output {
        self.command(script, args).output().expect("a script")
    }

    /// Builds the release of this version, which must succeed.
    pub(super) fn published(version: &str) -> Checkout {
        let checkout = Checkout::of(version);
        let output = checkout.run(".ci/release", &["--complete", version]);
        assert!(output.status.success(), "{output:?}");
        checkout
    }

    fn refuses(&self, args: &[&str], why: &str) {
        let output = self.run(".ci/release", args);
        assert!(!output.status.success() && said(&output).contains(why), "{args:?}: {output:?}");
    }

    pub(super) fn files(&self) -> BTreeSet<String> {
        let files = fs::read_dir(self.at("target/published")).expect("a release");
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }
}

pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// What a program prints.
fn printed(program: &str, args: &[&str], file: &PathBuf) -> String {
    let output = Command::new(program).args(args).arg(file).output().expect(program);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

pub(super) fn has_dpkg_deb() -> bool {
    let found = Command::new("dpkg-deb").arg("--version").output().is_ok();
    if !found {
        skip::missing("dpkg-deb", "install dpkg");
    }
    found
}

#[test]
fn a_release_candidate_is_complete() {
    if !has_dpkg_deb() {
        return;
    }
    let checkout = Checkout::published(CANDIDATE);
    let files = checkout.files();
    let mut expected = BTreeSet::from(["SHA256SUMS".to_owned(), "request.schema.json".to_owned()]);
    for (architecture, debian) in [("x86_64", "amd64"), ("arm64", "arm64")] {
        expected.insert(format!("codedeploy-artifact_{CANDIDATE}_{debian}.deb"));
        for (name, end) in [("", ".cdx.json"), ("linux-", ".tar.gz"), ("image-", ".tar.gz")] {
            expected.insert(format!("codedeploy-artifact-{CANDIDATE}-{name}{architecture}{end}"));
        }
        for (function, end) in [("generate-codedeploy-artifact", "zip"), ("deployment-gate", "zip")] {
            expected.insert(format!("{function}-{CANDIDATE}-{architecture}.{end}"));
            expected.insert(format!("{function}-{CANDIDATE}-{architecture}.cdx.json"));
        }
    }
    assert_eq!(files, expected);
    // GitHub replaces other characters in names, and `SHA256SUMS` would then name files that do not exist.
    let kept = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    assert!(files.iter().all(|file| file.chars().all(kept)), "{files:?}");
    let sums = fs::read_to_string(checkout.at("target/published/SHA256SUMS")).unwrap();
    let listed: BTreeSet<String> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, name)| name.to_owned()).collect();
    assert_eq!(listed.len() + 1, files.len());
    let check = Command::new("sha256sum")
        .args(["--check", "--quiet", "SHA256SUMS"])
        .current_dir(checkout.at("target/published"))
        .output();
    assert!(check.expect("sha256sum").status.success());

    for debian in ["amd64", "arm64"] {
        let package = checkout.at(&format!("target/published/codedeploy-artifact_{CANDIDATE}_{debian}.deb"));
        let fields = printed("dpkg-deb", &["--show", "--showformat=${Version} ${Architecture} ${Depends}"], &package);
        assert_eq!(fields, format!("1.0.0~rc.1 {debian} libc6 (>= 2.17)"));
        assert_eq!(printed("ar", &["t"], &package), "debian-binary\ncontrol.tar.xz\ndata.tar.xz\n");
        assert!(
            printed("dpkg-deb", &["--contents"], &package)
                .contains("/usr/share/codedeploy-artifact/request.schema.json")
        );
    }
    let archive = checkout.at(&format!("target/published/codedeploy-artifact-{CANDIDATE}-linux-arm64.tar.gz"));
    let contents = printed("tar", &["-tzf"], &archive);
    for name in [
        "codedeploy-artifact",
        "request.schema.json",
        "completions/codedeploy-artifact.ps1",
        "man/codedeploy-artifact.1",
    ] {
        assert!(contents.lines().any(|line| line.trim_start_matches("./") == name), "{name}: {contents}");
    }
}

#[test]
fn what_cannot_be_built_is_left_out_of_a_snapshot_only() {
    if !has_dpkg_deb() {
        return;
    }
    let checkout = Checkout::of("1.2.3");
    fs::remove_dir_all(checkout.at("bin/rust/lib/rustlib/aarch64-unknown-linux-gnu")).unwrap();
    checkout.stand_in("bin/docker", "exit 1");
    checkout.commit();
    for args in [&["1.2.3"][..], &["--snapshot"]] {
        let output = checkout.run(".ci/release", args);
        assert!(output.status.success(), "{output:?}");
        assert!(said(&output).contains("not built: arm64 (rustup target add aarch64-unknown-linux-gnu)"), "{output:?}");
        assert!(said(&output).contains("not built: the image for x86_64"), "{output:?}");
        assert!(!checkout.files().iter().any(|file| file.contains("arm64") || file.contains("image")));
    }
    checkout.refuses(&["--complete", "1.2.3"], "not built: the image for x86_64");
    checkout.stand_in("bin/docker", "exit 0");
    checkout.commit();
    checkout.refuses(&["--complete", "1.2.3"], "not built: arm64");
    fs::remove_file(checkout.at("emulators/qemu-aarch64")).unwrap();
    fs::remove_file(checkout.at("emulators/qemu-x86_64")).unwrap();
    checkout.folder.write("bin/rust/lib/rustlib/aarch64-unknown-linux-gnu/.keep", "");
    checkout.commit();
    checkout.refuses(&["--complete", "1.2.3"], "not built: the image for");
}

#[test]
fn the_version_is_that_of_the_checkout_and_of_its_changelog() {
    let checkout = Checkout::of("1.2.3");
    checkout.refuses(&[], "usage:");
    checkout.refuses(&["1.2"], "1.2 is not a version");
    checkout.refuses(&["v1.2.3"], "v1.2.3 is not a version");
    checkout.refuses(&["1.2.4"], "the version in Cargo.toml is 1.2.3, not 1.2.4");
    checkout.folder.write("stray", "");
    checkout.refuses(&["1.2.3"], "not committed");
    for log in
        ["## [Unreleased]\n- A thing.\n", "## [1.2.3]\n\n\n## [1.2.2]\n- A thing.\n", "## [1.2.30]\n- A thing.\n"]
    {
        checkout.folder.write("CHANGELOG.md", log);
        checkout.commit();
        checkout.refuses(&["1.2.3"], "CHANGELOG.md has no section \"## [1.2.3]\"");
    }
}

/// A program that cargo-lambda has built for the processor of this machine instead of the one that was asked for.
#[test]
fn a_program_for_another_processor_is_refused() {
    let checkout = Checkout::of("1.2.3");
    checkout.stand_in(".ci/cargo-release", &CARGO_RELEASE.replace("built with $6", "built with --x86-64"));
    checkout.commit();
    assert!(!checkout.run(".ci/release", &["1.2.3"]).status.success());
}
