//! A release: its manual pages and completions, and the ways to install it. The scripts of the action for GitHub, of the
//! template for GitLab and of the Commands action of CodePipeline are taken from the files that users refer to.

mod codepipeline;
mod github;
mod gitlab;
mod manual;
mod publish;
mod script;
mod shells;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use e2e::{files::Files, programs, scratch::Scratch};
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
