//! `verify`, `strict` and `ignore`: the account and the warnings, before anything is uploaded.

use std::time::Instant;

use e2e::{botocore, fake_aws::codedeploy::Group, programs::Run, scratch::Scratch};

use super::bounds::configured;
use super::*;
use crate::harness::account::furnish;

const IMAGE: &str = "app:1.4.2";

/// A stage whose function may do everything, in an account that has everything.
fn furnished() -> Stage {
    let mut stage = Stage::new();
    stage.function = stage.aws.session(TOOLS, "function", &["*"]);
    let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7";
    stage.aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", arn));
    stage.aws.add_group(TOOLS, REGION, Group::ecs("shop", "web", "main", "web").alarms(&["errors"]));
    furnish(&stage.aws, TOOLS, IMAGE);
    stage
}

/// The request that names the group, with more keys.
fn request(more: &Value) -> Value {
    let mut request =
        json!({"task_definition": "app", "verify": true, "application": "shop", "deployment_group": "web"});
    for (name, value) in more.as_object().into_iter().flatten() {
        request[name] = value.clone();
    }
    request
}

/// The job with this request: its state, its result, and the log.
fn run(stage: &Stage, parameters: &Value) -> (JobState, Value, String) {
    let event = stage.event(parameters);
    let mut lambda = stage.lambda();
    lambda.invoke(&event.text(), TIMEOUT);
    let job = stage.aws.job(event.id());
    assert_eq!(job.results.len(), 1, "{:?}", job.results);
    secrets::capture("a result", job.results[0].to_string().as_bytes());
    (job.state, job.results[0].clone(), lambda.log())
}

fn message(result: &Value) -> String {
    let details = &result["failureDetails"];
    let text = |name: &str| details[name].as_str().unwrap_or_default().to_owned();
    format!("{}: {}", text("type"), text("message"))
}

#[test]
fn an_account_that_has_everything_passes_even_if_strict() {
    let stage = furnished();
    let hook = json!({"strict": true, "hooks": {"AfterInstall": "check"}});
    let (ended, result, log) = run(&stage, &request(&hook));
    assert_eq!(ended, JobState::Succeeded, "{result}");
    let variables = &result["outputVariables"];
    assert_eq!((&variables["warnings"], &variables["findings"]), (&json!("0"), &json!("none")), "{log}");
    let calls = stage.aws.all_calls();
    let place = |action: &str| calls.iter().position(|call| call.action() == action).expect(action);
    assert!(place("ecr:BatchGetImage") < place("s3:PutObject"), "the account is checked first");
    for action in ["codedeploy:GetDeploymentGroup", "iam:SimulatePrincipalPolicy", "lambda:GetFunctionConfiguration"] {
        place(action);
    }
    // It changes nothing and reads no secret.
    let reads = ["Get", "Describe", "List", "BatchGet", "Simulate", "PutObject", "PutJob"];
    assert!(calls.iter().all(|call| reads.iter().any(|verb| call.operation.starts_with(verb))), "{calls:?}");
    assert!(calls.iter().all(|call| !["GetSecretValue", "GetParameters"].contains(&&*call.operation)));
    let told: Vec<_> = calls.into_iter().filter(|call| call.operation != "DescribeTaskDefinition").collect();
    botocore::check(&told);
}

#[test]
fn without_verify_nothing_more_is_asked() {
    let stage = furnished();
    for parameters in [json!({"task_definition": "app"}), json!({"task_definition": "app", "verify": false})] {
        assert_eq!(run(&stage, &parameters).0, JobState::Succeeded);
    }
    let actions: std::collections::BTreeSet<String> =
        stage.aws.all_calls().iter().map(e2e::fake_aws::Call::action).collect();
    let expect = ["codepipeline:PutJobSuccessResult", "ecs:DescribeTaskDefinition", "s3:PutObject"];
    assert_eq!(actions.into_iter().collect::<Vec<_>>(), expect);
}

