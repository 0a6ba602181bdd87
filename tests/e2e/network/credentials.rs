//! Credentials of a task or pod come from this machine, whatever proxy is set.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
};

use serde_json::json;

use super::*;

/// What gives credentials to an ECS task or an EKS pod; it ends with the test.
pub(super) fn agent(keys: &Credentials) -> String {
    let body = json!({
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "Token": keys.session_token,
        "Expiration": "2099-01-01T00:00:00Z",
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/credentials", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let head =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).count();
            let body = body.to_string();
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ";
            assert!(head > 0);
            let _ = write!(stream, "{answer}{}\r\n\r\n{body}", body.len());
        }
    });
    url
}

#[test]
fn the_credentials_of_a_task_do_not_go_through_the_proxy() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let proxy = format!("http://{}", office.gateway.name());
    let environment = office
        .proxied()
        .without("AWS_ACCESS_KEY_ID")
        .without("AWS_SECRET_ACCESS_KEY")
        .without("AWS_SESSION_TOKEN")
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &agent(&office.keys))
        .with("ALL_PROXY", &proxy)
        .with("HTTP_PROXY", &proxy);
    let output = generate(&environment);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(office.gateway.asked(), ["ecs.eu-west-1.amazonaws.com:443"]);
}
