//! Places that look like credentials, wherever they come from.

use std::collections::BTreeSet;
use std::ops::Range;

use super::plain::Plain;
use super::private_keys::private_keys;

/// Parts of names whose values are credentials, in lower case.
const KEYS: [&str; 22] = [
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "access-key",
    "accesskey",
    "account_key",
    "accountkey",
    "private_key",
    "private-key",
    "privatekey",
    "license_key",
    "licensekey",
    "credential",
    "signature",
    "session_id",
    "sessionid",
];

/// Headers whose whole value is a credential, in lower case.
const HEADERS: [&str; 2] = ["authorization", "cookie"];

/// Ends of names that are errors, not values: `InvalidTokenException: …`.
const ERRORS: [&str; 5] = ["exception", "error", "notfound", "expired", "manager"];

/// What tokens of well-known services begin with.
const PREFIXES: [&str; 17] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "sk_live_",
    "rk_live_",
    "sk-",
    "AIza",
    "npm_",
    "SG.",
];

/// Values that say that there is none.
const NOTHING: [&str; 6] = ["null", "nil", "none", "undefined", "true", "false"];

/// The places of credentials in a text of several lines. `names` are further names whose values are credentials.
pub(super) fn places(text: &str, names: &BTreeSet<String>) -> Vec<Range<usize>> {
    let plain = Plain::in_lines(text);
    let mut found = private_keys(&plain.text);
    let mut start = 0;
    for line in plain.text.split('\n') {
        let of_line = [
            tokens(line),
            encoded_bytes(line),
            schemes(line),
            user_information(line),
            behind_keys(line),
            behind_names(line, names),
        ];
        found.extend(of_line.into_iter().flatten().map(|range| start + range.start..start + range.end));
        start += line.len() + 1;
    }
    found.into_iter().map(|range| plain.place(range)).collect()
}

/// The runs of a line that consist of such characters.
fn runs(line: &str, of: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + line.get(at..)?.find(of)?;
        let rest = line.get(from..)?;
        let end = from + rest.find(|character| !of(character)).unwrap_or(rest.len());
        at = end;
        Some((from, line.get(from..end)?))
    })
}

/// Access key IDs, JSON web tokens, and tokens of well-known services.
fn tokens(line: &str) -> Vec<Range<usize>> {
    let in_token = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut found = Vec::new();
    for (at, run) in runs(line, in_token) {
        if let Some(from) =
            run.find("eyJ").filter(|from| run.get(*from..).is_some_and(|it| it.contains('.') && it.len() >= 20))
        {
            found.push(at + from..at + run.len());
        }
        for prefix in PREFIXES {
            let from = run.find(prefix).filter(|from| run.len() >= from + prefix.len() + 16);
            found.extend(from.map(|from| at + from..at + run.len()));
        }
    }
    for (at, run) in runs(line, |character| character.is_ascii_alphanumeric()) {
        let upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if ["AKIA", "ASIA", "ABIA", "ACCA"].iter().any(|prefix| run.starts_with(prefix))
            && run.len() == 20
            && upper(run)
        {
            found.push(at..at + run.len());
        }
    }
    found
}

/// Long runs of base64, which secret access keys and the lines of private keys are. Paths have more slashes, digests and
/// IDs no capital letters.
fn encoded_bytes(line: &str) -> Vec<Range<usize>> {
    let in_base64 = |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '/');
    let found = runs(line, in_base64).filter(|(_, run)| {
        let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
        let slashes = run.bytes().filter(|byte| *byte == b'/').count();
        let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
        mixed && (run.len() == 40 && slashes <= 4 || run.len() >= 60 && slashes * 16 <= run.len())
    });
    found.map(|(at, run)| at..at + run.len()).collect()
}

/// `Bearer TOKEN` and `Basic BASE64`.
fn schemes(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let mut found = Vec::new();
    for scheme in ["bearer ", "basic ", "bearer%20"] {
        for (at, _) in lower.match_indices(scheme) {
            let from = at + scheme.len();
            let rest = line.get(from..).unwrap_or_default();
            let from = from + rest.len() - rest.trim_start().len();
            let token = line.get(from..).unwrap_or_default();
            let end = token.find(|character: char| character.is_whitespace() || "\"'\\,<>".contains(character));
            let token = token.get(..end.unwrap_or(token.len())).unwrap_or_default();
            let mixed = token.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'=');
            if token.len() >= 8 && (mixed || scheme.starts_with("bearer")) {
                found.push(from..from + token.len());
            }
        }
    }
    found
}

