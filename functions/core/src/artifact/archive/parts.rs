//! An archive of which only some parts may be at hand, such as a large one in Amazon S3.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// An archive and which of its bytes can be read.
pub struct Parts<F> {
    bytes: F,
    length: u64,
    /// Sorted and separate.
    present: Vec<Range<u64>>,
}

impl<F> fmt::Debug for Parts<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({:?} of {} bytes)", self.present, self.length)
    }
}

impl<F: Read + Seek> Parts<F> {
    /// An archive of this length of which no byte can be read yet.
    pub fn new(bytes: F, length: u64) -> Self {
        Parts { bytes, length, present: Vec::new() }
    }

    /// An archive that can be read completely.
    pub(super) fn whole(mut bytes: F) -> io::Result<Self> {
        let length = bytes.seek(SeekFrom::End(0))?;
        let mut parts = Parts::new(bytes, length);
        parts.add(0..length);
        Ok(parts)
    }

    /// Where the caller writes the parts that it fetches: each byte at its place in the archive.
    pub fn bytes(&mut self) -> &mut F {
        &mut self.bytes
    }

    /// Adds a part that was fetched.
    pub fn add(&mut self, part: Range<u64>) {
        self.present.push(part);
        self.present.sort_unstable_by_key(|part| part.start);
        self.present.dedup_by(|next, part| {
            let joined = next.start <= part.end;
            part.end = if joined { part.end.max(next.end) } else { part.end };
            joined
        });
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn has(&self, part: Range<u64>) -> bool {
        self.gap(part).is_none()
    }

    /// From the first to the last byte of a part that cannot be read.
    pub(super) fn gap(&self, mut part: Range<u64>) -> Option<Range<u64>> {
        for present in &self.present {
            if present.contains(&part.start) {
                part.start = present.end;
            }
        }
        for present in self.present.iter().rev() {
            if present.start < part.end && part.end <= present.end {
                part.end = present.start;
            }
        }
        (part.start < part.end).then_some(part)
    }

    /// A reader of this many bytes at a position, all of which can be read.
    pub(super) fn at(&mut self, position: u64, length: u64) -> io::Result<impl Read> {
        let end = position.checked_add(length).filter(|end| self.has(position..*end));
        end.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.bytes.seek(SeekFrom::Start(position))?;
        Ok(self.bytes.by_ref().take(length))
    }

    /// The bytes at a position. Callers bound `length`.
    pub(super) fn read_at(&mut self, position: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let count = self.at(position, length)?.read_to_end(&mut bytes)?;
        if count as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}
