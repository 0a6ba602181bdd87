//! The certificates that are trusted instead of those of the system: those of a private CA, used by a proxy that
//! inspects traffic or by a private endpoint.

use std::path::Path;

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use aws_smithy_types::base64;
use codedeploy_core::fault::Fault;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::faults::no_certificates;

/// Trusts only the certificates of `AWS_CA_BUNDLE`, or else of `SSL_CERT_FILE` and `SSL_CERT_DIR`, as the AWS CLI does;
/// without these variables, the certificates of the system.
///
/// The SDK ignores the first variable. For invalid values of the others, it would fail at the first connection without
/// naming them.
pub(super) fn read(variable: &impl Fn(&str) -> Option<String>) -> Result<TlsContext, Fault> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let found = if let Some(path) = set("AWS_CA_BUNDLE") {
        of_file("AWS_CA_BUNDLE", &path)?
    } else if let Some(path) = set("SSL_CERT_FILE") {
        let mut found = of_file("SSL_CERT_FILE", &path)?;
        found.extend(set("SSL_CERT_DIR").map(|folders| of_folders(&folders)).unwrap_or_default());
        found
    } else if let Some(folders) = set("SSL_CERT_DIR") {
        let found = of_folders(&folders);
        if found.is_empty() {
            return Err(no_certificates("SSL_CERT_DIR", &folders, None));
        }
        found
    } else if variable("SSL_CERT_FILE").is_some() || variable("SSL_CERT_DIR").is_some() {
        // The SDK treats an empty name as a missing file and then trusts no certificate.
        let variable = if variable("SSL_CERT_FILE").is_some() { "SSL_CERT_FILE" } else { "SSL_CERT_DIR" };
        return Err(no_certificates(variable, "", None));
    } else {
        return Ok(TlsContext::default());
    };
    Ok(trusting(found))
}

/// Trusts the certificates of the system, whatever the variables say. The SDK would follow `SSL_CERT_FILE` even to a file
/// without certificates, and then trust nobody.
pub(super) fn of_system() -> TlsContext {
    trusting(of_folders(SYSTEM))
}

/// The folders with a bundle or single certificates on Debian and on Amazon Linux.
const SYSTEM: &str = "/etc/ssl/certs:/etc/pki/tls/certs";

fn trusting(certificates: Vec<CertificateDer<'static>>) -> TlsContext {
    let mut store = TrustStore::empty();
    for certificate in certificates {
        store.add_pem_certificate(pem(&certificate));
    }
    // The builder cannot fail today. If it can one day, the certificates of the system are the safe choice.
    TlsContext::builder().with_trust_store(store).build().unwrap_or_default()
}

fn of_file(variable: &str, path: &str) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let found = usable(Path::new(path)).map_err(|error| no_certificates(variable, path, Some(&error.to_string())))?;
    if found.is_empty() { Err(no_certificates(variable, path, None)) } else { Ok(found) }
}

/// As in OpenSSL: folders separated by colons. Some may not exist, and they may contain other files.
fn of_folders(folders: &str) -> Vec<CertificateDer<'static>> {
    let files = std::env::split_paths(folders).filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let mut found: Vec<_> = files.flatten().filter_map(|file| usable(&file.path()).ok()).flatten().collect();
    // Each certificate exists twice: by its name and by its hash.
    found.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
    found.dedup();
    found
}

/// The certificates of a PEM file that TLS can use as roots. System bundles contain some that TLS cannot use.
fn usable(path: &Path) -> std::io::Result<Vec<CertificateDer<'static>>> {
    let text = std::fs::read(path)?;
    let found = CertificateDer::pem_slice_iter(&text).filter_map(Result::ok);
    Ok(found.filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok()).collect())
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64::encode(certificate))
}
