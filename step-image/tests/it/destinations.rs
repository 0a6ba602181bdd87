//! Destinations of the artifact, and the messages about them.

use std::fs::File;
use std::io::Write;

use expect_test::expect;

use crate::folder::{Folder, unzip};

const GENERATE: [&str; 4] = ["generate", "--task-definition-file", "web.json", "--artifact"];

/// The first command of the README, without `cargo`.
fn of_the_readme() -> Vec<&'static str> {
    let readme = include_str!("../../../README.md");
    let start = readme.find("cargo codedeploy-artifact generate").expect("the command of the README");
    let command = readme[start..].split("```").next().unwrap();
    command.split_whitespace().skip(2).filter(|word| *word != "\\").collect()
}

#[test]
fn the_command_of_the_readme_shows_what_it_makes() {
    let folder = Folder::new();
    folder.write("functions/core/fixtures/fargate-web.json", folder.read("web.json"));
    folder.check(&of_the_readme(), &expect![[r#"
        exit 0
        --- stdout
        target/artifact.zip  1703 bytes  sha256 38983d3b6f6aca5fc20c627354bdfc03fc06775a5904130eb97a9ffb6d263a57
          appspec.yml  224 bytes  sha256 e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef
          taskdef.json  1259 bytes  sha256 1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01

        --- appspec.yml
        version: 0.0
        Resources:
          - TargetService:
              Type: "AWS::ECS::Service"
              Properties:
                TaskDefinition: "<TASK_DEFINITION>"
                LoadBalancerInfo:
                  ContainerName: "web"
                  ContainerPort: 8080

        --- taskdef.json
        {
          "containerDefinitions": [
            {
              "name": "web",
              "image": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2",
              "cpu": 0,
              "portMappings": [
                {
                  "containerPort": 8080,
                  "hostPort": 8080,
                  "protocol": "tcp"
                }
              ],
              "essential": true,
              "environment": [
                {
                  "name": "STAGE",
                  "value": "prod"
                },
                {
                  "name": "FEATURES",
                  "value": ""
                }
              ],
              "mountPoints": [],
              "volumesFrom": [],
              "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                  "awslogs-group": "/ecs/shop-web",
                  "awslogs-region": "eu-west-1",
                  "awslogs-stream-prefix": "ecs"
                }
              },
              "systemControls": []
            }
          ],
          "family": "shop-web",
          "taskRoleArn": "arn:aws:iam::111111111111:role/shop-web-task",
          "executionRoleArn": "arn:aws:iam::111111111111:role/shop-web-execution",
          "networkMode": "awsvpc",
          "volumes": [],
          "placementConstraints": [],
          "requiresCompatibilities": [
            "FARGATE"
          ],
          "cpu": "256",
          "memory": "512",
          "tags": [
            {
              "key": "team",
              "value": "shop"
            },
            {
              "key": "empty",
              "value": ""
            }
          ]
        }
        --- stderr
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
    "#]]);
    let zip = unzip(&folder.read("target/artifact.zip"));
    assert_eq!(zip.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["appspec.yml", "taskdef.json"]);
}

#[test]
fn a_zip_a_folder_and_standard_output_carry_the_same_bytes() {
    let folder = Folder::new();
    folder.check(&[&GENERATE[..], &["out/artifact.zip"]].concat(), &expect![[r#"
        exit 0
        --- stdout
        out/artifact.zip  1703 bytes  sha256 38983d3b6f6aca5fc20c627354bdfc03fc06775a5904130eb97a9ffb6d263a57
          appspec.yml  224 bytes  sha256 e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef
          taskdef.json  1259 bytes  sha256 1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01
        --- stderr
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
    "#]]);
    folder.check(&[&GENERATE[..], &["out/files"]].concat(), &expect![[r#"
        exit 0
        --- stdout
        out/files/appspec.yml  224 bytes  sha256 e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef
        out/files/taskdef.json  1259 bytes  sha256 1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01
        --- stderr
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
    "#]]);
    let piped = folder.command(&[&GENERATE[..], &["-"]].concat()).output().unwrap();
    assert_eq!(piped.stdout, folder.read("out/artifact.zip"));
    expect![[r#"
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
        standard output  1703 bytes  sha256 38983d3b6f6aca5fc20c627354bdfc03fc06775a5904130eb97a9ffb6d263a57
          appspec.yml  224 bytes  sha256 e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef
          taskdef.json  1259 bytes  sha256 1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01
    "#]].assert_eq(&String::from_utf8_lossy(&piped.stderr));
    for (name, bytes) in unzip(&piped.stdout) {
        assert_eq!(bytes, folder.read(&format!("out/files/{name}")), "{name}");
    }
}

#[test]
fn the_result_as_json() {
    let folder = Folder::new();
    let json = ["--output", "json"];
    folder.check(&[&GENERATE[..], &["artifact.zip"], &json[..]].concat(), &expect![[r#"
        exit 0
        --- stdout
        {
          "artifact": {
            "bytes": 1703,
            "sha256": "38983d3b6f6aca5fc20c627354bdfc03fc06775a5904130eb97a9ffb6d263a57",
            "path": "artifact.zip"
          },
          "appspec": {
            "path": "appspec.yml",
            "bytes": 224,
            "sha256": "e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef"
          },
          "taskdef": {
            "path": "taskdef.json",
            "bytes": 1259,
            "sha256": "1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01"
          },
          "task_definition": {
            "arn": "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7",
            "family": "shop-web",
            "revision": "7",
            "removed": [
              "taskDefinitionArn",
              "revision",
              "status",
              "requiresAttributes",
              "compatibilities",
              "registeredAt",
              "registeredBy"
            ],
            "left_out": []
          },
          "container_name": "web",
          "container_port": 8080,
          "images": {
            "web": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2"
          },
          "code_deploy_to_ecs": null,
          "warnings": []
        }
        --- stderr
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
    "#]]);
    let after = folder.run(&[&GENERATE[..], &["artifact.zip"], &json[..]].concat());
    let before = folder.run(&[&json[..], &GENERATE[..], &["artifact.zip"]].concat());
    assert_eq!(before, after, "the flag means the same on either side of the verb");
    folder.check(
        &["generate", "--artifact", "artifact.zip", "--output", "json"],
        &expect![[r#"
            exit 2
            --- stdout
            {
              "error": {
                "code": "PAR17",
                "message": "no task definition is specified",
                "hint": "set --task-definition, --task-definition-file, --taskdef-template or --service"
              }
            }
            --- stderr
            error: PAR17: no task definition is specified
            hint: set --task-definition, --task-definition-file, --taskdef-template or --service
        "#]],
    );
}

#[test]
fn files_in_the_artifact_have_the_names_that_were_asked_for() {
    let folder = Folder::new();
    let names = ["--appspec-path", "deploy/appspec.yaml", "--taskdef-path", "deploy/task definition.json"];
    folder.check(&[&GENERATE[..], &["files"], &names[..]].concat(), &expect![[r#"
        exit 0
        --- stdout
        files/deploy/appspec.yaml  224 bytes  sha256 e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef
        files/deploy/task definition.json  1259 bytes  sha256 1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01
        --- stderr
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
    "#]]);
    let zip = folder.run(&[&GENERATE[..], &["-"], &names[..]].concat());
    for (name, bytes) in unzip(&zip) {
        assert_eq!(bytes, folder.read(&format!("files/{name}")), "{name}");
    }
}

#[test]
fn two_flags_that_want_standard_output_are_refused() {
    let folder = Folder::new();
    folder.check(
        &[&GENERATE[..], &["-", "--print"]].concat(),
        &expect![[r#"
            exit 2
            --- stderr
            error: CLI07: --artifact - and --print cannot be used together
            hint: use a .zip file or a folder instead of -
        "#]],
    );
    folder.check(
        &[&GENERATE[..], &["-", "--output=json"]].concat(),
        &expect![[r#"
            exit 2
            --- stdout
            {
              "error": {
                "code": "CLI07",
                "message": "--artifact - and --output json cannot be used together",
                "hint": "use a .zip file or a folder instead of -"
              }
            }
            --- stderr
            error: CLI07: --artifact - and --output json cannot be used together
            hint: use a .zip file or a folder instead of -
        "#]],
    );
    folder.check(
        &[&GENERATE[..], &["a.zip", "--print", "--output=json"]].concat(),
        &expect![[r#"
            exit 2
            --- stdout
            {
              "error": {
                "code": "CLI07",
                "message": "--output json and --print cannot be used together",
                "hint": "read the files where --artifact writes them, or remove one of the two flags"
              }
            }
            --- stderr
            error: CLI07: --output json and --print cannot be used together
            hint: read the files where --artifact writes them, or remove one of the two flags
        "#]],
    );
    assert_eq!(folder.names(), ["web.json"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    for (args, code) in [
        (&["--help"][..], 0),
        (&["generate", "--help"], 0),
        (&["generate", "--task-definition-file", "web.json", "--artifact", "a.zip", "--print"], 0),
        (&["generate", "--task-definition-file", "web.json", "--artifact", "a.zip", "--output", "json"], 0),
        (&["generate", "--task-definition-file", "none.json", "--artifact", "a.zip", "--output", "json"], 3),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = folder.command(args).stdout(writer).output().unwrap();
        let seen = folder.seen(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {seen}");
        assert!(!seen.contains("panicked"), "{args:?}: {seen}");

        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = folder.command(args).stderr(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?} without standard error");
    }
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "exec \"$0\" \"$@\" >&-", env!("CARGO_BIN_EXE_codedeploy-artifact")]);
    let closed = shell.args(GENERATE).arg("a.zip").current_dir(folder.path()).env_clear().output().unwrap();
    assert_eq!(closed.status.code(), Some(0), "{}", folder.seen(&closed));
}

#[test]
fn a_full_disk_behind_standard_output_is_said() {
    let folder = Folder::new();
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        let _ = writeln!(std::io::stderr(), "SKIPPED for want of /dev/full");
        return;
    };
    let output = folder.command(&[&GENERATE[..], &["a.zip"]].concat()).stdout(full).output().unwrap();
    expect![[r#"
        exit 2
        --- stderr
        removed from shop-web (response-only): taskDefinitionArn, revision, status, requiresAttributes, compatibilities, registeredAt, registeredBy
        error: CLI08: cannot write to standard output: No space left on device (os error 28)
        hint: free some space where standard output is written, or redirect it elsewhere
    "#]].assert_eq(&folder.seen(&output));
}
