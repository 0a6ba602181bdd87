//! `check`: every finding of both files in one run, where it is, and the exit code.

use std::fs;

use expect_test::expect;

use crate::folder::{Folder, zip};

const APPSPEC: &str = "version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: web
          ContainerPort: 8080
";

const TASKDEF: &str = r#"{
  "family": "shop",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "256",
  "memory": "512",
  "containerDefinitions": [
    { "name": "web", "image": "repo/app:1.4.2", "portMappings": [{ "containerPort": 8080 }] }
  ]
}
"#;

fn folder(appspec: &str, taskdef: &str) -> Folder {
    let folder = Folder::new();
    folder.write("build/appspec.yaml", appspec);
    folder.write("build/taskdef.json", taskdef);
    folder
}

#[test]
fn a_sound_artifact_passes() {
    let folder = folder(APPSPEC, TASKDEF);
    folder.check(
        &["check", "build"],
        &expect![[r#"
        exit 0
        --- stdout
        no findings in 2 files
    "#]],
    );
    // As `generate` writes it, and as a zip.
    let port = ["--container-name", "web", "--container-port", "8080"];
    let of = ["--task-definition-file", "build/taskdef.json"];
    folder.run(&[&["generate", "--artifact", "shop.zip"], &of[..], &port[..]].concat());
    folder.check(
        &["check", "shop.zip", "--strict"],
        &expect![[r#"
            exit 0
            --- stdout
            shop.zip: note CHK07: the AppSpec is not named appspec.yaml, the default of CodeDeployToECS
              hint: set AppSpecTemplatePath: appspec.yml in the action
              see:  https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html

            1 note in 2 files
        "#]],
    );
}

#[test]
fn every_finding_of_both_files_is_shown_with_its_place() {
    let folder = folder(
        &APPSPEC.replace("8080", "80").replace("Resources:", "Hooks:\n  - BeforeInstal: x\nResources:"),
        &TASKDEF.replace("\"512\"", "513").replace("\"name\": \"web\",", "\"name\": \"web\", \"cpu\": \"1\","),
    );
    folder.check(&["check", "build"], &expect![[r#"
        exit 21
        --- stdout
        build/appspec.yaml:3:5: error APP12: Hooks[0].BeforeInstal: unknown hook "BeforeInstal"; did you mean "BeforeInstall"?
          hint: use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic
          see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
        build/appspec.yaml:11:11: error PAR14: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort: container "web" does not map port 80 (maps: 8080)
          hint: set ContainerPort in the AppSpec to a mapped port, or add the port mapping
          see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html

        build/taskdef.json:6:3: error TD09: memory must be text in quotes
          hint: write text in quotes, such as "text"
          see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
        build/taskdef.json:8:22: error TD09: containerDefinitions[0].cpu must be a whole number without quotes
          hint: write a whole number without quotes, such as 1
          see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

        4 errors in 2 files
    "#]]);
    folder.check(
        &["check", "--taskdef", "build/taskdef.json"],
        &expect![[r#"
            exit 21
            --- stdout
            build/taskdef.json:6:3: error TD09: memory must be text in quotes
              hint: write text in quotes, such as "text"
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            build/taskdef.json:8:22: error TD09: containerDefinitions[0].cpu must be a whole number without quotes
              hint: write a whole number without quotes, such as 1
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

            not checked: 36 rules (no AppSpec is given)
            not checked: 3 rules (no artifact is given)
            2 errors in 1 file
        "#]],
    );
    // What one of the two files is, its content tells.
    folder.check(&["check", "build/appspec.yaml"], &expect![[r#"
        exit 21
        --- stdout
        build/appspec.yaml:3:5: error APP12: Hooks[0].BeforeInstal: unknown hook "BeforeInstal"; did you mean "BeforeInstall"?
          hint: use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic
          see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html

        not checked: 42 rules (no task definition is given)
        not checked: 3 rules (no artifact is given)
        1 error in 1 file
    "#]]);
}

/// Task definitions that are not JSON, not called so, or that only look like one, and what is none.
#[test]
fn a_lone_file_is_known_by_its_content() {
    let folder = Folder::new();
    let codes = |name: &str, content: &str| -> Vec<String> {
        folder.write(name, content);
        let output = folder.command(&["check", name, "--output", "json"]).output().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = json["findings"].as_array().unwrap().iter();
        findings.map(|it| it["code"].as_str().unwrap().to_owned()).filter(|code| code != "IMG07").collect()
    };
    let yaml = "family: shop\nnetworkMode: awsvpc\nrequiresCompatibilities: [FARGATE]\ncpu: '256'\nmemory: '512'\n\
                containerDefinitions: [{name: web, image: 'repo/app:1'}]\n";
    assert_eq!(codes("service.yaml", yaml), Vec::<String>::new());
    assert_eq!(codes("service.txt", TASKDEF), Vec::<String>::new());
    assert_eq!(codes("short.yaml", "family: shop\nnetworkMode: awsvpc\n"), ["TD08", "TD15", "TD15"]);
    assert_eq!(codes("described.yml", &format!("taskDefinition:\n  {}", yaml.replace('\n', "\n  "))), ["TD35"]);
    for (name, content) in [
        ("pascal.json", r#"{"Family": "shop", "ContainerDefinitions": []}"#),
        ("snake.json", r#"{"family": "shop", "container_definitions": []}"#),
        ("list.json", r#"[{"name": "web", "image": "repo/app:1"}]"#),
        ("imagedefinitions.json", r#"[{"name": "web", "imageUri": "repo/app:1"}]"#),
        ("imageDetail.json", r#"{"ImageURI": "repo/app:1"}"#),
    ] {
        assert_eq!(codes(name, content), ["TD14"], "{name}");
    }
    assert_eq!(codes("json5.json", "{family: 'shop', containerDefinitions: []}"), ["TD05"]);
    assert_eq!(codes("appspec.txt", APPSPEC), Vec::<String>::new());
    assert_eq!(
        codes(
            "template.yml",
            "AWSTemplateFormatVersion: '2010-09-09'\nResources: {Task: {Type: AWS::ECS::TaskDefinition}}"
        ),
        ["APP30"]
    );
    assert_eq!(
        codes("compose.yml", "Resources: [{TargetService: {Type: AWS::ECS::Service}}]\nfamily: x\n")[0],
        "APP30"
    );
}

/// The same configuration file as that of the action, of which the rest is not needed here.
#[test]
fn a_configuration_file_has_what_is_ignored() {
    let folder = Folder::new();
    let doubtful = TASKDEF.replace("\"repo/app:1.4.2\",", "\"repo/app\", \"command\": null,");
    assert_ne!(doubtful, TASKDEF);
    folder.write("taskdef.json", &doubtful);
    folder.write("strict.yml", "service: prod/shop\nstrict: true\n");
    folder.write("ignore.yml", "strict: true\nignore: [IMG07=staging, TD36]\n");
    folder.write("wrong.yml", "ignore: [IMG99]\nstrikt: true\n");
    let check = |flags: &[&str]| {
        let args = [&["check", "--taskdef", "taskdef.json"], flags].concat();
        let output = folder.command(&args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (code, said) = check(&["--config", "ignore.yml"]);
    assert!(code == 0 && said.contains("ignored: 1 IMG07: staging"), "{said}");
    // A flag for the same code takes precedence.
    let (_, said) = check(&["--config", "ignore.yml", "--ignore", "IMG07=by hand"]);
    assert!(said.contains("ignored: 1 IMG07: by hand") && !said.contains("CHK10"), "{said}");
    assert_eq!(check(&[]).0, 0);
    let (code, said) = check(&["--config", "strict.yml"]);
    assert!(code == 21 && said.contains("warning TD36") && said.contains("note IMG07"), "{said}");
    let (code, said) = check(&["--config", "wrong.yml"]);
    assert!(code == 2 && said.contains("strikt"), "{said}");
    let (code, said) = check(&["--config", "missing.yml"]);
    assert!(code == 3 && said.contains("missing.yml"), "{said}");
}

/// CodePipeline and `CodeBuild` pass artifacts on under other names.
#[test]
fn a_zip_is_known_by_its_content() {
    let folder = Folder::new();
    folder.write("hQ5tLxM", zip(&[("appspec.yaml", APPSPEC), ("taskdef.json", TASKDEF)]));
    assert_eq!(String::from_utf8(folder.run(&["check", "hQ5tLxM"])).unwrap(), "no findings in 2 files\n");
}

/// Standard output is no terminal here, so that colours are only forced.
#[test]
fn severities_are_coloured_where_colours_are_wanted() {
    let folder = folder(&APPSPEC.replace("0.0", "1"), &TASKDEF.replace("\"512\"", "\"513\"").replace(":1.4.2", ""));
    let printed = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = folder.command(&[&["check", "build"], args].concat());
        String::from_utf8(command.envs(variables.iter().copied()).output().unwrap().stdout).unwrap()
    };
    let (plain, forced) = (printed(&[], &[("TERM", "xterm")]), printed(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!plain.contains('\u{1b}'));
    for coloured in [
        "\u{1b}[1;31merror TD15\u{1b}[0m: memory",
        "\u{1b}[1;33mwarning APP08\u{1b}[0m: ",
        "\u{1b}[1;32mnote IMG07\u{1b}[0m: ",
    ] {
        assert_eq!(forced.matches(coloured).count(), 1, "{forced}");
    }
    assert_eq!(forced.matches("\u{1b}[1;36mhint:\u{1b}[0m ").count(), 3, "{forced}");
    let without = ["1;31", "1;33", "1;32", "1;36", "0"];
    let stripped = without.iter().fold(forced, |text, colour| text.replace(&format!("\u{1b}[{colour}m"), ""));
    assert_eq!(stripped, plain);
    assert_eq!(printed(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
    // What programs read has none.
    for form in ["json", "junit", "sarif", "github"] {
        assert!(!printed(&["--output", form], &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'), "{form}");
    }
}

#[test]
fn json_has_every_finding_and_every_rule() {
    let folder = folder(APPSPEC, &TASKDEF.replace("\"512\"", "\"513\""));
    let output = folder.command(&["check", "build", "--output", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(21));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    expect![[r#"
        [
          {
            "code": "TD15",
            "severity": "error",
            "file": "build/taskdef.json",
            "line": 6,
            "column": 3,
            "path": "memory",
            "message": "memory 513 MiB cannot be combined with 256 CPU units on Fargate (allowed: 512, 1024 or 2048)",
            "hint": "set \"memory\" to \"1024\", or choose another \"cpu\"",
            "page": "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"
          }
        ]"#]]
    .assert_eq(&format!("{:#}", json["findings"]));
    let result = |code: &str| {
        json["rules"].as_array().unwrap().iter().find(|rule| rule["code"] == code).map(|rule| rule["result"].clone())
    };
    assert_eq!(result("TD15"), Some("error".into()));
    assert_eq!(result("TD16"), Some("passed".into()));
    assert_eq!((&json["errors"], &json["warnings"]), (&1.into(), &0.into()));
}

#[test]
fn a_warning_fails_a_strict_check_only() {
    let folder = folder(&APPSPEC.replace("0.0", "1"), TASKDEF);
    let code = |args: &[&str]| folder.command(args).output().unwrap().status.code();
    assert_eq!(code(&["check", "build"]), Some(0));
    assert_eq!(code(&["check", "build", "--strict"]), Some(21));
}

#[test]
fn what_cannot_be_opened_is_no_finding() {
    let folder = folder(APPSPEC, TASKDEF);
    folder.write("not.zip", "hello");
    folder.check(
        &["check", "nothing"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read nothing: No such file or directory (os error 2)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
    folder.check(
        &["check", "not.zip"],
        &expect![[r#"
        exit 3
        --- stderr
        error: ZIP01: artifact not.zip is not a zip archive (starts with "hello")
        hint: configure the action that produces the artifact to write a zip archive
    "#]],
    );
    folder.check(
        &["check"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE06: one of PATH, --appspec <FILE>, --taskdef <FILE>, --explain <CODE> is required
            hint: add one of PATH, --appspec <FILE>, --taskdef <FILE>, --explain <CODE>
        "#]],
    );
    folder.check(
        &["check", "build", "--taskdef", "x"],
        &expect![[r#"
        exit 2
        --- stderr
        error: USE07: [PATH] cannot be used together with --taskdef <FILE>
        hint: remove [PATH] or --taskdef <FILE>
    "#]],
    );
}

#[test]
fn an_artifact_without_its_files_says_so() {
    let folder = folder(APPSPEC, TASKDEF);
    fs::remove_file(folder.path().join("build/appspec.yaml")).unwrap();
    folder.check(
        &["check", "build"],
        &expect![[r#"
            exit 21
            --- stdout
            build: error CHK08: has no AppSpec (appspec.yml, appspec.yaml or appspec.json)
              hint: add one, or name it with --appspec-path; `codedeploy-artifact generate` writes one
              see:  https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html

            not checked: 36 rules (no AppSpec is given)
            1 error in 1 file
        "#]],
    );
    folder.check(
        &["check", "build", "--taskdef-path", "td.json"],
        &expect![[r#"
            exit 3
            --- stderr
            error: CLI01: cannot read build/td.json: No such file or directory (os error 2)
            hint: check the path; relative paths start at the working directory
        "#]],
    );
}

/// The same text as that of the command.
#[test]
fn a_code_is_explained() {
    let folder = folder(APPSPEC, TASKDEF);
    let explained = folder.run(&["check", "--explain", "td15"]);
    assert_eq!(explained, folder.run(&["explain", "TD15"]));
    assert!(String::from_utf8(explained).unwrap().starts_with("TD15: "));
    let both = folder.command(&["check", "build", "--explain", "TD15"]).output().unwrap();
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_reason_is_given_once() {
    let folder = Folder::new();
    folder.write("empty/other.txt", "");
    let output = folder.command(&["check", "empty"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("(no AppSpec is given)").count(), 1, "{text}");
}
