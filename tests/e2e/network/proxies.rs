//! Through a proxy, past it, and not through it.

use std::{net::TcpListener, time::Duration};

use e2e::{
    fake_aws::{codepipeline::JobState, s3::Bucket, sts::Role},
    job_event::JobEvent,
    programs,
    runtime_api::Lambda,
    secrets,
};
use expect_test::expect;
use serde_json::json;

use super::*;

const READER: &str = "arn:aws:iam::222222222222:role/reader";

#[test]
fn a_proxy_with_a_password_carries_every_call() {
    let password = secrets::planted("password of the proxy");
    let user = "jenkins";
    let Some(office) = Office::with(Rule::Password(user.to_owned(), format!("{password}/ä@"))) else { return };
    let proxy = format!("http://{user}:{password}%2F%C3%A4%40@{}", office.gateway.name());
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let environment = office.proxied().without("HTTPS_PROXY").with(variable, &proxy);
        let output = generate(&environment);
        assert_eq!(output.code, 0, "{variable}: {}", output.stderr);
        // A build system that sets a variable to nothing has not set it.
        let empty = generate(&environment.with("HTTPS_PROXY", if variable == "HTTPS_PROXY" { &proxy } else { "" }));
        assert_eq!(empty.code, 0, "{variable}: {}", empty.stderr);
    }
    assert_eq!(office.gateway.asked(), ["ecs.eu-west-1.amazonaws.com:443"]);
    assert_eq!(office.aws.calls("ecs:DescribeTaskDefinition").len(), 8);
    // Without TLS, the proxy gets the request itself.
    let plain = office.plain().with("AWS_ENDPOINT_URL", "http://aws.example").with("HTTP_PROXY", &proxy);
    assert_eq!(generate(&plain).code, 0);
    assert_eq!(office.gateway.asked(), ["ecs.eu-west-1.amazonaws.com:443", "http://aws.example"]);
}

#[test]
fn a_proxy_spoken_to_in_tls_carries_every_call() {
    let password = secrets::planted("password for the proxy with TLS");
    let Some(office) = Office::with(Rule::Password("jenkins".to_owned(), password.clone())) else { return };
    let proxy = |password: &str| format!("https://jenkins:{password}@{}", office.gateway.name());
    let output = generate(&office.proxied().with("HTTPS_PROXY", &proxy(&password)));
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(office.gateway.asked(), ["ecs.eu-west-1.amazonaws.com:443"]);
    let plain = office.proxied().with("AWS_ENDPOINT_URL", "http://aws.example").with("HTTP_PROXY", &proxy(&password));
    assert_eq!(generate(&plain).code, 0);
    assert_eq!(office.gateway.asked(), ["ecs.eu-west-1.amazonaws.com:443", "http://aws.example"]);
    // The proxy itself has to be trusted, not only what is behind it.
    let stranger = generate(&office.proxied().without("AWS_CA_BUNDLE").with("HTTPS_PROXY", &proxy(&password)));
    assert_eq!(stranger.code, 2, "{}", stranger.stderr);
    assert!(stranger.stderr.starts_with("error: NET03: "), "{}", stranger.stderr);
    assert_eq!(office.aws.calls("ecs:DescribeTaskDefinition").len(), 2);
}

