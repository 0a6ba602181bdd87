//! The function's own configuration: what its operator allows, whatever a pipeline asks for.

use codedeploy_artifact::error::{Explain, Kind, shown};
use codedeploy_artifact::identity::{RoleArn, is_account};
use codedeploy_artifact::request::RequestError;

use crate::job::{EventError, Job};

/// A variable of the function's environment.
#[expect(clippy::disallowed_methods, reason = "this is where the function's configuration is read")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the operator of the function allows. Every list is comma-separated in its environment variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `ALLOWED_ROLE_ARNS`: the roles that a request may name. Empty means none.
    pub role_arns: Vec<RoleArn>,
    /// `ALLOWED_ACCOUNTS`: the accounts whose jobs are done. Empty means any that may invoke the function.
    pub accounts: Vec<String>,
    /// `ALLOWED_BUCKETS`: the artifact buckets, `*` at the end of a name for any rest. Empty means any.
    pub buckets: Vec<String>,
    /// `S3_ACCESS`: whose credentials reach the artifacts.
    pub s3_access: S3Access,
}

/// Whose credentials reach the artifacts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum S3Access {
    /// `artifact-credentials`, the default: those of the job, of the role that runs the action.
    #[default]
    ArtifactCredentials,
    /// `execution-role`: the function's own. Whoever may invoke the function then reaches what that role reaches.
    ExecutionRole,
}

impl Settings {
    /// Reads the settings through `variable`, which is the environment.
    ///
    /// # Errors
    /// [`SettingsError`] for a value that cannot be what its operator meant.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let list = |name: &str| -> Vec<String> {
            let value = variable(name).unwrap_or_default();
            value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        let wrong = |name, got: &str| SettingsError { name, got: got.to_owned() };
        let accounts = list("ALLOWED_ACCOUNTS");
        if let Some(account) = accounts.iter().find(|account| !is_account(account)) {
            return Err(wrong("ALLOWED_ACCOUNTS", account));
        }
        let role = |arn: &String| arn.parse::<RoleArn>().map_err(|_| wrong("ALLOWED_ROLE_ARNS", arn));
        Ok(Settings {
            role_arns: list("ALLOWED_ROLE_ARNS").iter().map(role).collect::<Result<_, _>>()?,
            accounts,
            buckets: list("ALLOWED_BUCKETS"),
            s3_access: match variable("S3_ACCESS").as_deref() {
                None | Some("" | "artifact-credentials") => S3Access::ArtifactCredentials,
                Some("execution-role") => S3Access::ExecutionRole,
                Some(other) => return Err(wrong("S3_ACCESS", other)),
            },
        })
    }

    /// Refuses a job of another account, one whose artifacts are elsewhere, and one that came too late.
    ///
    /// # Errors
    /// [`EventError::Account`], [`EventError::Bucket`], [`EventError::NoCredentials`], [`EventError::Expired`].
    pub fn check_job(&self, job: &Job, now_ms: u64) -> Result<(), EventError> {
        let account = job.account.as_deref().unwrap_or("unknown");
        if !self.accounts.is_empty() && self.accounts.iter().all(|allowed| allowed != account) {
            return Err(EventError::Account { account: account.to_owned(), allowed: self.accounts.clone() });
        }
        for artifact in job.inputs.iter().chain(&job.outputs) {
            if !self.buckets.is_empty() && !self.buckets.iter().any(|pattern| matches(pattern, &artifact.bucket)) {
                return Err(EventError::Bucket { bucket: artifact.bucket.clone(), allowed: self.buckets.clone() });
            }
        }
        if self.s3_access == S3Access::ArtifactCredentials {
            if job.credentials.is_none() {
                return Err(EventError::NoCredentials);
            }
            if let Some(late) = job.credentials_expire.and_then(|expire| now_ms.checked_sub(expire)) {
                return Err(EventError::Expired { minutes: late / 60_000 });
            }
        }
        Ok(())
    }

    /// Refuses a role that is not on the list.
    ///
    /// # Errors
    /// [`RequestError::RoleNotAllowed`].
    pub fn check_role(&self, role: Option<&RoleArn>) -> Result<(), RequestError> {
        match role {
            Some(role) if !self.role_arns.contains(role) => {
                Err(RequestError::RoleNotAllowed { arn: role.as_str().to_owned() })
            }
            _ => Ok(()),
        }
    }
}

fn matches(pattern: &str, bucket: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => bucket.starts_with(prefix),
        None => bucket == pattern,
    }
}

/// A setting that cannot be what its operator meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} in the function's configuration holds \"{}\"", shown(got))]
pub struct SettingsError {
    name: &'static str,
    got: String,
}

impl Explain for SettingsError {
    fn code(&self) -> &'static str {
        "SET01"
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        match self.name {
            "ALLOWED_ACCOUNTS" => "list account ids of 12 digits, separated by commas",
            "ALLOWED_ROLE_ARNS" => "list whole role ARNs, separated by commas; wildcards are not allowed",
            _ => "set it to artifact-credentials or execution-role, or remove it",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_set_allows_no_role() {
        let settings = read(&[]).expect("no settings");
        let role = "arn:aws:iam::222222222222:role/deploy-reader".parse::<RoleArn>().expect("a role");
        assert!(settings.check_role(None).is_ok());
        let error = settings.check_role(Some(&role)).expect_err("an unlisted role");
        assert_eq!((error.code(), error.kind()), ("PAR09", Kind::Denied));
    }

    #[test]
    fn a_listed_role_is_allowed_and_no_other() {
        let settings =
            read(&[("ALLOWED_ROLE_ARNS", "arn:aws:iam::222222222222:role/a, arn:aws:iam::222222222222:role/b,")]);
        let settings = settings.expect("two roles");
        for (name, allowed) in [("a", true), ("b", true), ("c", false)] {
            let role = format!("arn:aws:iam::222222222222:role/{name}").parse::<RoleArn>().expect("a role");
            assert_eq!(settings.check_role(Some(&role)).is_ok(), allowed, "{name}");
        }
    }

    #[test]
    fn settings_that_mean_nothing_are_refused() {
        for (name, value) in [
            ("ALLOWED_ROLE_ARNS", "arn:aws:iam::222222222222:role/*"),
            ("ALLOWED_ROLE_ARNS", "*"),
            ("ALLOWED_ACCOUNTS", "222"),
            ("S3_ACCESS", "both"),
        ] {
            let error = read(&[(name, value)]).expect_err(value);
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn buckets_match_by_name_or_prefix() {
        assert!(matches("codepipeline-eu-*", "codepipeline-eu-west-1-1"));
        assert!(matches("artifacts", "artifacts"));
        assert!(!matches("artifacts", "artifacts-evil"));
    }
}
