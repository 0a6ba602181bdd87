//! Lambda, with a function that does what its event says, and the scan of what it writes.

use std::{
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use e2e::{
    environment::Environment,
    fake_aws::FakeAws,
    python::Python,
    runtime_api::{Lambda, Outcome},
    scratch::Scratch,
    secrets,
};
use serde_json::{Value, json};

/// The function of `function.py`, with one more variable.
fn function(scratch: &Scratch, name: &str, value: &str) -> Option<Lambda> {
    let python = Python::shared()?.python();
    let script = format!("#!{}\n{}", python.display(), include_str!("function.py"));
    let program = scratch.write("function", script);
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let keys = FakeAws::start().session("111111111111", "function", &["*"]);
    let environment = Environment::of_lambda("http://127.0.0.1:9", "eu-west-1", &keys).with(name, value);
    Some(Lambda::start(&program, environment))
}

const TIMEOUT: Duration = Duration::from_secs(10);

#[test]
fn an_invocation_ends_in_each_way() {
    let scratch = Scratch::new();
    let Some(mut lambda) = function(&scratch, "A", "b") else { return };
    let mut invoke = |what: &str, timeout| lambda.invoke(&json!({"do": what}).to_string(), timeout);
    let count = |outcome: &Outcome| {
        let Outcome::Response(body) = outcome else { panic!("{outcome:?}") };
        let body: Value = serde_json::from_str(body).unwrap();
        let left = body["left"].as_f64().unwrap();
        assert!((8_000.0..=10_000.0).contains(&left), "{left} ms to the deadline");
        body["count"].as_u64().unwrap()
    };
    let first = invoke("answer", TIMEOUT);
    assert_eq!(count(&first.outcome), 1);
    assert!(first.before_deadline > Duration::from_secs(8) && first.elapsed < Duration::from_secs(2));
    let failed = invoke("fail", TIMEOUT).outcome;
    assert_eq!(failed, Outcome::Error { kind: "Oops".to_owned(), message: "it went wrong".to_owned() });
    assert_eq!(count(&invoke("answer", TIMEOUT).outcome), 3, "the process is the same");

    let Outcome::Crashed(status) = invoke("exit", TIMEOUT).outcome else { panic!() };
    assert_eq!(status.code(), Some(3));
    assert_eq!(count(&invoke("answer", TIMEOUT).outcome), 1, "the process is a new one");

    let hung = invoke("hang", Duration::from_millis(200));
    assert_eq!((hung.outcome, hung.before_deadline), (Outcome::TimedOut, Duration::ZERO));
    assert_eq!(count(&invoke("answer", TIMEOUT).outcome), 1, "the process is a new one");
}

#[test]
fn a_function_can_be_killed_frozen_and_unable_to_start() {
    let scratch = Scratch::new();
    let Some(mut lambda) = function(&scratch, "A", "b") else { return };
    let killed = lambda.invoke_and_kill(r#"{"do":"hang"}"#, TIMEOUT, Duration::from_millis(50));
    let Outcome::Crashed(status) = killed.outcome else { panic!("{:?}", killed.outcome) };
    assert_eq!(status.signal(), Some(9));

    lambda.warm_up();
    lambda.freeze();
    let started = Instant::now();
    let thawed = std::thread::scope(|scope| {
        let frozen = scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            Instant::now()
        });
        frozen.join().unwrap();
        lambda.thaw();
        lambda.invoke(r#"{"do":"answer"}"#, TIMEOUT)
    });
    assert!(matches!(thawed.outcome, Outcome::Response(_)) && started.elapsed() > Duration::from_millis(300));
    assert!(lambda.peak_memory().unwrap() > 1000, "in KiB");

    let mut broken = function(&scratch, "FAIL_AT_START", "1").unwrap();
    let Outcome::InitError(body) = broken.invoke("{}", TIMEOUT).outcome else { panic!() };
    assert!(body.contains("no configuration"), "{body}");
}

#[test]
fn a_leak_is_found_wherever_it_is() {
    let scratch = Scratch::new();
    let secret = secrets::planted("planted for the self-test");
    let leaks = |text: &str| {
        let mut lambda = function(&scratch, "A", "b")?;
        let event = json!({"do": "say", "text": text}).to_string();
        assert!(matches!(lambda.invoke(&event, TIMEOUT).outcome, Outcome::Response(_)));
        Some(catch_unwind(AssertUnwindSafe(|| lambda.log())).is_err())
    };
    let Some(found) = leaks(&format!("the token is {}", &secret[10..18])) else { return };
    assert!(found);
    assert_eq!(leaks("nothing to see"), Some(false));
    let (outputs, _) = secrets::audit();
    assert!(outputs > 0);
}