/// Its page is no answer of AWS's, and asking again for two minutes would not change it.
#[test]
fn a_proxy_with_a_page_of_its_own_is_not_waited_for() {
    let Some(office) = Office::with(Rule::Refuses(403)) else { return };
    let environment = office.plain().with("AWS_ENDPOINT_URL", "http://aws.example");
    let environment = environment.with("HTTP_PROXY", &office.gateway.name());
    let output = Run::new(["wait", "d-ABCDEFGHI"]).environment(environment).run();
    expect![[r#"
        exit 5
        error: AWS10: codedeploy:GetDeployment on d-ABCDEFGHI in eu-west-1: the response could not be read (HTTP 403)
        hint: check the endpoint and the proxy settings: the response is not from AWS
    "#]]
    .assert_eq(&seen(&output, &[]));
    assert!(output.elapsed < Duration::from_secs(10), "{:?}", output.elapsed);
}

#[test]
fn the_function_leaves_through_a_proxy_and_its_runtime_does_not() {
    let password = secrets::planted("password of the function's proxy");
    let Some(office) = Office::with(Rule::Password("fn".to_owned(), password.clone())) else { return };
    office.aws.add_bucket(Bucket::new("artifacts", ACCOUNT, REGION));
    office.aws.add_task_definition(&samples::task_definition("222222222222", REGION, "far", 1, "x").to_string());
    office.aws.add_role(Role::new(READER, &["ecs:*"]).trusting(ACCOUNT));
    let proxy = format!("http://fn:{password}@{}", office.gateway.name());
    let environment = Environment::of_lambda("", REGION, &office.keys)
        .without("AWS_ENDPOINT_URL")
        .with("HTTPS_PROXY", &proxy)
        .with("HTTP_PROXY", &proxy)
        .with("AWS_CA_BUNDLE", &office.authority())
        .with("AWS_LAMBDA_LOG_LEVEL", "TRACE")
        .with("ALLOWED_ROLE_ARNS", READER);
    let request = json!({"task_definition": "far", "role_arn": READER});
    let event = JobEvent::new(ACCOUNT, &office.keys).output("Files", "artifacts", "out").user_parameters(&request);
    office.aws.add_job(ACCOUNT, event.id());
    let mut lambda = Lambda::start(programs::lambda(), environment);
    lambda.invoke(&event.text(), Duration::from_secs(20));
    let job = office.aws.job(event.id());
    assert_eq!(job.state, JobState::Succeeded, "{:?}\n{}", job.results, lambda.log());
    let expected = [
        "artifacts.s3.eu-west-1.amazonaws.com:443",
        "codepipeline.eu-west-1.amazonaws.com:443",
        "ecs.eu-west-1.amazonaws.com:443",
        "sts.eu-west-1.amazonaws.com:443",
    ];
    assert_eq!(office.gateway.asked(), expected);
}

#[test]
fn no_proxy_goes_past_it() {
    let Some(office) = Office::with(Rule::Open) else { return };
    // An address of this machine that is not loopback to a program. Behind the port is the server, too.
    let here = format!("0.0.0.0:{}", office.gateway.port());
    let through = |scheme: &str, no_proxy: &str| {
        let environment = office
            .proxied()
            .with("HTTP_PROXY", &office.gateway.name())
            .with("AWS_ENDPOINT_URL", &format!("{scheme}://{here}"))
            .with("NO_PROXY", no_proxy);
        let output = generate(&environment);
        assert_eq!(output.code, 0, "{scheme} {no_proxy}: {}", output.stderr);
        office.gateway.asked()
    };
    for no_proxy in ["0.0.0.0", "example.com, 0.0.0.0/8", "*"] {
        assert_eq!(through("https", no_proxy), [""; 0], "{no_proxy}");
    }
    assert_eq!(through("https", "example.com"), [here.as_str()]);
    assert_eq!(through("http", ".example.com"), [here.clone(), format!("http://{here}")]);
}

#[test]
fn a_proxy_that_says_no_is_named_without_its_password() {
    let password = secrets::planted("password that is refused");
    let dead = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().to_string();
    let said = |rule: Rule, name: Option<&str>| {
        let office = Office::with(rule)?;
        let name = name.map_or_else(|| office.gateway.name(), str::to_owned);
        let environment = office.proxied().with("HTTPS_PROXY", &format!("http://jenkins:{password}@{name}"));
        assert!(office.aws.all_calls().is_empty());
        Some(seen(&generate(&environment), &[(&name, "PROXY")]))
    };
    let Some(wrong) = said(Rule::Password("jenkins".to_owned(), "another".to_owned()), None) else { return };
    expect![[r#"
        exit 5
        error: NET04: ecs:DescribeTaskDefinition on app in eu-west-1: no connection to ecs.eu-west-1.amazonaws.com through the proxy PROXY: it rejected the user name and password (407)
        hint: check the proxy, its user name and password, that it allows ecs.eu-west-1.amazonaws.com, and that it speaks HTTP/1.1, or add ecs.eu-west-1.amazonaws.com to NO_PROXY
    "#]].assert_eq(&wrong);
    expect![[r#"
        exit 5
        error: NET04: ecs:DescribeTaskDefinition on app in eu-west-1: no connection to ecs.eu-west-1.amazonaws.com through the proxy PROXY: it refused to connect
        hint: check the proxy, its user name and password, that it allows ecs.eu-west-1.amazonaws.com, and that it speaks HTTP/1.1, or add ecs.eu-west-1.amazonaws.com to NO_PROXY
    "#]].assert_eq(&said(Rule::Refuses(403), None).unwrap());
    expect![[r#"
        exit 5
        error: NET04: ecs:DescribeTaskDefinition on app in eu-west-1: no connection to ecs.eu-west-1.amazonaws.com through the proxy PROXY: Connection refused (os error 111)
        hint: check the proxy, its user name and password, that it allows ecs.eu-west-1.amazonaws.com, and that it speaks HTTP/1.1, or add ecs.eu-west-1.amazonaws.com to NO_PROXY
    "#]].assert_eq(&said(Rule::Open, Some(&dead)).unwrap());
}

#[test]
fn a_variable_that_names_no_proxy_is_refused_at_once() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let password = secrets::planted("password in a proxy that is none");
    let said = |proxy: &str| seen(&generate(&office.proxied().with("HTTPS_PROXY", proxy)), &[]);
    expect![[r#"
        exit 2
        error: NET02: HTTPS_PROXY has another scheme than http and https
        hint: set HTTPS_PROXY to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters percent-encoded, or unset it
    "#]].assert_eq(&said(&format!("socks5://jenkins:{password}@proxy:1080")));
    expect![[r#"
        exit 2
        error: NET02: HTTPS_PROXY has characters in its password that must be percent-encoded
        hint: set HTTPS_PROXY to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, special characters percent-encoded, or unset it
    "#]].assert_eq(&said(&format!("http://jenkins:{password}#1@proxy:3128")));
    assert_eq!(office.gateway.asked(), [""; 0]);
}
