use std::io::Write;
use std::process::Command;

use super::*;
use crate::fake_aws::{Answer, FakeAws};
use codedeploy_core::fault::{Explain, Kind};
use expect_test::expect;

/// The production set-up, pointed at a fake AWS on this machine.
pub(crate) async fn aws_at(endpoint: &str, timeouts: Timeouts) -> Aws {
    let credentials = Credentials {
        access_key_id: "AKIDPLANTED".to_owned(),
        secret_access_key: "planted-secret".to_owned().into(),
        session_token: Some("planted-token".to_owned().into()),
    };
    let loader = loader(timeouts, Settings::default());
    let sdk = loader.region("eu-west-1").no_credentials().endpoint_url(endpoint).load().await;
    Aws(sdk).with_credentials(&credentials)
}

#[test]
fn regions_are_checked_by_shape() {
    for good in ["eu-west-1", "us-gov-east-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-11"] {
        assert!(checked(good).is_ok(), "{good}");
    }
    let bad = [
        "",
        "eu",
        "eu-1",
        "eu-west",
        "eu-west-",
        "eu--1",
        "EU-west-1",
        "eu-west-111",
        "eu-west-1.evil.com/#",
        "x@evil.com:443/#",
        "eu-west-1\n",
        "e-west-1",
        "europe-west-1",
        "-eu-west-1",
        "eu-w3st-1",
    ];
    for bad in bad {
        let error = checked(bad).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("PAR07", Kind::Configuration), "{bad}");
    }
    assert_eq!(
        checked("us-east-1.evil.com/#").unwrap_err().to_string(),
        "\"us-east-1.evil.com/#\" is not the name of an AWS Region"
    );
}

#[cfg(feature = "codepipeline")]
#[tokio::test]
async fn what_is_derived_shares_its_connections() {
    let good = || Answer::json(200, r#"{"taskDefinition":{},"services":[]}"#);
    let fake = FakeAws::start((0..5).map(|_| good()).collect());
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let other = Credentials {
        access_key_id: "AKIDOTHER".to_owned(),
        secret_access_key: "other".to_owned().into(),
        session_token: None,
    };
    let derived = [
        aws.clone(),
        aws.with_credentials(&other),
        aws.with_region("us-east-1").unwrap(),
        aws.with_timeouts(Timeouts::within(Duration::from_secs(2))),
    ];
    for aws in derived {
        crate::ecs::describe_task_definition(&aws, "app").await.unwrap();
    }
    let success = crate::codepipeline::Success { job_id: "x".to_owned(), ..Default::default() };
    crate::codepipeline::put_success(&aws, &success, Duration::from_secs(1)).await.unwrap();
    assert_eq!((fake.requests().len(), fake.connections()), (5, 1));
    let keys: Vec<bool> =
        fake.requests().iter().map(|request| request.header("authorization").unwrap().contains("AKIDOTHER")).collect();
    assert_eq!(keys, [false, true, false, false, false]);
}

/// Runs one of the `child` tests below in a process of its own, because tests must not change their environment.
fn in_environment(test: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        child.env_remove(name);
    }
    let nothing_else = [("AWS_EC2_METADATA_DISABLED", "true"), ("HOME", "/nonexistent"), ("NO_PROXY", "127.0.0.1")];
    child.envs(nothing_else).envs(variables.iter().copied());
    child.args([&format!("config::tests::child::{test}"), "--exact", "--ignored", "--nocapture"]);
    let output = child.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = printed.lines().find_map(|line| line.split_once("child says: ").map(|(_, said)| said.to_owned()));
    said.unwrap_or_else(|| panic!("the child said nothing: {printed}"))
}

