//! A zip archive from outside to one named file.

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

use super::directory::{Directory, Entry, LOCAL_SIZE};
use super::entry::{check, content_start, unpack};
use super::{ARCHIVE_LIMIT, ArchiveError, ArchiveFlaw, EntryFlaw, check_name};
use std::io::{Read, Seek, SeekFrom};

/// How many similar paths a message names.
const SIMILAR_LIMIT: usize = 3;

/// Refuses an archive of more than [`ARCHIVE_LIMIT`] bytes. To be asked before it is downloaded.
pub fn check_size(artifact: &str, size: u64) -> Result<(), ArchiveError> {
    if size > ARCHIVE_LIMIT {
        return Err(archive_error(artifact, ArchiveFlaw::TooLarge(size)));
    }
    Ok(())
}

/// The content of one file in an archive that we did not make, at most `limit` bytes of it.
///
/// `artifact` is what messages call the archive. Nothing is written to disk, and no more than 6 MiB beside the content
/// are held in memory, whatever the archive says of itself. Refused are archives that two readers could understand in
/// two ways, entries that overlap, and a wanted file that is repeated, linked, encrypted, too large or damaged.
pub fn file<R: Read + Seek>(mut archive: R, artifact: &str, path: &str, limit: u64) -> Result<Vec<u8>, ArchiveError> {
    check_name(path)?;
    let whole = |flaw: ArchiveFlaw| archive_error(artifact, flaw);
    let length = archive.seek(SeekFrom::End(0)).map_err(|error| whole(error.into()))?;
    check_size(artifact, length)?;
    let directory = Directory::read(&mut archive, length).map_err(whole)?;
    let entries = directory.entries().map_err(whole)?;
    let ends = ends(&entries, directory.start).map_err(whole)?;
    let one = |flaw: EntryFlaw| ArchiveError::Entry { artifact: artifact.to_owned(), path: path.to_owned(), flaw };

    let found: Vec<_> = entries.iter().filter(|entry| entry.name == path.as_bytes()).collect();
    let entry = match found.as_slice() {
        [entry] => *entry,
        [] => return Err(absent(&entries, artifact, path)),
        repeated => return Err(one(EntryFlaw::Repeated(repeated.len()))),
    };
    check(entry, limit).map_err(one)?;
    let end = ends.iter().copied().find(|end| *end > entry.offset).unwrap_or(directory.start);
    let start = content_start(&mut archive, entry, end).map_err(one)?;
    unpack(&mut archive, entry, start).map_err(one)
}

fn archive_error(artifact: &str, flaw: ArchiveFlaw) -> ArchiveError {
    ArchiveError::Archive { artifact: artifact.to_owned(), flaw }
}

/// The sorted offsets at which entries have to end: the starts of the others, and the start of the directory.
///
/// What an entry needs at least is its header, its name and its packed bytes. More is known only of the entry whose
/// header is read, see [`content_start`].
fn ends(entries: &[Entry<'_>], directory: u64) -> Result<Vec<u64>, ArchiveFlaw> {
    let mut spans: Vec<(u64, u64)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let least = entry.packed.checked_add(LOCAL_SIZE + entry.name.len() as u64);
        let end = least.and_then(|least| least.checked_add(entry.offset));
        let end = end.filter(|end| *end <= directory);
        spans.push((entry.offset, end.ok_or(ArchiveFlaw::Inconsistent("an entry reaches into the directory"))?));
    }
    spans.sort_unstable();
    let overlap = spans.iter().zip(spans.iter().skip(1)).any(|((_, end), (start, _))| end > start);
    if overlap { Err(ArchiveFlaw::Overlap) } else { Ok(spans.into_iter().map(|(start, _)| start).collect()) }
}

fn absent(entries: &[Entry<'_>], artifact: &str, path: &str) -> ArchiveError {
    let names = entries.iter().map(|entry| String::from_utf8_lossy(entry.name));
    let files: Vec<_> = names.filter(|name| !name.ends_with('/')).collect();
    let mut similar: Vec<String> =
        files.iter().filter(|name| gist(name).eq(gist(path))).map(|name| name.clone().into_owned()).collect();
    similar.sort_by_key(|name| (name.len(), name.clone()));
    similar.truncate(SIMILAR_LIMIT);
    ArchiveError::Absent { artifact: artifact.to_owned(), path: path.to_owned(), files: files.len(), similar }
}

/// What is left of a path without folders, ending, case and punctuation: the part that people remember.
fn gist(path: &str) -> impl Iterator<Item = char> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}
