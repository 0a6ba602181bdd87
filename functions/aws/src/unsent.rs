//! Calls without a response from AWS: no credentials, no connection, or a response from a proxy.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_http::endpoint::ResolveEndpointError;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use codedeploy_core::fault::Explain;
use rustls::{CertificateError, Error as TlsError};

use crate::call::Call;
use crate::error::{AwsError, BadSource, Cause, ThroughProxy, Unfit, Why};
use crate::faults;

/// Why the call got no response; `None` for an error from a service, and for a response that cannot be parsed.
pub(crate) fn cause<E, R>(call: &Call, error: &SdkError<E, R>) -> Option<Cause>
where
    E: StdError + 'static,
    R: std::fmt::Debug + 'static,
{
    if let Some(cause) = chain(error).find_map(|cause| cause.downcast_ref()) {
        return Some(credentials(call, cause));
    }
    let endpoint = chain(error).find_map(|cause| cause.downcast_ref::<ResolveEndpointError>());
    let cause = match (endpoint, error) {
        (Some(refusal), _) => Why::Network.because(faults::no_endpoint(&refusal.to_string())),
        (_, SdkError::TimeoutError(_)) => return Some(late(call)),
        (_, SdkError::DispatchFailure(dispatch)) => match connection(error) {
            Some(cause) => cause,
            None if dispatch.is_timeout() => return Some(late(call)),
            None => Why::Unreachable.because(faults::unreachable(call.action, &call.region, &root(error))),
        },
        (_, SdkError::ConstructionFailure(_)) => faults::not_built(&root(error)).into(),
        _ => return None,
    };
    Some(cause.within(call))
}

/// The call timed out.
pub(crate) fn late(call: &Call) -> Cause {
    Why::TimedOut.because(faults::timed_out(call.action, &call.region)).within(call)
}

/// Why a source did not return credentials.
pub(crate) fn credentials(call: &Call, error: &CredentialsError) -> Cause {
    let bad = |source: &BadSource| {
        if source.absent {
            Why::NoCredentials.because(faults::source_absent(&source.problem).with_hint(&source.hint))
        } else {
            Why::CredentialsFailed.because(faults::source_failed(&source.problem).with_hint(&source.hint))
        }
    };
    let failed = |problem: &str| {
        let hint = "run `aws sts get-caller-identity` in the same environment and fix the error that it reports";
        bad(&BadSource::failed(problem, hint))
    };
    let cause = if let Some(renewal) = chain(error).find_map(|cause| cause.downcast_ref::<AwsError>()) {
        match renewal.why() {
            // These have the same meaning for every call, and callers use them to decide whether to continue.
            Why::Expired
            | Why::Throttled
            | Why::ServerFault
            | Why::TimedOut
            | Why::Unreachable
            | Why::Network
            | Why::Proxy => renewal.cause().clone(),
            _ => bad(&BadSource::failed(renewal.to_string(), renewal.hint())),
        }
    } else if chain(error).any(<dyn StdError>::is::<Unfit>) {
        Why::UnfitCredentials.because(faults::unfit_credentials())
    } else if let Some(source) = chain(error).find_map(|cause| cause.downcast_ref()) {
        bad(source)
    } else {
        match error {
            CredentialsError::CredentialsNotLoaded(_) => Why::NoCredentials.because(faults::no_credentials()),
            CredentialsError::ProviderTimedOut(_) => failed("the request timed out"),
            other => {
                failed(chain(other).find_map(sts_text).as_deref().unwrap_or("the response of the source is not valid"))
            }
        }
    };
    cause.within(call)
}

/// The error of STS if it is the source of the credentials (a profile with a role, a web identity). Errors of other sources
/// are not repeated, because they may quote secrets.
pub(crate) fn sts_text(error: &(dyn StdError + 'static)) -> Option<String> {
    let by_role = error.downcast_ref::<AssumeRoleError>().map(ProvideErrorMetadata::meta);
    let by_web = error.downcast_ref::<AssumeRoleWithWebIdentityError>().map(ProvideErrorMetadata::meta);
    let meta = by_role.or(by_web)?;
    Some(format!("{}: {}", meta.code().unwrap_or("error"), meta.message().unwrap_or("no message")))
}

/// A certificate that is not trusted, or a proxy that failed.
fn connection(error: &(dyn StdError + 'static)) -> Option<Cause> {
    let mut proxy = None;
    let untrusted = chain(error).find_map(|cause| {
        proxy = proxy.or(cause.downcast_ref::<ThroughProxy>());
        match cause.downcast_ref() {
            Some(TlsError::InvalidCertificate(why)) => Some(Why::Network.because(certificate(why))),
            _ => None,
        }
    });
    untrusted.or_else(|| {
        let ThroughProxy { host, proxy, .. } = proxy?;
        Some(Why::Proxy.because(faults::proxy_failed(host, proxy, &root(error))))
    })
}

/// A self-signed certificate that is marked as a CA is refused as a server certificate, even if it is trusted.
fn certificate(why: &CertificateError) -> codedeploy_core::fault::Fault {
    let text = why.to_string();
    match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => faults::unknown_issuer(&text),
        _ if text.contains("CaUsedAsEndEntity") => {
            faults::bad_certificate("the server presented a CA certificate instead of a server certificate")
        }
        _ => faults::bad_certificate(&text),
    }
}

/// The innermost cause, which is the specific one: `Connection refused (os error 111)`.
pub(crate) fn root(error: &(dyn StdError + 'static)) -> String {
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
    use std::sync::Arc;

    use super::*;

    #[test]
    fn an_untrusted_certificate_is_told_in_words() {
        let of_webpki = std::io::Error::other("CaUsedAsEndEntity");
        let itself = certificate(&CertificateError::Other(rustls::OtherError(Arc::new(of_webpki))));
        assert!(itself.message().ends_with("a CA certificate instead of a server certificate"), "{itself}");
        let issuer = certificate(&CertificateError::UnknownIssuer);
        assert!(issuer.message().ends_with("UnknownIssuer") && issuer.hint().contains("AWS_CA_BUNDLE"), "{issuer}");
    }
}
