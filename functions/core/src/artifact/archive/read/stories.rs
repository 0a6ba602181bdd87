//! The directory, the headers in front of the contents, the extra fields and the data descriptors of an archive must
//! all describe the same files. The archives of common tools do.

mod mutate;

use super::file;
use super::hostile::{Member, archive, crc32, extra, unicode_path, zip64};
use crate::random::Random;
use std::io::Cursor;

const PATH: &str = "appspec.yaml";
const APPSPEC: &[u8] = b"version: 0.0\n";

fn honest() -> Member {
    Member::deflated(PATH, APPSPEC)
}

fn streamed() -> Member {
    honest().with(|member| member.flags = 8)
}

fn read(bytes: &[u8], path: &str) -> Result<Vec<u8>, String> {
    file(Cursor::new(bytes), "Src", path, 1 << 20).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(members: &[Member], why: &str) {
    let said = read(&archive(members), PATH).unwrap_err();
    assert!(said.contains(why), "{said}");
}

#[track_caller]
fn accepted(members: &[Member]) {
    assert_eq!(read(&archive(members), PATH).as_deref(), Ok(APPSPEC));
}

/// Every archive of a common tool in `fixtures/archives`, by name.
fn of_tools() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/archives");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    found.sort();
    found
}

#[test]
fn archives_of_common_tools_are_read() {
    let all = of_tools();
    assert!(all.len() > 15, "{}", all.len());
    for (name, bytes) in all {
        let prefix = if name.contains("prefix") { "repo-1/" } else { "" };
        assert_eq!(read(&bytes, &format!("{prefix}{PATH}")).as_deref(), Ok(APPSPEC), "{name}");
        let umlaut = format!("{prefix}déploi/{PATH}");
        if bytes.windows(umlaut.len()).any(|window| window == umlaut.as_bytes()) {
            assert_eq!(read(&bytes, &umlaut).as_deref(), Ok(APPSPEC), "{name}");
        }
    }
}

/// What tools write that are not on every machine: Go, macOS, 7-Zip, commons-compress, zipalign.
#[test]
fn archives_as_other_tools_write_them_are_read() {
    let other = || Member::new("other.txt", b"x");
    let crc = crc32(APPSPEC).to_le_bytes();
    let packed = u64::from(honest().packed_size);
    let size = APPSPEC.len() as u64;
    let wide = [&b"PK\x07\x08"[..], &crc, &packed.to_le_bytes(), &size.to_le_bytes()].concat();
    let narrow = [&crc[..], &u32::try_from(packed).unwrap().to_le_bytes(), &13_u32.to_le_bytes()].concat();
    let go = streamed().with(|member| member.flags = 0x808);
    let apple = streamed().with(|member| {
        member.extra = extra(0x5855, &[7; 8]);
        member.local_extra = extra(0x5855, &[7; 12]);
    });
    let unix_and_windows_times = honest().with(|member| {
        member.extra = [extra(0x000a, &[0; 32]), extra(0x7875, &[1; 11])].concat();
        member.local_extra = extra(0x5455, &[3; 9]);
    });
    let always_zip64 = honest().with(|member| {
        member.local_numbers = Some([member.crc, u32::MAX, u32::MAX]);
        member.local_extra = zip64(&[size, packed]);
        member.extra = zip64(&[size, packed, 0]);
    });
    for member in [
        go.clone(),
        apple,
        unix_and_windows_times,
        always_zip64,
        honest().with(|member| member.local_extra = vec![0; 3]),
        streamed().with(|member| member.descriptor = Some(narrow.clone())),
        streamed().with(|member| member.descriptor = Some(wide.clone())),
        streamed().with(|member| member.descriptor = Some(wide[4..].to_vec())),
        streamed().with(|member| member.local_numbers = Some([0, 0, member.size])),
        streamed().with(|member| {
            member.local_numbers = Some([member.crc, member.packed_size, member.size]);
            member.descriptor = Some(Vec::new());
        }),
        honest().with(|member| member.extra = unicode_path(PATH, PATH)),
        honest().with(|member| member.local_flags = Some(0x800)),
    ] {
        accepted(std::slice::from_ref(&member));
        accepted(&[member, other()]);
    }
    accepted(&[other(), go]);
    // Info-ZIP gives names outside of ASCII a Unicode path where the locale is not UTF-8.
    accepted(&[Member::new("d#U00e9/x", b"").with(|it| it.extra = unicode_path("d#U00e9/x", "dé/x")), honest()]);
}

