//! What an inspection says of two files.

mod examples;
mod formats;

use expect_test::{Expect, expect};

use super::*;

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
  "executionRoleArn": "arn:aws:iam::111111111111:role/shop-execution",
  "containerDefinitions": [
    {
      "name": "web",
      "image": "<IMAGE1_NAME>",
      "essential": true,
      "portMappings": [{ "containerPort": 8080 }]
    }
  ]
}
"#;

fn source<'a>(name: &'a str, text: &'a str) -> Source<'a> {
    Source { name, member: None, bytes: text.as_bytes() }
}

fn inspected(appspec: &str, taskdef: &str, placeholders: &[&str]) -> Inspection {
    let placeholders: Vec<String> = placeholders.iter().map(|name| (*name).to_owned()).collect();
    inspect(&Given {
        appspec: Some(source("appspec.yml", appspec)),
        task_definition: Some(source("taskdef.json", taskdef)),
        artifact: None,
        placeholders: &placeholders,
    })
}

fn check(appspec: &str, taskdef: &str, expect: &Expect) {
    expect.assert_eq(&inspected(appspec, taskdef, &["IMAGE1_NAME"]).text());
}

#[test]
fn the_ignores_of_a_request_are_codes_of_findings() {
    use crate::artifact::request::{Parameters, Request};
    let read = |ignore: &str| {
        let json = format!(r#"{{"task_definition":"app","ignore":{ignore}}}"#);
        let request = Parameters::from_user_parameters(Some(&json)).and_then(Request::new)?;
        Ok::<_, crate::fault::Fault>((Ignore::of(&request)?, request.ignores("ACC20"), request.ignores("ACC21")))
    };
    let (ignored, acc20, acc21) = read(r#"["td26", " ACC20 = by hand"]"#).unwrap();
    let told: Vec<_> = ignored.iter().map(|it| (it.code, it.reason.as_deref())).collect();
    assert_eq!(told, [("TD26", None), ("ACC20", Some("by hand"))]);
    assert!(acc20 && !acc21);
    let said = |ignore: &str| read(ignore).unwrap_err().to_string();
    assert_eq!(
        said(r#"["ACC02=x", "ACC99"]"#),
        "PAR15: `ignore` names \"ACC99\": no finding has this code; did you mean ACC09?"
    );
    assert_eq!(said(r#"["TD05"]"#), "PAR15: `ignore` names \"TD05\": a file that cannot be read cannot be ignored");
}

#[test]
fn sound_files_have_no_findings() {
    check(
        APPSPEC,
        TASKDEF,
        &expect![[r#"
        not checked: 3 rules (no artifact is given)
        no findings in 2 files
    "#]],
    );
}

#[test]
fn every_finding_of_both_files_has_its_place() {
    let taskdef = TASKDEF
        .replace("\"memory\": \"512\"", "\"memory\": 512, \"cpuu\": null, \"tags\": [null, {\"key\": \"\"}]")
        .replace("\"essential\": true", "\"esential\": true, \"dockerLabels\": {\"com.example\": 1}")
        .replace("8080 }", "8081 }, { \"containerPort\": 70000 }");
    let appspec = APPSPEC.replace("8080", "0\n        PlatformVerion: 1.4.0").replace("AWS::ECS::Service", "x");
    check(
        &appspec,
        &taskdef,
        &expect![[r#"
            appspec.yml:4:7: error APP10: Resources[0].TargetService.Type: resource type must be AWS::ECS::Service, found "x"
              hint: write Type: AWS::ECS::Service
              see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html

            taskdef.json:6:3: error TD09: memory must be text in quotes
              hint: write text in quotes, such as "text"
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            taskdef.json:6:48: error TD30: tags[0].key is missing
              hint: set a key, or remove the tag
              see:  https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
            taskdef.json:12:42: error TD09: containerDefinitions[0].dockerLabels.com.example must be text in quotes
              hint: write text in quotes, such as "text"
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            taskdef.json:13:53: error TD18: containerDefinitions[0].portMappings[1].containerPort 70000 of container "web" must be 1-65535
              hint: set a port from 1 to 65535
              see:  https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
            taskdef.json:6:18: warning TD36: cpuu: has members without a value, which RegisterTaskDefinition refuses: cpuu (null), tags[0] (null)
              hint: remove them; `codedeploy-artifact generate` leaves them out too
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            taskdef.json:12:7: warning TD28: containerDefinitions[0].esential is unknown; did you mean "essential"?
              hint: write "essential", or keep it if it is a new member of ECS
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

            not checked: 4 rules (the AppSpec has errors)
            not checked: 3 rules (no artifact is given)
            5 errors, 2 warnings in 2 files
        "#]],
    );
    check(
        &APPSPEC.replace("TASK_DEFINITION", "TASKDEF").replace("web", "wep"),
        &taskdef.replace("70000", "1"),
        &expect![[r#"
            appspec.yml:6:9: error CHK05: Resources[0].TargetService.Properties.TaskDefinition "<TASKDEF>" is neither <TASK_DEFINITION> nor the ARN of a revision
              hint: write <TASK_DEFINITION> for CodePipeline or `codedeploy-artifact deploy --register`, or arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION
              see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
            appspec.yml:8:11: error PAR13: Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerName: no container "wep" in shop (has: web)
              hint: set ContainerName in the AppSpec to one of these
              see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html

            taskdef.json:6:3: error TD09: memory must be text in quotes
              hint: write text in quotes, such as "text"
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            taskdef.json:6:48: error TD30: tags[0].key is missing
              hint: set a key, or remove the tag
              see:  https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
            taskdef.json:12:42: error TD09: containerDefinitions[0].dockerLabels.com.example must be text in quotes
              hint: write text in quotes, such as "text"
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            taskdef.json:6:18: warning TD36: cpuu: has members without a value, which RegisterTaskDefinition refuses: cpuu (null), tags[0] (null)
              hint: remove them; `codedeploy-artifact generate` leaves them out too
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
            taskdef.json:12:7: warning TD28: containerDefinitions[0].esential is unknown; did you mean "essential"?
              hint: write "essential", or keep it if it is a new member of ECS
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

            not checked: 3 rules (no artifact is given)
            5 errors, 2 warnings in 2 files
        "#]],
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_other() {
    check(
        &APPSPEC.replace("Type:", "Type: ["),
        &TASKDEF.replace("\"256\"", "\"257\""),
        &expect![[r#"
            appspec.yml:5:17: error APP16: illegal placement of ':' indicator
              hint: check quotes, commas, brackets and indentation at this position
              see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html

            taskdef.json:5:3: error TD15: cpu 257 is not a Fargate CPU size (256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
              hint: set "cpu" to a Fargate size, such as "256"
              see:  https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html

            not checked: 35 rules (the AppSpec cannot be read)
            not checked: 3 rules (no artifact is given)
            2 errors in 2 files
        "#]],
    );
    check(
        &APPSPEC.replace("0.0", "1"),
        &TASKDEF.replace("\"512\",", "\"512\",,"),
        &expect![[r#"
            appspec.yml:1:1: warning APP08: version is 1; the only documented version is 0.0
              hint: write version: 0.0
              see:  https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html

            taskdef.json:6:19: error TD05: key must be a string
              hint: check quotes, commas, brackets and indentation at this position
              see:  https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

            not checked: 41 rules (the task definition cannot be read)
            not checked: 3 rules (no artifact is given)
            1 error, 1 warning in 2 files
        "#]],
    );
}

#[test]
fn image_placeholders_are_those_of_the_action() {
    let codes = |inspection: &Inspection| {
        inspection.findings.iter().map(|it| format!("{} {}", it.code, it.hint)).collect::<Vec<_>>()
    };
    assert_eq!(
        codes(&inspected(APPSPEC, TASKDEF, &[])),
        ["IMG04 set Image1ContainerName to IMAGE1_NAME, and Image1ArtifactName, in the action"]
    );
    let wrong = inspected(APPSPEC, TASKDEF, &["IMAGE"]);
    assert_eq!(wrong.findings.iter().map(|it| it.code).collect::<Vec<_>>(), ["IMG05", "IMG06"]);
}

#[test]
fn rules_that_need_a_file_that_is_not_given_are_not_passes() {
    let alone = inspect(&Given { appspec: Some(source("appspec.yml", APPSPEC)), ..Given::default() });
    assert_eq!(alone.findings, []);
    assert_eq!(alone.why_not_checked("PAR14"), Some("no task definition is given"));
    assert_eq!(alone.why_not_checked("TD15"), Some("no task definition is given"));
    assert_eq!(alone.why_not_checked("APP12"), None);
    let json = alone.to_json();
    let result =
        |code: &str| json["rules"].as_array().unwrap().iter().find(|it| it["code"] == code).unwrap()["result"].clone();
    assert_eq!((result("PAR14"), result("APP12")), ("not_checked".into(), "passed".into()));
}
