//! Writes files to a zip archive, byte-identical on every machine, and reads one named file from an untrusted zip
//! archive.
//!
//! CodePipeline passes every artifact between actions as a zip archive in S3. Archives are written without compression:
//! the output of deflate may differ between processors and library versions, and the two files have only a few
//! kilobytes. Archives that are read are untrusted. They are never unpacked to disk, and their headers are checked
//! before memory is allocated for the content.

mod directory;
mod entry;
mod error;
mod extra;
mod fields;
mod limits;
mod local;
mod missing;
mod name;
mod parts;
mod read;
mod write;

pub use error::FORMS;
pub use limits::{ARCHIVE_LIMIT, CODEDEPLOY_TO_ECS_LIMIT, DIRECTORY_LIMIT};
pub use name::check_name;
pub use parts::Parts;
pub use read::{check_size, file};
pub use write::{check_for_action, write};

use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, as S3 checks it.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The same in lower-case hexadecimal, as it is reported for the archive and for each file in it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    sha256(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_the_one_of_fips_180() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
