//! The function's own configuration: what its operator allows, whatever a pipeline requests.

use std::fmt;

use codedeploy_core::artifact::request::role_not_allowed;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::{RoleArn, is_account, is_ecs_name};
use codedeploy_core::text::suggest::did_you_mean;

use crate::faults;
use crate::job::Job;

const ROLE_ARNS: &str = "ALLOWED_ROLE_ARNS";
const ACCOUNTS: &str = "ALLOWED_ACCOUNTS";
const BUCKETS: &str = "ALLOWED_BUCKETS";
const TASK_DEFINITIONS: &str = "ALLOWED_TASK_DEFINITIONS";
const S3_ACCESS: &str = "S3_ACCESS";
const NAMES: [&str; 5] = [ROLE_ARNS, ACCOUNTS, BUCKETS, TASK_DEFINITIONS, S3_ACCESS];

/// The settings of the function's operator. Every list is comma-separated in its environment variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `ALLOWED_ROLE_ARNS`: the roles that a request may name. Empty means none.
    pub role_arns: Vec<RoleArn>,
    /// `ALLOWED_ACCOUNTS`: the accounts whose jobs are accepted. Empty means any that may invoke the function.
    pub accounts: Vec<String>,
    /// `ALLOWED_BUCKETS`: the artifact buckets, `*` at the end of a name for any rest. Empty means any.
    pub buckets: Vec<String>,
    /// `ALLOWED_TASK_DEFINITIONS`: the families that a request may read, `*` at the end of a name for any rest. Empty
    /// means any. IAM cannot restrict this, because `ecs:DescribeTaskDefinition` has no resource-level permissions.
    pub task_definitions: Vec<String>,
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
    /// Reads the settings from the environment of the function.
    ///
    /// # Errors `SET01` to `SET03`. An invalid setting must not allow everything: one that is empty, has an invalid
    /// value, or has an unknown name with the prefix of a setting.
    pub fn read(environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let mut settings = Settings::default();
        for (name, value) in environment {
            let wrong = |got: &str| faults::bad_setting(&name, got, wanted(&name));
            match name.as_str() {
                ROLE_ARNS => {
                    let role = |arn: &String| arn.parse::<RoleArn>().map_err(|_| wrong(arn));
                    settings.role_arns = list(&name, &value)?.iter().map(role).collect::<Result<_, _>>()?;
                }
                ACCOUNTS => {
                    settings.accounts = list(&name, &value)?;
                    if let Some(account) = settings.accounts.iter().find(|account| !is_account(account)) {
                        return Err(wrong(account));
                    }
                }
                BUCKETS => settings.buckets = list(&name, &value)?,
                TASK_DEFINITIONS => {
                    settings.task_definitions = list(&name, &value)?;
                    let is_pattern =
                        |item: &&String| !is_ecs_name(item.strip_suffix('*').unwrap_or(item)) && *item != "*";
                    if let Some(item) = settings.task_definitions.iter().find(is_pattern) {
                        return Err(wrong(item));
                    }
                }
                S3_ACCESS => {
                    settings.s3_access = match value.as_str() {
                        "artifact-credentials" => S3Access::ArtifactCredentials,
                        "execution-role" => S3Access::ExecutionRole,
                        other => return Err(wrong(other)),
                    }
                }
                other if other.starts_with("ALLOWED_") => {
                    return Err(faults::unknown_setting(other, did_you_mean(other, NAMES.into_iter()), &NAMES));
                }
                _ => {}
            }
        }
        Ok(settings)
    }

    /// Refuses a job of another account, one with artifacts in another bucket, and one that was delivered too late.
    ///
    /// # Errors
    /// `EVT07` to `EVT10`.
    pub fn check_job(&self, job: &Job, now_ms: u64) -> Result<(), Fault> {
        let account = job.account.as_deref().unwrap_or("unknown");
        if !self.accounts.is_empty() && self.accounts.iter().all(|allowed| allowed != account) {
            return Err(faults::account_not_allowed(account, &self.accounts));
        }
        for artifact in job.inputs.iter().chain(&job.outputs) {
            if !self.buckets.is_empty() && !self.buckets.iter().any(|pattern| matches(pattern, &artifact.bucket)) {
                return Err(faults::bucket_not_allowed(&artifact.bucket, &self.buckets));
            }
        }
        if self.s3_access == S3Access::ArtifactCredentials {
            if job.credentials.is_none() {
                return Err(faults::no_credentials());
            }
            if let Some(late) = job.credentials_expire.and_then(|expire| now_ms.checked_sub(expire)) {
                return Err(faults::expired(late / 60_000));
            }
        }
        Ok(())
    }

    /// Refuses a role that is not on the list.
    ///
    /// # Errors
    /// `PAR09`.
    pub fn check_role(&self, role: Option<&RoleArn>) -> Result<(), Fault> {
        match role {
            Some(role) if !self.role_arns.contains(role) => Err(role_not_allowed(role.as_str())),
            _ => Ok(()),
        }
    }

    /// Refuses a task definition of a family that is not on the list.
    ///
    /// # Errors
    /// `EVT15`.
    pub fn check_family(&self, family: &str) -> Result<(), Fault> {
        if self.task_definitions.is_empty() || self.task_definitions.iter().any(|pattern| matches(pattern, family)) {
            return Ok(());
        }
        Err(faults::family_not_allowed(family, &self.task_definitions))
    }
}