#[test]
fn a_unicode_path_that_is_another_one_is_refused() {
    let why = "its Unicode path extra field names another file";
    for field in [
        unicode_path(PATH, "evil.yaml"),
        unicode_path("stale.yaml", "evil.yaml"),
        unicode_path(PATH, ""),
        extra(0x7075, b"\x02\0\0\0\0appspec.yaml2"),
        extra(0x7075, b""),
        b"\x75\x70\xff\xff\x01\0\0\0\0appspec.yaml".to_vec(),
        [unicode_path(PATH, PATH), unicode_path(PATH, "evil.yaml")].concat(),
        [extra(0x5455, &[3; 9]), unicode_path(PATH, "evil.yaml")].concat(),
    ] {
        refused(&[honest().with(|member| member.extra.clone_from(&field))], why);
        refused(&[honest().with(|member| member.local_extra.clone_from(&field))], why);
        refused(&[honest().with(|member| (member.extra, member.local_extra) = (field.clone(), field.clone()))], why);
    }
    let evil = Member::new("evil.yaml", b"evil").with(|member| member.extra = unicode_path("evil.yaml", PATH));
    refused(&[honest(), evil.clone()], "appears 2 times");
    refused(&[evil], "it is the path only in a Unicode path extra field");
}

#[test]
fn sizes_and_checksums_that_differ_are_refused() {
    let numbers = |numbers: [u32; 3]| honest().with(|member| member.local_numbers = Some(numbers));
    let Member { crc, packed_size: packed, size, .. } = honest();
    refused(&[numbers([crc, packed, size + 1])], "the sizes differ");
    refused(&[numbers([crc, packed - 1, size])], "the sizes differ");
    refused(&[numbers([crc, 0, 0])], "the sizes differ");
    refused(&[numbers([crc, u32::MAX, u32::MAX])], "the sizes differ");
    refused(&[numbers([crc ^ 1, packed, size])], "the checksums differ");
    refused(&[numbers([0, packed, size])], "the checksums differ");
    let open = |numbers: [u32; 3]| streamed().with(|member| member.local_numbers = Some(numbers));
    refused(&[open([0, 0, 999])], "the sizes differ");
    refused(&[open([0, 999, 0])], "the sizes differ");
    refused(&[open([1, 0, 0])], "the checksums differ");
    // Only the directory says that the sizes follow.
    refused(&[streamed().with(|it| (it.local_flags, it.local_numbers) = (Some(0), Some([0; 3])))], "the sizes differ");
    let central = |extra: Vec<u8>| honest().with(|member| member.extra = extra);
    let damaged = "damaged zip archive";
    refused(&[central(zip64(&[999]))], damaged);
    refused(&[central(zip64(&[u64::from(size), 999]))], damaged);
    refused(&[central([zip64(&[]), zip64(&[])].concat())], damaged);
    let local = |extra: Vec<u8>| honest().with(|member| member.local_extra = extra);
    refused(&[local(zip64(&[999, u64::from(packed)]))], "the sizes differ");
    let large = |extra: Vec<u8>| local(extra).with(|it| it.local_numbers = Some([it.crc, u32::MAX, u32::MAX]));
    accepted(&[large(zip64(&[u64::from(size), u64::from(packed)]))]);
    refused(&[large(zip64(&[u64::from(size), 999]))], "the sizes differ");
    refused(&[large(zip64(&[u64::from(packed), u64::from(size)]))], "the sizes differ");
    refused(&[large(zip64(&[u64::from(size)]))], "the sizes differ");
}

#[test]
fn a_data_descriptor_that_differs_is_refused() {
    let Member { crc, packed_size, size, .. } = honest();
    for numbers in [[crc ^ 1, packed_size, size], [crc, packed_size + 1, size], [crc, packed_size, size + 1], [0; 3]] {
        for signature in [&b"PK\x07\x08"[..], b""] {
            let descriptor = [signature, &numbers.map(u32::to_le_bytes).concat()].concat();
            let member = streamed().with(|member| member.descriptor = Some(descriptor));
            refused(&[member.clone(), Member::new("b", b"")], "the data descriptor differs");
            refused(
                &[member.with(|member| member.local_numbers = Some([crc, packed_size, size]))],
                "descriptor differs",
            );
        }
    }
    refused(&[streamed().with(|member| member.descriptor = Some(Vec::new()))], "the data descriptor differs");
    refused(&[streamed().with(|member| member.descriptor = Some(vec![0; 11]))], "the data descriptor differs");
}

