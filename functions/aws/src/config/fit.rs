//! Credentials that fit into a request.

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, future};

use crate::error::Unfit;

/// Refuses keys and tokens with anything but printable ASCII characters. A secret that was stored with `echo` ends with
/// a line break; the SDK panics over one that has to go into a header.
#[derive(Debug)]
pub(super) struct Fit<P>(pub(super) P);

impl<P: ProvideCredentials> Fit<P> {
    async fn checked(&self) -> Result {
        let found = self.0.provide_credentials().await?;
        let texts = [Some(found.access_key_id()), Some(found.secret_access_key()), found.session_token()];
        let fits = texts.into_iter().flatten().all(|text| text.bytes().all(|byte| byte.is_ascii_graphic()));
        if fits { Ok(found) } else { Err(CredentialsError::invalid_configuration(Unfit)) }
    }
}

impl<P: ProvideCredentials> ProvideCredentials for Fit<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.checked())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.fallback_on_interrupt()
    }
}
