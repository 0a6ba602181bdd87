//! Each kind of AppSpec that people have written.

use super::*;

/// CodeDeploy deploys other versions than the documented one; the text goes there as it was written.
#[test]
fn other_versions_are_deployed_unchanged_with_a_warning() {
    let stage = Stage::new(group());
    let appspec = samples::appspec(&arn(2)).to_string();
    for (number, version) in ["\"version\":1,", "\"version\":\"1.0\",", ""].iter().enumerate() {
        let text = appspec.replacen("\"version\":0.0,", version, 1);
        assert_ne!(text, appspec);
        let file = stage.scratch.write("other.json", &text).display().to_string();
        let args = ["deploy", "--appspec", &file, "--application", "shop", "--deployment-group", "web", "--no-wait"];
        let conflict = ["--on-conflict", "stop", "--output", "json"];
        let made = stage.run(&[&args[..], &conflict].concat());
        assert_eq!(made.code, 0, "{}", made.stderr);
        assert!(
            made.stderr.contains("warning: APP08: ") && made.stderr.contains("hint: write version: 0.0"),
            "{}",
            made.stderr
        );
        assert_eq!(last(&made)["warnings"][0]["code"], "APP08");
        let sent =
            &stage.aws.calls("codedeploy:CreateDeployment")[number].json()["revision"]["appSpecContent"]["content"];
        assert_eq!(sent.as_str(), Some(text.as_str()));
    }
}

/// Hints change the files, because `deploy` has no flags for that.
#[test]
fn hints_change_the_files_that_are_deployed() {
    let stage = Stage::new(group());
    let taskdef = |image: &str| {
        format!(
            r#"{{"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
            "containerDefinitions":[{{"name":"app","image":"{image}","portMappings":[{{"containerPort":8080}}]}}]}}"#
        )
    };
    let check = |container: &str, port: &str, image: &str, code: &str, hint: &str| {
        let appspec = samples::appspec(&arn(2)).to_string();
        let appspec = appspec.replace("\"app\"", &format!("\"{container}\"")).replace("8080", port);
        stage.scratch.write("appspec.json", &appspec);
        stage.scratch.write("taskdef.json", taskdef(image));
        let args = ["deploy", "--appspec", "appspec.json", "--taskdef", "taskdef.json", "--service", "main/web"];
        let refused = Run::new(args).environment(stage.environment()).in_folder(stage.scratch.path()).run();
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert!(refused.stderr.starts_with(&format!("error: {code}: ")), "{}", refused.stderr);
        assert!(refused.stderr.contains(hint), "no {hint} in {}", refused.stderr);
    };
    check("web", "8080", "a:1", "PAR13", "hint: set ContainerName in appspec.json to one of these");
    check("app", "81", "a:1", "PAR14", "hint: set ContainerPort in appspec.json to a mapped port");
    let image = "generate the artifact again with `codedeploy-artifact generate --images app=repo/app:1.4.2`";
    check("app", "8080", "<IMAGE1_NAME>", "TD06", image);
    let template = "`codedeploy-artifact generate --taskdef-template taskdef.json --variables IMAGE=VALUE`";
    check("app", "8080", "${IMAGE}", "TD11", template);
}
