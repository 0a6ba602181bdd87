//! What the Lambda functions of this workspace share: their log, and the time of one invocation.

pub mod clock;
pub mod log;

/// The environment of this process, as far as it is text.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
