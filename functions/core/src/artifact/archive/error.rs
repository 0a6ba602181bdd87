//! What can be wrong with an archive, or with a file in it.

use super::limits::DIRECTORY_LIMIT;
use crate::fault::{Fault, shown};
use crate::faults;

faults! {
    /// The faults of archives. The name of the archive or of the file in it precedes a message without a subject.
    pub const FORMS;

    /// A path that zip readers interpret differently. The problem is a sentence that starts with "it".
    pub(super) fn name(name, problem: &str) =>
        "ZIP10" Configuration "\"{name}\" is not a valid path in an artifact: {problem}",
        "use a relative path with forward slashes, such as deploy/appspec.yml";

    /// Two files with the same path.
    pub(super) fn same_name(name) =>
        "ZIP11" Configuration "\"{name}\" would be in the artifact twice",
        "set `appspec_path` and `taskdef_path` to different values";

    /// An archive larger than [`CODEDEPLOY_TO_ECS_LIMIT`](super::CODEDEPLOY_TO_ECS_LIMIT).
    pub(super) fn too_large_to_deploy(size: usize) [size = megabytes(size as u64)] =>
        "TD07" Input "artifact would be {size}; the CodeDeployToECS action accepts at most 3 MB",
        "make the task definition or the AppSpec smaller; the artifact contains nothing else";

    /// The same for an archive made by another program.
    pub(super) fn too_large_for_action(size: u64) [size = megabytes(size)] =>
        "TD07" Input "artifact is {size}; the CodeDeployToECS action accepts at most 3 MB",
        "remove everything from it except the AppSpec and the task definition";

    /// The zip library refused to write an archive that passed every check.
    pub(super) fn not_written(error: &zip::result::ZipError) =>
        "ZIP12" Bug "cannot write the artifact: {error}",
        "report this message as a bug in codedeploy-artifact";

    /// The archive could not be read from disk.
    pub(super) fn unreadable(error: std::io::Error) =>
        "ZIP13" Input "cannot be read: {error}", "check that the archive is readable, then try again";

    /// A file of 0 bytes, which is not even an archive without files.
    pub(super) fn empty() => "ZIP02" Input "is empty (0 bytes)", "recreate the artifact with a standard zip tool";

    /// Not a zip archive.
    pub(super) fn not_zip(start) =>
        "ZIP01" Input "is not a zip archive (starts with \"{start}\")",
        "configure the action that produces the artifact to write a zip archive";

    /// An error response of S3 that was saved instead of the archive.
    pub(super) fn s3_error(code) =>
        "ZIP01" Input "is an S3 error response (code {code}), not a zip archive",
        "check how the object was uploaded, then upload the archive again";

    /// The start of a zip archive without an end record.
    pub(super) fn truncated() =>
        "ZIP02" Input "is truncated, or followed by other bytes (no end record)", "recreate the artifact with a standard zip tool";

    /// Records that contradict each other.
    pub(super) fn inconsistent(what: &str) =>
        "ZIP02" Input "is a damaged zip archive ({what})", "recreate the artifact with a standard zip tool";

    /// Two entries share bytes, as only zip bombs do.
    pub(super) fn overlapping() =>
        "ZIP07" Input "has overlapping entries", "recreate the artifact with a standard zip tool";

    /// The list of entries is larger than [`DIRECTORY_LIMIT`].
    pub(super) fn directory_too_large(size: u64) [size = megabytes(size), limit = limit(DIRECTORY_LIMIT)] =>
        "ZIP08" Input "has too many files: their list has {size}, limit {limit}",
        "put the deployment files in a separate artifact";

    /// Larger than [`ARCHIVE_LIMIT`](super::ARCHIVE_LIMIT).
    pub(super) fn too_large(size: u64) [size = megabytes(size)] =>
        "ZIP09" Input "is {size}, limit 256 MB", "put the deployment files in a separate artifact";

    /// More than one entry has the path; zip readers differ in which one they use.
    pub(super) fn repeated(times: usize) =>
        "ZIP04" Input "appears {times} times", "recreate the archive with this file only once";

    /// The directory of the archive and the header before the content contradict each other.
    pub(super) fn two_stories(what: &str) =>
        "ZIP04" Input "is described in two different ways ({what})", "recreate the artifact with a standard zip tool";

    /// A link to another path.
    pub(super) fn symbolic_link() =>
        "ZIP05" Input "is a symbolic link", "put the file itself into the archive";

    /// A folder, a device, or anything else without content.
    pub(super) fn not_regular() =>
        "ZIP05" Input "is not a regular file", "put the file itself into the archive";

    /// Encrypted content.
    pub(super) fn encrypted() =>
        "ZIP05" Input "is encrypted", "create the archive without a password; S3 and KMS protect it";

    /// A compression method other than stored (0) and deflate (8).
    pub(super) fn unknown_method(method: u16) =>
        "ZIP05" Input "uses unsupported compression method {method}", "create the archive with deflate or without compression";

    /// Content that overlaps with the next entry.
    pub(super) fn overlaps() =>
        "ZIP07" Input "overlaps with another entry", "recreate the artifact with a standard zip tool";

    /// The content, or the size that the archive declares for it, exceeds the limit of the caller.
    pub(super) fn file_too_large(most: u64) [most = limit(most)] =>
        "ZIP06" Input "is larger than {most}", "check that the path names the right file";

    /// The content has a different size than the archive declares, as in zip bombs.
    pub(super) fn lying_size(declared: u64) =>
        "ZIP06" Input "does not unpack to the {declared} bytes that the archive declares",
        "recreate the artifact with a standard zip tool";

    /// The content cannot be unpacked, or its checksum does not match.
    pub(super) fn damaged(error: std::io::Error) =>
        "ZIP03" Input "is damaged: {error}", "recreate the artifact with a standard zip tool";

    /// The archive is valid, but the file is not in it.
    fn not_found(path, artifact, contents: &str) =>
        "APP01" Input "\"{path}\" not found in artifact {artifact} ({contents})",
        "check the path and that the action before this one puts the file into its output artifact";

    /// The file is not in the archive, but others have a similar path.
    fn similar_found(path, artifact, contents: &str) =>
        "APP01" Input "\"{path}\" not found in artifact {artifact} ({contents})",
        "write the path exactly as it is in the archive, including folder and extension";

    /// The archive has an `imagedefinitions.json` instead of the `imageDetail.json`.
    fn rolling_found(path, artifact, contents: &str, found) =>
        "APP01" Input "\"{path}\" not found in artifact {artifact} ({contents}); {found} is for rolling updates by the Amazon ECS action, imageDetail.json is for blue/green",
        "have the build write imageDetail.json with {{\"ImageURI\": \"REPOSITORY:TAG\"}} instead of imagedefinitions.json";
}