/// What stands before the `@` of URLs.
pub(super) fn user_information(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, colon) in line.match_indices("://") {
        let from = at + colon.len();
        let rest = line.get(from..).unwrap_or_default();
        let end = rest.find(|character: char| character.is_whitespace() || "\"'<>`".contains(character));
        let rest = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        // Another URL in the same run has its own.
        let rest = rest.find("://").and_then(|at| rest.get(..at)).unwrap_or(rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // A password may have a slash that is not encoded. Behind a colon, a port has digits only.
        let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unclosed = !host.contains('@') && host.split_once(':').is_some_and(|(_, port)| !is_port(port));
        let within = if unclosed { rest } else { host };
        if let Some(end) = within.rfind('@').filter(|end| *end > 0) {
            found.push(from..from + end);
        }
    }
    found
}

/// The values behind names that speak of credentials: `password=…`, `"secret": "…"`, `<pwd>…</pwd>`, flags.
fn behind_keys(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let mut found = Vec::new();
    let in_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    for key in KEYS {
        for (at, _) in lower.match_indices(key) {
            let rest = lower.get(at..).unwrap_or_default();
            let name = rest.get(..rest.find(|it| !in_name(it)).unwrap_or(rest.len())).unwrap_or_default();
            let before = lower.get(..at).unwrap_or_default();
            let word = before.rsplit(|it: char| it.is_whitespace() || "\"'([{".contains(it)).next().unwrap_or_default();
            if ERRORS.iter().any(|end| name.ends_with(end)) || word.starts_with("arn:") {
                continue;
            }
            let is_flag = word.starts_with("--");
            found.extend(value_behind(line, at + name.len(), is_flag));
        }
    }
    for header in HEADERS {
        for (at, _) in lower.match_indices(header) {
            let end = at + header.len();
            let Some(value) = value_behind(line, end, false) else { continue };
            let quoted = line.get(end..value.start).is_some_and(|between| between.trim_end().ends_with(['"', '\'']));
            found.push(if quoted && line.get(end..value.start).is_some_and(|it| it.contains([':', '='])) {
                value
            } else {
                value.start..line.len()
            });
        }
    }
    found
}

/// The values behind names that the caller knows.
fn behind_names(line: &str, names: &BTreeSet<String>) -> Vec<Range<usize>> {
    let in_name = |character: char| character.is_alphanumeric() || character == '_';
    let mut found = Vec::new();
    for name in names {
        for (at, _) in line.match_indices(name.as_str()) {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            let end = at + name.len();
            let after = line.get(end..).and_then(|after| after.chars().next());
            if !before.is_some_and(in_name) && !after.is_some_and(in_name) {
                found.extend(value_behind(line, end, false));
            }
        }
    }
    found
}

/// The value behind a name that ends at `end`; `None` if there is none.
fn value_behind(line: &str, end: usize, is_flag: bool) -> Option<Range<usize>> {
    let rest = line.get(end..)?;
    // `"name"`, `\"name\"`, `['name']`
    let after_name = rest.trim_start_matches(['\\', '"', '\'', ']', '`']);
    let spaced = after_name.trim_start();
    let separated = ["=>", ":=", "==", "=", ":", ">"].iter().find_map(|sign| spaced.strip_prefix(sign));
    let xml = spaced.starts_with('>');
    let value = match separated {
        Some(value) => value.trim_start(),
        None if is_flag && spaced.len() < after_name.len() => spaced,
        None => return None,
    };
    let at = line.len() - value.len();
    let quotes = value.len() - value.trim_start_matches('\\').len();
    let quote = value.get(quotes..).and_then(|it| it.chars().next()).filter(|it| matches!(it, '"' | '\'' | '`'));
    let (start, length) = match quote {
        Some(quote) => {
            let start = quotes + quote.len_utf8();
            (start, quoted(value.get(start..)?, quote, quotes))
        }
        None if xml => (0, value.find('<').unwrap_or(value.len())),
        None => (0, value.find(|it: char| it.is_whitespace() || it == '"').unwrap_or(value.len())),
    };
    let inner = value.get(start..start + length)?;
    let word = inner.trim_end_matches([',', ';', ')', '}', ']', '.']).to_ascii_lowercase();
    let is_nothing =
        word.is_empty() || NOTHING.contains(&word.as_str()) || word.starts_with("arn:") || word == super::MASKED;
    (!is_nothing).then_some(at + start..at + start + length)
}

/// The length of a text up to its closing quote, which has as many backslashes before it as the opening one.
fn quoted(text: &str, quote: char, backslashes: usize) -> usize {
    let mut run = 0;
    for (at, character) in text.char_indices() {
        if character == quote && run == backslashes {
            return at - run;
        }
        run = if character == '\\' { run + 1 } else { 0 };
        if run > backslashes && backslashes == 0 && run == 2 {
            // An escaped backslash.
            run = 0;
        }
    }
    text.len()
}
