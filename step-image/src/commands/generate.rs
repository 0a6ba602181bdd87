//! `generate`: the artifact, to a zip, a folder or standard output.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

mod destination;
mod parameters;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use codedeploy_aws::account::verify_request;
use codedeploy_aws::config::{self, Aws, Timeouts};
use codedeploy_aws::sources::{from_ecs, reader};
use codedeploy_core::account::judge;
use codedeploy_core::artifact::bundle::{Artifact, pack};
use codedeploy_core::artifact::inspect::Ignore;
use codedeploy_core::artifact::render::render;
use codedeploy_core::artifact::request::{Parameters, Request};
use codedeploy_core::artifact::sources::Sources;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::{in_json, line as on_one_line};

use crate::steps::account::{external_id, session_name};
use crate::steps::files::{InputArtifact, InputArtifacts};
use crate::terminal::output::Output;
use crate::terminal::print;
use crate::terminal::values::Refused;

use destination::Destination;
pub(super) use destination::FORMS;
use parameters::RequestFlags;

/// Generate the deployment artifact (appspec.yml and taskdef.json)
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Destination: a .zip file, a folder (created if missing), or - for a zip on standard output
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    artifact: PathBuf,
    /// Zip on disk that NAME::PATH in the request refers to (repeatable)
    #[arg(
        long = "input-artifact",
        value_name = "NAME=ZIP",
        value_parser = |text: &str| InputArtifact::parse(text).map_err(Refused::from)
    )]
    input_artifacts: Vec<InputArtifact>,
    /// Print the two files as well
    #[arg(long)]
    print: bool,
    #[command(flatten)]
    request: RequestFlags,
}

impl Generate {
    pub(crate) async fn run(self, output: Output) -> Result<print::Result, Fault> {
        let Generate { artifact, input_artifacts, print, request } = self;
        let to = Destination::of(artifact)?;
        to.check_flags(output, print)?;
        let inputs = InputArtifacts::new(input_artifacts)?;
        let request = self::request(request.parameters()?, &inputs)?;
        to.check_templates(&request)?;
        Ignore::of(&request)?;
        let (read, sources) = sources(&request, &inputs).await?;
        let mut artifact = pack(render(&request, &sources)?)?;
        let outcomes = match &read {
            Some(read) if request.verifies() => Box::pin(verify_request(read, &request, &artifact, None)).await?,
            _ => Vec::new(),
        };
        artifact.warnings = judge(artifact.warnings, &outcomes, request.strict)?;
        to.write(&artifact)?;
        Ok(report(&artifact, &to, print))
    }
}

/// The request from the flags and from the configuration file that they name.
fn request(mut parameters: Parameters, inputs: &InputArtifacts) -> Result<Request, Fault> {
    let by_flag = parameters.has("external_id");
    if let Some(file) = parameters.config()? {
        let config = inputs.read(&file)?;
        parameters = parameters.over(Parameters::from_config(&config.text, &file)?);
    }
    if parameters.has("role_arn")
        && !by_flag
        && let Some(id) = external_id("external-id")?
    {
        parameters = Parameters::from_flags([("external_id", vec![id.expose().to_owned()])])?.over(parameters);
    }
    Request::new(parameters)
}

/// The sources, and who read them, if AWS is asked at all.
async fn sources(request: &Request, inputs: &InputArtifacts) -> Result<(Option<Aws>, Sources), Fault> {
    // A request that needs nothing from AWS does not read the AWS configuration either.
    let (read, mut sources) = if request.asks_ecs() || request.verifies() {
        let aws = config::from_environment(request.region_to_ask(), Timeouts::default()).await?;
        let read = reader(&aws, request, &session_name()).await?;
        let sources = from_ecs(&read, request).await?;
        (Some(read), sources)
    } else {
        (None, Sources::default())
    };
    for (slot, file) in request.files() {
        let document = inputs.read_for(&slot, file)?;
        sources.insert(slot, document);
    }
    Ok((read, sources))
}

fn report(artifact: &Artifact, to: &Destination, contents: bool) -> print::Result {
    let removed = &artifact.facts.removed;
    if !removed.is_empty() {
        print::message(&format!("removed from {} (response-only): {}", artifact.facts.family, removed.join(", ")));
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

/// Prints which settings of CodeDeployToECS fill the image placeholders.
fn note_settings(artifact: &Artifact) {
    let settings = artifact.action_settings();
    if settings.is_empty() {
        return;
    }
    print::message("note: CodeDeployToECS fills the images in; settings of this action:");
    for (name, value) in &settings {
        print::message(&format!("  {name}: {}", shown(value)));
        if let Some(number) = name.strip_prefix("Image").and_then(|rest| rest.strip_suffix("ContainerName")) {
            print::message(&format!("  Image{number}ArtifactName: the artifact with the imageDetail.json"));
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
