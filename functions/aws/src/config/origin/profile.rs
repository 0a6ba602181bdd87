//! Follows the selected profile, and the profiles that it references, to the source of the credentials.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html>

use aws_config::profile::{Profile, ProfileSet};
use aws_credential_types::provider::error::CredentialsError;
use codedeploy_core::fault::{safe, shown};

use super::files::Files;
use super::{exit_status, reason, set, unreadable};
use crate::error::BadSource;
use crate::unsent::chain;

/// Where the credentials of a profile begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// No profile, or one without credentials: the next source of the chain is tried.
    Nothing,
    /// A key in the file.
    Key,
    /// `credential_source`.
    Named { profile: String, source: String },
    /// `web_identity_token_file`.
    WebIdentity { profile: String, file: String },
    /// `sso_session` or `sso_start_url`.
    Sso { profile: String },
    /// `login_session`, of `aws login`; `direct` where no role stands between.
    Login { profile: String, session: String, direct: bool },
    /// `credential_process`.
    Process { profile: String, command: String },
}

/// Follows the selected profile, or returns what is wrong with it.
pub(super) fn base(files: &Files) -> Result<Base, BadSource> {
    let profiles = files.profiles.as_ref().map_err(|problem| {
        BadSource::failed(format!("cannot read the AWS profile files: {problem}"), "fix that line")
    })?;
    let selected = profiles.selected_profile();
    if profiles.get_profile(selected).is_none() {
        // Without AWS_PROFILE the profile "default" may be missing.
        return if set("AWS_PROFILE").is_some() {
            Err(missing(selected, "AWS_PROFILE", files))
        } else {
            Ok(Base::Nothing)
        };
    }
    let mut visited: Vec<&str> = Vec::new();
    let mut name = selected;
    loop {
        let Some(profile) = profiles.get_profile(name) else {
            let from = visited.last().copied().unwrap_or_default();
            return Err(missing(name, &format!("source_profile of profile \"{}\"", shown(from)), files));
        };
        if visited.contains(&name) {
            return Err(BadSource::failed(
                format!("the profiles {} -> {name} name each other as source_profile", visited.join(" -> ")),
                "let source_profile of one of them name a profile with credentials",
            ));
        }
        visited.push(name);
        if visited.len() > 1 && has_key(profile) {
            return Ok(Base::Key);
        }
        let assumes = profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none();
        if !assumes {
            return own(profile, profiles, visited.len() == 1, files);
        }
        match (profile.get("source_profile"), profile.get("credential_source")) {
            (Some(next), None) if next == name => return own(profile, profiles, false, files),
            (Some(next), None) => name = next,
            (None, Some(_)) => return own(profile, profiles, false, files),
            (Some(_), Some(_)) => {
                return Err(setting(
                    profile,
                    "has both source_profile and credential_source",
                    "remove one of them",
                    files,
                ));
            }
            (None, None) => {
                return Err(setting(
                    profile,
                    "has role_arn without source_profile or credential_source",
                    "add one of them",
                    files,
                ));
            }
        }
    }
}

fn missing(name: &str, named_by: &str, files: &Files) -> BadSource {
    let names: Vec<String> = files.names().iter().take(10).map(|name| shown(name)).collect();
    let hint = if let Some(file) = files.without_prefix(name) {
        format!("write [profile {0}] instead of [{0}] in {1}", shown(name), safe(file, 320))
    } else if names.is_empty() {
        format!(
            "create it with `aws configure --profile {}`, or set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to the \
             files that have it",
            shown(name)
        )
    } else {
        format!("name one of the profiles there: {}", names.join(", "))
    };
    BadSource::absent(format!("profile \"{}\" ({named_by}) is not in {}", shown(name), files.paths()), hint)
}

fn setting(profile: &Profile, problem: &str, hint: &str, files: &Files) -> BadSource {
    let place = safe(&files.holding(profile.name()), 320);
    let name = shown(profile.name());
    BadSource::failed(format!("profile \"{name}\" {problem}"), format!("{hint} in profile \"{name}\" of {place}"))
}

fn has_key(profile: &Profile) -> bool {
    profile.get("aws_access_key_id").is_some() && profile.get("aws_secret_access_key").is_some()
}

