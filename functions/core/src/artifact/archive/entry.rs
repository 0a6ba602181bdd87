//! Unpacks one entry of a zip archive.

use super::directory::{Entry, LOCAL};
use super::error::{damaged, encrypted, file_too_large, lying_size, not_regular, symbolic_link, unknown_method};
use super::parts::Parts;
use crate::fault::Fault;
use std::io::{Read, Seek};

/// Bits of the flags of an entry: encrypted, strongly encrypted, and directory encrypted.
pub(super) const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

const FILE_TYPE: u32 = 0o170_000;
const SYMBOLIC_LINK: u32 = 0o120_000;
const REGULAR: u32 = 0o100_000;
/// What Info-ZIP writes for content that it read from a pipe.
const PIPE: u32 = 0o010_000;

/// Checks the metadata of an entry before its content is read.
pub(super) fn check(entry: &Entry<'_>, limit: u64) -> Result<(), Fault> {
    match entry.mode & FILE_TYPE {
        0 | REGULAR | PIPE => {}
        SYMBOLIC_LINK => return Err(symbolic_link()),
        _ => return Err(not_regular()),
    }
    if entry.flags & ENCRYPTED != 0 {
        return Err(encrypted());
    }
    match entry.method {
        0 if entry.packed != entry.size => return Err(lying_size(entry.size)),
        0 | 8 => {}
        other => return Err(unknown_method(other)),
    }
    // The zip library reads all packed bytes, even those after the end of the content. Real archives never need twice
    // the size of the content.
    if entry.size > limit || entry.packed / 2 > limit {
        return Err(file_too_large(limit));
    }
    Ok(())
}

/// Unpacks the content that starts at `start`. Memory and time are bounded by the declared size, which [`check`] bounds.
pub(super) fn unpack(archive: &mut Parts<impl Read + Seek>, entry: &Entry<'_>, start: u64) -> Result<Vec<u8>, Fault> {
    let packed = archive.at(start, entry.packed).map_err(damaged)?;
    let header = streamed_header(entry).ok_or_else(|| file_too_large(u32::MAX.into()))?;
    let mut stream = header.as_slice().chain(packed);
    let unpacked = zip::read::read_zipfile_from_stream(&mut stream).map_err(|error| damaged(error.into()))?;
    let mut content = Vec::new();
    if let Some(unpacked) = unpacked {
        // One byte more than declared detects a wrong size, and the library compares the checksum only at the end of
        // the content.
        unpacked.take(entry.size + 1).read_to_end(&mut content).map_err(damaged)?;
    }
    if content.len() as u64 == entry.size { Ok(content) } else { Err(lying_size(entry.size)) }
}

/// A local header made from the directory, so that the zip library unpacks what was checked.
///
/// The original one may omit sizes and checksum (bit 3 of the flags, which Java sets) and may contradict the directory.
fn streamed_header(entry: &Entry<'_>) -> Option<Vec<u8>> {
    const NEEDED_VERSION: u16 = 20;
    let mut header = LOCAL.to_vec();
    header.extend(NEEDED_VERSION.to_le_bytes());
    header.extend([0; 2]); // flags
    header.extend(entry.method.to_le_bytes());
    header.extend([0; 4]); // time and date
    header.extend(entry.crc.to_le_bytes());
    header.extend(u32::try_from(entry.packed).ok()?.to_le_bytes());
    header.extend(u32::try_from(entry.size).ok()?.to_le_bytes());
    header.extend([0; 4]); // lengths of the name and the extra fields
    Some(header)
}
