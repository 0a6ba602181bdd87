//! Explains why the default credential chain returned no credentials.
//!
//! The errors of the SDK do not help: it skips a profile that does not exist, and the errors of other sources may quote
//! secrets. So this module checks the same variables and files again, in the order of the chain.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>

mod files;
#[cfg(feature = "command-line")]
mod login;
mod profile;
#[cfg(feature = "command-line")]
pub(super) mod told;

use std::error::Error as StdError;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
use codedeploy_core::fault::denial::Denial;
use codedeploy_core::fault::{safe, shown};

use super::variable;
use crate::error::BadSource;
use crate::unsent::{chain, sts_text};

use files::Files;
use profile::Base;

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const CONTAINER: [&str; 2] = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

/// A source that takes longer is given up. The limit is shorter than the time-out of the call, whose error would name
/// the service instead.
const LIMIT: Duration = Duration::from_secs(25);

/// The default chain of the SDK with explained failures, and profiles of `aws login`, which it cannot read.
#[derive(Debug)]
pub(super) struct Origin(pub(super) SharedCredentialsProvider);

impl Origin {
    async fn found(&self) -> Result {
        let found = self.sought().await;
        #[cfg(feature = "command-line")]
        if let Ok(found) = &found {
            told::credentials(found).await;
        }
        found
    }

    async fn sought(&self) -> Result {
        let error = match tokio::time::timeout(LIMIT, self.0.provide_credentials()).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(error)) => error,
            Err(_) => CredentialsError::provider_timed_out(LIMIT),
        };
        let files = Files::read().await;
        #[cfg(feature = "command-line")]
        if let Some((profile, session)) = login::asked_for(&files) {
            return login::credentials(&profile, session.as_deref()).await.map_err(CredentialsError::provider_error);
        }
        Err(match explained(&error, &files) {
            Some(source) => CredentialsError::provider_error(source),
            None => error,
        })
    }
}

impl ProvideCredentials for Origin {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.found())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.fallback_on_interrupt()
    }
}

/// The fault if the profile in `AWS_PROFILE`, or one that it references, does not exist.
pub(super) async fn without_profile() -> Option<BadSource> {
    set("AWS_PROFILE")?;
    profile::base(&Files::read().await).err().filter(|problem| problem.absent)
}

/// The value of a variable if it is not empty; build systems also set empty variables.
fn set(name: &str) -> Option<String> {
    variable(name).filter(|value| !value.trim().is_empty())
}

fn explained(error: &CredentialsError, files: &Files) -> Option<BadSource> {
    let base = match profile::base(files) {
        Ok(base) => base,
        Err(problem) => return Some(problem),
    };
    if let Some(problem) = half_of_a_key() {
        return Some(problem);
    }
    if let Some(text) = chain(error).find_map(sts_text) {
        return Some(refused_by_sts(&text, files, &base));
    }
    match base {
        Base::Nothing => of_environment(error).or_else(|| nothing_set(files)),
        base => Some(profile::failed(base, error, files)),
    }
}

fn half_of_a_key() -> Option<BadSource> {
    let secret = set("AWS_SECRET_ACCESS_KEY").or_else(|| set("SECRET_ACCESS_KEY"));
    let (there, missing) = match (set("AWS_ACCESS_KEY_ID"), secret) {
        (Some(_), None) => ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        (None, Some(_)) => ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
        _ => return None,
    };
    Some(BadSource::absent(
        format!("{there} is set and {missing} is not"),
        format!("set {missing} too, or unset {there}"),
    ))
}

