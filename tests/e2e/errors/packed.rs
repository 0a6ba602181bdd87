//! Zip archives made byte by byte, so that each of them can be wrong in one place.

use std::io::{Cursor, Read, Write};

/// An entry: what the archive says of it, and its content.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) content: Vec<u8>,
    pub(super) method: u16,
    pub(super) flags: u16,
    /// Unix file type and permissions.
    pub(super) mode: u32,
    pub(super) crc: u32,
    pub(super) size: u32,
    /// Where the directory says that it starts, where it does not start there.
    pub(super) offset: Option<u32>,
}

/// A regular file without compression.
pub(super) fn entry(name: &str, content: &[u8]) -> Entry {
    Entry {
        name: name.to_owned(),
        content: content.to_vec(),
        method: 0,
        flags: 0,
        mode: 0o100_644,
        crc: crc32fast::hash(content),
        size: u32::try_from(content.len()).unwrap(),
        offset: None,
    }
}

/// A regular file that deflate has packed.
pub(super) fn deflated(name: &str, content: &[u8]) -> Entry {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    let mut packed = Vec::new();
    let mut archive = zip::ZipArchive::new(writer.finish().unwrap()).unwrap();
    archive.by_index_raw(0).unwrap().read_to_end(&mut packed).unwrap();
    Entry { content: packed, method: 8, ..Entry { content: Vec::new(), ..entry(name, content) } }
}

/// An archive of these entries.
pub(super) fn archive(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let start = u32::try_from(bytes.len()).unwrap();
        let name = u16::try_from(entry.name.len()).unwrap();
        let mut common = Vec::new();
        for number in [20, entry.flags, entry.method, 0, 33] {
            common.extend(u16::to_le_bytes(number));
        }
        for number in [entry.crc, u32::try_from(entry.content.len()).unwrap(), entry.size] {
            common.extend(number.to_le_bytes());
        }
        common.extend(name.to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend([0; 2]); // length of the extra fields
        bytes.extend(entry.name.as_bytes());
        bytes.extend(&entry.content);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 8]); // lengths of extra fields and comment, disk, internal attributes
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(entry.offset.unwrap_or(start).to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let start = u32::try_from(bytes.len()).unwrap();
    let count = u16::try_from(entries.len()).unwrap();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([u32::try_from(directory.len()).unwrap().to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0; 2]); // length of the comment
    bytes
}

/// An archive of one regular file.
pub(super) fn one(name: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    archive(&[entry(name, content.as_ref())])
}

#[test]
fn an_archive_without_a_fault_is_read_by_others() {
    let bytes = archive(&[entry("a.yml", b"one"), deflated("b/c.json", &[b'x'; 5000])]);
    let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for (name, content) in [("a.yml", b"one".to_vec()), ("b/c.json", vec![b'x'; 5000])] {
        let mut found = Vec::new();
        read.by_name(name).unwrap().read_to_end(&mut found).unwrap();
        assert_eq!(found, content, "{name}");
    }
}
