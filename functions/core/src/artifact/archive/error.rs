//! What can be wrong with an archive, said in one line.

use super::limits::DIRECTORY_LIMIT;
use crate::fault::{Explain, Kind, shown};
use std::io;

/// Why an archive could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The path of a file is not one that every zip reader understands in the same way.
    #[error("\"{}\" cannot be a path in an artifact: {problem}", shown(name))]
    Name {
        /// The path as the request gives it.
        name: String,
        /// A sentence about the path that starts with "it".
        problem: &'static str,
    },
    /// Two files would be written to the same path.
    #[error("\"{}\" would be in the artifact twice", shown(name))]
    SameName {
        /// The path.
        name: String,
    },
    /// The archive would be larger than [`CODEDEPLOY_TO_ECS_LIMIT`](super::CODEDEPLOY_TO_ECS_LIMIT).
    #[error("artifact would be {}; the CodeDeployToECS action accepts at most 3 MB", megabytes(*size as u64))]
    TooLargeToDeploy {
        /// The size of the files or of the archive, in bytes.
        size: usize,
    },
    /// The zip library refused to write what passed every check.
    #[error("cannot write the artifact")]
    NotWritten(#[source] zip::result::ZipError),
    /// The archive as a whole cannot be used.
    #[error("artifact {} {flaw}", shown(artifact))]
    Archive {
        /// What the caller calls the archive: the name of a CodePipeline artifact, an S3 address or a path.
        artifact: String,
        /// What is wrong with it.
        flaw: ArchiveFlaw,
    },
    /// The one file that is wanted from the archive cannot be used.
    #[error("\"{}\" in artifact {} {flaw}", shown(path), shown(artifact))]
    Entry {
        /// What the caller calls the archive.
        artifact: String,
        /// The path of the file in the archive.
        path: String,
        /// What is wrong with the file.
        flaw: EntryFlaw,
    },
    /// The archive is sound, and the wanted file is not in it.
    #[error(
        "\"{}\" not found in artifact {} ({}){}",
        shown(path),
        shown(artifact),
        contents(*files, similar),
        rolling.as_deref().map(for_rolling_updates).unwrap_or_default()
    )]
    Absent {
        /// What the caller calls the archive.
        artifact: String,
        /// The path that was looked for.
        path: String,
        /// How many files the archive has.
        files: usize,
        /// Paths in the archive that somebody could have meant, at most three.
        similar: Vec<String>,
        /// Path of an `imagedefinitions.json` in the archive, if an `imageDetail.json` was looked for.
        rolling: Option<String>,
    },
}

/// What is wrong with an archive as a whole: the end of a sentence that starts with its name.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFlaw {
    /// The archive could not be read from where it is.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// There is nothing in it, not even the end record of an archive without files.
    #[error("is empty (0 bytes)")]
    Empty,
    /// It is something else than a zip archive.
    #[error("is not a zip archive (starts with \"{}\")", shown(start))]
    NotZip {
        /// The first bytes, with what is not UTF-8 replaced.
        start: String,
    },
    /// S3 answered with an error document where the archive was expected, and that was kept in its place.
    #[error("is not a zip archive but an S3 error answer (code {})", shown(code))]
    S3Error {
        /// The `Code` of the answer, such as `AccessDenied`.
        code: String,
    },
    /// It starts like a zip archive and does not end with an end record.
    #[error("is truncated, or bytes follow it (no end record)")]
    Truncated,
    /// Its records contradict each other.
    #[error("is a damaged zip archive ({0})")]
    Inconsistent(&'static str),
    /// Two entries share bytes, as only archives do that are made to expand without end.
    #[error("has overlapping entries")]
    Overlap,
    /// The list of its entries is larger than [`DIRECTORY_LIMIT`](super::DIRECTORY_LIMIT).
    #[error("has too many files: the list of them has {}, limit {}", megabytes(*.0), limit(DIRECTORY_LIMIT))]
    DirectoryTooLarge(u64),
    /// It is larger than [`ARCHIVE_LIMIT`](super::ARCHIVE_LIMIT). The number is its size in bytes.
    #[error("is {}, limit 256 MB", megabytes(*.0))]
    TooLarge(u64),
}

