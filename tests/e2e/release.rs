//! A release: its manual pages and completions, and the ways to install it. The scripts of the action for GitHub, of the
//! component for GitLab and of the Commands action of CodePipeline are taken from the files that users refer to.

mod codepipeline;
mod documents;
mod github;
mod gitlab;
mod manual;
mod publish;
mod script;
mod shells;

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use e2e::{files::Files, markdown, programs, scratch::Scratch};
use serde_json::Value;
use sha2::{Digest, Sha256};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Arguments that a shell would act on if it read them.
const HOSTILE: [&str; 3] = ["$(touch pwned)", "a'b\"c;touch pwned;`touch pwned`", "*  spaces \\ "];

/// The archive of this machine's architecture.
fn archive() -> String {
    let architecture = std::env::consts::ARCH.replace("aarch64", "arm64");
    format!("codedeploy-artifact-{VERSION}-linux-{architecture}.tar.gz")
}

/// The archive of a release, as `.ci/release` makes it, with the command that the tests build.
static PACKED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = Scratch::new();
    let program = folder.path().join("codedeploy-artifact");
    let mut strip = Command::new("strip");
    assert!(strip.arg("-o").arg(&program).arg(programs::command_line()).status().expect("strip").success());
    for shell in ["bash", "zsh", "fish"] {
        let name = if shell == "zsh" { "_codedeploy-artifact".into() } else { format!("codedeploy-artifact.{shell}") };
        folder.write(&format!("completions/{name}"), programs::run(["completions", shell]).stdout);
    }
    let man = folder.path().join("man").display().to_string();
    assert_eq!(programs::run(["man", &man]).code, 0);
    let mut tar = Command::new("tar");
    tar.args(["--create", "--use-compress-program=gzip -1", "--directory"]).arg(folder.path());
    let packed = tar.arg(".").output().expect("tar");
    assert!(packed.status.success(), "{packed:?}");
    packed.stdout
});

/// A server with a release.
struct Release {
    folder: Scratch,
    files: Files,
}

impl Release {
    /// The archive and the checksums: those in `RELEASE_FOLDER`, or those of the command that the tests build.
    fn new() -> Release {
        let folder = Scratch::new();
        let at = |name: &str| folder.path().join(name);
        if let Some(published) = std::env::var_os("RELEASE_FOLDER") {
            let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(published);
            for name in [archive().as_str(), "SHA256SUMS"] {
                std::fs::copy(published.join(name), at(name)).expect("a file of the release");
            }
        } else {
            std::fs::write(at(&archive()), &*PACKED).unwrap();
            folder.write("SHA256SUMS", format!("{}  {}\n", hex::encode(Sha256::digest(&*PACKED)), archive()));
        }
        Release { files: Files::of(folder.path()), folder }
    }

    fn url(&self) -> String {
        self.files.url()
    }

    /// The checksum of the archive.
    fn sha256(&self) -> String {
        hex::encode(Sha256::digest(std::fs::read(self.path(&archive())).unwrap()))
    }

    /// Replaces the program in the archive by this script.
    fn pack(&self, script: &str) {
        let folder = Scratch::new();
        program(&folder, "codedeploy-artifact", script);
        let mut tar = Command::new("tar");
        tar.arg("-czf")
            .arg(self.path(&archive()))
            .arg("-C")
            .arg(folder.path().join("bin"))
            .arg("./codedeploy-artifact");
        assert!(tar.status().expect("tar").success());
        self.folder.write("SHA256SUMS", format!("{}  {}\n", self.sha256(), archive()));
    }

    /// Changes one byte of the archive, so that its checksum is wrong.
    fn spoil(&self) {
        let path = self.folder.path().join(archive());
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A folder with what is in the archive.
    fn unpacked() -> Scratch {
        let (release, folder) = (Release::new(), Scratch::new());
        let mut tar = Command::new("tar");
        let tar = tar.args(["-xzf"]).arg(release.path(&archive())).arg("-C").arg(folder.path());
        assert!(tar.status().expect("tar").success());
        folder
    }
}

/// Puts a script of the shell, or one with an interpreter of its own, on the PATH: into the folder `bin`.
fn program(folder: &Scratch, name: &str, script: &str) {
    let interpreter = if script.starts_with("#!") { "" } else { "#!/bin/sh\n" };
    let file = folder.write(&format!("bin/{name}"), format!("{interpreter}{script}\n"));
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A curl for the servers of the tests, which have no TLS. It notes its arguments, which all users of a machine can see.
fn curl_without_tls(folder: &Scratch) {
    program(
        folder,
        "curl",
        r#"echo "$*" >>"$0.arguments"
for one; do
  shift
  [ "$one" != =https ] || one==http
  set -- "$@" "$one"
done
exec /usr/bin/curl "$@""#,
    );
}

/// The arguments of all runs of [`curl_without_tls`].
fn curl_arguments(folder: &Scratch) -> String {
    std::fs::read_to_string(folder.path().join("bin/curl.arguments")).expect("curl has run")
}

/// The inputs in an example of a page: the values below this key in its first block of YAML.
fn example_inputs(page: &str, section: &str, key: &str) -> Vec<(String, String)> {
    let block = markdown::blocks(markdown::section(page, section), "yaml")[0];
    let block: Value = serde_yaml::from_str(block).expect("YAML");
    let inputs = found(&block, key).and_then(Value::as_object).expect("inputs").iter();
    inputs.map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect()
}

/// The value of the first member of this name, at any depth.
fn found<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(name).or_else(|| members.values().find_map(|member| found(member, name))),
        Value::Array(items) => items.iter().find_map(|item| found(item, name)),
        _ => None,
    }
}

/// A file of the repository.
fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).expect(path)
}

/// The text with each of these expressions, such as `${{ inputs.url }}`, replaced by its value.
fn replaced(text: &str, expressions: &[(String, String)]) -> String {
    expressions.iter().fold(text.to_owned(), |text, (expression, value)| text.replace(expression, value))
}

/// A generated artifact's `appspec.yml` and task definition, which are there.
fn assert_generated(folder: &Path) {
    assert!(std::fs::read_to_string(folder.join("appspec.yml")).expect("appspec.yml").contains("<TASK_DEFINITION>"));
    let task: Value = serde_json::from_slice(&std::fs::read(folder.join("taskdef.json")).unwrap()).expect("JSON");
    assert_eq!(task["family"], "shop-web");
}

/// The file of a task definition of the family `shop-web`.
fn task_definition(folder: &Scratch) -> PathBuf {
    let task = e2e::samples::task_definition("111111111111", "eu-west-1", "shop-web", 7, "x");
    folder.write("taskdef.json", e2e::samples::with_container(&task, "web").to_string())
}
