//! What an SDK error knows, as plain data, and what that means.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_http::endpoint::ResolveEndpointError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{AwsError, BadSource, Denial, Network, Why, network};

/// What there is to know of a failed call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) failure: Failure,
    /// HTTP status, where there was an answer.
    pub(crate) status: Option<u16>,
    /// AWS's error code, such as `AccessDeniedException`.
    pub(crate) code: Option<String>,
    /// AWS's own text.
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// Where S3 says the bucket is.
    pub(crate) bucket_region: Option<String>,
}

/// How far the call got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Failure {
    /// AWS answered with an error.
    #[default]
    Answered,
    /// No whole answer in time.
    TimedOut,
    /// No connection, or it broke.
    Dispatch(String),
    /// The network is in the way.
    Network(Network),
    /// No credentials were found anywhere.
    NoCredentials(Option<BadSource>),
    /// A source of credentials was found and failed.
    Credentials(BadSource),
    /// A source of credentials was found, and what it has cannot be sent.
    UnfitCredentials,
    /// A role of ours could not be assumed again.
    Renewal(Why),
    /// An answer that is none of AWS.
    Unreadable,
    /// The SDK could not build the request.
    NotBuilt(String),
}

/// Of credentials with characters that no key or token has.
#[derive(Debug, thiserror::Error)]
#[error("a blank or a line break")]
pub(crate) struct Unfit;

impl Facts {
    pub(crate) fn of<E>(error: &SdkError<E, HttpResponse>) -> Facts
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let response = error.raw_response();
        let header = |name| response.and_then(|answer| answer.headers().get(name)).map(str::to_owned);
        let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
        Facts {
            failure: failure(error),
            status: response.map(|answer| answer.status().as_u16()),
            code: meta.and_then(|meta| meta.code()).map(str::to_owned),
            message: meta.and_then(|meta| meta.message()).map(str::to_owned),
            request_id: header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
            bucket_region: header("x-amz-bucket-region"),
        }
    }

    /// Of a source of credentials that was asked directly.
    pub(crate) fn of_credentials(error: &CredentialsError) -> Facts {
        Facts { failure: credentials_failure(error).unwrap_or_default(), ..Facts::default() }
    }

    /// AWS's code, empty where it gave none.
    pub(crate) fn code(&self) -> &str {
        self.code.as_deref().unwrap_or_default()
    }

    /// Classes every failure that means the same for all services.
    pub(crate) fn why(&self) -> Why {
        match &self.failure {
            Failure::TimedOut => return Why::TimedOut,
            Failure::Dispatch(text) => return Why::Unreachable(text.clone()),
            Failure::Network(network) => return Why::Network(network.clone()),
            Failure::NoCredentials(source) => return Why::NoCredentials(source.clone()),
            Failure::Credentials(source) => return Why::CredentialsFailed(source.clone()),
            Failure::UnfitCredentials => return Why::UnfitCredentials,
            Failure::NotBuilt(text) => return Why::NotBuilt(text.clone()),
            Failure::Renewal(why) => return why.clone(),
            Failure::Unreadable | Failure::Answered => {}
        }
        let text = self.message.clone().unwrap_or_default();
        let status = self.status.unwrap_or_default();
        match self.code() {
            code if THROTTLED.contains(&code) || status == 429 => Why::Throttled,
            code if DENIED.contains(&code) => Why::Denied { denial: Box::new(Denial::parse(&text)), text },
            code if EXPIRED.contains(&code) => Why::Expired,
            code if REJECTED.contains(&code) => Why::Rejected { code: code.to_owned(), text },
            code if UNAVAILABLE.contains(&code) || status >= 500 => Why::ServerFault { status },
            // AWS gives every answer an id. Without one it is the page of a proxy.
            "" if (status == 401 || status == 403) && self.request_id.is_some() => {
                Why::Denied { denial: Box::new(Denial::parse(&text)), text }
            }
            "" if status == 401 || status == 403 => Why::Unreadable { status },
            _ if self.failure == Failure::Unreadable || status < 300 => Why::Unreadable { status },
            code => Why::Refused { code: code.to_owned(), status, text },
        }
    }
}

const THROTTLED: [&str; 11] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "ProvisionedThroughputExceededException",
    "PriorRequestNotComplete",
    "SlowDown",
];
const DENIED: [&str; 8] = [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "UnauthorizedException",
    "NotAuthorized",
    "AllAccessDisabled",
    "AccountProblem",
    "OptInRequired",
];
const EXPIRED: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];
const REJECTED: [&str; 12] = [
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "UnrecognizedClient",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestTimeTooSkewed",
    "AuthFailure",
];
/// Codes that come with a 4xx status and still mean "later".
const UNAVAILABLE: [&str; 5] =
    ["RequestTimeout", "RequestTimeoutException", "ServiceUnavailable", "InternalError", "InternalFailure"];

