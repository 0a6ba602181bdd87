//! What lies between this machine and AWS: proxies, certificates, and the kind of endpoint that was asked for.

use std::error::Error as StdError;

use codedeploy_core::fault::{Explain, Kind, shown};
use rustls::{CertificateError, Error as TlsError};

use super::wording::long;
use super::{AwsError, Call, Why};

/// A setting of the network that is wrong, or a network that is in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Network {
    /// `NET01`: no certificate where a variable says there are some; nothing was sent.
    #[error("{variable} names no certificates: {}{}", subject(path), problem.as_ref().map_or_else(String::new, |problem| format!(": {}", long(problem))))]
    NoCertificate {
        /// `AWS_CA_BUNDLE`, `SSL_CERT_FILE` or `SSL_CERT_DIR`.
        variable: &'static str,
        /// Its value.
        path: String,
        /// Why it could not be read, where it could not.
        problem: Option<String>,
    },
    /// `NET02`: a proxy that is none; nothing was sent. The value may hold a password and is not repeated.
    #[error("{variable} {problem}")]
    BadProxy {
        /// Such as `HTTPS_PROXY`.
        variable: &'static str,
        /// What is wrong with the value.
        problem: &'static str,
    },
    /// `NET03`: the other side has a certificate that is not trusted here.
    #[error("the certificate of the other side is not trusted: {}", long(text))]
    Untrusted {
        /// What is wrong with it.
        text: String,
        /// Whether another CA would help.
        issuer: bool,
    },
    /// `NET04`: the proxy, or the way through it, failed, after all attempts.
    #[error("no connection to {} through the proxy {proxy}: {}", shown(host), said(text))]
    Proxy {
        /// The host that was asked for.
        host: String,
        /// `HOST:PORT`.
        proxy: String,
        /// What happened.
        text: String,
    },
    /// `NET05`: the service has no such endpoint (FIPS, dual-stack) in the region.
    #[error("no endpoint: {}", long(.0))]
    NoEndpoint(String),
    /// `NET06`: an endpoint that is no URL; nothing was sent. The value may hold a password and is not repeated.
    #[error("the endpoint that is set{} is no URL", service.map(|service| format!(" for {service}")).unwrap_or_default())]
    BadEndpoint {
        /// As AWS writes the service: `ECS`. Without one it is that for all of them.
        service: Option<&'static str>,
    },
}

impl Network {
    /// The error of a program that has not called AWS yet.
    pub(crate) fn before_any_call(self) -> AwsError {
        Call::before_any().failed(Why::Network(self))
    }
}

impl Explain for Network {
    fn code(&self) -> &'static str {
        match self {
            Network::NoCertificate { .. } => "NET01",
            Network::BadProxy { .. } => "NET02",
            Network::Untrusted { .. } => "NET03",
            Network::Proxy { .. } => "NET04",
            Network::NoEndpoint(_) => "NET05",
            Network::BadEndpoint { .. } => "NET06",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Network::Proxy { .. } => Kind::Unavailable,
            _ => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            Network::NoCertificate { variable: variable @ "SSL_CERT_DIR", .. } => {
                format!("let {variable} name folders with PEM files of root certificates, or unset it")
            }
            Network::NoCertificate { variable, .. } => format!(
                "let {variable} name a PEM file with the root certificates of this network, or unset it for those of \
                 the system"
            ),
            Network::BadProxy { variable, .. } => format!(
                "set {variable} to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters \
                 percent-encoded, or unset it"
            ),
            Network::Untrusted { issuer: true, .. } => {
                "let AWS_CA_BUNDLE name a PEM file with the certificate of the CA that signs in this network (a proxy \
                 that looks into TLS has one), or install ca-certificates"
                    .to_owned()
            }
            Network::Untrusted { .. } => {
                "check the endpoint and the proxy: what answers there has no valid certificate for the name that was \
                 asked for"
                    .to_owned()
            }
            Network::Proxy { host, .. } => format!(
                "check the proxy, its user and password, that it lets {0} through, and that it speaks HTTP/1.1, or put {0} \
                 into NO_PROXY",
                shown(host)
            ),
            Network::BadEndpoint { service } => format!(
                "set AWS_ENDPOINT_URL{} (or endpoint_url of the profile) to http://HOST:PORT or https://HOST:PORT, or unset \
                 it",
                service.map(|service| format!("_{}", service.to_uppercase().replace(' ', "_"))).unwrap_or_default()
            ),
            Network::NoEndpoint(_) => {
                "unset AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT, or give AWS_ENDPOINT_URL".to_owned()
            }
        }
    }
}

/// Marks an error as one of a request that went through a proxy.
#[derive(Debug, thiserror::Error)]
#[error("through the proxy {proxy}")]
pub(crate) struct ThroughProxy {
    /// The host that was asked for.
    pub(crate) host: String,
    /// `HOST:PORT`.
    pub(crate) proxy: String,
    pub(crate) source: Box<dyn StdError + Send + Sync>,
}

/// What of the network an error of the connection tells of, if it does. `text` is its innermost cause.
pub(super) fn of_connection<'a>(
    mut chain: impl Iterator<Item = &'a (dyn StdError + 'static)>,
    text: &str,
) -> Option<Network> {
    let mut way = None;
    let untrusted = chain.find_map(|cause| {
        if let Some(through) = cause.downcast_ref::<ThroughProxy>() {
            way = Some((through.host.clone(), through.proxy.clone()));
        }
        match cause.downcast_ref::<TlsError>() {
            Some(TlsError::InvalidCertificate(why)) => Some(Network::Untrusted {
                text: untrusted(why),
                issuer: matches!(why, CertificateError::UnknownIssuer | CertificateError::BadSignature),
            }),
            _ => None,
        }
    });
    untrusted.or_else(|| way.map(|(host, proxy)| Network::Proxy { host, proxy, text: text.to_owned() }))
}

/// A certificate that signs itself and says that it is an authority's is refused as a server's, also where it is trusted.
fn untrusted(why: &CertificateError) -> String {
    let text = why.to_string();
    if text.contains("CaUsedAsEndEntity") {
        "it is an authority's own certificate, not one that an authority has signed for a server".to_owned()
    } else {
        text
    }
}

/// The words of the SDK's client for an answer that opens no tunnel say little.
fn said(text: &str) -> String {
    match text {
        "tunnel error: proxy authorization required" => "it does not accept the user and password (407)".to_owned(),
        "tunnel error: unsuccessful" => "it refuses to connect".to_owned(),
        other => long(other),
    }
}

fn subject(path: &str) -> String {
    if path.is_empty() { "it is empty".to_owned() } else { shown(path) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn an_authority_that_serves_itself_is_told_in_words() {
        let of_webpki = std::io::Error::other("CaUsedAsEndEntity");
        let why = CertificateError::Other(rustls::OtherError(Arc::new(of_webpki)));
        assert!(untrusted(&why).contains("authority's own certificate"), "{}", untrusted(&why));
        assert_eq!(untrusted(&CertificateError::UnknownIssuer), "UnknownIssuer");
    }
}
