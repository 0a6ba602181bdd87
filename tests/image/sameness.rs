//! The container makes the bytes that the Lambda function makes.

use std::{path::Path, time::Duration};

use e2e::{
    environment::Environment,
    fake_aws::{FakeAws, codepipeline::JobState, s3::Bucket, sts::Role},
    job_event::JobEvent,
    programs,
    runtime_api::Lambda,
    samples, secrets, unique,
};
use serde_json::json;

use crate::{
    image::{Image, users},
    jenkins::Inside,
    stage::{ACCOUNT, REGION},
    workspace::Workspace,
};

const OTHER: &str = "222222222222";
const READER: &str = "arn:aws:iam::222222222222:role/reader";

#[test]
fn generate_in_a_step_gives_the_bytes_that_the_function_gives() {
    let Some(image) = Image::shared() else { return };
    let aws = FakeAws::start();
    let keys = aws.session(ACCOUNT, "caller", &["*"]);
    aws.add_bucket(Bucket::new("artifacts", ACCOUNT, REGION));
    let external_id = secrets::planted("external id of the image");
    aws.add_role(Role::new(READER, &["ecs:*"]).trusting(ACCOUNT).with_external_id(&external_id));
    for (account, family) in [(ACCOUNT, "app"), (OTHER, "far")] {
        aws.add_task_definition(&samples::task_definition(account, REGION, family, 7, "x").to_string());
    }
    let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/app:7");
    aws.add_service(ACCOUNT, REGION, "main", &samples::service(ACCOUNT, REGION, "main", "web", &arn));
    let environment = Environment::of_lambda(&aws.url(), REGION, &keys).with("ALLOWED_ROLE_ARNS", READER);
    let mut lambda = Lambda::start(programs::lambda(), environment);

    let requests = [
        json!({"task_definition": "app", "images": {"app": "IMAGE1_NAME"}, "hooks": {"AfterInstall": "check"}}),
        json!({"service": "main/web", "platform_version": "1.4.0"}),
        json!({"task_definition": "far", "role_arn": READER, "external_id": external_id}),
    ];
    for (user, request) in users().iter().zip(requests) {
        let key = unique::name("out");
        let event = JobEvent::new(ACCOUNT, &keys).output("Files", "artifacts", &key).user_parameters(&request);
        aws.add_job(ACCOUNT, event.id());
        lambda.invoke(&event.text(), Duration::from_secs(20));
        let job = aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{request}: {:?}", job.results);
        let by_lambda = aws.object("artifacts", &key).expect("an output artifact").bytes.to_vec();

        let workspace = Workspace::new(user);
        workspace.write(Path::new("config.json"), request.to_string());
        let environment = Environment::of_aws(&aws.url(), REGION, &keys).without("PATH").without("SSL_CERT_FILE");
        let inside = Inside::start(image, &workspace, &["--network=host"], environment);
        let ended = inside.sh("codedeploy-artifact generate --config config.json --artifact artifact.zip\n");
        assert_eq!(ended.code, 0, "{user}: {}", ended.log);
        let by_step = std::fs::read(workspace.path().join("artifact.zip")).expect("the artifact");
        assert_eq!(by_step, by_lambda, "{user}");
    }
}
