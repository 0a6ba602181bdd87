use expect_test::{Expect, expect};

use super::*;
use crate::config::environment;

fn check(yaml: &str) -> Check {
    let checks = format!("{{url: 'http://green', checks: [{{path: /health, {yaml}}}]}}");
    let plan = environment([("CHECKS".to_owned(), format!("# YAML\n{checks}"))]).expect("a check");
    plan.checks.into_iter().next().expect("one check")
}

type Sent = Result<(Answer, Duration), String>;

const fn answered(status: u16) -> Answer {
    Answer { status, location: None, headers: Vec::new(), found: Vec::new() }
}

macro_rules! answer {
    ($status:expr, $ms:expr) => {
        Ok((answered($status), Duration::from_millis($ms)))
    };
}

fn verdict(yaml: &str, answers: Vec<Sent>, expected: &Expect) {
    let (check, mut tally) = (check(yaml), Tally::default());
    for answer in answers {
        tally.add(&check, answer);
    }
    expected.assert_eq(&tally.verdict(&check).unwrap_or_else(|fault| fault.to_string()));
}

#[test]
fn one_request_says_what_is_wrong_with_it() {
    let of = |answer: Answer| vec![Ok((answer, Duration::from_millis(7)))];
    verdict(
        "",
        vec![answer!(200, 7)],
        &expect!["GET /health: 1 of 1 request answered as expected, p50 7 ms, p95 7 ms"],
    );
    verdict("", vec![answer!(502, 7)], &expect!["GAT10: GET /health: status 502 instead of 200"]);
    verdict(
        "status: [200-299, 404]",
        vec![answer!(500, 7)],
        &expect!["GAT10: GET /health: status 500 instead of 200-299 or 404"],
    );
    let location = Some("https://login.example.com/?to=\n".to_owned());
    verdict(
        "",
        of(Answer { status: 302, location, ..Answer::default() }),
        &expect![[r#"GAT10: GET /health: status 302 to "https://login.example.com/?to=\n" instead of 200"#]],
    );
    verdict(
        "response_headers: {Content-Type: json}",
        of(Answer { status: 200, headers: vec![Some("text/html".to_owned())], ..Answer::default() }),
        &expect![[r#"GAT10: GET /health: header Content-Type is "text/html", without "json""#]],
    );
    verdict(
        "response_headers: {X-Version: 2}",
        of(Answer { status: 200, headers: vec![None], ..Answer::default() }),
        &expect!["GAT10: GET /health: header X-Version is missing"],
    );
    verdict(
        "body_contains: [ok, ready]",
        of(Answer { status: 200, found: vec![true, false], ..Answer::default() }),
        &expect![[r#"GAT10: GET /health: the body does not contain "ready""#]],
    );
    verdict("", vec![Err("connection refused".to_owned())], &expect!["GAT10: GET /health: connection refused"]);
}

#[test]
fn a_ratio_of_the_requests_must_succeed() {
    let mut answers: Vec<Sent> = (0..17).map(|_| answer!(200, 1)).collect();
    answers.extend([answer!(502, 1), Err("no answer within 5 s".to_owned()), answer!(502, 1)]);
    verdict(
        "requests: 20, success_ratio: 0.9",
        answers.clone(),
        &expect![
            "GAT10: GET /health: 3 of 20 requests failed, 18 must succeed: status 502 instead of 200 (2 times), no answer within 5 s (once)"
        ],
    );
    verdict(
        "requests: 20, success_ratio: 0.85",
        answers,
        &expect!["GET /health: 17 of 20 requests answered as expected, p50 1 ms, p95 1 ms"],
    );
}

#[test]
fn a_percentile_is_one_of_the_times_and_no_answer_is_the_slowest() {
    let answers: Vec<Sent> = (1..=20).map(|ms| answer!(200, ms * 10)).collect();
    verdict(
        "latency_ms: {p50: 100, p95: 190}",
        answers.clone(),
        &expect!["GET /health: 20 of 20 requests answered as expected, p50 100 ms, p95 190 ms"],
    );
    verdict(
        "latency_ms: {p95: 189.9}",
        answers.clone(),
        &expect!["GAT11: GET /health: p95 of 20 requests is 190 ms, limit 189 ms"],
    );
    let mut lost = answers;
    lost.truncate(18);
    lost.extend([Err("reset".to_owned()), Err("reset".to_owned())]);
    verdict(
        "latency_ms: {p90: 1000, p95: 1000}, success_ratio: 0.5",
        lost,
        &expect!["GAT11: GET /health: p95 of 20 requests is a request without an answer, limit 1000 ms"],
    );
}

#[test]
fn a_target_that_fails_differently_each_time_does_not_fill_the_memory() {
    let answers = (0..1_000).map(|number| Err(format!("problem {number}"))).collect();
    let (check, mut tally) = (check("requests: 1000"), Tally::default());
    for answer in Vec::from_iter::<Vec<_>>(answers) {
        tally.add(&check, answer);
    }
    let said = tally.verdict(&check).unwrap_err().to_string();
    assert!(said.contains("1000 of 1000 requests failed") && said.len() < 300, "{said}");
}

#[test]
fn a_text_is_found_across_the_parts_of_a_body() {
    let texts = ["ready", "é", "x"].map(str::to_owned);
    let body = "almost ready, voilà é".as_bytes();
    for size in 1..=body.len() {
        let mut search = Search::new(&texts);
        for part in body.chunks(size) {
            search.add(part);
            assert!(search.tail.len() < 5, "{} bytes kept", search.tail.len());
        }
        assert_eq!(search.found(), [true, true, false], "parts of {size}");
    }
    let mut search = Search::new(&texts);
    for part in [&b"read"[..], b"", b"z", b"ead", b"y"] {
        search.add(part);
    }
    assert_eq!(search.found(), [false, false, false]);
}
