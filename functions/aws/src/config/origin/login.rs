//! Profiles of `aws login`, which the SDK reads only with 24 more crates.
//!
//! The AWS CLI keeps the credentials of a login in a file, renews them every fifteen minutes, and hands them out, which is
//! what AWS documents for tools that do not know these profiles.
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html>

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_config::credential_process::CredentialProcessProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use codedeploy_core::artifact::archive::sha256_hex;
use codedeploy_core::fault::shown;
use codedeploy_core::text::word;
use serde_json::Value;

use super::files::Files;
use super::profile::{Base, base};
use super::{exit_status, set};
use crate::error::BadSource;
use crate::time::now;

/// Credentials with less left than this are renewed.
const MARGIN: Duration = Duration::from_mins(1);

/// The selected profile, if its credentials begin with a login, and the session whose credentials are its own.
pub(super) fn asked_for(files: &Files) -> Option<(String, Option<String>)> {
    if set("AWS_ACCESS_KEY_ID").is_some() {
        return None;
    }
    match base(files) {
        Ok(Base::Login { session, direct, .. }) => Some((files.selected().to_owned(), direct.then_some(session))),
        _ => None,
    }
}

/// The credentials that the AWS CLI has cached, if they are valid, or those that it returns.
pub(super) async fn credentials(profile: &str, session: Option<&str>) -> Result<Credentials, BadSource> {
    let kept = session.and_then(|session| {
        let text = std::fs::read_to_string(cache_file(session)?).ok()?;
        read(&text)
    });
    match kept {
        Some((credentials, expires)) if expires > now() + MARGIN => Ok(credentials),
        kept => of_cli(profile, session.is_some().then_some(kept.is_some())).await,
    }
}

/// `kept` is whether a login was found in the file, if the file was read.
async fn of_cli(profile: &str, kept: Option<bool>) -> Result<Credentials, BadSource> {
    let command = format!("aws configure export-credentials --format process --profile {}", word(profile));
    let answer = CredentialProcessProvider::new(command).provide_credentials().await;
    let name = shown(profile);
    answer.map_err(|error| {
        let state = match kept {
            Some(true) => "has expired",
            Some(false) => "was not found",
            None => "gave no credentials",
        };
        let cli = match exit_status(&error).as_deref() {
            Some("127") => "the AWS CLI, which renews it, is not installed here".to_owned(),
            Some(status) => format!("`aws configure export-credentials` failed (exit code {status})"),
            None => "`aws configure export-credentials` gave no credentials".to_owned(),
        };
        BadSource::failed(
            format!("the login of profile \"{name}\" (login_session, `aws login`) {state}, and {cli}"),
            format!("run `aws login --profile {name}` with AWS CLI 2.32 or later on this machine"),
        )
    })
}

/// `~/.aws/login/cache/<SHA-256 of the session>.json`
fn cache_file(session: &str) -> Option<PathBuf> {
    let folder = match set("AWS_LOGIN_CACHE_DIRECTORY") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(set("HOME")?).join(".aws/login/cache"),
    };
    let name = format!("{}.json", sha256_hex(session.trim().as_bytes()));
    Some(folder.join(name))
}

fn read(text: &str) -> Option<(Credentials, SystemTime)> {
    let file: Value = serde_json::from_str(text).ok()?;
    let token = file.get("accessToken")?;
    let get = |key| token.get(key).and_then(Value::as_str);
    let expires = DateTime::from_str(get("expiresAt")?, Format::DateTimeWithOffset).ok()?;
    let expires = SystemTime::try_from(expires).ok()?;
    let credentials = Credentials::builder()
        .access_key_id(get("accessKeyId")?)
        .secret_access_key(get("secretAccessKey")?)
        .session_token(get("sessionToken")?)
        .expiry(expires)
        .provider_name("Login")
        .build();
    Some((credentials, expires))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_login_is_read() {
        let text = r#"{"accessToken":{"accessKeyId":"AKID","secretAccessKey":"planted","sessionToken":"planted",
            "accountId":"123456789012","expiresAt":"2099-01-01T00:00:00Z"},"tokenType":"aws_sigv4"}"#;
        let (credentials, expires) = read(text).unwrap();
        assert_eq!((credentials.access_key_id(), credentials.expiry()), ("AKID", Some(expires)));
        for broken in ["", "{}", r#"{"accessToken":{}}"#, &text.replace("2099-01-01T00:00:00Z", "soon")] {
            assert!(read(broken).is_none(), "{broken}");
        }
    }
}
