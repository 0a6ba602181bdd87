//! Why a call to AWS failed: one line, who has to act, and what to do next.

mod facts;
mod network;
mod source;
mod why;
mod wording;

use std::error::Error as StdError;
use std::fmt;

use codedeploy_core::fault::{Explain, Kind};

pub use codedeploy_core::fault::denial::Denial;

pub(crate) use facts::{Facts, Unfit, chain, sts_text};
pub use network::Network;
pub(crate) use network::ThroughProxy;
pub use source::BadSource;
pub use why::{Caller, Why};

/// A call to AWS that failed, or that was not sent because it could not succeed.
#[derive(Clone)]
pub struct AwsError(Box<Report>);

/// What was asked for, for messages.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The IAM action of the call.
    pub(crate) action: &'static str,
    /// What it was asked for.
    pub(crate) subject: String,
    pub(crate) region: String,
}

#[derive(Clone)]
struct Report {
    call: Call,
    why: Why,
    request_id: Option<String>,
}

impl Call {
    /// None yet: what is wrong was found before anything was to be sent.
    pub(crate) fn before_any() -> Call {
        Call { action: "", subject: String::new(), region: String::new() }
    }

    pub(crate) fn failed(self, why: Why) -> AwsError {
        AwsError(Box::new(Report { call: self, why, request_id: None }))
    }

    /// Like [`Call::failed`], with the id that AWS support asks for.
    pub(crate) fn answered(self, why: Why, facts: &Facts) -> AwsError {
        AwsError(Box::new(Report { call: self, why, request_id: facts.request_id.clone() }))
    }
}

impl AwsError {
    /// What exactly went wrong.
    pub fn why(&self) -> &Why {
        &self.0.why
    }

    /// Names the account that was asked, where AWS does not say it and the request does.
    #[must_use]
    pub(crate) fn in_account(mut self, number: &str) -> AwsError {
        if let Why::TaskDefinitionMissing { account: account @ None } = &mut self.0.why {
            *account = Some(number.to_owned());
        }
        self
    }

    /// AWS's request id, where there was an answer.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}

impl Explain for AwsError {
    fn code(&self) -> &'static str {
        match &self.0.why {
            Why::Network(network) => network.code(),
            Why::Denied { .. } => "AWS01",
            Why::Expired => "AWS02",
            Why::Rejected { .. } => "AWS03",
            Why::NoCredentials(_) => "AWS04",
            Why::CredentialsFailed(_) => "AWS05",
            Why::Throttled => "AWS06",
            Why::ServerFault { .. } => "AWS07",
            Why::TimedOut => "AWS08",
            Why::Unreachable(_) => "AWS09",
            Why::Unreadable { .. } => "AWS10",
            Why::Refused { .. } => "AWS11",
            Why::NoRegion => "AWS12",
            Why::NotBuilt(_) => "AWS13",
            Why::UnfitCredentials => "AWS14",
            Why::BadRegion => "PAR07",
            Why::TaskDefinitionMissing { .. } => "TD01",
            Why::ClusterMissing => "SVC01",
            Why::ServiceMissing => "SVC02",
            Why::ServiceNotActive { .. } => "SVC03",
            Why::ControllerForbids { .. } => "SVC07",
            Why::TaskDefinitionRefused { .. } => "TD12",
            Why::DeploymentActive { .. } => "DEP01",
            Why::DeploymentMissing => "DEP02",
            Why::NotForEcs { .. } => "DEP05",
            Why::ApplicationMissing => "DEP06",
            Why::GroupMissing => "DEP07",
            Why::DeploymentConfigMissing => "DEP08",
            Why::NotWaiting { .. } => "DEP09",
            Why::RevisionRefused { .. } => "DEP10",
            Why::RoutingUnknown { .. } => "DEP11",
            Why::ServiceRole { .. } => "DEP12",
            Why::TargetGroupMissing => "ELB01",
            Why::AssumeDenied { .. } => "STS01",
            Why::ForeignPartition { .. } => "STS02",
            Why::ReadDenied { .. } => "S3-01",
            Why::ObjectMissing => "S3-02",
            Why::WriteDenied { .. } => "S3-03",
            Why::BucketMissing => "S3-04",
            Why::BucketElsewhere { .. } => "S3-05",
            Why::BodyBroken { .. } => "S3-06",
            Why::NotWritten(_) => "S3-07",
            Why::NotText => "S3-08",
            Why::KeyRefused { .. } => "S3-09",
            Why::ObjectTooLarge { .. } => "ZIP09",
        }
    }

    fn kind(&self) -> Kind {
        match &self.0.why {
            Why::Network(network) => network.kind(),
            Why::Denied { .. }
            | Why::Expired
            | Why::Rejected { .. }
            | Why::CredentialsFailed(_)
            | Why::AssumeDenied { .. }
            | Why::ReadDenied { .. }
            | Why::WriteDenied { .. } => Kind::Denied,
            Why::Throttled
            | Why::ServerFault { .. }
            | Why::TimedOut
            | Why::Unreachable(_)
            | Why::Unreadable { .. }
            | Why::DeploymentActive { .. }
            | Why::BodyBroken { .. } => Kind::Unavailable,
            Why::NoCredentials(_)
            | Why::UnfitCredentials
            | Why::Refused { .. }
            | Why::NoRegion
            | Why::BadRegion
            | Why::ForeignPartition { .. }
            | Why::BucketElsewhere { .. }
            | Why::ControllerForbids { .. }
            | Why::NotForEcs { .. }
            | Why::NotWaiting { .. }
            | Why::RoutingUnknown { .. }
            | Why::ServiceRole { .. }
            | Why::KeyRefused { .. }
            | Why::NotWritten(_) => Kind::Configuration,
            Why::TaskDefinitionMissing { .. }
            | Why::ClusterMissing
            | Why::ServiceMissing
            | Why::ServiceNotActive { .. }
            | Why::DeploymentMissing
            | Why::ApplicationMissing
            | Why::GroupMissing
            | Why::DeploymentConfigMissing
            | Why::TargetGroupMissing
            | Why::ObjectMissing
            | Why::BucketMissing => Kind::NotFound,
            Why::ObjectTooLarge { .. }
            | Why::NotText
            | Why::TaskDefinitionRefused { .. }
            | Why::RevisionRefused { .. } => Kind::Input,
            Why::NotBuilt(_) => Kind::Bug,
        }
    }

    fn hint(&self) -> String {
        wording::hint(&self.0)
    }
}

impl StdError for AwsError {}

impl fmt::Debug for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        wording::message(&self.0, f)
    }
}
