//! Two ways in, byte-identical output: the function and the command line, whatever the request uses.

use std::io::{Cursor, Write};
use std::time::Duration;

use e2e::{
    environment::Environment,
    fake_aws::{Credentials, FakeAws, codepipeline::JobState, s3::Bucket, sts::Role},
    job_event::JobEvent,
    moto::Moto,
    programs::{self, Run},
    runtime_api::Lambda,
    samples,
    scratch::Scratch,
    secrets, unique,
};
use serde_json::{Value, json};

const TOOLS: &str = "111111111111";
const WORKLOAD: &str = "222222222222";
const REGION: &str = "eu-west-1";
const READER: &str = "arn:aws:iam::222222222222:role/reader";

/// A source artifact with a file of every kind that a request can name.
fn source() -> Vec<u8> {
    let taskdef = samples::task_definition(TOOLS, REGION, "app", 7, "from a file");
    let mut template = taskdef["taskDefinition"].clone();
    template["containerDefinitions"][0]["image"] = json!("${IMAGE}");
    let appspec = "version: 0.0
# kept as it is
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: ${TASK_DEFINITION_ARN}
        LoadBalancerInfo:
          ContainerName: \"${CONTAINER_NAME}\"
          ContainerPort: ${CONTAINER_PORT}
Hooks:
  - AfterAllowTraffic: \"smoke-${STAGE}\"
";
    let config = "task_definition: app\nhooks:\n  BeforeInstall: check\nplatform_version: \"1.4.0\"\n";
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("deploy/taskdef.json", taskdef.to_string()),
        ("deploy/taskdef.tpl.json", template.to_string()),
        ("deploy/appspec.tpl.yml", appspec.to_owned()),
        ("deploy/config.yml", config.to_owned()),
        ("imageDetail.json", json!({"ImageURI": "repo/app@sha256:".to_owned() + &"0a".repeat(32)}).to_string()),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The function and the command line, with the same AWS and the same files.
struct Both {
    aws: FakeAws,
    keys: Credentials,
    external_id: String,
    lambda: Lambda,
    scratch: Scratch,
    zip: String,
}

impl Both {
    fn new() -> Both {
        let aws = FakeAws::start();
        let keys = aws.session(TOOLS, "caller", &["*"]);
        aws.add_bucket(Bucket::new("artifacts", TOOLS, REGION));
        let external_id = secrets::planted("external id of both");
        aws.add_role(Role::new(READER, &["ecs:*"]).trusting(TOOLS).with_external_id(&external_id));
        for (account, family) in [(TOOLS, "app"), (WORKLOAD, "far")] {
            aws.add_task_definition(&samples::task_definition(account, REGION, family, 7, "x").to_string());
        }
        let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7";
        aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", arn));
        let source = source();
        aws.put_object("artifacts", "pipe/Source/s.zip", source.clone(), None);
        let environment = Environment::of_lambda(&aws.url(), REGION, &keys).with("ALLOWED_ROLE_ARNS", READER);
        let lambda = Lambda::start(programs::lambda(), environment);
        let scratch = Scratch::new();
        let zip = scratch.write("source.zip", source).display().to_string();
        Both { aws, keys, external_id, lambda, scratch, zip }
    }

    /// The artifact by the function.
    fn by_lambda(&mut self, request: &Value) -> Vec<u8> {
        let key = unique::name("out");
        let event = JobEvent::new(TOOLS, &self.keys)
            .input("Source", "artifacts", "pipe/Source/s.zip")
            .output("Files", "artifacts", &key)
            .user_parameters(request);
        self.aws.add_job(TOOLS, event.id());
        self.lambda.invoke(&event.text(), Duration::from_secs(10));
        let job = self.aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{request}: {:?}", job.results);
        self.aws.object("artifacts", &key).expect("an output artifact").bytes.to_vec()
    }

    /// The artifact by the command line: the request as a configuration file, which has the same keys.
    fn by_command_line(&self, request: &Value) -> Vec<u8> {
        let config = self.scratch.write(&unique::name("config"), request.to_string()).display().to_string();
        let input = format!("Source={}", self.zip);
        let args = ["generate", "--artifact", "-", "--input-artifact", &input, "--config", &config];
        let environment = Environment::of_aws(&self.aws.url(), REGION, &self.keys);
        let output = Run::new(args).environment(environment).stdout_is_artifact().run();
        assert_eq!(output.code, 0, "{request}: {}", output.stderr);
        output.stdout
    }
}

#[test]
fn every_kind_of_request_gives_the_same_bytes_at_both_doors() {
    let mut both = Both::new();
    let external_id = both.external_id.clone();
    for request in [
        json!({"task_definition": "app"}),
        json!({"task_definition": "app:7", "appspec_task_definition": "arn", "platform_version": "LATEST"}),
        json!({"task_definition": "app", "images": {"app": "repo/app:2"}, "appspec_path": "d/appspec.yaml"}),
        json!({"task_definition": "app", "images": {"app": "IMAGE1_NAME"}}),
        json!({"task_definition": "app", "images": {"app": "Source::imageDetail.json"}}),
        json!({"task_definition_file": "Source::deploy/taskdef.json"}),
        json!({"task_definition": "app", "appspec_template": "Source::deploy/appspec.tpl.yml",
               "variables": {"STAGE": "prod"}}),
        json!({"taskdef_template": "Source::deploy/taskdef.tpl.json", "variables": {"IMAGE": "repo/app:3"}}),
        json!({"service": "main/web"}),
        json!({"task_definition": "far", "role_arn": READER, "external_id": external_id}),
        json!({"task_definition": "app", "hooks": {"AfterInstall": "f"},
               "network": {"subnets": ["subnet-0a"], "security_groups": ["sg-0b"], "assign_public_ip": "DISABLED"},
               "capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}]}),
    ] {
        assert_eq!(both.by_lambda(&request), both.by_command_line(&request), "{request}");
    }
}

/// A configuration file is named by a request, so the command line names it by a flag and the function by a parameter.
#[test]
fn a_configuration_file_in_an_artifact_counts_at_both_doors() {
    let mut both = Both::new();
    let by_lambda = both.by_lambda(&json!({"config": "Source::deploy/config.yml", "platform_version": "LATEST"}));
    let input = format!("Source={}", both.zip);
    let args = ["generate", "--artifact", "-", "--input-artifact", &input, "--config", "Source::deploy/config.yml"];
    let args = [&args[..], &["--platform-version", "LATEST"]].concat();
    let environment = Environment::of_aws(&both.aws.url(), REGION, &both.keys);
    let output = Run::new(args).environment(environment).stdout_is_artifact().run();
    assert_eq!(output.stdout, by_lambda, "{}", output.stderr);
    let appspec = String::from_utf8_lossy(&by_lambda).into_owned();
    assert!(appspec.contains("BeforeInstall: \"check\"") && appspec.contains("PlatformVersion: \"LATEST\""));
}

/// ECS, S3 and STS are those of moto, which is independent of this project; only the job is in our fake.
#[test]
fn a_job_is_done_with_moto_in_two_accounts() {
    let Some(moto) = Moto::shared() else { return };
    let pipeline = FakeAws::start();
    let function = moto.session(TOOLS);
    pipeline.adopt(&function, TOOLS);
    let workload = moto.session(WORKLOAD);
    let (family, bucket) = (unique::name("far"), unique::name("store"));
    let containers = json!([{
        "name": "app", "image": "busybox", "essential": true, "portMappings": [{"containerPort": 8080}],
        "environment": [{"name": "EMPTY", "value": ""}],
    }])
    .to_string();
    let register = ["ecs", "register-task-definition", "--family", &family, "--container-definitions", &containers];
    let fargate =
        ["--requires-compatibilities", "FARGATE", "--network-mode", "awsvpc", "--cpu", "256", "--memory", "512"];
    moto.aws(REGION, &workload, &[&register[..], &fargate[..]].concat());
    let place = format!("LocationConstraint={REGION}");
    let create = ["s3api", "create-bucket", "--bucket", &bucket, "--create-bucket-configuration", &place];
    moto.aws(REGION, &function, &create);

    let environment = Environment::of_lambda(&moto.url(), REGION, &function)
        .with("AWS_ENDPOINT_URL_CODEPIPELINE", &pipeline.url())
        .with("ALLOWED_ROLE_ARNS", READER);
    let mut lambda = Lambda::start(programs::lambda(), environment);
    let mut job = |request: Value| {
        let event =
            JobEvent::new(TOOLS, &function).output("Files", &bucket, "pipe/Files/x.zip").user_parameters(&request);
        pipeline.add_job(TOOLS, event.id());
        lambda.invoke(&event.text(), Duration::from_secs(20));
        pipeline.job(event.id())
    };
    let near = job(json!({"task_definition": family}));
    assert_eq!(near.state, JobState::Failed, "what lives in the other account is not seen without the role");
    assert_eq!(near.results[0]["failureDetails"]["type"], "RevisionUnavailable", "{:?}", near.results);
    let far = job(json!({"task_definition": family, "role_arn": READER, "external_id": "agreed"}));
    assert_eq!(far.state, JobState::Succeeded, "{:?}", far.results);
    let arn = far.results[0]["outputVariables"]["task_definition_arn"].as_str().unwrap_or_default().to_owned();
    assert!(arn.contains(&format!(":{WORKLOAD}:task-definition/{family}:1")), "{arn}");

    let head = moto.aws(REGION, &function, &["s3api", "head-object", "--bucket", &bucket, "--key", "pipe/Files/x.zip"]);
    assert_eq!(head["ServerSideEncryption"], "aws:kms", "{head}");
}
