//! A test listener with HTTPS, whose certificate is for another name than that of the load balancer.

use e2e::{certificates::Certificates, scratch::Scratch};

use super::*;

#[test]
fn the_certificate_must_have_the_configured_name() {
    let Some(certificates) = Certificates::shared() else { return };
    let stage = Stage { target: Target::start(Some(certificates)), ..Stage::new() };
    let folder = Scratch::new();
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, &certificates.authority).unwrap();
    let url = format!("https://127.0.0.1:{}", stage.target.port());
    let test = |more: &Value, file: &std::path::Path| {
        let mut checks = json!({"checks": [{"path": "/ok", "requests": 3, "body_contains": "ready"}]});
        checks.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let environment = stage.environment(&checks).with("CHECKS_URL", &url);
        stage.invoke(environment.with("CHECKS_CA_FILE", file.to_str().unwrap()), TIMEOUT)
    };
    // The address is in the certificate, and so is the name of an endpoint of AWS; no name of a shop is.
    let name = "shop.eu-west-1.amazonaws.com";
    for more in
        [json!({}), json!({"host_header": name}), json!({"host_header": "shop.example.com", "server_name": name})]
    {
        let tested = test(&more, &authority);
        assert!(tested.passed, "{more}: {}", tested.log);
    }
    assert!(stage.target.requests()[3].headers.contains(&format!("host: {name}")));
    let tested = test(&json!({"host_header": "shop.example.com"}), &authority);
    let said =
        format!("no TLS with {url}: invalid peer certificate: certificate not valid for name \"shop.example.com\"");
    assert!(!tested.passed && tested.error.contains(&said), "{}", tested.log);
    std::fs::write(folder.path().join("other.pem"), &certificates.other).unwrap();
    let tested = test(&json!({}), &folder.path().join("other.pem"));
    assert!(!tested.passed && tested.error.contains("invalid peer certificate: UnknownIssuer"), "{}", tested.log);
    assert_eq!(stage.target.requests().len(), 9, "a request was sent without a valid certificate");
}