/// The sources that are set by variables: a web identity, then a container, then an instance.
fn of_environment(error: &CredentialsError) -> Option<BadSource> {
    if let Some(file) = set(TOKEN_FILE) {
        let named = format!("token file {file} ({TOKEN_FILE})");
        if let Some(problem) = unreadable(&named, &file, TOKEN_FILE) {
            return Some(problem);
        }
        if set("AWS_ROLE_ARN").is_none() {
            let problem = format!("{TOKEN_FILE} is set and AWS_ROLE_ARN is not");
            return Some(BadSource::absent(
                problem,
                format!("set AWS_ROLE_ARN to the role to assume, or unset {TOKEN_FILE}"),
            ));
        }
        if !matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
            return Some(BadSource::failed(
                format!("no credentials for the {named}: {}", reason(error)),
                "check the route to STS, AWS_ROLE_ARN, and that the token is that of the OIDC provider",
            ));
        }
    }
    if let Some(name) = CONTAINER.into_iter().find(|name| set(name).is_some()) {
        let token = set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        let named = |file: &str| format!("token file {file} (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)");
        if let Some(problem) =
            token.and_then(|file| unreadable(&named(&file), &file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"))
        {
            return Some(problem);
        }
        return Some(BadSource::failed(
            format!("no credentials from the container endpoint ({name}): {}", reason(error)),
            format!(
                "check that the task has a task role, or the pod an EKS Pod Identity association, and that nothing but the \
                 platform sets {name}"
            ),
        ));
    }
    if !matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return Some(BadSource::failed(
            format!("no credentials from the instance metadata service (IMDS): {}", reason(error)),
            "check that the instance has an instance profile, and in a container that the hop limit of IMDS is 2",
        ));
    }
    None
}

/// The configured source if no source has credentials.
fn nothing_set(files: &Files) -> Option<BadSource> {
    if let Some(name) = set("AWS_PROFILE") {
        let problem = format!("profile \"{}\" (AWS_PROFILE) has no credentials", shown(&name));
        let hint = format!("add credentials to profile \"{}\" in {}", shown(&name), safe(&files.holding(&name), 320));
        return Some(BadSource::absent(problem, hint));
    }
    if set("AWS_DEFAULT_PROFILE").is_some() {
        let problem = "AWS_DEFAULT_PROFILE is set, which only the AWS CLI reads";
        return Some(BadSource::absent(problem, "set AWS_PROFILE to the same profile"));
    }
    let off = set("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    off.then(|| {
        BadSource::absent(
            "neither variables nor profiles have any, and AWS_EC2_METADATA_DISABLED turns the instance metadata service off",
            "set AWS_PROFILE to a profile with credentials, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on an instance \
             with a role, unset AWS_EC2_METADATA_DISABLED",
        )
    })
}

/// The problem of a token file, if there is one.
fn unreadable(named: &str, file: &str, variable: &str) -> Option<BadSource> {
    let problem = match std::fs::read(file) {
        Ok(content) if content.trim_ascii().is_empty() => "it is empty".to_owned(),
        Ok(_) => return None,
        Err(error) => error.to_string(),
    };
    Some(BadSource::failed(
        format!("{named}: {problem}"),
        format!(
            "write the token there (on EKS the service account mounts it, in a build its OIDC step), or unset {variable}"
        ),
    ))
}

fn refused_by_sts(text: &str, files: &Files, base: &Base) -> BadSource {
    let place = match (base, set(TOKEN_FILE)) {
        (Base::Nothing, Some(_)) => TOKEN_FILE.to_owned(),
        _ => format!("profile \"{}\"", files.selected()),
    };
    let hint = match Denial::find(text) {
        Some(denial) if denial.action.as_deref() == Some("sts:AssumeRoleWithWebIdentity") => {
            let role = set("AWS_ROLE_ARN").map_or_else(|| "the role".to_owned(), |role| safe(&role, 320));
            format!(
                "allow sts:AssumeRoleWithWebIdentity in the trust policy of {role} to the OIDC provider that issued the token"
            )
        }
        Some(denial) => denial.next_step("sts:AssumeRole"),
        None if text.contains("ExpiredToken") => format!("get a new token or login for {place}"),
        None => format!("fix the role or the token of {place}; STS says what is wrong"),
    };
    BadSource::failed(format!("STS refused {place}: {text}"), hint)
}

/// The kind of failure, without the text of the source, which may contain secrets.
fn reason(error: &CredentialsError) -> &'static str {
    let texts = || chain(error).map(|cause| cause.to_string().to_lowercase());
    let has = |part: &str| texts().any(|text| text.contains(part));
    if matches!(error, CredentialsError::ProviderTimedOut(_)) || has("timeout") || has("timed out") {
        "the request timed out"
    } else if has("connection refused") {
        "connection refused"
    } else if has("dispatch failure") || has("io error") || has("dns error") {
        "no connection"
    } else {
        "the response is not valid"
    }
}

/// The status that a program exited with, as the SDK tells of it.
fn exit_status(error: &(dyn StdError + 'static)) -> Option<String> {
    chain(error).find_map(|cause| {
        let text = cause.to_string();
        let (_, rest) = text.split_once("exited with code ")?;
        let digits: String =
            rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    })
}
