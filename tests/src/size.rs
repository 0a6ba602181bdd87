//! How much a test tries: little with every `cargo test`, and what the specification asks for in `.ci/run`.

/// The number in that environment variable; without it, the usual one.
#[expect(clippy::disallowed_methods, reason = "how much to test is asked for there")]
pub fn size(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|size| size.parse().ok()).unwrap_or(usual)
}
