//! Settings as build systems and secret stores pass them: empty, half an address, with a line break.

use std::time::Duration;

use e2e::{
    fake_aws::codepipeline::JobState, fake_aws::s3::Bucket, job_event::JobEvent, programs, runtime_api::Lambda, secrets,
};
use expect_test::expect;
use serde_json::json;

use super::*;

const ENDPOINTS: [&str; 3] = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECS", "AWS_ENDPOINT_URL_CODEPIPELINE"];

#[test]
fn what_is_set_to_nothing_is_not_set() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let others = ["AWS_REGION", "AWS_PROFILE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY", "HTTP_PROXY", "ALL_PROXY"];
    let empty = ENDPOINTS.iter().chain(&others);
    let environment = empty.fold(office.proxied(), |environment, name| environment.with(name, ""));
    let output = generate(&environment);
    assert_eq!(output.code, 0, "{}", output.stderr);
    // Behind both variables of the region stands the profile.
    let config = office.file("config", "[default]\nregion = eu-west-1\nendpoint_url =\n");
    let output = generate(&environment.with("AWS_DEFAULT_REGION", "").with("AWS_CONFIG_FILE", &config));
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(office.gateway.asked(), ["ecs.eu-west-1.amazonaws.com:443"]);
}

#[test]
fn a_role_by_web_identity_is_not_disturbed_by_an_empty_endpoint() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let environment = office
        .proxied()
        .without("AWS_ACCESS_KEY_ID")
        .without("AWS_SECRET_ACCESS_KEY")
        .without("AWS_SESSION_TOKEN")
        .with("AWS_WEB_IDENTITY_TOKEN_FILE", &office.file("token", "planted"))
        .with("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/pod")
        .with("AWS_ROLE_SESSION_NAME", "pod");
    let said = |environment: &Environment| {
        let output = generate(environment);
        (output.code, output.stderr.lines().next().unwrap_or_default().to_owned())
    };
    // The fake has no such role; what matters is that STS is asked in both cases.
    let plain = said(&environment);
    let asked = office.aws.all_calls().len();
    let empty = ENDPOINTS.iter().fold(environment, |environment, name| environment.with(name, ""));
    assert_eq!(said(&empty.with("AWS_ENDPOINT_URL_STS", "")), plain);
    assert_eq!((asked > 0, office.aws.all_calls().len()), (true, 2 * asked));
    assert_eq!(office.gateway.asked(), ["sts.eu-west-1.amazonaws.com:443"]);
}

