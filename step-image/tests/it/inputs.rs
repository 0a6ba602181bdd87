//! Inputs of an artifact: task definitions in either form, templates, a configuration file, input artifacts.

use expect_test::expect;
use serde_json::Value;

use crate::folder::{Folder, WEB, zip};

const FILE: [&str; 2] = ["--task-definition-file", "web.json"];

#[test]
fn a_bare_task_definition_is_as_good_as_a_whole_answer() {
    let folder = Folder::new();
    let answer: Value = serde_json::from_str(WEB).unwrap();
    let mut bare = answer["taskDefinition"].clone();
    bare["tags"] = answer["tags"].clone();
    folder.write("bare.json", bare.to_string());
    let made = folder.files_of(&FILE);
    assert_eq!(folder.files_of(&["--task-definition-file", "bare.json"]), made);
    folder.write("again.json", &made.1);
    assert_eq!(folder.files_of(&["--task-definition-file", "again.json"]), made, "what was made is taken again");
    folder.check(
        &["generate", "--artifact", "a.zip", "--task-definition-file", "again.json"],
        &expect![[r#"
        exit 0
        --- stdout
        a.zip  1703 bytes  sha256 38983d3b6f6aca5fc20c627354bdfc03fc06775a5904130eb97a9ffb6d263a57
          appspec.yml  224 bytes  sha256 e6297295387cb44df3938bed6f47cc469dda87022c377bdb1623adcfdbfb88ef
          taskdef.json  1259 bytes  sha256 1de7e948fe4905fbac632ac2e9c03e73cb5336f54f704804def1121d00388d01
    "#]],
    );
}

#[test]
fn every_part_of_the_appspec_has_its_flag() {
    let folder = Folder::new();
    let flags = [
        "--container-name=web",
        "--container-port=8080",
        "--platform-version=1.4.0",
        "--network=subnets=subnet-0a1,subnet-0b2,security_groups=sg-0c3",
        "--network=assign_public_ip=DISABLED",
        "--capacity-provider-strategy=capacity_provider=FARGATE,base=1,weight=1",
        "--capacity-provider-strategy=capacity_provider=FARGATE_SPOT,weight=4",
        "--hooks=AfterAllowTestTraffic=smoke-test",
        "--hooks=BeforeInstall=arn:aws:lambda:eu-west-1:111111111111:function:prepare",
        "--images=web=IMAGE1_NAME",
    ];
    let (appspec, taskdef) = folder.files_of(&[&FILE[..], &flags].concat());
    expect![[r#"
        version: 0.0
        Resources:
          - TargetService:
              Type: "AWS::ECS::Service"
              Properties:
                TaskDefinition: "<TASK_DEFINITION>"
                LoadBalancerInfo:
                  ContainerName: "web"
                  ContainerPort: 8080
                PlatformVersion: "1.4.0"
                NetworkConfiguration:
                  AwsvpcConfiguration:
                    Subnets:
                      - "subnet-0a1"
                      - "subnet-0b2"
                    SecurityGroups:
                      - "sg-0c3"
                    AssignPublicIp: "DISABLED"
                CapacityProviderStrategy:
                  - CapacityProvider: "FARGATE"
                    Base: 1
                    Weight: 1
                  - CapacityProvider: "FARGATE_SPOT"
                    Base: 0
                    Weight: 4
        Hooks:
          - BeforeInstall: "arn:aws:lambda:eu-west-1:111111111111:function:prepare"
          - AfterAllowTestTraffic: "smoke-test"
    "#]]
    .assert_eq(&appspec);
    assert!(taskdef.contains(r#""image": "<IMAGE1_NAME>""#), "{taskdef}");

    let json = [
        "--container-name=web",
        "--container-port=8080",
        "--platform-version=1.4.0",
        r#"--network={"subnets": ["subnet-0a1", "subnet-0b2"], "security_groups": ["sg-0c3"], "assign_public_ip": "DISABLED"}"#,
        r#"--capacity-provider-strategy=[{"capacity_provider": "FARGATE", "base": 1, "weight": 1}, {"capacity_provider": "FARGATE_SPOT", "weight": 4}]"#,
        "--hooks=AfterAllowTestTraffic=smoke-test",
        "--hooks=BeforeInstall=arn:aws:lambda:eu-west-1:111111111111:function:prepare",
        "--images=web=<IMAGE1_NAME>",
    ];
    assert_eq!(folder.files_of(&[&FILE[..], &json].concat()), (appspec, taskdef), "JSON says the same");
}

#[test]
fn templates_are_filled() {
    let folder = Folder::new();
    folder.write(
        "appspec.tpl",
        "# ours\nversion: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        \
         TaskDefinition: <TASK_DEFINITION>\n        LoadBalancerInfo:\n          ContainerName: \"${CONTAINER_NAME}\"\n          \
         ContainerPort: ${CONTAINER_PORT}\nHooks:\n  - BeforeAllowTraffic: \"check-${stage}\"\n",
    );
    folder.write(
        "taskdef.tpl",
        r#"{"family": "shop-${stage}", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
            "containerDefinitions": [{"name": "web", "image": "${image}",
            "portMappings": [{"containerPort": 8080}], "command": ["echo", "$${HOME}"], "cpu": ${cpu}}]}"#,
    );
    let templates = ["--appspec-template", "appspec.tpl", "--taskdef-template", "taskdef.tpl"];
    let variables = ["--variables=stage=prod", "--variables=image=shop/web:1", "--variables=cpu=256"];
    let (appspec, taskdef) = folder.files_of(&[&templates[..], &variables].concat());
    expect![[r##"
        # ours
        version: 0.0
        Resources:
          - TargetService:
              Type: AWS::ECS::Service
              Properties:
                TaskDefinition: <TASK_DEFINITION>
                LoadBalancerInfo:
                  ContainerName: "web"
                  ContainerPort: 8080
        Hooks:
          - BeforeAllowTraffic: "check-prod"
    "##]]
    .assert_eq(&appspec);
    expect![[r#"
        {
          "family": "shop-prod",
          "networkMode": "awsvpc",
          "cpu": "256",
          "memory": "512",
          "containerDefinitions": [
            {
              "name": "web",
              "image": "shop/web:1",
              "portMappings": [
                {
                  "containerPort": 8080
                }
              ],
              "command": [
                "echo",
                "${HOME}"
              ],
              "cpu": 256
            }
          ]
        }
    "#]]
    .assert_eq(&taskdef);
    let refused = [&["generate", "--artifact", "a.zip"], &templates[..]].concat();
    folder.check(
        &[&refused[..], &variables[..2]].concat(),
        &expect![[r#"
            exit 3
            --- stderr
            error: TPL01: taskdef.tpl line 3: unknown variable "cpu"
            hint: add --variables cpu=VALUE, or write $${ for a literal ${
        "#]],
    );
    folder.check(
        &[&refused[..], &variables, &["--variables=imgae=x"]].concat(),
        &expect![[r#"
            exit 2
            --- stderr
            error: TPL02: variable "imgae" is given, but no template uses it
            hint: remove it from --variables, or use it in the template
        "#]],
    );
}

#[test]
fn a_configuration_file_says_what_flags_do_and_flags_win() {
    let folder = Folder::new();
    folder.write(
        "config.yaml",
        "task_definition_file: web.json\nimages: {web: IMAGE1_NAME}\nplatform_version: '1.4.0'\n\
         network:\n  subnets: [subnet-0a1]\n  security_groups: [sg-0c3]\n  assign_public_ip: ENABLED\n",
    );
    folder.write(
        "config.json",
        r#"{"task_definition_file": "web.json", "images": {"web": "IMAGE1_NAME"}, "platform_version": "1.4.0",
            "network": {"subnets": ["subnet-0a1"], "security_groups": ["sg-0c3"], "assign_public_ip": "ENABLED"}}"#,
    );
    let flags = [
        "--images=web=IMAGE1_NAME",
        "--platform-version=1.4.0",
        "--network=subnets=subnet-0a1",
        "--network=security_groups=sg-0c3",
        "--network=assign_public_ip=ENABLED",
    ];
    let made = folder.files_of(&[&FILE[..], &flags].concat());
    assert_eq!(folder.files_of(&["--config", "config.yaml"]), made);
    assert_eq!(folder.files_of(&["--config", "config.json"]), made);

    let (appspec, taskdef) = folder.files_of(&["--config=config.yaml", "--platform-version=LATEST"]);
    assert_eq!(appspec, made.0.replace("1.4.0", "LATEST"));
    assert_eq!(taskdef, made.1);

    folder.write("wrong.yaml", "task_definition_file: web.json\nplatform_verison: '1.4.0'\n");
    folder.check(
        &["generate", "--artifact", "a.zip", "--config", "wrong.yaml"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR03: unknown parameter "platform_verison"; did you mean "platform_version"?
            hint: write platform_version, or remove it
        "#]],
    );
    folder.write("twice.yaml", "region: eu-west-1\nregion: eu-west-2\n");
    folder.check(
        &["generate", "--artifact", "a.zip", "--config", "twice.yaml"],
        &expect![[r#"
            exit 2
            --- stderr
            error: PAR04: parameter "region" is given twice
            hint: remove one of them
        "#]],
    );
}

#[test]
fn files_come_out_of_input_artifacts() {
    let folder = Folder::new();
    let image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web:2.0.0";
    folder.write("source.zip", zip(&[("deploy/taskdef.json", WEB), ("README.md", "x")]));
    folder.write("image.zip", zip(&[("imageDetail.json", &format!(r#"{{"ImageURI": "{image}"}}"#))]));
    folder.write("imageDetail.json", format!(r#"{{"ImageURI": "{image}", "ImageTags": ["2.0.0"]}}"#));
    let artifacts = ["--input-artifact=Source=source.zip", "--input-artifact=Image=image.zip"];
    let named = ["--task-definition-file=Source::deploy/taskdef.json", "--images=web=Image::imageDetail.json"];
    let made = folder.files_of(&[&artifacts[..], &named].concat());
    assert_eq!(made, folder.files_of(&[&FILE[..], &["--images=web=imageDetail.json"]].concat()));
    assert_eq!(made, folder.files_of(&[&FILE[..], &[&format!("--images=web={image}")]].concat()));
    assert!(made.1.contains(&format!(r#""image": "{image}""#)), "{}", made.1);
}

#[test]
fn other_versions_of_an_appspec_are_taken_with_a_warning() {
    let folder = Folder::new();
    let (appspec, _) = folder.files_of(&FILE);
    for (line, is) in [("version: 1\n", "is 1"), ("version: '1.0'\n", "is 1.0"), ("", "is missing")] {
        let template = appspec.replace("version: 0.0\n", line);
        folder.write("appspec.tpl.yml", &template);
        let args = ["generate", "--artifact", "made", "--appspec-template", "appspec.tpl.yml"];
        let output = folder.command(&[&args[..], &FILE].concat()).output().unwrap();
        let seen = folder.seen(&output);
        assert!(seen.starts_with("exit 0\n"), "{seen}");
        assert!(seen.contains(&format!("warning: APP08: appspec.tpl.yml: version {is}; ")), "{seen}");
        assert!(seen.contains("hint: write version: 0.0\n"), "{seen}");
        assert_eq!(folder.text("made/appspec.yml"), template);
    }
}

/// An answer of ECS without its ARN, as a file with a placeholder.
const PLACEHOLDER: &str = r#"{"family":"shop","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256",
    "memory":"512","containerDefinitions":[{"name":"web","image":"<myapp>","portMappings":[{"containerPort":80}]}]}"#;

#[test]
fn placeholders_come_with_the_settings_that_fill_them() {
    let folder = Folder::new();
    folder.write("td.json", PLACEHOLDER);
    let generate = ["generate", "--artifact", "a.zip", "--task-definition-file", "td.json", "--images", "web=myapp"];
    folder.check(
        &generate,
        &expect![[r#"
        exit 0
        --- stdout
        a.zip  751 bytes  sha256 43f580569dbb08b9bbc1da57a5a3b5dadb5db3078b43f0e6817a2440f8f76701
          appspec.yml  222 bytes  sha256 6d1ef643b8d0b94e908d5efc76595ec95c89bbd1402a109685e4944948f8e600
          taskdef.json  309 bytes  sha256 5ea7bd27da605f2786b34193516f3e1a7cdd0280d08661a588727b365b6367ce
        --- stderr
        note: CodeDeployToECS fills the images in; settings of this action:
          AppSpecTemplatePath: appspec.yml
          TaskDefinitionTemplatePath: taskdef.json
          Image1ContainerName: myapp
          Image1ArtifactName: the artifact with the imageDetail.json
    "#]],
    );
    let json: serde_json::Value =
        serde_json::from_slice(&folder.run(&[&generate[..], &["--output", "json"]].concat())).unwrap();
    assert_eq!(json["code_deploy_to_ecs"]["Image1ContainerName"], "myapp");
    let without = [&generate[..5]].concat();
    let seen = folder.seen(&folder.command(&without).output().unwrap());
    assert!(seen.contains("TD06") && seen.contains("--images 'web=<myapp>'"), "{seen}");
}

#[test]
fn a_task_definition_in_utf_16_is_named() {
    let folder = Folder::new();
    let utf16: Vec<u8> = PLACEHOLDER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("td.json", [&[0xff, 0xfe][..], &utf16].concat());
    folder.check(
        &["generate", "--artifact", "a.zip", "--task-definition-file", "td.json"],
        &expect![[r#"
        exit 3
        --- stderr
        error: TD05: td.json: UTF-16 text, UTF-8 expected
        hint: save it as UTF-8; in PowerShell, write it with `Out-File -Encoding utf8`
    "#]],
    );
}

/// With `--task-definition` another revision is deployed, so nothing in the artifact's own can stop it.
#[test]
fn the_task_definition_of_an_artifact_is_not_read_if_another_is_named() {
    let folder = Folder::new();
    let artifact = ["generate", "--artifact", "a.zip", "--task-definition-file", "td.json", "--images", "web=myapp"];
    folder.write("td.json", PLACEHOLDER);
    folder.run(&artifact);
    let seen = |flags: &[&str]| {
        let line =
            [&["deploy", "--artifact", "a.zip", "--service", "prod/shop", "--region", "eu-west-1"], flags].concat();
        folder.seen(&folder.command(&line).output().unwrap())
    };
    assert!(seen(&["--register"]).contains("TD06"));
    let another = seen(&["--task-definition", "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop:7"]);
    assert!(!another.contains("TD06") && another.contains("credentials"), "{another}");
}

#[test]
fn warnings_do_not_end_the_run() {
    let folder = Folder::new();
    let file = PLACEHOLDER.replace("<myapp>", "nginx:1").replace("\"family\"", "\"environmentFiles\":[],\"family\"");
    folder.write("td.json", file);
    let generate = ["generate", "--artifact", "a.zip", "--task-definition-file", "td.json", "--output", "json"];
    let json: serde_json::Value = serde_json::from_slice(&folder.run(&generate)).unwrap();
    assert_eq!(json["warnings"][0]["code"], "TD28");
    assert_eq!(json["warnings"][0]["path"], "environmentFiles");
}

/// A file with placeholders that was not given as a template, in every form that tools have.
#[test]
fn placeholders_that_were_left_lead_to_templates() {
    let folder = Folder::new();
    let taskdef = |family: &str, image: &str, port: &str| {
        format!(
            r#"{{"family": "{family}", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
            "memory": "512", "containerDefinitions": [{{"name": "web", "image": "{image}", "portMappings":
            [{{"containerPort": {port}}}]}}]}}"#
        )
    };
    let hint = |args: &[&str]| {
        let output = folder.command(args).output().unwrap();
        assert_ne!(output.status.code(), Some(0), "{args:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        stderr.lines().filter_map(|line| line.strip_prefix("hint: ")).collect::<String>()
    };
    let generate = ["generate", "--artifact", "made", "--task-definition-file", "t.json"];
    for (text, names) in [
        (taskdef("${FAMILY}", "a:1", "80"), "--variables FAMILY=VALUE"),
        (taskdef("shop", "${IMAGE_URI}", "80"), "--variables IMAGE_URI=VALUE"),
        (taskdef("shop", "a:1", "${PORT}"), "--variables PORT=VALUE"),
        (taskdef("${FAMILY}", "${IMAGE}", "80"), "--variables FAMILY=VALUE --variables IMAGE=VALUE"),
    ] {
        folder.write("t.json", &text);
        let expected = format!("use the file as a template: --taskdef-template t.json {names}");
        assert_eq!(hint(&generate), expected, "{text}");
        let names = names.replace("IMAGE=VALUE", "IMAGE=a:1").replace("IMAGE_URI=VALUE", "IMAGE_URI=a:1");
        let args =
            format!("generate --artifact made --taskdef-template t.json {}", names.replace("PORT=VALUE", "PORT=80"));
        let args: Vec<&str> = args.split(' ').collect();
        folder.run(&args);
    }
    // A number in quotes: the quotes are named as well, before and after the file is a template.
    folder.write("t.json", taskdef("${FAMILY}", "a:1", "\"${PORT}\""));
    let template = "--taskdef-template t.json --variables PORT=VALUE --variables FAMILY=VALUE";
    let both = format!("write ${{PORT}} without quotes and use the file as a template: {template}");
    assert_eq!(hint(&generate), both);
    let args = format!("generate --artifact made {}", template.replace("PORT=VALUE", "PORT=80"));
    let args: Vec<&str> = args.split(' ').collect();
    assert_eq!(hint(&args), "write ${PORT} without quotes in the template");
    folder.write("t.json", taskdef("${FAMILY}", "a:1", "${PORT}"));
    folder.run(&args);
    for (placeholder, ours) in [
        ("{{ image }}", "write ${image} instead of {{ image }} and "),
        ("%IMAGE%", "write ${IMAGE} instead of %IMAGE% and "),
        ("#{IMAGE}", "write ${IMAGE} instead of #{IMAGE} and "),
    ] {
        folder.write("t.json", taskdef(placeholder, "a:1", "80"));
        assert!(hint(&generate).starts_with(ours), "{}", hint(&generate));
    }
    folder.write("web.yml", "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        TaskDefinition: <TASK_DEFINITION>\n        LoadBalancerInfo:\n          ContainerName: web\n          ContainerPort: {{ port }}\n");
    let template =
        ["generate", "--artifact", "made", "--task-definition-file", "web.json", "--appspec-template", "web.yml"];
    assert_eq!(hint(&template), "write ${port} instead of {{ port }} and add --variables port=VALUE");
    let deploy = ["deploy", "--appspec", "web.yml", "--service", "prod/shop"];
    let call = "`codedeploy-artifact generate --appspec-template web.yml --variables port=VALUE`";
    assert_eq!(
        hint(&deploy),
        format!("write ${{port}} instead of {{{{ port }}}} and use the file as a template: {call}")
    );
}

/// What `check` doubts is a warning of `generate`, too, and of the function, which runs the same code.
#[test]
fn doubts_about_the_content_are_warnings() {
    let folder = Folder::new();
    let doubtful = r#"{"family": "shop", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
        "memory": "512", "containerDefinitions": [{"name": "web", "image": "repo/app",
        "versionConsistency": "disabled", "portMappings": [{"containerPort": 8080}],
        "environment": [{"name": "DB_PASSWORD", "value": "correct-horse-battery"}, {"name": "STAGE", "value": "__STAGE__"}]}]}"#;
    folder.write("taskdef.json", doubtful);
    let generate = |flags: &[&str]| {
        let args = ["generate", "--task-definition-file", "taskdef.json", "--artifact", "a.zip", "--output", "json"];
        let output = folder.command(&[&args, flags].concat()).output().unwrap();
        let said = String::from_utf8([output.stdout.clone(), output.stderr].concat()).unwrap();
        assert!(!said.contains("correct-horse"), "{said}");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let codes = json["warnings"].as_array().map_or_else(Vec::new, |warnings| {
            warnings.iter().map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
        });
        (output.status.code(), codes)
    };
    assert_eq!(generate(&[]), (Some(0), ["IMG08", "TD34", "CHK09"].map(str::to_owned).to_vec()));
    assert_eq!(generate(&["--ignore", "IMG08,TD34"]), (Some(0), vec!["CHK09".to_owned()]));
    assert_ne!(generate(&["--strict"]).0, Some(0));
}
