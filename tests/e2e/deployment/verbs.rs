//! The verbs around a deployment: upload, status, stop, rollback, and rotate for the services that ECS deploys.

use e2e::{
    botocore,
    fake_aws::{ecs::Rollout, s3::Bucket, sts::Role},
    python::Python,
};

use super::*;

/// What the command line of AWS answers; `None` where there is no Python.
fn theirs(stage: &Stage, args: &[&str]) -> Option<Value> {
    let output = Python::shared()?.aws(args, &stage.environment());
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("JSON of the AWS CLI"))
}

#[test]
fn an_upload_is_what_the_aws_cli_deploys() {
    let stage = Stage::new(group());
    stage.aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
    let output = stage.run(&["upload", &stage.appspec, "--to", "s3://revisions/shop/appspec.json", "--output", "json"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let revision = output.json()["revision"].clone();
    assert_eq!(revision["s3Location"]["bundleType"], "JSON", "{revision}");
    let revision = revision.to_string();
    let group = ["--application-name", "shop", "--deployment-group-name", "web", "--revision", &revision];
    let Some(made) = theirs(&stage, &[&["deploy", "create-deployment"], &group[..]].concat()) else { return };
    let id = made["deploymentId"].as_str().expect("an id").to_owned();
    let waited = stage.run(&["wait", &id]);
    assert_eq!(waited.code, 0, "{}", waited.stderr);
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn an_appspec_that_nobody_would_fill_is_not_uploaded() {
    let stage = Stage::new(group());
    let text = samples::appspec("<TASK_DEFINITION>").to_string();
    let appspec = stage.scratch.write("placeholder.json", text).display().to_string();
    let output = stage.run(&["upload", &appspec, "--to", "s3://revisions/appspec.json"]);
    assert!(output.code == 2 || output.code == 3, "{}", output.stderr);
    assert!(output.stderr.contains("--task-definition"), "{}", output.stderr);
    assert!(stage.aws.all_calls().is_empty());
}

#[test]
fn status_agrees_with_the_aws_cli() {
    let stage = Stage::playing(group(), Scenario::HookFails("AfterInstall"));
    let failed = stage.deploy(&["--output", "json"]);
    assert_eq!(failed.code, 10, "{}", failed.stderr);
    let id = stage.aws.deployments()[0]["deploymentId"].as_str().expect("an id").to_owned();
    let seen = stage.run(&["status", &id, "--output", "json"]);
    assert_eq!(seen.code, 0, "{}", seen.stderr);
    assert!(seen.text().contains("HOOK_EXECUTION_FAILURE"), "{}", seen.text());
    assert_eq!(stage.run(&["status", &id, "--exit-code"]).code, 10);
    let Some(theirs) = theirs(&stage, &["deploy", "get-deployment", "--deployment-id", &id]) else { return };
    let ours = seen.json();
    let status = theirs["deploymentInfo"]["status"].as_str().expect("a status").to_owned();
    assert!(ours.to_string().contains(&format!("\"{status}\"")), "{ours}");
}

#[test]
fn a_deployment_is_stopped_and_rolled_back() {
    let stage = Stage::new(group().termination_wait(600));
    let id = stage.created(&[]);
    let output = stage.run(&["stop", &id, "--rollback", "--wait"]);
    assert_eq!(output.code, 0, "{}\n{}", output.text(), output.stderr);
    let stops = stage.aws.calls("codedeploy:StopDeployment");
    assert_eq!((stops.len(), &stops[0].json()["autoRollbackEnabled"]), (1, &Value::Bool(true)));
    let again = stage.run(&["stop", &id]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let said = format!("{}{}", again.text(), again.stderr);
    assert!(said.contains("has already been stopped"), "{said}");
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn a_rollback_goes_back_to_the_revision_before() {
    let stage = Stage::new(group());
    let first = stage.scratch.write("first.json", samples::appspec(&arn(1)).to_string()).display().to_string();
    let args = ["deploy", "--appspec", &first, "--application", "shop", "--deployment-group", "web"];
    assert_eq!(stage.run(&args).code, 0);
    assert_eq!(stage.deploy(&[]).code, 0);
    let args = ["rollback", "--application", "shop", "--deployment-group", "web"];
    let unasked = stage.run(&args);
    assert_eq!(unasked.code, 2, "no terminal to ask on: {}", unasked.stderr);
    let back = stage.run(&[&args[..], &["--yes"]].concat());
    assert_eq!(back.code, 0, "{}\n{}", back.text(), back.stderr);
    let creates = stage.aws.calls("codedeploy:CreateDeployment");
    assert_eq!(creates.len(), 3);
    assert!(creates[2].json()["revision"].to_string().contains(&arn(1)), "{}", creates[2].json());
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn rotate_waits_for_a_service_of_ecs_and_refuses_one_of_codedeploy() {
    let stage = Stage::new(group());
    let rolling = samples::rolling_service(ACCOUNT, REGION, "main", "api", &arn(1));
    stage.aws.add_service(ACCOUNT, REGION, "main", &rolling);
    let refused = stage.run(&["rotate", "main/web"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("codedeploy-artifact deploy"), "{}", refused.stderr);
    assert_eq!(stage.count("ecs:UpdateService"), 0);
    let rotated = stage.run(&["rotate", "main/api"]);
    assert_eq!(rotated.code, 0, "{}", rotated.stderr);
    assert_eq!(stage.count("ecs:UpdateService"), 1);
    stage.aws.set_rollout("main", "api", Rollout::Fails);
    let failed = stage.run(&["rotate", "main/api"]);
    assert!(failed.code == 10 || failed.code == 11, "{}: {}", failed.code, failed.stderr);
    botocore::check(&stage.aws.all_calls());
}

/// On a clock of its own: the sessions of STS would last seconds on a fast one.
#[test]
fn one_role_reads_another_deploys_and_another_stops() {
    let stage = Stage::new(group());
    let roles = [
        (
            "--role-arn",
            "--external-id",
            "reader",
            &["codedeploy:Get*", "codedeploy:List*", "codedeploy:BatchGet*", "ecs:Describe*"][..],
        ),
        ("--deploy-role-arn", "--deploy-external-id", "deployer", &["codedeploy:CreateDeployment"]),
        ("--stop-role-arn", "--stop-external-id", "stopper", &["codedeploy:StopDeployment"]),
    ];
    let mut args = Vec::new();
    for (role_flag, id_flag, name, may) in roles {
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{name}");
        let external_id = e2e::secrets::planted("external id of a role");
        stage.aws.add_role(Role::new(&arn, may).trusting(ACCOUNT).with_external_id(&external_id));
        args.extend([role_flag.to_owned(), arn, id_flag.to_owned(), external_id]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = stage.deploy(&args);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let caller = |action: &str| stage.aws.calls(action)[0].caller.clone().unwrap_or_default();
    assert!(caller("codedeploy:CreateDeployment").contains("assumed-role/deployer/"));
    assert!(caller("codedeploy:GetDeployment").contains("assumed-role/reader/"));
    botocore::check(&stage.aws.all_calls());
}

/// Flags are visible in the process list; the environment of a process is not.
#[test]
fn external_ids_come_from_the_environment() {
    let stage = Stage::new(group());
    let mut environment = stage.environment();
    let mut args = Vec::new();
    for (flag, name, may) in [
        ("--role-arn", "EXTERNAL_ID", &["codedeploy:*", "ecs:*"][..]),
        ("--deploy-role-arn", "DEPLOY_EXTERNAL_ID", &["codedeploy:*"]),
        ("--stop-role-arn", "STOP_EXTERNAL_ID", &["codedeploy:StopDeployment"]),
    ] {
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{}", name.to_ascii_lowercase());
        let external_id = e2e::secrets::planted("external id in the environment");
        stage.aws.add_role(Role::new(&arn, may).trusting(ACCOUNT).with_external_id(&external_id));
        environment = environment.with(&format!("CODEDEPLOY_ARTIFACT_{name}"), &external_id);
        args.extend([flag.to_owned(), arn]);
    }
    let deploy = [stage.deploy_args(&[]), args.iter().map(String::as_str).collect()].concat();
    let run = |args: &[&str], environment: &Environment| {
        Run::new(args.iter().copied()).environment(environment.clone()).run()
    };
    let output = run(&deploy, &environment);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let caller = stage.aws.calls("codedeploy:CreateDeployment")[0].caller.clone().unwrap_or_default();
    assert!(caller.contains("assumed-role/deploy_external_id/"), "{caller}");

    let generate = ["generate", "--task-definition", "web", "--artifact", "-", "--role-arn", &args[1]];
    let read = |environment: &Environment, more: &[&str]| {
        let args = [&generate[..], more].concat();
        Run::new(args).environment(environment.clone()).stdout_is_artifact().run()
    };
    let output = read(&environment, &[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    // A flag takes precedence, and so does a variable over a file.
    let output = read(&environment, &["--external-id", "another"]);
    assert_eq!(output.code, 4, "{}", output.stderr);
    let config = stage.scratch.write("config.yml", "external_id: another\n").display().to_string();
    let output = read(&environment, &["--config", &config]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    // An empty variable is no external ID, and one without its role does not matter.
    let empty = environment.clone().with("CODEDEPLOY_ARTIFACT_EXTERNAL_ID", "");
    let output = read(&empty, &[]);
    assert!(output.code == 4 && output.stderr.contains("no external ID was given"), "{}", output.stderr);
    let id = stage.aws.deployments()[0]["deploymentId"].as_str().unwrap_or_default().to_owned();
    let output = run(&["status", &id], &environment.clone().with("CODEDEPLOY_ARTIFACT_EXTERNAL_ID", "not one"));
    assert_eq!(output.code, 0, "{}", output.stderr);
    for (name, role, arn) in [("EXTERNAL_ID", &args[0], &args[1]), ("STOP_EXTERNAL_ID", &args[4], &args[5])] {
        let variable = format!("CODEDEPLOY_ARTIFACT_{name}");
        let wrong = environment.clone().with(&variable, "wrong planted value");
        let output = run(&["wait", &id, role, arn], &wrong);
        assert_eq!(output.code, 2, "{}", output.stderr);
        let said = format!("error: PAR10: {variable} must be 2-1224 characters");
        assert!(output.stderr.contains(&said) && !output.stderr.contains("planted"), "{}", output.stderr);
    }
}

#[test]
fn a_revision_in_s3_is_deployed_from_where_it_is_or_was_put() {
    let stage = Stage::new(group());
    stage.aws.add_bucket(Bucket::new("revisions", ACCOUNT, REGION));
    let there = "s3://revisions/shop/appspec.json";
    let put = stage.deploy(&["--upload", there]);
    assert_eq!(put.code, 0, "{}", put.stderr);
    let group = ["--application", "shop", "--deployment-group", "web"];
    let again = stage.run(&[&["deploy", "--revision", there, "--build-number", "2"], &group[..]].concat());
    assert_eq!(again.code, 0, "{}", again.stderr);
    for create in stage.aws.calls("codedeploy:CreateDeployment") {
        let revision = create.json()["revision"].clone();
        assert_eq!(revision["revisionType"], "S3", "{revision}");
        assert_eq!(revision["s3Location"]["bundleType"], "JSON", "{revision}");
    }
}

/// What Amazon's own tool deploys and what it thinks of the end is what we say of it.
#[test]
fn aws_ecs_deploy_and_we_agree_on_the_same_deployment() {
    let check = |scenario: Scenario, theirs: i32, ours: i32| {
        let stage = Stage::playing(group(), scenario);
        let Some(python) = Python::shared() else { return };
        let appspec = stage.scratch.write("placeholder.json", samples::appspec("<TASK_DEFINITION>").to_string());
        let taskdef = samples::task_definition(ACCOUNT, REGION, "web", 2, "x")["taskDefinition"].to_string();
        let taskdef = stage.scratch.write("described.json", taskdef).display().to_string();
        let made = stage.scratch.path().join("made").display().to_string();
        let generate = ["generate", "--artifact", &made, "--task-definition-file", &taskdef];
        assert_eq!(stage.run(&generate).code, 0);
        let mut registrable: Value =
            serde_json::from_slice(&std::fs::read(stage.scratch.path().join("made/taskdef.json")).unwrap()).unwrap();
        registrable.as_object_mut().unwrap().remove("memberOfTomorrow");
        let registrable = stage.scratch.write("registrable.json", registrable.to_string()).display().to_string();
        let appspec = appspec.display().to_string();
        let files = ["--task-definition", &registrable, "--codedeploy-appspec", &appspec];
        let names = ["--codedeploy-application", "shop", "--codedeploy-deployment-group", "web"];
        let service = ["ecs", "deploy", "--service", "web", "--cluster", "main"];
        let output = python.aws(&[&service[..], &names, &files].concat(), &stage.environment());
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(theirs), "{said}");
        let id = stage.aws.deployments()[0]["deploymentId"].as_str().expect("an id").to_owned();
        let waited = stage.run(&["wait", &id]);
        assert_eq!(waited.code, ours, "{}", waited.stderr);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| check(Scenario::Succeeds, 0, 0));
        scope.spawn(|| check(Scenario::HookFails("AfterInstall"), 255, 10));
    });
}

/// A variable of a build that is not set, in quotes.
#[test]
fn an_empty_name_is_a_usage_error() {
    let stage = Stage::new(group());
    for (application, group) in [("", "web"), ("shop", "")] {
        let names = ["--application", application, "--deployment-group", group];
        for verb in [&["deploy", "--appspec", &stage.appspec][..], &["rollback", "--yes"]] {
            let output = stage.run(&[verb, &names[..]].concat());
            assert_eq!(output.code, 2, "{}", output.stderr);
            assert!(output.stderr.contains("USE04"), "{}", output.stderr);
        }
    }
    assert!(stage.aws.all_calls().is_empty(), "nothing was asked");
}