#[test]
fn what_is_wrong_fails_the_job_before_anything_is_uploaded() {
    let check = |expect: &[&str], change: &dyn Fn(&Stage)| {
        let stage = furnished();
        change(&stage);
        let (ended, result, _) = run(&stage, &request(&json!({})));
        let said = message(&result);
        assert_eq!(ended, JobState::Failed, "{expect:?}: {said}");
        assert!(said.starts_with(expect[0]) && expect.iter().all(|part| said.contains(part)), "{expect:?}: {said}");
        assert!(stage.aws.object("artifacts", OUTPUT).is_none(), "{said}");
        assert!(said.contains("\nhint: "), "{said}");
    };
    let remove = |service: &'static str, name: &'static str| {
        move |stage: &Stage| stage.aws.remove_resource(TOOLS, service, name)
    };
    check(&["RevisionUnavailable: ACC15: ", "log group", "/ecs/app"], &remove("logs", "/ecs/app"));
    check(&["RevisionUnavailable: ACC09: ", "app-execution"], &remove("iam", "app-execution"));
    check(&["RevisionUnavailable: ACC07: ", "codedeploy"], &remove("iam", "codedeploy"));
    // All of it at once, in the order of the rules.
    check(&["RevisionUnavailable: ACC14: ", "/token", "; ACC15: "], &|stage| {
        stage.aws.remove_resource(TOOLS, "logs", "/ecs/app");
        stage.aws.remove_resource(TOOLS, "ssm", "/token");
    });
    check(&["ConfigurationError: ACC01: "], &|stage| {
        let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7";
        stage.aws.add_service(TOOLS, REGION, "main", &samples::rolling_service(TOOLS, REGION, "main", "web", arn));
    });
    let stage = furnished();
    let (_, result, _) = run(&stage, &request(&json!({"deployment_group": "none"})));
    assert!(message(&result).starts_with("RevisionUnavailable: ACC02: "), "{result}");
}

#[test]
fn a_missing_permission_is_a_note_and_a_failure_if_strict() {
    let mut stage = furnished();
    stage.function = stage.aws.session(
        TOOLS,
        "function",
        &["ecs:*", "codepipeline:PutJob*", "codedeploy:*", "elasticloadbalancing:*"],
    );
    let (ended, result, log) = run(&stage, &request(&json!({})));
    assert_eq!(ended, JobState::Succeeded, "{result}");
    assert_eq!(result["outputVariables"]["warnings"], "0");
    for (rule, action) in
        [("ACC07", "iam:GetRole"), ("ACC19", "cloudwatch:DescribeAlarms"), ("ACC15", "logs:DescribeLogGroups")]
    {
        assert!(log.contains(&format!("{rule}: not checked: needs {action} (")), "{rule}: {log}");
    }
    let findings = result["outputVariables"]["findings"].as_str().expect("findings");
    assert!(findings.starts_with("note ACC06") || findings.starts_with("note ACC07"), "{findings}");
    assert!(findings.len() <= 1_000 && findings.contains("; and "), "{findings}");
    let (ended, result, _) = run(&stage, &request(&json!({"strict": true})));
    assert_eq!(ended, JobState::Failed);
    let said = message(&result);
    assert!(said.starts_with("PermissionError: ACC07: not checked: needs iam:GetRole ("), "{said}");
    assert!(said.contains("allow iam:GetRole to the role that reads"), "{said}");
    let ignore: Vec<String> = (1..=21).map(|number| format!("ACC{number:02}=later")).collect();
    assert_eq!(run(&stage, &request(&json!({"strict": true, "ignore": ignore}))).0, JobState::Succeeded);
}

