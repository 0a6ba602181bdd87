//! The operator's settings of the function. An invalid setting fails each job and is logged.

use super::*;

const ARN: &str = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:7";

/// The state and the failure of one job of a function with one more setting, and the function's log.
fn played(stage: &Stage, event: &JobEvent, setting: (&str, &str)) -> (JobState, Value, String) {
    let mut lambda = Lambda::start(programs::lambda(), stage.environment().with(setting.0, setting.1));
    lambda.invoke(&event.text(), TIMEOUT);
    let job = stage.aws.job(event.id());
    assert_eq!(job.results.len(), 1, "{setting:?}");
    (job.state, job.results[0]["failureDetails"].clone(), lambda.log())
}

#[test]
fn a_setting_that_means_nothing_fails_each_job_and_is_logged_at_the_start() {
    for (name, value, code) in [
        ("ALLOWED_ACCOUNTS", ",", "SET02"),
        ("ALLOWED_BUCKETS", "", "SET02"),
        ("ALLOWED_TASK_DEFINITIONS", " ", "SET02"),
        ("ALLOWED_ACCOUNT", TOOLS, "SET03"),
        ("ALLOWED_ACCOUNTS", "everybody", "SET01"),
    ] {
        let stage = Stage::new();
        let event = stage.event(&json!({"task_definition": "app"}));
        let (ended, failure, log) = played(&stage, &event, (name, value));
        assert_eq!((ended, &failure["type"]), (JobState::Failed, &json!("ConfigurationError")), "{name}: {failure}");
        let message = failure["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{code}: {name} ")), "{message}");
        assert!(log.contains(code), "{log}");
        assert!(stage.aws.calls("ecs:*").is_empty() && stage.aws.calls("s3:*").is_empty(), "{name}");
    }
}

#[test]
fn only_families_on_the_list_are_read() {
    let service = json!({"service": "main/web"});
    let named = json!({"task_definition": "app"});
    for (parameters, allowed, expect) in [
        (&named, "app", JobState::Succeeded),
        (&named, "web,a*", JobState::Succeeded),
        (&named, "*", JobState::Succeeded),
        (&named, "application", JobState::Failed),
        (&named, "web,b*", JobState::Failed),
        (&json!({"task_definition": ARN}), "web", JobState::Failed),
        (&service, "web", JobState::Failed),
        (&service, "app", JobState::Succeeded),
    ] {
        let stage = Stage::new();
        stage.aws.add_service(TOOLS, REGION, "main", &samples::service(TOOLS, REGION, "main", "web", ARN));
        let event = stage.event(parameters);
        let (ended, failure, _) = played(&stage, &event, ("ALLOWED_TASK_DEFINITIONS", allowed));
        assert_eq!(ended, expect, "{parameters} {allowed}: {failure}");
        if ended == JobState::Failed {
            assert_eq!(failure["type"], "PermissionError", "{failure}");
            let message = failure["message"].as_str().unwrap();
            assert!(message.starts_with("EVT15: task definition family \"app\" is not allowed"), "{message}");
            assert!(stage.aws.object("artifacts", OUTPUT).is_none(), "an artifact was uploaded");
        }
    }
}

#[test]
fn warnings_are_logged_and_fail_no_job() {
    let stage = Stage::new();
    let appspec = "version: 1\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n      Properties:\n        \
                   TaskDefinition: <TASK_DEFINITION>\n        LoadBalancerInfo:\n          ContainerName: ${CONTAINER_NAME}\n          \
                   ContainerPort: ${CONTAINER_PORT}\n";
    let config = "task_definition: app\nappspec_template: S::appspec.yml\n";
    let event = bounds::configured(&stage, config, &[("appspec.yml", appspec)]);
    let (ended, failure, log) = played(&stage, &event, ("AWS_LAMBDA_LOG_LEVEL", "warn"));
    assert_eq!(ended, JobState::Succeeded, "{failure}");
    assert!(log.contains("WARN") && log.contains("APP08"), "{log}");
}
