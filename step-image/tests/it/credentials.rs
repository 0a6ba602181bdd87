//! Missing credentials: the message names the variable, profile, file or program, and never a secret.

use std::process::Output;

use expect_test::{Expect, expect};

use crate::folder::Folder;

/// The name of the file in which the AWS CLI keeps the login of `SESSION`.
const LOGIN: &str = "cache/893f13863f68a08133e541260597f1d60f5bf9b326625782990032cbad201e26.json";
const SESSION: &str = "arn:aws:iam::123456789012:user/dev";

/// A call that needs credentials, with these files of profiles and variables; nothing listens where AWS should be.
fn run(folder: &Folder, config: &str, credentials: &str, variables: &[(&str, &str)]) -> Output {
    for (name, text) in [("config", config), ("credentials", credentials)] {
        if !text.is_empty() {
            folder.write(&format!(".aws/{name}"), text);
        }
    }
    let home = folder.path().display().to_string();
    let mut command = folder.command(&["generate", "--artifact", "a.zip", "--task-definition", "web"]);
    command.env("HOME", &home).env("AWS_REGION", "eu-west-1").env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("PATH", format!("{home}/bin:/usr/bin:/bin")).env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    for (name, value) in variables {
        command.env(name, value.replace("[FOLDER]", &home));
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("planted"), "{said}");
    output
}

fn check(config: &str, credentials: &str, variables: &[(&str, &str)], expect: &Expect) {
    let folder = Folder::new();
    let output = run(&folder, config, credentials, variables);
    let seen = folder.seen(&output);
    let report: Vec<&str> = seen.lines().filter(|line| !line.starts_with("--- ")).collect();
    expect.assert_eq(&(report.join("\n") + "\n"));
}

