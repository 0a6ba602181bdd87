//! `diff` of two artifacts, offline: what its user sees, and the exit code.

use expect_test::{Expect, expect};

use crate::folder::{Folder, zip};

const APPSPEC: &str = include_str!("hints/appspec.yml");
const TASK_DEFINITION: &str = include_str!("hints/taskdef.json");

/// Two artifacts: `old`, and `new` with these replacements in its files.
fn artifacts(replaced: &[(&str, &str)]) -> Folder {
    let folder = Folder::new();
    folder.write("old/appspec.yml", APPSPEC);
    folder.write("old/taskdef.json", TASK_DEFINITION);
    let replace = |text: &str| replaced.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let (appspec, taskdef) = (replace(APPSPEC), replace(TASK_DEFINITION));
    folder.write("new.zip", zip(&[("appspec.yml", &appspec), ("taskdef.json", &taskdef)]));
    folder
}

fn check(replaced: &[(&str, &str)], flags: &[&str], expect: &Expect) {
    artifacts(replaced).check(&[&["diff", "new.zip", "--against", "old"], flags].concat(), expect);
}

#[test]
fn the_same_is_no_change() {
    check(
        &[],
        &[],
        &expect![[r#"
        exit 0
        --- stdout
        old -> new.zip

        note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment

        no changes
    "#]],
    );
    check(
        &[("\"256\"", "\".25 vCPU\"")],
        &["--unified"],
        &expect![[r#"
        exit 0
        --- stderr
        note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment
    "#]],
    );
}

const CHANGES: [(&str, &str); 4] = [
    ("nginx:1", "nginx:2"),
    ("\"value\": \"1\"", "\"value\": \"planted\""),
    ("ContainerPort: 80", "ContainerPort: 8080"),
    ("\"512\"", "\"1024\""),
];

#[test]
#[expect(clippy::too_many_lines, reason = "one text in each form")]
fn changes_have_an_exit_code_and_hidden_values() {
    check(
        &CHANGES,
        &[],
        &expect![[r#"
            exit 20
            --- stdout
            old -> new.zip

            container web
              ~ image: nginx:1 -> nginx:2 (tag)
              ~ environment A: (hidden)

            task definition
              ~ memory: 512 -> 1024

            AppSpec
              ~ LoadBalancerInfo.ContainerPort: 80 -> 8080

            note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment

            4 changes: web image, 1 environment variable, memory, AppSpec ContainerPort
        "#]],
    );
    check(
        &CHANGES,
        &["--show-values"],
        &expect![[r#"
            exit 20
            --- stdout
            old -> new.zip

            container web
              ~ image: nginx:1 -> nginx:2 (tag)
              ~ environment A: 1 -> planted

            task definition
              ~ memory: 512 -> 1024

            AppSpec
              ~ LoadBalancerInfo.ContainerPort: 80 -> 8080

            note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment

            4 changes: web image, 1 environment variable, memory, AppSpec ContainerPort
        "#]],
    );
    check(
        &CHANGES,
        &["--unified"],
        &expect![[r#"
        exit 20
        --- stdout
        --- old
        +++ new.zip
        @@ -1,13 +1,13 @@
         AppSpec.Hooks.BeforeInstall: "prepare"
         AppSpec.LoadBalancerInfo.ContainerName: "web"
        -AppSpec.LoadBalancerInfo.ContainerPort: 80
        +AppSpec.LoadBalancerInfo.ContainerPort: 8080
         containerDefinitions[log].image: "fluent:1"
         containerDefinitions[log].name: "log"
         containerDefinitions[web].dependsOn: [{"condition":"START","containerName":"log"}]
         containerDefinitions[web].environment[A].name: "A"
        -containerDefinitions[web].environment[A].value: "***"
        +containerDefinitions[web].environment[A].value: "***"
         containerDefinitions[web].healthCheck.command: ["CMD","true"]
        -containerDefinitions[web].image: "nginx:1"
        +containerDefinitions[web].image: "nginx:2"
         containerDefinitions[web].logConfiguration.logDriver: "awslogs"
         containerDefinitions[web].logConfiguration.options.awslogs-group: "g"
         containerDefinitions[web].logConfiguration.options.awslogs-region: "eu-west-1"
        @@ -20,7 +20,7 @@
         cpu: "256"
         executionRoleArn: "arn:aws:iam::111111111111:role/run"
         family: "shop"
        -memory: "512"
        +memory: "1024"
         networkMode: "awsvpc"
         requiresCompatibilities: ["FARGATE"]
         volumes[data].name: "data"
        --- stderr
        note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment
    "#]],
    );
    check(
        &CHANGES,
        &["--output", "json"],
        &expect![[r#"
            exit 20
            --- stdout
            {
              "before": "old",
              "after": "new.zip",
              "changes": [
                {
                  "path": "containerDefinitions[web].image",
                  "kind": "changed",
                  "before": "nginx:1",
                  "after": "nginx:2",
                  "hidden": false
                },
                {
                  "path": "containerDefinitions[web].environment[A].value",
                  "kind": "changed",
                  "before": "***",
                  "after": "***",
                  "hidden": true
                },
                {
                  "path": "memory",
                  "kind": "changed",
                  "before": "512",
                  "after": "1024",
                  "hidden": false
                },
                {
                  "path": "AppSpec.LoadBalancerInfo.ContainerPort",
                  "kind": "changed",
                  "before": 80,
                  "after": 8080,
                  "hidden": false
                }
              ],
              "notes": [
                "AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment"
              ],
              "three_way": null,
              "summary": "4 changes: web image, 1 environment variable, memory, AppSpec ContainerPort"
            }
        "#]],
    );
}

/// A lone file on either side, as `check` takes it: only that file is compared.
#[test]
fn a_lone_file_is_a_side() {
    let folder = artifacts(&CHANGES);
    folder.write("task.yaml", TASK_DEFINITION.replace("nginx:1", "nginx:3"));
    folder.check(
        &["diff", "task.yaml", "--against", "old"],
        &expect![[r#"
        exit 20
        --- stdout
        old -> task.yaml

        container web
          ~ image: nginx:1 -> nginx:3 (tag)

        note: the AppSpec was not compared: task.yaml has none

        1 change: web image
    "#]],
    );
    folder.check(
        &["diff", "old/appspec.yml", "--against", "new.zip"],
        &expect![[r#"
        exit 20
        --- stdout
        new.zip -> old/appspec.yml

        AppSpec
          ~ LoadBalancerInfo.ContainerPort: 8080 -> 80

        note: the task definition was not compared: old/appspec.yml has none
        note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment

        1 change: AppSpec ContainerPort
    "#]],
    );
    folder.check(
        &["diff", "new.zip", "--against", "old/taskdef.json"],
        &expect![[r#"
        exit 20
        --- stdout
        old/taskdef.json -> new.zip

        container web
          ~ image: nginx:1 -> nginx:2 (tag)
          ~ environment A: (hidden)

        task definition
          ~ memory: 512 -> 1024

        note: the AppSpec was not compared: old/taskdef.json has none
        note: AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment

        3 changes: web image, 1 environment variable, memory
    "#]],
    );
    folder.check(
        &["diff", "old/taskdef.json", "--against", "old/taskdef.json"],
        &expect![[r#"
        exit 0
        --- stdout
        old/taskdef.json -> old/taskdef.json

        no changes
    "#]],
    );
    folder.check(
        &["diff", "old/taskdef.json", "--against", "old/appspec.yml"],
        &expect![[r#"
        exit 3
        --- stderr
        error: DIF02: old/appspec.yml and old/taskdef.json have nothing in common to compare
        hint: give a task definition with --taskdef, or an artifact with taskdef.json
    "#]],
    );
    folder.check(
        &["diff", "nothing.json", "--against", "old"],
        &expect![[r#"
        exit 3
        --- stderr
        error: CLI01: cannot read nothing.json: No such file or directory (os error 2)
        hint: check the path; relative paths start at the working directory
    "#]],
    );
    // A zip without an extension is an artifact all the same.
    folder.write("hQ5tLxM", zip(&[("appspec.yml", APPSPEC), ("taskdef.json", TASK_DEFINITION)]));
    folder.run(&["diff", "hQ5tLxM", "--against", "old"]);
}

/// Standard output is no terminal here, so that colours are only forced.
#[test]
fn colours_are_those_of_the_help() {
    let folder = artifacts(&CHANGES);
    let coloured = |name: &str, value: &str| {
        let mut command = folder.command(&["diff", "new.zip", "--against", "old"]);
        let output = command.env(name, value).output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains("\u{1b}[33m")
    };
    assert!(!coloured("TERM", "xterm"));
    assert!(coloured("CLICOLOR_FORCE", "1"));
    let mut both = folder.command(&["diff", "new.zip", "--against", "old"]);
    let both = both.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!String::from_utf8(both.stdout).unwrap().contains('\u{1b}'));
}

#[test]
fn a_hostile_name_adds_no_line() {
    let replaced = [("\"A\"", "\"A\\n! undone: cpu\\u001b[2J\""), ("nginx:1", "nginx:2")];
    let folder = artifacts(&replaced);
    for flags in [&[][..], &["--unified"], &["--output", "json"]] {
        let output = folder.command(&[&["diff", "new.zip", "--against", "old"], flags].concat()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("undone") && !text.contains('\u{1b}'), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("! undone")), "{text}");
    }
}

#[test]
fn exactly_one_side_is_compared_with() {
    let folder = artifacts(&[]);
    folder.check(&["diff", "new.zip"], &expect![[r#"
        exit 2
        --- stderr
        error: USE06: one of --service <CLUSTER/SERVICE>, --task-definition <FAMILY[:REVISION]|ARN>, --against <PATH> is required
        hint: add one of --service <CLUSTER/SERVICE>, --task-definition <FAMILY[:REVISION]|ARN>, --against <PATH>
    "#]]);
    folder.check(
        &["diff", "--against", "old"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE06: one of PATH, --appspec <FILE>, --taskdef <FILE> is required
            hint: add one of PATH, --appspec <FILE>, --taskdef <FILE>
        "#]],
    );
    folder.check(
        &["diff", "new.zip", "--against", "old", "--service", "prod/shop"],
        &expect![[r#"
        exit 2
        --- stderr
        error: USE07: --against <PATH> cannot be used together with --service <CLUSTER/SERVICE>
        hint: remove --against <PATH> or --service <CLUSTER/SERVICE>
    "#]],
    );
    folder.check(
        &["diff", "new.zip", "--against", "old", "--three-way"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE07: --against <PATH> cannot be used together with --three-way
            hint: remove --against <PATH> or --three-way
        "#]],
    );
    folder.check(
        &["diff", "new.zip", "--taskdef", "old/taskdef.json", "--against", "old"],
        &expect![[r#"
        exit 2
        --- stderr
        error: USE07: [PATH] cannot be used together with --taskdef <FILE>
        hint: remove [PATH] or --taskdef <FILE>
    "#]],
    );
}
