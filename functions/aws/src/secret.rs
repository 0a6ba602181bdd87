//! Values that must never be printed.

use std::fmt;
use std::time::SystemTime;

/// A text that no `Debug` shows and that has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text itself, for the one place that has to send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// AWS credentials received as data, such as the `artifactCredentials` of a CodePipeline job.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Key id, `ASIA…` of a session.
    pub access_key_id: String,
    /// The secret half of the key.
    pub secret_access_key: Secret,
    /// Token of a session; absent for the key of a user.
    pub session_token: Option<Secret>,
}

impl Credentials {
    /// The credentials for the SDK, which never replaces them if they have no expiry.
    pub(crate) fn as_sdk(&self, expires: Option<SystemTime>) -> aws_credential_types::Credentials {
        aws_credential_types::Credentials::new(
            &self.access_key_id,
            self.secret_access_key.expose(),
            self.session_token.as_ref().map(|token| token.expose().to_owned()),
            expires,
            "codedeploy-artifact",
        )
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let credentials = Credentials {
            access_key_id: "AKIDPLANTED".to_owned(),
            secret_access_key: Secret::new("planted-secret"),
            session_token: Some(Secret::new("planted-token")),
        };
        assert_eq!(format!("{credentials:?} {:?}", credentials.secret_access_key), "Credentials(***) ***");
        assert_eq!(credentials.secret_access_key.expose(), "planted-secret");
    }
}
