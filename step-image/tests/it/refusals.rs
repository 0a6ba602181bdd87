//! Refused requests: one line, one hint, an exit code, and no artifact.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use expect_test::{Expect, expect};

use crate::folder::{Folder, WEB, zip};

/// Runs `generate` with these flags in a folder with all kinds of wrong files.
fn check(args: &[&str], expect: &Expect) {
    let folder = Folder::new();
    folder.write("broken.json", "{\"taskDefinition\": {\"family\": \"x\",}}");
    folder.write("latin1.json", b"{\"family\": \"caf\xe9\"}");
    folder.write("huge.json", " ".repeat(4 << 20));
    folder.write("source.zip", zip(&[("Taskdef.json", WEB), ("list.json", "[]")]));
    let before = folder.names();
    folder.check(&[&["generate", "--artifact", "a.zip"], args].concat(), expect);
    assert_eq!(folder.names(), before);
}

#[test]
fn requests() {
    check(
        &[],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR17: no task definition is specified
            hint: set --task-definition, --task-definition-file, --taskdef-template or --service
        "#]],
    );
    check(
        &["--task-definition-file=web.json", "--task-definition=web"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR16: --task-definition and --task-definition-file cannot be used together: there can be only one task definition
            hint: remove --task-definition or --task-definition-file
        "#]],
    );
    check(
        &["--task-definition-file=web.json", "--container-port=70000"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR05: --container-port must be 1-65535, got "70000"
            hint: set it to a containerPort of the task definition
        "#]],
    );
    check(
        &["--task-definition-file=web.json", "--images=web"],
        &expect![[r#"
        exit 2
        --- stderr
        error: PAR15: --images takes KEY=VALUE, got "web"
        hint: write the key, an equals sign and the value as one word
    "#]],
    );
    check(
        &["--task-definition-file=web.json", "--images=web=a,log=b"],
        &expect![[r#"
        exit 2
        --- stderr
        error: PAR12: --images web=…: "a,log=b" is not an image reference (name[:tag][@sha256:…])
        hint: write --images web=a --images log=b
    "#]],
    );
    check(
        &["--task-definition-file=web.json", "--hooks=BeforeInstall=f,AfterInstall=g"],
        &expect![[r#"
        exit 2
        --- stderr
        error: APP25: "f,AfterInstall=g" is neither the name nor the ARN of a Lambda function
        hint: write --hooks BeforeInstall=f --hooks AfterInstall=g
    "#]],
    );
    check(
        &["--task-definition-file=web.json", "--images=web=a", "--images=web=b"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR04: parameter "images.web" is given twice
            hint: remove one of them
        "#]],
    );
    check(
        &["--task-definition-file=web.json", "--hooks=BeforInstall=f"],
        &expect![[r#"
        exit 2
        --- stderr
        error: APP12: unknown hook "BeforInstall"; did you mean "BeforeInstall"?
        hint: use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic
    "#]],
    );
    check(
        &["--task-definition-file=web.json", "--network=subnets=subnet-0a1"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR15: --network assign_public_ip=… must be ENABLED or DISABLED, got nothing
            hint: set --network assign_public_ip=… to ENABLED or DISABLED
        "#]],
    );
    check(
        &["--task-definition-file=web.json", "--taskdef-path=../taskdef.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR15: --taskdef-path must be a relative path with forward slashes, got "../taskdef.json"
            hint: set --taskdef-path to a relative path with forward slashes
        "#]],
    );
}

#[test]
fn files() {
    check(
        &["--task-definition-file=none.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read none.json: No such file or directory (os error 2)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
    check(
        &["--task-definition-file=."],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI13: . is a folder
            hint: use the path of a file
        "#]],
    );
    check(
        &["--task-definition-file=web.json/x"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read web.json/x: Not a directory (os error 20)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
    check(
        &["--task-definition-file=broken.json"],
        &expect![[r#"
        exit 3
        --- stderr
        error: TD05: broken.json line 1 column 35: trailing comma
        hint: remove the comma
    "#]],
    );
    check(
        &["--task-definition-file=latin1.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: TD05: latin1.json: not UTF-8 text (byte 15)
            hint: save the file as UTF-8
        "#]],
    );
    check(
        &["--task-definition-file=huge.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI03: huge.json is larger than 1048576 bytes
            hint: check that the path is that of a task definition, AppSpec or template
        "#]],
    );
    check(
        &["--config=none.yaml"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read none.yaml: No such file or directory (os error 2)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
}

#[test]
fn input_artifacts() {
    check(
        &["--task-definition-file=Source::taskdef.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR18: input artifact "Source" is not given
            hint: add --input-artifact Source=ZIP
        "#]],
    );
    let source = "--input-artifact=Source=source.zip";
    check(
        &[source, "--task-definition-file=Source::taskdef.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: APP01: "taskdef.json" not found in artifact Source (2 files; similar: Taskdef.json)
            hint: write the path exactly as it is in the archive, including folder and extension
        "#]],
    );
    check(
        &[source, "--task-definition-file=Source::list.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: TD05: Source::list.json must be a JSON object
            hint: use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it
        "#]],
    );
    check(
        &["--input-artifact=source.zip", "--task-definition-file=web.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI04: --input-artifact takes NAME=ZIP, got "source.zip"
            hint: write the name of the artifact, an equals sign and the path of its zip file
        "#]],
    );
    check(
        &["--input-artifact=Source=none.zip", "--task-definition-file=Source::x.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read none.zip: No such file or directory (os error 2)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
    check(
        &["--input-artifact=Source=web.json", "--task-definition-file=Source::x.json"],
        &expect![[r#"
        exit 3
        --- stderr
        error: ZIP01: artifact Source is not a zip archive (starts with "{\n  "taskDefinit")
        hint: configure the action that produces the artifact to write a zip archive
    "#]],
    );
    check(
        &[source, source, "--task-definition-file=web.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI09: --input-artifact is given twice for Source
            hint: remove one of them
        "#]],
    );
}

#[test]
fn findings_all_at_once() {
    check(
        &["--task-definition-file=web.json", "--container-port=81", "--images=wbe=IMAGE1_NAME"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR13: no container "wbe" in shop-web:7 (has: web); PAR14: container "web" does not map port 81 (maps: 8080)
            hint: set --container-name and the keys of --images to one of these; set --container-port to a mapped port, or add the port mapping to the task definition
        "#]],
    );
}

#[test]
fn a_name_cannot_forge_a_line_of_the_log() {
    check(
        &["--task-definition-file=\u{1b}[31mx\nerror: BUG01: all is lost"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read \u{1b}[31mx\nerror: BUG01: all is lost: No such file or directory (os error 2)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
}

#[test]
fn places_that_cannot_be_written() {
    let folder = Folder::new();
    let into = |artifact: &'static str| ["generate", "--task-definition-file", "web.json", "--artifact", artifact];
    folder.check(
        &into("web.json"),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI11: --artifact web.json is neither a .zip file nor a folder
            hint: use a .zip file, or a folder for the two files; --appspec-path and --taskdef-path name the files in it
        "#]],
    );
    for name in ["a2.tar", "out/a2.TGZ", "a.tar.gz", "a.7z", "a.rar", "a.jar", "a.gz"] {
        let seen = folder.seen(&folder.command(&into(name)).output().unwrap());
        assert!(seen.contains(&format!("exit 2\n--- stderr\nerror: CLI11: --artifact {name}: only .zip")), "{seen}");
    }
    folder.check(
        &into("a2.tar"),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI11: --artifact a2.tar: only .zip archives are written
            hint: use a2.zip, or a folder; add a trailing slash if this is the name of a folder
        "#]],
    );
    for name in ["taskdef.yml", "out/appspec.yaml", "taskdef.JSON"] {
        let seen = folder.seen(&folder.command(&into(name)).output().unwrap());
        assert!(seen.contains(&format!("CLI11: --artifact {name} is neither a .zip file nor a folder")), "{seen}");
    }
    let seen = folder.seen(&folder.command(&into("out/a.tar.gz")).output().unwrap());
    assert!(seen.contains("hint: use out/a.zip, or a folder"), "{seen}");
    assert_eq!(folder.names(), ["web.json"]);
    folder.check(
        &into("web.json/a.zip"),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI02: cannot write web.json/a.zip: not a directory
            hint: choose a path in a folder that this user can write to
        "#]],
    );
    assert_eq!(folder.text("web.json"), WEB);
}

/// A folder is a folder, whatever its name.
#[test]
fn folders_may_have_any_name() {
    let folder = Folder::new();
    let into = |artifact: &'static str| ["generate", "--task-definition-file", "web.json", "--artifact", artifact];
    fs::create_dir_all(folder.path().join("there.tar")).unwrap();
    for name in [".", "there.tar", "new.gz/", "new.zip/", "release-1.2", "a/b"] {
        let seen = folder.seen(&folder.command(&into(name)).output().unwrap());
        let file = std::path::Path::new(name).join("appspec.yml").display().to_string();
        assert!(seen.starts_with(&format!("exit 0\n--- stdout\n{file}  224 bytes")), "{name}: {seen}");
        assert!(folder.path().join(name).join("taskdef.json").is_file(), "{name}");
    }
}

#[test]
fn a_template_is_not_overwritten() {
    let folder = Folder::new();
    let text = "version: 0.0\nResources: [{T: {Type: AWS::ECS::Service, Properties: {TaskDefinition: <TASK_DEFINITION>, \
                LoadBalancerInfo: {ContainerName: web, ContainerPort: 8080}}}}]\n";
    folder.write("appspec.yml", text);
    let args = ["generate", "--task-definition-file=web.json", "--appspec-template=appspec.yml", "--artifact=."];
    folder.check(
        &args,
        &expect![[r#"
        exit 2
        --- stderr
        error: CLI12: the artifact would overwrite the template appspec.yml
        hint: choose another --artifact, or other names with --appspec-path and --taskdef-path
    "#]],
    );
    assert_eq!(
        (folder.text("appspec.yml").as_str(), folder.names()),
        (text, vec!["appspec.yml".to_owned(), "web.json".to_owned()])
    );
    let seen = folder.seen(&folder.command(&[&args[..], &["--appspec-path=appspec.yaml"]].concat()).output().unwrap());
    assert!(seen.starts_with("exit 0"), "{seen}");
}

/// root may read and write everything, so the program runs as nobody there.
#[test]
fn folders_of_others() {
    const NOBODY: u32 = 65534;
    let folder = Folder::new();
    folder.write("private/web.json", WEB);
    fs::set_permissions(folder.path().join("private"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let root = fs::read_dir(folder.path().join("private")).is_ok();
    let run = |args: &[&str]| {
        let mut command = folder.command(&[&["generate"], args].concat());
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        match command.output() {
            Ok(output) => Some(folder.seen(&output)),
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "SKIPPED: another user cannot run the program: {error}");
                None
            }
        }
    };
    if let Some(seen) = run(&["--artifact=a.zip", "--task-definition-file=private/web.json"]) {
        expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read private/web.json: Permission denied (os error 13)
            hint: check the path; relative paths start at the working directory
        "#]]
        .assert_eq(&seen);
    }
    if let Some(seen) = run(&["--artifact=private/a.zip", "--task-definition-file=web.json"]) {
        expect![[r#"
            exit 2
            --- stderr
            error: CLI02: cannot write private/a.zip: Permission denied (os error 13)
            hint: choose a path in a folder that this user can write to
        "#]]
        .assert_eq(&seen);
    }
    fs::set_permissions(folder.path().join("private"), fs::Permissions::from_mode(0o755)).unwrap();
}
