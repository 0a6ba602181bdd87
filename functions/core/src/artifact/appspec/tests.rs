#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};

use super::nasty::nasty_appspec;
use super::*;

const MINIMAL: &str = r#"version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "<TASK_DEFINITION>"
        LoadBalancerInfo:
          ContainerName: "web"
          ContainerPort: 8080
"#;

fn full() -> AppSpec {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    AppSpec {
        platform_version: Some("1.4.0".to_owned()),
        network: Some(Network::new(ids(&["subnet-1a", "subnet-2b"]), ids(&["sg-1a"]), "DISABLED").unwrap()),
        capacity_provider_strategy: vec![
            CapacityProvider { name: "FARGATE_SPOT".to_owned(), base: 1, weight: 2 },
            CapacityProvider { name: "FARGATE".to_owned(), base: 0, weight: 0 },
        ],
        hooks: vec![
            (Hook::AfterAllowTraffic, "smoke".to_owned()),
            (Hook::BeforeInstall, "arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live".to_owned()),
        ],
        ..AppSpec::new("arn:aws:ecs:eu-west-1:012345678901:task-definition/app:7", "web", 80)
    }
}

#[test]
fn every_string_is_quoted_and_the_order_is_fixed() {
    expect![[r#"
        version: 0.0
        Resources:
          - TargetService:
              Type: "AWS::ECS::Service"
              Properties:
                TaskDefinition: "arn:aws:ecs:eu-west-1:012345678901:task-definition/app:7"
                LoadBalancerInfo:
                  ContainerName: "web"
                  ContainerPort: 80
                PlatformVersion: "1.4.0"
                NetworkConfiguration:
                  AwsvpcConfiguration:
                    Subnets:
                      - "subnet-1a"
                      - "subnet-2b"
                    SecurityGroups:
                      - "sg-1a"
                    AssignPublicIp: "DISABLED"
                CapacityProviderStrategy:
                  - CapacityProvider: "FARGATE_SPOT"
                    Base: 1
                    Weight: 2
                  - CapacityProvider: "FARGATE"
                    Base: 0
                    Weight: 0
        Hooks:
          - BeforeInstall: "arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live"
          - AfterAllowTraffic: "smoke"
    "#]]
    .assert_eq(&write(&full()));
}

#[test]
fn what_is_written_is_read_back() {
    let mut sorted = full();
    sorted.hooks.reverse();
    assert_eq!(read(&write(&full()), "f").unwrap(), sorted);
    for number in 0..2_000 {
        let spec = nasty_appspec(number);
        let yaml = write(&spec);
        assert_eq!(read(&yaml, "f").unwrap_or_else(|error| panic!("{number}: {error}\n{yaml}")), spec);
        let json = write_json(&spec);
        assert_eq!(read(&json, "f").unwrap_or_else(|error| panic!("{number}: {error}\n{json}")), spec);
        if number % 10 == 0 {
            let limits = crate::document::Limits::YAML;
            assert_eq!(crate::document::yaml(&yaml, limits).unwrap(), crate::document::json(&json, limits).unwrap());
        }
    }
}

#[test]
fn other_spellings_that_codedeploy_accepts_are_read() {
    let check = |text: &str| assert_eq!(read(text, "f").unwrap(), AppSpec::new("<TASK_DEFINITION>", "web", 8080));
    check(MINIMAL);
    check(&MINIMAL.replace("8080", "'8080'").replace("0.0", "\"0.0\""));
    check(&MINIMAL.replace("Resources", "resources").replace("TaskDef", "taskDef").replace("Type", "type"));
    check(&format!("\u{feff}# comment\n---\n{MINIMAL}Hooks:\n"));
    check(&format!("{MINIMAL}        NetworkConfiguration: {{}}\n"));
    for (line, warning) in [
        ("version: 0.0\n", "none"),
        ("version: '0.0'\n", "none"),
        ("version: 1\n", "is 1;"),
        ("version: 1.0\n", "is 1.0;"),
        ("version: \"1\"\n", "is 1;"),
        ("version: 0\n", "is 0;"),
        ("version: 2.0.0\n", "is 2.0.0;"),
        ("version:\n", "is missing;"),
        ("", "is missing;"),
    ] {
        let spec = read(&MINIMAL.replace("version: 0.0\n", line), "f").unwrap();
        let found = spec.version_warning("f").map_or_else(|| "f: version none".to_owned(), |it| it.to_string());
        assert!(found.starts_with(&format!("f: version {warning}")), "{line}: {found}");
        assert!(write(&spec).starts_with("version: 0.0\n"));
    }
    check(
        r#" {"version": 0.0, "Resources": [{"TargetService": {"Type": "AWS::ECS::Service", "Properties":
        {"TaskDefinition": "<TASK_DEFINITION>", "LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 8080}}}}]}"#,
    );
    let named = read(&MINIMAL.replace("TargetService", "my-service"), "f").unwrap();
    assert_eq!(named.resource_name, "my-service");
}

/// The messages for MINIMAL with the first text of each pair replaced by the second.
fn check(changes: &[(&str, &str)], expected: &Expect) {
    let messages = changes.iter().map(|(from, to)| {
        assert!(MINIMAL.contains(from), "{from}");
        let text = MINIMAL.replacen(from, to, 1);
        read(&text, "f").expect_err(&text).to_string() + "\n"
    });
    expected.assert_eq(&messages.collect::<String>());
}

#[test]
fn a_report_names_file_line_path_and_the_next_step() {
    let text = MINIMAL.replace("ContainerPort", "ContainerPrt");
    expect![[r#"
        APP20: appspec.yml line 9: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPrt: unknown key "ContainerPrt"; did you mean "ContainerPort"?
        hint: write ContainerPort"#]].assert_eq(&read(&text, "appspec.yml").unwrap_err().report());
    let error = decode(b"\xff\xfev\0", "appspec.yaml").unwrap_err();
    expect![[r#"
        APP15: appspec.yaml: UTF-16 text, UTF-8 expected
        hint: save the file as UTF-8"#]]
    .assert_eq(&error.report());
}

#[test]
fn syntax_errors_carry_the_codes_of_the_appspec() {
    check(
        &[
            ("  - Target", "\t- Target"),
            ("Resources", "version: 0.0\nResources"),
            ("  - Target", "version: 0.0\n  - Target"),
            ("        LoadB", "        TaskDefinition: x\n        LoadB"),
            ("\"web\"", "!Ref web"),
            ("Resources", "---\nResources"),
        ],
        &expect![[r#"
            APP02: f line 3 column 1: tab used for indentation
            APP03: f line 2 column 1: key "version" is given twice (first at line 1)
            APP16: f line 4 column 18: mapping values are not allowed in this context
            APP03: f line 7 column 9: key "TaskDefinition" is given twice (first at line 6)
            APP05: f line 8 column 26: YAML tags (!Ref) are not supported
            APP04: f line 2 column 1: more than one YAML document
        "#]],
    );
    let code = |text: &str| read(text, "f").expect_err(text).code();
    assert_eq!(code("{\"version\": 0.0,}"), "APP16");
    assert_eq!(code(&"x".repeat(70_000)), "APP17");
    assert_eq!(code("a: &a {b: c}\nd: {<<: *a}"), "APP18");
    assert_eq!(code(&"[".repeat(65)), "APP07");
    assert_eq!(code(&format!("a: &a {}\nb: [{}]", "x".repeat(40_000), "*a,".repeat(99))), "APP06");
}

#[test]
fn wrong_members_are_named_with_line_and_path() {
    check(
        &[
            ("0.0", "new"),
            ("0.0", "[0.0]"),
            ("0.0", "0.0.beta"),
            ("  - TargetService", "  - Other: {}\n  - TargetService"),
            ("  - TargetService", "  - Other: {}\n    TargetService"),
            ("  - TargetService", "    TargetService"),
            ("AWS::ECS::Service", "AWS::Lambda::Function"),
            ("  ContainerName", "- ContainerName"),
            ("ContainerName", "ContainerNme"),
            ("ContainerName", "containerport"),
            ("8080", "'0x50'"),
            ("8080", "65536"),
            ("8080", "[80]"),
            ("\"web\"", "\"\""),
            ("\"web\"", ""),
            ("\"web\"", "12"),
            ("        Load", "        PlatformVersion: 1.4\n        Load"),
        ],
        &expect![[r#"
            APP08: f line 1: version: version must be a number, found new
            APP08: f line 1: version: version must be a number, found a list
            APP08: f line 1: version: version must be a number, found 0.0.beta
            APP09: f line 2: Resources: must have exactly one item, found 2
            APP09: f line 2: Resources: must have exactly one item, found 2
            APP21: f line 2: Resources: must be a list, found a map
            APP10: f line 4: Resources[0].TargetService.Type: resource type must be AWS::ECS::Service, found "AWS::Lambda::Function"
            APP11: f line 7: Resources[0].TargetService.Properties.LoadBalancerInfo: must be a map, found a list (CodeDeploy rejects it)
            APP20: f line 8: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerNme: unknown key "ContainerNme"; did you mean "ContainerName"?
            APP03: f line 9: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort: "containerport" and "ContainerPort" are the same key; APP19: line 7: Resources[0].TargetService.Properties.LoadBalancerInfo: ContainerName is missing; APP27: line 8: Resources[0].TargetService.Properties.LoadBalancerInfo.containerport: container port must be 1-65535, found "web"
            APP27: f line 9: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort: container port must be 1-65535, found "0x50"
            APP27: f line 9: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort: container port must be 1-65535, found "65536"
            APP21: f line 9: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort: must be a number, found a list
            APP28: f line 8: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: must not be empty
            APP19: f line 7: Resources[0].TargetService.Properties.LoadBalancerInfo: ContainerName is missing
            APP21: f line 8: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: must be text, found a number
            APP24: f line 7: Resources[0].TargetService.Properties.PlatformVersion: platform version must be LATEST or a number such as 1.4.0, found "1.4"
        "#]],
    );
}

/// Files that are no AppSpec for ECS, and members at the wrong level, each with what to do.
#[test]
fn what_a_file_is_and_where_members_belong_is_said() {
    let check = |texts: &[&str], expected: &Expect| {
        let reports = texts.iter().map(|text| read(text, "f").expect_err(text).report() + "\n");
        expected.assert_eq(&reports.collect::<String>());
    };
    check(
        &[
            "version: 0.0\nos: linux\nfiles:\n  - source: /\n    destination: /srv\n",
            "version: 0.0\nfiles: []\nhooks:\n  BeforeInstall:\n    - location: a.sh\n",
            r#"{"applicationName": "a", "deploymentGroupName": "g", "revision": {"revisionType": "AppSpecContent"}}"#,
            r#"{"revisionType": "AppSpecContent", "appSpecContent": {"content": "{}"}}"#,
            r#"{"revisionType": "S3", "s3Location": {"bucket": "b", "key": "k"}}"#,
            "family: shop\ncontainerDefinitions: []\n",
            "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n",
            "version: 0.2\nphases: {}\n",
            r#"[{"name": "web", "imageUri": "a:1"}]"#,
            "",
            "# nothing\n",
        ],
        &expect![[r#"
            APP30: f: this is an AppSpec for EC2 or on-premises instances (os, files, permissions), not an AppSpec for Amazon ECS
            hint: write an AppSpec for Amazon ECS, with version, Resources and Hooks only; `codedeploy-artifact generate` writes one
            APP30: f: this is an AppSpec for EC2 or on-premises instances (os, files, permissions), not an AppSpec for Amazon ECS
            hint: write an AppSpec for Amazon ECS, with version, Resources and Hooks only; `codedeploy-artifact generate` writes one
            APP30: f: this is the input of create-deployment, not an AppSpec for Amazon ECS
            hint: save the text of revision.appSpecContent.content to its own file and use that file
            APP30: f: this is the input of create-deployment, not an AppSpec for Amazon ECS
            hint: save the text of revision.appSpecContent.content to its own file and use that file
            APP30: f: this is the input of create-deployment, not an AppSpec for Amazon ECS
            hint: deploy the object in s3Location with `codedeploy-artifact deploy --revision s3://BUCKET/KEY`
            APP30: f: this is a task definition, not an AppSpec for Amazon ECS
            hint: use the AppSpec file, which has Resources and TargetService; `codedeploy-artifact generate` writes one
            APP30: f: this is a CloudFormation template, not an AppSpec for Amazon ECS
            hint: use the AppSpec file, which has Resources and TargetService; `codedeploy-artifact generate` writes one
            APP30: f: this is a buildspec of CodeBuild, not an AppSpec for Amazon ECS
            hint: use the AppSpec file, which has Resources and TargetService; `codedeploy-artifact generate` writes one
            APP30: f: this is an imagedefinitions.json for rolling updates, not an AppSpec for Amazon ECS
            hint: use the AppSpec file, which has Resources and TargetService; `codedeploy-artifact generate` writes one
            APP30: f: the file is empty
            hint: write an AppSpec to it; `codedeploy-artifact generate` writes one
            APP30: f: the file is empty
            hint: write an AppSpec to it; `codedeploy-artifact generate` writes one
        "#]],
    );
    let properties =
        "Properties:\n        TaskDefinition: x\n        LoadBalancerInfo: {ContainerName: a, ContainerPort: 1}\n";
    let start = "version: 0.0\nResources:\n  - TargetService:\n";
    check(
        &[
            &format!("{start}    Type: AWS::ECS::Service\n    Properties:\n      TaskDefinition: x\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      {properties}      CapacityProviderStrategy: []\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      TaskDefinition: x\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      Properties:\n        ContainerName: x\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      Properties:\n        AwsvpcConfiguration: {{}}\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      {properties}        Hooks: []\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      {properties}  - Hooks: []\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      {properties}BeforeInstall: f\n"),
            "version: 0.0\nTargetService:\n  Type: AWS::ECS::Service\n",
            "version: 0.0\nResources:\n  TargetService:\n    Type: AWS::ECS::Service\n",
            &format!("{start}      Type: AWS::ECS::Service\n      Properties:\n        - TaskDefinition: x\n"),
            &format!("{start}      Type: AWS::Lambda::Function\n      Properties: {{Name: f}}\n"),
            &format!("{start}      Type: AWS::ECS::Service\n      {properties}Hooks:\n  BeforeInstall: f\n"),
            &format!(
                "{start}      Type: AWS::ECS::Service\n      {properties}Hooks:\n  - BeforeInstall:\n    - location: x.sh\n"
            ),
        ],
        &expect![[r#"
            APP31: f line 4: Resources[0].Type: Type belongs under TargetService
            hint: move Type below TargetService and indent it two spaces more than TargetService
            APP31: f line 8: Resources[0].TargetService.CapacityProviderStrategy: CapacityProviderStrategy belongs under Properties
            hint: move CapacityProviderStrategy below Properties and indent it two spaces more than Properties
            APP31: f line 5: Resources[0].TargetService.TaskDefinition: TaskDefinition belongs under Properties
            hint: move TaskDefinition below Properties and indent it two spaces more than Properties
            APP31: f line 6: Resources[0].TargetService.Properties.ContainerName: ContainerName belongs under LoadBalancerInfo; APP19: line 5: Resources[0].TargetService.Properties: TaskDefinition is missing
            hint: move ContainerName below LoadBalancerInfo and indent it two spaces more than LoadBalancerInfo; add TaskDefinition: <TASK_DEFINITION>
            APP31: f line 6: Resources[0].TargetService.Properties.AwsvpcConfiguration: AwsvpcConfiguration belongs under NetworkConfiguration; APP19: line 5: Resources[0].TargetService.Properties: TaskDefinition is missing; line 5: Resources[0].TargetService.Properties: LoadBalancerInfo is missing
            hint: move AwsvpcConfiguration below NetworkConfiguration and indent it two spaces more than NetworkConfiguration; add TaskDefinition: <TASK_DEFINITION>; add LoadBalancerInfo: and below it ContainerName and ContainerPort
            APP31: f line 8: Resources[0].TargetService.Properties.Hooks: Hooks belongs at the top level
            hint: move Hooks to the top level, without indentation
            APP31: f line 8: Resources[1].Hooks: Hooks belongs at the top level
            hint: move Hooks to the top level, without indentation
            APP31: f line 8: BeforeInstall: BeforeInstall belongs under Hooks
            hint: write it as an item of the list under Hooks, at the top level: - BeforeInstall: FUNCTION
            APP31: f line 2: TargetService: TargetService belongs under Resources
            hint: write it as an item of the list under Resources: - TargetService:
            APP21: f line 2: Resources: must be a list, found a map
            hint: put a dash and a space before each item
            APP21: f line 5: Resources[0].TargetService.Properties: must be a map, found a list
            hint: remove the dashes before its members
            APP10: f line 4: Resources[0].TargetService.Type: resource type must be AWS::ECS::Service, found "AWS::Lambda::Function"
            hint: this is an AppSpec for Lambda; write Type: AWS::ECS::Service with TaskDefinition and LoadBalancerInfo under Properties
            APP21: f line 8: Hooks: must be a list, found a map
            hint: put a dash and a space before each item
            APP25: f line 9: Hooks[0].BeforeInstall: hook BeforeInstall must name one Lambda function; scripts with location are for EC2 and on-premises instances
            hint: write - BeforeInstall: FUNCTION, where FUNCTION is the name or ARN of a Lambda function
        "#]],
    );
}

#[test]
fn wrong_optional_parts_are_named() {
    let add = |lines: &str, expected: &Expect| check(&[("        Load", &format!("{lines}\n        Load"))], expected);
    let network = |inside: &str, expected: &Expect| {
        add(&format!("        NetworkConfiguration:\n          awsvpcConfiguration: {{{inside}}}"), expected);
    };
    network(
        "Subnets: [subnet-1], SecurityGroups: [sg-1], AssignPublicIp: true",
        &expect![[r#"
            APP13: f line 8: Resources[0].TargetService.Properties.NetworkConfiguration.awsvpcConfiguration: AssignPublicIp must be ENABLED or DISABLED, found "true"
        "#]],
    );
    network(
        "Subnets: [subnet_1], SecurityGroups: [sg-1], AssignPublicIp: ENABLED",
        &expect![[r#"
            APP14: f line 8: Resources[0].TargetService.Properties.NetworkConfiguration.awsvpcConfiguration: "subnet_1" is not a subnet ID
        "#]],
    );
    network(
        "Subnets: [subnet-1, subnet-1], SecurityGroups: [sg-1], AssignPublicIp: ENABLED",
        &expect![[r#"
            APP14: f line 8: Resources[0].TargetService.Properties.NetworkConfiguration.awsvpcConfiguration: subnet "subnet-1" is given twice
        "#]],
    );
    network(
        "Subnets: [subnet-1], SecurityGroups: [], AssignPublicIp: ENABLED",
        &expect![[r#"
            APP14: f line 8: Resources[0].TargetService.Properties.NetworkConfiguration.awsvpcConfiguration: 1-5 security groups are allowed, found 0
        "#]],
    );
    network(
        "Subnets: [subnet-1], AssignPublicIp: ENABLED",
        &expect![[r#"
            APP22: f line 8: Resources[0].TargetService.Properties.NetworkConfiguration.awsvpcConfiguration: Subnets, SecurityGroups and AssignPublicIp must be set together, but SecurityGroups is missing
        "#]],
    );
    let strategy = |inside: &str, expected: &Expect| {
        add(&format!("        CapacityProviderStrategy: [{inside}]"), expected);
    };
    strategy(
        "{CapacityProvider: FARGATE}",
        &expect![[r#"
        APP23: f line 7: Resources[0].TargetService.Properties.CapacityProviderStrategy: at least one capacity provider needs a weight above 0
    "#]],
    );
    strategy(
        "{CapacityProvider: FARGATE, Weight: 1.5}",
        &expect![[r#"
        APP21: f line 7: Resources[0].TargetService.Properties.CapacityProviderStrategy[0].Weight: must be a whole number, found a number
    "#]],
    );
    strategy(
        "{CapacityProvider: A, Base: 1, Weight: 1}, {CapacityProvider: B, Base: 1}",
        &expect![[r#"
            APP23: f line 7: Resources[0].TargetService.Properties.CapacityProviderStrategy: only one capacity provider may have a base above 0
        "#]],
    );
    check(
        &[
            ("Resources", "Hooks: [BeforeAllowTrafic: f]\nResources"),
            ("Resources", "Hooks: [BeforeInstall: f, beforeInstall: g]\nResources"),
            ("Resources", "Hooks: [BeforeInstall: '']\nResources"),
            ("Resources", "Hooks: [BeforeInstall: 'arn:aws:sns:x']\nResources"),
            ("Resources", "Hooks: [{BeforeInstall: f, AfterInstall: g}]\nResources"),
            ("Resources", "Hooks: {BeforeInstall: f}\nResources"),
        ],
        &expect![[r#"
            APP12: f line 2: Hooks[0].BeforeAllowTrafic: unknown hook "BeforeAllowTrafic"; did you mean "BeforeAllowTraffic"?
            APP26: f line 2: Hooks[1].beforeInstall: hook BeforeInstall is given twice
            APP28: f line 2: Hooks[0].BeforeInstall: must not be empty
            APP25: f line 2: Hooks[0].BeforeInstall: "arn:aws:sns:x" is neither the name nor the ARN of a Lambda function
            APP26: f line 2: Hooks[0]: each item under Hooks must have exactly one hook, found 2
            APP21: f line 2: Hooks: must be a list, found a map
        "#]],
    );
}

#[test]
fn strategies_keep_the_limits_of_ecs() {
    let check = |items: &[(&str, u32, u32)], fits: bool| {
        let strategy: Vec<_> = items
            .iter()
            .map(|&(name, base, weight)| CapacityProvider { name: name.to_owned(), base, weight })
            .collect();
        assert_eq!(check_strategy(&strategy).is_ok(), fits, "{items:?}");
    };
    check(&[], true);
    check(&[("FARGATE", 100_000, 1_000)], true);
    check(&[("FARGATE", 100_001, 1)], false);
    check(&[("FARGATE", 0, 1_001)], false);
    check(&[("FARGATE", 1, 0)], false);
    check(&[("A", 0, 1), ("A", 0, 1)], false);
    check(&[("arn:aws:x", 0, 1)], false);
    check(&[("A", 0, 1); 21], false);
}

#[test]
fn hook_functions_are_names_or_arns() {
    let check = |text: &str, fits: bool| assert_eq!(hook_function(text).is_ok(), fits, "{text:?}");
    check("my-function_1", true);
    check("my-function:live", true);
    check("my-function:$LATEST", true);
    check("arn:aws:lambda:eu-west-1:123456789012:function:f", true);
    check("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:3", true);
    check("", false);
    check("a b", false);
    check("f:", false);
    check("f:1:2", false);
    check("arn:aws:lambda:eu-west-1:12345678901:function:f", false);
    check("arn:aws:lambda:eu-west-1:123456789012:layer:f", false);
    check("arn:aws:lambda:eu-west-1:123456789012:function:", false);
    check(&"f".repeat(65), false);
}

#[test]
fn platform_versions_are_latest_or_three_numbers() {
    let check = |text: &str, fits: bool| assert_eq!(check_platform_version(text).is_ok(), fits, "{text:?}");
    check("LATEST", true);
    check("1.4.0", true);
    check("latest", false);
    check("1.4", false);
    check("1.4.0.0", false);
    check("1..0", false);
    check("", false);
}

#[test]
fn every_fault_of_a_file_is_reported_in_one_run() {
    let text = "version: new\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        \
                TaskDefinition: ''\n        LoadBalancerInfo:\n          ContainerNme: web\n          ContainerPort: 0\n        \
                PlatformVersion: '1.4'\n        Subnets: [subnet-1]\nHooks:\n  - BeforeInstal: f\n  - AfterInstall: 'a b'\n";
    let error = read(text, "appspec.yml").expect_err("seven faults");
    expect![[r#"
        APP08: appspec.yml line 1: version: version must be a number, found new; APP31: line 11: Resources[0].TargetService.Properties.Subnets: Subnets belongs under AwsvpcConfiguration; APP28: line 6: Resources[0].TargetService.Properties.TaskDefinition: must not be empty; APP20: line 8: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerNme: unknown key "ContainerNme"; did you mean "ContainerName"?; APP27: line 9: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort: container port must be 1-65535, found "0"; APP24: line 10: Resources[0].TargetService.Properties.PlatformVersion: platform version must be LATEST or a number such as 1.4.0, found "1.4"; APP12: line 13: Hooks[0].BeforeInstal: unknown hook "BeforeInstal"; did you mean "BeforeInstall"?; APP25: line 14: Hooks[1].AfterInstall: "a b" is neither the name nor the ARN of a Lambda function
        hint: write version: 0.0; move Subnets below AwsvpcConfiguration and indent it two spaces more than AwsvpcConfiguration; write a value after the colon; write ContainerName; write the container port that the load balancer sends traffic to; write LATEST, or a version such as 1.4.0; use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic; write the name of a function, or arn:aws:lambda:REGION:ACCOUNT:function:NAME"#]].assert_eq(&error.report());
    let code = |text: &str| read(text, "f").expect_err("one fault").message();
    // One fault is one error: what stands elsewhere is not missing as well, and a file for Lambda has nothing of ECS.
    let lambda = text.replace("AWS::ECS::Service", "AWS::Lambda::Function").replace("version: new", "version: 0.0");
    let (lambda, _) = lambda.split_once("Hooks").expect("hooks");
    expect![[r#"f line 4: Resources[0].TargetService.Type: resource type must be AWS::ECS::Service, found "AWS::Lambda::Function""#]].assert_eq(&code(lambda));
}
