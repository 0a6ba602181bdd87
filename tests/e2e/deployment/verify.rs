//! The account against an artifact: `deploy --verify`, in an account that has everything, and in ones that lack something.

use serde_json::json;

use super::super::harness::account::{self, SECRET};
use super::*;

const IMAGE: &str = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/web:2";
const LISTENER: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/main/50dc6c495c0c9188/f2f7dc8efc52";

/// A stage with everything in its account that its artifact refers to.
pub(super) fn furnished(group: Group) -> Stage {
    let stage = Stage::new(group);
    let mut revision = version(2, IMAGE);
    let container = &mut revision["taskDefinition"]["containerDefinitions"][0];
    container["secrets"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "DB", "valueFrom": format!("{SECRET}:password::")}));
    stage.aws.add_task_definition(&revision.to_string());
    account::furnish(&stage.aws, ACCOUNT, "web:2");
    let mut appspec = samples::appspec(&arn(2));
    appspec["Hooks"] = json!([{"AfterInstall": "check"}]);
    let appspec = stage.scratch.write("appspec.json", appspec.to_string()).display().to_string();
    Stage { appspec, ..stage }
}

/// `deploy --verify` without waiting: the exit code, and what was printed.
fn verified(stage: &Stage, more: &[&str]) -> (i32, String) {
    let output = stage.deploy(&[&["--verify", "--no-wait"], more].concat());
    (output.code, format!("{}\n{}", output.text(), output.stderr))
}

#[test]
fn an_account_that_has_everything_passes() {
    let stage = furnished(group().alarms(&["errors"]));
    let (code, said) = verified(&stage, &["--strict"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("account checked: 20 rules passed, 1 skipped"), "{said}");
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 1);
    let calls = stage.aws.all_calls();
    let asked = calls.iter().position(|call| call.action() == "ecr:BatchGetImage").expect("a question");
    let made = calls.iter().position(|call| call.action() == "codedeploy:CreateDeployment").expect("a deployment");
    assert!(asked < made, "the account is checked first");
    // What was asked changes nothing and reads no secret.
    let changes = ["Get", "Describe", "List", "BatchGet", "Simulate", "Create"];
    assert!(calls.iter().all(|call| changes.iter().any(|verb| call.operation.starts_with(verb))), "{calls:?}");
    assert!(calls.iter().all(|call| !["GetSecretValue", "GetParameters"].contains(&&*call.operation)));
    assert!(calls.len() <= 45, "{} calls", calls.len());
    botocore::check(&calls);
}

#[test]
fn nothing_is_created_if_a_rule_finds_an_error() {
    let check = |code: &str, exit: i32, change: &dyn Fn(&FakeAws)| {
        let stage = furnished(group().alarms(&["errors"]));
        change(&stage.aws);
        let (exited, said) = verified(&stage, &[]);
        assert_eq!(exited, exit, "{code}: {said}");
        assert!(said.contains(&format!("error: {code}: ")), "{code}: {said}");
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 0, "{code}");
        botocore::check(&stage.aws.all_calls());
    };
    let remove =
        |service: &'static str, name: &'static str| move |aws: &FakeAws| aws.remove_resource(ACCOUNT, service, name);
    check("ACC04", 2, &|aws| aws.forward(&format!("{LISTENER}20fb"), "web-green"));
    check("ACC05", 2, &|aws| aws.forward(&format!("{LISTENER}01bb"), "web-green"));
    check("ACC06", 3, &remove("lambda", "check"));
    check("ACC07", 3, &remove("iam", "codedeploy"));
    check("ACC08", 4, &|aws| {
        aws.add_resource(
            ACCOUNT,
            "iam",
            "codedeploy",
            json!({"trusts": "codedeploy.amazonaws.com", "allows": ["iam:PassRole"]}),
        );
    });
    check("ACC09", 3, &remove("iam", "app-execution"));
    check("ACC11", 3, &|aws| {
        aws.add_resource(ACCOUNT, "ecr", "web:1", json!({"mediaType": "application/vnd.oci.image.manifest.v1+json"}));
        aws.remove_resource(ACCOUNT, "ecr", "web:2");
    });
    check("ACC13", 3, &remove("secretsmanager", SECRET));
    check("ACC14", 3, &remove("ssm", "/token"));
    check("ACC15", 3, &remove("logs", "/ecs/app"));
    check("ACC16", 3, &remove("ec2", "subnet-0fedcba9876543210"));
    check("ACC21", 2, &|aws| aws.add_resource(ACCOUNT, "servicequotas", "L-3032A538", json!(0.5)));
}

/// The listeners are checked without `--verify` too, and nothing else is.
#[test]
fn a_listener_that_forwards_elsewhere_is_refused_by_every_deployment() {
    for (listener, code) in [("20fb", "ACC04"), ("01bb", "ACC05")] {
        let stage = furnished(group());
        stage.aws.remove_resource(ACCOUNT, "iam", "codedeploy");
        stage.aws.forward(&format!("{LISTENER}{listener}"), "web-green");
        for more in [&["--no-wait"][..], &["--dry-run"]] {
            let output = stage.deploy(more);
            assert_eq!(output.code, 2, "{more:?}: {}", output.stderr);
            assert!(output.stderr.contains(&format!("error: {code}: ")), "{more:?}: {}", output.stderr);
        }
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
        assert_eq!(stage.count("iam:GetRole"), 0);
        botocore::check(&stage.aws.all_calls());
    }
}