#[test]
fn a_profile_that_does_not_exist_is_named_with_the_files_that_were_read() {
    let config = "[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-1\n";
    check(
        config,
        "",
        &[("AWS_PROFILE", "prod")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: profile "prod" (AWS_PROFILE) is not in [FOLDER]/.aws/config and [FOLDER]/.aws/credentials (not found)
        hint: name one of the profiles there: default, dev
    "#]],
    );
    check(
        "",
        "",
        &[("AWS_PROFILE", "prod"), ("AWS_CONFIG_FILE", "/nowhere/config")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: profile "prod" (AWS_PROFILE) is not in /nowhere/config (not found) and [FOLDER]/.aws/credentials (not found)
        hint: create it with `aws configure --profile prod`, or set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE to the files that have it
    "#]],
    );
    check(
        "[prod]\nregion = eu-west-1\n",
        "",
        &[("AWS_PROFILE", "prod")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: profile "prod" (AWS_PROFILE) is not in [FOLDER]/.aws/config and [FOLDER]/.aws/credentials (not found)
        hint: write [profile prod] instead of [prod] in [FOLDER]/.aws/config
    "#]],
    );
    // Its Region is missing as well, and nothing was sent.
    check(
        config,
        "",
        &[("AWS_PROFILE", "prod"), ("AWS_REGION", "")],
        &expect![[r#"
        exit 2
        error: AWS04: no AWS credentials found: profile "prod" (AWS_PROFILE) is not in [FOLDER]/.aws/config and [FOLDER]/.aws/credentials (not found)
        hint: name one of the profiles there: default, dev
    "#]],
    );
    let chained = "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n";
    check(
        chained,
        "",
        &[("AWS_PROFILE", "a")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: profile "base" (source_profile of profile "a") is not in [FOLDER]/.aws/config and [FOLDER]/.aws/credentials (not found)
        hint: name one of the profiles there: a
    "#]],
    );
}

#[test]
fn profiles_that_cannot_be_followed_are_explained() {
    let role = "role_arn = arn:aws:iam::123456789012:role/r";
    let profile = [("AWS_PROFILE", "a")];
    let loops = format!("[profile a]\n{role}\nsource_profile = b\n[profile b]\n{role}\nsource_profile = a\n");
    check(
        &loops,
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: the profiles a -> b -> a name each other as source_profile
            hint: let source_profile of one of them name a profile with credentials
        "#]],
    );
    check(
        &format!("[profile a]\n{role}\n"),
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: profile "a" has role_arn without source_profile or credential_source
            hint: add one of them in profile "a" of [FOLDER]/.aws/config
        "#]],
    );
    check(
        "",
        "[a]\naws_access_key_id = AKIDPROFILE\n",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: profile "a" has aws_access_key_id without aws_secret_access_key
            hint: add aws_secret_access_key in profile "a" of [FOLDER]/.aws/credentials
        "#]],
    );
    check(
        "[profile a]\nregion = eu-west-1\n",
        "",
        &profile,
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: profile "a" (AWS_PROFILE) has no credentials
        hint: add credentials to profile "a" in [FOLDER]/.aws/config
    "#]],
    );
    check(
        "[profile a\nregion = eu-west-1\n",
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: cannot read the AWS profile files: error parsing [FOLDER]/.aws/config on line 1: Profile definition must end with ']'
            hint: fix that line
        "#]],
    );
    check(
        "[profile a]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n",
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: profile "a" names the sso_session "corp", which has no section
            hint: add [sso-session corp], or correct sso_session in profile "a" of [FOLDER]/.aws/config
        "#]],
    );
}

#[test]
fn half_a_key_in_the_environment_is_named() {
    check(
        "",
        "",
        &[("AWS_ACCESS_KEY_ID", "planted")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not
        hint: set AWS_SECRET_ACCESS_KEY too, or unset AWS_ACCESS_KEY_ID
    "#]],
    );
    check(
        "",
        "",
        &[("AWS_SECRET_ACCESS_KEY", "planted"), ("AWS_ACCESS_KEY_ID", "")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not
        hint: set AWS_ACCESS_KEY_ID too, or unset AWS_SECRET_ACCESS_KEY
    "#]],
    );
}

#[test]
fn a_token_file_that_is_not_there_is_named_with_its_variable() {
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod");
    check(
        "",
        "",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "[FOLDER]/token"), role],
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: token file [FOLDER]/token (AWS_WEB_IDENTITY_TOKEN_FILE): No such file or directory (os error 2)
            hint: write the token there (on EKS the service account mounts it, in a build its OIDC step), or unset AWS_WEB_IDENTITY_TOKEN_FILE
        "#]],
    );
    check(
        "",
        "",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "[FOLDER]/web.json")],
        &expect![[r#"
        exit 2
        error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not
        hint: set AWS_ROLE_ARN to the role to assume, or unset AWS_WEB_IDENTITY_TOKEN_FILE
    "#]],
    );
    let config = "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = /nowhere/token\n";
    check(
        config,
        "",
        &[("AWS_PROFILE", "a")],
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: web_identity_token_file /nowhere/token of profile "a": No such file or directory (os error 2)
            hint: write the token there (on EKS the service account mounts it, in a build its OIDC step), or unset web_identity_token_file in [FOLDER]/.aws/config
        "#]],
    );
    let pod = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/planted"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nowhere/pod-token"),
    ];
    check(
        "",
        "",
        &pod,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: token file /nowhere/pod-token (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE): No such file or directory (os error 2)
            hint: write the token there (on EKS the service account mounts it, in a build its OIDC step), or unset AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
        "#]],
    );
    check(
        "",
        "",
        &pod[..1],
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: no credentials from the container endpoint (AWS_CONTAINER_CREDENTIALS_FULL_URI): connection refused
            hint: check that the task has a task role, or the pod an EKS Pod Identity association, and that nothing but the platform sets AWS_CONTAINER_CREDENTIALS_FULL_URI
        "#]],
    );
}

#[test]
fn a_program_that_fails_is_named_without_its_arguments_and_output() {
    let with = |command: &str| format!("[profile a]\ncredential_process = {command}\n");
    let profile = [("AWS_PROFILE", "a")];
    check(
        &with("no-such-program --secret planted"),
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: credential_process no-such-program of profile "a" was not found (exit code 127)
            hint: run the credential_process of profile "a" in [FOLDER]/.aws/config by hand: it must exit with 0 and print JSON with Version 1, AccessKeyId and SecretAccessKey
        "#]],
    );
    check(
        &with("sh -c 'echo planted >&2; echo planted; exit 3'"),
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: credential_process sh of profile "a" failed (exit code 3)
            hint: run the credential_process of profile "a" in [FOLDER]/.aws/config by hand: it must exit with 0 and print JSON with Version 1, AccessKeyId and SecretAccessKey
        "#]],
    );
}

#[test]
fn a_login_of_iam_identity_center_says_what_to_run() {
    let config = "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n\
                  [profile a]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\n";
    check(
        config,
        "",
        &[("AWS_PROFILE", "a")],
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: the IAM Identity Center (SSO) login of profile "a" was not found on this machine
            hint: run `aws sso login --profile a`
        "#]],
    );
    let folder = Folder::new();
    // SHA-1 of the name of the session.
    let token = r#"{"accessToken":"planted","expiresAt":"2020-01-01T00:00:00Z"}"#;
    folder.write(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json", token);
    let seen = folder.seen(&run(&folder, config, "", &[("AWS_PROFILE", "a")]));
    expect![[r#"
        exit 4
        --- stderr
        error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: the IAM Identity Center (SSO) login of profile "a" has expired
        hint: run `aws sso login --profile a`
    "#]].assert_eq(&seen);
}

#[test]
fn nothing_at_all_says_what_would_do() {
    check(
        "",
        "",
        &[],
        &expect![[r#"
            exit 2
            error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: neither variables nor profiles have any, and AWS_EC2_METADATA_DISABLED turns the instance metadata service off
            hint: set AWS_PROFILE to a profile with credentials, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on an instance with a role, unset AWS_EC2_METADATA_DISABLED
        "#]],
    );
    check(
        "",
        "",
        &[("AWS_DEFAULT_PROFILE", "prod")],
        &expect![[r#"
            exit 2
            error: AWS04: ecs:DescribeTaskDefinition on web in eu-west-1: no AWS credentials found: AWS_DEFAULT_PROFILE is set, which only the AWS CLI reads
            hint: set AWS_PROFILE to the same profile
        "#]],
    );
}

#[test]
fn a_login_of_the_aws_cli_is_used() {
    let config = format!("[profile a]\nlogin_session = {SESSION}\nregion = eu-west-1\n");
    let profile = [("AWS_PROFILE", "a"), ("AWS_LOGIN_CACHE_DIRECTORY", "[FOLDER]/cache")];
    check(
        &config,
        "",
        &profile,
        &expect![[r#"
            exit 4
            error: AWS05: ecs:DescribeTaskDefinition on web in eu-west-1: cannot get AWS credentials: the login of profile "a" (login_session, `aws login`) was not found, and the AWS CLI, which renews it, is not installed here
            hint: run `aws login --profile a` with AWS CLI 2.32 or later on this machine
        "#]],
    );

    let folder = Folder::new();
    let token = |expires: &str| {
        format!(
            r#"{{"accessToken":{{"accessKeyId":"AKIDLOGIN","secretAccessKey":"planted","sessionToken":"planted","accountId":"123456789012","expiresAt":"{expires}"}}}}"#
        )
    };
    folder.write(LOGIN, token("2099-01-01T00:00:00Z"));
    let seen = folder.seen(&run(&folder, &config, "", &profile));
    assert!(seen.contains("AWS09") && seen.contains("exit 5"), "credentials were found and AWS was asked: {seen}");

    folder.write(LOGIN, token("2020-01-01T00:00:00Z"));
    let seen = folder.seen(&run(&folder, &config, "", &profile));
    assert!(seen.contains("has expired") && seen.contains("aws login --profile a"), "{seen}");

    // The AWS CLI renews it, and follows roles that begin with it.
    let given = r#"{"Version":1,"AccessKeyId":"AKIDCLI","SecretAccessKey":"planted","SessionToken":"planted","Expiration":"2099-01-01T00:00:00Z"}"#;
    folder.write("bin/aws", format!("#!/bin/sh\necho \"$@\" >> \"$HOME/asked\"\necho '{given}'\n"));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path().join("bin/aws"), mode).unwrap();
    let seen = folder.seen(&run(&folder, &config, "", &profile));
    assert!(seen.contains("AWS09"), "{seen}");
    let chained = format!("{config}[profile b]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = a\n");
    let seen = folder.seen(&run(&folder, &chained, "", &[("AWS_PROFILE", "b")]));
    assert!(seen.contains("AWS09"), "{seen}");
    assert_eq!(
        folder.text("asked"),
        "configure export-credentials --format process --profile a\n\
         configure export-credentials --format process --profile b\n"
    );
}
