//! The command line as a Jenkins step or a person calls it.

use std::time::Duration;

use e2e::{
    environment::Environment,
    fake_aws::{FakeAws, codepipeline::JobState, faults::Fault, s3::Bucket},
    job_event::JobEvent,
    moto::Moto,
    programs::{self, Run},
    runtime_api::Lambda,
    samples,
    scratch::Scratch,
    secrets, unique,
};
use serde_json::json;

const TOOLS: &str = "111111111111";
const REGION: &str = "eu-west-1";

/// A `generate` with this task definition that writes the artifact to standard output.
fn generate(environment: &Environment, more: &[&str]) -> programs::Output {
    let args = [&["generate", "--artifact", "-"], more].concat();
    Run::new(args).environment(environment.clone()).stdout_is_artifact().run()
}

#[test]
fn the_lambda_and_the_command_line_make_the_same_bytes() {
    let aws = FakeAws::start();
    let value = secrets::planted("environment value of a container");
    let recorded = samples::task_definition(TOOLS, REGION, "app", 7, &value);
    aws.add_task_definition(&recorded.to_string());
    aws.add_bucket(Bucket::new("artifacts", TOOLS, REGION));
    let keys = aws.session(TOOLS, "caller", &["*"]);

    let event = JobEvent::new(TOOLS, &keys).output("Files", "artifacts", "out");
    let event = event.user_parameters(&json!({"task_definition": "app", "images": {"app": "IMAGE1_NAME"}}));
    aws.add_job(TOOLS, event.id());
    let mut lambda = Lambda::start(programs::lambda(), Environment::of_lambda(&aws.url(), REGION, &keys));
    lambda.invoke(&event.text(), Duration::from_secs(10));
    assert_eq!(aws.job(event.id()).state, JobState::Succeeded, "{:?}", aws.job(event.id()));
    let by_lambda = aws.object("artifacts", "out").expect("an output artifact").bytes;

    let environment = Environment::of_aws(&aws.url(), REGION, &keys).with("TZ", "Asia/Kathmandu").with("LANG", "tr_TR");
    let from_aws = generate(&environment, &["--task-definition", "app", "--images", "app=IMAGE1_NAME"]);
    assert_eq!(from_aws.code, 0, "{}", from_aws.stderr);
    assert_eq!(from_aws.stdout, by_lambda);

    let scratch = Scratch::new();
    let file = scratch.write("taskdef.json", recorded.to_string()).display().to_string();
    let offline = generate(&Environment::empty(), &["--task-definition-file", &file, "--images", "app=IMAGE1_NAME"]);
    assert_eq!(offline.code, 0, "{}", offline.stderr);
    assert_eq!(offline.stdout, by_lambda);
}

#[test]
fn the_exit_code_says_what_kind_of_failure_it_is() {
    let aws = FakeAws::start();
    aws.add_task_definition(&samples::task_definition(TOOLS, REGION, "app", 7, "x").to_string());
    let may = Environment::of_aws(&aws.url(), REGION, &aws.session(TOOLS, "caller", &["ecs:*"]));
    let may_not = Environment::of_aws(&aws.url(), REGION, &aws.session(TOOLS, "caller", &["s3:*"]));
    let check = |environment: &Environment, args: &[&str], code: i32, expect: &str| {
        let output = generate(environment, args);
        assert_eq!(output.code, code, "{args:?}: {}", output.stderr);
        assert!(output.stderr.contains(expect), "{args:?}: no {expect} in {}", output.stderr);
    };
    check(&may, &["--task-definition", "app"], 0, "");
    check(&may, &["--task-definitoin", "app"], 2, "--task-definition");
    check(&may, &["--task-definition", "app", "--container-port", "70000"], 2, "--container-port");
    check(&may, &["--task-definition-file", "absent.json"], 3, "absent.json");
    check(&may, &["--task-definition", "none"], 3, "none");
    check(&may_not, &["--task-definition", "app"], 4, "ecs:DescribeTaskDefinition");
    aws.fail_always("ecs:*", Fault::Unavailable);
    check(&may, &["--task-definition", "app"], 5, "");
}

/// Terraform and CDK deregister a revision that still serves, as soon as they have registered the next one.
#[test]
fn a_service_on_a_deregistered_revision_gets_an_artifact() {
    let aws = FakeAws::start();
    let mut revision = samples::task_definition(TOOLS, REGION, "app", 7, "x");
    revision["taskDefinition"]["status"] = json!("INACTIVE");
    let arn = aws.add_task_definition(&revision.to_string());
    aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", &arn));
    let environment = Environment::of_aws(&aws.url(), REGION, &aws.session(TOOLS, "caller", &["ecs:*"]));
    let made = generate(&environment, &["--service", "main/web"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(made.stdout.starts_with(b"PK"));
    let note = "note: TD02: app:7 is INACTIVE; the deployment registers its content as a new revision\n";
    assert!(made.stderr.contains(note), "{}", made.stderr);
    let by_arn = generate(&environment, &["--service", "main/web", "--appspec-task-definition", "arn"]);
    assert_eq!(by_arn.code, 3, "{}", by_arn.stderr);
    let hint = "hint: name an ACTIVE revision, or remove --appspec-task-definition to register this revision again";
    assert!(by_arn.stderr.contains(hint), "{}", by_arn.stderr);
}

#[test]
fn moto_is_described_too_and_in_another_account() {
    let Some(moto) = Moto::shared() else { return };
    let (mine, other) = (moto.session(TOOLS), moto.session("222222222222"));
    let family = unique::name("app");
    let container = json!([{
        "name": "app", "image": "busybox", "essential": true, "portMappings": [{"containerPort": 8080}]
    }]);
    let container = container.to_string();
    let register = ["ecs", "register-task-definition", "--family", &family, "--container-definitions", &container];
    let fargate =
        ["--requires-compatibilities", "FARGATE", "--network-mode", "awsvpc", "--cpu", "256", "--memory", "512"];
    moto.aws(REGION, &other, &[&register[..], &fargate[..]].concat());
    let environment = Environment::of_aws(&moto.url(), REGION, &mine);
    let near = generate(&environment, &["--task-definition", &family]);
    assert_eq!(near.code, 3, "{}", near.stderr);
    let role = ["--role-arn", "arn:aws:iam::222222222222:role/reader"];
    let far = generate(&environment, &[&["--task-definition", &family], &role[..]].concat());
    assert_eq!(far.code, 0, "{}", far.stderr);
    assert!(far.stdout.starts_with(b"PK"));
}
