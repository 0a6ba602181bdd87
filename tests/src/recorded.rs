//! Answers of the real AWS, from public sources: `tests/fixtures/recorded/`. Each file names where it is from.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Where they are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recorded")
}

/// One of them, by the name of its file without `.json`.
///
/// # Panics
/// When there is none of that name.
pub fn recorded(name: &str) -> Value {
    let path = folder().join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
