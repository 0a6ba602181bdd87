//! `--debug` says where Region, credentials, endpoint, proxy and certificates come from, and shows none of the secrets there.

use e2e::{fake_aws::sts::Role, secrets};
use expect_test::{Expect, expect};

use super::{credentials::agent, *};

/// Describes the task definition `app` with `--debug`, and compares what it says about settings.
fn check(office: &Office, environment: &Environment, code: i32, expect: &Expect) {
    let args = ["generate", "--artifact", "-", "--task-definition", "app", "--debug"];
    let output = Run::new(args).environment(environment.clone()).stdout_is_artifact().run();
    assert_eq!(output.code, code, "{}", output.stderr);
    let folder = office.scratch.path().display().to_string();
    let lines = output.stderr.lines().filter_map(|line| {
        let (time, rest) = line.split_once(" debug: ")?;
        assert!(time.len() == "2026-11-23T06:46:22.123Z".len() && time.ends_with('Z'), "{line}");
        let words = rest.split(' ').map(|word| match word.split_once('=') {
            Some((name @ ("duration" | "backoff" | "request-id"), _)) => format!("{name}=[{name}]"),
            _ if word.ends_with('Z') && word.contains(':') && !word.starts_with("2099-") => "[TIME]".to_owned(),
            _ if word.starts_with("127.0.0.1:") => "[AGENT]".to_owned(),
            _ => word.replace(&folder, "[FOLDER]").replace(&office.gateway.name(), "[PROXY]"),
        });
        Some(words.collect::<Vec<_>>().join(" ") + "\n")
    });
    expect.assert_eq(&lines.collect::<String>());
}

/// An office that is left through a proxy with a password, and its environment.
fn setup() -> Option<(Office, Environment)> {
    let password = secrets::planted("password of the proxy with --debug");
    let office = Office::with(Rule::Password("jenkins".to_owned(), password.clone()))?;
    let home = office.scratch.path().display().to_string();
    let proxy = format!("http://jenkins:{password}@{}", office.gateway.name());
    let environment = office.proxied().with("HTTPS_PROXY", &proxy).with("NO_PROXY", "localhost").with("HOME", &home);
    Some((office, environment))
}

fn without_keys(environment: Environment) -> Environment {
    environment.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY").without("AWS_SESSION_TOKEN")
}

