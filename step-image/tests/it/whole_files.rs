//! Files are written completely or not at all, and the errors of files that cannot be read or written.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use expect_test::{Expect, expect};

use crate::folder::Folder;

const GENERATE: [&str; 4] = ["generate", "--task-definition-file", "web.json", "--artifact"];

/// Runs `generate` in a shell that prepares something first.
fn in_shell(folder: &Folder, before: &str, args: &[&str]) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{before}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_codedeploy-artifact")]);
    folder.seen(&shell.args(GENERATE).args(args).current_dir(folder.path()).env_clear().output().unwrap())
}

/// The error only.
fn check_error(seen: &str, expect: &Expect) {
    let at = seen.find("error: ").unwrap_or(0);
    expect.assert_eq(&format!("{}\n{}", seen.lines().next().unwrap_or_default(), &seen[at..]));
}

fn mode(folder: &Folder, name: &str) -> u32 {
    fs::symlink_metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777
}

#[test]
fn permissions_are_those_of_the_umask_or_of_the_file_before() {
    let folder = Folder::new();
    let seen = in_shell(&folder, "umask 027", &["a.zip"]);
    assert!(seen.starts_with("exit 0"), "{seen}");
    assert_eq!(mode(&folder, "a.zip"), 0o640);
    fs::set_permissions(folder.path().join("a.zip"), Permissions::from_mode(0o604)).unwrap();
    folder.run(&[&GENERATE[..], &["a.zip"]].concat());
    assert_eq!(mode(&folder, "a.zip"), 0o604);
}

#[test]
fn a_link_is_replaced_and_what_it_points_to_stays() {
    let folder = Folder::new();
    folder.write("other", "untouched");
    symlink("other", folder.path().join("a.zip")).unwrap();
    fs::create_dir(folder.path().join("made")).unwrap();
    symlink("../other", folder.path().join("made/taskdef.json")).unwrap();
    folder.run(&[&GENERATE[..], &["a.zip"]].concat());
    folder.run(&[&GENERATE[..], &["made"]].concat());
    assert_eq!(folder.text("other"), "untouched");
    for name in ["a.zip", "made/taskdef.json"] {
        assert!(fs::symlink_metadata(folder.path().join(name)).unwrap().is_file(), "{name}");
    }
    assert_eq!(folder.names(), ["a.zip", "made", "other", "web.json"]);
}

/// A reader of the pipe would wait forever.
#[test]
fn a_pipe_is_not_replaced() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path().join("a.zip")).status();
    assert!(made.is_ok_and(|status| status.success()));
    folder.check(
        &[&GENERATE[..], &["a.zip"]].concat(),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI02: cannot write a.zip: it is a pipe, a socket or a device
            hint: choose another path
        "#]],
    );
    assert_eq!(folder.names(), ["a.zip", "web.json"]);
}

/// The name of the file leaves no room for anything behind it.
#[test]
fn the_longest_name_can_be_written() {
    let folder = Folder::new();
    let name = format!("{}.zip", "a".repeat(251));
    folder.run(&[&GENERATE[..], &[&name]].concat());
    assert_eq!(folder.names(), [name.as_str(), "web.json"]);
}