#[test]
fn what_is_no_endpoint_is_refused_without_repeating_it() {
    let Some(office) = Office::with(Rule::Open) else { return };
    for (name, value) in [
        ("AWS_ENDPOINT_URL", "localhost:4566"),
        ("AWS_ENDPOINT_URL", "gateway"),
        ("AWS_ENDPOINT_URL_CLOUDWATCH", "https://user:planted@example.com"),
    ] {
        let output = generate(&office.proxied().with(name, value));
        assert_eq!(output.code, 2, "{value}: {}", output.stderr);
        assert!(!output.stderr.contains("planted") && output.elapsed < Duration::from_secs(5), "{}", output.stderr);
    }
    expect![[r#"
        exit 2
        error: NET06: the configured endpoint for ECS is not a URL
        hint: set AWS_ENDPOINT_URL_ECS (or endpoint_url of the profile) to http://HOST:PORT or https://HOST:PORT, or unset it
    "#]]
    .assert_eq(&seen(&generate(&office.proxied().with("AWS_ENDPOINT_URL_ECS", "localhost:4566")), &[]));
    // Two that are wrong are not the one for all, which may be right.
    let two = office.proxied().with("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let two = generate(&two.with("AWS_ENDPOINT_URL_ECS", "localhost:1").with("AWS_ENDPOINT_URL_S3", "localhost:1"));
    assert!(two.stderr.contains("set AWS_ENDPOINT_URL_ECS ("), "{}", two.stderr);
    let all = generate(&office.proxied().with("AWS_ENDPOINT_URL", "localhost:1"));
    assert!(all.stderr.contains("set AWS_ENDPOINT_URL ("), "{}", all.stderr);
    assert!(office.aws.all_calls().is_empty());
}

#[test]
fn the_function_reports_its_jobs_with_empty_and_with_wrong_endpoints() {
    let aws = FakeAws::start();
    let keys = aws.session(ACCOUNT, "function", &["*"]);
    aws.add_bucket(Bucket::new("artifacts", ACCOUNT, REGION));
    aws.add_task_definition(&samples::task_definition(ACCOUNT, REGION, "app", 7, "x").to_string());
    let job_with = |name: &str, value: &str| {
        let environment = Environment::of_lambda(&aws.url(), REGION, &keys).with(name, value);
        let event = JobEvent::new(ACCOUNT, &keys).output("Files", "artifacts", "out");
        let event = event.user_parameters(&json!({"task_definition": "app"}));
        aws.add_job(ACCOUNT, event.id());
        Lambda::start(programs::lambda(), environment).invoke(&event.text(), Duration::from_secs(10));
        aws.job(event.id())
    };
    let empty = job_with("AWS_ENDPOINT_URL_ECS", "");
    assert_eq!((empty.state, empty.results.len()), (JobState::Succeeded, 1), "{:?}", empty.results);
    let wrong = job_with("AWS_ENDPOINT_URL_ECS", "localhost:4566");
    assert_eq!((wrong.state, wrong.results.len()), (JobState::Failed, 1), "{:?}", wrong.results);
    let details = &wrong.results[0]["failureDetails"];
    assert_eq!(details["type"], "ConfigurationError", "{details}");
    assert!(details["message"].as_str().unwrap_or_default().contains("NET06"), "{details}");
}

/// The SDK's own warnings quote what it cannot use, and its debug lines all that it can.
#[test]
fn nothing_of_an_address_with_a_password_is_logged() {
    let aws = FakeAws::start();
    let keys = aws.session(ACCOUNT, "function", &["*"]);
    let password = secrets::planted("password of an address");
    let event = JobEvent::new(ACCOUNT, &keys).output("Files", "artifacts", "out");
    let event = event.user_parameters(&json!({"task_definition": "app"}));
    aws.add_job(ACCOUNT, event.id());
    let check = |name: &str, address: &str| {
        let mut environment = Environment::of_lambda(&aws.url(), REGION, &keys)
            .with("AWS_LAMBDA_LOG_LEVEL", "TRACE")
            .with("RUST_LOG", "trace")
            .with(name, &address.replace("{}", &password));
        if name.contains("METADATA") || name.contains("CONTAINER") {
            for key in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
                environment = environment.without(key);
            }
        }
        let mut lambda = Lambda::start(programs::lambda(), environment);
        lambda.invoke(&event.text(), Duration::from_secs(3));
        // Its own check finds the password; here the user's name.
        let log = lambda.log();
        assert!(!log.contains("someuser"), "{name} {address}: {log}");
    };
    std::thread::scope(|scope| {
        for name in [
            "AWS_ENDPOINT_URL_ECS",
            "AWS_ENDPOINT_URL",
            "HTTPS_PROXY",
            "http_proxy",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ] {
            let check = &check;
            scope.spawn(move || {
                for address in ["http://someuser:{}@127.0.0.1:99999/", "http://someuser:{}@127.0.0.1:1/", "someuser:{}"]
                {
                    check(name, address);
                }
            });
        }
    });
}

#[test]
fn a_key_with_a_line_break_is_no_defect_of_ours() {
    let Some(office) = Office::with(Rule::Open) else { return };
    // The SDK itself takes the line break from the end of a token.
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", "planted-value\n"),
        ("AWS_SECRET_ACCESS_KEY", "planted-value\n"),
        ("AWS_SESSION_TOKEN", "planted\nvalue"),
    ] {
        let output = generate(&office.proxied().with(name, value));
        assert_eq!(output.code, 2, "{name}: {}", output.stderr);
        expect![[r#"
            error: AWS14: ecs:DescribeTaskDefinition on app in eu-west-1: the AWS credentials contain whitespace or control characters
            hint: remove them; `echo` adds a line break to a stored secret, `printf %s` does not
        "#]].assert_eq(&output.stderr);
    }
    assert_eq!(office.gateway.asked(), [""; 0]);
}
