//! Names and secrets that no other test has, so that tests can share a moto and run side by side.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    sync::atomic::{AtomicU64, Ordering},
};

static NEXT: AtomicU64 = AtomicU64::new(0);

fn random() -> u64 {
    RandomState::new().hash_one(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// `PREFIX-` and 12 hexadecimal digits: valid as a bucket, family, role and pipeline name.
pub fn name(prefix: &str) -> String {
    format!("{prefix}-{:012x}", random() >> 16)
}

/// So many random digits, the first of them not 0.
pub fn number(digits: usize) -> String {
    let mut text = String::new();
    while text.len() < digits {
        text.push_str(&random().to_string());
    }
    format!("{}{}", 1 + random() % 9, &text[1..digits])
}

/// Random letters and digits, at least 40 of them: long enough for every 8-character part of it to be unmistakable.
pub fn secret() -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::new();
    while text.len() < 40 {
        let mut rest = random();
        for _ in 0..10 {
            text.push(char::from(ALPHABET[(rest % 62) as usize]));
            rest /= 62;
        }
    }
    text
}

/// A random UUID in the form that CodePipeline gives its jobs.
pub fn job_id() -> String {
    let (high, low) = (random(), random());
    let hex = format!("{high:016x}{low:016x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
