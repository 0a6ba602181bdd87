//! How long the credentials last, so that a wait of hours can warn at its start if they expire too early.

use std::time::SystemTime;

use aws_credential_types::provider::ProvideCredentials;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{Aws, variable};
use crate::error::{AwsError, Why};
use crate::{faults, unsent};

/// How long the credentials of an [`Aws`] last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// The key of a user, which does not expire.
    Unlimited,
    /// A session that its source replaces before it ends: a profile with a role, SSO, a web identity, ECS, EC2, or
    /// [`crate::sts::assume_role_refreshing`].
    ///
    /// The source itself may depend on something that expires, such as a login of IAM Identity Center.
    Renewed {
        /// End of the present session.
        expires: SystemTime,
    },
    /// A session that is not replaced: `AWS_SESSION_TOKEN`, or one in a profile.
    Fixed {
        /// Its end, if `AWS_CREDENTIAL_EXPIRATION` is set beside the token, as `aws configure export-credentials`
        /// writes it. The SDK does not read it.
        expires: Option<SystemTime>,
    },
}

impl Aws {
    /// Returns how long the credentials last. Asks their source, which may be a call to AWS.
    ///
    /// # Errors
    /// `AWS04` and `AWS05`, as for any call.
    pub async fn credentials_lifetime(&self) -> Result<Lifetime, AwsError> {
        let call = self.call("sts:GetCallerIdentity", "the credentials")?;
        let Some(provider) = self.sdk().credentials_provider() else {
            return Err(Why::NoCredentials.because(faults::no_credentials()).within(call).into());
        };
        match provider.provide_credentials().await {
            Err(error) => Err(unsent::credentials(&call, &error).into()),
            Ok(found) => Ok(match (found.session_token(), found.expiry()) {
                (None, None) => Lifetime::Unlimited,
                (_, Some(expires)) => Lifetime::Renewed { expires },
                (Some(token), None) => Lifetime::Fixed { expires: end(token, variable) },
            }),
        }
    }
}

impl Aws {
    /// Whether the source can have other credentials later. A session in environment variables stays as it is for the
    /// life of this process; all others can be replaced behind it, those of a failing source too.
    pub async fn may_be_renewed(&self) -> bool {
        let Some(provider) = self.sdk().credentials_provider() else { return true };
        let found = provider.provide_credentials().await;
        let session =
            found.as_ref().ok().filter(|found| found.expiry().is_none()).and_then(|found| found.session_token());
        session.is_none_or(|token| !is_of_environment(token, variable))
    }
}

/// The end that the environment gives for this token, if it is that of the environment.
fn end(token: &str, variable: impl Fn(&str) -> Option<String>) -> Option<SystemTime> {
    let text = variable("AWS_CREDENTIAL_EXPIRATION").filter(|_| is_of_environment(token, &variable))?;
    DateTime::from_str(&text, Format::DateTimeWithOffset).ok()?.try_into().ok()
}

/// The SDK takes line breaks off the end of a token.
fn is_of_environment(token: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("AWS_SESSION_TOKEN").is_some_and(|set| set.trim_end() == token)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::secret::Credentials;
    use aws_credential_types::provider::error::CredentialsError;
    use aws_credential_types::provider::future;
    use codedeploy_core::fault::Explain;

    #[derive(Debug)]
    struct Nobody(fn() -> CredentialsError);

    impl ProvideCredentials for Nobody {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(Err((self.0)()))
        }
    }

    #[tokio::test]
    async fn the_kind_of_session_tells_how_long_it_lasts() {
        let aws = aws_at("http://127.0.0.1:9", Timeouts::default()).await;
        assert_eq!(aws.credentials_lifetime().await.unwrap(), Lifetime::Fixed { expires: None });
        let user = Credentials {
            access_key_id: "AKIDUSER".to_owned(),
            secret_access_key: "planted-secret".to_owned().into(),
            session_token: None,
        };
        assert_eq!(aws.with_credentials(&user).credentials_lifetime().await.unwrap(), Lifetime::Unlimited);
        let expires = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
        let renewed = aws.with_provider(user.as_sdk(Some(expires)));
        assert_eq!(renewed.credentials_lifetime().await.unwrap(), Lifetime::Renewed { expires });
    }

    #[test]
    fn the_environment_may_say_when_its_session_ends() {
        let end_of = |token: &str, expiration: &str| {
            let variable = |name: &str| match name {
                "AWS_SESSION_TOKEN" => Some("planted-token".to_owned()),
                "AWS_CREDENTIAL_EXPIRATION" => Some(expiration.to_owned()),
                _ => None,
            };
            let since_1970 = end(token, variable)?.duration_since(SystemTime::UNIX_EPOCH);
            Some(since_1970.unwrap().as_secs())
        };
        assert_eq!(end_of("planted-token", "2033-05-18T03:33:20+00:00"), Some(2_000_000_000));
        assert_eq!(end_of("planted-token", "2033-05-18T05:33:20+02:00"), Some(2_000_000_000));
        assert_eq!(end_of("planted-token", "2033-05-18T03:33:20Z"), Some(2_000_000_000));
        assert_eq!(end_of("planted-token", "soon"), None);
        assert_eq!(end_of("another-token", "2033-05-18T03:33:20Z"), None);
    }

    #[tokio::test]
    async fn without_credentials_it_says_so() {
        let aws = aws_at("http://127.0.0.1:9", Timeouts::default()).await;
        let nothing = Nobody(|| CredentialsError::not_loaded("nothing"));
        let broken = Nobody(|| CredentialsError::invalid_configuration("planted"));
        for (source, expect) in [(nothing, "AWS04"), (broken, "AWS05")] {
            let found = aws.with_provider(source).credentials_lifetime().await.unwrap_err();
            assert_eq!(found.code(), expect);
            assert!(!found.to_string().contains("planted"));
        }
    }
}
