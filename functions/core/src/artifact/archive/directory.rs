//! Reads the list of entries at the end of an untrusted zip archive.
//!
//! Zip libraries merge entries of one name, and differ in where they assume that an archive starts and ends. Two
//! readers can therefore see different files in one archive. This reader refuses archives that can be read in more than
//! one way.
//!
//! The `zip` crate (8.6.0) unpacks the content, but does not read the directory: it merges entries of one name, tries
//! other end records if the last one fails, takes any bytes in front of the archive, never compares the headers with
//! the directory, and keeps all entries in memory: it allocates as many as the end record claims before it reads the
//! first one. Its check for overlaps compares every entry with every other. The records are those of PKWARE's
//! APPNOTE.TXT, sections 4.3.12 to 4.3.16.

use super::error::{directory_too_large, empty, inconsistent, not_zip, s3_error, truncated, unreadable};
use super::extra::widened;
use super::fields::Fields;
use super::limits::DIRECTORY_LIMIT;
use super::parts::Parts;
use crate::fault::Fault;
use std::io::{self, Read, Seek};
use std::ops::Range;

const END: &[u8] = b"PK\x05\x06";
const END_SIZE: u64 = 22;
const END_64: &[u8] = b"PK\x06\x06";
const END_64_SIZE: u64 = 56;
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCATOR_64_SIZE: u64 = 20;
const CENTRAL: &[u8] = b"PK\x01\x02";
pub(super) const LOCAL: &[u8] = b"PK\x03\x04";
pub(super) const LOCAL_SIZE: u64 = 30;

/// An archive may end with a comment of this many bytes.
const COMMENT_LIMIT: u64 = 0xffff;

/// Both end records, the locator and the comment fit into this many bytes at the end of an archive.
pub(super) const END_LIMIT: u64 = END_64_SIZE + LOCATOR_64_SIZE + END_SIZE + COMMENT_LIMIT;

/// What a message about a file that is not an archive is made from.
pub(super) const BEGINNING: u64 = 1024;

/// The directory of an archive: where it is, and its bytes.
pub(super) struct Directory {
    /// Where it starts in the archive. All entries are in front of it.
    pub(super) start: u64,
    bytes: Vec<u8>,
}

/// One entry of the directory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) name: &'a [u8],
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    /// Its size in the archive, in bytes.
    pub(super) packed: u64,
    /// Its declared size after unpacking, in bytes.
    pub(super) size: u64,
    /// Where the local header of the entry starts.
    pub(super) offset: u64,
    /// File type and permissions; 0 if the archive was not made on Unix.
    pub(super) mode: u32,
    pub(super) extra: &'a [u8],
}

impl Directory {
    /// Reads the directory of an archive (at most [`DIRECTORY_LIMIT`]), and checks that it has as many entries as the
    /// archive declares.
    pub(super) fn read(archive: &mut Parts<impl Read + Seek>) -> Result<Directory, Fault> {
        let Some(end) = find(archive)? else {
            return Err(no_end(archive).map_err(unreadable)?);
        };
        let bytes = archive.read_at(end.start, end.size).map_err(unreadable)?;
        let directory = Directory { start: end.start, bytes };
        let mut fields = Fields(&directory.bytes);
        // Each entry takes at least 46 bytes, so the loop ends whatever number is declared.
        for _ in 0..end.count {
            entry(&mut fields).ok_or_else(|| inconsistent("the directory has a broken entry"))?;
        }
        if !fields.0.is_empty() {
            return Err(inconsistent("the directory has more entries than the end record says"));
        }
        Ok(directory)
    }

    /// All entries in the order of the directory, directories and repeated names included. They are not collected in
    /// memory: an archive may have 180,000 entries.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut fields = Fields(&self.bytes);
        std::iter::from_fn(move || entry(&mut fields))
    }
}

/// The place of the directory and its number of entries, from an end record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct End {
    count: u64,
    size: u64,
    start: u64,
}

impl End {
    /// Where the directory is in the archive.
    pub(super) fn range(&self) -> Range<u64> {
        self.start..self.start.saturating_add(self.size)
    }
}

/// Finds the directory of an archive: at most [`DIRECTORY_LIMIT`] bytes in front of the end record. `None` without an end
/// record.
pub(super) fn find(archive: &mut Parts<impl Read + Seek>) -> Result<Option<End>, Fault> {
    let length = archive.length();
    let tail_start = length.saturating_sub(END_SIZE + COMMENT_LIMIT);
    let tail = archive.read_at(tail_start, length - tail_start).map_err(unreadable)?;
    let Some((position, end)) = find_end(&tail)? else { return Ok(None) };
    let end_position = tail_start + position as u64;
    let end = end_record(end).ok_or_else(|| inconsistent("a part of a split archive"))?;
    let (end, limit) = with_zip64(archive, end, end_position)?;
    if end.start.checked_add(end.size) != Some(limit) {
        return Err(inconsistent("the directory is not in front of the end record"));
    }
    if end.size > DIRECTORY_LIMIT {
        return Err(directory_too_large(end.size));
    }
    Ok(Some(end))
}