/// What is wrong with one file of an archive: the end of a sentence that starts with its path.
#[derive(Debug, thiserror::Error)]
pub enum EntryFlaw {
    /// More than one entry has this path; readers of zip archives differ in which one they take.
    #[error("is there {0} times")]
    Repeated(usize),
    /// The entry is a link to another path.
    #[error("is a symbolic link")]
    SymbolicLink,
    /// The entry is a folder, a device or another thing without content of its own.
    #[error("is not a regular file")]
    NotRegular,
    /// The content is encrypted.
    #[error("is encrypted")]
    Encrypted,
    /// Only stored (0) and deflate (8) are read. The number is the compression method in the archive.
    #[error("uses unsupported compression method {0}")]
    Method(u16),
    /// The directory of the archive and the header in front of the content tell different stories.
    #[error("has two different descriptions ({0})")]
    TwoStories(&'static str),
    /// The content reaches into the next entry.
    #[error("overlaps with another entry")]
    Overlap,
    /// The content, or what the archive says of its size, is more than the caller wants to read.
    #[error("is larger than {}", limit(*.0))]
    TooLarge(u64),
    /// The content has another size than the archive declares, as bombs do. The number is the declared size in bytes.
    #[error("does not unpack to the {0} bytes that the archive declares")]
    LyingSize(u64),
    /// The content does not unpack, or its checksum is another one.
    #[error("is damaged: {0}")]
    Damaged(io::Error),
}

impl Explain for ArchiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "ZIP10",
            Self::SameName { .. } => "ZIP11",
            Self::TooLargeToDeploy { .. } => "TD07",
            Self::NotWritten(_) => "ZIP12",
            Self::Archive { flaw, .. } => match flaw {
                ArchiveFlaw::NotZip { .. } | ArchiveFlaw::S3Error { .. } => "ZIP01",
                ArchiveFlaw::Empty | ArchiveFlaw::Truncated | ArchiveFlaw::Inconsistent(_) => "ZIP02",
                ArchiveFlaw::Overlap => "ZIP07",
                ArchiveFlaw::DirectoryTooLarge(_) => "ZIP08",
                ArchiveFlaw::TooLarge(_) => "ZIP09",
                ArchiveFlaw::Unreadable(_) => "ZIP13",
            },
            Self::Entry { flaw, .. } => match flaw {
                EntryFlaw::Damaged(_) => "ZIP03",
                EntryFlaw::Repeated(_) | EntryFlaw::TwoStories(_) => "ZIP04",
                EntryFlaw::SymbolicLink | EntryFlaw::NotRegular | EntryFlaw::Encrypted | EntryFlaw::Method(_) => {
                    "ZIP05"
                }
                EntryFlaw::TooLarge(_) | EntryFlaw::LyingSize(_) => "ZIP06",
                EntryFlaw::Overlap => "ZIP07",
            },
            Self::Absent { .. } => "APP01",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Name { .. } | Self::SameName { .. } => Kind::Configuration,
            Self::TooLargeToDeploy { .. } | Self::Archive { .. } | Self::Entry { .. } | Self::Absent { .. } => {
                Kind::Input
            }
            Self::NotWritten(_) => Kind::Bug,
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::Name { .. } => "give a relative path with forward slashes, such as deploy/appspec.yml",
            Self::SameName { .. } => "give `appspec_path` and `taskdef_path` two different values",
            Self::TooLargeToDeploy { .. } => "make the task definition and the AppSpec smaller; only they belong in it",
            Self::NotWritten(_) => "report this message as a defect of codedeploy-artifact",
            Self::Archive { flaw, .. } => match flaw {
                ArchiveFlaw::NotZip { .. } => "let the action that makes the artifact write a zip archive",
                ArchiveFlaw::S3Error { .. } => "look at how the object was uploaded, and upload the archive again",
                ArchiveFlaw::Unreadable(_) => "check that the archive can be read, and run this again",
                ArchiveFlaw::TooLarge(_) | ArchiveFlaw::DirectoryTooLarge(_) => {
                    "keep the deployment files in an artifact of their own"
                }
                ArchiveFlaw::Empty | ArchiveFlaw::Truncated | ArchiveFlaw::Inconsistent(_) | ArchiveFlaw::Overlap => {
                    "make the artifact again with a usual zip tool"
                }
            },
            Self::Entry { flaw, .. } => match flaw {
                EntryFlaw::Repeated(_) => "make the archive with this file in it once",
                EntryFlaw::SymbolicLink | EntryFlaw::NotRegular => "put the file itself into the archive",
                EntryFlaw::Encrypted => "make the archive without a password; S3 and KMS protect it",
                EntryFlaw::Method(_) => "make the archive with deflate or without compression",
                EntryFlaw::TooLarge(_) => "check that the path names the right file",
                EntryFlaw::TwoStories(_) | EntryFlaw::Overlap | EntryFlaw::LyingSize(_) | EntryFlaw::Damaged(_) => {
                    "make the artifact again with a usual zip tool"
                }
            },
            Self::Absent { rolling: Some(_), .. } => {
                "let the build write imageDetail.json with {\"ImageURI\": \"REPOSITORY:TAG\"} instead of \
                 imagedefinitions.json"
            }
            Self::Absent { similar, .. } if similar.is_empty() => {
                "check the path and that the action before this one puts the file into its output artifact"
            }
            Self::Absent { .. } => "give the path exactly as it is in the archive, folder and ending included",
        }
        .to_owned()
    }
}

/// A size in decimal megabytes, or gigabytes, rounded up so that a size over a limit never looks equal to it.
fn megabytes(bytes: u64) -> String {
    let (unit, name) = if bytes > 999_900_000 { (1_000_000_000, "GB") } else { (1_000_000, "MB") };
    let tenths = bytes.div_ceil(unit / 10);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// A limit in the largest binary unit that shows it without a fraction.
fn limit(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * 1024;
    match bytes {
        MIB.. if bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        KIB.. if bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        _ => format!("{bytes} bytes"),
    }
}

fn for_rolling_updates(found: &str) -> String {
    format!("; {} is for rolling updates by the Amazon ECS action, imageDetail.json is for blue/green", shown(found))
}

fn contents(files: usize, similar: &[String]) -> String {
    let plural = if files == 1 { "" } else { "s" };
    if similar.is_empty() {
        return format!("{files} file{plural}");
    }
    let similar: Vec<String> = similar.iter().map(|name| shown(name)).collect();
    format!("{files} file{plural}; similar: {}", similar.join(", "))
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
