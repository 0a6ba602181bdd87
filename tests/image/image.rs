//! The image under test, built from `step-image/Dockerfile`.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use e2e::{
    docker::{Base, Docker},
    programs,
    scratch::Scratch,
    unique,
};

/// The name of the shared one.
const NAME: &str = "e2e-codedeploy-artifact";

/// A built image.
pub(crate) struct Image {
    pub(crate) docker: &'static Docker,
    pub(crate) name: String,
    pub(crate) base: &'static str,
}

/// The users that the image is run as: that of the agents, nobody, and one of chance in the group of root, as
/// `OpenShift` gives. Only the second is in the image's passwd file.
pub(crate) fn users() -> [String; 3] {
    ["1000:1000".to_owned(), "65534:65534".to_owned(), format!("{}:0", unique::number(9))]
}

/// The command that is not the one of `cargo build`.
pub(crate) fn named_program() -> Option<PathBuf> {
    std::env::var_os("STEP_IMAGE_PROGRAM").map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
}

/// A build of the Dockerfile under test on that base, with the context still to come. Where nothing is to be compiled, the
/// base does for a compiler.
pub(crate) fn build(docker: &Docker, name: &str, base: &str, compiler: &str) -> Command {
    let arguments = [format!("--build-arg=BASE={base}"), format!("--build-arg=COMPILER={compiler}")];
    let mut command = docker.command(["build", "--tag", name, "--file"]);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../step-image/Dockerfile")).args(arguments);
    command
}

impl Image {
    /// The image that most tests use: made without any network, on a base that has all. `None` (reported) where there
    /// is no engine or no base.
    pub(crate) fn shared() -> Option<&'static Image> {
        static SHARED: OnceLock<Option<Image>> = OnceLock::new();
        SHARED.get_or_init(|| Some(Image::build(Base::Complete, "none", &[])?.named(NAME))).as_ref()
    }

    /// The same with the command that the tests build: its clock can be set, and that of a command to be shipped cannot.
    pub(crate) fn simulated() -> Option<&'static Image> {
        static SIMULATED: OnceLock<Option<Image>> = OnceLock::new();
        if named_program().is_none() {
            return Image::shared();
        }
        let build = || {
            let (image, output) = Image::try_build_of(programs::command_line(), Base::Complete, "none", &[])?;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(image.named(&format!("{NAME}-simulated")))
        };
        SIMULATED.get_or_init(build).as_ref()
    }

    /// It is never dropped, so each run takes the name from the image of the run before.
    fn named(mut self, name: &str) -> Image {
        self.docker.ask(["tag", &self.name, name]);
        self.docker.ask(["image", "rm", &self.name]);
        name.clone_into(&mut self.name);
        self
    }

    /// Builds an image of its own.
    ///
    /// # Panics
    /// When it does not build.
    pub(crate) fn build(base: Base, network: &str, more: &[&str]) -> Option<Image> {
        let (image, output) = Image::try_build(base, network, more)?;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{said}", String::from_utf8_lossy(&output.stdout));
        Some(image)
    }

    /// Tries to build an image; how the build ended.
    pub(crate) fn try_build(base: Base, network: &str, more: &[&str]) -> Option<(Image, Output)> {
        let program = named_program().unwrap_or_else(|| programs::command_line().to_owned());
        Image::try_build_of(&program, base, network, more)
    }

    fn try_build_of(program: &Path, base: Base, network: &str, more: &[&str]) -> Option<(Image, Output)> {
        let docker = Docker::shared()?;
        let base = base.image(docker)?;
        let name = unique::name("codedeploy-artifact");
        // The context is a folder with the command alone.
        let context = Scratch::new();
        let copy = context.path().join("codedeploy-artifact");
        std::fs::copy(program, &copy).expect("the command");
        // As it is after a build under a strict umask.
        std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o700)).expect("the command");
        let mut command = build(docker, &name, base, base);
        command.arg(format!("--network={network}")).args(more).arg(context.path());
        let output = command.output().expect("the client of Docker");
        Some((Image { docker, name, base }, output))
    }

    /// Runs a command in a container of its own, which is gone afterwards.
    pub(crate) fn run(&self, options: &[&str], command: &[&str]) -> Output {
        self.docker.call([&["run", "--rm"], options, &[&self.name], command].concat())
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        self.docker.call(["image", "rm", "--force", &self.name]);
    }
}
