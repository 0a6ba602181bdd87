//! The artifacts of the job in S3: reads files from the input artifacts and writes the output artifact.

use std::fs::File;

use codedeploy_aws::Aws;
use codedeploy_aws::error::Caller;
use codedeploy_aws::s3::{Encryption, Object, Upload, download_end, download_part, upload};
use codedeploy_core::artifact::archive::{self, ARCHIVE_LIMIT, Parts};
use codedeploy_core::artifact::bundle::Artifact;
use codedeploy_core::artifact::file_ref::FileRef;
use codedeploy_core::artifact::request::CONFIG_LIMIT;
use codedeploy_core::artifact::sources::{Document, Slot, not_text};
use codedeploy_core::document;
use codedeploy_core::fault::Fault;

use crate::faults;
use crate::job::{ArtifactLocation, Job};

/// How many bytes at the end of an artifact the first request asks for. A usual source artifact is not larger, and needs
/// no other request. The time for that many bytes is about that of a request.
const END: u64 = 1024 * 1024;

/// The input artifacts of which parts were downloaded so far.
#[derive(Debug, Default)]
pub struct Inputs(Vec<Input>);

/// An input artifact. Its parts are in an unnamed temporary file: an artifact may be larger than the function's memory, and
/// must not outlive the job.
#[derive(Debug)]
struct Input {
    name: String,
    object: Object,
    zip: Parts<File>,
}

impl Inputs {
    /// Downloads these files, each with its limit in bytes: of every input artifact that one of them is in, the end with
    /// the directory, and then the parts that are still missing.
    ///
    /// # Errors A path on disk, an artifact that the action does not list, and errors of S3.
    pub async fn download(&mut self, aws: &Aws, job: &Job, files: &[(&FileRef, u64)]) -> Result<(), Fault> {
        for (file, _) in files {
            let FileRef::Artifact { artifact, .. } = file else {
                return Err(faults::on_disk(&file.to_string()));
            };
            if self.zip(artifact).is_none() {
                let from = job.input(artifact)?;
                let mut file = tempfile::tempfile().map_err(|error| faults::no_disk(&error))?;
                let (object, end) = download_end(aws, &from.bucket, &from.key, END, ARCHIVE_LIMIT, &mut file).await?;
                let mut zip = Parts::new(file, object.length);
                zip.add(end);
                self.0.push(Input { name: artifact.clone(), object, zip });
            }
        }
        for input in &mut self.0 {
            let wanted = files.iter().filter_map(|(file, limit)| match file {
                FileRef::Artifact { artifact, path } if *artifact == input.name => Some((path.as_str(), *limit)),
                _ => None,
            });
            let wanted: Vec<(&str, u64)> = wanted.collect();
            while let Some(part) = input.zip.missing(&wanted) {
                let part = download_part(aws, &input.object, part, input.zip.bytes()).await?;
                input.zip.add(part);
            }
        }
        Ok(())
    }

    /// Reads a file out of a downloaded artifact: one of the request for its purpose, or the configuration file.
    ///
    /// # Errors
    /// A bad archive, a file that is not in it, and one that is not text.
    pub fn read(&mut self, file: &FileRef, slot: Option<&Slot>) -> Result<Document, Fault> {
        let name = file.to_string();
        let FileRef::Artifact { artifact, path } = file else {
            return Err(faults::on_disk(&name));
        };
        let zip = self.zip(artifact).ok_or_else(|| faults::unknown_input(artifact, &[]))?;
        let bytes = zip.file(artifact, path, slot.map_or(CONFIG_LIMIT, Slot::limit))?;
        let text = document::text(&bytes).map_err(|error| match slot {
            Some(slot) => not_text(slot, &name, &error),
            None => faults::not_text(&name, &error.kind.to_string()),
        })?;
        Ok(Document { text: text.to_owned(), name })
    }

    fn zip(&mut self, artifact: &str) -> Option<&mut Parts<File>> {
        self.0.iter_mut().find(|input| input.name == artifact).map(|input| &mut input.zip)
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
