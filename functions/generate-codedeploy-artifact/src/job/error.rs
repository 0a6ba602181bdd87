//! What can be wrong with an event.

use codedeploy_core::document::DocumentError;
use codedeploy_core::fault::{Explain, Kind, shown};

/// An event that is no job, or a job that cannot be done as it came. No value of the event is ever repeated, save types
/// and names that are no secrets.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Some other event.
    #[error("not a CodePipeline job event: key \"CodePipeline.job\" is missing")]
    NotAJob,
    /// A job that cannot be reported.
    #[error("CodePipeline.job.id is missing; the job cannot be reported")]
    NoId,
    /// A job that must not be reported: whatever wrote that id was not CodePipeline.
    #[error("CodePipeline.job.id is not a UUID")]
    BadId,
    /// A member of the wrong type.
    #[error("{path} must be {expected}")]
    Type {
        /// Where.
        path: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A member that the job needs.
    #[error("{path} is missing")]
    Missing {
        /// Where.
        path: String,
    },
    /// Nowhere to put the artifact.
    #[error("this action has no output artifact; add one output artifact to the \"generate\" action")]
    NoOutput,
    /// Several places to put the artifact.
    #[error("the action has {} output artifacts ({}) and `output_artifact` names none", names.len(), joined(names))]
    SeveralOutputs {
        /// Their names.
        names: Vec<String>,
    },
    /// A name that no output artifact has.
    #[error(
        "`output_artifact`: \"{}\" is not an output artifact of this action (has: {})",
        shown(wanted),
        joined(names)
    )]
    UnknownOutput {
        /// As given.
        wanted: String,
        /// The names that there are.
        names: Vec<String>,
    },
    /// A name that no input artifact has.
    #[error("\"{}\" is not an input artifact of this action (has: {})", shown(wanted), joined(names))]
    UnknownInput {
        /// As given.
        wanted: String,
        /// The names that there are.
        names: Vec<String>,
    },
    /// A path on disk, asked of a function.
    #[error("\"{}\" is a path on disk, and the function reads files of input artifacts only", shown(path))]
    OnDisk {
        /// As given.
        path: String,
    },
    /// A file that is not text.
    #[error("{problem}")]
    NotText {
        /// Its name, and what it is instead.
        problem: String,
    },
    /// No room for a temporary file.
    #[error("cannot make a temporary file")]
    NoDisk(#[source] std::io::Error),
    /// No credentials for S3.
    #[error("the event carries no artifactCredentials")]
    NoCredentials,
    /// An event that was delivered too late.
    #[error("artifact credentials expired {minutes} min ago (delivery attempt is late)")]
    Expired {
        /// Since when, in minutes.
        minutes: u64,
    },
    /// A job of an account that the function does not serve.
    #[error("job comes from account {}, this function accepts only {}", shown(account), joined(allowed))]
    Account {
        /// The account, or `unknown`.
        account: String,
        /// The accounts that are served.
        allowed: Vec<String>,
    },
    /// A bucket that the function must not touch.
    #[error("bucket \"{}\" is not allowed (allowed: {})", shown(bucket), joined(allowed))]
    Bucket {
        /// The bucket.
        bucket: String,
        /// The patterns that are allowed.
        allowed: Vec<String>,
    },
    /// A task definition that the function must not show.
    #[error("task definition family \"{}\" is not allowed (allowed: {})", shown(family), joined(allowed))]
    TaskDefinition {
        /// The family.
        family: String,
        /// The patterns that are allowed.
        allowed: Vec<String>,
    },
    /// An artifact that is not in S3.
    #[error("artifact location type \"{}\" is not supported, only S3", shown(got))]
    LocationType {
        /// The type.
        got: String,
    },
    /// A key that is not of KMS.
    #[error("encryption key type \"{}\" is not supported, only KMS", shown(got))]
    KeyType {
        /// The type.
        got: String,
    },
    /// Not JSON within the limits.
    #[error("event {problem}")]
    Unreadable {
        /// Why, with line and column and without values.
        problem: String,
    },
}

impl EventError {
    pub(super) fn unreadable(error: &DocumentError) -> Self {
        EventError::Unreadable { problem: error.to_string() }
    }
}

impl Explain for EventError {
    fn code(&self) -> &'static str {
        match self {
            EventError::NotAJob => "EVT01",
            EventError::NoId => "EVT02",
            EventError::BadId => "EVT03",
            EventError::Type { .. } | EventError::Missing { .. } => "EVT04",
            EventError::NoOutput => "EVT05",
            EventError::SeveralOutputs { .. } | EventError::UnknownOutput { .. } => "EVT06",
            EventError::UnknownInput { .. } | EventError::OnDisk { .. } => "PAR18",
            EventError::NotText { .. } => "APP15",
            EventError::NoDisk(_) => "EVT14",
            EventError::NoCredentials => "EVT07",
            EventError::Expired { .. } => "EVT08",
            EventError::Account { .. } => "EVT09",
            EventError::Bucket { .. } => "EVT10",
            EventError::TaskDefinition { .. } => "EVT15",
            EventError::LocationType { .. } => "EVT11",
            EventError::KeyType { .. } => "EVT12",
            EventError::Unreadable { .. } => "EVT13",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            EventError::Expired { .. }
            | EventError::Account { .. }
            | EventError::Bucket { .. }
            | EventError::TaskDefinition { .. } => Kind::Denied,
            EventError::NotText { .. } => Kind::Input,
            EventError::NoDisk(_) => Kind::Unavailable,
            _ => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            EventError::NotAJob => "invoke this function from a CodePipeline action of provider Lambda",
            EventError::NoId | EventError::BadId => {
                "let CodePipeline make the event; nothing can be reported without its id"
            }
            EventError::Type { .. } | EventError::Missing { .. } | EventError::Unreadable { .. } => {
                "let CodePipeline make the event; do not build it by hand"
            }
            EventError::NoOutput => "set output_artifacts of the action to one name, such as codedeploy_core",
            EventError::SeveralOutputs { .. } | EventError::UnknownOutput { .. } => {
                "set `output_artifact` in UserParameters to the artifact that CodeDeployToECS takes as its input"
            }
            EventError::UnknownInput { .. } | EventError::OnDisk { .. } => {
                "list the artifact in input_artifacts of the action and name the file as ARTIFACT::PATH"
            }
            EventError::NotText { .. } => "save the file as UTF-8",
            EventError::NoDisk(_) => "give the function more ephemeral storage",
            EventError::NoCredentials => {
                "set S3_ACCESS=execution-role in the function's configuration to use its own role for S3"
            }
            EventError::Expired { .. } => "re-run the action",
            EventError::Account { .. } => "add the account to ALLOWED_ACCOUNTS in the function's configuration",
            EventError::Bucket { .. } => "add the bucket to ALLOWED_BUCKETS in the function's configuration",
            EventError::TaskDefinition { .. } => {
                "add the family to ALLOWED_TASK_DEFINITIONS in the function's configuration, if this pipeline may read it"
            }
            EventError::LocationType { .. } => "keep the artifacts of this action in an S3 artifact store",
            EventError::KeyType { .. } => "give the artifact store a KMS key, or none",
        }
        .to_owned()
    }
}

fn joined(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(", ")
}
