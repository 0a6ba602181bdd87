//! `--debug`: each request is one line, which says what the server saw, and nothing that is secret.

use e2e::{
    fake_aws::{Call, s3::Bucket, sts::Role},
    secrets,
};

use super::*;

/// The lines of `--debug` that are requests, after their time.
fn requests(output: &Output) -> Vec<String> {
    let lines = output.stderr.lines().filter_map(|line| line.split_once(" debug: "));
    let request = |rest: &str| rest.split(' ').any(|word| word.starts_with("duration="));
    lines.map(|(_, rest)| rest.to_owned()).filter(|rest| request(rest)).collect()
}

/// The value of `NAME=VALUE` in a line.
fn value<'a>(line: &'a str, name: &str) -> &'a str {
    line.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}

/// What the server knows of a call: action, Region, status, ID, and the role that made it.
fn served(call: &Call) -> String {
    let id =
        call.answer_headers.iter().find(|(name, _)| ["x-amzn-requestid", "x-amz-request-id"].contains(&name.as_str()));
    let id = id.map_or("", |(_, id)| id);
    let caller = call.caller.as_deref().unwrap_or_default();
    let role = caller.split('/').nth(1).filter(|role| role.starts_with("r-"));
    let role = role.map(|role| format!("arn:aws:iam::{ACCOUNT}:role/{role}")).unwrap_or_default();
    format!("{} {} {} {id} {role}", call.action(), call.region, call.status)
}

/// The same, of a line.
fn said(line: &str) -> String {
    let action = line.split(' ').next().unwrap_or_default();
    let of = |name| value(line, name);
    format!("{action} {} {} {} {}", of("region"), of("status"), of("request-id"), of("role"))
}

/// A deployment that fails calls six services in three roles and three protocols.
#[test]
fn each_request_is_a_line_that_says_what_the_server_saw() {
    let stage = Stage::playing(group().alarms(&["errors"]), Scenario::HookFails("AfterInstall"));
    stage.aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
    let mut args = vec!["--upload".to_owned(), "s3://revisions/shop/appspec.json".to_owned()];
    for (flag, name, may) in [
        ("--role-arn", "r-read", &["codedeploy:*", "ecs:*", "cloudwatch:*", "elasticloadbalancing:*"][..]),
        ("--deploy-role-arn", "r-deploy", &["codedeploy:*", "s3:*"]),
        ("--stop-role-arn", "r-stop", &["codedeploy:StopDeployment"]),
    ] {
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{name}");
        let external_id = secrets::planted("external id of a role with --debug");
        stage.aws.add_role(Role::new(&arn, may).trusting(ACCOUNT).with_external_id(&external_id));
        args.extend([flag.to_owned(), arn, flag.replace("role-arn", "external-id"), external_id]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = stage.deploy(&[&["--debug", "--output", "json"], &args[..]].concat());
    assert_eq!(output.code, 10, "{}", output.stderr);
    let mut lines: Vec<String> = requests(&output).iter().map(|line| said(line)).collect();
    let mut calls: Vec<String> = stage.aws.all_calls().iter().map(served).collect();
    lines.sort();
    calls.sort();
    assert_eq!(lines, calls);
    for service in ["cloudwatch", "codedeploy", "ecs", "elasticloadbalancing", "s3", "sts"] {
        assert!(!stage.aws.calls(&format!("{service}:*")).is_empty(), "no call of {service}");
    }
    for role in ["r-read", "r-deploy"] {
        assert!(lines.iter().any(|line| line.ends_with(&format!(":role/{role}"))), "{role}: {lines:?}");
    }
    // Standard output stays what programs read.
    assert!(output.text().lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", output.text());
    assert_eq!(last(&output)["exit_code"], 10);

    let quiet = stage.deploy(&args);
    assert!(!quiet.stderr.contains("debug"), "{}", quiet.stderr);
}

/// In each protocol of AWS.
#[test]
fn a_request_that_is_repeated_says_why_and_after_what_pause() {
    let stage = Stage::playing(group().alarms(&["errors"]), Scenario::HookFails("AfterInstall"));
    stage.aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
    let cases = [
        ("codedeploy:GetDeploymentGroup", Fault::Throttled, "status=400 error=ThrottlingException "),
        ("ecs:DescribeServices", Fault::InternalError, "status=500 error=ServerException "),
        ("cloudwatch:DescribeAlarms", Fault::Throttled, "status=400 error=Throttling "),
        ("elasticloadbalancing:DescribeTargetHealth", Fault::Unavailable, "status=503 error=ServiceUnavailable "),
        ("s3:PutObject", Fault::Throttled, "status=503 error=SlowDown "),
    ];
    for (action, fault, _) in &cases {
        stage.aws.fail_next(action, [fault.clone()]);
    }
    stage.aws.fail_next("ecs:DescribeTaskDefinition", [Fault::ResetBefore, Fault::CutBody]);
    let output = stage.deploy(&["--debug", "--upload", "s3://revisions/shop/appspec.json"]);
    assert_eq!(output.code, 10, "{}", output.stderr);
    let lines = requests(&output);
    let of = |action: &str| {
        let action = action.to_owned();
        lines.iter().filter(move |line| line.split(' ').next() == Some(action.as_str()))
    };
    for (action, _, reason) in cases {
        let mut lines = of(action);
        let (first, second) = (lines.next().expect(action), lines.next().expect(action));
        assert!(first.contains(" attempt=1/3 ") && first.contains(reason), "{first}");
        assert!(second.contains(" attempt=2/3 backoff=") && second.contains(" status=200 "), "{second}");
    }
    let [first, second, third, ..] = of("ecs:DescribeTaskDefinition").collect::<Vec<_>>()[..] else {
        panic!("{lines:?}")
    };
    assert!(first.contains(" attempt=1/3 error=\"") && !first.contains("status="), "{first}");
    assert!(second.contains(" attempt=2/3 backoff=") && second.contains(" status=200 error=\""), "{second}");
    assert!(third.contains(" attempt=3/3 backoff=") && third.contains(" status=200 "), "{third}");
    let pause: u64 = value(second, "backoff").trim_end_matches("ms").parse().expect("milliseconds");
    assert!(pause <= 1_000, "{second}");
}

/// The SDK drops the request then.
#[test]
fn a_request_without_an_answer_is_a_line() {
    let stage = Stage::new(group());
    stage.aws.fail_next("codedeploy:GetDeployment", [Fault::Hang]);
    let id = stage.created(&[]);
    let environment = stage.environment().without("CODEDEPLOY_ARTIFACT_TIME_SCALE");
    let output = Run::new(["status", id.as_str(), "--debug"]).environment(environment).run();
    assert_eq!(output.code, 0, "{}", output.stderr);
    let lines = requests(&output);
    let waited = |line: &String| value(line, "duration").trim_end_matches("ms").parse::<u64>().unwrap_or_default();
    assert!(
        lines[0].starts_with("codedeploy:GetDeployment region=eu-west-1 attempt=1/3 error=\"no response in time\""),
        "{lines:?}"
    );
    assert!((9_000..20_000).contains(&waited(&lines[0])), "{lines:?}");
    assert!(lines[1].starts_with("codedeploy:GetDeployment region=eu-west-1 attempt=2/3 backoff="), "{lines:?}");
}
