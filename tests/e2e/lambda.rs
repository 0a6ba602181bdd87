//! The Lambda function in a pipeline: each job ends with exactly one result.
//!
//! Every scenario runs with all log levels turned up, so that the leak scan sees the most that can be seen.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    time::Duration,
};

use e2e::{
    environment::Environment,
    fake_aws::{
        Credentials, FakeAws,
        codepipeline::JobState,
        ecs::READ_ONLY,
        faults::Fault,
        s3::{Bucket, Object},
        sts::Role,
    },
    job_event::JobEvent,
    programs,
    runtime_api::{Invocation, Lambda, Outcome},
    samples, secrets,
};
use serde_json::{Value, json};

mod answers;
mod artifacts;
mod bounds;
mod failures;
mod reliability;
mod settings;
mod verify;

const TOOLS: &str = "111111111111";
const WORKLOAD: &str = "222222222222";
const REGION: &str = "eu-west-1";
const READER: &str = "arn:aws:iam::222222222222:role/reader";
const KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const OUTPUT: &str = "pipe/Files/abcdefg.zip";
const TIMEOUT: Duration = Duration::from_secs(10);

/// A tools account with a pipeline and its function, and a task definition `app:7` in either account.
struct Stage {
    aws: FakeAws,
    function: Credentials,
    action: Credentials,
    external_id: String,
}

impl Stage {
    fn new() -> Stage {
        let aws = FakeAws::start();
        let function = aws.session(TOOLS, "function", &["ecs:*", "codepipeline:PutJob*", "sts:AssumeRole"]);
        let action = aws.session(TOOLS, "action", &["s3:*", "kms:*"]);
        aws.add_bucket(Bucket::new("artifacts", TOOLS, REGION).requiring_kms());
        let external_id = secrets::planted("external id");
        aws.add_role(Role::new(READER, &["ecs:*"]).trusting(TOOLS).with_external_id(&external_id));
        for (account, family) in [(TOOLS, "app"), (WORKLOAD, "far")] {
            let value = secrets::planted("environment value of a container");
            aws.add_task_definition(&samples::task_definition(account, REGION, family, 7, &value).to_string());
        }
        Stage { aws, function, action, external_id }
    }

    /// An event of a new job with these UserParameters and one output artifact.
    fn event(&self, user_parameters: &Value) -> JobEvent {
        let event = JobEvent::new(TOOLS, &self.action).output("Files", "artifacts", OUTPUT);
        self.aws.add_job(TOOLS, event.id());
        event.user_parameters(user_parameters)
    }

    fn environment(&self) -> Environment {
        Environment::of_lambda(&self.aws.url(), REGION, &self.function)
            .with("ALLOWED_ROLE_ARNS", READER)
            .with("AWS_LAMBDA_LOG_LEVEL", "TRACE")
            .with("RUST_LOG", "trace")
            .with("LOG_SENSITIVE_BODIES", "true")
    }

    fn lambda(&self) -> Lambda {
        Lambda::start(programs::lambda(), self.environment())
    }

    fn invoke(&self, event: &JobEvent) -> Invocation {
        self.lambda().invoke(&event.text(), TIMEOUT)
    }

    fn output(&self) -> Object {
        self.aws.object("artifacts", OUTPUT).expect("an output artifact")
    }
}

/// The files of a zip, by name.
fn files(zip: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut file = |at| {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        (file.name().to_owned(), text)
    };
    (0..2).map(&mut file).collect()
}

#[test]
fn a_job_ends_with_both_files_in_its_output_artifact() {
    let stage = Stage::new();
    let event = stage.event(&json!({"task_definition": "app"})).encryption_key(KEY);
    let done = stage.invoke(&event);
    assert!(matches!(done.outcome, Outcome::Response(_)), "{done:?}");
    let job = stage.aws.job(event.id());
    assert_eq!((job.state, job.results.len()), (JobState::Succeeded, 1), "{:?}", job.results);

    let files = files(&stage.output().bytes);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["appspec.yml", "taskdef.json"]);
    let appspec = &files["appspec.yml"];
    for part in ["<TASK_DEFINITION>", "\"app\"", "8080"] {
        assert!(appspec.contains(part), "no {part} in {appspec}");
    }
    let made: Value = serde_json::from_str(&files["taskdef.json"]).unwrap();
    let recorded = stage.aws.calls("ecs:DescribeTaskDefinition");
    assert_eq!(recorded.len(), 1);
    let mut expect = samples::task_definition(TOOLS, REGION, "app", 7, "");
    expect["taskDefinition"]["tags"] = expect["tags"].clone();
    let mut expect = expect["taskDefinition"].clone();
    expect["containerDefinitions"][0]["environment"] = made["containerDefinitions"][0]["environment"].clone();
    for name in READ_ONLY {
        expect.as_object_mut().unwrap().shift_remove(name);
    }
    assert_eq!(made, expect);
    assert_eq!(made["containerDefinitions"][0]["environment"].as_array().unwrap().len(), 2);
}

