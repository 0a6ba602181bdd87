//! Reports of a deployment: JSON for programs, Markdown for people, `JUnit` XML for build systems.

mod json;
mod junit;
mod markdown;
#[cfg(test)]
mod tests;

pub use json::{json, summary, why_json};
pub use junit::junit;
pub use markdown::markdown;
