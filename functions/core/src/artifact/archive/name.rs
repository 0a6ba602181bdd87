//! Paths in an archive that every zip reader resolves to the same file.

use super::error;
use crate::fault::Fault;

/// The longest path of a file in an archive, in bytes of UTF-8.
const NAME_LIMIT: usize = 255;

/// Checks a path that a request gives to a file in an archive, such as `deploy/appspec.yml`.
///
/// The path is relative with forward slashes, and so simple that every zip reader resolves it to the same file.
pub fn check_name(name: &str) -> Result<(), Fault> {
    let mut characters = name.chars();
    let starts_with_letter = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
    let problem = if name.is_empty() {
        "it is empty"
    } else if name.len() > NAME_LIMIT {
        "it is longer than 255 bytes"
    } else if name.contains(char::is_control) {
        "it has a control character"
    } else if name.contains('\\') {
        "it has a backslash"
    } else if name.starts_with('/') {
        "it is absolute"
    } else if starts_with_letter && characters.next() == Some(':') {
        "it starts with a drive letter"
    } else if name.ends_with('/') {
        "it names a folder"
    } else if name.split('/').any(str::is_empty) {
        "it has an empty segment"
    } else if name.split('/').any(|segment| matches!(segment, "." | "..")) {
        "it has a `.` or `..` segment"
    } else {
        return Ok(());
    };
    Err(error::name(name, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_relative_paths_are_names() {
        let longest = "x".repeat(255);
        for name in ["appspec.yml", "a/b/c.json", "..a/b..", "é.yml", "a b", "ab:c", "1:", &longest] {
            assert!(check_name(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn other_paths_are_refused_with_the_reason() {
        let too_long = "é".repeat(128);
        for (name, reason) in [
            ("", "is empty"),
            (too_long.as_str(), "longer than 255"),
            ("a\nb", "control character"),
            ("a\0", "control character"),
            ("a\\b", "backslash"),
            ("/appspec.yml", "absolute"),
            ("C:appspec.yml", "drive letter"),
            ("c:/appspec.yml", "drive letter"),
            ("deploy/", "folder"),
            ("a//b", "empty segment"),
            ("../appspec.yml", "`.` or `..` segment"),
            ("a/../b", "`.` or `..` segment"),
            ("./appspec.yml", "`.` or `..` segment"),
            ("a/..", "`.` or `..` segment"),
        ] {
            let message = check_name(name).unwrap_err().to_string();
            assert!(message.contains(reason), "{name:?}: {message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }
}
