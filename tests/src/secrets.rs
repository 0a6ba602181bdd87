//! The canary scan: secrets are planted, programs run, and no part of a secret may show up in what they said.
//!
//! Found are the secret itself and any eight characters of it in a row: as they are, in hexadecimal, in Base64 at each
//! of its three alignments (standard and URL-safe) and percent-encoded. Plant random text only ([`planted`] makes
//! some): a secret with a common word in it would be found everywhere.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::unique;

/// The shortest part of a secret that counts as a leak, in characters.
const PART: usize = 8;

/// The parts of all secrets, by length, with the name of the secret and the form they are in.
#[derive(Default)]
struct Needles(HashMap<Vec<u8>, (String, &'static str)>);

static PLANTED: LazyLock<Mutex<Needles>> = LazyLock::new(Mutex::default);
static CAPTURED: LazyLock<Mutex<Vec<Captured>>> = LazyLock::new(Mutex::default);

struct Captured {
    source: String,
    bytes: Vec<u8>,
}

/// A new random secret, planted under that name.
pub fn planted(name: &str) -> String {
    let value = unique::secret();
    plant(name, &value);
    value
}

/// From now on, no captured output may hold a part of this secret.
pub fn plant(name: &str, value: &str) {
    assert!(value.len() >= 2 * PART, "`{name}` is too short to be told from other text");
    lock(&PLANTED).plant(name, value);
}

/// What of the planted secrets is in the text: one line for each secret and form, without the secret.
pub fn leaks(bytes: &[u8]) -> Vec<String> {
    lock(&PLANTED).leaks(bytes)
}

/// Checks output now and keeps it for [`audit`].
///
/// # Panics
/// Where a planted secret is in it, unless the test is failing already.
pub fn capture(source: &str, bytes: &[u8]) {
    let leaks = leaks(bytes);
    assert!(leaks.is_empty() || std::thread::panicking(), "{source} leaks: {}", leaks.join(", "));
    lock(&CAPTURED).push(Captured { source: source.to_owned(), bytes: bytes.to_vec() });
}

/// Scans all output that was captured so far in this process for all secrets planted so far.
/// Returns how many outputs that were, and the leaks.
pub fn audit() -> (usize, Vec<String>) {
    let (planted, captured) = (lock(&PLANTED), lock(&CAPTURED));
    let leaks = captured
        .iter()
        .flat_map(|output| planted.leaks(&output.bytes).into_iter().map(|leak| format!("{}: {leak}", output.source)));
    (captured.len(), leaks.collect())
}

impl Needles {
    fn plant(&mut self, name: &str, value: &str) {
        let mut add = |form: &'static str, text: &[u8], length: usize| {
            for part in text.windows(length) {
                self.0.entry(part.to_vec()).or_insert_with(|| (name.to_owned(), form));
            }
        };
        add("as it is", value.as_bytes(), PART);
        let hex = hex::encode(value);
        add("in hexadecimal", hex.as_bytes(), 2 * PART);
        add("in hexadecimal", hex.to_uppercase().as_bytes(), 2 * PART);
        for shift in 0..3 {
            // Six bits a character: the characters that hold bits of the filler, or of what follows, are left out.
            let shifted = [vec![0; shift], value.as_bytes().to_vec()].concat();
            let (from, to) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
            add("in Base64", &STANDARD_NO_PAD.encode(&shifted).as_bytes()[from..to], PART);
            add("in Base64", &URL_SAFE_NO_PAD.encode(&shifted).as_bytes()[from..to], PART);
        }
        add("percent-encoded", utf8_percent_encode(value, NON_ALPHANUMERIC).to_string().as_bytes(), PART);
    }

    fn leaks(&self, bytes: &[u8]) -> Vec<String> {
        let parts = bytes.windows(PART).chain(bytes.windows(2 * PART));
        let found: BTreeSet<_> = parts.filter_map(|part| self.0.get(part)).collect();
        found.into_iter().map(|(name, form)| format!("{name} {form}")).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_leak_is_found_in_each_form() {
        const SECRET: &str = "wJalr/XUtnFEMI+K7MDENG=bPxRfiCY";
        let mut needles = Needles::default();
        needles.plant("key", SECRET);
        let check = |text: String, expect: &[&str]| {
            let text = format!("{{\"message\": \"request 7f3a-11 with {text} has failed\"}}");
            assert_eq!(needles.leaks(text.as_bytes()), expect, "{text}");
        };
        check("nothing".to_owned(), &[]);
        check(SECRET.to_owned(), &["key as it is"]);
        check(SECRET[3..11].to_owned(), &["key as it is"]);
        check(SECRET[3..10].to_owned(), &[]);
        check(hex::encode(SECRET), &["key in hexadecimal"]);
        check(hex::encode_upper(&SECRET[5..13]), &["key in hexadecimal"]);
        for before in ["", "a", "ab", "abc"] {
            check(STANDARD_NO_PAD.encode(format!("{before}{SECRET}:tail")), &["key in Base64"]);
            check(URL_SAFE_NO_PAD.encode(format!("{before}{SECRET}:tail")), &["key in Base64"]);
        }
        check("FEMI%2BK7MD".to_owned(), &["key percent-encoded"]);
    }
}
