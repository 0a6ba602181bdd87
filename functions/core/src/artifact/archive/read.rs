//! Reads one named file from an untrusted zip archive.

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod in_parts;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod tests;

use super::directory::{Directory, Entry, LOCAL_SIZE};
use super::entry::{check, unpack};
use super::error::{self, inconsistent, overlapping, repeated, too_large, two_stories, unreadable};
use super::extra::unicode_paths;
use super::limits::ARCHIVE_LIMIT;
use super::local::{self, check_others, content_start};
use super::name::check_name;
use super::parts::Parts;
use crate::fault::{Fault, shown};
use std::io::{Read, Seek};
use std::ops::Range;

/// How many similar paths a message names.
const SIMILAR_LIMIT: usize = 3;

/// Refuses an archive of more than [`ARCHIVE_LIMIT`] bytes. Call it before downloading the archive.
pub fn check_size(artifact: &str, size: u64) -> Result<(), Fault> {
    if size > ARCHIVE_LIMIT {
        return Err(too_large(size).about(format_args!("artifact {}", shown(artifact))));
    }
    Ok(())
}

/// The content of one file in an untrusted archive, of at most `limit` bytes.
///
/// `artifact` is what messages call the archive. Nothing is written to disk, and at most 16 MiB in addition to the
/// content are held in memory, whatever the archive declares. Refused are archives that two readers could understand in
/// two ways, entries that overlap, and a wanted file that is repeated, linked, encrypted, too large or damaged.
pub fn file<R: Read + Seek>(archive: R, artifact: &str, path: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let archive = Parts::whole(archive);
    let mut archive = archive.map_err(|error| unreadable(error).about(format_args!("artifact {}", shown(artifact))))?;
    read(&mut archive, artifact, path, limit)
}

pub(super) fn read<R: Read + Seek>(
    archive: &mut Parts<R>,
    artifact: &str,
    path: &str,
    limit: u64,
) -> Result<Vec<u8>, Fault> {
    check_name(path)?;
    let whole = |fault: Fault| fault.about(format_args!("artifact {}", shown(artifact)));
    check_size(artifact, archive.length())?;
    let directory = Directory::read(archive).map_err(whole)?;
    let ends = ends(&directory).map_err(whole)?;
    let one = |fault: Fault| fault.about(format_args!("\"{}\" in artifact {}", shown(path), shown(artifact)));

    let Some(entry) = directory.entries().find(|entry| entry.name == path.as_bytes()) else {
        let alias = directory.entries().any(|entry| unicode_paths(entry.extra).any(|name| name == path.as_bytes()));
        if alias {
            return Err(one(two_stories("it is the path only in a Unicode path extra field")));
        }
        return Err(absent(&directory, artifact, path));
    };
    match directory.entries().filter(|entry| can_be(entry, path)).count() {
        0 | 1 => {}
        many => return Err(one(repeated(many))),
    }
    check(&entry, limit).map_err(one)?;
    check_others(archive, directory.entries(), &ends, directory.start, path).map_err(whole)?;
    let end = end_of(&entry, &ends, &directory);
    let start = content_start(archive, &entry, end).map_err(one)?;
    unpack(archive, &entry, start).map_err(one)
}

/// The sorted offsets at which entries have to end: the starts of the others, and the start of the directory.
///
/// An entry needs at least its header, its name and its packed bytes. More is known only of the entry whose header is
/// read, see [`content_start`].
pub(super) fn ends(directory: &Directory) -> Result<Vec<u64>, Fault> {
    let mut spans: Vec<(u64, u64)> = Vec::new();
    for entry in directory.entries() {
        let least = entry.packed.checked_add(LOCAL_SIZE + entry.name.len() as u64);
        let end = least.and_then(|least| least.checked_add(entry.offset));
        let end = end.filter(|end| *end <= directory.start);
        spans.push((entry.offset, end.ok_or_else(|| inconsistent("an entry reaches into the directory"))?));
    }
    spans.sort_unstable();
    let overlap = spans.iter().zip(spans.iter().skip(1)).any(|((_, end), (start, _))| end > start);
    if overlap { Err(overlapping()) } else { Ok(spans.into_iter().map(|(start, _)| start).collect()) }
}

fn end_of(entry: &Entry<'_>, ends: &[u64], directory: &Directory) -> u64 {
    ends.iter().copied().find(|end| *end > entry.offset).unwrap_or(directory.start)
}

/// The bytes that [`read`] reads of a file. `None` if there is no such file, or none of at most `limit` bytes.
pub(super) fn span(directory: &Directory, ends: &[u64], path: &str, limit: u64) -> Option<Range<u64>> {
    let entry = directory.entries().find(|entry| entry.name == path.as_bytes())?;
    check(&entry, limit).ok()?;
    Some(local::span(&entry, end_of(&entry, ends, directory)))
}

/// Whether some reader would resolve an entry to this path: a reader that stops at the first NUL, that uses the Unicode
/// path, or that unpacks to disk, where `./a` is `a`.
fn can_be(entry: &Entry<'_>, path: &str) -> bool {
    let is_path = |name: &[u8]| {
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        let mut segments: Vec<&[u8]> = Vec::new();
        for segment in name.split(|byte| matches!(byte, b'/' | b'\\')) {
            match segment {
                b"" | b"." => {}
                b".." => drop(segments.pop()),
                _ => segments.push(segment),
            }
        }
        !name.ends_with(b"/") && segments.into_iter().eq(path.as_bytes().split(|byte| *byte == b'/'))
    };
    is_path(entry.name) || unicode_paths(entry.extra).any(is_path)
}

fn absent(directory: &Directory, artifact: &str, path: &str) -> Fault {
    let wants_image = file_name(path).eq_ignore_ascii_case("imageDetail.json");
    let (mut files, mut similar, mut rolling) = (0, Vec::new(), None);
    for entry in directory.entries() {
        let name = String::from_utf8_lossy(entry.name);
        if name.ends_with('/') {
            continue;
        }
        files += 1;
        if rolling.is_none() && wants_image && file_name(&name).eq_ignore_ascii_case("imagedefinitions.json") {
            rolling = Some(name.clone().into_owned());
        }
        if gist(&name).eq(gist(path)) {
            similar.push(name.into_owned());
            similar.sort_by_key(|name: &String| (name.len(), name.clone()));
            similar.truncate(SIMILAR_LIMIT);
        }
    }
    error::absent(path, artifact, files, &similar, rolling.as_deref())
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A path without folders, extension, case and punctuation: the part that people remember.
fn gist(path: &str) -> impl Iterator<Item = char> {
    let name = file_name(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}
