//! A large archive of which only some parts are fetched gives the same file, or the same error, as the whole archive.

use super::file;
use super::hostile::{Member, archive, with_zip64_end};
use crate::artifact::archive::Parts;
use crate::fault::Fault;
use std::io::Cursor;
use std::ops::Range;

const PATH: &str = "appspec.yaml";
const APPSPEC: &[u8] = b"version: 0.0\n";
const LIMIT: u64 = 1 << 20;

fn honest() -> Member {
    Member::deflated(PATH, APPSPEC)
}

/// A member that is too large to be fetched with its neighbours.
fn large(name: &str) -> Member {
    Member::new(name, &vec![7; 600_000])
}

/// Fetches what is missing for these files, and reads the first of them.
fn fetch(bytes: &[u8], end: u64, paths: &[&str]) -> (Result<Vec<u8>, Fault>, Vec<Range<u64>>) {
    let length = bytes.len() as u64;
    let mut zip = Parts::new(Cursor::new(vec![0; bytes.len()]), length);
    let (mut part, mut fetched) = (length.saturating_sub(end)..length, Vec::new());
    let wanted: Vec<(&str, u64)> = paths.iter().map(|path| (*path, LIMIT)).collect();
    loop {
        let place = usize::try_from(part.start).unwrap()..usize::try_from(part.end).unwrap();
        zip.bytes().get_mut()[place.clone()].copy_from_slice(&bytes[place]);
        zip.add(part.clone());
        fetched.push(part);
        part = match zip.missing(&wanted) {
            Some(missing) => missing,
            None => return (zip.file("Src", paths[0], LIMIT), fetched),
        };
    }
}

/// Reads an archive in parts, of which there must be so many, and as a whole.
#[track_caller]
fn same(bytes: &[u8], path: &str, count: usize) -> Result<Vec<u8>, String> {
    let (in_parts, fetched) = fetch(bytes, 0, &[path]);
    let whole = file(Cursor::new(bytes), "Src", path, LIMIT);
    let said = |read: Result<Vec<u8>, Fault>| read.map_err(|fault| fault.to_string());
    let in_parts = said(in_parts);
    assert_eq!(in_parts, said(whole));
    // The first range is empty.
    assert_eq!(fetched.len() - 1, count, "{fetched:?}");
    let total: u64 = fetched.iter().map(|part| part.end - part.start).sum();
    assert!(total < 600_000 + 400_000, "{fetched:?}");
    in_parts
}

#[test]
fn a_file_anywhere_in_a_large_archive_is_read() {
    let (one, two) = (large("one"), large("two"));
    let open = honest().with(|member| member.flags = 8);
    let extra = honest().with(|member| member.local_extra = [&b"UT\x00\x01"[..], &[0; 256]].concat());
    for (members, count) in [
        ([honest(), one.clone(), two.clone()], 2),
        ([one.clone(), honest(), two.clone()], 2),
        ([one.clone(), two.clone(), honest()], 1),
        ([one.clone(), open, two.clone()], 2),
        ([extra, one, two], 2),
    ] {
        let bytes = archive(&members);
        assert_eq!(same(&bytes, PATH, count).as_deref(), Ok(APPSPEC));
        assert_eq!(same(&with_zip64_end(&bytes, 3), PATH, count).as_deref(), Ok(APPSPEC));
    }
}

#[test]
fn a_comment_at_the_end_and_bytes_in_front_change_nothing() {
    let mut commented = archive(&[honest(), large("one"), large("two")]);
    let length = commented.len();
    commented[length - 2..].copy_from_slice(&u16::MAX.to_le_bytes());
    commented.extend(vec![b'c'; 0xffff]);
    // The comment leaves no room for the directory in what is fetched first.
    assert_eq!(same(&commented, PATH, 3).as_deref(), Ok(APPSPEC));
    let prefixed = [&[b'#'; 2_000][..], &archive(&[honest(), large("one"), large("two")])].concat();
    assert!(same(&prefixed, PATH, 1).unwrap_err().starts_with("ZIP02: artifact Src is a damaged zip archive"));
}

#[test]
fn a_directory_larger_than_the_end_is_fetched() {
    let many = (0..4_000).map(|at| Member::new(&format!("{at:0>60}"), b""));
    let members: Vec<Member> = [honest(), large("one")].into_iter().chain(many).collect();
    assert_eq!(same(&archive(&members), PATH, 3).as_deref(), Ok(APPSPEC));
}

#[test]
fn what_is_refused_as_a_whole_is_refused_in_parts() {
    let (one, two) = (large("one"), large("two"));
    let with = |member: Member| archive(&[member, one.clone(), two.clone()]);
    let whole = with(honest());
    let page = [b"<!DOCTYPE html><html>".to_vec(), vec![b' '; 700_000]].concat();
    for (bytes, count, code) in [
        (whole[..whole.len() - 1].to_vec(), 2, "ZIP02"),
        (whole[..900_000].to_vec(), 2, "ZIP02"),
        (page, 2, "ZIP01"),
        (with(honest().with(|member| member.crc ^= 1)), 2, "ZIP03"),
        (with(honest().with(|member| member.local_name = b"appspec.yamL".to_vec())), 2, "ZIP04"),
        (with(honest().with(|member| member.local_numbers = Some([0; 3]))), 2, "ZIP04"),
        (archive(&[honest(), one.clone(), two.clone(), honest()]), 2, "ZIP04"),
        (with(honest().with(|member| member.flags = 1)), 1, "ZIP05"),
        (with(honest().with(|member| member.mode = 0o120_777)), 1, "ZIP05"),
        (with(honest().with(|member| (member.method, member.local_method) = (99, 99))), 1, "ZIP05"),
        (with(Member::deflated(PATH, &vec![b'x'; (1 << 20) + 1])), 1, "ZIP06"),
        (with(honest().with(|member| member.size = 5)), 2, "ZIP06"),
        (archive(&[honest(), one.clone(), two.clone().with(|member| member.offset = Some(0))]), 1, "ZIP07"),
        (archive(&[one.clone(), two.clone()]), 1, "APP01"),
    ] {
        let said = same(&bytes, PATH, count).unwrap_err();
        assert!(said.starts_with(code), "{said}");
    }
}

#[test]
fn neighbours_are_fetched_together_and_others_apart() {
    let (one, two) = (large("one"), large("two"));
    let other = || Member::new("taskdef.json", b"{}");
    for (members, count) in [([honest(), other(), one.clone(), two.clone()], 1), ([honest(), one, other(), two], 2)] {
        let bytes = archive(&members);
        let (read, fetched) = fetch(&bytes, 200_000, &[PATH, "taskdef.json"]);
        assert_eq!(read.unwrap(), APPSPEC);
        assert_eq!(fetched.len() - 1, count, "{fetched:?}");
    }
}

#[test]
fn an_archive_that_fits_into_the_first_part_needs_no_other() {
    let bytes = archive(&[honest(), large("one")]);
    let (read, fetched) = fetch(&bytes, 1 << 20, &[PATH]);
    assert_eq!((read.unwrap().as_slice(), fetched.len()), (APPSPEC, 1));
}

#[test]
fn what_was_not_fetched_is_not_read_as_zeros() {
    let bytes = archive(&[honest(), large("one"), large("two")]);
    let length = bytes.len() as u64;
    let mut zip = Parts::new(Cursor::new(bytes), length);
    zip.add(length - 100_000..length);
    let refused = zip.file("Src", PATH, LIMIT).unwrap_err();
    assert_eq!(refused.code(), "ZIP03", "{refused}");
}