/// The fault of a file that is not in the archive. `similar` are paths that the user may have meant. `rolling` is the path of
/// an `imagedefinitions.json` if an `imageDetail.json` was requested.
pub(super) fn absent(path: &str, artifact: &str, files: usize, similar: &[String], rolling: Option<&str>) -> Fault {
    let plural = if files == 1 { "" } else { "s" };
    let names: Vec<String> = similar.iter().map(|name| shown(name)).collect();
    let alike = if names.is_empty() { String::new() } else { format!("; similar: {}", names.join(", ")) };
    let contents = format!("{files} file{plural}{alike}");
    match rolling {
        Some(found) => rolling_found(path, artifact, &contents, found),
        None if similar.is_empty() => not_found(path, artifact, &contents),
        None => similar_found(path, artifact, &contents),
    }
}

/// A size in decimal megabytes, or gigabytes, rounded up so that a size over a limit never looks equal to it.
fn megabytes(bytes: u64) -> String {
    let (unit, name) = if bytes > 999_900_000 { (1_000_000_000, "GB") } else { (1_000_000, "MB") };
    let tenths = bytes.div_ceil(unit / 10);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// A limit in the largest binary unit in which it is a whole number.
fn limit(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * 1024;
    match bytes {
        MIB.. if bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        KIB.. if bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        for (bytes, expected) in [
            (3_000_001, "3.1 MB"),
            (3_400_000, "3.4 MB"),
            (256_000_001, "256.1 MB"),
            (999_900_000, "999.9 MB"),
            (999_900_001, "1.0 GB"),
            (2_040_000_000, "2.1 GB"),
        ] {
            assert_eq!(megabytes(bytes), expected);
        }
    }

    #[test]
    fn limits_are_exact() {
        for (bytes, expected) in
            [(1_048_576, "1 MiB"), (65_536, "64 KiB"), (1_048_577, "1048577 bytes"), (0, "0 bytes")]
        {
            assert_eq!(limit(bytes), expected);
        }
    }
}
