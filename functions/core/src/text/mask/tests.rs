//! What is masked, and what stays.

use super::*;
use crate::random::Random;
use crate::text::is_unsafe;

fn masked(text: &str) -> String {
    Mask::default().text(text)
}

#[test]
fn credentials_are_masked_wherever_they_stand() {
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
    for (text, expected) in [
        ("key AKIAIOSFODNN7EXAMPLE used", "key *** used".to_owned()),
        ("(ASIAIOSFODNN7EXAMPLE)", "(***)".to_owned()),
        (&format!("found {key}, hm"), "found ***, hm".to_owned()),
        (&format!("aws_secret_access_key = {key}"), "aws_secret_access_key = ***".to_owned()),
        (&format!("GET /?jwt={jwt}&x=1"), "GET /?jwt=***&x=1".to_owned()),
        ("Authorization: Bearer abc.def-ghi", "Authorization: ***".to_owned()),
        ("sent bearer opaque-token-value!", "sent bearer ***".to_owned()),
        ("header Basic dXNlcjpwYXNz ok", "header Basic *** ok".to_owned()),
        ("Cookie: a=1; session=2", "Cookie: ***".to_owned()),
        (
            r#"{"authorization":"AWS4-HMAC-SHA256 Credential=x, Signature=y","host":"z"}"#,
            r#"{"authorization":"***","host":"z"}"#.to_owned(),
        ),
        ("password=hunter2 user=bob", "password=*** user=bob".to_owned()),
        ("DB_PASSWORD: 'correct horse'", "DB_PASSWORD: '***'".to_owned()),
        (r#"{"user":"bob","password":"hu\"nter2","port":1}"#, r#"{"user":"bob","password":"***","port":1}"#.to_owned()),
        (r#"msg="{\"apiKey\":\"hunter2\",\"n\":1}""#, r#"msg="{\"apiKey\":\"***\",\"n\":1}""#.to_owned()),
        ("run --db-password hunter2 --port 1", "run --db-password *** --port 1".to_owned()),
        ("<pwd>hunter2</pwd>", "<pwd>***</pwd>".to_owned()),
        ("Server=db;Password=a;b,c d", "Server=db;Password=*** d".to_owned()),
        ("secret => \"x\"", "secret => \"***\"".to_owned()),
        ("postgres://bob:hunter2@db:5432/shop?x=1", "postgres://***@db:5432/shop?x=1".to_owned()),
        (
            "to https://ghp@github.com, redis://:p/a@ss@cache/0",
            "to https://***@github.com, redis://***@cache/0".to_owned(),
        ),
        ("push ghp_0123456789abcdefABCDEF failed", "push *** failed".to_owned()),
    ] {
        assert_eq!(masked(text), expected, "{text}");
    }
}

#[test]
fn what_explains_a_failure_stays() {
    for text in [
        "",
        "exec /usr/local/bin/app: exec format error",
        "User: arn:aws:sts::1:assumed-role/web/2 is not authorized to perform: secretsmanager:GetSecretValue on resource: \
         arn:aws:secretsmanager:eu-west-1:111111111111:secret:prod/db-AbCdEf because no identity-based policy allows it",
        "InvalidTokenException: the token has expired",
        "password=null, secret: undefined",
        "GET https://example.com:8080/users?mail=bob@example.com 200",
        "image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 pulled",
        "at Object.<anonymous> (/usr/src/app/node_modules/Some/Module9/lib/server/index.js:12:3)",
        "task 6bd64091267b4c607fcb020aabd85422 in arn:aws:ecs:eu-west-1:1:task/prod/6bd64091267b4c607fcb020aabd85422",
        "Basic setup is done; the bearer is x",
        "listening on 0.0.0.0:8080",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn private_keys_are_masked_with_or_without_their_marks() {
    let body = "MIIEpAIBAAKCAQEA7bq0mQ\nq83yt0kC2Zz5DpQ9w1k3Xw==";
    let (begin, end) = ("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----");
    for text in [format!("a\n{begin}\n{body}\n{end}\nb"), format!("a\n{body}\n{end}\nb")] {
        assert_eq!(masked(&text).replace("\n\n", "\n").replace("\n\n", "\n"), "a\n***\nb", "{text}");
    }
    assert_eq!(masked(&format!("a\n{begin}\n{body}")).trim_end(), "a\n***");
    assert_eq!(masked(&format!("key: {begin}{body}{end}").replace('\n', "")), "key: ***");
    assert_eq!(
        masked("-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA7bq0mQ"),
        "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA7bq0mQ"
    );
}

fn with(values: &[&str]) -> Mask {
    let mut mask = Mask::default();
    for value in values {
        mask.add_value(value);
    }
    mask
}

#[test]
fn values_are_found_in_every_spelling() {
    let mask = with(&[
        "hunter42",
        "pa\"ss wo/rd",
        "line one\nline two",
        r#"{"db":{"pin":"987654"}}"#,
        "mysql://u:s%40cret9@h/d",
        "short",
    ]);
    for (text, expected) in [
        ("got hunter42!", "got ***!"),
        ("got hunter42hunter42", "got ***"),
        ("hun\u{1b}[31mter42", "***"),
        ("hun\u{200b}te\u{0}r42", "***"),
        ("hunte\nr42 b", "***\n b"),
        ("\u{1b}]0;x\u{7}hun\u{1b}]0;y\u{7}ter42", "\u{1b}]0;x\u{7}***"),
        (r#"{"p":"pa\"ss wo/rd"}"#, r#"{"p":"***"}"#),
        ("q=pa%22ss%20wo%2Frd&b", "q=***&b"),
        ("then line two came", "then *** came"),
        ("pin 987654", "pin ***"),
        ("s@cret9", "***"),
        ("a short one", "a short one"),
        ("HUNTER42", "HUNTER42"),
    ] {
        assert_eq!(mask.text(text), expected, "{text:?}");
    }
    assert_eq!(mask.lines(&["a", "hunte", "r42", "b"]), ["a", "***", "", "b"]);
}

#[test]
fn overlapping_values_and_what_is_left_of_them() {
    let mask = with(&["abcdef1", "ef1ghij", "x***yz", "aaaaaa"]);
    assert_eq!(mask.text("-abcdef1ghij-"), "-***-");
    assert_eq!(mask.text("xabcdef1yz"), "***");
    assert_eq!(mask.text(&"a".repeat(500)), "***");
}

#[test]
fn short_values_are_masked_behind_their_names() {
    let mut mask = Mask::default();
    for name in ["PIN", "DB_USER"] {
        mask.add_name(name);
    }
    mask.add_value("12");
    assert_eq!(mask.text("PIN=12 at 12"), "PIN=*** at 12");
    assert_eq!(mask.text("\"DB_USER\": \"bob\" SPIN=1 PIN2=3"), "\"DB_USER\": \"***\" SPIN=1 PIN2=3");
}

/// The text as a terminal shows it, in one line.
fn seen(text: &str) -> [String; 2] {
    let plain: String = text.chars().filter(|it| !is_unsafe(*it)).collect();
    [plain, Plain::without_sequences(text).text]
}

/// No value survives, whatever is around it and in it: pieces of other values, control characters, quotes.
#[test]
fn no_value_survives() {
    let mut random = Random::new(15);
    let pieces = [
        "a",
        "b",
        "ab",
        "*",
        "***",
        "\"",
        "\\",
        "é",
        " ",
        "=",
        "\u{1b}[0m",
        "\u{1b}",
        "[",
        "m",
        "\n",
        "\t",
        "\u{200b}",
        "{",
        ":",
        "@",
        "://",
        "%",
        "secret",
        "7",
    ];
    let mut checked = 0;
    for _ in 0..600 {
        let mut text =
            |most: usize| -> String { (0..random.below(most)).map(|_| pieces[random.below(pieces.len())]).collect() };
        let values: Vec<String> = (0..4).map(|_| text(14)).collect();
        let mut log = String::new();
        for value in &values {
            let middle = (0..=value.len() / 2).rev().find(|at| value.is_char_boundary(*at)).unwrap();
            log += &text(5);
            log += &value[..middle];
            log += ["", "\u{0}", "\u{1b}[1;31m", "\n"][text(8).len() % 4];
            log += &value[middle..];
            log += value;
        }
        let masked = with(&values.iter().map(String::as_str).collect::<Vec<_>>()).text(&log);
        for value in values.iter().filter(|value| value.trim().chars().count() >= SHORTEST) {
            for (shown, value) in seen(&masked).iter().zip(seen(value.trim())) {
                if value.chars().count() >= SHORTEST {
                    checked += 1;
                    assert!(!shown.contains(&value), "{value:?} in {masked:?} of {log:?}");
                }
            }
        }
    }
    assert!(checked > 600, "{checked}");
}

#[test]
fn long_logs_are_masked_in_no_time() {
    let mask = with(
        &(0..200)
            .map(|number| format!("value-number-{number}"))
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    let line = "password=x://a:b@c \"token\": eyJ value-number-7 ".repeat(100);
    let lines = vec![line; 10];
    assert!(mask.lines(&lines).iter().all(|line| !line.contains("value-number-7 ")));
}
