//! The faults, as a client sees them on the wire.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use e2e::{
    fake_aws::{Credentials, FakeAws, faults::Fault, s3::Bucket},
    unique,
};

const REGION: &str = "eu-west-1";

/// Sends one request on a connection of its own and gives what came back until the end of the connection.
fn send(aws: &FakeAws, keys: &Credentials, head: &str, service: &str, body: &str) -> Result<String, ErrorKind> {
    let address = aws.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let scope = format!("Credential={}/20260131/{REGION}/{service}/aws4_request", keys.access_key_id);
    write!(
        stream,
        "{head}\r\nhost: x\r\nconnection: close\r\nauthorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, \
         Signature=0\r\nx-amz-security-token: {}\r\ncontent-length: {}\r\n\r\n{body}",
        keys.session_token,
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => Ok(String::from_utf8(answer).unwrap()),
        Err(error) => Err(error.kind()),
    }
}

/// What a client sees of one PUT that meets the fault, and whether the object is there afterwards.
fn put(fault: Fault) -> (Result<String, ErrorKind>, bool) {
    let aws = FakeAws::start();
    aws.add_bucket(Bucket::new("b", "111111111111", REGION));
    aws.fail_next("s3:PutObject", [fault]);
    let keys = aws.session("111111111111", "caller", &["*"]);
    let answer = send(&aws, &keys, "PUT /b/k HTTP/1.1", "s3", "content");
    assert_eq!(aws.calls("s3:PutObject").len(), 1);
    let there = aws.object("b", "k").is_some();
    let after = send(&aws, &keys, "PUT /b/k HTTP/1.1", "s3", "content").unwrap();
    assert!(after.starts_with("HTTP/1.1 200 OK"), "the fault is met once only: {after}");
    (answer, there)
}

#[test]
fn a_fault_is_met_once_before_or_after_the_call() {
    let check = |fault: Fault, expect: Result<&str, ErrorKind>, there: bool| {
        let (answer, was_there) = put(fault.clone());
        match (&answer, expect) {
            (Ok(answer), Ok(expect)) => assert!(answer.contains(expect), "{fault:?}: {answer}"),
            (answer, expect) => assert_eq!(answer.as_deref().err(), expect.as_ref().err(), "{fault:?}"),
        }
        assert_eq!(was_there, there, "{fault:?}");
    };
    let refuse = Fault::Refuse { status: 400, code: "ExpiredToken".to_owned(), message: "too old".to_owned() };
    check(Fault::ResetBefore, Err(ErrorKind::ConnectionReset), false);
    check(Fault::ResetAfter, Err(ErrorKind::ConnectionReset), true);
    check(Fault::CutBody, Err(ErrorKind::ConnectionReset), true);
    check(Fault::Hang, Err(ErrorKind::WouldBlock), false);
    check(Fault::HangAfter, Err(ErrorKind::WouldBlock), true);
    check(Fault::InternalError, Ok("HTTP/1.1 500"), false);
    check(Fault::Unavailable, Ok("HTTP/1.1 503"), false);
    check(Fault::Throttled, Ok("<Code>SlowDown</Code>"), false);
    check(refuse, Ok("<Code>ExpiredToken</Code><Message>too old</Message>"), false);
}

#[test]
fn a_body_can_be_cut_or_slow() {
    let aws = FakeAws::start();
    aws.add_bucket(Bucket::new("b", "111111111111", REGION));
    aws.put_object("b", "k", "0123456789", None);
    let keys = aws.session("111111111111", "caller", &["*"]);
    let get = || send(&aws, &keys, "GET /b/k HTTP/1.1", "s3", "").unwrap();
    aws.fail_next("s3:GetObject", [Fault::CutBody, Fault::SlowDrip(Duration::from_millis(20))]);
    let cut = get();
    assert!(cut.contains("content-length: 10\r\n") && cut.ends_with("\r\n\r\n01234"), "{cut}");
    let started = Instant::now();
    assert!(get().ends_with("0123456789"));
    assert!(started.elapsed() >= Duration::from_millis(200));
}

#[test]
fn each_service_has_its_own_words_for_too_many_calls() {
    let aws = FakeAws::start();
    let keys = aws.session("111111111111", "caller", &["*"]);
    aws.fail_always("*", Fault::Throttled);
    let check = |head: &str, service: &str, body: &str, expect: &str| {
        let answer = send(&aws, &keys, head, service, body).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains(expect), "{answer}");
    };
    let ecs = "POST / HTTP/1.1\r\nx-amz-target: AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition";
    check(ecs, "ecs", "{}", r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#);
    check("POST / HTTP/1.1", "sts", "Action=AssumeRole", "<Code>Throttling</Code><Message>Rate exceeded</Message>");
    aws.heal();
    aws.add_job("111111111111", &unique::job_id());
    let answer = send(&aws, &keys, ecs, "ecs", "{}").unwrap();
    assert!(answer.contains("ClientException"), "{answer}");
}

#[test]
fn latency_is_added_to_each_answer() {
    let aws = FakeAws::start();
    let keys = aws.session("111111111111", "caller", &["*"]);
    aws.set_latency(Duration::from_millis(50));
    let started = Instant::now();
    send(&aws, &keys, "HEAD /none HTTP/1.1", "s3", "").unwrap();
    assert!(started.elapsed() >= Duration::from_millis(50));
}

#[test]
fn connections_can_be_closed_from_the_other_side() {
    let aws = FakeAws::start();
    let mut idle = TcpStream::connect(aws.url().trim_start_matches("http://")).unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = [0; 2048];
    assert!(idle.read(&mut answer).unwrap() > 0);
    idle.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    assert_eq!(idle.read(&mut answer).unwrap_err().kind(), ErrorKind::WouldBlock, "the connection is kept");
    aws.hang_up();
    assert_eq!(idle.read(&mut answer).unwrap(), 0);
}