#[test]
fn the_environment_gives_region_credentials_and_endpoint() {
    let fake = FakeAws::start(vec![Answer::json(200, r#"{"taskDefinition":{}}"#)]);
    let credentials = [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "planted-secret")];
    let all = |region| [&credentials[..], &[("AWS_ENDPOINT_URL", fake.url.as_str()), ("AWS_REGION", region)]].concat();

    let bad = in_environment("describes", &all("x@evil.example/#"));
    assert!(bad.starts_with(r#"PAR07: "x@evil.example/#" is not the name of an AWS Region | "#), "{bad}");
    let none = in_environment("describes", &all(""));
    assert!(none.starts_with("AWS12: ecs:DescribeTaskDefinition on app in no region: no region is set | "), "{none}");
    assert_eq!(fake.requests().len(), 0);

    assert_eq!(in_environment("describes", &all("eu-west-1")), r#"{"taskDefinition":{}}"#);
    assert!(fake.requests()[0].header("authorization").unwrap().contains("AKIDENV/"));

    let nobody = in_environment("describes", &[("AWS_ENDPOINT_URL", &fake.url), ("AWS_REGION", "eu-west-1")]);
    assert!(nobody.starts_with("AWS04: ecs:DescribeTaskDefinition on app in eu-west-1: no AWS credentials found"));
    assert_eq!(fake.requests().len(), 1);
}

/// What STS answers to the source of the credentials is read as a denial, too.
#[test]
fn a_source_that_sts_refuses_says_what_to_allow() {
    let refused = |message: &str| {
        let error = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
        FakeAws::start(vec![Answer::text(403, &format!("<ErrorResponse>{error}</ErrorResponse>"))])
    };
    let fake = refused("Not authorized to perform sts:AssumeRoleWithWebIdentity");
    let readable = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let pod = [
        ("AWS_ENDPOINT_URL", fake.url.as_str()),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", readable),
        ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/pod"),
    ];
    expect!["AWS05: ecs:DescribeTaskDefinition on app in eu-west-1: cannot get AWS credentials: STS refused AWS_WEB_IDENTITY_TOKEN_FILE: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity | hint: allow sts:AssumeRoleWithWebIdentity in the trust policy of arn:aws:iam::111111111111:role/pod to the OIDC provider that issued the token"].assert_eq(&in_environment("describes", &pod));

    let caller = "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: sts:AssumeRole on resource: \
                  arn:aws:iam::222222222222:role/r because no permissions boundary allows the sts:AssumeRole action";
    let fake = refused(caller);
    let config = std::env::temp_dir().join(format!("codedeploy-aws-profiles-{}", std::process::id()));
    let role = "[profile a]\nrole_arn = arn:aws:iam::222222222222:role/r\nsource_profile = base\n";
    let base = "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = planted-secret\n";
    std::fs::write(&config, [role, base].concat()).unwrap();
    let profile = [
        ("AWS_ENDPOINT_URL", fake.url.as_str()),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_CONFIG_FILE", config.to_str().unwrap()),
        ("AWS_PROFILE", "a"),
    ];
    let said = in_environment("describes", &profile);
    std::fs::remove_file(&config).unwrap();
    expect![[r#"AWS05: ecs:DescribeTaskDefinition on app in eu-west-1: cannot get AWS credentials: STS refused profile "a": AccessDenied: User: arn:aws:iam::111111111111:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/r because no permissions boundary allows the sts:AssumeRole action | hint: allow sts:AssumeRole on arn:aws:iam::222222222222:role/r in the permissions boundary of arn:aws:iam::111111111111:user/ci"#]].assert_eq(&said);
}

#[test]
fn a_peer_without_tls_is_an_error_and_no_panic() {
    let fake = FakeAws::start(Vec::new());
    let url = fake.url.replace("http:", "https:");
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIDENV"),
        ("AWS_SECRET_ACCESS_KEY", "planted-secret"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", &url),
    ];
    let said = in_environment("describes", &variables);
    assert!(said.starts_with("AWS09: ecs:DescribeTaskDefinition on app in eu-west-1: no connection: "), "{said}");
}

mod child {
    use super::*;

    #[tokio::test]
    #[ignore = "runs in a process of its own, started by the test above"]
    async fn describes() {
        let described = match from_environment(None, Timeouts::default()).await {
            Ok(aws) => crate::ecs::describe_task_definition(&aws, "app").await,
            Err(error) => Err(error),
        };
        let said = described.unwrap_or_else(|error| codedeploy_core::fault::Fault::from(error).report());
        let said = said.replace('\n', " | ");
        writeln!(std::io::stdout(), "child says: {said}").unwrap();
    }
}

#[tokio::test]
async fn debug_names_the_region_only() {
    let aws = aws_at("http://127.0.0.1:9", Timeouts::default()).await;
    assert_eq!(format!("{aws:?}"), r#"Aws { region: Some("eu-west-1"), .. }"#);
    assert_eq!(aws.with_region("cn-north-1").unwrap().region(), Some("cn-north-1"));
    assert_eq!(aws.with_region("eu-west-1/").unwrap_err().code(), "PAR07");
}
