//! Base images without a registry: the Debian release of this machine, made with debootstrap from the package sources
//! of apt.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

use super::{Docker, as_root};
use crate::{programs, skip};

/// What a base image has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The smallest system with apt, as the slim images of Debian are: no `ps`, no certificates.
    Bare,
    /// That, and all that a step needs.
    Complete,
}

impl Base {
    /// The name of the image in the engine, which keeps it for later runs; `None` (reported) if it cannot be made.
    /// Making both takes about a minute.
    ///
    /// # Panics Instead of `None`, if `CI=true`.
    pub fn image(self, docker: &Docker) -> Option<&'static str> {
        static BARE: OnceLock<Result<String, String>> = OnceLock::new();
        static COMPLETE: OnceLock<Result<String, String>> = OnceLock::new();
        let bare = || BARE.get_or_init(|| bare(docker));
        let made = match self {
            Base::Bare => bare(),
            Base::Complete => COMPLETE.get_or_init(|| complete(docker, bare().as_ref()?)),
        };
        made.as_ref().inspect_err(|why| skip::missing("a base image", why)).ok().map(String::as_str)
    }
}

fn exists(docker: &Docker, image: &str) -> bool {
    docker.call(["image", "inspect", image]).status.success()
}

fn bare(docker: &Docker) -> Result<String, String> {
    let suite = said(Command::new("sh").args(["-c", ". /etc/os-release && echo \"$VERSION_CODENAME\""]))?;
    let image = format!("e2e-base-bare:{suite}");
    if exists(docker, &image) {
        return Ok(image);
    }
    let format = ["indextargets", "--format", "$(SITE) $(RELEASE) $(CODENAME)", "Created-By: Packages"];
    let list = || said(Command::new("apt-get").args(format));
    let mut sources = list()?;
    if sources.is_empty() {
        // apt knows its sources only once it has fetched from them.
        said(as_root("apt-get").args(["update", "--quiet=2"]))?;
        sources = list()?;
    }
    let mut sources = sources.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let source = sources.find(|source| source.iter().skip(1).any(|name| *name == suite));
    let source = source.ok_or("apt has no source of its own release")?;
    let mirror = mirror(source.first().copied().unwrap_or_default())?;
    let root = programs::target_folder().join("docker/base");
    remove(&root)?;
    said(as_root("debootstrap").arg("--variant=minbase").args([&suite, &root.display().to_string(), &mirror]))?;
    let configuration = said(Command::new("apt-config").arg("dump"))?;
    // The package sources of this machine.
    let fetching = configuration.lines().filter(|line| line.starts_with("Acquire::") && !line.contains("IndexTargets"));
    let fetching: String = fetching.flat_map(|line| [line, "\n"]).collect();
    write(&root.join("etc/apt/apt.conf.d/90machine"), &fetching)?;
    write(&root.join("etc/dpkg/dpkg.cfg.d/slim"), SLIM)?;
    let unneeded = ["var/cache/apt/archives", "var/lib/apt/lists", "var/log/bootstrap.log"];
    for path in unneeded {
        remove(&root.join(path))?;
    }
    let mut tar = as_root("tar").arg("-C").arg(&root).args(["-c", "."]).stdout(Stdio::piped()).spawn();
    let packed = tar.as_mut().map_err(|error| format!("tar: {error}"))?.stdout.take().expect("a pipe");
    said(docker.command(["import", "-", &image]).stdin(packed))?;
    remove(&root)?;
    Ok(image)
}

/// debootstrap accepts one address. apt also accepts a file with several, the best first.
fn mirror(site: &str) -> Result<String, String> {
    let Some(list) = site.strip_prefix("mirror+file:") else { return Ok(site.to_owned()) };
    let text = std::fs::read_to_string(list).map_err(|error| format!("{list}: {error}"))?;
    let first = text.split_whitespace().find(|word| word.contains("://"));
    first.map(str::to_owned).ok_or_else(|| format!("{list} names no mirror"))
}

/// The slim images of Debian leave out the same.
const SLIM: &str = "path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
";

fn complete(docker: &Docker, bare: &str) -> Result<String, String> {
    let image = bare.replace("bare", "complete");
    if !exists(docker, &image) {
        let recipe = format!(
            "FROM {bare}
             RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates procps
            "
        );
        fed(&mut docker.command(["build", "--network=host", "--tag", &image, "-"]), &recipe)?;
    }
    Ok(image)
}

fn remove(path: &Path) -> Result<String, String> {
    said(as_root("rm").args(["-rf", "--one-file-system"]).arg(path))
}

fn write(path: &Path, text: &str) -> Result<String, String> {
    fed(as_root("tee").arg(path), text)
}

fn said(command: &mut Command) -> Result<String, String> {
    finish(command.stdout(Stdio::piped()).stderr(Stdio::piped()), None)
}

fn fed(command: &mut Command, text: &str) -> Result<String, String> {
    finish(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()), Some(text))
}

fn finish(command: &mut Command, text: Option<&str>) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().map_err(|error| format!("cannot run {name}: {error}"))?;
    if let (Some(text), Some(mut stdin)) = (text, child.stdin.take()) {
        stdin.write_all(text.as_bytes()).map_err(|error| format!("{name}: {error}"))?;
    }
    let output = child.wait_with_output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = text.lines().chain(errors.lines()).rev().take(3).collect();
    Err(format!("{name} ended with {}: {}", output.status, last.join(" | ")))
}
