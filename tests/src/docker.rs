//! A Docker engine: that of this machine, or one started by this process, which ends with it.

use std::{
    ffi::OsStr,
    os::unix::fs::MetadataExt,
    process::{Command, Output},
    sync::OnceLock,
};

use crate::skip;

mod base;
mod engine;

pub use base::Base;

/// A running engine. Containers get the network of the host or none: an engine of ours has no other.
pub struct Docker {
    /// The socket of our own engine; `None` for that of the machine.
    address: Option<String>,
}

impl Docker {
    /// The engine that all tests of this process share, or `None` (reported) where there is none and none can be
    /// started.
    ///
    /// # Panics Instead of `None`, if `CI=true`.
    pub fn shared() -> Option<&'static Docker> {
        static SHARED: OnceLock<Result<Docker, String>> = OnceLock::new();
        let found = SHARED.get_or_init(|| Docker::find().inspect(Docker::tidy));
        found.as_ref().inspect_err(|why| skip::missing("Docker", why)).ok()
    }

    fn find() -> Result<Docker, String> {
        // Whoever may use an engine may do anything on its machine; tests own files of many users there.
        if !as_root("true").status().is_ok_and(|status| status.success()) {
            return Err("tests with an engine need to be root, or sudo without a password".to_owned());
        }
        let machine = Docker { address: None };
        if machine.answers() {
            return Ok(machine);
        }
        let address = engine::start()?;
        Ok(Docker { address: Some(address) })
    }

    /// Removes what builds of former runs have left without a name: all of it in an engine of our own.
    fn tidy(&self) {
        let ours = ["--filter", "label=org.opencontainers.image.title=codedeploy-artifact"];
        let which: &[&str] = if self.address.is_some() { &[] } else { &ours };
        self.call([&["image", "prune", "--force"], which].concat());
    }

    fn answers(&self) -> bool {
        self.command(["version", "--format", "{{.Server.Version}}"])
            .output()
            .is_ok_and(|output| output.status.success())
    }

    /// A call of the client, still to be run.
    pub fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new("docker");
        if let Some(address) = &self.address {
            command.args(["--host", address]);
        }
        command.args(args);
        command
    }

    /// Lets a script of ours call the same engine.
    pub fn environment(&self, script: &mut Command) {
        if let Some(address) = &self.address {
            script.env("DOCKER_HOST", address);
        }
    }

    /// Makes a call, whatever comes of it.
    pub fn call<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        self.command(args).output().expect("the client of Docker")
    }

    /// Makes a call that has to succeed; what it wrote to standard output, without the white space around it.
    ///
    /// # Panics
    /// When it fails.
    pub fn ask<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> String {
        let mut command = self.command(args);
        let output = command.output().expect("the client of Docker");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?} ended with {}: {said}", output.status);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

/// A program as the superuser: as it is for root, through `sudo` for others, who may lack the right to it.
pub fn as_root(program: &str) -> Command {
    // The owner of a process's own folder there is its effective user.
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}
