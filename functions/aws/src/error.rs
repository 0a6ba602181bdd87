//! Why a call to AWS failed: the cause for callers, and the fault for users.

mod marks;

use std::error::Error as StdError;
use std::fmt;

use codedeploy_core::account::NotChecked;
use codedeploy_core::fault::{Explain, Fault, Kind, shown};

pub use codedeploy_core::fault::denial::Denial;

pub(crate) use marks::{BadSource, ThroughProxy, Unfit};

/// A call to AWS that failed, or that was not sent because it could not succeed.
#[derive(Clone)]
pub struct AwsError(Box<Report>);

#[derive(Clone)]
struct Report {
    cause: Cause,
    code: String,
    /// The IAM action of the call; empty if none was sent.
    action: &'static str,
    request_id: Option<String>,
}

/// The causes by which callers decide. Codes and messages have more detail, for people only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The caller lacks a permission, or a policy denies the call.
    Denied {
        /// AWS's text, parsed.
        denial: Box<Denial>,
    },
    /// The session has expired.
    Expired,
    /// AWS does not know the key or the signature, or the clock is wrong.
    Rejected,
    /// The default chain found no credentials.
    NoCredentials,
    /// A source of credentials was found and failed.
    CredentialsFailed,
    /// A key or token contains invalid characters; nothing was sent.
    UnfitCredentials,
    /// Too many requests, after all attempts.
    Throttled,
    /// A server error of AWS, after all attempts.
    ServerFault,
    /// A timeout, after all attempts.
    TimedOut,
    /// No connection, or a broken one, after all attempts.
    Unreachable,
    /// A response that AWS would not send: a proxy's page, or a truncated one.
    Unreadable {
        /// HTTP status.
        status: u16,
    },
    /// The proxy, or the connection through it, failed after all attempts.
    Proxy,
    /// A certificate or an endpoint, which no further attempt changes.
    Network,
    /// The task definition does not exist.
    TaskDefinitionMissing,
    /// The deployment group has an active deployment, and takes one at a time.
    DeploymentActive {
        /// Its ID, if AWS reports it.
        active: Option<String>,
    },
    /// The deployment does not exist.
    DeploymentMissing,
    /// The CodeDeploy application does not exist.
    ApplicationMissing,
    /// The deployment group does not exist.
    GroupMissing,
    /// The application, group or config is for another compute platform than ECS.
    NotForEcs,
    /// The object does not exist, or not yet.
    ObjectMissing,
    /// The object is larger than the caller accepts.
    ObjectTooLarge,
    /// The object has none of the bytes that were asked for.
    NoSuchRange,
    /// Any other cause.
    Other,
}

/// A failure whose call is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) why: Why,
    pub(crate) fault: Fault,
}

/// Whose credentials are used for Amazon S3, which determines where a denied call must be fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The role of the pipeline's action, whose credentials came with the job.
    PipelineAction,
    /// The credentials of this program, or a role that they assumed.
    Own,
}

impl Why {
    pub(crate) fn because(self, fault: Fault) -> Cause {
        Cause { why: self, fault }
    }
}

impl Cause {
    /// The same with words before the message of its fault.
    pub(crate) fn within(self, context: impl fmt::Display) -> Cause {
        Cause { fault: self.fault.within(context), ..self }
    }
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Cause {
        Why::Other.because(fault)
    }
}

impl From<Cause> for AwsError {
    fn from(cause: Cause) -> AwsError {
        AwsError::answered(cause, "", None)
    }
}

impl From<Fault> for AwsError {
    fn from(fault: Fault) -> AwsError {
        Cause::from(fault).into()
    }
}

impl AwsError {
    /// An answer of AWS with its error code and the request ID that AWS Support asks for.
    pub(crate) fn answered(cause: Cause, code: &str, request_id: Option<&str>) -> AwsError {
        AwsError(Box::new(Report {
            cause,
            code: code.to_owned(),
            action: "",
            request_id: request_id.map(str::to_owned),
        }))
    }

    /// What a caller can decide by.
    pub fn why(&self) -> &Why {
        &self.0.cause.why
    }

    /// The failure without the answer that reported it.
    pub(crate) fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// AWS's error code, such as `AccessDeniedException`; empty without an answer.
    pub(crate) fn aws_code(&self) -> &str {
        &self.0.code
    }

    /// The same error of that call.
    #[must_use]
    pub(crate) fn of(mut self, call: &crate::call::Call) -> AwsError {
        self.0.action = call.action;
        self
    }

    /// The IAM action that the caller lacks, if that is the reason: the one that AWS names, or else that of the call.
    fn needs(&self) -> Option<&str> {
        match self.why() {
            Why::Denied { denial } => Some(denial.action.as_deref().unwrap_or(self.0.action)),
            _ => None,
        }
    }

    /// Why something was not checked, if this is the reason.
    pub fn not_checked(&self) -> NotChecked {
        NotChecked { needs: self.needs().map(str::to_owned), why: self.to_string(), later: false }
    }

    /// The same error with another hint.
    #[cfg(feature = "command-line")]
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: &str) -> AwsError {
        self.0.cause.fault = self.0.cause.fault.with_hint(hint);
        self
    }

    /// AWS's request ID, if there was an answer.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}

impl Explain for AwsError {
    fn code(&self) -> &'static str {
        self.0.cause.fault.code()
    }

    fn kind(&self) -> Kind {
        self.0.cause.fault.kind()
    }

    fn hint(&self) -> String {
        self.0.cause.fault.hint()
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
        f.write_str(&self.0.cause.fault.message())?;
        self.request_id().map_or(Ok(()), |id| write!(f, " (request {})", shown(id)))
    }
}
