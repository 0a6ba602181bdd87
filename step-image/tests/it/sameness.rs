//! The same input gives the same bytes, and a file is replaced completely or not at all.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use expect_test::expect;

use crate::folder::Folder;

#[test]
fn neither_clock_zone_language_umask_home_nor_folder_changes_a_byte() {
    let folder = Folder::new();
    let program = env!("CARGO_BIN_EXE_codedeploy-artifact");
    let file = folder.path().join("web.json");
    let make = |umask: &str, variables: &[(&str, &str)], at: &str| {
        let script = "umask \"$1\"; exec \"$2\" generate --artifact - --task-definition-file \"$3\"";
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script, "sh", umask, program]).arg(&file);
        command.env_clear().envs(variables.iter().copied()).current_dir(at);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", folder.seen(&output));
        output.stdout
    };
    let here = folder.path().to_str().unwrap();
    let first = make("022", &[], here);
    // A zip counts time in steps of two seconds.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    for (umask, variables, at) in [
        ("022", &[][..], here),
        ("077", &[("TZ", "Asia/Kathmandu"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")], "/"),
        ("000", &[("TZ", "America/St_Johns"), ("HOME", "/nonexistent"), ("TMPDIR", "/nonexistent")], "/"),
        ("022", &[("SOURCE_DATE_EPOCH", "1"), ("AWS_PROFILE", "none"), ("CI", "true"), ("NO_COLOR", "1")], here),
    ] {
        assert!(make(umask, variables, at) == first, "other bytes under umask {umask} with {variables:?} in {at}");
    }
}

#[test]
fn a_file_is_replaced_whole() {
    let folder = Folder::new();
    folder.write("a.zip", "what was there before");
    let mut open = File::open(folder.path().join("a.zip")).unwrap();
    let before = open.metadata().unwrap().ino();
    folder.run(&["generate", "--artifact", "a.zip", "--task-definition-file", "web.json"]);
    let mut seen = String::new();
    open.read_to_string(&mut seen).unwrap();
    assert_eq!(seen, "what was there before", "a reader of the old file sees all of it");
    assert_ne!(fs::metadata(folder.path().join("a.zip")).unwrap().ino(), before);
    assert!(folder.read("a.zip").starts_with(b"PK"));
    assert_eq!(folder.names(), ["a.zip", "web.json"], "nothing else is left behind");
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = Folder::new();
    folder.write("files/taskdef.json/in-the-way", "");
    folder.check(
        &["generate", "--artifact", "files", "--task-definition-file", "web.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI02: cannot write files/taskdef.json: is a directory
            hint: choose another path, or remove that folder
        "#]],
    );
    let mut names: Vec<_> =
        fs::read_dir(folder.path().join("files")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["taskdef.json"]);
}

#[test]
fn what_is_refused_leaves_the_old_artifact_alone() {
    let folder = Folder::new();
    folder.write("a.zip", "what was there before");
    let args = ["generate", "--artifact", "a.zip", "--task-definition-file", "web.json", "--container-port", "81"];
    folder.check(
        &args,
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR14: container "web" does not map port 81 (maps: 8080)
            hint: set --container-port to a mapped port, or add the port mapping to the task definition
        "#]],
    );
    assert_eq!(folder.text("a.zip"), "what was there before");
    assert_eq!(folder.names(), ["a.zip", "web.json"]);
}
