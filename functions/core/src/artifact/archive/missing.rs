//! Which parts of an archive are still needed for some of its files.

use std::io::{Read, Seek};
use std::ops::Range;

use super::directory::{self, BEGINNING, Directory};
use super::parts::Parts;
use super::read::{check_size, ends, read, span};
use crate::fault::Fault;

/// Parts of an archive that are no farther apart than this are fetched together: a further request takes longer.
const NEAR: u64 = 256 * 1024;

impl<F: Read + Seek> Parts<F> {
    /// The next part to fetch before [`Parts::file`] is called for these files, each with its limit in bytes.
    ///
    /// `None` if nothing is missing, or if the archive or the file is refused by what can be read already. Bounded by
    /// the limits of archives and files, whatever the archive declares.
    pub fn missing(&mut self, wanted: &[(&str, u64)]) -> Option<Range<u64>> {
        check_size("", self.length()).ok()?;
        let end = self.gap(self.length().saturating_sub(directory::END_LIMIT)..self.length());
        if end.is_some() {
            return end;
        }
        let Some(place) = directory::find(self).ok()? else {
            return self.gap(0..BEGINNING.min(self.length()));
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
}