#[test]
fn both_files_of_a_folder_are_new_or_neither() {
    let folder = Folder::new();
    folder.write("made/appspec.yml", "old");
    fs::create_dir(folder.path().join("made/taskdef.json")).unwrap();
    folder.check(
        &[&GENERATE[..], &["made"]].concat(),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI02: cannot write made/taskdef.json: is a directory
            hint: choose another path, or remove that folder
        "#]],
    );
    assert_eq!(folder.text("made/appspec.yml"), "old");
    fs::remove_dir(folder.path().join("made/taskdef.json")).unwrap();
    folder.write("made/sub", "a file");
    folder.check(
        &[&GENERATE[..], &["made", "--taskdef-path", "sub/taskdef.json"]].concat(),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI02: cannot write made/sub/taskdef.json: not a directory
            hint: choose a path in a folder that this user can write to
        "#]],
    );
    assert_eq!(folder.text("made/appspec.yml"), "old");
    // The AppSpec fits into this limit, the task definition does not.
    let seen = in_shell(&folder, "ulimit -f 1", &["made"]);
    check_error(
        &seen,
        &expect![[r#"
            exit 2
            error: CLI02: cannot write made/taskdef.json: File too large (os error 27)
            hint: raise the file size limit of this shell (`ulimit -f`)
        "#]],
    );
    assert_eq!(folder.text("made/appspec.yml"), "old");
    let seen = in_shell(&folder, "ulimit -f 1", &["a.zip"]);
    assert!(seen.contains("error: CLI02: cannot write a.zip: File too large"), "{seen}");
    assert_eq!(folder.names(), ["made", "web.json"]);
    let made: Vec<_> = fs::read_dir(folder.path().join("made")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(made.len(), 2, "{made:?}");
}

/// Containers that share a volume have the same process id.
#[test]
fn writers_of_one_path_do_not_disturb_each_other() {
    let folder = Folder::new();
    let args = [&GENERATE[..], &["a.zip"]].concat();
    let running: Vec<_> = (0..16).map(|_| folder.command(&args).stderr(Stdio::null()).spawn().unwrap()).collect();
    for mut running in running {
        assert!(running.wait().unwrap().success());
    }
    let whole = folder.run(&[&GENERATE[..], &["-"]].concat());
    assert!(folder.read("a.zip") == whole);
    assert_eq!(folder.names(), ["a.zip", "web.json"]);
}

#[test]
fn a_folder_or_a_pipe_in_the_place_of_a_file_is_named() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("dir")).unwrap();
    folder.write("appspec.yml", "version: 0.0\n");
    fs::create_dir(folder.path().join("dir.zip")).unwrap();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.zip")).status();
    assert!(made.is_ok_and(|status| status.success()));
    for (args, path) in [
        (&["generate", "--artifact", "a.zip", "--task-definition-file", "dir"][..], "dir"),
        (&["generate", "--artifact", "a.zip", "--config", "dir"], "dir"),
        (&["generate", "--artifact", "a.zip", "--task-definition-file", "S::t", "--input-artifact", "S=dir"], "dir"),
        (&["generate", "--artifact", "a.zip", "--taskdef-template", "dir"], "dir"),
        (&["deploy", "--service", "c/s", "--appspec", "dir"], "dir"),
        (&["deploy", "--service", "c/s", "--appspec", "appspec.yml", "--taskdef", "dir"], "dir"),
        (&["deploy", "--service", "c/s", "--artifact", "./", "--appspec-path", "dir"], "./dir"),
    ] {
        let seen = folder.seen(&folder.command(args).output().unwrap());
        assert_eq!(
            seen,
            format!("exit 3\n--- stderr\nerror: CLI13: {path} is a folder\nhint: use the path of a file\n")
        );
    }
    for args in [
        &["generate", "--artifact", "a.zip", "--task-definition-file", "S::t", "--input-artifact", "S=pipe.zip"][..],
        &["deploy", "--artifact", "pipe.zip", "--application", "a", "--deployment-group", "g"],
        &["upload", "pipe.zip", "--to", "s3://bucket/key"],
    ] {
        let seen = folder.seen(&folder.command(args).output().unwrap());
        let hint = "hint: save the zip as a file and use the path of that file";
        assert_eq!(seen, format!("exit 3\n--- stderr\nerror: CLI13: pipe.zip is not a regular file\n{hint}\n"));
    }
}

#[test]
fn a_device_is_read_no_further_than_a_file_may_be_long() {
    let folder = Folder::new();
    if File::open("/dev/zero").is_err() {
        return;
    }
    let seen = folder.seen(
        &folder.command(&["generate", "--artifact", "a.zip", "--task-definition-file", "/dev/zero"]).output().unwrap(),
    );
    assert!(seen.starts_with("exit 3\n--- stderr\nerror: CLI03: /dev/zero is larger than"), "{seen}");
}

#[test]
fn an_artifact_that_nobody_takes_is_a_failure() {
    let folder = Folder::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = folder.command(&[&GENERATE[..], &["-"]].concat()).stdout(writer).output().unwrap();
    check_error(
        &folder.seen(&output),
        &expect![[r#"
            exit 2
            error: CLI08: cannot write to standard output: Broken pipe (os error 32)
            hint: check the program that reads standard output, which ended early, or use a .zip file instead of -
        "#]],
    );
    if cfg!(target_os = "linux") {
        check_error(
            &in_shell(&folder, "exec >&-", &["-"]),
            &expect![[r#"
                exit 2
                error: CLI08: cannot write to standard output: it is closed
                hint: redirect standard output to a file or a program, or use a .zip file instead of -
            "#]],
        );
    }
    // Somebody does not want it.
    let discarded = in_shell(&folder, "exec >/dev/null", &["-"]);
    assert!(discarded.starts_with("exit 0\n"), "{discarded}");
}