#[test]
fn warnings_are_logged_and_counted_and_fail_a_strict_job_only() {
    let stage = furnished();
    stage.aws.add_resource(
        TOOLS,
        "application-autoscaling",
        "service/main/web",
        json!({"DynamicScalingOutSuspended": true}),
    );
    let (ended, result, log) = run(&stage, &request(&json!({})));
    assert_eq!(ended, JobState::Succeeded, "{result}");
    let variables = &result["outputVariables"];
    assert_eq!(variables["warnings"], "1");
    let told = "warning ACC20: auto scaling of main/web is suspended (scale-out)";
    assert_eq!(variables["findings"], told);
    let line = log.lines().find(|line| line.contains("ACC20")).expect("a line of the log");
    assert!(
        line.contains("WARN") && line.contains("code=\"ACC20\"") && line.contains("severity=\"warning\""),
        "{line}"
    );

    let (ended, result, _) = run(&stage, &request(&json!({"strict": true})));
    assert_eq!(ended, JobState::Failed);
    assert!(message(&result).starts_with("ConfigurationError: ACC20: auto scaling"), "{result}");
    for ignore in [json!(["ACC20"]), json!(["acc20=scaled by hand"])] {
        let (ended, result, _) = run(&stage, &request(&json!({"strict": true, "ignore": ignore})));
        assert_eq!(ended, JobState::Succeeded, "{result}");
        assert_eq!(result["outputVariables"]["findings"], "none");
    }
    let (_, result, _) = run(&stage, &request(&json!({"ignore": ["ACC99"]})));
    assert!(message(&result).starts_with("ConfigurationError: PAR15: `ignore` names \"ACC99\""), "{result}");
}

/// The offline rules have warnings of their own, without `verify`.
#[test]
fn strict_is_about_the_files_too() {
    let stage = furnished();
    let mut task_definition = samples::task_definition(TOOLS, REGION, "app", 1, "x")["taskDefinition"].clone();
    for name in READ_ONLY {
        task_definition.as_object_mut().expect("members").shift_remove(name);
    }
    task_definition["containerDefinitions"][0]["healthCheck"] = json!({"command": ["curl", "localhost"]});
    let file = task_definition.to_string();
    let config = |more: &str| format!("task_definition_file: S::taskdef.json\n{more}");
    let job = |more: &str| {
        let event = configured(&stage, &config(more), &[("taskdef.json", &file)]);
        stage.invoke(&event);
        stage.aws.job(event.id()).results[0].clone()
    };
    let plain = job("");
    let findings = plain["outputVariables"]["findings"].as_str().expect("findings").to_owned();
    let code = findings.strip_prefix("warning ").and_then(|rest| rest.split(':').next()).expect("a warning").to_owned();
    assert_eq!(plain["outputVariables"]["warnings"], "1", "{findings}");
    assert!(message(&job("strict: true\n")).contains(&format!(": {code}: ")), "{findings}");
    assert!(job(&format!("strict: true\nignore:\n  - {code}=on purpose\n"))["outputVariables"].is_object());
}

#[test]
fn a_message_that_is_too_long_says_what_was_left_out() {
    let stage = furnished();
    let containers: Vec<Value> = (0..40)
        .map(|number| {
            let group = format!("/ecs/{number}/{}", "x".repeat(300));
            json!({"name": format!("c{number}"), "image": "repo/app:1", "essential": true,
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": group,
                    "awslogs-region": REGION, "awslogs-stream-prefix": "app"}}})
        })
        .collect();
    let mut far = samples::task_definition(TOOLS, REGION, "many", 1, "x");
    let own = far["taskDefinition"]["containerDefinitions"].as_array_mut().expect("containers");
    own.extend(containers);
    stage.aws.add_task_definition(&far.to_string());
    let (ended, result, _) = run(&stage, &request(&json!({"task_definition": "many"})));
    assert_eq!(ended, JobState::Failed, "{result}");
    let said = result["failureDetails"]["message"].as_str().expect("a message");
    let length = said.chars().count();
    assert!((4_000..=5_000).contains(&length), "{length}");
    let shown = said.matches("does not exist: ").count();
    let rest = said.split("; and ").nth(1).and_then(|rest| rest.split(" more\nhint: ").next()).expect("a count");
    // The calls of one check are limited too, so that not each of the 41 groups was looked up. Whether /ecs/app was, which
    // exists, depends on the order; the image does not exist.
    let asked = stage.aws.calls("logs:DescribeLogGroups").len();
    let total = shown + rest.parse::<usize>().expect("a number");
    assert!(asked < 40 && (asked..=asked + 1).contains(&total), "{asked} asked, {total} wrong: {said}");
}