/// Everything that is secret is planted, and the harness looks for it in all output.
#[test]
fn each_source_is_named_and_nothing_secret_is_shown() {
    let Some((office, environment)) = setup() else { return };
    check(
        &office,
        &environment,
        0,
        &expect![[r#"
        config files: [FOLDER]/.aws/config (not found) and [FOLDER]/.aws/credentials (not found)
        profile: default
        region: eu-west-1 (AWS_REGION)
        proxy for HTTPS: HTTPS_PROXY
        hosts without a proxy: NO_PROXY
        trusted certificates: [FOLDER]/authority.pem (AWS_CA_BUNDLE)
        credentials: AWS_ACCESS_KEY_ID, expiration: unknown
        ecs:DescribeTaskDefinition region=eu-west-1 attempt=1/3 status=200 duration=[duration] request-id=[request-id] proxy=[PROXY]
    "#]],
    );

    let nobody = without_keys(environment);
    let url = format!("{}/{}", agent(&office.keys), secrets::planted("path of the container endpoint"));
    let token = secrets::planted("token for the container endpoint");
    let container = nobody.clone().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    check(
        &office,
        &container.with("AWS_CONTAINER_AUTHORIZATION_TOKEN", &token),
        0,
        &expect![[r#"
        config files: [FOLDER]/.aws/config (not found) and [FOLDER]/.aws/credentials (not found)
        profile: default
        region: eu-west-1 (AWS_REGION)
        proxy for HTTPS: HTTPS_PROXY
        hosts without a proxy: NO_PROXY
        trusted certificates: [FOLDER]/authority.pem (AWS_CA_BUNDLE)
        GET [AGENT] status=200 duration=[duration]
        credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI, expiration: 2099-01-01T00:00:00Z
        ecs:DescribeTaskDefinition region=eu-west-1 attempt=1/3 status=200 duration=[duration] request-id=[request-id] proxy=[PROXY]
    "#]],
    );

    // STS of the simulation gives nothing for a web identity.
    let token = office.file("token", &secrets::planted("web identity token"));
    let web = nobody.with("AWS_WEB_IDENTITY_TOKEN_FILE", &token).with("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod");
    check(
        &office,
        &web,
        4,
        &expect![[r#"
        config files: [FOLDER]/.aws/config (not found) and [FOLDER]/.aws/credentials (not found)
        profile: default
        region: eu-west-1 (AWS_REGION)
        proxy for HTTPS: HTTPS_PROXY
        hosts without a proxy: NO_PROXY
        trusted certificates: [FOLDER]/authority.pem (AWS_CA_BUNDLE)
        sts:AssumeRoleWithWebIdentity attempt=1/3 status=403 error=InvalidAccessKeyId duration=[duration] request-id=[request-id] proxy=[PROXY]
    "#]],
    );
}

#[test]
fn a_profile_is_named_with_how_its_credentials_begin_and_nothing_secret_is_shown() {
    let Some((office, environment)) = setup() else { return };
    let nobody = without_keys(environment);
    let keys = &office.keys;
    let key = format!(
        "aws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        keys.access_key_id, keys.secret_access_key, keys.session_token
    );
    let profile = office.file("config", &format!("[profile dev]\nregion = {REGION}\n{key}"));
    let of_profile =
        nobody.clone().without("AWS_REGION").without("AWS_DEFAULT_REGION").with("AWS_CONFIG_FILE", &profile);
    check(
        &office,
        &of_profile.with("AWS_PROFILE", "dev"),
        0,
        &expect![[r#"
        config files: [FOLDER]/config and [FOLDER]/.aws/credentials (not found)
        profile: dev (AWS_PROFILE)
        region: eu-west-1 (profile)
        proxy for HTTPS: HTTPS_PROXY
        hosts without a proxy: NO_PROXY
        trusted certificates: [FOLDER]/authority.pem (AWS_CA_BUNDLE)
        credentials: profile dev, access key in the file, expiration: unknown
        ecs:DescribeTaskDefinition region=eu-west-1 attempt=1/3 status=200 duration=[duration] request-id=[request-id] proxy=[PROXY]
    "#]],
    );

    let role = "arn:aws:iam::111111111111:role/describer";
    office.aws.add_role(Role::new(role, &["ecs:*"]).trusting(ACCOUNT));
    let chained =
        format!("[profile dev]\nrole_arn = {role}\nsource_profile = base\nregion = {REGION}\n[profile base]\n{key}");
    let of_role = nobody.clone().with("AWS_CONFIG_FILE", &office.file("chained", &chained)).with("AWS_PROFILE", "dev");
    check(
        &office,
        &of_role,
        0,
        &expect![[r#"
        config files: [FOLDER]/chained and [FOLDER]/.aws/credentials (not found)
        profile: dev (AWS_PROFILE)
        region: eu-west-1 (AWS_REGION)
        proxy for HTTPS: HTTPS_PROXY
        hosts without a proxy: NO_PROXY
        trusted certificates: [FOLDER]/authority.pem (AWS_CA_BUNDLE)
        sts:AssumeRole region=eu-west-1 attempt=1/3 status=200 duration=[duration] proxy=[PROXY]
        credentials: profile dev, access key in the file, role arn:aws:iam::111111111111:role/describer, expiration: [TIME]
        ecs:DescribeTaskDefinition region=eu-west-1 attempt=1/3 status=200 duration=[duration] request-id=[request-id] role=arn:aws:iam::111111111111:role/describer proxy=[PROXY]
    "#]],
    );

    let printed = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}","SessionToken":"{}","Expiration":"2099-01-01T00:00:00Z"}}"#,
        keys.access_key_id, keys.secret_access_key, keys.session_token
    );
    let program = office.file("credentials.json", &printed);
    let argument = secrets::planted("argument of a credential_process");
    let process = format!("[default]\ncredential_process = /bin/sh -c 'cat {program}' {argument}\n");
    let of_process = nobody.clone().without("AWS_REGION").with("AWS_CONFIG_FILE", &office.file("process", &process));
    check(
        &office,
        &of_process,
        0,
        &expect![[r#"
        config files: [FOLDER]/process and [FOLDER]/.aws/credentials (not found)
        profile: default
        region: eu-west-1 (AWS_DEFAULT_REGION)
        proxy for HTTPS: HTTPS_PROXY
        hosts without a proxy: NO_PROXY
        trusted certificates: [FOLDER]/authority.pem (AWS_CA_BUNDLE)
        credentials: profile default, credential_process /bin/sh, expiration: 2099-01-01T00:00:00Z
        ecs:DescribeTaskDefinition region=eu-west-1 attempt=1/3 status=200 duration=[duration] request-id=[request-id] proxy=[PROXY]
    "#]],
    );
}
