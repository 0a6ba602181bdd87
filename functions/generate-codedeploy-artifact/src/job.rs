//! The CodePipeline job, read from the event in two steps.
//!
//! The job ID is read first and leniently, because a job with a known ID can be reported even if the rest of the event
//! is invalid. Everything else is then read strictly. The types are our own: `aws_lambda_events` knows neither
//! `encryptionKey` nor `expirationTime`, and its `Debug` prints the credentials.
//!
//! [Event](https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html)

mod read;

use std::fmt;

use codedeploy_aws::Credentials;
use codedeploy_core::fault::Fault;
use serde_json::value::RawValue;

use crate::faults;
use crate::members::Members;

/// The parts of a CodePipeline job that the function uses.
#[derive(Clone)]
pub struct Job {
    /// UUID of the job.
    pub id: JobId,
    /// The account that the pipeline is in.
    pub account: Option<String>,
    /// The action's `UserParameters`.
    pub user_parameters: Option<String>,
    /// Input artifacts, in the action's order.
    pub inputs: Vec<ArtifactLocation>,
    /// Output artifacts, in the action's order.
    pub outputs: Vec<ArtifactLocation>,
    /// For Amazon S3 only. Absent if the action has no artifacts.
    pub credentials: Option<Credentials>,
    /// When they expire, in milliseconds since 1970; not in every event.
    pub credentials_expire: Option<u64>,
    /// The artifact store's own KMS key; absent if the AWS managed key is used.
    pub kms_key: Option<String>,
}

impl Job {
    /// The input artifact of that name.
    ///
    /// # Errors
    /// `PAR18` if there is none.
    pub fn input(&self, name: &str) -> Result<&ArtifactLocation, Fault> {
        self.inputs
            .iter()
            .find(|input| input.name == name)
            .ok_or_else(|| faults::unknown_input(name, &names(&self.inputs)))
    }

    /// The output artifact to fill: the one that is named, or the only one.
    ///
    /// # Errors
    /// `EVT05` and `EVT06` if there is none, or if the choice is not clear.
    pub fn output(&self, wanted: Option<&str>) -> Result<&ArtifactLocation, Fault> {
        match (wanted, self.outputs.as_slice()) {
            (_, []) => Err(faults::no_output()),
            (None, [only]) => Ok(only),
            (None, several) => Err(faults::several_outputs(&names(several))),
            (Some(wanted), outputs) => outputs
                .iter()
                .find(|output| output.name == wanted)
                .ok_or_else(|| faults::unknown_output(wanted, &names(outputs))),
        }
    }
}

fn names(artifacts: &[ArtifactLocation]) -> Vec<&str> {
    artifacts.iter().map(|artifact| artifact.name.as_str()).collect()
}

impl fmt::Debug for Job {
    /// Without the credentials, and without UserParameters, which may name an external id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = (&self.inputs, &self.outputs);
        write!(f, "Job({} of account {:?}, {places:?}, key {:?})", self.id, self.account, self.kms_key)
    }
}

/// The UUID of a job, lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobId(String);

impl JobId {
    /// The UUID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An artifact and its place in S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactLocation {
    /// Its name in the pipeline.
    pub name: String,
    /// Its bucket.
    pub bucket: String,
    /// Its key, used as it is: it is not URL-encoded.
    pub key: String,
}

/// Reads the job ID of an event, whatever else is in the event.
///
/// # Errors
/// `EVT01` to `EVT03`: such a job cannot be reported.
pub fn id(event: &RawValue) -> Result<JobId, Fault> {
    let event = Members::of(event).unwrap_or_default();
    let job = event.get("CodePipeline.job").ok_or_else(faults::not_a_job)?;
    let job = Members::of(job).unwrap_or_default();
    let id = job.get("id").ok_or_else(faults::no_id)?;
    let id =
        serde_json::from_str::<Option<String>>(id.get()).map_err(|_| faults::bad_id())?.ok_or_else(faults::no_id)?;
    if is_uuid(&id) { Ok(JobId(id)) } else { Err(faults::bad_id()) }
}

/// Reads the whole event.
///
/// # Errors
/// The message names the member and never a value of it.
pub fn read(id: JobId, event: &RawValue) -> Result<Job, Fault> {
    read::job(id, event.get())
}

/// CodePipeline's `JobId`: `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
}

#[cfg(test)]
mod tests;