#[test]
fn s3_is_used_as_the_action_and_the_rest_as_the_function() {
    let stage = Stage::new();
    let event = stage.event(&json!({"task_definition": "app"})).encryption_key(KEY);
    stage.invoke(&event);
    for call in stage.aws.all_calls() {
        let expect = if call.service == "s3" { &stage.action } else { &stage.function };
        assert_eq!(call.access_key_id, expect.access_key_id, "{}", call.action());
        assert_eq!(call.status, 200, "{}", call.action());
    }
    let object = stage.output();
    assert_eq!(object.kms_key.as_deref(), Some(KEY));
    assert_eq!(object.uploaded_by, "arn:aws:sts::111111111111:assumed-role/action/session");

    stage.invoke(&stage.event(&json!({"task_definition": "app:7"})));
    let again = stage.output();
    assert_eq!(again.kms_key.as_deref(), Some("aws/s3"), "without a key of its own, the job uses the AWS managed one");
    assert_eq!(again.bytes, object.bytes, "same input, same bytes");
}

#[test]
fn a_task_definition_of_another_account_is_described_through_a_role() {
    let stage = Stage::new();
    let parameters = json!({"task_definition": "far", "role_arn": READER, "external_id": stage.external_id});
    let event = stage.event(&parameters);
    stage.invoke(&event);
    let job = stage.aws.job(event.id());
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.results);
    let described = stage.aws.calls("ecs:DescribeTaskDefinition");
    let caller = described[0].caller.as_deref().unwrap();
    assert!(caller.starts_with("arn:aws:sts::222222222222:assumed-role/reader/"), "{caller}");
    let put = stage.aws.calls("codepipeline:PutJobSuccessResult");
    assert_eq!(put[0].access_key_id, stage.function.access_key_id);
}

#[test]
fn a_service_says_what_the_action_does_not() {
    let stage = Stage::new();
    let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7";
    stage.aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", arn));
    let event = stage.event(&json!({"service": "main/web"}));
    stage.invoke(&event);
    let job = stage.aws.job(event.id());
    assert_eq!(job.state, JobState::Succeeded, "{:?}", job.results);
    let appspec = files(&stage.output().bytes).remove("appspec.yml").unwrap();
    for part in ["1.4.0", "subnet-0123456789abcdef0", "sg-0123456789abcdef0"] {
        assert!(appspec.contains(part), "no {part} in {appspec}");
    }
}

#[test]
fn a_warm_function_works_on_after_a_freeze() {
    let stage = Stage::new();
    let mut lambda = stage.lambda();
    for round in 0..3 {
        let event = stage.event(&json!({"task_definition": "app"}));
        lambda.invoke(&event.text(), TIMEOUT);
        assert_eq!(stage.aws.job(event.id()).state, JobState::Succeeded, "round {round}");
        lambda.freeze();
        stage.aws.hang_up();
        lambda.thaw();
    }
    assert_eq!(stage.aws.calls("ecs:DescribeTaskDefinition").len(), 3);
    let peak = lambda.peak_memory().unwrap_or_default();
    assert!(peak < 64 * 1024, "{peak} KiB");
}

#[test]
fn no_output_of_any_scenario_so_far_holds_a_secret() {
    let stage = Stage::new();
    stage.aws.fail_next("codepipeline:*", [Fault::Throttled]);
    stage.invoke(&stage.event(&json!({"task_definition": "app"})));
    let (outputs, leaks) = secrets::audit();
    assert!(outputs > 0);
    assert_eq!(leaks, Vec::<String>::new());
}
