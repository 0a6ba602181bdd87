//! What `--debug` prints about the settings: files, profile, Region, endpoints and credentials, and where each was
//! found.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Feature;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::files::Files;
use super::profile::{Base, base, program};
use super::{CONTAINER, TOKEN_FILE, set};
use crate::config::{endpoints, proxies, variable};
use crate::debug;

/// Prints which files were read, and which profile, Region and endpoints were selected. `given` is a Region from the
/// caller.
pub(in crate::config) async fn settings(sdk: &SdkConfig, given: Option<&str>) {
    if !debug::is_on() {
        return;
    }
    let files = Files::read().await;
    debug::line(|| format!("config files: {}", files.paths()));
    let source = if set("AWS_PROFILE").is_some() { " (AWS_PROFILE)" } else { "" };
    debug::line(|| format!("profile: {}{source}", files.selected()));
    let region = sdk.region().map_or("none", AsRef::as_ref);
    debug::line(|| format!("region: {region}{}", if region == "none" { "" } else { region_source(given, &files) }));
    for (service, url) in endpoints::chosen(sdk) {
        debug::line(|| format!("endpoint of {service}: {url}"));
    }
    for (what, variable) in proxies::chosen(&variable) {
        debug::line(|| format!("{what}: {variable}"));
    }
    let bundle =
        ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().find_map(|name| Some((name, set(name)?)));
    if let Some((name, path)) = bundle {
        debug::line(|| format!("trusted certificates: {path} ({name})"));
    }
}

/// In the order of the SDK.
fn region_source(given: Option<&str>, files: &Files) -> &'static str {
    let profiles = files.profiles.as_ref();
    if given.is_some() {
        " (the command line, or an ARN on it)"
    } else if set("AWS_REGION").is_some() {
        " (AWS_REGION)"
    } else if set("AWS_DEFAULT_REGION").is_some() {
        " (AWS_DEFAULT_REGION)"
    } else if profiles.is_ok_and(|profiles| profiles.get("region").is_some()) {
        " (profile)"
    } else {
        " (instance metadata service)"
    }
}

/// Prints where credentials were found and when they expire, and stores their role.
pub(super) async fn credentials(found: &Credentials) {
    if !debug::is_on() {
        return;
    }
    let files = Files::read().await;
    let none = Vec::new();
    let features = found.get_property::<Vec<Feature>>().unwrap_or(&none);
    let (source, role) = source(features, &files);
    if let Some(role) = &role {
        debug::assumed(role, found);
    }
    let end = found.expiry().and_then(|end| DateTime::from(end).fmt(Format::DateTime).ok());
    let otherwise = if found.session_token().is_some() { "unknown" } else { "none" };
    debug::line(|| {
        let role = role.map(|role| format!(", role {role}")).unwrap_or_default();
        format!("credentials: {source}{role}, expiration: {}", end.as_deref().unwrap_or(otherwise))
    });
}

/// The source, and the role that it assumes.
fn source(features: &[Feature], files: &Files) -> (String, Option<String>) {
    let has = |feature| features.contains(&feature);
    let of_profile = |key: &str| files.profiles.as_ref().ok().and_then(|profiles| profiles.get(key)).map(str::to_owned);
    if has(Feature::CredentialsEnvVars) && !has(Feature::CredentialsProfile) {
        return ("AWS_ACCESS_KEY_ID".to_owned(), None);
    }
    if has(Feature::CredentialsProfile) || matches!(base(files), Ok(Base::Login { .. })) && features.is_empty() {
        return (format!("profile {}, {}", files.selected(), begin(files)), of_profile("role_arn"));
    }
    let variable = |names: &[&str]| names.iter().find(|name| set(name).is_some()).map(ToString::to_string);
    if has(Feature::CredentialsProfileStsWebIdToken) {
        return (TOKEN_FILE.to_owned(), set("AWS_ROLE_ARN"));
    }
    if has(Feature::CredentialsHttp) {
        return (variable(&CONTAINER).unwrap_or_else(|| "container endpoint".to_owned()), None);
    }
    let imds = has(Feature::CredentialsImds);
    (if imds { "instance metadata service" } else { "unknown source" }.to_owned(), None)
}

/// How the credentials of the profile begin.
fn begin(files: &Files) -> String {
    match base(files) {
        Ok(Base::Nothing | Base::Key) | Err(_) => "access key in the file".to_owned(),
        Ok(Base::Named { source, .. }) => format!("credential_source {source}"),
        Ok(Base::WebIdentity { .. }) => "web_identity_token_file".to_owned(),
        Ok(Base::Sso { .. }) => "IAM Identity Center".to_owned(),
        Ok(Base::Login { .. }) => "login_session".to_owned(),
        Ok(Base::Process { command, .. }) => format!("credential_process {}", program(&command)),
    }
}
