//! An archive of which only some parts may be at hand, such as a large one in Amazon S3.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::directory::{self, Directory};
use super::read::{check_size, ends, read, span};
use crate::fault::Fault;

/// Parts of an archive that are no farther apart than this are fetched together: a further request takes longer.
const NEAR: u64 = 256 * 1024;

/// What a message about a file that is not an archive is made from.
pub(super) const BEGINNING: u64 = 1024;

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

    /// The next part to fetch before [`Parts::file`] is called for these files, each with its limit in bytes.
    ///
    /// `None` if nothing is missing, or if the archive or the file is refused by what can be read already. Bounded by
    /// the limits of archives and files, whatever the archive declares.
    pub fn missing(&mut self, wanted: &[(&str, u64)]) -> Option<Range<u64>> {
        check_size("", self.length).ok()?;
        let end = self.gap(self.length.saturating_sub(directory::END_LIMIT)..self.length);
        if end.is_some() {
            return end;
        }
        let Some(place) = directory::find(self).ok()? else {
            return self.gap(0..BEGINNING.min(self.length));
        };
        let gap = self.gap(place.range());
        if gap.is_some() {
            return gap;
        }
        let directory = Directory::read(self).ok()?;
        let ends = ends(&directory).ok()?;
        let spans = wanted.iter().filter_map(|(path, limit)| span(&directory, &ends, path, *limit));
        let mut gaps: Vec<Range<u64>> = spans.filter_map(|span| self.gap(span)).collect();
        gaps.sort_unstable_by_key(|gap| gap.start);
        gaps.into_iter().reduce(|first, next| {
            if next.start <= first.end + NEAR { first.start..first.end.max(next.end) } else { first }
        })
    }

    /// The content of one file, as [`file()`](super::file) reads it.
    ///
    /// The headers of all other files are compared only as far as they can be read.
    ///
    /// # Errors
    /// What is wrong with the archive or the file, and a part that [`Parts::missing`] names.
    pub fn file(&mut self, artifact: &str, path: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        read(self, artifact, path, limit)
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn has(&self, part: Range<u64>) -> bool {
        self.gap(part).is_none()
    }

    /// From the first to the last byte of a part that cannot be read.
    fn gap(&self, mut part: Range<u64>) -> Option<Range<u64>> {
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
