//! Writes a zip archive.

use super::error::{not_written, same_name, too_large_for_action, too_large_to_deploy};
use super::limits::CODEDEPLOY_TO_ECS_LIMIT;
use super::name::check_name;
use crate::fault::Fault;
use std::collections::HashSet;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// The bytes of a zip archive of these files (path and content), in this order. The same files give the same bytes on
/// every machine.
///
/// Entries are stored, dated 1980-01-01 00:00 (the first moment that a zip archive knows), have mode 0644 and no extra
/// fields. Refused are paths that [`check_name`] refuses, the same path twice, and an archive that the
/// `CodeDeployToECS` action would not read ([`CODEDEPLOY_TO_ECS_LIMIT`]).
pub fn write(files: &[(&str, &[u8])]) -> Result<Vec<u8>, Fault> {
    let mut names = HashSet::new();
    for &(name, _) in files {
        check_name(name)?;
        if !names.insert(name) {
            return Err(same_name(name));
        }
    }
    // The zip library cannot write more than 4 GiB. Checking the sum first also avoids a copy of files that are refused
    // below.
    check_deployable(files.iter().map(|(_, content)| content.len()).sum())?;
    let bytes = pack(files).map_err(|error| not_written(&error))?;
    check_deployable(bytes.len())?;
    Ok(bytes)
}

/// Refuses an archive that the `CodeDeployToECS` action would not read, by its size in bytes.
pub fn check_for_action(size: u64) -> Result<(), Fault> {
    if size > CODEDEPLOY_TO_ECS_LIMIT as u64 { Err(too_large_for_action(size)) } else { Ok(()) }
}

fn check_deployable(size: usize) -> Result<(), Fault> {
    if size > CODEDEPLOY_TO_ECS_LIMIT {
        return Err(too_large_to_deploy(size));
    }
    Ok(())
}

fn pack(files: &[(&str, &[u8])]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for &(name, content) in files {
        archive.start_file(name, options)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::super::{file, sha256_hex};
    use super::*;

    const FILES: [(&str, &[u8]); 2] =
        [("appspec.yml", b"version: 0.0\n"), ("deploy/taskdef.json", b"{\"family\": \"app\"}\n")];

    #[test]
    fn the_bytes_of_an_archive_never_change() {
        let bytes = write(&FILES).unwrap();
        // 30 + 46 bytes and twice the name for each entry, 22 for the end record: no extra fields, no comment.
        assert_eq!(bytes.len(), 2 * (30 + 46) + 2 * (11 + 19) + 22 + 13 + 18);
        assert_eq!(sha256_hex(&bytes), "abfff0db013fc4f0a4a5b28607a98da53bfde30c17037061c2653adb72d9f464");
    }

    #[test]
    fn what_is_written_can_be_read() {
        let bytes = write(&FILES).unwrap();
        for (name, content) in FILES {
            assert_eq!(file(Cursor::new(&bytes), "x", name, 100).unwrap(), content);
        }
        let unicode: [(&str, &[u8]); 1] = [("größe.yml", b"")];
        let bytes = write(&unicode).unwrap();
        assert_eq!(file(Cursor::new(&bytes), "x", "größe.yml", 0).unwrap(), b"");
    }

    #[test]
    fn order_is_part_of_the_bytes() {
        let [first, second] = FILES;
        assert_ne!(write(&[first, second]).unwrap(), write(&[second, first]).unwrap());
    }

    #[test]
    fn two_files_need_two_paths() {
        let error = write(&[("a", b"1"), ("b", b"2"), ("a", b"3")]).unwrap_err();
        assert_eq!(
            error.report(),
            "ZIP11: \"a\" would be in the artifact twice\nhint: set `appspec_path` and `taskdef_path` to different values"
        );
        assert_eq!(write(&[("../a", b"1")]).unwrap_err().code(), "ZIP10");
    }

    #[test]
    fn the_limit_is_the_one_of_the_deploy_action() {
        // One entry costs 30 + 46 bytes and its name twice, the end record 22 bytes.
        let largest = vec![0; CODEDEPLOY_TO_ECS_LIMIT - 30 - 46 - 2 - 22];
        assert_eq!(write(&[("a", &largest)]).unwrap().len(), CODEDEPLOY_TO_ECS_LIMIT);
        for size in [largest.len() + 1, CODEDEPLOY_TO_ECS_LIMIT, CODEDEPLOY_TO_ECS_LIMIT + 1] {
            let error = write(&[("a", &vec![0; size])]).unwrap_err();
            assert_eq!(error.code(), "TD07");
            assert_eq!(error.message(), "artifact would be 3.1 MB; the CodeDeployToECS action accepts at most 3 MB");
        }
    }
}
