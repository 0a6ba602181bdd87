//! Names of AWS resources: every command refuses the same ones before AWS is called.

use crate::folder::Folder;

const APPSPEC: &str = r#"{"version": 0.0, "Resources": [{"TargetService": {"Type": "AWS::ECS::Service", "Properties": {
    "TaskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7",
    "LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 80}}}}]}"#;

/// Runs it with credentials and an endpoint that nobody answers at. A request with valid names fails with AWS03 or
/// similar.
fn check(args: &[&str], code: &str, words: &str) {
    let folder = Folder::new();
    folder.write("appspec.json", APPSPEC);
    let mut command = folder.command(args);
    command.env("AWS_REGION", "eu-west-1").env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "x");
    command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").env("AWS_MAX_ATTEMPTS", "1");
    let seen = folder.seen(&command.output().unwrap());
    assert!(seen.starts_with("exit 2\n"), "{args:?}: {seen}");
    assert!(seen.contains(&format!("error: {code}: ")) && seen.contains(words), "{args:?}: {seen}");
}

#[test]
fn every_verb_refuses_what_is_not_a_service() {
    for (name, words) in [
        ("web", "is not CLUSTER/SERVICE"),
        ("shop/web/x", "is not CLUSTER/SERVICE"),
        ("arn:aws:ecs:eu-west-1:123456789012:service/web", "hint: write CLUSTER/web"),
        ("arn:aws-cn:ecs:cn-north-1:123456789012:service/web", "hint: write CLUSTER/web"),
        ("arn:aws:ecs:eu-west-1:123456789012:cluster/shop", "hint: write shop/SERVICE"),
        ("arn:aws:ecs:eu-west-1:123456789012:task-set/shop/web/ecs-svc/1", "is not the ARN of an ECS service"),
    ] {
        check(&["generate", "--artifact", "a.zip", "--service", name], "PAR15", words);
        check(&["deploy", "--appspec", "appspec.json", "--service", name], "PAR15", words);
        check(&["rotate", name], "ROT01", words);
    }
}

#[test]
fn every_verb_refuses_a_region_that_contradicts_the_arn() {
    let name = "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service/shop/web";
    let words = "--region is \"eu-west-1\", but --service is an ARN in \"us-gov-west-1\"";
    let region = ["--region", "eu-west-1"];
    check(&[&["generate", "--artifact", "a.zip", "--service", name], &region[..]].concat(), "PAR16", words);
    check(&[&["deploy", "--appspec", "appspec.json", "--service", name], &region[..]].concat(), "PAR16", words);
    check(&[&["rotate", name], &region[..]].concat(), "PAR16", words);
}

#[test]
fn upload_and_deploy_refuse_the_same_places() {
    let deploy = ["deploy", "--appspec", "appspec.json", "--application", "a", "--deployment-group", "g"];
    for (place, words) in [
        ("s3://-ab/k", "has a bucket name that S3 does not allow"),
        ("s3://ab-/k", "has a bucket name that S3 does not allow"),
        ("s3://.ab/k", "has a bucket name that S3 does not allow"),
        ("s3://a..b/k", "has a bucket name that S3 does not allow"),
        ("s3://1.2.3.4/k", "has a bucket name that S3 does not allow"),
        ("s3://Bucket/k", "has a bucket name that S3 does not allow"),
        ("s3://bucket/", "names no object"),
        ("s3://bucket/k?versionId=v1", "an upload makes a new one"),
        ("bucket/k", "is not s3://BUCKET/KEY"),
    ] {
        check(&["upload", "appspec.json", "--to", place], "UPL06", words);
        check(&[&deploy[..], &["--upload", place]].concat(), "DEP25", words);
    }
    let long = format!("s3://bucket/{}", "k".repeat(1025));
    check(&["upload", "appspec.json", "--to", &long], "UPL06", "more than 1024 bytes");
    check(&[&deploy[..], &["--upload", &long]].concat(), "DEP25", "more than 1024 bytes");
    check(&["deploy", "--revision", "s3://a..b/k", "--service", "shop/web"], "DEP25", "bucket name");
    for key in ["a b", "", "alias/", "arn:aws:s3:::my-bucket", "${KEY}"] {
        check(&["upload", "appspec.json", "--to", "s3://bucket/k", "--kms-key", key], "UPL07", "is not the ID");
        check(&[&deploy[..], &["--upload", "s3://bucket/k", "--kms-key", key]].concat(), "UPL07", "is not the ID");
    }
}

#[test]
fn upload_and_deploy_refuse_the_same_task_definitions() {
    let group = ["--application", "a", "--deployment-group", "g"];
    for arn in [
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/we.b:7",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/web",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:0",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:latest",
        "arn:evil:ecs:eu-west-1:123456789012:task-definition/web:7",
        "web:7",
    ] {
        let given = |code: &str, line: &[&str]| {
            let folder = Folder::new();
            folder.write("appspec.json", APPSPEC);
            folder
                .write("named.json", APPSPEC.replace("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7", arn));
            let seen = folder.seen(&folder.command(line).env("AWS_REGION", "eu-west-1").output().unwrap());
            assert!(seen.contains(&format!("error: {code}: ")), "{line:?}: {seen}");
        };
        given("UPL03", &["upload", "appspec.json", "--to", "s3://bucket/k", "--task-definition", arn]);
        given("UPL02", &["upload", "named.json", "--to", "s3://bucket/k"]);
        given("DEP28", &[&["deploy", "--appspec", "appspec.json", "--task-definition", arn], &group[..]].concat());
        given("DEP28", &[&["deploy", "--appspec", "named.json"], &group[..]].concat());
    }
}