#[test]
fn what_does_not_answer_is_not_checked_and_the_job_ends_in_time() {
    let stage = furnished();
    for action in ["ecr:*", "iam:*", "logs:*"] {
        stage.aws.fail_always(action, Fault::Hang);
    }
    let event = stage.event(&request(&json!({})));
    let mut lambda = stage.lambda();
    let begun = Instant::now();
    let done = lambda.invoke(&event.text(), TIMEOUT);
    assert!(done.before_deadline >= Duration::from_secs(2), "{:?} left", done.before_deadline);
    // Three fifths of the work, which gets six of ten seconds.
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let (job, log) = (stage.aws.job(event.id()), lambda.log());
    assert_eq!((job.state, job.results.len()), (JobState::Succeeded, 1), "{:?}\n{log}", job.results);
    for rule in ["ACC07", "ACC11", "ACC15"] {
        assert!(log.contains(&format!("{rule}: not checked: ")), "{rule}: {log}");
    }
    assert!(!log.contains("ACC14"), "{log}");

    // The group, without which most rules cannot be checked.
    stage.aws.fail_always("codedeploy:*", Fault::Hang);
    let event = stage.event(&request(&json!({"strict": true})));
    let done = lambda.invoke(&event.text(), TIMEOUT);
    assert!(done.before_deadline >= Duration::from_secs(2), "{:?} left", done.before_deadline);
    let job = stage.aws.job(event.id());
    assert_eq!(job.state, JobState::Failed, "{:?}", job.results);
    assert!(message(&job.results[0]).contains("not checked: "), "{:?}", job.results);
}

#[test]
fn what_the_request_names_is_what_is_checked() {
    // Neither a group nor a service: what the files refer to is checked, and the rest is not.
    let stage = furnished();
    let (ended, result, log) = run(&stage, &json!({"task_definition": "app", "verify": true}));
    assert_eq!(ended, JobState::Succeeded, "{result}");
    let reason = "the request names no deployment group: set `application` and `deployment_group`, or `service`";
    assert!(log.contains(&format!("ACC02: not checked: {reason}")), "{log}");
    for rule in ["ACC09", "ACC11", "ACC13", "ACC14", "ACC15"] {
        assert!(!log.contains(rule), "{rule}: {log}");
    }
    stage.aws.remove_resource(TOOLS, "ssm", "/token");
    let (_, result, _) = run(&stage, &json!({"task_definition": "app", "verify": true}));
    assert!(message(&result).contains(": ACC14: "), "{result}");

    // A service: its group has the name that the console gives.
    let stage = furnished();
    let (_, _, log) = run(&stage, &json!({"service": "main/web", "verify": true}));
    assert!(log.contains("AppECS-main-web/DgpECS-main-web"), "{log}");
    assert!(log.contains("set `application` and `deployment_group`") && !log.contains("ACC20"), "{log}");
    stage.aws.add_group(TOOLS, REGION, Group::ecs("AppECS-main-web", "DgpECS-main-web", "main", "web"));
    let (ended, result, log) = run(&stage, &json!({"service": "main/web", "verify": true, "strict": true}));
    assert_eq!(ended, JobState::Succeeded, "{result}\n{log}");
}

#[test]
fn images_that_are_filled_in_later_do_not_fail_a_strict_job() {
    let stage = furnished();
    let more = json!({"strict": true, "images": {"app": "IMAGE1_NAME"}});
    let (ended, result, log) = run(&stage, &request(&more));
    assert_eq!(ended, JobState::Succeeded, "{result}");
    assert!(log.contains("ACC11: not checked: <IMAGE1_NAME> is a placeholder"), "{log}");
}

