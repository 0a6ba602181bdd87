use super::hostile::{Member, archive, end, with_zip64_end};
use super::*;
use crate::fault::Kind;
use expect_test::{Expect, expect};
use std::io::Cursor;

const LIMIT: u64 = 1024 * 1024;
const APPSPEC: &[u8] = b"version: 0.0\n";

fn honest() -> Member {
    Member::deflated("appspec.yaml", APPSPEC)
}

fn stored(name: &str) -> Member {
    Member::new(name, APPSPEC)
}

#[track_caller]
fn content(bytes: &[u8]) -> Vec<u8> {
    file(Cursor::new(bytes), "Src", "appspec.yaml", LIMIT).unwrap()
}

#[track_caller]
fn check_bytes(bytes: &[u8], expect: &Expect) {
    let error = file(Cursor::new(bytes), "Src", "appspec.yaml", LIMIT).unwrap_err();
    assert_eq!(error.kind(), Kind::Input);
    expect.assert_eq(&error.to_string());
}

#[track_caller]
fn check(members: &[Member], expect: &Expect) {
    check_bytes(&archive(members), expect);
}

#[test]
fn every_honest_way_to_write_a_zip_archive_is_read() {
    let other = Member::new("taskdef.json", b"{}");
    let open = honest().with(|member| member.flags = 8);
    let dos = honest().with(|member| member.mode = 0);
    let piped = honest().with(|member| member.mode = 0o010_600);
    let folder = Member::new("deploy/", b"").with(|member| member.mode = 0o040_755);
    let large = honest().with(|member| {
        let size = u64::from(member.packed_size).to_le_bytes();
        member.extra = [&b"UT\x01\x00\x09\x01\x00\x10\x00"[..], &size, &[0; 8]].concat();
        member.local_numbers = Some([member.crc, member.packed_size, member.size]);
        member.packed_size = u32::MAX;
        member.offset = Some(u32::MAX);
    });
    let plain = archive(&[other.clone(), honest(), folder]);
    let mut commented = archive(&[open.clone(), other.clone()]);
    let length = commented.len();
    commented[length - 2] = 4;
    commented.extend(b"PK\x05\x06");
    for bytes in [
        with_zip64_end(&plain, 3),
        plain,
        commented,
        archive(&[other.clone(), open]),
        archive(&[dos]),
        archive(&[piped]),
        archive(&[stored("appspec.yaml")]),
        archive(&[large, other]),
    ] {
        assert_eq!(content(&bytes), APPSPEC);
    }
}

