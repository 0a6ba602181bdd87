//! Reports of a deployment: JSON for programs, HTML, Markdown and a few lines for people, `JUnit` XML for build systems.

mod html;
mod json;
mod junit;
mod markdown;
mod notice;
#[cfg(test)]
mod tests;

pub use html::{Console, html};
pub use json::{json, summary, why_json};
pub use junit::junit;
pub use markdown::markdown;
pub use notice::{Notice, SUBJECT, notice};
