//! The header in front of the content of an entry, and the data descriptor after it.
//!
//! Some tools read only these and others only the directory, so both must describe the same file.

use super::directory::{Entry, LOCAL, LOCAL_SIZE};
use super::entry::ENCRYPTED;
use super::error::{damaged, inconsistent, overlapping, overlaps, two_stories, unreadable};
use super::extra::{unicode_paths, widened};
use super::fields::Fields;
use super::parts::Parts;
use crate::fault::Fault;
use std::io::{self, Read, Seek};
use std::ops::Range;

/// Bits of the flags of an entry: sizes and checksum follow the content; the name is UTF-8.
const STREAMED: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;

const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Signature, checksum and two sizes of 8 bytes.
const DESCRIPTOR_LIMIT: u64 = 24;

/// What an entry has in addition to its packed bytes: a header with a name and extra fields, and a data descriptor. What
/// follows it is compared with [`LOCAL`].
const AROUND_LIMIT: u64 = LOCAL_SIZE + 2 * 0xffff + DESCRIPTOR_LIMIT + LOCAL.len() as u64;

/// A local header without the name and the extra fields.
struct Local {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    name_length: u16,
    extra_length: u16,
}

impl Local {
    /// `None` if there is no local header. `end` is where the next entry, or the directory, starts.
    fn read(archive: &mut Parts<impl Read + Seek>, offset: u64, end: u64) -> io::Result<Option<Local>> {
        let header = archive.read_at(offset, LOCAL_SIZE.min(end.saturating_sub(offset)))?;
        Ok(Local::parse(&header))
    }

    fn parse(header: &[u8]) -> Option<Local> {
        let mut fields = Fields(header.strip_prefix(LOCAL)?);
        let _needed = fields.u16()?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        let _time_and_date = fields.u32()?;
        let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
        Some(Local { flags, method, crc, packed, size, name_length: fields.u16()?, extra_length: fields.u16()? })
    }

    /// Where the content of an entry that starts at `offset` starts.
    fn content_start(&self, offset: u64) -> u64 {
        offset + LOCAL_SIZE + u64::from(self.name_length) + u64::from(self.extra_length)
    }
}

/// The bytes that are read of an entry. `end` is where the next entry, or the directory, starts.
pub(super) fn span(entry: &Entry<'_>, end: u64) -> Range<u64> {
    entry.offset..end.min(entry.offset.saturating_add(entry.packed).saturating_add(AROUND_LIMIT))
}

/// Where the content of an entry starts. `end` is where the next entry, or the directory, starts.
///
/// Refuses an entry whose header contradicts the directory.
pub(super) fn content_start(archive: &mut Parts<impl Read + Seek>, entry: &Entry<'_>, end: u64) -> Result<u64, Fault> {
    let differ = |what| Err(two_stories(what));
    let Some(local) = Local::read(archive, entry.offset, end).map_err(damaged)? else {
        return differ("it is not where the directory says");
    };
    let name_start = entry.offset + LOCAL_SIZE;
    let start = local.content_start(entry.offset);
    let room = |length: u16, from: u64| u64::from(length).min(end.saturating_sub(from));
    let name = archive.read_at(name_start, room(local.name_length, name_start)).map_err(damaged)?;
    if name != entry.name {
        return differ("the names differ");
    }
    if local.method != entry.method || local.flags & ENCRYPTED != 0 {
        return differ("the compression methods differ");
    }
    let content_end = start.checked_add(entry.packed).filter(|content_end| *content_end <= end);
    let Some(content_end) = content_end else { return Err(overlaps()) };
    if !name.is_ascii() && (local.flags ^ entry.flags) & UTF8 != 0 {
        return differ("the encodings of the names differ");
    }
    let extra_start = start - u64::from(local.extra_length);
    let extra = archive.read_at(extra_start, u64::from(local.extra_length)).map_err(damaged)?;
    if unicode_paths(entry.extra).chain(unicode_paths(&extra)).any(|path| path != entry.name) {
        return differ("its Unicode path extra field names another file");
    }
    let streamed = local.flags & STREAMED != 0;
    // A tool that writes a stream omits what it does not know yet.
    let fits = |said: u64, known: u64| said == known || streamed && said == 0;
    let sizes = widened([local.size, local.packed], &extra);
    if sizes.is_none_or(|[size, packed]| !fits(size, entry.size) || !fits(packed, entry.packed)) {
        return differ("the sizes differ");
    }
    if !fits(local.crc.into(), entry.crc.into()) {
        return differ("the checksums differ");
    }
    if streamed {
        let room = DESCRIPTOR_LIMIT.min(end - content_end);
        let after = archive.read_at(content_end, room).map_err(damaged)?;
        let complete = sizes == Some([entry.size, entry.packed]) && local.crc == entry.crc;
        let agrees = is_descriptor(&after, entry) || complete && after.is_empty();
        if !agrees {
            return differ("the data descriptor differs");
        }
    }
    Ok(start)
}

