//! Files to a zip archive that is the same on every machine, and a zip archive from outside to one named file.
//!
//! CodePipeline hands every artifact from action to action as a zip archive in S3. Ours is stored without compression:
//! what deflate makes may differ between processors and library versions, and the two files have a few kilobytes.
//! An archive from outside is hostile until proved otherwise. It is never unpacked to disk, and what it says of itself
//! is checked before memory is spent on it.

mod directory;
mod entry;
mod error;
mod extra;
mod local;
mod read;
mod write;

pub use error::{ArchiveError, ArchiveFlaw, EntryFlaw};
pub use read::{check_size, file};
pub use write::write;

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The largest artifact, in bytes, that the `CodeDeployToECS` action of CodePipeline reads: "the maximum artifact size
/// is always 3 MB", in the action's reference. Larger ones fail there with a misleading AppSpec syntax error.
pub const CODEDEPLOY_TO_ECS_LIMIT: usize = 3_000_000;

/// The largest archive, in bytes, that [`file()`] reads. Callers ask [`check_size`] before they download one.
pub const ARCHIVE_LIMIT: u64 = 256_000_000;

/// The largest list of entries, in bytes, that [`file()`] reads. An entry takes 46 bytes and its path, so this is room for
/// about 80,000 files. Their number is not limited.
pub const DIRECTORY_LIMIT: u64 = 8 * 1024 * 1024;

/// The longest path of a file in an archive, in bytes of UTF-8.
const NAME_LIMIT: usize = 255;

/// Checks a path that a request gives to a file in an archive, such as `deploy/appspec.yml`.
///
/// The path is relative with forward slashes, and so plain that every zip reader takes it for the same file.
pub fn check_name(name: &str) -> Result<(), ArchiveError> {
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
    Err(ArchiveError::Name { name: name.to_owned(), problem })
}

/// The SHA-256 of some bytes, as S3 checks it.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The same in lower-case hexadecimal, as it is reported for the archive and for each file in it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in sha256(bytes) {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
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

    #[test]
    fn sha256_is_the_one_of_fips_180() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