/// The credentials of a profile itself, in the order of the SDK.
fn own(profile: &Profile, profiles: &ProfileSet, direct: bool, files: &Files) -> Result<Base, BadSource> {
    let name = profile.name().to_owned();
    let get = |key: &str| profile.get(key).map(str::to_owned);
    if let Some(source) = get("credential_source") {
        return Ok(Base::Named { profile: name, source });
    }
    if let Some(file) = get("web_identity_token_file") {
        return match profile.get("role_arn") {
            Some(_) => Ok(Base::WebIdentity { profile: name, file }),
            None => Err(setting(profile, "has web_identity_token_file without role_arn", "add role_arn", files)),
        };
    }
    if ["sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "sso_region"]
        .iter()
        .any(|key| profile.get(key).is_some())
    {
        return sso(profile, profiles, files);
    }
    if let Some(session) = get("login_session") {
        return Ok(Base::Login { profile: name, session, direct });
    }
    if let Some(command) = get("credential_process") {
        return Ok(Base::Process { profile: name, command });
    }
    match (profile.get("aws_access_key_id"), profile.get("aws_secret_access_key")) {
        (Some(_), Some(_)) => Ok(Base::Key),
        (Some(_), None) => Err(setting(
            profile,
            "has aws_access_key_id without aws_secret_access_key",
            "add aws_secret_access_key",
            files,
        )),
        (None, Some(_)) => {
            Err(setting(profile, "has aws_secret_access_key without aws_access_key_id", "add aws_access_key_id", files))
        }
        (None, None) if direct => Ok(Base::Nothing),
        (None, None) => Err(setting(profile, "has no credentials", "add credentials", files)),
    }
}

fn sso(profile: &Profile, profiles: &ProfileSet, files: &Files) -> Result<Base, BadSource> {
    let session = profile.get("sso_session");
    if let Some(session) = session.filter(|session| profiles.sso_session(session).is_none()) {
        let problem = format!("names the sso_session \"{}\", which has no section", shown(session));
        return Err(setting(
            profile,
            &problem,
            &format!("add [sso-session {}], or correct sso_session", shown(session)),
            files,
        ));
    }
    let mut keys = vec!["sso_account_id", "sso_role_name"];
    if session.is_none() {
        keys.extend(["sso_start_url", "sso_region"]);
    }
    match keys.into_iter().find(|key| profile.get(key).is_none()) {
        Some(key) => Err(setting(
            profile,
            &format!("is a profile of IAM Identity Center without {key}"),
            &format!("add {key}"),
            files,
        )),
        None => Ok(Base::Sso { profile: profile.name().to_owned() }),
    }
}

/// Why a valid profile returned no credentials.
pub(super) fn failed(base: Base, error: &CredentialsError, files: &Files) -> BadSource {
    let place = |profile: &str| safe(&files.holding(profile), 320);
    match base {
        Base::Nothing | Base::Key => BadSource::failed(
            format!("profile \"{}\" gave no credentials: {}", shown(files.selected()), reason(error)),
            format!("check profile \"{}\" in {}", shown(files.selected()), place(files.selected())),
        ),
        Base::Named { profile, source } => BadSource::failed(
            format!("credential_source {} of profile \"{}\" gave no credentials", shown(&source), shown(&profile)),
            "use one of Environment, EcsContainer and Ec2InstanceMetadata, where the program runs with such credentials",
        ),
        Base::WebIdentity { profile, file } => {
            let named = format!("web_identity_token_file {file} of profile \"{}\"", shown(&profile));
            let key = format!("web_identity_token_file in {}", place(&profile));
            unreadable(&named, &file, &key).unwrap_or_else(|| {
                BadSource::failed(format!("no credentials for {named}: {}", reason(error)), "check the route to STS")
            })
        }
        Base::Sso { profile } => sso_failed(&shown(&profile), error),
        Base::Login { profile, .. } => BadSource::failed(
            format!("profile \"{}\" has a login_session, which needs the AWS CLI", shown(&profile)),
            format!("run `aws login --profile {}`", shown(&profile)),
        ),
        Base::Process { profile, command } => {
            let place = place(&profile);
            let profile = shown(&profile);
            let how = match exit_status(error) {
                Some(status) if status == "127" => "was not found (exit code 127)".to_owned(),
                Some(status) => format!("failed (exit code {status})"),
                None if chain(error).any(|cause| cause.to_string().contains("could not parse response")) => {
                    "printed no valid credentials".to_owned()
                }
                None => format!("gave no credentials: {}", reason(error)),
            };
            BadSource::failed(
                format!("credential_process {} of profile \"{profile}\" {how}", shown(program(&command))),
                format!(
                    "run the credential_process of profile \"{profile}\" in {place} by hand: it must exit with 0 and print \
                     JSON with Version 1, AccessKeyId and SecretAccessKey"
                ),
            )
        }
    }
}

fn sso_failed(profile: &str, error: &CredentialsError) -> BadSource {
    let text = chain(error).map(|cause| format!("{cause:?} {cause}").to_lowercase()).collect::<Vec<_>>().join("\n");
    let login = format!("run `aws sso login --profile {profile}`");
    if text.contains("forbiddenexception") {
        return BadSource::failed(
            format!("IAM Identity Center does not give profile \"{profile}\" its role"),
            format!(
                "check sso_account_id and sso_role_name of profile \"{profile}\", and that the user is assigned to both"
            ),
        );
    }
    let problem = if text.contains("expired") || text.contains("unauthorizedexception") {
        "has expired".to_owned()
    } else if text.contains("notfound") || text.contains("not found") || text.contains("failed to read") {
        "was not found on this machine".to_owned()
    } else {
        format!("gave no credentials: {}", reason(error))
    };
    BadSource::failed(format!("the IAM Identity Center (SSO) login of profile \"{profile}\" {problem}"), login)
}

/// The program of a command line, without its arguments, which may hold secrets.
pub(super) fn program(command: &str) -> &str {
    let command = command.trim();
    match command.strip_prefix('"') {
        Some(rest) => rest.split('"').next().unwrap_or(rest),
        None => command.split_whitespace().next().unwrap_or(command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_named_without_its_arguments() {
        for (command, expected) in [
            ("aws-vault exec --json prod", "aws-vault"),
            (" /opt/bin/creds --secret hunter2", "/opt/bin/creds"),
            ("\"/opt/my creds\" --secret hunter2", "/opt/my creds"),
            ("", ""),
        ] {
            assert_eq!(program(command), expected, "{command}");
        }
    }
}
