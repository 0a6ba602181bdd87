//! Builds zip archives for tests, above all malformed ones that no tool would write.

/// One entry. [`Member::new`] is a correct one; tests change what should be wrong.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) name: Vec<u8>,
    /// The name in the local header.
    pub(super) local_name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) local_method: u16,
    pub(super) crc: u32,
    /// The content as it is in the archive.
    pub(super) packed: Vec<u8>,
    /// The declared size of the packed content.
    pub(super) packed_size: u32,
    /// The declared size of the unpacked content.
    pub(super) size: u32,
    pub(super) mode: u32,
    /// Where the directory says that the entry is, if that is not where it is.
    pub(super) offset: Option<u32>,
    /// Extra fields of the entry in the directory.
    pub(super) extra: Vec<u8>,
    pub(super) local_extra: Vec<u8>,
    pub(super) local_flags: Option<u16>,
    /// Checksum, packed size and size in the local header, if they are not those of the directory.
    pub(super) local_numbers: Option<[u32; 3]>,
    /// What follows the content, if that is not the usual data descriptor.
    pub(super) descriptor: Option<Vec<u8>>,
}

impl Member {
    pub(super) fn new(name: &str, content: &[u8]) -> Self {
        let size = u32::try_from(content.len()).unwrap();
        Member {
            name: name.into(),
            local_name: name.into(),
            flags: 0,
            method: 0,
            local_method: 0,
            crc: crc32(content),
            packed: content.to_vec(),
            packed_size: size,
            size,
            mode: 0o100_644,
            offset: None,
            extra: Vec::new(),
            local_extra: Vec::new(),
            local_flags: None,
            local_numbers: None,
            descriptor: None,
        }
    }

    /// An entry with this content deflated.
    pub(super) fn deflated(name: &str, content: &[u8]) -> Self {
        let packed = deflate(content);
        let packed_size = u32::try_from(packed.len()).unwrap();
        Member { method: 8, local_method: 8, packed, packed_size, ..Member::new(name, content) }
    }

    /// The same entry with something changed.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Member)) -> Self {
        change(&mut self);
        self
    }

    fn local(&self) -> Vec<u8> {
        // With bit 3 the header leaves sizes and checksum open, and a data descriptor follows the content.
        let flags = self.local_flags.unwrap_or(self.flags);
        let open = flags & 8 != 0;
        let known = [self.crc, self.packed_size, self.size];
        let numbers = self.local_numbers.unwrap_or(if open { [0; 3] } else { known });
        let mut bytes = b"PK\x03\x04".to_vec();
        for number in [20, flags, self.local_method, 0, 0x21] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(numbers.map(u32::to_le_bytes).concat());
        bytes.extend([short(&self.local_name), short(&self.local_extra)].concat());
        bytes.extend([&self.local_name[..], &self.local_extra, &self.packed].concat());
        if let Some(descriptor) = &self.descriptor {
            bytes.extend(descriptor);
        } else if open {
            bytes.extend(b"PK\x07\x08");
            bytes.extend(known.map(u32::to_le_bytes).concat());
        }
        bytes
    }

    fn central(&self, offset: u32) -> Vec<u8> {
        let mut bytes = b"PK\x01\x02\x14\x03\x14\x00".to_vec();
        for number in [self.flags, self.method, 0, 0x21] {
            bytes.extend(number.to_le_bytes());
        }
        for number in [self.crc, self.packed_size, self.size] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend([short(&self.name), short(&self.extra)].concat());
        bytes.extend([0; 6]);
        bytes.extend((self.mode << 16).to_le_bytes());
        bytes.extend(self.offset.unwrap_or(offset).to_le_bytes());
        bytes.extend([&self.name[..], &self.extra].concat());
        bytes
    }
}

/// An extra field.
pub(super) fn extra(id: u16, content: &[u8]) -> Vec<u8> {
    [&id.to_le_bytes()[..], &short(content), content].concat()
}

/// The zip64 extra field with these numbers.
pub(super) fn zip64(numbers: &[u64]) -> Vec<u8> {
    extra(1, &numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>())
}

/// The Unicode path extra field of an entry whose header has the path `of`.
pub(super) fn unicode_path(of: &str, path: &str) -> Vec<u8> {
    extra(0x7075, &[&[1], &crc32(of.as_bytes()).to_le_bytes()[..], path.as_bytes()].concat())
}

/// An archive of these members, with zip64 end records if there are many.
pub(super) fn archive(members: &[Member]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        directory.extend(member.central(u32::try_from(bytes.len()).unwrap()));
        bytes.extend(member.local());
    }
    let start = u32::try_from(bytes.len()).unwrap();
    bytes.extend(&directory);
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX);
    bytes.extend(end(count, u32::try_from(directory.len()).unwrap(), start));
    if members.len() < usize::from(u16::MAX) { bytes } else { with_zip64_end(&bytes, members.len() as u64) }
}

/// An end record without a comment.
pub(super) fn end(count: u16, size: u32, start: u32) -> Vec<u8> {
    let mut bytes = b"PK\x05\x06\x00\x00\x00\x00".to_vec();
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

/// The same archive with zip64 end records, and a reference to them in the usual one.
pub(super) fn with_zip64_end(archive: &[u8], count: u64) -> Vec<u8> {
    let (body, end) = archive.split_at(archive.len() - 22);
    let number = |range: std::ops::Range<usize>| u64::from(u32::from_le_bytes(end[range].try_into().unwrap()));
    let mut bytes = body.to_vec();
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [count, count, number(12..16), number(16..20)] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\x00\x00\x00\x00");
    bytes.extend((body.len() as u64).to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(self::end(u16::MAX, u32::MAX, u32::MAX));
    bytes
}

fn short(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap().to_le_bytes()
}

/// A deflate stream of this content, taken out of an archive that the zip library wrote.
fn deflate(content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::DEFAULT.compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("x", options).unwrap();
    writer.write_all(content).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let size = u32::from_le_bytes(bytes[18..22].try_into().unwrap()) as usize;
    bytes[31..31 + size].to_vec()
}

/// CRC-32 as zip archives use it, bit by bit.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
