//! The calls of a job and nothing else, in one process: what is left of the function without what it does.
//!
//! It reads the event as the function does, uploads what ECS answered, and reports success.

use codedeploy_aws::{
    Timeouts,
    codepipeline::{Success, put_success},
    config,
    ecs::describe_task_definition,
    error::Caller,
    s3::{Encryption, Upload, upload},
};
use codedeploy_core::fault::Fault;
use generate_codedeploy_artifact::{job, report::ATTEMPT};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Result<(), Error> {
    let aws = config::from_environment(None, Timeouts::default()).await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Box<RawValue>>| handle(&aws, &event.payload).await)).await
}

async fn handle(aws: &codedeploy_aws::Aws, event: &RawValue) -> Result<(), Error> {
    let explained = |fault: Fault| fault.report();
    let job = job::read(job::id(event).map_err(explained)?, event).map_err(explained)?;
    let output = job.output(None).map_err(explained)?;
    let described = describe_task_definition(aws, "app").await?;
    let s3 = job.credentials.as_ref().map_or_else(|| aws.clone(), |credentials| aws.with_credentials(credentials));
    let object = Upload {
        bucket: &output.bucket,
        key: &output.key,
        sha256: Sha256::digest(&described).into(),
        body: described.into_bytes(),
        encryption: Encryption::Kms(None),
        content_type: "application/zip",
        caller: Caller::PipelineAction,
    };
    upload(&s3, object).await?;
    let success = Success { job_id: job.id.to_string(), ..Success::default() };
    put_success(aws, &success, ATTEMPT).await.map_err(|error| format!("{error:?}").into())
}