#[test]
fn names_that_some_reader_takes_for_the_path_are_refused() {
    for name in ["./appspec.yaml", "/appspec.yaml", "x/../appspec.yaml", ".\\appspec.yaml", "appspec.yaml\0.txt"] {
        refused(&[Member::new(name, b"evil"), honest()], "appears 2 times");
    }
    accepted(&[honest(), Member::new("x/appspec.yaml", b"x"), Member::new("Appspec.yaml", b"x")]);
    accepted(&[honest(), Member::new("appspec.yaml.txt", b"x"), Member::new("x/", b"")]);
    let name = "é.yaml";
    let odd = Member::new(name, b"x").with(|member| member.local_flags = Some(0x800));
    let said = read(&archive(&[odd]), name).unwrap_err();
    assert!(said.contains("the encodings of the names differ"), "{said}");
    // macOS writes UTF-8 and does not say so.
    assert_eq!(read(&archive(&[Member::new(name, b"x")]), name).as_deref(), Ok(&b"x"[..]));
}

#[test]
fn a_reader_from_header_to_header_sees_the_same_files() {
    let evil = Member::new("x", b"evil").with(|member| member.local_name = PATH.into());
    let long = evil.clone().with(|member| member.name = b"other-x.yaml".to_vec());
    for evil in [evil, long] {
        refused(&[evil, honest()], "an entry has the path of another one in its header");
    }
    let hidden = "it has an entry that is not in the directory";
    let inner = Member::new(PATH, b"evil");
    let local = |member: &Member| archive(std::slice::from_ref(member))[..30 + PATH.len() + 4].to_vec();
    let between = [local(&inner), b"PK\x07\x08".iter().chain(&[0; 12]).copied().collect()].concat();
    refused(&[Member::new("b", b"").with(|it| it.descriptor = Some(between.clone())), honest()], hidden);
    refused(&[honest().with(|it| it.descriptor = Some(local(&inner)))], hidden);
    let Member { crc, packed_size, size, .. } = honest();
    let usual = [&b"PK\x07\x08"[..], &[crc, packed_size, size].map(u32::to_le_bytes).concat()].concat();
    refused(&[streamed().with(|it| it.descriptor = Some([usual, local(&inner)].concat()))], hidden);
    // An archive in an archive, stored, is content.
    accepted(&[Member::new("inner.zip", &archive(&[inner])), honest()]);
}

/// Why the directory is read here and not by the zip library. If this fails with another version, look at it again.
#[test]
fn the_zip_library_alone_reads_archives_that_tell_two_stories() {
    let library = |bytes: &[u8]| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut content = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(PATH).unwrap(), &mut content).unwrap();
        content
    };
    let other = || Member::new(PATH, b"version: 1\n");
    let twice = archive(&[other(), honest()]);
    let another_name = archive(&[honest().with(|member| member.local_name = b"taskdef.json".to_vec())]);
    let one_after_the_other = [archive(&[other()]), archive(&[honest()])].concat();
    for bytes in [twice, another_name, one_after_the_other] {
        assert_eq!(library(&bytes).as_bytes(), APPSPEC);
        read(&bytes, PATH).unwrap_err();
    }
}

#[test]
fn there_is_one_end_record_only() {
    let with_comment = |comment: &[u8]| {
        let mut bytes = archive(&[honest()]);
        let length = bytes.len();
        bytes[length - 2..].copy_from_slice(&u16::try_from(comment.len()).unwrap().to_le_bytes());
        [bytes, comment.to_vec()].concat()
    };
    assert_eq!(read(&with_comment(b"the commit of this archive PK"), PATH).as_deref(), Ok(APPSPEC));
    let empty = archive(&[]);
    for comment in [empty.clone(), [&empty[..], b"x"].concat(), [b"x", &empty[..]].concat()] {
        let said = read(&with_comment(&comment), PATH).unwrap_err();
        assert_eq!(said, "ZIP02: artifact Src is a damaged zip archive (it has two end records)");
    }
}

/// After any change to an archive of a common tool, it is refused or the file is unchanged. A failure names the seed of
/// the archive. `tests/e2e/readers.rs` compares more of them with other readers.
#[test]
fn changed_archives_are_refused_or_the_same() {
    let wanted = 6_000;
    let all: Vec<Vec<u8>> =
        of_tools().into_iter().filter(|(name, _)| !name.contains("prefix")).map(|it| it.1).collect();
    let mut read_anyway = 0;
    for seed in 0..wanted {
        let mut random = Random::new(seed);
        let original = &all[random.below(all.len())];
        let changed = mutate::mutated(original, &all, &mut random);
        if let Ok(found) = read(&changed, PATH) {
            assert_eq!(found, APPSPEC, "seed {seed}");
            read_anyway += u64::from(changed != *original);
        }
    }
    assert!(read_anyway > wanted / 50, "only {read_anyway} are read");
}
