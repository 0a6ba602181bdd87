//! A private certificate authority, created for each run, as used by company proxies and private endpoints.

use std::sync::{Arc, OnceLock};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde_json::Value;

use crate::{environment::Environment, python::Python};

/// An authority and a server that it has signed: for every name that AWS's endpoints have in [`REGIONS`], and for the
/// addresses of this machine.
#[derive(Debug)]
pub struct Certificates {
    /// The certificate of the authority, as PEM.
    pub authority: String,
    /// The certificate of another authority, which signed nothing.
    pub other: String,
    pub(crate) server: Arc<ServerConfig>,
}

/// The regions, each with the suffixes of its endpoints: one of each of the three partitions that our users have.
pub const REGIONS: [(&str, &[&str]); 4] = [
    ("eu-west-1", &["amazonaws.com", "api.aws"]),
    ("us-east-1", &["amazonaws.com", "api.aws"]),
    ("us-gov-west-1", &["amazonaws.com", "api.aws"]),
    ("cn-north-1", &["amazonaws.com.cn", "api.amazonwebservices.com.cn"]),
];

impl Certificates {
    /// Those of this run, or `None` (reported) where this machine has no Python.
    ///
    /// # Panics Instead of `None`, if `CI=true`.
    pub fn shared() -> Option<&'static Certificates> {
        static SHARED: OnceLock<Option<Certificates>> = OnceLock::new();
        SHARED.get_or_init(make).as_ref()
    }
}

fn make() -> Option<Certificates> {
    // A star stands for one label only, and a bucket is one more in front of S3's.
    let of_region = |(region, suffixes): &(&str, &[&str])| -> Vec<String> {
        let before = ["", "s3.", "s3-fips.", "s3.dualstack.", "s3-fips.dualstack."];
        let names = suffixes.iter().flat_map(|suffix| before.map(|before| format!("*.{before}{region}.{suffix}")));
        names.collect()
    };
    let names = REGIONS.iter().flat_map(of_region);
    let here = ["localhost", "127.0.0.1", "0.0.0.0"].map(str::to_owned);
    let mut script = Python::shared()?.script(include_str!("certificates/make.py"), &Environment::empty());
    let output = script.args(names.chain(here)).output().expect("the Python of the environment");
    assert!(output.status.success(), "make.py: {}", String::from_utf8_lossy(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).expect("JSON of make.py");
    let text = |name: &str| made[name].as_str().expect("PEM").to_owned();
    let chain = CertificateDer::pem_slice_iter(text("chain").as_bytes()).collect::<Result<_, _>>().expect("a chain");
    let key = PrivateKeyDer::from_pem_slice(text("key").as_bytes()).expect("a key");
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate and its key");
    Some(Certificates { authority: text("authority"), other: text("other"), server: Arc::new(server) })
}
