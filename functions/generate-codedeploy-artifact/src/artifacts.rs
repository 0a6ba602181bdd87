//! The artifacts of the job in S3: reads files from the input artifacts and writes the output artifact.

use std::fs::File;

use codedeploy_aws::Aws;
use codedeploy_aws::error::Caller;
use codedeploy_aws::s3::{Encryption, Upload, download, upload};
use codedeploy_core::artifact::archive::{self, ARCHIVE_LIMIT};
use codedeploy_core::artifact::bundle::Artifact;
use codedeploy_core::artifact::file_ref::FileRef;
use codedeploy_core::artifact::request::CONFIG_LIMIT;
use codedeploy_core::artifact::sources::{Document, Slot, not_text};
use codedeploy_core::document;
use codedeploy_core::fault::Fault;

use crate::faults;
use crate::job::{ArtifactLocation, Job};

/// The input artifacts that were downloaded so far, by name. They are unnamed temporary files: a source artifact may be
/// larger than the function's memory, and must not outlive the job.
#[derive(Debug, Default)]
pub struct Inputs(Vec<(String, File)>);

impl Inputs {
    /// Downloads every input artifact that one of the files is in, each once.
    ///
    /// # Errors A path on disk, an artifact that the action does not list, and errors of S3.
    pub async fn download(&mut self, aws: &Aws, job: &Job, files: &[&FileRef]) -> Result<(), Fault> {
        for file in files {
            let FileRef::Artifact { artifact, .. } = file else {
                return Err(faults::on_disk(&file.to_string()));
            };
            if self.zip(artifact).is_none() {
                let from = job.input(artifact)?;
                let mut file = tempfile::tempfile().map_err(|error| faults::no_disk(&error))?;
                download(aws, &from.bucket, &from.key, ARCHIVE_LIMIT, &mut file).await?;
                self.0.push((artifact.clone(), file));
            }
        }
        Ok(())
    }

    /// Reads a file out of a downloaded artifact: one of the request for its purpose, or the configuration file.
    ///
    /// # Errors
    /// A bad archive, a file that is not in it, and one that is not text.
    pub fn read(&self, file: &FileRef, slot: Option<&Slot>) -> Result<Document, Fault> {
        let name = file.to_string();
        let FileRef::Artifact { artifact, path } = file else {
            return Err(faults::on_disk(&name));
        };
        let zip = self.zip(artifact).ok_or_else(|| faults::unknown_input(artifact, &[]))?;
        let bytes = archive::file(zip, artifact, path, slot.map_or(CONFIG_LIMIT, Slot::limit))?;
        let text = document::text(&bytes).map_err(|error| match slot {
            Some(slot) => not_text(slot, &name, &error),
            None => faults::not_text(&name, &error.kind.to_string()),
        })?;
        Ok(Document { text: text.to_owned(), name })
    }

    fn zip(&self, artifact: &str) -> Option<&File> {
        self.0.iter().find(|(name, _)| name == artifact).map(|(_, zip)| zip)
    }
}

/// Uploads the artifact to the location of the job, encrypted with the key of the job, if it has one.
///
/// # Errors Errors of S3 and KMS.
pub async fn publish(aws: &Aws, job: &Job, to: &ArtifactLocation, artifact: &Artifact) -> Result<(), Fault> {
    let object = Upload {
        bucket: &to.bucket,
        key: &to.key,
        body: artifact.zip.clone(),
        sha256: archive::sha256(&artifact.zip),
        encryption: Encryption::Kms(job.kms_key.as_deref()),
        caller: Caller::PipelineAction,
        content_type: "application/zip",
    };
    let uploaded = upload(aws, object).await?;
    tracing::info!(job = %job.id, bucket = to.bucket, key = to.key, version = uploaded.version_id, "artifact uploaded");
    Ok(())
}