/// Whether bytes begin with a data descriptor that agrees with the directory. The signature is optional, and the sizes
/// have 4 or 8 bytes.
fn is_descriptor(bytes: &[u8], entry: &Entry<'_>) -> bool {
    let says = |bytes: &[u8], wide: bool| {
        let mut fields = Fields(bytes);
        let crc = fields.u32();
        let mut size = || if wide { fields.u64() } else { fields.u32().map(u64::from) };
        crc == Some(entry.crc) && size() == Some(entry.packed) && size() == Some(entry.size)
    };
    let signed = bytes.strip_prefix(DESCRIPTOR);
    [Some(bytes), signed].into_iter().flatten().any(|bytes| says(bytes, false) || says(bytes, true))
}

/// Refuses what only a reader that goes from header to header would find: an entry whose header has the wanted path,
/// and entries that are not in the directory. Nothing else of other entries is checked, and nothing of those whose headers
/// were not fetched.
pub(super) fn check_others<'e>(
    archive: &mut Parts<impl Read + Seek>,
    entries: impl Iterator<Item = Entry<'e>>,
    starts: &[u64],
    directory_start: u64,
    path: &str,
) -> Result<(), Fault> {
    let hidden = || inconsistent("it has an entry that is not in the directory");
    let first = starts.first().copied().unwrap_or(directory_start);
    if has_entry(archive, 0, first).map_err(unreadable)? {
        return Err(hidden());
    }
    for entry in entries {
        let end = starts.get(starts.partition_point(|start| *start <= entry.offset)).copied();
        let end = end.unwrap_or(directory_start);
        if !archive.has(entry.offset..end.min(entry.offset + LOCAL_SIZE + path.len() as u64)) {
            continue;
        }
        let Some(local) = Local::read(archive, entry.offset, end).map_err(unreadable)? else { continue };
        let content_end = local.content_start(entry.offset).saturating_add(entry.packed);
        if entry.name != path.as_bytes() {
            if content_end > end {
                return Err(overlapping());
            }
            if usize::from(local.name_length) == path.len()
                && archive.read_at(entry.offset + LOCAL_SIZE, local.name_length.into()).map_err(unreadable)?
                    == path.as_bytes()
            {
                return Err(inconsistent("an entry has the path of another one in its header"));
            }
        }
        if has_entry(archive, content_end, end).map_err(unreadable)? {
            return Err(hidden());
        }
    }
    Ok(())
}

/// Whether an entry begins between two positions: at the first of them, or after a data descriptor. Not if the bytes there
/// were not fetched.
fn has_entry(archive: &mut Parts<impl Read + Seek>, start: u64, end: u64) -> io::Result<bool> {
    let room = end.saturating_sub(start);
    let length = room.min(DESCRIPTOR_LIMIT + LOCAL.len() as u64);
    if room < LOCAL_SIZE || !archive.has(start..start + length) {
        return Ok(false);
    }
    let gap = archive.read_at(start, length)?;
    Ok([0, 12, 16, 20, 24].into_iter().any(|at| gap.get(at..).is_some_and(|gap| gap.starts_with(LOCAL))))
}