/// Neither a missing permission nor a load balancing API that does not answer keeps anyone from deploying.
#[test]
fn listeners_that_cannot_be_read_are_not_checked() {
    let denied = |stage: &mut Stage| {
        stage.keys = stage.aws.session(ACCOUNT, "deployer", &["codedeploy:*", "ecs:*", "cloudwatch:*"]);
    };
    let silent = |stage: &mut Stage| stage.aws.fail_always("elasticloadbalancing:*", Fault::Throttled);
    let changes: [&dyn Fn(&mut Stage); 2] = [&denied, &silent];
    for change in changes {
        let mut stage = furnished(group());
        stage.aws.forward(&format!("{LISTENER}20fb"), "web-green");
        change(&mut stage);
        let output = stage.deploy(&["--no-wait"]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert!(!output.stderr.contains("ACC04"), "{}", output.stderr);
        assert!(stage.count("elasticloadbalancing:DescribeListeners") > 0);
    }
}

/// Another deployment shifts the traffic: it is named, and no listener is to be changed.
#[test]
fn an_active_deployment_is_named_before_its_listeners_are() {
    let stage = furnished(group().termination_wait(600));
    let id = stage.created(&[]);
    stage.aws.forward(&format!("{LISTENER}20fb"), "web-green");
    stage.aws.forward(&format!("{LISTENER}01bb"), "web-green");
    let output = stage.deploy(&["--no-wait", "--description", "another"]);
    assert_eq!(output.code, 14, "{}", output.stderr);
    assert!(output.stderr.contains(&id) && !output.stderr.contains("ACC0"), "{}", output.stderr);
}

#[test]
fn the_command_of_a_listener_can_be_run() {
    let stage = furnished(group());
    stage.aws.forward(&format!("{LISTENER}20fb"), "web-green");
    let (_, said) = verified(&stage, &[]);
    let target = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web-blue/6d0ecf831eec9f09";
    let command = format!(
        "run `aws elbv2 modify-listener --listener-arn {LISTENER}20fb --default-actions \
         Type=forward,TargetGroupArn={target} --region eu-west-1`"
    );
    assert!(said.contains(&command), "{said}");
}

#[test]
fn a_missing_permission_is_never_a_pass() {
    let allowed: Vec<&str> = vec!["codedeploy:*", "ecs:*", "elasticloadbalancing:*", "cloudwatch:*", "logs:*", "ssm:*"];
    let mut stage = furnished(group());
    stage.keys = stage.aws.session(ACCOUNT, "deployer", &allowed);
    let (code, said) = verified(&stage, &[]);
    assert_eq!(code, 0, "{said}");
    for (rule, action) in [
        ("ACC06", "lambda:GetFunctionConfiguration"),
        ("ACC07", "iam:GetRole"),
        ("ACC11", "ecr:BatchGetImage"),
        ("ACC13", "secretsmanager:DescribeSecret"),
        ("ACC16", "ec2:DescribeSubnets"),
        ("ACC20", "application-autoscaling:DescribeScalableTargets"),
        ("ACC21", "servicequotas:GetServiceQuota"),
    ] {
        assert!(said.contains(&format!("note: {rule}: not checked: needs {action} (")), "{rule}: {said}");
    }
    assert!(!said.contains("ACC14") && !said.contains("ACC15"), "{said}");
    botocore::check(&stage.aws.all_calls());

    let made = stage.count("codedeploy:CreateDeployment");
    let (code, said) = verified(&stage, &["--strict"]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("error: DEP36: ") && said.contains("ACC11"), "{said}");
    assert_eq!(stage.count("codedeploy:CreateDeployment"), made);
}

#[test]
fn a_service_that_is_down_keeps_no_one_from_deploying() {
    let stage = furnished(group());
    stage.aws.fail_always("ecr:*", Fault::InternalError);
    stage.aws.fail_always("iam:*", Fault::Throttled);
    let (code, said) = verified(&stage, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("note: ACC11: not checked: ") && said.contains("note: ACC07: not checked: "), "{said}");
}

#[test]
fn an_assumed_role_may_ask_what_the_rules_need() {
    let stage = furnished(group());
    let role = format!("arn:aws:iam::{ACCOUNT}:role/reader");
    stage.aws.add_role(e2e::fake_aws::sts::Role::new(&role, &["*"]));
    let (code, said) = verified(&stage, &["--strict", "--role-arn", &role]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("account checked: "), "{said}");
    // Without the flag the session may not.
    let policy = |call: &e2e::fake_aws::Call| call.request.text().contains("ecr%3ABatchGetImage");
    assert!(stage.aws.calls("sts:AssumeRole").iter().any(policy));
    let before = stage.count("sts:AssumeRole");
    stage.deploy(&["--no-wait", "--on-conflict", "wait", "--role-arn", &role]);
    assert!(!stage.aws.calls("sts:AssumeRole").iter().skip(before).any(policy));
}