/// The next stage of the pipeline waits for it, so it is no error here.
#[test]
fn a_deployment_of_the_execution_before_is_a_note() {
    let stage = furnished();
    let scratch = Scratch::new();
    let appspec = samples::appspec("arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7");
    let appspec = scratch.write("appspec.json", appspec.to_string()).display().to_string();
    let deploy = ["deploy", "--appspec", &appspec, "--application", "shop", "--deployment-group", "web", "--no-wait"];
    let made = Run::new(deploy).environment(Environment::of_aws(&stage.aws.url(), REGION, &stage.function)).run();
    assert_eq!(made.code, 0, "{}", made.stderr);
    let (ended, result, log) = run(&stage, &request(&json!({})));
    assert_eq!(ended, JobState::Succeeded, "{result}");
    assert!(log.lines().any(|line| line.contains("INFO") && line.contains("ACC18: deployment d-")), "{log}");
}

/// The request means the same on the command line.
#[test]
fn generate_checks_the_same() {
    let stage = furnished();
    let scratch = Scratch::new();
    let zip = scratch.path().join("artifact.zip");
    let generate = |more: &[&str]| {
        let _ = std::fs::remove_file(&zip);
        let args = ["generate", "--task-definition", "app", "--artifact", zip.to_str().expect("a path"), "--strict"];
        let group = ["--verify", "--application", "shop", "--deployment-group", "web"];
        let environment = Environment::of_aws(&stage.aws.url(), REGION, &stage.function);
        let output = Run::new([&args[..], &group, more].concat()).environment(environment).run();
        (output.code, zip.exists(), output.stderr)
    };
    let (code, written, said) = generate(&[]);
    assert_eq!((code, written), (0, true), "{said}");
    stage.aws.remove_resource(TOOLS, "logs", "/ecs/app");
    let (code, written, said) = generate(&[]);
    assert_eq!((code, written), (3, false), "{said}");
    assert!(said.contains("error: ACC15: taskdef.json: "), "{said}");
    let (code, written, said) = generate(&["--ignore", "ACC15=made later,ACC20"]);
    assert_eq!((code, written), (0, true), "{said}");
    let (code, _, said) = generate(&["--ignore", "ACC99"]);
    assert!(code == 2 && said.contains("PAR15: --ignore names \"ACC99\""), "{said}");
    // Nothing is asked without the flag.
    let before = stage.aws.all_calls().len();
    let args = ["generate", "--task-definition", "app", "--artifact", zip.to_str().expect("a path")];
    Run::new(args).environment(Environment::of_aws(&stage.aws.url(), REGION, &stage.function)).run();
    assert_eq!(stage.aws.all_calls().len(), before + 1);
}

#[test]
fn a_role_of_another_account_checks_that_account() {
    let stage = furnished();
    let role = "arn:aws:iam::111111111111:role/reader";
    stage.aws.add_role(Role::new(role, &["*"]).trusting(TOOLS));
    let environment = stage.environment().with("ALLOWED_ROLE_ARNS", role);
    let job = |parameters: &Value| {
        let event = stage.event(parameters);
        let mut lambda = Lambda::start(programs::lambda(), environment.clone());
        lambda.invoke(&event.text(), TIMEOUT);
        let job = stage.aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{:?}\n{}", job.results, lambda.log());
    };
    job(&request(&json!({"role_arn": role, "strict": true})));
    let asked = stage.aws.calls("ecr:BatchGetImage");
    assert!(asked[0].caller.as_deref().is_some_and(|caller| caller.contains(":assumed-role/reader/")), "{asked:?}");
    // The session may check only if the request says so.
    let policy = |call: &e2e::fake_aws::Call| call.request.text().contains("ecr%3ABatchGetImage");
    assert!(stage.aws.calls("sts:AssumeRole").iter().all(policy));
    job(&json!({"task_definition": "app", "role_arn": role}));
    assert!(!stage.aws.calls("sts:AssumeRole").last().is_some_and(policy));
}
