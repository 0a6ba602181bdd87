//! `generate`: the artifact, to a zip, a folder or standard output.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use codedeploy_aws::config::{self, Timeouts};
use codedeploy_aws::sources::from_ecs;
use codedeploy_core::artifact::bundle::{Artifact, pack};
use codedeploy_core::artifact::render::render;
use codedeploy_core::artifact::request::{Parameters, Request};
use codedeploy_core::artifact::sources::Sources;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::names::file_ref::FileRef;
use codedeploy_core::text::{in_json, line as on_one_line};

use crate::account::{self, session_name};
use crate::cli::{self, Output};
use crate::files::{self, FileError, InputArtifacts};
use crate::print;

/// The flags.
pub(crate) fn command() -> Command {
    Command::new("generate")
        .about("Makes the artifact: appspec.yml and taskdef.json, offline or from AWS")
        .arg(
            Arg::new("artifact")
                .long("artifact")
                .value_name("PATH")
                .required(true)
                .value_hint(ValueHint::AnyPath)
                .value_parser(value_parser!(PathBuf))
                .help("Destination: a .zip file, a folder (created if missing), or - for a zip on standard output"),
        )
        .arg(
            Arg::new("input-artifact")
                .long("input-artifact")
                .value_name("NAME=ZIP")
                .action(ArgAction::Append)
                .help("A zip on disk that NAME::PATH in the request refers to (repeatable)"),
        )
        .arg(Arg::new("print").long("print").action(ArgAction::SetTrue).help("Print the two files as well"))
        .args(cli::request_flags())
        .mut_arg("external_id", |flag| flag.help(account::external_id_help("external-id")))
}

/// The drawing of the library, one stage a line.
pub(crate) async fn run(flags: &ArgMatches) -> Result<print::Result, Fault> {
    let to = Destination::of(flags)?;
    to.check_flags(flags)?;
    let inputs = InputArtifacts::from_flags(flags.get_many("input-artifact").into_iter().flatten())?;
    let request = request(flags, &inputs)?;
    to.check_templates(&request)?;
    let sources = sources(&request, &inputs).await?;
    let files = render(&request, &sources)?;
    let artifact = pack(files)?;
    to.write(&artifact)?;
    Ok(report(&artifact, &to, flags.get_flag("print")))
}

fn request(flags: &ArgMatches, inputs: &InputArtifacts) -> Result<Request, Fault> {
    let mut parameters = cli::parameters(flags)?;
    let by_flag = parameters.has("external_id");
    if let Some(file) = parameters.config()? {
        let config = inputs.read(&file)?;
        parameters = parameters.over(Parameters::from_config(&config.text, &file)?);
    }
    if parameters.has("role_arn")
        && !by_flag
        && let Some(id) = account::external_id("external-id")?
    {
        parameters = Parameters::from_flags([("external_id", vec![id.expose().to_owned()])])?.over(parameters);
    }
    Ok(Request::new(parameters)?)
}

async fn sources(request: &Request, inputs: &InputArtifacts) -> Result<Sources, Fault> {
    // Nothing of AWS is touched, not even its configuration, where the request needs nothing of it.
    let mut sources = if request.asks_ecs() {
        let region = request.region_to_ask();
        let aws = config::from_environment(region, Timeouts::default()).await?;
        from_ecs(&aws, request, &session_name()).await?
    } else {
        Sources::default()
    };
    for (slot, file) in request.files() {
        let document = inputs.read_for(&slot, file)?;
        sources.insert(slot, document);
    }
    Ok(sources)
}

/// Endings of archives that are not written. A folder of such a name is hardly meant.
const OTHER_ARCHIVES: [&str; 23] = [
    "tar", "tgz", "gz", "tbz", "tbz2", "bz2", "txz", "xz", "tzst", "zst", "lz4", "lzma", "z", "7z", "rar", "jar",
    "war", "ear", "whl", "cab", "iso", "cpio", "nupkg",
];

/// Where the artifact goes.
enum Destination {
    Zip(PathBuf),
    Folder(PathBuf),
    Stdout,
}