impl fmt::Display for Settings {
    /// For the log: what is allowed, and what is not limited.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roles: Vec<String> = self.role_arns.iter().map(|role| role.as_str().to_owned()).collect();
        let lists = [
            (ROLE_ARNS, &roles, "none"),
            (ACCOUNTS, &self.accounts, "any"),
            (BUCKETS, &self.buckets, "any"),
            (TASK_DEFINITIONS, &self.task_definitions, "any"),
        ];
        for (name, list, empty) in lists {
            write!(f, "{name}={} ", if list.is_empty() { empty.to_owned() } else { list.join(",") })?;
        }
        let access = match self.s3_access {
            S3Access::ArtifactCredentials => "artifact-credentials",
            S3Access::ExecutionRole => "execution-role",
        };
        write!(f, "{S3_ACCESS}={access}")
    }
}

/// The items of a setting, at least one.
fn list(name: &str, value: &str) -> Result<Vec<String>, Fault> {
    let items = value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned);
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        let unset = if name == ROLE_ARNS { "then no role is allowed" } else { "then anything is allowed" };
        return Err(faults::empty_setting(name, unset));
    }
    Ok(items)
}

/// The valid values of a setting.
fn wanted(name: &str) -> &'static str {
    match name {
        ACCOUNTS => "account IDs of 12 digits, separated by commas",
        ROLE_ARNS => "complete role ARNs, separated by commas; wildcards are not allowed",
        TASK_DEFINITIONS => "families, or prefixes of families followed by *, separated by commas",
        _ => "artifact-credentials or execution-role, or remove it",
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codedeploy_core::fault::Kind;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, Fault> {
        Settings::read(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
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
            ("ALLOWED_ACCOUNTS", ""),
            ("ALLOWED_ACCOUNTS", ","),
            ("ALLOWED_ACCOUNTS", " "),
            ("ALLOWED_ROLE_ARNS", ""),
            ("ALLOWED_BUCKETS", ", ,"),
            ("ALLOWED_TASK_DEFINITIONS", ""),
            ("ALLOWED_TASK_DEFINITIONS", "shop:3"),
            ("ALLOWED_TASK_DEFINITIONS", "*shop"),
            ("ALLOWED_ACCOUNT", "222222222222"),
            ("ALLOWED_ROLES", "arn:aws:iam::222222222222:role/a"),
            ("S3_ACCESS", "both"),
            ("S3_ACCESS", ""),
        ] {
            let error = read(&[(name, value)]).expect_err(value);
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn families_are_limited_by_name_or_prefix() {
        let settings = read(&[("ALLOWED_TASK_DEFINITIONS", "shop, web-*")]).expect("two patterns");
        for (family, allowed) in [("shop", true), ("shop-admin", false), ("web-1", true), ("web", false), ("*", false)]
        {
            assert_eq!(settings.check_family(family).is_ok(), allowed, "{family}");
        }
        assert!(read(&[]).expect("no settings").check_family("any").is_ok());
        assert!(read(&[("ALLOWED_TASK_DEFINITIONS", "*")]).expect("any").check_family("any").is_ok());
    }

    #[test]
    fn a_misspelt_name_has_a_suggestion() {
        let error = read(&[("ALLOWED_ACCOUNT", "222222222222")]).expect_err("no setting");
        let expect =
            "ALLOWED_ACCOUNT in the function's environment is not a known setting; did you mean ALLOWED_ACCOUNTS?";
        assert_eq!((error.code(), error.message().as_str()), ("SET03", expect));
        assert!(read(&[("AWS_REGION", ""), ("PATH", ""), ("MY_ALLOWED_ACCOUNTS", "")]).is_ok());
    }

    #[test]
    fn buckets_match_by_name_or_prefix() {
        assert!(matches("codepipeline-eu-*", "codepipeline-eu-west-1-1"));
        assert!(matches("artifacts", "artifacts"));
        assert!(!matches("artifacts", "artifacts-evil"));
    }
}
