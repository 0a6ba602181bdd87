//! Where `generate` writes the artifact.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use codedeploy_core::artifact::bundle::Artifact;
use codedeploy_core::artifact::file_ref::FileRef;
use codedeploy_core::artifact::request::Request;
use codedeploy_core::fault::Fault;
use codedeploy_core::faults;

use crate::steps::files;
use crate::terminal::output::Output;

/// Extensions of unsupported archives, which are unlikely to be meant as folders.
const OTHER_ARCHIVES: [&str; 23] = [
    "tar", "tgz", "gz", "tbz", "tbz2", "bz2", "txz", "xz", "tzst", "zst", "lz4", "lzma", "z", "7z", "rar", "jar",
    "war", "ear", "whl", "cab", "iso", "cpio", "nupkg",
];

faults! {
    /// The faults of destinations.
    pub(in crate::commands) const FORMS;

    /// A zip for a terminal.
    fn terminal() => "CLI05" Configuration "a zip archive cannot be written to a terminal",
        "redirect standard output, or use a .zip file or a folder";
    /// Two flags that both write to standard output.
    fn together(one: &str, other: &str) =>
        "CLI07" Configuration "{one} and {other} cannot be used together", "use a .zip file or a folder instead of -";
    /// The name of an archive of another kind.
    fn other_archive(path: &Path) [zip = files::named(&zip(path)), path = files::named(path)] =>
        "CLI11" Configuration "--artifact {path}: only .zip archives are written",
        "use {zip}, or a folder; add a trailing slash if this is the name of a folder";
    /// A file, or the name of one of the two files.
    fn not_a_folder(path: &Path) [path = files::named(path)] =>
        "CLI11" Configuration "--artifact {path} is neither a .zip file nor a folder",
        "use a .zip file, or a folder for the two files; --appspec-path and --taskdef-path name the files in it";
    /// A template that would be overwritten by the generated file.
    fn over_template(path: &Path) [path = files::named(path)] =>
        "CLI12" Configuration "the artifact would overwrite the template {path}",
        "choose another --artifact, or other names with --appspec-path and --taskdef-path";
}

/// The zip to suggest instead of another archive: `a.zip` for `a.tar.gz`.
fn zip(path: &Path) -> PathBuf {
    let stem = path.with_extension("");
    let tar = stem.extension().is_some_and(|ending| ending == "tar");
    if tar { stem.with_extension("zip") } else { path.with_extension("zip") }
}

/// Where the artifact goes.
pub(super) enum Destination {
    Zip(PathBuf),
    Folder(PathBuf),
    Stdout,
}

impl Destination {
    /// The destination of a path.
    pub(super) fn of(path: PathBuf) -> Result<Destination, Fault> {
        if path == Path::new("-") {
            return if std::io::stdout().is_terminal() { Err(terminal()) } else { Ok(Destination::Stdout) };
        }
        // A folder may have any name if it exists, or if the name ends with a slash.
        if path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Ok(Destination::Folder(path));
        }
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        match ending.to_str() {
            Some("zip") => Ok(Destination::Zip(path)),
            Some(ending) if OTHER_ARCHIVES.contains(&ending) => Err(other_archive(&path)),
            Some("json" | "yml" | "yaml") => Err(not_a_folder(&path)),
            _ if path.exists() => Err(not_a_folder(&path)),
            _ => Ok(Destination::Folder(path)),
        }
    }

    /// Refuses to overwrite a template with the generated file.
    pub(super) fn check_templates(&self, request: &Request) -> Result<(), Fault> {
        let Destination::Folder(folder) = self else { return Ok(()) };
        let written = [&request.appspec_path, &request.taskdef_path].map(|name| folder.join(name).canonicalize());
        for template in [&request.appspec_template, &request.taskdef_template].into_iter().flatten() {
            let FileRef::Local(template) = template else { continue };
            let Ok(path) = Path::new(template).canonicalize() else { continue };
            if written.iter().flatten().any(|written| *written == path) {
                return Err(over_template(Path::new(template)));
            }
        }
        Ok(())
    }

    /// Refuses flags that write to standard output if something else is written there.
    pub(super) fn check_flags(&self, output: Output, print: bool) -> Result<(), Fault> {
        match (self, output, print) {
            (Destination::Stdout, Output::Json, _) => Err(together("--artifact -", "--output json")),
            (Destination::Stdout, _, true) => Err(together("--artifact -", "--print")),
            (_, Output::Json, true) => Err(together("--output json", "--print")
                .with_hint("read the files where --artifact writes them, or remove one of the two flags")),
            _ => Ok(()),
        }
    }

    /// Writes the artifact, unless it goes to standard output with the result.
    pub(super) fn write(&self, artifact: &Artifact) -> Result<(), Fault> {
        match self {
            Destination::Zip(path) => files::write(&[(path.clone(), &artifact.zip)]),
            Destination::Folder(folder) => files::write(
                &[&artifact.appspec, &artifact.taskdef]
                    .map(|file| (folder.join(&file.document.name), file.document.text.as_bytes())),
            ),
            Destination::Stdout => Ok(()),
        }
    }
}
