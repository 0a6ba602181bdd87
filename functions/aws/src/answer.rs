//! Turns every response of AWS into its output, or into the reason why there is none.
//!
//! The time limits and the number of attempts of all calls are set in [`crate::config`].

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::call::Call;
use crate::error::{AwsError, Cause, Denial, Why};
use crate::{faults, unsent};

/// The error response of a service.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// HTTP status, 0 without a response.
    pub(crate) status: u16,
    /// AWS's error code, such as `AccessDeniedException`; empty if it sent none.
    pub(crate) code: String,
    /// AWS's text.
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    /// The Region of the bucket, if S3 reports it.
    pub(crate) bucket_region: Option<String>,
    /// Whether the response is not one of this service.
    unreadable: bool,
}

impl Call {
    /// Takes the answer. `cause` says what an error of this service means; [`refused`] does for those of every service.
    pub(crate) fn answer<T, E>(
        &self,
        answer: Result<T, SdkError<E, HttpResponse>>,
        cause: impl FnOnce(&Call, &Facts) -> Cause,
    ) -> Result<T, AwsError>
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        answer.map_err(|error| self.failed(&error, cause))
    }

    /// Why there is no answer.
    pub(crate) fn failed<E>(
        &self,
        error: &SdkError<E, HttpResponse>,
        cause: impl FnOnce(&Call, &Facts) -> Cause,
    ) -> AwsError
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let facts = Facts::of(error);
        let cause = unsent::cause(self, error).unwrap_or_else(|| cause(self, &facts));
        AwsError::answered(cause, &facts.code, facts.request_id.as_deref()).of(self)
    }

    /// A part that every answer to this call has.
    pub(crate) fn part<T>(&self, part: Option<T>) -> Result<T, AwsError> {
        part.ok_or_else(|| self.no_part())
    }

    /// An answer without the part that it must have.
    pub(crate) fn no_part(&self) -> AwsError {
        unreadable(self, 200).into()
    }
}

impl Facts {
    fn of<E>(error: &SdkError<E, HttpResponse>) -> Facts
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let response = error.raw_response();
        let meta = error.as_service_error().map(ProvideErrorMetadata::meta);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Facts {
            status: response.map(|answer| answer.status().as_u16()).unwrap_or_default(),
            code: text(meta.and_then(|meta| meta.code())),
            message: text(meta.and_then(|meta| meta.message())),
            request_id: response.and_then(request_id).map(str::to_owned),
            bucket_region: response.and_then(|answer| answer.headers().get("x-amz-bucket-region")).map(str::to_owned),
            unreadable: matches!(error, SdkError::ResponseError(_)),
        }
    }
}

/// The ID that AWS gives to every answer.
pub(crate) fn request_id(answer: &HttpResponse) -> Option<&str> {
    let header = |name| answer.headers().get(name);
    header("x-amzn-requestid").or_else(|| header("x-amz-request-id"))
}

fn unreadable(call: &Call, status: u16) -> Cause {
    Why::Unreadable { status }.because(faults::unreadable(status)).within(call)
}

/// What an error means that is the same for all services.
pub(crate) fn refused(call: &Call, facts: &Facts) -> Cause {
    let Facts { status, code, message, .. } = facts;
    let status = *status;
    let denied = || {
        let denial = Box::new(Denial::parse(message));
        let fault = faults::denied(call.action, &denial, message);
        Why::Denied { denial }.because(fault)
    };
    let cause = match code.as_str() {
        code if THROTTLED.contains(&code) || status == 429 => {
            Why::Throttled.because(faults::throttled(call.action, &call.region))
        }
        code if DENIED.contains(&code) => denied(),
        code if EXPIRED.contains(&code) => Why::Expired.because(faults::expired()),
        code if REJECTED.contains(&code) => Why::Rejected.because(faults::rejected(code, message)),
        code if UNAVAILABLE.contains(&code) || status >= 500 => Why::ServerFault.because(faults::server_error(status)),
        // AWS adds an ID to every response; a response without one is from a proxy.
        "" if (status == 401 || status == 403) && facts.request_id.is_some() => denied(),
        "" if status == 401 || status == 403 => return unreadable(call, status),
        _ if facts.unreadable || status < 300 => return unreadable(call, status),
        "" => faults::refused(&faults::told(&format!("HTTP {status}"), message)).into(),
        code => faults::refused(&faults::told(code, message)).into(),
    };
    cause.within(call)
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
const DENIED: [&str; 9] = [
    "AccessDenied",
    "AccessDeniedException",
    // Amazon SNS.
    "AuthorizationError",
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

#[cfg(test)]
mod tests {
    use super::*;
    use codedeploy_core::fault::{Explain, Kind};

    fn answered(status: u16, code: &str, message: &str, request_id: Option<&str>) -> AwsError {
        let facts = Facts {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            request_id: request_id.map(str::to_owned),
            ..Facts::default()
        };
        let call = Call { action: "ecs:DescribeServices", subject: "c/s".to_owned(), region: "eu-west-1".to_owned() };
        refused(&call, &facts).into()
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
        // An error page of a proxy.
        for status in [401, 403] {
            assert_eq!(answered(status, "", "", None).code(), "AWS10", "{status}");
        }
    }
}