impl Destination {
    fn of(flags: &ArgMatches) -> Result<Destination, FileError> {
        let path = flags.get_one::<PathBuf>("artifact").cloned().unwrap_or_default();
        if path == Path::new("-") {
            return if std::io::stdout().is_terminal() { Err(FileError::Terminal) } else { Ok(Destination::Stdout) };
        }
        // A folder may have any name if it is there, or if the name ends with a slash.
        if path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Ok(Destination::Folder(path));
        }
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        match ending.to_str() {
            Some("zip") => Ok(Destination::Zip(path)),
            Some(ending) if OTHER_ARCHIVES.contains(&ending) => Err(FileError::OtherArchive { path }),
            Some("json" | "yml" | "yaml") => Err(FileError::NotAFolder { path }),
            _ if path.exists() => Err(FileError::NotAFolder { path }),
            _ => Ok(Destination::Folder(path)),
        }
    }

    /// Refuses to replace a template by what was made of it.
    fn check_templates(&self, request: &Request) -> Result<(), FileError> {
        let Destination::Folder(folder) = self else { return Ok(()) };
        let written = [&request.appspec_path, &request.taskdef_path].map(|name| folder.join(name).canonicalize());
        for template in [&request.appspec_template, &request.taskdef_template].into_iter().flatten() {
            let FileRef::Local(template) = template else { continue };
            let Ok(path) = Path::new(template).canonicalize() else { continue };
            if written.iter().flatten().any(|written| *written == path) {
                return Err(FileError::OverTemplate { path: PathBuf::from(template) });
            }
        }
        Ok(())
    }

    /// Refuses flags that would silently come to nothing, because something else takes their place on standard output.
    fn check_flags(&self, flags: &ArgMatches) -> Result<(), FileError> {
        let taken = matches!(self, Destination::Stdout);
        let json = cli::output(flags) == Output::Json;
        let print = flags.get_flag("print");
        let named = "name a .zip or a folder instead of -";
        match (taken, json, print) {
            (true, true, _) => Err(FileError::Flags { one: "--artifact -", other: "--output json", hint: named }),
            (true, _, true) => Err(FileError::Flags { one: "--artifact -", other: "--print", hint: named }),
            (_, true, true) => Err(FileError::Flags {
                one: "--output json",
                other: "--print",
                hint: "read the files where --artifact writes them, or remove one of the two flags",
            }),
            _ => Ok(()),
        }
    }

    fn write(&self, artifact: &Artifact) -> Result<(), FileError> {
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

fn report(artifact: &Artifact, to: &Destination, contents: bool) -> print::Result {
    let removed = &artifact.facts.removed;
    if !removed.is_empty() {
        print::talk(&format!("removed from {} (response-only): {}", artifact.facts.family, removed.join(", ")));
    }
    print::left_out(&artifact.facts.family, &artifact.facts.left_out);
    print::warnings(&artifact.warnings);
    note_settings(artifact);
    let mut json = artifact.to_json();
    let path = match to {
        Destination::Zip(path) | Destination::Folder(path) => Some(path.display().to_string()),
        Destination::Stdout => None,
    };
    if let Some(object) = json.pointer_mut("/artifact").and_then(|artifact| artifact.as_object_mut()) {
        object.insert("path".to_owned(), path.into());
    }
    let bytes = matches!(to, Destination::Stdout).then(|| artifact.zip.clone());
    print::Result { json, text: text(artifact, to, contents), bytes, ..print::Result::default() }
}

/// Says which settings of CodeDeployToECS fill the image placeholders.
fn note_settings(artifact: &Artifact) {
    let settings = artifact.action_settings();
    if settings.is_empty() {
        return;
    }
    print::talk("note: the images are filled by CodeDeployToECS; settings of this action:");
    for (name, value) in &settings {
        print::talk(&format!("  {name}: {}", shown(value)));
        if let Some(number) = name.strip_prefix("Image").and_then(|rest| rest.strip_suffix("ContainerName")) {
            print::talk(&format!("  Image{number}ArtifactName: the artifact with the imageDetail.json"));
        }
    }
}

fn text(artifact: &Artifact, to: &Destination, contents: bool) -> String {
    let mut text = String::new();
    let mut line = |name: &str, bytes: usize, sha256: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  {bytes} bytes  sha256 {sha256}", on_one_line(name));
    };
    match to {
        Destination::Zip(path) => line(&path.display().to_string(), artifact.zip.len(), &artifact.sha256),
        Destination::Stdout => line("standard output", artifact.zip.len(), &artifact.sha256),
        Destination::Folder(_) => {}
    }
    for file in [&artifact.appspec, &artifact.taskdef] {
        let name = match to {
            Destination::Folder(folder) => folder.join(&file.document.name).display().to_string(),
            Destination::Zip(_) | Destination::Stdout => format!("  {}", file.document.name),
        };
        line(&name, file.document.text.len(), &file.sha256);
    }
    if contents {
        for file in [&artifact.appspec, &artifact.taskdef] {
            let _ = write!(text, "\n--- {}\n{}", file.document.name, in_json(&file.document.text));
        }
    }
    text
}