fn failure<E>(error: &SdkError<E, HttpResponse>) -> Failure
where
    E: StdError + 'static,
{
    if let Some(failure) = chain(error).find_map(credentials_failure) {
        return failure;
    }
    if let Some(refusal) = chain(error).find_map(|cause| cause.downcast_ref::<ResolveEndpointError>()) {
        return Failure::Network(Network::NoEndpoint(refusal.to_string()));
    }
    if let (SdkError::DispatchFailure(_), Some(network)) = (error, network::of_connection(chain(error), &root(error))) {
        return Failure::Network(network);
    }
    match error {
        SdkError::TimeoutError(_) => Failure::TimedOut,
        SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => Failure::TimedOut,
        SdkError::DispatchFailure(_) => Failure::Dispatch(root(error)),
        SdkError::ConstructionFailure(_) => Failure::NotBuilt(root(error)),
        SdkError::ResponseError(_) => Failure::Unreadable,
        _ => Failure::Answered,
    }
}

fn credentials_failure(error: &(dyn StdError + 'static)) -> Option<Failure> {
    let error = error.downcast_ref::<CredentialsError>()?;
    if let Some(renewal) = chain(error).find_map(|cause| cause.downcast_ref::<AwsError>()) {
        return Some(match renewal.why() {
            // They mean the same for every call, and whether to go on depends on them.
            why @ (Why::Expired
            | Why::Throttled
            | Why::ServerFault { .. }
            | Why::TimedOut
            | Why::Unreachable(_)
            | Why::Network(_)) => Failure::Renewal(why.clone()),
            _ => Failure::Credentials(BadSource::failed(
                renewal.to_string(),
                codedeploy_core::fault::Explain::hint(renewal),
            )),
        });
    }
    if chain(error).any(<dyn StdError>::is::<Unfit>) {
        return Some(Failure::UnfitCredentials);
    }
    if let Some(source) = chain(error).find_map(|cause| cause.downcast_ref::<BadSource>()) {
        let failure = if source.absent { |one| Failure::NoCredentials(Some(one)) } else { Failure::Credentials };
        return Some(failure(source.clone()));
    }
    let failed = |problem: &str| {
        let hint = "run `aws sts get-caller-identity` in the same environment and correct what it reports";
        Failure::Credentials(BadSource::failed(problem, hint))
    };
    Some(match error {
        CredentialsError::CredentialsNotLoaded(_) => Failure::NoCredentials(None),
        CredentialsError::ProviderTimedOut(_) => failed("no answer in time"),
        other => failed(chain(other).find_map(sts_text).as_deref().unwrap_or("its answer is not usable")),
    })
}

/// What STS says where it is the source of the credentials (a profile with a role, a web identity). Of other sources
/// nothing is repeated: their errors may quote what they could not parse.
pub(crate) fn sts_text(error: &(dyn StdError + 'static)) -> Option<String> {
    let by_role = error.downcast_ref::<AssumeRoleError>().map(ProvideErrorMetadata::meta);
    let by_web = error.downcast_ref::<AssumeRoleWithWebIdentityError>().map(ProvideErrorMetadata::meta);
    let meta = by_role.or(by_web)?;
    Some(format!("{}: {}", meta.code().unwrap_or("error"), meta.message().unwrap_or("no message")))
}

/// The innermost cause, which is the one that says something: `Connection refused (os error 111)`.
fn root(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// The error and its causes. An I/O error with another error in it skips that one as its source.
pub(crate) fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<std::io::Error>() {
        Some(error) => error.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{AwsError, Call};
    use codedeploy_core::fault::{Explain, Kind};

    fn answered(status: u16, code: &str, message: &str, request_id: Option<&str>) -> AwsError {
        let facts = Facts {
            status: Some(status),
            code: (!code.is_empty()).then(|| code.to_owned()),
            message: Some(message.to_owned()),
            request_id: request_id.map(str::to_owned),
            ..Facts::default()
        };
        let call = Call { action: "ecs:DescribeServices", subject: "c/s".to_owned(), region: "eu-west-1".to_owned() };
        call.failed(facts.why())
    }

    #[test]
    fn answers_are_classed_by_code_then_by_status() {
        let cases = [
            (400, "AccessDeniedException", "AWS01", Kind::Denied),
            (403, "AccessDenied", "AWS01", Kind::Denied),
            (403, "", "AWS01", Kind::Denied),
            (400, "ExpiredTokenException", "AWS02", Kind::Denied),
            (400, "ExpiredToken", "AWS02", Kind::Denied),
            (403, "InvalidClientTokenId", "AWS03", Kind::Denied),
            (400, "UnrecognizedClientException", "AWS03", Kind::Denied),
            (403, "SignatureDoesNotMatch", "AWS03", Kind::Denied),
            (400, "ThrottlingException", "AWS06", Kind::Unavailable),
            (503, "SlowDown", "AWS06", Kind::Unavailable),
            (429, "", "AWS06", Kind::Unavailable),
            (500, "ServerException", "AWS07", Kind::Unavailable),
            (502, "", "AWS07", Kind::Unavailable),
            (400, "RequestTimeout", "AWS07", Kind::Unavailable),
            (200, "", "AWS10", Kind::Unavailable),
            (400, "InvalidParameterException", "AWS11", Kind::Configuration),
            (404, "", "AWS11", Kind::Configuration),
        ];
        for (status, code, expect, kind) in cases {
            let error = answered(status, code, "text", Some("4f1c"));
            assert_eq!((error.code(), error.kind()), (expect, kind), "{status} {code}");
        }
        // A proxy has pages of its own.
        for status in [401, 403] {
            assert_eq!(answered(status, "", "", None).code(), "AWS10", "{status}");
        }
    }
}
