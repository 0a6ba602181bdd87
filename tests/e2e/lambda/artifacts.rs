//! Large input artifacts, of which only parts are downloaded.

use std::io::Write;

use zip::{CompressionMethod, write::SimpleFileOptions};

use super::*;

const TEMPLATE: &str = "version: 0.0\nResources: [{TargetService: {Type: AWS::ECS::Service, Properties: {\
                        TaskDefinition: <TASK_DEFINITION>, \
                        LoadBalancerInfo: {ContainerName: app, ContainerPort: 8080}}}}]";

/// A ZIP file of the template and, behind it, so many files of 1 MB.
fn source(megabytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("deploy/appspec.yaml", stored).unwrap();
    zip.write_all(TEMPLATE.as_bytes()).unwrap();
    for part in 0..megabytes {
        zip.start_file(format!("part-{part}"), stored).unwrap();
        zip.write_all(&vec![7; 1_000_000]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The event of a job that reads the template from an artifact.
fn templated(stage: &Stage, zip: Vec<u8>, kms_key: Option<&str>) -> JobEvent {
    stage.aws.put_object("artifacts", "source.zip", zip, kms_key);
    let parameters = json!({"task_definition": "app", "appspec_template": "S::deploy/appspec.yaml"});
    stage.event(&parameters).input("S", "artifacts", "source.zip")
}

/// The number of requests for the artifact, and how many bytes answered them.
fn downloaded(stage: &Stage) -> (usize, usize) {
    let calls = stage.aws.calls("s3:GetObject");
    (calls.len(), calls.iter().map(|call| call.answer.len()).sum())
}

#[test]
fn one_file_of_a_large_artifact_is_read_without_the_others() {
    for (megabytes, requests, bytes) in [(50, 2, 1_200_000), (1, 1, 1_048_576), (0, 1, 2_000)] {
        let stage = Stage::new();
        let event = templated(&stage, source(megabytes), Some(KEY));
        let mut lambda = stage.lambda();
        lambda.invoke(&event.text(), TIMEOUT);
        let job = stage.aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{:?}", job.results);
        let (asked, answered) = downloaded(&stage);
        assert!(asked == requests && answered <= bytes, "{asked} requests, {answered} bytes");
        assert!(files(&stage.output().bytes)["appspec.yml"].contains("8080"));
    }
}

#[test]
fn an_artifact_that_is_replaced_while_it_is_read_fails_the_job() {
    let stage = Stage::new();
    let event = templated(&stage, source(3), None);
    stage.aws.put_replaced_object("artifacts", "source.zip", source(3));
    let mut lambda = stage.lambda();
    lambda.invoke(&event.text(), TIMEOUT);
    let job = stage.aws.job(event.id());
    let message = job.results[0]["failureDetails"]["message"].as_str().unwrap();
    assert!(message.starts_with("S3-10: s3://artifacts/source.zip was replaced while it was being read"), "{message}");
    assert_eq!(stage.aws.calls("s3:GetObject").iter().map(|call| call.status).collect::<Vec<_>>(), [206, 412]);
}
