//! Packs the two files into the artifact: its bytes, their digests, and what to report.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::artifact::archive;
use crate::artifact::facts::Facts;
use crate::artifact::image::placeholder_in;
use crate::artifact::render::Files;
use crate::artifact::sources::Document;
use crate::fault::Fault;
use crate::fault::finding::{self, Finding, Severity};
use crate::names::is_ecs_name;
use crate::text::line;

/// The most that the output variables of one action may hold, in bytes, names and values together.
/// [Limits](https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html)
pub const OUTPUT_VARIABLES_LIMIT: usize = 122_880;

/// The most bytes of the output variable `findings`. A later action that has it in its configuration has other settings there
/// as well, and a value of UserParameters at most 1000 characters.
pub const FINDINGS_LIMIT: usize = 1_000;

/// A finished artifact.
pub struct Artifact {
    /// The zip, the same bytes for the same input on any machine.
    pub zip: Vec<u8>,
    /// SHA-256 of the zip, lower-case hex.
    pub sha256: String,
    /// The AppSpec.
    pub appspec: Packed,
    /// The task definition.
    pub taskdef: Packed,
    /// What was put into them.
    pub facts: Facts,
    /// Warnings and notes.
    pub warnings: Vec<Finding>,
}

impl fmt::Debug for Artifact {
    /// Without its bytes, because the task definition in them has environment values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Artifact({} bytes, sha256 {}, {:?})", self.zip.len(), self.sha256, self.facts)
    }
}

/// A file in the artifact.
#[derive(Debug)]
pub struct Packed {
    /// Its name in the zip and its text.
    pub document: Document,
    /// SHA-256 of its text, lower-case hex.
    pub sha256: String,
}

/// Packs the files.
///
/// # Errors
/// A zip that would be larger than CodeDeployToECS takes.
pub fn pack(files: Files) -> Result<Artifact, Fault> {
    let packed = |document: Document| Packed { sha256: archive::sha256_hex(document.text.as_bytes()), document };
    let zip = archive::write(&[
        (files.appspec.name.as_str(), files.appspec.text.as_bytes()),
        (files.taskdef.name.as_str(), files.taskdef.text.as_bytes()),
    ])?;
    Ok(Artifact {
        sha256: archive::sha256_hex(&zip),
        zip,
        appspec: packed(files.appspec),
        taskdef: packed(files.taskdef),
        facts: files.facts,
        warnings: files.warnings,
    })
}

impl Artifact {
    /// The variables of a CodePipeline action: `#{namespace.name}` in later actions.
    ///
    /// Names keep to `[A-Za-z0-9@_-]+`; the image of a container of another name is left out. Images come last and are left
    /// out if the total would exceed [`OUTPUT_VARIABLES_LIMIT`], so that the digests are always there.
    ///
    /// `warnings` is the number of warnings, and `findings` has the warnings and notes, as many as fit into
    /// [`FINDINGS_LIMIT`]. Both are always there: a reference to a variable that does not exist fails the pipeline.
    pub fn output_variables(&self, findings: &[Finding]) -> Vec<(String, String)> {
        let facts = &self.facts;
        let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
        let mut variables = vec![
            ("warnings".to_owned(), warnings.to_string()),
            ("findings".to_owned(), summary(findings)),
            ("artifact_sha256".to_owned(), self.sha256.clone()),
            ("appspec_sha256".to_owned(), self.appspec.sha256.clone()),
            ("taskdef_sha256".to_owned(), self.taskdef.sha256.clone()),
            ("container_name".to_owned(), facts.container_name.clone()),
            ("container_port".to_owned(), facts.container_port.to_string()),
            ("task_definition_family".to_owned(), facts.family.clone()),
        ];
        variables.extend(facts.revision.iter().map(|it| ("task_definition_revision".to_owned(), it.clone())));
        variables.extend(facts.task_definition_arn.iter().map(|it| ("task_definition_arn".to_owned(), it.clone())));
        let size = |(name, value): &(String, String)| name.len() + value.len();
        let mut total: usize = variables.iter().map(size).sum();
        for (container, image) in &facts.images {
            let variable = (format!("image_{container}"), image.clone());
            total += size(&variable);
            if total <= OUTPUT_VARIABLES_LIMIT && !image.is_empty() && is_ecs_name(container) {
                variables.push(variable);
            }
        }
        variables
    }

    /// The settings of CodeDeployToECS that belong to this artifact, if it has image placeholders; empty otherwise.
    ///
    /// `ImageNContainerName` is the name of a placeholder, not of a container. `ImageNArtifactName`, the artifact with
    /// the `imageDetail.json`, is not known here.
    /// [CodeDeployToECS](https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html)
    pub fn action_settings(&self) -> Vec<(String, String)> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.facts.images.iter().filter_map(|(_, image)| placeholder_in(image)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return Vec::new();
        }
        let files = [
            ("AppSpecTemplatePath".to_owned(), self.appspec.document.name.clone()),
            ("TaskDefinitionTemplatePath".to_owned(), self.taskdef.document.name.clone()),
        ];
        let images = (1..).zip(names).map(|(number, name)| (format!("Image{number}ContainerName"), name.to_owned()));
        files.into_iter().chain(images).collect()
    }

    /// The same as JSON, for `--output json` and the function's log.
    pub fn to_json(&self) -> Value {
        let file = |packed: &Packed| {
            json!({
                "path": packed.document.name,
                "bytes": packed.document.text.len(),
                "sha256": packed.sha256,
            })
        };
        let images: Map<String, Value> =
            self.facts.images.iter().map(|(name, image)| (name.clone(), Value::from(image.as_str()))).collect();
        let settings: Map<String, Value> =
            self.action_settings().into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        json!({
            "artifact": { "bytes": self.zip.len(), "sha256": self.sha256 },
            "appspec": file(&self.appspec),
            "taskdef": file(&self.taskdef),
            "task_definition": {
                "arn": self.facts.task_definition_arn,
                "family": self.facts.family,
                "revision": self.facts.revision,
                "removed": self.facts.removed,
                "left_out": self.facts.left_out,
            },
            "container_name": self.facts.container_name,
            "container_port": self.facts.container_port,
            "images": images,
            "code_deploy_to_ecs": if settings.is_empty() { Value::Null } else { Value::Object(settings) },
            "warnings": finding::to_json(&self.warnings),
        })
    }
}

/// `warning CODE: …; note CODE: …`: as many findings as fit, and how many do not. `none` if there are none.
fn summary(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "none".to_owned();
    }
    let one = |finding: &Finding| line(&format!("{} {}: {finding}", finding.severity.name(), finding.code));
    let lines: Vec<String> = findings.iter().map(one).collect();
    let text = |shown: usize| {
        let rest = lines.len() - shown;
        let rest = (rest > 0).then(|| format!("and {rest} more"));
        lines.iter().take(shown).cloned().chain(rest).collect::<Vec<_>>().join("; ")
    };
    (0..=lines.len()).rev().map(text).find(|text| text.len() <= FINDINGS_LIMIT).unwrap_or_default()
}

#[cfg(test)]
mod tests;
