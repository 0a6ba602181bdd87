//! How large an archive may be.

/// The largest artifact, in bytes, that the `CodeDeployToECS` action of CodePipeline reads: "the maximum artifact size
/// is always 3 MB", in the action's reference. Larger ones fail there with a misleading AppSpec syntax error.
pub const CODEDEPLOY_TO_ECS_LIMIT: usize = 3_000_000;

/// The largest archive, in bytes, that [`file()`](super::file) reads. Callers ask [`check_size`](super::check_size) before they download one.
pub const ARCHIVE_LIMIT: u64 = 256_000_000;

/// The largest list of entries, in bytes, that [`file()`](super::file) reads. An entry takes 46 bytes and its path, so this is room for
/// about 80,000 files. Their number is not limited.
pub const DIRECTORY_LIMIT: u64 = 8 * 1024 * 1024;