#[test]
fn what_is_no_archive_is_named() {
    check_bytes(b"", &expect!["ZIP02: artifact Src is empty (0 bytes)"]);
    check_bytes(
        b"<!DOCTYPE html>\n<html>",
        &expect![[r#"ZIP01: artifact Src is not a zip archive (starts with "<!DOCTYPE html>\n")"#]],
    );
    check_bytes(
        b"\x1f\x8b\x08\x1b[2J",
        &expect![[r#"ZIP01: artifact Src is not a zip archive (starts with "\u{1f}�\u{8}\u{1b}[2J")"#]],
    );
    check_bytes(
        b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>",
        &expect!["ZIP01: artifact Src is an S3 error response (code AccessDenied), not a zip archive"],
    );
    let whole = archive(&[honest()]);
    check_bytes(
        &whole[..whole.len() - 1],
        &expect!["ZIP02: artifact Src is truncated, or followed by other bytes (no end record)"],
    );
    check_bytes(
        &[&whole[..], b"\n"].concat(),
        &expect!["ZIP02: artifact Src is truncated, or followed by other bytes (no end record)"],
    );
}

#[test]
fn the_directory_must_be_where_it_belongs() {
    let whole = archive(&[honest()]);
    check_bytes(
        &[b"#!/bin/sh\n", &whole[..]].concat(),
        &expect!["ZIP02: artifact Src is a damaged zip archive (the directory is not in front of the end record)"],
    );
    let body = &whole[..whole.len() - 22];
    let start = whole.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let size = u32::try_from(body.len() - start).unwrap();
    let start = u32::try_from(start).unwrap();
    check_bytes(
        &[body, &end(2, size, start)].concat(),
        &expect!["ZIP02: artifact Src is a damaged zip archive (the directory has a broken entry)"],
    );
    check_bytes(
        &[body, &end(0, size, start)].concat(),
        &expect![
            "ZIP02: artifact Src is a damaged zip archive (the directory has more entries than the end record says)"
        ],
    );
    check_bytes(
        &[body, &end(1, u32::MAX, u32::MAX)].concat(),
        &expect!["ZIP02: artifact Src is a damaged zip archive (the directory is not in front of the end record)"],
    );
    let mut split = whole.clone();
    split[body.len() + 4] = 1;
    check_bytes(&split, &expect!["ZIP02: artifact Src is a damaged zip archive (a part of a split archive)"]);
    check_bytes(
        &with_zip64_end(&whole, u64::MAX),
        &expect!["ZIP02: artifact Src is a damaged zip archive (the directory has a broken entry)"],
    );
    let mut contradicting = with_zip64_end(&whole, 1);
    let counts = contradicting.len() - 14;
    contradicting[counts..counts + 4].copy_from_slice(&[2, 0, 2, 0]);
    check_bytes(
        &contradicting,
        &expect!["ZIP02: artifact Src is a damaged zip archive (its zip64 end record contradicts its end record)"],
    );
}

#[test]
fn two_readers_must_see_the_same_file() {
    check(
        &[honest(), stored("x"), stored("appspec.yaml")],
        &expect![[r#"ZIP04: "appspec.yaml" in artifact Src appears 2 times"#]],
    );
    check(
        &[honest().with(|member| member.local_name = b"appspec.yam_".to_vec())],
        &expect![[r#"ZIP04: "appspec.yaml" in artifact Src is described in two different ways (the names differ)"#]],
    );
    check(
        &[honest().with(|member| member.local_method = 0)],
        &expect![[
            r#"ZIP04: "appspec.yaml" in artifact Src is described in two different ways (the compression methods differ)"#
        ]],
    );
    let moved = honest().with(|member| (member.offset, member.packed_size) = (Some(3), 1));
    check(
        &[moved],
        &expect![[
            r#"ZIP04: "appspec.yaml" in artifact Src is described in two different ways (it is not where the directory says)"#
        ]],
    );
    // Names that differ are different files, however similar they are.
    assert_eq!(content(&archive(&[stored("APPSPEC.yaml"), honest()])), APPSPEC);
}

#[test]
fn entries_must_not_share_bytes() {
    check(
        &[honest(), stored("b").with(|member| member.offset = Some(0))],
        &expect!["ZIP07: artifact Src has overlapping entries"],
    );
    check(
        &[honest().with(|member| member.packed_size += 1), stored("b")],
        &expect!["ZIP07: artifact Src has overlapping entries"],
    );
    check(
        &[honest().with(|member| member.packed_size = 500)],
        &expect!["ZIP02: artifact Src is a damaged zip archive (an entry reaches into the directory)"],
    );
    let mut reaching = archive(&[honest(), stored("b")]);
    reaching[28] = 9; // length of the extra fields in the first local header
    check_bytes(&reaching, &expect![[r#"ZIP07: "appspec.yaml" in artifact Src overlaps with another entry"#]]);
}

#[test]
fn only_plain_files_are_read() {
    check(
        &[stored("appspec.yaml").with(|member| member.mode = 0o120_777)],
        &expect![[r#"ZIP05: "appspec.yaml" in artifact Src is a symbolic link"#]],
    );
    check(
        &[honest().with(|member| member.mode = 0o020_666)],
        &expect![[r#"ZIP05: "appspec.yaml" in artifact Src is not a regular file"#]],
    );
    check(
        &[honest().with(|member| member.flags = 1)],
        &expect![[r#"ZIP05: "appspec.yaml" in artifact Src is encrypted"#]],
    );
    check(
        &[honest().with(|member| (member.method, member.local_method) = (99, 99))],
        &expect![[r#"ZIP05: "appspec.yaml" in artifact Src uses unsupported compression method 99"#]],
    );
    // Other entries may be anything.
    let link = stored("link").with(|member| member.mode = 0o120_777);
    assert_eq!(content(&archive(&[link, honest()])), APPSPEC);
}

#[test]
fn sizes_are_not_believed() {
    let bomb = Member::deflated("appspec.yaml", &vec![0; 8 * 1024 * 1024]);
    check(std::slice::from_ref(&bomb), &expect![[r#"ZIP06: "appspec.yaml" in artifact Src is larger than 1 MiB"#]]);
    check(
        &[bomb.with(|member| member.size = 10)],
        &expect![[
            r#"ZIP06: "appspec.yaml" in artifact Src does not unpack to the 10 bytes that the archive declares"#
        ]],
    );
    let padded = honest().with(|member| {
        member.packed.resize(2 * 1024 * 1024 + 2, 0);
        member.packed_size = 2 * 1024 * 1024 + 2;
    });
    check(&[padded], &expect![[r#"ZIP06: "appspec.yaml" in artifact Src is larger than 1 MiB"#]]);
    check(
        &[honest().with(|member| member.size += 1)],
        &expect![[
            r#"ZIP06: "appspec.yaml" in artifact Src does not unpack to the 14 bytes that the archive declares"#
        ]],
    );
    check(
        &[honest().with(|member| member.size -= 1)],
        &expect![[
            r#"ZIP06: "appspec.yaml" in artifact Src does not unpack to the 12 bytes that the archive declares"#
        ]],
    );
    check(
        &[stored("appspec.yaml").with(|member| member.size -= 1)],
        &expect![[
            r#"ZIP06: "appspec.yaml" in artifact Src does not unpack to the 12 bytes that the archive declares"#
        ]],
    );
    let full = vec![b'x'; usize::try_from(LIMIT).unwrap()];
    assert_eq!(content(&archive(&[Member::deflated("appspec.yaml", &full)])), full);
    assert_eq!(content(&archive(&[Member::deflated("appspec.yaml", b"")])), b"");
}

#[test]
fn damage_is_found() {
    check(
        &[honest().with(|member| member.crc = 1)],
        &expect![[r#"ZIP03: "appspec.yaml" in artifact Src is damaged: Invalid checksum"#]],
    );
    check(
        &[stored("appspec.yaml").with(|member| member.crc = 1)],
        &expect![[r#"ZIP03: "appspec.yaml" in artifact Src is damaged: Invalid checksum"#]],
    );
    check(
        &[honest().with(|member| member.packed.fill(0xff))],
        &expect![[r#"ZIP03: "appspec.yaml" in artifact Src is damaged: corrupt deflate stream"#]],
    );
    check(
        &[honest().with(|member| member.packed_size -= 1)],
        &expect![[r#"ZIP03: "appspec.yaml" in artifact Src is damaged: incomplete deflate stream"#]],
    );
    // One changed bit anywhere gives an error or the very same file, never another one.
    let bytes = archive(&[honest(), stored("b")]);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(read) = file(Cursor::new(&changed), "Src", "appspec.yaml", LIMIT) {
            assert_eq!(read, APPSPEC, "bit {bit}");
        }
    }
}

#[test]
fn archives_are_bounded() {
    check(
        &vec![stored(&"x".repeat(500)); 15_364],
        &expect!["ZIP08: artifact Src has too many files: their list has 8.4 MB, limit 8 MiB"],
    );
    assert!(check_size("Src", ARCHIVE_LIMIT).is_ok());
    let error = check_size("s3://b/k", 2_040_000_000).unwrap_err();
    assert_eq!(
        error.report(),
        "ZIP09: artifact s3://b/k is 2.1 GB, limit 256 MB\nhint: put the deployment files in a separate artifact"
    );
}

/// The source of a JavaScript monorepo: many small files. Their number alone is no reason to refuse it.
#[test]
fn many_files_are_no_fault() {
    let source = |at: usize| stored(&format!("packages/package-{}/src/file-{at}.js", at % 100));
    for count in [10_001, 65_535] {
        let members: Vec<Member> = (0..count).map(source).chain([honest()]).collect();
        let bytes = archive(&members);
        assert_eq!(content(&bytes), APPSPEC, "{count} files");
        let error =
            file(Cursor::new(archive(members.get(..count).unwrap())), "Src", "appspec.yaml", LIMIT).unwrap_err();
        assert_eq!(error.message(), format!("\"appspec.yaml\" not found in artifact Src ({count} files)"));
    }
}

#[test]
fn an_absent_file_is_looked_for() {
    check(
        &[stored("appspec.yml"), stored("deploy/"), stored("deploy/x")],
        &expect![[r#"APP01: "appspec.yaml" not found in artifact Src (2 files; similar: appspec.yml)"#]],
    );
    let names = ["b/AppSpec.yaml", "./appspec.yaml", "a\\app_spec.yml", "c/d/appspec.yaml"];
    check(
        &names.map(stored),
        &expect![[
            r#"APP01: "appspec.yaml" not found in artifact Src (4 files; similar: ./appspec.yaml, a\app_spec.yml, b/AppSpec.yaml)"#
        ]],
    );
    check(
        &[stored("appspec.yml\u{1b}[2J\n")],
        &expect![[r#"APP01: "appspec.yaml" not found in artifact Src (1 file; similar: appspec.yml\u{1b}[2J\n)"#]],
    );
    check(&[], &expect![[r#"APP01: "appspec.yaml" not found in artifact Src (0 files)"#]]);
    let detail = |members: &[Member], path: &str| {
        file(Cursor::new(archive(members)), "Build", path, LIMIT).unwrap_err().report()
    };
    let rolling = [stored("out/imagedefinitions.json"), stored("appspec.yaml")];
    expect![[r#"
        APP01: "imageDetail.json" not found in artifact Build (2 files); out/imagedefinitions.json is for rolling updates by the Amazon ECS action, imageDetail.json is for blue/green
        hint: have the build write imageDetail.json with {"ImageURI": "REPOSITORY:TAG"} instead of imagedefinitions.json"#]]
    .assert_eq(&detail(&rolling, "imageDetail.json"));
    assert!(!detail(&rolling, "appspec.yml").contains("rolling"));
    assert!(detail(&rolling, "build/imageDetail.json").contains("out/imagedefinitions.json is for rolling updates"));
    let error = file(Cursor::new(b""), "Src", "../appspec.yaml", LIMIT).unwrap_err();
    assert_eq!((error.code(), error.kind()), ("ZIP10", Kind::Configuration));
}