/// The end record and its position. Its comment must end exactly at the end of the archive.
///
/// Readers search for it in different ways, so there must be only one, and none inside its comment.
fn find_end(tail: &[u8]) -> Result<Option<(usize, &[u8])>, Fault> {
    let (mut found, mut inside) = (None, false);
    for position in (0..tail.len()).rev() {
        let Some(record) = tail.get(position..).filter(|record| record.starts_with(END)) else { continue };
        // No reader accepts a record that is too short.
        let Some(comment) = record.get(20..).and_then(|rest| Fields(rest).u16()) else { continue };
        if record.len() as u64 != END_SIZE + u64::from(comment) {
            inside |= found.is_none();
        } else if inside || found.replace((position, record)).is_some() {
            return Err(inconsistent("it has two end records"));
        }
    }
    Ok(found)
}

/// `None` if the archive is one of several parts.
fn end_record(record: &[u8]) -> Option<End> {
    let mut fields = Fields(record.strip_prefix(END)?);
    let (disk, directory_disk) = (fields.u16()?, fields.u16()?);
    let (here, count) = (fields.u16()?, fields.u16()?);
    let (size, start) = (fields.u32()?, fields.u32()?);
    (disk == 0 && directory_disk == 0 && here == count).then_some(End {
        count: count.into(),
        size: size.into(),
        start: start.into(),
    })
}

/// Applies the zip64 end record, if there is one, and returns where the directory must end: in front of the first end
/// record.
fn with_zip64(archive: &mut Parts<impl Read + Seek>, end: End, position: u64) -> Result<(End, u64), Fault> {
    let broken = || inconsistent("its zip64 end record contradicts its end record");
    let Some(locator_position) = position.checked_sub(LOCATOR_64_SIZE) else {
        return Ok((end, position));
    };
    let locator = archive.read_at(locator_position, LOCATOR_64_SIZE).map_err(unreadable)?;
    let Some(locator) = locator.strip_prefix(LOCATOR_64) else {
        return Ok((end, position));
    };
    let record_position = locator_position.checked_sub(END_64_SIZE).ok_or_else(broken)?;
    let record = archive.read_at(record_position, END_64_SIZE).map_err(unreadable)?;
    let (located_at, large) = zip64_end_record(locator, &record).ok_or_else(broken)?;
    let agrees = |small: u64, large: u64, unknown: u64| small == large || small == unknown;
    if located_at == record_position
        && agrees(end.count, large.count, u16::MAX.into())
        && agrees(end.size, large.size, u32::MAX.into())
        && agrees(end.start, large.start, u32::MAX.into())
    {
        Ok((large, record_position))
    } else {
        Err(broken())
    }
}

fn zip64_end_record(locator: &[u8], record: &[u8]) -> Option<(u64, End)> {
    let located_at = Fields(locator.get(4..)?).u64()?;
    let mut fields = Fields(record.strip_prefix(END_64)?);
    let _size_of_record_and_versions = fields.take(12)?;
    let (disk, directory_disk) = (fields.u32()?, fields.u32()?);
    let (here, count) = (fields.u64()?, fields.u64()?);
    let (size, start) = (fields.u64()?, fields.u64()?);
    (disk == 0 && directory_disk == 0 && here == count).then_some((located_at, End { count, size, start }))
}

fn entry<'a>(fields: &mut Fields<'a>) -> Option<Entry<'a>> {
    fields.0 = fields.0.strip_prefix(CENTRAL)?;
    let _made_by_and_needed = fields.take(4)?;
    let (flags, method) = (fields.u16()?, fields.u16()?);
    let _time_and_date = fields.take(4)?;
    let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name_length, extra_length, comment_length) = (fields.u16()?, fields.u16()?, fields.u16()?);
    let _disk_and_internal = fields.take(4)?;
    let (attributes, offset) = (fields.u32()?, fields.u32()?);
    let name = fields.take(name_length.into())?;
    let extra = fields.take(extra_length.into())?;
    let _comment = fields.take(comment_length.into())?;
    let [size, packed, offset] = widened([size, packed, offset], extra)?;
    Some(Entry { name, flags, method, crc, packed, size, offset, mode: attributes >> 16, extra })
}

/// The fault of a file without an end record.
fn no_end(archive: &mut Parts<impl Read + Seek>) -> io::Result<Fault> {
    const SHOWN: usize = 16;
    let start = archive.read_at(0, archive.length().min(BEGINNING))?;
    let text = String::from_utf8_lossy(&start);
    let s3_code = text.split_once("<Error>").and_then(|(_, error)| error.split_once("<Code>"));
    Ok(if start.is_empty() {
        empty()
    } else if start.starts_with(b"PK") {
        truncated()
    } else if let Some((code, _)) = s3_code.and_then(|(_, rest)| rest.split_once("</Code>")) {
        s3_error(code)
    } else {
        not_zip(&String::from_utf8_lossy(start.get(..SHOWN).unwrap_or(&start)))
    })
}
