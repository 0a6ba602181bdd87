//! A private CA: trusted through each of its variables, and the errors if it is not.

use std::time::Duration;

use e2e::{fake_aws::codepipeline::JobState, job_event::JobEvent, programs, runtime_api::Lambda};
use expect_test::expect;

use super::*;

/// Straight to an endpoint with a certificate of the private CA.
fn private(office: &Office) -> Environment {
    office.plain().with("AWS_ENDPOINT_URL", &format!("https://127.0.0.1:{}", office.gateway.port()))
}

#[test]
fn each_variable_names_the_certificates() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let (authority, other) = (office.authority(), office.file("other.pem", &office.certificates.other));
    office.path("folder/5c44c531.0", &office.certificates.authority);
    office.path("folder/README", "This folder was made by hand.");
    let folders = format!("{0}/none:{0}/folder", office.scratch.path().display());
    let bundle = format!("# of the company\n{}\n{}", office.certificates.other, office.certificates.authority);
    let bundle = office.file("bundle.pem", &bundle);
    for variables in [
        &[("AWS_CA_BUNDLE", &authority)][..],
        &[("AWS_CA_BUNDLE", &bundle)],
        &[("AWS_CA_BUNDLE", &authority), ("SSL_CERT_FILE", &other)],
        &[("SSL_CERT_FILE", &authority)],
        &[("SSL_CERT_DIR", &folders)],
        &[("SSL_CERT_FILE", &other), ("SSL_CERT_DIR", &folders)],
    ] {
        let environment = variables.iter().fold(private(&office), |all, (name, value)| all.with(name, value));
        let output = generate(&environment);
        assert_eq!(output.code, 0, "{variables:?}: {}", output.stderr);
    }
    assert_eq!(office.aws.calls("ecs:DescribeTaskDefinition").len(), 6);
}

#[test]
fn an_unknown_issuer_is_told_with_the_variable_that_helps() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let other = office.file("other.pem", &office.certificates.other);
    expect![[r#"
        exit 2
        error: NET03: ecs:DescribeTaskDefinition on app in eu-west-1: TLS certificate not trusted: UnknownIssuer
        hint: set AWS_CA_BUNDLE to a PEM file with the CA certificate of this network (a proxy that inspects TLS has one), or install ca-certificates
    "#]].assert_eq(&seen(&generate(&private(&office).with("AWS_CA_BUNDLE", &other)), &[]));
    // The bundle stands in place of the others, as for every tool of AWS.
    let both = private(&office).with("AWS_CA_BUNDLE", &other).with("SSL_CERT_FILE", &office.authority());
    assert_eq!(generate(&both).code, 2);
    let through_a_proxy = office.proxied().with("AWS_CA_BUNDLE", &other);
    assert!(generate(&through_a_proxy).stderr.contains("AWS_CA_BUNDLE"));
    let systems_own = generate(&private(&office));
    assert!(systems_own.code == 2 && systems_own.stderr.contains("AWS_CA_BUNDLE"), "{}", systems_own.stderr);
    assert!(office.aws.all_calls().is_empty());

    let of_another_name = office.proxied().with("AWS_REGION", "ap-south-1");
    expect![[r#"
        exit 2
        error: NET03: ecs:DescribeTaskDefinition on app in ap-south-1: TLS certificate not trusted: certificate not valid for name "ecs.ap-south-1.amazonaws.com"; certificate is only valid for DnsName("*.eu-west-1.amazonaws.com"), DnsName("*.s3.eu-west-1.amazonaws.com"), DnsName("*.s3-fips.eu-west-1.amazonaws.com"), DnsName("*.s3.dualstack.eu-west-1.amazonaws.com"), DnsName("*.s3-fips.dualstack.eu-west-1.amazonaws.co…
        hint: check the endpoint and the proxy: the server there has no valid certificate for the requested host name
    "#]].assert_eq(&seen(&generate(&of_another_name), &[]));
}

#[test]
fn a_file_without_certificates_is_refused_before_anything_is_sent() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let folder = office.scratch.path().display().to_string();
    let key = office.file("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    let said = |variable: &str, value: &str| {
        let environment = private(&office).with(variable, value);
        seen(&generate(&environment), &[(&folder, "FOLDER")])
    };
    expect![[r#"
        exit 2
        error: NET01: no certificates found in AWS_CA_BUNDLE: FOLDER/none.pem: No such file or directory (os error 2)
        hint: set AWS_CA_BUNDLE to a PEM file with the root certificates of this network, or unset it to use those of the system
    "#]].assert_eq(&said("AWS_CA_BUNDLE", &format!("{folder}/none.pem")));
    expect![[r#"
        exit 2
        error: NET01: no certificates found in AWS_CA_BUNDLE: FOLDER/key.pem
        hint: set AWS_CA_BUNDLE to a PEM file with the root certificates of this network, or unset it to use those of the system
    "#]].assert_eq(&said("AWS_CA_BUNDLE", &key));
    expect![[r#"
        exit 2
        error: NET01: no certificates found in SSL_CERT_FILE: FOLDER: Is a directory (os error 21)
        hint: set SSL_CERT_FILE to a PEM file with the root certificates of this network, or unset it to use those of the system
    "#]].assert_eq(&said("SSL_CERT_FILE", &folder));
    expect![[r#"
        exit 2
        error: NET01: no certificates found in SSL_CERT_DIR: FOLDER/none
        hint: set SSL_CERT_DIR to directories of PEM files with the root certificates of this network, or unset it to use those of the system
    "#]]
    .assert_eq(&said("SSL_CERT_DIR", &format!("{folder}/none")));
    assert!(office.aws.all_calls().is_empty());
}

/// The one thing that the function can still do is to say so where the pipeline shows it.
#[test]
fn a_function_without_usable_certificates_fails_its_jobs() {
    let aws = FakeAws::start();
    let keys = aws.session(ACCOUNT, "function", &["*"]);
    let scratch = Scratch::new();
    let folder = scratch.path().display().to_string();
    let no_certificate = scratch.write("none.pem", "").display().to_string();
    let unusable = [("AWS_CA_BUNDLE", "/opt/none.pem"), ("SSL_CERT_FILE", &no_certificate), ("SSL_CERT_FILE", &folder)];
    for (variable, path) in unusable {
        let environment = Environment::of_lambda(&aws.url(), REGION, &keys).with(variable, path);
        let event = JobEvent::new(ACCOUNT, &keys).output("Files", "artifacts", "out");
        aws.add_job(ACCOUNT, event.id());
        Lambda::start(programs::lambda(), environment).invoke(&event.text(), Duration::from_secs(10));
        let job = aws.job(event.id());
        assert_eq!((job.state, job.results.len()), (JobState::Failed, 1), "{:?}", job.results);
        let details = &job.results[0]["failureDetails"];
        assert_eq!(details["type"], "ConfigurationError", "{details}");
        let message = details["message"].as_str().unwrap_or_default();
        assert!(message.contains("NET01") && message.contains(variable), "{message}");
    }
}
